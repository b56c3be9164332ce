"""Catalogues of translations without GNU gettext: `python scripts/messages.py extract|compile|check`.

Sentences are written in French in the code. `extract` brings the catalogues up to date, `compile` makes the files that
Django reads, `check` fails when English is incomplete, when Arabic misses a sentence that the public or a partner reads, when a
language of the residents' app misses one of the app's, when a placeholder changed on the way, when French punctuation could
begin a line, or when a compiled file is out of date.
The French catalogue holds plurals only: in French, zero is singular, and Django would not know. Easy French is a language of the
residents' app as any other: someone asked of each sentence whether it could be said more simply, and wrote it again where not.
"""

import copy
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
TEAM_LANGUAGES = ("en", "ar", "fr")
# Languages of the residents' app: their catalogues hold its sentences and no other.
STREET_LANGUAGES = ("es", "pt", "tr", "ro", "ru", "uk", "fa", "bn", "ta", "zh_Hans")
EASY_FRENCH = "fr_Falc"
LANGUAGES = (*TEAM_LANGUAGES, *STREET_LANGUAGES, EASY_FRENCH)
STREET_FOLDERS = (
    "allervers/directory/hours.py",
    "allervers/needs/promise.py",
    "allervers/needs/wishes.py",
    "allervers/prevention/clips.py",
    "allervers/relief/wording.py",
    "allervers/web/public",
)
# Arabic is complete where people who are not the team read; elsewhere it may be partial.
PUBLIC_FOLDERS = (
    "allervers/directory/hours.py",
    "allervers/needs/promise.py",
    "allervers/needs/wishes.py",
    "allervers/prevention/clips.py",
    "allervers/relief/wording.py",
    "allervers/web/partner",
    "allervers/web/public",
    "allervers/web/components/templates/components/base.html",
    "allervers/web/components/templates/components/field_optional.html",
    "allervers/web/components/templates/components/form_errors.html",
    "allervers/web/components/templates/components/languages.html",
    "allervers/web/components/templates/components/languages_links.html",
    "allervers/web/components/templates/components/pager.html",
    "allervers/web/components/templates/components/sorry.html",
    "allervers/web/components/states.py",
    "allervers/web/components/templatetags/components.py",
    "allervers/web/templates/400.html",
    "allervers/web/templates/403.html",
    "allervers/web/templates/403_csrf.html",
    "allervers/web/templates/404.html",
    "allervers/web/templates/500.html",
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([a-z_]\w*\)[sd]|%[sd]|\{[a-z_]\w*\}|</?[a-z]+", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{3,}")
BREAKING = re.compile(r" [;:!?»](?![/\w)])|« ")
# Nothing in a catalogue may change by itself: no date of today, so that two people's work merges.
FIXED = datetime(2026, 1, 1, tzinfo=UTC)


def sources() -> Iterator[Path]:
    """Python files and templates, migrations apart."""
    for suffix in ("py", "html", "txt"):
        for path in sorted((ROOT / "allervers").rglob(f"*.{suffix}")):
            if "migrations" not in path.parts and (suffix == "py" or "templates" in path.parts):
                yield path


def sentences(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Each sentence of one file, with its context if it has one."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What templatize leaves is Python's to read but for its indentation.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, words, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        yield words, context


Key = tuple[str, str | None]  # a sentence and its context


def template() -> tuple[Catalog, set[Key], set[Key]]:
    """All sentences; those that Arabic must have; and those of the residents' app, that each of its languages must have."""
    catalog = Catalog(domain="django", creation_date=FIXED)
    public: set[Key] = set()
    street: set[Key] = set()
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for words, context in sentences(path):
            catalog.add(words, context=context)
            key = (words if isinstance(words, str) else words[0], context)
            if place.startswith(PUBLIC_FOLDERS):
                public.add(key)
            if place.startswith(STREET_FOLDERS):
                street.add(key)
    return catalog, public, street


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def _locale(language: str) -> str:
    """The locale whose plurals a catalogue follows: easy French counts as French does."""
    return "fr" if language == EASY_FRENCH else language


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=_locale(language), domain="django", creation_date=FIXED)
    with path.open("rb") as file:
        catalog = read_po(file, locale=_locale(language), domain="django")
    catalog.creation_date = FIXED
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return header.encode() + body.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    body = io.BytesIO()
    write_mo(body, catalog)
    return body.getvalue()


