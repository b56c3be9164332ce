"""The network before its first encounter: territories, organisations, hubs, the team, the partners and their services."""

import math
import random
from dataclasses import dataclass, field
from datetime import timedelta

from allervers.accounts import keys
from allervers.accounts.enums import OrganisationKind, Role
from allervers.accounts.models import Hub, Membership, Network, Organisation, User
from allervers.accounts.rules import Viewer, viewer_of
from allervers.core import clock
from allervers.demonstration import names, partners
from allervers.directory import actions as directory
from allervers.directory.enums import Commitment, Theme
from allervers.directory.models import HubCoverage, Place, Service, Territory

# Two hubs share a host, as in a city where an association holds two neighbourhoods.
HOSTS = {
    "Faubourg de Béthune": "Association du Faubourg",
    "Fives": "Maison santé de Fives",
    "Lille Sud": "Association des deux rives",
    "Moulins": "Association des deux rives",
    "Wazemmes": "Espace santé de Wazemmes",
}
OF = {name: f"du {name}" if name.startswith("Faubourg") else f"de {name}" for name in HOSTS}
AMBASSADORS_A_HUB = 13  # 65 in all


@dataclass
class World:
    network: Network
    coordinator: Viewer
    hubs: list[Hub] = field(default_factory=list)
    teams: dict[str, list[Viewer]] = field(default_factory=dict)  # by hub slug: lead, then mediators
    ambassadors: dict[str, list[Viewer]] = field(default_factory=dict)
    territories: dict[str, list[Territory]] = field(default_factory=dict)  # by neighbourhood: itself, then its QPV
    services: dict[str, list[Service]] = field(default_factory=dict)  # by main theme


def build(source: random.Random) -> World:
    """Creates it all under the clock in force. Addresses end in .example, telephones are of the range kept for fiction."""
    network = Network.objects.create(name="Réseau santé de Lille (démonstration)", slug="lille")
    city = _organisation(network, "Ville, service santé", "ville", OrganisationKind.TOWN, keeps_cards=False)
    coordinator = _work("coordination", "Nadia", "Delcourt", Role.COORDINATOR, city, None)
    _work("controle", "Paul", "Verdier", Role.AUDITOR, city, None)
    _work("technique", "Alix", "Renard", Role.TECHNICAL, city, None)
    world = World(network, coordinator)
    _add_territories(world)
    _add_hubs(world, source)
    _add_partners(world, source)
    return world


def _add_territories(world: World) -> None:
    """Simple hexagons around each neighbourhood's centre: they are not the real contours."""
    commune = Territory.objects.create(kind="commune", code="59350", name="Lille")
    for number, (name, centre) in enumerate(partners.NEIGHBOURHOODS.items(), start=1):
        around = Territory(parent=commune, kind="neighbourhood", code=f"DEMO-{number}", name=name)
        inside = Territory(parent=around, kind="qpv", code=f"DEMO-QP-{number}", name=f"{name} (quartier prioritaire)")
        for territory, radius in ((around, 0.009), (inside, 0.005)):
            _draw(territory, centre, radius)
            territory.save()
        world.territories[name] = [around, inside]


def _draw(territory: Territory, centre: tuple[float, float], radius: float) -> None:
    latitude, longitude = centre
    corners = [
        [longitude + 1.5 * radius * math.cos(i * math.pi / 3), latitude + radius * math.sin(i * math.pi / 3)]
        for i in range(6)
    ]
    territory.contour = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    territory.south, territory.north = latitude - radius, latitude + radius
    territory.west, territory.east = longitude - 1.5 * radius, longitude + 1.5 * radius


