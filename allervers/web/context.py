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


# address, label, icon, among the four thumbs of a phone
_NAV: list[tuple[str, str | Promise, str, bool]] = [
    ("workspace:today", _("Aujourd’hui"), "home", True),
    ("workspace:encounter_new", _("Noter"), "plus", True),
    ("workspace:needs", _("Besoins"), "s-progress", True),
    ("workspace:hand_overs", _("Relais"), "s-ack", True),
    ("workspace:referrals", _("Retours"), "s-sent", True),
    ("workspace:persons", _("Personnes"), "who-id", False),
    ("workspace:directory", _("Annuaire"), "search", False),
    ("workspace:screenings", _("Dépistages"), "list", False),
    ("workspace:figures", _("Chiffres"), "list", False),
]


def page(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer | None = getattr(request, "viewer", None)
    return {
        "viewer": viewer,
        "nav": _nav(request, viewer) if viewer else [],
        "demo": settings.DEMO,
        "demo_accounts": demonstration.accounts,  # called by the sign-in page only
    }


def home_of(viewer: Viewer | None) -> str:
    """Where someone lands: the first page of her navigation that her role opens, else her own post."""
    for address, *_rest in _NAV if viewer else []:
        line = access.line_for(address, "GET")
        if address != "workspace:encounter_new" and viewer and line and line.allows(viewer.role):
            try:
                return reverse(address)
            except NoReverseMatch:
                continue
    return reverse("workspace:post")


def _nav(request: HttpRequest, viewer: Viewer) -> list[NavEntry]:
    """The entries this role may open, in the same order for everyone."""
    here = request.path
    entries = []
    for address, label, icon, thumb in _NAV:
        line = access.line_for(address, "GET")
        if line is None or not line.allows(viewer.role):
            continue
        try:
            url = reverse(address)
        except NoReverseMatch:
            continue
        current = here == url or (url != "/" and here.startswith(url))
        entries.append(NavEntry(url, str(label), icon, thumb, current))
    return entries
