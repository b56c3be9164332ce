"""Closed lists of calls and offers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from allervers.needs.enums import Category


class CallKind(models.TextChoices):
    """What the network calls for."""

    DRIVER = "driver", _("conduire")
    LANGUAGE = "language", _("parler une langue")
    KITCHEN = "kitchen", _("une cuisine")
    TRUCK = "truck", _("un camion")
    FOOD = "food", _("de la nourriture")
    VISIT = "visit", _("rendre visite")
    PHONE = "phone", _("appeler au téléphone")
    VOICE = "voice", _("enregistrer un message")
    MONEY = "money", _("de l’argent")
    OTHER = "other", _("autre")


class CallState(models.TextChoices):
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("fermé")


class Gift(models.TextChoices):
    """What someone can give. Money is a link, never an offer."""

    TIME = "time", _("Du temps")
    CAR = "car", _("Une voiture")
    TRUCK = "truck", _("Un camion")
    KITCHEN = "kitchen", _("Une cuisine")
    FOOD = "food", _("De la nourriture")
    LANGUAGE = "language", _("Une langue")
    VOICE = "voice", _("Ma voix")
    CARER = "carer", _("Mon métier : le soin")


class Part(models.TextChoices):
    MORNING = "morning", _("Le matin")
    AFTERNOON = "afternoon", _("L’après-midi")
    EVENING = "evening", _("Le soir")


class OfferState(models.TextChoices):
    NEW = "new", _("à appeler")
    DOUBTFUL = "doubtful", _("douteuse, à vérifier")
    CALLED = "called", _("appelée")
    KEPT = "kept", _("retenue")
    DECLINED = "declined", _("pas retenue")
    WITHDRAWN = "withdrawn", _("retirée")


# What someone who answers a call of this kind is thought to give.
GIFT_FOR: dict[str, Gift] = {
    CallKind.DRIVER: Gift.CAR,
    CallKind.LANGUAGE: Gift.LANGUAGE,
    CallKind.KITCHEN: Gift.KITCHEN,
    CallKind.TRUCK: Gift.TRUCK,
    CallKind.FOOD: Gift.FOOD,
    CallKind.VISIT: Gift.TIME,
    CallKind.PHONE: Gift.TIME,
    CallKind.VOICE: Gift.VOICE,
    CallKind.OTHER: Gift.TIME,
}

# The needs that someone without training can serve, and how. None that speaks of health or of danger.
SERVED: dict[str, CallKind] = {
    Category.FOOD: CallKind.FOOD,
    Category.TRANSPORT: CallKind.DRIVER,
    Category.ISOLATION: CallKind.VISIT,
    Category.DIGITAL: CallKind.OTHER,
    Category.FRENCH: CallKind.OTHER,
}
