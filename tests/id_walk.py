"""Ids where an address has none: each page's forms are sent, and its query string written, with other people's ids.

A form is filled as its page offers it; then each id that it carries, and each one that it could carry, is replaced by the
id of a row of the same kind that lives elsewhere. What must not happen is looked for in the database and in the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from allervers.accounts.models import Hub, Membership, Network, Organisation
from allervers.core import clock
from allervers.directory.models import Service, Territory
from allervers.journal.models import Event
from allervers.needs.models import Encounter, HelpRequest, Need
from allervers.people.models import PersonCard
from allervers.prevention.models import Media
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.models import Attendance
from allervers.referrals.models import Referral
from allervers.relief.models import Call, Offer
from tests.access_walk import Address, Factory, Position

# What each name that a form or a query string gives an id is the id of. A new one is missed by a test.
KINDS: dict[str, type[models.Model]] = {
    "appel": Call,
    "besoin": Need,
    "card": PersonCard,
    "hub": Hub,
    "known": PersonCard,
    "ligne": Attendance,
    "media": Media,
    "membership": Membership,
    "need": Need,
    "organisation": Organisation,
    "partenaire": Organisation,
    "person": PersonCard,
    "recipient": Organisation,
    "referral": Referral,
    "service": Service,
    "territory": Territory,
}
# Given by a script or by another page: tried on every form, whether it carries them or not.
GIVEN_LATER = {"card", "need", "person", "service"}
# Ids that point to no row of anyone: made by the page, or a file's of its own.
NOT_ROWS = {"operation", "kept"}
# What is about one person: nobody of another structure points to it or changes it.
OF_PERSONS: list[type[models.Model]] = [PersonCard, Need, Encounter, HelpRequest, Referral, Offer]


@dataclass
class SentForm:
    """One form of a page, as a browser would send it untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)  # by the value of a choice, the name that takes it


class _Forms(HTMLParser):
    """Fills each field with what it shows, or with the first thing that it would take."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[SentForm] = []
        self.open: SentForm | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = SentForm(told.get("action", ""), told.get("method", "get").upper())
            self.found.append(self.open)
        elif self.open is None:
            return
        elif tag == "select":
            self.select = told.get("name", "")
        elif tag == "option" and self.select and told.get("value"):
            if "selected" in told or self.select not in self.open.values:
                self.open.values[self.select] = told["value"]
        elif tag in {"input", "textarea", "button"} and told.get("name"):
            self._fill(self.open.values, told, told.get("type", "text"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""

    def _fill(self, values: dict[str, str], told: dict[str, str], kind: str) -> None:
        first = {"date": f"{clock.today()}", "number": "1", "email": "a@example.org", "tel": "0612345678"}
        if kind in {"radio", "checkbox", "submit"}:
            if self.open and kind == "radio":
                self.open.choices[told.get("value", "")] = told["name"]
            if "checked" in told or told["name"] not in values:
                values[told["name"]] = told.get("value", "on")
        elif kind not in {"file", "button"}:
            values[told["name"]] = told.get("value") or (first.get(kind, "Texte") if "required" in told else "")


def forms_of(page: str) -> list[SentForm]:
    parser = _Forms()
    parser.feed(page)
    return parser.found


def names_of_forms(classes: list[type[forms.Form]]) -> set[str]:
    """Every name under which a form of ours takes an id."""
    taken = (forms.ModelChoiceField, forms.UUIDField)
    return {name for one in classes for name, kept in one.base_fields.items() if isinstance(kept, taken)}


def build_all(factories: dict[str, Factory], place: Position) -> dict[str, dict[str, object]]:
    """What each factory builds there; one that cannot build twice in one installation is left out the second time."""
    built = {}
    for name, build in factories.items():
        with suppress(IntegrityError, ProgrammeError), transaction.atomic():
            built[name] = build(place)
    return built


class Elsewhere:
    """Rows of every kind, in another structure of the network and in another network; what touching them would show."""

    def __init__(self, places: list[Position], factories: dict[str, Factory], home: Organisation) -> None:
        for place in places:
            build_all(factories, place)
        self.home, self.networks = home, {place.hub.network_id for place in places} - {home.network_id}
        self.codes = set(PersonCard.objects.exclude(organisation=home).values_list("code", flat=True))

    def ids(self, kind: type[models.Model]) -> Iterator[object]:
        """One of another network; for what is about a person, one of another structure too."""
        rows = kind._default_manager.all()
        if "network" in {one.name for one in kind._meta.get_fields()}:
            yield from rows.filter(network__in=self.networks).values_list("pk", flat=True)[:1]
        if kind in OF_PERSONS:
            yield from (
                rows.filter(network_id=self.home.network_id)
                .exclude(organisation=self.home)
                .values_list("pk", flat=True)[:1]
            )

    def harm(self) -> list[str]:
        """What a form sent from home has done to what lives elsewhere."""
        return [*_crossings(), *self._changed()]

    def remember(self) -> None:
        self.before = self._state()

    def _changed(self) -> list[str]:
        now = self._state()
        return [f"{name} changed elsewhere" for name, state in now.items() if state != self.before[name]]

    def _state(self) -> dict[str, object]:
        state: dict[str, object] = {
            kind._meta.label: sorted(map(str, kind._default_manager.exclude(organisation=self.home).values_list()))
            for kind in OF_PERSONS
        }
        return state | {"the journal": Event.objects.filter(network_id__in=self.networks).count()}


def _crossings() -> list[str]:
    """Rows that point to a row of another network; those about a person, to another structure's."""
    found = []
    for model in apps.get_models():
        own = {one.name for one in model._meta.get_fields()}
        for link in model._meta.concrete_fields:
            target = link.related_model
            if not isinstance(target, type) or target is Network or model is Network:
                continue
            theirs = {one.name for one in target._meta.get_fields()}
            walls = [wall for wall in ("network",) if wall in own & theirs]
            walls += ["organisation"] if target in OF_PERSONS and "organisation" in own & theirs else []
            for wall in walls:
                crossing = model._default_manager.filter(**{f"{link.name}__isnull": False})
                if crossing.exclude(**{f"{link.name}__{wall}_id": F(f"{wall}_id")}).exists():
                    found.append(f"{model._meta.label}.{link.name} points to another {wall}")
    return found


