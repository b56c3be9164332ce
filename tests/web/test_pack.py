"""A folder to carry: what was chosen and no more, whole without network, its weight said before."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from allervers.core import clock
from allervers.prevention import actions, media
from allervers.prevention.models import Message, Rendition
from allervers.web.public import pack
from tests.cast import Cast
from tests.prevention.voiced import spoken


@pytest.fixture
def messages(cast: Cast) -> list[Message]:
    made = []
    for title in ("Il fait très chaud", "Prenez soin de vos dents"):
        today = clock.today()
        one = actions.write(
            cast.lille,
            title=actions.Line(title, "sun"),
            lines=[
                actions.Line("Buvez de l’eau.", "glass"),
                actions.Line("Appelez.", "phone", urgent=True, phone="15"),
            ],
            terms=actions.Terms(today, today + timedelta(days=30)),
            said={"ar": ["حر", "اشربوا", "اتصلوا"]},
            by=cast.viewer("mediator"),
        )
        actions.publish(one, by=cast.viewer("lead"))
        for row in Rendition.objects.filter(segment__message=one):
            actions.check(row, version=1, by=cast.viewer("lead"))
        made.append(one)
    return made


def _folder(query: str = "", reader: str = "ar") -> zipfile.ZipFile:
    answer = Client().get(f"/porte/lille/{reader}/garder/messages.zip{query}")
    assert answer.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_folder_holds_every_message_in_ones_language_and_in_french(cast: Cast, messages: list[Message]) -> None:
    folder = _folder()

    assert sorted(folder.namelist()) == [
        "messages/il-fait-tres-chaud.ar.html",
        "messages/il-fait-tres-chaud.fr.html",
        "messages/index.html",
        "messages/prenez-soin-de-vos-dents.ar.html",
        "messages/prenez-soin-de-vos-dents.fr.html",
        "messages/style.css",
        "messages/vieux.js",
    ]
    arabic = folder.read("messages/il-fait-tres-chaud.ar.html").decode()
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "اشربوا" in arabic and "Buvez de l’eau." in arabic and 'href="tel:15"' in arabic


def test_folder_holds_what_was_ticked_and_no_more(cast: Cast, messages: list[Message]) -> None:
    folder = _folder("?m=il-fait-tres-chaud&m=nowhere&l=fr&l=xx")

    pages = [name for name in folder.namelist() if name.endswith(".html")]
    assert sorted(pages) == ["messages/il-fait-tres-chaud.fr.html", "messages/index.html"]


def test_each_page_of_the_folder_stands_without_network(cast: Cast, messages: list[Message]) -> None:
    """Every address that a page names is in the folder, in the page, or a telephone's."""
    spoken(messages[0], "ar", by=None)
    for row in Rendition.objects.filter(medium="voice"):
        actions.check(row, version=1, by=cast.viewer("lead"))
    folder = _folder()

    named = {
        (name, address)
        for name in folder.namelist()
        if name.endswith(".html")
        for address in re.findall(r'(?:href|src)="([^"]+)"', folder.read(name).decode())
    }
    there = set(folder.namelist())
    lost = [
        (name, address)
        for name, address in named
        if not address.startswith("tel:")
        and (
            f'id="{address[1:]}"' not in folder.read(name).decode()
            if address[0] == "#"
            else f"messages/{address}" not in there
        )
    ]
    assert lost == []
    assert '<symbol id="sign-sun" viewBox' in folder.read("messages/index.html").decode()  # as a browser draws it
    assert any(address.startswith("sons/") for _name, address in named)


def test_weight_said_before_is_about_what_comes(cast: Cast, messages: list[Message]) -> None:
    spoken(messages[0], "ar", by=None)
    for row in Rendition.objects.filter(medium="voice"):
        actions.check(row, version=1, by=cast.viewer("lead"))
    answer = Client().get("/porte/lille/ar/garder/messages.zip")
    size = len(b"".join(answer.streaming_content))  # type: ignore[attr-defined]

    said = Client().get("/porte/lille/ar/garder/").context["pack"].size

    assert 0.5 < said / size < 2


def test_a_sound_that_is_lost_does_not_break_the_folder(cast: Cast, messages: list[Message]) -> None:
    spoken(messages[0], "ar", by=None)
    for row in Rendition.objects.filter(medium="voice").select_related("media"):
        actions.check(row, version=1, by=cast.viewer("lead"))
        assert row.media is not None
        media.path_of(row.media).unlink()

    assert not [name for name in _folder().namelist() if name.endswith(".ogg")]


def test_folder_is_bounded(cast: Cast, messages: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "_MOST", 3)

    assert len([name for name in _folder().namelist() if ".html" in name]) == 3 + 1  # the index


def test_folder_leaves_sounds_out_beyond_its_weight_and_points_to_none_of_them(
    cast: Cast, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken(messages[0], "ar", by=None)
    for row in Rendition.objects.filter(medium="voice"):
        actions.check(row, version=1, by=cast.viewer("lead"))
    monkeypatch.setattr(pack, "_HEAVIEST", 1)

    folder = _folder()

    assert not [name for name in folder.namelist() if name.endswith(".ogg")]
    assert "<audio" not in folder.read("messages/il-fait-tres-chaud.ar.html").decode()


def test_folder_says_when_it_grew_too_old(cast: Cast, messages: list[Message]) -> None:
    page = _folder().read("messages/il-fait-tres-chaud.fr.html").decode()

    assert f'data-expires="{messages[0].expires_on.isoformat()}" hidden' in page
    assert "data-expires" in Path(pack.__file__).with_name("static").joinpath("street/old.js").read_text(
        encoding="utf-8"
    )
