"""Our own taxonomy of what can be obtained, mapped to the interchange model at the door."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    GP = "gp", _("médecin traitant")
    EYES = "eyes", _("yeux, lunettes")
    TEETH = "teeth", _("dents")
    HEARING = "hearing", _("audition")
    SPECIALIST = "specialist", _("médecin spécialiste")
    WOMEN = "women", _("grossesse, gynécologie, contraception")
    CHILDREN = "children", _("santé de l’enfant")
    MENTAL = "mental", _("écoute, santé mentale")
    ADDICTION = "addiction", _("addictions")
    VACCINATION = "vaccination", _("vaccination")
    SCREENING = "screening", _("dépistage, bilan de santé")
    CHRONIC = "chronic", _("diabète, maladie chronique")
    PHARMACY = "pharmacy", _("pharmacie, soins infirmiers")
    EMERGENCY = "emergency", _("soins sans rendez-vous")
    COVERAGE = "coverage", _("droits santé, couverture")
    SOCIAL = "social", _("droits et aides sociales")
    HOUSING = "housing", _("logement, hébergement")
    FOOD = "food", _("repas, colis")
    HYGIENE = "hygiene", _("hygiène, vêtements")
    MONEY = "money", _("budget, dettes, énergie")
    WORK = "work", _("emploi, formation")
    FRENCH = "french", _("apprendre le français")
    DIGITAL = "digital", _("démarches en ligne")
    LEGAL = "legal", _("aide juridique")
    VIOLENCE = "violence", _("violences")
    TRANSPORT = "transport", _("se déplacer")
    INTERPRETING = "interpreting", _("interprétariat")
    LEISURE = "leisure", _("activité physique, liens")
    OTHER = "other", _("autre")


class Cost(models.TextChoices):
    FREE = "free", _("gratuit")
    NO_ADVANCE = "no_advance", _("sans avance de frais")
    PAID = "paid", _("payant")
    DEPENDS = "depends", _("selon les ressources")
    UNKNOWN = "unknown", _("non précisé")


class TerritoryKind(models.TextChoices):
    COUNTRY = "country", _("pays")
    REGION = "region", _("région")
    DEPARTMENT = "department", _("département")
    COMMUNE = "commune", _("commune")
    NEIGHBOURHOOD = "neighbourhood", _("quartier")
    QPV = "qpv", _("quartier prioritaire (QPV)")


class Commitment(models.TextChoices):
    PARTICIPATION = "participation", _("participation")
    PROJECTS = "projects", _("projets")
    FUNDING = "funding", _("financement")
    JOINT_DATA = "joint_data", _("responsabilité conjointe des données")
