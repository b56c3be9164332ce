"""What a card may hold; each answer optional, each with its unknown."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    WOMAN = "woman", _("femme")
    MAN = "man", _("homme")
    OTHER = "other", _("autre")
    UNKNOWN = "", _("non renseigné")


class AgeBand(models.TextChoices):
    MINOR = "0-17", _("moins de 18 ans")
    YOUNG = "18-25", _("18 à 25 ans")
    ADULT = "26-44", _("26 à 44 ans")
    MIDDLE = "45-64", _("45 à 64 ans")
    SENIOR = "65-79", _("65 à 79 ans")
    OLD = "80+", _("80 ans et plus")
    UNKNOWN = "", _("non renseigné")


class Interpreter(models.TextChoices):
    NO = "no", _("pas besoin d’interprète")
    HELPS = "helps", _("un interprète aide")
    NEEDED = "needed", _("interprète nécessaire")
    UNKNOWN = "", _("non renseigné")


class PhoneOwner(models.TextChoices):
    SELF = "self", _("la personne")
    FAMILY = "family", _("famille")
    FRIEND = "friend", _("proche, voisin")
    HOSTEL = "hostel", _("foyer, structure")
    UNKNOWN = "unknown", _("on ne sait pas")


class ReceiptKind(models.TextChoices):
    INFORMATION = "information", _("information sur ce que nous gardons")
    SHARING = "sharing", _("accord pour transmettre")
    NO_FOLLOW_UP = "no_follow_up", _("ne veut pas être rappelé·e")
    REMINDERS = "reminders", _("accord pour des rappels")
    HAND_BACK = "hand_back", _("accord pour que l’ambassadrice sache que c’est fait")


class ReceiptMode(models.TextChoices):
    SHOWN = "shown", _("montré à l’écran")
    READ_ALOUD = "read_aloud", _("lu à voix haute")
    PAPER = "paper", _("sur papier")
    PHONE = "phone", _("au téléphone")


class LinkState(models.TextChoices):
    CANDIDATE = "candidate", _("à vérifier")
    CONFIRMED = "confirmed", _("la même personne")
    REJECTED = "rejected", _("deux personnes")


class AgreedBy(models.TextChoices):
    """Who gave an agreement. For a minor or a protected adult it is the legal representative, kept as this code."""

    SELF = "self", _("la personne")
    PARENT = "parent", _("un parent")
    GUARDIAN = "guardian", _("le tuteur ou la tutrice")
    CURATOR = "curator", _("la personne, avec sa curatrice ou son curateur")


class SharedContent(models.TextChoices):
    """What an agreement may let out, one code each."""

    INITIALS = "initials", _("les initiales")
    NAME = "name", _("le nom et le prénom")
    BIRTH_YEAR = "birth_year", _("l’année de naissance")
    NEED = "need", _("le besoin")
    LANGUAGE = "language", _("la langue parlée et le besoin d’interprète")
    PHONE = "phone", _("le téléphone et les heures où appeler")
    ADDRESS = "address", _("l’adresse")


class ReadReason(models.TextChoices):
    """Why an identity was opened."""

    RECEIVE = "receive", _("la recevoir")
    CALL = "call", _("la joindre")
    VOICE = "voice", _("écouter son message")
    PAPERS = "papers", _("remplir un papier avec elle")
    CHECK = "check", _("vérifier une fiche double")
    EDIT = "edit", _("corriger la fiche")
    RIGHTS = "rights", _("elle demande ce que nous gardons")
    EXPORT = "export", _("copie remise à la personne")
    OTHER = "other", _("autre raison")
