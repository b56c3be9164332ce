"""What an imported line says of a referral that left on paper becomes a real one, with its agreement and its answers.

Rows say when things happened; the journal says that they were keyed in today. Nothing is mailed and nobody is chased.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock, ids
from allervers.needs import actions as needs
from allervers.needs.enums import Category, Outcome
from allervers.people import actions as people
from allervers.people.enums import AgreedBy, ReceiptMode
from allervers.people.models import PersonCard, Receipt
from allervers.people.queries import standing_agreement
from allervers.programmes.columns import Row
from allervers.programmes.enums import ActionKind, Answered, End
from allervers.programmes.models import Attendance
from allervers.referrals import actions as referrals
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.enums import AnswerBy, AnswerKind, ReferralState
from allervers.referrals.models import Referral

CATEGORIES = {ActionKind.OPTICAL: Category.EYES, ActionKind.DENTAL: Category.TEETH}
_ANSWERS = {
    Answered.CAME: AnswerKind.CAME,
    Answered.DID_NOT_COME: AnswerKind.DID_NOT_COME,
    Answered.CAME_NOT_SEEN: AnswerKind.CAME_NOT_SEEN,
    Answered.MOVED: AnswerKind.MOVED,
    Answered.DECLINED: AnswerKind.DECLINED_NO_ROOM,
}
_ENDS = {End.EQUIPPED: AnswerKind.EQUIPPED, End.TREATED: AnswerKind.TREATED}
_OLD = timedelta(days=365)  # a file about a campaign that is over opens no work


@dataclass(frozen=True)
class Past:
    """One line that was referred with an agreement kept on paper."""

    attendance: Attendance
    row: Row
    recipient: Organisation


def make(lines: Iterable[Past], *, by: Viewer) -> list[Referral]:
    """A need, an agreement and a referral for each line, as of its session. Inside an action."""
    return [_refer(line, by=by) for line in lines]


def list_and_hear(lines: Sequence[Past], *, by: Viewer) -> None:
    """One return list a partner for the lines just referred, then what the file says each partner answered."""
    by_recipient: dict[Organisation, list[Past]] = defaultdict(list)
    for line in lines:
        by_recipient[line.recipient].append(line)
    for recipient, theirs in by_recipient.items():
        rows = [line.attendance.referral for line in theirs if line.attendance.referral]
        referrals.make_list(recipient, rows, by=by)
    hear(lines, by=by)


def hear(lines: Sequence[Past], *, by: Viewer) -> None:
    """What the file says of lines already referred. Inside an action."""
    rounds: dict[AnswerKind, list[Past]] = defaultdict(list)
    for line in lines:
        if line.row.answer in {Answered.CAME, Answered.TO_COME} and line.row.delay_days is not None:
            rounds[AnswerKind.APPOINTMENT].append(line)
        if line.row.answer in _ANSWERS:
            rounds[_ANSWERS[Answered(line.row.answer)]].append(line)
        if line.row.outcome in _ENDS:
            rounds[_ENDS[End(line.row.outcome)]].append(line)
    for kind in AnswerKind:  # in the order of a referral's life
        given = [_given(line, kind) for line in rounds[kind]]
        if given:
            referrals.answer(given, by=by, channel=AnswerBy.SHEET, operation=str(ids.new_id()))
    for line in lines:
        _settle(line, by=by)


def _refer(line: Past, *, by: Viewer) -> Referral:
    attendance, at = line.attendance, line.attendance.session.starts_at
    card = attendance.card
    assert card is not None, "the agreement of someone without a code is refused when the file is read"
    _agreement(card, line.recipient, at, by)
    need = needs.open_need(
        by=by,
        category=CATEGORIES[ActionKind(attendance.session.action.kind)],
        card=card,
        encounter=attendance.encounter,
        hub_id=attendance.session.hub_id,
    )
    referral = referrals.send(referrals.draft(need, by=by, recipient=line.recipient), by=by, tell=False)
    Referral.objects.filter(pk=referral.pk).update(drafted_at=at, sent_at=at, last_word_at=at, chase_at=None)
    referral.refresh_from_db()
    attendance.need, attendance.referral, attendance.recipient = need, referral, line.recipient
    attendance.save(update_fields=["need", "referral", "recipient"])
    if attendance.encounter is not None and not attendance.encounter.oriented:
        attendance.encounter.oriented = True
        attendance.encounter.save(update_fields=["oriented"])
    return referral


def _agreement(card: PersonCard, recipient: Organisation, at: datetime, by: Viewer) -> None:
    if standing_agreement(card, recipient.id, SENDABLE) is not None:
        return
    receipt = people.agree_to_share(
        card,
        recipient=recipient,
        content=list(SENDABLE),
        by=by,
        mode=ReceiptMode.PAPER,
        agreed_by=AgreedBy.PARENT if card.is_minor else AgreedBy.SELF,
    )
    Receipt.objects.filter(pk=receipt.pk).update(at=at)


def _given(line: Past, kind: AnswerKind) -> referrals.Given:
    assert line.attendance.referral is not None, "only lines with a referral are heard"
    at = None
    if kind == AnswerKind.APPOINTMENT and line.row.delay_days is not None:
        at = line.attendance.session.starts_at + timedelta(days=line.row.delay_days)
    return referrals.Given(referral_id=line.attendance.referral.pk, kind=kind, appointment_at=at)


def _settle(line: Past, *, by: Viewer) -> None:
    """After the answers: moments that nobody knows stay unknown, ends that the file says unknown are closed so."""
    attendance, row = line.attendance, line.row
    assert attendance.referral is not None and attendance.need is not None, "only lines with a referral are heard"
    referral = attendance.referral
    if row.answer == Answered.CAME and row.delay_days is None:
        Referral.objects.filter(pk=referral.pk).update(first_seen_at=None)
    Referral.objects.filter(pk=referral.pk).update(chase_at=None)
    referral.refresh_from_db()
    if row.outcome == End.NOTHING:
        attendance.outcome = End.NOTHING
        attendance.save(update_fields=["outcome"])
    if row.answered_unknown and referral.state == ReferralState.SENT:
        referrals.close_unknown(referral, by=by)
        referral.refresh_from_db()
    attendance.need.refresh_from_db()
    is_over = row.answered_unknown or attendance.session.starts_at < clock.now() - _OLD
    if not attendance.need.is_open:
        return
    if row.outcome in _ENDS:
        needs.close_need(attendance.need, by=by, outcome=Outcome.SOLVED)
    elif is_over:
        needs.close_need(attendance.need, by=by, outcome=Outcome.UNKNOWN)
    elif attendance.need.next_contact_at is None and not (attendance.card and attendance.card.no_follow_up):
        soon = clock.now() + timedelta(days=7)
        needs.set_next_contact(attendance.need, by=by, at=soon, step=_("Demander au partenaire ce qu’il en est."))
