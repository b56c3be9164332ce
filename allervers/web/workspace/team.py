"""The team: who works here, in which role, in which hub; accounts opened, changed and ended; hubs opened."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts import actions, rules
from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Membership, Organisation
from allervers.accounts.rules import Viewer
from allervers.outbox import actions as outbox
from allervers.web.request import viewer_of


class PlaceForm(forms.Form):
    """A role and where: a hub, or an organisation as a whole."""

    role = forms.ChoiceField(label=gettext_lazy("Rôle"))
    place = forms.ChoiceField(
        label=gettext_lazy("Où"),
        error_messages={"invalid_choice": gettext_lazy("Choisissez un lieu de la liste.")},
    )

    def __init__(self, *args: object, viewer: Viewer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments, passed on
        role, place = self.fields["role"], self.fields["place"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(place, forms.ChoiceField)
        role.choices = [(role.value, role.label) for role in rules.roles_opened_by(viewer)]
        self.hubs = {f"hub:{hub.id}": hub for hub in rules.seats_for(viewer)}
        self.organisations: dict[str, Organisation] = {}
        if viewer.coordinates:
            self.organisations = {f"organisation:{row.id}": row for row in rules.organisations_for(viewer)}
        place.choices = [
            (gettext_lazy("Un pôle"), [(key, str(hub)) for key, hub in self.hubs.items()]),
            (gettext_lazy("Une structure entière"), [(key, str(row)) for key, row in self.organisations.items()]),
        ]
        if not self.organisations:
            place.choices = [(key, str(hub)) for key, hub in self.hubs.items()]

    def where(self) -> tuple[Organisation, Hub | None]:
        """The organisation and hub that were chosen."""
        hub = self.hubs.get(self.cleaned_data["place"])
        return (hub.organisation, hub) if hub else (self.organisations[self.cleaned_data["place"]], None)


class AccountForm(PlaceForm):
    email = forms.EmailField(
        label=gettext_lazy("Adresse de courriel"), help_text=gettext_lazy("C’est avec elle qu’on entre.")
    )
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=80, required=False)
    ends_on = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        help_text=gettext_lazy("Pour un remplacement, un stage. Vide : sans fin prévue."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("first_name", "last_name", "email", "role", "place", "ends_on")


class HubForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom du pôle"), max_length=120)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Structure qui l’accueille"),
        help_text=gettext_lazy("Elle tiendra les fiches des personnes reçues ici, sous sa propre clé."),
        required=False,
        empty_label=gettext_lazy("une nouvelle structure, nommée ci-dessous"),
    )
    new_organisation = forms.CharField(label=gettext_lazy("Nouvelle structure"), max_length=200, required=False)

    def __init__(self, *args: object, viewer: Viewer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments, passed on
        organisation = self.fields["organisation"]
        assert isinstance(organisation, forms.ModelChoiceField)
        organisation.queryset = rules.organisations_for(viewer)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("organisation") and not cleaned.get("new_organisation", "").strip():
            self.add_error("new_organisation", _("Choisissez une structure, ou nommez-en une nouvelle."))
        return cleaned


@require_http_methods(["GET"])
def team(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    order = ("organisation__name", "hub__name", "user__first_name", "user__last_name", "id")
    members = list(rules.team_for(viewer).order_by(*order))
    shown = {
        "members": members,
        "managed": set(rules.managed_for(viewer).values_list("id", flat=True)),
        "may_open": bool(rules.roles_opened_by(viewer)),
    }
    return render(request, "workspace/team.html", shown)


@require_http_methods(["GET", "POST"])
def membership_new(request: HttpRequest) -> HttpResponse:
    """Opens an account; the person receives a mail that says how to enter."""
    viewer = viewer_of(request)
    form = AccountForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                membership = _open(form, viewer)
                _welcome(membership, viewer)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Le compte de %s est ouvert : un courriel lui dit comment entrer.") % membership.user
            )
            return redirect("workspace:team")
    return render(request, "workspace/team_form.html", {"form": form, "membership": None})


@require_http_methods(["GET", "POST"])
def membership_edit(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Another role or another place; or the end."""
    viewer = viewer_of(request)
    membership = get_object_or_404(rules.managed_for(viewer), pk=membership_id)
    place = f"hub:{membership.hub_id}" if membership.hub_id else f"organisation:{membership.organisation_id}"
    begun = {"role": membership.role, "place": place}
    form = PlaceForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=begun)
    if request.method == "POST" and form.is_valid():
        organisation, hub = form.where()
        try:
            if organisation.id != membership.organisation_id:
                raise actions.Refused(_("C’est une autre structure : ouvrez-y un compte, puis fermez celui-ci."))
            actions.move_membership(membership, role=Role(form.cleaned_data["role"]), hub=hub, by=viewer)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("C’est changé pour %s.") % membership.user)
            return redirect("workspace:team")
    return render(request, "workspace/team_form.html", {"form": form, "membership": membership})


@require_POST
def membership_end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    membership = get_object_or_404(rules.managed_for(viewer), pk=membership_id)
    actions.end_membership(membership, by=viewer)
    messages.success(request, _("Le compte de %s est fermé ici, dès maintenant.") % membership.user)
    return redirect("workspace:team")


@require_http_methods(["GET", "POST"])
def hub_new(request: HttpRequest) -> HttpResponse:
    """A hub of the network, in an organisation that is there or a new one."""
    viewer = viewer_of(request)
    form = HubForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        hub = actions.open_hub(
            viewer.network_id,
            name=form.cleaned_data["name"].strip(),
            organisation=form.cleaned_data["organisation"],
            new_organisation=form.cleaned_data["new_organisation"].strip(),
            by=viewer,
        )
        messages.success(request, _("Le pôle « %s » est ouvert. Ouvrez maintenant le compte de sa référente.") % hub)
        return redirect("workspace:membership_new")
    return render(request, "workspace/team_hub.html", {"form": form})


def _open(form: AccountForm, viewer: Viewer) -> Membership:
    asked = form.cleaned_data
    organisation, hub = form.where()
    return actions.open_membership(
        organisation,
        email=asked["email"],
        first_name=asked["first_name"],
        last_name=asked["last_name"],
        role=Role(asked["role"]),
        hub=hub,
        ends_on=asked["ends_on"],
        by=viewer,
    )


def _welcome(membership: Membership, viewer: Viewer) -> None:
    place = membership.hub.name if membership.hub else membership.organisation.name
    text = _(
        "Bonjour %(name)s,\n\n%(by)s vous a ouvert un compte dans Aller-vers : %(role)s, %(place)s.\n\n"
        "Pour entrer : %(url)s\nDonnez cette adresse de courriel ; un code vous y est envoyé. Il n’y a pas de mot de passe."
    ) % {
        "name": membership.user.first_name or membership.user,
        "by": viewer.name,
        "role": membership.get_role_display(),
        "place": place,
        "url": settings.PUBLIC_URL + reverse("account_login"),
    }
    outbox.mail(
        to=membership.user.email,
        subject=_("Votre compte Aller-vers"),
        text=text,
        purpose="account_opened",
        network=viewer.network_id,
        organisation=membership.organisation_id,
        about=membership,
    )
