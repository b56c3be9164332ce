"""Writing what shall leave. Call inside the transaction of its cause; the worker sends after commit."""

import json
from datetime import datetime
from uuid import UUID

from django.db import models

from allervers.core import clock, keys
from allervers.journal.actions import kind_and_id
from allervers.outbox.models import Channel, Message, State


def mail(*, to: str, subject: str, text: str, purpose: str, **where: object) -> Message | None:
    """A mail; see `_write` for the rest."""
    return _write(Channel.MAIL, to=to, subject=subject, text=text, purpose=purpose, **where)  # type: ignore[arg-type]  # typed there


def sms(*, to: str, text: str, purpose: str, **where: object) -> Message | None:
    """An SMS, at most 160 characters wanted; no name, no health word."""
    return _write(Channel.SMS, to=to, subject="", text=text, purpose=purpose, **where)  # type: ignore[arg-type]  # typed there


def _write(
    channel: Channel,
    *,
    to: str,
    subject: str,
    text: str,
    purpose: str,
    network: UUID | None = None,
    organisation: UUID | None = None,
    about: models.Model | None = None,
    once: str | None = None,
    send_after: datetime | None = None,
    send_before: datetime | None = None,
) -> Message | None:
    """Adds one message. With `once`, the same cause written again adds nothing and returns None."""
    kind, ident = kind_and_id(about) if about else ("", "")
    message = Message(
        network_id=network,
        organisation_id=organisation,
        channel=channel,
        purpose=purpose,
        about_kind=kind,
        about_id=ident,
        once=once,
        send_after=send_after or clock.now(),
        send_before=send_before,
    )
    message.sealed = keys.seal(json.dumps([to, subject, text]).encode(), _place(message.id), purpose="outbox")
    if once is None:
        message.save(force_insert=True)
        return message
    if Message.objects.filter(once=once).exists():
        return None
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.filter(pk=message.pk).first()


def opened(message: Message) -> tuple[str, str, str]:
    """To whom, the subject, the text. Empty once wiped."""
    if not message.sealed:
        return "", "", ""
    to, subject, text = json.loads(keys.unseal(bytes(message.sealed), _place(message.id), purpose="outbox"))
    return to, subject, text


def cancel_about(*about: models.Model, purpose: str) -> int:
    """Cancels what has not left yet about these objects, of one model; returns how many. One query.

    What never left frees its cause: `once` may write it again.
    """
    if not about:
        return 0
    kind, idents = kind_and_id(about[0])[0], [str(one.pk) for one in about]
    waiting = Message.objects.filter(about_kind=kind, about_id__in=idents, purpose=purpose, state=State.WAITING)
    return waiting.update(state=State.CANCELLED, once=None)


def wipe_about(about: models.Model, *, purpose: str) -> int:
    """Forgets address and words of every message of this purpose, sent or not: a person is being erased."""
    kind, ident = kind_and_id(about)
    cancel_about(about, purpose=purpose)
    return Message.objects.filter(about_kind=kind, about_id=ident, purpose=purpose).update(sealed=b"")


def retry(message_id: UUID) -> bool:
    """Gives an abandoned message another chance from its first attempt."""
    failed = Message.objects.filter(pk=message_id, state=State.FAILED).exclude(sealed=b"")
    return bool(failed.update(state=State.WAITING, attempts=0, send_after=clock.now(), lease_until=None))


def reseal() -> int:
    """Seals what is kept of messages under the master key in use; returns how many were not."""
    changed = 0
    for message in Message.objects.exclude(sealed=b"").only("sealed").iterator(chunk_size=500):
        former = bytes(message.sealed)
        if sealed := keys.resealed(former, _place(message.id), purpose="outbox"):
            changed += Message.objects.filter(pk=message.pk, sealed=former).update(sealed=sealed)
    return changed


def _place(message_id: UUID) -> str:
    return f"outbox:{message_id}"
