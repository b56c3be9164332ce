from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allervers.core import clock
from allervers.needs import actions, queries, rules
from allervers.needs.enums import Attempt, Category, Outcome
from allervers.needs.models import Need
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def _on_that_tuesday():
    with clock.fixed(NOW):
        yield


def _need(cast: Cast, at: datetime | None, *, who: str = "mediator", **values: object) -> Need:
    with clock.fixed(NOW - timedelta(days=20)):
        return actions.open_need(by=cast.viewer(who), category=Category.EYES, next_contact_at=at, **values)  # type: ignore[arg-type]


def test_today_sorts_what_is_late_this_morning_and_this_afternoon(cast: Cast) -> None:
    late = _need(cast, NOW - timedelta(days=5))
    morning = _need(cast, NOW.replace(hour=9, minute=30))
    afternoon = _need(cast, NOW.replace(hour=14))
    _need(cast, NOW + timedelta(days=1))

    day = queries.today(cast.viewer("mediator"))

    assert [[row.id for row in rows] for rows in (day.late, day.morning, day.afternoon)] == [
        [late.id],
        [morning.id],
        [afternoon.id],
    ]
    assert (day.late[0].days, day.people) == (5, 3)


def test_someone_with_two_needs_due_is_one_person(cast: Cast) -> None:
    card = cast.card()
    for _ in range(2):
        _need(cast, NOW, card=card)
    _need(cast, NOW)

    assert queries.today(cast.viewer("mediator")).people == 2


def test_a_colleague_s_needs_wait_for_her_unless_the_whole_hub_is_asked(cast: Cast) -> None:
    _need(cast, NOW, who="lead")

    assert queries.today(cast.viewer("mediator")).people == 0
    assert queries.today(cast.viewer("mediator"), whole_hub=True).people == 1
    assert queries.today(cast.viewer("sister"), whole_hub=True).people == 0


def test_unreachable_after_two_attempts(cast: Cast) -> None:
    once, twice = _need(cast, NOW), _need(cast, NOW)
    for need, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            actions.add_contact(need, by=cast.viewer("mediator"), result=Attempt.NO_ANSWER)

    rows = queries.today(cast.viewer("mediator")).unreachable

    assert [(row.id, row.count, row.days) for row in rows] == [(twice.id, 2, 20)]


@pytest.mark.parametrize("rows", [1, 3])
def test_today_asks_the_same_number_of_queries_whatever_the_rows(cast: Cast, rows: int) -> None:
    for number in range(rows):
        _need(cast, NOW - timedelta(days=number), card=cast.card())
        actions.bring(by=cast.viewer("ambassador"), hub=cast.wazemmes, category=Category.GP)
    viewer = cast.viewer("mediator")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.today(viewer)

    assert len(asked) == 6


def test_coordinator_counts_each_hub_and_opens_nothing(cast: Cast) -> None:
    _need(cast, NOW - timedelta(days=1), card=cast.card())
    actions.note_encounter(actions.Met(informed=True), by=cast.viewer("mediator"))

    lines = {line.hub.name: line for line in queries.hub_lines(cast.viewer("coordinator"))}

    assert (lines["Wazemmes"].open, lines["Wazemmes"].late, lines["Wazemmes"].is_silent) == (1, 1, False)
    assert (lines["Moulins"].open, lines["Moulins"].is_silent) == (0, True)
    assert set(lines) == {"Wazemmes", "Moulins", "Fives"}
    assert len(queries.late_by_code(cast.viewer("coordinator"))) == 1


@pytest.mark.parametrize(
    ("state", "expected"),
    [("open", {"late", "lost", "unplanned", "declined"}), ("late", {"late"}), ("unreachable", {"lost"}),
     ("unplanned", {"unplanned"}), ("closed", {"closed"}), ("unowned", set())],
)  # fmt: skip
def test_list_is_narrowed_by_state(cast: Cast, state: str, expected: set[str]) -> None:
    by = cast.viewer("mediator")
    needs = {
        "late": _need(cast, NOW - timedelta(days=1)),
        "lost": _need(cast, NOW + timedelta(days=1)),
        "unplanned": _need(cast, None),
        "declined": _need(cast, None, card=cast.card(no_follow_up=True)),
        "closed": _need(cast, None),
    }
    Need.objects.filter(pk=needs["lost"].pk).update(unreachable_count=3)
    actions.close_need(needs["closed"], by=by, outcome=Outcome.MOVED_AWAY)

    found = queries.listed(by, queries.Filter(state=state))

    assert set(found) == {needs[name] for name in expected}


def test_needs_are_reached_by_their_hub_and_by_code_by_the_coordinator(cast: Cast) -> None:
    need = _need(cast, NOW)

    reach = {who: rules.needs_for(cast.viewer(who)).exists() for who in cast.memberships}

    assert {who for who, reaches in reach.items() if reaches} == {"lead", "mediator", "coordinator"}
    assert [who for who in cast.memberships if rules.may_write(cast.viewer(who), need)] == ["lead", "mediator"]
