"""The person has her say by her own link: it happened, not yet, nobody called. No identity is ever shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allervers.accounts import rowlock
from allervers.core import crypto
from allervers.needs.enums import Says
from allervers.referrals import actions, errors
from allervers.referrals.enums import AnswerBy
from allervers.referrals.models import Referral
from allervers.web.private import private_page, too_many

WORDS = [
    (Says.HAPPENED, "s-done", gettext_lazy("C’est fait")),
    (Says.NOT_YET, "s-due", gettext_lazy("Pas encore")),
    (Says.NOBODY, "s-unreachable", gettext_lazy("Personne ne m’a appelé·e")),
]


@private_page
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, token: str) -> HttpResponse:
    """One question, two digits that only she knows, one answer; the link alone changes nothing."""
    referral = _found(token)
    if referral is None:
        many = too_many(request)
        why = (
            _("Trop d’essais depuis cet appareil. Attendez dix minutes, ou appelez.")
            if many
            else _("Ce lien ne s’ouvre plus. Appelez l’accueil, ou passez nous voir.")
        )
        return render(request, "public/say_closed.html", {"why": why}, status=429 if many else 404)
    hub = referral.hub
    page = {"words": WORDS, "phone": (hub.phone if hub else "") or referral.organisation.phone, "token": token}
    said = request.POST.get("says", "")
    error = ""
    if request.method == "POST":
        try:
            error = _record(referral, said, request.POST.get("digits", ""))
        except errors.CodeLocked:
            error = _("Trop d’essais. Appelez l’accueil, ou passez nous voir.")
        except errors.Refused:
            error = _("Ce ne sont pas les bons chiffres. Essayez encore, ou appelez l’accueil.")
        if not error:
            return render(request, "public/say_thanks.html", page)
    page |= {"error": error, "said": said, "digits": request.POST.get("digits", "")}
    return render(request, "public/say.html", page, status=400 if error else 200)


def _record(referral: Referral, said: str, digits: str) -> str:
    """What is wrong, or nothing once her word is kept."""
    if said not in Says.values:
        return _("Touchez une des trois réponses.")
    actions.check_person(referral, digits)
    actions.note_say(referral, says=Says(said), by=None, channel=AnswerBy.LINK)
    return ""


def _found(token: str) -> Referral | None:
    """Her referral, while her link is open; from here on the connection reaches its network only."""
    with rowlock.everything():  # no network is known yet: only the digest of 256 unguessable bits says which row
        rows = Referral.objects.open_to_say().select_related("card", "need", "hub", "organisation")
        referral = rows.filter(say_digest=crypto.digest(token)).first()
    if referral is not None:
        rowlock.enter(referral.network_id)
    return referral
