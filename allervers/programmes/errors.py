"""What a user may get wrong here; each error's text is the sentence that says what to do."""

from django.utils.translation import gettext as _


class ProgrammeError(Exception):
    """Shown as it is; the form keeps what was typed."""


class NameTaken(ProgrammeError):
    def __init__(self, name: str) -> None:
        super().__init__(_("Une campagne s’appelle déjà « %(name)s » : donnez-lui un autre nom.") % {"name": name})


class PlanUpsideDown(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Le plus grand nombre de séances est sous le plus petit : échangez-les."))


class NotByLines(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(
            _("Cette campagne est tenue en chiffres déclarés : elle n’a ni séance ni personne. Ouvrez-en une autre.")
        )


class SessionTwice(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Une séance est déjà prévue là, à cette heure : changez l’heure ou le lieu."))


class EndsBeforeStart(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("La séance finit avant de commencer : corrigez l’une des deux heures."))


class ImpossibleYear(ProgrammeError):
    def __init__(self, first: int, last: int) -> None:
        super().__init__(_("Choisissez des jours entre %(first)s et %(last)s.") % {"first": first, "last": last})


class StillWaiting(ProgrammeError):
    def __init__(self, waiting: int) -> None:
        super().__init__(
            _("Encore en attente : %(count)s. Notez un résultat, ou « partie », pour chaque ligne.")
            % {"count": waiting}
        )


class HasPeople(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Des personnes sont sur la liste : cette séance a été tenue. Retirez-les d’abord."))


class CountedWhole(ProgrammeError):
    def __init__(self, count: int) -> None:
        super().__init__(
            _("Cette séance est comptée en bloc (%(count)s). Effacez ce nombre avant de tenir une liste.")
            % {"count": count}
        )


class LineGone(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Cette ligne vient d’être retirée de la liste."))


class NotHeld(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Cette séance est notée comme non tenue. Rouvrez-la avant d’y ajouter quelqu’un."))


class AlreadyHere(ProgrammeError):
    def __init__(self, position: int) -> None:
        super().__init__(_("Cette personne est déjà sur la liste, au numéro %(position)s.") % {"position": position})


class AlreadyOriented(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(
            _("Un besoin ou une orientation existe déjà pour cette ligne : ouvrez le besoin pour corriger.")
        )


class FollowedByReferral(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Cette personne a une orientation : c’est la réponse du partenaire qui dit la suite."))


class Contradiction(ProgrammeError):
    """Two facts of one line exclude each other."""


class FiguresDisagree(ProgrammeError):
    """Two declared figures exclude each other."""


class NoPartner(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Choisissez le partenaire vers qui orienter."))


class NoGesture(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Rien n’a changé : touchez l’un des boutons de la liste."))


class NobodyTicked(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Cochez au moins une personne vue, qui a besoin d’un rendez-vous ou d’un équipement."))


class TooLateToUndo(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(
            _("Une orientation en groupe s’annule pendant un jour. Reprenez chaque personne depuis son besoin.")
        )
