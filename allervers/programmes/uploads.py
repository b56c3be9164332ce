"""A file between its dry run and its import: kept a day at most, sealed, and opened again only by who brought it."""

import io
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from allervers.core import crypto, ids, keys
from allervers.programmes.errors import ProgrammeError

KEPT_FOR = timedelta(days=1)
_PIECE = 1 << 20
_SEALED_PIECE = _PIECE + 29


class TooBig(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Ce fichier dépasse 50 Mo : gardez les seules lignes à importer, ou coupez-le en deux."))


class Gone(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(_("Le fichier essayé n’est plus là : choisissez-le à nouveau, l’essai recommence."))


class NoRoom(ProgrammeError):
    def __init__(self) -> None:
        super().__init__(
            _("Le fichier n’a pas pu être gardé, rien n’a été enregistré. Prévenez l’administration technique.")
        )


def keep(pieces: Iterable[bytes], *, owner: UUID) -> UUID:
    """Seals a file for its owner (a membership), a piece at a time; returns its id. Raises `TooBig`, `NoRoom`."""
    kept, number, size, rest = ids.new_id(), 0, 0, b""
    path = _path(kept)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in pieces:
                size += len(piece)
                if size > settings.UPLOAD_MAX_BYTES:
                    raise TooBig
                rest += piece
                while len(rest) >= _PIECE:
                    file.write(_seal(rest[:_PIECE], kept, owner, number))
                    rest, number = rest[_PIECE:], number + 1
            file.write(_seal(rest, kept, owner, number))
    except TooBig:
        path.unlink(missing_ok=True)
        raise
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise NoRoom from error
    return kept


def opened(kept: UUID, *, owner: UUID) -> BinaryIO:
    """The file again, read a piece at a time. Raises `Gone`, to anyone else than its owner too."""
    try:
        return io.BufferedReader(_Sealed(kept, owner), buffer_size=1 << 16)
    except (OSError, crypto.CannotOpen) as error:
        raise Gone from error


def forget(kept: UUID) -> None:
    _path(kept).unlink(missing_ok=True)


def forget_before(moment: datetime) -> int:
    """Removes what was kept before `moment`; returns how many files."""
    old = [path for path in _folder().glob("*.sealed") if path.stat().st_mtime < moment.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class _Sealed(io.RawIOBase):
    """Reads a kept file anywhere, opening one piece at a time."""

    def __init__(self, kept: UUID, owner: UUID) -> None:
        self.kept, self.owner = kept, owner
        self.file = _path(kept).open("rb")
        sealed = self.file.seek(0, io.SEEK_END)
        pieces = -(-sealed // _SEALED_PIECE)
        self.size, self.position, self.held = sealed - 29 * pieces, 0, (-1, b"")
        self._piece(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, start + offset)
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer, as io calls it
        if self.position >= self.size:
            return 0
        number, start = divmod(self.position, _PIECE)
        part = self._piece(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self.position += len(part)
        return len(part)

    def close(self) -> None:
        self.file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self.held[0] != number:
            self.file.seek(number * _SEALED_PIECE)
            sealed = self.file.read(_SEALED_PIECE)
            self.held = number, keys.unseal(sealed, _place(self.kept, self.owner, number), purpose="programmes.upload")
        return self.held[1]


def _seal(piece: bytes, kept: UUID, owner: UUID, number: int) -> bytes:
    return keys.seal(piece, _place(kept, owner, number), purpose="programmes.upload")


def _place(kept: UUID, owner: UUID, number: int) -> str:
    return f"programmes.upload:{kept}:{owner}:{number}"


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _path(kept: UUID) -> Path:
    return _folder() / f"{kept}.sealed"
