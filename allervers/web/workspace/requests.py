"""Requests for help as the team meets them: taken by telephone, waiting in quarantine, found again by a code."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock, languages
from allervers.journal.actions import note_read
from allervers.needs import actions, promise, rules, sealing
from allervers.needs.doubts import Signs
from allervers.needs.enums import Doubt
from allervers.needs.errors import NeedError
from allervers.needs.models import HelpRequest
from allervers.people import identity as identities
from allervers.people.enums import ReadReason
from allervers.prevention import formats
from allervers.web.files import ranged
from allervers.web.request import viewer_of
from allervers.web.workspace.lock import is_resumed
from allervers.web.workspace.requests_form import RequestForm

PAGE = 30
_LISTENING = 600  # seconds: the pieces that a player asks for, and hearing again what was not understood


def requests(request: HttpRequest) -> HttpResponse:
    """What waits to be looked at, then the last ones received. A code that is said on the telephone opens its need."""
    viewer = viewer_of(request)
    if request.method == "POST":
        return _by_code(request, viewer)
    rows = rules.requests_for(viewer).select_related("territory", "hub", "need")
    waiting = list(rows.quarantined().order_by("received_at", "id")[:PAGE])
    received = list(rows.filter(need__isnull=False).order_by("-received_at", "-id")[:PAGE])
    shown = {
        "waiting": [facts(row) for row in waiting],
        "count": rows.quarantined().count(),
        "received": [facts(row) for row in received],
    }
    return render(request, "workspace/requests.html", shown)


def request_new(request: HttpRequest) -> HttpResponse:
    """Said on the telephone, keyed in at once; the page then says what to read aloud, and is ready for the next one."""
    viewer = viewer_of(request)
    form = RequestForm(viewer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_resumed(request):
        form.leave_unfinished()
    elif form.is_valid():
        network = Network.objects.get(pk=viewer.network_id)
        signs = Signs(nonce=f"{viewer.membership_id}:{form.cleaned_data['operation']}")
        try:
            made, code = actions.ask(network, form.asked(), signs, by=viewer)
            return _page(request, RequestForm(viewer), _saved(made, code, network))
        except NeedError as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form)


@require_POST
def request_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    rows = rules.requests_for(viewer).select_related("hub", "network")
    found = get_object_or_404(rows, pk=pk)
    try:
        if request.POST.get("answer") == "accept":
            need = actions.accept_request(found, by=viewer)
            messages.success(request, _("C’est un besoin maintenant. Il est dans « Aujourd’hui »."))
            return redirect("workspace:need", need.pk)
        if request.POST.get("answer") == "refuse":
            actions.refuse_request(found, by=viewer)
            messages.info(request, _("Cette demande est écartée. Elle s’efface dans un mois."))
    except NeedError as refusal:
        messages.warning(request, str(refusal))
    return redirect("workspace:requests")


@require_GET
def request_voice(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What she said, opened in memory for one listening, which is noted. A player asks for it piece by piece: one line."""
    viewer = viewer_of(request)
    rows = rules.requests_for(viewer).select_related("need__card").filter(voice_seconds__gt=0)
    found = get_object_or_404(rows, pk=pk)
    if not rules.may_hear(viewer, found):
        raise Http404
    opus = sealing.voice_of(found)
    if cache.add(f"heard:{viewer.membership_id}:{pk}", True, timeout=_LISTENING):
        told = found.need.card_id if found.need and found.need.card_id else found.pk
        note_read(
            [told],
            network=found.network_id,
            organisation=found.organisation_id,
            reason=ReadReason.VOICE,
            by=viewer,
        )
    response = ranged(request, opus, mime=formats.VOICE_MIME, size=len(opus))
    response["Cache-Control"] = "no-store, private"
    return response


def facts(row: HelpRequest) -> dict[str, Any]:
    """A request as a line says it; opens one blob."""
    told = sealing.told_in(row)
    return {
        "pk": row.pk,
        "need": row.need,
        "at": row.received_at,
        "wish": row.get_wish_display(),
        "where": row.territory.name if row.territory else "",
        "when": row.get_when_display(),
        "reach": row.get_reach_display(),
        "phone": identities.say_phone(told["phone"]) if told.get("phone") else "",
        "note": told.get("note", ""),
        "voice": f"{row.voice_seconds // 60}:{row.voice_seconds % 60:02d}" if row.voice_seconds else "",
        "language": languages.name(row.language),
        "doubt": str(Doubt(row.doubt).label) if row.doubt else "",
        "for_other": row.for_other,
        "state": row.get_state_display(),
    }


def _page(request: HttpRequest, form: RequestForm, saved: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, "workspace/request_new.html", {"form": form, "saved": saved})


def _saved(made: HelpRequest, code: str, network: Network) -> dict[str, Any]:
    """What is read aloud to the caller."""
    return {
        "code": " ".join(code[start : start + 3] for start in range(0, len(code), 3)),
        "hub": made.hub.name if made.hub else "",
        "promised": promise.said(made.promised_by, clock.now(), network.timezone),
        "need": made.need_id,
    }


def _by_code(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    found = actions.find(viewer.network_id, request.POST.get("code", "")[:40])
    mine = found is not None and rules.requests_for(viewer).filter(pk=found.pk).exists()
    if found is None or not mine:
        messages.warning(request, _("Ce code n’est pas d’une demande de votre pôle. Relisez-le : douze chiffres."))
        return redirect("workspace:requests")
    if found.need_id is None:
        messages.info(request, _("Cette demande est encore à vérifier, ou n’a pas été gardée."))
        return redirect("workspace:requests")
    return redirect("workspace:need", found.need_id)
