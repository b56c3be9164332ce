from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from allervers.journal.models import Event, ThreadLink
from allervers.needs.models import Encounter
from allervers.programmes import actions, declared, errors
from allervers.programmes.enums import ActionKind, Form
from allervers.programmes.models import Action, Attendance, DeclaredFigure, Session
from tests.cast import Cast
from tests.two_at_once import at_once

TERMS = actions.Terms("Dépistages dentaires", ActionKind.DENTAL, 2026, planned_min=3, planned_max=4)


def test_campaign_keeps_its_planned_range(cast: Cast) -> None:
    campaign = actions.create_campaign(cast.city.id, terms=TERMS, by=cast.viewer("coordinator"))

    assert (campaign.slug, campaign.planned_min, campaign.planned_max) == ("depistages-dentaires-2026", 3, 4)
    assert Event.objects.get().kind == "campaign.created"


def test_campaign_of_the_same_name_is_refused_in_words(cast: Cast) -> None:
    actions.create_campaign(cast.city.id, terms=TERMS, by=cast.viewer("coordinator"))

    with pytest.raises(errors.NameTaken, match="donnez-lui un autre nom"):
        actions.create_campaign(cast.association.id, terms=TERMS, by=cast.viewer("lead"))
    assert Event.objects.count() == 1


def test_campaign_planned_upside_down_is_refused(cast: Cast, campaign: Action) -> None:
    upside_down = actions.Terms("Autre", ActionKind.DENTAL, 2026, planned_min=4, planned_max=3)

    with pytest.raises(errors.PlanUpsideDown):
        actions.edit_campaign(campaign, terms=upside_down, by=cast.viewer("lead"))


def test_declare_replaces_figures_and_invents_nobody(cast: Cast) -> None:
    by = cast.viewer("coordinator")
    past = actions.create_campaign(cast.city.id, terms=TERMS, form=Form.DECLARED, by=by)
    actions.declare(past, figures={"people": declared.Figure(12)}, by=by)

    actions.declare(
        past, figures={"people": declared.Figure(90), "equipped": declared.Figure(12, None, "at_least")}, by=by
    )

    assert list(DeclaredFigure.objects.values_list("name", "value", "precision")) == [
        ("people", 90.0, "exact"),
        ("equipped", 12.0, "at_least"),
    ]
    assert not Attendance.objects.exists()
    with pytest.raises(errors.NotByLines):
        actions.plan_session(past, hub=None, starts_at=datetime(2026, 1, 1, tzinfo=UTC), by=by)


def test_declare_refuses_a_part_larger_than_its_whole(cast: Cast) -> None:
    by = cast.viewer("coordinator")
    past = actions.create_campaign(cast.city.id, terms=TERMS, form=Form.DECLARED, by=by)

    with pytest.raises(errors.FiguresDisagree, match="dépasse"):
        actions.declare(past, figures={"people": declared.Figure(9), "referred": declared.Figure(10)}, by=by)


@pytest.mark.parametrize("year", [1, 9999])
def test_session_of_an_impossible_year_is_refused(cast: Cast, session: Session, year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=ZoneInfo("Europe/Paris"))

    with pytest.raises(errors.ImpossibleYear):
        actions.plan_session(session.action, hub=cast.wazemmes, starts_at=at, by=cast.viewer("lead"))


def test_session_twice_at_one_place_and_hour_is_refused(cast: Cast, session: Session) -> None:
    by = cast.viewer("lead")

    with pytest.raises(errors.SessionTwice):
        actions.plan_session(session.action, hub=cast.wazemmes, starts_at=session.starts_at, by=by)
    with pytest.raises(errors.EndsBeforeStart):
        actions.change_session(
            session,
            starts_at=session.starts_at,
            ends_at=session.starts_at - timedelta(hours=1),
            place="",
            note="",
            by=by,
        )


def test_person_is_counted_once_as_a_visit(cast: Cast, session: Session) -> None:
    by, card = cast.viewer("mediator"), cast.card()
    line = actions.add_walk_in(session, card=card, by=by)
    assert not Encounter.objects.exists()

    actions.set_result(line, result="appointment", by=by)
    actions.set_result(line, result="nothing", by=by)
    actions.restore(line, arrival="waiting", result="", by=by)
    actions.set_result(line, result="urgent", by=by)

    encounter = Encounter.objects.get()
    assert (encounter.mode, encounter.head_count, encounter.card_id, encounter.cancelled_at) == (
        "screening",
        1,
        card.id,
        None,
    )
    assert (encounter.hub_id, encounter.stratum) == (cast.wazemmes.id, "identified")
    assert ThreadLink.objects.get(to_id=str(encounter.id)).from_id == str(line.id)


