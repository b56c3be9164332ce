"""The only road to a card."""

from django.db.models import Q, QuerySet

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.people.models import CardLink, PersonCard, Receipt

# How long each thing is kept, in days; a network may shorten (`Network.retention`), never lengthen.
KEPT_DAYS = {"card": 730}


def cards_for(viewer: Viewer) -> QuerySet[PersonCard]:
    """Cards whose identity the viewer may open: of her organisation, and of her hub when she has one."""
    if not viewer.sees_people:
        return PersonCard.objects.none()
    cards = PersonCard.objects.filter(organisation_id=viewer.organisation_id, erased_at=None)
    return cards.filter(in_hubs_of(viewer))


def coded_for(viewer: Viewer) -> QuerySet[PersonCard]:
    """Cards that the viewer may count and see by code: hers, or the whole network's for its coordinator."""
    if viewer.coordinates:
        return PersonCard.objects.filter(network_id=viewer.network_id)
    return cards_for(viewer)


def may_open(viewer: Viewer, card: PersonCard) -> bool:
    """The same rule as `cards_for`, on one loaded card."""
    if not viewer.sees_people or card.organisation_id != viewer.organisation_id or card.erased_at:
        return False
    return viewer.hub_id is None or card.hub_id is None or card.hub_id in viewer.hub_ids


def receipts_for(viewer: Viewer) -> QuerySet[Receipt]:
    """Receipts of the cards that the viewer may open."""
    return Receipt.objects.filter(card__in=cards_for(viewer))


def links_for(viewer: Viewer) -> QuerySet[CardLink]:
    """Links that touch a card of the viewer's reach; the other card may be out of it."""
    mine = cards_for(viewer)
    return CardLink.objects.filter(Q(first__in=mine) | Q(second__in=mine), organisation_id=viewer.organisation_id)


def kept_days(network: Network, name: str) -> int:
    """For how many days this network keeps `name`, one of `KEPT_DAYS`."""
    return network.days_kept(name, KEPT_DAYS[name])


def in_hubs_of(viewer: Viewer) -> Q:
    """Rows with a `hub` that the viewer's position reaches inside her organisation."""
    if viewer.hub_id is None:
        return Q()
    return Q(hub=None) | Q(hub_id__in=viewer.hub_ids)
