"""Who is in each group of a period: cards and codes on the network's roll, people without either as head-counts.

Three reads of rows, whatever the size of the network: encounters, and beside them contacts about needs, referrals. Each joins
the ids it tells of into a few texts, which mark the roll.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast

from allervers.accounts.beside import beside
from allervers.core import clock
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory
from allervers.impact import counting, kept
from allervers.impact.kept import Kept
from allervers.impact.roll import ACCOMPANIED, GROUPS, INFORMED, MET, ORIENTED, Cell, Joined, Roll
from allervers.impact.rules import Scope
from allervers.needs.models import Contact, Encounter
from allervers.people.enums import LinkState
from allervers.people.models import CardLink
from allervers.programmes.models import Session
from allervers.referrals.models import Referral

_HEAD = 16  # a head-count is joined as its number times this, plus its groups' bits
_BITS = {"informed": INFORMED, "oriented": ORIENTED, "accompanied": ACCOMPANIED}


@dataclass(frozen=True)
class Period:
    """From a moment included to a moment excluded."""

    start: datetime
    end: datetime

    def rows(self, field_name: str) -> Q:
        return Q(**{f"{field_name}__gte": self.start, f"{field_name}__lt": self.end})


@dataclass(frozen=True)
class People:
    """`roll`: cards and codes, marked. `heads`: people met without either, and `largest` the largest single count of them.
    `visits`: encounters, a head-count being one."""

    roll: Roll
    heads: dict[str, int]
    largest: dict[str, int]
    visits: int


def people(scope: Scope, period: Period) -> People:
    """Everyone of a period, in a constant number of queries; what was before this month is counted once."""
    past, present = _before_and_since(period, scope.timezone)
    key = (scope.network_id, scope.hub_id, past.start, past.end)
    stamp = kept.stamp(key)
    known = kept.at(key, stamp)
    parts = [period] if stamp is None else [present] if known else [past, present]
    parts = [part for part in parts if part.start < part.end]
    followed = beside(scope.network_id, lambda: [(_reached(scope, part), _sent(scope, part)) for part in parts])
    met = [_met(scope, part) for part in parts]
    held = _sessions(scope, period).aggregate(heads=Sum("head_count"), largest=Max("head_count"))
    roll = Roll(scope.network_id)  # after the encounters: whoever was met is on it
    if known:
        roll.mark_kept(known.cards, known.bits)
    counted = [known] if known else []
    for place, part in enumerate(parts):
        roll.mark(met[place]["neither_cards"], MET)
        for name, bit in _BITS.items():
            roll.mark(met[place][f"{name}_cards"], bit)
        reached, sent = followed()[place]
        roll.mark(reached["once"], MET)
        roll.mark(reached["again"], ACCOMPANIED)
        roll.mark(sent, ORIENTED)
        cards, bits = roll.marked() if part is past else ("", b"")
        counted.append(Kept(cards, bits, *_heads(met[place]["heads"]), met[place]["visits"]))
        if part is past:
            kept.keep(key, stamp, counted[0])
    heads = {group: sum(one.heads[group] for one in counted) for group in GROUPS}
    largest = {group: max((one.largest[group] for one in counted), default=0) for group in GROUPS}
    heads["active"] += held["heads"] or 0
    largest["active"] = max(largest["active"], held["largest"] or 0)
    return People(roll, heads, largest, sum(one.visits for one in counted))


def _before_and_since(period: Period, timezone: str) -> tuple[Period, Period]:
    """What was before this month, what is since; either may be empty. Whoever is accompanied by contacts of both is so by the
    second, which looks back."""
    first = datetime.combine(clock.today(timezone).replace(day=1), time(), ZoneInfo(timezone))
    first = min(max(first, period.start), period.end)
    return Period(period.start, first), Period(first, period.end)


def people_in(group: str, scope: Scope, period: Period) -> list[UUID]:
    """The cards and codes that a group counts, before links, in the order they were opened."""
    return sorted(map(UUID, people(scope, period).roll.those_in(group)))


# --- rows of the period ----------------------------------------------------------------------------------------------


def referrals(scope: Scope, period: Period) -> QuerySet[Referral]:
    return Referral.objects.filter(scope.rows(), period.rows("sent_at"))


def _sent(scope: Scope, period: Period) -> str | None:
    """Whose referrals left."""
    joined: str | None = referrals(scope, period).aggregate(cards=Joined("card_id"))["cards"]
    return joined


def _sessions(scope: Scope, period: Period) -> QuerySet[Session]:
    return Session.objects.filter(scope.rows(), period.rows("starts_at"), held=True)


def _met(scope: Scope, period: Period) -> dict[str, Any]:
    """One pass over the encounters: how many, whose, and the heads met without card or code, each with its groups' bits."""
    bits = sum((Cast(name, IntegerField()) * bit for name, bit in _BITS.items()), Value(MET))
    told: dict[str, Any] = {
        "visits": Count("*"),
        "heads": Joined(F("head_count") * _HEAD + bits, filter=Q(card=None)),
        "neither_cards": Joined("card_id", filter=Q(informed=False, oriented=False, accompanied=False)),
    }
    told |= {f"{name}_cards": Joined("card_id", filter=Q(**{name: True})) for name in _BITS}
    return Encounter.objects.standing().filter(scope.rows(), period.rows("at")).aggregate(**told)


