"""Voices and videos go with the database in a backup, sealed, and come back beside those that are here."""

import tarfile
from pathlib import Path

import pytest

from allervers.accounts import backup_files
from allervers.core import archive

KEY = b"k" * 32


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    (tmp_path / "data/media/parts").mkdir(parents=True)
    (tmp_path / "scratch").mkdir()
    (tmp_path / "data/media/aa.ogg").write_bytes(b"a voice in Soninke")
    (tmp_path / "data/media/.bb.ogg.part").write_bytes(b"half made")
    (tmp_path / "data/media/parts/cc.part").write_bytes(b"half sent")
    return tmp_path / "data"


def _sealed(folder: Path) -> None:
    with (folder / "files.sealed").open("wb") as sealed:
        backup_files.seal(folder / "scratch", sealed, KEY)


def test_files_come_back_and_take_no_others_place(data: Path, tmp_path: Path) -> None:
    _sealed(tmp_path)
    assert b"Soninke" not in (tmp_path / "files.sealed").read_bytes()
    (data / "media/aa.ogg").unlink()
    (data / "media/.bb.ogg.part").unlink()
    (data / "media/dd.ogg").write_bytes(b"a later voice")

    backup_files.put_back(tmp_path, "files.sealed", KEY, tmp_path / "scratch")

    found = {path.name: path.read_bytes() for path in (data / "media").iterdir() if path.is_file()}
    assert found == {"aa.ogg": b"a voice in Soninke", "dd.ogg": b"a later voice"}
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_file_that_goes_meanwhile_is_left_out(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "media/bb.ogg").write_bytes(b"forgotten by the daily clean-up")
    seen = Path.is_file

    def then_goes(path: Path) -> bool:
        was = seen(path)
        (data / "media/bb.ogg").unlink(missing_ok=True)
        return was or path.name == "bb.ogg"

    monkeypatch.setattr(Path, "is_file", then_goes)
    _sealed(tmp_path)

    assert archive_names(tmp_path) == ["media/aa.ogg"]


def archive_names(folder: Path) -> list[str]:
    with (folder / "files.sealed").open("rb") as sealed, (folder / "plain").open("w+b") as plain:
        archive.unseal(KEY, sealed, plain)
        plain.seek(0)
        with tarfile.open(fileobj=plain) as packed:
            return packed.getnames()


def test_a_damaged_piece_is_refused_and_an_older_backup_has_none(data: Path, tmp_path: Path) -> None:
    backup_files.put_back(tmp_path, "files.sealed", KEY, tmp_path / "scratch")
    _sealed(tmp_path)
    held = bytearray((tmp_path / "files.sealed").read_bytes())
    held[-1] ^= 1
    (tmp_path / "files.sealed").write_bytes(held)

    with pytest.raises(archive.Damaged):
        backup_files.put_back(tmp_path, "files.sealed", KEY, tmp_path / "scratch")
