"""Every write of the directory: each keeps the search index true in its own transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from allervers.accounts.enums import OrganisationKind
from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock, languages
from allervers.directory import hours, index, rules, territories
from allervers.directory.enums import Commitment, Theme
from allervers.directory.models import Closure, Partnership, Place, Service
from allervers.journal.actions import action, record
from allervers.outbox import actions as outbox

_CONTACT = {"name", "email", "phone", "website"}
_ADDRESS = {"address", "address_more", "postcode", "commune", "insee_code", "latitude", "longitude", "access"}
_OFFER = {"description", "themes", "languages", "public", "conditions", "cost", "cost_note", "delay_days"}
ORGANISATION_FIELDS = frozenset({"kind", "siret", "description"} | _CONTACT)
PLACE_FIELDS = frozenset({"opening_hours"} | _CONTACT | _ADDRESS)
SERVICE_FIELDS = frozenset(
    {"name", "phone", "email", "opening_hours", "without_coverage", "without_appointment", "for_residents"} | _OFFER
)


class NotYours(Exception):
    """The viewer may not change this page; views answer 404 before it comes to this."""


class CannotClose(Exception):
    """What is asked would break something else; the text says what to do first."""


class BadDates(ValueError):
    """An end before its beginning."""


# --- organisations ---------------------------------------------------------------------------------------------------


@action
def create_organisation(*, by: Viewer, values: Mapping[str, Any]) -> Organisation:
    """A partner of the network, found by name from now on once it has a place."""
    _require(rules.may_manage(by))
    organisation = Organisation(network_id=by.network_id)
    _set(organisation, values, ORGANISATION_FIELDS)
    organisation.slug = free_slug(by.network_id, organisation.name)
    organisation.save()
    record("organisation.created", organisation, by=by)
    return organisation


@action
def edit_organisation(organisation: Organisation, *, by: Viewer, values: Mapping[str, Any]) -> list[str]:
    """Changes a partner's own page; returns the names of the fields that changed.

    What leaves about persons goes to this address and telephone: when either changes, the former address is told.
    """
    _require(rules.may_edit(by, organisation))
    reached_at = organisation.email
    changed = _set(organisation, values, ORGANISATION_FIELDS)
    if changed:
        organisation.save(update_fields=changed)
        _refresh_all(organisation)
        record("organisation.edited", organisation, by=by, fields=changed)
        if reached_at and {"email", "phone"} & set(changed):
            _tell_former_address(organisation, reached_at)
    return changed


@action
def close_organisation(organisation: Organisation, *, by: Viewer) -> None:
    """Takes a partner, its places and services out of the directory; what was sent to it stays. Raises `CannotClose`."""
    _require(rules.may_manage(by))
    if organisation.keeps_cards or organisation.hubs.exists():
        raise CannotClose(
            _("Cette structure accueille un pôle ou tient des fiches. Fermez d’abord ses accès et ses pôles.")
        )
    if organisation.closed_at is None:
        organisation.closed_at = clock.now()
        organisation.save(update_fields=["closed_at"])
        _refresh_all(organisation)
        record("organisation.closed", organisation, by=by)


def free_slug(network_id: UUID, name: str) -> str:
    """A slug that no organisation of the network has."""
    stem = slugify(name)[:100] or "structure"
    taken = set(
        Organisation.objects.filter(network_id=network_id, slug__startswith=stem).values_list("slug", flat=True)
    )
    return next(slug for slug in _numbered(stem) if slug not in taken)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


# --- places ----------------------------------------------------------------------------------------------------------


@action
def create_place(organisation: Organisation, *, by: Viewer, values: Mapping[str, Any]) -> Place:
    """Where an organisation receives. Raises `hours.BadHours`."""
    _require(rules.may_edit(by, organisation))
    place = Place(network_id=organisation.network_id, organisation=organisation, checked_on=clock.today(by.timezone))
    _set(place, values, PLACE_FIELDS)
    place.name = place.name or organisation.name
    territories.locate(place)
    place.save()
    index.refresh(place.network_id, [place.id])
    record("place.created", place, by=by)
    return place


@action
def edit_place(place: Place, *, by: Viewer, values: Mapping[str, Any]) -> list[str]:
    """Raises `hours.BadHours`."""
    _require(rules.may_edit(by, place.organisation))
    changed = _set(place, values, PLACE_FIELDS)
    if changed:
        territories.locate(place)
        place.checked_on = clock.today(by.timezone)
        place.save()
        index.refresh(place.network_id, [place.id])
        record("place.edited", place, by=by, fields=changed)
    return changed


@action
def close_place(place: Place, *, by: Viewer) -> None:
    """For good; for a while, add a closure. Saying it twice changes nothing."""
    _require(rules.may_edit(by, place.organisation))
    if place.closed_at is None:
        place.closed_at = clock.now()
        place.save(update_fields=["closed_at"])
        index.refresh(place.network_id, [place.id])
        record("place.closed", place, by=by)


@action
def close_for_a_while(place: Place, *, by: Viewer, starts_on: date, ends_on: date, reason: str = "") -> Closure:
    """Both days included. Raises `BadDates`."""
    _require(rules.may_edit(by, place.organisation))
    if ends_on < starts_on:
        raise BadDates(
            _("La fermeture finit avant de commencer. Choisissez une date de fin le même jour ou plus tard.")
        )
    closure, made = Closure.objects.get_or_create(
        place=place, starts_on=starts_on, ends_on=ends_on, defaults={"reason": reason}
    )
    if made:
        record("place.closure_added", place, by=by, starts_on=str(starts_on), ends_on=str(ends_on))
    return closure


@action
def remove_closure(closure: Closure, *, by: Viewer) -> None:
    _require(rules.may_edit(by, closure.place.organisation))
    record("place.closure_removed", closure.place, by=by, starts_on=str(closure.starts_on))
    closure.delete()


# --- services --------------------------------------------------------------------------------------------------------


@action
def create_service(place: Place, *, by: Viewer, values: Mapping[str, Any]) -> Service:
    """What can be obtained in a place. Raises `hours.BadHours`."""
    _require(rules.may_edit(by, place.organisation))
    service = Service(network_id=place.network_id, place=place, checked_on=clock.today(by.timezone))
    service.checked_by_id = by.membership_id
    _set(service, values, SERVICE_FIELDS)
    service.main_theme = service.themes[0] if service.themes else Theme.OTHER
    service.save()
    _after_service(service)
    record("service.created", service, by=by)
    return service


@action
def edit_service(service: Service, *, by: Viewer, values: Mapping[str, Any]) -> list[str]:
    """Raises `hours.BadHours`."""
    _require(rules.may_edit(by, service.place.organisation))
    changed = _set(service, values, SERVICE_FIELDS)
    if changed:
        service.main_theme = service.themes[0] if service.themes else Theme.OTHER
        service.checked_on, service.checked_by_id = clock.today(by.timezone), by.membership_id
        service.save()
        _after_service(service)
        record("service.edited", service, by=by, fields=changed)
    return changed


@action
def close_service(service: Service, *, by: Viewer) -> None:
    """Saying it twice changes nothing."""
    _require(rules.may_edit(by, service.place.organisation))
    if service.closed_at is None:
        service.closed_at = clock.now()
        service.save(update_fields=["closed_at"])
        index.refresh(service.network_id, [service.place_id])
        record("service.closed", service, by=by)


@action
def still_true(service: Service, *, by: Viewer) -> None:
    """Someone asked today and the page still holds. The same day twice changes nothing, but for a doubt since."""
    _require(rules.may_edit(by, service.place.organisation))
    today = clock.today(by.timezone)
    if service.checked_on == today and service.doubted_at is None:
        return
    service.checked_on, service.checked_by_id, service.doubted_at = today, by.membership_id, None
    service.save(update_fields=["checked_on", "checked_by", "doubted_at"])
    record("service.checked", service, by=by)


@action
def doubt(service: Service) -> None:
    """A resident found it closed: the team checks it before the others. Saying it again changes nothing."""
    if Service.objects.filter(pk=service.pk, doubted_at=None).update(doubted_at=clock.now()):
        record("service.doubted", service, by=None)


@action
def show_to_residents(services: Sequence[Service], *, shown: bool, by: Viewer) -> int:
    """On the residents' site, or off it. How many changed."""
    changed = [service for service in services if service.for_residents != shown]
    for service in changed:
        _require(rules.may_edit(by, service.place.organisation))
        service.for_residents = shown
        record("service.shown", service, by=by, shown=shown)
    Service.objects.bulk_update(changed, ["for_residents"])
    if changed:
        index.refresh(by.network_id, [service.place_id for service in changed])
    return len(changed)


