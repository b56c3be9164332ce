"""The figures, which the database counts, beside a plain count in Python of the same rows, drawn at random."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from allervers.core import clock, ids
from allervers.core.rates import Rate
from allervers.impact.figures import Figures, figures
from allervers.impact.groups import Period, people_in
from allervers.impact.roll import GROUPS
from allervers.impact.rules import Scope
from allervers.needs.models import Contact, Encounter, Need
from allervers.people.models import CardLink, PersonCard, Receipt
from allervers.referrals import delays
from allervers.referrals.models import Referral
from tests.cast import Cast

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
AROUND = (datetime(2025, 12, 1, tzinfo=UTC), END + timedelta(days=31))
EDGES = (START, END, START - timedelta(microseconds=1), END - timedelta(microseconds=1))
NOW = datetime(2026, 9, 1, 12, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("whole_network", [False, True])
def test_figures_are_what_a_count_by_hand_gives(cast: Cast, seed: int, whole_network: bool) -> None:
    Year(cast, random.Random(seed)).write()
    scope = Scope(cast.lille.id, None if whole_network else cast.wazemmes.id, "", "Europe/Paris")

    with clock.fixed(NOW):
        made = figures(scope, Period(START, END))
        people, by_hand = count_by_hand(scope)

    assert {
        name: (c.identified, c.coded, c.anonymous, c.low, c.high) for name, c in made.groups.items()
    } == by_hand.pop("groups")
    assert {name: getattr(made, name) for name in by_hand} == by_hand
    assert {group: set(people_in(group, scope, Period(START, END))) for group in GROUPS} == people
    assert _sums(made) == {group: len(found) for group, found in people.items()}


class Year:
    """Rows of two hubs and of another organisation, inside the period, outside, and on its edges."""

    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self.cast, self.chance = cast, chance
        self.cards = [
            cast.card(
                chance.choice([cast.wazemmes, cast.moulins, cast.fives]),
                named=chance.random() < 0.7,
                sex=chance.choice(["woman", "man", ""]),
                age_band=chance.choice(["26-44", ""]),
            )
            for _ in range(12)
        ]

    def write(self) -> None:
        encounters = [self._encounter() for _ in range(20)]
        for first, second in zip(self.cards, self.cards[1:], strict=False):
            if first.organisation_id == second.organisation_id and self.chance.random() < 0.7:
                self._link(*sorted([first, second], key=lambda card: card.id))
        for card in self.cards:
            need = self._need(card, [one for one in encounters if one.card_id == card.id])
            for _ in range(self.chance.choice([0, 1, 1, 2, 3])):
                self._contact(need, encounters)
            self._referral(need)

    def _link(self, first: PersonCard, second: PersonCard) -> None:
        state = self.chance.choice(["candidate", "confirmed", "rejected"])
        CardLink.objects.create(organisation=first.organisation, first=first, second=second, state=state)

    def _at(self) -> datetime:
        if self.chance.random() < 0.15:
            return self.chance.choice(EDGES)
        return AROUND[0] + (AROUND[1] - AROUND[0]) * self.chance.random()

    def _where(self, card: PersonCard | None) -> dict[str, Any]:
        hub = card.hub if card else self.chance.choice([self.cast.wazemmes, self.cast.fives])
        assert hub is not None
        return {"network": hub.network, "organisation": hub.organisation, "hub": hub, "card": card}

    def _encounter(self) -> Encounter:
        card = self.chance.choice([*self.cards, None, None, None])
        return Encounter.objects.create(
            **self._where(card),
            stratum="anonymous" if card is None else "identified" if card.is_named else "coded",
            head_count=1 if card else self.chance.randint(1, 9),
            at=self._at(),
            cancelled_at=self.chance.choice([None, None, None, NOW]),
            **{told: self.chance.random() < 0.4 for told in ("informed", "oriented", "accompanied")},
        )

    def _need(self, card: PersonCard, met: list[Encounter]) -> Need:
        outcome = self.chance.choice(["", "solved", "unknown", "duplicate", "entered_in_error"])
        return Need.objects.create(
            **self._where(card),
            category=self.chance.choice(["eyes", "teeth"]),
            encounter=self.chance.choice([None, *met]),
            opened_at=self._at(),
            outcome=outcome,
            state="closed" if outcome else "opened",
            closed_at=NOW if outcome else None,
        )

    def _contact(self, need: Need, encounters: list[Encounter]) -> None:
        Contact.objects.create(
            need=need,
            at=self._at(),
            result=self.chance.choice(["reached", "reached", "no_answer"]),
            encounter=self.chance.choice([None, None, *encounters[:3]]),
        )

    def _referral(self, need: Need) -> None:
        where = self._where(need.card)
        agreement = Receipt.objects.create(
            network=where["network"], organisation=where["organisation"], card=need.card, kind="sharing", mode="shown",
            language="fr", words="…", recipient=self.cast.hospital,
        )  # fmt: skip
        sent = self.chance.choice([None, self._at(), self._at()])
        after = sent and sent + timedelta(days=self.chance.randint(0, 5), microseconds=self.chance.choice([-1, 0, 1]))
        Referral.objects.create(
            **where,
            need=need,
            recipient=self.cast.hospital,
            agreement=agreement,
            line_code=f"T-{ids.new_id().hex[-8:]}",
            sent_at=sent,
            state=self.chance.choice(["sent", "missed", "kept", "closed"]) if sent else "drafted",
            first_seen_at=self.chance.choice([None, after]),
            ended_at=self.chance.choice([None, after]),
        )


def _inside(at: datetime | None) -> bool:
    return at is not None and START <= at < END


def count_by_hand(scope: Scope) -> tuple[dict[str, set[Any]], dict[str, Any]]:
    """Who is in each group, and the figures."""

    def mine(row: Any) -> bool:
        return bool(row.hub_id == scope.hub_id if scope.hub_id else row.network_id == scope.network_id)

    encounters = [e for e in Encounter.objects.all() if mine(e) and _inside(e.at) and e.cancelled_at is None]
    sent = [r for r in Referral.objects.all() if mine(r) and _inside(r.sent_at)]
    needs = [n for n in Need.objects.all() if mine(n)]
    links = [link for link in CardLink.objects.exclude(state="rejected").select_related("first") if mine(link.first)]
    people: dict[str, set[Any]] = {group: set() for group in GROUPS}
    for e in encounters:
        for group in ("active", *(name for name in ("informed", "oriented", "accompanied") if getattr(e, name))):
            people[group] |= {e.card_id} - {None}
    for r in sent:
        people["active"].add(r.card_id)
        people["oriented"].add(r.card_id)
    for need in needs:
        reached = [
            c.at
            for c in need.contacts.select_related("encounter")
            if c.result == "reached" and c.at < END and (c.encounter is None or c.encounter.cancelled_at is None)
        ]
        if any(at >= START for at in reached):
            people["active"].add(need.card_id)
            if need.encounter_id or len(reached) >= 2:
                people["accompanied"].add(need.card_id)
    people = {group: found - {None} for group, found in people.items()}
    people["union"] = people["informed"] | people["oriented"] | people["accompanied"]
    opened = [n for n in needs if _inside(n.opened_at) and n.outcome not in {"duplicate", "entered_in_error"}]
    seen = [r for r in sent if r.first_seen_at]
    lost = [r for r in sent if not r.first_seen_at and r.state == "missed"]
    known = [n for n in opened if n.outcome not in {"", "unknown"}]
    return people, {
        "groups": {group: _count(group, found, encounters, links) for group, found in people.items()},
        "visits": len(encounters),
        "needs_by_outcome": Counter(n.outcome or "open" for n in opened),
        "needs_by_category": Counter(n.category for n in opened),
        "referrals_by_state": Counter(r.state for r in sent),
        "known_outcome": Rate(len(known), len(opened), len(opened) - len(known)),
        "kept": Rate(len(seen), len(sent), len(sent) - len(seen) - len(lost)),
        "delay": delays.observed(
            delays.Wait(max(0, ((r.first_seen_at or r.ended_at or NOW) - r.sent_at).days), bool(r.first_seen_at))
            for r in sent
            if r.sent_at
        ),
    }


def _count(
    group: str, found: set[Any], encounters: list[Encounter], links: list[CardLink]
) -> tuple[int, int, int, int, int]:
    named = PersonCard.objects.filter(pk__in=found, is_named=True).count()
    coded = len(found) - named
    flags = {"active": ("pk",), "union": ("informed", "oriented", "accompanied")}.get(group, (group,))
    heads = [e.head_count for e in encounters if e.card_id is None and any(getattr(e, flag) for flag in flags)]
    known = _people(found, [link for link in links if link.state == "confirmed"])
    codes = coded - min(coded, len(found) - known)  # a person with a card and a code is one with a card
    return known - codes, codes, sum(heads), max(_people(found, links), *heads, 0), known + sum(heads)


def _people(found: set[Any], links: list[CardLink]) -> int:
    """How many different people these cards are, once the links are taken as true."""
    people = [{card_id} for card_id in PersonCard.objects.values_list("pk", flat=True)]
    for link in links:
        joined = [one for one in people if one & {link.first_id, link.second_id}]
        people = [one for one in people if one not in joined] + [set().union(*joined)]
    return sum(1 for one in people if one & found)


def _sums(made: Figures) -> dict[str, int]:
    """Each group summed over one dimension of the breakdowns."""
    return {group: sum(sizes[group] for sizes in made.breakdowns["sex"].values()) for group in GROUPS}
