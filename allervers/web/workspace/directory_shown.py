"""What residents see of the directory: chosen by the team, offer by offer."""

from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext

from allervers.directory import actions, rules
from allervers.directory.enums import Theme
from allervers.web.request import viewer_of
from allervers.web.workspace.paging import page_of

_PAGE = 50


class ShownForm(forms.Form):
    says_optional = False
    etat = forms.ChoiceField(
        label=gettext_lazy("Offres"),
        required=False,
        choices=[("", gettext_lazy("pas montrées")), ("oui", gettext_lazy("montrées aux habitants"))],
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Thème"), required=False, choices=[("", gettext_lazy("tous")), *Theme.choices]
    )


def directory_shown(request: HttpRequest) -> HttpResponse:
    """A list to tick: what is not shown yet, or what is."""
    viewer = viewer_of(request)
    form = ShownForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    is_shown = said.get("etat") == "oui"
    rows = rules.editable_services_for(viewer).filter(for_residents=is_shown).order_by("main_theme", "name", "id")
    if said.get("theme"):
        rows = rows.filter(main_theme=said["theme"])
    if request.method == "POST":
        chosen = list(rows.filter(pk__in=_ids(request)))
        count = actions.show_to_residents(chosen, shown=not is_shown, by=viewer)
        done = ngettext("%(n)s offre a changé.", "%(n)s offres ont changé.", count) % {"n": count}
        messages.success(request, done)
        return redirect(request.get_full_path())
    kept = urlencode({name: value for name, value in said.items() if value})
    shown = {"form": form, "page": page_of(rows, request, _PAGE), "is_shown": is_shown, "query": kept and f"&{kept}"}
    return render(request, "workspace/directory_shown.html", shown)


def _ids(request: HttpRequest) -> list[UUID]:
    """What was ticked; what is no id was not."""
    found = []
    for value in request.POST.getlist("offre")[:_PAGE]:
        with suppress(ValueError):
            found.append(UUID(value))
    return found
