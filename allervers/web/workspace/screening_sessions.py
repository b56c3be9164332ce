"""A screening day: who arrives, one gesture a result, needs and referrals in bulk, closing when the count is right."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import clock, languages
from allervers.people import actions as people
from allervers.people import queries as persons
from allervers.people.models import PersonCard
from allervers.people.rules import cards_for
from allervers.programmes import actions, follow_up, rules
from allervers.programmes.enums import ActionKind, Arrival, ScreeningResult
from allervers.programmes.errors import NoGesture, NoPartner, ProgrammeError
from allervers.programmes.models import Attendance, Session
from allervers.web.request import viewer_of
from allervers.web.workspace.screening_forms import ArrivalForm, HeadCountForm, SessionForm

_UNDO = "screening_undo"
_KINDS = {"identified": "card", "coded": "code", "anonymous": "none"}


@dataclass(frozen=True)
class Row:
    """One line of the list, as the viewer may read it."""

    attendance: Attendance
    kind: str
    label: str
    language: str
    may_be_oriented: bool
    is_settled: bool  # a need or an orientation exists: results change no more

    @property
    def state(self) -> str:
        return self.attendance.referral.state if self.attendance.referral else self.attendance.arrival


def screening_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    return _page(request, viewer, _session(viewer, pk), ArrivalForm(initial={"operation": uuid.uuid4()}))


@require_POST
def screening_arrival(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Adds who arrives: found by code or telephone at once, by name once chosen, or without a card."""
    viewer = viewer_of(request)
    session = _session(viewer, pk)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return _page(request, viewer, session, form)
    said = form.cleaned_data
    matches = [] if said["card"] or said["new"] else persons.find(viewer, said["who"], limit=8)
    is_sure = len(matches) == 1 and matches[0].why != "name"
    if said["who"].strip() and not (said["card"] or said["new"] or is_sure):
        return _page(request, viewer, session, form, matches=matches, asks=True)
    try:
        card = matches[0].card if is_sure else _card(viewer, session, said)
        line = actions.add_walk_in(
            session, card=card, language=said["language"], operation=said["operation"], by=viewer
        )
    except (ProgrammeError, people.CardRefused, people.OutOfReach) as error:
        form.add_error("who", str(error))
        return _page(request, viewer, session, form)
    return redirect(f"{reverse('workspace:screening_session', args=[session.pk])}#l{line.position}")


@require_POST
def screening_line(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One gesture on one line: a result, gone, taken off the list, or undoing the last one."""
    viewer = viewer_of(request)
    lines = rules.attendances_for(viewer).select_related("session__action", "session__hub", "encounter", "card")
    line = get_object_or_404(lines, pk=pk)
    before = {"line": str(line.pk), "arrival": line.arrival, "result": line.result, "position": line.position}
    page, do = reverse("workspace:screening_session", args=[line.session_id]), request.POST.get("do", "")
    try:
        if do == "remove":
            actions.remove(line, by=viewer)
            messages.success(request, _("La ligne %(n)s est retirée.") % {"n": line.position})
            return redirect(page)
        if do == "undo":
            actions.restore(line, by=viewer, **_before(request))
        elif do == Arrival.LEFT:
            actions.mark_left(line, by=viewer)
        elif do in ScreeningResult.values and do:
            actions.set_result(line, result=do, by=viewer)
        else:
            raise NoGesture
    except ProgrammeError as error:
        messages.error(request, str(error))
        return redirect(f"{page}#l{line.position}")
    if do == "undo":
        request.session.pop(_UNDO, None)
    else:
        request.session[_UNDO] = before
    return redirect(f"{page}#l{line.position}")


@require_POST
def screening_orient(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Needs and referrals for the ticked lines, to one partner; or that gesture undone."""
    viewer = viewer_of(request)
    session = _session(viewer, pk)
    if "undo" in request.POST:
        return _undo_orient(request, viewer, session)
    lines = rules.attendances_for(viewer).filter(session=session).order_by("position")
    ticked = [one for one in request.POST.getlist("ligne") if _is_uuid(one)]
    chosen = lines.filter(pk__in=ticked).select_related("session__action", "card", "encounter")
    wanted = request.POST.get("recipient", "")
    recipient = organisations_for(viewer).filter(pk=wanted).first() if _is_uuid(wanted) else None
    try:
        if recipient is None:
            raise NoPartner
        done = actions.orient(list(chosen), recipient=recipient, by=viewer)
    except ProgrammeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _oriented_sentence(done, recipient))
    return redirect("workspace:screening_session", session.pk)


