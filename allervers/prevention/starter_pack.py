"""The messages that the project ships, in `starter/`: one TOML file each, French first, then what each language says.

No second speaker of a network has read them yet: they arrive in preparation, and each translation waits to be checked.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from allervers.accounts.models import Network
from allervers.core.languages import FRENCH, LANGUAGES
from allervers.prevention import actions, house
from allervers.prevention.enums import Audience
from allervers.prevention.models import Message

_FOLDER = Path(__file__).parent / "starter"


@dataclass(frozen=True)
class Known:
    """One file. `texts[language]` holds the title, then each segment; every language says all of them."""

    slug: str
    terms: actions.Terms
    title: actions.Line
    lines: list[actions.Line]
    texts: dict[str, list[str]]


class Malformed(ValueError):
    """A file of the pack lacks something; the sentence says which file and what."""


@cache
def pack() -> list[Known]:
    """Every message of the pack, in the order of its files' names."""
    return [read(path) for path in sorted(_FOLDER.glob("*.toml"))]


def read(path: Path) -> Known:
    """Raises `Malformed`."""
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {code: [title] for code, title in held["title"].items()}
    if FRENCH not in texts or not set(texts) <= set(LANGUAGES):
        raise Malformed(f"{path.name}: title in {sorted(texts)}")
    lines = []
    for number, segment in enumerate(held["segment"], start=1):
        if set(segment["text"]) != set(texts):
            raise Malformed(f"{path.name}, segment {number}: {sorted(set(texts) ^ set(segment['text']))}")
        for code, text in segment["text"].items():
            texts[code].append(text)
        lines.append(
            actions.Line(segment["text"][FRENCH], segment["pictogram"], segment["urgent"], segment.get("phone", ""))
        )
    title = actions.Line(texts[FRENCH][0], held["pictogram"])
    return Known(held["slug"], _terms(held), title, lines, texts)


def _terms(held: dict[str, object]) -> actions.Terms:
    written_on, expires_on = held["written_on"], held["expires_on"]
    assert isinstance(written_on, date) and isinstance(expires_on, date)
    return actions.Terms(
        written_on=written_on,
        expires_on=expires_on,
        audience=Audience(str(held["audience"])),
        source_name=str(held["source_name"]),
        source_url=str(held["source_url"]),
    )


def load(network: Network) -> list[Message]:
    """Writes the messages that this network has not yet, in preparation; those it has are left as its team made them."""
    house.bring_up_to_date(network)
    there = set(Message.objects.filter(network=network).values_list("slug", flat=True))
    return [
        actions.write(
            network,
            title=known.title,
            lines=known.lines,
            terms=known.terms,
            slug=known.slug,
            said={code: texts for code, texts in known.texts.items() if code != FRENCH},
            by=None,
        )
        for known in pack()
        if known.slug not in there
    ]
