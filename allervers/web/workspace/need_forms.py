"""The small forms of a need's page."""

import uuid
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Hub, Membership
from allervers.accounts.rules import Viewer, colleagues_of
from allervers.core import clock
from allervers.needs import rules, sealing, wording
from allervers.needs.enums import Attempt, Mode
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.models import Need
from allervers.web.components.forms import DateBox, HourBox, MomentBox, Pills
from allervers.web.workspace.service_picker import ServiceField

Typed = Mapping[str, Any] | None


class NextForm(forms.Form):
    """When contact is taken again, to do what, by whom. An empty day plans nothing."""

    prefix = "next"
    says_optional = False
    day = forms.DateField(label=gettext_lazy("Reprendre contact"), required=False, widget=DateBox)
    hour = forms.TimeField(label=gettext_lazy("À quelle heure"), required=False, widget=HourBox)
    step = forms.CharField(label=gettext_lazy("Pour quoi faire"), required=False, max_length=300)
    owner = forms.ChoiceField(label=gettext_lazy("Qui s’en charge"), required=False)

    def __init__(self, viewer: Viewer, need: Need, data: Typed = None) -> None:
        super().__init__(data)
        self.viewer = viewer
        self.owners = {str(owner.pk): owner for owner in rules.owners_of(viewer, need)}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField), "a list of colleagues"
        names = [(pk, _me(viewer, colleague)) for pk, colleague in self.owners.items()]
        owner.choices = names if str(need.owner_id) in self.owners else [("", "—"), *names]
        reads = rules.may_read_words(viewer, need)
        local = need.next_contact_at.astimezone(ZoneInfo(viewer.timezone)) if need.next_contact_at else None
        self.initial = {
            "day": max(local.date(), clock.today(viewer.timezone)) if local else None,
            "hour": local.time() if local and local.time() != time.min else None,
            "step": sealing.next_step(need) if reads else "",
            "owner": str(need.owner_id) if need.owner_id else "",
        }

    def clean_owner(self) -> Membership | None:
        return self.owners.get(self.cleaned_data["owner"])

    def moment(self) -> datetime | None:
        day = self.cleaned_data["day"]
        if day is None:
            return None
        return datetime.combine(day, self.cleaned_data["hour"] or time.min, ZoneInfo(self.viewer.timezone))


class ContactForm(forms.Form):
    """What was done: reached, sought in vain, or a note alone."""

    prefix = "contact"
    says_optional = False
    operation = forms.UUIDField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=gettext_lazy("Qu’avez-vous fait ?"),
        choices=wording.capitals(Attempt.choices),
        initial=Attempt.REACHED,
        widget=Pills,
    )
    note = forms.CharField(
        label=gettext_lazy("Ajouter au suivi"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Où"),
        choices=wording.capitals(Mode.choices),
        initial=Mode.PHONE,
        required=False,
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Quand"), help_text=gettext_lazy("Vide : maintenant."), required=False, widget=MomentBox
    )
    accompanied = forms.BooleanField(label=gettext_lazy("Je l’ai accompagné·e."), required=False)

    def __init__(self, data: Typed = None) -> None:
        super().__init__(data, initial={"operation": uuid.uuid4()})

    def answers(self, viewer: Viewer) -> dict[str, Any]:
        said = self.cleaned_data
        return said | {"result": Attempt(said["result"]), "mode": Mode(said["mode"] or Mode.PHONE)}


class ObstacleForm(forms.Form):
    prefix = "obstacle"
    says_optional = False
    operation = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Qu’est-ce qui a gêné ?"),
        choices=wording.capitals(ObstacleKind.choices),
        widget=Pills,
    )
    service = ServiceField(label=gettext_lazy("Dans quel service"), required=False)

    def __init__(self, viewer: Viewer, data: Typed = None) -> None:
        super().__init__(data, initial={"operation": uuid.uuid4()})
        service = self.fields["service"]
        assert isinstance(service, ServiceField), "a service"
        service.look_for(viewer)

    def clean_kind(self) -> ObstacleKind:
        return ObstacleKind(self.cleaned_data["kind"])


class HandForm(forms.Form):
    """To a colleague of another hub or of this one, or to a sister hub as a whole."""

    prefix = "hand"
    says_optional = False
    to = forms.ChoiceField(label=gettext_lazy("À qui ?"))
    note = forms.CharField(label=gettext_lazy("Un mot pour qui prend le relais"), required=False, max_length=1000)

    def __init__(self, viewer: Viewer, need: Need, data: Typed = None) -> None:
        super().__init__(data)
        people = [m for m in colleagues_of(viewer) if m.pk != need.owner_id]
        rows = Hub.objects.filter(organisation_id=need.organisation_id).order_by("name", "id")
        hubs = [hub for hub in rows if hub.pk != need.hub_id]
        self.receivers: dict[str, dict[str, Any]] = {f"hub:{hub.pk}": {"hub": hub} for hub in hubs}
        self.receivers |= {f"to:{colleague.pk}": {"to": colleague} for colleague in people}
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField), "a list of hubs and colleagues"
        to.choices = [("", "—"), *((key, _receiver(found)) for key, found in self.receivers.items())]

    def receiver(self) -> dict[str, Any]:
        return self.receivers[self.cleaned_data["to"]]


def _receiver(found: dict[str, Any]) -> str:
    hub = found.get("hub")
    if hub is not None:
        return str(hub.name)
    colleague: Membership = found["to"]
    return f"{colleague.user}, {colleague.hub.name}" if colleague.hub else str(colleague.user)


def _me(viewer: Viewer, colleague: Membership) -> str:
    own = colleague.pk == viewer.membership_id
    return str(gettext_lazy("%(name)s (moi)")) % {"name": colleague.user} if own else str(colleague.user)
