"""What every change of a referral does alike: its lock, its step, its next reminder, the team's next contact."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from allervers.needs.models import Need
from allervers.outbox import actions as outbox
from allervers.referrals import states
from allervers.referrals.models import Referral

# A partner is reminded so many days after the last word, then no more: the team is told.
CHASE_DAYS = (7, 14, 21)
AFTER_APPOINTMENT = timedelta(days=3)


def locked(referral_ids: Iterable[UUID]) -> dict[UUID, Referral]:
    """The referrals, locked in one order for all transactions, so that two submissions never cross."""
    rows = Referral.objects.select_for_update(of=("self",)).filter(pk__in=list(referral_ids)).order_by("pk")
    return {row.pk: row for row in rows.select_related("need", "card", "hub", "recipient", "organisation", "agreement")}


def first_chase(referral: Referral, at: datetime) -> datetime | None:
    """When the partner is first reminded, in a state that waits for its word; else never."""
    if referral.state not in states.WAITING:
        return None
    if referral.appointment_at:
        return max(referral.appointment_at, at) + AFTER_APPOINTMENT
    return at + timedelta(days=CHASE_DAYS[0])


def save(referral: Referral, *, state: str | None = None, at: datetime | None = None) -> None:
    """Saves a changed referral as its next step; with `at`, a word was heard and the ladder of reminders starts anew."""
    if state is not None:
        referral.state = state
    referral.step += 1
    if at is not None:
        referral.last_word_at = at
        referral.chased = 0
        referral.chase_at = first_chase(referral, at)
    referral.save()


def forget_reminders(referrals: Iterable[Referral]) -> None:
    """What waits to remind her of an appointment that moved or is over does not leave; the next tick may write another."""
    over = [row for row in referrals if row.person_reminded_for and not _is_reminded_rightly(row)]
    stopped = [row for row in over if outbox.cancel_about(row, purpose="appointment_reminder")]
    Referral.objects.filter(pk__in=[row.pk for row in stopped]).update(person_reminded_for=None)
    for row in stopped:
        row.person_reminded_for = None


def _is_reminded_rightly(row: Referral) -> bool:
    return row.state in states.WAITING and row.person_reminded_for == row.appointment_at


def bring_forward(need_ids: Iterable[UUID], *, at: datetime) -> None:
    """The news puts the needs on their owner's list of today, unless they are there already or closed."""
    later = Q(next_contact_at=None) | Q(next_contact_at__gt=at)
    Need.objects.open().filter(later, pk__in=list(need_ids)).update(next_contact_at=at)