def _after_service(service: Service) -> None:
    index.speak([service])
    index.refresh(service.network_id, [service.place_id])


# --- partnerships ----------------------------------------------------------------------------------------------------


@action
def sign_partnership(
    organisation: Organisation,
    *,
    by: Viewer,
    commitment: Commitment,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    call_hours: str = "",
) -> Partnership:
    """What a partner commits to, until when. Raises `BadDates` and `hours.BadHours`."""
    _require(rules.may_manage(by) and organisation.network_id == by.network_id)
    _in_order(starts_on, ends_on)
    partnership = Partnership.objects.create(
        network_id=organisation.network_id,
        organisation=organisation,
        commitment=commitment,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        call_hours=hours.check(call_hours),
    )
    record("partnership.signed", partnership, by=by, commitment=str(commitment))
    return partnership


@action
def edit_partnership(partnership: Partnership, *, by: Viewer, values: Mapping[str, Any]) -> list[str]:
    """Renewed, corrected or ended: the dates say it. Raises `BadDates` and `hours.BadHours`."""
    _require(rules.may_manage(by) and partnership.network_id == by.network_id)
    changed = _set(partnership, values, frozenset({"commitment", "starts_on", "ends_on", "note", "call_hours"}))
    _in_order(partnership.starts_on, partnership.ends_on)
    if changed:
        partnership.save(update_fields=changed)
        record("partnership.edited", partnership, by=by, fields=changed)
    return changed


