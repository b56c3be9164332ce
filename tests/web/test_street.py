"""The residents' app as a browser without script meets it: languages, doors, messages, links from hand to hand."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.core.languages import LANGUAGES
from allervers.prevention import actions, sharing, sheets
from allervers.prevention.enums import RenditionState
from allervers.prevention.models import Message, Misunderstanding, Rendition, Tally
from allervers.web.public import understand
from tests.cast import Cast


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass"), actions.Line("Appelez.", "phone", urgent=True, phone="15")],
        terms=actions.Terms(today, today + timedelta(days=30)),
        said={"ar": ["الجو حار", "اشربوا", "اتصلوا"]},
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


def _text(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return response.content.decode()


def test_one_network_is_not_chosen(db: None) -> None:
    Network.objects.create(name="Seul", slug="seul")

    assert Client().get("/porte/").headers["Location"] == "/porte/seul/"


def test_several_networks_are_a_choice(cast: Cast) -> None:
    page = _text("/porte/")

    assert page.index("/porte/lille/") < page.index("/porte/toulouse/")


def test_no_network_says_so(db: None) -> None:
    assert "Rien n’est encore ouvert ici." in _text("/porte/", status=404)


def test_languages_are_tiles_first_the_most_spoken_then_all(cast: Cast) -> None:
    few, every = _text("/porte/lille/"), _text("/porte/lille/?toutes")

    assert '<a class="lang__name" href="/porte/lille/snk/">' in few
    assert every.count('class="lang__name"') == len(LANGUAGES) >= 45
    assert f"Toutes les langues ({len(LANGUAGES)})" in few and "Toutes les langues" not in every


def test_another_language_of_a_message_leads_back_to_that_message(cast: Cast, message: Message) -> None:
    assert f'href="/porte/lille/?message={message.slug}"' in _text(f"/porte/lille/fr/comprendre/{message.slug}/")
    few = _text(f"/porte/lille/?message={message.slug}")
    assert f'href="/porte/lille/snk/comprendre/{message.slug}/"' in few and f"?toutes&amp;message={message.slug}" in few
    assert 'href="/porte/lille/snk/"' in _text("/porte/lille/?message=nowhere")
    assert 'href="/porte/lille/snk/"' in _text("/porte/lille/?message=%00")


def test_home_speaks_the_language_of_its_address(cast: Cast) -> None:
    french, arabic, soninke = (Client().get(f"/porte/lille/{code}/") for code in ("fr", "ar", "snk"))

    assert '<html lang="fr" dir="ltr">' in french.content.decode()
    assert '<html lang="ar" dir="rtl">' in arabic.content.decode()
    assert "Comprendre" not in arabic.content.decode()
    assert '<span class="unseen">Comprendre</span>' in soninke.content.decode()
    assert [r.headers["Content-Language"] for r in (french, arabic, soninke)] == ["fr", "ar", "fr"]


def test_pictures_are_asked_for_in_the_address_and_left_the_same_way(cast: Cast) -> None:
    page = _text("/porte/lille/fr~/comprendre/")

    assert '<a href="/porte/lille/fr/comprendre/">' in page
    assert '<a href="/porte/lille/fr~/comprendre/">' in _text("/porte/lille/fr/comprendre/")


@pytest.mark.parametrize(
    "path",
    [
        "/porte/nulle-part/",
        "/porte/nulle-part/fr/",
        "/porte/lille/xx/",
        "/porte/lille/fr/comprendre/rien/",
        "/m/zzzzzz/",
    ],
)
def test_what_is_not_there_is_not_found(cast: Cast, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_no_page_sets_a_cookie(cast: Cast, message: Message) -> None:
    for path in (
        "/porte/",
        "/porte/lille/",
        "/porte/lille/fr/",
        "/porte/lille/ar/comprendre/",
        f"/porte/lille/fr/comprendre/{message.slug}/",
    ):
        assert Client().get(path).cookies == {}, path


def test_message_is_shown_in_french_until_someone_checked_its_words(cast: Cast, message: Message) -> None:
    path = f"/porte/lille/ar/comprendre/{message.slug}/"
    before = _text(path)
    for row in Rendition.objects.filter(segment__message=message):
        actions.check(row, version=1, by=cast.viewer("lead"))

    after = _text(path)

    assert '<bdi lang="fr">Buvez de l’eau.</bdi>' in before and "اشربوا" not in before
    assert '<bdi lang="ar">اشربوا</bdi>' in after
    assert 'href="tel:15"' in after


def test_demonstration_shows_unchecked_words_with_their_mark(cast: Cast, message: Message, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # a fixture of pytest-django

    page = _text(f"/porte/lille/ar/comprendre/{message.slug}/")

    assert '<bdi lang="ar">اشربوا</bdi>' in page
    assert page.count('<p class="notice">') == 1


def test_expired_message_says_so_first_and_leaves_the_shelf(cast: Cast, message: Message) -> None:
    with clock.fixed(clock.now() + timedelta(days=31)):
        page, shelf = _text(f"/porte/lille/fr/comprendre/{message.slug}/"), _text("/porte/lille/fr/comprendre/")

    assert page.index("Ce message est trop vieux.") < page.index("Buvez de l’eau.")
    assert "Il fait très chaud" not in shelf and "Pas encore de message ici." in shelf


def test_short_link_opens_the_message_in_its_language(cast: Cast, message: Message) -> None:
    client = Client()

    assert client.get(f"/m/{message.code}/").headers["Location"] == f"/porte/lille/fr/comprendre/{message.slug}/"
    assert client.get(f"/m/{message.code}/ar/").headers["Location"] == f"/porte/lille/ar/comprendre/{message.slug}/"
    actions.withdraw(message, by=cast.viewer("lead"))
    assert client.get(f"/m/{message.code}/ar/").headers["Location"] == "/porte/lille/ar/comprendre/"


def test_draft_has_no_link(cast: Cast) -> None:
    made = actions.write(
        cast.lille,
        title=actions.Line("Froid", "sun"),
        lines=[actions.Line("…")],
        terms=actions.Terms(clock.today(), clock.today()),
        by=None,
    )

    assert Client().get(f"/m/{made.code}/").status_code == 404
    assert Client().get("/porte/lille/fr/comprendre/froid/").status_code == 404


def test_understood_otherwise_is_kept_for_the_pieces_touched(cast: Cast, message: Message) -> None:
    path = f"/porte/lille/ar/comprendre/{message.slug}/autrement/"

    answer = Client().post(path, {"s": ["2", "9", "x"], "mots": "  une autre chose "})

    assert answer.headers["Location"] == f"/porte/lille/ar/comprendre/{message.slug}/?merci#merci"
    assert list(Misunderstanding.objects.values_list("segment__position", "language", "words")) == [
        (2, "ar", "une autre chose")
    ]


def test_understood_otherwise_does_not_fill_the_journal(cast: Cast, message: Message) -> None:
    path = f"/porte/lille/fr/comprendre/{message.slug}/autrement/"

    statuses = [Client().post(path, {"s": "1"}).status_code for _turn in range(32)]

    assert statuses == [302] * 30 + [429] * 2
    assert Misunderstanding.objects.count() == 30


def test_understood_otherwise_without_anything_is_not_kept(cast: Cast, message: Message) -> None:
    answer = Client().post(f"/porte/lille/fr/comprendre/{message.slug}/autrement/", {})

    assert answer.headers["Location"].endswith("#autrement")
    assert Misunderstanding.objects.count() == 0


@pytest.mark.parametrize("sheet", ["affiche.pdf", "carte.pdf"])
def test_sheets_are_pdf_made_once(
    cast: Cast, message: Message, sheet: str, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]  # a fixture of pytest-django
    first = Client().get(f"/porte/lille/fr/comprendre/{message.slug}/{sheet}")
    monkeypatch.setattr(sharing.typst, "compile", None)
    again = Client().get(f"/porte/lille/fr~/comprendre/{message.slug}/{sheet}?autre=adresse")

    assert first.content.startswith(b"%PDF") and first.headers["Content-Type"] == "application/pdf"
    assert again.content == first.content


def test_sheets_made_for_one_computer_are_bounded_and_those_kept_are_not(
    cast: Cast, message: Message, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]  # a fixture of pytest-django
    monkeypatch.setattr(understand, "_SHEETS", 2)
    monkeypatch.setattr(sharing.typst, "compile", lambda *_given, **_named: b"%PDF")
    codes = ["fr", "ar", "en", "snk", "fr"]

    answers = [Client().get(f"/porte/lille/{code}/comprendre/{message.slug}/carte.pdf") for code in codes]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 200]
    assert "Attendez dix minutes" in answers[3].content.decode()
    assert len(list(sheets.folder().iterdir())) == 2


def test_what_is_only_asked_for_counts_nothing(cast: Cast, message: Message) -> None:
    """A crawler, a page kept ahead, a link that a messenger looks at: each asks for addresses."""
    path = f"/porte/lille/fr/comprendre/{message.slug}/"
    for asked in ("", "affiche.pdf", "carte.pdf"):
        assert Client().get(path + asked).status_code == 200

    assert Client().get(f"{path}compte/").status_code == 405
    assert Tally.objects.count() == 0


def _told(message: Message, what: str, **headers: str) -> int:
    path = f"/porte/lille/ar/comprendre/{message.slug}/compte/"
    return Client().post(path, {"quoi": what}, headers=headers).status_code


def test_what_a_browser_says_is_counted_by_day_and_language(cast: Cast, message: Message) -> None:
    answers = [_told(message, what) for what in ("opened", "listened", "shared", "opened")]

    assert answers == [204] * 4
    assert list(Tally.objects.values_list("language", "opened", "listened", "shared")) == [("ar", 2, 1, 1)]


def test_a_program_another_site_and_an_unknown_word_count_nothing(cast: Cast, message: Message) -> None:
    assert _told(message, "opened", user_agent="Mozilla/5.0 (compatible; Examplebot/2.1)") == 204
    assert _told(message, "opened", sec_fetch_site="cross-site") == 204
    assert [_told(message, what) for what in ("", "day", "language")] == [400] * 3
    assert Tally.objects.count() == 0

    assert _told(message, "opened", user_agent="Mozilla/5.0 (Linux; Android 9)", sec_fetch_site="same-origin") == 204
    assert Tally.objects.count() == 1


def test_withdrawn_piece_is_said_in_french_and_marked(cast: Cast, message: Message) -> None:
    Rendition.objects.filter(segment__message=message).update(state=RenditionState.CHECKED, checked_at=clock.now())
    Rendition.objects.filter(segment__message=message, segment__position=1).update(state=RenditionState.WITHDRAWN)

    page = _text(f"/porte/lille/ar/comprendre/{message.slug}/")

    assert page.count("segment--off") == 1
    assert '<bdi lang="fr">Buvez de l’eau.</bdi>' in page and "اشربوا" not in page
