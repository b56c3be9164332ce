"""Posters and cards on disk: found again by what they hold, never too many, never for ever."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from allervers.core import clock
from allervers.core.languages import LANGUAGES
from allervers.prevention import queries, sharing, sheets
from allervers.prevention.duties import clean_up
from tests.cast import Cast
from tests.prevention.test_actions import published
from tests.prevention.test_sharing import ADDRESS, WORDS

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]  # a fixture of pytest-django
    return sheets.folder()


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.iterdir())


def _digest(cast: Cast, language: str = "ar", kind: str = "card", address: str = ADDRESS) -> str:
    message = cast.lille.messages.get()
    shown = queries.shown(message, language, date(2026, 7, 1), unchecked=True)
    return sharing.Sheet.of(
        shown, LANGUAGES[language], kind=kind, address=address, network="Réseau", words=WORDS
    ).digest


def test_a_sheet_has_another_name_when_anything_on_it_changes(cast: Cast) -> None:
    message = published(cast)
    seen = [_digest(cast), _digest(cast, "en"), _digest(cast, kind="poster"), _digest(cast, address=ADDRESS + "x")]
    assert _digest(cast) == seen[0]

    message.segments.filter(position=1).update(text="Buvez beaucoup d’eau.")

    assert len({*seen, _digest(cast)}) == 5


def test_what_is_read_is_what_was_kept_and_nothing_else(folder: Path) -> None:
    sheets.keep("a", b"%PDF a")

    assert (sheets.read("a"), sheets.read("b")) == (b"%PDF a", None)
    assert _names(folder) == ["a"]  # no half of a file beside it


def test_the_one_read_longest_ago_gives_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST", 3)
    for hour, name in enumerate("abc"):
        with clock.fixed(NOON + timedelta(hours=hour)):
            sheets.keep(name, b"%PDF")
    with clock.fixed(NOON + timedelta(hours=5)):
        sheets.read("a")
    for hour, name in enumerate("def"):
        with clock.fixed(NOON + timedelta(hours=4 + hour, minutes=1)):
            sheets.keep(name, b"%PDF")
        assert len(_names(folder)) == 3

    assert _names(folder) == ["a", "e", "f"]


def test_the_daily_duty_drops_what_nobody_read_for_a_month(cast: Cast, folder: Path) -> None:
    with clock.fixed(NOON):
        sheets.keep("old", b"%PDF")
        sheets.keep("read", b"%PDF")
    with clock.fixed(NOON + timedelta(days=20)):
        sheets.read("read")

    assert clean_up(NOON + timedelta(days=29))["sheets_forgotten"] == 0
    assert clean_up(NOON + timedelta(days=31))["sheets_forgotten"] == 1
    assert _names(folder) == ["read"]


def test_a_disk_that_takes_nothing_more_loses_no_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    sheets.keep("a", b"%PDF")

    assert sheets.read("a") is None and _names(folder) == []
