"""Who works here, and what kinds of organisations there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordination du réseau")
    HUB_LEAD = "hub_lead", _("référente de pôle")
    MEDIATOR = "mediator", _("médiatrice")
    AMBASSADOR = "ambassador", _("ambassadrice santé")
    VOLUNTEER = "volunteer", _("bénévole")
    MEMBER = "member", _("membre d’une structure")
    AUDITOR = "auditor", _("contrôle")
    TECHNICAL = "technical", _("administration technique")


SEES_PEOPLE = frozenset({Role.HUB_LEAD, Role.MEDIATOR})
OPENED_BY_LEAD = frozenset({Role.MEDIATOR, Role.AMBASSADOR, Role.VOLUNTEER})  # the accounts that a hub lead opens
READS_NETWORK = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.TECHNICAL})  # the whole network, no identity


class OrganisationKind(models.TextChoices):
    ASSOCIATION = "association", _("association")
    TOWN = "town", _("ville ou CCAS")
    HOSPITAL = "hospital", _("hôpital")
    HEALTH_CENTRE = "health_centre", _("centre de santé")
    PRACTICE = "practice", _("cabinet")
    OPTICIAN = "optician", _("opticien")
    INSURANCE = "insurance", _("assurance maladie, mutuelle")
    SOCIAL = "social", _("service social")
    STATE = "state", _("État, agence, département")
    COUNCIL = "council", _("conseil (CLSM, CLS)")
    OTHER = "other", _("autre")
