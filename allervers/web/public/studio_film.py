"""The studio of films: by a link and a code, someone films a message, in a sign language most of all, or judges a film."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.core.languages import FRENCH, LANGUAGES
from allervers.prevention import actions, films, formats, media, queries, rules, sending
from allervers.prevention.enums import InvitationKind
from allervers.prevention.errors import PreventionError, Stale
from allervers.prevention.models import Invitation
from allervers.web import pieces
from allervers.web.files import ranged
from allervers.web.private import private_page
from allervers.web.public import studio_link


@private_page
@require_http_methods(["GET", "POST"])
def film(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be filmed, and where her film stands. Without script, its form sends a film whole."""
    invitation = _opened(request, token, InvitationKind.FILM)
    if isinstance(invitation, HttpResponse):
        return invitation
    error = ""
    if request.method == "POST":
        try:
            pieces.take_whole_film(request, invitation.message, language=invitation.language, by=invitation)
        except PreventionError as refused:
            error = str(refused)
        else:
            return redirect("public:studio_film", token)
    return _page(request, invitation, token, error)


@private_page
@require_http_methods(["GET", "POST"])
def piece(request: HttpRequest, token: str) -> HttpResponse:
    """Its next bytes, and how many of them are here."""
    invitation = _opened(request, token, InvitationKind.FILM)
    if isinstance(invitation, HttpResponse):
        why = _("Le lien s’est refermé. Rechargez la page : votre film est gardé dans ce téléphone.")
        return JsonResponse({"error": why, "closed": True}, status=401)
    return pieces.take_film(
        request, f"{invitation.pk}-film", invitation.message, language=invitation.language, by=invitation
    )


@private_page
@require_GET
def watch(request: HttpRequest, token: str) -> HttpResponseBase:
    """A film that nobody else sees yet: hers, or the one to judge."""
    invitation = _opened(request, token)
    if isinstance(invitation, HttpResponse):
        return invitation
    made = rules.films_of(invitation).first()
    if made is None or made.media is None:
        return studio_link.closed(request)
    return ranged(request, media.path_of(made.media), mime=made.media.mime, size=made.media.size)


@private_page
@require_POST
def verdict(request: HttpRequest, token: str) -> HttpResponse:
    """The second speaker's yes or no about a film."""
    invitation = _opened(request, token, InvitationKind.CHECK)
    if isinstance(invitation, HttpResponse):
        return invitation
    made = rules.films_of(invitation).first()
    try:
        if made is None or str(made.media_id) != request.POST.get("media", ""):
            raise Stale  # filmed again since the page was shown
        if request.POST.get("verdict") == "oui":
            actions.check(made, version=pieces.number(request.POST.get("version", "")), by=invitation)
        else:
            actions.refuse(made, by=invitation)
    except PreventionError as refused:
        return studio_link.page(request, "public/studio_closed.html", status=400, why=str(refused))
    return redirect("public:studio", token)


def _opened(request: HttpRequest, token: str, kind: InvitationKind | None = None) -> Invitation | HttpResponse:
    """The invitation once its code was given in this browser, or the page that says why not."""
    invitation = studio_link.found(token)
    if invitation is None:
        return studio_link.closed(request)
    if not studio_link.is_open_here(request, invitation):
        return redirect("public:studio", token)
    if kind is not None and invitation.kind != kind:
        return studio_link.closed(request)
    return invitation


def _page(request: HttpRequest, invitation: Invitation, token: str, error: str) -> HttpResponse:
    segments = list(rules.segments_of(invitation).order_by("position"))
    french = queries.voices_in(segments, FRENCH, unchecked=settings.DEMO)
    message = invitation.message
    return studio_link.page(
        request,
        "public/studio_film.html",
        status=400 if error else 200,
        token=token,
        error=error,
        lines=[(segment, french.get(segment.pk)) for segment in segments],
        language=LANGUAGES[invitation.language],
        edition=message.edition,
        sent=rules.sent_films_of(invitation).first(),
        made=rules.films_of(invitation).first(),
        is_approved=films.is_approved(message, invitation.language),
        piece=sending.PIECE,
        most=formats.MAX_SECONDS,
        heaviest=formats.MAX_FILM_BYTES,
    )
