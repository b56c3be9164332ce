"""Closed lists of messages and of what they are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    ALL = "all", _("tout le monde")
    YOUNG = "young", _("les jeunes")


class MessageKind(models.TextChoices):
    """Our own words (doors, buttons, names of languages) are said and checked like a message, and shown nowhere as one."""

    MESSAGE = "message", _("message")
    HOUSE = "house", _("mots de l’appli")


class MessageState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    PUBLISHED = "published", _("publié")
    WITHDRAWN = "withdrawn", _("retiré")


class Medium(models.TextChoices):
    TEXT = "text", _("texte")
    VOICE = "voice", _("voix")
    VIDEO = "video", _("vidéo")


class MediaKind(models.TextChoices):
    VOICE = "voice", _("voix")
    SMALL = "small", _("vidéo 144p")
    LARGE = "large", _("vidéo 360p")
    POSTER = "poster", _("image de la vidéo")
    CLIP = "clip", _("vidéo à partager")


class InvitationKind(models.TextChoices):
    """What a link lets someone do: say the sentences, film the message, or judge what another one said or filmed."""

    RECORD = "record", _("enregistrer")
    FILM = "film", _("filmer")
    CHECK = "check", _("réécouter")


class SentState(models.TextChoices):
    """A film on its way; once made small it is a rendition, and this row is gone."""

    WAITING = "waiting", _("en attente")
    MAKING = "making", _("en préparation")
    FAILED = "failed", _("pas pris")


class RenditionState(models.TextChoices):
    TO_CHECK = "to_check", _("à relire")
    CHECKED = "checked", _("relu")
    FLAGGED = "flagged", _("à revoir : le français a changé")
    WITHDRAWN = "withdrawn", _("retiré : le français a changé")


class Origin(models.TextChoices):
    """Who speaks or wrote: a machine's voice and a test tone are never taken for someone's."""

    PERSON = "person", _("une personne")
    MACHINE = "machine", _("une machine")
    TONE = "tone", _("un son d’essai")


class Change(models.TextChoices):
    """What a new French wording does to the renditions of a segment, once a second person has said yes to it."""

    MINOR = "minor", _("tournure : les autres langues restent, à revoir")
    MEANING = "meaning", _("sens : les autres langues sont retirées quand la nouvelle phrase est montrée")
    SAFETY = "safety", _("sécurité : la phrase est retirée tout de suite, dans toutes les langues")
