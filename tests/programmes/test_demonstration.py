"""The real case that must come out right, from `manage.py funnel … --json`."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from allervers.journal import chain
from allervers.journal.keys import network_key
from allervers.journal.models import Event
from allervers.needs.models import Encounter, Need
from allervers.outbox.models import Message
from allervers.people.models import PersonCard
from allervers.programmes.demonstration import load_lille_2018
from allervers.programmes.models import Attendance
from allervers.referrals.models import Referral, ReturnLine, ReturnList
from tests.cast import Cast

pytestmark = pytest.mark.slow


@pytest.fixture
def lille(cast: Cast) -> Cast:
    load_lille_2018(
        cast.lille,
        by=cast.memberships["coordinator"],
        hubs=[cast.wazemmes, cast.moulins, cast.fives],
        partner=cast.hospital,
    )
    return cast


def funnel(slug: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    call_command("funnel", slug, json=True)
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def stages(data: dict[str, Any]) -> dict[str, tuple[int, dict[str, int]]]:
    return {
        stage["name"]: (stage["count"], {one["name"]: one["count"] for one in stage["outcomes"] if one["count"]})
        for stage in data["stages"]
    }


def test_lille_2018_by_lines_adds_up_at_every_stage(lille: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    data = funnel("lille-2018-lines", capsys)

    assert data["sessions"] == {
        "planned": {"min": 10, "max": 10},
        "held": 9,
        "not_held": 1,
        "unknown": {"min": 0, "max": 0},
    }
    assert stages(data) == {
        "people": (90, {"need_appointment": 79, "nothing": 11}),
        "need_appointment": (79, {"referred": 57, "unknown": 22}),
        "referred": (57, {"came": 31, "unknown": 26}),
        "came": (31, {"equipped": 12, "unknown": 19}),
    }
    assert data["unknown"] == 67
    for stage in data["stages"]:
        assert stage["count"] == sum(one["count"] for one in stage["outcomes"])


def test_lille_2018_by_lines_says_the_base_of_every_rate(lille: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    data = funnel("lille-2018-lines", capsys)

    rates = {r["name"]: (r["numerator"], r["base"], r["denominator"], r["unknown"]) for r in data["rates"]}
    assert rates == {
        "need_appointment": (79, "people", 90, 0),
        "referred": (57, "need_appointment", 79, 22),
        "came": (31, "referred", 57, 26),
        "equipped": (12, "came", 31, 19),
    }
    came = data["rates"][2]
    assert (round(100 * came["value"]), came["low"], came["high"]) == (54, 0.5439, 1.0)
    assert (data["delay"]["mean_weeks"], data["delay"]["served"]) == (8.0, 31)
    assert data["delay"]["median_days"] is not None


def test_lille_2018_declared_keeps_at_least_and_base_unknown(lille: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    data = funnel("lille-2018", capsys)

    assert data["sessions"]["planned"] == {"min": 10, "max": 10}
    assert (data["sessions"]["held"], data["sessions"]["unknown"]) == (9, {"min": 1, "max": 1})
    assert stages(data) == {
        "people": (90, {"need_appointment": 79, "no_appointment": 11}),
        "need_appointment": (79, {"referred": 57, "unknown": 22}),
        "referred": (57, {"equipped": 12, "unknown": 45}),
    }
    (equipped,) = [one for one in data["stages"][2]["outcomes"] if one["name"] == "equipped"]
    assert (equipped["precision"], equipped["low"], equipped["high"]) == ("at_least", 12, 57)
    need, kept = data["rates"]
    assert (need["declared_percent"], need["base"], need["candidates"]) == (
        88,
        "people",
        [{"numerator": 79, "denominator": 90, "base": "people"}],
    )
    assert (kept["declared_percent"], kept["base"], kept["base_unknown"]) == (54, None, True)
    found = [(one["numerator"], one["denominator"]) for one in kept["candidates"]]
    assert found[:2] == [(31, 57), (43, 79)]
    assert {(26, 48), (27, 50), (28, 52)} <= set(found)
    assert [scenario["base"] for scenario in data["scenarios"]] == ["referred", "need_appointment"]
    assert data["delay"] == {"declared_mean_weeks": 8, "precision": "about"}
    assert data["unknown"]["max"] == 67


def test_lille_2018_declared_invents_nobody(lille: Cast) -> None:
    assert Attendance.objects.count() == 90
    assert set(Attendance.objects.values_list("session__action__slug", flat=True)) == {"lille-2018-lines"}


def test_lille_2018_lines_went_through_the_real_actions(lille: Cast) -> None:
    assert ReturnLine.objects.count() == Referral.objects.count() == 57
    assert Referral.objects.filter(agreement=None).count() == 0
    assert set(ReturnList.objects.values_list("recipient__name", flat=True)) == {"Hôpital"}
    assert Referral.objects.filter(result="equipped").count() == 12
    assert not Need.objects.open().exists()
    assert Encounter.objects.filter(mode="screening").count() == 90
    assert PersonCard.objects.filter(is_named=False).count() == 57
    assert not Message.objects.exists()
    lines = [chain.Line(row.seq, row.text, row.mac) for row in Event.objects.order_by("seq")]
    assert list(chain.faults(network_key(lille.lille.id), lines, {})) == []


def test_lille_2018_loads_from_one_association_on_one_return_list(cast: Cast) -> None:
    load_lille_2018(cast.lille, by=cast.memberships["lead"], hubs=[cast.wazemmes, cast.moulins], partner=cast.hospital)

    assert ReturnList.objects.get().lines.count() == 57


def test_both_forms_are_listed(lille: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("funnel", list=True)

    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["lille-2018", "lille-2018-lines"]
    call_command("funnel", "lille-2018")
    assert "kept_rate : 54 %, base inconnue ; possibles : 31 sur 57, 43 sur 79" in capsys.readouterr().out
