"""Forms of campaigns and sessions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Hub, Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import clock, languages
from allervers.programmes import declared, rules
from allervers.programmes.actions import Terms
from allervers.programmes.enums import ActionKind, FigureName, Precision
from allervers.programmes.models import Action, Session
from allervers.web.components.forms import MomentBox, Pills, Words

LANGUAGES = [("", gettext_lazy("pas notée")), *languages.CHOICES]


class CampaignForm(forms.Form):
    name = Words(label=gettext_lazy("Nom de la campagne"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("Quel dépistage ?"), choices=ActionKind.choices, widget=Pills)
    year = forms.IntegerField(label=gettext_lazy("Année"), min_value=1990, max_value=2200)
    planned_min = forms.IntegerField(
        label=gettext_lazy("Séances prévues, au moins"), min_value=0, max_value=1000, required=False
    )
    planned_max = forms.IntegerField(
        label=gettext_lazy("au plus, si c’est une fourchette"), min_value=0, max_value=1000, required=False
    )
    recipient = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Partenaire qui reçoit"),
        empty_label=gettext_lazy("pas encore choisi"),
        required=False,
    )
    source = forms.CharField(label=gettext_lazy("Document d’où viennent les chiffres"), max_length=300, required=False)

    def __init__(self, viewer: Viewer, campaign: Action | None = None, data: Any = None) -> None:
        super().__init__(data)
        partners = self.fields["recipient"]
        assert isinstance(partners, forms.ModelChoiceField), "a list of organisations"
        partners.queryset = organisations_for(viewer)
        self.initial = {"year": clock.today(viewer.timezone).year, "kind": ActionKind.OPTICAL}
        if campaign is not None:
            names = ("name", "kind", "year", "planned_min", "planned_max", "source")
            self.initial = {name: getattr(campaign, name) for name in names} | {"recipient": campaign.recipient_id}

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(**(said | {"kind": ActionKind(said["kind"])}))


class SessionForm(forms.Form):
    hub = forms.ModelChoiceField(Hub.objects.none(), label=gettext_lazy("Pôle"), empty_label=None)
    starts_at = forms.DateTimeField(label=gettext_lazy("Début"), widget=MomentBox)
    ends_at = forms.DateTimeField(label=gettext_lazy("Fin"), widget=MomentBox, required=False)
    place = Words(label=gettext_lazy("Lieu, si c’est ailleurs"), max_length=200, required=False)
    note = forms.CharField(
        label=gettext_lazy("À savoir"),
        help_text=gettext_lazy("Matériel, interprète attendue. Jamais le nom d’une personne aidée."),
        max_length=300,
        required=False,
    )
    for_residents = forms.BooleanField(
        label=gettext_lazy("Montrer dans l’agenda du quartier : le jour, l’heure et le lieu"), required=False
    )

    def __init__(self, viewer: Viewer, session: Session | None = None, data: Any = None) -> None:
        super().__init__(data)
        if session is None:
            hubs = self.fields["hub"]
            assert isinstance(hubs, forms.ModelChoiceField), "a list of hubs"
            hubs.queryset = rules.hubs_for(viewer)
            if viewer.coordinates:
                hubs.empty_label = str(_("hors les murs"))
                hubs.required = False
            self.initial = {"hub": viewer.hub_id}
            return
        del self.fields["hub"]
        zone = ZoneInfo(viewer.timezone)
        self.initial = {"place": session.place, "note": session.note, "starts_at": _local(session.starts_at, zone)}
        self.initial["for_residents"] = session.for_residents
        if session.ends_at:
            self.initial["ends_at"] = _local(session.ends_at, zone)


class ArrivalForm(forms.Form):
    """Who arrives, as typed; `card` or `as_` once she was chosen among several, or added without a card."""

    operation = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.CharField(label=gettext_lazy("Une personne arrive"), max_length=120, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Langue"), choices=LANGUAGES, required=False)
    card = forms.UUIDField(required=False)
    new = forms.ChoiceField(choices=[(way, way) for way in ("", "unnamed", "code", "card")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.says_optional = False
        self.fields["who"].widget.attrs |= {
            "placeholder": _("code, téléphone, nom, ou rien"),
            "autocomplete": "off",
            "aria-keyshortcuts": "N",
        }


class HeadCountForm(forms.Form):
    count = forms.IntegerField(
        label=gettext_lazy("Personnes venues, sans liste"), min_value=0, max_value=5000, required=False
    )


class DeclaredForm(forms.Form):
    """Each figure with its precision, a range for counts, a base for rates."""

    def __init__(self, figures: dict[str, declared.Figure], data: Any = None) -> None:
        super().__init__(data)
        self.says_optional = False
        for name, label in FigureName.choices:
            figure = figures.get(name)
            is_rate = name in declared.RATES
            self.fields[name] = forms.FloatField(
                label=label, min_value=0, max_value=100 if is_rate else 10_000_000, required=False
            )
            self.fields[f"{name}_precision"] = forms.ChoiceField(
                label=_("Précision"), choices=[*Precision.choices], required=False
            )
            self.initial[name] = f"{figure.value:g}" if figure and figure.value is not None else None
            self.initial[f"{name}_precision"] = figure.precision if figure else Precision.EXACT
            if is_rate:
                bases = [(base, FigureName(base).label) for base in declared.BASES[name]]
                self.fields[f"{name}_base"] = forms.ChoiceField(
                    label=_("Base"), choices=[("", _("base inconnue")), *bases], required=False
                )
                self.initial[f"{name}_base"] = figure.base if figure else ""
            elif name in declared.COUNTS:
                self.fields[f"{name}_max"] = forms.FloatField(label=_("jusqu’à"), min_value=0, required=False)
                self.initial[f"{name}_max"] = f"{figure.value_max:g}" if figure and figure.value_max else None

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """One row a figure: its own box first, then what goes with it."""
        for name, label in FigureName.choices:
            parts = [f"{name}_max", f"{name}_precision", f"{name}_base"]
            yield str(label), [self[name], *[self[part] for part in parts if part in self.fields]]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in declared.COUNTS:
            low, high = said.get(name), said.get(f"{name}_max")
            if low is not None and low != int(low):
                self.add_error(name, _("Un nombre de séances ou de personnes est entier."))
            if high is not None and (low is None or high < low):
                self.add_error(f"{name}_max", _("La fourchette va du plus petit au plus grand."))
        return said

    def figures(self) -> dict[str, declared.Figure]:
        said, found = self.cleaned_data, {}
        for name in FigureName.values:
            precision = said.get(f"{name}_precision") or Precision.EXACT
            value = None if precision == Precision.UNKNOWN else said.get(name)
            if value is None and precision != Precision.UNKNOWN:
                continue
            found[name] = declared.Figure(value, said.get(f"{name}_max"), precision, said.get(f"{name}_base") or "")
        return found


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return timezone.localtime(moment, zone)
