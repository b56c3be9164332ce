"""Reads across referrals: what waits, who is silent, what changed, how a partner does, the thread of a need."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.needs.models import Need
from allervers.outbox.models import Message
from allervers.referrals import delays, states
from allervers.referrals.enums import AnswerKind, EndedAs, ReferralState
from allervers.referrals.models import Answer, Referral, ReturnLine, ReturnList
from allervers.referrals.rules import referrals_for, return_lists_for

SILENT_AFTER = timedelta(days=14)
REMINDERS = ("appointment_reminder", "say_link", "return_link", "return_chase", "referral_withdrawn")


def look_of(referral: Referral) -> str:
    """The name of the referral's look on screens: silence is seen, an end says which."""
    if is_silent(referral):
        return "silent"
    if referral.state == ReferralState.RESULT and referral.result:
        return referral.result
    if referral.state == ReferralState.CLOSED:
        return "withdrawn" if referral.ended_as in {EndedAs.WITHDRAWN, EndedAs.CANCELLED} else "unknown"
    return referral.state


def is_silent(referral: Referral) -> bool:
    """The partner has the next word and has said none for two weeks; an appointment to come is not silence."""
    if referral.state not in states.WAITING or referral.last_word_at is None:
        return False
    since = max(referral.last_word_at, referral.appointment_at or referral.last_word_at)
    return since < clock.now() - SILENT_AFTER


def silent_for(viewer: Viewer) -> QuerySet[Referral]:
    """Those that wait for a partner's word since two weeks or more, longest first."""
    limit = clock.now() - SILENT_AFTER
    rows = referrals_for(viewer).silent_since(limit)
    return rows.filter(Q(appointment_at=None) | Q(appointment_at__lt=limit)).order_by("last_word_at", "id")


@dataclass(frozen=True)
class SilentPartner:
    organisation: Organisation
    count: int
    since: datetime


def silent_partners(viewer: Viewer) -> list[SilentPartner]:
    """Which partners are silent, for how many persons, since when; two queries."""
    rows = silent_for(viewer).order_by().values("recipient").annotate(count=Count("pk"), since=Min("last_word_at"))
    found = {row["recipient"]: row for row in rows}
    organisations = Organisation.objects.filter(pk__in=found)
    partners = [SilentPartner(one, found[one.pk]["count"], found[one.pk]["since"]) for one in organisations]
    return sorted(partners, key=lambda partner: (partner.since, partner.organisation.name))


def unseen_amendments(viewer: Viewer) -> QuerySet[Answer]:
    """Answers that changed what was held as known, and that nobody of the team has read yet."""
    mine = referrals_for(viewer).filter(pk=OuterRef("referral"))
    unseen = Answer.objects.filter(Exists(mine), is_amendment=True, seen_at=None, undone_at=None).order_by()
    rows = Answer.objects.filter(pk__in=unseen.values("pk"))  # the few are found first, then joined
    return rows.select_related("referral__recipient", "referral__card", "amends").order_by("at", "id")


def appointments_to_come(viewer: Viewer) -> QuerySet[Referral]:
    return (
        referrals_for(viewer)
        .filter(state__in=[ReferralState.APPOINTMENT, ReferralState.MOVED], appointment_at__gte=clock.now())
        .order_by("appointment_at", "id")
    )


@dataclass(frozen=True)
class Step:
    """Something that happened to a referral, or is to come (`at` is None)."""

    referral: Referral
    at: datetime | None
    look: str  # a name of web.components.states
    kind: str  # drafted, sent, answered, silent, closed
    answer: Answer | None = None


def thread_of(need: Need) -> list[Step]:
    """All that happened to the referrals of a need, oldest first. Two queries."""
    rows = need.referrals.select_related("recipient", "service", "sent_by__user").prefetch_related(
        "answers__submission"
    )
    steps = [step for row in rows for step in steps_of(row)]
    return sorted(steps, key=lambda step: (step.at or clock.now(), step.kind == "silent"))


def steps_of(referral: Referral) -> list[Step]:
    """What happened to one referral, oldest first; give it with its answers prefetched."""
    steps = [Step(referral, referral.drafted_at, "drafted", "drafted")]
    if referral.sent_at:
        steps = [Step(referral, referral.sent_at, "sent", "sent")]
    standing = [answer for answer in referral.answers.all() if answer.undone_at is None]
    steps += [Step(referral, one.at, _answer_look(one.kind), "answered", one) for one in standing]
    if is_silent(referral):
        steps.append(Step(referral, referral.last_word_at, "silent", "silent"))
    if referral.state == ReferralState.CLOSED:
        steps.append(Step(referral, referral.ended_at, look_of(referral), "closed"))
    return steps


