from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from allervers.core import clock
from allervers.journal.models import Event
from allervers.needs import actions, errors, sealing
from allervers.needs.actions import Met, Plan, Want
from allervers.needs.enums import Category, Mode, NeedState, Outcome
from allervers.needs.models import Contact, Encounter, Need
from allervers.people.models import PersonCard
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))
WEEK = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def _on_that_tuesday():
    with clock.fixed(NOW):
        yield


def test_note_encounter_opens_each_need_with_an_owner_and_a_next_contact(cast: Cast) -> None:
    card = cast.card(sex="woman", age_band="45-64")
    met = Met(
        accompanied=True,
        needs=[Want(Category.COVERAGE, "« un papier manquait »"), Want(Category.EYES)],
        plan=Plan(WEEK),
    )

    encounter = actions.note_encounter(met, by=cast.viewer("mediator"), card=card)

    needs = list(encounter.needs.order_by("category"))
    assert [(need.category, need.owner_id, need.next_contact_at) for need in needs] == [
        ("coverage", cast.memberships["mediator"].id, WEEK),
        ("eyes", cast.memberships["mediator"].id, WEEK),
    ]
    assert sealing.words(needs[0]) == "« un papier manquait »"
    assert (encounter.stratum, encounter.sex, encounter.age_band, encounter.hub) == (
        "identified",
        "woman",
        "45-64",
        cast.wazemmes,
    )
    assert list(Event.objects.values_list("kind", flat=True)) == ["encounter.noted", "need.opened", "need.opened"]


def test_note_encounter_touches_the_card_and_computes_the_first_visit(cast: Cast) -> None:
    card = cast.card()
    PersonCard.objects.update(last_contact_at=NOW - timedelta(days=400))

    second = actions.note_encounter(Met(informed=True), by=cast.viewer("mediator"), card=card)
    first = actions.note_encounter(
        Met(informed=True, at=NOW - timedelta(days=3)), by=cast.viewer("mediator"), card=card
    )
    third = actions.note_encounter(Met(informed=True), by=cast.viewer("mediator"), card=card)

    assert [second.first_visit, first.first_visit, third.first_visit] == [True, True, False]
    assert PersonCard.objects.get().last_contact_at == NOW


def test_same_operation_notes_once_and_a_changed_form_is_said(cast: Cast) -> None:
    by, operation = cast.viewer("mediator"), uuid4()
    met = Met(needs=[Want(Category.TEETH)])

    first = actions.note_encounter(met, by=by, operation=operation, content="dents")
    again = actions.note_encounter(met, by=by, operation=operation, content="dents")

    assert first == again
    assert (Encounter.objects.count(), Need.objects.count()) == (1, 1)
    with pytest.raises(errors.AlreadyNoted):
        actions.note_encounter(met, by=by, operation=operation, content="lunettes")


def test_someone_new_gets_her_card_once_only(cast: Cast) -> None:
    by, operation = cast.viewer("mediator"), uuid4()

    for _ in range(2):
        actions.note_encounter(Met(informed=True), by=by, make_card=cast.card, operation=operation)

    assert PersonCard.objects.count() == 1


def test_second_encounter_goes_on_with_the_open_need_of_the_same_kind(cast: Cast) -> None:
    card, by = cast.card(), cast.viewer("mediator")
    actions.note_encounter(Met(needs=[Want(Category.TEETH)]), by=by, card=card)

    actions.note_encounter(Met(needs=[Want(Category.TEETH, "toujours mal")], plan=Plan(WEEK)), by=by, card=card)

    need = Need.objects.get()
    contact = Contact.objects.select_related("need__card").get()
    assert (need.state, need.next_contact_at) == (NeedState.IN_PROGRESS, WEEK)
    assert sealing.note(contact) == "toujours mal"


def test_each_need_may_have_its_own_plan(cast: Cast) -> None:
    wants = [
        Want(Category.TEETH, "mal à gauche"),
        Want(Category.GP, plan=Plan(settled=True)),
        Want(Category.COVERAGE, plan=Plan(NOW + timedelta(days=1), "apporter les papiers")),
    ]

    actions.note_encounter(Met(needs=wants, plan=Plan(WEEK, "rappeler")), by=cast.viewer("mediator"), card=cast.card())

    needs = {need.category: need for need in Need.objects.select_related("card")}
    assert {name: (need.state, need.next_contact_at, sealing.next_step(need)) for name, need in needs.items()} == {
        "teeth": ("opened", WEEK, "rappeler"),
        "gp": ("closed", None, ""),
        "coverage": ("opened", NOW + timedelta(days=1), "apporter les papiers"),
    }


def test_settled_need_is_closed_as_solved(cast: Cast) -> None:
    met = Met(informed=True, needs=[Want(Category.GP)], plan=Plan(WEEK, settled=True))

    actions.note_encounter(met, by=cast.viewer("mediator"), card=cast.card())

    need = Need.objects.get()
    assert (need.state, need.outcome, need.next_contact_at) == (NeedState.CLOSED, Outcome.SOLVED, None)


def test_who_declined_follow_up_gets_no_next_contact(cast: Cast) -> None:
    card = cast.card(no_follow_up=True)

    actions.note_encounter(Met(needs=[Want(Category.GP)], plan=Plan(WEEK)), by=cast.viewer("mediator"), card=card)

    assert Need.objects.get().next_contact_at is None


def test_head_count_is_one_row_of_many_people(cast: Cast) -> None:
    met = Met(mode=Mode.STAND, head_count=42, informed=True)

    encounter = actions.note_encounter(met, by=cast.viewer("lead"))

    assert (encounter.stratum, encounter.head_count, Need.objects.count()) == ("anonymous", 42, 0)


