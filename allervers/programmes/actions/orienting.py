"""Opening the needs of the people ticked, and referring them to one partner: whoever has agreed leaves, the rest waits.

The whole gesture can be undone for a day, but for those whose story has gone on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.needs import actions as needs
from allervers.needs.enums import Attempt, Outcome
from allervers.outbox import actions as outbox
from allervers.people.queries import standing_agreement
from allervers.programmes.actions.lines import hold
from allervers.programmes.enums import ActionKind, Arrival, ScreeningResult
from allervers.programmes.errors import NobodyTicked, TooLateToUndo
from allervers.programmes.models import Attendance, Session
from allervers.programmes.past_referrals import CATEGORIES
from allervers.referrals import actions as referrals
from allervers.referrals import states
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.enums import ReferralState
from allervers.referrals.models import Referral, ReturnList

NEEDS_SOMEONE = (ScreeningResult.APPOINTMENT, ScreeningResult.URGENT, ScreeningResult.EQUIPMENT)
_AGREEMENT_WITHIN = timedelta(days=2)
_ANSWER_WITHIN = timedelta(days=14)
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Oriented:
    """What one gesture did: needs opened, referrals that left, drafts that wait for an agreement, people without a card."""

    needs: int
    sent: int
    drafts: int
    unnamed: int


def may_be_oriented(attendance: Attendance) -> bool:
    """Seen, needs someone, and nothing was opened yet; nobody who was erased since."""
    return (
        (attendance.card is None or attendance.card.erased_at is None)
        and attendance.arrival == Arrival.SEEN
        and attendance.result in NEEDS_SOMEONE
        and attendance.need_id is None
        and not attendance.orientation
    )


@action
def orient(attendances: Sequence[Attendance], *, recipient: Organisation, by: Viewer) -> Oriented:
    """One need a person; a referral when she has a card or a code, sent when her agreement for this partner stands.

    Those already oriented are passed over, so that the same gesture twice opens nothing. The partner gets one list for all.
    Raises `NobodyTicked`, and `PermissionDenied` for who only reads codes.
    """
    if not by.sees_people:
        raise PermissionDenied
    for row in sorted(attendances, key=lambda one: one.pk):  # one order for all, so that two gestures never cross
        hold(row)
    ready = [row for row in attendances if may_be_oriented(row)]
    if not ready:
        raise NobodyTicked
    sent = [referral for row in ready if (referral := _orient(row, recipient, by)) and referral.sent_at]
    if sent:
        made = referrals.make_list(recipient, sent, by=by)
        if recipient.email:
            referrals.send_link(made, by=by)
    Attendance.objects.filter(pk__in=[row.pk for row in ready]).update(oriented_at=clock.now())
    unnamed = sum(1 for row in ready if row.card_id is None)
    return Oriented(len(ready), len(sent), len(ready) - len(sent) - unnamed, unnamed)


def _orient(attendance: Attendance, recipient: Organisation, by: Viewer) -> Referral | None:
    """The need, and the referral of whoever has a card. The person is seen again sooner when her agreement is missing."""
    card, now = attendance.card, clock.now()
    agreed = card is not None and standing_agreement(card, recipient.id, SENDABLE) is not None
    need = needs.open_need(
        by=by,
        category=CATEGORIES[ActionKind(attendance.session.action.kind)],
        card=card,
        encounter=attendance.encounter,
        hub_id=attendance.session.hub_id,
        next_contact_at=now + (_ANSWER_WITHIN if agreed else _AGREEMENT_WITHIN),
        step=_("Demander des nouvelles du rendez-vous.") if agreed else _("Recueillir son accord pour transmettre."),
    )
    attendance.need, attendance.recipient, referral = need, recipient, None
    if card is not None:
        referral = referrals.draft(need, by=by, recipient=recipient)
        if agreed:
            referral = referrals.send(referral, by=by, tell=False)
        attendance.referral = referral
    attendance.save(update_fields=["need", "referral", "recipient"])
    if agreed and attendance.encounter is not None:
        attendance.encounter.oriented = True
        attendance.encounter.save(update_fields=["oriented"])
    record("attendance.oriented", attendance, by=by, recipient=recipient.id, sent=agreed)
    return referral


@dataclass(frozen=True)
class Undone:
    """How many lines are again as they were, and how many stay: something has happened to them since."""

    lines: int
    kept: int


@action
def undo_orient(session: Session, *, at: datetime, by: Viewer) -> Undone:
    """Takes back the gesture of the moment `at`: drafts go, referrals are cancelled, needs are closed as entered in error.

    The partner's link is cut when nobody is left on its list. Raises `TooLateToUndo`, and `PermissionDenied`.
    """
    if not by.sees_people:
        raise PermissionDenied
    if clock.now() - at > UNDO_FOR:
        raise TooLateToUndo
    gesture = session.attendances.filter(oriented_at=at, need__isnull=False)
    held = [row.pk for row in gesture.select_for_update().order_by("pk")]  # in the order of `orient`
    rows = list(
        session.attendances.filter(pk__in=held)
        .select_related("need__card", "need__network", "referral", "encounter")
        .prefetch_related("need__contacts", "need__hand_overs", "referral__answers", "referral__lines")
    )
    mistaken = [row for row in rows if not _went_on(row)]
    listed = {line.return_list_id for row in mistaken if row.referral for line in row.referral.lines.all()}
    for row in mistaken:
        _undo(row, by)
    for return_list in ReturnList.objects.filter(pk__in=listed).exclude(lines__referral__state__in=states.WAITING):
        outbox.cancel_about(return_list, purpose="return_link")
        referrals.revoke(return_list, by=by)
    return Undone(len(mistaken), len(rows) - len(mistaken))


def _went_on(row: Attendance) -> bool:
    """Someone has acted on the need or the referral since: that is not undone with the gesture."""
    need, referral = row.need, row.referral
    assert need is not None and row.oriented_at is not None, "the query asks for both"
    if not need.is_open or need.hand_overs.all() or any(one.result != Attempt.NOTE for one in need.contacts.all()):
        return True
    if referral is None:
        return False
    if referral.answers.all() or referral.state not in {ReferralState.DRAFTED, ReferralState.SENT}:
        return True
    return referral.sent_at is not None and referral.sent_at > row.oriented_at


def _undo(row: Attendance, by: Viewer) -> None:
    need, referral = row.need, row.referral
    assert need is not None, "one that was opened by the gesture"
    if referral is not None:
        if referral.sent_at and row.encounter is not None:
            row.encounter.oriented = False
            row.encounter.save(update_fields=["oriented"])
        referrals.cancel(referral, by=by)
    needs.close_need(need, by=by, outcome=Outcome.ENTERED_IN_ERROR)
    row.need = row.referral = row.recipient = row.oriented_at = None
    row.save(update_fields=["need", "referral", "recipient", "oriented_at"])
    record("attendance.orientation_undone", row, by=by)
