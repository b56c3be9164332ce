from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allervers.core import keys


@pytest.fixture
def key_folder(tmp_path: Path, settings: object) -> Path:
    settings.KEY_DIR = tmp_path / "keys"  # type: ignore[attr-defined]
    keys.create()
    return tmp_path / "keys"


def _parts(folder: Path) -> list[Path]:
    call_command("escrow_key", split=folder)
    return sorted(folder.iterdir())


def test_two_parts_put_the_lost_key_back(key_folder: Path, tmp_path: Path) -> None:
    parts = _parts(tmp_path / "parts")
    key = keys.master()
    keys.master_path().unlink()

    call_command("escrow_key", rebuild=[parts[2], parts[0]])

    assert keys.master() == key
    assert keys.master_path().stat().st_mode & 0o777 == 0o600
    assert [part.stat().st_mode & 0o777 for part in parts] == [0o600] * 3


def test_rebuilding_never_writes_over_a_key(key_folder: Path, tmp_path: Path) -> None:
    parts = _parts(tmp_path / "parts")

    with pytest.raises(CommandError, match="existe déjà"):
        call_command("escrow_key", rebuild=parts[:2])


def test_a_rehearsal_tells_right_parts_from_wrong(key_folder: Path, tmp_path: Path) -> None:
    parts = _parts(tmp_path / "parts")

    call_command("escrow_key", check=parts[:2])
    keys.master_path().unlink()
    keys.create()

    with pytest.raises(CommandError, match="une autre clé"):
        call_command("escrow_key", check=parts[:2])


def test_one_part_is_not_enough(key_folder: Path, tmp_path: Path) -> None:
    parts = _parts(tmp_path / "parts")

    with pytest.raises(CommandError, match="Il manque une part"):
        call_command("escrow_key", check=parts[:1])
