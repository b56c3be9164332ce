"""Importing a list kept on paper or in a spreadsheet: a dry run first, then everything or nothing."""

from typing import Any, BinaryIO
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allervers.accounts.rules import Viewer
from allervers.programmes import imports, rules, template, uploads, wording
from allervers.programmes.columns import COLUMNS
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.placing import Report
from allervers.web.request import viewer_of

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Le tableau, en CSV ou XLSX"),
        help_text=gettext_lazy("50 Mo au plus. Une ligne par personne, jamais de nom."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )


class KeptForm(forms.Form):
    kept = forms.UUIDField()


def screening_import(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST with a file: its dry run. POST with a file already tried: its import."""
    viewer = viewer_of(request)
    if request.method == "POST" and "kept" in request.POST:
        return _apply(request, viewer)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    report, kept = None, None
    if form.is_valid():
        try:
            kept = _keep(form.cleaned_data["file"], viewer)
            report = _tried(kept, viewer)
        except ProgrammeError as error:
            form.add_error("file", str(error))
    return _page(request, viewer, form, report, kept)


def screening_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The file to fill in."""
    files = {"csv": (template.csv_bytes, "text/csv; charset=utf-8"), "xlsx": (template.xlsx_bytes, _SHEET)}
    if kind not in files:
        raise Http404
    make, content_type = files[kind]
    response = HttpResponse(make(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="depistage-modele.{kind}"'
    return response


def _apply(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form, kept_form = FileForm(), KeptForm(request.POST)
    if not kept_form.is_valid():
        raise Http404
    kept: UUID = kept_form.cleaned_data["kept"]
    try:
        with uploads.opened(kept, owner=viewer.membership_id) as file:
            report = imports.apply(file, by=viewer)
    except imports.NothingImported as refused:  # the list changed since the dry run
        return _page(request, viewer, form, refused.report, kept)
    except ProgrammeError as error:
        form = FileForm({})
        form.add_error("file", str(error))
        return _page(request, viewer, form, None, None)
    uploads.forget(kept)
    messages.success(request, _done_sentence(report))
    return redirect("workspace:screenings")


def _keep(file: "UploadedFile[Any]", viewer: Viewer) -> UUID:
    return uploads.keep(file.chunks(), owner=viewer.membership_id)


def _tried(kept: UUID, viewer: Viewer) -> Report:
    file: BinaryIO
    with uploads.opened(kept, owner=viewer.membership_id) as file:
        report = imports.check(file, by=viewer)
    if report.refused:
        uploads.forget(kept)  # it will come back corrected
    return report


def _page(
    request: HttpRequest, viewer: Viewer, form: FileForm, report: Report | None, kept: UUID | None
) -> HttpResponse:
    campaigns = rules.actions_for(viewer).filter(form="lines").order_by("-year", "name")
    context = {
        "form": form,
        "report": report,
        "kept": kept if report and not report.refused else None,
        "columns": [(column, wording.COLUMNS[column.name]) for column in COLUMNS],
        "campaigns": campaigns[:50],
    }
    return render(request, "workspace/screening_import.html", context)


def _done_sentence(report: Report) -> str:
    if not report.added and not report.completed:
        return _("Tout y était déjà : rien n’a changé.")
    added = ngettext("%(n)s personne ajoutée", "%(n)s personnes ajoutées", report.added) % {"n": report.added}
    completed = ngettext("%(n)s complétée", "%(n)s complétées", report.completed) % {"n": report.completed}
    return f"{added}, {completed}."
