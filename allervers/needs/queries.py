"""What a day holds, what a need's story is, who waits: reads that no single model answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from allervers.accounts.models import Hub, Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory import territories
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory
from allervers.needs import rules
from allervers.needs.enums import Attempt, NeedState, Outcome
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.hiding import publish
from allervers.needs.models import Contact, Encounter, HandOver, Need, NeedQuerySet, Obstacle
from allervers.people.models import PersonCard

PAGE = 30  # rows of one section: what a page decrypts at most
TRIED_ENOUGH = 2  # attempts in vain after which someone is said to be unreachable
SILENT_HUB = timedelta(days=7)
PERSON = Coalesce("card", "id")  # who a need is about: her card, else the need stands for her


@dataclass
class Row:
    """A line of a ledger, whichever room it comes from: when, about whom, what, what to do next."""

    kind: str  # need, referral, hand_over, partner: whose page it opens
    id: UUID
    at: datetime | None
    state: str  # a name of the states' table: late, due, unreachable, silent…
    card: PersonCard | None = None
    need: Need | None = None
    days: int = 0  # late, waiting or silent since
    count: int = 0  # attempts, reminders
    title: str = ""  # said by the room when it is not a need's words
    step: str = ""


@dataclass
class Day:
    """What waits for one person of the team, or for her whole hub, today. Counts are of people, rows a page's worth."""

    at: datetime
    late: list[Row] = field(default_factory=list)
    morning: list[Row] = field(default_factory=list)
    afternoon: list[Row] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # late, morning, afternoon, people
    unreachable: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)

    @property
    def people(self) -> int:
        return self.counts.get("people", 0)


@dataclass(frozen=True)
class Bounds:
    """The moments that cut a day, in the network's own time."""

    start: datetime
    noon: datetime
    end: datetime

    @classmethod
    def of(cls, now: datetime, timezone: str) -> "Bounds":
        local = now.astimezone(ZoneInfo(timezone))
        start = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(start, start.replace(hour=12), start + timedelta(days=1))


def mine(viewer: Viewer, *, whole_hub: bool = False) -> NeedQuerySet:
    """Open needs that wait for her: hers and those of her hub without an owner, or all of her hub."""
    needs = rules.needs_for(viewer).open()
    return needs if whole_hub else needs.filter(Q(owner_id=viewer.membership_id) | Q(owner=None))


def today(viewer: Viewer, *, whole_hub: bool = False) -> Day:
    """The team's first page, in six queries whatever the rows."""
    now = clock.now()
    bounds = Bounds.of(now, viewer.timezone)
    needs = mine(viewer, whole_hub=whole_hub)
    due = needs.filter(next_contact_at__lt=bounds.end)
    day = Day(at=now, counts=_counts(due, bounds))
    late = due.filter(next_contact_at__lt=bounds.start).select_related("card").order_by("next_contact_at", "id")
    day.late = [_row(need, bounds, now) for need in late[:PAGE]]
    ahead = due.filter(next_contact_at__gte=bounds.start).select_related("card").order_by("next_contact_at", "id")
    rows = [_row(need, bounds, now) for need in ahead[: 2 * PAGE]]
    day.morning = [row for row in rows if row.at and row.at < bounds.noon][:PAGE]
    day.afternoon = [row for row in rows if row.at and row.at >= bounds.noon][:PAGE]
    day.unreachable = unreachable(needs, now)
    day.waiting = waiting_longest(rules.needs_for(viewer), now)
    day.hand_overs = to_answer(viewer)
    return day


def _counts(due: NeedQuerySet, bounds: Bounds) -> dict[str, int]:
    late, noon = Q(next_contact_at__lt=bounds.start), Q(next_contact_at__lt=bounds.noon)
    counted: dict[str, int] = due.aggregate(
        late=Count(PERSON, distinct=True, filter=late),
        morning=Count(PERSON, distinct=True, filter=noon & ~late),
        afternoon=Count(PERSON, distinct=True, filter=~noon),
        people=Count(PERSON, distinct=True),
    )
    return counted