@pytest.mark.parametrize(
    ("met", "error"),
    [
        (Met(), errors.NothingSaid),
        (Met(head_count=3, informed=True, needs=[Want(Category.GP)]), errors.CountHasNoNeed),
        (Met(head_count=0, informed=True), errors.BadCount),
        (Met(head_count=5001, informed=True), errors.BadCount),
        (Met(informed=True, at=NOW + timedelta(hours=1)), errors.NotYetMet),
        (Met(informed=True, at=NOW - timedelta(days=800)), errors.TooLongAgo),
        (Met(needs=[Want(Category.GP)], plan=Plan(NOW - timedelta(days=12))), errors.PastDay),
        (Met(needs=[Want(Category.GP)], plan=Plan(NOW + timedelta(days=800))), errors.TooFarDay),
    ],
)
def test_what_cannot_be_is_refused_whole(cast: Cast, met: Met, error: type[errors.NeedError]) -> None:
    with pytest.raises(error):
        actions.note_encounter(met, by=cast.viewer("mediator"))

    assert not Encounter.objects.exists()
    assert not Event.objects.exists()


def test_past_day_is_said_in_plain_french(cast: Cast) -> None:
    met = Met(needs=[Want(Category.GP)], plan=Plan(NOW - timedelta(days=12)))

    with pytest.raises(errors.PastDay) as refusal:
        actions.note_encounter(met, by=cast.viewer("mediator"))

    assert str(refusal.value) == "Le 12 novembre est passé. Choisissez aujourd’hui ou plus tard."


@pytest.mark.parametrize("who", ["coordinator", "ambassador", "volunteer", "auditor", "technical"])
def test_only_who_sees_people_notes(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.note_encounter(Met(informed=True), by=cast.viewer(who))


def test_undone_within_a_day_it_counts_no_more(cast: Cast) -> None:
    by = cast.viewer("mediator")
    encounter = actions.note_encounter(
        Met(needs=[Want(Category.TEETH)], plan=Plan(settled=True)), by=by, card=cast.card()
    )

    actions.undo_encounter(encounter, by=by)

    assert not Encounter.objects.standing().exists()
    assert Need.objects.get().outcome == Outcome.ENTERED_IN_ERROR
    actions.undo_encounter(encounter, by=by)  # twice changes nothing


def _planned(cast: Cast) -> Need:
    """A need that waits for its own next contact, in two days."""
    by = cast.viewer("mediator")
    need = actions.open_need(by=by, category=Category.TEETH, card=cast.card())
    actions.set_next_contact(need, by=by, at=NOW + timedelta(days=2), step="apporter l’ordonnance")
    return need


@pytest.mark.parametrize("settled", [False, True])
def test_undone_it_gives_the_older_need_its_former_next_contact_back(cast: Cast, settled: bool) -> None:
    need, by = _planned(cast), cast.viewer("mediator")
    met = Met(needs=[Want(Category.TEETH)], plan=Plan(WEEK, "rappeler", settled))
    encounter = actions.note_encounter(met, by=by, card=need.card)

    actions.undo_encounter(encounter, by=by)

    need = Need.objects.select_related("card").get()
    assert (need.is_open, need.next_contact_at) == (True, NOW + timedelta(days=2))
    assert sealing.next_step(need) == "apporter l’ordonnance"


def test_undone_it_leaves_what_was_fixed_since(cast: Cast) -> None:
    need, by = _planned(cast), cast.viewer("mediator")
    encounter = actions.note_encounter(Met(needs=[Want(Category.TEETH)], plan=Plan(WEEK)), by=by, card=need.card)
    other = actions.note_encounter(Met(needs=[Want(Category.TEETH)], informed=True), by=by, card=need.card)
    later = WEEK + timedelta(days=3)
    actions.set_next_contact(Need.objects.select_related("card").get(), by=by, at=later)

    actions.undo_encounter(encounter, by=by)
    actions.undo_encounter(other, by=by)

    assert Need.objects.get().next_contact_at == later


@pytest.mark.parametrize("settled", [False, True])
def test_undone_it_leaves_closed_what_another_gesture_closed_since(cast: Cast, settled: bool) -> None:
    need, by = _planned(cast), cast.viewer("mediator")
    met = Met(needs=[Want(Category.TEETH)], plan=Plan(WEEK, settled=settled))
    encounter = actions.note_encounter(met, by=by, card=need.card)
    need.refresh_from_db()
    if settled:
        actions.reopen_need(need, by=by)
    actions.close_need(need, by=by, outcome=Outcome.MOVED_AWAY)

    actions.undo_encounter(encounter, by=by)

    assert Need.objects.values_list("state", "outcome", "next_contact_at").get() == ("closed", "moved_away", None)


def test_undo_after_a_day_or_a_sequel_is_refused(cast: Cast) -> None:
    by = cast.viewer("mediator")
    encounter = actions.note_encounter(Met(needs=[Want(Category.TEETH)]), by=by, card=cast.card())
    with clock.fixed(NOW + timedelta(hours=25)), pytest.raises(errors.TooLateToUndo):
        actions.undo_encounter(encounter, by=by)
    actions.add_contact(Need.objects.select_related("card").get(), by=by, result="voicemail")

    with pytest.raises(errors.CannotUndo):
        actions.undo_encounter(encounter, by=by)

    assert Encounter.objects.standing().exists()
    with pytest.raises(PermissionDenied):
        actions.undo_encounter(encounter, by=cast.viewer("other"))
