"""Closed lists of campaigns and screenings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionKind(models.TextChoices):
    OPTICAL = "optical", _("dépistage optique")
    DENTAL = "dental", _("dépistage dentaire")


class Form(models.TextChoices):
    LINES = "lines", _("ligne à ligne")
    DECLARED = "declared", _("chiffres déclarés")


class Arrival(models.TextChoices):
    WAITING = "waiting", _("attend")
    SEEN = "seen", _("vu·e")
    LEFT = "left", _("parti·e sans être vu·e")


class ScreeningResult(models.TextChoices):
    NOTHING = "nothing", _("rien à faire")
    APPOINTMENT = "appointment", _("rendez-vous")
    EQUIPMENT = "equipment", _("équipement")
    URGENT = "urgent", _("à voir vite")
    UNKNOWN = "", _("pas encore")


class Precision(models.TextChoices):
    EXACT = "exact", _("exactement")
    AT_LEAST = "at_least", _("au moins")
    ABOUT = "about", _("environ")
    UNKNOWN = "unknown", _("inconnu")
