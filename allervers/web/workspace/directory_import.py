"""Bringing a file into the directory in four looks: the file, its columns, what would change, what changed. And out."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.directory import rules
from allervers.directory.exchange import columns, exporting, importing, uploads
from allervers.directory.models import Upload
from allervers.web.request import viewer_of

_LATEST = 10
_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FIELD_LABELS = {
    "organisation": gettext_lazy("Nom de la structure"),
    "place": gettext_lazy("Nom du lieu"),
    "service": gettext_lazy("Nom de l’offre"),
    "description": gettext_lazy("Description"),
    "themes": gettext_lazy("Thème ou spécialité"),
    "address": gettext_lazy("Adresse"),
    "address_more": gettext_lazy("Complément d’adresse"),
    "postcode": gettext_lazy("Code postal"),
    "commune": gettext_lazy("Commune"),
    "insee_code": gettext_lazy("Code INSEE"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "phone": gettext_lazy("Téléphone"),
    "email": gettext_lazy("Courriel"),
    "website": gettext_lazy("Site"),
    "opening_hours": gettext_lazy("Horaires"),
    "languages": gettext_lazy("Langues parlées"),
    "public": gettext_lazy("Public"),
    "conditions": gettext_lazy("Conditions"),
    "cost": gettext_lazy("Tarif"),
    "siret": gettext_lazy("SIRET"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Votre fichier"),
        help_text=gettext_lazy("CSV ou XLSX de contacts, ou fichier data·inclusion. 50 Mo au plus."),
        error_messages={
            "empty": gettext_lazy("Le fichier est vide."),
            "required": gettext_lazy("Choisissez un fichier."),
        },
    )


class MappingForm(forms.Form):
    """One question a column: which field of ours is it."""

    def __init__(self, upload: Upload, data: Any = None) -> None:
        super().__init__(data)
        known = importing.mapping_for(upload.network, upload.headings)
        choices = [("", _("garder à côté")), *FIELD_LABELS.items()]
        self.by_field: dict[str, str] = {}
        for number, heading in enumerate(upload.headings):
            if columns.is_denied(heading):
                continue
            samples = [row[number] for row in upload.samples if number < len(row) and row[number]]
            self.by_field[f"c{number}"] = heading
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=known.get(heading, ""),
                help_text=" · ".join(samples),
            )

    says_optional = False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        chosen = [value for value in said.values() if value]
        twice = {value for value in chosen if chosen.count(value) > 1}
        if twice:
            names = ", ".join(str(FIELD_LABELS[value]) for value in sorted(twice))
            raise forms.ValidationError(
                _("Deux colonnes disent la même chose : %(names)s. Gardez-en une.") % {"names": names}
            )
        if not {"organisation", "place", "service"} & set(chosen):
            raise forms.ValidationError(_("Dites quelle colonne nomme la structure, le lieu ou l’offre."))
        return said

    def mapping(self) -> dict[str, str]:
        return {heading: self.cleaned_data[name] for name, heading in self.by_field.items()}


def imports(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            upload = uploads.receive(form.cleaned_data["file"], by=viewer)
        except uploads.Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("workspace:directory_import", upload.pk)
    shown = {"form": form, "latest": rules.uploads_for(viewer)[:_LATEST]}
    return render(request, "workspace/directory_imports.html", shown)


def import_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a file stands: its columns to say, being read, what would change, what changed."""
    viewer = viewer_of(request)
    upload = get_object_or_404(rules.uploads_for(viewer).select_related("network"), pk=pk)
    form = MappingForm(upload, request.POST if request.method == "POST" else None)
    if request.method == "POST" and upload.state in {Upload.State.TO_MAP, Upload.State.CHECKED} and form.is_valid():
        uploads.map_columns(upload, form.mapping(), by=viewer)
        return redirect("workspace:directory_import", upload.pk)
    report = upload.report
    shown = {
        "upload": upload,
        "form": form,
        "report": report,
        "created": sum(report.get("created", {}).values()),
        "columns": [(heading, FIELD_LABELS.get(name, name)) for heading, name in report.get("columns", {}).items()],
        "denied": [heading for heading in upload.headings if columns.is_denied(heading)],
        "remaps": bool(upload.headings) and report.get("format") == "contacts",
    }
    return render(request, "workspace/directory_import.html", shown)


@require_POST
def import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Writes what the dry run showed; lines said to be a known place complete it."""
    viewer = viewer_of(request)
    upload = get_object_or_404(rules.uploads_for(viewer).select_related("network"), pk=pk)
    likely = {str(row["line"]): row["place"] for row in upload.report.get("duplicates", [])}
    same = {line: place for line, place in likely.items() if request.POST.get(f"same-{line}") == "yes"}
    uploads.apply(upload, same=same)
    if upload.state == Upload.State.APPLIED:
        messages.success(request, _("C’est enregistré."))
    return redirect("workspace:directory_import", upload.pk)


def directory_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The whole directory in the interchange model."""
    viewer = viewer_of(request)
    if kind not in _TYPES:
        raise Http404
    network = Network.objects.get(pk=viewer.network_id)
    name = f"annuaire-{network.slug}-{clock.today(viewer.timezone)}.{kind}"
    response = StreamingHttpResponse(_written(network, name), content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written(network: Network, name: str) -> Iterator[bytes]:
    """The file, written aside when someone begins to read it, then gone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        exporting.write(path, network)
        with path.open("rb") as file:
            while chunk := file.read(1 << 16):
                yield chunk
