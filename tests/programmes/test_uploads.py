import io
import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from allervers.core import clock
from allervers.programmes import duties, uploads

OWNER = uuid4()


@pytest.fixture(autouse=True)
def _folder(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def test_kept_file_comes_back_whole_from_anywhere() -> None:
    content = os.urandom(2_500_000)
    kept = uploads.keep([content[:700_000], content[700_000:]], owner=OWNER)

    with uploads.opened(kept, owner=OWNER) as file:
        assert file.read() == content
        file.seek(1_048_570)
        assert file.read(20) == content[1_048_570:1_048_590]
        assert file.seek(-5, io.SEEK_END) == len(content) - 5
        assert file.read() == content[-5:]


def test_kept_file_says_nothing_on_disk_and_opens_for_its_owner_only() -> None:
    kept = uploads.keep([b"Roseau 27;rendez-vous"], owner=OWNER)
    (path,) = (Path(settings.DATA_DIR) / "imports").iterdir()

    assert b"Roseau" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(uploads.Gone, match="choisissez-le à nouveau"):
        uploads.opened(kept, owner=uuid4())


def test_file_too_big_is_refused_and_leaves_nothing(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1000  # type: ignore[attr-defined]

    with pytest.raises(uploads.TooBig, match="50 Mo"):
        uploads.keep([b"x" * 900, b"x" * 200], owner=OWNER)
    assert list((Path(settings.DATA_DIR) / "imports").iterdir()) == []  # type: ignore[attr-defined]


def test_full_disk_is_said(settings: object, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    settings.DATA_DIR = tmp_path / "taken"  # type: ignore[attr-defined]

    with pytest.raises(uploads.NoRoom, match="administration technique"):
        uploads.keep([b"x"], owner=OWNER)


def test_file_left_for_a_day_is_forgotten() -> None:
    kept = uploads.keep([b"x"], owner=OWNER)
    assert duties.clean_up(clock.now()) == {"files_forgotten": 0}

    assert duties.clean_up(clock.after(days=2)) == {"files_forgotten": 1}
    with pytest.raises(uploads.Gone):
        uploads.opened(kept, owner=OWNER)
