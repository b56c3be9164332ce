"""What referrals hold of one person, how it is erased, and what the worker does for them."""

from typing import Any

from allervers.journal.actions import action
from allervers.outbox import actions as outbox
from allervers.people.models import PersonCard
from allervers.referrals import shown, states
from allervers.referrals.actions import withdraw
from allervers.referrals.models import Referral
from allervers.referrals.tasks import clean_up, tick

__all__ = ["clean_up", "erase_person", "export_person", "tick"]


def export_person(card: PersonCard) -> dict[str, Any]:
    """Her referrals, what each partner could read, and each answer. JSON-able."""
    rows = Referral.objects.filter(card=card).select_related("recipient", "card", "service").prefetch_related("answers")
    return {"referrals": [_told(row) for row in rows.order_by("drafted_at", "id")]}


@action
def erase_person(card: PersonCard) -> None:
    """Stops what still waits, wipes what partners read and what was written to her; the states stay, without her."""
    for row in Referral.objects.filter(card=card):
        if row.state in states.WAITING:
            withdraw(row, by=None)
        outbox.wipe_about(row, purpose="appointment_reminder")
        outbox.wipe_about(row, purpose="say_link")
    Referral.objects.filter(card=card).update(shown=b"", say_digest=None, say_expires_at=None, person_says="")


def _told(row: Referral) -> dict[str, Any]:
    read = shown.opened(row)
    return {
        "code": row.line_code,
        "recipient": row.recipient.name,
        "service": row.service.name if row.service else "",
        "state": row.state,
        "drafted_at": row.drafted_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else "",
        "appointment_at": row.appointment_at.isoformat() if row.appointment_at else "",
        "ended_as": row.ended_as,
        "you_said": row.person_says,
        "partner_reads": {"who": read.who, "need": read.need, "languages": read.languages} if read else {},
        "answers": [
            {"at": answer.at.isoformat(), "kind": answer.kind, "reason": answer.reason}
            for answer in row.answers.all()
            if answer.undone_at is None
        ],
    }
