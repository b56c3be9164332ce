"""What someone can get wrong here; each says what to do."""

from datetime import date

from django.utils.translation import gettext as _

from allervers.needs import wording


class NeedError(Exception):
    """A refusal whose text is shown to whoever asked."""


class PastDay(NeedError):
    def __init__(self, day: date) -> None:
        self.day = day

    def __str__(self) -> str:
        return _("Le %(day)s est passé. Choisissez aujourd’hui ou plus tard.") % {"day": wording.day(self.day)}


class TooFarDay(NeedError):
    def __str__(self) -> str:
        return _("Cette date est à plus de deux ans. Vérifiez l’année.")


class NotYetMet(NeedError):
    def __str__(self) -> str:
        return _("Cette rencontre est datée d’un jour à venir. Notez-la une fois passée, ou corrigez la date.")


class TooLongAgo(NeedError):
    def __str__(self) -> str:
        return _(
            "Cette rencontre date de plus de deux ans. Vérifiez l’année ; le passé lointain se déclare en chiffres."
        )


class NothingSaid(NeedError):
    def __str__(self) -> str:
        return _("Choisissez au moins un besoin, ou dites ce que vous avez fait : informé·e, orienté·e, accompagné·e.")


class CountHasNoNeed(NeedError):
    def __str__(self) -> str:
        return _("Un nombre de personnes n’a pas de besoin. Notez à part la personne que vous suivrez.")


class BadCount(NeedError):
    def __str__(self) -> str:
        return _("Comptez entre 1 et 5 000 personnes.")


class AlreadyNoted(NeedError):
    def __str__(self) -> str:
        return _("Cette page a déjà servi à noter une autre rencontre. Ouvrez-en une nouvelle, ou annulez la première.")


class CannotUndo(NeedError):
    def __str__(self) -> str:
        return _(
            "Il y a eu une suite depuis : cette rencontre ne s’annule plus. Clôturez le besoin « noté par erreur »."
        )


class TooLateToUndo(NeedError):
    def __str__(self) -> str:
        return _("Une rencontre s’annule pendant un jour. Clôturez plutôt le besoin « noté par erreur ».")


class AlreadyClosed(NeedError):
    def __str__(self) -> str:
        return _("Ce besoin est déjà clos. Rouvrez-le d’abord.")


class NotClosed(NeedError):
    def __str__(self) -> str:
        return _("Ce besoin est déjà ouvert.")


class FollowUpDeclined(NeedError):
    def __str__(self) -> str:
        return _("Cette personne ne souhaite pas être rappelée : aucun contact n’est prévu. Elle peut changer d’avis.")


class PersonErased(NeedError):
    def __str__(self) -> str:
        return _("Cette personne a été effacée : plus rien ne s’écrit d’elle. Clôturez le besoin.")


class NotAnOwner(NeedError):
    def __str__(self) -> str:
        return _("Cette personne de l’équipe ne suit pas les besoins de ce pôle. Passez-lui plutôt le relais.")


class NobodyToReceive(NeedError):
    def __str__(self) -> str:
        return _("Choisissez qui reçoit : une collègue, ou un pôle.")


class ReceiverElsewhere(NeedError):
    def __str__(self) -> str:
        return _("Ce pôle est d’une autre association : il faut l’accord de la personne. Faites une orientation.")


class AlreadyHandedOver(NeedError):
    def __str__(self) -> str:
        return _("Un passage de relais attend déjà une réponse pour ce besoin.")


class AlreadyAnswered(NeedError):
    def __str__(self) -> str:
        return _("Ce passage de relais a déjà reçu une réponse. Rechargez la page pour la voir.")


class NotYours(NeedError):
    def __str__(self) -> str:
        return _("Ce passage de relais ne vous est pas adressé.")


class NobodyAnswers(NeedError):
    def __str__(self) -> str:
        return _("Ici, personne ne peut encore répondre. Appelez, ou passez nous voir.")


class NotAgreed(NeedError):
    def __str__(self) -> str:
        return _("Demandez d’abord à la personne. Puis cochez la case.")


class NoNumber(NeedError):
    def __str__(self) -> str:
        return _("Il manque le numéro.")


class RequestAnswered(NeedError):
    def __str__(self) -> str:
        return _("Cette demande a déjà été vérifiée. Rechargez la page pour la voir.")


class RequestClosed(NeedError):
    def __str__(self) -> str:
        return _("Cette demande est finie. Vous pouvez en faire une autre.")


class NoAnswer(NeedError):
    def __str__(self) -> str:
        return _("Rien n’a été dit de ce relais. Touchez « Je prends » ou « Pas possible ».")
