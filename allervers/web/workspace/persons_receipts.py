"""What she is told and asked, large and in her language; what was told before, to print."""

import hashlib
import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.core import languages
from allervers.people import actions, notices
from allervers.people.actions.receipts import words_of
from allervers.people.enums import AgreedBy, ReceiptKind, ReceiptMode, SharedContent
from allervers.people.models import PersonCard, Receipt
from allervers.people.rules import receipts_for
from allervers.web.request import viewer_of
from allervers.web.workspace.persons import card_or_404, heading

_WRITTEN = [(code, languages.name(code)) for code in notices.WRITTEN]
_SPOKEN_ONLY = [(code, name) for code, name in languages.CHOICES if code not in notices.WRITTEN]
# How it was told: the word on each button.
MODES = [
    (ReceiptMode.READ_ALOUD, gettext_lazy("Lu à voix haute")),
    (ReceiptMode.SHOWN, gettext_lazy("Lu par la personne")),
    (ReceiptMode.PAPER, gettext_lazy("Donné sur papier")),
    (ReceiptMode.PHONE, gettext_lazy("Dit au téléphone")),
]


class ReceiptForm(forms.Form):
    """What is told, in which language, and for a sharing: to whom, what, agreed by whom."""

    says_optional = False

    kind = forms.ChoiceField(label=gettext_lazy("Quoi"), choices=ReceiptKind.choices, initial=ReceiptKind.INFORMATION)
    language = forms.ChoiceField(
        label=gettext_lazy("Dans quelle langue"),
        choices=[
            (gettext_lazy("Avec un texte écrit"), _WRITTEN),
            (gettext_lazy("À dire, texte en français"), _SPOKEN_ONLY),
        ],
    )
    recipient = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("À qui transmettre"), required=False, empty_label="—"
    )
    content = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui sera transmis"),
        choices=SharedContent.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agreed_by = forms.ChoiceField(label=gettext_lazy("Qui donne l’accord"), choices=AgreedBy.choices, required=False)

    def __init__(self, viewer: Viewer, card: PersonCard, data: QueryDict, *, posted: bool) -> None:
        asked = data.copy()
        self.started = posted or "recipient" in data  # before that, nothing is missing yet
        asked.setdefault("kind", ReceiptKind.INFORMATION)
        if not asked.get("language"):
            asked["language"] = notices.best_language(card.reads, card.speaks)
        super().__init__(asked)
        recipients = self.fields["recipient"]
        assert isinstance(recipients, forms.ModelChoiceField), "a list of rows"
        recipients.queryset = organisations_for(viewer).exclude(pk=viewer.organisation_id)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") == ReceiptKind.SHARING and self.started:
            if not said.get("recipient"):
                self.add_error("recipient", _("Choisissez à qui : l’accord le nomme."))
            if not said.get("content"):
                self.add_error("content", _("Choisissez ce qui sera transmis : rien d’autre ne partira."))
        elif said.get("kind") != ReceiptKind.SHARING:
            said |= {"recipient": None, "content": []}
        said["agreed_by"] = said.get("agreed_by") or AgreedBy.SELF
        return said


@require_http_methods(["GET", "POST"])
@never_cache
def person_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose, show the words, say how they were told. Only words that are the ones on the screen are kept."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    posted = request.method == "POST"
    form = ReceiptForm(viewer, card, request.POST if posted else request.GET, posted=posted)
    asks = form.data.get("kind") == ReceiptKind.SHARING
    told = _told(card, form, viewer) if form.is_valid() and (form.started or not asks) else None
    problem = ""
    if posted and told is not None and request.POST.get("mode") in ReceiptMode.values:
        if request.POST.get("digest") == _digest(told.words):
            try:
                receipt = _keep(card, form, viewer, request.POST)
            except actions.RepresentativeNeeded as needed:
                problem = str(needed)
            else:
                messages.success(request, _("C’est noté, avec les mots exacts."))
                return redirect(_next(request, receipt))
        else:
            problem = _("Le texte n’est plus celui que vous aviez : relisez-le avec elle, puis choisissez de nouveau.")
    context = {
        **heading(viewer, card),
        "form": form,
        "told": told,
        "digest": _digest(told.words) if told else "",
        "lang": told.language.split("-")[0] if told else "",
        "direction": languages.LANGUAGES[told.language].direction if told else "",
        "written": languages.name(told.language) if told else "",
        "asked": languages.name(form.data.get("language", "")),
        "modes": MODES,
        "problem": problem,
        "asks": asks,
        "chosen": _chosen(form),
        "operation": request.POST.get("operation") or uuid.uuid4(),
        "next": _safe_next(request),
    }
    return render(request, "workspace/person_receipt.html", context)


