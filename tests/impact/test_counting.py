from hypothesis import given
from hypothesis import strategies as st

from allervers.core.rates import Rate
from allervers.impact import counting

PEOPLE = st.integers(0, 12)
LINKS = st.lists(st.tuples(PEOPLE, PEOPLE), max_size=12)


def _count(present: set[int], confirmed: list[tuple[int, int]], candidates: list[tuple[int, int]]) -> counting.Count:
    return counting.count(
        identified=len(present),
        coded=0,
        confirmed_surplus=counting.surplus(present, counting.people(confirmed)),
        every_surplus=counting.surplus(present, counting.people(confirmed + candidates)),
        anonymous=7,
        largest_head_count=3,
    )


@given(st.sets(PEOPLE, min_size=1), LINKS, LINKS.filter(bool))
def test_confirming_keeps_low_and_lowers_high_by_one_at_most(
    present: set[int], confirmed: list[tuple[int, int]], candidates: list[tuple[int, int]]
) -> None:
    before = _count(present, confirmed, candidates)
    after = _count(present, [*confirmed, candidates[0]], candidates[1:])

    assert after.low == before.low
    assert before.high - 1 <= after.high <= before.high


@given(st.sets(PEOPLE, min_size=1), LINKS, LINKS.filter(bool))
def test_rejecting_keeps_high_and_raises_low_by_one_at_most(
    present: set[int], confirmed: list[tuple[int, int]], candidates: list[tuple[int, int]]
) -> None:
    before = _count(present, confirmed, candidates)
    after = _count(present, confirmed, candidates[1:])

    assert after.high == before.high
    assert before.low <= after.low <= before.low + 1


@given(st.sets(PEOPLE), LINKS, LINKS)
def test_interval_is_ordered_and_strata_add_up(
    present: set[int], confirmed: list[tuple[int, int]], candidates: list[tuple[int, int]]
) -> None:
    made = _count(present, confirmed, candidates)

    assert made.low <= made.high
    assert made.known + made.anonymous == made.high


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_rate_bounds_hold_the_rate(numerator: int, against: int, unknown: int) -> None:
    rate = Rate(numerator, numerator + against + unknown, unknown)

    if rate.denominator == 0:
        assert rate.value is rate.bounds is rate.wilson is None
        return
    assert rate.bounds is not None
    assert rate.wilson is not None
    assert rate.bounds[0] == rate.value <= rate.bounds[1] <= 1
    assert 0 <= rate.wilson[0] <= rate.value + 1e-12
    assert rate.value <= rate.wilson[1] + 1e-12 <= 1 + 1e-9


def test_wilson_of_31_in_57_is_the_published_interval() -> None:
    low, high = Rate(31, 57, 0).wilson or (0, 0)

    assert (round(low, 3), round(high, 3)) == (0.416, 0.666)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(2, 11))
def test_hidden_cells_cannot_be_subtracted_back(cells: list[int], threshold: int) -> None:
    gone = counting.hidden(cells, threshold)

    assert all(i in gone for i, cell in enumerate(cells) if 0 < cell < threshold)
    if gone and len(gone) < len([cell for cell in cells if cell]):
        assert len(gone) >= 2
        assert sum(cells[i] for i in gone) >= threshold
