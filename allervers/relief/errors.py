"""What someone can get wrong here; each says what to do."""

from django.utils.translation import gettext as _


class ReliefError(Exception):
    """A refusal whose text is shown to whoever asked."""


class OutOfTurn(ReliefError):
    def __str__(self) -> str:
        return _("Cette proposition a changé entre-temps. Relisez-la.")


class NobodyReceives(ReliefError):
    def __str__(self) -> str:
        return _("Aucun pôle ne reçoit encore les propositions ici.")


class Incomplete(ReliefError):
    def __str__(self) -> str:
        return _("Il manque quelque chose à cet appel.")
