"""Two wordings side by side: which words go, which come. Pure: no Django."""

import difflib
import re
from dataclasses import dataclass

_PIECE = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words of a wording; `differs` when the other one lacks them."""

    text: str
    differs: bool


def compare(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The pieces of each, in order; joined again they are the wordings, letter for letter. A space apart is no difference."""
    left, right = _PIECE.findall(before), _PIECE.findall(after)
    match = difflib.SequenceMatcher(None, left, right, autojunk=False)
    gone: list[Piece] = []
    come: list[Piece] = []
    for _tag, start, end, other_start, other_end in match.get_opcodes():
        differs = _tag != "equal"
        for pieces, words in ((gone, left[start:end]), (come, right[other_start:other_end])):
            if text := "".join(words):
                pieces.append(Piece(text, differs and not text.isspace()))
    return gone, come
