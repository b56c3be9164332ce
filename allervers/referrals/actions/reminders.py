"""What chases a partner, and what reminds a person: each message is written once, and each stops by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, note_read, record
from allervers.outbox import actions as outbox
from allervers.referrals import errors, letters, links, reach, states
from allervers.referrals.actions import lists, steps
from allervers.referrals.models import Referral, ReturnList


@action
def chase(referrals: Sequence[Referral], *, by: Viewer | None) -> ReturnList | None:
    """One mail to one partner for all of `referrals`: the same link as before when there is one. Raises `NoAddress`."""
    rows = [row for row in steps.locked(one.pk for one in referrals).values() if row.state in states.WAITING]
    if not rows:
        return None
    recipient = rows[0].recipient
    if not recipient.email:
        raise errors.NoAddress
    now = clock.now()
    return_list = _open_list(rows) or lists.make_list(recipient, rows, by=by)
    subject, text = letters.chase(return_list, len(rows), links.url_of(return_list))
    outbox.mail(
        to=recipient.email,
        subject=subject,
        text=text,
        purpose="return_chase",
        network=return_list.network_id,
        organisation=return_list.organisation_id,
        about=return_list,
        once=f"chase:{return_list.pk}:{now.date().isoformat()}",
    )
    for row in rows:
        row.chased += 1
        row.chase_at = _next_chase(row, now)
        record("referral.chased", row, by=by, count=row.chased)
    Referral.objects.bulk_update(rows, ["chased", "chase_at"])
    return return_list


@action
def stop_chasing(referrals: Sequence[Referral]) -> int:
    """The ladder is climbed, or there is no address: the team is told, on its list of today."""
    rows = [row for row in steps.locked(one.pk for one in referrals).values() if row.chase_at is not None]
    for row in rows:
        row.chase_at = None
        record("referral.chase_ended", row, by=None, count=row.chased)
    Referral.objects.bulk_update(rows, ["chase_at"])
    steps.bring_forward([row.need_id for row in rows], at=clock.now())
    return len(rows)


@action
def remind_person(referral: Referral) -> str:
    """Reminds her of an appointment, in her language, if she may be written to; returns the code of what was done."""
    row = steps.locked([referral.pk])[referral.pk]
    if row.appointment_at is None or row.person_reminded_for == row.appointment_at or row.card is None:
        return "nothing"
    way = reach.by_sms(row.card, before=row.appointment_at, timezone=row.organisation.network.timezone)
    if way.number:
        note_read([row.card.pk], network=row.network_id, organisation=row.organisation_id, reason="reminder", by=None)
        outbox.sms(
            to=way.number,
            text=letters.appointment(row, reach.language_of(row.card)),
            purpose="appointment_reminder",
            network=row.network_id,
            organisation=row.organisation_id,
            about=row,
            once=f"appointment:{row.pk}:{row.appointment_at.isoformat()}",
            send_after=way.at,
            send_before=row.appointment_at,
        )
    Referral.objects.filter(pk=row.pk).update(person_reminded_for=row.appointment_at)
    record("referral.person_reminded" if way.number else "referral.person_not_reminded", row, by=None, code=way.code)
    return way.code


def _next_chase(row: Referral, now: datetime) -> datetime:
    """The next step of the ladder; after its last one, the day on which the team is told."""
    gaps = [later - earlier for earlier, later in zip(steps.CHASE_DAYS, steps.CHASE_DAYS[1:], strict=False)]
    return now + timedelta(days=gaps[min(row.chased, len(gaps)) - 1] if gaps else steps.CHASE_DAYS[0])


def _open_list(rows: Sequence[Referral]) -> ReturnList | None:
    """The newest open list that holds all of them."""
    found = (
        ReturnList.objects.filter(lines__referral=rows[0], revoked_at=None, expires_at__gt=clock.now())
        .select_related("recipient", "hub", "organisation")
        .order_by("-made_at")[:5]
    )
    wanted = {row.pk for row in rows}
    return next((one for one in found if wanted <= set(one.lines.values_list("referral_id", flat=True))), None)
