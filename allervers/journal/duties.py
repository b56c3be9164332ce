"""What the worker does for the journal at each tick, and what the journal says of one person."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from allervers.journal import anchors
from allervers.journal.keys import reseal
from allervers.journal.queries import reads_of

__all__ = ["export_person", "reseal", "tick"]


class Card(Protocol):
    """Of a person's card, all that the journal needs to know."""

    id: UUID
    organisation_id: UUID


def tick(now: datetime) -> None:
    """Anchors each chain that moved, at most every five minutes."""
    anchors.append(now, wait=anchors.EVERY)


def export_person(card: Card) -> dict[str, object]:
    """Who opened this person's identity, when and why. Events hold codes only: her words are where they were said."""
    return {
        "lectures": [
            {"quand": read.at.isoformat(), "motif": read.reason, "par": str(read.reader_id or "")}
            for read in reads_of(card.id, card.organisation_id)
        ]
    }
