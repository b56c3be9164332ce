"""The residents' app, page by page and reader by reader: axe by day and night, targets one can touch, nothing wider than
320 px, which is what a screen of 640 px shows when it enlarges twice.

With ACCESSIBILITY_REPORT=1 the walk also writes what it tried to `allervers/web/public/accessibility.json`, from which the
accessibility statement is made: `ACCESSIBILITY_REPORT=1 pytest tests/e2e/test_street.py -n 0`.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from allervers.core import clock
from allervers.directory.models import HubCoverage, Territory
from allervers.web import access
from allervers.web.public import statement
from tests.access_objects import FACTORIES
from tests.access_walk import Address, addresses, positions
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READERS = ["fr", "ar", "fr-FALC", "fr~", "snk"]
SMALLEST = 44  # px, of what is touched (WCAG 2.5.5)
WITHOUT_READER = {"public:networks", "public:languages"}


def _pages() -> list[Address]:
    """The pages of the street that a resident reads: those with a reader in their address, and the choice of language."""
    found = []
    for address in addresses():
        line = access.ACCESS.get((address.name, "GET"))
        if line is None or not line.anyone() or not address.name.startswith("public:"):
            continue
        if "reader" in address.arguments or address.name in WITHOUT_READER:
            found.append(address)
    return found


def _path(cast: Cast, address: Address, reader: str) -> str:
    arguments = FACTORIES[address.name](positions(cast)[0]) if address.arguments else {}
    if "reader" in arguments:
        arguments["reader"] = reader
    return reverse(address.name, kwargs=arguments)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("address", _pages(), ids=lambda address: address.name)
def test_page_is_for_everyone(
    cast: Cast,
    address: Address,
    reader: str,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    live_server: object,
) -> None:
    page, path = open_page("/porte/", width=320), _path(cast, address, reader)
    answer = page.request.get(f"{live_server}{path}")
    if "text/html" not in answer.headers["content-type"]:
        return  # a file
    page.goto(f"{live_server}{path}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(TOO_SMALL, SMALLEST) == []
    page.emulate_media(color_scheme="dark")
    axe(page)
    _note(address.name, reader)


@pytest.mark.parametrize(("reader", "dark"), [("fr", False), ("ar", True), ("snk", False)])
def test_a_neighbourhood_is_chosen_by_touching_its_shape(
    cast: Cast, reader: str, dark: bool, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    for at, name in enumerate(("Fives", "Moulins", "Wazemmes")):
        west = 3.05 + at / 50
        ring = [[west, 50.62], [west + 0.02, 50.62], [west + 0.02, 50.64], [west, 50.64], [west, 50.62]]
        contour = {"type": "Polygon", "coordinates": [ring]}
        area = Territory.objects.create(
            kind="neighbourhood",
            code=name,
            name=name,
            contour=contour,
            south=50.62,
            north=50.64,
            west=west,
            east=west + 0.02,
        )
        HubCoverage.objects.create(hub=cast.wazemmes, territory=area)
    page = open_page(f"/porte/lille/{reader}/lieux/quartiers/", width=320, dark=dark)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("svg.map").bounding_box()["width"] > 250  # type: ignore[index]  # it is drawn

    page.locator('svg.map a[href$="Moulins"] path').click(position={"x": 8, "y": 8})

    page.wait_for_url(re.compile(r"/lieux/\?ou=Moulins$"))
    page.locator('.choice[href*="/lieux/tooth/"]').click()
    page.wait_for_url(re.compile(r"/lieux/tooth/\?ou=Moulins$"))


# Links inside a sentence are spared, as WCAG does; so is what only screen readers meet.
TOO_SMALL = """
least => [...document.querySelectorAll("main a, main button, main summary, footer a, header a")]
  .filter(one => !one.closest(".unseen, .skip, p:not(.row) > a:not(.button), dd") && one.getClientRects().length)
  .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`)
"""


def _note(name: str, reader: str) -> None:
    """Adds one page and reader to the report, when one is asked for."""
    if not os.environ.get("ACCESSIBILITY_REPORT"):
        return
    path = Path(statement.__file__).with_name("accessibility.json")
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    today = clock.today("Europe/Paris").isoformat()
    if held.get("date") != today:
        held = {"date": today, "tried": []}
    held["axe"] = re.search(r"axe v([\d.]+)", _axe_source())[1]  # type: ignore[index]  # the file begins with its version
    held["tried"] = sorted({*map(tuple, held["tried"]), (name, reader)})
    path.write_text(json.dumps(held, indent=0) + "\n", encoding="utf-8")


def _axe_source() -> str:
    from tests.e2e.conftest import AXE

    return AXE[:200]
