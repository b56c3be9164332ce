"""The recording studio: by a link and a code, a speaker says a message sentence by sentence, or judges what another one said.

The link is an address, not a credential: nothing is shown before its code, nobody's name is ever shown (docs/decisions/0008).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts import rowlock
from allervers.core import clock
from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention import actions, formats, media, queries, rules, sending, voices
from allervers.prevention.enums import InvitationKind, RenditionState
from allervers.prevention.errors import CodeLocked, NotASound, PreventionError, Stale, TooBig
from allervers.prevention.models import Invitation, Rendition, Segment
from allervers.prevention.sending import Parcel, WrongPlace
from allervers.web.files import ranged
from allervers.web.private import private_page, too_many
from allervers.web.public.street import Reader

_OPEN_FOR = timedelta(hours=4)
_SESSION = "studio"


@dataclass(frozen=True)
class Line:
    """A sentence of the message, its French voice, and where hers stands."""

    segment: Segment
    french: queries.Heard | None
    said: Rendition | None  # hers to hear again, or the one to judge
    may_say: bool


@private_page
@require_http_methods(["GET", "POST"])
def studio(request: HttpRequest, token: str) -> HttpResponse:
    """The code first; then the sentences."""
    invitation = _found(token)
    if invitation is None:
        return _closed(request)
    error = ""
    if request.method == "POST":
        if too_many(request):
            return _closed(request, many=True)
        try:
            voices.check_code(invitation, request.POST.get("code", ""))
        except CodeLocked as locked:
            return _page(request, "public/studio_closed.html", status=429, why=str(locked))
        except PreventionError as refused:
            error = str(refused)
        else:
            _remember(request, invitation)
            return redirect("public:studio", token)
    if error or not _is_open_here(request, invitation):
        return _page(request, "public/studio_code.html", status=400 if error else 200, token=token, error=error)
    return _list(request, invitation, token)


def _list(request: HttpRequest, invitation: Invitation, token: str, error: str = "") -> HttpResponse:
    lines = _lines(invitation)
    checks = invitation.kind == InvitationKind.CHECK
    return _page(
        request,
        "public/studio_check.html" if checks else "public/studio.html",
        status=400 if error else 200,
        token=token,
        error=error,
        lines=lines,
        language=LANGUAGES[invitation.language],
        done=sum(_is_done(line) for line in lines),
        thanks="merci" in request.GET,
    )


def _is_done(line: Line) -> bool:
    return line.said is not None or not line.may_say


@private_page
@require_http_methods(["GET", "POST"])
def sentence(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """One sentence to say. Without script, its form sends a file whole; with it, `piece` takes it bit by bit."""
    place = _place(request, token, pk, InvitationKind.RECORD)
    if isinstance(place, HttpResponse):
        return place
    error = ""
    if request.method == "POST":
        try:
            _take_whole(request.FILES.get("file"), place, version=request.POST.get("version", ""))
        except PreventionError as refused:
            error = str(refused)
        else:
            return redirect(f"{reverse('public:studio', args=[token])}?merci#s{place.segment.position}")
    lines = _lines(place.invitation)
    line = next(one for one in lines if one.segment.pk == pk)
    following = next((one for one in lines if one.segment.position > line.segment.position and one.may_say), None)
    return _page(
        request,
        "public/studio_sentence.html",
        status=400 if error else 200,
        token=token,
        error=error,
        line=line,
        following=following,
        language=LANGUAGES[place.invitation.language],
        piece=sending.PIECE,
        most=formats.MAX_SECONDS,
        heaviest=formats.MAX_BYTES,
    )


@private_page
@require_http_methods(["GET", "POST"])
def piece(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """GET: how much of this file is here. POST: its next bytes; the last ones make it a voice. Answers in JSON."""
    place = _place(request, token, pk, InvitationKind.RECORD)
    if isinstance(place, HttpResponse):
        why = _("Le lien s’est refermé. Rechargez la page : votre voix est gardée dans ce téléphone.")
        return JsonResponse({"error": why, "closed": True}, status=401)
    invitation, segment = place.invitation, place.segment
    asked = request.GET
    try:
        parcel = Parcel.announced(
            media.parts_folder(),
            f"{invitation.pk}-{segment.pk}",
            sha256=asked.get("sha256", ""),
            total=_number(asked.get("total", "")),
        )
        there = voices.already_sent(segment, language=invitation.language, sha256=parcel.sha256, by=invitation)
        if there is not None:
            return JsonResponse({"offset": parcel.total, "done": True})
        if request.method == "GET":
            return JsonResponse({"offset": parcel.offset})
        _check_place(place, asked.get("version", ""))
        offset = parcel.add(_number(asked.get("offset", "")), request.body)
        if offset < parcel.total:
            return JsonResponse({"offset": offset})
        voices.receive(parcel, segment, language=invitation.language, by=invitation)
        _string_again(invitation)
    except WrongPlace as wrong:
        return JsonResponse({"offset": wrong.offset}, status=409)
    except PreventionError as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    return JsonResponse({"offset": offset, "done": True})


@private_page
@require_POST
def verdict(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """The second speaker's yes or no about one voice."""
    place = _place(request, token, pk, InvitationKind.CHECK)
    if isinstance(place, HttpResponse):
        return place
    invitation = place.invitation
    rendition = rules.voices_of(invitation).filter(segment_id=pk).first()
    try:
        if rendition is None or str(rendition.media_id) != request.POST.get("media", ""):
            raise Stale  # said again since the page was shown
        if request.POST.get("verdict") == "oui":
            actions.check(rendition, version=_number(request.POST.get("version", "")), by=invitation)
            voices.make_whole(invitation.message, invitation.language, unchecked=settings.DEMO)
        else:
            actions.refuse(rendition, by=invitation)
    except PreventionError as refused:
        return _list(request, invitation, token, error=str(refused))
    return redirect(f"{reverse('public:studio', args=[token])}#s{place.segment.position}")


