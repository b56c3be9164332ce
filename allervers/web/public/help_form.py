"""The form of an offer: what, when, a number. What is wrong is told with everything else as it was typed."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.core.languages import CHOICES
from allervers.directory.models import Territory
from allervers.people import identity
from allervers.relief.actions import Given
from allervers.relief.enums import Gift, Part
from allervers.web.public import stamp

_FASTEST = timedelta(seconds=3)  # someone reads, ticks and types
_MOST_MEALS = 5000


def is_doubtful(sent: QueryDict) -> bool:
    """Sent as a machine would: the box that nobody sees is filled, no page of ours was opened, or just now."""
    signs = stamp.signs_of(sent)
    return signs.trapped or signs.age is None or signs.age < _FASTEST


class OfferForm(forms.Form):
    """Only what is given and a number are asked for."""

    operation = forms.UUIDField(required=False)
    appel = forms.UUIDField(required=False)
    don = forms.MultipleChoiceField(
        choices=Gift.choices, error_messages={"required": gettext_lazy("Touchez ce que vous pouvez donner.")}
    )
    jour = forms.TypedMultipleChoiceField(coerce=int, choices=[(n, n) for n in range(1, 8)], required=False)
    moment = forms.MultipleChoiceField(choices=Part.choices, required=False)
    le = forms.DateField(required=False, error_messages={"invalid": gettext_lazy("Ce jour ne se lit pas.")})
    langue = forms.MultipleChoiceField(choices=CHOICES, required=False)
    repas = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=_MOST_MEALS,
        error_messages={
            name: gettext_lazy("Écrivez un nombre de repas.") for name in ("invalid", "min_value", "max_value")
        },
    )
    quartier = forms.CharField(max_length=40, required=False)
    nom = forms.CharField(max_length=80, required=False)
    tel = forms.CharField(
        max_length=40,
        error_messages={"required": gettext_lazy("Écrivez votre numéro : nous vous appelons.")},
    )
    mots = forms.CharField(max_length=300, required=False)

    def __init__(self, data: QueryDict | None = None, *, today: date, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"operation": uuid4(), **(initial or {})})
        self.today = today

    def chosen(self, name: str) -> list[str]:
        """The values ticked, sent or proposed."""
        if isinstance(self.data, QueryDict):
            return self.data.getlist(name)
        return [str(value) for value in self.initial.get(name, [])]

    def typed(self) -> dict[str, str]:
        """What stands in each box."""
        return {
            name: str(self[name].value() or "")
            for name in ("operation", "le", "repas", "quartier", "nom", "tel", "mots")
        }

    def clean_tel(self) -> str:
        try:
            return identity.parse_phone(self.cleaned_data["tel"])
        except identity.IdentityRefused as refused:
            raise forms.ValidationError(_("Ce numéro n’a pas la bonne longueur. Relisez-le.")) from refused

    def clean_le(self) -> date | None:
        day: date | None = self.cleaned_data["le"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("Ce jour est passé. Choisissez-en un autre."))
        return day

    def clean_mots(self) -> str:
        words: str = " ".join(self.cleaned_data["mots"].split())
        if identity.holds_nir(words):
            raise forms.ValidationError(_("N’écrivez pas de numéro de sécurité sociale. Il n’est pas gardé."))
        return words

    def given(self, territory: Territory | None, reader: str) -> Given:
        said = self.cleaned_data
        return Given(
            gifts=tuple(said["don"]),
            phone=said["tel"],
            name=said["nom"],
            words=said["mots"],
            days=tuple(sorted(set(said["jour"]))),
            parts=tuple(said["moment"]),
            on=said["le"],
            languages=tuple(said["langue"]),
            meals=said["repas"],
            territory=territory,
            reader=reader,
        )

    def own_operation(self) -> UUID | None:
        """The form's id and what it holds: sent twice it is the same, filled again from a page kept open it is another."""
        given: UUID | None = self.cleaned_data["operation"]
        if given is None:
            return None
        held = {name: str(value) for name, value in self.cleaned_data.items() if name != "operation"}
        return uuid5(given, json.dumps(held, sort_keys=True))
