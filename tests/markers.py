"""Markers: personal values found nowhere else. Every byte that leaves is scanned for them; who reads one must be entitled.

`new` makes a marker and remembers whose it is. `leaks` finds the markers in some bytes that a viewer may not see.
The conftest hooks it on each response, mail, SMS and log line of every suite.
"""

import re
import secrets
from dataclasses import dataclass

from allervers.accounts.rules import Viewer
from allervers.people.models import PersonCard
from allervers.people.rules import may_open

_SHAPE = re.compile(r"Qzx[a-z]{10}q|\b06\d{8}\b|\+336\d{8}\b|(?:06|\+33 6)(?: \d\d){4}")


@dataclass(frozen=True)
class Marker:
    value: str
    kind: str
    card_id: object


_known: dict[str, Marker] = {}


def new(kind: str, card: PersonCard) -> str:
    """A capitalised word no one else has."""
    word = "Qzx" + "".join(secrets.choice("abcdefghijklmnoprstuvwy") for _ in range(10)) + "q"
    _known[word] = Marker(word, kind, card.id)
    return word


def new_phone(card: PersonCard) -> str:
    """A French mobile number no one else has, in international form."""
    number = f"+336{secrets.randbelow(10**8):08d}"
    _known[_digits(number)] = Marker(number, "phone", card.id)
    return number


def leaks(data: str, viewer: Viewer | None) -> list[Marker]:
    """The markers in `data` whose card `viewer` may not open. No viewer: all of them."""
    found = {_known[key] for text in _SHAPE.findall(data) if (key := _digits(text)) in _known}
    return [marker for marker in found if not _entitled(marker, viewer)]


def any_known() -> bool:
    return bool(_known)


def forget() -> None:
    _known.clear()


def _entitled(marker: Marker, viewer: Viewer | None) -> bool:
    if viewer is None:
        return False
    card = PersonCard.objects.filter(pk=marker.card_id).first()
    return card is not None and may_open(viewer, card)


def _digits(text: str) -> str:
    """Phones are compared by their last nine digits, however they are printed."""
    return text if text.startswith("Qzx") else re.sub(r"\D", "", text)[-9:]
