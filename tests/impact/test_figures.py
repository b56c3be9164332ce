from datetime import UTC, datetime, timedelta

import pytest

from allervers.core import clock
from allervers.directory.models import Territory
from allervers.impact.figures import figures
from allervers.impact.groups import Period
from allervers.impact.rules import Scope
from allervers.needs.models import Contact, Encounter, Need
from allervers.people.models import CardLink, PersonCard, Receipt
from allervers.referrals.models import Referral
from tests.cast import Cast

MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)
PERIOD = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def _scope(cast: Cast) -> Scope:
    return Scope(cast.lille.id, cast.wazemmes.id, "Wazemmes", "Europe/Paris")


def _meet(cast: Cast, card: PersonCard | None = None, heads: int = 1, at: datetime = MARCH, **told: bool) -> Encounter:
    stratum = "anonymous" if card is None else "identified" if card.is_named else "coded"
    return Encounter.objects.create(
        network=cast.lille,
        organisation=cast.association,
        hub=cast.wazemmes,
        card=card,
        stratum=stratum,
        head_count=heads,
        at=at,
        **told,
    )


def test_each_person_counts_once_whatever_she_received(cast: Cast) -> None:
    named, coded = cast.card(), cast.card(named=False)
    _meet(cast, named, informed=True)
    _meet(cast, named, oriented=True)
    _meet(cast, coded, accompanied=True)
    _meet(cast, heads=40, informed=True)

    made = figures(_scope(cast), PERIOD)

    assert made.visits == 4
    assert {name: count.known for name, count in made.groups.items()} == {
        "active": 2, "informed": 1, "oriented": 1, "accompanied": 1, "union": 2,
    }  # fmt: skip
    assert (made.groups["union"].low, made.groups["union"].high) == (40, 42)
    assert made.groups["informed"].anonymous == 40


def test_two_contacts_about_a_need_are_accompaniment(cast: Cast) -> None:
    card = cast.card()
    need = Need.objects.create(
        network=cast.lille, organisation=cast.association, hub=cast.wazemmes, card=card, category="eyes",
        encounter=_meet(cast, card), opened_at=MARCH,
    )  # fmt: skip

    assert figures(_scope(cast), PERIOD).groups["accompanied"].known == 0
    Contact.objects.create(need=need, result="no_answer", at=MARCH + timedelta(days=1))
    assert figures(_scope(cast), PERIOD).groups["accompanied"].known == 0
    Contact.objects.create(need=need, result="reached", at=MARCH + timedelta(days=2))
    assert figures(_scope(cast), PERIOD).groups["accompanied"].known == 1


def test_confirmed_link_makes_one_person_of_two_cards(cast: Cast) -> None:
    first, second = sorted([cast.card(), cast.card()], key=lambda card: card.id)
    _meet(cast, first)
    _meet(cast, second)
    link = CardLink.objects.create(organisation=cast.association, first=first, second=second)

    counted = figures(_scope(cast), PERIOD).groups["active"]
    assert (counted.known, counted.low, counted.high) == (2, 1, 2)
    link.state = "confirmed"
    link.save()
    counted = figures(_scope(cast), PERIOD).groups["active"]
    assert (counted.known, counted.low, counted.high) == (1, 1, 1)


def test_outside_the_hub_the_period_or_undone_does_not_count(cast: Cast) -> None:
    _meet(cast, cast.card(), at=PERIOD.end)
    undone = _meet(cast, cast.card())
    Encounter.objects.filter(pk=undone.pk).update(cancelled_at=MARCH)
    elsewhere = _meet(cast, cast.card(cast.moulins))
    Encounter.objects.filter(pk=elsewhere.pk).update(hub=cast.moulins)

    assert figures(_scope(cast), PERIOD).groups["active"].known == 0
    network = Scope(cast.lille.id, None, "Lille", "Europe/Paris")
    assert figures(network, PERIOD).groups["active"].known == 1


def test_breakdowns_sum_to_the_known_with_their_unknowns(cast: Cast) -> None:
    qpv = Territory.objects.create(kind="qpv", code="QP059", name="Wazemmes")
    _meet(cast, cast.card(sex="woman", age_band="26-44", territory=qpv))
    _meet(cast, cast.card(sex="woman"))
    _meet(cast, cast.card(named=False))

    tables = figures(_scope(cast), PERIOD).breakdowns

    assert {value: sizes["active"] for value, sizes in tables["sex"].items()} == {"woman": 2, "": 1}
    assert {value: sizes["active"] for value, sizes in tables["neighbourhood"].items()} == {"qpv": 1, "": 2}
    assert all(sum(sizes["active"] for sizes in table.values()) == 3 for table in tables.values())


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_cost_the_same_whatever_the_rows(cast: Cast, rows: int, django_assert_num_queries: object) -> None:
    for _ in range(rows):
        _meet(cast, cast.card(sex="man"), informed=True)

    with django_assert_num_queries(8):  # type: ignore[operator]  # a fixture of pytest-django
        figures(_scope(cast), PERIOD)


def test_delay_counts_those_who_still_wait(cast: Cast) -> None:
    card = cast.card()
    agreement = Receipt.objects.create(
        network=cast.lille, organisation=cast.association, card=card, kind="sharing", mode="shown", language="fr",
        words="…", recipient=cast.hospital,
    )  # fmt: skip
    need = Need.objects.create(
        network=cast.lille, organisation=cast.association, hub=cast.wazemmes, card=card, category="eyes"
    )
    for number, seen_after in enumerate((10, 30, None, None)):
        Referral.objects.create(
            network=cast.lille, organisation=cast.association, hub=cast.wazemmes, need=need, card=card,
            recipient=cast.hospital, agreement=agreement, line_code=f"T-{number}", sent_at=MARCH,
            state="sent" if seen_after is None else "kept",
            first_seen_at=seen_after and MARCH + timedelta(days=seen_after),
        )  # fmt: skip

    with clock.fixed(MARCH + timedelta(days=60)):
        delay = figures(_scope(cast), PERIOD).delay

    assert (delay.served, delay.waiting, delay.mean, delay.median, delay.longest_waiting) == (2, 2, 20, 30, 60)
