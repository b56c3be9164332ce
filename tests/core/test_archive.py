import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allervers.core import archive

KEY = bytes(range(32))
LENGTHS = st.one_of(st.integers(0, 100), st.sampled_from([2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20 + 7]))


class Trickle(io.BytesIO):
    """A source that gives less than it is asked, as pipes do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 65_537))


def _sealed(plain: bytes) -> bytes:
    out = io.BytesIO()
    archive.seal(KEY, Trickle(plain), out)
    return out.getvalue()


def _opened(sealed: bytes, key: bytes = KEY) -> bytes:
    out = io.BytesIO()
    archive.unseal(key, Trickle(sealed), out)
    return out.getvalue()


@settings(max_examples=25, deadline=None)
@given(LENGTHS)
def test_what_is_sealed_opens_again(length: int) -> None:
    plain = bytes(i * 31 % 251 for i in range(min(length, 1000))) * (length // 1000 + 1)
    plain = plain[:length]

    assert _opened(_sealed(plain)) == plain


@given(st.integers(0, 39 + 16), st.integers(1, 255))
def test_an_altered_byte_is_found_out(place: int, change: int) -> None:
    sealed = bytearray(_sealed(b"fifteen letters"))
    sealed[place % len(sealed)] ^= change

    with pytest.raises(archive.Damaged):
        _opened(bytes(sealed))


def test_a_cut_between_pieces_is_found_out() -> None:
    sealed = _sealed(bytes(2 * 2**20 + 5))

    with pytest.raises(archive.Damaged):
        _opened(sealed[: 24 + 2**20 + 16])


def test_pieces_of_another_order_are_found_out() -> None:
    sealed, size = _sealed(bytes(2 * 2**20 + 5)), 2**20 + 16

    with pytest.raises(archive.Damaged):
        _opened(sealed[:24] + sealed[24 + size : 24 + 2 * size] + sealed[24 : 24 + size] + sealed[24 + 2 * size :])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(archive.Damaged):
        _opened(_sealed(b"something"), key=bytes(32))
