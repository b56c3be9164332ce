from hypothesis import given
from hypothesis import strategies as st

from allervers.needs.hiding import publish

COUNTS = st.dictionaries(st.integers(0, 20), st.integers(0, 40), max_size=12)


def test_small_cells_are_lumped_with_enough_others() -> None:
    published = publish({"a": 30, "b": 12, "c": 4}, 11)

    assert (published.shown, published.lump) == ({"a": 30}, 16)


def test_a_small_whole_is_hidden() -> None:
    published = publish({"a": 5, "b": 5}, 11)

    assert (published.shown, published.lump) == ({}, None)


@given(COUNTS, st.integers(2, 15))
def test_nothing_printed_is_under_the_threshold_and_nothing_is_lost(counts: dict[int, int], threshold: int) -> None:
    published = publish(counts, threshold)

    assert all(count >= threshold and counts[key] == count for key, count in published.shown.items())
    if published.lump is None:
        assert 0 < sum(counts.values()) < threshold
    else:
        assert published.lump == 0 or published.lump >= threshold
        assert sum(published.shown.values()) + published.lump == sum(counts.values())
