"""Whether two descriptions may be one person: phonetic keys, blocks, a score with its reasons, pairs. Pure.

Names of French residents come from many languages and are spelled as they are heard: the keys keep consonants only, with
French and transliteration variants unified. Keys propose, the score ranks, a person decides: nothing here links anything.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler

from allervers.core.text import fold

_PARTICLES = frozenset({"al", "el", "de", "du", "des", "la", "le", "da", "dos", "van", "von"})
_ARABIC = str.maketrans("ابتثجحدذرزسصضطظعغفقكلمنهويپژگڤ", "abttjhddrzssdtzagfkklmnhuipjgv") | {
    ord("خ"): "kh",
    ord("ش"): "ch",
    ord("چ"): "tch",
    ord("ء"): "",
}
# In order: groups that sound alike in French or in a transliteration, to one capital letter each.
_SOUNDS = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"(.)\1+", r"\1"),
        (r"(?<=[nr])[tdsxzp]+$", ""),
        (r"tch|sch|ch|sh", "X"),
        (r"dj|j|g(?=[eiy])", "J"),
        (r"ph", "F"),
        (r"kh|qu|q|k|ck|c(?![eiy])", "K"),
        (r"gh|gu(?=[eiy])|g", "G"),
        (r"c|s|z", "S"),
        (r"x", "KS"),
        (r"th|t", "T"),
        (r"dh|d", "D"),
        (r"[aeiouwyh]+", "."),
    )
]
ADMINISTRATIVE = frozenset({(1, 1), (31, 12)})


class Reason(StrEnum):
    SAME_PHONE = "same_phone"
    SHARED_PHONE = "shared_phone"  # of a family or a hostel
    SAME_NAMES = "same_names"
    SWAPPED = "swapped"  # first and last names exchanged
    CLOSE_SPELLING = "close_spelling"
    SAME_BIRTH = "same_birth"
    SAME_YEAR = "same_year"
    ADMINISTRATIVE_BIRTH = "administrative_birth"  # 1 January or 31 December: weak


@dataclass(frozen=True)
class Traits:
    """What is compared of one description. `phones` maps an E.164 number to whether it is the person's own."""

    given: str = ""
    family: str = ""
    nickname: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    phones: dict[str, bool] = field(default_factory=dict)

    def year(self) -> int | None:
        return self.birth_date.year if self.birth_date else self.birth_year


@dataclass(frozen=True)
class Evidence:
    """`score` in [0, 1]: how likely one person; `reasons` in the order a screen tells them."""

    score: float
    reasons: tuple[Reason, ...]


def phonetic(word: str) -> str:
    """The key of one folded word: "mohamed", "mouhammad" and "محمد" meet. Empty when nothing is left."""
    key = re.sub(r"[^a-z]", "", word.translate(_ARABIC))
    for pattern, letter in _SOUNDS:
        key = pattern.sub(letter, key)
    if not key:
        return word
    bare = key.replace(".", "")
    bare = re.sub(r"(.)\1+", r"\1", bare).upper()
    return ("A" if key[0] == "." else "") + bare or "A"


def name_words(*names: str) -> list[str]:
    """Folded words of some names, without articles, in order, each once."""
    words = [word for name in names for word in re.split(r"[\s'’.-]+", fold(name)) if word]
    kept = [word for word in words if word not in _PARTICLES] or words
    return list(dict.fromkeys(kept))


def block_keys(traits: Traits) -> set[str]:
    """Composite keys: two descriptions that share one are worth comparing. Order of names does not matter.

    Each pair of names; each name with the year. At most 21 pairs and 7 singles, whatever was typed.
    """
    sounds = sorted({phonetic(word) for word in name_words(traits.given, traits.family, traits.nickname)[:7]})
    keys = {f"{first}|{second}" for first, second in combinations(sounds, 2)}
    year = traits.year()
    if year:
        keys |= {f"{sound}|{year}" for sound in sounds}
    elif len(sounds) == 1:
        keys |= set(sounds)
    return keys


def compare(one: Traits, other: Traits) -> Evidence:
    """Adds up evidence as log-odds, from a prior of one pair in fifty among those that share a block. Symmetric."""
    weight, reasons = -4.0, []
    for part in (_phones, _names, _birth):
        added, because = part(one, other)
        weight += added
        reasons += because
    return Evidence(1 / (1 + math.exp(-weight)), tuple(reasons))


def pairs(
    people: Sequence[Traits], *, threshold: float, largest_block: int = 60
) -> Iterator[tuple[int, int, Evidence]]:
    """Pairs of positions within one list that share a block and score at least `threshold`, each once.

    A block larger than `largest_block` is skipped: so common a key says nothing, and other keys hold the same people.
    """
    seen: set[tuple[int, int]] = set()
    for members in _blocks(people).values():
        if 2 <= len(members) <= largest_block:
            for pair in combinations(members, 2):
                if pair not in seen:
                    seen.add(pair)
                    evidence = compare(people[pair[0]], people[pair[1]])
                    if evidence.score >= threshold:
                        yield *pair, evidence


