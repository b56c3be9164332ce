"""The files that go with the database in a backup: voices and videos, sealed in one piece beside it."""

import tarfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from allervers.core import archive

FOLDERS = ["media"]  # under the data folder; what is half sent, in a folder of its own there, is left out


def seal(scratch: Path, sealed: BinaryIO, key: bytes) -> None:
    """Every file of these folders. One that goes meanwhile is left out: its row is gone too, or a page says it is absent."""
    plain = scratch / "files"
    with tarfile.open(plain, "w") as packed:
        for folder in FOLDERS:
            for path in sorted((Path(settings.DATA_DIR) / folder).glob("*")):
                if path.is_file() and not path.name.startswith("."):
                    with suppress(FileNotFoundError):  # opened before anything of it is written
                        packed.add(path, f"{folder}/{path.name}", recursive=False)
    with plain.open("rb") as opened:
        archive.seal(key, opened, sealed)
    plain.unlink()


def put_back(backup: Path, name: str, key: bytes, scratch: Path) -> None:
    """Beside those that are here: names are drawn at random, so that none takes another's place. Raises `archive.Damaged`."""
    if not (backup / name).exists():
        return  # written before files went with the database
    plain = scratch / "files"
    with (backup / name).open("rb") as sealed, plain.open("wb") as opened:
        archive.unseal(key, sealed, opened)
    with tarfile.open(plain) as packed:
        packed.extractall(Path(settings.DATA_DIR), filter="data")
    plain.unlink()
