"""A recording that arrives in pieces: each at its place, the cut ones taken up again where the disk stands, the whole verified.

One part file for one speaker and one sentence. What a kill leaves in it is the beginning of what was sent, so that its length
is always where to go on from. Knows files only.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from allervers.prevention import formats
from allervers.prevention.errors import Broken, FilmTooBig, TooBig

PIECE = 262_144  # bytes that a browser sends at once
_SHA = re.compile(r"[0-9a-f]{64}")


@contextmanager
def in_one_piece(chunks: Iterable[bytes], folder: Path) -> Iterator[tuple[Path, str]]:
    """What a form without script sends, on disk while it is looked at, and its SHA-256. Nobody else's file, even of the
    same person for the same sentence: its name is drawn at random.
    """
    path, digest = folder / f"{secrets.token_hex(16)}.part", hashlib.sha256()
    try:
        with path.open("xb") as kept:
            for chunk in chunks:
                digest.update(chunk)
                kept.write(chunk)
        yield path, digest.hexdigest()
    finally:
        path.unlink(missing_ok=True)


class WrongPlace(Exception):
    """A piece that does not go on from what is there; `offset` says from where to send."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


@dataclass(frozen=True)
class Parcel:
    """What is being sent: by whom and for which sentence (`place`), which file (`sha256`, said before), how long."""

    folder: Path
    place: str
    sha256: str
    total: int

    @classmethod
    def announced(cls, folder: Path, place: str, *, sha256: str, total: int, most: int = formats.MAX_BYTES) -> "Parcel":
        """Raises `TooBig`, `Broken` when it is not said as it should be."""
        if total > most:
            raise FilmTooBig if most > formats.MAX_BYTES else TooBig
        if total <= 0 or not _SHA.fullmatch(sha256):
            raise Broken
        return cls(folder, place, sha256, total)

    @property
    def path(self) -> Path:
        return self.folder / f"{self.place}-{self.sha256[:32]}.part"

    @property
    def offset(self) -> int:
        """How much of it is here."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_whole(self) -> bool:
        return self.offset == self.total

    def add(self, offset: int, piece: bytes) -> int:
        """Writes a piece at its place and returns where the next begins. Raises `WrongPlace`, `TooBig`."""
        if offset + len(piece) > self.total:
            raise TooBig
        if offset == 0:
            self._forget_others()
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            there = file.seek(0, os.SEEK_END)
            if there != offset:
                raise WrongPlace(there)
            try:
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(there)
                raise
        return there + len(piece)

    def check(self) -> None:
        """What is here is what was announced. Raises `Broken`, and forgets it."""
        with self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            self.forget()
            raise Broken

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    def _forget_others(self) -> None:
        """She recorded this sentence again: the former file is not wanted any more."""
        for path in self.folder.glob(f"{self.place}-*.part"):
            if path != self.path:
                path.unlink(missing_ok=True)
