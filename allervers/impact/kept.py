"""Who was met before this month, as it was counted last: one reading of a year is a reading of its last month.

In the memory of this process alone, as ids; trusted only while nothing dated then was written since (`watch`), and never inside a
transaction, whose writes may be taken back.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from django.db import connection

from allervers.impact import watch

_MOST = 16  # a network's year of 25,000 people is 1 MB

Key = tuple[UUID, UUID | None, datetime, datetime]


@dataclass(frozen=True)
class Kept:
    """`cards`: ids as the database joins them; `bits`: their groups, a byte each. Then heads, as `groups.People` has them."""

    cards: str
    bits: bytes
    heads: dict[str, int]
    largest: dict[str, int]
    visits: int


_kept: OrderedDict[Key, tuple[int, Kept]] = OrderedDict()
_lock = Lock()


def stamp(key: Key) -> int | None:
    """To be read before the rows are; None when nothing may be kept."""
    if connection.in_atomic_block or not watch.is_installed():
        return None
    return watch.times(key[0], key[3])


def at(key: Key, stamp: int | None) -> Kept | None:
    with _lock:
        found = _kept.get(key)
        if found is None or found[0] != stamp:
            return None
        _kept.move_to_end(key)
        return found[1]


def keep(key: Key, stamp: int | None, counted: Kept) -> None:
    if stamp is None:
        return
    with _lock:
        _kept[key] = (stamp, counted)
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
