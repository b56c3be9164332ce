"""The first figures of a hub or a network: who was met, informed, oriented, accompanied; how needs and referrals ended.

Definitions (docs/guide/chiffres.md says them in French):

- active file: distinct cards and codes with an encounter, a reached contact or a referral sent in the period;
- visits: encounters in the period, a head-count being one;
- informed: an encounter noted so; oriented: told where to go by name, or a referral sent; accompanied: someone walked
  along or did it together, or at least two contacts about one need, the last of them in the period;
- their union counts someone once, whatever she received.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from allervers.core import clock
from allervers.core.rates import Rate
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory
from allervers.impact import counting
from allervers.impact.rules import Scope
from allervers.impact.whole_days import WholeDays
from allervers.needs.enums import Outcome
from allervers.needs.models import Contact, Encounter, Need
from allervers.people.enums import LinkState
from allervers.people.models import CardLink
from allervers.programmes.models import Session
from allervers.referrals import delays
from allervers.referrals.enums import ReferralState
from allervers.referrals.models import Referral

GROUPS = ("active", "informed", "oriented", "accompanied", "union")


@dataclass(frozen=True)
class Period:
    """From a moment included to a moment excluded."""

    start: datetime
    end: datetime

    def rows(self, field_name: str) -> Q:
        return Q(**{f"{field_name}__gte": self.start, f"{field_name}__lt": self.end})


@dataclass
class Figures:
    """Everything the page prints. `breakdowns[dimension][value][group]` counts known people; "" is the unknown."""

    groups: dict[str, counting.Count]
    visits: int
    breakdowns: dict[str, dict[str, dict[str, int]]]
    needs_by_outcome: dict[str, int]
    needs_by_category: dict[str, int]
    referrals_by_state: dict[str, int]
    known_outcome: Rate
    kept: Rate
    delay: delays.Delay
    candidate_links: int


@dataclass(frozen=True)
class _Cell:
    """One line of the cube: cards of one stratum, sex, age band and territory, with how many are in each group.

    A card that a link touches has a line of its own, with its id's number, which is compared faster than the id.
    """

    named: bool
    sex: str
    age_band: str
    territory_id: UUID | None
    linked: int | None
    sizes: dict[str, int]


def figures(scope: Scope, period: Period) -> Figures:
    """All figures, in a constant number of queries, whatever the size of the network."""
    cube = _cube(scope, period)
    heads = _heads(scope, period)
    links = _links(scope)
    confirmed = counting.people(link[:2] for link in links if link[2] == LinkState.CONFIRMED)
    every = counting.people(link[:2] for link in links)
    needs, sent = _needs_counted(scope, period), _referrals_counted(scope, period)
    return Figures(
        groups={group: _group(group, cube, heads, confirmed, every) for group in GROUPS},
        visits=Encounter.objects.filter(scope.rows(), period.rows("at"), cancelled_at=None).count(),
        breakdowns=_breakdowns(cube),
        needs_by_outcome=_tally((outcome or "open", n) for (outcome, _category), n in needs.items()),
        needs_by_category=_tally((category, n) for (_outcome, category), n in needs.items()),
        referrals_by_state=_tally((state, n) for (state, _seen, _days), n in sent.items()),
        known_outcome=_known_outcome(needs),
        kept=_kept(sent),
        delay=_delay(sent),
        candidate_links=sum(1 for link in links if link[2] == LinkState.CANDIDATE),
    )


# --- people ----------------------------------------------------------------------------------------------------------


def _as_int(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _sources(scope: Scope, period: Period) -> list[QuerySet[Any, Any]]:
    """Rows (card, informed, oriented, accompanied) of everything that puts a card in the period.

    A contact in the period accompanies with another about its need before the period's end; the encounter that opened
    the need is one.
    """
    zero, one = Value(0, output_field=IntegerField()), Value(1, output_field=IntegerField())
    encounters = _encounters(scope, period).exclude(card=None)
    met = encounters.values_list(
        F("card_id"), _as_int(Q(informed=True)), _as_int(Q(oriented=True)), _as_int(Q(accompanied=True))
    )
    others = Contact.objects.met().filter(need=OuterRef("need"), at__lt=period.end).exclude(pk=OuterRef("pk"))
    again = Case(
        When(need__encounter__isnull=False, then=one),  # first: most needs are spared the search
        When(Exists(others.order_by()), then=one),
        default=zero,
    )
    contacts = _reached(scope, period).values_list(F("need__card_id"), zero, zero, again)
    sent = _referrals(scope, period).exclude(card=None).values_list(F("card_id"), zero, one, zero)
    return [met, contacts, sent]


def _seen(scope: Scope, period: Period) -> tuple[str, list[Any]]:
    """The sources as one SQL table `seen(card_id, informed, oriented, accompanied)`, with its parameters."""
    parts: list[str] = []
    params: list[Any] = []
    for source in _sources(scope, period):
        sql, values = source.order_by().query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")  # noqa: S608  # Django's own SQL
        params.extend(values)
    return f"seen(card_id, informed, oriented, accompanied) AS ({' UNION ALL '.join(parts)})", params


def _cube(scope: Scope, period: Period) -> list[_Cell]:
    """One statement that both databases speak: the sources in one table, a line a card, sizes by stratum and trait."""
    seen, params = _seen(scope, period)
    statement = f"""
        WITH {seen},
        person AS (
            SELECT card_id, MAX(informed) AS i, MAX(oriented) AS o, MAX(accompanied) AS a FROM seen GROUP BY card_id
        ),
        linked AS (
            SELECT first_id AS card_id FROM people_cardlink WHERE state <> %s
            UNION SELECT second_id FROM people_cardlink WHERE state <> %s
        )
        SELECT c.is_named, c.sex, c.age_band, c.territory_id, l.card_id, COUNT(*), SUM(p.i), SUM(p.o), SUM(p.a),
               SUM(CASE WHEN p.i + p.o + p.a > 0 THEN 1 ELSE 0 END)
        FROM person p JOIN people_personcard c ON c.id = p.card_id LEFT JOIN linked l ON l.card_id = p.card_id
        GROUP BY c.is_named, c.sex, c.age_band, c.territory_id, l.card_id
    """  # noqa: S608  # Django's own SQL, its values stay parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, LinkState.REJECTED, LinkState.REJECTED])
        rows = cursor.fetchall()
    return [
        _Cell(
            bool(named), sex, band, _uuid(territory), _number(linked), dict(zip(GROUPS, map(int, sizes), strict=True))
        )
        for named, sex, band, territory, linked, *sizes in rows
    ]


def _uuid(value: object) -> UUID | None:
    """SQLite gives 32 hexadecimal digits, PostgreSQL a UUID."""
    if value is None or isinstance(value, UUID):
        return value
    return UUID(str(value))


def _number(value: object) -> int | None:
    found = _uuid(value)
    return found.int if found else None


@dataclass(frozen=True)
class _Heads:
    """People met without card or code: how many in each group, and the largest single count in each."""

    total: dict[str, int]
    largest: dict[str, int]


def _heads(scope: Scope, period: Period) -> _Heads:
    # Said as a case: the index of cards, which looks apt for "no card", would fetch each of these rows.
    unnamed = _encounters(scope, period).alias(unnamed=_as_int(Q(card=None))).filter(unnamed=1).order_by()
    told_of = unnamed.values_list("informed", "oriented", "accompanied")
    total, largest = dict.fromkeys(GROUPS, 0), dict.fromkeys(GROUPS, 0)
    for *told, people, most in told_of.annotate(people=Sum("head_count"), most=Max("head_count")):
        for group, is_in in zip(GROUPS, (True, *told, any(told)), strict=True):
            if is_in:
                total[group] += people
                largest[group] = max(largest[group], most)
    held = _sessions(scope, period).aggregate(total=Sum("head_count"), largest=Max("head_count"))
    total["active"] += held["total"] or 0
    largest["active"] = max(largest["active"], held["largest"] or 0)
    return _Heads(total, largest)


Link = tuple[int, int, str]


def _links(scope: Scope) -> list[Link]:
    """Confirmed and candidate links between cards of the scope; a handful beside the cards."""
    kept = CardLink.objects.exclude(state=LinkState.REJECTED).filter(scope.rows("first__"))
    rows = kept.values_list("first_id", "second_id", "state")
    return [(first.int, second.int, state) for first, second, state in rows]


def _group(
    group: str, cube: list[_Cell], heads: _Heads, confirmed: dict[int, int], every: dict[int, int]
) -> counting.Count:
    present = [cell.linked for cell in cube if cell.linked and cell.sizes[group]]
    return counting.count(
        identified=sum(cell.sizes[group] for cell in cube if cell.named),
        coded=sum(cell.sizes[group] for cell in cube if not cell.named),
        confirmed_surplus=counting.surplus(present, confirmed),
        every_surplus=counting.surplus(present, every),
        anonymous=heads.total[group],
        largest_head_count=heads.largest[group],
    )


def _breakdowns(cube: list[_Cell]) -> dict[str, dict[str, dict[str, int]]]:
    """Known people by sex, age band and kind of neighbourhood. Each dimension sums to cards and codes before links."""
    kinds = _neighbourhoods({cell.territory_id for cell in cube if cell.territory_id})
    tables: dict[str, dict[str, dict[str, int]]] = {"sex": {}, "age_band": {}, "neighbourhood": {}}
    for cell in cube:
        place = kinds.get(cell.territory_id, "") if cell.territory_id else ""
        for dimension, value in (("sex", cell.sex), ("age_band", cell.age_band), ("neighbourhood", place)):
            sizes = tables[dimension].setdefault(value, dict.fromkeys(GROUPS, 0))
            for group in GROUPS:
                sizes[group] += cell.sizes[group]
    return tables


def _neighbourhoods(ids: set[UUID]) -> dict[UUID, str]:
    """qpv, rural, or elsewhere."""
    rows = Territory.objects.filter(pk__in=ids).values_list("pk", "kind", "is_rural")
    return {pk: "qpv" if kind == TerritoryKind.QPV else "rural" if rural else "elsewhere" for pk, kind, rural in rows}


# --- rows of the period ----------------------------------------------------------------------------------------------


def _encounters(scope: Scope, period: Period) -> QuerySet[Encounter]:
    return Encounter.objects.filter(scope.rows(), period.rows("at"), cancelled_at=None)


def _reached(scope: Scope, period: Period) -> QuerySet[Contact]:
    rows = Contact.objects.met().filter(scope.rows("need__"), period.rows("at"))
    return rows.exclude(need__card=None)


def _needs(scope: Scope, period: Period) -> QuerySet[Need]:
    """Needs opened in the period, those noted twice or by error apart."""
    rows = Need.objects.filter(scope.rows(), period.rows("opened_at"))
    return rows.exclude(outcome__in=[Outcome.DUPLICATE, Outcome.ENTERED_IN_ERROR])


def _referrals(scope: Scope, period: Period) -> QuerySet[Referral]:
    return Referral.objects.filter(scope.rows(), period.rows("sent_at"))


def _sessions(scope: Scope, period: Period) -> QuerySet[Session]:
    return Session.objects.filter(scope.rows(), period.rows("starts_at"), held=True)


# --- needs and referrals ---------------------------------------------------------------------------------------------


def _tally(cells: Iterable[tuple[str, int]]) -> dict[str, int]:
    tally: Counter[str] = Counter()
    for name, n in cells:
        tally[name] += n
    return dict(tally)


def _needs_counted(scope: Scope, period: Period) -> dict[tuple[str, str], int]:
    """The needs of the period by outcome and category; an open one has no outcome."""
    rows = _needs(scope, period).order_by().values_list("outcome", "category").annotate(n=Count("*"))
    return {(outcome, category): n for outcome, category, n in rows}


def _referrals_counted(scope: Scope, period: Period) -> dict[tuple[str, bool, int], int]:
    """The referrals of the period by state, whether the person was seen, and days from the sending to then; else to its
    end, else to now."""
    until = Coalesce("first_seen_at", "ended_at", Value(clock.now(), output_field=DateTimeField()))
    told = _referrals(scope, period).annotate(seen=Q(first_seen_at__isnull=False), days=WholeDays(until, "sent_at"))
    rows = told.order_by().values_list("state", "seen", "days").annotate(n=Count("*"))
    return {(state, seen, days): n for state, seen, days, n in rows}


def _known_outcome(needs: dict[tuple[str, str], int]) -> Rate:
    """Of the needs opened in the period: closed with a known outcome; open ones and closed-unknown are the unknowns."""
    every = sum(needs.values())
    unknown = sum(n for (outcome, _category), n in needs.items() if outcome in {"", Outcome.UNKNOWN})
    return Rate(every - unknown, every, unknown)


def _kept(sent: dict[tuple[str, bool, int], int]) -> Rate:
    """Of the referrals sent in the period: the person was seen; those without an end yet, or unknown, are unknowns."""
    against = {ReferralState.MISSED, ReferralState.DECLINED, ReferralState.CAME_NOT_SEEN}
    every = sum(sent.values())
    seen = sum(n for (_state, seen, _days), n in sent.items() if seen)
    lost = sum(n for (state, seen, _days), n in sent.items() if not seen and state in against)
    return Rate(seen, every, every - seen - lost)


def _delay(sent: dict[tuple[str, bool, int], int]) -> delays.Delay:
    """From sending to being seen, those still waiting counted; what ended unseen waits until its end."""
    return delays.observed(delays.Wait(max(0, days), seen, people=n) for (_state, seen, days), n in sent.items())


# --- the rows behind a figure ----------------------------------------------------------------------------------------


def people_in(group: str, scope: Scope, period: Period) -> list[UUID]:
    """The cards and codes that a group counts, before links, in the order they were opened."""
    seen, params = _seen(scope, period)
    column = {"active": "1", "informed": "informed", "oriented": "oriented", "accompanied": "accompanied"}.get(
        group, "informed + oriented + accompanied"
    )
    statement = f"WITH {seen} SELECT card_id FROM seen GROUP BY card_id HAVING MAX({column}) > 0 ORDER BY card_id"  # noqa: S608  # no value from outside
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [UUID(str(card_id)) for (card_id,) in cursor.fetchall()]


def needs_in(outcome: str, scope: Scope, period: Period) -> QuerySet[Need]:
    """The needs behind one line of outcomes; "open" for those without one."""
    return _needs(scope, period).filter(outcome="" if outcome == "open" else outcome).order_by("opened_at", "id")


def referrals_in(state: str, scope: Scope, period: Period) -> QuerySet[Referral]:
    """The referrals behind one line of states; "seen" for those counted as kept."""
    rows = _referrals(scope, period).order_by("sent_at", "id")
    return rows.filter(first_seen_at__isnull=False) if state == "seen" else rows.filter(state=state)
