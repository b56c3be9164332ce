"""Which words of an index someone may have meant: exact, begun, misspelt, or written as it sounds. Pure.

Distance is optimal string alignment (a letter dropped, added, replaced, or two swapped: one each), so the first letter may
be wrong too. Words are kept by length: a distance of 1 compares with three lengths only, about 1 ms for 30,000 words.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

EXACT, BEGUN, NEAR, SOUNDS, FAR, PERHAPS = 1.0, 0.75, 0.7, 0.6, 0.45, 0.35
_MOST = 24  # candidates kept a word
_SHORTEST_NEAR, _SHORTEST_FAR, _SHORTEST_BEGUN = 3, 7, 4

_distance: Any = OSA.distance  # its stub and that of `process.extract` disagree

_SOUNDS = [
    (re.compile(pattern), by)
    for pattern, by in [
        (r"ph", "f"),
        (r"^h|(?<=[^cs])h", ""),
        (r"eau|au", "o"),
        (r"ai|ei|oe", "e"),
        (r"[ea]([nm])(?=[^aeiouy]|$)", r"an"),
        (r"qu|q|ck|c(?=[^eihy]|$)", "k"),
        (r"c(?=[eiy])|ç", "s"),
        (r"y", "i"),
        (r"g(?=[eiy])", "j"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=...)(?:es|e|s|x|t)$", ""),
    ]
]


def sound(word: str) -> str:
    """A rough French spelling of how a folded word sounds: "oftalmo" and "ophtalmo" meet."""
    for pattern, by in _SOUNDS:
        word = pattern.sub(by, word)
    return word


@dataclass
class Lexicon:
    """The words of one index, with their ids and in how many entries each stands."""

    words: dict[str, tuple[int, int]] = field(default_factory=dict)
    _by_length: dict[int, list[str]] = field(default_factory=dict)
    _sorted: list[str] = field(default_factory=list)
    _by_sound: dict[str, list[str]] = field(default_factory=dict)
    _nearby: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    def update(self, rows: Iterable[tuple[str, int, int]]) -> None:
        """Adds words, or changes their counts: (word, id, entries)."""
        new = []
        for word, number, entries in rows:
            if word not in self.words and not word.startswith("~"):
                new.append(word)
            self.words[word] = (number, entries)
        if len(new) > 500:
            self._sorted = sorted({*self._sorted, *new})
        else:
            for word in new:
                insort(self._sorted, word)
        for word in new:
            self._by_length.setdefault(len(word), []).append(word)
            if word.isascii() and word.isalpha():
                self._by_sound.setdefault(sound(word), []).append(word)
        if new:
            self._nearby.clear()

    def candidates(self, word: str) -> list[tuple[str, float]]:
        """The words that may be meant, best first, each with a factor in 0..1."""
        if word in self._nearby:
            return self._nearby[word]
        found = self._found(word)
        best = sorted(found.items(), key=lambda item: (-item[1], -self.words[item[0]][1], item[0]))[:_MOST]
        if len(self._nearby) > 20_000:
            self._nearby.clear()
        self._nearby[word] = best
        return best

    def _found(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        known = self.words.get(word, (0, 0))[1] > 0
        if len(word) >= _SHORTEST_NEAR and not word.isdigit():
            for other in self.within(word, 1):
                found[other] = PERHAPS if known or len(word) == _SHORTEST_NEAR else NEAR
        if len(word) >= _SHORTEST_BEGUN:
            for other in self.begun_by(word):
                found[other] = max(found.get(other, 0), BEGUN if not known else PERHAPS)
        if not known and word.isascii():
            for other in self._by_sound.get(sound(word), ()):
                found[other] = max(found.get(other, 0), SOUNDS)
        if not known and not found and len(word) >= _SHORTEST_FAR:
            found = dict.fromkeys(self.within(word, 2), FAR)
        if known:
            found[word] = EXACT
        return {other: factor for other, factor in found.items() if self.words[other][1] > 0}

    def within(self, word: str, distance: int) -> list[str]:
        """The words at most `distance` letters away."""
        return [
            match[0]
            for length in range(len(word) - distance, len(word) + distance + 1)
            for match in process.extract(
                word, self._by_length.get(length, ()), scorer=_distance, score_cutoff=distance, limit=None
            )
        ]

    def begun_by(self, start: str) -> list[str]:
        """The words that begin so, at most 200."""
        first = bisect_left(self._sorted, start)
        found = []
        for other in self._sorted[first : first + 200]:
            if not other.startswith(start):
                break
            found.append(other)
        return found