@dataclass(frozen=True)
class Reminder:
    """A message that something wrote about a referral: its kind, when it left or shall leave, its state; never its words."""

    referral_id: UUID
    purpose: str
    channel: str
    state: str
    at: datetime


def reminders_of(need: Need) -> list[Reminder]:
    """What was sent for the referrals of a need: to the person about one, to a partner about its list. Two queries."""
    by_list: dict[str, list[UUID]] = defaultdict(list)
    for list_id, referral_id in ReturnLine.objects.filter(referral__need=need).values_list("return_list", "referral"):
        by_list[str(list_id)].append(referral_id)
    own = {str(pk): [pk] for pk in need.referrals.values_list("pk", flat=True)}
    about = by_list | own
    rows = Message.objects.filter(about_id__in=list(about), purpose__in=REMINDERS).order_by("created_at", "id")
    return [
        Reminder(referral_id, row.purpose, row.channel, row.state, row.sent_at or row.send_after)
        for row in rows.defer("sealed")
        for referral_id in about[row.about_id]
    ]


def _answer_look(kind: str) -> str:
    declined = {AnswerKind.DECLINED_NO_ROOM, AnswerKind.DECLINED_NOT_US}
    return "declined" if kind in declined else kind


@dataclass(frozen=True)
class PartnerRecord:
    """What is observed of a partner, among the referrals that the viewer may see."""

    organisation: Organisation
    sent: int
    waiting: int
    silent: int
    seen: int
    came_not_seen: int
    missed: int
    declined_no_room: int
    declined_not_us: int
    closed_unknown: int
    chased: int
    delay: delays.Delay
    silent_since: datetime | None

    @property
    def declined(self) -> int:
        return self.declined_no_room + self.declined_not_us

    @property
    def past_appointments(self) -> int:
        """Those of whom it is known whether they came."""
        return self.seen + self.came_not_seen + self.missed


def partner_record(viewer: Viewer, organisation: Organisation) -> PartnerRecord:
    """Delay, refusals and silence of one partner. One query; drafts and what was taken back are not counted."""
    rows = list(
        referrals_for(viewer)
        .filter(recipient=organisation, sent_at__isnull=False)
        .exclude(ended_as__in=[EndedAs.WITHDRAWN, EndedAs.CANCELLED])
    )
    silent = [row for row in rows if is_silent(row)]
    tally = {state: sum(row.state == state for row in rows) for state in ReferralState.values}
    return PartnerRecord(
        organisation=organisation,
        sent=len(rows),
        waiting=sum(row.state in states.WAITING for row in rows),
        silent=len(silent),
        seen=tally[ReferralState.KEPT] + tally[ReferralState.RESULT],
        came_not_seen=tally[ReferralState.CAME_NOT_SEEN],
        missed=tally[ReferralState.MISSED],
        declined_no_room=sum(row.result == AnswerKind.DECLINED_NO_ROOM for row in rows),
        declined_not_us=sum(row.result == AnswerKind.DECLINED_NOT_US for row in rows),
        closed_unknown=sum(row.state == ReferralState.CLOSED and row.ended_as == EndedAs.UNKNOWN for row in rows),
        chased=sum(row.chased > 0 for row in rows),
        delay=delays.observed(waits(rows)),
        silent_since=min((row.last_word_at for row in silent if row.last_word_at), default=None),
    )


def waits(rows: Iterable[Referral]) -> list[delays.Wait]:
    """The days from sending to being seen; those who still wait count to today, those who will not be seen to their end."""
    now, found = clock.now(), []
    for row in rows:
        if row.sent_at is None:
            continue
        until = row.first_seen_at or row.ended_at or (now if row.state in states.WAITING else row.last_word_at) or now
        found.append(delays.Wait(max(0, (until - row.sent_at).days), row.first_seen_at is not None))
    return found


def open_lists(viewer: Viewer) -> QuerySet[ReturnList]:
    """Lists whose link is open, newest first."""
    rows = return_lists_for(viewer).filter(revoked_at=None, expires_at__gt=clock.now())
    return rows.select_related("recipient", "hub").annotate(size=Count("lines"))


def waiting_for(viewer: Viewer, recipient_id: UUID) -> Sequence[Referral]:
    """What a list for this partner holds by default: all that wait for its word."""
    rows = referrals_for(viewer).waiting().filter(recipient_id=recipient_id)
    return list(rows.select_related("card", "need", "service").order_by("sent_at", "id"))
