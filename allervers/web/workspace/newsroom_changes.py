"""What the newsroom shows of French that waits: the words that residents read, beside those that would take their place."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allervers.accounts.rules import Viewer
from allervers.prevention import actions, readability
from allervers.prevention.compare import Piece, compare
from allervers.prevention.models import Proposal, Segment, Words
from allervers.web.components.signs import NAMES


@dataclass(frozen=True)
class Change:
    """A sentence whose new words wait, and what she who looks may do about it."""

    segment: Segment
    waiting: Segment | Proposal
    before: list[Piece]
    after: list[Piece]
    is_hers: bool
    may_drop: bool

    @property
    def is_new(self) -> bool:
        """Residents have never read it."""
        return self.waiting is self.segment

    @property
    def reading(self) -> readability.Reading:
        return readability.read(self.waiting.text)

    @property
    def beside(self) -> list[tuple[str, str, str]]:
        """What changes apart from the words: the thing, what it was, what it would be."""
        former, coming = ({} if self.is_new else _beside(self.segment)), _beside(self.waiting)
        pairs = [(name, former.get(name, ""), said) for name, said in coming.items()]
        return [(name, was, said or "—") for name, was, said in pairs if was != said]


def _beside(words: Words) -> dict[str, str]:
    pictogram = str(NAMES.get(words.pictogram, ""))
    return {_("Numéro"): words.phone, _("Pictogramme"): pictogram, _("Danger"): _("oui") if words.urgent else ""}


def changes(segments: list[Segment], viewer: Viewer) -> Iterator[Change]:
    for segment in segments:
        if (waiting := segment.waiting) is not None:
            gone, come = compare("" if waiting is segment else segment.text, waiting.text)
            is_hers = waiting.written_by == str(viewer.membership_id)
            yield Change(segment, waiting, gone, come, is_hers, actions.may_drop(segment, waiting, by=viewer))
