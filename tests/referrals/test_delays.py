import statistics

from hypothesis import given
from hypothesis import strategies as st

from allervers.referrals.delays import Wait, curve, median, observed

waits = st.lists(st.builds(Wait, st.integers(0, 400), st.booleans()), max_size=60)


def test_everyone_served_gives_the_lower_median() -> None:
    rows = [Wait(days, True) for days in (10, 20, 30, 40)]

    assert observed(rows).median == statistics.median_low([10, 20, 30, 40])
    assert observed(rows).mean == 25


def test_those_who_wait_push_the_median_up() -> None:
    served = [Wait(days, True) for days in (10, 20, 30)]

    assert median(served) == 20
    assert median([*served, Wait(60, False), Wait(60, False)]) == 30
    assert median([*served, *[Wait(60, False)] * 4]) is None


def test_textbook_example_comes_out() -> None:
    # Collett, Modelling Survival Data in Medical Research: time to discontinuation of an IUD, median 93 weeks.
    events = [10, 19, 30, 36, 59, 75, 93, 97, 107]
    censored = [13, 18, 23, 38, 54, 56, 104, 107, 107]
    rows = [Wait(day, True) for day in events] + [Wait(day, False) for day in censored]

    assert median(rows) == 93
    assert [round(share, 4) for _day, share in curve(rows)][1:4] == [0.9444, 0.8815, 0.8137]


@given(waits)
def test_curve_never_rises_and_stays_a_share(rows: list[Wait]) -> None:
    shares = [share for _day, share in curve(rows)]

    assert shares == sorted(shares, reverse=True)
    assert all(-1e-9 <= share <= 1 for share in shares)


@given(waits, st.integers(0, 400))
def test_one_more_waiting_never_lowers_the_median(rows: list[Wait], days: int) -> None:
    before, after = median(rows), median([*rows, Wait(days, False)])

    assert after is None or (before is not None and after >= before)


@given(waits)
def test_counts_are_conserved(rows: list[Wait]) -> None:
    delay = observed(rows)

    assert delay.served + delay.waiting == len(rows)
