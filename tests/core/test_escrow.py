import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.core import escrow

SECRETS = st.binary(min_size=32, max_size=32)


@given(SECRETS, st.integers(2, 5), st.integers(0, 3), st.randoms())
def test_enough_parts_rebuild_the_secret(secret: bytes, threshold: int, spare: int, random: object) -> None:
    parts = escrow.split(secret, threshold=threshold, parts=threshold + spare)
    random.shuffle(parts)  # type: ignore[attr-defined]

    assert escrow.rebuild(parts[:threshold]) == secret
    assert escrow.rebuild(parts) == secret


@given(SECRETS)
def test_any_two_of_three_and_never_one(secret: bytes) -> None:
    parts = escrow.split(secret, threshold=2, parts=3)

    for pair in itertools.permutations(parts, 2):
        assert escrow.rebuild(pair) == secret
    for part in parts:
        with pytest.raises(escrow.CannotRebuild, match="too_few"):
            escrow.rebuild([part, part])


@given(SECRETS, st.data())
def test_a_damaged_part_is_found_out(secret: bytes, data: st.DataObject) -> None:
    line = escrow.split(secret, threshold=2, parts=3)[0].line()
    place = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.sampled_from("0123456789abcdef").filter(lambda letter: letter != line[place]))

    with pytest.raises(escrow.CannotRebuild, match="damaged"):
        escrow.read(line[:place] + other + line[place + 1 :])


@given(SECRETS)
def test_a_part_is_read_as_people_copy_it(secret: bytes) -> None:
    part = escrow.split(secret, threshold=2, parts=3)[1]

    assert escrow.read(f" {part.line().upper()[:40]} {part.line()[40:]}\n") == part


def test_parts_of_two_ceremonies_do_not_mix() -> None:
    first, second = (escrow.split(bytes(32), threshold=2, parts=3) for _ in range(2))

    with pytest.raises(escrow.CannotRebuild, match="mixed"):
        escrow.rebuild([first[0], second[1]])


@pytest.mark.parametrize("number", [1, 2, 3, 200, 255])
def test_one_part_fits_every_secret_equally(number: int) -> None:
    """For each secret byte there is exactly one random byte that gives a part its value: the part tells nothing."""
    for secret in (0, 1, 0x53, 255):
        assert Counter(escrow._value([secret, random], number) for random in range(256)) == Counter(range(256))


@given(st.integers(1, 255))
def test_inverse_is_one(value: int) -> None:
    assert escrow._times(value, escrow._inverse(value)) == 1


def test_times_agrees_with_the_standard() -> None:
    assert escrow._times(0x57, 0x83) == 0xC1  # FIPS 197, section 4.2
