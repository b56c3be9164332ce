"""The operator's form: the same request as a resident's, by the keyboard, while someone speaks on the telephone."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.rules import Viewer
from allervers.core import languages, text
from allervers.directory.models import Territory
from allervers.needs import queries
from allervers.needs.actions import Asked
from allervers.needs.enums import Reach, When, Wish
from allervers.people import identity as identities
from allervers.web.components.forms import Pills

# The same letters as for noting an encounter, where the thing is the same.
WISH_KEYS: Mapping[str, str] = {
    Wish.MEAL: "r",
    Wish.SHOPPING: "c",
    Wish.MEDICINE: "p",
    Wish.ALONG: "v",
    Wish.INTERPRET: "i",
    Wish.CALL: "b",
    Wish.DIGITAL: "n",
    Wish.DOCTOR: "m",
    Wish.TEETH: "t",
    Wish.EYES: "l",
    Wish.RIGHTS: "d",
    Wish.OTHER: "a",
}
WHEN_KEYS: Mapping[str, str] = {
    When.SOON: "1",
    When.MORNING: "2",
    When.AFTERNOON: "3",
    When.EVENING: "4",
    When.WEEK: "5",
}


class RequestForm(forms.Form):
    """A letter, a number, three letters of a neighbourhood, Enter."""

    says_optional = False

    operation = forms.UUIDField(widget=forms.HiddenInput)
    wish = forms.ChoiceField(label=gettext_lazy("Il faut quoi ?"), choices=Wish.choices, widget=Pills(keys=WISH_KEYS))
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    neighbourhood = forms.CharField(
        label=gettext_lazy("Quartier"),
        help_text=gettext_lazy("Les premières lettres suffisent. Vide : on ne sait pas."),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"list": "quartiers", "autocomplete": "off"}),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Quand ?"), choices=When.choices, widget=Pills(keys=WHEN_KEYS), initial=When.SOON
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Comment joindre la personne"), choices=Reach.choices, initial=Reach.CALL, required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue parlée"), choices=languages.CHOICES, initial=languages.FRENCH, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Avec ses mots"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    for_other = forms.BooleanField(label=gettext_lazy("C’est pour une autre personne."), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("Cette personne est d’accord."), required=False)

    def __init__(self, viewer: Viewer, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"operation": uuid.uuid4()})
        self.places = list(queries.neighbourhoods(viewer.network_id))

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"].strip()
        try:
            return identities.parse_phone(typed) if typed else ""
        except identities.IdentityRefused as refused:
            raise forms.ValidationError(
                _("Ce numéro n’a pas la bonne longueur. Relisez-le avec la personne.")
            ) from refused

    def clean_neighbourhood(self) -> Territory | None:
        """The one of that name, else the only one that begins so."""
        typed = text.fold(self.cleaned_data["neighbourhood"])
        if not typed:
            return None
        named = [place for place in self.places if text.fold(place.name) == typed]
        found = named or [place for place in self.places if text.fold(place.name).startswith(typed)]
        if len(found) != 1:
            raise forms.ValidationError(_("Choisissez un quartier de la liste, ou laissez vide."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("phone") and "phone" not in self.errors and said.get("reach") != Reach.CODE:
            self.add_error("phone", _("Notez un numéro, ou choisissez « revient avec son code »."))
        if said.get("for_other") and not said.get("agreed"):
            self.add_error("agreed", _("Demandez d’abord à la personne. Puis cochez la case."))
        return said

    def leave_unfinished(self) -> None:
        self.errors.clear()

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            wish=Wish(said["wish"]),
            when=When(said["when"]),
            language=said["language"] or languages.FRENCH,
            territory=said["neighbourhood"],
            phone=said["phone"],
            reach=Reach(said["reach"] or Reach.CALL),
            note=said["note"].strip(),
            for_other=said["for_other"],
            agreed=said["agreed"],
        )