def tries(
    client: Client, address: Address, kwargs: dict[str, object], query: str, elsewhere: Elsewhere
) -> Iterator[tuple[str, list[str]]]:
    """Every page and form of one address with ids of elsewhere: what was tried, what it did that it should not."""
    path = reverse(address.name, kwargs=kwargs)
    page = client.get(f"{path}?{query}" if query else path)
    if page.status_code != 200 or "text/html" not in page.headers.get("Content-Type", ""):
        return
    for ids in _each_kind(elsewhere):
        yield _tried(elsewhere, f"GET {address.name}", lambda ids=ids: client.get(f"{path}?{urlencode(ids)}&{query}"))
    for form in forms_of(page.content.decode()):
        for name, ident in _replacements(form, elsewhere):
            chosen = {form.choices[name]: name} if name in form.choices else {}  # "who: card" beside "card: …"
            values = form.values | chosen | {name: str(ident)}
            send = client.post if form.method == "POST" else client.get
            target = form.action or path
            told = f"{form.method} {address.name} → {target.split('?')[0]}: {name}"
            yield _tried(elsewhere, told, lambda send=send, target=target, values=values: send(target, values))


def _each_kind(elsewhere: Elsewhere) -> Iterator[dict[str, object]]:
    """All names at once, with ids of another network, then of another structure."""
    found = {name: list(elsewhere.ids(kind)) for name, kind in KINDS.items()}
    for turn in range(2):
        if ids := {name: known[turn] for name, known in found.items() if len(known) > turn}:
            yield ids


def _replacements(form: SentForm, elsewhere: Elsewhere) -> Iterator[tuple[str, object]]:
    later = dict.fromkeys(GIVEN_LATER, "") if form.method == "POST" else {}
    for name, value in (later | form.values).items():
        if name in NOT_ROWS or not (name in KINDS or _is_id(value)):
            continue
        kind = KINDS.get(name) or _kind_of(value)
        for ident in elsewhere.ids(kind) if kind else []:
            yield name, ident


def _tried(elsewhere: Elsewhere, told: str, send: Callable[[], object]) -> tuple[str, list[str]]:
    with transaction.atomic():
        response = send()
        text = getattr(response, "content", b"").decode(errors="replace")
        harm = elsewhere.harm() + [f"{told} shows a code" for code in elsewhere.codes if code in text]
        transaction.set_rollback(True)
    return told, harm


def _is_id(value: str) -> bool:
    try:
        return bool(UUID(value))
    except ValueError:
        return False


def _kind_of(value: str) -> type[models.Model] | None:
    rows = (m for m in apps.get_models() if isinstance(m._meta.pk, models.UUIDField))
    return next((model for model in rows if model._default_manager.filter(pk=value).exists()), None)
