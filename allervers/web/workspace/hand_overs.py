"""Hand-overs: bringing a neighbour, hearing that it is done, accepting or declining what others pass on."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.needs import actions, queries, rules, sealing, wording
from allervers.needs.enums import Category, HandOverKind
from allervers.needs.errors import NeedError, NoAnswer
from allervers.needs.models import HandOver
from allervers.people import actions as people
from allervers.people import identity as identities
from allervers.people.models import PersonCard
from allervers.web.request import viewer_of
from allervers.web.workspace import ledger

PAGE = 30


class BringForm(forms.Form):
    operation = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label=gettext_lazy("Pour quel besoin ?"),
        choices=wording.capitals(Category.choices),
    )
    hub = forms.ModelChoiceField(Hub.objects.none(), label=gettext_lazy("Vers quel pôle ?"), empty_label=None)
    name = forms.CharField(
        label=gettext_lazy("Prénom"),
        help_text=gettext_lazy("Un surnom suffit. Laissez vide si la personne préfère."),
        required=False,
        max_length=80,
    )
    phone = forms.CharField(label=gettext_lazy("Téléphone"), required=False, max_length=40)
    note = forms.CharField(
        label=gettext_lazy("Ce qu’il faut savoir"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    person_agreed = forms.BooleanField(
        label=gettext_lazy("La personne est d’accord pour que je sache quand c’est fait."), required=False
    )

    def __init__(self, viewer: Viewer, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.initial = {"operation": uuid.uuid4(), "hub": viewer.hub_id}
        hubs = self.fields["hub"]
        assert isinstance(hubs, forms.ModelChoiceField), "a list of hubs"
        hubs.queryset = Hub.objects.filter(network_id=viewer.network_id, organisation__keeps_cards=True)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"].strip()
        if not typed:
            return ""
        try:
            return identities.parse_phone(typed)
        except identities.IdentityRefused as refused:
            raise forms.ValidationError(
                _("Ce numéro n’a pas la bonne longueur. Relisez-le avec la personne, ou laissez vide.")
            ) from refused


def hand_overs(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    rows = rules.hand_overs_for(viewer).filter(by_id=viewer.membership_id).select_related("hub", "to__user", "need")
    page = Paginator(rows.order_by("-at", "-id"), PAGE).get_page(request.GET.get("page"))
    waiting = to_answer_lines(viewer, queries.to_answer(viewer)) if viewer.sees_people else []
    shown = {"page": page, "made": [_made_line(row) for row in page], "hand_overs": waiting}
    return render(request, "workspace/hand_overs_list.html", shown)


def hand_over_new(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = BringForm(viewer, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        actions.bring(by=viewer, **(said | {"category": Category(said["category"])}))
        messages.success(request, _("C’est transmis. Le pôle répond ici."))
        return redirect("workspace:hand_overs")
    return render(request, "workspace/hand_over_new.html", {"form": form})


@require_POST
def hand_over_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    handed = get_object_or_404(rules.hand_overs_for(viewer).select_related("need__card", "hub"), pk=pk)
    answer = request.POST.get("answer", "")
    try:
        if answer not in {"accept", "decline"}:
            raise NoAnswer
        if answer == "accept":
            need = actions.accept_hand_over(handed, by=viewer, make_card=_card_maker(viewer))
            messages.success(request, _("C’est à vous maintenant. Choisissez le prochain contact."))
            return redirect("workspace:need", need.pk)
        actions.decline_hand_over(handed, by=viewer)
        messages.info(request, _("C’est dit : ce relais n’est pas pris."))
    except NeedError as refusal:
        messages.warning(request, str(refusal))
    return redirect("workspace:hand_overs")


def to_answer_lines(viewer: Viewer, rows: Iterable[HandOver]) -> list[dict[str, Any]]:
    """What waits for a yes or a no, with what was told; opens one blob a row."""
    return [_answer_line(viewer, row) for row in rows]


def _answer_line(viewer: Viewer, row: HandOver) -> dict[str, Any]:
    told = sealing.told(row)
    about = ledger.person(viewer, row.need.card if row.need else None)
    name = told.get("name") or (about.name if row.kind == HandOverKind.NEED else _("Quelqu’un"))
    return {
        "pk": row.pk,
        "name": name,
        "kind": about.kind if row.kind == HandOverKind.NEED else "none",
        "category": row.get_category_display(),
        "phone": told.get("phone", ""),
        "note": told.get("note", ""),
        "by": str(row.by.user) if row.by else "",
        "at": row.at,
        "agreed": row.person_agreed,
    }


def _made_line(row: HandOver) -> dict[str, Any]:
    """What whoever handed over is told: received or not; and that it is done, if the person agreed to that."""
    if row.kind == HandOverKind.NEIGHBOUR and row.person_agreed and row.done_at:
        state, word = "done", _("C’est fait")
    elif row.accepted_at:
        state, word = "acknowledged", _("Le relais est pris")
    elif row.declined_at:
        state, word = "declined", _("Pas possible là-bas : essayez ailleurs")
    else:
        state, word = "waiting", _("Attend une réponse")
    return {
        "at": row.at,
        "category": row.get_category_display(),
        "to": str(row.to.user) if row.to else row.hub.name if row.hub else "",
        "state": state,
        "word": word,
        "hears": row.kind == HandOverKind.NEIGHBOUR and not row.person_agreed and bool(row.accepted_at),
    }


def _card_maker(viewer: Viewer) -> Any:
    def make(told: dict[str, str]) -> PersonCard:
        if not told.get("name"):
            return people.open_code(by=viewer)
        phones = [{"number": told["phone"], "owner": "self"}] if told.get("phone") else []
        return people.open_card(by=viewer, identity={"first_name": told["name"], "phones": phones})

    return make
