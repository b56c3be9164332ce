"""My post: where I work, the keyboard, the language, the short code, this computer, who has an exceptional access now."""

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts import rules, unlock
from allervers.accounts.models import User
from allervers.web import access, desk
from allervers.web.request import viewer_of
from allervers.web.workspace.lock import CodeBox


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code de déverrouillage"),
        help_text=gettext_lazy(
            "De quatre à six chiffres, que personne d’autre ne connaît. Il rouvre un poste verrouillé, rien d’autre."
        ),
        widget=CodeBox,
        error_messages={"required": gettext_lazy("Choisissez de quatre à six chiffres.")},
    )
    here = forms.BooleanField(
        label=gettext_lazy("Plusieurs personnes se servent de cet ordinateur : m’y proposer pendant deux semaines."),
        required=False,
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            unlock.check_strength(code)
        except unlock.WeakCode as weak:
            raise forms.ValidationError(str(weak)) from weak
        return code


@require_http_methods(["GET"])
def post(request: HttpRequest) -> HttpResponse:
    return _page(request, CodeForm())


@require_POST
def post_code(request: HttpRequest) -> HttpResponse:
    """Chooses or changes the short code; or removes it."""
    user = _user(request)
    if "remove" in request.POST:
        unlock.remove_code(user)
        messages.success(request, _("Votre code est retiré. Ce poste ne se verrouillera plus : pensez à sortir."))
        return redirect("workspace:post")
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    unlock.set_code(user, form.cleaned_data["code"])
    messages.success(request, _("Votre code est gardé. Il rouvre ce poste quand vous l’avez verrouillé."))
    response = redirect("workspace:post")
    if form.cleaned_data["here"]:
        desk.remember(request, response, user)
    return response


@require_POST
def post_desk(request: HttpRequest) -> HttpResponse:
    """Takes me off this computer's list."""
    response = redirect("workspace:post")
    desk.forget(request, response, _user(request).pk)
    messages.success(request, _("Cet ordinateur ne vous propose plus."))
    return response


@require_POST
def post_membership(request: HttpRequest) -> HttpResponse:
    """Where I work now, for who works in several places."""
    mine = {str(membership.id) for membership in rules.memberships_of(_user(request).pk)}
    if request.POST.get("membership") in mine:
        request.session["membership"] = request.POST["membership"]
    return redirect("workspace:post")


@require_POST
def post_shortcuts(request: HttpRequest) -> HttpResponse:
    """Single-key shortcuts, on or off (WCAG 2.1.4)."""
    User.objects.filter(pk=_user(request).pk).update(shortcuts="on" in request.POST)
    return redirect("workspace:post")


def _page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    viewer, user = viewer_of(request), _user(request)
    shown = {
        "form": form,
        "user": user,
        "memberships": rules.memberships_of(user.pk),
        "second_factor": is_mfa_enabled(user),
        "known_here": desk.is_known(request, user),
        "accesses": [a for a in rules.exceptional_for(viewer).filter(ended_at=None) if a.is_open()],
        "may": {
            name: access.allows(f"workspace:{name}", "GET", viewer.role)
            for name in ("team", "journal", "protection", "exceptional")
        },
    }
    return render(request, "workspace/post.html", shown)


def _user(request: HttpRequest) -> User:
    """Read again: what was just written may not be on the request's own."""
    return User.objects.get(pk=viewer_of(request).user_id)
