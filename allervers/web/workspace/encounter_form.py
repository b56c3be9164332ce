"""The quick entry of an encounter: its questions, the keys that answer them, and what they say in one sentence."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundWidget
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.rules import Viewer
from allervers.core import clock, languages, text
from allervers.directory.models import Territory
from allervers.needs import wording
from allervers.needs.actions import Met, Plan, Want
from allervers.needs.enums import Category, Mode
from allervers.people.enums import AgeBand, Sex
from allervers.people.models import PersonCard
from allervers.people.rules import cards_for
from allervers.web.components.forms import DateBox, HourBox, MomentBox, Pills
from allervers.web.workspace.service_picker import ServiceField

FREQUENT = (
    Category.COVERAGE,
    Category.EYES,
    Category.TEETH,
    Category.GP,
    Category.MENTAL,
    Category.FOOD,
    Category.OTHER,
)
CATEGORY_KEYS: Mapping[str, str] = {
    Category.COVERAGE: "d",
    Category.EYES: "l",
    Category.TEETH: "t",
    Category.GP: "m",
    Category.MENTAL: "e",
    Category.FOOD: "r",
    Category.SPECIALIST: "p",
    Category.HEARING: "u",
    Category.WOMEN: "g",
    Category.VACCINATION: "v",
    Category.HOUSING: "h",
    Category.MONEY: "b",
    Category.FRENCH: "f",
    Category.DIGITAL: "n",
    Category.WORK: "w",
    Category.OTHER: "a",
}
WHO = {
    "none": gettext_lazy("Sans nom"),
    "code": gettext_lazy("Un code"),
    "card": gettext_lazy("Une fiche"),
    "count": gettext_lazy("Un nombre"),
}
NEXT = {
    "settled": gettext_lazy("Rien, c’est réglé"),
    "tomorrow": gettext_lazy("Demain"),
    "week": gettext_lazy("Dans une semaine"),
    "day": gettext_lazy("Un autre jour…"),
    "refer": gettext_lazy("Orienter tout de suite"),
    "declined": gettext_lazy("Ne veut pas être rappelé·e"),
}


NEXT_APART = {
    "": gettext_lazy("Comme les autres"),
    **{name: NEXT[name] for name in ("settled", "tomorrow", "week", "day")},
}


class ManyPills(forms.CheckboxSelectMultiple):
    """Several of many, side by side, each with its key."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        key = CATEGORY_KEYS.get(str(option["value"]))
        if key:
            option["attrs"].update({"data-key": key, "aria-keyshortcuts": key.upper()})
        return option


