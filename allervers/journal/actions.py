"""Writing: one wrapper makes an action atomic, buffers what it has to say and appends it as its last statement."""

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from allervers.core import clock
from allervers.journal import chain
from allervers.journal.keys import key_of, locked_head, reads_key
from allervers.journal.models import ChainHead, Event, IdentityRead, ThreadLink

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


@dataclass
class _Buffer:
    """What one action has to say, until its last statement."""

    events: list[_Pending] = field(default_factory=list)
    reads: list[IdentityRead] = field(default_factory=list)


_buffer: ContextVar[_Buffer | None] = ContextVar("buffer_of_the_action", default=None)


class OutsideAction(RuntimeError):
    """An event was recorded outside an `@action`: it would not share its transaction."""


def action(write: Callable[P, R]) -> Callable[P, R]:
    """Makes `write` atomic. Its events, and those of the actions it calls, are appended once, just before commit."""

    @wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _buffer.get() is not None:
            return write(*args, **kwargs)
        buffer = _Buffer()
        token = _buffer.set(buffer)
        try:
            with transaction.atomic():
                result = write(*args, **kwargs)
                _append(buffer)
                return result
        finally:
            _buffer.reset(token)

    return run


def once(known: Callable[[], R | None], write: Callable[[], R]) -> R:
    """What the same form wrote already, else what `write` writes; the first one also when both arrive at once, and the
    database refuses the second. An action around it goes on."""
    buffer = _buffer.get() or _Buffer()
    events, reads = len(buffer.events), len(buffer.reads)
    try:
        with transaction.atomic():
            return known() or write()
    except IntegrityError:
        del buffer.events[events:], buffer.reads[reads:]
        first = known()
        if first is None:
            raise
        return first


def record(kind: str, subject: models.Model, *, by: Actor | None, network: UUID | None = None, **data: object) -> None:
    """Buffers an event about `subject`. `data` holds codes, numbers and ids; raises `ProseRefused` for a sentence."""
    buffer = _buffer.get()
    if buffer is None:
        raise OutsideAction(kind)
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
    chain.check(plain)
    network_id = network or subject.network_id  # type: ignore[attr-defined]  # every subject belongs to a network
    buffer.events.append(
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
    """One line for one page, however many identities it shows; none when it shows none. Inside an action, it is written
    with the action's events; outside, in a short transaction of its own."""
    if not card_ids:
        return None
    line = IdentityRead(
        network_id=network,
        organisation_id=organisation,
        reader_id=by.membership_id if by else None,
        reason=reason,
        card_ids=[str(card_id) for card_id in card_ids],
    )
    if (buffer := _buffer.get()) is not None:
        buffer.reads.append(line)
    else:
        with transaction.atomic():
            _append(_Buffer(reads=[line]))
    return line


@action
def forget_reads(network_id: UUID, before: datetime) -> int:
    """Deletes a network's lines of identities read before a moment; returns how many. An event keeps the last link, from
    which the verification goes on."""
    lines = IdentityRead.objects.filter(network_id=network_id)
    kept = lines.filter(at__gte=before).order_by("seq").first()
    old = lines.filter(seq__lt=kept.seq) if kept else lines
    last = old.order_by("-seq").first()
    if last is None:
        return 0
    record(
        "identity_reads.forgotten",
        ChainHead(network_id=network_id),
        by=None,
        network=network_id,
        seq=last.seq,
        mac=last.mac,
    )
    return old.filter(seq__lte=last.seq).delete()[0]


def _append(buffer: _Buffer) -> None:
    """Locks each network's head, in one order for all transactions, and adds this transaction's lines behind it."""
    for network_id in sorted(
        {event.network_id for event in buffer.events} | {line.network_id for line in buffer.reads}
    ):
        head = locked_head(network_id)
        Event.objects.bulk_create(_events(head, [event for event in buffer.events if event.network_id == network_id]))
        IdentityRead.objects.bulk_create(_reads(head, [r for r in buffer.reads if r.network_id == network_id]))
        head.save(update_fields=["seq", "mac", "reads_seq", "reads_mac"])


def _events(head: ChainHead, pending: list[_Pending]) -> Iterator[Event]:
    """The rows of these events, behind the head, which moves on."""
    key = key_of(head)
    for event in pending:
        head.seq += 1
        body = chain.text(
            seq=head.seq, at=event.at, kind=event.kind, subject=event.subject, actor=event.actor, data=event.data
        )
        head.mac = chain.mac(key, head.mac, body)
        yield Event(
            network_id=head.network_id,
            seq=head.seq,
            at=event.at,
            kind=event.kind,
            subject_kind=event.subject[0],
            subject_id=event.subject[1],
            actor_id=event.actor,
            text=body,
            mac=head.mac,
        )


def _reads(head: ChainHead, lines: list[IdentityRead]) -> Iterator[IdentityRead]:
    """These lines with their place and link, behind the head, which moves on."""
    key = reads_key(head)
    for line in lines:
        head.reads_seq = line.seq = head.reads_seq + 1
        head.reads_mac = line.mac = chain.mac(key, head.reads_mac, text_of_read(line))
        yield line


def text_of_read(line: IdentityRead) -> str:
    """What the chain authenticates of a line of identities read."""
    return chain.read_text(
        seq=line.seq,
        at=line.at,
        organisation=str(line.organisation_id),
        reader=str(line.reader_id or ""),
        reason=line.reason,
        cards=line.card_ids,
    )
