"""Anchors: what the head of each chain was, written to a file outside the database, so that a cut tail is missed.

One JSON object a line: {network, seq, mac, reads, at}, where `reads` is [seq, mac] of the chain of identities read.
`restored: true` declares that a backup was put back, and that what was anchored further on was lost with it. Lines are
only ever added.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from allervers.journal.models import ChainHead

EVERY = timedelta(minutes=5)
_TAIL_BYTES = 65_536  # enough for the last anchor of some hundred networks; one not found there is anchored again


@dataclass(frozen=True)
class Anchor:
    network_id: str
    seq: int
    mac: str
    at: datetime
    restored: bool = False
    reads: tuple[int, str] = (0, "")


class UnreadableAnchor(ValueError):
    """A line of the anchors' file is not an anchor."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def path() -> Path:
    return Path(settings.ANCHOR_FILE)


def read() -> dict[str, list[Anchor]]:
    """All anchors by network, in the order written; none without a file. Raises `UnreadableAnchor`."""
    found: dict[str, list[Anchor]] = {}
    if not path().exists():
        return found
    with path().open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                anchor = _parse(line, number)
                found.setdefault(anchor.network_id, []).append(anchor)
    return found


def latest() -> dict[str, Anchor]:
    """The last anchor of each network, read from the end of the file."""
    if not path().exists():
        return {}
    with path().open("rb") as file:
        file.seek(max(0, path().stat().st_size - _TAIL_BYTES))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    found = {}
    for line in lines:
        try:
            anchor = _parse(line, 0)
        except UnreadableAnchor:
            continue  # the first line read may have lost its beginning; `read` is the one that judges
        found[anchor.network_id] = anchor
    return found


def append(at: datetime, *, wait: timedelta = timedelta(0), restored: bool = False) -> int:
    """Anchors each chain whose head moved since its last anchor, unless that is more recent than `wait`.

    Returns how many. On disk when it returns: the lines go in one write, then fsync.
    """
    before = latest()
    lines = []
    for head in ChainHead.objects.order_by("network_id"):
        last = before.get(str(head.network_id))
        now = Anchor(str(head.network_id), head.seq, head.mac, at, restored, (head.reads_seq, head.reads_mac))
        if last and not restored and (_same(last, now) or at - last.at < wait):
            continue
        lines.append(_line(now))
    if lines:
        _write("".join(lines))
    return len(lines)


def standing(anchors: list[Anchor], *, reads: bool = False) -> dict[int, str]:
    """What must still be found, of events or of reads: a declared restore voids what was anchored beyond it."""
    kept: dict[int, str] = {}
    for anchor in anchors:
        at, link = anchor.reads if reads else (anchor.seq, anchor.mac)
        if anchor.restored:
            kept = {seq: mac for seq, mac in kept.items() if seq <= at}
        if at:
            kept.setdefault(at, link)
    return kept


def _same(one: Anchor, other: Anchor) -> bool:
    return (one.seq, one.mac, one.reads) == (other.seq, other.mac, other.reads)


def _parse(line: str, number: int) -> Anchor:
    try:
        told = json.loads(line)
        at = datetime.fromisoformat(told["at"])
        seq, link = told.get("reads", (0, ""))
        reads = int(seq), str(link)
        return Anchor(str(told["network"]), int(told["seq"]), str(told["mac"]), at, bool(told.get("restored")), reads)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableAnchor(number) from error


def _line(anchor: Anchor) -> str:
    told: dict[str, object] = {"network": anchor.network_id, "seq": anchor.seq, "mac": anchor.mac}
    told |= {"reads": list(anchor.reads), "at": anchor.at.isoformat()}
    if anchor.restored:
        told["restored"] = True
    return json.dumps(told) + "\n"


def _write(lines: str) -> None:
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
