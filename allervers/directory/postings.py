"""The search index in plain statements that both databases speak, without the weight of models.

A search makes five reads; built through models, each would cost more than it takes to run. A large import writes a million
rows: through models, four times slower.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

from allervers.directory.geometry import box_around
from allervers.directory.models import Closure, Place, Posting, SearchEntry, SearchIndex

FAR_KM = 60.0  # beyond, a place is shown only when nothing nearer answers

Rows = Sequence[tuple[Any, ...]]
_ENTRY = "e.id, e.place_id, e.service_id, e.hours, e.latitude, e.longitude"
_POSTING = "p.entry_id, p.word_id, p.weight"


@dataclass(frozen=True)
class Filters:
    near: tuple[float, float] | None = None
    language: str | None = None
    theme: str | None = None
    open_now: bool = False
    without_coverage: bool = False
    free: bool = False
    for_residents: bool = False  # only what the team chose to show outside


def _select(sql: str, values: Sequence[Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: Rows = cursor.fetchall()
        return rows


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _id(value: UUID) -> object:
    """A UUID as this database keeps it."""
    return models.UUIDField().get_db_prep_value(value, connection, prepared=False)


def _uuid(value: object) -> UUID | None:
    """A UUID as read by a plain cursor: SQLite gives its digits."""
    return value if isinstance(value, UUID) or value is None else UUID(str(value))


def _marks(values: Sequence[object]) -> str:
    return ",".join(["%s"] * len(values))


def _conditions(filters: Filters) -> tuple[str, list[Any]]:
    """The filters as conditions on entries `e`, each beginning with AND, and their values."""
    sql, values = "", list[Any]()
    if filters.near:
        box = box_around(*filters.near, FAR_KM)
        # A place whose point is not known may be next door: it is found, without the help of nearness.
        sql += " AND (e.latitude IS NULL OR (e.latitude BETWEEN %s AND %s AND e.longitude BETWEEN %s AND %s))"
        values += [box.south, box.north, box.west, box.east]
    for column, value in (("languages", filters.language), ("themes", filters.theme)):
        if value:
            sql += f" AND e.{column} LIKE %s"
            values.append(f"%,{value},%")
    if filters.without_coverage:
        sql += " AND e.without_coverage"
    if filters.free:
        sql += " AND e.free"
    if filters.for_residents:
        sql += " AND e.for_residents"
    if filters.open_now:
        sql += " AND e.hours > ''"
    return sql, values


def state(network_id: UUID) -> tuple[int, int, int] | None:
    """Version, generation and number of entries of a network's index."""
    sql = f"SELECT version, generation, entries FROM {_table(SearchIndex)} WHERE network_id = %s"  # noqa: S608 - names from models
    found = _select(sql, [_id(network_id)])
    return (found[0][0], found[0][1], found[0][2]) if found else None


def of_words(words: Sequence[int], filters: Filters, *, expected: int, most: int) -> Rows:
    """(entry, word, weight, latitude, longitude) of these words, among the entries that pass the filters.

    Without a point to be near to, positions are None. Of more than `most`, the nearest, else the weightiest.
    """
    conditions, values = _conditions(filters)
    join, conditions = (_entry_of_posting(), f" AND e.id = p.entry_id{conditions}") if conditions else ("", "")
    where = "e.latitude, e.longitude" if filters.near else "NULL, NULL"
    order, by = "", list[Any]()
    if expected > most:
        order, by = _nearest(filters.near) if filters.near else (" ORDER BY p.weight DESC", [])
    sql = (
        f"SELECT {_POSTING}, {where} FROM {_table(Posting)} p{join} "  # noqa: S608 - names from models
        f"WHERE p.word_id IN ({_marks(words)}){conditions}{order} LIMIT %s"
    )
    return _select(sql, [*words, *values, *by, most])


def _entry_of_posting() -> str:
    """Joins the entry `e` of each posting `p`, looked up one by one: words are rare, and a plan that starts from the places
    of a region or from all entries takes ten times longer. Each database is held to it in its own way."""
    table = _table(SearchEntry)
    if connection.vendor == "postgresql":
        return f" CROSS JOIN LATERAL (SELECT * FROM {table} x WHERE x.id = p.entry_id OFFSET 0) e"  # noqa: S608 - names from models
    return f" CROSS JOIN {table} e"


def _nearest(near: tuple[float, float]) -> tuple[str, list[Any]]:
    """An order by distance, flat: enough to choose whom to look at; 0.45 shortens a degree of longitude in France."""
    latitude, longitude = near
    sql = " ORDER BY (e.latitude - %s) * (e.latitude - %s) + (e.longitude - %s) * (e.longitude - %s) * 0.45, e.id"
    return sql, [latitude, latitude, longitude, longitude]


def of_words_in(words: Sequence[int], entries: Sequence[int]) -> Rows:
    """(entry, word, weight, None, None) of these words in these entries."""
    sql = (
        f"SELECT {_POSTING}, NULL, NULL FROM {_table(Posting)} p "  # noqa: S608 - names from models
        f"WHERE p.entry_id IN ({_marks(entries)}) AND p.word_id IN ({_marks(words)})"
    )
    return _select(sql, [*entries, *words])


def entries_of(ids: Sequence[int]) -> Rows:
    """Id, place, service, hours, latitude, longitude of these entries."""
    if not ids:
        return []
    sql = f"SELECT {_ENTRY} FROM {_table(SearchEntry)} e WHERE e.id IN ({_marks(ids)})"  # noqa: S608 - names from models
    return _with_uuids(_select(sql, ids))


def entries(network_id: UUID, filters: Filters, *, most: int) -> Rows:
    """The entries that pass the filters: the nearest of a point, else by the name of their place."""
    conditions, values = _conditions(filters)
    order, by = _nearest(filters.near) if filters.near else (" ORDER BY pl.name, e.id", [])
    sql = (
        f"SELECT {_ENTRY} FROM {_table(SearchEntry)} e JOIN {_table(Place)} pl ON pl.id = e.place_id "  # noqa: S608 - names from models
        f"WHERE e.network_id = %s{conditions}{order} LIMIT %s"
    )
    return _with_uuids(_select(sql, [_id(network_id), *values, *by, most]))


def _with_uuids(rows: Rows) -> Rows:
    return [(row[0], _uuid(row[1]), _uuid(row[2]), *row[3:]) for row in rows]


def closed_places(network_id: UUID, day: date) -> set[UUID]:
    """The places that a temporary closure covers."""
    sql = (  # a cross join: the few closures first, not the places of a whole network
        f"SELECT c.place_id FROM {_table(Closure)} c CROSS JOIN {_table(Place)} pl "  # noqa: S608 - names from models
        "WHERE pl.id = c.place_id AND c.starts_on <= %s AND c.ends_on >= %s AND pl.network_id = %s"
    )
    values = [day.isoformat(), day.isoformat(), _id(network_id)]
    return {found for (value,) in _select(sql, values) if (found := _uuid(value))}


def write(rows: Sequence[tuple[int, int, float]]) -> None:
    """Adds (word, entry, weight) rows."""
    sql = f"INSERT INTO {_table(Posting)} (word_id, entry_id, weight) VALUES (%s, %s, %s)"  # noqa: S608 - names from models
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
