"""The recording studio: by a link and a code, a speaker says a message sentence by sentence, or judges what another one said.

The link is an address, not a credential: nothing is shown before its code, nobody's name is ever shown (docs/decisions/0008).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.core.languages import FRENCH, LANGUAGES
from allervers.prevention import actions, formats, media, queries, rules, sending, voices
from allervers.prevention.enums import InvitationKind
from allervers.prevention.errors import CodeLocked, NotASound, PreventionError, Stale, TooBig
from allervers.prevention.models import Invitation, Rendition, Segment
from allervers.prevention.sending import Parcel
from allervers.web import pieces
from allervers.web.files import ranged
from allervers.web.private import private_page, too_many
from allervers.web.public import studio_link


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
    invitation = studio_link.found(token)
    if invitation is None:
        return studio_link.closed(request)
    error = ""
    if request.method == "POST":
        if too_many(request):
            return studio_link.closed(request, many=True)
        try:
            voices.check_code(invitation, request.POST.get("code", ""))
        except CodeLocked as locked:
            return studio_link.page(request, "public/studio_closed.html", status=429, why=str(locked))
        except PreventionError as refused:
            error = str(refused)
        else:
            studio_link.remember(request, invitation)
            return redirect("public:studio", token)
    if error or not studio_link.is_open_here(request, invitation):
        return studio_link.page(
            request, "public/studio_code.html", status=400 if error else 200, token=token, error=error
        )
    return _list(request, invitation, token)


def _list(request: HttpRequest, invitation: Invitation, token: str, error: str = "") -> HttpResponse:
    if invitation.kind == InvitationKind.FILM:
        return redirect("public:studio_film", token)
    lines = _lines(invitation)
    checks = invitation.kind == InvitationKind.CHECK
    return studio_link.page(
        request,
        "public/studio_check.html" if checks else "public/studio.html",
        status=400 if error else 200,
        token=token,
        error=error,
        lines=lines,
        language=LANGUAGES[invitation.language],
        done=sum(_is_done(line) for line in lines),
        thanks="merci" in request.GET,
        film=rules.films_of(invitation).first() if checks else None,
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
    line = next((one for one in lines if one.segment.pk == pk), None)
    if line is None:  # taken away a moment ago
        return studio_link.closed(request)
    following = next((one for one in lines if one.segment.position > line.segment.position and one.may_say), None)
    return studio_link.page(
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

    def receive(parcel: Parcel) -> None:
        voices.receive(parcel, segment, language=invitation.language, by=invitation)
        _string_again(invitation)

    return pieces.take(
        request,
        f"{invitation.pk}-{segment.pk}",
        is_here=lambda sha256: (
            voices.already_sent(segment, language=invitation.language, sha256=sha256, by=invitation) is not None
        ),
        check=lambda: _check_place(place, request.GET.get("version", "")),
        receive=receive,
    )


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
            actions.check(rendition, version=pieces.number(request.POST.get("version", "")), by=invitation)
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
        return studio_link.closed(request)
    return ranged(request, media.path_of(said.media), mime=said.media.mime, size=said.media.size)


# --- the link, its code, its sentence --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A sentence, as whoever holds this link reaches it."""

    invitation: Invitation
    segment: Segment


def _place(request: HttpRequest, token: str, pk: UUID, kind: InvitationKind | None) -> Place | HttpResponse:
    """The sentence of this address, or the page that says why not."""
    invitation = studio_link.found(token)
    if invitation is None:
        return studio_link.closed(request)
    if not studio_link.is_open_here(request, invitation):
        return redirect("public:studio", token)
    segment = rules.segments_of(invitation).filter(pk=pk).first()
    if segment is None or (kind is not None and invitation.kind != kind):
        return studio_link.closed(request)
    return Place(invitation, segment)


# --- what is sent and shown ------------------------------------------------------------------------------------------


def _check_place(place: Place, version: str) -> None:
    """Raises `Stale` when the French changed meanwhile, `NotYours` when a second speaker has approved another voice."""
    if place.segment.version != pieces.number(version):
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
