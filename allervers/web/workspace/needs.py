"""The list of needs, one need with its thread, and what is done about it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts.rules import Viewer
from allervers.core import clock, dates, languages
from allervers.journal.actions import note_read
from allervers.needs import actions, queries, rules, wording
from allervers.needs.enums import Category, Outcome, Says
from allervers.needs.errors import NeedError
from allervers.needs.models import Need
from allervers.needs.queries import Bounds, Filter
from allervers.people import safe_hours, vault
from allervers.people.enums import PhoneOwner
from allervers.people.queries import reads_of
from allervers.people.rules import may_open
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger, needs_sheet
from allervers.web.workspace.lock import is_resumed
from allervers.web.workspace.need_forms import ContactForm, HandForm, NextForm, ObstacleForm
from allervers.web.workspace.need_thread import thread_of
from allervers.web.workspace.paging import page_of
from allervers.web.workspace.requests import facts

PAGE = 30
STATES = ("open", "late", "unreachable", "unowned", "unplanned", "closed")


def needs(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    wanted = _filter(request)
    page = page_of(queries.listed(viewer, wanted), request, PAGE)
    kept = {"qui": wanted.scope, "etat": wanted.state, "besoin": wanted.category, "pole": wanted.hub or ""}
    shown = {
        "page": page,
        "rows": [_list_line(viewer, need) for need in page],
        "title": _list_title(wanted, page.paginator.count),
        "tabs": _tabs(wanted, kept),
        "wanted": wanted,
        "kept": urlencode(kept),
        "query": "&" + urlencode(kept),
        "categories": Category.choices,
        "codes_only": viewer.coordinates,
    }
    return render(request, "workspace/needs_list.html", shown)


def need(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    return _page(request, viewer, _fetch(viewer, pk))


@require_POST
def need_next(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    form = NextForm(viewer, found, request.POST)
    if not form.is_valid():
        return _page(request, viewer, found, next_form=form)
    try:
        at = form.moment()
        actions.set_next_contact(
            found, by=viewer, at=at, step=form.cleaned_data["step"], owner=form.cleaned_data["owner"]
        )
    except NeedError as refusal:
        form.add_error("day", str(refusal))
        return _page(request, viewer, found, next_form=form)
    said = (
        _("Prochain contact : %(day)s.") % {"day": wording.day(at.date(), weekday=True)}
        if at
        else _("Aucun contact prévu.")
    )
    messages.success(request, said)
    return redirect("workspace:need", pk)


@require_POST
def need_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, viewer, found, contact_form=form)
    try:
        actions.add_contact(found, by=viewer, **form.answers(viewer))
    except NeedError as refusal:
        form.add_error("at" if type(refusal).__name__ in {"NotYetMet", "TooLongAgo"} else None, str(refusal))
        return _page(request, viewer, found, contact_form=form)
    messages.success(request, _("Ajouté au suivi."))
    return redirect("workspace:need", pk)


@require_POST
def need_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One tap: without an outcome, it is done."""
    viewer, found = _writable(request, pk)
    outcome = request.POST.get("outcome") or Outcome.SOLVED
    if outcome not in Outcome.values:
        messages.warning(request, _("Choisissez comment le besoin finit dans la liste."))
        return redirect("workspace:need", pk)
    return _done(request, pk, lambda: actions.close_need(found, by=viewer, outcome=Outcome(outcome)), _("C’est clos."))


@require_POST
def need_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    return _done(request, pk, lambda: actions.reopen_need(found, by=viewer), _("Le besoin est rouvert."))


