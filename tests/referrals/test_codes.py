import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from allervers.referrals import codes

bodies = st.text(codes.ALPHABET, min_size=codes.LINE_LENGTH - 1, max_size=codes.LINE_LENGTH - 1)


def _whole(body: str) -> str:
    return body + codes.check_letter(body)


def test_new_codes_read_back_however_they_are_typed() -> None:
    code, sheet = codes.new_line(), codes.new_sheet()

    assert codes.read_line(f" {code.lower().replace('-', ' ')} ") == code
    assert codes.read_sheet(sheet.replace("-", "")) == sheet


@given(bodies, st.integers(0, codes.LINE_LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_one_wrong_letter_is_always_caught(body: str, place: int, letter: str) -> None:
    code = _whole(body)
    assume(code[place] != letter)

    with pytest.raises(codes.WrongCode):
        codes.read_line(code[:place] + letter + code[place + 1 :])


@given(bodies, st.integers(0, codes.LINE_LENGTH - 2))
def test_two_swapped_letters_are_always_caught(body: str, place: int) -> None:
    code = _whole(body)
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    with pytest.raises(codes.WrongCode):
        codes.read_line(swapped)


@pytest.mark.parametrize("typed", ["", "K7", "K7-0420", "O1-IL00", "K7-4MC99"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(codes.WrongCode):
        codes.read_line(typed)


def test_alphabet_has_no_look_alikes() -> None:
    assert len(set(codes.ALPHABET)) == 23
    assert not set("0OQ1ILB8S5Z2G") & set(codes.ALPHABET)