@private_page
@require_GET
def listen(request: HttpRequest, token: str, pk: UUID) -> HttpResponseBase:
    """A voice that nobody else hears yet: hers, or the one to judge."""
    place = _place(request, token, pk, None)
    if isinstance(place, HttpResponse):
        return place
    said = rules.voices_of(place.invitation).filter(segment_id=pk).first()
    if said is None or said.media is None:
        return _closed(request)
    return ranged(request, media.path_of(said.media), mime=said.media.mime, size=said.media.size)


# --- the link, its code, its sentence --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A sentence, as whoever holds this link reaches it."""

    invitation: Invitation
    segment: Segment


def _place(request: HttpRequest, token: str, pk: UUID, kind: InvitationKind | None) -> Place | HttpResponse:
    """The sentence of this address, or the page that says why not."""
    invitation = _found(token)
    if invitation is None:
        return _closed(request)
    if not _is_open_here(request, invitation):
        return redirect("public:studio", token)
    segment = rules.segments_of(invitation).filter(pk=pk).first()
    if segment is None or (kind is not None and invitation.kind != kind):
        return _closed(request)
    return Place(invitation, segment)


def _found(token: str) -> Invitation | None:
    """The invitation of this address while it is open; from here on the connection reaches its network only."""
    invitation = rules.invitation_of(token)
    if invitation is not None:
        rowlock.enter(invitation.network_id)
    return invitation


def _closed(request: HttpRequest, *, many: bool = False) -> HttpResponse:
    many = many or too_many(request)
    why = (
        _("Trop d’essais depuis cet appareil. Attendez dix minutes.")
        if many
        else _("Ce lien ne s’ouvre plus. Demandez-en un autre à la personne qui vous l’a donné.")
    )
    return _page(request, "public/studio_closed.html", status=429 if many else 404, why=why)


def _remember(request: HttpRequest, invitation: Invitation) -> None:
    """For four hours, in this browser."""
    kept = {key: value for key, value in request.session.get(_SESSION, {}).items() if key != str(invitation.pk)}
    request.session[_SESSION] = kept | {str(invitation.pk): (clock.now() + _OPEN_FOR).isoformat()}


def _is_open_here(request: HttpRequest, invitation: Invitation) -> bool:
    until = parse_datetime(request.session.get(_SESSION, {}).get(str(invitation.pk), ""))
    return until is not None and clock.now() < until


# --- what is sent and shown ------------------------------------------------------------------------------------------


def _check_place(place: Place, version: str) -> None:
    """Raises `Stale` when the French changed meanwhile, `NotYours` when a second speaker has approved another voice."""
    if place.segment.version != _number(version):
        raise Stale
    rules.check_may_say(place.invitation, place.segment)


def _take_whole(file: "UploadedFile[Any] | None", place: Place, *, version: str) -> None:
    """A file in one piece, as a form without script sends it. Raises a `PreventionError`; nothing of it stays."""
    _check_place(place, version)
    if file is None:
        raise NotASound
    if (file.size or 0) > formats.MAX_BYTES:
        raise TooBig
    with sending.in_one_piece(file.chunks(), media.parts_folder()) as (path, digest):
        voices.receive_file(path, place.segment, language=place.invitation.language, by=place.invitation, sha256=digest)
    _string_again(place.invitation)


def _string_again(invitation: Invitation) -> None:
    """A demonstration lets unchecked voices be heard: the whole message takes the new one. Elsewhere it waits for its check."""
    if settings.DEMO:
        voices.make_whole(invitation.message, invitation.language, unchecked=True)


def _lines(invitation: Invitation) -> list[Line]:
    segments = list(rules.segments_of(invitation).order_by("position"))
    french = queries.voices_in(segments, FRENCH, unchecked=settings.DEMO)
    said = {row.segment_id: row for row in rules.voices_of(invitation)}
    approved = rules.approved_of(invitation)
    return [Line(one, french.get(one.pk), said.get(one.pk), one.pk not in approved) for one in segments]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else -1


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """In the language of this browser; `?langue=` changes it."""
    known: Language = LANGUAGES.get((get_language() or FRENCH).split("-")[0], LANGUAGES[FRENCH])
    shared = {"street": None, "reader": Reader(known), "door": "violet", "states": RenditionState}
    return render(request, template, shared | context, status=status)
