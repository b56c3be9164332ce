"""The translation tool itself, and what it guards."""

from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext

from scripts import messages


@pytest.mark.parametrize(
    ("french", "english", "is_fault"),
    [
        ("Page %(number)s", "Page %(number)s", False),
        ("Page %(number)s", "Page", True),
        ("Page", "Page %(number)s", True),
        (("Une page", "%(n)s pages"), ("One page", "%(n)s pages"), False),
        (("Une page", "%(n)s pages"), ("One page", "%(m)s pages"), True),
        ("<kbd>N</kbd> noter", "N note", True),
    ],
)
def test_placeholders_are_kept(french, english, is_fault):
    found = list(messages.placeholder_faults(Message(french, english)))

    assert bool(found) is is_fault


@pytest.mark.parametrize(
    ("french", "arabic", "is_fault"),
    [
        ("Voir tout", "See all", True),
        ("Voir tout", "عرض الكل", False),
        ("Hôpital", "Hospital", False),
        ("%(n)s Mo", "%(n)s MB", False),
        ("Voir tout", "", False),
    ],
)
def test_english_is_not_taken_for_another_language(french, arabic, is_fault):
    english = messages.Catalog(locale="en")
    english.add(french, {"Voir tout": "See all", "Hôpital": "Hospital"}.get(french, "%(n)s MB"))
    catalog = messages.Catalog(locale="ar")
    catalog.add(french, arabic)

    assert bool(list(messages.borrowed_faults("ar", catalog, english))) is is_fault


@pytest.mark.parametrize(
    ("french", "is_fault"),
    [("Qui est là ?", True), ("Qui est là\u00a0?", False), ("«\u00a0oui »", True), ("à 10:30", False), ("etc.", False)],
)
def test_double_punctuation_does_not_begin_a_line(french, is_fault):
    catalog = messages.Catalog(locale="fr")
    catalog.add(french)

    nothing = messages.Catalog(locale="fr")
    easy = messages.Catalog(locale="fr")
    easy.add("x", french)
    assert bool(list(messages.spacing_faults(catalog, nothing))) is is_fault
    assert bool(list(messages.spacing_faults(nothing, easy))) is is_fault


def test_sentences_are_found_in_templates_and_in_python(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}\n  {% translate "Un" %}{# {% translate "Non" %} #}\n'
        "{% blocktranslate trimmed count n=n %}\n  Une\n  ligne{% plural %}{{ n }} lignes{% endblocktranslate %}"
    )
    code = tmp_path / "code.py"
    code.write_text('x = _("Deux")\ny = pgettext("mois", "Mai")\n')

    assert list(messages.sentences(page)) == [("Un", None), (("Une ligne", "%(n)s lignes"), None)]
    assert list(messages.sentences(code)) == [("Deux", None), ("Mai", "mois")]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_catalogue_is_written_the_same_twice(language: str):
    fresh, _public, street = messages.template()

    once, twice = (messages.po_bytes(messages.updated(language, fresh, street)) for _time in range(2))

    assert once == twice
    assert messages.mo_bytes(messages.read(language)) == messages.mo_bytes(messages.read(language))


def test_what_one_language_says_does_not_stand_in_the_next():
    fresh, _public, street = messages.template()
    spanish = messages.updated("es", fresh, street)
    for message in spanish:
        message.string = "¡Hola!"

    assert not [one.id for one in messages.updated("ru", fresh, street) if one.id and "¡Hola!" in (one.string or "")]


@pytest.mark.parametrize("language", ["es", messages.EASY_FRENCH])
def test_a_language_of_the_street_holds_its_sentences_and_no_other(language: str):
    fresh, _public, street = messages.template()

    held = {messages.key_of(message) for message in messages.updated(language, fresh, street) if message.id}

    assert held == street
    assert len(street) < len(list(fresh)) / 3


def test_a_sentence_that_nobody_thought_of_in_easy_french_is_a_fault():
    fresh, public, street = messages.template()
    fresh.add("Une phrase de plus.")

    found = list(messages.faults(messages.EASY_FRENCH, fresh, public, street | {("Une phrase de plus.", None)}))

    assert "fr_Falc: not translated: 'Une phrase de plus.'" in found


def test_zero_is_singular_in_french():
    with translation.override("fr"):
        said = ngettext("%(n)s clé enregistrée.", "%(n)s clés enregistrées.", 0)

    assert said == "%(n)s clé enregistrée."


@pytest.mark.parametrize(
    ("number", "places"),
    [
        (1, "مكان واحد"),
        (2, "مكانان"),
        (10, "%(n)s أماكن"),
        (12, "%(n)s مكاناً"),
        (99, "%(n)s مكاناً"),
        (100, "%(n)s مكان"),
    ],
)
def test_arabic_counts_as_arabic_does(number, places):
    """Unicode CLDR: zero, one, two, few (3–10), many (11–99), other. The extraction tool's own formula is another."""
    with translation.override("ar"):
        assert ngettext("%(n)s lieu", "%(n)s lieux", number) == places


def test_every_sentence_of_sign_in_that_is_not_ours_is_in_french():
    """allauth writes English; pages, mails and refusals that we do not write over are in its French catalogue."""
    theirs, ours = Path(allauth.__file__).parent, messages.ROOT / "allervers/web/templates"
    with (theirs / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        french = {_first(message.id) for message in read_po(file, locale="fr") if messages.is_translated(message)}
    missing = [
        (str(path.relative_to(theirs)), _first(words))
        for folder in ("account", "mfa", "templates/account", "templates/mfa", "templates/allauth")
        for path in sorted((theirs / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations"} & set(path.parts)
        if folder[:9] != "templates" or not (ours / path.relative_to(theirs / "templates")).exists()
        for words, _context in messages.sentences(path)
        if _first(words) not in french
    ]

    assert len(french) > 200
    assert missing == []


def _first(words):
    return words if isinstance(words, str) else words[0]
