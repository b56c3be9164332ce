"""People to refer: needs of the cast's cards, agreements, referrals sent to its hospital."""

from dataclasses import dataclass

from allervers.accounts.models import Hub, Organisation
from allervers.core import clock
from allervers.needs.models import Need
from allervers.people.enums import ReceiptKind, ReceiptMode
from allervers.people.models import PersonCard, Receipt
from allervers.referrals import actions
from allervers.referrals.actions import Given
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Referral
from tests.cast import Cast

CONTENT = ["initials", "need", "language"]


def need_of(cast: Cast, card: PersonCard | None = None, *, hub: Hub | None = None, category: str = "eyes") -> Need:
    card = card or cast.card(hub)
    assert card.hub is not None
    return Need.objects.create(
        network=card.network, organisation=card.organisation, hub=card.hub, card=card, category=category
    )


def agree(card: PersonCard, recipient: Organisation, content: list[str] | None = None) -> Receipt:
    return Receipt.objects.create(
        network=card.network,
        organisation=card.organisation,
        card=card,
        kind=ReceiptKind.SHARING,
        mode=ReceiptMode.READ_ALOUD,
        language="fr",
        words="D’accord pour transmettre.",
        recipient=recipient,
        content=CONTENT if content is None else content,
    )


def sent(cast: Cast, *, who: str = "mediator", hub: Hub | None = None, tell: bool = False) -> Referral:
    """A referral that left for the hospital with its agreement."""
    need = need_of(cast, hub=hub)
    assert need.card is not None
    agree(need.card, cast.hospital)
    drafted = actions.draft(need, by=cast.viewer(who), recipient=cast.hospital)
    return actions.send(drafted, by=cast.viewer(who), tell=tell)


@dataclass
class Partner:
    """The partner, answering by link."""

    operations: int = 0

    def says(self, referral: Referral, kind: str, *, operation: str = "", **more: object) -> actions.Heard:
        self.operations += 1
        given = [Given(referral.pk, AnswerKind(kind), **more)]  # type: ignore[arg-type]
        heard = actions.answer(
            given, by=None, channel=AnswerBy.LINK, operation=operation or f"op-{self.operations}-{clock.now()}"
        )
        referral.refresh_from_db()
        return heard
