"""Noting an encounter: the page, its sentence while one answers, undoing, and the blank sheet for paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allervers.accounts.rules import Viewer
from allervers.directory.rules import services_for
from allervers.needs import actions, rules
from allervers.needs.enums import Category, Mode
from allervers.needs.errors import NeedError
from allervers.needs.models import Encounter, Need
from allervers.people import actions as people
from allervers.people import queries as people_queries
from allervers.people.enums import ReceiptMode
from allervers.people.models import PersonCard
from allervers.people.rules import cards_for
from allervers.web.request import viewer_of
from allervers.web.workspace import encounter_form as entry
from allervers.web.workspace.encounter_form import EncounterForm
from allervers.web.workspace.lock import is_resumed

PAPER_LINES = 14


def encounter_new(request: HttpRequest) -> HttpResponse:
    """Under 20 seconds: five questions, one need enough. `?card=` and `?service=` come from their pages."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return _page(request, viewer, EncounterForm(viewer, initial=_started(request, viewer)))
    form = EncounterForm(viewer, request.POST)
    if is_resumed(request):
        form.leave_unfinished()
        return _page(request, viewer, form)
    if not form.is_valid():
        return _page(request, viewer, form)
    known = _perhaps_known(viewer, form)
    if known and not form.cleaned_data["seen"] and form.cleaned_data["card"] is None:
        return _page(request, viewer, form)  # without a script, the doubt is shown once before it is noted
    try:
        encounter = _note(viewer, form)
    except (NeedError, people.OutOfReach, people.CardErased) as refusal:
        form.add_error(_field_of(refusal), str(refusal))
        return _page(request, viewer, form)
    except people.CardRefused as refusal:
        form.add_error(
            {"birth_year": "birth", "birth_date": "birth", "phones": "phone"}.get(refusal.field_name), str(refusal)
        )
        return _page(request, viewer, form)
    return _after(request, encounter, form)


@require_POST
def encounter_start(request: HttpRequest) -> HttpResponse:
    """From "who is there?": a code, a phone or a name, never in an address. The page opens with what was found."""
    viewer = viewer_of(request)
    typed = request.POST.get("q", "").strip()[:80]
    found = people_queries.find(viewer, typed, limit=5) if typed else []
    initial: dict[str, Any] = {"who": "none"}
    if len(found) == 1 and found[0].why in {"code", "phone"}:
        initial = {"card": found[0].card.pk, "who": "card"}
    elif typed and sum(letter.isdigit() for letter in typed) >= 6:
        initial = {"who": "card", "phone": typed}
    elif typed:
        first, _space, last = typed.partition(" ")
        initial = {"who": "card", "first_name": first, "last_name": last}
    return _page(request, viewer, EncounterForm(viewer, initial=initial), found=found)


@require_POST
def encounter_recap(request: HttpRequest) -> HttpResponse:
    """What will be noted, and whom it may be: refreshed while one answers."""
    viewer = viewer_of(request)
    form = EncounterForm(viewer, request.POST)
    form.is_valid()  # unfinished answers are read too
    return render(request, "workspace/encounter_new.html#live", _context(viewer, form) | {"live": True})


@require_POST
def encounter_apart(request: HttpRequest) -> HttpResponse:
    """What may be said of each need, when several are chosen: refreshed when they change."""
    form = EncounterForm(viewer_of(request), request.POST)
    form.leave_unfinished()
    return render(request, "workspace/encounter_apart.html", {"form": form})