def updated(language: str, fresh: Catalog, street: set[Key]) -> Catalog:
    """The catalogue with today's sentences: what was translated stays, what is gone goes, nothing is guessed."""
    catalog = read(language)
    # A copy: a catalogue keeps the template's own messages, and what one language says would stand in the next.
    catalog.update(copy.deepcopy(fresh), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    if language == "fr":
        for message in list(catalog):
            if message.id and not message.pluralizable:
                catalog.delete(message.id, message.context)
            elif message.pluralizable:
                message.string = message.id
    if language not in TEAM_LANGUAGES:
        for message in list(catalog):
            if message.id and key_of(message) not in street:
                catalog.delete(message.id, message.context)
    return catalog


def _forms(words: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The singular and the plurals, or the one sentence."""
    return [words or ""] if words is None or isinstance(words, str) else list(words)


def is_translated(message: Message) -> bool:
    return all(_forms(message.string)) and not message.fuzzy


def faults(language: str, fresh: Catalog, public: set[Key], street: set[Key]) -> Iterator[str]:
    catalog = updated(language, fresh, street)
    if po_bytes(catalog) != po_bytes(read(language)):
        yield f"{language}: run `scripts/messages.py extract`, sentences changed"
    mo = po_path(language).with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != mo_bytes(read(language)):
        yield f"{language}: run `scripts/messages.py compile`, the compiled file is out of date"
    for message in catalog:
        if not message.id:
            continue
        wanted = language in {"en", EASY_FRENCH, *STREET_LANGUAGES} or (language == "ar" and key_of(message) in public)
        if not is_translated(message):
            if wanted:
                yield f"{language}: not translated: {key_of(message)[0]!r}"
            continue
        yield from (f"{language}: {fault}" for fault in placeholder_faults(message))


def placeholder_faults(message: Message) -> Iterator[str]:
    ids = _forms(message.id)
    strings = _forms(message.string)
    known = {mark for words in ids for mark in PLACEHOLDER.findall(words)}
    needed = set(PLACEHOLDER.findall(ids[0])) if len(ids) == 1 else set()
    for words in strings:
        found = set(PLACEHOLDER.findall(words))
        # A plural may drop its number (« one person »), never invent a placeholder.
        if found - known or needed - found:
            yield f"placeholders differ in {ids[0]!r}"


def borrowed_faults(language: str, catalog: Catalog, english: Catalog) -> Iterator[str]:
    """A sentence that another language says in English: nobody chose that. A unit, or one word, may be the same."""
    for message in catalog:
        there = english.get(message.id, message.context) if message.id else None
        if there is None:
            continue
        said = set(_forms(message.string)) & set(_forms(there.string)) - set(_forms(message.id))
        if any(len(WORD.findall(PLACEHOLDER.sub("", words))) > 1 for words in said):
            yield f"{language}: said in English: {key_of(message)[0]!r}"


def spacing_faults(fresh: Catalog, easy: Catalog) -> Iterator[str]:
    """A French sentence, easy or not, whose double punctuation could begin a line: the space before it must not break."""
    french = [message.id for message in fresh] + [message.string for message in easy if message.id]
    for words in dict.fromkeys(form for said in french for form in _forms(said)):
        if BREAKING.search(words):
            yield f"fr: a no-break space is wanted in {words!r}"


def write(language: str, catalog: Catalog) -> None:
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    po_path(language).write_bytes(po_bytes(catalog))


def main(command: str) -> int:
    if command == "extract":
        fresh, _public, street = template()
        for language in LANGUAGES:
            write(language, updated(language, fresh, street))
    elif command == "compile":
        for language in LANGUAGES:
            po_path(language).with_suffix(".mo").write_bytes(mo_bytes(read(language)))
    elif command == "check":
        fresh, public, street = template()
        found = [fault for language in LANGUAGES for fault in faults(language, fresh, public, street)]
        found += spacing_faults(fresh, read(EASY_FRENCH))
        english = read("en")
        for language in set(LANGUAGES) - {"en", "fr", EASY_FRENCH}:
            found += borrowed_faults(language, read(language), english)
        print("\n".join(found) or "Translations are complete.")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
