"""The second lock on PostgreSQL: row-level security by network, behind the fetchers of each app's `rules.py`.

A forgotten filter in the web process then returns the rows of the request's network at most, and none outside a request.
`manage.py secure_database` puts the policies in force; without them, or on SQLite, the calls below change nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

PROTECTED_APPS = ["journal", "outbox", "people", "needs", "referrals", "relief", "programmes"]

# Found by an unguessable digest before any network is known; they name no one. See docs/decisions.
OPEN_MODELS = {"referrals.ReturnList"}

_in_web_process = False


class NoRoute(Exception):
    """A protected app has a model that leads to no network: give it one, or say in OPEN_MODELS why it needs none."""


def this_is_the_web() -> None:
    """Called by the web process: its connections see no protected row until a request says which network."""
    global _in_web_process
    _in_web_process = True


def begin(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """A new connection: the worker and the commands reach every network, the web none yet."""
    if not _in_web_process:
        _set(connection, network="", everything="on")


def enter(network_id: UUID | None) -> None:
    """From here on, in this connection, only this network's rows; none without a network."""
    if _is_ours():
        _set(connection, network=str(network_id or ""), everything="off")


def leave(**_signal: Any) -> None:
    """The request is over: the connection sees nothing until the next one. Left alone inside a test's transaction."""
    if _is_ours() and connection.connection is not None and not connection.in_atomic_block:
        _set(connection, network="", everything="off" if _in_web_process else "on")


@contextmanager
def everything() -> Iterator[None]:
    """For a moment, all networks: what a web process may need for the installation itself. Say why where you call it."""
    if not _is_ours():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('allervers.network', true), current_setting('allervers.everything', true)"
        )
        network, before = cursor.fetchone()
    _set(connection, network="", everything="on")
    try:
        yield
    finally:
        _set(connection, network=network or "", everything=before or "off")


def _is_ours() -> bool:
    return connection.vendor == "postgresql"


def _set(on: BaseDatabaseWrapper, *, network: str, everything: str) -> None:
    if on.vendor == "postgresql":
        with on.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('allervers.network', %s, false), set_config('allervers.everything', %s, false)",
                [network, everything],
            )


def policies() -> dict[str, str]:
    """For each protected table, the condition that its rows must meet. Raises `NoRoute`."""
    return {model._meta.db_table: _condition(model) for model in protected_models()}


def protected_models() -> list[type[models.Model]]:
    found = [model for label in PROTECTED_APPS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if model._meta.label not in OPEN_MODELS]


# A scalar sub-query is computed once a statement, not once a row.
_EVERYTHING = "(SELECT current_setting('allervers.everything', true) = 'on')"
_NETWORK = "(SELECT NULLIF(current_setting('allervers.network', true), '')::uuid)"


def _condition(model: type[models.Model]) -> str:
    """The row's own network, else that of a protected row it hangs on, which its own policy filters. A row that may have
    no network (a sign-in code) has none to keep when it says none."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    if "network_id" in fields:
        nobodys = " OR network_id IS NULL" if fields["network_id"].null else ""
        return f"{_EVERYTHING} OR network_id = {_NETWORK}{nobodys}"
    for field in model._meta.concrete_fields:
        parent = field.related_model
        if field.null or not isinstance(parent, type) or parent._meta.app_label not in PROTECTED_APPS:
            continue
        if parent._meta.label not in OPEN_MODELS:
            table, key = parent._meta.db_table, parent._meta.pk.column
            own = f"{model._meta.db_table}.{field.column}"
            return f"{_EVERYTHING} OR EXISTS (SELECT 1 FROM {table} parent WHERE parent.{key} = {own})"  # noqa: S608  # names of ours
    raise NoRoute(model._meta.label)
