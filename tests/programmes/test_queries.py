import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from allervers.accounts.rules import Viewer
from allervers.programmes import actions, declared, queries
from allervers.programmes.enums import ActionKind, Form
from allervers.programmes.models import Action, Session
from tests.cast import Cast


def _someone(session: Session, by: Viewer, **follow_up: Any) -> None:
    line = actions.add_walk_in(session, by=by)
    actions.set_result(line, result="appointment", by=by)
    if follow_up:
        actions.note_follow_up(line, by=by, **follow_up)


def _counts(data: dict[str, Any], stage: str) -> dict[str, int]:
    found = next(one for one in data["stages"] if one["name"] == stage)
    return {one["name"]: one["count"] for one in found["outcomes"] if one["count"]}


def test_funnel_reads_lines_noted_by_hand(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    _someone(session, by, orientation="partner", answer="came", outcome="equipped", delay_days=70)
    _someone(session, by, orientation="partner", answer="came", delay_days=42)
    _someone(session, by, orientation="partner")
    _someone(session, by, orientation="refused")
    actions.add_walk_in(session, by=by)

    data = queries.funnel_data(session.action)

    assert _counts(data, "people") == {"need_appointment": 4, "unknown": 1}
    assert _counts(data, "need_appointment") == {"referred": 3, "refused": 1}
    assert _counts(data, "referred") == {"came": 2, "unknown": 1}
    assert _counts(data, "came") == {"equipped": 1, "unknown": 1}
    assert data["delay"]["mean_weeks"] == 8.0
    assert data["sessions"] == {
        "planned": {"min": 3, "max": 4},
        "held": 0,
        "not_held": 0,
        "unknown": {"min": 3, "max": 4},
    }


def test_funnel_counts_people_of_a_session_without_a_list(cast: Cast, session: Session) -> None:
    actions.count_heads(session, count=14, by=cast.viewer("lead"))

    data = queries.funnel_data(session.action)

    assert (_counts(data, "people"), data["counted_whole"]) == ({"unknown": 14}, 14)


def test_funnel_of_a_hub_stands_on_its_own_sessions(cast: Cast, session: Session) -> None:
    coordinator = cast.viewer("coordinator")
    elsewhere = actions.plan_session(session.action, hub=cast.moulins, starts_at=session.starts_at, by=coordinator)
    for one in (session, elsewhere, elsewhere):
        _someone(one, coordinator)

    seen = {who: queries.funnel_data(session.action, cast.viewer(who))["stages"][0]["count"] for who in
            ("mediator", "sister", "other", "coordinator", "auditor")}  # fmt: skip

    assert seen == {"mediator": 1, "sister": 2, "other": 0, "coordinator": 3, "auditor": 3}


def test_rows_behind_a_figure_are_those_it_counts(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    _someone(session, by, orientation="partner")
    _someone(session, by)

    from allervers.programmes import rules

    rows = rules.attendances_for(by)
    assert [row.position for row in queries.rows_at(rows, "need_appointment")] == [1, 2]
    assert [row.position for row in queries.rows_at(rows, "need_appointment", "unknown")] == [2]
    assert queries.rows_at(rows, "came") == []


def test_funnel_takes_the_same_queries_for_one_and_three(
    cast: Cast, session: Session, django_assert_num_queries: Any
) -> None:
    by = cast.viewer("mediator")
    for people in (1, 3):
        while session.attendances.count() < people:
            _someone(session, by)
        with django_assert_num_queries(3):
            queries.funnel_data(session.action, by)


def test_command_prints_lists_and_refuses(cast: Cast, campaign: Action, capsys: pytest.CaptureFixture[str]) -> None:
    by = cast.viewer("coordinator")
    past = actions.create_campaign(
        cast.city.id, terms=actions.Terms("Autre", ActionKind.DENTAL, 2019), form=Form.DECLARED, by=by
    )
    actions.declare(
        past,
        figures={"people": declared.Figure(40, None, "about"), "referred": declared.Figure(9, None, "at_least")},
        by=by,
    )

    call_command("funnel", list=True, json=True)
    assert [row["slug"] for row in json.loads(capsys.readouterr().out)] == ["depistages-optiques-2026", "autre-2019"]
    call_command("funnel", "autre-2019")
    told = capsys.readouterr().out
    assert "environ 40 venues au dépistage" in told
    assert "séances prévues : inconnu ; tenues : inconnu" in told
    assert "au moins 9  sont orientées" in told
    call_command("funnel", campaign.slug)
    assert "séances prévues : 3 à 4 ; tenues : 0" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--list"):
        call_command("funnel", "absente")