class EncounterForm(forms.Form):
    """Nothing is forced but one need, or one thing that was done."""

    says_optional = False  # the page says it once, for all

    operation = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.BooleanField(required=False, widget=forms.HiddenInput)  # the perhaps-known were shown
    who = forms.ChoiceField(
        label=gettext_lazy("Qui est là ?"),
        choices=list(WHO.items()),
        widget=Pills(keys={"none": "1", "code": "2", "card": "3", "count": "4"}),
        initial="none",
    )
    card = forms.ModelChoiceField(PersonCard.objects.none(), required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("Son code"),
        help_text=gettext_lazy("Laissez vide pour lui en donner un."),
        required=False,
        max_length=40,
    )
    first_name = forms.CharField(label=gettext_lazy("Prénom ou surnom"), required=False, max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Nom"), required=False, max_length=80)
    birth = forms.CharField(label=gettext_lazy("Né·e en"), required=False, max_length=10)
    phone = forms.CharField(label=gettext_lazy("Téléphone"), required=False, max_length=40)
    head_count = forms.IntegerField(label=gettext_lazy("Combien de personnes ?"), required=False, min_value=1)
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Pour quel besoin ?"),
        choices=wording.capitals(Category.choices),
        required=False,
        widget=ManyPills,
    )
    words = forms.CharField(label=gettext_lazy("Avec ses mots"), required=False, max_length=2000)
    informed = forms.BooleanField(label=gettext_lazy("informé·e"), required=False)
    oriented = forms.BooleanField(label=gettext_lazy("orienté·e"), required=False)
    accompanied = forms.BooleanField(label=gettext_lazy("accompagné·e"), required=False)
    told_service = ServiceField(
        label=gettext_lazy("Vers quel service ?"),
        help_text=gettext_lazy("Un mot suffit : « dentiste », « CPAM », une rue."),
        required=False,
    )
    next = forms.ChoiceField(
        label=gettext_lazy("Et ensuite ?"),
        choices=list(NEXT.items()),
        widget=Pills(keys={"settled": "0", "tomorrow": "+", "week": "7", "day": "j", "refer": "s", "declined": "x"}),
        required=False,
    )
    next_day = forms.DateField(label=gettext_lazy("Quel jour"), required=False, widget=DateBox)
    next_hour = forms.TimeField(label=gettext_lazy("À quelle heure"), required=False, widget=HourBox)
    step = forms.CharField(label=gettext_lazy("Pour quoi faire"), required=False, max_length=300)
    mode = forms.ChoiceField(
        label=gettext_lazy("Où"),
        choices=wording.capitals(Mode.choices),
        initial=Mode.DESK,
        required=False,
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Quand"), help_text=gettext_lazy("Vide : maintenant."), required=False, widget=MomentBox
    )
    speaks = forms.ChoiceField(
        label=gettext_lazy("Langue parlée"),
        choices=[("", gettext_lazy("non renseignée")), *languages.CHOICES],
        required=False,
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sexe"), choices=Sex.choices, required=False)
    age_band = forms.ChoiceField(label=gettext_lazy("Âge"), choices=AgeBand.choices, required=False)
    first_visit = forms.NullBooleanField(
        label=gettext_lazy("Première venue"),
        required=False,
        widget=forms.Select(
            choices=[
                ("", gettext_lazy("on ne sait pas")),
                ("true", gettext_lazy("oui")),
                ("false", gettext_lazy("non")),
            ]
        ),
    )
    territory = forms.ModelChoiceField(
        Territory.objects.none(),
        label=gettext_lazy("Quartier"),
        required=False,
        empty_label=gettext_lazy("non renseigné"),
    )
    told = forms.BooleanField(
        label=gettext_lazy("Je lui ai dit ce que nous gardons (texte lu à voix haute)."), required=False
    )

    def __init__(self, viewer: Viewer, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.viewer = viewer
        self.initial.setdefault("operation", uuid.uuid4())
        self.set_rows("card", cards_for(viewer))
        self.set_rows("territory", covered_by(viewer))
        told_service = self.fields["told_service"]
        assert isinstance(told_service, ServiceField), "a service"
        told_service.look_for(viewer)

    def set_rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField), "a list of rows"
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("who") == "none":  # without a script all questions are open: what was typed says who it is
            typed = ("card", "first_name", "last_name", "birth", "phone")
            said["who"] = "card" if any(said.get(name) for name in typed) else "code" if said.get("code") else "none"
        who = said.get("who")
        if who == "count" and not said.get("head_count") and "head_count" not in self.errors:
            self.add_error("head_count", _("Dites combien de personnes, au moins une."))
        if who == "card" and not (said.get("card") or said.get("first_name") or said.get("last_name")):
            self.add_error("first_name", _("Notez un prénom ou un surnom, ou choisissez « Sans nom » ou « Un code »."))
        if said.get("next") == "day" and not said.get("next_day") and "next_day" not in self.errors:
            self.add_error("next_day", _("Choisissez le jour où vous reprenez contact."))
        if not all(apart.is_valid() for apart in self.apart):
            self.add_error(None, _("Relisez ce qui est différent pour chaque besoin."))
        return said

    @cached_property
    def apart(self) -> list["NeedApart"]:
        """When several needs are chosen, what may be said of each."""
        chosen = self["needs"].value() or []
        known = [value for value in chosen if value in Category.values]
        data = self.data if self.is_bound else None
        return [NeedApart(Category(value), data) for value in known] if len(known) > 1 else []

    def leave_unfinished(self) -> None:
        """Nothing is wrong yet: what was answered is shown without its faults."""
        for form in (self, *self.apart):
            form.errors.clear()

    def is_apart_said(self) -> bool:
        return any(apart.is_said() for apart in self.apart)

    def common(self) -> list[BoundWidget]:
        return [option for option in self["needs"].subwidgets if option.data["value"] in FREQUENT]

    def rarer(self) -> list[BoundWidget]:
        return [option for option in self["needs"].subwidgets if option.data["value"] not in FREQUENT]

    def verbs(self) -> list[tuple[forms.BoundField, str]]:
        return [(self["informed"], "i"), (self["oriented"], "o"), (self["accompanied"], "c")]

    def content(self) -> str:
        """All that was answered, in one text: what a second sending of the page is compared with."""
        names = {*self.fields, *(apart.add_prefix(name) for apart in self.apart for name in apart.fields)}
        kept = ((name, self.data.getlist(name)) for name in sorted(names - {"operation", "seen"}))  # type: ignore[attr-defined]  # a QueryDict
        return repr([(name, values) for name, values in kept if any(values)])


class NeedApart(forms.Form):
    """One need of several: her words for it, and its own next contact; what is left empty is as for the others."""

    says_optional = False
    words = forms.CharField(label=gettext_lazy("Avec ses mots"), required=False, max_length=2000)
    next = forms.ChoiceField(label=gettext_lazy("Et ensuite ?"), choices=list(NEXT_APART.items()), required=False)
    next_day = forms.DateField(label=gettext_lazy("Quel jour"), required=False, widget=DateBox)
    step = forms.CharField(label=gettext_lazy("Pour quoi faire"), required=False, max_length=300)

    def __init__(self, category: Category, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, prefix=f"each-{category}")
        self.category = category

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("next") == "day" and not said.get("next_day") and "next_day" not in self.errors:
            self.add_error("next_day", _("Choisissez le jour où vous reprenez contact."))
        return said

    def is_said(self) -> bool:
        return any(self[name].value() for name in self.fields)

    def want(self, words: str, common: Plan, viewer: Viewer) -> Want:
        said = self.cleaned_data if self.is_bound else {}
        plan = common
        if said.get("next"):
            plan = Plan(next_moment(said, viewer), common.step, settled=said["next"] == "settled")
        return Want(self.category, said.get("words") or words, replace(plan, step=said.get("step") or plan.step))


def covered_by(viewer: Viewer) -> Any:
    """The neighbourhoods that her hub receives; all that a hub of her network does when she has none."""
    hubs = Q(coverages__hub_id=viewer.hub_id) if viewer.hub_id else Q(coverages__hub__network_id=viewer.network_id)
    return Territory.objects.filter(hubs).distinct()


def next_moment(said: Mapping[str, Any], viewer: Viewer) -> datetime | None:
    """When contact is taken again: a day without an hour is that day's first minute. Referring at once: in a week."""
    days = {"tomorrow": 1, "week": 7, "refer": 7}
    zone = ZoneInfo(viewer.timezone)
    if said.get("next") in days:
        day = clock.today(viewer.timezone) + timedelta(days=days[said["next"]])
    elif said.get("next") == "day" and said.get("next_day"):
        day = said["next_day"]
    else:
        return None
    return datetime.combine(day, said.get("next_hour") or time.min, zone)


def met(form: EncounterForm) -> Met:
    """What the answers say, for `needs.actions.note_encounter`. Words said once go with the first need."""
    said, viewer = form.cleaned_data, form.viewer
    plan = Plan(next_moment(said, viewer), said["step"], settled=said["next"] == "settled")
    words = [said["words"], *[""] * len(said["needs"])]
    if form.apart:
        wants = [apart.want(text, plan, viewer) for apart, text in zip(form.apart, words, strict=False)]
    else:
        wants = [Want(Category(value), text) for value, text in zip(said["needs"], words, strict=False)]
    return Met(
        mode=Mode(said["mode"] or Mode.DESK),
        at=said["at"],
        head_count=said["head_count"] if said["who"] == "count" else 1,
        informed=said["informed"],
        oriented=said["oriented"],
        accompanied=said["accompanied"],
        needs=wants,
        plan=plan,
        told_service=said["told_service"],
        first_visit=said["first_visit"],
        sex=said["sex"],
        age_band=said["age_band"],
        territory=said["territory"],
    )


def identity(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of someone's identity, as the vault wants it."""
    birth = said.get("birth") or ""
    typed: dict[str, Any] = {"first_name": said.get("first_name") or "", "last_name": said.get("last_name") or ""}
    if birth:
        typed["birth_year" if birth.isdigit() else "birth_date"] = birth
    if said.get("phone"):
        typed["phones"] = [{"number": said["phone"], "owner": "self"}]
    return typed


@dataclass(frozen=True)
class Recap:
    """What will be noted, in the words of one sentence."""

    who: str
    where: str
    needs: str
    did: str
    next: str  # settled, declined, refer, or a day
    apart: str  # the needs whose next contact is their own


def recap(form: EncounterForm, said: Mapping[str, Any], card_label: str = "") -> Recap:
    """Reads unfinished answers too: what is missing is not said."""
    viewer = form.viewer
    who = said.get("who") or "none"
    names = text.initials(said.get("first_name") or "", said.get("last_name") or "")
    spoken = {
        "none": _("Une personne sans nom"),
        "code": said.get("code") or _("Une personne, avec un code"),
        "card": names or _("Une personne"),
        "count": _("%(n)s personnes") % {"n": said.get("head_count") or "…"},
    }[who]
    moment = next_moment(said, viewer)
    chosen = said.get("next") or ""
    service = said.get("told_service")
    oriented = (
        _("orienté·e vers %(name)s") % {"name": f"{service.name}, {service.place.organisation.name}"}
        if service
        else _("orienté·e")
    )
    verbs = {"informed": _("informé·e"), "oriented": oriented, "accompanied": _("accompagné·e")}
    return Recap(
        who=card_label or spoken,
        where=str(Mode(said.get("mode") or Mode.DESK).label),
        needs=wording.listed([str(Category(value).label) for value in said.get("needs") or []]),
        did=wording.listed(
            [word for name, word in verbs.items() if said.get(name) or (name == "oriented" and service)]
        ),
        next=wording.day(moment, weekday=True) if moment and chosen != "refer" else chosen if chosen != "day" else "",
        apart=" ; ".join(spoken for apart in form.apart if (spoken := _spoken(apart, viewer))),
    )


def _spoken(apart: NeedApart, viewer: Viewer) -> str:
    """ "dents : mardi 24 novembre"; nothing when this need goes as the others."""
    apart.is_valid()  # unfinished answers are read too
    said = apart.cleaned_data
    moment = next_moment(said, viewer)
    then = _("c’est réglé") if said.get("next") == "settled" else wording.day(moment, weekday=True) if moment else ""
    return _("%(need)s : %(then)s") % {"need": apart.category.label, "then": then} if then else ""
