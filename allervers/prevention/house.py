"""Our own words that are heard: doors, buttons, the names of languages. One message a network, of kind `house`, holds them.

They are said, checked and replaced as any message is; a page finds their voices by key (`queries.house_voices`).
"""

from datetime import date

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.prevention.enums import MessageKind, MessageState
from allervers.prevention.models import Message, Segment

SLUG = "mots-de-l-appli"
LANGUAGE_NAME = "language.name"
_FOR_EVER = date(2999, 12, 31)

# Key, what a speaker says, pictogram. A key is never given to another sentence.
PHRASES = [
    (LANGUAGE_NAME, "Le nom de votre langue, dans votre langue.", "language"),
    ("languages.choose", "Écoutez. Touchez votre langue.", "language"),
    ("doors.choose", "Choisissez une porte.", "door"),
    ("door.1", "Porte 1, la bleue. Comprendre : des messages sur la santé.", "understand"),
    ("door.2", "Porte 2, la verte. Trouver : un lieu près de chez vous.", "find"),
    ("door.3", "Porte 3, la rouge. Demander de l’aide.", "need-help"),
    ("door.4", "Porte 4, la jaune. Aider.", "i-help"),
    ("door.5", "Porte 5, la violette. L’agenda : ce qui se passe près de chez vous.", "agenda"),
    ("about", "Vos informations : nous ne gardons ni nom, ni numéro, ni lieu.", "text"),
    ("everyone", "Un site pour tous. Vous n’arrivez pas à vous en servir ? Appelez-nous.", "check"),
    ("young", "Pour les jeunes.", "people"),
    ("offline", "Pas de réseau. Appelez, ou revenez plus tard.", "phone"),
    ("thanks", "Merci.", "check"),
    ("expired", "Ce message est trop vieux. Ne le suivez pas. Demandez-nous.", "danger"),
    # What someone looks for.
    ("sign.doctor", "Un médecin.", "doctor"),
    ("sign.tooth", "Les dents.", "tooth"),
    ("sign.eye", "Les yeux.", "eye"),
    ("sign.medicine", "La pharmacie, les soins.", "medicine"),
    ("sign.pregnant", "Les femmes, la grossesse.", "pregnant"),
    ("sign.baby", "Les enfants.", "baby"),
    ("sign.spirit", "Parler à quelqu’un.", "spirit"),
    ("sign.vaccine", "Les vaccins.", "vaccine"),
    ("sign.rights", "La carte Vitale.", "rights"),
    ("sign.meal", "Manger.", "meal"),
    ("sign.home", "Un logement.", "home"),
    ("sign.wash", "Se laver, s’habiller.", "wash"),
    ("sign.money", "L’argent, les factures.", "money"),
    ("sign.phone-screen", "Les démarches sur internet.", "phone-screen"),
    ("sign.language", "Apprendre le français.", "language"),
    ("sign.people", "Sortir, bouger.", "people"),
    # A request for help.
    ("ask.what", "Il vous faut quoi ? Touchez une image.", "need-help"),
    ("ask.speak", "Parlez dans votre langue.", "mic"),
    ("ask.record", "Touchez le micro et parlez, une minute. Puis touchez la flèche, et votre voix part.", "mic"),
    ("ask.say", "Dites ce qu’il vous faut, et votre quartier.", "need-help"),
    ("ask.listen", "Écoutez-vous. C’est bien ? Touchez la flèche.", "listen"),
    ("ask.send_voice", "Pour envoyer, touchez la flèche.", "next"),
    ("ask.where", "Dans quel quartier ?", "find"),
    ("ask.nowhere", "Je ne sais pas.", "question"),
    ("ask.when", "Votre numéro, et quand ?", "phone"),
    ("ask.send", "Quand ? Touchez, et c’est envoyé.", "clock"),
    ("ask.again", "Touchez encore une fois, et votre demande part.", "need-help"),
    ("ask.sent", "C’est reçu. Gardez le code.", "check"),
    ("request.code", "Écrivez les douze chiffres de votre code.", "code"),
    ("request", "Voici votre demande.", "need-help"),
    ("ask.wrong_number", "Ce numéro n’a pas la bonne longueur. Relisez-le.", "phone"),
    ("ask.no_number", "Il manque votre numéro.", "phone"),
    ("ask.reads", "L’équipe lit votre demande. Le jour et l’heure sont écrits ici.", "clock"),
    ("ask.calls", "Une personne vous appelle. Le numéro peut être caché.", "phone"),
    ("ask.keep", "Avec le code, vous pouvez suivre, changer ou arrêter votre demande.", "code"),
    ("request.wrong_code", "Ce n’est pas ce code. Relisez-le : douze chiffres.", "danger"),
    ("request.wait", "Trop d’essais. Attendez dix minutes, ou appelez.", "clock"),
    ("request.waiting", "L’équipe lit votre demande. Le jour et l’heure sont écrits ici.", "clock"),
    ("request.late", "Personne ne vous a répondu ? Appelez-nous.", "phone"),
    ("request.taken", "Une personne s’occupe de votre demande.", "person"),
    ("request.done", "C’est fini de notre côté. Si rien n’est réglé, demandez encore.", "check"),
    ("request.refused", "Nous n’avons pas pu garder votre demande. Appelez-nous, ou passez nous voir.", "phone"),
    ("request.stopped", "Votre demande est arrêtée. Votre numéro est effacé.", "stop"),
    ("request.change", "Changer l’heure ou le numéro.", "again"),
    ("request.changed", "C’est changé.", "check"),
    ("request.stop", "Arrêter votre demande.", "stop"),
    ("request.stop_sure", "Touchez le carré rouge : personne ne vous appelle, votre numéro est effacé.", "stop"),
    ("reach.call", "M’appeler.", "phone"),
    ("reach.sms", "M’écrire un SMS.", "sms"),
    ("reach.code", "Ne pas m’appeler. Je reviens avec mon code.", "code"),
    # A code is heard figure by figure.
    ("figure.0", "Zéro.", "code"),
    ("figure.1", "Un.", "code"),
    ("figure.2", "Deux.", "code"),
    ("figure.3", "Trois.", "code"),
    ("figure.4", "Quatre.", "code"),
    ("figure.5", "Cinq.", "code"),
    ("figure.6", "Six.", "code"),
    ("figure.7", "Sept.", "code"),
    ("figure.8", "Huit.", "code"),
    ("figure.9", "Neuf.", "code"),
    ("wish.meal", "Un repas.", "meal"),
    ("wish.shopping", "Des courses.", "bag"),
    ("wish.medicine", "Des médicaments.", "medicine"),
    ("wish.along", "Venir avec moi.", "walk"),
    ("wish.interpret", "Traduire pour moi.", "language"),
    ("wish.call", "M’appeler.", "phone"),
    ("wish.digital", "De l’aide sur internet.", "phone-screen"),
    ("wish.doctor", "Voir un soignant.", "doctor"),
    ("wish.teeth", "Mes dents.", "tooth"),
    ("wish.eyes", "Mes yeux.", "eye"),
    ("wish.rights", "Mes papiers santé.", "rights"),
    ("wish.other", "Autre chose.", "other"),
    ("when.soon", "Le plus vite possible.", "asap"),
    ("when.morning", "Un matin.", "morning"),
    ("when.afternoon", "Un après-midi.", "sun"),
    ("when.evening", "Un soir.", "evening"),
    ("when.week", "Cette semaine.", "week"),
    # Help that is missing, help that is offered.
    ("missing.driver", "Il manque des personnes qui conduisent.", "car"),
    ("missing.language", "Il manque des personnes qui parlent une langue.", "voice"),
    ("missing.kitchen", "Il manque une cuisine.", "pot"),
    ("missing.truck", "Il manque un camion.", "truck"),
    ("missing.food", "Il manque de la nourriture.", "bag"),
    ("missing.visit", "Il manque des personnes pour des visites.", "together"),
    ("missing.phone", "Il manque des personnes pour appeler au téléphone.", "phone"),
    ("missing.voice", "Des messages attendent votre voix.", "mic"),
    ("missing.money", "Donner de l’argent.", "money"),
    ("missing.other", "Il manque de l’aide.", "i-help"),
    ("give", "Qu’est-ce que vous pouvez donner ? Touchez une image.", "i-help"),
    ("give.time", "Du temps.", "clock"),
    ("give.car", "Une voiture.", "car"),
    ("give.truck", "Un camion.", "truck"),
    ("give.kitchen", "Une cuisine.", "pot"),
    ("give.food", "De la nourriture.", "food"),
    ("give.language", "Une langue.", "language"),
    ("give.voice", "Ma voix.", "mic"),
    ("give.carer", "Mon métier : le soin.", "doctor"),
    ("give.number", "Écrivez votre numéro : nous vous appelons.", "phone"),
    ("give.thanks", "Merci. Une personne de l’équipe vous appelle.", "check"),
    # What happens in the neighbourhood.
    ("agenda.optical", "On regarde vos yeux.", "eye"),
    ("agenda.dental", "On regarde vos dents.", "tooth"),
    ("agenda.here", "On vous reçoit ici.", "home"),
    ("agenda.nothing", "Rien de prévu ici pour l’instant. Revenez bientôt.", "agenda"),
]


@action
def bring_up_to_date(network: Network) -> Message:
    """The network's house message, with the phrases that it has not yet. Twice changes nothing."""
    today = clock.today(network.timezone)
    message, made = Message.objects.get_or_create(
        network=network,
        slug=SLUG,
        defaults={
            "kind": MessageKind.HOUSE,
            "state": MessageState.PUBLISHED,
            "code": f"~{str(network.pk)[-7:]}",
            "written_on": today,
            "expires_on": _FOR_EVER,
        },
    )
    known = set(message.segments.values_list("key", flat=True))
    missing = [phrase for phrase in PHRASES if phrase[0] not in known]
    Segment.objects.bulk_create(
        Segment(message=message, position=place, key=key, text=text, pictogram=pictogram, read_at=clock.now())
        for place, (key, text, pictogram) in enumerate(missing, start=len(known))
    )
    if made:
        record("message.written", message, by=None, segments=len(missing))
    return message
