"""Locking a shared desk, unlocking it with a short code, passing it to another person of this desk."""

import json
from base64 import b64decode, b64encode
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts import unlock as codes
from allervers.accounts.models import User
from allervers.core import crypto, keys
from allervers.web import access, desk
from allervers.web.context import home_of
from allervers.web.request import viewer_of

RESUMED = "resumed"
_KEPT_AT_MOST = 200_000  # characters of a form that waited behind the lock


class CodeBox(forms.PasswordInput):
    """Four to six digits, never remembered by the browser, with the digits' keyboard on a phone."""

    def __init__(self, *, autofocus: bool = False) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "6", "class": "code"}
        super().__init__(attrs={**attrs, "autofocus": autofocus})


class UnlockForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Votre code"),
        widget=CodeBox(autofocus=True),
        error_messages={"required": gettext_lazy("Tapez votre code à quatre, cinq ou six chiffres.")},
    )


class SwitchForm(UnlockForm):
    who = forms.ChoiceField(
        label=gettext_lazy("Qui prend ce poste ?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez qui prend ce poste.")},
    )
    field_order = ("who", "code")

    def __init__(self, *args: object, users: list[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments, passed on
        self.users = {str(user.pk): user for user in users}
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(ident, str(user)) for ident, user in self.users.items()]


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Locks at once. Someone without a short code is signed out: nothing would unlock her desk but a full sign-in."""
    user = request.user
    assert isinstance(user, User)
    if not user.unlock_hash:
        logout(request)
        messages.info(
            request,
            _("Vous êtes sorti·e. Un code de déverrouillage, dans « Mon poste », évite d’attendre un courriel."),
        )
        return redirect("account_login")
    desk.lock(request)
    return redirect("workspace:unlock")


@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    if not desk.is_locked(request):
        return redirect(_next(request))
    form = UnlockForm(request.POST or None)
    kept, kept_to = request.POST.get("kept", ""), request.POST.get("kept_to", "")
    if request.method == "POST" and form.is_valid():
        user = request.user
        assert isinstance(user, User)
        try:
            codes.check_code(user, form.cleaned_data["code"])
        except codes.WrongCode as wrong:
            if wrong.left == 0:
                return _start_over(request)
            form.add_error("code", str(wrong))
        else:
            desk.open_again(request)
            return _resumed(request, kept, kept_to) if kept else redirect(_next(request))
    return lock_page(request, form=form, kept=kept, kept_to=kept_to)


def lock_page(
    request: HttpRequest, *, form: UnlockForm | None = None, kept: str = "", kept_to: str = ""
) -> HttpResponse:
    """The locked desk. `kept` is what was being written when it locked: sealed, it goes with the form and comes back after."""
    shown = {
        "form": form or UnlockForm(),
        "next": _next(request),
        "kept": kept,
        "kept_to": kept_to,
        "others": [user for user in desk.known(request) if user.pk != request.user.pk],
    }
    return render(request, "workspace/lock.html", shown)


def kept_from(request: HttpRequest) -> str:
    """What a form held when the desk was found locked, without its token, sealed: the locked page can be read by anyone.

    Nothing when it is too long to carry.
    """
    return _kept(request, _pairs(request))


def fragment_behind_the_lock(request: HttpRequest, back: str) -> HttpResponse:
    """A fragment asked of a locked desk: the whole page goes to the code.

    A form that one was still filling says where it goes on, in `resume_at`: what it holds comes back there, not sent.
    """
    to = request.POST.get("resume_at", "")
    if not _is_ours(to):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    page = lock_page(request, kept=_kept(request, [*_pairs(request), (RESUMED, "1")]), kept_to=to)
    page["HX-Retarget"], page["HX-Reswap"] = "body", "innerHTML"
    return page


def is_resumed(request: HttpRequest) -> bool:
    """The form comes back from the lock as it was left: to be shown and finished, not taken as sent."""
    return RESUMED in request.POST


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]


def _kept(request: HttpRequest, pairs: list[tuple[str, str]]) -> str:
    kept = json.dumps(pairs, ensure_ascii=False)
    if len(kept) > _KEPT_AT_MOST:
        return ""
    return b64encode(keys.seal(kept.encode(), _desk_of(request), purpose="desk")).decode()


def _opened(request: HttpRequest, kept: str) -> list[tuple[str, str]]:
    """What she herself was writing; nothing when it was sealed for someone else, or altered."""
    try:
        return [
            (name, value) for name, value in json.loads(keys.unseal(b64decode(kept), _desk_of(request), purpose="desk"))
        ]
    except (ValueError, crypto.CannotOpen):
        return []


def _desk_of(request: HttpRequest) -> str:
    return f"desk:{request.user.pk}"


@require_http_methods(["GET", "POST"])
def switch_user(request: HttpRequest) -> HttpResponse:
    """Several people on one computer: each with her own code, each in her own session."""
    users = [user for user in desk.known(request) if user.pk != request.user.pk]
    form = SwitchForm(request.POST if request.method == "POST" else None, users=users)
    if request.method == "POST" and form.is_valid():
        user = form.users[form.cleaned_data["who"]]
        try:
            desk.take(request, user, form.cleaned_data["code"])
        except codes.WrongCode as wrong:
            if wrong.left == 0:
                form.add_error(
                    "code", _("Ce code ne sert plus ici. %s entre de nouveau avec un code reçu par courriel.") % user
                )
            else:
                form.add_error("code", str(wrong))
        else:
            return redirect("workspace:post")
    return render(request, "workspace/lock_switch.html", {"form": form, "users": users})


def _start_over(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.warning(request, _("Cinq codes faux : par prudence, entrez de nouveau avec un code reçu par courriel."))
    return redirect("account_login")


def _resumed(request: HttpRequest, kept: str, kept_to: str) -> HttpResponse:
    """Gives back what was being written, to be sent by a gesture."""
    pairs = _opened(request, kept)
    if not pairs or not _is_ours(kept_to):
        return redirect(_next(request))
    shown = {
        "pairs": pairs,
        "to": kept_to,
        "unfinished": (RESUMED, "1") in pairs,
        "leave": _readable(kept_to) or home_of(viewer_of(request)),
    }
    return render(request, "workspace/lock_resume.html", shown)


def _readable(url: str) -> str:
    """The address, if it is one of a page and not of a gesture."""
    try:
        line = access.line_for(resolve(urlsplit(url).path).view_name, "GET")
    except Resolver404:
        return ""
    return url if line else ""


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if _is_ours(wanted) else home_of(viewer_of(request))


def _is_ours(url: str) -> bool:
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
