"""What the worker's tick does: reminders to partners and persons, agreements taken back; each failure stays alone."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import F, Q

from allervers.accounts.models import Network
from allervers.referrals import actions, errors, reach
from allervers.referrals.actions.steps import CHASE_DAYS
from allervers.referrals.enums import WAITS_FOR_PARTNER, ReferralState
from allervers.referrals.models import Referral, ReturnList

logger = logging.getLogger(__name__)

BATCH = 500
REMIND_AHEAD = timedelta(hours=48)
TOO_LATE = timedelta(hours=1)
IDENTITY_KEPT = timedelta(days=183)


def tick(now: datetime) -> None:
    _withdraw_what_was_taken_back()
    _chase_partners(now)
    _remind_persons(now)


def clean_up(now: datetime) -> int:
    """Forgets what partners read of persons six months after the end, and codes and links that opened long ago."""
    forgotten = 0
    for network in Network.objects.all():
        limit = now - timedelta(days=network.days_kept("referral_identity", IDENTITY_KEPT.days))
        over = Q(ended_at__lt=limit) | Q(ended_at=None, last_word_at__lt=limit) & ~Q(state__in=WAITS_FOR_PARTNER)
        rows = Referral.objects.filter(over, network=network).exclude(state=ReferralState.DRAFTED)
        forgotten += rows.exclude(shown=b"").update(shown=b"")
    Referral.objects.filter(say_expires_at__lt=now).update(say_digest=None, say_expires_at=None)
    ReturnList.objects.filter(expires_at__lt=now - IDENTITY_KEPT).exclude(code_hash="").update(code_hash="")
    return forgotten


def _withdraw_what_was_taken_back() -> None:
    taken_back = Referral.objects.filter(agreement__withdrawn_at__isnull=False)
    for referral in taken_back.filter(state__in=WAITS_FOR_PARTNER)[:BATCH]:
        _alone("withdraw", partial(actions.withdraw, referral, by=None))
    taken_back.exclude(shown=b"").exclude(state__in=WAITS_FOR_PARTNER).update(shown=b"")


def _chase_partners(now: datetime) -> None:
    """In office hours there: until then nothing is written, so an answer that comes meanwhile stops the reminder."""
    zones = Network.objects.values_list("id", "timezone")
    at_work = [network_id for network_id, zone in zones if reach.office_moment(now, zone) == now]
    late = Referral.objects.waiting().filter(chase_at__lte=now, network_id__in=at_work)
    due = late.select_related("recipient").order_by("chase_at")[:BATCH]
    groups: dict[tuple[UUID, UUID, UUID | None], list[Referral]] = defaultdict(list)
    climbed = []
    for referral in due:
        if referral.chased >= len(CHASE_DAYS) or not referral.recipient.email:
            climbed.append(referral)
        else:
            groups[referral.organisation_id, referral.recipient_id, referral.hub_id].append(referral)
    if climbed:
        _alone("stop_chasing", partial(actions.stop_chasing, climbed))
    for rows in groups.values():
        _alone("chase", partial(actions.chase, rows, by=None))


def _remind_persons(now: datetime) -> None:
    not_yet = Q(person_reminded_for=None) | ~Q(person_reminded_for=F("appointment_at"))
    soon = Referral.objects.filter(
        not_yet,
        state__in=[ReferralState.APPOINTMENT, ReferralState.MOVED],
        appointment_at__gt=now + TOO_LATE,
        appointment_at__lte=now + REMIND_AHEAD,
    )
    for referral in soon.order_by("appointment_at")[:BATCH]:
        _alone("remind", partial(actions.remind_person, referral))


def _alone(what: str, act: Callable[[], object]) -> None:
    """One referral's trouble must not keep the others waiting."""
    try:
        act()
    except errors.Refused as error:
        logger.warning("referrals %s %s", what, type(error).__name__)
