"""What the project ships: whole in every language, true for a time, brought once."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allervers.core.languages import LANGUAGES
from allervers.prevention import starter_pack
from allervers.prevention.enums import MessageState, RenditionState
from allervers.prevention.models import Message, Rendition
from allervers.web.components import signs
from tests.cast import Cast

PROMISED = {"fr", "fr-FALC", "en", "ar", "es", "pt", "tr", "ro", "ru", "uk"}  # eight languages beside both French
ABOUT_NUMBERS = {"15", "112", "114", "115", "119", "3919", "3114"}


def test_pack_holds_what_was_promised_in_every_language() -> None:
    pack = starter_pack.pack()

    assert len(pack) >= 10
    assert [known.slug for known in pack if not set(known.texts) >= PROMISED] == []
    assert [known.slug for known in pack if not known.terms.source_url.startswith("https://")] == []
    assert [known.slug for known in pack if (known.terms.expires_on - known.terms.written_on).days > 550] == []


def test_pack_says_every_urgent_number() -> None:
    said = {line.phone for known in starter_pack.pack() for line in known.lines}

    assert said >= ABOUT_NUMBERS


def test_no_two_messages_of_the_pack_show_the_same_pictogram() -> None:
    titles = [known.title.pictogram for known in starter_pack.pack()]
    assert len(set(titles)) == len(titles)


def test_each_text_of_the_pack_is_short_and_has_its_pictogram() -> None:
    for known in starter_pack.pack():
        assert {line.pictogram for line in known.lines} | {known.title.pictogram} <= set(signs.sprite_of())
        for code, texts in known.texts.items():
            assert len(texts) == len(known.lines) + 1
            assert all(0 < len(text) <= 400 for text in texts), (known.slug, code)


def test_each_text_of_the_pack_is_in_its_script() -> None:
    """A sentence in the wrong place would be heard by someone who cannot tell: each script has its letters."""
    letters = {"Arab": ("\u0600", "\u06ff"), "Cyrl": ("\u0400", "\u04ff"), "Hans": ("\u4e00", "\u9fff")}
    for known in starter_pack.pack():
        for code, texts in known.texts.items():
            first, last = letters.get(LANGUAGES[code].script, ("A", "\u024f"))
            assert all(any(first <= sign <= last for sign in text) for text in texts), (known.slug, code)


def test_load_brings_each_message_once_to_be_read(cast: Cast) -> None:
    loaded = starter_pack.load(cast.lille)

    assert starter_pack.load(cast.lille) == []
    assert Message.objects.filter(network=cast.lille, state=MessageState.DRAFT).count() == len(loaded) > 9
    assert Message.objects.filter(network=cast.toulouse).count() == 0
    assert set(Rendition.objects.values_list("state", "made_by").distinct()) == {(RenditionState.TO_CHECK, "")}


def test_command_says_what_it_brought(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_starter_pack", "lille")
    assert capsys.readouterr().out.startswith(f"{len(starter_pack.pack())} messages apportés")

    with pytest.raises(CommandError):
        call_command("load_starter_pack", "nowhere")


FILE = """
slug = "a"
pictogram = "sun"
audience = "all"
written_on = 2026-01-01
expires_on = 2026-06-01
source_name = ""
source_url = ""
[title]
fr = "Titre"
en = "Title"
[[segment]]
pictogram = "glass"
urgent = false
[segment.text]
fr = "Phrase."
"""


def test_a_file_that_forgets_a_language_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FILE, encoding="utf-8")

    with pytest.raises(starter_pack.Malformed, match=r"a\.toml, segment 1: \['en'\]"):
        starter_pack.read(path)
