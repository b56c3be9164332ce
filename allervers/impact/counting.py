"""Counting people without flattering. Pure: no Django.

Three strata (identified, coded, anonymous) and an interval for the number of distinct people:

- `low`: cards and codes after accepting every candidate link, or the largest single head-count if that is more;
- `high`: cards and codes after confirmed links only, plus all head-counts.

Guarantees, held by property tests: confirming a candidate never changes `low` and lowers `high` by at most 1; rejecting one
never changes `high` and raises `low` by at most 1; the union of two groups lies between its largest part and their sum.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """People of one group. `known` is the number to sign: cards and codes after confirmed links."""

    identified: int
    coded: int
    anonymous: int
    low: int
    high: int

    @property
    def known(self) -> int:
        return self.identified + self.coded


def people(links: Iterable[tuple[Key, Key]]) -> dict[Key, Key]:
    """One key to stand for each person, once `links` are accepted: for every key that a link touches, its person's.

    Union–find with path halving; O(l α(l)). A link to something absent still joins what is present through it.
    """
    parent: dict[Key, Key] = {}

    def root(key: Key) -> Key:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for first, second in links:
        parent[root(first)] = root(second)
    return {key: root(key) for key in list(parent)}


def surplus(present: Iterable[Key], person: Mapping[Key, Key]) -> int:
    """How many of `present` are counted twice or more: their number minus that of the people they are (`people`)."""
    here = list(present)
    return len(here) - len({person.get(key, key) for key in here})


def count(
    *,
    identified: int,
    coded: int,
    confirmed_surplus: int,
    every_surplus: int,
    anonymous: int,
    largest_head_count: int,
) -> Count:
    """A group's count from its sizes. `*_surplus` come from `surplus` with confirmed links, then with candidates too."""
    in_codes = min(coded, confirmed_surplus)
    distinct = identified + coded - confirmed_surplus
    return Count(
        identified=identified - (confirmed_surplus - in_codes),
        coded=coded - in_codes,
        anonymous=anonymous,
        low=max(identified + coded - every_surplus, largest_head_count),
        high=distinct + anonymous,
    )


def hidden(cells: Sequence[int], threshold: int) -> set[int]:
    """The positions to hide in a published row whose total is printed beside.

    Every cell from 1 to `threshold - 1`; and when that leaves fewer than two hidden, or a hidden sum still under the
    threshold, the next smallest cells too, so that subtraction gives nothing back. Zeros are shown: they name nobody.
    """
    small = {i for i, cell in enumerate(cells) if 0 < cell < threshold}
    if not small:
        return set()
    others = sorted((cell, i) for i, cell in enumerate(cells) if cell >= threshold)
    while others and (len(small) < 2 or sum(cells[i] for i in small) < threshold):
        small.add(others.pop(0)[1])
    return small
