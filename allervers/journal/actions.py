"""Writing: one wrapper makes an action atomic, buffers its events and appends them as its last statement."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import models, transaction

from allervers.core import clock
from allervers.journal import chain
from allervers.journal.keys import key_of, locked_head
from allervers.journal.models import Event, IdentityRead, ThreadLink

P = ParamSpec("P")
R = TypeVar("R")


class Actor(Protocol):
    """Who acts: a viewer, whose membership is the opaque id that events keep."""

    @property
    def membership_id(self) -> UUID: ...


@dataclass
class _Pending:
    network_id: UUID
    kind: str
    subject: tuple[str, str]
    actor: str
    data: dict[str, object]
    at: datetime


_pending: ContextVar[list[_Pending] | None] = ContextVar("pending_events", default=None)


class OutsideAction(RuntimeError):
    """An event was recorded outside an `@action`: it would not share its transaction."""


def action(write: Callable[P, R]) -> Callable[P, R]:
    """Makes `write` atomic. Its events, and those of the actions it calls, are appended once, just before commit."""

    @wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _pending.get() is not None:
            return write(*args, **kwargs)
        token = _pending.set([])
        try:
            with transaction.atomic():
                result = write(*args, **kwargs)
                _append(_pending.get() or [])
                return result
        finally:
            _pending.reset(token)

    return run


def record(kind: str, subject: models.Model, *, by: Actor | None, network: UUID | None = None, **data: object) -> None:
    """Buffers an event about `subject`. `data` holds codes, numbers and ids; raises `ProseRefused` for a sentence."""
    buffer = _pending.get()
    if buffer is None:
        raise OutsideAction(kind)
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
    chain.check(plain)
    network_id = network or subject.network_id  # type: ignore[attr-defined]  # every subject belongs to a network
    buffer.append(
        _Pending(network_id, kind, kind_and_id(subject), str(by.membership_id) if by else "", plain, clock.now())
    )


def kind_and_id(subject: models.Model) -> tuple[str, str]:
    """How the journal names an object: its model's label and its id."""
    return subject._meta.label_lower, str(subject.pk)


def link(source: models.Model, target: models.Model, *, network: UUID) -> None:
    """`source` led to `target`; saying it twice changes nothing."""
    (from_kind, from_id), (to_kind, to_id) = kind_and_id(source), kind_and_id(target)
    ThreadLink.objects.get_or_create(
        from_kind=from_kind, from_id=from_id, to_kind=to_kind, to_id=to_id, defaults={"network_id": network}
    )


def note_read(
    card_ids: Sequence[UUID], *, network: UUID, organisation: UUID, reason: str, by: Actor | None
) -> IdentityRead | None:
    """One line for one page, however many identities it shows; none when it shows none."""
    if not card_ids:
        return None
    return IdentityRead.objects.create(
        network_id=network,
        organisation_id=organisation,
        reader_id=by.membership_id if by else None,
        reason=reason,
        card_ids=[str(card_id) for card_id in card_ids],
    )


def _append(pending: list[_Pending]) -> None:
    """Locks each chain's head, in one order for all transactions, and adds this transaction's events behind it."""
    for network_id in sorted({event.network_id for event in pending}):
        head = locked_head(network_id)
        key = key_of(head)
        rows = []
        for event in (event for event in pending if event.network_id == network_id):
            head.seq += 1
            body = chain.text(
                seq=head.seq, at=event.at, kind=event.kind, subject=event.subject, actor=event.actor, data=event.data
            )
            head.mac = chain.mac(key, head.mac, body)
            rows.append(
                Event(
                    network_id=network_id,
                    seq=head.seq,
                    at=event.at,
                    kind=event.kind,
                    subject_kind=event.subject[0],
                    subject_id=event.subject[1],
                    actor_id=event.actor,
                    text=body,
                    mac=head.mac,
                )
            )
        Event.objects.bulk_create(rows)
        head.save(update_fields=["seq", "mac"])
