"""Where each free text of this room is sealed: under the card's key when it is about one, else the organisation's."""

import json
from typing import Any
from uuid import UUID

from allervers.needs.errors import PersonErased
from allervers.needs.models import Contact, HandOver, HelpRequest, Need
from allervers.people import vault
from allervers.people.models import PersonCard


def words(need: Need) -> str:
    return _open(need.words, "needs.need.words", need)


def next_step(need: Need) -> str:
    return _open(need.next_step, "needs.need.next_step", need)


def seal_words(need: Need, text: str) -> bytes:
    return _seal(text, "needs.need.words", need)


def seal_next_step(need: Need, text: str) -> bytes:
    return _seal(text, "needs.need.next_step", need)


def note(contact: Contact) -> str:
    """What was noted at a contact; its need must be loaded."""
    need = contact.need
    place = "needs.contact.note"
    return vault.open_text(
        bytes(contact.note), place=place, row=contact.id, organisation_id=need.organisation_id, card=need.card
    )


def seal_note(contact: Contact, text: str) -> bytes:
    need = contact.need
    return _sealed(text, "needs.contact.note", contact.id, need.organisation_id, need.card)


def told(hand_over: HandOver) -> dict[str, Any]:
    """{name, phone, note} as whoever handed over wrote them; empty once wiped or shredded."""
    text = vault.open_text(
        bytes(hand_over.sealed),
        place="needs.handover.sealed",
        row=hand_over.id,
        organisation_id=hand_over.organisation_id,
        card=_card_of(hand_over),
    )
    loaded: dict[str, Any] = json.loads(text) if text else {}
    return loaded


def seal_told(hand_over: HandOver, **told: str) -> bytes:
    text = json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
    return _sealed(text, "needs.handover.sealed", hand_over.id, hand_over.organisation_id, _card_of(hand_over))


_REQUEST = "needs.helprequest.sealed"


def told_in(request: HelpRequest) -> dict[str, Any]:
    """{phone, note} of a request; empty once wiped. Under its organisation's key: a request has no card of its own."""
    text = vault.open_text(
        bytes(request.sealed), place=_REQUEST, row=request.id, organisation_id=request.organisation_id
    )
    loaded: dict[str, Any] = json.loads(text) if text else {}
    return loaded


def seal_request(request: HelpRequest, **told: str) -> bytes:
    text = json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
    return vault.seal_text(text, place=_REQUEST, row=request.id, organisation_id=request.organisation_id)


_VOICE = "needs.helprequest.voice"


def seal_voice(request: HelpRequest, opus: bytes) -> bytes:
    return vault.seal_bytes(opus, place=_VOICE, row=request.id, organisation_id=request.organisation_id)


def voice_of(request: HelpRequest) -> bytes:
    """What she said, as Opus; the caller notes the read."""
    return vault.open_bytes(bytes(request.voice), place=_VOICE, row=request.id, organisation_id=request.organisation_id)


def _card_of(hand_over: HandOver) -> Any:
    """A neighbour has no card when she is brought: her words stay under the organisation's key, and are wiped in time."""
    if hand_over.kind == "neighbour" or hand_over.need is None:
        return None
    return hand_over.need.card


def _open(sealed: bytes | memoryview, place: str, need: Need) -> str:
    return vault.open_text(
        bytes(sealed), place=place, row=need.id, organisation_id=need.organisation_id, card=need.card
    )


def _seal(text: str, place: str, need: Need) -> bytes:
    return _sealed(text, place, need.id, need.organisation_id, need.card)


def _sealed(text: str, place: str, row: UUID, organisation_id: UUID, card: PersonCard | None) -> bytes:
    """Raises `PersonErased`: her key is gone, and her words are not kept under another."""
    try:
        return vault.seal_text(text, place=place, row=row, organisation_id=organisation_id, card=card)
    except vault.Shredded as gone:
        raise PersonErased from gone
