"""Return lists: chosen, sent by link, printed, followed."""

from collections import Counter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import clock, dates, ids, languages
from allervers.needs import wording
from allervers.outbox.models import Message
from allervers.referrals import actions, entry, errors, queries, sheet, states
from allervers.referrals.enums import AnswerKind
from allervers.referrals.models import Referral, ReturnLine, ReturnList
from allervers.referrals.rules import may_handle, referrals_for, return_lists_for
from allervers.web import access
from allervers.web.components.states import LOOKS
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger
from allervers.web.workspace.referral_page import address

_SHOWN_CODE = "shown_code"
# Silence first: what is not known yet.
_ORDER = ["silent", "sent", "acknowledged", "appointment", "moved", "missed", "came_not_seen", "declined", "unknown"]


@require_http_methods(["GET", "POST"])
@never_cache
def return_list_new(request: HttpRequest) -> HttpResponse:
    """All who wait for one partner, ticked; untick whom you already know about."""
    viewer = viewer_of(request)
    asked = _uuid(_asked(request, "partenaire"))
    recipient = organisations_for(viewer).filter(pk=asked).first() if asked else None
    if recipient is None:
        return render(request, "workspace/return_list_partner.html", {"partners": _partners(viewer)})
    waiting = list(queries.waiting_for(viewer, recipient.pk))
    problem = ""
    if request.method == "POST":
        chosen = set(request.POST.getlist("referral"))
        try:
            made = actions.make_list(
                recipient,
                [row for row in waiting if str(row.pk) in chosen],
                by=viewer,
                operation=_uuid(request.POST.get("operation", "")),
            )
        except errors.Refused as refused:
            problem = str(refused)
        else:
            return redirect("workspace:return_list", pk=made.pk)
    context = {
        "recipient": recipient,
        "lines": [_choice(viewer, row) for row in waiting],
        "operation": request.POST.get("operation") or str(ids.new_id()),
        "problem": problem,
    }
    return render(request, "workspace/return_list_new.html", context, status=400 if problem else 200)


@require_GET
@never_cache
def return_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    found = _fetch(viewer, pk)
    lines = [_line(viewer, row) for row in _rows(found)]
    lines.sort(key=lambda one: (_ORDER.index(one["look"]) if one["look"] in _ORDER else len(_ORDER), one["position"]))
    counts = Counter(one["look"] for one in lines)
    unknown = sum(one["waits"] for one in lines)
    context = {
        "list": found,
        "lines": lines,
        "legend": [{"look": look, "count": counts[look]} for look in sorted(counts, key=lambda one: -counts[one])],
        "total": len(lines),
        "unknown": unknown,
        "is_open": found.is_open(),
        "locked": found.tries >= actions.TRIES,
        "shown_code": _pop_code(request, found),
        "chases": _chases(viewer, found),
        "record": queries.partner_record(viewer, found.recipient),
        "number": _number(viewer, found),
        "may_send": access.allows("workspace:return_list_link", "POST", viewer.role),
    }
    return render(request, "workspace/return_list.html", context)


@require_POST
def return_list_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mails the link; `renew` makes another address first."""
    viewer = viewer_of(request)
    found = _fetch(viewer, pk)
    try:
        if request.POST.get("renew") or not found.is_open():
            actions.renew_link(found, by=viewer)
        actions.send_link(found, by=viewer)
    except errors.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Le lien part à %(address)s.") % {"address": found.recipient.email})
    return redirect("workspace:return_list", pk=pk)


@require_POST
def return_list_code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new code: by SMS when the partner has a mobile, else shown once, to say on the telephone."""
    viewer = viewer_of(request)
    found = _fetch(viewer, pk)
    by_sms = request.POST.get("path") == "sms"
    try:
        digits = actions.new_code(found, by=viewer, by_sms=by_sms)
    except errors.Refused as refused:
        messages.error(request, str(refused))
    else:
        if by_sms:
            messages.success(request, _("Le code part par SMS au partenaire."))
        else:
            request.session[_SHOWN_CODE] = [str(found.pk), digits]
    return redirect("workspace:return_list", pk=pk)


@require_POST
def return_list_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    actions.revoke(_fetch(viewer, pk), by=viewer)
    messages.success(request, _("Le lien est coupé. Ce qui a été répondu reste."))
    return redirect("workspace:return_list", pk=pk)


