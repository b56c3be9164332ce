"""How easily a French text is read: sentence length, rare words, and a score. Pure: no Django.

The score is Kandel and Moles' adaptation of Flesch's reading ease to French (1958), as it is quoted since: 207 − 1.015 × words a
sentence − 73.6 × syllables a word. That we hold it between 0 and 100, and count syllables by their letters, is ours; that a text
reads easily from 70 is Flesch's scale for English, which nobody has proved for French. It is a hint for who writes, never a proof
that someone understands: only people say that.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from allervers.core.text import fold

EASY = 70  # the score from which a text reads easily
LONG = 15  # words of a sentence from which it is long to hear
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:['’-](?=[^\W\d_]))?", re.UNICODE)
_VOWELS = re.compile(r"[aeiouy]+")
_MUTE = re.compile(r"(?<=[^aeiouy])(?:e|es|ent)$")
_COMMON = Path(__file__).with_name("common_words.txt")


@dataclass(frozen=True)
class Reading:
    """`rare`: words of four letters or more out of the 7,500 most frequent, as written, in order, once each."""

    words: int
    sentences: int
    syllables: int
    longest: int  # words of the longest sentence
    rare: tuple[str, ...]

    @property
    def score(self) -> int:
        """0 (hard) to 100 (easy); 100 for nothing."""
        if not self.words:
            return 100
        exact = 207 - 1.015 * self.words / self.sentences - 73.6 * self.syllables / self.words
        return max(0, min(100, round(exact)))

    @property
    def is_easy(self) -> bool:
        return self.score >= EASY and self.longest <= LONG and not self.rare


def read(text: str) -> Reading:
    """O(length). Numbers are no words; an apostrophe parts two words."""
    sentences = [words for part in _SENTENCE.split(text) if (words := _words(part))]
    every = [word for words in sentences for word in words]
    rare = dict.fromkeys(word for word in every if _is_rare(word))
    return Reading(
        words=len(every),
        sentences=len(sentences),
        syllables=sum(map(syllables, every)),
        longest=max(map(len, sentences), default=0),
        rare=tuple(rare),
    )


def syllables(word: str) -> int:
    """Groups of vowels that are heard: a final e, es or ent after a consonant is mute. At least 1."""
    return max(1, len(_VOWELS.findall(_MUTE.sub("", fold(word)))))


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


def _is_rare(word: str) -> bool:
    """Never the head of an elision: « quelqu’ », « aujourd’ »."""
    folded = fold(word)
    return len(folded) > 3 and folded.isalpha() and folded not in common_words()


@cache
def common_words() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
