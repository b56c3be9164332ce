"""The only roads to a call and to an offer; who may write calls, who may know who offers."""

from django.db.models import Q

from allervers.accounts.enums import Role
from allervers.accounts.rules import Viewer
from allervers.people.rules import in_hubs_of
from allervers.relief.models import Call, CallQuerySet, Offer, OfferQuerySet

_WRITERS = {Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR}


def may_write(viewer: Viewer) -> bool:
    """Writes calls, closes them, sees the board."""
    return viewer.role in _WRITERS


def calls_for(viewer: Viewer) -> CallQuerySet:
    """The calls that the viewer may close: the network's own, and those of her organisation's hubs; a coordinator, all."""
    calls = Call.objects.filter(network_id=viewer.network_id)
    if not may_write(viewer):
        return calls.none()
    return calls if viewer.coordinates else calls.filter(Q(hub=None) | Q(hub__organisation_id=viewer.organisation_id))


def offers_for(viewer: Viewer) -> OfferQuerySet:
    """The offers of her hub, who offers with them. A coordinator counts them (`queries.waiting_by_hub`), and reads none."""
    if not viewer.sees_people:
        return Offer.objects.none()
    return Offer.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)
