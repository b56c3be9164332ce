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


class StillAway(PreventionError):
    def __str__(self) -> str:
        return _("Cette phrase a été retirée par sécurité. Écrivez d’autres mots : une deuxième personne les relira.")


class Incomplete(PreventionError):
    def __str__(self) -> str:
        return _("Il faut un titre, au moins une phrase, et une date de fin à venir.")


class NoRoom(PreventionError):
    def __str__(self) -> str:
        return _("Il n’y a plus de place ici pour un film. Gardez le vôtre dans votre appareil, et réessayez demain.")


class CodeWrong(PreventionError):
    def __str__(self) -> str:
        return _("Ce n’est pas le bon code. Essayez encore.")


class CodeLocked(PreventionError):
    def __str__(self) -> str:
        return _("Trop d’essais. Demandez un nouveau lien.")


class NotYours(PreventionError):
    def __str__(self) -> str:
        return _("Cette phrase est déjà dite et réécoutée : passez à la suivante.")


# --- a recording refused, each for its own reason --------------------------------------------------------------------


class Unusable(PreventionError):
    """A file that is not kept. A row remembers why by the name of its class."""


def why(name: str) -> str:
    """The sentence of a reason that was remembered by name."""
    known = {one.__name__: one for one in Unusable.__subclasses__()}
    return str(known.get(name, NotMade)())


class NotASound(Unusable):
    def __str__(self) -> str:
        return _("Ce n’est pas un son. Enregistrez votre voix, ou choisissez un autre fichier.")


class NotAFilm(Unusable):
    def __str__(self) -> str:
        return _("Ce n’est pas une vidéo. Choisissez un autre fichier.")


class FilmTooBig(Unusable):
    def __str__(self) -> str:
        return _("Ce film est trop lourd : 200 Mo au plus. Filmez en 720p, ou en deux messages.")


class FilmTooWide(Unusable):
    def __str__(self) -> str:
        return _("L’image de ce film est trop grande. Réglez le téléphone sur 1080p et filmez de nouveau.")


class NotMade(Unusable):
    """Ours, not hers: killed several times, or its file is gone."""

    def __str__(self) -> str:
        return _("La préparation s’est arrêtée plusieurs fois. Essayez encore une fois, ou envoyez un film plus court.")


class Outdated(Unusable):
    def __str__(self) -> str:
        return _("Le français a changé pendant la préparation. Filmez le message comme il est écrit maintenant.")


class AlreadyFilmed(Unusable):
    def __str__(self) -> str:
        return _("Ce message est déjà filmé et revu dans cette langue. Pour le refaire, demandez à l’équipe.")


class TooBig(Unusable):
    def __str__(self) -> str:
        return _("Ce fichier est trop lourd : 50 Mo au plus.")


class TooLong(Unusable):
    def __str__(self) -> str:
        return _("C’est trop long : 10 minutes au plus.")


class TooShort(Unusable):
    def __str__(self) -> str:
        return _("C’est trop court : on n’entend pas de phrase. Recommencez.")


class Broken(Unusable):
    def __str__(self) -> str:
        return _("Ce fichier est coupé ou abîmé. Recommencez.")


class Silent(Unusable):
    def __str__(self) -> str:
        return _("On n’entend rien. Approchez le téléphone et recommencez.")
