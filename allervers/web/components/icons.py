"""The names that the sprite holds, and which of them point somewhere."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

SPRITE = Path(__file__).parent / "static/img/icons.svg"

# These show a direction of reading: right to left, they turn round.
MIRRORED = frozenset({"door", "list", "next", "s-away", "s-moved", "s-said", "s-sent", "s-unknown", "talk", "undo"})


@cache
def names() -> frozenset[str]:
    """Every icon of the sprite, without its `i-` prefix."""
    symbols = ElementTree.parse(SPRITE).iter("{http://www.w3.org/2000/svg}symbol")  # noqa: S314 our own file
    return frozenset(symbol.attrib["id"].removeprefix("i-") for symbol in symbols)
