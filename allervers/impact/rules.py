"""Whose figures someone may read."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Network
from allervers.accounts.rules import Viewer


@dataclass(frozen=True)
class Scope:
    """What figures are about: one hub, or the whole network."""

    network_id: UUID
    hub_id: UUID | None
    name: str
    timezone: str

    def rows(self, prefix: str = "") -> Q:
        """The condition on rows that carry `network` and `hub`."""
        if self.hub_id:
            return Q(**{f"{prefix}hub_id": self.hub_id})
        return Q(**{f"{prefix}network_id": self.network_id})


def hubs_for(viewer: Viewer) -> QuerySet[Hub]:
    """Coordination and control read each hub; a hub's team reads its own; a team without hub, its organisation's."""
    hubs = Hub.objects.filter(network_id=viewer.network_id)
    if viewer.role in {Role.COORDINATOR, Role.AUDITOR}:
        return hubs
    if not viewer.reads_figures:
        return hubs.none()
    if viewer.hub_id:
        return hubs.filter(pk=viewer.hub_id)
    return hubs.filter(organisation_id=viewer.organisation_id)


def scopes_for(viewer: Viewer) -> list[Scope]:
    """The scopes a viewer may choose, hers first. A hub's team also reads the network's totals, published."""
    hubs = [Scope(hub.network_id, hub.id, hub.name, viewer.timezone) for hub in hubs_for(viewer)]
    network = Scope(viewer.network_id, None, Network.objects.get(pk=viewer.network_id).name, viewer.timezone)
    if viewer.role in {Role.COORDINATOR, Role.AUDITOR}:
        return [network, *hubs]
    return [*hubs, network] if viewer.reads_figures else []


def reads_in_full(viewer: Viewer, scope: Scope) -> bool:
    """Small cells are shown to a hub's own team and to the coordination; to others they are hidden."""
    return viewer.role == Role.COORDINATOR or (scope.hub_id is not None and viewer.sees_people)
