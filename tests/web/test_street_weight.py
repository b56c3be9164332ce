"""What a page costs on a poor network. The first words wait for the page itself and for the styles of its head: those bytes are
bounded one page at a time, so that none grows unseen; bench/street.py measures the seconds in a real browser."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from allervers.directory.enums import Theme
from allervers.directory.models import HubCoverage, Territory
from allervers.prevention import actions, starter_pack
from tests.cast import Cast
from tests.directory.scenes import place, service

FIRST, ANY = 14_000, 20_000  # bytes transferred, before media
WAITED_FOR = 15_000  # bytes before the first words: 2.4 s at 50 kb/s, and 0.4 s twice before they come
_HEADERS = 700  # of one answer: measured in a browser by bench/street.py
READERS = ["fr", "ar", "snk"]
INNER = [
    *(
        "comprendre/",
        "comprendre/numeros-urgence/",
        "garder/",
        "hors-ligne/",
        "un-site-pour-tous/",
        "vos-informations/",
    ),
    "jeunes/",
    *("lieux/", "lieux/quartiers/", "lieux/tooth/", "aide/", "aide/parler/", "demande/", "jaide/", "agenda/"),
]


def _page(path: str) -> tuple[int, str]:
    """Bytes of the page as it travels, and what it says."""
    answer = Client().get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
    return len(answer.content) + _HEADERS, gzip.decompress(answer.content).decode()


def _named(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))


def _squeezed(names: Iterable[str]) -> int:
    """Each file as whitenoise and the proxy send it."""
    paths = (Path(str(finders.find(name))) for name in names)
    return sum(len(gzip.compress(path.read_bytes(), 9)) + _HEADERS for path in paths)


@pytest.fixture
def city(cast: Cast) -> None:
    """A shelf of messages, twelve dentists, twelve neighbourhoods with contours, a hub that answers."""
    for message in starter_pack.load(cast.lille):
        actions.publish(message, by=cast.viewer("lead"))
    for number in range(12):
        where = place(cast, f"Cabinet {number}", phone="03 20 00 00 00", latitude=50.62 + number / 200, longitude=3.05)
        service(
            cast, f"Soins dentaires {number}", where, themes=[Theme.TEETH], languages=["fr", "ar"], for_residents=True
        )
        west, south = 3.0 + number % 4 / 50, 50.6 + number // 4 / 50
        edge = [[west + x / 900, south + (x * 7 % 5) / 900] for x in range(18)]
        contour = {
            "type": "Polygon",
            "coordinates": [[*edge, [west + 0.02, south + 0.02], [west, south + 0.02], edge[0]]],
        }
        box = {"south": south, "west": west, "north": south + 0.02, "east": west + 0.02}
        area = Territory.objects.create(
            kind="neighbourhood", code=f"Q{number}", name=f"Quartier {number}", contour=contour, **box
        )
        HubCoverage.objects.create(hub=cast.wazemmes, territory=area)
    cast.wazemmes.phone = "03 20 11 11 11"
    cast.wazemmes.save()


@pytest.mark.parametrize("path", ["/porte/lille/", "/porte/lille/fr/", "/porte/lille/ar/", "/porte/lille/snk/"])
def test_the_first_page_weighs_little(cast: Cast, path: str) -> None:
    weight, html = _page(path)

    assert _named(html) == {"css/street.css", "css/doors.css", "js/street.js", "img/door.svg"}
    assert weight + _squeezed(_named(html)) <= FIRST


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("page", INNER)
def test_what_the_first_words_of_an_inner_page_wait_for_is_bounded(city: None, page: str, reader: str) -> None:
    weight, html = _page(f"/porte/lille/{reader}/{page}")
    head, _split, body = html.partition("</head>")
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', head)

    assert len(styles) == 2 and "<script" not in head  # what comes later is asked for after the page's own words
    assert 'rel="stylesheet"' not in body and body.rindex("<script") > body.rindex("</footer>")
    assert weight + _squeezed(styles) <= WAITED_FOR
    assert weight + _squeezed(_named(html)) <= ANY


@pytest.mark.parametrize("page", ["", *INNER])
def test_a_page_holds_the_shapes_that_it_shows_and_no_other(city: None, page: str) -> None:
    _weight, html = _page(f"/porte/lille/snk/{page}")

    shown = set(re.findall(r'<use href="#sign-([a-z-]+)"', html))
    held = re.findall(r'<symbol id="sign-([a-z-]+)"', html)
    assert shown and sorted(held) == sorted(shown)
    assert "<use href" not in re.sub(r'<use href="#sign-', "", html)  # none in another file
    assert html.index("<symbol") > html.index("</footer>")  # words first
