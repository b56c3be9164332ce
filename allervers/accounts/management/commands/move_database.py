"""Copies this installation into an empty database, its journal intact: an association that grows goes to PostgreSQL.

Stop the web and the worker first; on SQLite no one can write while it runs. Keys, anchors and erasures stay where they are.
"""

import os
import subprocess
import sys
from typing import Any

import dj_database_url
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.color import no_style
from django.db import connections, models, transaction

from allervers.accounts.models import Network

_BATCH = 1000
_TARGET = "target"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        where = os.environ.get("TARGET_DATABASE_URL")
        parser.add_argument("--to", default=where, help="adresse de la base vide (ou variable TARGET_DATABASE_URL)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["to"]:
            raise CommandError("Dites où : --to postgres://…, ou la variable TARGET_DATABASE_URL.")
        _connect(options["to"])
        call_command("migrate", database=_TARGET, verbosity=0)
        call_command("createcachetable", database=_TARGET, verbosity=0)
        if Network.objects.using(_TARGET).exists():
            raise CommandError("La base de destination contient déjà un réseau : rien n’a été copié.")
        with transaction.atomic(), transaction.atomic(using=_TARGET):  # SQLite: nobody writes meanwhile
            tables = _tables()
            for model in reversed(tables):  # what `migrate` put there: content types, permissions
                model._base_manager.using(_TARGET).all()._raw_delete(_TARGET)  # no signals, no order
            rows = sum(self._copy(model) for model in tables)
            _reset_sequences(tables)
        self._verify(options["to"])
        self.stdout.write(
            f"{rows} lignes copiées en {len(tables)} tables, le journal est intact. "
            "Mettez la nouvelle adresse dans DATABASE_URL, puis relancez le site."
        )

    def _copy(self, model: type[models.Model]) -> int:
        """One table, as it is: no field is recomputed. Raises `CommandError` unless as many rows arrived."""
        batch: list[models.Model] = []
        manager = model._base_manager
        for row in manager.order_by("pk").iterator(chunk_size=_BATCH):
            batch.append(row)
            if len(batch) == _BATCH:
                _insert(model, batch)
                batch = []
        if batch:
            _insert(model, batch)
        here, there = manager.count(), manager.using(_TARGET).count()
        if here != there:
            raise CommandError(f"{model._meta.db_table} : {here} lignes ici, {there} là-bas. Rien n’a été gardé.")
        return there

    def _verify(self, url: str) -> None:
        """In a process whose database is the new one: the journal's walk reads the default database."""
        done = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "verify_journal"],
            env=os.environ | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CommandError(
                f"Le journal copié ne se vérifie pas : gardez l’ancienne base.\n{done.stdout}{done.stderr}"
            )


def _connect(url: str) -> None:
    target = dj_database_url.parse(url)
    configured = connections.configure_settings({"default": settings.DATABASES["default"], _TARGET: target})
    connections.settings[_TARGET] = configured[_TARGET]


def _tables() -> list[type[models.Model]]:
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]


def _insert(model: type[models.Model], batch: list[models.Model]) -> None:
    # raw: `bulk_create` would let fields such as auto_now compute another value.
    fields = list(model._meta.concrete_fields)
    rows = model._base_manager.using(_TARGET).all()
    rows._insert(batch, fields=fields, using=_TARGET, raw=True)  # type: ignore[attr-defined]  # the only raw road in batches


def _reset_sequences(tables: list[type[models.Model]]) -> None:
    connection = connections[_TARGET]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
