"""Drafting, sending and following a referral."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory.models import Service
from allervers.journal.actions import action, link, note_read, once, record
from allervers.needs import actions as needs
from allervers.needs.models import Need
from allervers.outbox import actions as outbox
from allervers.people.enums import SharedContent
from allervers.people.queries import standing_agreement
from allervers.referrals import codes, errors, letters, shown, states
from allervers.referrals.actions import lists, steps
from allervers.referrals.enums import EndedAs, ReferralState
from allervers.referrals.models import Referral
from allervers.referrals.rules import may_handle

# What a page for a partner may show; a person agrees to each. Her code and the hub's phone say nothing of her.
SENDABLE = (SharedContent.INITIALS, SharedContent.NEED, SharedContent.LANGUAGE)
UNENDED = (ReferralState.DRAFTED, *sorted(states.WAITING))


def draft(
    need: Need,
    *,
    by: Viewer,
    recipient: Organisation | None = None,
    service: Service | None = None,
    content: Sequence[str] = SENDABLE,
    operation: UUID | None = None,
) -> Referral:
    """A referral that has not left. Drafting the same operation again gives the same draft.

    Raises `NobodyToRefer`, `PersonErased`, `NeedIsClosed`, `NotARecipient`, `AlreadyReferred`.
    """
    mine = Referral.objects.filter(operation=operation, organisation_id=by.organisation_id)
    return once(
        lambda: mine.first() if operation else None,
        lambda: _draft(need, by=by, recipient=recipient, service=service, content=content, operation=operation),
    )


@action
def _draft(
    need: Need,
    *,
    by: Viewer,
    recipient: Organisation | None,
    service: Service | None,
    content: Sequence[str],
    operation: UUID | None,
) -> Referral:
    recipient = service.place.organisation if service else recipient
    _check_draft(need, recipient, by)
    assert recipient is not None
    referral = Referral(
        network_id=need.network_id,
        organisation_id=need.organisation_id,
        hub_id=need.hub_id,
        need=need,
        card=need.card,
        recipient=recipient,
        service=service,
        content=sorted(set(content) & set(SENDABLE)),
        operation=operation,
        drafted_by_id=by.membership_id,
    )
    _save_with_code(referral)
    link(need, referral, network=need.network_id)
    record("referral.drafted", referral, by=by, need=need.id, recipient=recipient.id)
    return referral


@action
def send(referral: Referral, *, by: Viewer, tell: bool = True) -> Referral:
    """Lets a draft leave. With `tell` and an address, the partner gets a link to this one person.

    Raises `NoAgreement` without the person's standing agreement for this recipient and content; `AlreadySent`,
    `PersonErased`.
    """
    row = steps.locked([referral.pk])[referral.pk]
    if not may_handle(by, row):
        raise errors.NotYours
    if row.state != ReferralState.DRAFTED:
        raise errors.AlreadySent
    if row.card is None:
        raise errors.NobodyToRefer
    if row.card.erased_at is not None:
        raise errors.PersonErased
    agreement = standing_agreement(row.card, row.recipient_id, row.content)
    if agreement is None:
        raise errors.NoAgreement
    now = clock.now()
    row.agreement = agreement
    if SharedContent.INITIALS in row.content and row.card.is_named:
        note_read(
            [row.card.pk], network=row.network_id, organisation=row.organisation_id, reason="referral_sent", by=by
        )
    row.shown = shown.seal(row, row.card, shown.of_person(row.card, row))
    row.sent_at, row.sent_by_id = now, by.membership_id
    steps.save(row, state=ReferralState.SENT, at=now)
    needs.take_in_hand(row.need, by=by)
    record("referral.sent", row, by=by, recipient=row.recipient_id, agreement=agreement.id, content=list(row.content))
    if tell and row.recipient.email:
        made = lists.make_list(row.recipient, [row], by=by)
        lists.send_link(made, by=by)
    return row


@action
def propose_again(referral: Referral, *, by: Viewer) -> Referral:
    """After a missed appointment, a refusal or a visit in vain: the partner is asked once more."""
    row = _handled(referral, by)
    if row.state not in {ReferralState.MISSED, ReferralState.CAME_NOT_SEEN, ReferralState.DECLINED}:
        raise errors.NothingToPropose
    if row.card is not None and row.card.erased_at is not None:
        raise errors.PersonErased
    if row.card is None or standing_agreement(row.card, row.recipient_id, row.content) is None:
        raise errors.NoAgreement
    row.appointment_at, row.ended_at, row.ended_as = None, None, ""
    steps.save(row, state=ReferralState.SENT, at=clock.now())
    record("referral.proposed_again", row, by=by, missed=row.appointments_missed)
    return row


@action
def close_unknown(referral: Referral, *, by: Viewer) -> Referral:
    """Nobody knows what became of it: counted and shown as unknown. A later word still counts."""
    return _end(referral, EndedAs.UNKNOWN, by)


@action
def cancel(referral: Referral, *, by: Viewer) -> Referral:
    """The team takes it back: a draft, or one sent by mistake."""
    return _end(referral, EndedAs.CANCELLED, by)


@action
def withdraw(referral: Referral, *, by: Viewer | None) -> Referral:
    """The person took her agreement back: nothing of her is shown any more, and the partner is told to stop waiting."""
    row = _end(referral, EndedAs.WITHDRAWN, by)
    Referral.objects.filter(pk=row.pk).update(shown=b"")
    row.shown = b""
    if row.sent_at and row.recipient.email:
        subject, text = letters.withdrawn(row)
        outbox.mail(
            to=row.recipient.email,
            subject=subject,
            text=text,
            purpose="referral_withdrawn",
            network=row.network_id,
            organisation=row.organisation_id,
            about=row,
            once=f"withdrawn:{row.pk}",
        )
    return row


@action
def end_for_elsewhere(referral: Referral, *, by: Viewer) -> Referral:
    """Ends this one as referred elsewhere; the next is drafted when its place is chosen."""
    return _end(referral, EndedAs.ELSEWHERE, by)


@action
def refer_elsewhere(
    referral: Referral, *, by: Viewer, recipient: Organisation | None = None, service: Service | None = None
) -> Referral:
    """Ends this one as referred elsewhere and drafts another for the same need; returns the draft."""
    row = _end(referral, EndedAs.ELSEWHERE, by)
    other = draft(row.need, by=by, recipient=recipient, service=service, content=row.content)
    link(row, other, network=row.network_id)
    return other


def _end(referral: Referral, ended_as: EndedAs, by: Viewer | None) -> Referral:
    row = _handled(referral, by)
    if row.state == ReferralState.CLOSED:
        if row.ended_as == ended_as:
            return row
        raise errors.AlreadyEnded
    if row.state == ReferralState.DRAFTED and ended_as == EndedAs.CANCELLED:
        record("referral.cancelled", row, by=by, drafted=True)
        row.lines.all().delete()
        row.delete()
        return row
    if row.state == ReferralState.DRAFTED:
        raise errors.AlreadyEnded
    was = row.state
    row.ended_at, row.ended_as, row.chase_at = clock.now(), ended_as, None
    steps.save(row, state=ReferralState.CLOSED)
    steps.forget_reminders([row])
    record("referral.closed", row, by=by, code=ended_as.value, was=was)
    return row


def _handled(referral: Referral, by: Viewer | None) -> Referral:
    row = steps.locked([referral.pk])[referral.pk]
    if by is not None and not may_handle(by, row):
        raise errors.NotYours
    return row


def _check_draft(need: Need, recipient: Organisation | None, by: Viewer) -> None:
    if need.organisation_id != by.organisation_id or not by.sees_people:
        raise errors.NotYours
    if need.card is None:
        raise errors.NobodyToRefer
    if need.card.erased_at is not None:
        raise errors.PersonErased
    if not need.is_open:
        raise errors.NeedIsClosed
    if recipient is None or recipient.network_id != need.network_id or recipient.closed_at is not None:
        raise errors.NotARecipient
    if Referral.objects.filter(need=need, recipient=recipient, state__in=UNENDED).exists():
        raise errors.AlreadyReferred


def _save_with_code(referral: Referral) -> None:
    """A free line code; a collision, one in millions, draws again."""
    for _try in range(20):
        referral.line_code = codes.new_line()
        try:
            with transaction.atomic():
                referral.save(force_insert=True)
                return
        except IntegrityError:
            if not Referral.objects.filter(network_id=referral.network_id, line_code=referral.line_code).exists():
                raise
    raise RuntimeError("no free line code")
