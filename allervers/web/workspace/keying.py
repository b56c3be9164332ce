"""Keying a sheet or a telephone call in: one key a line, by codes; whoever keys needs to see no name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts.rules import Viewer
from allervers.core import ids
from allervers.referrals import actions, codes, entry, errors
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import ReturnList, Submission
from allervers.referrals.rules import return_lists_for
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger

# One key an answer; a result says that she came.
KEYS = [
    ("V", AnswerKind.CAME),
    ("P", AnswerKind.DID_NOT_COME),
    ("D", AnswerKind.MOVED),
    ("N", AnswerKind.CAME_NOT_SEEN),
    ("R", AnswerKind.DECLINED_NO_ROOM),
    ("X", AnswerKind.DECLINED_NOT_US),
    ("E", AnswerKind.EQUIPPED),
    ("S", AnswerKind.TREATED),
    ("A", AnswerKind.GRANTED),
]
_CHANNELS = {
    AnswerBy.PHONE.value: gettext_lazy("Au téléphone"),
    AnswerBy.SHEET.value: gettext_lazy("D’après la feuille"),
}


@require_http_methods(["GET", "POST"])
@never_cache
def keying(request: HttpRequest) -> HttpResponse:
    """The sheet's code first; then its lines, by code."""
    viewer = viewer_of(request)
    typed = (request.POST.get("feuille") or request.GET.get("feuille", "")).strip()
    if not typed:
        return render(request, "workspace/keying_sheet.html", {"typed": "", "problem": ""})
    found, problem = _sheet(viewer, typed)
    if found is None:
        return render(request, "workspace/keying_sheet.html", {"typed": typed, "problem": problem}, status=400)
    lines = entry.lines_of(found, opened=False)
    if request.method == "GET":
        return _table(request, viewer, found, lines)
    reading = entry.read(_spread(request, lines), lines, timezone=viewer.timezone, missing=_("Il manque la date."))
    if reading.faults:
        return _table(request, viewer, found, reading.lines, status=400)
    channel = request.POST.get("channel", "")
    heard = actions.answer(
        reading.given,
        by=viewer,
        channel=AnswerBy(channel) if channel in _CHANNELS else AnswerBy.PHONE,
        operation=request.POST.get("operation", "")[:64],
        return_list=found,
    )
    if heard.submission is None:
        messages.info(request, _("Rien de nouveau : ces réponses étaient déjà notées."))
        return redirect("workspace:return_list", pk=found.pk)
    context = {"list": found, "submission": heard.submission, "count": len(heard.answers)}
    return render(request, "workspace/keying_done.html", context)


@require_POST
def keying_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one sending back within a day, whoever keyed it."""
    viewer = viewer_of(request)
    submission = get_object_or_404(Submission, pk=pk, return_list__in=return_lists_for(viewer))
    try:
        if actions.undo(submission, by=viewer):
            messages.success(request, _("Saisie annulée : les lignes attendent à nouveau."))
        else:
            messages.info(request, _("Rien n’a été annulé : c’était déjà fait, ou ces lignes ont changé depuis."))
    except errors.Refused as refused:
        messages.error(request, str(refused))
    assert submission.return_list is not None, "filtered by its list"
    address = f"{reverse('workspace:keying')}?feuille={submission.return_list.sheet_code}"
    return redirect(address)


def _sheet(viewer: Viewer, typed: str) -> tuple[ReturnList | None, str]:
    """The list of a sheet code, or why there is none."""
    try:
        code = codes.read_sheet(typed)
    except codes.WrongCode:
        return None, _(
            "Ce code n’est pas juste : une lettre manque ou a été mal lue. Relisez-le en haut de la feuille."
        )
    rows = return_lists_for(viewer).select_related("recipient", "organisation", "hub")
    found = rows.filter(sheet_code=code).first()
    return found, "" if found else _(
        "Aucune liste de votre équipe ne porte ce code. Vérifiez le pôle écrit sur la feuille."
    )


def _table(
    request: HttpRequest, viewer: Viewer, found: ReturnList, lines: list[entry.Line], status: int = 200
) -> HttpResponse:
    context = {
        "list": found,
        "lines": [_told(viewer, line) for line in lines],
        "total": len(lines),
        "left": sum(not line.is_answered for line in lines),
        "keys": [{"key": key, "value": kind.value, "label": capfirst(str(kind.label))} for key, kind in KEYS],
        "channels": list(_CHANNELS.items()),
        "operation": request.POST.get("operation") or str(ids.new_id()),
    }
    return render(request, "workspace/keying_table.html", context, status=status)


def _told(viewer: Viewer, line: entry.Line) -> dict[str, Any]:
    who = ledger.person(viewer, line.referral.card)
    return {
        "line": line,
        "chosen": line.result or line.answer,
        "who": who if who.kind == "card" else None,
        "code": line.referral.line_code,
    }


def _spread(request: HttpRequest, lines: list[entry.Line]) -> dict[str, str]:
    """One choice a line, as the table has it, in the fields that the partner's page has."""
    results = {str(kind) for kind in entry.RESULTS}
    posted = {name: str(value) for name, value in request.POST.items()}
    for line in lines:
        chosen = posted.get(f"a{line.position}", "")
        if chosen in results:
            posted[f"a{line.position}"] = str(AnswerKind.CAME)
            posted[f"r{line.position}"] = chosen
    return posted
