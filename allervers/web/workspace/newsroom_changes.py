"""What the newsroom shows of French that waits: the words that residents read, beside those that would take their place."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allervers.core.languages import LANGUAGES
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
    def goes(self) -> bool:
        """What waits is that the sentence goes for good."""
        return not self.waiting.text

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
        if self.goes:
            return []
        former, coming = ({} if self.is_new else _beside(self.segment)), _beside(self.waiting)
        pairs = [(name, former.get(name, ""), said) for name, said in coming.items()]
        return [(name, was, said or "—") for name, was, said in pairs if was != said]


def _beside(words: Words) -> dict[str, str]:
    pictogram = str(NAMES.get(words.pictogram, ""))
    return {_("Numéro"): words.phone, _("Pictogramme"): pictogram, _("Danger"): _("oui") if words.urgent else ""}


def changes(segments: list[Segment], own: Set[str]) -> Iterator[Change]:
    """`own`: the ids of who looks."""
    for segment in segments:
        if (waiting := segment.waiting) is not None:
            gone, come = compare("" if waiting is segment else segment.text, waiting.text)
            is_hers = waiting.written_by in own
            yield Change(segment, waiting, gone, come, is_hers, actions.may_drop(segment, waiting, own=own))


def told(remaining: actions.Remaining, *, goes: bool = False, is_shown: bool = True) -> str:
    """What a change did, and what people still get. `goes`: it takes the sentence out; `is_shown`: its message is published."""
    names = ", ".join(dict.fromkeys(LANGUAGES[code].french for code, _medium in remaining.touched))
    if remaining.is_gone:
        return _("La phrase est supprimée.")
    if remaining.waits:
        return _told_waits(is_away=remaining.is_away, goes=goes)
    if not is_shown:
        return _("C’est noté. Cette phrase est relue : elle est montrée quand le message est publié.")
    if not remaining.touched:
        return _("C’est corrigé. Les autres langues ne changent pas.")
    if remaining.kept:
        return _("C’est corrigé. À revoir, et encore montré d’ici là : %(names)s.") % {"names": names}
    return _("C’est corrigé. Retiré tout de suite : %(names)s. Cette phrase y est montrée en français.") % {
        "names": names
    }


def _told_waits(*, is_away: bool, goes: bool) -> str:
    if goes:
        return (
            _("La phrase est retirée tout de suite. Elle est supprimée quand une deuxième personne l’a confirmé.")
            if is_away
            else _("C’est noté. La phrase est supprimée quand une deuxième personne l’a confirmé.")
        )
    if is_away:
        return _(
            "La phrase est retirée tout de suite, dans toutes les langues. La nouvelle attend une deuxième personne."
        )
    return _("C’est noté. La nouvelle phrase est montrée quand une deuxième personne l’a relue.")


def told_dropped(remaining: actions.Remaining) -> str:
    return _("La phrase est supprimée.") if remaining.is_gone else _("C’est noté. La phrase ne change pas.")
