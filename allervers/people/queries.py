"""Reads about persons: how a list calls them, who is perhaps already known, what they agreed to, who read them."""

from collections.abc import Iterable
from uuid import UUID

from allervers.accounts.rules import Viewer
from allervers.core import text
from allervers.people import vault
from allervers.people.enums import AgreedBy, ReceiptKind
from allervers.people.models import PersonCard, Receipt
from allervers.people.rules import may_open


def initials_of(cards: Iterable[PersonCard]) -> dict[UUID, str]:
    """How a list calls each card: "A. D.", or the code of someone without a name. No query.

    Each identity is opened once (about 5 µs): give a page's worth, of cards that the viewer may open.
    """
    return {card.id: _initials(card) or card.code for card in cards}


def labels_for(viewer: Viewer, cards: Iterable[PersonCard]) -> dict[UUID, str]:
    """The same, but the code alone for a card that the viewer may not open: a coordinator reads codes only."""
    return {card.id: label_for(viewer, card) for card in cards}


def label_for(viewer: Viewer, card: PersonCard) -> str:
    """Initials for whoever may open the card, else its code."""
    return (may_open(viewer, card) and _initials(card)) or card.code


def standing_agreement(card: PersonCard, recipient_id: UUID, content: Iterable[str]) -> Receipt | None:
    """The newest agreement, not withdrawn, to share at least `content` with this recipient.

    For a minor or a protected adult, only one given by the legal representative counts.
    """
    wanted = set(content)
    agreements = card.receipts.filter(kind=ReceiptKind.SHARING, recipient_id=recipient_id, withdrawn_at=None)
    if card.is_minor or card.is_protected:
        agreements = agreements.exclude(agreed_by=AgreedBy.SELF)
    return next((receipt for receipt in agreements if wanted <= set(receipt.content)), None)


def has_agreed(card: PersonCard, kind: ReceiptKind) -> bool:
    """Whether an agreement without recipient stands: to be reminded, or that her ambassador hears the end."""
    return card.receipts.filter(kind=kind, withdrawn_at=None).exists()


def _initials(card: PersonCard) -> str:
    names = vault.identity(card)
    given, family = str(names.get("first_name", "")), str(names.get("last_name", ""))
    return text.initials(given, family) or text.initials(str(names.get("nickname", "")))
