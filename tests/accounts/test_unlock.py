import pytest

from allervers.accounts import unlock
from tests.cast import Cast


@pytest.mark.parametrize(
    "code", ["0000", "1111", "1234", "4321", "123456", "2345", "1212", "121212"[:4], "98765", "7890"]
)
def test_code_that_anyone_would_try_is_refused(code: str) -> None:
    with pytest.raises(unlock.WeakCode):
        unlock.check_strength(code)


@pytest.mark.parametrize("code", ["", "123", "1234567", "abcd", "12a4", "١٢٣٤", "12 34"])
def test_code_is_four_to_six_digits(code: str) -> None:
    with pytest.raises(unlock.WeakCode, match="quatre à six chiffres"):
        unlock.check_strength(code)


@pytest.mark.parametrize("code", ["2580", "7391", "90210", "483920"])
def test_ordinary_code_is_taken(code: str) -> None:
    unlock.check_strength(code)


def test_right_code_passes_and_forgets_wrong_tries(cast: Cast) -> None:
    user = cast.memberships["mediator"].user
    unlock.set_code(user, "7391")
    with pytest.raises(unlock.WrongCode) as wrong:
        unlock.check_code(user, "7392")

    unlock.check_code(user, "7391")

    user.refresh_from_db()
    assert (wrong.value.left, user.unlock_tries) == (4, 0)


def test_fifth_wrong_try_closes_the_code_until_a_full_sign_in(cast: Cast) -> None:
    user = cast.memberships["mediator"].user
    unlock.set_code(user, "7391")
    left = []
    for _ in range(5):
        with pytest.raises(unlock.WrongCode) as wrong:
            unlock.check_code(user, "0001")
        left.append(wrong.value.left)

    with pytest.raises(unlock.WrongCode):
        unlock.check_code(user, "7391")
    assert left == [4, 3, 2, 1, 0]

    unlock.forget_tries(user)
    unlock.check_code(user, "7391")


def test_without_a_code_nothing_unlocks(cast: Cast) -> None:
    with pytest.raises(unlock.WrongCode):
        unlock.check_code(cast.memberships["mediator"].user, "")


def test_code_is_kept_hashed(cast: Cast) -> None:
    user = cast.memberships["mediator"].user
    unlock.set_code(user, "7391")

    assert user.unlock_hash.startswith("$argon2id$")
    assert "7391" not in user.unlock_hash
