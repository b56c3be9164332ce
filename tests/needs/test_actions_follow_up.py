from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allervers.core import clock
from allervers.journal.models import Event
from allervers.needs import actions, errors, sealing
from allervers.needs.enums import Attempt, Category, NeedState, Outcome, Says
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.models import Contact, Encounter, Need, Obstacle
from tests.cast import Cast


def _need(cast: Cast, **values: object) -> Need:
    card = values.pop("card", None) or cast.card()
    return actions.open_need(by=cast.viewer("mediator"), category=Category.EYES, card=card, **values)  # type: ignore[arg-type]


def test_attempts_in_vain_are_counted_until_the_person_is_reached(cast: Cast) -> None:
    need, by = _need(cast), cast.viewer("mediator")

    actions.add_contact(need, by=by, result=Attempt.NO_ANSWER)
    actions.add_contact(need, by=by, result=Attempt.WRONG_NUMBER)
    counted = need.unreachable_count
    actions.add_contact(need, by=by, result=Attempt.NOTE, note="demander à la gardienne")
    kept = need.unreachable_count
    actions.add_contact(need, by=by, result=Attempt.REACHED, note="viendra jeudi")

    assert (counted, kept, need.unreachable_count, need.state) == (2, 2, 0, NeedState.IN_PROGRESS)
    assert Encounter.objects.get().mode == "phone"
    assert [sealing.note(contact) for contact in need.contacts.all()] == [
        "",
        "",
        "demander à la gardienne",
        "viendra jeudi",
    ]


def test_same_attempt_sent_twice_is_counted_once(cast: Cast) -> None:
    need, by, operation = _need(cast), cast.viewer("mediator"), uuid4()

    for _ in range(2):
        actions.add_contact(need, by=by, result=Attempt.NO_ANSWER, operation=operation)

    assert (Contact.objects.count(), Need.objects.get().unreachable_count) == (1, 1)


def test_next_contact_has_a_day_a_step_and_an_owner(cast: Cast) -> None:
    need, by, at = _need(cast), cast.viewer("mediator"), clock.after(days=2)

    actions.set_next_contact(need, by=by, at=at, step="Appeler l’opticien", owner=cast.memberships["lead"])

    kept = Need.objects.select_related("card").get()
    assert (kept.next_contact_at, kept.owner, sealing.next_step(kept)) == (
        at,
        cast.memberships["lead"],
        "Appeler l’opticien",
    )


def test_next_contact_refuses_the_past_another_hub_and_who_declined(cast: Cast) -> None:
    need, by = _need(cast), cast.viewer("mediator")

    with pytest.raises(errors.PastDay):
        actions.set_next_contact(need, by=by, at=clock.after(days=-1))
    with pytest.raises(errors.NotAnOwner):
        actions.set_next_contact(need, by=by, at=clock.after(days=1), owner=cast.memberships["sister"])
    quiet = _need(cast, card=cast.card(no_follow_up=True))
    with pytest.raises(errors.FollowUpDeclined):
        actions.set_next_contact(quiet, by=by, at=clock.after(days=1))


def test_closing_twice_keeps_the_first_outcome(cast: Cast) -> None:
    need, by = _need(cast), cast.viewer("mediator")
    same = Need.objects.select_related("card").get()
    actions.close_need(need, by=by)

    with pytest.raises(errors.AlreadyClosed):
        actions.close_need(same, by=by, outcome=Outcome.UNREACHABLE)

    assert Need.objects.get().outcome == Outcome.SOLVED


def test_reopened_need_has_no_outcome(cast: Cast) -> None:
    need, by = _need(cast), cast.viewer("mediator")
    actions.close_need(need, by=by)

    actions.reopen_need(need, by=by)

    assert (need.state, need.outcome, Need.objects.get().closed_at) == (NeedState.OPENED, "", None)
    with pytest.raises(errors.NotClosed):
        actions.reopen_need(need, by=by)


def test_obstacle_is_noted_once_and_keeps_no_name(cast: Cast) -> None:
    need, by, operation = _need(cast), cast.viewer("mediator"), uuid4()

    for _ in range(2):
        actions.note_obstacle(need, by=by, kind=ObstacleKind.LANGUAGE, operation=operation)

    assert Obstacle.objects.get().hub == cast.wazemmes
    assert Event.objects.filter(kind="obstacle.noted").count() == 1


def test_person_has_her_say_alone_or_through_her_mediator(cast: Cast) -> None:
    need = _need(cast)

    actions.person_says(need, by=None, says=Says.NOBODY)
    actions.person_says(need, by=cast.viewer("mediator"), says=Says.HAPPENED)

    assert Need.objects.get().person_says == Says.HAPPENED


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator", "ambassador"])
def test_another_hub_writes_nothing(cast: Cast, who: str) -> None:
    need, by = _need(cast), cast.viewer(who)
    writes: list[Callable[[], object]] = [
        lambda: actions.add_contact(need, by=by, result=Attempt.NO_ANSWER),
        lambda: actions.set_next_contact(need, by=by, at=clock.after(days=1)),
        lambda: actions.close_need(need, by=by),
        lambda: actions.note_obstacle(need, by=by, kind=ObstacleKind.COST),
        lambda: actions.person_says(need, by=by, says=Says.HAPPENED),
        lambda: actions.hand_over(need, by=by, hub=cast.moulins),
    ]

    for write in writes:
        with pytest.raises(PermissionDenied):
            write()

    need.refresh_from_db()
    assert (need.state, need.next_contact_at) == (NeedState.OPENED, None)


STEPS = st.sampled_from(["reached", "no_answer", "note", "plan", "close", "close_unknown", "reopen", "undo", "take"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=8))
def test_whatever_happens_a_need_has_one_outcome_exactly_when_it_is_closed(cast: Cast, steps: list[str]) -> None:
    by = cast.viewer("mediator")
    met = actions.Met(needs=[actions.Want(Category.OTHER)], plan=actions.Plan(clock.after(days=1)))
    encounter = actions.note_encounter(met, by=by)
    need = Need.objects.select_related("card", "network").get(encounter=encounter)
    does: dict[str, Callable[[], object]] = {
        "reached": lambda: actions.add_contact(need, by=by, result=Attempt.REACHED),
        "no_answer": lambda: actions.add_contact(need, by=by, result=Attempt.NO_ANSWER),
        "note": lambda: actions.add_contact(need, by=by, result=Attempt.NOTE),
        "plan": lambda: actions.set_next_contact(need, by=by, at=clock.now() + timedelta(days=3)),
        "close": lambda: actions.close_need(need, by=by),
        "close_unknown": lambda: actions.close_need(need, by=by, outcome=Outcome.UNKNOWN),
        "reopen": lambda: actions.reopen_need(need, by=by),
        "undo": lambda: actions.undo_encounter(encounter, by=by),
        "take": lambda: actions.take_in_hand(need, by=by),
    }

    for step in steps:
        try:
            with transaction.atomic():
                does[step]()
        except errors.NeedError:
            pass
        kept = Need.objects.get(pk=need.pk)
        need.refresh_from_db()
        closed = kept.state == NeedState.CLOSED
        assert closed == bool(kept.outcome) == (kept.closed_at is not None)
        assert not (closed and kept.next_contact_at)
        assert kept.owner_id == by.membership_id
        reached = kept.contacts.filter(result=Attempt.REACHED).last()
        since = kept.contacts.filter(result=Attempt.NO_ANSWER)
        assert kept.unreachable_count == (since.filter(at__gt=reached.at) if reached else since).count()
