"""The accessibility statement, made from what was tried in a browser (tests/e2e/test_street.py writes what it tried)."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from allervers.accounts.models import Hub
from allervers.web.public.street import Street, on_the_street, page

_REPORT = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True)
class Tried:
    """What the last walk went through without a fault: a page that had one is not in its report."""

    on: date
    axe: str
    pages: int
    readers: int


@cache
def tried() -> Tried | None:
    """None before the first walk."""
    if not _REPORT.exists():
        return None
    held = json.loads(_REPORT.read_text(encoding="utf-8"))
    pages, readers = {name for name, _reader in held["tried"]}, {reader for _name, reader in held["tried"]}
    return Tried(date.fromisoformat(held["date"]), held["axe"], len(pages), len(readers))


@on_the_street
def for_everyone(request: HttpRequest, street: Street) -> HttpResponse:
    """What was tried, what was not, and whom to tell when something cannot be used."""
    hubs = Hub.objects.filter(network=street.network, organisation__closed_at=None).exclude(phone="").order_by("name")
    return page(request, street, "public/statement.html", "blue", tried=tried(), hubs=hubs)