@require_POST
def encounter_undo(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    viewer = viewer_of(request)
    encounter = get_object_or_404(rules.encounters_for(viewer), pk=pk)
    try:
        actions.undo_encounter(encounter, by=viewer)
        messages.info(request, _("C’est défait : cette rencontre ne compte plus."))
    except NeedError as refusal:
        messages.warning(request, str(refusal))
    return redirect("workspace:encounter_new")


def encounter_paper(request: HttpRequest) -> HttpResponse:
    """A blank sheet to print, in the order of the page it will be keyed into."""
    shown = {
        "lines": range(PAPER_LINES),
        "categories": [(key.upper(), Category(value).label) for value, key in entry.CATEGORY_KEYS.items()],
        "modes": [label for _value, label in Mode.choices],
    }
    return render(request, "workspace/encounter_paper.html", shown)


def saved_notice(request: HttpRequest, viewer: Viewer) -> Encounter | None:
    """The encounter that was just saved, named by the address, so that the next page offers to undo it."""
    try:
        pk = UUID(request.GET.get("saved", ""))
    except ValueError:
        return None
    if not rules.may_note(viewer):
        return None
    return rules.encounters_for(viewer).filter(pk=pk, cancelled_at=None).select_related("card").first()


def _note(viewer: Viewer, form: EncounterForm) -> Encounter:
    """The encounter, and in the same transaction the card of someone new and what she was told."""
    said = form.cleaned_data
    card = _existing(viewer, said)
    return actions.note_encounter(
        entry.met(form),
        by=viewer,
        make_card=None if card is None and said["who"] not in {"card", "code"} else _card_maker(viewer, said, card),
        operation=said["operation"],
        content=form.content(),
    )


def _existing(viewer: Viewer, said: dict[str, Any]) -> PersonCard | None:
    """The card that was picked, or found by its code. Raises `UnknownCode`."""
    if said["who"] == "card":
        picked: PersonCard | None = said["card"]
        return picked
    if said["who"] == "code" and said["code"]:
        match = next((m for m in people_queries.find(viewer, said["code"], limit=2) if m.why == "code"), None)
        if match is None:
            raise UnknownCode(said["code"])
        return match.card
    return None


class UnknownCode(NeedError):
    def __str__(self) -> str:
        return _("Aucun code « %(code)s » ici. Relisez-le, ou laissez vide pour en donner un nouveau.") % {
            "code": self.args[0]
        }


def _card_maker(viewer: Viewer, said: dict[str, Any], card: PersonCard | None) -> Callable[[], PersonCard]:
    """Runs inside the encounter's own transaction: all is noted, or nothing is."""

    def make() -> PersonCard:
        fields: dict[str, Any] = {name: said[name] for name in ("sex", "age_band", "territory")}
        fields["speaks"] = [said["speaks"]] if said["speaks"] else []
        if card is not None:
            made = card
        elif said["who"] == "card":
            made = people.open_card(by=viewer, identity=entry.identity(said), **fields)
        else:
            made = people.open_code(by=viewer, **fields)
        if said["told"]:
            people.give_information(made, by=viewer, mode=ReceiptMode.READ_ALOUD)
        if said["next"] == "declined":
            people.ask_no_follow_up(made, by=viewer)
        return made

    return make


def _after(request: HttpRequest, encounter: Encounter, form: EncounterForm) -> HttpResponseRedirect:
    """Where to go: to the next person, to the referral, or back to the day, with a way to undo."""
    if form.cleaned_data["next"] == "refer":
        need = Need.objects.filter(encounter=encounter).order_by("id").first()
        if need is not None:
            return redirect(_referral_of(need))
    here = "workspace:encounter_new" if "again" in request.POST else "workspace:today"
    return redirect(f"{reverse(here)}?saved={encounter.pk}")


def _referral_of(need: Need) -> str:
    try:
        return reverse("workspace:referral_new", args=[need.pk])
    except NoReverseMatch:
        return reverse("workspace:need", args=[need.pk])


def _started(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """What another page already knows: whose card, or to which service."""
    initial: dict[str, Any] = {}
    card = _asked(request, "card", cards_for(viewer))
    if card is not None:
        initial |= {"card": card.pk, "who": "card" if card.is_named else "code"}
    service = _asked(request, "service", services_for(viewer))
    if service is not None:
        initial |= {"told_service": service, "oriented": True}
    return initial


def _asked(request: HttpRequest, name: str, rows: Any) -> Any:
    try:
        return rows.filter(pk=UUID(request.GET.get(name, ""))).first()
    except ValueError:
        return None


def _perhaps_known(viewer: Viewer, form: EncounterForm) -> list[Any]:
    said = form.cleaned_data if form.is_bound else form.initial
    if said.get("who") != "card":
        return []
    typed = entry.identity(said)
    return people_queries.perhaps_known(viewer, typed) if any(typed.values()) else []


def _page(request: HttpRequest, viewer: Viewer, form: EncounterForm, found: list[Any] | None = None) -> HttpResponse:
    context = _context(viewer, form) | {"saved": saved_notice(request, viewer), "live": False}
    if found:
        shown = {match.card.pk for match in found}
        context |= {"found": found, "known": [c for c in context["known"] if c.card_id not in shown]}
    return render(request, "workspace/encounter_new.html", context)


def _context(viewer: Viewer, form: EncounterForm) -> dict[str, Any]:
    said = form.cleaned_data if form.is_bound else form.initial
    card = said.get("card")
    picked = card if isinstance(card, PersonCard) else cards_for(viewer).filter(pk=card).first() if card else None
    label = people_queries.label_for(viewer, picked) if picked else ""
    return {
        "form": form,
        "picked": picked,
        "picked_label": label,
        "known": _perhaps_known(viewer, form),
        "found": [],
        "recap": entry.recap(form, said, label),
        "keys": viewer.shortcuts,
    }


def _field_of(refusal: Exception) -> str | None:
    """Which question a refusal is about."""
    return {
        "PastDay": "next_day",
        "TooFarDay": "next_day",
        "NotYetMet": "at",
        "TooLongAgo": "at",
        "BadCount": "head_count",
        "NothingSaid": "needs",
        "CountHasNoNeed": "needs",
        "UnknownCode": "code",
    }.get(type(refusal).__name__)
