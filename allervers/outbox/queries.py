"""How the outbox is doing: counts and ages, never a word of what is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q

from allervers.core import clock
from allervers.outbox.models import Channel, Message, State

_LATE = timedelta(minutes=10)
_RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Trouble:
    """Messages that should have left: how many wait, since when, how many were given up lately, why SMS stand still."""

    waiting: int
    oldest: datetime | None
    failed: int
    no_gateway: bool

    @property
    def age(self) -> timedelta:
        return clock.now() - self.oldest if self.oldest else timedelta(0)


def trouble(network: UUID) -> Trouble | None:
    """What must be said to whoever can act; None when everything leaves. One query."""
    now = clock.now()
    late = Q(state=State.WAITING, send_after__lt=now - _LATE) | Q(state=State.WAITING, attempts__gte=1)
    failed = Q(state=State.FAILED, created_at__gt=now - _RECENT)
    found = Message.objects.filter(Q(network_id=network) | Q(network_id=None), late | failed).aggregate(
        waiting=Count("pk", filter=late),
        failed=Count("pk", filter=failed),
        oldest=Min("created_at", filter=late),
        sms=Count("pk", filter=late & Q(channel=Channel.SMS)),
    )
    if not found["waiting"] and not found["failed"]:
        return None
    no_gateway = bool(found["sms"]) and not settings.SMS_URL and not settings.DEMO
    return Trouble(found["waiting"], found["oldest"], found["failed"], no_gateway)


@dataclass(frozen=True)
class Pile:
    """Messages of one channel, purpose, state and last error."""

    channel: str
    purpose: str
    state: str
    last_error: str
    count: int
    oldest: datetime

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


def piles(network: UUID) -> list[Pile]:
    """What waits and what was given up, by kind."""
    rows = (
        Message.objects.filter(Q(network_id=network) | Q(network_id=None), state__in=[State.WAITING, State.FAILED])
        .values("channel", "purpose", "state", "last_error")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
        .order_by("state", "oldest")
    )
    return [Pile(**row) for row in rows]
