"""The duties that apps share, under the same names in each app's `duties.py`: a person's export and erasure, the daily
clean-up, the worker's tick and its end. An app has those that concern it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

# Highest first: what points to a person is emptied before her card.
APPS = [
    "allervers.impact",
    "allervers.programmes",
    "allervers.referrals",
    "allervers.relief",
    "allervers.needs",
    "allervers.people",
    "allervers.prevention",
    "allervers.directory",
    "allervers.outbox",
    "allervers.accounts",
    "allervers.journal",
]


def offering(duty: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The apps that have this duty, by short name. A broken module fails; only an absent one is passed over."""
    for app in APPS:
        dotted = f"{app}.duties"
        try:
            module = import_module(dotted)
        except ModuleNotFoundError as error:
            if error.name != dotted:
                raise
            continue
        if hasattr(module, duty):
            yield app.rpartition(".")[2], getattr(module, duty)


def export_person(card: Any) -> dict[str, Any]:
    """All that the house holds of one person, an app a key, the card first.

    The journal's lines of reading are left out: the card's own list tells the same ones with their readers' names.
    """
    held = {app: export(card) for app, export in offering("export_person") if app != "journal"}
    return {"people": held.pop("people"), **held}


def erase_person(card: Any) -> None:
    """Called inside the erasure's transaction."""
    for _app, erase in offering("erase_person"):
        erase(card)


def reseal() -> int:
    """Under the master key in use, whatever a former one sealed and outlives it; call it in a transaction."""
    return sum(run() for _app, run in offering("reseal"))


def clean_up(now: datetime) -> dict[str, Any]:
    """Retention, every day. One app that fails does not keep the others from cleaning; its error is raised at the end."""
    return _each("clean_up", now)


def tick(now: datetime) -> dict[str, Any]:
    """Every few seconds, by the worker."""
    return _each("tick", now)


def _each(duty: str, now: datetime) -> dict[str, Any]:
    done: dict[str, Any] = {}
    errors: list[Exception] = []
    for app, run in offering(duty):
        try:
            done[app] = run(now)
        except Exception as error:  # each app's turn comes whatever another one met; all are raised below
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{duty} failed in {len(errors)} app(s)", errors)
    return done
