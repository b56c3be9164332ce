"""A screening day with people on its list, and the funnels of Lille 2018, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from allervers.core import clock
from allervers.programmes import actions
from allervers.programmes.demonstration import load_lille_2018
from allervers.programmes.enums import ActionKind
from allervers.programmes.models import Session
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[[str, int], Page]


@pytest.fixture(autouse=True)
def _no_second_factor(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


@pytest.fixture
def open_as(cast: Cast, open_page: Callable[..., Page], sign_in: Callable[[Page, object], None]) -> Open:
    def open_(path: str, width: int, who: str = "mediator") -> Page:
        page = open_page("/composants/", width=width)
        sign_in(page, cast.memberships[who].user)
        page.goto(page.url.removesuffix("/composants/") + path)
        return page

    return open_


@pytest.fixture
def session(cast: Cast) -> Session:
    by = cast.viewer("mediator")
    terms = actions.Terms("Dépistages optiques", ActionKind.OPTICAL, 2026, 10, None, cast.hospital)
    campaign = actions.create_campaign(cast.association.id, terms=terms, by=by)
    session = actions.plan_session(campaign, hub=cast.wazemmes, starts_at=clock.now(), by=by)
    for result in ("appointment", "equipment", "urgent", "nothing", ""):
        line = actions.add_walk_in(session, card=cast.card(), language="ta", by=by)
        if result:
            actions.set_result(line, result=result, by=by)
    return session


@pytest.mark.parametrize("width", [1280, 360])
def test_list_keeps_its_buttons_on_one_line(
    session: Session, open_as: Open, axe: Callable[[Page], None], width: int
) -> None:
    page = open_as(reverse("workspace:screening_session", args=[session.pk]), width)

    heights = page.locator(".taps").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    spills = page.locator(".tap").evaluate_all(
        "taps => taps.filter(tap => tap.scrollWidth > tap.clientWidth + 1).length"
    )
    assert len(heights) == 5 and max(heights) < 60
    assert spills == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)


def test_someone_arrives_is_seen_and_the_gesture_is_undone(session: Session, open_as: Open) -> None:
    page = open_as(reverse("workspace:screening_session", args=[session.pk]), 1280)

    page.locator("#id_who").focus()
    page.keyboard.press("Enter")
    row = page.locator("#l6")
    assert "Sans nom 6" in row.inner_text()
    row.get_by_role("button", name="Rendez-vous").click()
    expect(page.locator("#l6 [aria-pressed=true]")).to_have_text("Rendez-vous", use_inner_text=True)
    page.get_by_role("button", name="Défaire").click()

    expect(page.locator("#l6 [aria-pressed=true]")).to_have_count(0)
    assert session.attendances.get(position=6).arrival == "waiting"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("slug", ["lille-2018", "lille-2018-lines"])
def test_funnels_of_lille_are_readable(
    cast: Cast, open_as: Callable[..., Page], axe: Callable[[Page], None], slug: str, width: int
) -> None:
    by = cast.memberships["coordinator"]
    load_lille_2018(cast.lille, by=by, hubs=[cast.wazemmes, cast.moulins], partner=cast.hospital)
    page = open_as(reverse("workspace:funnel", args=[slug]), width, "coordinator")

    assert page.locator("h1").inner_text().startswith("De 90 personnes à ")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
