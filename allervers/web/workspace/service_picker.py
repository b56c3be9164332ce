"""One service named inside a form: words looked up in the directory, and its answers to choose from.

With a script the answers follow the words; without, sending the form brings them. Nothing is taken for what was not chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts.rules import Viewer
from allervers.core import text
from allervers.directory import rules, search
from allervers.directory.models import Service
from allervers.web.request import viewer_of

_SHOWN = 6
_SOUGHT = "_q"  # what follows the field's name in the name of its search box


@dataclass(frozen=True)
class Asked:
    """`picked`: an id, "" for none of them, None when nothing was answered. `words`: what is looked for."""

    picked: str | None
    words: str


class ServicePicker(forms.Widget):
    """The search box and, under it, what was found."""

    template_name = "workspace/service_picker.html"
    viewer: Viewer

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Asked:
        return Asked(data.get(name), str(data.get(name + _SOUGHT) or "").strip()[:200])

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and name + _SOUGHT not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        asked = value if isinstance(value, Asked) else Asked(None, "")
        told = {"url": reverse("workspace:service_found"), "box": name + _SOUGHT}
        return super().get_context(name, value, attrs) | told | found(self.viewer, name, asked)


class ServiceField(forms.Field):
    """Gives a `Service`, or None. The form says who looks: `field.look_for(viewer)`."""

    widget = ServicePicker
    viewer: Viewer

    def look_for(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.widget.viewer = viewer

    def prepare_value(self, value: Any) -> Any:
        return Asked(str(value.pk), "") if isinstance(value, Service) else value

    def clean(self, value: Asked) -> Service | None:
        if value.picked:
            picked = _picked(self.viewer, value.picked)
            if picked is None:
                raise forms.ValidationError(_("Ce service n’est plus dans l’annuaire. Cherchez-en un autre."))
            return picked
        if value.picked is not None or not value.words:
            return None
        hits = _hits(self.viewer, value.words)
        named = [one for one in hits if text.fold(one.name) == text.fold(value.words)]
        if len(named) == 1:
            return named[0]
        if hits:
            raise forms.ValidationError(_("Choisissez un service de la liste, ou effacez ces mots."))
        raise forms.ValidationError(
            _("L’annuaire ne trouve rien pour « %(words)s ». Essayez un autre mot, ou effacez.")
            % {"words": value.words}
        )


@require_POST
def service_found(request: HttpRequest) -> HttpResponse:
    """The answers alone, while one types. The words come with their form, so that a locked desk loses none of it."""
    name = request.headers.get("HX-Trigger-Name", "").removesuffix(_SOUGHT) or "service"
    asked = ServicePicker().value_from_datadict(request.POST, None, name)
    return render(request, "workspace/service_found.html", found(viewer_of(request), name, asked))


def found(viewer: Viewer, name: str, asked: Asked) -> dict[str, Any]:
    """What the list shows: the one that is chosen, then those found."""
    picked = _picked(viewer, asked.picked) if asked.picked else None
    hits = _hits(viewer, asked.words) if asked.words else []
    services = [picked] if picked else []
    services += [one for one in hits if picked is None or one.pk != picked.pk]
    return {
        "name": name,
        "words": asked.words,
        "services": services,
        "picked": picked.pk if picked else "",
        "none": asked.picked == "",
    }


def _hits(viewer: Viewer, words: str) -> list[Service]:
    hits = search.search(viewer.network_id, words, limit=_SHOWN, timezone=viewer.timezone)
    return [hit.service for hit in hits if hit.service]


def _picked(viewer: Viewer, asked: str) -> Service | None:
    try:
        return rules.services_for(viewer).filter(pk=UUID(asked)).first()
    except ValueError:
        return None
