"""A partner answers without an account: an address, a code by another path, one list, one sending."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts import rowlock
from allervers.core import clock, crypto, ids, languages
from allervers.needs.enums import Category
from allervers.people.enums import Interpreter
from allervers.referrals import actions, entry, errors
from allervers.referrals.enums import AbsenceReason, AnswerBy, AnswerKind, ReferralState
from allervers.referrals.models import ReturnList
from allervers.web.private import private_page, too_many

_OPEN_FOR = timedelta(hours=4)
_SESSION = "return_lists"


@private_page
@require_http_methods(["GET", "POST"])
def open_list(request: HttpRequest, token: str) -> HttpResponse:
    """The code first; then the lines. Without the code nothing is shown and nothing changes."""
    return_list = _found(token)
    if return_list is None or not return_list.is_open():
        return _closed(request, return_list)
    error = ""
    if request.method == "POST":
        if too_many(request):
            return sorry(request, _("Trop d’essais depuis cet appareil. Attendez dix minutes, ou appelez."), 429)
        try:
            actions.check_code(return_list, request.POST.get("code", ""))
        except errors.Refused as refused:
            error = str(refused)
        else:
            actions.note_opened(return_list)
            _remember(request, return_list)
            return redirect("partner:list", token=token)
    if error or not _is_open_here(request, return_list):
        page = {"return_list": return_list, "token": token, "error": error, "phone": _phone(return_list)}
        return render(request, "partner/list_code.html", page, status=400 if error else 200)
    return _form(request, return_list, token, entry.lines_of(return_list, opened=True))


@private_page
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """All lines at once. What was typed stays when a line lacks its date."""
    return_list = _found(token)
    if return_list is None or not return_list.is_open():
        return _closed(request, return_list)
    if not _is_open_here(request, return_list):
        return redirect("partner:list", token=token)
    reading = entry.read(
        request.POST,
        entry.lines_of(return_list, opened=True),
        timezone=return_list.network.timezone,
        missing=_("Choisissez la date et l’heure de ce rendez-vous."),
    )
    if reading.faults:
        return _form(request, return_list, token, reading.lines, status=400)
    heard = actions.answer(
        reading.given,
        by=None,
        channel=AnswerBy.LINK,
        operation=request.POST.get("operation", "")[:64],
        return_list=return_list,
    )
    if heard.submission is None:
        messages.info(request, _("Rien de nouveau dans cet envoi : vos réponses étaient déjà enregistrées."))
        return redirect("partner:list", token=token)
    return redirect("partner:sent", token=token, pk=heard.submission.pk)


@private_page
@require_GET
def sent(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """Thank you, what was received, what is left, how to take it back."""
    return_list, submission = _found(token), None
    if return_list is not None and return_list.is_open():
        if not _is_open_here(request, return_list):
            return redirect("partner:list", token=token)
        submission = return_list.submissions.filter(pk=pk).first()
    if return_list is None or submission is None:
        return _closed(request, return_list)
    said = list(submission.answers.all())
    counts = Counter(one.kind for one in said)
    lines = entry.lines_of(return_list, opened=False)
    page = {
        "return_list": return_list,
        "token": token,
        "submission": submission,
        "counts": [(kind, counts[kind]) for kind in AnswerKind.values if counts[kind]],
        "total": len(said),
        "left": sum(not line.is_answered for line in lines),
        "absent": counts[AnswerKind.DID_NOT_COME],
        "undo_until": submission.at + actions.UNDO_FOR,
        "may_undo": submission.undone_at is None and clock.now() < submission.at + actions.UNDO_FOR,
    }
    return render(request, "partner/list_sent.html", page)


@private_page
@require_POST
def undo(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """Takes one sending back, within a day."""
    return_list, submission = _found(token), None
    if return_list is not None and return_list.is_open():
        if not _is_open_here(request, return_list):
            return redirect("partner:list", token=token)
        submission = return_list.submissions.filter(pk=pk).first()
    if return_list is None or submission is None:
        return _closed(request, return_list)
    try:
        if actions.undo(submission, by=None):
            messages.success(request, _("Envoi annulé. Les lignes attendent à nouveau votre réponse."))
        else:
            messages.info(request, _("Rien n’a été annulé : c’était déjà fait, ou ces lignes ont changé depuis."))
    except errors.Refused as refused:
        messages.error(request, str(refused))
    return redirect("partner:list", token=token)


def sorry(request: HttpRequest, why: str, status: int, phone: str = "") -> HttpResponse:
    """A sentence and what to do; says nothing of what the link was."""
    return render(request, "partner/link_closed.html", {"why": why, "phone": phone}, status=status)


def _found(token: str) -> ReturnList | None:
    """The list of this address; from here on the connection reaches its network only."""
    rows = ReturnList.objects.select_related("recipient", "network", "organisation", "hub")
    return_list = rows.filter(token_digest=crypto.digest(token)).first()
    if return_list is not None:
        rowlock.enter(return_list.network_id)
    return return_list


def _closed(request: HttpRequest, return_list: ReturnList | None) -> HttpResponse:
    if return_list is None:
        if too_many(request):
            return sorry(request, _("Trop d’essais depuis cet appareil. Attendez dix minutes, ou appelez."), 429)
        return sorry(request, _("Ce lien n’est pas connu ici. Un lien plus récent l’a peut-être remplacé."), 404)
    if return_list.revoked_at:
        return sorry(request, _("Ce lien a été fermé par l’équipe qui l’a envoyé."), 410, _phone(return_list))
    if not return_list.is_open():
        return sorry(
            request, _("Ce lien est arrivé à sa fin : il était ouvert soixante jours."), 410, _phone(return_list)
        )
    return sorry(request, _("Cet envoi n’est pas sur cette liste."), 404, _phone(return_list))


def _form(
    request: HttpRequest, return_list: ReturnList, token: str, lines: list[entry.Line], status: int = 200
) -> HttpResponse:
    page = {
        "return_list": return_list,
        "token": token,
        "lines": [_told(line) for line in lines],
        "answered": sum(line.is_answered for line in lines),
        "total": len(lines),
        "faults": [line for line in lines if line.error],
        "operation": request.POST.get("operation") or str(ids.new_id()),
        "first": [(kind.value, kind.label) for kind in entry.FIRST],
        "seldom": [(kind.value, kind.label) for kind in entry.SELDOM],
        "reasons": [(reason.value, reason.label) for reason in AbsenceReason if reason.value],
    }
    return render(request, "partner/list_answer.html", page, status=status)


def _told(line: entry.Line) -> dict[str, object]:
    """A line in the reader's language."""
    read = line.read
    assert read is not None
    french = (get_language() or "fr").startswith("fr")
    spoken = [languages.LANGUAGES[code] for code in read.languages if code in languages.LANGUAGES]
    moved = line.referral.state == ReferralState.MOVED
    return {
        "line": line,
        "who": read.who,
        "need": Category(read.need).label if read.need else "",
        "languages": ", ".join(one.french if french else one.autonym for one in spoken),
        "interpreter": read.interpreter == Interpreter.NEEDED,
        "appointment_at": line.referral.appointment_at,
        "moved": moved,
        "results": [(kind.value, kind.label) for kind in line.results],
    }


def _phone(return_list: ReturnList) -> str:
    hub = return_list.hub
    return (hub.phone if hub else "") or return_list.organisation.phone


def _remember(request: HttpRequest, return_list: ReturnList) -> None:
    """For four hours, in this browser, and until the code changes."""
    kept = {key: value for key, value in request.session.get(_SESSION, {}).items() if key != str(return_list.pk)}
    kept[str(return_list.pk)] = [(clock.now() + _OPEN_FOR).isoformat(), _stamp(return_list)]
    request.session[_SESSION] = kept


def _is_open_here(request: HttpRequest, return_list: ReturnList) -> bool:
    until, stamp = request.session.get(_SESSION, {}).get(str(return_list.pk), ("", ""))
    moment = parse_datetime(until) if until else None
    return moment is not None and clock.now() < moment and stamp == _stamp(return_list)


def _stamp(return_list: ReturnList) -> str:
    return crypto.digest(f"{return_list.code_hash}:{return_list.generation}")[:16]