def _add_hubs(world: World, source: random.Random) -> None:
    hosts: dict[str, Organisation] = {}
    for number, (neighbourhood, host_name) in enumerate(HOSTS.items()):
        host = hosts.get(host_name) or _organisation(
            world.network, host_name, f"hote-{number}", OrganisationKind.ASSOCIATION, keeps_cards=True
        )
        hosts[host_name] = host
        slug = neighbourhood.lower().replace(" ", "-").replace("é", "e")
        hub = Hub.objects.create(
            network=world.network,
            organisation=host,
            name=f"Pôle {OF[neighbourhood]}",
            slug=slug,
            address=f"{source.randrange(1, 90)} {source.choice(partners.STREETS)}",
            phone=f"01 99 00 90 {number:02d}",
            opening_hours=partners.DAY,
        )
        for territory in world.territories[neighbourhood]:
            HubCoverage.objects.create(hub=hub, territory=territory)
        world.hubs.append(hub)
        world.teams[slug] = [
            _work(slug, *_staff_name(source), Role.HUB_LEAD, host, hub),
            _work(f"mediation-{slug}", *_staff_name(source), Role.MEDIATOR, host, hub),
        ]
        world.ambassadors[slug] = [
            _work(f"ambassade-{slug}-{n}", *_staff_name(source), Role.AMBASSADOR, host, hub)
            for n in range(1, AMBASSADORS_A_HUB + 1)
        ]
        for n in (1, 2):
            _work(f"benevole-{slug}-{n}", *_staff_name(source), Role.VOLUNTEER, host, hub)


def _staff_name(source: random.Random) -> tuple[str, str]:
    return source.choice(names.STAFF_FIRST), source.choice(names.STAFF_LAST)


def _add_partners(world: World, source: random.Random) -> None:
    today = clock.today(world.network.timezone)
    for partner in partners.partners(source):
        organisation = Organisation.objects.create(
            network=world.network,
            name=partner.name,
            slug=partner.slug,
            kind=partner.kind,
            email=partner.email,
            phone=partner.phone,
        )
        checked = today - timedelta(days=partner.days_since_check)
        place = Place.objects.create(
            network=world.network,
            organisation=organisation,
            name=partner.name,
            address=partner.address,
            postcode="59000",
            commune="Lille",
            insee_code="59350",
            territory=world.territories[partner.neighbourhood][0],
            latitude=partner.latitude,
            longitude=partner.longitude,
            phone=partner.phone,
            email=partner.email,
            opening_hours=partner.offers[0].hours,
            checked_on=checked,
        )
        for offer in partner.offers:
            service = _add_service(world, place, partner, offer, checked)
            world.services.setdefault(offer.theme.value, []).append(service)
        if source.random() < 0.6:
            ends_on = today + timedelta(days=source.choice((20, 60, 200, 400, 700)))
            directory.sign_partnership(
                organisation,
                by=world.coordinator,
                commitment=source.choice([Commitment.PARTICIPATION, Commitment.PROJECTS]),
                starts_on=ends_on - timedelta(days=1095),
                ends_on=ends_on,
            )
        if source.random() < 0.03:
            directory.close_for_a_while(
                place, by=world.coordinator, starts_on=today, ends_on=today + timedelta(days=9), reason="congés"
            )
    first_hospital = Organisation.objects.filter(network=world.network, kind=OrganisationKind.HOSPITAL).earliest("slug")
    _work("partenaire", "Chloé", "Marchand", Role.MEMBER, first_hospital, None)


def _add_service(
    world: World, place: Place, partner: partners.Partner, offer: partners.Offer, checked: object
) -> Service:
    return directory.create_service(
        place,
        by=world.coordinator,
        values={
            "name": offer.name,
            "themes": [offer.theme.value],
            "languages": list(partner.languages),
            "public": offer.public,
            "cost": offer.cost.value,
            "opening_hours": offer.hours,
            "delay_days": offer.delay_days,
            "without_coverage": offer.without_coverage,
            "without_appointment": offer.without_appointment,
            "for_residents": offer.theme not in {Theme.HOUSING, Theme.VIOLENCE},
            "checked_on": checked,
        },
    )


def _organisation(network: Network, name: str, slug: str, kind: OrganisationKind, *, keeps_cards: bool) -> Organisation:
    organisation = Organisation.objects.create(
        network=network, name=name, slug=slug, kind=kind, keeps_cards=keeps_cards
    )
    if keeps_cards:
        keys.create_for(organisation)
    return organisation


def _work(slug: str, first: str, last: str, role: Role, organisation: Organisation, hub: Hub | None) -> Viewer:
    user = User.objects.create_user(f"{slug}@demo.example", first_name=first, last_name=last)
    membership = Membership.objects.create(
        user=user, network=organisation.network, organisation=organisation, hub=hub, role=role
    )
    return viewer_of(membership)
