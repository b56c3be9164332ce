"""The card's form: everything may stay empty but one name; what was typed is kept when something cannot be taken."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allervers.accounts.rules import Viewer
from allervers.core import clock, languages
from allervers.directory import hours
from allervers.directory.models import Territory
from allervers.people import identity as identities
from allervers.people import safe_hours
from allervers.people.actions import CardRefused
from allervers.people.enums import AgeBand, Interpreter, PhoneOwner, Sex
from allervers.people.identity import Identity, IdentityRefused, Problem
from allervers.people.models import PersonCard

_PHONES, _HELPERS = 2, 2  # empty rows offered beside those there are
_MOST = 12
_PHONE_FIELDS = ("number", "owner", "hours", "hours_typed", "hours_note", "sms", "voicemail")
_TYPED = "typed"
_HOURS = [*safe_hours.CHOICES, (_TYPED, _("d’autres heures, écrites à côté"))]
_LANGUAGES = [("", _("non renseignée")), *languages.CHOICES]


class CardForm(forms.Form):
    """One card. `identity()` gives what names her, `fields_of_card()` the rest."""

    operation = forms.UUIDField(widget=forms.HiddenInput, required=False)
    phone_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST, required=False)
    helper_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST, required=False)
    first_name = forms.CharField(label=_("Prénom"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Nom"), max_length=80, required=False)
    nickname = forms.CharField(label=_("Surnom"), max_length=80, required=False)
    birth = forms.CharField(
        label=_("Né·e en"),
        help_text=_("L’année suffit : 1961. Ou le jour : 12/03/1961."),
        max_length=10,
        required=False,
    )
    address = forms.CharField(
        label=_("Adresse, ou comment la trouver"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    email = forms.CharField(label=_("Adresse électronique"), max_length=254, required=False)
    note = forms.CharField(
        label=_("À savoir pour l’accueillir"),
        help_text=_("Ni papiers, ni religion, ni nationalité, ni numéro de sécurité sociale."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    speaks_first = forms.ChoiceField(label=_("Langue parlée"), choices=_LANGUAGES, required=False)
    speaks_second = forms.ChoiceField(label=_("Autre langue parlée"), choices=_LANGUAGES, required=False)
    reads_first = forms.ChoiceField(
        label=_("Langue lue"),
        choices=[("", _("on ne sait pas")), ("none", _("ne lit pas")), *languages.CHOICES],
        required=False,
    )
    interpreter = forms.ChoiceField(label=_("Interprète"), choices=Interpreter.choices, required=False)
    sex = forms.ChoiceField(label=_("Sexe"), choices=Sex.choices, required=False)
    age_band = forms.ChoiceField(
        label=_("Âge"), help_text=_("Vide : selon la naissance."), choices=AgeBand.choices, required=False
    )
    territory = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Quartier"), required=False, empty_label=_("non renseigné")
    )
    is_minor = forms.BooleanField(label=_("Personne mineure : un parent donne les accords."), required=False)
    is_protected = forms.BooleanField(
        label=_("Adulte sous protection : la tutelle ou la curatelle donne les accords."), required=False
    )

    def __init__(
        self, viewer: Viewer, data: Mapping[str, Any] | None = None, *, card: PersonCard | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.initial.setdefault("operation", uuid.uuid4())
        territory = self.fields["territory"]
        assert isinstance(territory, forms.ModelChoiceField), "a list of rows"
        territory.queryset = neighbourhoods(viewer)
        if card is not None and card.territory_id:  # hers stays among the choices, wherever the hub's area now ends
            territory.queryset |= Territory.objects.filter(pk=card.territory_id)
        self.phones = self._count("phone_count", _PHONES)
        self.helpers = self._count("helper_count", _HELPERS)
        for row in range(self.phones):
            self._add_phone(row)
        for row in range(self.helpers):
            self._add_helper(row)

    def _count(self, name: str, empty: int) -> int:
        """How many rows: those that were sent, else those there are and some empty ones."""
        if self.is_bound:
            sent = str(self.data.get(name, ""))
            return min(int(sent), _MOST) if sent.isdecimal() and len(sent) <= 2 else empty
        count = min(int(self.initial.get(name) or 0) + empty, _MOST)
        self.initial[name] = count
        return count

    def _add_phone(self, row: int) -> None:
        self.fields |= {
            f"phone_{row}_number": forms.CharField(label=_("Téléphone"), max_length=30, required=False),
            f"phone_{row}_owner": forms.ChoiceField(
                label=_("À qui"), choices=PhoneOwner.choices, required=False, initial=PhoneOwner.SELF
            ),
            f"phone_{row}_hours": forms.ChoiceField(label=_("Heures sûres"), choices=_HOURS, required=False),
            f"phone_{row}_hours_typed": forms.CharField(
                label=_("Ou précisément"), help_text=_("lundi au jeudi 9h-11h30"), max_length=120, required=False
            ),
            f"phone_{row}_hours_note": forms.CharField(
                label=_("À savoir avant d’appeler"), max_length=120, required=False
            ),
            f"phone_{row}_sms": forms.BooleanField(label=_("SMS permis"), required=False),
            f"phone_{row}_voicemail": forms.BooleanField(label=_("Répondeur permis"), required=False),
        }

    def _add_helper(self, row: int) -> None:
        self.fields |= {
            f"helper_{row}_name": forms.CharField(label=_("Prénom"), max_length=80, required=False),
            f"helper_{row}_tie": forms.CharField(label=_("Lien"), max_length=80, required=False),
            f"helper_{row}_phone": forms.CharField(label=_("Téléphone"), max_length=30, required=False),
        }

    def phone_rows(self) -> Iterator[dict[str, forms.BoundField]]:
        for row in range(self.phones):
            yield {name: self[f"phone_{row}_{name}"] for name in _PHONE_FIELDS}

    def helper_rows(self) -> Iterator[dict[str, forms.BoundField]]:
        for row in range(self.helpers):
            yield {name: self[f"helper_{row}_{name}"] for name in ("name", "tie", "phone")}

    def clean(self) -> dict[str, Any]:
        """Each number is read where it was typed; then the identity as a whole, until what is left of it can be read."""
        said: dict[str, Any] = super().clean() or {}
        numbers = [f"phone_{row}_number" for row in range(self.phones)]
        for name in [*numbers, *(f"helper_{row}_phone" for row in range(self.helpers))]:
            if typed := said.get(name):
                try:
                    identities.parse_phone(typed)
                except IdentityRefused as refused:
                    self.add_error(name, str(CardRefused(refused)))
        for name in (f"phone_{row}_hours_typed" for row in range(self.phones)):
            try:
                said[name] = hours.check(said.get(name) or "")
            except hours.BadHours as refused:
                self.add_error(name, str(refused))
        for row in range(self.phones):
            if said.get(f"phone_{row}_hours") == _TYPED and not said.get(f"phone_{row}_hours_typed"):
                self.add_error(f"phone_{row}_hours_typed", _("Écrivez les heures, ou faites un autre choix."))
            if said.get(f"phone_{row}_sms") and said.get(f"phone_{row}_hours_note") and not self._phone(row)["hours"]:
                self.add_error(f"phone_{row}_hours", _("La machine ne lit pas la note : choisissez aussi des heures."))
        while refusal := self._refusal():
            is_typed = refusal.field_name in self.cleaned_data
            self.refuse(refusal)  # takes the answer out of `cleaned_data`
            if not is_typed:
                break
        return said

    def _refusal(self) -> CardRefused | None:
        try:
            identities.parse(self.typed(), today=clock.today())
        except IdentityRefused as refused:
            return CardRefused(refused)
        return None

    def refuse(self, refused: CardRefused) -> None:
        """Puts a refusal beside its field, or above the form."""
        self.add_error(refused.field_name if refused.field_name in self.fields else None, str(refused))

    def typed(self) -> dict[str, Any]:
        """The identity as `identity.parse` reads it."""
        said = self.cleaned_data
        names = ("first_name", "last_name", "nickname", "birth", "address", "email", "note")
        helper = ("name", "tie", "phone")
        return {
            **{name: said.get(name, "") for name in names},
            "phones": [self._phone(row) for row in range(self.phones)],
            "helpers": [{key: said.get(f"helper_{row}_{key}") for key in helper} for row in range(self.helpers)],
        }

    def _phone(self, row: int) -> dict[str, Any]:
        phone = {key: self.cleaned_data.get(f"phone_{row}_{key}") for key in _PHONE_FIELDS}
        chosen = "" if phone["hours"] == _TYPED else phone["hours"]
        return phone | {"hours": phone["hours_typed"] or chosen}

    def identity(self) -> Identity:
        return identities.parse(self.typed(), today=clock.today())

    def require_a_name(self) -> None:
        if not self.identity().names_someone:
            self.refuse(CardRefused(IdentityRefused("first_name", Problem.NOTHING)))

    def fields_of_card(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "speaks": [code for code in (said["speaks_first"], said["speaks_second"]) if code],
            "reads": [code for code in (said["reads_first"],) if code],
            **{
                name: said[name] for name in ("interpreter", "sex", "age_band", "territory", "is_minor", "is_protected")
            },
        }


def initial_of(card: PersonCard, identity: Identity | None) -> dict[str, Any]:
    """A card as the form shows it; without an identity, what a code says."""
    second = card.speaks[1] if len(card.speaks) > 1 else ""
    shown: dict[str, Any] = {
        "speaks_first": card.speaks[0] if card.speaks else "",
        "speaks_second": second,
        "reads_first": card.reads[0] if card.reads else "",
        **{name: getattr(card, name) for name in ("interpreter", "sex", "age_band", "is_minor", "is_protected")},
        "territory": card.territory_id,
    }
    if identity is None:
        return shown
    names = ("first_name", "last_name", "nickname", "address", "email", "note")
    born = identity.birth_date.strftime("%d/%m/%Y") if identity.birth_date else identity.birth_year or ""
    shown |= {name: getattr(identity, name) for name in names} | {"birth": born}
    for row, phone in enumerate(identity.phones):
        shown |= {f"phone_{row}_{key}": value for key, value in vars(phone).items()}
        if phone.hours not in dict(safe_hours.CHOICES):
            shown |= {f"phone_{row}_hours": _TYPED, f"phone_{row}_hours_typed": phone.hours}
        shown[f"phone_{row}_number"] = identities.say_phone(phone.number)
    for row, helper in enumerate(identity.helpers):
        shown |= {f"helper_{row}_{key}": value for key, value in vars(helper).items()}
        shown[f"helper_{row}_phone"] = identities.say_phone(helper.phone) if helper.phone else ""
    return shown | {"phone_count": len(identity.phones), "helper_count": len(identity.helpers)}


def neighbourhoods(viewer: Viewer) -> Any:
    """The territories that the viewer's hub covers (her organisation's hubs when she has none), and those inside them."""
    hubs = {"hub_id": viewer.hub_id} if viewer.hub_id else {"hub__organisation_id": viewer.organisation_id}
    covered = Territory.objects.filter(**{f"coverages__{name}": value for name, value in hubs.items()})
    return Territory.objects.filter(Q(pk__in=covered) | Q(parent__in=covered)).order_by("name", "code")
