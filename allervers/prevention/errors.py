"""What someone may do wrong with a message; `str(error)` is the sentence for the screen."""

from django.utils.translation import gettext as _


class PreventionError(Exception):
    """A gesture refused, with the sentence that says why and what to do."""


class NameTaken(PreventionError):
    def __str__(self) -> str:
        return _("Un message porte déjà ce nom : donnez-lui-en un autre.")


class SameSpeaker(PreventionError):
    def __str__(self) -> str:
        return _("Qui a écrit ou traduit ne se relit pas : demandez à une deuxième personne qui parle cette langue.")


class Stale(PreventionError):
    def __str__(self) -> str:
        return _("Le français a changé depuis : relisez la nouvelle phrase.")


class Incomplete(PreventionError):
    def __str__(self) -> str:
        return _("Il faut un titre, au moins une phrase, et une date de fin à venir.")
