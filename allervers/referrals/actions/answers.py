"""Hearing what a partner says, by whatever channel: one road, so that all leave the same events."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.referrals import errors, states
from allervers.referrals.actions import steps
from allervers.referrals.enums import AbsenceReason, AnswerBy, AnswerKind, EndedAs, ReferralState
from allervers.referrals.models import Answer, Referral, ReturnList, Submission

UNDO_FOR = timedelta(days=1)
_AT_ONCE = 500
_SILENCED = {EndedAs.WITHDRAWN, EndedAs.CANCELLED}  # no word changes these any more
_KEPT_TO_UNDO = (
    "state",
    "last_word_at",
    "appointment_at",
    "appointments_missed",
    "first_seen_at",
    "result",
    "ended_at",
    "ended_as",
    "chased",
    "chase_at",
)


@dataclass(frozen=True)
class Given:
    """One line's answer as it was given."""

    referral_id: UUID
    kind: AnswerKind
    reason: str = ""
    appointment_at: datetime | None = None


@dataclass
class Heard:
    """What a submission changed: none when all of it was known."""

    submission: Submission | None
    answers: list[Answer] = field(default_factory=list)
    same_again: bool = False


@action
def answer(
    given: Sequence[Given],
    *,
    by: Viewer | None,
    channel: AnswerBy,
    operation: str,
    return_list: ReturnList | None = None,
    at: datetime | None = None,
) -> Heard:
    """Hears answers in one transaction. `operation` is the form's own id.

    The same submission twice changes nothing; a line that says what is known already changes nothing; a different later
    answer is an amendment. Lines that were withdrawn or taken back are passed over. Raises `DateMissing`.
    """
    now = at or clock.now()
    rows = steps.locked(one.referral_id for one in given)
    digest = _digest(operation, given)
    sent_before = Submission.objects.filter(digest=digest, undone_at=None).first()
    if sent_before:
        return Heard(sent_before, list(sent_before.answers.all()), same_again=True)
    last = _last_answers(list(rows))
    fresh = [one for one in given if one.referral_id in rows and _is_fresh(rows[one.referral_id], one)]
    if not fresh:
        return Heard(None)
    submission = Submission.objects.create(
        network_id=rows[fresh[0].referral_id].network_id,
        return_list=return_list,
        digest=digest,
        by_channel=channel,
        keyed_by_id=by.membership_id if by else None,
        at=now,
    )
    answers = []
    for one in fresh:
        row = rows[one.referral_id]
        answers.append(_hear(row, one, submission, last.get(row.pk), now))
        record(
            "referral.answered",
            row,
            by=by,
            code=one.kind.value,
            channel=channel.value,
            reason=one.reason,
            amends=answers[-1].is_amendment,
        )
    Answer.objects.bulk_create(answers)
    changed = [rows[one.referral_id] for one in fresh]
    _save(changed)
    over = [row for row in changed if row.state not in states.WAITING]
    steps.bring_forward([row.need_id for row in over], at=now)
    steps.forget_reminders(changed)
    return Heard(submission, answers)


@action
def undo(submission: Submission, *, by: Viewer | None, only: Referral | None = None) -> int:
    """Takes a submission back, or one line of it, within a day; returns how many lines.

    A line changed since then stays as it is. Undoing twice changes nothing. Raises `TooLateToUndo`.
    """
    now = clock.now()
    if now > submission.at + UNDO_FOR:
        raise errors.TooLateToUndo
    rows = submission.answers.filter(undone_at=None)
    answers = list(rows.filter(referral=only) if only else rows)
    locked = steps.locked(one.referral_id for one in answers)
    undone = [one for one in answers if locked[one.referral_id].step == one.step]
    for one in undone:
        row = locked[one.referral_id]
        _restore(row, one.before)
        row.step = one.step - 1
        record("referral.answer_undone", row, by=by, code=one.kind)
    restored = [locked[one.referral_id] for one in undone]
    _save(restored)
    steps.forget_reminders(restored)
    Answer.objects.filter(pk__in=[one.pk for one in undone]).update(undone_at=now)
    if not only or not submission.answers.filter(undone_at=None).exists():
        Submission.objects.filter(pk=submission.pk, undone_at=None).update(undone_at=now)
    return len(undone)


