"""What the worker's tick does: claims due messages with a lease, sends them, tries again later, forgets old ones.

A claim is a conditional `UPDATE`, so that two workers never take the same message. A worker killed between sending and
noting it leaves a lease that ends: the message is then sent once more, under the same identifier.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from allervers.outbox import actions, sending
from allervers.outbox.models import Channel, Message, State

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
BATCH = 20
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))  # about two days
WIPED_AFTER = timedelta(days=30)
_MAIL_BUT_SIGN_IN = Q(channel=Channel.MAIL) & ~Q(purpose="sign_in")


def tick(now: datetime) -> int:
    """Sends what is due; returns how many left."""
    Message.objects.filter(state=State.WAITING, send_before__lt=now).update(
        state=State.CANCELLED, last_error="too_late"
    )
    sent, unreachable = 0, set[str]()
    for message_id, channel in _due(now):
        if channel in unreachable or not _claim(message_id, now):
            continue
        message = Message.objects.get(pk=message_id)
        try:
            _deliver(message)
        except sending.NotSent as error:
            _postpone(message, error, now)
            if error.unreachable:
                unreachable.add(channel)
            continue
        Message.objects.filter(pk=message.pk).update(state=State.SENT, sent_at=now, lease_until=None, last_error="")
        sent += 1
    return sent


def clean_up(now: datetime) -> int:
    """Forgets address and words thirty days after a message left or was given up."""
    old = Message.objects.filter(created_at__lt=now - WIPED_AFTER).exclude(state=State.WAITING).exclude(sealed=b"")
    return old.update(sealed=b"")


def _due(now: datetime) -> list[tuple[UUID, str]]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = Message.objects.filter(free, state=State.WAITING, send_after__lte=now)
    if not settings.DEMO and not settings.SMS_URL:
        rows = rows.exclude(channel=Channel.SMS)  # they wait for a gateway, and a page says so
    if settings.CONSOLE_CODES:
        rows = rows.exclude(_MAIL_BUT_SIGN_IN)  # they wait for a mail server
    return list(rows.order_by("send_after", "id").values_list("pk", "channel")[:BATCH])


def _claim(message_id: UUID, now: datetime) -> bool:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    mine = Message.objects.filter(free, pk=message_id, state=State.WAITING)
    return bool(mine.update(lease_until=now + LEASE, attempts=F("attempts") + 1))


def _deliver(message: Message) -> None:
    if settings.DEMO:
        return  # nothing leaves a demonstration: the message can be read on its page
    to, subject, text = actions.opened(message)
    if settings.CONSOLE_CODES and message.channel == Channel.MAIL:
        sending.show(to, text)
        return
    sending.send(message.channel, ident=str(message.id), to=to, subject=subject, text=text)


def _postpone(message: Message, error: sending.NotSent, now: datetime) -> None:
    given_up = error.for_good or message.attempts > len(RETRY_AFTER)
    logger.warning("outbox %s %s %s attempt %d", message.channel, message.purpose, error.code, message.attempts)
    message.state = State.FAILED if given_up else State.WAITING
    if not given_up:
        message.send_after = now + RETRY_AFTER[message.attempts - 1]
    message.lease_until, message.last_error = None, error.code[:80]
    message.save(update_fields=["state", "send_after", "lease_until", "last_error"])
