"""What keeps the app going without network, as the server gives it; tests/e2e/test_offline.py cuts the network for real."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from allervers.prevention import actions
from tests.cast import Cast
from tests.web.test_street import message as message  # the fixture of a published message


def test_the_worker_names_files_that_exist_and_stays_on_its_street(cast: Cast) -> None:
    response = Client().get("/porte/lille/sw.js")

    known = json.loads(re.match(r"const KNOWN = (\{.*\});\n", response.content.decode())[1])  # type: ignore[index]
    assert response.headers["Content-Type"] == "text/javascript"
    assert known["street"] == "/porte/lille/"
    assert len(known["assets"]) == 7 and all(name.startswith("/static/") for name in known["assets"])
    assert all(finders.find(name.removeprefix("/static/")) for name in known["assets"])


@pytest.mark.parametrize(
    "page", ["", "comprendre/", "comprendre/il-fait-tres-chaud/", "jeunes/", "agenda/", "hors-ligne/"]
)
def test_the_worker_keeps_each_file_that_a_kept_page_names(cast: Cast, message: object, page: str) -> None:
    worker = Client().get("/porte/lille/sw.js").content.decode()
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', Client().get(f"/porte/lille/fr/{page}").content.decode()))

    assert len(named) == 4
    assert {name for name in named if f'"{name}"' not in worker} == set()


def test_the_version_of_the_worker_changes_with_what_it_holds(cast: Cast, settings: object) -> None:
    first = Client().get("/porte/lille/sw.js").content
    settings.STATIC_URL = "/autre/"  # type: ignore[attr-defined]  # a fixture of pytest-django

    assert Client().get("/porte/lille/sw.js").content[:60] != first[:60]


def test_the_card_opens_in_the_language_it_was_installed_in(cast: Cast) -> None:
    card = Client().get("/porte/lille/ar/app.webmanifest").json()

    assert (card["lang"], card["dir"], card["start_url"]) == ("ar", "rtl", "/porte/lille/ar/")
    assert card["scope"] == card["id"] == "/porte/lille/"
    assert card["shortcuts"][0]["name"] == "أفهم"


def test_the_page_of_last_resort_says_whom_to_call(cast: Cast) -> None:
    cast.wazemmes.phone = "03 20 11 11 11"
    cast.wazemmes.save()

    page = Client().get("/porte/lille/fr/hors-ligne/").content.decode()

    assert 'href="tel:0320111111"' in page and 'href="tel:15"' in page


def test_the_shelf_to_keep_is_what_the_shelf_shows(cast: Cast, message: object) -> None:
    kept = Client().get("/porte/lille/ar/comprendre/garder.json").json()

    assert kept == {"addresses": ["/porte/lille/ar/comprendre/", "/porte/lille/ar/comprendre/il-fait-tres-chaud/"]}
    actions.withdraw(message, by=cast.viewer("lead"))  # type: ignore[arg-type]  # a message
    assert Client().get("/porte/lille/ar/comprendre/garder.json").json() == {
        "addresses": ["/porte/lille/ar/comprendre/"]
    }