@action
def mark_seen(amendment: Answer, *, by: Viewer) -> None:
    """Someone of the team has read an amendment."""
    if Answer.objects.filter(pk=amendment.pk, seen_at=None).update(seen_at=clock.now(), seen_by=by.membership_id):
        record("referral.amendment_seen", amendment.referral, by=by, code=amendment.kind)


def _is_fresh(row: Referral, one: Given) -> bool:
    if row.state == ReferralState.DRAFTED or row.ended_as in _SILENCED or one.kind not in states.ANSWERS:
        return False
    if one.kind == AnswerKind.APPOINTMENT and one.appointment_at is None:
        raise errors.DateMissing
    if one.kind in {AnswerKind.APPOINTMENT, AnswerKind.MOVED} and states.after(row.state, one.kind) == row.state:
        return row.state in states.WAITING and one.appointment_at not in {None, row.appointment_at}
    return states.is_news(row.state, row.result, one.kind)


def _hear(row: Referral, one: Given, submission: Submission, last: Answer | None, now: datetime) -> Answer:
    """Moves the referral, in memory, and makes the answer's row."""
    before = {name: _plain(getattr(row, name)) for name in _KEPT_TO_UNDO}
    amendment = states.amends(row.state, row.result, one.kind)
    _move(row, one, now)
    return Answer(
        referral=row,
        submission=submission,
        kind=one.kind,
        reason=one.reason if one.reason in AbsenceReason.values else "",
        appointment_at=one.appointment_at,
        at=now,
        step=row.step,
        before=before,
        is_amendment=amendment,
        amends=last if amendment else None,
    )


def _move(row: Referral, one: Given, now: datetime) -> None:
    was_seen = row.first_seen_at
    row.state = states.after(row.state, one.kind)
    if one.kind in {AnswerKind.APPOINTMENT, AnswerKind.MOVED}:
        row.appointment_at = one.appointment_at
    if row.state == ReferralState.MISSED:
        row.appointments_missed += 1
    if row.state in {ReferralState.KEPT, ReferralState.RESULT}:
        visit = row.appointment_at if row.appointment_at and row.appointment_at <= now else now
        row.first_seen_at = was_seen or visit
    elif row.state in {ReferralState.MISSED, ReferralState.DECLINED, ReferralState.CAME_NOT_SEEN}:
        row.first_seen_at = None
    # Kept beside the state: which of the results, or which of the two refusals.
    row.result = one.kind if row.state in {ReferralState.RESULT, ReferralState.DECLINED} else ""
    ended = row.state in {ReferralState.RESULT, ReferralState.DECLINED}
    row.ended_at = now if ended else None
    row.ended_as = EndedAs.DONE if row.state == ReferralState.RESULT else ""
    row.step += 1
    row.last_word_at, row.chased = now, 0
    row.chase_at = steps.first_chase(row, now)


def _save(rows: Sequence[Referral]) -> None:
    """Rows that are there and locked, many at once: `bulk_update` asks the square of their number of PostgreSQL."""
    changed = [*_KEPT_TO_UNDO, "step"]
    unique = {row.pk: row for row in rows}.values()
    Referral.objects.bulk_create(
        unique, update_conflicts=True, unique_fields=["id"], update_fields=changed, batch_size=_AT_ONCE
    )


def _last_answers(referral_ids: list[UUID]) -> dict[UUID, Answer]:
    rows = Answer.objects.filter(referral_id__in=referral_ids, undone_at=None).order_by("at", "step")
    return {row.referral_id: row for row in rows}


def _digest(operation: str, given: Sequence[Given]) -> str:
    lines = sorted(
        [str(one.referral_id), str(one.kind), one.reason, one.appointment_at.isoformat() if one.appointment_at else ""]
        for one in given
    )
    return hashlib.sha256(json.dumps([operation, lines]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restore(row: Referral, before: dict[str, Any]) -> None:
    for name, value in before.items():
        is_moment = name.endswith("_at") and isinstance(value, str)
        setattr(row, name, parse_datetime(value) if is_moment else value)
