"""Closed lists of the need and of the encounter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    COVERAGE = "coverage", _("droits santé")
    EYES = "eyes", _("lunettes, yeux")
    TEETH = "teeth", _("dents")
    GP = "gp", _("médecin traitant")
    SPECIALIST = "specialist", _("médecin spécialiste")
    MENTAL = "mental", _("écoute")
    HEARING = "hearing", _("audition")
    WOMEN = "women", _("grossesse, contraception")
    CHILDREN = "children", _("santé de l’enfant")
    CHRONIC = "chronic", _("maladie chronique")
    ADDICTION = "addiction", _("addictions")
    VACCINATION = "vaccination", _("vaccination")
    SCREENING = "screening", _("bilan, dépistage")
    FOOD = "food", _("repas")
    HOUSING = "housing", _("logement")
    MONEY = "money", _("budget")
    SOCIAL = "social", _("droits sociaux")
    DIGITAL = "digital", _("démarches en ligne")
    FRENCH = "french", _("français")
    WORK = "work", _("emploi")
    LEGAL = "legal", _("aide juridique")
    VIOLENCE = "violence", _("violences")
    ISOLATION = "isolation", _("solitude")
    TRANSPORT = "transport", _("déplacement")
    CARE_REFUSAL = "care_refusal", _("refus de soins")
    OTHER = "other", _("autre")


SOCIAL_CATEGORIES = frozenset(
    {
        Category.FOOD, Category.HOUSING, Category.MONEY, Category.SOCIAL, Category.DIGITAL, Category.FRENCH,
        Category.WORK, Category.LEGAL, Category.VIOLENCE, Category.ISOLATION, Category.TRANSPORT,
    }
)  # fmt: skip


class Stratum(models.TextChoices):
    """How someone met can be counted: by a card, by a code, or as one of a number."""

    IDENTIFIED = "identified", _("fiche")
    CODED = "coded", _("code")
    ANONYMOUS = "anonymous", _("sans nom")


class NeedState(models.TextChoices):
    OPENED = "opened", _("ouvert")
    IN_PROGRESS = "in_progress", _("en cours")
    CLOSED = "closed", _("clos")


OPEN = (NeedState.OPENED, NeedState.IN_PROGRESS)


class Outcome(models.TextChoices):
    SOLVED = "solved", _("réglé")
    SOLVED_IN_PART = "solved_in_part", _("réglé en partie")
    HANDED_OVER = "handed_over", _("passé à quelqu’un d’autre")
    NO_HELP_POSSIBLE = "no_help_possible", _("pas d’aide possible")
    DECLINED_BY_PERSON = "declined_by_person", _("la personne ne souhaite pas")
    DECLINED_BY_PARTNER = "declined_by_partner", _("refusé par le partenaire")
    UNREACHABLE = "unreachable", _("injoignable")
    MOVED_AWAY = "moved_away", _("a déménagé")
    DECEASED = "deceased", _("décès")
    DUPLICATE = "duplicate", _("noté deux fois")
    ENTERED_IN_ERROR = "entered_in_error", _("noté par erreur")
    UNKNOWN = "unknown", _("on ne sait pas")


class Mode(models.TextChoices):
    DESK = "desk", _("à l’accueil")
    PHONE = "phone", _("au téléphone")
    STREET = "street", _("dans la rue, au pied des immeubles")
    HOSTEL = "hostel", _("dans un foyer")
    HOME = "home", _("à domicile")
    STAND = "stand", _("sur un stand")
    SCREENING = "screening", _("lors d’un dépistage")
    OTHER = "other", _("ailleurs")


class Obstacle(models.TextChoices):
    TRANSPORT = "transport", _("le trajet")
    COST = "cost", _("le coût")
    LANGUAGE = "language", _("la langue")
    FEAR = "fear", _("la peur")
    DELAY = "delay", _("le délai")
    DIGITAL = "digital", _("le numérique")
    REFUSAL = "refusal", _("un refus")
    OTHER = "other", _("autre chose")


class Attempt(models.TextChoices):
    REACHED = "reached", _("jointe")
    NO_ANSWER = "no_answer", _("pas de réponse")
    VOICEMAIL = "voicemail", _("message laissé")
    WRONG_NUMBER = "wrong_number", _("mauvais numéro")
    NOTE = "note", _("note, sans contact")


TRIED_IN_VAIN = frozenset({Attempt.NO_ANSWER, Attempt.VOICEMAIL, Attempt.WRONG_NUMBER})


class Says(models.TextChoices):
    """What the person answers when she is asked whether it is done."""

    HAPPENED = "happened", _("c’est fait")
    NOT_YET = "not_yet", _("pas encore")
    NOBODY = "nobody", _("personne n’a appelé")


class HandOverKind(models.TextChoices):
    NEIGHBOUR = "neighbour", _("quelqu’un qu’on amène")
    NEED = "need", _("un besoin qui change de mains")


class Wish(models.TextChoices):
    """What a resident asks for, in her words."""

    MEAL = "meal", _("Un repas")
    SHOPPING = "shopping", _("Des courses")
    MEDICINE = "medicine", _("Des médicaments")
    ALONG = "along", _("Venir avec moi")
    INTERPRET = "interpret", _("Traduire pour moi")
    CALL = "call", _("M’appeler")
    DIGITAL = "digital", _("Aide sur internet")
    DOCTOR = "doctor", _("Voir un soignant")
    TEETH = "teeth", _("Mes dents")
    EYES = "eyes", _("Mes yeux")
    RIGHTS = "rights", _("Mes papiers santé")
    OTHER = "other", _("Autre chose")


CATEGORY_OF = {
    Wish.MEAL: Category.FOOD,
    Wish.SHOPPING: Category.FOOD,
    Wish.MEDICINE: Category.OTHER,
    Wish.ALONG: Category.TRANSPORT,
    Wish.INTERPRET: Category.FRENCH,
    Wish.CALL: Category.OTHER,
    Wish.DIGITAL: Category.DIGITAL,
    Wish.DOCTOR: Category.GP,
    Wish.TEETH: Category.TEETH,
    Wish.EYES: Category.EYES,
    Wish.RIGHTS: Category.COVERAGE,
    Wish.OTHER: Category.OTHER,
}


class When(models.TextChoices):
    SOON = "soon", _("Le plus vite possible")
    MORNING = "morning", _("Un matin")
    AFTERNOON = "afternoon", _("Un après-midi")
    EVENING = "evening", _("Un soir")
    WEEK = "week", _("Cette semaine, peu importe")


class Reach(models.TextChoices):
    """How someone wants to be answered."""

    CALL = "call", _("appeler")
    SMS = "sms", _("écrire un SMS, sans appeler")
    CODE = "code", _("revient avec son code")


class Channel(models.TextChoices):
    APP = "app", _("par l’application")
    PHONE = "phone", _("par téléphone")


class RequestState(models.TextChoices):
    """What became of a request; how its need goes on is the need's own state."""

    QUARANTINED = "quarantined", _("à vérifier")
    RECEIVED = "received", _("reçue")
    REFUSED = "refused", _("écartée")
    WITHDRAWN = "withdrawn", _("retirée")


class Doubt(models.TextChoices):
    """Why a request waits for someone to look at it."""

    FORGED = "forged", _("pas envoyée depuis notre page")
    TRAP = "trap", _("a rempli une case que personne ne voit")
    FAST = "fast", _("remplie trop vite")
    LATE = "late", _("envoyée longtemps après avoir été ouverte")
    PHONE = "phone", _("ce numéro a déjà demandé aujourd’hui")
    WORDS = "words", _("les mêmes mots sont déjà venus")
    MANY = "many", _("beaucoup de demandes du même endroit")
    FLOOD = "flood", _("beaucoup de demandes à la fois, et un détail incertain")
