"""PostgreSQL only: what the web's own role may do, and row-level security by network. Run it after each migration."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from allervers.accounts import rowlock

# Written once, never changed: even a stolen web role cannot rewrite what happened.
_APPEND_ONLY = ["journal_event"]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, help="le rôle sous lequel tournent le site et le travailleur")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Cette base n’est pas PostgreSQL : il n’y a pas de second verrou à poser.")
        with transaction.atomic(), connection.cursor() as cursor:
            self._cursor = cursor
            self._grant(options["role"])
            conditions = rowlock.policies()
            for table, condition in conditions.items():
                self._protect(table, condition)
        self.stdout.write(f"{len(conditions)} tables sous le second verrou, pour le rôle {options['role']}.")

    def _grant(self, name: str) -> None:
        role = connection.ops.quote_name(name)
        self._cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [name])
        row = self._cursor.fetchone()
        if row is None:
            raise CommandError(f"Le rôle {name} n’existe pas : créez-le d’abord (CREATE ROLE … LOGIN).")
        if row[0]:
            raise CommandError(f"Le rôle {name} passe outre les verrous (SUPERUSER ou BYPASSRLS) : prenez-en un autre.")
        self._cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        self._cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        self._cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table in _APPEND_ONLY:
            self._cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")

    def _protect(self, table: str, condition: str) -> None:
        name = connection.ops.quote_name(table)
        self._cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        self._cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")  # its owner too
        self._cursor.execute(f"DROP POLICY IF EXISTS by_network ON {name}")
        self._cursor.execute(f"CREATE POLICY by_network ON {name} USING ({condition}) WITH CHECK ({condition})")