def pair_up(left: Sequence[Traits], right: Sequence[Traits], *, threshold: float) -> list[tuple[int, int, Evidence]]:
    """The best one-to-one pairs between two lists in which each person stands once."""
    blocks = _blocks(right)
    found = {
        (i, j): compare(person, right[j])
        for i, person in enumerate(left)
        for j in {j for key in _all_keys(person) for j in blocks.get(key, ())}
    }
    return one_to_one((i, j, evidence) for (i, j), evidence in found.items() if evidence.score >= threshold)


def one_to_one(candidates: Iterable[tuple[int, int, Evidence]]) -> list[tuple[int, int, Evidence]]:
    """Takes the strongest pair first; each side is used once. The same input gives the same answer in any order."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    kept = []
    for i, j, evidence in sorted(candidates, key=lambda pair: (-pair[2].score, pair[0], pair[1])):
        if i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            kept.append((i, j, evidence))
    return kept


def likeness(word: str, other: str) -> float:
    """How alike two folded words are, in [0, 1]: spelling, or 0.9 at least when they sound the same."""
    if word == other:
        return 1.0
    spelling = JaroWinkler.similarity(word, other)
    return max(spelling, 0.9) if phonetic(word) == phonetic(other) else spelling


def _all_keys(person: Traits) -> set[str]:
    return block_keys(person) | set(person.phones)


def _blocks(people: Sequence[Traits]) -> dict[str, list[int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for position, person in enumerate(people):
        for key in _all_keys(person):
            blocks[key].append(position)
    return blocks


def _phones(one: Traits, other: Traits) -> tuple[float, list[Reason]]:
    shared = one.phones.keys() & other.phones.keys()
    if any(one.phones[number] and other.phones[number] for number in shared):
        return 4.0, [Reason.SAME_PHONE]
    return (1.5, [Reason.SHARED_PHONE]) if shared else (0.0, [])


def _names(one: Traits, other: Traits) -> tuple[float, list[Reason]]:
    straight = _side(one.given, other.given, 2.2) + _side(one.family, other.family, 3.0)
    swapped = _side(one.given, other.family, 2.6) + _side(one.family, other.given, 2.6)
    nickname = _nickname(one, other)
    best = max(straight, swapped)
    if best <= 0:
        return best + nickname, [Reason.CLOSE_SPELLING] if nickname else []
    if swapped > straight and one.given and one.family and other.given and other.family:
        return swapped, [Reason.SWAPPED]
    same = name_words(one.given, one.family) == name_words(other.given, other.family)
    return best + nickname / 2, [Reason.SAME_NAMES if same else Reason.CLOSE_SPELLING]


def _side(name: str, other: str, worth: float) -> float:
    """Evidence of one pair of names; nothing when either is unknown. The best pair of their words speaks."""
    words, others = name_words(name), name_words(other)
    if not words or not others:
        return 0.0
    alike = max(likeness(a, b) for a in words for b in others)
    if alike >= 0.98:
        return worth
    if alike >= 0.88:
        return worth * 0.75
    return 0.0 if alike >= 0.78 else -1.5 * worth


def _nickname(one: Traits, other: Traits) -> float:
    for nickname, person in ((one.nickname, other), (other.nickname, one)):
        words = name_words(person.given, person.family, person.nickname)
        if any(likeness(a, b) >= 0.9 for a in name_words(nickname) for b in words):
            return 2.0
    return 0.0


def _birth(one: Traits, other: Traits) -> tuple[float, list[Reason]]:
    year, other_year = one.year(), other.year()
    if year is None or other_year is None:
        return 0.0, []
    administrative = any(_is_administrative(person) for person in (one, other))
    apart = abs(year - other_year)
    if one.birth_date and other.birth_date and not administrative:
        if one.birth_date == other.birth_date:
            return 5.0, [Reason.SAME_BIRTH]
        slips = OSA.distance(one.birth_date.isoformat(), other.birth_date.isoformat())
        return (1.5, []) if slips == 1 or _exchanged(one.birth_date, other.birth_date) else (-3.0, [])
    if apart == 0:
        return (0.8, [Reason.ADMINISTRATIVE_BIRTH]) if administrative else (1.4, [Reason.SAME_YEAR])
    if apart == 1 or (administrative and apart <= 3):
        return 0.0, []
    return -1.2 if apart <= 3 else -3.0, []


def _exchanged(one: date, other: date) -> bool:
    return one.year == other.year and (one.month, one.day) == (other.day, other.month)


def _is_administrative(person: Traits) -> bool:
    return person.birth_date is not None and (person.birth_date.day, person.birth_date.month) in ADMINISTRATIVE
