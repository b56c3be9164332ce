"""Who helps, for the team: the offers to call back, what is missing, a call to write or to close."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from allervers.accounts.models import Hub, Network
from allervers.accounts.rules import Viewer
from allervers.core import clock, dates, languages
from allervers.people import identity
from allervers.relief import actions, queries, rules, sealing
from allervers.relief.actions import Terms
from allervers.relief.enums import CallKind, Gift, OfferState, Part
from allervers.relief.errors import ReliefError
from allervers.relief.models import Offer
from allervers.relief.wording import title as title_of
from allervers.web.components.forms import DateBox, HourBox, Words
from allervers.web.request import viewer_of

PAGE = 40
_LONGEST = timedelta(days=180)
_STANDS = timedelta(days=30)  # a call without a day
_OF_STATE = {
    OfferState.NEW: "due",
    OfferState.DOUBTFUL: "unknown",
    OfferState.CALLED: "in_progress",
    OfferState.KEPT: "done",
}
_VERBS = {
    "appeler": (actions.call_back, gettext_lazy("C’est noté : la personne a été appelée.")),
    "retenir": (actions.keep, gettext_lazy("C’est noté : on compte sur elle.")),
    "refuser": (actions.decline, gettext_lazy("C’est noté : pas cette fois.")),
    "retirer": (actions.withdraw, gettext_lazy("C’est noté : elle n’aide plus.")),
    "effacer": (actions.forget, gettext_lazy("C’est effacé. Il reste qu’une personne avait proposé.")),
}


class CallForm(forms.Form):
    """What the network asks everyone for."""

    operation = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Ce qui manque"), choices=CallKind.choices)
    wanted = forms.IntegerField(label=gettext_lazy("Combien"), min_value=1, max_value=500, initial=1)
    meals = forms.IntegerField(
        label=gettext_lazy("Nombre de repas"),
        help_text=gettext_lazy("À cuisiner ou à porter : l’appel dit ce qui se passe sinon."),
        min_value=1,
        max_value=5000,
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Langue"), choices=[("", "—"), *languages.CHOICES], required=False)
    hub = forms.ModelChoiceField(
        Hub.objects.none(), label=gettext_lazy("Où"), required=False, empty_label=gettext_lazy("tout le réseau")
    )
    on = forms.DateField(label=gettext_lazy("Quel jour"), widget=DateBox, required=False)
    begins = forms.TimeField(label=gettext_lazy("De"), widget=HourBox, required=False)
    ends = forms.TimeField(label=gettext_lazy("À"), widget=HourBox, required=False)
    until = forms.DateField(
        label=gettext_lazy("Montré jusqu’au"),
        help_text=gettext_lazy("Vide : jusqu’au jour choisi, sinon un mois."),
        widget=DateBox,
        required=False,
    )
    words = Words(
        label=gettext_lazy("En une phrase simple"),
        help_text=gettext_lazy("Tout le monde la lit. Rien d’une personne aidée."),
        max_length=200,
        required=False,
    )
    link = forms.URLField(
        label=gettext_lazy("Page où l’on donne de l’argent"), max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data, initial={"operation": uuid.uuid4(), "hub": viewer.hub_id})
        self.today = clock.today(viewer.timezone)
        hubs = self.fields["hub"]
        assert isinstance(hubs, forms.ModelChoiceField), "a list of hubs"
        hubs.queryset = Hub.objects.filter(network_id=viewer.network_id)
        if not viewer.coordinates:
            hubs.queryset = hubs.queryset.filter(organisation_id=viewer.organisation_id)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if identity.holds_nir(words):
            raise forms.ValidationError(_("N’écrivez pas de numéro de sécurité sociale. Il n’est pas gardé."))
        return words

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        kind, day = said.get("kind"), said.get("on")
        said["until"] = said.get("until") or day or self.today + _STANDS
        if day and day < self.today:
            self.add_error("on", _("Ce jour est passé."))
        if not self.today <= said["until"] <= self.today + _LONGEST or (day and said["until"] < day):
            self.add_error("until", _("Choisissez un jour à venir, dans les six mois, pas avant le jour de l’appel."))
        if kind == CallKind.MONEY and not said.get("link") and "link" not in self.errors:
            self.add_error("link", _("Où donne-t-on ? Collez l’adresse de la page."))
        if kind in (CallKind.LANGUAGE, CallKind.VOICE) and not said.get("language"):
            self.add_error("language", _("Choisissez la langue."))
        if said.get("begins") and said.get("ends") and said["ends"] <= said["begins"]:
            self.add_error("ends", _("La fin vient après le début."))
        if said.get("begins") and not day:
            self.add_error("on", _("Une heure va avec un jour."))
        return said

    def terms(self) -> Terms:
        said = {name: self.cleaned_data[name] for name in Terms.__dataclass_fields__}
        kind = CallKind(said["kind"])
        if kind != CallKind.MONEY:
            said["link"] = ""
        if kind not in (CallKind.LANGUAGE, CallKind.VOICE):
            said["language"] = ""
        return Terms(**(said | {"kind": kind}))


@dataclass(frozen=True)
class Offered:
    """One offer as its hub reads it."""

    offer: Offer
    name: str
    phone: str  # as it is said, on one line
    number: str
    words: str
    gifts: str
    when: str
    speaks: str
    state: str
    call: str


def board(request: HttpRequest) -> HttpResponse:
    """Who to call back, then what is missing; a coordinator reads how many wait in each hub."""
    viewer = viewer_of(request)
    network = Network.objects.get(pk=viewer.network_id)
    offers = rules.offers_for(viewer)
    closable = set(rules.calls_for(viewer).filter(state="open").values_list("pk", flat=True))
    shown = {
        "offers": [_offered(row) for row in queries.page_of(offers, PAGE)],
        "waiting": offers.waiting().count(),
        "hubs": queries.waiting_by_hub(viewer),
        "board": queries.board(network, clock.today(viewer.timezone)),
        "closable": closable,
        "network": network,
    }
    return render(request, "workspace/help_board.html", shown)


def _offered(offer: Offer) -> Offered:
    told = sealing.told(offer)
    gifts = ", ".join(str(Gift(gift).label).lower() for gift in offer.gifts)
    if offer.meals:
        gifts += f" ({_('%(n)s repas') % {'n': offer.meals}})"
    return Offered(
        offer=offer,
        name=told.get("name") or _("Quelqu’un"),
        phone=identity.say_phone(told.get("phone", "")).replace(" ", "\u00a0"),
        number=told.get("phone", ""),
        words=told.get("words", ""),
        gifts=gifts,
        when=_when(offer),
        speaks=", ".join(languages.name(code) for code in dict.fromkeys([*offer.languages, *_reader(offer)])),
        state=_OF_STATE[OfferState(offer.state)],
        call=title_of(offer.call.kind, meals=offer.call.meals, language=offer.call.language) if offer.call else "",
    )


def _reader(offer: Offer) -> list[str]:
    """The language of the page, when it says more than French does."""
    return [offer.reader] if offer.reader not in ("", languages.FRENCH, languages.FALC) else []


def _when(offer: Offer) -> str:
    if offer.on:
        days = dates.written(offer.on, "l j F")
    else:
        days = ", ".join(formats.date_format(date(2024, 1, n), "l") for n in offer.days)  # the first was a Monday
    parts = ", ".join(str(Part(part).label).lower() for part in offer.parts)
    return " · ".join(part for part in (days, parts) if part) or _("quand on veut")


def call_new(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = CallForm(viewer, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.write_call(
                viewer.network_id, terms=form.terms(), by=viewer, operation=form.cleaned_data["operation"]
            )
        except ReliefError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’appel est montré à tous."))
            return redirect("workspace:help_board")
    return render(request, "workspace/help_call_new.html", {"form": form})


@require_POST
def call_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    actions.close_call(get_object_or_404(rules.calls_for(viewer), pk=pk), by=viewer)
    messages.success(request, _("L’appel n’est plus montré."))
    return redirect("workspace:help_board")


@require_POST
def offer_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One gesture about one offer."""
    viewer = viewer_of(request)
    offer = get_object_or_404(rules.offers_for(viewer), pk=pk)
    verb = request.POST.get("verbe", "appeler")
    if verb not in _VERBS:
        raise Http404
    step, said = _VERBS[verb]
    try:
        step(offer, by=viewer)
    except ReliefError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, str(said))
    return redirect("workspace:help_board")
