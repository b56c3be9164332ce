"""Reads about persons: how a list calls them, who is perhaps already known, what they agreed to, who read them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer
from allervers.core import clock, text
from allervers.journal import queries as journal
from allervers.people import identity as identities
from allervers.people import matching, search, tokens, vault
from allervers.people.enums import AgreedBy, LinkState, ReadReason, ReceiptKind
from allervers.people.identity import Identity, IdentityRefused
from allervers.people.models import CardLink, CardToken, PersonCard, Receipt
from allervers.people.rules import cards_for, may_open

_SHOWN_FROM = 0.3  # "perhaps already known": a person decides, so doubt is shown
_COMPARED = 300  # cards opened at most for one entry, those that share most keys first


@dataclass(frozen=True)
class Match:
    """A card that a search found. `why`: code, phone or name."""

    card: PersonCard
    label: str
    year: int | None
    why: str


@dataclass(frozen=True)
class Candidate:
    """Perhaps the same person. `card` is None when another hub of the organisation keeps it: nothing more is told."""

    card_id: UUID
    card: PersonCard | None
    label: str
    year: int | None
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ReadLine:
    """Who opened an identity, when, why (a sentence's end)."""

    at: datetime
    who: str
    reason: str


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


def find(viewer: Viewer, typed: str, *, limit: int = 30) -> list[Match]:
    """Cards of the viewer's reach by code, phone or name, best first. Names forgive spelling, accents, order and script.

    Reads every identity of her hub in memory (25,000: see bench/vault.py); shows initials only, so no read is noted.
    """
    if not viewer.sees_people or not typed.strip():
        return []
    for why, found in (("code", _by_code(viewer, typed)), ("phone", _by_phone(viewer, typed))):
        if found:
            return [_match(card, why) for card in found[:limit]]
    return [_match(card, "name") for card in _by_name(viewer, typed, limit)]


def perhaps_known(
    viewer: Viewer, described: Identity | Mapping[str, Any], *, besides: UUID | None = None, limit: int = 5
) -> list[Candidate]:
    """Cards of the viewer's organisation that may be this person, likeliest first.

    Within her reach they are opened in memory and compared; in a sister hub only tokens are: it says "known in another
    hub" and no more. Pairs that someone rejected for the card `besides` stay away. What cannot be read matches nothing.
    """
    if not isinstance(described, Identity):
        try:
            described = identities.parse(described, today=clock.today())
        except IdentityRefused:
            return []
    shared = _shared_tokens(viewer.organisation_id, described, besides)
    ranked = sorted(shared, key=lambda card_id: (-len(shared[card_id]), card_id))
    near = cards_for(viewer).filter(id__in=ranked[:_COMPARED], is_named=True)
    traits, today, known = tokens.traits_of(described), clock.today(), []
    within = set()
    for card in near:
        within.add(card.id)
        opened = identities.parse(vault.identity(card), today=today)
        evidence = matching.compare(traits, tokens.traits_of(opened))
        if evidence.score >= _SHOWN_FROM:
            label = _initials(card) or card.code
            known.append(Candidate(card.id, card, label, opened.year(), evidence.score, evidence.reasons))
    known.sort(key=lambda candidate: (-candidate.score, candidate.card_id))
    return known[:limit] + _elsewhere(viewer, described, {k: v for k, v in shared.items() if k not in within})[:limit]


def reads_of(card: PersonCard) -> list[ReadLine]:
    """Who opened this identity, newest first, as far back as readings are kept."""
    reads = list(journal.reads_of(card.id, card.organisation_id))
    people = Membership.objects.select_related("user").in_bulk({read.reader_id for read in reads if read.reader_id})
    return [ReadLine(read.at, _reader(people, read.reader_id), _reason(read.reason)) for read in reads]


def _reader(people: dict[UUID, Membership], reader_id: UUID | None) -> str:
    if reader_id is None:
        return _("le logiciel, pour un message")
    return str(people[reader_id]) if reader_id in people else _("quelqu’un qui n’est plus dans l’équipe")


def _reason(code: str) -> str:
    return str(ReadReason(code).label) if code in ReadReason.values else _("une page de travail")


def _match(card: PersonCard, why: str) -> Match:
    names = vault.identity(card)
    year = str(names.get("birth_date") or names.get("birth_year") or "")[:4]
    return Match(card, _initials(card) or card.code, int(year) if year else None, why)


def _by_code(viewer: Viewer, typed: str) -> list[PersonCard]:
    """The database narrows by the number, folding compares the word: "ebene 27" finds "Ébène 27"."""
    number = typed.split()[-1]
    if not number.isdigit():
        return []
    near = cards_for(viewer).filter(code__endswith=f" {number}")
    return [card for card in near if text.fold(card.code) == text.fold(typed)]


def _by_phone(viewer: Viewer, typed: str) -> list[PersonCard]:
    if sum(letter.isdigit() for letter in typed) < 6:
        return []
    try:
        number = identities.parse_phone(typed)
    except IdentityRefused:
        return []
    found = tokens.phone_tokens(viewer.organisation_id, [number])
    near = cards_for(viewer).filter(tokens__kind=tokens.PHONE, tokens__token__in=found)
    return list(near.order_by("-last_contact_at", "id"))


def _by_name(viewer: Viewer, typed: str, limit: int) -> list[PersonCard]:
    named = cards_for(viewer).filter(is_named=True)
    rows = named.values_list("id", "key_version", "wrapped_key", "sealed")
    best = search.best(typed, vault.names_of(rows.iterator(chunk_size=5000), viewer.organisation_id), limit=limit)
    cards = named.in_bulk([card_id for card_id, _score in best])
    return [cards[card_id] for card_id, _score in best if card_id in cards]


def _shared_tokens(organisation_id: UUID, described: Identity, besides: UUID | None) -> dict[UUID, set[str]]:
    """Which tokens each other card of the organisation shares with this identity."""
    mine = {token for found in tokens.tokens_of(organisation_id, described).values() for token in found}
    rows = CardToken.objects.filter(organisation_id=organisation_id, token__in=mine, card__erased_at=None)
    shared: dict[UUID, set[str]] = defaultdict(set)
    for card_id, token in rows.values_list("card_id", "token"):
        shared[card_id].add(token)
    if besides is not None:
        shared.pop(besides, None)
        for link in CardLink.objects.filter(state=LinkState.REJECTED, first_id=besides):
            shared.pop(link.second_id, None)
        for link in CardLink.objects.filter(state=LinkState.REJECTED, second_id=besides):
            shared.pop(link.first_id, None)
    return shared


def _elsewhere(viewer: Viewer, described: Identity, shared: dict[UUID, set[str]]) -> list[Candidate]:
    """Cards of sister hubs that share a phone, or two names and the year when one is known."""
    phones = tokens.phone_tokens(viewer.organisation_id, [phone.number for phone in described.phones])
    traits = tokens.traits_of(described)
    enough = 1 if traits.year() is None else 3  # the pair of names, and each with the year
    full = len(matching.name_words(traits.given, traits.family)) >= 2
    return [
        Candidate(card_id, None, "", None, 0.5, (matching.Reason.SAME_PHONE,) if found & phones else ())
        for card_id, found in sorted(shared.items())
        if found & phones or (full and len(found - phones) >= enough)
    ]


def _initials(card: PersonCard) -> str:
    names = vault.identity(card)
    given, family = str(names.get("first_name", "")), str(names.get("last_name", ""))
    return text.initials(given, family) or text.initials(str(names.get("nickname", "")))
