"""A recording that arrives in pieces, cut wherever a network cuts: it goes on from what is there, and is what was announced."""

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.prevention.errors import Broken, TooBig
from allervers.prevention.sending import Parcel, WrongPlace, in_one_piece


def _parcel(folder: Path, held: bytes) -> Parcel:
    return Parcel.announced(folder, "who-what", sha256=hashlib.sha256(held).hexdigest(), total=len(held))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


@given(
    held=st.binary(min_size=1, max_size=3000),
    piece=st.integers(1, 700),
    cuts=st.lists(
        st.sampled_from(["passes", "lost before", "lost after", "killed half-way", "sent twice"]), max_size=60
    ),
)
def test_whatever_is_cut_the_whole_arrives_once_and_the_same(
    folder: Path, held: bytes, piece: int, cuts: list[str]
) -> None:
    parcel, left = _parcel(folder, held), list(cuts)
    while not parcel.is_whole:
        at = parcel.offset  # what a page asks after each cut, also once it was reloaded
        body = held[at : at + piece]
        accident = left.pop() if left else "passes"
        if accident == "lost before":
            continue
        if accident == "killed half-way" and at:
            with parcel.path.open("ab") as file:
                file.write(body[: len(body) // 2])
            continue
        parcel.add(at, body)
        if accident == "sent twice":
            with pytest.raises(WrongPlace) as wrong:
                parcel.add(at, body)
            assert wrong.value.offset == at + len(body)

    parcel.check()
    assert parcel.path.read_bytes() == held
    parcel.forget()


@given(held=st.binary(min_size=2, max_size=500), offset=st.integers(0, 600), there=st.integers(1, 499))
def test_a_piece_at_a_wrong_place_changes_nothing(folder: Path, held: bytes, offset: int, there: int) -> None:
    parcel, there = _parcel(folder, held), min(there, len(held) - 1)
    parcel.forget()
    parcel.add(0, held[:there])

    if offset == there:
        return
    with pytest.raises((WrongPlace, TooBig)):
        parcel.add(offset, b"x")
    assert parcel.path.read_bytes() == held[:there]


def test_what_is_not_what_was_announced_is_refused_and_forgotten(tmp_path: Path) -> None:
    parcel = _parcel(tmp_path, b"one thing")
    parcel.add(0, b"otherwise")

    with pytest.raises(Broken):
        parcel.check()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sha256", "total", "refusal"),
    [("a" * 64, 50_000_001, TooBig), ("a" * 64, 0, Broken), ("a" * 64, -1, Broken), ("../../etc", 10, Broken)],
)
def test_what_cannot_be_taken_is_refused_before_its_first_byte(
    tmp_path: Path, sha256: str, total: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        Parcel.announced(tmp_path, "who-what", sha256=sha256, total=total)


def test_more_than_was_announced_is_not_written(tmp_path: Path) -> None:
    parcel = _parcel(tmp_path, b"0123456789")
    parcel.add(0, b"01234")

    with pytest.raises(TooBig):
        parcel.add(5, b"5678901234")
    assert parcel.offset == 5


def test_saying_it_again_forgets_what_was_half_sent(tmp_path: Path) -> None:
    first, second = (_parcel(tmp_path, random.Random(seed).randbytes(400)) for seed in (1, 2))
    other = Parcel.announced(tmp_path, "who-else", sha256="b" * 64, total=9)
    first.add(0, b"x" * 100)
    other.add(0, b"yy")

    second.add(0, b"z" * 50)

    assert (first.offset, second.offset, other.offset) == (0, 50, 2)


def test_two_files_of_one_person_at_once_are_two_files(folder: Path) -> None:
    before = sorted(folder.iterdir())

    with in_one_piece([b"one ", b"voice"], folder) as (one, first), in_one_piece([b"another"], folder) as (two, second):
        assert (one.read_bytes(), two.read_bytes()) == (b"one voice", b"another")
        assert (first, second) == tuple(hashlib.sha256(held).hexdigest() for held in (b"one voice", b"another"))

    assert sorted(folder.iterdir()) == before
