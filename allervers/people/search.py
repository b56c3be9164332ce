"""Finding a name among identities already opened: forgives spelling, accents, order and script. Pure."""

import heapq
from collections.abc import Iterable
from typing import Any, TypeVar

from rapidfuzz.distance import JaroWinkler

from allervers.people.matching import name_words, phonetic

K = TypeVar("K")

_CLOSE = 0.84
_SOUNDS_ALIKE = 0.9


def best(typed: str, people: Iterable[tuple[K, dict[str, Any]]], *, limit: int) -> list[tuple[K, float]]:
    """The keys of the people whose names hold every typed word, or one close to it, best first.

    O(people); each distinct name is folded and compared once, whatever the number of people who bear it.
    """
    asked = [_Asked(word) for word in name_words(typed)]
    if not asked:
        return []
    folded: dict[str, list[str]] = {}
    scored = []
    for position, (key, names) in enumerate(people):
        words: list[str] = []
        for field in ("first_name", "last_name", "nickname"):
            if name := names.get(field):
                if name not in folded:
                    folded[name] = name_words(name)
                words += folded[name]
        score = 1.0
        for one in asked:
            closest = 0.0
            for word in words:
                known = one.known.get(word)
                closest = max(closest, one.likeness(word) if known is None else known)
            score = min(score, closest)
            if score < _CLOSE:
                break
        else:
            scored.append((-score, len(words), position, key))
    return [(key, -score) for score, _length, _position, key in heapq.nsmallest(limit, scored)]


class _Asked:
    """One typed word, compared once with each distinct word of the names."""

    def __init__(self, word: str) -> None:
        self.word, self.sound = word, phonetic(word)
        self.known: dict[str, float] = {}  # each distinct word of the names, compared once

    def likeness(self, word: str) -> float:
        score = self.known[word] = self._compare(word)
        return score

    def _compare(self, word: str) -> float:
        if word == self.word:
            return 1.0
        if len(self.word) >= 2 and word.startswith(self.word):
            return 0.97
        spelling = JaroWinkler.similarity(self.word, word)
        # Sounding is dear: not asked of words of the same script that look nothing alike.
        if spelling < 0.5 and self.word.isascii() == word.isascii():
            return spelling
        return max(spelling, _SOUNDS_ALIKE) if phonetic(word) == self.sound else spelling
