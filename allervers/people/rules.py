"""The only road to a card."""

from django.db.models import Q, QuerySet

from allervers.accounts.rules import Viewer
from allervers.people.models import PersonCard


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


def in_hubs_of(viewer: Viewer) -> Q:
    """Rows with a `hub` that the viewer's position reaches inside her organisation."""
    if viewer.hub_id is None:
        return Q()
    return Q(hub=None) | Q(hub_id__in=viewer.hub_ids)