def _row(need: Need, bounds: Bounds, now: datetime) -> Row:
    at = need.next_contact_at
    late = at is not None and at < bounds.start
    days = -((at - bounds.start) // timedelta(days=1)) if late and at else 0
    state = "unreachable" if need.unreachable_count >= TRIED_ENOUGH else "late" if late else "due"
    return Row("need", need.id, at, state, need.card, need, days=days, count=need.unreachable_count)


def unreachable(needs: NeedQuerySet, now: datetime, limit: int = 5) -> list[Row]:
    """Sought in vain at least twice since the last contact, longest without news first."""
    met = Contact.objects.filter(need=OuterRef("pk"), result=Attempt.REACHED).order_by("-at").values("at")[:1]
    lost = needs.filter(unreachable_count__gte=TRIED_ENOUGH).select_related("card")
    lost = lost.annotate(heard_at=Coalesce(Subquery(met), F("opened_at"))).order_by("heard_at", "id")
    rows = []
    for need in lost[:limit]:
        heard: datetime = need.heard_at  # type: ignore[attr-defined]  # annotated just above
        days = (now - heard).days
        rows.append(
            Row("need", need.id, heard, "unreachable", need.card, need, days=days, count=need.unreachable_count)
        )
    return rows


def waiting_longest(needs: NeedQuerySet, now: datetime, limit: int = 5) -> list[Row]:
    """Open needs, oldest first."""
    oldest = needs.open().select_related("card").order_by("opened_at", "id")[:limit]
    return [Row("need", n.id, n.opened_at, "opened", n.card, n, days=(now - n.opened_at).days) for n in oldest]


def to_answer(viewer: Viewer, limit: int = PAGE) -> list[HandOver]:
    """Hand-overs that wait for her yes or no."""
    waiting = rules.hand_overs_for(viewer).waiting().exclude(by_id=viewer.membership_id)
    rows = waiting.filter(Q(to=None) | Q(to_id=viewer.membership_id)).order_by("at", "id")
    return list(rows.select_related("need__card", "by__user", "hub")[:limit])


@dataclass(frozen=True)
class HubLine:
    """One hub as a coordinator sees it: counts, and how long it has noted nothing."""

    hub: Hub
    open: int
    late: int
    unreachable: int
    unowned: int
    silent_days: int | None  # None: nothing was ever noted

    @property
    def is_silent(self) -> bool:
        return self.silent_days is None or self.silent_days >= SILENT_HUB.days


def hub_lines(viewer: Viewer) -> list[HubLine]:
    """Every hub of the network, in two queries."""
    now = clock.now()
    start = Bounds.of(now, viewer.timezone).start
    noted = Encounter.objects.filter(hub=OuterRef("pk")).order_by("-noted_at").values("noted_at")[:1]
    hubs = Hub.objects.filter(network_id=viewer.network_id).annotate(last=Subquery(noted)).order_by("name", "id")
    counted = rules.needs_for(viewer).open().order_by().values("hub_id")
    counts: dict[Any, Any] = {
        line["hub_id"]: line
        for line in counted.annotate(
            open=Count("id"),
            late=Count("id", filter=Q(next_contact_at__lt=start)),
            unreachable=Count("id", filter=Q(unreachable_count__gte=TRIED_ENOUGH)),
            unowned=Count("id", filter=Q(owner=None)),
        )
    }
    return [
        HubLine(
            hub=hub,
            silent_days=(now - hub.last).days if hub.last else None,
            **{name: counts.get(hub.id, {}).get(name, 0) for name in ("open", "late", "unreachable", "unowned")},
        )
        for hub in hubs
    ]


def late_by_code(viewer: Viewer, limit: int = PAGE) -> list[Row]:
    """For a coordinator: the latest needs of the network, by code; nothing is opened."""
    now = clock.now()
    bounds = Bounds.of(now, viewer.timezone)
    late = rules.needs_for(viewer).due_before(bounds.start).order_by("next_contact_at", "id")
    first = Need.objects.filter(pk__in=late.values("pk")[:limit]).select_related("card", "hub")  # joined after sorting
    return [_row(need, bounds, now) for need in first.order_by("next_contact_at", "id")]


@dataclass(frozen=True)
class Filter:
    """What the list of needs is narrowed to."""

    scope: str = "hub"  # mine, hub
    state: str = "open"  # open, closed, late, unreachable, unowned, unplanned
    category: str = ""
    hub: UUID | None = None


def listed(viewer: Viewer, wanted: Filter) -> NeedQuerySet:
    """The needs of a list page, soonest contact first, closed ones last closed first."""
    needs = rules.needs_for(viewer)
    if wanted.scope == "mine":
        needs = needs.filter(owner_id=viewer.membership_id)
    if wanted.category:
        needs = needs.filter(category=wanted.category)
    if wanted.hub:
        needs = needs.filter(hub_id=wanted.hub)
    needs = needs.select_related("card", "hub", "owner__user")
    if wanted.state == "closed":
        return needs.filter(state=NeedState.CLOSED).order_by("-closed_at", "-id")
    needs = needs.open()
    if wanted.state == "late":
        needs = needs.due_before(Bounds.of(clock.now(), viewer.timezone).start)
    elif wanted.state == "unreachable":
        needs = needs.filter(unreachable_count__gte=TRIED_ENOUGH)
    elif wanted.state == "unowned":
        needs = needs.filter(owner=None)
    elif wanted.state == "unplanned":
        needs = needs.filter(next_contact_at=None).exclude(card__no_follow_up=True)
    return needs.order_by(F("next_contact_at").asc(nulls_last=True), "opened_at", "id")


def others_of(viewer: Viewer, need: Need, limit: int = 12) -> list[Need]:
    """The same person's other needs that this viewer reaches."""
    if need.card_id is None:
        return []
    rows = rules.needs_for(viewer).filter(card_id=need.card_id).exclude(pk=need.pk)
    return list(rows.exclude(outcome=Outcome.ENTERED_IN_ERROR).order_by("-opened_at", "-id")[:limit])


_ASKED_IN = (TerritoryKind.NEIGHBOURHOOD, TerritoryKind.QPV)


def neighbourhoods(network_id: UUID) -> QuerySet[Territory]:
    """Where someone may say that she lives: what the network's hubs receive, and what lies inside. A neighbourhood rather
    than the priority one inside it, whose name says that it is poor."""
    covered = Territory.objects.filter(coverages__hub__in=_that_answer(network_id))
    inside = Territory.objects.filter(Q(pk__in=covered) | Q(parent__in=covered), kind__in=_ASKED_IN)
    plain = inside.exclude(parent__kind=TerritoryKind.NEIGHBOURHOOD)
    return plain.defer("contour").order_by("name", "code")


def _that_answer(network_id: UUID) -> QuerySet[Hub]:
    return Hub.objects.filter(network_id=network_id, organisation__keeps_cards=True, organisation__closed_at=None)


def hub_for(network_id: UUID, territory: Territory | None, *, organisation_id: UUID | None = None) -> Hub | None:
    """Which hub answers: of those that receive this neighbourhood, else of all, the one with the fewest open needs."""
    hubs = _that_answer(network_id).select_related("organisation")
    if organisation_id is not None:
        hubs = hubs.filter(organisation_id=organisation_id)
    near = {hub.pk for hub in territories.hubs_for(territory)} if territory else set()
    every = list(hubs.order_by("name", "id"))
    found = [hub for hub in every if hub.pk in near] or every
    if len(found) < 2:
        return found[0] if found else None
    counted = Need.objects.open().filter(hub__in=found).order_by().values("hub_id").annotate(open=Count("id"))
    busy = {line["hub_id"]: line["open"] for line in counted}
    return min(found, key=lambda hub: busy.get(hub.pk, 0))  # the first by name of those as free


@dataclass(frozen=True)
class ObstacleLine:
    """One kind of obstacle: in which services, for how many persons; `rest` are services not named, or None: hidden."""

    kind: str
    services: list[tuple[str, int]]
    rest: int | None

    @property
    def total(self) -> int | None:
        return None if self.rest is None else self.rest + sum(count for _, count in self.services)


@dataclass(frozen=True)
class ObstacleTable:
    """`own`: the viewer's reach, exact. Else the rest of the network, nothing under `threshold`."""

    own: bool
    threshold: int
    lines: list[ObstacleLine]


def obstacle_tables(viewer: Viewer, start: datetime, end: datetime) -> list[ObstacleTable]:
    """Obstacles of a period by kind and service, in persons (a card, else a need, else the obstacle itself).

    The viewer's own are exact; the rest of the network leaves hers out, so that no subtraction brings a small cell back.
    """
    threshold = Network.objects.values_list("publication_threshold", flat=True).get(pk=viewer.network_id)
    period = Obstacle.objects.filter(network_id=viewer.network_id, at__gte=start, at__lt=end)
    mine = rules.obstacles_for(viewer)
    own = _tallies(period.filter(pk__in=mine.values("pk"))) if viewer.sees_people else {}
    others = _tallies(period.exclude(pk__in=mine.values("pk")))
    tables = [ObstacleTable(True, threshold, _lines(own, 1))] if viewer.sees_people else []
    return [*tables, ObstacleTable(False, threshold, _lines(others, threshold))]


def _tallies(rows: QuerySet[Obstacle]) -> dict[str, dict[str, int]]:
    person = Coalesce("need__card_id", "need_id", "id")
    counted = rows.order_by().values("kind", "service__name").annotate(people=Count(person, distinct=True))
    tallies: dict[str, dict[str, int]] = {}
    for line in counted.order_by("kind", "service__name"):
        tallies.setdefault(line["kind"], {})[line["service__name"] or ""] = line["people"]
    return tallies


def _lines(tallies: dict[str, dict[str, int]], threshold: int) -> list[ObstacleLine]:
    lines = []
    for kind, label in ObstacleKind.choices:
        if kind not in tallies:
            continue
        published = publish(tallies[kind], threshold)
        unnamed = published.shown.pop("", 0)  # noted without a service
        rest = None if published.lump is None else published.lump + unnamed
        lines.append(ObstacleLine(str(label), list(published.shown.items()), rest))
    return sorted(lines, key=lambda line: -(line.total or 0))
