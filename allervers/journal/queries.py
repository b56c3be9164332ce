"""Reads of the journal: what happened to an object, who opened an identity."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from allervers.journal.models import ChainHead, Event, IdentityRead


def events_of(network_id: UUID, subject_id: UUID | str) -> QuerySet[Event]:
    """What happened to one object, oldest first."""
    return Event.objects.filter(network_id=network_id, subject_id=str(subject_id)).order_by("seq")


def latest_events(network_id: UUID, kind: str = "") -> QuerySet[Event]:
    """A network's events, newest first; of one kind when said."""
    events = Event.objects.filter(network_id=network_id).order_by("-seq")
    return events.filter(kind=kind) if kind else events


def kinds(network_id: UUID) -> list[str]:
    """The kinds of events that a network has had."""
    rows = Event.objects.filter(network_id=network_id).order_by("kind")
    return list(rows.values_list("kind", flat=True).distinct())


def reads_of(card_id: UUID, organisation_id: UUID, *, since: datetime | None = None) -> QuerySet[IdentityRead]:
    """Each time this card's identity was opened, newest first.

    A line holds a page's worth of ids, so this reads one organisation's lines as text: a rare page, tens of milliseconds
    for a year of a big hub.
    """
    reads = IdentityRead.objects.filter(organisation_id=organisation_id)
    if since:
        reads = reads.filter(at__gte=since)
    told = reads.annotate(told=Cast("card_ids", TextField())).filter(told__contains=str(card_id))
    return told.order_by("-at", "-id")


def head_of(network_id: UUID) -> int:
    """How many events a network's chain holds."""
    head = ChainHead.objects.filter(network_id=network_id).first()
    return head.seq if head else 0
