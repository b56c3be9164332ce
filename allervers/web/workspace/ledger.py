"""Lines of work as the ledger draws them, whichever room they come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allervers.accounts.rules import Viewer
from allervers.core import dates, languages
from allervers.needs import rules, sealing, wording
from allervers.needs.models import Need
from allervers.needs.queries import Row
from allervers.people.models import PersonCard
from allervers.people.queries import label_for


@dataclass(frozen=True)
class Person:
    """Who, as a list says it: initials or a code, and the language to speak."""

    kind: str  # card, code, none
    name: str
    lang: str


def person(viewer: Viewer, card: PersonCard | None) -> Person:
    if card is None:
        return Person("none", _("Sans nom"), "")
    label = label_for(viewer, card)
    spoken = card.speaks[0] if card.speaks and not viewer.coordinates else ""
    language = languages.name(spoken) if spoken and spoken != "fr" else ""
    return Person("code" if label == card.code else "card", label, language)


def title(viewer: Viewer, need: Need) -> str:
    """A need in the person's words where they may be read, else its kind."""
    said = sealing.words(need) if rules.may_read_words(viewer, need) else ""
    return said or str(need.get_category_display()).capitalize()


def step(viewer: Viewer, need: Need) -> str:
    return sealing.next_step(need) if rules.may_read_words(viewer, need) else ""


def lines(viewer: Viewer, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Each row as `components/ledger_row.html` reads it. Opens one identity and two texts a row: give a page's worth."""
    return [line(viewer, row) for row in rows]


def line(viewer: Viewer, row: Row) -> dict[str, Any]:
    who = person(viewer, row.card)
    url = address(row)
    need = row.need
    said = row.step or (step(viewer, need) if need else "")
    if row.count:
        tried = ngettext("%(n)s essai sans réponse.", "%(n)s essais sans réponse.", row.count) % {"n": row.count}
        said = f"{tried} {said}".strip()
    return {
        "at": when(row, viewer.timezone),
        "late": row.days > 0,
        "state": row.state,
        "who": who.kind,
        "name": who.name,
        "url": url,
        "lang": who.lang,
        "need": row.title or (title(viewer, need) if need else ""),
        "next": said,
        "action": {"url": url, "label": label(row), "first": False},
    }


def when(row: Row, timezone: str) -> str:
    """How late, or at what hour; a moment at midnight is a day without an hour."""
    if row.days:
        return wording.span(timedelta(days=row.days))
    if row.at is None:
        return ""
    local: datetime = row.at.astimezone(ZoneInfo(timezone))
    return dates.hour(local) if (local.hour, local.minute) != (0, 0) else _("en journée")


def label(row: Row) -> str:
    if row.state == "unreachable":
        return _("Noter un essai")
    return _("Donner suite") if row.days else _("Ouvrir")


_PAGES = {"need": "workspace:need", "referral": "workspace:referral"}


def address(row: Row) -> str:
    return reverse(_PAGES[row.kind], args=[row.id])
