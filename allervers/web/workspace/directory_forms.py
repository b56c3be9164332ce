"""The directory's forms: a structure, a place, an offer, a closure, a convention. Sentences say what to write."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.enums import OrganisationKind
from allervers.core import languages, text
from allervers.directory import geometry, hours
from allervers.directory.enums import Commitment, Cost, Theme
from allervers.web.components.forms import DateBox

_HOURS_HELP = gettext_lazy("Par exemple : lundi au vendredi 9h-12h, 14h-17h. Ou en notation OpenStreetMap.")
_YES_NO = [("", gettext_lazy("on ne sait pas")), ("yes", gettext_lazy("oui")), ("no", gettext_lazy("non"))]


class _Hours(forms.CharField):
    """Opening hours, in French or in OSM syntax; the cleaned value is OSM's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=500, help_text=_HOURS_HELP, **options)

    def clean(self, value: Any) -> str:
        try:
            return hours.check(super().clean(value))
        except hours.BadHours as error:
            raise forms.ValidationError(str(error)) from error


class OrganisationForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Genre"), choices=OrganisationKind.choices)
    phone = forms.CharField(label=gettext_lazy("Téléphone"), required=False, max_length=40)
    email = forms.EmailField(label=gettext_lazy("Courriel"), required=False)
    website = forms.URLField(label=gettext_lazy("Site"), required=False, max_length=500, assume_scheme="https")
    siret = forms.RegexField(
        r"^\d{14}$",
        label=gettext_lazy("SIRET"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un SIRET a quatorze chiffres. Laissez vide si vous ne savez pas.")},
    )
    description = forms.CharField(
        label=gettext_lazy("Ce qu’elle fait"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlaceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nom du lieu"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Vide : celui de la structure."),
    )
    address = forms.CharField(label=gettext_lazy("Adresse"), required=False, max_length=300)
    postcode = forms.CharField(label=gettext_lazy("Code postal"), required=False, max_length=10)
    commune = forms.CharField(label=gettext_lazy("Commune"), required=False, max_length=120)
    point = forms.CharField(
        label=gettext_lazy("Latitude, longitude"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Pour les distances. Par exemple : 50.6226, 3.0497"),
    )
    access = forms.CharField(
        label=gettext_lazy("Comment y aller"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    phone = forms.CharField(label=gettext_lazy("Téléphone"), required=False, max_length=40)
    email = forms.EmailField(label=gettext_lazy("Courriel"), required=False)
    website = forms.URLField(label=gettext_lazy("Site"), required=False, max_length=500, assume_scheme="https")
    opening_hours = _Hours(label=gettext_lazy("Horaires"))

    def clean_point(self) -> tuple[float, float] | None:
        written = self.cleaned_data["point"].strip()
        if not written:
            return None
        point = geometry.parse_point(written)
        if point is None:
            raise forms.ValidationError(_("Écrivez deux nombres : la latitude, une virgule, la longitude."))
        return point

    def values(self) -> dict[str, Any]:
        """The cleaned values as the action takes them."""
        values = dict(self.cleaned_data)
        latitude, longitude = values.pop("point") or (None, None)
        return values | {"latitude": latitude, "longitude": longitude}


class ServiceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom de l’offre"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Ce que l’on y obtient"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Thèmes"), choices=Theme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.CharField(
        label=gettext_lazy("Langues parlées"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Séparées par des virgules : arabe, français, LSF."),
    )
    public = forms.CharField(label=gettext_lazy("Pour qui"), required=False, max_length=300)
    conditions = forms.CharField(
        label=gettext_lazy("À quelles conditions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    cost = forms.ChoiceField(label=gettext_lazy("Coût"), choices=Cost.choices, initial=Cost.UNKNOWN)
    cost_note = forms.CharField(label=gettext_lazy("Précision sur le coût"), required=False, max_length=300)
    without_coverage = forms.ChoiceField(
        label=gettext_lazy("Reçoit sans couverture santé"), choices=_YES_NO, required=False
    )
    without_appointment = forms.ChoiceField(label=gettext_lazy("Sans rendez-vous"), choices=_YES_NO, required=False)
    delay_days = forms.IntegerField(
        label=gettext_lazy("Délai annoncé, en jours"), required=False, min_value=0, max_value=3650
    )
    opening_hours = _Hours(label=gettext_lazy("Horaires de l’offre"))
    phone = forms.CharField(label=gettext_lazy("Téléphone de l’offre"), required=False, max_length=40)
    email = forms.EmailField(label=gettext_lazy("Courriel de l’offre"), required=False)
    for_residents = forms.BooleanField(
        label=gettext_lazy("Montrer aux habitants"),
        required=False,
        help_text=gettext_lazy("Sur le site ouvert à tous. Jamais l’adresse d’un lieu où l’on se met à l’abri."),
    )

    def clean_languages(self) -> list[str]:
        """Codes; a word that is no language of the registry is told by name."""
        by_name = {text.fold(row.french): code for code, row in languages.LANGUAGES.items()}
        by_name |= {code.lower(): code for code in languages.LANGUAGES} | {"lsf": "fsl"}
        for code, row in languages.LANGUAGES.items():
            by_name.setdefault(text.fold(row.french.split("(")[0]), code)
        found, unknown = [], []
        for part in self.cleaned_data["languages"].replace(";", ",").split(","):
            if folded := text.fold(part):
                found.append(by_name[folded]) if folded in by_name else unknown.append(part.strip())
        if unknown:
            raise forms.ValidationError(
                _("Langue inconnue du registre : %(names)s. Écrivez son nom en français.")
                % {"names": ", ".join(unknown)}
            )
        return list(dict.fromkeys(found))

    def values(self) -> dict[str, Any]:
        """The cleaned values as the action takes them."""
        values = dict(self.cleaned_data)
        for name in ("without_coverage", "without_appointment"):
            values[name] = {"yes": True, "no": False}.get(values[name])
        return values


class ClosureForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("Fermé du"), widget=DateBox)
    ends_on = forms.DateField(label=gettext_lazy("au, inclus"), widget=DateBox)
    reason = forms.CharField(label=gettext_lazy("Raison"), required=False, max_length=200)


class PartnershipForm(forms.Form):
    commitment = forms.ChoiceField(label=gettext_lazy("Engagement"), choices=Commitment.choices)
    starts_on = forms.DateField(label=gettext_lazy("À partir du"), widget=DateBox)
    ends_on = forms.DateField(label=gettext_lazy("Jusqu’au"), required=False, widget=DateBox)
    call_hours = _Hours(label=gettext_lazy("Quand appeler son équipe"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
