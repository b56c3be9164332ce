"""Mail and SMS as the desk sees them: what does not leave; in the demonstration, what would."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from allervers.accounts.rules import Viewer
from allervers.needs import wording
from allervers.outbox import actions, queries
from allervers.outbox.models import Message, State
from allervers.referrals.rules import may_read_outbox
from allervers.web.request import viewer_of

_READABLE = 60


@dataclass(frozen=True)
class Told:
    title: str
    text: str


def notice_for(viewer: Viewer) -> Told | None:
    """A lost mail server, for whoever can do something about it: counts and age, never a word. One query."""
    found = queries.trouble(viewer.network_id) if may_read_outbox(viewer) else None
    if found is None:
        return None
    if found.waiting:
        text = ngettext(
            "%(n)s message n’a pas pu partir, depuis %(age)s. Il repartira seul dès que l’envoi remarche.",
            "%(n)s messages n’ont pas pu partir, le plus ancien depuis %(age)s. Ils repartiront seuls dès que l’envoi remarche.",
            found.waiting,
        ) % {"n": found.waiting, "age": _age(found)}
    else:
        text = ngettext(
            "%(n)s message a été abandonné cette semaine.",
            "%(n)s messages ont été abandonnés cette semaine.",
            found.failed,
        ) % {"n": found.failed}
    if found.no_gateway:
        text += " " + _("Aucune passerelle SMS n’est réglée : dites les codes au téléphone.")
    return Told(_("Des messages ne partent pas"), text)


def _age(found: queries.Trouble) -> str:
    minutes = int(found.age.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": hours}
    return wording.span(found.age)


@require_GET
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """In the demonstration only: every mail and SMS that would leave, the codes among them."""
    if not settings.DEMO:
        raise Http404
    rows = Message.objects.exclude(sealed=b"").order_by("-created_at", "-id")[:_READABLE]
    return render(request, "workspace/outbox.html", {"letters": [_letter(row) for row in rows]})


@require_GET
@never_cache
def sendings(request: HttpRequest) -> HttpResponse:
    """What waits and what was given up, by kind; nobody reads what is said or to whom."""
    viewer = viewer_of(request)
    failed = Message.objects.filter(network_id=viewer.network_id, state=State.FAILED).exclude(sealed=b"")
    context = {
        "piles": [
            {"pile": pile, "since": wording.day(pile.oldest.date())} for pile in queries.piles(viewer.network_id)
        ],
        "failed": failed.order_by("-created_at")[:_READABLE],
        "no_gateway": not settings.SMS_URL,
    }
    return render(request, "workspace/sendings.html", context)


@require_POST
def sending_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    if not Message.objects.filter(pk=pk, network_id=viewer.network_id).exists():
        raise Http404
    actions.retry(pk)
    messages.success(request, _("Il repart dans un instant."))
    return redirect("workspace:sendings")


def _letter(message: Message) -> dict[str, Any]:
    to, subject, text = actions.opened(message)
    return {"message": message, "to": to, "subject": subject, "text": text}
