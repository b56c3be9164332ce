import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.programmes import declared
from allervers.programmes.declared import OBTAINED, Candidate, Fault, Figure, Quantity

LILLE = {
    "planned": Figure(10),
    "held": Figure(9),
    "people": Figure(90),
    "need_appointment": Figure(79),
    "need_rate": Figure(88, base="people"),
    "referred": Figure(57),
    "kept_rate": Figure(54),
    "equipped": Figure(12, precision="at_least"),
    "mean_delay_weeks": Figure(8, precision="about"),
}


def test_candidates_of_the_unstated_base_are_all_found() -> None:
    found = declared.candidates("kept_rate", LILLE)

    assert found[:2] == [Candidate(31, 57, "referred"), Candidate(43, 79, "need_appointment")]
    obtained = [(c.numerator, c.denominator) for c in found[2:]]
    assert {c.base for c in found[2:]} == {OBTAINED}
    brute = [
        (n, d)
        for d in range(56, 11, -1)
        for n in range(12, d + 1)
        if abs(100 * n / d - 54) <= 0.5
    ]  # fmt: skip
    assert obtained == brute
    assert {(26, 48), (27, 50), (28, 52)} <= set(obtained)


def test_candidates_of_a_stated_base_are_over_it_alone() -> None:
    assert declared.candidates("need_rate", LILLE) == [Candidate(79, 90, "people")]
    assert declared.candidates("kept_rate", {**LILLE, "kept_rate": Figure(54, base="referred")}) == [
        Candidate(31, 57, "referred")
    ]


@given(st.integers(1, 400), st.integers(0, 400))
def test_candidates_contain_the_truth_that_was_rounded(whole: int, part: int) -> None:
    part = min(part, whole)
    figures = {"people": Figure(whole), "need_rate": Figure(round(100 * part / whole), base="people")}

    assert Candidate(part, whole, "people") in declared.candidates("need_rate", figures)


def test_stages_keep_at_least_and_bound_the_unknown() -> None:
    stages = declared.stages(LILLE, Candidate(31, 57, "referred"))

    assert [(s.name, s.quantity.low) for s in stages] == [
        ("people", 90),
        ("need_appointment", 79),
        ("referred", 57),
        ("came", 31),
    ]
    last = {part.name: part.quantity for part in stages[-1].parts}
    assert last["equipped"] == Quantity(12, 31)
    assert last["unknown"] == Quantity(0, 19)
    assert declared.unknown_total(stages).high == 67


@pytest.mark.parametrize("candidate", declared.candidates("kept_rate", LILLE))
def test_every_candidate_leaves_the_same_people_unaccounted_for(candidate: Candidate) -> None:
    stages = declared.stages(LILLE, candidate)

    assert declared.unknown_total(stages).high == 67
    for stage in stages:
        assert stage.quantity.high is not None
        lows = sum(part.quantity.low for part in stage.parts)
        highs = sum(part.quantity.high or 0 for part in stage.parts)
        assert lows <= stage.quantity.low and highs >= stage.quantity.high


def test_stages_without_scenario_go_from_referred_to_equipped() -> None:
    stages = declared.stages(LILLE)

    assert [stage.name for stage in stages] == ["people", "need_appointment", "referred"]
    assert stages[-1].parts[0].quantity == Quantity(12, 57)


def test_quantity_says_its_precision() -> None:
    assert declared.quantity(Figure(12, precision="at_least")).precision == "at_least"
    assert declared.quantity(Figure(90, precision="about")).precision == "about"
    assert declared.quantity(Figure(3, 4)).precision == "range"
    assert declared.quantity(None).precision == "unknown"
    assert Quantity(0, 19).precision == "at_most"


def test_faults_name_figures_that_contradict_each_other() -> None:
    assert declared.faults(LILLE) == []
    assert declared.faults({**LILLE, "referred": Figure(80)}) == [Fault("referred", "need_appointment")]
    assert declared.faults({**LILLE, "held": Figure(11)}) == [Fault("held", "planned")]
    assert declared.faults({**LILLE, "need_rate": Figure(70, base="people")}) == [
        Fault("need_rate", "need_appointment")
    ]
