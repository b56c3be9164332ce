"""Links between cards that may be one person. Cards are never merged; a split stays split whatever runs later."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import action, record
from allervers.people import identity as identities
from allervers.people import matching, tokens, vault
from allervers.people.actions.cards import OutOfReach
from allervers.people.enums import LinkState
from allervers.people.models import CardLink, PersonCard
from allervers.people.rules import may_open

_PROPOSE_FROM = 0.9  # a nightly proposal is read by someone: only likely pairs


@action
def propose_link(
    card: PersonCard,
    *,
    other: PersonCard,
    by: Viewer | None,
    score: float = 0.0,
    reasons: Sequence[str] = (),
) -> CardLink:
    """ "To check later". A pair already proposed, confirmed or rejected stays as it is."""
    if card.organisation_id != other.organisation_id or card.pk == other.pk:
        raise OutOfReach
    first, second = sorted((card, other), key=lambda one: one.id)
    found = CardLink.objects.filter(first=first, second=second).first()
    if found is not None:
        return found
    link, made = CardLink.objects.get_or_create(
        first=first,
        second=second,
        defaults={
            "organisation_id": card.organisation_id,
            "score": round(score, 4),
            "reasons": [str(reason) for reason in reasons],
        },
    )
    if made:
        record("card_link.proposed", link, by=by, network=card.network_id, first=first.id, second=second.id)
    return link


def confirm_link(link: CardLink, *, by: Viewer) -> None:
    """One person: both cards stay, counted once."""
    _decide(link, LinkState.CONFIRMED, by=by)


def reject_link(link: CardLink, *, by: Viewer) -> None:
    """Two people: nothing proposes this pair again."""
    _decide(link, LinkState.REJECTED, by=by)


def undo_link(link: CardLink, *, by: Viewer) -> None:
    """Back to "to check": neither card was touched, so both are as they were."""
    _decide(link, LinkState.CANDIDATE, by=by)


@action
def _decide(link: CardLink, state: LinkState, *, by: Viewer) -> None:
    """Whoever may open either card may keep them apart; saying that they are one takes both."""
    reached = [may_open(by, card) for card in (link.first, link.second)]
    if not any(reached) or (state == LinkState.CONFIRMED and not all(reached)):
        raise OutOfReach
    undone = state == LinkState.CANDIDATE
    decided: dict[str, Any] = {
        "decided_by_id": None if undone else by.membership_id,
        "decided_at": None if undone else clock.now(),
    }
    if CardLink.objects.filter(pk=link.pk).exclude(state=state).update(state=state, **decided):
        record("card_link.decided", link, by=by, network=link.first.network_id, state=str(state))
    link.refresh_from_db()


def propose_doubles(organisation_id: UUID) -> int:
    """Compares an organisation's cards and proposes likely pairs; returns how many are new. Opens each identity in memory."""
    cards = list(
        PersonCard.objects.filter(organisation_id=organisation_id, is_named=True, erased_at=None).order_by("created_at")
    )
    today = clock.today()
    traits = [tokens.traits_of(identities.parse(vault.identity(card), today=today)) for card in cards]
    known = set(CardLink.objects.filter(organisation_id=organisation_id).values_list("first_id", "second_id"))
    proposed = 0
    for i, j, evidence in matching.pairs(traits, threshold=_PROPOSE_FROM):
        pair = tuple(sorted((cards[i].id, cards[j].id)))
        if pair not in known:
            propose_link(cards[i], other=cards[j], by=None, score=evidence.score, reasons=evidence.reasons)
            proposed += 1
    return proposed
