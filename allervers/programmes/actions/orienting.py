"""Opening the needs of the people ticked, and referring them to one partner: whoever has agreed leaves, the rest waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.needs import actions as needs
from allervers.people.queries import standing_agreement
from allervers.programmes.enums import ActionKind, Arrival, ScreeningResult
from allervers.programmes.errors import NobodyTicked
from allervers.programmes.models import Attendance
from allervers.programmes.past_referrals import CATEGORIES
from allervers.referrals import actions as referrals
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.models import Referral

NEEDS_SOMEONE = (ScreeningResult.APPOINTMENT, ScreeningResult.URGENT, ScreeningResult.EQUIPMENT)
_AGREEMENT_WITHIN = timedelta(days=2)
_ANSWER_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Oriented:
    """What one gesture did: needs opened, referrals that left, drafts that wait for an agreement, people without a card."""

    needs: int
    sent: int
    drafts: int
    unnamed: int


def may_be_oriented(attendance: Attendance) -> bool:
    """Seen, needs someone, and nothing was opened yet."""
    return (
        attendance.arrival == Arrival.SEEN
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
    ready = [row for row in attendances if may_be_oriented(row)]
    if not ready:
        raise NobodyTicked
    sent = [referral for row in ready if (referral := _orient(row, recipient, by)) and referral.sent_at]
    if sent:
        made = referrals.make_list(recipient, sent, by=by)
        if recipient.email:
            referrals.send_link(made, by=by)
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
