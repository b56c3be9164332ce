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


class Orientation(models.TextChoices):
    """Where someone who needs an appointment was sent."""

    PARTNER = "partner", _("orientée vers le partenaire")
    ELSEWHERE = "elsewhere", _("orientée ailleurs")
    REFUSED = "refused", _("n’a pas souhaité")
    NOWHERE = "nowhere", _("pas orientée")
    UNKNOWN = "", _("on ne sait pas")


class Answered(models.TextChoices):
    """What came of the appointment."""

    CAME = "came", _("venu·e")
    DID_NOT_COME = "did_not_come", _("pas venu·e")
    CAME_NOT_SEEN = "came_not_seen", _("venu·e, pas vu·e")
    MOVED = "moved", _("rendez-vous déplacé")
    DECLINED = "declined", _("refusée par le partenaire")
    TO_COME = "to_come", _("rendez-vous à venir")
    UNKNOWN = "", _("on ne sait pas")


class End(models.TextChoices):
    """What the person has in the end; never a diagnosis."""

    EQUIPPED = "equipped", _("équipé·e")
    TREATED = "treated", _("soigné·e")
    NOTHING = "nothing", _("rien à faire")
    UNKNOWN = "", _("on ne sait pas")


class Stratum(models.TextChoices):
    IDENTIFIED = "identified", _("fiche")
    CODED = "coded", _("code")
    ANONYMOUS = "anonymous", _("sans nom")


class FigureName(models.TextChoices):
    """The figures that a past campaign may declare, in the order of their story."""

    PLANNED = "planned", _("séances prévues")
    HELD = "held", _("séances tenues")
    PEOPLE = "people", _("personnes venues")
    NEED_APPOINTMENT = "need_appointment", _("ont besoin d’un rendez-vous")
    NEED_RATE = "need_rate", _("part qui a besoin d’un rendez-vous (%)")
    REFERRED = "referred", _("orientées vers le partenaire")
    KEPT_RATE = "kept_rate", _("part des rendez-vous tenus (%)")
    CAME = "came", _("rendez-vous tenus")
    EQUIPPED = "equipped", _("équipées")
    MEAN_DELAY_WEEKS = "mean_delay_weeks", _("délai moyen annoncé (semaines)")
