"""The pictograms: which of the two sprites holds each, and which point somewhere."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

_IMAGES = Path(__file__).parent / "static/img"
SPRITES = ("frame", "needs")  # `frame` is on every page; `needs` only where something is chosen
MIRRORED = frozenset({"back", "next", "walk", "wheelchair", "car", "truck", "bag", "slow", "share", "again"})


@cache
def sprite_of() -> dict[str, str]:
    """Name of a pictogram → its sprite."""
    found: dict[str, str] = {}
    for sprite in reversed(SPRITES):
        root = ElementTree.parse(_IMAGES / f"{sprite}.svg")  # noqa: S314  # our own file
        found |= {symbol.attrib["id"]: sprite for symbol in root.iter("{http://www.w3.org/2000/svg}symbol")}
    return found
