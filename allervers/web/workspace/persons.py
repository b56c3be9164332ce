"""Persons: searching, a card's page, opening an identity with a reason, who read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allervers.accounts.rules import Viewer
from allervers.core import clock, languages
from allervers.journal.actions import note_read
from allervers.needs.rules import needs_for
from allervers.people import actions, queries, safe_hours, vault
from allervers.people import identity as identities
from allervers.people.enums import Interpreter, LinkState, PhoneOwner, ReadReason
from allervers.people.identity import Identity, Phone
from allervers.people.models import PersonCard
from allervers.people.rules import cards_for, links_for
from allervers.web.components.forms import Pills
from allervers.web.request import viewer_of
from allervers.web.workspace.paging import page_of

_PAGE = 25
# Reasons offered before an identity is opened; the others are noted by the page that opens it.
_OFFERED = (
    ReadReason.RECEIVE,
    ReadReason.CALL,
    ReadReason.PAPERS,
    ReadReason.CHECK,
    ReadReason.RIGHTS,
    ReadReason.OTHER,
)


class OpenForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Pourquoi ouvrir son identité ?"),
        choices=[(reason.value, reason.label) for reason in _OFFERED],
        widget=Pills,
        error_messages={
            "required": gettext_lazy("Choisissez une raison : elle sera notée, et la personne peut la lire.")
        },
    )


@dataclass(frozen=True)
class Line:
    """One person in a list."""

    card: PersonCard
    label: str
    year: int | None
    speaks: str

    @property
    def kind(self) -> str:
        return "card" if self.card.is_named else "code"


@dataclass(frozen=True)
class ReachablePhone:
    """A number as it is said, with what may be done there now."""

    phone: Phone
    said: str
    owner: str
    hours: str
    safe_now: bool | None


@require_http_methods(["GET", "POST"])
@never_cache
def persons(request: HttpRequest) -> HttpResponse:
    """Those met lately; a search is posted, so that no name stands in an address."""
    viewer = viewer_of(request)
    typed = request.POST.get("q", "").strip()[:120]
    if typed:
        found = queries.find(viewer, typed)
        lines = [Line(match.card, match.label, match.year, speaks(match.card)) for match in found]
        page = None
    else:
        cards = cards_for(viewer).select_related("hub").order_by("-last_contact_at", "id")
        page = page_of(cards, request, _PAGE)
        labels = queries.initials_of(page.object_list)
        lines = [Line(card, labels[card.id], None, speaks(card)) for card in page.object_list]
    to_check = links_for(viewer).filter(state=LinkState.CANDIDATE).count()
    context = {"typed": typed, "lines": lines, "page": page, "to_check": to_check}
    return render(request, "workspace/persons.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Initials by default. Posting a reason opens the identity, once, and leaves a line."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    form = OpenForm(request.POST if request.method == "POST" else None)
    opened = None
    if form.is_bound and form.is_valid() and card.is_named:
        opened = open_identity(viewer, card, form.cleaned_data["reason"])
    needs = needs_for(viewer).filter(card=card).order_by("-opened_at", "id")[:20]
    reads = queries.reads_of(card)
    context = {
        **heading(viewer, card),
        "form": form,
        "opened": opened,
        "phones": _phones(opened, viewer) if opened else [],
        "helpers": [(helper, identities.say_phone(helper.phone)) for helper in opened.helpers] if opened else [],
        "needs": needs,
        "receipts": card.receipts.select_related("recipient")[:20],
        "reads": reads[:3],
        "read_count": len(reads),
        "speaks": speaks(card),
        "reads_languages": _reading(card),
        "interpreter": Interpreter(card.interpreter).label if card.interpreter else "",
        "to_check": links_for(viewer).filter(state=LinkState.CANDIDATE).filter(_touches(card)).count(),
    }
    return render(request, "workspace/person.html", context)


@require_GET
@never_cache
def person_reads(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who read this identity: to turn the screen to the person, or to print for her."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    context = {**heading(viewer, card), "reads": queries.reads_of(card), "today": clock.today(viewer.timezone)}
    return render(request, "workspace/person_reads.html", context)


@require_POST
def person_follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One gesture: do not call her back; the other way round when it was said before."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    if card.no_follow_up:
        actions.resume_follow_up(card, by=viewer)
        messages.success(request, _("Vous pouvez de nouveau la joindre."))
    else:
        actions.ask_no_follow_up(card, by=viewer)
        messages.success(request, _("C’est noté : personne ne la rappelle."))
    return redirect("workspace:person", pk=card.pk)


def card_or_404(viewer: Viewer, pk: UUID) -> PersonCard:
    return get_object_or_404(cards_for(viewer).select_related("hub", "organisation", "territory"), pk=pk)


def heading(viewer: Viewer, card: PersonCard) -> dict[str, Any]:
    """What each page about one person begins with."""
    return {"card": card, "label": queries.label_for(viewer, card), "kind": "card" if card.is_named else "code"}


def open_identity(viewer: Viewer, card: PersonCard, reason: str) -> Identity:
    """The identity, to be shown on this page; the line is written first."""
    note_read([card.id], network=card.network_id, organisation=card.organisation_id, reason=reason, by=viewer)
    return identities.parse(vault.identity(card), today=clock.today())


def speaks(card: PersonCard) -> str:
    return ", ".join(languages.name(code) for code in card.speaks)


def _reading(card: PersonCard) -> str:
    if card.reads == ["none"]:
        return _("ne lit pas")
    return ", ".join(languages.name(code) for code in card.reads)


def _phones(opened: Identity, viewer: Viewer) -> list[ReachablePhone]:
    now = clock.now()
    return [
        ReachablePhone(
            phone,
            identities.say_phone(phone.number),
            str(PhoneOwner(phone.owner).label),
            safe_hours.told(phone.hours) if phone.hours else "",
            safe_hours.is_safe(phone.hours, now, viewer.timezone),
        )
        for phone in opened.phones
    ]


def _touches(card: PersonCard) -> Q:
    return Q(first=card) | Q(second=card)
