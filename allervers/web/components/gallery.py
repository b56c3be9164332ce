"""The gallery: every piece once, in all its states. What is not there does not exist."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from allervers.web.components import icons, states
from allervers.web.components.forms import DateBox, Pills


class SampleForm(forms.Form):
    code = forms.CharField(label=_("Code de la personne"), help_text=_("Un mot et deux chiffres."))
    contact = forms.CharField(
        label=_("Reprendre contact"),
        help_text=_("Un jour à venir."),
        error_messages={"required": _("Choisissez aujourd’hui ou plus tard.")},
    )
    language = forms.ChoiceField(
        label=_("Langue parlée"),
        help_text=_("Dites la langue, pas le pays."),
        choices=[("ta", _("tamoul")), ("snk", _("soninké"))],
        required=False,
    )
    day = forms.DateField(label=_("Jour"), widget=DateBox, required=False)
    verb = forms.ChoiceField(
        label=_("Vous l’avez…"),
        choices=[("informed", _("informé·e")), ("accompanied", _("accompagné·e"))],
        widget=Pills(keys={"informed": "i", "accompanied": "c"}),
    )
    ways = forms.MultipleChoiceField(
        label=_("Par où ?"),
        choices=[("sms", _("SMS")), ("call", _("appel")), ("letter", _("courrier"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(label=_("Avec ses mots"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    ask = forms.BooleanField(label=_("Lui demander aussi, dans sa langue."), required=False)


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Public and without data: a page author looks here before drawing anything new."""
    shown: dict[str, Any] = {
        "form": SampleForm({"code": "Roseau 27", "verb": "accompanied", "ways": ["sms"], "ask": "on"}),
        "states": [
            (_("Orientation"), states.REFERRAL),
            (_("Besoin"), states.NEED),
            (_("Issue d’un besoin"), states.OUTCOME),
            (_("Ailleurs"), states.OTHER),
        ],
        "icons": sorted(icons.names()),
        "tabs": [
            {"url": "#onglets", "label": _("À faire"), "count": 11, "current": True},
            {"url": "#onglets", "label": _("En attente"), "count": 4, "current": False},
            {"url": "#onglets", "label": _("Clos"), "count": None, "current": False},
        ],
        "row": {"at": "9 h 30", "state": "due", "who": "card", "name": "K. T.", "url": "#rang", "lang": _("arabe")},
    }
    return render(request, "components/gallery.html", shown)
