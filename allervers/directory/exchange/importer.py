"""Each record of a file meets what the directory knows of it; what is new or changed is written a batch at a time.

The same file twice changes nothing: a structure of the interchange model is known by its id, a line of contacts by the
names of its organisation and place and where it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from allervers.accounts.models import Network, Organisation
from allervers.accounts.rules import Viewer
from allervers.core import text
from allervers.directory import index, territories
from allervers.directory.enums import Theme
from allervers.directory.exchange import contacts, interchange
from allervers.directory.exchange.identifiers import OUR_SOURCE
from allervers.directory.exchange.report import SHOWN, Report
from allervers.directory.models import Place, Service
from allervers.journal.actions import action, record

_BATCH = 500  # records written in one transaction
_ALIKE = 88  # of 100, two names that are probably one place's
_COMPARED = 3000  # names of one commune compared with a line


@dataclass
class Item:
    line: int
    record: dict[str, Any]
    is_service: bool = False
    contact: contacts.Contact | None = None


@dataclass
class _Writes:
    """What one batch creates and changes."""

    organisations: dict[UUID, Organisation] = field(default_factory=dict)
    places: dict[UUID, Place] = field(default_factory=dict)
    services: dict[UUID, Service] = field(default_factory=dict)
    changed: dict[str, dict[UUID, Any]] = field(default_factory=lambda: defaultdict(dict))

    def touched_places(self) -> set[UUID]:
        services = [*self.services.values(), *self.changed["services"].values()]
        organisations = {row.id for row in self.changed["organisations"].values()}
        moved = Place.objects.filter(organisation_id__in=organisations).values_list("id", flat=True)
        return {*self.places, *self.changed["places"], *(row.place_id for row in services), *moved}


class Importer:
    """Holds the keys of what the network knows, so that each line meets what it is; rows are loaded a batch at a time."""

    def __init__(self, network: Network, by: Viewer | None, report: Report, same: dict[str, str]) -> None:
        self.network, self.by, self.report, self.same = network, by, report, same
        self.waiting: list[Item] = []
        self.locator = territories.Locator()
        self.places: dict[UUID, Place] = {}
        self.services: dict[UUID, Service] = {}
        self.slugs: set[str] = set(Organisation.objects.filter(network=network).values_list("slug", flat=True))
        self.organisations: dict[str, list[Organisation]] = defaultdict(list)
        self.sirets: dict[str, Organisation] = {}
        for organisation in Organisation.objects.filter(network=network, closed_at=None):
            self._know_organisation(organisation)
        self.place_ids: dict[str, UUID] = {}
        self.place_keys: dict[tuple[str, ...], UUID] = {}
        self.names: dict[str, dict[UUID, str]] = defaultdict(dict)
        self.homes: dict[UUID, set[str]] = defaultdict(set)  # organisation → communes where it has a place
        self.counts: dict[UUID, int] = defaultdict(int)
        rows = (
            Place.objects.filter(network=network)
            .select_related("organisation")
            .only(
                "id", "source_id", "name", "commune", "postcode", "address", "extra", "organisation__name", "closed_at"
            )
        )
        for place in rows.iterator(chunk_size=2000):
            self._know_place(place, place.organisation)
        self.service_ids: dict[str, UUID] = {}
        self.service_keys: dict[tuple[UUID, str], UUID] = {}
        services = Service.objects.filter(network=network).values_list("id", "source_id", "place_id", "name")
        for number, source_id, place_id, name in services.iterator(chunk_size=5000):
            self._know_service(number, source_id, place_id, name)

    # what is known

    def _know_organisation(self, organisation: Organisation) -> None:
        self.organisations[text.fold(organisation.name)].append(organisation)
        if organisation.siret:
            self.sirets[organisation.siret] = organisation

    def _know_place(self, place: Place, organisation: Organisation) -> None:
        for key in {place.source_id, f"{OUR_SOURCE}--{place.id}"} - {""}:
            self.place_ids[key] = place.id
        if place.closed_at is None:
            self.place_keys.setdefault(_key(organisation.name, place), place.id)
            self.names[text.fold(place.commune)][place.id] = text.fold(place.name)
        self.homes[organisation.id].add(text.fold(place.commune))
        self.counts[organisation.id] += 1

    def _know_service(self, number: UUID, source_id: str, place_id: UUID, name: str) -> None:
        for key in {source_id, f"{OUR_SOURCE}--{number}"} - {""}:
            self.service_ids[key] = number
        self.service_keys.setdefault((place_id, text.fold(name)), number)

    # batches

    def feed(self, item: Item) -> None:
        self.waiting.append(item)
        if len(self.waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if not self.waiting:
            return
        items, self.waiting = self.waiting, []
        self._load(items)
        writes = _Writes()
        for item in items:
            if item.contact is not None:
                self._contact(item, item.contact, writes)
            elif item.is_service:
                self._service(item, writes)
            else:
                self._structure(item, writes)
        if not self.report.dry_run:
            for place in [*writes.places.values(), *writes.changed["places"].values()]:
                self.locator.set(place)
            _write(self.network, by=self.by, writes=writes)
            self.places, self.services = {}, {}

    def _load(self, items: list[Item]) -> None:
        """The rows that this batch may change, in two queries."""
        wanted: set[UUID | None] = set()
        services: set[UUID | None] = set()
        for item in items:
            wanted.add(self._place_of(item))
            if item.is_service:
                services.add(self.service_ids.get(str(item.record["id"])))
        missing = [number for number in wanted if number and number not in self.places]
        self.places |= Place.objects.select_related("organisation").in_bulk(missing)
        found = Service.objects.select_related("place__organisation")
        self.services |= found.in_bulk([number for number in services if number])
        if any(item.contact for item in items):
            self.services |= {row.id: row for row in found.filter(place_id__in=[n for n in wanted if n])}

    def _place_of(self, item: Item) -> UUID | None:
        if item.contact is not None:
            chosen = self.same.get(str(item.line))
            if chosen and UUID(chosen) in self._all_places():
                return UUID(chosen)
            return self.place_keys.get(_contact_key(item.contact))
        return self.place_ids.get(str(item.record["structure_id" if item.is_service else "id"]))

    def _all_places(self) -> set[UUID]:
        return set(self.place_ids.values())

    # structures and services of the interchange model

    def _structure(self, item: Item, writes: _Writes) -> None:
        number = self._place_of(item)
        place = self.places.get(number) if number else None
        self._remark(item, place or Place())
        if place is None:
            organisation = self._organisation_for(item.record, writes)
            place = Place(network=self.network, organisation=organisation, **({"id": number} if number else {}))
            place.extra = {}
            interchange.fill_structure(organisation, place, item.record, alone=self.counts[organisation.id] == 0)
            self._new_place(place, writes)
            return
        before = _state(place), _state(place.organisation)
        place.extra = dict(place.extra)
        alone = self.counts[place.organisation_id] <= 1
        if place.extra.pop("placeholder", None) or (alone and place.organisation.name == place.name):
            place.organisation.name = str(item.record["nom"])
        interchange.fill_structure(place.organisation, place, item.record, alone=alone)
        place.extra |= _columns_kept(item.record)
        self._note_change(before[0] != _state(place), before[1] != _state(place.organisation), place, writes)

    def _remark(self, item: Item, row: Place | Service) -> None:
        for what in interchange.remarks(item.record, row):
            self.report.warn(item.line, what)

    def _note_change(self, place_changed: bool, organisation_changed: bool, place: Place, writes: _Writes) -> None:
        if place_changed and place.id not in writes.places:
            writes.changed["places"][place.id] = place
        if organisation_changed and place.organisation_id not in writes.organisations:
            writes.changed["organisations"][place.organisation_id] = place.organisation
        if place_changed or organisation_changed:
            self.report.updated += 1
        else:
            self.report.unchanged += 1

    def _organisation_for(self, values: Mapping[str, Any], writes: _Writes) -> Organisation:
        """The organisation of a new structure: by SIRET, else by name when it is at home there or nowhere yet."""
        extension = values.get(interchange.EXTENSION)
        named = extension.get("organisation") if isinstance(extension, dict) else None
        name = str(named or values["nom"])[:200]
        siret = str(values.get("siret") or "")
        if not named and siret in self.sirets:
            return self.sirets[siret]
        home = text.fold(str(values.get("commune") or ""))
        for organisation in self.organisations[text.fold(name)]:
            if named or not self.homes[organisation.id] or home in self.homes[organisation.id]:
                return organisation
        return self._new_organisation(name, writes, siret=siret if len(siret) == 14 and siret.isdigit() else "")

    def _new_organisation(self, name: str, writes: _Writes, **values: Any) -> Organisation:
        stem = slugify(name)[:100] or "structure"
        slug, number = stem, 2
        while slug in self.slugs:
            slug, number = f"{stem}-{number}", number + 1
        self.slugs.add(slug)
        organisation = Organisation(network=self.network, name=name, slug=slug, **values)
        writes.organisations[organisation.id] = organisation
        self._know_organisation(organisation)
        self.report.created["organisations"] += 1
        return organisation

    def _new_place(self, place: Place, writes: _Writes) -> None:
        writes.places[place.id] = place
        self.places[place.id] = place
        self._know_place(place, place.organisation)
        self.report.created["places"] += 1

    def _service(self, item: Item, writes: _Writes) -> None:
        structure_id = str(item.record["structure_id"])
        home = self.places.get(self.place_ids.get(structure_id) or UUID(int=0))
        if home is None:
            home = self._placeholder(structure_id, item.record, writes)
        number = self.service_ids.get(str(item.record["id"]))
        service = self.services.get(number) if number else None
        self._remark(item, service or Service())
        place = self._service_place(home, structure_id, item.record, writes, service.place if service else None)
        if service is None:
            service = Service(network=self.network, place=place, extra={}, **({"id": number} if number else {}))
            interchange.fill_service(service, item.record, structure_id=structure_id)
            service.extra |= _columns_kept(item.record)
            self._new_service(service, writes)
            return
        before = _state(service)
        service.place = place
        interchange.fill_service(service, item.record, structure_id=structure_id)
        service.extra |= _columns_kept(item.record)
        if before == _state(service):
            self.report.unchanged += 1
        else:
            self.report.updated += 1
            if service.id not in writes.services:
                writes.changed["services"][service.id] = service

    def _new_service(self, service: Service, writes: _Writes) -> None:
        writes.services[service.id] = service
        self.services[service.id] = service
        self._know_service(service.id, service.source_id, service.place_id, service.name)
        self.report.created["services"] += 1

    def _placeholder(self, structure_id: str, values: Mapping[str, Any], writes: _Writes) -> Place:
        """A structure that only services speak of so far: kept, never exported, completed when its own file comes."""
        organisation = self._new_organisation(_("Structure %s") % structure_id[:150], writes)
        place = Place(network=self.network, organisation=organisation, name=organisation.name)
        place.source, place.source_id = str(values.get("source") or "")[:80], structure_id
        place.extra = {"placeholder": True}
        self._new_place(place, writes)
        return place

    def _service_place(
        self, home: Place, structure_id: str, values: dict[str, Any], writes: _Writes, now: Place | None
    ) -> Place:
        """Where a service is given: its structure's place, or one of its own, made once for the same address."""
        if not interchange.has_own_address(values, home):
            return home
        place = Place(network=self.network, organisation=home.organisation, name=home.name)
        interchange.fill_own_address(place, values)
        place.extra = {"part_of": structure_id}
        if now is not None and now.extra.get("part_of") == structure_id and interchange.same_address(now, place):
            return now
        known = self.place_keys.get(_key(home.organisation.name, place))
        if known is not None and known != home.id:
            if known not in self.places:
                self.places |= Place.objects.select_related("organisation").in_bulk([known])
            found = self.places.get(known)
            if (
                found is not None
                and found.extra.get("part_of") == structure_id
                and interchange.same_address(found, place)
            ):
                return found
        self._new_place(place, writes)
        return place

    # contacts

    def _contact(self, item: Item, contact: contacts.Contact, writes: _Writes) -> None:
        number = self._place_of(item)
        place = self.places.get(number) if number else None
        if place is None:
            self._look_alike(item, contact)
            organisation = self._organisation_of_contact(contact, writes)
            place = Place(network=self.network, organisation=organisation, **contact.place)
            place.extra = {}
            if contact.kept and not contact.service:
                place.extra = {"columns": contact.kept}
            self._new_place(place, writes)
        else:
            before, before_organisation = _state(place), _state(place.organisation)
            _complete(place, contact.place, except_for={"name"})
            _complete(place.organisation, contact.organisation, except_for={"name"})
            if contact.kept and not contact.service:
                place.extra = {**place.extra, "columns": {**place.extra.get("columns", {}), **contact.kept}}
            changed, changed_too = before != _state(place), before_organisation != _state(place.organisation)
            if changed or changed_too or not contact.service:
                self._note_change(changed, changed_too, place, writes)
        if contact.service:
            self._service_of_contact(contact, place, writes)

    def _organisation_of_contact(self, contact: contacts.Contact, writes: _Writes) -> Organisation:
        siret = contact.organisation.get("siret", "")
        if siret in self.sirets:
            return self.sirets[siret]
        known = self.organisations[text.fold(contact.organisation["name"])]
        return known[0] if known else self._new_organisation(contact.organisation["name"], writes, siret=siret)

    def _service_of_contact(self, contact: contacts.Contact, place: Place, writes: _Writes) -> None:
        number = self.service_keys.get((place.id, text.fold(contact.service["name"])))
        service = self.services.get(number) if number else None
        if service is None:
            service = Service(network=self.network, place=place, **contact.service)
            if contact.kept:
                service.extra = {"columns": contact.kept}
            self._new_service(service, writes)
            return
        before = _state(service)
        _complete(service, contact.service, except_for={"name", "main_theme"})
        service.main_theme = service.themes[0] if service.themes else Theme.OTHER
        if contact.kept:
            service.extra = {**service.extra, "columns": {**service.extra.get("columns", {}), **contact.kept}}
        if before == _state(service):
            self.report.unchanged += 1
        else:
            self.report.updated += 1
            if service.id not in writes.services:
                writes.changed["services"][service.id] = service

    def _look_alike(self, item: Item, contact: contacts.Contact) -> None:
        """Tells of a known place of the same commune with nearly the same name."""
        around = self.names.get(text.fold(str(contact.place.get("commune", ""))), {})
        if not 0 < len(around) <= _COMPARED or len(self.report.duplicates) >= SHOWN:
            return
        name = text.fold(contact.place["name"])
        found = process.extractOne(name, around, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        if found is not None:
            self.report.duplicates.append(
                {
                    "line": item.line,
                    "name": contact.place["name"],
                    "looks_like": found[0],
                    "commune": contact.place.get("commune", ""),
                    "place": str(found[2]),
                }
            )


def _key(organisation: str, place: Place) -> tuple[str, ...]:
    where = place.address or place.postcode
    return text.fold(organisation), text.fold(place.name), text.fold(place.commune), text.fold(where)


def _contact_key(contact: contacts.Contact) -> tuple[str, ...]:
    return _key(contact.organisation["name"], Place(**contact.place))


def _complete(row: Any, values: Mapping[str, Any], *, except_for: set[str]) -> None:
    """Gives a row the values that a line has; an empty cell erases nothing."""
    for name, value in values.items():
        if name not in except_for and value not in ("", None, []):
            setattr(row, name, value)


def _columns_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of someone's spreadsheet that an earlier export carried in our extension."""
    extension = values.get(interchange.EXTENSION)
    kept = extension.get("columns") if isinstance(extension, dict) else None
    return {"columns": kept} if isinstance(kept, dict) else {}


def _state(row: Any) -> dict[str, Any]:
    return {
        name: (dict(value) if isinstance(value, dict) else value)
        for name, value in row.__dict__.items()
        if not name.startswith("_")
    }


@action
def _write(network: Network, *, by: Viewer | None, writes: _Writes) -> None:
    """One batch, in one short transaction, indexed."""
    changed = writes.changed
    Organisation.objects.bulk_create(writes.organisations.values())
    Place.objects.bulk_create(writes.places.values())
    Service.objects.bulk_create(writes.services.values())
    _update(Organisation, changed["organisations"], {"slug", "network", "keeps_cards", "closed_at"})
    _update(Place, changed["places"], {"network", "organisation", "closed_at"})
    _update(Service, changed["services"], {"network", "closed_at", "checked_by"})
    index.speak([*writes.services.values(), *changed["services"].values()])
    index.refresh(network.id, writes.touched_places())
    record(
        "directory.imported",
        network,
        by=by,
        network=network.id,
        places=len(writes.places),
        services=len(writes.services),
        changed=len(changed["places"]) + len(changed["services"]),
    )


def _update(model: Any, rows: Mapping[UUID, Any], except_for: set[str]) -> None:
    if rows:
        names = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in except_for]
        model.objects.bulk_update(rows.values(), names, batch_size=100)
