"""Notes in the database itself, by triggers, on which days something that `groups` counts was written, changed or erased: no way
of writing rows is missed, be it by hand in SQL (`TRUNCATE` apart). `kept` compares these notes before it trusts what it holds.

A note is a network, a day (UTC) and a number of times; it names nothing and nobody. The table is no model: nothing else reads it,
and no row leads to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class _Watched:
    """Rows of a table that figures count: the columns whose change counts; the networks and days that a row concerns, in SQL."""

    table: str
    columns: str
    concerned: tuple[tuple[str, str, str], ...]  # network, moment, where they are read; `{row}` is the one written
    moments: tuple[str, ...] = ("INSERT", "DELETE", "UPDATE")


_NEEDS_OF = "needs_contact c JOIN needs_need n ON n.id = c.need_id"
_WATCHED = [
    _Watched(
        "needs_encounter",
        "at card_id hub_id network_id head_count informed oriented accompanied cancelled_at",
        (
            ("{row}.network_id", "{row}.at", ""),
            ("n.network_id", "c.at", f"FROM {_NEEDS_OF} WHERE c.encounter_id = {{row}}.id"),
        ),
    ),
    _Watched(
        "needs_contact",
        "at need_id result encounter_id",
        (("n.network_id", "{row}.at", "FROM needs_need n WHERE n.id = {row}.need_id"),),
    ),
    _Watched(  # its contacts are what is counted
        "needs_need",
        "card_id hub_id network_id encounter_id",
        (("{row}.network_id", "c.at", "FROM needs_contact c WHERE c.need_id = {row}.id"),),
        moments=("DELETE", "UPDATE"),
    ),
    _Watched("referrals_referral", "sent_at card_id hub_id network_id", (("{row}.network_id", "{row}.sent_at", ""),)),
]


def take_off(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Before each `migrate`: SQLite reads each again when a table is made anew, PostgreSQL holds the columns they name."""
    connection = connections[using]
    if not _tables_stand(connection):
        return
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(using), connection.cursor() as cursor:
        for watched in _WATCHED:
            for name in _names(watched, is_sqlite):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {watched.table}"))


def install(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """After each `migrate`: the table and its triggers. Whatever a process kept until now is counted anew."""
    connection = connections[using]
    if not _tables_stand(connection):
        return  # an older state, on the way to ours
    take_off(using)
    is_sqlite = connection.vendor == "sqlite"
    uuid = "char(32)" if is_sqlite else "uuid"
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS impact_noted (network {uuid} NOT NULL, day date NOT NULL, times bigint NOT NULL)"
        )
        cursor.execute("CREATE INDEX IF NOT EXISTS impact_noted_by_day ON impact_noted (network, day, times)")
        for watched in _WATCHED:
            for statement in _for_sqlite(watched) if is_sqlite else _for_postgresql(watched):
                cursor.execute(statement)
        cursor.execute("INSERT INTO impact_noted SELECT id, '0001-01-01', 1 FROM accounts_network")


def _tables_stand(connection: BaseDatabaseWrapper) -> bool:
    return {"accounts_network", *(watched.table for watched in _WATCHED)} <= set(connection.introspection.table_names())


def is_installed() -> bool:
    """Whether every trigger stands, and fires."""
    is_sqlite = connection.vendor == "sqlite"
    names = (
        "name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "tgname FROM pg_trigger WHERE tgenabled = 'O' AND NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names}")
        standing = {name for (name,) in cursor.fetchall()}
    return standing.issuperset(name for watched in _WATCHED for name in _names(watched, is_sqlite))


def times(network_id: UUID, before: datetime) -> int:
    """How often something dated before that moment was written; it grows with each change and never falls."""
    network = network_id.hex if connection.vendor == "sqlite" else network_id
    day = before.astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(times), 0) FROM impact_noted WHERE network = %s AND day <= %s", [network, day]
        )
        return int(cursor.fetchone()[0])


def gather() -> None:
    """The notes of one day become one; their sum stays, so that whatever is kept stays true."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # where one writes at a time
            cursor.execute("SELECT network, day, sum(times) FROM impact_noted GROUP BY network, day")
            rows = cursor.fetchall()
            cursor.execute("DELETE FROM impact_noted")
            cursor.executemany("INSERT INTO impact_noted VALUES (%s, %s, %s)", rows)
        else:
            cursor.execute(
                "WITH gone AS (DELETE FROM impact_noted RETURNING *)"
                " INSERT INTO impact_noted SELECT network, day, sum(times) FROM gone GROUP BY network, day"
            )


def _names(watched: _Watched, is_sqlite: bool) -> list[str]:
    """A trigger for each moment on SQLite, one for all on PostgreSQL."""
    moments = watched.moments if is_sqlite else ("change",)
    return [f"impact_noted_{watched.table}_{moment.lower()}" for moment in moments]


def _notes(watched: _Watched, row: str, day: str) -> Iterator[str]:
    for network, moment, where in watched.concerned:
        at = moment.format(row=row)
        source = where.format(row=row)
        joined = f"{source} AND" if source else "WHERE"
        yield (
            f"INSERT INTO impact_noted (network, day, times) SELECT {network.format(row=row)}, {day.format(at)}, 1"
            f" {joined} {at} IS NOT NULL;"
        )


def _for_sqlite(watched: _Watched) -> Iterator[str]:
    columns = watched.columns.split()
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    for name, moment in zip(_names(watched, is_sqlite=True), watched.moments, strict=True):
        rows = {"INSERT": ["NEW"], "DELETE": ["OLD"], "UPDATE": ["OLD", "NEW"]}[moment]
        notes = " ".join(note for row in rows for note in _notes(watched, row, "date({})"))
        of = f" OF {', '.join(columns)}" if moment == "UPDATE" else ""
        when = f"WHEN {changed} " if moment == "UPDATE" else ""
        yield f"CREATE TRIGGER {name} AFTER {moment}{of} ON {watched.table} {when}BEGIN {notes} END"


def _for_postgresql(watched: _Watched) -> Iterator[str]:
    columns = watched.columns.split()
    (name,) = _names(watched, is_sqlite=False)
    day = "({} AT TIME ZONE 'UTC')::date"
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    moments = [f"UPDATE OF {', '.join(columns)}" if moment == "UPDATE" else moment for moment in watched.moments]
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'UPDATE' THEN IF ROW({old}) IS NOT DISTINCT FROM ROW({new}) THEN RETURN NULL; END IF; END IF;"
        f" IF TG_OP <> 'INSERT' THEN {' '.join(_notes(watched, 'OLD', day))} END IF;"
        f" IF TG_OP <> 'DELETE' THEN {' '.join(_notes(watched, 'NEW', day))} END IF;"
        " RETURN NULL; END $$"
    )
    yield f"CREATE TRIGGER {name} AFTER {' OR '.join(moments)} ON {watched.table} FOR EACH ROW EXECUTE FUNCTION {name}()"
