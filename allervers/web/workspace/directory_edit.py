"""Changing the directory: structures, places, offers, closures, conventions. Each form keeps what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import languages
from allervers.directory import actions, hours, rules
from allervers.directory.enums import Commitment
from allervers.directory.models import Partnership, Place, Service
from allervers.web.request import viewer_of
from allervers.web.workspace.directory_forms import (
    ClosureForm,
    OrganisationForm,
    PartnershipForm,
    PlaceForm,
    ServiceForm,
)

_REFUSALS = (hours.BadHours, actions.BadDates, actions.CannotClose)


def _edited(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    organisation: Organisation | None,
    said: str,
) -> HttpResponse:
    """The one shape of all these pages: a form; what it refuses is said above it; then back to the partner's page."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except _REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            where = organisation or made
            return redirect("workspace:directory_organisation", where.pk)
    shown = {"form": form, "title": title, "organisation": organisation}
    return render(request, "workspace/directory_form.html", shown)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# --- structures ------------------------------------------------------------------------------------------------------


def organisation_new(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = OrganisationForm(_posted(request))
    return _edited(
        request,
        form,
        lambda: actions.create_organisation(by=viewer, values=form.cleaned_data),
        title=_("Une structure de plus"),
        organisation=None,
        said=_("La structure est dans l’annuaire. Ajoutez-lui un lieu pour qu’on la trouve."),
    )


def organisation_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, organisation = _organisation(request, pk)
    form = OrganisationForm(_posted(request), initial=_initial(organisation, OrganisationForm))
    return _edited(
        request,
        form,
        lambda: actions.edit_organisation(organisation, by=viewer, values=form.cleaned_data),
        title=_("Corriger %(name)s") % {"name": organisation.name},
        organisation=organisation,
        said=_("C’est corrigé."),
    )


@require_POST
def organisation_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, organisation = _organisation(request, pk)
    if not rules.may_manage(viewer):
        raise Http404
    try:
        actions.close_organisation(organisation, by=viewer)
    except actions.CannotClose as refusal:
        messages.warning(request, str(refusal))
        return redirect("workspace:directory_organisation", organisation.pk)
    messages.success(request, _("%(name)s ne paraît plus dans l’annuaire.") % {"name": organisation.name})
    return redirect("workspace:directory_partners")


def _organisation(request: HttpRequest, pk: UUID) -> tuple[Viewer, Organisation]:
    viewer = viewer_of(request)
    return viewer, get_object_or_404(rules.editable_organisations_for(viewer), pk=pk)


# --- places ----------------------------------------------------------------------------------------------------------


def place_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, organisation = _organisation(request, pk)
    form = PlaceForm(_posted(request))
    return _edited(
        request,
        form,
        lambda: actions.create_place(organisation, by=viewer, values=form.values()),
        title=_("Où reçoit %(name)s ?") % {"name": organisation.name},
        organisation=organisation,
        said=_("Le lieu est noté. Ajoutez ce que l’on y obtient."),
    )


def place_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, place = _place(request, pk)
    initial = _initial(place, PlaceForm)
    if place.latitude is not None and place.longitude is not None:
        initial["point"] = f"{place.latitude}, {place.longitude}"
    form = PlaceForm(_posted(request), initial=initial)
    return _edited(
        request,
        form,
        lambda: actions.edit_place(place, by=viewer, values=form.values()),
        title=_("Corriger %(name)s") % {"name": place.name},
        organisation=place.organisation,
        said=_("C’est corrigé."),
    )


@require_POST
def place_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, place = _place(request, pk)
    actions.close_place(place, by=viewer)
    messages.success(request, _("%(name)s ne reçoit plus : on ne le trouve plus.") % {"name": place.name})
    return redirect("workspace:directory_organisation", place.organisation_id)


def closure_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, place = _place(request, pk)
    form = ClosureForm(_posted(request))
    return _edited(
        request,
        form,
        lambda: actions.close_for_a_while(place, by=viewer, **form.cleaned_data),
        title=_("Quand %(name)s est fermé") % {"name": place.name},
        organisation=place.organisation,
        said=_("La fermeture est notée."),
    )


@require_POST
def closure_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    editable = rules.editable_places_for(viewer)
    closure = get_object_or_404(
        rules.closures_for(viewer).filter(place__in=editable).select_related("place__organisation"), pk=pk
    )
    organisation_id = closure.place.organisation_id
    actions.remove_closure(closure, by=viewer)
    messages.success(request, _("La fermeture est retirée."))
    return redirect("workspace:directory_organisation", organisation_id)


def _place(request: HttpRequest, pk: UUID) -> tuple[Viewer, Place]:
    viewer = viewer_of(request)
    return viewer, get_object_or_404(rules.editable_places_for(viewer), pk=pk)


# --- offers ----------------------------------------------------------------------------------------------------------


def service_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, place = _place(request, pk)
    form = ServiceForm(_posted(request))
    return _edited(
        request,
        form,
        lambda: actions.create_service(place, by=viewer, values=form.values()),
        title=_("Ce que l’on obtient à %(name)s") % {"name": place.name},
        organisation=place.organisation,
        said=_("L’offre est dans l’annuaire."),
    )


def service_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, service = _service(request, pk)
    initial = _initial(service, ServiceForm)
    initial["languages"] = ", ".join(languages.name(code).split(",")[0] for code in service.languages)
    for name in ("without_coverage", "without_appointment"):
        initial[name] = {True: "yes", False: "no", None: ""}[initial[name]]
    form = ServiceForm(_posted(request), initial=initial)
    return _edited(
        request,
        form,
        lambda: actions.edit_service(service, by=viewer, values=form.values()),
        title=_("Corriger %(name)s") % {"name": service.name},
        organisation=service.place.organisation,
        said=_("C’est corrigé."),
    )


@require_POST
def service_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, service = _service(request, pk)
    actions.close_service(service, by=viewer)
    messages.success(request, _("%(name)s n’est plus proposé.") % {"name": service.name})
    return redirect("workspace:directory_organisation", service.place.organisation_id)


@require_POST
def service_checked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Still true today: one tap, then back where it was tapped."""
    viewer, service = _service(request, pk)
    actions.still_true(service, by=viewer)
    messages.success(request, _("%(name)s : vérifié aujourd’hui.") % {"name": service.name})
    if request.POST.get("from") == "check":
        return redirect("workspace:directory_check")
    return redirect("workspace:directory_organisation", service.place.organisation_id)


def _service(request: HttpRequest, pk: UUID) -> tuple[Viewer, Service]:
    viewer = viewer_of(request)
    return viewer, get_object_or_404(rules.editable_services_for(viewer), pk=pk)


# --- conventions -----------------------------------------------------------------------------------------------------


def partnership_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer, organisation = _organisation(request, pk)
    form = PartnershipForm(_posted(request))

    def sign() -> Partnership:
        said = form.cleaned_data
        return actions.sign_partnership(
            organisation, by=viewer, **(said | {"commitment": Commitment(said["commitment"])})
        )

    return _edited(
        request,
        form,
        sign,
        title=_("Une convention avec %(name)s") % {"name": organisation.name},
        organisation=organisation,
        said=_("La convention est notée."),
    )


def partnership_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    partnership = get_object_or_404(
        rules.partnerships_for(viewer).filter(organisation__in=rules.editable_organisations_for(viewer)), pk=pk
    )
    form = PartnershipForm(_posted(request), initial=_initial(partnership, PartnershipForm))
    return _edited(
        request,
        form,
        lambda: actions.edit_partnership(partnership, by=viewer, values=form.cleaned_data),
        title=_("La convention avec %(name)s") % {"name": partnership.organisation.name},
        organisation=partnership.organisation,
        said=_("La convention est corrigée."),
    )


def _initial(row: Model, form: type[forms.Form]) -> dict[str, Any]:
    """What the row holds for each field of the form."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}
