"""The neighbourhood's agenda: the sessions to come that the team chose to show, and of each only what everyone may read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allervers.accounts.models import Hub
from allervers.programmes.models import Session

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Coming:
    """One session, its times in the network's own; neither its note nor its campaign leave the team."""

    id: UUID
    kind: str  # of `ActionKind`
    starts_at: datetime
    ends_at: datetime | None
    place: str  # elsewhere than at the hub
    hub: Hub | None

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.place, self.hub.name if self.hub else "") if part)


def coming(network_id: UUID, now: datetime) -> list[Coming]:
    """What is not over yet and begins within sixty days, the soonest first."""
    rows = Session.objects.filter(network_id=network_id, for_residents=True, held=None)
    soon = rows.filter(starts_at__gte=now - timedelta(hours=12), starts_at__lt=now + AHEAD).order_by("starts_at", "id")
    found = [
        Coming(row.id, row.action.kind, row.starts_at, row.ends_at, row.place, row.hub)
        for row in soon.select_related("action", "hub")
    ]
    return [one for one in found if (one.ends_at or one.starts_at + timedelta(hours=3)) > now]