def _undo_orient(request: HttpRequest, viewer: Viewer, session: Session) -> HttpResponse:
    try:
        at = parse_datetime(request.POST["undo"])
        if at is None:
            raise NoGesture
        done = actions.undo_orient(session, at=at, by=viewer)
    except (ProgrammeError, ValueError) as error:
        messages.error(request, str(error if isinstance(error, ProgrammeError) else NoGesture()))
    else:
        undone = ngettext("%(n)s orientation défaite.", "%(n)s orientations défaites.", done.lines) % {"n": done.lines}
        kept = ngettext("%(n)s garde sa suite.", "%(n)s gardent leur suite.", done.kept) % {"n": done.kept}
        messages.success(request, f"{undone} {kept}" if done.kept else undone)
    return redirect("workspace:screening_session", session.pk)


@require_POST
def screening_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Held, not held, open again, or a head-count in place of a list."""
    viewer = viewer_of(request)
    session = _session(viewer, pk)
    do = request.POST.get("do", "")
    form = HeadCountForm(request.POST)
    gestures = {"hold": actions.hold_session, "cancel": actions.cancel_session, "reopen": actions.reopen_session}
    try:
        if do == "count" and form.is_valid():
            actions.count_heads(session, count=form.cleaned_data["count"], by=viewer)
        elif do in gestures:
            gestures[do](session, by=viewer)
        elif do == "count":
            return _page(request, viewer, session, ArrivalForm(initial={"operation": uuid.uuid4()}), heads=form)
        else:
            raise NoGesture
    except ProgrammeError as error:
        messages.error(request, str(error))
    return redirect("workspace:screening_session", session.pk)


def screening_session_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    session = _session(viewer, pk)
    form = SessionForm(viewer, session, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.change_session(session, by=viewer, **form.cleaned_data)
        except ProgrammeError as error:
            form.add_error("starts_at", str(error))
        else:
            messages.success(request, _("La séance est à jour."))
            return redirect("workspace:screening_session", session.pk)
    return render(request, "workspace/screening_session_form.html", {"form": form, "session": session})


def screening_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list on paper, with empty lines to go on by hand."""
    viewer = viewer_of(request)
    session = _session(viewer, pk)
    rows = _rows(viewer, session)
    blank = range(len(rows) + 1, max(21, len(rows) + 9))
    return render(request, "workspace/screening_print.html", {"session": session, "rows": rows, "blank": blank})


def _session(viewer: Viewer, pk: UUID) -> Session:
    sessions = rules.sessions_for(viewer).select_related("action__recipient", "hub__organisation")
    return get_object_or_404(sessions, pk=pk)


def _rows(viewer: Viewer, session: Session) -> list[Row]:
    lines = rules.attendances_for(viewer).filter(session=session).order_by("position")
    found = list(lines.select_related("card", "referral", "recipient"))
    labels = persons.labels_for(viewer, [line.card for line in found if line.card])
    return [
        Row(
            attendance=line,
            kind=_KINDS[line.stratum] if line.card else "none",
            label=labels[line.card.id] if line.card else _("Sans nom %(n)s") % {"n": line.position},
            language=languages.name(line.language) if line.language and line.language != "fr" else "",
            may_be_oriented=actions.may_be_oriented(line),
            is_settled=bool(line.need_id or line.referral_id or line.orientation),
        )
        for line in found
    ]


def _page(
    request: HttpRequest,
    viewer: Viewer,
    session: Session,
    form: ArrivalForm,
    *,
    matches: list[persons.Match] | None = None,
    asks: bool = False,
    heads: HeadCountForm | None = None,
) -> HttpResponse:
    rows = _rows(viewer, session)
    undo = request.session.get(_UNDO)
    last = next((row for row in rows if undo and str(row.attendance.pk) == undo["line"]), None)
    siblings = list(session.action.sessions.order_by("starts_at", "id").values_list("pk", flat=True))
    context = {
        "session": session,
        "number": siblings.index(session.pk) + 1,
        "sessions": max(len(siblings), session.action.planned_max or session.action.planned_min or 0),
        "rows": rows,
        "form": form,
        "matches": matches or [],
        "asks": asks,
        "typed": form.data.get("who", "") if form.is_bound else "",
        "undo": last,
        "tally": _tally(rows),
        "results": _results(session),
        "partners": organisations_for(viewer) if any(row.may_be_oriented for row in rows) else [],
        "ready": sum(row.may_be_oriented for row in rows),
        "gestures": _gestures(rows),
        "writes": viewer.sees_people,
        "heads": heads or HeadCountForm(initial={"count": session.head_count}),
    }
    return render(request, "workspace/screening_session.html", context)


