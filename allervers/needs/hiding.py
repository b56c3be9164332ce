"""Small counts hidden so that no subtraction brings them back. Pure.

A column of counts is printed as some cells, exact and at least `threshold`, and one lump for all the others, itself at
least `threshold` (or nothing at all to lump). Only these are printed, no other total: what stands in the lump is known as
a sum only. A column whose whole is under the threshold is hidden entire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")


@dataclass(frozen=True)
class Published(Generic[K]):
    """`shown`: the cells that may be printed. `lump`: the rest together; 0 when nothing is left, None when it is hidden."""

    shown: dict[K, int]
    lump: int | None


def publish(counts: Mapping[K, int], threshold: int) -> Published[K]:
    """Largest first, ties in the mapping's own order. Cells of zero say nothing and are dropped. O(n log n)."""
    cells = sorted(((key, count) for key, count in counts.items() if count > 0), key=lambda cell: -cell[1])
    shown = [cell for cell in cells if cell[1] >= threshold]
    lump = sum(count for _, count in cells) - sum(count for _, count in shown)
    while 0 < lump < threshold and shown:
        lump += shown.pop()[1]
    if 0 < lump < threshold:
        return Published({}, None)
    return Published(dict(shown), lump)