@require_GET
@never_cache
def return_list_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet to print: initials for whoever may read them, else codes only."""
    viewer = viewer_of(request)
    found = _fetch(viewer, pk)
    body = sheet.pdf(_sheet(viewer, found))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="feuille-{found.sheet_code}.pdf"'
    return answer


def _sheet(viewer: Viewer, found: ReturnList) -> sheet.Sheet:
    names = viewer.sees_people and found.organisation_id == viewer.organisation_id
    lines = entry.lines_of(found, opened=names)
    made = found.made_at.astimezone(ZoneInfo(viewer.timezone)).date()
    return sheet.Sheet(
        title=_("Donnez-nous des nouvelles"),
        sender=found.hub.name if found.hub else found.organisation.name,
        recipient=found.recipient.name,
        date=wording.day(made, year=True),
        sheet_word=_("Feuille"),
        sheet_code=found.sheet_code,
        page_word=_("page"),
        how=_("Une croix par personne. Laissez vide si vous ne savez pas. N’écrivez jamais de diagnostic."),
        back=_("À rendre à %(sender)s %(phone)s, ou à dire au téléphone avec le code de la feuille.")
        % {
            "sender": found.hub.name if found.hub else found.organisation.name,
            "phone": found.hub.phone if found.hub else "",
        },
        heads=[_("Code"), _("Qui"), _("À savoir")],
        columns=[
            capfirst(str(kind.label))
            for kind in (AnswerKind.CAME, AnswerKind.DID_NOT_COME, AnswerKind.MOVED, AnswerKind.CAME_NOT_SEEN)
        ]
        + [_("Refusé"), capfirst(str(AnswerKind.EQUIPPED.label))],
        lines=[_sheet_line(viewer, line) for line in lines],
    )


def _sheet_line(viewer: Viewer, line: entry.Line) -> sheet.SheetLine:
    at = line.referral.appointment_at
    about = []
    if at:
        local = at.astimezone(ZoneInfo(viewer.timezone))
        about.append(f"{wording.day(local.date())}, {dates.hour(local)}")
    if line.read:
        about += [languages.name(code) for code in line.read.languages[:1]]
    return sheet.SheetLine(line.referral.line_code, line.read.who if line.read else "", ", ".join(about))


def _fetch(viewer: Viewer, pk: UUID) -> ReturnList:
    rows = return_lists_for(viewer).select_related("recipient", "organisation", "hub", "network")
    return get_object_or_404(rows, pk=pk)


def _rows(found: ReturnList) -> list[ReturnLine]:
    rows = found.lines.select_related("referral__card", "referral__need", "referral__recipient", "referral__service")
    return list(rows.order_by("position"))


def _line(viewer: Viewer, row: ReturnLine) -> dict[str, Any]:
    referral = row.referral
    look = queries.look_of(referral)
    end = referral.first_seen_at or referral.ended_at or clock.now()
    return {
        "position": row.position,
        "referral": referral,
        "who": ledger.person(viewer, referral.card),
        "url": address(referral),
        "look": look,
        "word": LOOKS[look].word,
        "waits": referral.state in states.WAITING,
        "sent": wording.day(referral.sent_at.astimezone(ZoneInfo(viewer.timezone)).date()) if referral.sent_at else "",
        "appointment_at": referral.appointment_at,
        "weeks": (end - referral.sent_at).days // 7 if referral.sent_at else 0,
        "handles": may_handle(viewer, referral),
    }


def _choice(viewer: Viewer, row: Referral) -> dict[str, Any]:
    look = queries.look_of(row)
    since = wording.span(clock.now() - row.sent_at) if row.sent_at else ""
    return {"referral": row, "who": ledger.person(viewer, row.card), "look": look, "since": since}


def _partners(viewer: Viewer) -> list[dict[str, Any]]:
    """Partners that have the next word, for how many persons."""
    waiting = Counter(referrals_for(viewer).waiting().values_list("recipient_id", flat=True))
    found = Organisation.objects.filter(pk__in=waiting).order_by("name")
    return [{"organisation": one, "count": waiting[one.pk]} for one in found]


def _chases(viewer: Viewer, found: ReturnList) -> list[dict[str, Any]]:
    """What was written to the partner about this list, and by which path."""
    rows = Message.objects.filter(about_kind="referrals.returnlist", about_id=str(found.pk)).order_by("created_at")
    zone = ZoneInfo(viewer.timezone)
    return [
        {"day": wording.day(row.created_at.astimezone(zone).date()), "channel": row.get_channel_display(), "row": row}
        for row in rows
    ]


def _number(viewer: Viewer, found: ReturnList) -> int:
    """Which list of this partner it is."""
    return return_lists_for(viewer).filter(recipient=found.recipient, made_at__lte=found.made_at).count()


def _pop_code(request: HttpRequest, found: ReturnList) -> str:
    """The digits just made, shown once."""
    kept = request.session.pop(_SHOWN_CODE, None)
    if not kept or kept[0] != str(found.pk):
        return ""
    return f"{kept[1][:3]} {kept[1][3:]}"


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


def _uuid(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