@require_POST
def need_obstacle(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    form = ObstacleForm(viewer, request.POST)
    if is_resumed(request):
        form.errors.clear()  # not finished: nothing is wrong yet
        return _page(request, viewer, found, obstacle_form=form)
    if not form.is_valid():
        return _page(request, viewer, found, obstacle_form=form)
    said = _("L’obstacle est noté. Il sera compté sans nom.")
    return _done(request, pk, lambda: actions.note_obstacle(found, by=viewer, **form.cleaned_data), said)


@require_POST
def need_hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    form = HandForm(viewer, found, request.POST)
    if not form.is_valid():
        return _page(request, viewer, found, hand_form=form)
    try:
        actions.hand_over(found, by=viewer, **form.receiver(), note=form.cleaned_data["note"])
    except NeedError as refusal:
        form.add_error("to", str(refusal))
        return _page(request, viewer, found, hand_form=form)
    messages.success(request, _("Le relais est proposé. Le besoin reste à vous jusqu’à ce qu’il soit pris."))
    return redirect("workspace:need", pk)


@require_POST
def need_says(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, found = _writable(request, pk)
    says = request.POST.get("says", "")
    if says not in Says.values:
        messages.warning(request, _("Choisissez ce que la personne a répondu."))
        return redirect("workspace:need", pk)
    return _done(
        request, pk, lambda: actions.person_says(found, by=viewer, says=Says(says)), _("Sa réponse est notée.")
    )


def _done(request: HttpRequest, pk: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except NeedError as refusal:
        messages.warning(request, str(refusal))
    return redirect("workspace:need", pk)


def _fetch(viewer: Viewer, pk: UUID) -> Need:
    rows = rules.needs_for(viewer).select_related("card", "hub", "owner__user", "encounter", "network")
    return get_object_or_404(rows, pk=pk)


def _writable(request: HttpRequest, pk: UUID) -> tuple[Viewer, Need]:
    viewer = viewer_of(request)
    found = _fetch(viewer, pk)
    return viewer, found


# --- the list --------------------------------------------------------------------------------------------------------


def _filter(request: HttpRequest) -> Filter:
    """What the address asks for; anything unknown is the default."""
    asked = request.GET
    try:
        hub = UUID(asked.get("pole", ""))
    except ValueError:
        hub = None
    return Filter(
        scope="mine" if asked.get("qui") == "mine" else "hub",
        state=asked["etat"] if asked.get("etat") in STATES else "open",
        category=asked["besoin"] if asked.get("besoin") in Category.values else "",
        hub=hub,
    )


def _list_title(wanted: Filter, count: int) -> str:
    titles = {
        "open": (_("%(n)s besoin ouvert"), _("%(n)s besoins ouverts")),
        "late": (_("%(n)s besoin en retard"), _("%(n)s besoins en retard")),
        "unreachable": (
            _("%(n)s besoin dont la personne est injoignable"),
            _("%(n)s besoins dont la personne est injoignable"),
        ),
        "unowned": (_("%(n)s besoin que personne ne suit"), _("%(n)s besoins que personne ne suit")),
        "unplanned": (_("%(n)s besoin sans prochain contact"), _("%(n)s besoins sans prochain contact")),
        "closed": (_("%(n)s besoin clos"), _("%(n)s besoins clos")),
    }
    one, many = titles[wanted.state]
    return (one if count < 2 else many) % {"n": count}


def _tabs(wanted: Filter, kept: dict[str, Any]) -> list[dict[str, Any]]:
    words = {
        "open": _("Ouverts"),
        "late": _("En retard"),
        "unreachable": _("Injoignables"),
        "unowned": _("Non suivis"),
        "unplanned": _("Sans suite prévue"),
        "closed": _("Clos"),
    }
    return [
        {
            "url": "?" + urlencode(kept | {"etat": state}),
            "label": words[state],
            "count": None,
            "current": state == wanted.state,
        }
        for state in STATES
    ]


def _list_line(viewer: Viewer, found: Need) -> dict[str, Any]:
    start = Bounds.of(clock.now(), viewer.timezone).start
    late = found.next_contact_at is not None and found.next_contact_at < start
    if not found.is_open:
        state = found.outcome
    elif found.unreachable_count >= queries.TRIED_ENOUGH:
        state = "unreachable"
    else:
        state = "late" if late else found.state
    return {
        "pk": found.pk,
        "who": ledger.person(viewer, found.card),
        "title": ledger.title(viewer, found),
        "category": found.get_category_display(),
        "hub": found.hub.name if found.hub else "",
        "owner": _owner(viewer, found),
        "next": found.next_contact_at.astimezone(ZoneInfo(viewer.timezone)) if found.next_contact_at else None,
        "state": state,
    }


def _owner(viewer: Viewer, found: Need) -> str:
    if found.owner is None:
        return ""
    return _("moi") if found.owner_id == viewer.membership_id else str(found.owner.user)


# --- one need --------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, viewer: Viewer, found: Need, **forms: Any) -> HttpResponse:
    writes = rules.may_write(viewer, found)
    shown: dict[str, Any] = {
        "need": found,
        "who": ledger.person(viewer, found.card),
        "title": ledger.title(viewer, found),
        "thread": thread_of(viewer, found),
        "writes": writes,
        "due": _due(viewer, found),
        "others": [(other, ledger.title(viewer, other)) for other in queries.others_of(viewer, found)],
        "speaks": [languages.name(code) for code in found.card.speaks] if found.card and not viewer.coordinates else [],
        "owner": _owner(viewer, found),
        "step": ledger.step(viewer, found),
        "outcomes": [(value, label) for value, label in Outcome.choices if value != Outcome.SOLVED],
        "says": Says.choices,
        "asked": _asked(viewer, found),
        "opened": None,
        "reads": [],
        "opens": found.card is not None and may_open(viewer, found.card),
    }
    if writes:
        shown |= {
            "next_form": NextForm(viewer, found),
            "contact_form": ContactForm(),
            "obstacle_form": ObstacleForm(viewer),
            "hand_form": HandForm(viewer, found),
        }
    if shown["opens"] and request.GET.get("joindre"):
        shown |= _identity(viewer, found)
    return render(request, "workspace/need_detail.html", shown | forms)


def _asked(viewer: Viewer, found: Need) -> dict[str, Any] | None:
    """What she asked for by herself and where to answer, for who answers."""
    if not rules.may_read_words(viewer, found):
        return None
    asked = rules.requests_for(viewer).filter(need=found).select_related("territory", "need").first()
    return facts(asked) if asked else None


def _due(viewer: Viewer, found: Need) -> dict[str, Any] | None:
    """When the next contact is, and how late."""
    if found.next_contact_at is None:
        return None
    zone = ZoneInfo(viewer.timezone)
    local, today = found.next_contact_at.astimezone(zone), clock.today(viewer.timezone)
    days = (today - local.date()).days
    hour = dates.hour(local) if (local.hour, local.minute) != (0, 0) else ""
    return {"late": days > 0, "days": days, "day": wording.day(local.date(), weekday=True), "hour": hour}


def _identity(viewer: Viewer, found: Need) -> dict[str, Any]:
    """Her name and how to reach her: a gesture, which leaves a line."""
    card = found.card
    assert card is not None, "only an openable card gets here"
    note_read([card.pk], network=card.network_id, organisation=card.organisation_id, reason="call", by=viewer)
    names = vault.identity(card)
    owners = dict(PhoneOwner.choices)
    phones = [
        {"number": phone.get("number", ""), "owner": owners.get(phone.get("owner", ""), ""), "voicemail": phone.get("voicemail"),
         "sms": phone.get("sms"), "hours": safe_hours.told(phone["hours"]) if phone.get("hours") else "",
         "hours_note": phone.get("hours_note", "")}
        for phone in names.get("phones", [])
    ]  # fmt: skip
    full = " ".join(str(names.get(part) or "") for part in ("first_name", "last_name")).strip() or names.get(
        "nickname", ""
    )
    return {"opened": {"name": full, "phones": phones}, "reads": reads_of(card)[:6]}


def needs_export(request: HttpRequest, what: str, kind: str) -> HttpResponseBase:
    """Encounters or needs as a spreadsheet, by code, streamed: hers for a hub, all for the coordinator."""
    return needs_sheet.response(viewer_of(request), what, kind)
