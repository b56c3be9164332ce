"""Who is in each group of a period: cards and codes as sets of ids, people without either as head-counts.

Three reads of rows, whatever the size of the network: encounters, contacts about needs, referrals. Each joins the ids it
tells of into a few texts; what follows is done on sets, so that someone met ten times is still one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory
from allervers.impact import counting
from allervers.impact.id_list import IdList, ids
from allervers.impact.rules import Scope
from allervers.needs.models import Contact, Encounter
from allervers.people.enums import LinkState
from allervers.people.models import CardLink, PersonCard
from allervers.programmes.models import Session
from allervers.referrals.models import Referral

GROUPS = ("active", "informed", "oriented", "accompanied", "union")
_IN_GROUP = {
    "active": Q(),
    "informed": Q(informed=True),
    "oriented": Q(oriented=True),
    "accompanied": Q(accompanied=True),
    "union": Q(informed=True) | Q(oriented=True) | Q(accompanied=True),
}


@dataclass(frozen=True)
class Period:
    """From a moment included to a moment excluded."""

    start: datetime
    end: datetime

    def rows(self, field_name: str) -> Q:
        return Q(**{f"{field_name}__gte": self.start, f"{field_name}__lt": self.end})


@dataclass(frozen=True)
class People:
    """`cards`: the ids of cards and codes in each group, as the database writes them. `heads`: people met without
    either, and `largest` the largest single count of them. `visits`: encounters, a head-count being one."""

    cards: dict[str, set[str]]
    heads: dict[str, int]
    largest: dict[str, int]
    visits: int


def people(scope: Scope, period: Period) -> People:
    """Everyone of a period, in four queries."""
    met, reached = _met(scope, period), _reached(scope, period)
    sent = ids(referrals(scope, period).aggregate(sent=IdList("card_id"))["sent"])
    again = ids(reached["again"])
    informed, oriented = ids(met["informed_cards"]), ids(met["oriented_cards"]) | sent
    accompanied = ids(met["accompanied_cards"]) | again
    union = informed | oriented | accompanied
    active = union | ids(met["neither_cards"]) | ids(reached["once"])
    cards = dict(zip(GROUPS, (active, informed, oriented, accompanied, union), strict=True))
    held = _sessions(scope, period).aggregate(heads=Sum("head_count"), largest=Max("head_count"))
    heads = {group: met[f"{group}_heads"] or 0 for group in GROUPS}
    largest = {group: met[f"{group}_largest"] or 0 for group in GROUPS}
    heads["active"] += held["heads"] or 0
    largest["active"] = max(largest["active"], held["largest"] or 0)
    return People(cards, heads, largest, met["visits"])


def people_in(group: str, scope: Scope, period: Period) -> list[UUID]:
    """The cards and codes that a group counts, before links, in the order they were opened."""
    return sorted(map(UUID, people(scope, period).cards[group]))


# --- rows of the period ----------------------------------------------------------------------------------------------


def referrals(scope: Scope, period: Period) -> QuerySet[Referral]:
    return Referral.objects.filter(scope.rows(), period.rows("sent_at"))


def _sessions(scope: Scope, period: Period) -> QuerySet[Session]:
    return Session.objects.filter(scope.rows(), period.rows("starts_at"), held=True)


def _met(scope: Scope, period: Period) -> dict[str, Any]:
    """One pass over the encounters: how many, whose, and the heads met without card or code."""
    told: dict[str, Any] = {"visits": Count("*"), "neither_cards": IdList("card_id", filter=~_IN_GROUP["union"])}
    for group in ("informed", "oriented", "accompanied"):
        told[f"{group}_cards"] = IdList("card_id", filter=_IN_GROUP[group])
    for group, is_in in _IN_GROUP.items():
        told[f"{group}_heads"] = Sum("head_count", filter=is_in & Q(card=None))
        told[f"{group}_largest"] = Max("head_count", filter=is_in & Q(card=None))
    return Encounter.objects.standing().filter(scope.rows(), period.rows("at")).aggregate(**told)


def _reached(scope: Scope, period: Period) -> dict[str, str | None]:
    """Whose needs were spoken of `once`, and `again`, which accompanies: with another contact about the same need before
    the period's end; the encounter that opened the need is one."""
    others = Contact.objects.met().filter(need=OuterRef("need"), at__lt=period.end).exclude(pk=OuterRef("pk"))
    again = Q(need__encounter__isnull=False) | Q(Exists(others.order_by()))  # first: most needs are spared the search
    rows = Contact.objects.met().filter(scope.rows("need__"), period.rows("at")).exclude(need__card=None)
    return rows.aggregate(again=IdList("need__card_id", filter=again), once=IdList("need__card_id", filter=~again))


# --- distinct people -------------------------------------------------------------------------------------------------

Link = tuple[str, str, str]


def links(scope: Scope) -> list[Link]:
    """Confirmed and candidate links between cards of the scope; a handful beside the cards."""
    kept = CardLink.objects.exclude(state=LinkState.REJECTED).filter(scope.rows("first__"))
    return list(kept.values_list(Cast("first_id", TextField()), Cast("second_id", TextField()), "state"))


@dataclass(frozen=True)
class Cell:
    """Cards and codes of one stratum, sex, age band and place, with how many are in each group."""

    named: bool
    sex: str
    age_band: str
    place: UUID | None
    sizes: dict[str, int]


def cells(scope: Scope, found: People) -> list[Cell]:
    """Every card and code of the groups stands in one cell."""
    rows = PersonCard.objects.filter(network_id=scope.network_id).order_by()
    traits = rows.values_list("is_named", "sex", "age_band", "territory_id").annotate(cards=IdList("id"))
    made = []
    for named, sex, age_band, place, joined in traits:
        alike = ids(joined)
        sizes = {group: len(alike & cards) for group, cards in found.cards.items()}
        if sizes["active"]:
            made.append(Cell(named, sex, age_band, place, sizes))
    return made


def counts(found: People, made: list[Cell], kept: list[Link]) -> dict[str, counting.Count]:
    """Each group's count: distinct people under confirmed links, and the interval with candidate ones."""
    confirmed = counting.people(link[:2] for link in kept if link[2] == LinkState.CONFIRMED)
    every = counting.people(link[:2] for link in kept)
    return {
        group: counting.count(
            identified=sum(cell.sizes[group] for cell in made if cell.named),
            coded=sum(cell.sizes[group] for cell in made if not cell.named),
            confirmed_surplus=counting.surplus(cards & confirmed.keys(), confirmed),
            every_surplus=counting.surplus(cards & every.keys(), every),
            anonymous=found.heads[group],
            largest_head_count=found.largest[group],
        )
        for group, cards in found.cards.items()
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
