"""The chain's arithmetic: what is authenticated, and how. Pure.

`mac(n) = HMAC-SHA256(key, mac(n-1) || text(n))`, with an empty `mac(0)` and one key a network. Altering, cutting inside
or reordering breaks it; cutting the tail is found by an anchor kept elsewhere. The exact stored text is authenticated,
since databases reorder keys.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

# Events carry codes and ids, never prose: immutable free text would defeat erasure.
_CODE = re.compile(r"[\w.:+/-]{0,64}", re.ASCII)

Scalar = str | int | float | bool | None


class ProseRefused(ValueError):
    """An event was given something else than codes, numbers and ids."""


def check(data: dict[str, object]) -> None:
    """Raises `ProseRefused` unless each value is a code, a number, or a list of codes."""
    for name, value in data.items():
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, str) and not _CODE.fullmatch(item):
                raise ProseRefused(f"{name}: an event holds codes and ids, never a sentence")
            if not isinstance(item, Scalar):
                raise ProseRefused(f"{name}: {type(item).__name__} is not a code")


def text(*, seq: int, at: datetime, kind: str, subject: tuple[str, str], actor: str, data: dict[str, object]) -> str:
    """The canonical JSON of an event."""
    body = {"seq": seq, "at": at.isoformat(), "kind": kind, "subject": list(subject), "actor": actor, "data": data}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_text(*, seq: int, at: datetime, organisation: str, reader: str, reason: str, cards: Sequence[str]) -> str:
    """The canonical JSON of a line of identities read; its columns hold all of it."""
    body = [seq, at.astimezone(UTC).isoformat(), organisation, reader, reason, list(cards)]
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def mac(key: bytes, previous: str, body: str) -> str:
    """The next link, 64 hexadecimal digits."""
    return hmac.new(key, previous.encode() + body.encode(), hashlib.sha256).hexdigest()


def indexed(body: str) -> tuple[str, str, str, str, str] | None:
    """What the index columns of an event must say; None when its text is not one."""
    try:
        told = json.loads(body)
        at = datetime.fromisoformat(told["at"]).astimezone(UTC).isoformat()
        return at, told["kind"], told["subject"][0], told["subject"][1], told["actor"]
    except (ValueError, KeyError, TypeError, IndexError):
        return None


@dataclass(frozen=True)
class Line:
    """One stored event: its place, the exact text, its mac, and what the columns that only index it say."""

    seq: int
    text: str
    mac: str
    index: tuple[str, str, str, str, str] | None = None  # at (ISO, UTC), kind, subject's kind and id, actor


@dataclass(frozen=True)
class Fault:
    seq: int
    why: str


def faults(
    key: bytes, lines: Iterable[Line], anchors: dict[int, str], *, base: tuple[int, str] = (0, "")
) -> Iterator[Fault]:
    """Every break of a chain read in order of `seq`. `anchors` maps a position to the mac seen there before; `base` is the
    last link before the first one read, where the beginning was rightly forgotten.

    O(n) time, constant memory. A line whose text was altered is reported once; the walk goes on from its stored mac.
    """
    seen, previous = base
    expected = seen + 1
    for line in lines:
        if line.seq != expected:
            yield Fault(expected, "missing" if line.seq > expected else "out_of_order")
        if mac(key, previous, line.text) != line.mac and line.seq == expected:
            yield Fault(line.seq, "altered")
        if line.index is not None and line.index != indexed(line.text):
            yield Fault(line.seq, "misfiled")
        if line.seq in anchors and anchors[line.seq] != line.mac:
            yield Fault(line.seq, "not_the_anchored_event")
        expected, previous, seen = line.seq + 1, line.mac, line.seq
    for seq in sorted(anchors):
        if seq > seen:
            yield Fault(seq, "anchored_event_is_gone")
