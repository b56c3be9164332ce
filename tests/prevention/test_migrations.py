"""What messages written before two people were asked for each sentence become: a database of then, brought up to now."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLISHED, CREATED = "2026-06-02 08:00:00", "2026-06-01 08:00:00"
OLD: dict[str, dict[str, str | None]] = {
    "published": {"state": "published", "written_by": "anne", "read_by": "lea", "published_at": PUBLISHED},
    "published-unread": {"state": "published", "written_by": "anne", "read_by": "", "published_at": PUBLISHED},
    "draft": {"state": "draft", "written_by": "anne"},
    "withdrawn": {"state": "withdrawn", "written_by": "anne", "read_by": "lea", "published_at": PUBLISHED},
    "withdrawn-unread": {"state": "withdrawn", "written_by": "anne", "published_at": PUBLISHED},
    "starter": {"state": "draft"},
    "starter-published": {"state": "published", "read_by": "lea", "published_at": PUBLISHED},
    "house": {"state": "published", "kind": "house"},
}
NOW = {  # state of the message; who wrote and who read each of its sentences, and when
    "published": ("published", "anne", "lea", PUBLISHED),
    "published-unread": ("draft", "anne", "", None),
    "draft": ("draft", "anne", "", None),
    "withdrawn": ("withdrawn", "anne", "lea", PUBLISHED),
    "withdrawn-unread": ("withdrawn", "anne", "", None),
    "starter": ("draft", "", "", None),
    "starter-published": ("published", "", "lea", PUBLISHED),
    "house": ("published", "", "", CREATED),
}


def _migrate(folder: Path, *target: str) -> None:
    here = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "ALLERVERS_DATA": str(folder)
    }
    command = [sys.executable, "manage.py", "migrate", "prevention", *target]
    subprocess.run(command, cwd=ROOT, env=here, check=True, capture_output=True)


def _add(database: sqlite3.Connection, table: str, **row: object) -> str:
    row = {"id": uuid4().hex} | row
    places = ", ".join("?" for _name in row)
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))
    return str(row["id"])


def _write_then(database: sqlite3.Connection) -> None:
    network = _add(
        database,
        "accounts_network",
        name="L",
        slug="l",
        timezone="Europe/Paris",
        publication_threshold=11,
        retention="{}",
    )
    for number, (slug, told) in enumerate(OLD.items()):
        row = {
            "kind": "message",
            "audience": "all",
            "source_name": "",
            "source_url": "",
            "written_by": "",
            "read_by": "",
        }
        days = {"written_on": "2026-06-01", "expires_on": "2026-09-01", "created_at": CREATED, "published_at": None}
        more = {"slug": slug, "code": f"code{number}", "pictogram": "sun", "network_id": network}
        message = _add(database, "prevention_message", **(row | days | more | told))
        for place in (0, 1):
            said = {"text": f"Phrase {place}.", "version": 1, "urgent": False, "phone": "", "key": ""}
            drawn = "home" if place == 0 and slug == "draft" else ""
            _add(database, "prevention_segment", message_id=message, position=place, pictogram=drawn, **said)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The database of then, once it is brought up to now."""
    folder = tmp_path_factory.mktemp("then")
    _migrate(folder, "0003")
    with closing(sqlite3.connect(folder / "allervers.sqlite3")) as database:
        with database:
            _write_then(database)
        _migrate(folder)
        yield database


@pytest.mark.slow
def test_each_sentence_says_who_wrote_and_who_read_it(rows: sqlite3.Connection) -> None:
    told = rows.execute(
        "SELECT DISTINCT m.slug, m.state, s.written_by, s.read_by, s.read_at FROM prevention_message m"
        " JOIN prevention_segment s ON s.message_id = m.id"
    ).fetchall()

    assert {slug: tuple(rest) for slug, *rest in told} == NOW
    assert len(told) == len(NOW)


@pytest.mark.slow
def test_what_waits_for_its_reader_again_remembers_that_it_was_published(rows: sqlite3.Connection) -> None:
    told = rows.execute("SELECT published_at FROM prevention_message WHERE slug = 'published-unread'").fetchone()

    assert told == (PUBLISHED,)  # its printed code leads to the shelf


@pytest.mark.slow
def test_a_title_keeps_its_own_pictogram_or_takes_the_one_that_was_seen(rows: sqlite3.Connection) -> None:
    told = rows.execute(
        "SELECT m.slug, s.pictogram FROM prevention_message m JOIN prevention_segment s ON s.message_id = m.id"
        " WHERE s.position = 0"
    ).fetchall()

    assert dict(told) == {slug: "home" if slug == "draft" else "sun" for slug in OLD}
