"""Before each view: is there a key, who is looking, does the access table let her in."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from allervers.accounts import rowlock
from allervers.accounts.enums import SEES_PEOPLE
from allervers.accounts.rules import Viewer, memberships_of, viewer_of
from allervers.core import keys
from allervers.web import access, desk
from allervers.web.workspace.lock import fragment_behind_the_lock, kept_from, lock_page

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Where someone may still go before her second factor is set, or while her desk is locked.
_BEFORE_SECOND_FACTOR = ("mfa_", "account_", "set_language", "workspace:lock", "workspace:unlock")
_BY_ITSELF = {"workspace:films_sent", "workspace:film_piece"}  # a page asks, nobody is there: no gesture
_WHILE_LOCKED = {"workspace:unlock", "workspace:switch_user", "workspace:lock"}


class KeyMiddleware:
    """Without the master key, nothing is shown but a sentence that says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            keys.master()
            return self.get_response(request)
        except keys.KeyMissing:
            return self._sorry()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._sorry() if isinstance(exception, keys.KeyMissing) else None

    def _sorry(self) -> HttpResponse:
        words = _(
            "La clé de cette installation est absente : rien ne peut être montré. "
            "Remettez le fichier de la clé à sa place, puis rechargez la page."
        )
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")


class ViewerMiddleware:
    """Puts `viewer` on the request and holds the access table."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        viewer = _viewer(request)
        request.viewer = viewer  # type: ignore[attr-defined]  # read by all views through `viewer_of`
        rowlock.enter(viewer.network_id if viewer else None)  # the second lock; the request's end lets go
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"  # "back" on a locked desk shows nothing
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        address = request.resolver_match.view_name if request.resolver_match else ""
        line = access.line_for(address, request.method or "GET")
        if line is None:
            if access.line_for(address, "GET") or access.line_for(address, "POST"):
                return HttpResponse(status=405)
            raise Http404
        if line.anyone():
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if (closed := _closed_desk(request, address)) is not None:
            return closed
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]  # set just above
        if viewer is None:
            return render(request, "workspace/no_membership.html", status=403)
        if not line.allows(viewer.role):
            raise Http404
        if _needs_second_factor(request, viewer) and not address.startswith(_BEFORE_SECOND_FACTOR):
            return redirect("mfa_index")
        return None


def _closed_desk(request: HttpRequest, address: str) -> HttpResponse | None:
    """A desk left alone locks itself; where there is no code to unlock it, whoever sees people is signed out."""
    minutes = desk.idle_seconds(request, by_itself=address in _BY_ITSELF) / 60
    if minutes >= settings.LOCK_MINUTES and request.user.unlock_hash:  # type: ignore[union-attr]  # authenticated
        desk.lock(request)
    elif minutes >= settings.LEAVE_MINUTES and not settings.DEMO and _sees_people(request):
        logout(request)
        messages.info(request, _("Sans geste depuis longtemps, ce poste s’est fermé. Entrez de nouveau."))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
    if not desk.is_locked(request) or address in _WHILE_LOCKED:
        return None
    back = f"{reverse('workspace:unlock')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return fragment_behind_the_lock(request, back)
    if request.method == "POST":
        return lock_page(request, kept=kept_from(request), kept_to=request.get_full_path())
    return redirect(back)


def _sees_people(request: HttpRequest) -> bool:
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]  # set by this middleware
    return viewer is not None and viewer.sees_people


def _viewer(request: HttpRequest) -> Viewer | None:
    if not request.user.is_authenticated:
        return None
    memberships = memberships_of(request.user.pk)
    chosen = request.session.get("membership")
    membership = next((m for m in memberships if str(m.id) == chosen), memberships[0] if memberships else None)
    return viewer_of(membership) if membership else None


def _needs_second_factor(request: HttpRequest, viewer: Viewer) -> bool:
    """Whoever sees people carries a second factor; a demonstration asks none."""
    return not settings.DEMO and viewer.role in SEES_PEOPLE and not is_mfa_enabled(request.user)
