"""Reads across the directory's models: what must be checked again, what ends soon, a partner's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from allervers.accounts.models import Network, Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory import hours, rules
from allervers.directory.models import Closure, Partnership, Place, Service

STALE_DAYS = 120  # after this, a page asks to be checked again
ENDING_DAYS = 90


def to_check_again(viewer: Viewer) -> QuerySet[Service]:
    """Services that a resident found closed, then those never checked, then not for four months, longest first."""
    limit = clock.today(viewer.timezone) - timedelta(days=STALE_DAYS)
    stale = rules.services_for(viewer).exclude(checked_on__gte=limit, doubted_at=None)
    oldest = (F("doubted_at").asc(nulls_last=True), F("checked_on").asc(nulls_first=True), "name", "id")
    return stale.select_related("checked_by__user").order_by(*oldest)


def ending_partnerships(viewer: Viewer, *, days: int = ENDING_DAYS) -> QuerySet[Partnership]:
    """Partnerships that end within `days`, today included, the soonest first."""
    today = clock.today(viewer.timezone)
    return (
        rules.partnerships_for(viewer)
        .filter(ends_on__gte=today, ends_on__lte=today + timedelta(days=days), organisation__closed_at=None)
        .order_by("ends_on", "organisation__name", "id")
    )


def is_stale(checked_on: date | None, today: date) -> bool:
    return checked_on is None or (today - checked_on).days > STALE_DAYS


def closures_at(place_ids: Iterable[UUID], day: date) -> dict[UUID, Closure]:
    """The closure that covers `day`, by place; of several, the one that ends last."""
    rows = Closure.objects.filter(place_id__in=list(place_ids), starts_on__lte=day, ends_on__gte=day)
    return {row.place_id: row for row in rows.order_by("ends_on")}


def closures_within(place_ids: Iterable[UUID], first: date, last: date) -> dict[UUID, list[Closure]]:
    """The closures that cover a day of these, by place, the one that ends first before."""
    rows = Closure.objects.filter(place_id__in=list(place_ids), starts_on__lte=last, ends_on__gte=first)
    found: dict[UUID, list[Closure]] = {}
    for row in rows.order_by("ends_on"):
        found.setdefault(row.place_id, []).append(row)
    return found


def status_of(expression: str, *, at: datetime, timezone: str, closure: Closure | None = None) -> hours.Status:
    """Open or not at a moment, a temporary closure counted."""
    until = None
    if closure is not None:
        until = datetime.combine(closure.ends_on + timedelta(days=1), time(), ZoneInfo(timezone))
    return hours.status(expression, at, timezone, closed_until=until)


class NoNetwork(LookupError):
    """The network is not named, or not known; its text says which there are."""


def network_named(slug: str | None) -> Network:
    """A command's network: the one named, or the only one there is. Raises `NoNetwork`."""
    networks = Network.objects.filter(slug=slug) if slug else Network.objects.all()
    found = list(networks.order_by("slug")[:2])
    if len(found) == 1:
        return found[0]
    slugs = ", ".join(Network.objects.order_by("slug").values_list("slug", flat=True)[:20])
    raise NoNetwork(
        _("Dites de quel réseau il s’agit avec --network. Réseaux de cette installation : %(slugs)s.")
        % {"slugs": slugs or _("aucun")}
    )


@dataclass(frozen=True)
class PartnerPage:
    """All that a partner's page tells, read in a constant number of queries."""

    organisation: Organisation
    places: list["PlaceShown"]
    partnerships: Sequence[Partnership]


@dataclass(frozen=True)
class PlaceShown:
    place: Place
    status: hours.Status
    sentence: str
    closures: list[Closure]
    services: list["ServiceShown"]


@dataclass(frozen=True)
class ServiceShown:
    service: Service
    status: hours.Status
    sentence: str
    is_stale: bool


def partner_page(viewer: Viewer, organisation: Organisation) -> PartnerPage:
    """What the network knows of a partner: its open places and services, closures to come, partnerships."""
    now, today = clock.now(), clock.today(viewer.timezone)
    services = Service.objects.filter(closed_at=None).order_by("name", "id").select_related("checked_by__user")
    places = list(rules.places_for(viewer).filter(organisation=organisation).order_by("name", "id"))
    by_place: dict[UUID, list[Service]] = {}
    for service in services.filter(place__in=places):
        by_place.setdefault(service.place_id, []).append(service)
    coming: dict[UUID, list[Closure]] = {}
    for closure in Closure.objects.filter(place__in=places, ends_on__gte=today):
        coming.setdefault(closure.place_id, []).append(closure)
    shown = []
    for place in places:
        closures = coming.get(place.id, [])
        closed = next((row for row in closures if row.covers(today)), None)
        status = status_of(place.opening_hours, at=now, timezone=viewer.timezone, closure=closed)
        offered = []
        for service in by_place.get(place.id, []):
            service.place = place
            state = status_of(service.hours, at=now, timezone=viewer.timezone, closure=closed)
            stale = is_stale(service.checked_on, today)
            offered.append(ServiceShown(service, state, state.sentence(now), stale))
        shown.append(PlaceShown(place, status, status.sentence(now), closures, offered))
    partnerships = rules.partnerships_for(viewer).filter(organisation=organisation)
    return PartnerPage(organisation, shown, list(partnerships))