def _heads(joined: str | None) -> tuple[dict[str, int], dict[str, int]]:
    """Of the heads that `_met` joins: how many in each group, and the largest single count of them."""
    heads, largest = dict.fromkeys(GROUPS, 0), dict.fromkeys(GROUPS, 0)
    for number, times in Counter((joined or "").split(",")).items():
        count, bits = divmod(int(number or 0), _HEAD)
        for group in GROUPS:
            if bits & GROUPS[group]:
                heads[group] += count * times
                largest[group] = max(largest[group], count)
    return heads, largest


def _reached(scope: Scope, period: Period) -> dict[str, str | None]:
    """Whose needs were spoken of `once`, and `again`, which accompanies: with another contact about the same need before
    the period's end; the encounter that opened the need is one."""
    others = Contact.objects.met().filter(need=OuterRef("need"), at__lt=period.end).exclude(pk=OuterRef("pk"))
    again = Q(need__encounter__isnull=False) | Q(Exists(others.order_by()))  # first: most needs are spared the search
    rows = Contact.objects.met().filter(scope.rows("need__"), period.rows("at")).exclude(need__card=None)
    return rows.aggregate(again=Joined("need__card_id", filter=again), once=Joined("need__card_id", filter=~again))


# --- distinct people -------------------------------------------------------------------------------------------------

Link = tuple[str, str, str]


def links(scope: Scope) -> list[Link]:
    """Confirmed and candidate links between cards of the scope; a handful beside the cards."""
    kept = CardLink.objects.exclude(state=LinkState.REJECTED).filter(scope.rows("first__"))
    return list(kept.values_list(Cast("first_id", TextField()), Cast("second_id", TextField()), "state"))


def counts(found: People, made: list[Cell], kept: list[Link]) -> dict[str, counting.Count]:
    """Each group's count: distinct people under confirmed links, and the interval with candidate ones."""
    confirmed = counting.people(link[:2] for link in kept if link[2] == LinkState.CONFIRMED)
    every = counting.people(link[:2] for link in kept)
    linked = found.roll.groups_of(every)
    made_of = {group: [card for card, bits in linked.items() if bits & wanted] for group, wanted in GROUPS.items()}
    return {
        group: counting.count(
            identified=sum(cell.sizes[group] for cell in made if cell.named),
            coded=sum(cell.sizes[group] for cell in made if not cell.named),
            confirmed_surplus=counting.surplus(made_of[group], confirmed),
            every_surplus=counting.surplus(made_of[group], every),
            anonymous=found.heads[group],
            largest_head_count=found.largest[group],
        )
        for group in GROUPS
    }


def breakdowns(made: list[Cell]) -> dict[str, dict[str, dict[str, int]]]:
    """Known people by sex, age band and kind of neighbourhood. Each dimension sums to cards and codes before links."""
    kinds = _neighbourhoods({cell.place for cell in made if cell.place})
    tables: dict[str, dict[str, dict[str, int]]] = {"sex": {}, "age_band": {}, "neighbourhood": {}}
    for cell in made:
        kind = kinds.get(cell.place, "") if cell.place else ""
        for dimension, value in (("sex", cell.sex), ("age_band", cell.age_band), ("neighbourhood", kind)):
            sizes = tables[dimension].setdefault(value, dict.fromkeys(GROUPS, 0))
            for group in GROUPS:
                sizes[group] += cell.sizes[group]
    return tables


def _neighbourhoods(places: set[UUID]) -> dict[UUID, str]:
    """qpv, rural, or elsewhere."""
    rows = Territory.objects.filter(pk__in=places).values_list("pk", "kind", "is_rural")
    return {pk: "qpv" if kind == TerritoryKind.QPV else "rural" if rural else "elsewhere" for pk, kind, rural in rows}
