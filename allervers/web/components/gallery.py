"""The gallery: every piece once, in all its states. What is not there does not exist."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
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
        label=_("Par où ?"),
        choices=[("sms", _("SMS")), ("call", _("appel")), ("letter", _("courrier"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(label=_("Avec ses mots"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    ask = forms.BooleanField(label=_("Lui demander aussi, dans sa langue."), required=False)


def _once(looks: dict[str, states.Look]) -> list[str]:
    """One kind for each look: `came` and `kept` are drawn alike."""
    return list({(look.icon, str(look.word)): kind for kind, look in looks.items()}.values())


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Public and without data: a page author looks here before drawing anything new."""
    shown: dict[str, Any] = {
        "form": SampleForm({"code": "Roseau 27", "verb": "accompanied", "ways": ["sms"], "ask": "on"}),
        "states": [
            (_("Orientation"), _once(states.REFERRAL)),
            (_("Besoin"), _once(states.NEED)),
            (_("Issue d’un besoin"), _once(states.OUTCOME)),
            (_("Ailleurs"), _once(states.OTHER)),
        ],
        "icons": sorted(icons.names()),
        "tabs": [
            {"url": "#onglets", "label": _("À faire"), "count": 11, "current": True},
            {"url": "#onglets", "label": _("En attente"), "count": 4, "current": False},
            {"url": "#onglets", "label": _("Clos"), "count": None, "current": False},
        ],
        "rows": [
            {
                "at": _("5 jours"),
                "late": True,
                "state": "late",
                "who": "code",
                "name": "Roseau 27",
                "url": "#g6",
                "lang": _("tamoul"),
                "need": _("Lunettes cassées, ne lit plus ses courriers"),
                "next": _("Savoir si l’opticien mutualiste l’a reçue jeudi."),
                "action": {"url": "#g6", "label": _("Demander l’issue"), "first": True},
            },
            {
                "at": "9 h 30",
                "late": False,
                "state": "due",
                "who": "card",
                "name": "K. T.",
                "url": "#g6",
                "lang": _("arabe"),
                "need": _("Rendez-vous à l’hôpital demain à 8 h 45"),
                "next": _("Lui redire l’heure et l’entrée, en arabe."),
                "action": {"url": "#g6", "label": _("Appeler"), "first": False},
            },
        ],
        "table": {
            "caption": _("Orientations par partenaire, octobre 2026"),
            "heads": [_("Partenaire"), _("Envoyées"), _("Tenues"), _("Inconnues")],
            "rows": [[_("Hôpital Saint-Vincent"), 57, 23, 14], [_("Centre dentaire"), 22, 17, 2]],
            "totals": [_("Ensemble"), 79, 40, 16],
        },
        "page": Paginator(range(30), 10).page(2),
    }
    return render(request, "components/gallery.html", shown)
