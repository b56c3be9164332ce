"""Which words go and which come, between two wordings."""

from hypothesis import given
from hypothesis import strategies as st

from allervers.prevention.compare import Piece, compare


def test_only_the_words_that_differ_are_marked() -> None:
    assert compare("Buvez un verre.", "Buvez deux verres.") == (
        [Piece("Buvez ", False), Piece("un", True), Piece(" ", False), Piece("verre.", True)],
        [Piece("Buvez ", False), Piece("deux", True), Piece(" ", False), Piece("verres.", True)],
    )


def test_a_first_wording_is_new_from_end_to_end() -> None:
    assert compare("", "Buvez.") == ([], [Piece("Buvez.", True)])


@given(st.text(max_size=60), st.text(max_size=60))
def test_each_side_keeps_every_letter(before: str, after: str) -> None:
    gone, come = compare(before, after)

    assert ("".join(one.text for one in gone), "".join(one.text for one in come)) == (before, after)
    assert compare(before, before) == (
        [Piece(before, False)] if before else [],
        [Piece(before, False)] if before else [],
    )
