"""The exceptional access: asked for here, seen here by everyone of the organisation, ended here."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts import actions, rules
from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.web.request import viewer_of


class AskForm(forms.Form):
    hub = forms.ModelChoiceField(
        Hub.objects.none(),
        label=gettext_lazy("Le pôle dont vous ouvrez les fiches"),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Ce pôle n’est pas de votre structure.")},
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Pendant"),
        coerce=int,
        choices=[
            (30, gettext_lazy("30 minutes")),
            (60, gettext_lazy("1 heure")),
            (120, gettext_lazy("2 heures")),
            (180, gettext_lazy("3 heures")),
        ],
        initial=60,
    )
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, sans nommer personne : toute votre structure la lit."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Dites pourquoi en une phrase.")},
    )

    def __init__(self, *args: object, viewer: Viewer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments, passed on
        hub = self.fields["hub"]
        assert isinstance(hub, forms.ModelChoiceField)
        hub.queryset = rules.sister_hubs_for(viewer)


@require_http_methods(["GET", "POST"])
def exceptional(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = AskForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.grant_exceptional_access(
                hub=asked["hub"], reason=asked["reason"], minutes=asked["minutes"], by=viewer
            )
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("L’accès est ouvert. Toute votre structure le voit."))
            return redirect("workspace:exceptional")
    accesses = list(rules.exceptional_for(viewer)[:100])
    shown = {
        "form": form,
        "may_ask": rules.sister_hubs_for(viewer).exists(),
        "open_now": [access for access in accesses if access.is_open()],
        "past": [access for access in accesses if not access.is_open()],
        "endable": set(rules.endable_for(viewer).values_list("id", flat=True)),
    }
    return render(request, "workspace/exceptional.html", shown)


@require_POST
def exceptional_end(request: HttpRequest, access_id: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    access = get_object_or_404(rules.endable_for(viewer), pk=access_id)
    actions.end_exceptional_access(access, by=viewer)
    messages.success(request, _("L’accès est fermé."))
    return redirect("workspace:exceptional")
