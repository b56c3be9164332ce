"""The master key: a file of mode 0600, never an environment variable, never in the database or its backups."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from allervers.core import crypto


class KeyMissing(Exception):
    """The master key is absent or unreadable: the program says so and shows nothing."""


def master_path() -> Path:
    return Path(settings.KEY_DIR) / "master.key"


def master() -> bytes:
    """The master key, 32 bytes; raises `KeyMissing`. Read again when the file changes."""
    path = master_path()
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise KeyMissing(f"no master key at {path}") from error
    return _read(path, stamp)


@lru_cache(maxsize=2)
def _read(path: Path, stamp: int) -> bytes:
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
