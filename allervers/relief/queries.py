"""The board: what is missing, from what the team asks for and from what waits; and how many offers wait, by hub."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from allervers.accounts.models import Hub, Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.core.languages import FALC, LANGUAGES
from allervers.directory.models import Territory
from allervers.needs.models import Need
from allervers.prevention.enums import Medium, RenditionState
from allervers.prevention.models import Message, Rendition, Segment
from allervers.prevention.queries import sizes_of
from allervers.relief import wording
from allervers.relief.enums import SERVED, CallKind, OfferState
from allervers.relief.models import Call, Offer, OfferQuerySet

_STEP = 5  # counts of needs are said by fives
_NOT_SPOKEN = {"fsl", FALC}


@dataclass(frozen=True)
class Line:
    """One thing that is missing. `call`: the team's own words; else computed, from needs or from messages."""

    kind: str
    missing: int  # people or things still to find; needs, at least; messages
    wanted: int = 0
    call: Call | None = None
    hub: Hub | None = None
    category: str = ""
    language: str = ""
    is_today: bool = False

    @property
    def title(self) -> str:
        meals = self.call.meals if self.call else None
        said = {"meals": meals, "language": self.language, "category": self.category}
        return wording.title(self.kind, missing=self.missing, **said)  # type: ignore[arg-type]  # each of its own type

    @property
    def otherwise(self) -> str:
        return wording.otherwise(self.kind, self.call.meals) if self.call and self.missing else ""

    @property
    def found(self) -> int:
        return self.wanted - self.missing

    @property
    def is_complete(self) -> bool:
        """Money and what is computed never are: they leave the board by themselves."""
        return self.call is not None and not self.missing


@dataclass(frozen=True)
class Board:
    calls: list[Line]
    needs: list[Line]
    voices: list[Line]  # a language each, the most to do first

    @property
    def is_empty(self) -> bool:
        return not (self.calls or self.needs or self.voices)


def board(network: Network, day: date) -> Board:
    """What is missing on that day. Whatever is computed from needs names a hub and a category, never a person:

    - a line is shown only when it stands for at least `network.publication_threshold` needs;
    - hubs with fewer are said together, without their names, when together they have as many; else not at all;
    - the count is rounded down to a multiple of five, so that one need more or less is not seen from one day to the next;
    - no total is printed from which a hidden line could be subtracted.
    """
    return Board(_written(network, day), _needed(network), _unspoken(network, day))


def _written(network: Network, day: date) -> list[Line]:
    """The team's calls: today's first, then by their day; those that are complete last."""
    lines = []
    for call in Call.objects.filter(network=network).standing(day).with_found():
        missing = max(call.wanted - call.found, 0) if call.kind != CallKind.MONEY else call.wanted  # type: ignore[attr-defined]  # annotated
        lines.append(
            Line(call.kind, missing, call.wanted, call, call.hub, language=call.language, is_today=call.on == day)
        )
    return sorted(lines, key=lambda line: (line.is_complete, not line.is_today, _day(line)))


def _day(line: Line) -> date:
    assert line.call is not None, "sorted before anything computed is added"
    return line.call.on or line.call.until


def _needed(network: Network) -> list[Line]:
    """Needs that nobody follows, or whose next contact is late, where someone without training can help."""
    waiting = Need.objects.open().filter(Q(owner=None) | Q(next_contact_at__lt=clock.now()), network=network)
    counted = waiting.filter(category__in=list(SERVED)).values_list("category", "hub").annotate(n=Count("id"))
    cells: dict[str, list[tuple[int, object]]] = defaultdict(list)
    for category, hub_id, count in counted.order_by("category", "hub"):
        cells[category].append((count, hub_id))
    hubs = Hub.objects.filter(network=network).in_bulk() if cells else {}
    lines = []
    for category, rows in cells.items():
        for count, hub_id in _publishable(rows, network.publication_threshold):
            hub = hubs.get(hub_id)
            lines.append(Line(SERVED[category], count, hub=hub, category=category))
    return sorted(lines, key=lambda line: (-line.missing, line.category))


def _publishable(rows: list[tuple[int, object]], threshold: int) -> list[tuple[int, object]]:
    """Counts that may be said, hub by hub, then those of the smaller hubs together (no hub)."""
    large = [(count, hub) for count, hub in rows if hub is not None and count >= threshold]
    rest = sum(count for count, hub in rows if hub is None or count < threshold)
    said = [*large, (rest, None)] if rest >= threshold else large
    return [(count - count % _STEP or count, hub) for count, hub in said]


def _unspoken(network: Network, day: date) -> list[Line]:
    """Languages begun in which messages still lack a text that a second speaker checked, or a voice."""
    messages = Message.objects.published().filter(network=network, expires_on__gte=day)
    sizes = sizes_of(messages)
    checked = Count("id", filter=Q(state=RenditionState.CHECKED))
    standing = Segment.objects.standing().filter(message__in=messages)
    rows = Rendition.objects.filter(segment__in=standing).exclude(language__in=_NOT_SPOKEN)
    said: dict[str, dict[tuple[object, str], int]] = defaultdict(dict)
    for language, message, medium, n in rows.values_list("language", "segment__message", "medium").annotate(n=checked):
        said[language][message, medium] = n
    lines = []
    for code in (code for code in LANGUAGES if code in said):
        whole = [
            m for m, n in sizes.items() if all(said[code].get((m, k), 0) == n for k in (Medium.TEXT, Medium.VOICE))
        ]
        if len(whole) < len(sizes):
            lines.append(Line(CallKind.VOICE, len(sizes) - len(whole), language=code))
    return sorted(lines, key=lambda line: -line.missing)


def receiving_hub(network: Network, territory: Territory | None = None) -> Hub | None:
    """Who calls back: the hub that covers the neighbourhood, else the one where the fewest offers wait."""
    hubs = Hub.objects.filter(network=network, organisation__keeps_cards=True, organisation__closed_at=None)
    if territory is not None:
        near = hubs.filter(coverages__territory=territory).order_by("name").first()
        if near is not None:
            return near
    waiting = Count("offers", filter=Q(offers__state__in=(OfferState.NEW, OfferState.DOUBTFUL)))
    return hubs.annotate(waiting=waiting).order_by("waiting", "name").first()


@dataclass(frozen=True)
class HubCount:
    """How many offers a hub has: no one's name."""

    name: str
    waiting: int
    kept: int


def waiting_by_hub(viewer: Viewer) -> list[HubCount]:
    """For who coordinates: each hub of her network, those where offers wait first."""
    if not viewer.coordinates:
        return []
    waiting = Count("offers", filter=Q(offers__state__in=(OfferState.NEW, OfferState.DOUBTFUL)))
    kept = Count("offers", filter=Q(offers__state=OfferState.KEPT))
    hubs = Hub.objects.filter(network_id=viewer.network_id).annotate(waiting=waiting, kept=kept)
    return [HubCount(hub.name, hub.waiting, hub.kept) for hub in hubs.order_by("-waiting", "name")]


def page_of(offers: OfferQuerySet, limit: int) -> list[Offer]:
    """Those to call first, then those called, then those who help; the oldest first."""
    order = [OfferState.NEW, OfferState.CALLED, OfferState.DOUBTFUL, OfferState.KEPT]
    rows = offers.filter(state__in=order).select_related("call", "hub", "territory")
    found: list[Offer] = []
    for state in order:
        found += rows.filter(state=state)[: limit - len(found)]
    return found
