"""The team's first page: who waits for a sign today. A coordinator's: which hubs are in trouble, by counts and codes."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allervers.accounts.rules import Viewer
from allervers.core import clock, dates
from allervers.needs import queries, rules, wording
from allervers.needs.queries import Row
from allervers.referrals import queries as referrals
from allervers.relief.rules import offers_for
from allervers.web import access
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger
from allervers.web.workspace.encounters import saved_notice
from allervers.web.workspace.hand_overs import to_answer_lines

# Where whoever has no day of her own is taken: the first of these that her role may open.
_HOMES = ("workspace:hand_overs", "workspace:figures", "workspace:directory", "workspace:team", "workspace:post")
_BAR = 320
_PARTNERS = 8


def today(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer.coordinates:
        return _network(request, viewer)
    if not viewer.sees_people:
        return _elsewhere(request, viewer)
    whole_hub = request.GET.get("equipe") == "1"
    day = queries.today(viewer, whole_hub=whole_hub)
    sections = [
        (_("En retard"), day.counts["late"], ledger.lines(viewer, day.late), "late"),
        (_("Ce matin"), day.counts["morning"], ledger.lines(viewer, day.morning), "open"),
        (_("Cet après-midi"), day.counts["afternoon"], ledger.lines(viewer, day.afternoon), "open"),
    ]
    shown = {
        "title": _title(day.people, whole_hub=whole_hub),
        "now": _now(viewer),
        "sections": [section for section in sections if section[1]],
        "partners": _silent(viewer),
        "unreachable": _briefs(viewer, day.unreachable),
        "waiting": _briefs(viewer, day.waiting),
        "requests": rules.requests_for(viewer).quarantined().count(),
        "hand_overs": to_answer_lines(viewer, day.hand_overs),
        "whole_hub": whole_hub,
        "saved": saved_notice(request, viewer),
        "people": day.people,
        "offers": offers_for(viewer).waiting().count(),
    }
    return render(request, "workspace/today.html", shown)


def _title(people: int, *, whole_hub: bool) -> str:
    """The answer, in words up to twelve."""
    if not people:
        return _("Personne n’attend aujourd’hui.") if _afternoon() else _("Personne n’attend ce matin.")
    number = capfirst(wording.number(people))
    if whole_hub:
        one, many = "%(n)s personne attend un signe de l’équipe.", "%(n)s personnes attendent un signe de l’équipe."
        return ngettext(one, many, people) % {"n": number}
    one, many = "%(n)s personne attend un signe de vous.", "%(n)s personnes attendent un signe de vous."
    return ngettext(one, many, people) % {"n": number}


def _afternoon() -> bool:
    return clock.now().astimezone(ZoneInfo("Europe/Paris")).hour >= 12


def _now(viewer: Viewer) -> str:
    local = clock.now().astimezone(ZoneInfo(viewer.timezone))
    return capfirst(f"{wording.day(local.date(), weekday=True, year=True)}, {dates.hour(local)}")


def _briefs(viewer: Viewer, rows: list[Row]) -> list[dict[str, Any]]:
    """Short lines at the side, with a bar as long as the wait beside the longest."""
    longest = max((row.days for row in rows), default=0) or 1
    return [
        {
            "who": ledger.person(viewer, row.card),
            "url": ledger.address(row),
            "what": row.need.get_category_display() if row.need else row.title,
            "since": wording.span(timedelta(days=row.days)),
            "tries": row.count,
            "bar": round(_BAR * row.days / longest),
        }
        for row in rows
    ]


def _silent(viewer: Viewer) -> list[dict[str, Any]]:
    """Partners who answer nothing, longest first: one line each, whoever they were asked about."""
    now = clock.now()
    rows = sorted(referrals.silent_partners(viewer), key=lambda partner: partner.since)
    return [
        {
            "name": row.organisation.name,
            "count": row.count,
            "since": wording.span(now - row.since),
            "url": _address("workspace:partner_record", row.organisation.pk) or _address("workspace:referrals"),
        }
        for row in rows[:_PARTNERS]
    ]


def _address(name: str, *args: object) -> str:
    """The address of a page, or none where this house has no such room."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _network(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    hubs = queries.hub_lines(viewer)
    silent = [line for line in hubs if line.is_silent]
    late = sum(line.late for line in hubs)
    shown = {
        "title": _network_title(len(silent), late),
        "now": _now(viewer),
        "hubs": hubs,
        "late": ledger.lines(viewer, queries.late_by_code(viewer)),
        "count": late,
    }
    return render(request, "workspace/today_network.html", shown)


def _network_title(silent: int, late: int) -> str:
    if silent:
        one, many = "%(n)s pôle n’a rien noté depuis une semaine.", "%(n)s pôles n’ont rien noté depuis une semaine."
        return ngettext(one, many, silent) % {"n": capfirst(wording.number(silent, feminine=False))}
    if not late:
        return _("Tous les pôles notent, et aucun besoin n’est en retard.")
    one, many = (
        "Tous les pôles notent. %(n)s besoin est en retard.",
        "Tous les pôles notent. %(n)s besoins sont en retard.",
    )
    return ngettext(one, many, late) % {"n": capfirst(wording.number(late, feminine=False))}


def _elsewhere(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A role without a day of its own starts where its work is."""
    for address in _HOMES:
        if not access.allows(address, "GET", viewer.role):
            continue
        if url := _address(address):
            return redirect(url)
    return render(request, "workspace/today_none.html")
