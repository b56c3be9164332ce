"""From text to the words that are indexed and searched: folding, stop words, phrases that mean a theme. No database."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from allervers.core import text
from allervers.directory.synonyms import SAME_THING, STOP_WORDS, THEME_WORDS

THEME_MARK = "~"  # no folded word begins so: themes live in the same index as words
MAX_LENGTH = 40
_ARTICLE = "ال"

Phrase = tuple[str, ...]


def tokens(written: str) -> list[str]:
    """The words of `written` that say something, folded, in order. Stop words stay when there is nothing else."""
    found = [_bare(word)[:MAX_LENGTH] for word in text.words(written)]
    telling = [word for word in found if word not in _stop_words() and (len(word) > 1 or not word.isascii())]
    return telling or [word for word in found if word]


def _bare(word: str) -> str:
    """Without the Arabic article, which is written onto its noun."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(text.fold(word) for word in STOP_WORDS)


def theme_term(theme: str) -> str:
    return THEME_MARK + theme


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[Phrase, frozenset[str]]]]:
    """By first word, longest phrase first: the phrase and the terms that it leads to."""
    leads: dict[Phrase, set[str]] = {}
    for theme, words in THEME_WORDS.items():
        for phrase in words.split(","):
            if parts := tuple(tokens(phrase)):
                leads.setdefault(parts, set()).add(theme_term(theme))
    for forms in SAME_THING:
        split = [tuple(tokens(form)) for form in forms]
        for parts in split:
            leads.setdefault(parts, set()).update(word for other in split if other != parts for word in other)
    table: dict[str, list[tuple[Phrase, frozenset[str]]]] = {}
    for parts, terms in leads.items():
        table.setdefault(parts[0], []).append((parts, frozenset(terms)))
    for rows in table.values():
        rows.sort(key=lambda row: (-len(row[0]), row[0]))
    return table


@lru_cache(maxsize=1)
def theme_vocabulary() -> dict[str, frozenset[str]]:
    """Single words that lead to terms: what spelling may be corrected to besides the index's own words."""
    return {
        parts[0]: terms
        for rows in _phrases().values()
        for parts, terms in rows
        if len(parts) == 1 and len(parts[0]) > 2
    }


def meanings(words: list[str]) -> Iterator[tuple[range, frozenset[str]]]:
    """Each run of `words` that means something, with the terms it leads to. Runs may overlap."""
    for start, word in enumerate(words):
        for parts, terms in _phrases().get(word, ()):
            if tuple(words[start : start + len(parts)]) == parts:
                yield range(start, start + len(parts)), terms


def terms_of(fields: Iterable[tuple[str, float]], themes: Iterable[str]) -> dict[str, float]:
    """The terms of something to index, each with the weight of the best field it stands in.

    `fields` are texts with weights in 0..1, most telling first; what a text means counts a little less than its words.
    """
    weights: dict[str, float] = {theme_term(theme): 0.9 for theme in themes}
    for written, weight in fields:
        words = tokens(written)[:60]
        long = 1 - 0.015 * min(len(words), 20)  # of two names with the same words, the shorter one
        for word in words:
            weights[word] = max(weights.get(word, 0), weight * long)
        if weight < 0.5:
            continue
        for run, terms in meanings(words):
            telling = 0.8 if len(run) > 1 else 0.7
            for term in terms:
                weights[term] = max(weights.get(term, 0), weight * telling)
    return {term: round(weight, 3) for term, weight in weights.items()}


def themes_in(written: str) -> list[str]:
    """The themes that a text speaks of, in the order met: used when a file names them in words."""
    found: list[str] = []
    words = tokens(written)
    best: dict[int, tuple[int, frozenset[str]]] = {}
    for run, terms in meanings(words):
        for position in run:
            if len(run) > best.get(position, (0, frozenset()))[0]:
                best[position] = (len(run), terms)
    for position in range(len(words)):
        for term in sorted(best.get(position, (0, frozenset()))[1]):
            if term.startswith(THEME_MARK) and term[1:] not in found:
                found.append(term[1:])
    return found
