"""The app's own words in each language of its interface, and whether a native speaker of this network has read them.

Translations travel with the program. A network's reader says that a language is right; an upgrade that changes a word of it asks
for her again, since what she read is named by a digest.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import to_locale

from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention.models import InterfaceReview

_MARKS, _TAGS = re.compile(r"%\(\w+\)s"), re.compile(r"</?\w+>")
_STREET = "es"  # a catalogue that holds the residents' sentences and no other: those of the team's languages hold more


@cache
def languages() -> dict[str, Language]:
    """Interface code → the language it is called by, French apart, by the registry's order."""
    found: dict[str, Language] = {}
    for code, language in LANGUAGES.items():
        if language.interface and language.interface != "fr-falc" and code != FRENCH:
            found.setdefault(language.interface, language)
    return found


@cache
def sentences(code: str) -> list[tuple[str, str]]:
    """Each sentence of the residents' app in French and in that language, its plurals one after another."""
    return sorted((_plain(key), said) for key, said in _entries(code) if key in _street())


@cache
def digest(code: str) -> str:
    return hashlib.sha256(repr(sentences(code)).encode()).hexdigest()


@cache
def _street() -> frozenset[str]:
    return frozenset(key for key, _said in _entries(_STREET))


def _entries(code: str) -> Iterator[tuple[str, str]]:
    path = Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        held = GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # the only way to list what a catalogue says
    for key, said in held.items():
        if key:
            yield (key if isinstance(key, str) else key[0]), said


def readable(sentence: str) -> str:
    """As someone reads it who knows nothing of programs: what a page puts there is three dots."""
    return _MARKS.sub("…", _TAGS.sub("", sentence))


def _plain(key: str) -> str:
    """A sentence without its context."""
    return key.rpartition("\x04")[2]


@dataclass(frozen=True)
class Standing:
    """How one language of the interface stands in a network: `review` is the last reading, `is_current` if nothing changed."""

    code: str
    language: Language
    count: int
    review: InterfaceReview | None
    is_current: bool


def standings(network_id: UUID) -> list[Standing]:
    """Every language, in one query."""
    reviews = {one.language: one for one in InterfaceReview.objects.filter(network_id=network_id)}
    return [
        Standing(
            code,
            language,
            len(sentences(code)),
            review := reviews.get(code),
            review is not None and review.digest == digest(code),
        )
        for code, language in languages().items()
    ]
