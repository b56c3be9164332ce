"""Closed lists of the referral."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralState(models.TextChoices):
    DRAFTED = "drafted", _("brouillon")
    SENT = "sent", _("envoyée")
    ACKNOWLEDGED = "acknowledged", _("bien reçue")
    APPOINTMENT = "appointment", _("rendez-vous")
    MOVED = "moved", _("rendez-vous déplacé")
    KEPT = "kept", _("venu·e")
    CAME_NOT_SEEN = "came_not_seen", _("venu·e, pas vu·e")
    MISSED = "missed", _("pas venu·e")
    RESULT = "result", _("résultat")
    DECLINED = "declined", _("refusée")
    CLOSED = "closed", _("close")  # with an end: unknown, withdrawn, cancelled


WAITS_FOR_PARTNER = (
    ReferralState.SENT,
    ReferralState.ACKNOWLEDGED,
    ReferralState.APPOINTMENT,
    ReferralState.MOVED,
)


class AnswerKind(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("bien reçue")
    APPOINTMENT = "appointment", _("rendez-vous fixé")
    CAME = "came", _("venu·e")
    DID_NOT_COME = "did_not_come", _("pas venu·e")
    MOVED = "moved", _("déplacé")
    CAME_NOT_SEEN = "came_not_seen", _("venu·e, pas vu·e")
    DECLINED_NO_ROOM = "declined_no_room", _("pas de place")
    DECLINED_NOT_US = "declined_not_us", _("pas pour nous")
    EQUIPPED = "equipped", _("équipé·e")
    TREATED = "treated", _("soigné·e")
    GRANTED = "granted", _("accordé")
    UNDONE = "undone", _("réponse annulée")


class AbsenceReason(models.TextChoices):
    TRANSPORT = "transport", _("le trajet")
    COST = "cost", _("le coût")
    LANGUAGE = "language", _("la langue")
    FEAR = "fear", _("la peur")
    FORGOT = "forgot", _("oubli")
    OTHER = "other", _("autre")
    UNKNOWN = "", _("on ne sait pas")


class AnswerBy(models.TextChoices):
    LINK = "link", _("par le lien")
    SHEET = "sheet", _("sur la feuille")
    PHONE = "phone", _("au téléphone")
    TEAM = "team", _("par l’équipe")


class EndedAs(models.TextChoices):
    UNKNOWN = "unknown", _("on ne sait pas")
    WITHDRAWN = "withdrawn", _("accord retiré")
    CANCELLED = "cancelled", _("annulée par l’équipe")
    DONE = "done", _("terminée")
    ELSEWHERE = "elsewhere", _("orientée ailleurs")
