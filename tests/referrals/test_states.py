from hypothesis import given
from hypothesis import strategies as st

from allervers.referrals import states
from allervers.referrals.enums import WAITS_FOR_PARTNER, AnswerKind, ReferralState

answers = st.sampled_from(sorted(states.ANSWERS))


def test_states_and_answers_are_those_of_the_closed_lists() -> None:
    assert set(states.STATES) == set(ReferralState.values)
    assert set(AnswerKind.values) - {"undone"} == states.ANSWERS
    assert set(WAITS_FOR_PARTNER) == states.WAITING


@given(st.lists(answers, max_size=30))
def test_any_run_of_answers_stays_in_the_closed_list(run: list[str]) -> None:
    state = states.SENT
    for answer in run:
        state = states.after(state, answer)

        assert state in states.STATES
        assert state not in {states.DRAFTED, states.CLOSED}


@given(st.lists(answers, max_size=10), answers)
def test_the_same_answer_twice_is_no_news(run: list[str], answer: str) -> None:
    state = states.SENT
    for before in run:
        state = states.after(state, before)
    state = states.after(state, answer)

    assert not states.is_news(state, answer, answer)
    assert not states.amends(state, answer, answer)


@given(st.sampled_from(states.STATES[1:]), answers, answers)
def test_an_amendment_is_always_news_and_always_allowed(state: str, last: str, answer: str) -> None:
    if states.amends(state, last, answer):
        assert states.is_news(state, last, answer)
        assert state in states.KNOWN_ENDS | {states.CLOSED}


def test_known_ends_are_amended_and_next_steps_are_not() -> None:
    assert states.amends(states.KEPT, "", "did_not_come")
    assert states.amends(states.MISSED, "", "came")
    assert states.amends(states.RESULT, "equipped", "treated")
    assert states.amends(states.DECLINED, "declined_no_room", "declined_not_us")
    assert states.amends(states.CLOSED, "", "came")
    assert not states.amends(states.KEPT, "", "equipped")
    assert not states.amends(states.SENT, "", "did_not_come")
    assert not states.amends(states.APPOINTMENT, "", "moved")


def test_acknowledging_late_takes_nothing_back() -> None:
    for state in (*states.KNOWN_ENDS, states.APPOINTMENT, states.MOVED):
        assert states.after(state, "acknowledged") == state


def test_a_draft_has_no_answer() -> None:
    try:
        states.after(states.DRAFTED, "came")
    except states.NotSent:
        return
    raise AssertionError("a draft was answered")
