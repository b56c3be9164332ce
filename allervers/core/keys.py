"""The master key: a file of mode 0600, never an environment variable, never in the database or its backups.

A key that was replaced stays beside it, under the moment when it was, until the backups sealed under it are gone: until
then everything opens under either, so that a rotation may be cut short anywhere.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from allervers.core import crypto


class KeyMissing(Exception):
    """The master key is absent or unreadable: the program says so and shows nothing."""


_FORMER, _FORMER_GLOB = "master-%Y%m%dT%H%M%S.key", "master-*T*.key"


@dataclass(frozen=True)
class Former:
    """A master key that another one replaced, and when."""

    path: Path
    replaced_at: datetime
    key: bytes


def master_path() -> Path:
    return Path(settings.KEY_DIR) / "master.key"


def master() -> bytes:
    """The master key, 32 bytes; raises `KeyMissing`. Read again when the file changes."""
    return _key_in(master_path())


def former() -> list[Former]:
    """The master keys that were replaced and not destroyed yet, newest first."""
    folder = master_path().parent
    found = [
        Former(path, datetime.strptime(path.name, _FORMER).replace(tzinfo=UTC), _key_in(path))
        for path in folder.glob(_FORMER_GLOB)
    ]
    present = master()  # a rotation killed before its end leaves a copy of the key in use
    return sorted((one for one in found if one.key != present), key=lambda one: one.replaced_at, reverse=True)


def seal(plain: bytes, place: str, *, purpose: str = "") -> bytes:
    """`plain` sealed under the master key, or under one derived from it for a purpose."""
    return crypto.seal(_for(master(), purpose), plain, place)


def unseal(sealed: bytes, place: str, *, purpose: str = "") -> bytes:
    """Opens under the master key or a former one. Raises `crypto.CannotOpen`, `KeyMissing`."""
    try:
        return crypto.unseal(_for(master(), purpose), sealed, place)
    except crypto.CannotOpen:
        for one in former():
            try:
                return crypto.unseal(_for(one.key, purpose), sealed, place)
            except crypto.CannotOpen:
                continue
        raise


def unwrap(wrapped: bytes, place: str) -> bytes:
    """As `unseal`, for a key on which all else hangs. Raises `KeyMissing`."""
    try:
        return unseal(wrapped, place)
    except crypto.CannotOpen as error:
        raise KeyMissing("the master key here is not the one that wrapped this key") from error


def resealed(sealed: bytes, place: str, *, purpose: str = "") -> bytes | None:
    """The same under the master key in use; None when it is already, or opens under no key that is left."""
    try:
        crypto.unseal(_for(master(), purpose), sealed, place)
    except crypto.CannotOpen:
        try:
            return seal(unseal(sealed, place, purpose=purpose), place, purpose=purpose)
        except crypto.CannotOpen:
            return None
    return None


def replace_master(at: datetime) -> None:
    """A new master key in place of the present one, which stays beside it under its date. Kill it anywhere: it opens."""
    path = master_path()
    with _alone(path.parent):
        present = master()
        for leftover in path.parent.glob(_FORMER_GLOB):
            if _key_in(leftover) == present:  # of a rotation killed before its end
                leftover.unlink()
        _put(path.with_name(f"{at.astimezone(UTC):{_FORMER}}"), present)
        _put(path, crypto.new_key())


def destroy(old: Former) -> None:
    """Removes a former key for ever, its bytes written over first: a disk may keep a copy all the same."""
    with old.path.open("r+b") as file:
        file.write(b"0" * (2 * crypto.KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    old.path.unlink()
    _sync(old.path.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two rotations at once would lose a key."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put(path: Path, key: bytes) -> None:
    """A key file, whole or not there at all, in the place of the one before."""
    partial = path.with_name("master.partial")
    partial.unlink(missing_ok=True)
    write_secret(partial, key.hex())
    partial.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _for(key: bytes, purpose: str) -> bytes:
    return crypto.derive(key, purpose) if purpose else key


def _key_in(path: Path) -> bytes:
    try:
        told = path.stat()
    except OSError as error:
        raise KeyMissing(f"no master key at {path}") from error
    return _read(path, (told.st_ino, told.st_mtime_ns))


@lru_cache(maxsize=16)
def _read(path: Path, _stamp: tuple[int, int]) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise KeyMissing(f"unreadable master key at {path}") from error
    if len(key) != crypto.KEY_BYTES:
        raise KeyMissing(f"the master key at {path} is not 256 bits")
    return key


def create() -> list[Path]:
    """Makes the key files that are absent, mode 0600; never touches one that is there. Returns those made."""
    folder = master_path().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name, content in (("master.key", crypto.new_key().hex()), ("secret.key", secrets.token_urlsafe(48))):
        path = folder / name
        try:
            write_secret(path, content)
        except FileExistsError:
            continue
        made.append(path)
    return made


def write_secret(path: Path, content: str) -> None:
    """A new file that only its owner reads. Raises `FileExistsError`: a secret is never written over."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(handle)
