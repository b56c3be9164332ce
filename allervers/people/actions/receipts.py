"""What a person was told and what she agreed to: the words are kept exactly as they were shown or read."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from allervers.accounts.models import Network, Organisation
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, once, record
from allervers.people import notices
from allervers.people.actions.cards import CardErased, OutOfReach, touch
from allervers.people.enums import AgreedBy, ReceiptKind, ReceiptMode, SharedContent
from allervers.people.models import PersonCard, Receipt
from allervers.people.rules import kept_days, may_open


class RepresentativeNeeded(Exception):
    """A minor or a protected adult does not agree alone."""

    def __str__(self) -> str:
        return _(
            "Pour une personne mineure ou protégée, c’est le parent ou le représentant légal qui donne l’accord. "
            "Dites qui l’a donné."
        )


def words_of(
    card: PersonCard,
    kind: ReceiptKind,
    language: str,
    *,
    organisation: str,
    recipient: str = "",
    content: Sequence[str] = (),
    agreed_by: str = AgreedBy.SELF,
) -> notices.Notice:
    """The words to show now, which `record_agreement` will keep if they are agreed to."""
    months = max(1, kept_days(Network.objects.get(pk=card.network_id), "card") // 30)
    return notices.notice(
        kind,
        language,
        organisation=organisation,
        recipient=recipient,
        content=content,
        months=months,
        agreed_by=agreed_by,
    )


def give_information(
    card: PersonCard,
    *,
    by: Viewer,
    mode: str = ReceiptMode.READ_ALOUD,
    language: str = "",
    spoken_language: str = "",
    operation: UUID | None = None,
) -> Receipt:
    """She was told what we keep. Without a language: the best of those she reads or speaks."""
    return record_agreement(
        card,
        kind=ReceiptKind.INFORMATION,
        by=by,
        mode=mode,
        language=language,
        spoken_language=spoken_language,
        operation=operation,
    )


def agree_to_share(
    card: PersonCard,
    *,
    recipient: Organisation,
    content: Sequence[str],
    by: Viewer,
    mode: str = ReceiptMode.READ_ALOUD,
    language: str = "",
    spoken_language: str = "",
    agreed_by: str = AgreedBy.SELF,
    operation: UUID | None = None,
) -> Receipt:
    """Her agreement to send `content` (codes of `SharedContent`) to one recipient. Raises `RepresentativeNeeded`."""
    if recipient.network_id != by.network_id:
        raise OutOfReach
    return record_agreement(
        card,
        kind=ReceiptKind.SHARING,
        by=by,
        mode=mode,
        language=language,
        spoken_language=spoken_language,
        recipient=recipient,
        content=[code for code in SharedContent.values if code in set(content)],
        agreed_by=agreed_by,
        operation=operation,
    )


def record_agreement(
    card: PersonCard,
    *,
    kind: ReceiptKind,
    by: Viewer,
    mode: str = ReceiptMode.READ_ALOUD,
    language: str = "",
    spoken_language: str = "",
    recipient: Organisation | None = None,
    content: Sequence[str] = (),
    agreed_by: str = AgreedBy.SELF,
    operation: UUID | None = None,
) -> Receipt:
    """Keeps a receipt of any kind. The same `operation` again gives the same receipt."""
    if card.erased_at is not None:
        raise CardErased
    if not may_open(by, card):
        raise OutOfReach
    agrees = kind in {ReceiptKind.SHARING, ReceiptKind.REMINDERS, ReceiptKind.HAND_BACK}
    if agrees and (card.is_minor or card.is_protected) and agreed_by == AgreedBy.SELF:
        raise RepresentativeNeeded
    return once(
        lambda: Receipt.objects.filter(operation=operation, card=card).first() if operation else None,
        lambda: _record_agreement(
            card,
            kind=kind,
            by=by,
            mode=mode,
            language=language,
            spoken_language=spoken_language,
            recipient=recipient,
            content=content,
            agreed_by=agreed_by,
            operation=operation,
        ),
    )


@action
def _record_agreement(
    card: PersonCard,
    *,
    kind: ReceiptKind,
    by: Viewer,
    mode: str,
    language: str,
    spoken_language: str,
    recipient: Organisation | None,
    content: Sequence[str],
    agreed_by: str,
    operation: UUID | None,
) -> Receipt:
    asked = language or notices.best_language(card.reads, card.speaks)
    told = words_of(
        card,
        kind,
        asked,
        organisation=by.organisation_name,
        recipient=recipient.name if recipient else "",
        content=content,
        agreed_by=agreed_by,
    )
    spoken = spoken_language or (asked if told.fell_back else "")
    receipt = Receipt.objects.create(
        network_id=card.network_id,
        organisation_id=card.organisation_id,
        card=card,
        kind=kind,
        mode=mode,
        language=told.language,
        spoken_language=spoken if spoken != told.language else "",
        version=told.version,
        words=told.words,
        recipient=recipient,
        content=list(content),
        agreed_by=agreed_by,
        by_id=by.membership_id,
        operation=operation,
    )
    touch(card, receipt.at)
    record(
        "receipt.given", card, by=by, receipt=receipt.id, receipt_kind=str(kind), mode=str(mode), language=told.language
    )
    return receipt


@action
def withdraw(receipt: Receipt, *, by: Viewer) -> None:
    """She changed her mind: what has not left will not leave. Twice changes nothing."""
    if not may_open(by, receipt.card):
        raise OutOfReach
    at = clock.now()
    if Receipt.objects.filter(pk=receipt.pk, withdrawn_at=None).update(withdrawn_at=at):
        receipt.withdrawn_at = at
        record("receipt.withdrawn", receipt.card, by=by, receipt=receipt.id, receipt_kind=receipt.kind)


@action
def ask_no_follow_up(
    card: PersonCard,
    *,
    by: Viewer,
    mode: str = ReceiptMode.READ_ALOUD,
    language: str = "",
    operation: UUID | None = None,
) -> Receipt:
    """One gesture: she does not want to be called back."""
    receipt = record_agreement(
        card, kind=ReceiptKind.NO_FOLLOW_UP, by=by, mode=mode, language=language, operation=operation
    )
    PersonCard.objects.filter(pk=card.pk).update(no_follow_up=True)
    card.no_follow_up = True
    return receipt


@action
def resume_follow_up(card: PersonCard, *, by: Viewer) -> None:
    """She says we may call again: what said otherwise is withdrawn."""
    for receipt in card.receipts.filter(kind=ReceiptKind.NO_FOLLOW_UP, withdrawn_at=None).select_related("card"):
        withdraw(receipt, by=by)
    PersonCard.objects.filter(pk=card.pk).update(no_follow_up=False)
    card.no_follow_up = False
    record("card.follow_up_resumed", card, by=by)
