"""What a resident asks for and when, in her words: the residents' app shows them, in each of its languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from allervers.needs.enums import Category


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