def _results(session: Session) -> list[tuple[str, str, str]]:
    """The gestures of a line: its value, its word, and the short word of a phone."""
    equipment = (_("Lunettes"), _("Lunettes")) if session.action.kind == ActionKind.OPTICAL else (_("Appareil"),) * 2
    return [
        ("nothing", _("Rien à faire"), _("Rien")),
        ("appointment", _("Rendez-vous"), _("RDV")),
        ("equipment", *equipment),
        ("urgent", _("À voir vite"), _("Vite")),
        ("left", _("Partie"), _("Partie")),
    ]


def _gestures(rows: list[Row]) -> list[dict[str, Any]]:
    """What was oriented together within a day, the last first: undone with one button."""
    together: dict[datetime, list[Attendance]] = {}
    for line in (row.attendance for row in rows):
        if line.need_id and line.oriented_at and clock.now() - line.oriented_at <= actions.UNDO_FOR:
            together.setdefault(line.oriented_at, []).append(line)
    return [
        {"at": at, "stamp": at.isoformat(), "count": len(lines), "to": lines[0].recipient}
        for at, lines in sorted(together.items(), reverse=True)
    ]


def _tally(rows: list[Row]) -> dict[str, int]:
    lines = [follow_up.line_of(row.attendance) for row in rows]
    found = {
        name: sum(line.result == name for line in lines) for name in ("appointment", "equipment", "urgent", "nothing")
    }
    waiting = sum(line.arrival == Arrival.WAITING for line in lines)
    left = sum(line.arrival == Arrival.LEFT for line in lines)
    unsaid = len(lines) - sum(found.values()) - waiting - left
    return {**found, "left": left, "waiting": waiting, "unsaid": unsaid, "people": len(lines)}


def _card(viewer: Viewer, session: Session, said: dict[str, Any]) -> PersonCard | None:
    """The card chosen, or the one just opened; none for someone unnamed."""
    if said["card"]:
        return get_object_or_404(cards_for(viewer), pk=said["card"])
    speaks = [said["language"]] if said["language"] else []
    where = {"hub_id": session.hub_id, "operation": said["operation"], "speaks": speaks}
    if said["new"] == "code":
        return people.open_code(by=viewer, **where)
    if said["new"] == "card":
        first, _space, last = said["who"].strip().partition(" ")
        return people.open_card(by=viewer, identity={"first_name": first, "last_name": last}, **where)
    return None


def _before(request: HttpRequest) -> dict[str, str]:
    """The line as it was, from the form of the undo button; anything else is refused."""
    known = forms.Form(request.POST)
    known.fields["arrival"] = forms.ChoiceField(choices=Arrival.choices)
    known.fields["result"] = forms.ChoiceField(choices=ScreeningResult.choices, required=False)
    if not known.is_valid():
        raise NoGesture
    return dict(known.cleaned_data)


def _oriented_sentence(done: actions.Oriented, recipient: Organisation) -> str:
    parts = [
        ngettext("%(n)s besoin ouvert", "%(n)s besoins ouverts", done.needs) % {"n": done.needs},
    ]
    if done.sent:
        sent = ngettext("%(n)s orientation partie vers %(who)s", "%(n)s orientations parties vers %(who)s", done.sent)
        parts.append(sent % {"n": done.sent, "who": recipient.name})
    if done.drafts:
        drafts = ngettext("%(n)s brouillon attend un accord", "%(n)s brouillons attendent un accord", done.drafts)
        parts.append(drafts % {"n": done.drafts})
    if done.unnamed:
        unnamed = ngettext(
            "%(n)s personne sans nom à suivre sur place", "%(n)s personnes sans nom à suivre sur place", done.unnamed
        )
        parts.append(unnamed % {"n": done.unnamed})
    return ", ".join(parts) + "."


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
