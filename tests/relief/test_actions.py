"""Calls and offers: what is kept, sealed, moved, forgotten, and by whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from allervers.core import clock
from allervers.journal.models import Event
from allervers.relief import actions, duties, rules, sealing
from allervers.relief.enums import CallKind, Gift, OfferState
from allervers.relief.errors import Incomplete, OutOfTurn
from allervers.relief.models import Call, Offer
from tests import markers
from tests.cast import Cast


def offered(cast: Cast, **changed: object) -> Offer:
    """Someone whose name and number are markers offers to Wazemmes."""
    card = cast.card()
    given = {
        "gifts": (Gift.CAR,),
        "phone": markers.new_phone(card),
        "name": markers.new("first_name", card),
        "words": markers.new("note", card),
    }
    return actions.take_offer(cast.wazemmes, given=actions.Given(**(given | changed)))  # type: ignore[arg-type]


def called(cast: Cast, **changed: object) -> Call:
    terms = {"kind": CallKind.DRIVER, "until": clock.today(), "wanted": 2} | changed
    return actions.write_call(cast.lille.pk, terms=actions.Terms(**terms), by=cast.viewer("lead"))  # type: ignore[arg-type]


def test_who_offers_is_sealed_and_read_again_by_her_hub_only(cast: Cast) -> None:
    offer = offered(cast, phone="+33639980101", name="Amina", words="Le mardi")

    row = Offer.objects.get()
    assert sealing.told(row) == {"name": "Amina", "phone": "+33639980101", "words": "Le mardi"}
    assert b"Amina" not in bytes(row.sealed) and b"39980101" not in bytes(row.sealed)
    readers = {who for who in cast.memberships if rules.offers_for(cast.viewer(who)).filter(pk=offer.pk).exists()}
    assert readers == {"lead", "mediator"}


def test_the_journal_tells_codes_only(cast: Cast) -> None:
    offer = offered(cast, phone="+33639980101", name="Amina")

    event = Event.objects.get(kind="offer.taken")
    assert event.subject_id == str(offer.pk) and event.actor_id == ""
    assert "Amina" not in event.text and "39980101" not in event.text


def test_a_doubtful_one_is_kept_for_the_team(cast: Cast) -> None:
    given = actions.Given(gifts=(Gift.TIME,), phone="+33639980101")

    offer = actions.take_offer(cast.wazemmes, given=given, doubtful=True)

    assert (offer.state, list(Offer.objects.waiting())) == (OfferState.DOUBTFUL, [offer])


def test_sent_twice_it_is_kept_once(cast: Cast) -> None:
    given, operation = actions.Given(gifts=(Gift.TIME,), phone="+33639980101"), uuid4()

    first, second = (actions.take_offer(cast.wazemmes, given=given, operation=operation) for _ in range(2))

    assert first == second and Offer.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.take_offer(cast.arnaud, given=given, operation=operation)


def test_a_call_of_another_network_is_not_answered_here(cast: Cast) -> None:
    call, given = called(cast), actions.Given(gifts=(Gift.TIME,), phone="+33639980101")

    assert actions.take_offer(cast.arnaud, given=given, call=call).call is None
    assert actions.take_offer(cast.wazemmes, given=given, call=call).call == call


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((actions.call_back,), OfferState.CALLED),
        ((actions.call_back, actions.keep), OfferState.KEPT),
        ((actions.decline, actions.keep), OfferState.KEPT),
        ((actions.keep, actions.withdraw), OfferState.WITHDRAWN),
    ],
)
def test_an_offer_goes_from_state_to_state(cast: Cast, steps: tuple[object, ...], state: OfferState) -> None:
    offer, by = offered(cast), cast.viewer("mediator")

    for step in steps:
        step(offer, by=by)  # type: ignore[operator]

    row = Offer.objects.get()
    assert (row.state, row.answered_by_id) == (state, by.membership_id)
    assert (row.left_at is not None) == (state == OfferState.WITHDRAWN)


@pytest.mark.parametrize(
    ("first", "then"),
    [(actions.call_back, actions.call_back), (actions.withdraw, actions.keep), (actions.keep, actions.call_back)],
)
def test_what_changed_meanwhile_is_not_changed_again(cast: Cast, first: object, then: object) -> None:
    offer, by = offered(cast), cast.viewer("mediator")
    first(offer, by=by)  # type: ignore[operator]
    state = Offer.objects.get().state

    with pytest.raises(OutOfTurn):
        then(Offer.objects.get(), by=by)  # type: ignore[operator]
    assert Offer.objects.get().state == state


@pytest.mark.parametrize("who", ["coordinator", "sister", "other", "foreigner", "ambassador", "volunteer"])
@pytest.mark.parametrize("step", [actions.call_back, actions.keep, actions.decline, actions.withdraw, actions.forget])
def test_only_her_hub_answers(cast: Cast, who: str, step: object) -> None:
    offer = offered(cast)

    with pytest.raises(PermissionDenied):
        step(offer, by=cast.viewer(who))  # type: ignore[operator]
    assert Offer.objects.get().state == OfferState.NEW


def test_forgetting_takes_who_she_is_at_once(cast: Cast) -> None:
    offer = offered(cast)

    actions.forget(offer, by=cast.viewer("lead"))

    row = Offer.objects.get()
    assert (sealing.told(row), row.state, row.gifts) == ({}, OfferState.WITHDRAWN, ["car"])
    assert row.left_at is not None


@pytest.mark.parametrize(
    ("step", "days", "is_forgotten"),
    [
        (None, 89, False),
        (None, 91, True),
        (actions.call_back, 91, True),
        (actions.keep, 800, False),
        (actions.withdraw, 364, False),
        (actions.withdraw, 366, True),
        (actions.decline, 366, True),
    ],
)
def test_who_offered_is_forgotten_in_time(cast: Cast, step: object, days: int, is_forgotten: bool) -> None:
    offer = offered(cast)
    if step:
        step(offer, by=cast.viewer("lead"))  # type: ignore[operator]

    done = duties.clean_up(clock.now() + timedelta(days=days))

    assert done == {"offers_forgotten": int(is_forgotten)}
    assert (Offer.objects.get().sealed == b"") == is_forgotten


def test_an_offer_for_one_day_is_forgotten_a_year_after_it(cast: Cast) -> None:
    offer = offered(cast, on=clock.today() + timedelta(days=10))
    actions.keep(offer, by=cast.viewer("lead"))

    assert duties.clean_up(clock.now() + timedelta(days=370)) == {"offers_forgotten": 0}
    assert duties.clean_up(clock.now() + timedelta(days=377)) == {"offers_forgotten": 1}


def test_a_network_shortens_and_never_lengthens(cast: Cast) -> None:
    offered(cast)
    cast.lille.retention = {"request": 10, "volunteer": 5000}
    cast.lille.save()

    assert duties.clean_up(clock.now() + timedelta(days=9)) == {"offers_forgotten": 0}
    assert duties.clean_up(clock.now() + timedelta(days=11)) == {"offers_forgotten": 1}


def test_a_call_is_written_once_and_closed_once(cast: Cast) -> None:
    by, operation = cast.viewer("lead"), uuid4()
    terms = actions.Terms(CallKind.DRIVER, clock.today())
    first, second = (actions.write_call(cast.lille.pk, terms=terms, by=by, operation=operation) for _ in range(2))
    assert first == second and Call.objects.count() == 1

    for _ in range(2):
        actions.close_call(first, by=by)
    assert not Call.objects.standing(clock.today()).exists()
    assert Event.objects.filter(kind="call.closed").count() == 1


def test_money_has_a_link_and_only_money_has(cast: Cast) -> None:
    for kind, link in ((CallKind.MONEY, ""), (CallKind.DRIVER, "https://don.example.org/")):
        with pytest.raises(Incomplete):
            called(cast, kind=kind, link=link)
    assert called(cast, kind=CallKind.MONEY, link="https://don.example.org/").link


def test_a_call_of_a_past_day_is_not_written_beyond_its_end(cast: Cast) -> None:
    with pytest.raises(Incomplete):
        called(cast, on=clock.today() + timedelta(days=2))


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "member", "auditor", "technical", "foreigner"])
def test_who_does_not_write_calls(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.write_call(cast.lille.pk, terms=actions.Terms(CallKind.FOOD, clock.today()), by=cast.viewer(who))


def test_calls_are_closed_by_their_own_organisation(cast: Cast) -> None:
    fives = actions.Terms(CallKind.FOOD, clock.today(), hub=cast.fives)
    everywhere = actions.Terms(CallKind.FOOD, clock.today())
    for terms in (fives, everywhere):
        actions.write_call(cast.lille.pk, terms=terms, by=cast.viewer("coordinator"))

    seen = {who: rules.calls_for(cast.viewer(who)).count() for who in ("coordinator", "other", "lead", "auditor")}

    assert seen == {"coordinator": 2, "other": 2, "lead": 1, "auditor": 0}
