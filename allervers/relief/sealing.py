"""Who offers, and her words: under the key of the organisation that receives the offer."""

import json

from allervers.people import vault
from allervers.relief.models import Offer

_PLACE = "relief.offer.sealed"


def seal(offer: Offer, *, name: str, phone: str, words: str) -> bytes:
    told = {"name": name, "phone": phone, "words": words}
    text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False)
    return vault.seal_text(text, place=_PLACE, row=offer.id, organisation_id=offer.organisation_id)


def told(offer: Offer) -> dict[str, str]:
    """{name, phone, words}, what was left empty left out; nothing once its time is over."""
    text = vault.open_text(bytes(offer.sealed), place=_PLACE, row=offer.id, organisation_id=offer.organisation_id)
    loaded: dict[str, str] = json.loads(text) if text else {}
    return loaded
