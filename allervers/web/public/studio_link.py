"""The link of a speaker or a filmer, and its code: what every page of the studio stands on (docs/decisions/0008)."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allervers.accounts import rowlock
from allervers.core import clock
from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention import rules
from allervers.prevention.enums import RenditionState
from allervers.prevention.models import Invitation
from allervers.web.private import too_many
from allervers.web.public.street import Reader, drawn

_OPEN_FOR = timedelta(hours=4)
_SESSION = "studio"


def found(token: str) -> Invitation | None:
    """The invitation of this address while it is open; from here on the connection reaches its network only."""
    invitation = rules.invitation_of(token)
    if invitation is not None:
        rowlock.enter(invitation.network_id)
    return invitation


def closed(request: HttpRequest, *, many: bool = False) -> HttpResponse:
    many = many or too_many(request)
    why = (
        _("Trop d’essais depuis cet appareil. Attendez dix minutes.")
        if many
        else _("Ce lien ne s’ouvre plus. Demandez-en un autre à la personne qui vous l’a donné.")
    )
    return page(request, "public/studio_closed.html", status=429 if many else 404, why=why)


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """For four hours, in this browser."""
    kept = {key: value for key, value in request.session.get(_SESSION, {}).items() if key != str(invitation.pk)}
    request.session[_SESSION] = kept | {str(invitation.pk): (clock.now() + _OPEN_FOR).isoformat()}


def is_open_here(request: HttpRequest, invitation: Invitation) -> bool:
    until = parse_datetime(request.session.get(_SESSION, {}).get(str(invitation.pk), ""))
    return until is not None and clock.now() < until


def page(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """In the language of this browser; `?langue=` changes it."""
    known: Language = LANGUAGES.get((get_language() or FRENCH).split("-")[0], LANGUAGES[FRENCH])
    shared = {"street": None, "reader": Reader(known), "door": "violet", "states": RenditionState}
    return drawn(request, template, shared | context, status)
