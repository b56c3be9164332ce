"""Posters and cards already made, on disk: each under the digest of all that it holds, so that none is ever out of date.

Only what is read stays: the number of files is bounded, the one read longest ago gives its place, and a month unread is enough.
"""

import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from allervers.core import clock

MOST = 600  # files, of some tens of kB: every message of a network in a dozen languages
_UNREAD_FOR = timedelta(days=30)


def folder() -> Path:
    path = Path(settings.DATA_DIR) / "sheets"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def read(digest: str) -> bytes | None:
    """The sheet, if it is kept; it has just been read."""
    path = folder() / f"{digest}.pdf"
    try:
        made = path.read_bytes()
    except OSError:
        return None
    _touch(path)
    return made


def keep(digest: str, made: bytes) -> None:
    """Whole under its name or not at all. A disk that is full loses nothing: the sheet is made again."""
    part = folder() / f"{secrets.token_hex(8)}.part"
    with suppress(OSError):
        part.write_bytes(made)
        _touch(part)
        part.replace(folder() / f"{digest}.pdf")
        _make_room()
    part.unlink(missing_ok=True)


def forget_unread(now: datetime) -> int:
    """What nobody read for a month, and what a cut left half written."""
    old = [path for path in folder().iterdir() if _read_at(path) < (now - _UNREAD_FOR).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _make_room() -> None:
    held = sorted(folder().iterdir(), key=_read_at)
    for path in held[: max(0, len(held) - MOST)]:
        path.unlink(missing_ok=True)


def _touch(path: Path) -> None:
    """Read now, by the clock that everything follows."""
    moment = clock.now().timestamp()
    with suppress(OSError):
        os.utime(path, (moment, moment))


def _read_at(path: Path) -> float:
    """When it was last read; long ago if another process has just dropped it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