def test_two_gestures_at_once_on_a_line_are_one_visit(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    first = actions.add_walk_in(session, by=by)
    second = Attendance.objects.get(pk=first.pk)  # read by another desk before the first gesture

    actions.set_result(first, result="nothing", by=by)
    actions.set_result(second, result="appointment", by=by)
    actions.remove(Attendance.objects.get(), by=by)

    assert Encounter.objects.count() == 1
    with pytest.raises(errors.LineGone):
        actions.mark_left(second, by=by)


@pytest.mark.parametrize("undo", ["left", "restored", "removed"])
def test_visit_that_was_not_one_is_cancelled(cast: Cast, session: Session, undo: str) -> None:
    by = cast.viewer("mediator")
    line = actions.add_walk_in(session, by=by)
    actions.set_result(line, result="nothing", by=by)

    if undo == "left":
        actions.mark_left(line, by=by)
    elif undo == "restored":
        actions.restore(line, arrival="waiting", result="", by=by)
    else:
        actions.remove(line, by=by)

    assert Encounter.objects.get().cancelled_at is not None


def test_walk_in_gets_the_next_number_even_after_a_removal(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    first, second = (actions.add_walk_in(session, by=by) for _ in range(2))
    actions.remove(first, by=by)

    third = actions.add_walk_in(session, by=by, language="ta")

    assert (first.position, second.position, third.position) == (1, 2, 3)
    assert third.stratum == "anonymous"


def test_walk_in_sent_twice_is_added_once(cast: Cast, session: Session) -> None:
    by, operation = cast.viewer("mediator"), uuid4()

    once = actions.add_walk_in(session, operation=operation, by=by)
    again = actions.add_walk_in(session, operation=operation, by=by)

    assert once == again
    assert Attendance.objects.count() == 1
    assert Event.objects.filter(kind="attendance.added").count() == 1


def test_walk_in_of_someone_already_there_says_her_number(cast: Cast, session: Session) -> None:
    by, card = cast.viewer("mediator"), cast.card()
    actions.add_walk_in(session, card=card, by=by)

    with pytest.raises(errors.AlreadyHere, match="au numéro 1"):
        actions.add_walk_in(session, card=card, by=by)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_desks_adding_at_once_lose_nobody(cast: Cast, session: Session) -> None:
    failures: list[BaseException] = []

    def desk(who: str) -> None:
        try:
            for _ in range(8):
                actions.add_walk_in(Session.objects.get(pk=session.pk), by=cast.viewer(who))
        except BaseException as error:  # told by the assertion below
            failures.append(error)
        finally:
            connections.close_all()

    desks = [Thread(target=desk, args=(who,)) for who in ("lead", "mediator")]
    for one in desks:
        one.start()
    for one in desks:
        one.join()

    assert failures == []
    assert sorted(Attendance.objects.values_list("position", flat=True)) == list(range(1, 17))


def test_head_count_and_list_exclude_each_other(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    actions.count_heads(session, count=30, by=by)
    with pytest.raises(errors.CountedWhole):
        actions.add_walk_in(session, by=by)

    actions.count_heads(session, count=None, by=by)
    actions.add_walk_in(session, by=by)
    with pytest.raises(errors.CountedWhole):
        actions.count_heads(session, count=30, by=by)


def test_count_made_at_another_desk_is_seen(cast: Cast, session: Session) -> None:
    by, elsewhere = cast.viewer("mediator"), Session.objects.get(pk=session.pk)
    actions.count_heads(elsewhere, count=30, by=by)

    with pytest.raises(errors.CountedWhole):
        actions.add_walk_in(session, by=by)
    assert not Attendance.objects.exists()


@pytest.mark.postgres  # on SQLite the second waits before it reads
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counted_first", [True, False])
def test_of_a_list_and_a_count_at_once_one_is_refused(cast: Cast, session: Session, counted_first: bool) -> None:
    by = cast.viewer("mediator")

    def count() -> None:
        actions.count_heads(Session.objects.get(pk=session.pk), count=30, by=by)

    def add() -> Attendance:
        return actions.add_walk_in(Session.objects.get(pk=session.pk), by=by)

    _first, second = at_once(count, add) if counted_first else at_once(add, count)

    assert isinstance(second, errors.CountedWhole)
    assert Attendance.objects.exists() != bool(Session.objects.get(pk=session.pk).head_count)


def test_session_closes_only_when_its_count_is_right(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    line = actions.add_walk_in(session, by=by)
    with pytest.raises(errors.StillWaiting, match="Encore en attente : 1"):
        actions.hold_session(session, by=by)
    with pytest.raises(errors.HasPeople):
        actions.cancel_session(session, by=by)

    actions.mark_left(line, by=by)
    actions.hold_session(session, by=by)

    session.refresh_from_db()
    assert session.held is True


def test_session_not_held_takes_nobody_until_it_is_reopened(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    actions.cancel_session(session, by=by)
    with pytest.raises(errors.NotHeld):
        actions.add_walk_in(session, by=by)

    actions.reopen_session(session, by=by)

    assert actions.add_walk_in(session, by=by).position == 1


FACTS: list[tuple[str, Callable[..., Any], str]] = [
    ("nothing", lambda note: note(orientation="partner"), "n’a besoin de rien"),
    ("appointment", lambda note: note(orientation="elsewhere", answer="came"), "dites d’abord lequel"),
    ("appointment", lambda note: note(orientation="partner", outcome="equipped"), "notez d’abord"),
    ("appointment", lambda note: note(orientation="partner", answer="moved", delay_days=3), "notez d’abord"),
]


@pytest.mark.parametrize(("result", "noting", "says"), FACTS)
def test_follow_up_that_contradicts_itself_is_refused(
    cast: Cast, session: Session, result: str, noting: Callable[..., Any], says: str
) -> None:
    by = cast.viewer("mediator")
    line = actions.add_walk_in(session, by=by)
    actions.set_result(line, result=result, by=by)

    with pytest.raises(errors.Contradiction, match=says):
        noting(lambda **facts: actions.note_follow_up(line, **facts, by=by))


def test_follow_up_noted_by_hand_orients_the_visit(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    line = actions.add_walk_in(session, by=by)
    actions.set_result(line, result="appointment", by=by)

    actions.note_follow_up(line, orientation="partner", answer="came", outcome="equipped", delay_days=56, by=by)

    line.refresh_from_db()
    assert line.recipient == cast.hospital
    assert Encounter.objects.get().oriented is True
    with pytest.raises(errors.AlreadyOriented):
        actions.set_result(line, result="nothing", by=by)
