"""The app's own words: whole in each language, right placeholders, read by a native speaker or not yet."""

import pytest
from django.utils.translation import gettext, override

from allervers.core.languages import LANGUAGES
from allervers.prevention import actions, interface
from allervers.prevention.models import InterfaceReview
from tests.cast import Cast

PROMISED = {"en", "ar", "es", "pt", "tr", "ro", "ru", "uk", "fa", "bn", "ta", "zh-hans"}


def test_the_interface_speaks_what_was_promised() -> None:
    assert set(interface.languages()) == PROMISED
    assert (
        len({len(interface.sentences(code)) for code in PROMISED - {"ru", "uk", "ro", "ar", "zh-hans", "fa", "tr"}})
        == 1
    )


@pytest.mark.parametrize("code", sorted(PROMISED))
def test_a_door_is_named_in_each_language_and_script(code: str) -> None:
    with override(code):
        said = gettext("Comprendre")

    assert said not in {"", "Comprendre"}
    if LANGUAGES[interface.languages()[code].code].script != "Latn":
        assert not said.isascii()


def test_a_language_is_read_until_its_words_change(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {one.review for one in interface.standings(cast.lille.id)} == {None}

    actions.review_interface(cast.lille, language="es", digest=interface.digest("es"), by=cast.viewer("lead"))
    standing = {one.code: one.is_current for one in interface.standings(cast.lille.id)}
    assert [code for code, is_current in standing.items() if is_current] == ["es"]

    monkeypatch.setattr(interface, "digest", lambda code: "another")
    assert not any(one.is_current for one in interface.standings(cast.lille.id))


def test_the_team_says_that_a_language_is_right(cast: Cast) -> None:
    client = cast.client("mediator")
    assert "par quelqu’un dont c’est la langue" in client.get("/messages/langues/").content.decode()
    assert "¿" in client.get("/messages/langues/es/").content.decode()

    client.post("/messages/langues/es/", {"digest": "of another version"})
    assert InterfaceReview.objects.count() == 0
    client.post("/messages/langues/es/", {"digest": interface.digest("es")})
    assert InterfaceReview.objects.get().by == str(cast.viewer("mediator").membership_id)
    assert client.get("/messages/langues/xx/").status_code == 404


def test_a_reader_meets_no_mark_of_a_program() -> None:
    assert interface.readable("%(hub)s lit votre demande <strong>%(promised)s</strong>.") == "… lit votre demande …."
    shown = [
        interface.readable(text)
        for code in interface.languages()
        for line in interface.sentences(code)
        for text in line
    ]
    assert [text for text in shown if "%(" in text or "<" in text] == []
