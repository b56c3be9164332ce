import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allervers.programmes import funnel
from allervers.programmes.funnel import Funnel, Line, NotConserved, Outcome, Sessions, Stage, Way, build, place

LINES = st.builds(
    Line,
    arrival=st.sampled_from(["waiting", "seen", "left"]),
    result=st.sampled_from(["", "nothing", "appointment", "equipment", "urgent"]),
    orientation=st.sampled_from(["", "partner", "elsewhere", "refused", "nowhere"]),
    answer=st.sampled_from(["", "came", "did_not_come", "came_not_seen", "moved", "declined", "to_come", "odd"]),
    outcome=st.sampled_from(["", "equipped", "treated", "nothing", "odd"]),
)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(st.lists(LINES, max_size=120))
def test_funnel_conserves_people(lines: list[Line]) -> None:
    found = build(lines)

    assert found.people == len(lines) == found.ends
    for stage, after in zip(found.stages, found.stages[1:], strict=False):
        assert stage.count == sum(outcome.count for outcome in stage.outcomes)
        assert stage.outcome(after.name) == after.count
    for rate in found.rates():
        assert rate.numerator + rate.unknown <= rate.denominator


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, max_size=60), st.lists(LINES, max_size=60), st.randoms(use_true_random=False))
def test_funnel_of_two_days_is_the_sum_of_both_whatever_the_order(
    one: list[Line], two: list[Line], chance: random.Random
) -> None:
    together = one + two
    chance.shuffle(together)

    def counts(found: Funnel) -> list[int]:
        return [outcome.count for stage in found.stages for outcome in stage.outcomes]

    assert counts(build(together)) == [a + b for a, b in zip(counts(build(one)), counts(build(two)), strict=True)]


@pytest.mark.parametrize(
    ("line", "end"),
    [
        (Line(arrival="waiting"), ("people", "unknown")),
        (Line(arrival="left", result="appointment"), ("people", "left")),
        (Line(result="nothing"), ("people", "nothing")),
        (Line(result="equipment"), ("people", "equipment")),
        (Line(result="equipment", orientation="partner"), ("referred", "unknown")),
        (Line(result="urgent", orientation="refused"), ("need_appointment", "refused")),
        (Line(result="appointment", orientation="partner", answer="moved", outcome="equipped"), ("referred", "moved")),
        (Line(result="appointment", orientation="partner", answer="came"), ("came", "unknown")),
        (Line(result="appointment", orientation="partner", answer="came", outcome="treated"), ("came", "treated")),
    ],
)
def test_person_ends_in_one_place(line: Line, end: tuple[str, str]) -> None:
    assert place(line)[-1] == end


def test_funnel_refuses_people_who_vanish() -> None:
    good = build([Line(result="appointment", orientation="partner")] * 3)
    lost = replace(good.stages[1], outcomes=(Outcome("referred", 2, Way.ON), *good.stages[1].outcomes[1:]))

    with pytest.raises(NotConserved):
        Funnel((good.stages[0], lost, *good.stages[2:]))
    with pytest.raises(NotConserved):
        Funnel((Stage("people", (Outcome("unknown", -1, Way.UNKNOWN),)),))


def test_rate_says_its_base_its_unknowns_and_its_bounds() -> None:
    seen = Line(result="appointment", orientation="partner", answer="came")
    silent = Line(result="appointment", orientation="partner")

    rate = build([seen] * 31 + [silent] * 26).rates()[2]

    assert (rate.numerator, rate.denominator, rate.unknown, rate.base) == (31, 57, 26, "referred")
    assert rate.bounds == (31 / 57, 1.0)
    assert rate.wilson == (pytest.approx(0.4156, abs=1e-3), pytest.approx(0.6665, abs=1e-3))


def test_empty_funnel_has_rates_without_value() -> None:
    rate = build([]).rates()[0]

    assert (rate.value, rate.bounds, rate.wilson) == (None, None, None)


def test_sessions_unknown_is_a_range_when_the_plan_was() -> None:
    assert Sessions(3, 4, held=3, not_held=0).unknown == (0, 1)
    assert Sessions(10, 10, held=9, not_held=1).unknown == (0, 0)
    assert funnel.Sessions(10, 10, held=4, not_held=1).unknown == (5, 5)
