"""A new card or code, with a look at who is perhaps already known; correcting one; naming a code."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from allervers.accounts.rules import Viewer
from allervers.people import actions, queries
from allervers.people.enums import ReadReason
from allervers.people.models import PersonCard
from allervers.web.request import viewer_of
from allervers.web.workspace.lock import is_resumed
from allervers.web.workspace.persons import card_or_404, heading, open_identity
from allervers.web.workspace.persons_form import CardForm, initial_of
from allervers.web.workspace.persons_links import reasons


@require_http_methods(["GET", "POST"])
@never_cache
def person_new(request: HttpRequest) -> HttpResponse:
    """A name opens a card, no name a code. Someone perhaps known is shown once, and she says which it is."""
    viewer = viewer_of(request)
    form = CardForm(viewer, request.POST if request.method == "POST" else None)
    known: list[queries.Candidate] = []
    if is_resumed(request):
        form.errors.clear()  # not finished: nothing is wrong yet
    elif form.is_bound and form.is_valid():
        answer = request.POST.get("known", "")
        known = queries.perhaps_known(viewer, form.identity())
        if not known or answer in {"none", "later"}:
            card = _opened(form, viewer)
            if answer == "later":
                _link_later(card, known, viewer)
            messages.success(request, _("C’est noté. Dites-lui maintenant ce que nous gardons."))
            return redirect("workspace:person_receipt", pk=card.pk)
    return render(request, "workspace/person_new.html", {"form": form, "known": _told(known), "asks": bool(known)})


@require_POST
def person_known(request: HttpRequest) -> HttpResponse:
    """Who it may be, quietly, while one types; what cannot be read yet is left out."""
    viewer = viewer_of(request)
    form = CardForm(viewer, request.POST)
    form.is_valid()  # unfinished answers are read too
    known = _told(queries.perhaps_known(viewer, form.typed()))
    return render(request, "workspace/person_new.html#known", {"known": known, "asks": False})


@require_http_methods(["GET", "POST"])
@never_cache
def person_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shows the identity to correct it, so it leaves a line. A code gets a name here."""
    viewer = viewer_of(request)
    card = card_or_404(viewer, pk)
    if request.method == "POST":
        form = CardForm(viewer, request.POST, card=card)
        if form.is_valid() and card.is_named:
            form.require_a_name()
        if form.is_valid():
            _correct(card, form, viewer)
            messages.success(request, _("La fiche est corrigée."))
            return redirect("workspace:person", pk=card.pk)
    else:
        identity = open_identity(viewer, card, ReadReason.EDIT) if card.is_named else None
        form = CardForm(viewer, card=card, initial=initial_of(card, identity))
    return render(request, "workspace/person_edit.html", {**heading(viewer, card), "form": form})


def _told(known: list[queries.Candidate]) -> list[tuple[queries.Candidate, Any]]:
    return [(candidate, reasons(candidate.reasons)) for candidate in known]


def _opened(form: CardForm, viewer: Viewer) -> PersonCard:
    values: dict[str, Any] = {**form.fields_of_card(), "operation": form.cleaned_data["operation"]}
    identity = form.identity()
    if identity.names_someone:
        return actions.open_card(by=viewer, identity=identity, **values)
    return actions.open_code(by=viewer, **values)


def _link_later(card: PersonCard, known: list[queries.Candidate], viewer: Viewer) -> None:
    """ "To check later": a candidate link with each card of the organisation that resembles this one."""
    others = PersonCard.objects.in_bulk([candidate.card_id for candidate in known])
    for candidate in known:
        if candidate.card_id != card.id and candidate.card_id in others:
            other = others[candidate.card_id]
            actions.propose_link(card, other=other, by=viewer, score=candidate.score, reasons=candidate.reasons)


def _correct(card: PersonCard, form: CardForm, viewer: Viewer) -> None:
    values, identity = form.fields_of_card(), form.identity()
    values["speaks"] += [code for code in card.speaks[2:] if code not in values["speaks"]]
    values["reads"] += [code for code in card.reads[1:] if code not in values["reads"]]
    if card.is_named:
        actions.update_card(card, by=viewer, identity=identity, **values)
    else:
        actions.update_card(card, by=viewer, **values)
        if identity.names_someone:
            actions.name_card(card, identity=identity, by=viewer)