@require_GET
@never_cache
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One receipt with its exact words, to print for her. It shows the code, never the name."""
    viewer = viewer_of(request)
    rows = receipts_for(viewer).select_related("card", "organisation", "recipient", "by__user")
    found = get_object_or_404(rows, pk=pk)
    context = {
        "receipt": found,
        "card": found.card,
        "lang": found.language.split("-")[0],
        "direction": languages.LANGUAGES[found.language].direction,
        "written": languages.name(found.language),
        "spoken": languages.name(found.spoken_language) if found.spoken_language else "",
        "content": [SharedContent(code).label for code in found.content if code in SharedContent.values],
    }
    return render(request, "workspace/person_receipt_print.html", context)


@require_POST
def receipt_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """She changed her mind."""
    viewer = viewer_of(request)
    found = get_object_or_404(receipts_for(viewer).select_related("card"), pk=pk)
    if found.kind == ReceiptKind.INFORMATION:
        raise Http404
    if found.kind == ReceiptKind.NO_FOLLOW_UP:
        actions.resume_follow_up(found.card, by=viewer)
    else:
        actions.withdraw(found, by=viewer)
    messages.success(request, _("L’accord est retiré : ce qui n’est pas parti ne partira pas."))
    return redirect("workspace:person", pk=found.card_id)


def _told(card: PersonCard, form: ReceiptForm, viewer: Viewer) -> notices.Notice:
    said = form.cleaned_data
    return words_of(
        card,
        said["kind"],
        said["language"],
        organisation=viewer.organisation_name,
        recipient=said["recipient"].name if said["recipient"] else "",
        content=[code for code in SharedContent.values if code in said["content"]],
        agreed_by=said["agreed_by"],
    )


def _keep(card: PersonCard, form: ReceiptForm, viewer: Viewer, sent: QueryDict) -> Receipt:
    said = form.cleaned_data
    values: dict[str, Any] = {
        "by": viewer,
        "mode": sent["mode"],
        "language": said["language"],
        "operation": _operation(sent.get("operation", "")),
    }
    if said["kind"] == ReceiptKind.SHARING:
        values |= {"recipient": said["recipient"], "content": said["content"], "agreed_by": said["agreed_by"]}
        return actions.agree_to_share(card, **values)
    if said["kind"] == ReceiptKind.NO_FOLLOW_UP:
        return actions.ask_no_follow_up(card, **values)
    return actions.record_agreement(card, kind=ReceiptKind(said["kind"]), agreed_by=said["agreed_by"], **values)


def _chosen(form: ReceiptForm) -> list[tuple[str, str]]:
    """What was chosen above, carried by the buttons below."""
    names = ("kind", "language", "recipient", "agreed_by")
    carried = [(name, str(form.data[name])) for name in names if form.data.get(name)]
    return carried + [("content", code) for code in form.data.getlist("content")]  # type: ignore[attr-defined]  # a QueryDict


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _operation(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None


def _safe_next(request: HttpRequest) -> str:
    """Where the page that sent here wants to be gone back to; an address of ours only."""
    asked = str((request.POST if request.method == "POST" else request.GET).get("next", ""))
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def _next(request: HttpRequest, kept: Receipt) -> str:
    return _safe_next(request) or reverse("workspace:person", kwargs={"pk": kept.card_id})
