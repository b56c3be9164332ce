"""On PostgreSQL every request of every test runs under the web's own role, with row-level security in force.

What the fetchers show must pass the second lock too; a page that needs more than its network fails here, not in a city.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connection

ROLE = "allervers_web_of_all_tests"


def put_on() -> None:
    """Once a test database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(6003)")  # roles belong to the server: parallel suites share it
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute("SELECT pg_advisory_unlock(6003)")
    call_command("secure_database", role=ROLE, stdout=io.StringIO())


@contextmanager
def web_role() -> Iterator[None]:
    """Around one request. Not through Django's cursor: a test that counts queries counts the page's only."""
    raw = _raw()
    if raw is None:
        yield
        return
    raw.execute(f"SET ROLE {ROLE}".encode())
    try:
        yield
    finally:
        raw = _raw()
        # In a failed transaction nothing runs; its rollback takes the role back by itself.
        if raw is not None and raw.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            raw.execute(b"RESET ROLE")


def _raw() -> "psycopg.Connection[tuple[object, ...]] | None":
    """The connection of a test that may touch the database, else None."""
    if connection.vendor != "postgresql" or connection.connection is None or not connection.in_atomic_block:
        return None
    return connection.connection  # type: ignore[no-any-return]
