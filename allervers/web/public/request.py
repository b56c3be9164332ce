"""Following one's request by its code: what becomes of it, another number or hour, stopping it. The code is in no address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from allervers.core import clock
from allervers.needs import actions, promise
from allervers.needs.enums import NeedState, Reach, RequestState
from allervers.needs.errors import NeedError
from allervers.needs.models import HelpRequest
from allervers.needs.wishes import When
from allervers.people import identity as identities
from allervers.web.private import count, counted, origin
from allervers.web.public import moments
from allervers.web.public.ask import NEUTRAL, WHEN_SIGNS, who_reads
from allervers.web.public.street import Street, discreet, on_the_street, page

_TRIES = 10  # wrong codes from one computer in ten minutes
_TRIES_OF_ALL = 500  # of one network: a code is one of 10¹², some hundreds live at a time
_CHANGES = 20  # of one request in ten minutes: each is written in the journal
_REACHES = [
    (Reach.CALL, gettext_lazy("M’appeler"), "phone"),
    (Reach.SMS, gettext_lazy("M’écrire un SMS"), "sms"),
    (Reach.CODE, gettext_lazy("Ne pas m’appeler. Je reviens avec mon code."), "code"),
]


# As for asking: no session to forge, and the code is what a forger would have to know.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@on_the_street
@discreet
def request(http: HttpRequest, street: Street) -> HttpResponse:
    """The code, then what we know of it; its forms carry the code, posted."""
    typed = http.POST.get("code", "")[:40]
    if not typed:
        return _door(http, street)
    tries = {f"request:{origin(http)}": _TRIES, f"requests:{street.network.id}": _TRIES_OF_ALL}
    if any(counted(key) >= most for key, most in tries.items()):  # the right code too: else one could go on guessing
        return _door(http, street, _("Trop d’essais. Attendez dix minutes, ou appelez."), "request.wait", status=429)
    found = actions.find(street.network.id, typed)
    if found is None:
        for key in tries:
            count(key)
        return _door(
            http, street, _("Ce n’est pas ce code. Relisez-le : douze chiffres."), "request.wrong_code", status=400
        )
    done = error = ""
    try:
        if http.POST.get("faire") == "changer" and count(f"changes:{found.pk}") > _CHANGES:
            error = _("Trop d’essais. Attendez dix minutes, ou appelez.")
        else:
            done = _act(found, http)
    except identities.IdentityRefused:
        error = _("Ce numéro n’a pas la bonne longueur. Relisez-le.")
    except NeedError as refusal:
        error = str(refusal)
    return _told(http, street, found, code=typed, done=done, error=error)


def _door(http: HttpRequest, street: Street, error: str = "", spoken: str = "", status: int = 200) -> HttpResponse:
    """`spoken`: which of our own words says the error."""
    shown = {"error": error, "spoken": spoken, "neutral": NEUTRAL}
    return page(http, street, "public/request_code.html", "red", status=status, **shown)


def _act(found: HelpRequest, http: HttpRequest) -> str:
    """Does what was asked for; says that it is done. Raises `NeedError`, `IdentityRefused`."""
    asked = http.POST.get("faire", "")
    if asked == "arreter":
        actions.withdraw_request(found)
        return _("Votre demande est arrêtée. Nous avons effacé votre numéro.")
    if asked == "changer":
        typed = http.POST.get("numero", "").strip()[:40]
        actions.change_request(
            found,
            when=When(http.POST["quand"]) if http.POST.get("quand") in When.values else When(found.when),
            reach=Reach(http.POST["joindre"]) if http.POST.get("joindre") in Reach.values else Reach(found.reach),
            phone=identities.parse_phone(typed) if typed else "",
        )
        return _("C’est changé.")
    return ""


def _told(http: HttpRequest, street: Street, found: HelpRequest, **said: Any) -> HttpResponse:
    """No name, no number: whoever holds the code may be reading over her shoulder."""
    shown = {
        "found": found,
        "stands": _stands(found),
        "hub": found.hub,
        "who": who_reads(street, found),
        "promised": promise.said(found.promised_by, clock.now(), street.network.timezone),
        "promised_figures": moments.figures(found.promised_by, street),
        "whens": [(when, when.label, WHEN_SIGNS[when]) for when in When],
        "reaches": _REACHES,
        "neutral": NEUTRAL,
    }
    status = 400 if said["error"] else 200
    return page(http, street, "public/request.html", "red", status=status, **shown, **said)


def _stands(found: HelpRequest) -> str:
    """Where it stands: waiting, late, taken, done, stopped, refused. Our own words for it are heard under `request.`"""
    if found.state == RequestState.WITHDRAWN:
        return "stopped"
    if found.state == RequestState.REFUSED:
        return "refused"
    if found.need is None:
        return _waiting(found) if found.state == RequestState.QUARANTINED else "done"
    if not found.need.is_open:
        return "done"
    return "taken" if found.need.state == NeedState.IN_PROGRESS else _waiting(found)


def _waiting(found: HelpRequest) -> str:
    return "late" if found.promised_by < clock.now() else "waiting"
