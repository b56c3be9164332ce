"""Return lists, their links and their codes."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from django.db import IntegrityError, transaction
from django.db.models import F

from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto, ids
from allervers.journal.actions import action, note_read, once, record
from allervers.outbox import actions as outbox
from allervers.referrals import codes, errors, letters, links
from allervers.referrals.models import Referral, ReturnLine, ReturnList

OPEN_FOR = timedelta(days=60)
TRIES = 5
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor: a phone's patience, 5 tries


def make_list(
    recipient: Organisation, referrals: Sequence[Referral], *, by: Viewer | None, operation: UUID | None = None
) -> ReturnList:
    """A list on which `recipient` answers for `referrals`, in this order; it has no link and no code yet.

    Making the same operation again gives the same list. Raises `NothingToList`.
    """

    def made() -> ReturnList | None:
        mine = ReturnList.objects.filter(operation=operation)
        return mine.filter(organisation_id=by.organisation_id).first() if operation and by else None

    return once(made, lambda: _make_list(recipient, referrals, by=by, operation=operation))


@action
def _make_list(
    recipient: Organisation, referrals: Sequence[Referral], *, by: Viewer | None, operation: UUID | None
) -> ReturnList:
    mine = [row for row in referrals if row.recipient_id == recipient.pk]
    if not mine:
        raise errors.NothingToList
    hubs = {row.hub_id for row in mine}
    return_list = ReturnList(
        network_id=recipient.network_id,
        organisation_id=mine[0].organisation_id,
        hub_id=hubs.pop() if len(hubs) == 1 else None,
        recipient=recipient,
        made_by_id=by.membership_id if by else None,
        operation=operation,
        expires_at=clock.now() + OPEN_FOR,
    )
    return_list.token_digest = crypto.digest(links.token_of(return_list))
    _save_with_code(return_list)
    ReturnLine.objects.bulk_create(
        ReturnLine(return_list=return_list, referral=row, position=position) for position, row in enumerate(mine, 1)
    )
    record("return_list.made", return_list, by=by, recipient=recipient.id, lines=len(mine))
    return return_list


@action
def send_link(return_list: ReturnList, *, by: Viewer | None) -> None:
    """Mails the address of the list; its code travels by another path. Raises `NoAddress`, `ListClosed`."""
    if not return_list.recipient.email:
        raise errors.NoAddress
    if not return_list.is_open():
        raise errors.ListClosed
    if not return_list.code_hash and letters.mobile_of(return_list.recipient):
        new_code(return_list, by=by, by_sms=True)
    now = clock.now()
    subject, text = letters.return_link(return_list, links.url_of(return_list))
    outbox.mail(
        to=return_list.recipient.email,
        subject=subject,
        text=text,
        purpose="return_link",
        network=return_list.network_id,
        organisation=return_list.organisation_id,
        about=return_list,
        once=f"return-link:{return_list.pk}:{return_list.generation}:{now.date().isoformat()}",
    )
    ReturnList.objects.filter(pk=return_list.pk).update(link_sent_at=now)
    return_list.link_sent_at = now
    record("return_list.link_sent", return_list, by=by)


@action
def new_code(return_list: ReturnList, *, by: Viewer | None, by_sms: bool = False) -> str:
    """Six new digits, returned once: to say on the telephone, or sent by SMS. The former code and its tries are gone."""
    digits = ids.new_digits()
    now, path = clock.now(), "sms" if by_sms else "shown"
    ReturnList.objects.filter(pk=return_list.pk).update(
        code_hash=_HASHER.hash(digits), tries=0, code_made_at=now, code_by=path
    )
    return_list.refresh_from_db(fields=["code_hash", "tries", "code_made_at", "code_by"])
    if by_sms:
        outbox.sms(
            to=letters.mobile_of(return_list.recipient),
            text=letters.return_code(digits),
            purpose="return_code",
            network=return_list.network_id,
            organisation=return_list.organisation_id,
            about=return_list,
        )
    record("return_list.code_made", return_list, by=by, path=path)
    return digits


def check_code(return_list: ReturnList, typed: str) -> None:
    """Passes, or raises `ListClosed`, `CodeLocked`, `CodeWrong`. A try is counted before it is read, even when two race."""
    if not return_list.is_open():
        raise errors.ListClosed
    digits = "".join(letter for letter in typed if letter.isdecimal())
    if len(digits) != 6 or not return_list.code_hash:
        raise errors.CodeWrong
    counted = ReturnList.objects.filter(pk=return_list.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    if not counted:
        raise errors.CodeLocked
    try:
        _HASHER.verify(return_list.code_hash, "".join(str(int(digit)) for digit in digits))
    except VerificationError:
        _tell_when_locked(return_list)
        raise errors.CodeWrong from None


@action
def note_opened(return_list: ReturnList) -> None:
    """The right code was given: whose initials were shown is noted, once an opening."""
    ReturnList.objects.filter(pk=return_list.pk).update(
        tries=0, opened_at=clock.now(), opened_count=F("opened_count") + 1
    )
    lines = return_list.lines.exclude(referral__shown=b"").exclude(referral__card=None)
    cards = list(lines.order_by("position").values_list("referral__card_id", flat=True))
    note_read(
        cards,
        network=return_list.network_id,
        organisation=return_list.organisation_id,
        reason="partner_list",
        by=None,
    )
    record("return_list.opened", return_list, by=None)


@action
def renew_link(return_list: ReturnList, *, by: Viewer) -> None:
    """Another address, open for sixty days again; the former one answers that it is replaced. The code stays."""
    row = ReturnList.objects.select_for_update().get(pk=return_list.pk)
    row.generation += 1
    row.token_digest = crypto.digest(links.token_of(row))
    row.expires_at, row.revoked_at = clock.now() + OPEN_FOR, None
    row.save(update_fields=["generation", "token_digest", "expires_at", "revoked_at"])
    return_list.refresh_from_db()
    record("return_list.link_renewed", return_list, by=by)


@action
def revoke(return_list: ReturnList, *, by: Viewer) -> None:
    """Cuts the link at once; nothing that was answered is lost."""
    if ReturnList.objects.filter(pk=return_list.pk, revoked_at=None).update(revoked_at=clock.now()):
        record("return_list.revoked", return_list, by=by)
    return_list.refresh_from_db(fields=["revoked_at"])


@action
def _tell_when_locked(return_list: ReturnList) -> None:
    if ReturnList.objects.filter(pk=return_list.pk, tries=TRIES).exists():
        record("return_list.locked", return_list, by=None)


def _save_with_code(return_list: ReturnList) -> None:
    for _try in range(20):
        return_list.sheet_code = codes.new_sheet()
        try:
            with transaction.atomic():
                return_list.save(force_insert=True)
                return
        except IntegrityError:
            if not ReturnList.objects.filter(sheet_code=return_list.sheet_code).exists():
                raise
    raise RuntimeError("no free sheet code")
