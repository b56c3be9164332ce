"""What a page costs on a poor network, with all that it needs, before media: HTML, styles, script, pictures."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from allervers.prevention import actions, starter_pack
from tests.cast import Cast

FIRST, ANY = 14_000, 40_000  # bytes transferred
_HEADERS = 700  # of one answer: measured in a browser by bench/street.py


def _weight(path: str) -> int:
    """The page as it travels, and each file that it names, squeezed as whitenoise and the proxy do."""
    answer = Client().get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(answer.content).decode()
    named = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    assert {"css/street.css", "js/street.js", "img/frame.svg"} <= named
    return len(answer.content) + _HEADERS + sum(_squeezed(name) + _HEADERS for name in named)


def _squeezed(name: str) -> int:
    return len(gzip.compress(Path(str(finders.find(name))).read_bytes(), 9))


@pytest.fixture
def shelf(cast: Cast) -> None:
    for message in starter_pack.load(cast.lille):
        actions.publish(message, by=cast.viewer("lead"))


@pytest.mark.parametrize("path", ["/porte/lille/", "/porte/lille/fr/", "/porte/lille/ar/", "/porte/lille/snk/"])
def test_the_first_page_weighs_little(cast: Cast, path: str) -> None:
    assert _weight(path) <= FIRST


@pytest.mark.parametrize("reader", ["fr", "ar", "snk"])
@pytest.mark.parametrize(
    "page",
    [
        *("comprendre/", "comprendre/numeros-urgence/", "lieux/", "lieux/tooth/", "un-site-pour-tous/"),
        *("aide/", "aide/parler/"),
    ],
)
def test_any_page_weighs_at_most_forty_kilobytes(shelf: None, page: str, reader: str) -> None:
    assert _weight(f"/porte/lille/{reader}/{page}") <= ANY