def _in_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise BadDates(_("La convention finit avant de commencer. Vérifiez les deux dates."))


# --- shared ----------------------------------------------------------------------------------------------------------


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotYours


def _set(row: models.Model, values: Mapping[str, Any], allowed: frozenset[str]) -> list[str]:
    """Gives `row` the values of allowed fields, hours and languages checked; returns the fields that changed."""
    changed = []
    for name in sorted(set(values) & allowed):
        value = values[name]
        if name in {"opening_hours", "call_hours"}:
            value = hours.check(value or "")
        elif name == "languages":
            value = [code for code in dict.fromkeys(value or []) if code in languages.LANGUAGES]
        elif name == "themes":
            value = [theme for theme in dict.fromkeys(value or []) if theme in Theme.values]
        elif name == "kind":
            value = value or OrganisationKind.OTHER
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def _tell_former_address(organisation: Organisation, address: str) -> None:
    with override("fr"):
        subject = _("Vos coordonnées ont été changées")
        text = _(
            "Bonjour,\n\nL’adresse ou le téléphone de %(name)s ont été changés dans l’annuaire de %(network)s. Ce que le "
            "réseau écrit à votre structure y partira désormais.\n\nSi ce changement n’est pas de vous, prévenez le pôle "
            "avec lequel vous travaillez."
        ) % {"name": organisation.name, "network": organisation.network.name}
    outbox.mail(
        to=address,
        subject=subject,
        text=text,
        purpose="contact_changed",
        network=organisation.network_id,
        organisation=organisation.pk,
        about=organisation,
    )


def _refresh_all(organisation: Organisation) -> None:
    index.refresh(organisation.network_id, organisation.places.values_list("id", flat=True))
