"""What every page's frame needs: the viewer, her navigation, whether this is a demonstration."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allervers.accounts.rules import Viewer
from allervers.web import access, demonstration


@dataclass(frozen=True)
class NavEntry:
    url: str
    label: str
    icon: str
    thumb: bool
    current: bool
    tucked: bool  # in the menu below only, where the head of the page has no room


# address, label, icon: in the order of a day; the first four that a role opens are the thumbs of its phone
_NAV: list[tuple[str, str | Promise, str]] = [
    ("workspace:today", _("Aujourd’hui"), "home"),
    ("workspace:encounter_new", _("Noter"), "plus"),
    ("workspace:needs", _("Besoins"), "s-progress"),
    ("workspace:referrals", _("Retours"), "s-sent"),
    ("workspace:requests", _("Demandes"), "s-open"),
    ("workspace:hand_overs", _("Relais"), "s-ack"),
    ("workspace:persons", _("Personnes"), "who-id"),
    ("workspace:directory", _("Annuaire"), "search"),
    ("workspace:screenings", _("Dépistages"), "list"),
    ("workspace:newsroom", _("Messages"), "talk"),
    ("workspace:figures", _("Chiffres"), "list"),
]
_THUMBS = 4
_HEAD = 8  # more would not stand on one line of a small desk


def page(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer | None = getattr(request, "viewer", None)
    nav = _nav(request, viewer) if viewer else []
    return {
        "viewer": viewer,
        "nav": nav,
        "nav_goes_on": any(entry.tucked for entry in nav),
        "demo": settings.DEMO,
        "demo_accounts": demonstration.accounts,  # called by the sign-in page only
    }


def home_of(viewer: Viewer | None) -> str:
    """Where someone lands: the first page of her navigation that her role opens, else her own post."""
    for address, *_rest in _NAV if viewer else []:
        if address != "workspace:encounter_new" and viewer and access.allows(address, "GET", viewer.role):
            try:
                return reverse(address)
            except NoReverseMatch:
                continue
    return reverse("workspace:post")


def _nav(request: HttpRequest, viewer: Viewer) -> list[NavEntry]:
    """The entries this role may open, in the same order for everyone."""
    here = request.path
    entries: list[NavEntry] = []
    for address, label, icon in _NAV:
        if not access.allows(address, "GET", viewer.role):
            continue
        try:
            url = reverse(address)
        except NoReverseMatch:
            continue
        current = here == url or (url != "/" and here.startswith(url))
        place = len(entries)
        entries.append(NavEntry(url, str(label), icon, place < _THUMBS, current, place >= _HEAD and not current))
    return entries
