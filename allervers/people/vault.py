"""Sealing what names a person or repeats her words, and opening it again.

One key a card, wrapped by its organisation's key, which the master key wraps. Shredding a card's key makes its identity
and all text sealed under it unreadable, in backups too once the organisation's old wrapping keys are destroyed.
Text about nobody in particular is sealed under the organisation's key.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from allervers.accounts import keys as organisation_keys
from allervers.core import crypto
from allervers.people.models import PersonCard

_KEY_PLACE, _IDENTITY_PLACE = "people.personcard.wrapped_key:", "people.personcard.sealed:"


class Shredded(Exception):
    """The card was erased: its key is gone."""


def new_card_key(card: PersonCard) -> None:
    """Gives an unsaved card its key."""
    card.key_version, wrapping = organisation_keys.current(card.organisation_id)
    card.wrapped_key = crypto.seal(wrapping, crypto.new_key(), _key_place(card.id))


def card_key(card: PersonCard) -> bytes:
    """The card's own key. Raises `Shredded`, `KeyMissing`."""
    if not card.wrapped_key:
        raise Shredded(str(card.id))
    wrapping = organisation_keys.of_version(card.organisation_id, card.key_version)
    return crypto.unseal(wrapping, bytes(card.wrapped_key), _key_place(card.id))


def rewrapped(card: PersonCard, version: int) -> bytes:
    """The card's own key wrapped by another version of its organisation's key; what it seals does not change."""
    wrapping = organisation_keys.of_version(card.organisation_id, version)
    return crypto.seal(wrapping, card_key(card), _key_place(card.id))


def seal_identity(card: PersonCard, identity: dict[str, Any]) -> bytes:
    """The identity's JSON under the card's key."""
    return crypto.seal(card_key(card), json.dumps(identity, ensure_ascii=False).encode(), _identity_place(card.id))


def identity(card: PersonCard) -> dict[str, Any]:
    """The identity of a card, empty for a code. The caller notes the read (`journal.actions.note_read`)."""
    if not card.is_named or not card.sealed or not card.wrapped_key:
        return {}
    plain = crypto.unseal(card_key(card), bytes(card.sealed), _identity_place(card.id))
    loaded: dict[str, Any] = json.loads(plain)
    return loaded


def names_of(
    rows: Iterable[tuple[UUID, int, "bytes | memoryview[int]", "bytes | memoryview[int]"]], organisation_id: UUID
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Identities of many cards of one organisation, for a search in memory: rows of id, key version, wrapped key, sealed.

    About 20 µs a card, rows included. Nothing is shown: whoever shows an identity opens its card and notes the read.
    """
    openers: dict[int, Callable[[bytes, str], bytes]] = {}
    for card_id, version, wrapped, sealed in rows:
        if version not in openers:
            openers[version] = crypto.opener(organisation_keys.of_version(organisation_id, version))
        ident = str(card_id)
        key = openers[version](bytes(wrapped), _KEY_PLACE + ident)
        plain = crypto.unseal(key, bytes(sealed), _IDENTITY_PLACE + ident)
        yield card_id, json.loads(plain.decode())


def seal_text(text: str, *, place: str, row: UUID, organisation_id: UUID, card: PersonCard | None = None) -> bytes:
    """Free text for one column of one row: under the card's key, or the organisation's. Empty text stays empty."""
    if not text:
        return b""
    return crypto.seal(_text_key(organisation_id, card), text.encode(), f"{place}:{row}")


def seal_bytes(held: bytes, *, place: str, row: UUID, organisation_id: UUID) -> bytes:
    """A voice, as a text is sealed, under the organisation's key."""
    return crypto.seal(_text_key(organisation_id, None), held, f"{place}:{row}") if held else b""


def open_bytes(sealed: bytes, *, place: str, row: UUID, organisation_id: UUID) -> bytes:
    return crypto.unseal(_text_key(organisation_id, None), sealed, f"{place}:{row}") if sealed else b""


def open_text(sealed: bytes, *, place: str, row: UUID, organisation_id: UUID, card: PersonCard | None = None) -> str:
    """The text again; empty when there is none or when its card was shredded."""
    if not sealed:
        return ""
    try:
        return crypto.unseal(_text_key(organisation_id, card), bytes(sealed), f"{place}:{row}").decode()
    except Shredded:
        return ""


def _text_key(organisation_id: UUID, card: PersonCard | None) -> bytes:
    if card is not None:
        return card_key(card)
    return organisation_keys.text_key(organisation_id)


def _key_place(card_id: UUID) -> str:
    return f"{_KEY_PLACE}{card_id}"


def _identity_place(card_id: UUID) -> str:
    return f"{_IDENTITY_PLACE}{card_id}"
