"""What the house asks of this app: one person's copy, her erasure, and forgetting in time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from allervers.accounts.models import Network, Organisation
from allervers.core import languages
from allervers.people import actions, queries, vault
from allervers.people.enums import ReceiptKind, SharedContent
from allervers.people.models import CardLink, PersonCard
from allervers.people.rules import kept_days


def export_person(card: PersonCard) -> dict[str, Any]:
    """Her card as it stands, what she was told and agreed to, who read her identity."""
    return {
        "code": card.code,
        "identity": vault.identity(card),
        "speaks": [languages.name(code) for code in card.speaks],
        "reads": [_("ne lit pas") if code == "none" else languages.name(code) for code in card.reads],
        "interpreter": card.get_interpreter_display(),
        "sex": card.get_sex_display(),
        "age_band": card.get_age_band_display(),
        "neighbourhood": card.territory.name if card.territory else "",
        "is_minor": card.is_minor,
        "is_protected": card.is_protected,
        "no_follow_up": card.no_follow_up,
        "kept_by": card.organisation.name,
        "created_at": card.created_at.isoformat(),
        "last_contact_at": card.last_contact_at.isoformat(),
        "receipts": [
            {
                "at": receipt.at.isoformat(),
                "kind": receipt.get_kind_display(),
                "mode": receipt.get_mode_display(),
                "language": languages.name(receipt.language),
                "spoken_language": languages.name(receipt.spoken_language) if receipt.spoken_language else "",
                "words": receipt.words,
                "recipient": receipt.recipient.name if receipt.recipient else "",
                "content": [str(SharedContent(code).label) for code in receipt.content],
                "agreed_by": receipt.get_agreed_by_display(),
                "withdrawn_at": receipt.withdrawn_at.isoformat() if receipt.withdrawn_at else "",
            }
            for receipt in card.receipts.select_related("recipient")
        ],
        "readings": [
            {"at": line.at.isoformat(), "who": line.who, "reason": line.reason} for line in queries.reads_of(card)
        ],
    }


def erase_person(card: PersonCard) -> None:
    """Shreds the key, empties what describes her. Her agreements to share stay as proof of what left; they name no one."""
    card.tokens.all().delete()
    CardLink.objects.filter(first=card).delete()
    CardLink.objects.filter(second=card).delete()
    card.receipts.exclude(kind=ReceiptKind.SHARING).delete()
    card.receipts.update(spoken_language="", operation=None)
    PersonCard.objects.filter(pk=card.pk).update(
        code=f"Effacée {card.id.hex[-12:]}",
        is_named=False,
        sealed=b"",
        wrapped_key=b"",
        speaks=[],
        reads=[],
        interpreter="",
        is_minor=False,
        is_protected=False,
        operation=None,
    )


def clean_up(now: datetime) -> dict[str, int]:
    """Erases cards without contact for too long, proposes likely doubles to check."""
    erased = 0
    for network in Network.objects.order_by("slug"):
        silent_since = now - timedelta(days=kept_days(network, "card"))
        due = PersonCard.objects.filter(network=network, erased_at=None, last_contact_at__lt=silent_since)
        for card in list(due.order_by("id")):
            erased += actions.erase_card(card, by=None, reason="retention")
    keepers = Organisation.objects.filter(keeps_cards=True).order_by("id")
    proposed = sum(actions.propose_doubles(organisation.id) for organisation in keepers)
    return {"erased": erased, "doubles_proposed": proposed}
