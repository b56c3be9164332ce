"""What the house asks of this app: one person's copy, her erasure, forgetting files that were tried and left."""

from datetime import datetime
from typing import Any

from allervers.people.models import PersonCard
from allervers.programmes import follow_up, uploads
from allervers.programmes.models import Attendance


def export_person(card: PersonCard) -> list[dict[str, Any]]:
    """The sessions she came to, what was found there and what came of it."""
    rows = Attendance.objects.filter(card=card).select_related(
        "session__action", "session__hub", "referral", "recipient"
    )
    told = []
    for row in rows.order_by("session__starts_at"):
        line = follow_up.line_of(row)
        told.append(
            {
                "campaign": row.session.action.name,
                "at": row.session.starts_at.isoformat(),
                "place": row.session.hub.name if row.session.hub else row.session.place,
                "arrived_at": row.arrived_at.isoformat(),
                "language": row.language,
                "sex": row.sex,
                "age_band": row.age_band,
                "arrival": line.arrival,
                "result": line.result,
                "orientation": line.orientation,
                "recipient": row.recipient.name if row.recipient else "",
                "answer": line.answer,
                "outcome": line.outcome,
                "delay_days": line.delay_days,
            }
        )
    return told


def erase_person(card: PersonCard) -> None:
    """Her lines stay counted, without the language, which in a small session could tell who she was."""
    Attendance.objects.filter(card=card).update(language="")


def clean_up(now: datetime) -> dict[str, int]:
    """Forgets the files whose dry run was a day ago."""
    return {"files_forgotten": uploads.forget_before(now - uploads.KEPT_FOR)}
