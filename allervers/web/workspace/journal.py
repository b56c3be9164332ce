"""The journal as coordination, control and technical administration read it: kinds, moments and roles, no name."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allervers.accounts.queries import code_of, codes_of
from allervers.core.text import fold
from allervers.journal import anchors, queries
from allervers.journal.models import Event
from allervers.journal.verification import Verdict, sentence, verify
from allervers.web.request import viewer_of
from allervers.web.workspace.event_words import words_of

_PAGE = 50


@require_http_methods(["GET", "POST"])
def journal(request: HttpRequest) -> HttpResponse:
    """A page of events, newest first; POST verifies the whole chain and says what it found."""
    viewer = viewer_of(request)
    kinds = queries.kinds(viewer.network_id)
    kind = request.GET.get("kind", "")
    events = queries.latest_events(viewer.network_id, kind if kind in kinds else "")
    page = Paginator(events, _PAGE).get_page(request.GET.get("page"))
    anchored = anchors.latest().get(str(viewer.network_id))
    verdict, unreadable = _verified(request)
    shown = {
        "kinds": sorted(((name, words_of(name)) for name in kinds), key=lambda pair: fold(pair[1])),
        "kind": kind,
        "page": page,
        "query": f"&kind={kind}" if kind in kinds else "",
        "rows": _rows(list(page.object_list)),
        "head": queries.head_of(viewer.network_id),
        "anchored": anchored,
        "verdict": verdict,
        "unreadable": unreadable,
        "faults": [sentence(fault) for fault in verdict.faults[:50]] if verdict else [],
    }
    return render(request, "workspace/journal.html", shown)


def _verified(request: HttpRequest) -> tuple[Verdict | None, int]:
    """The verdict when it was asked for; or the line of the anchors' file that cannot be read, which is none."""
    if request.method != "POST":
        return None, 0
    viewer = viewer_of(request)
    try:
        return verify(viewer.network_id, anchors.read().get(str(viewer.network_id), [])), 0
    except anchors.UnreadableAnchor as error:
        return None, error.line


def _rows(events: list[Event]) -> list[dict[str, object]]:
    """Each event with who acted, by code and role; the program itself has none."""
    actors = codes_of(event.actor_id for event in events)
    nobody = ("", _("le programme"))
    return [
        {
            "event": event,
            "words": words_of(event.kind),
            "code": actors.get(event.actor_id, nobody)[0],
            "role": actors.get(event.actor_id, nobody)[1],
            "subject": f"{event.subject_kind.split('.')[-1]} {code_of(event.subject_id)}",
        }
        for event in events
    ]
