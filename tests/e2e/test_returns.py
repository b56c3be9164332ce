"""The desk of returns in a browser: every page passes axe and fits a phone; 57 lines keyed from the telephone."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from allervers.core import clock
from allervers.referrals import actions, links
from allervers.referrals.models import Answer, Referral, ReturnList
from tests.cast import Cast
from tests.referrals.scene import Partner, need_of, sent

pytestmark = pytest.mark.browser

LINES = 57
SECONDS_A_LINE = 3.0  # to hear "K7-4MC9: came" and press V


def _list(cast: Cast, size: int) -> ReturnList:
    return actions.make_list(cast.hospital, [sent(cast) for _ in range(size)], by=cast.viewer("mediator"))


def _scene(cast: Cast) -> list[str]:
    """A bit of everything, and the address of each page."""
    with clock.fixed(clock.now() - timedelta(days=30)):
        silent = sent(cast)
        made = _list(cast, 6)
        actions.new_code(made, by=cast.viewer("mediator"))
    rows = [line.referral for line in made.lines.select_related("referral")]
    partner = Partner()
    partner.says(rows[0], "came")
    partner.says(rows[0], "did_not_come")
    partner.says(rows[1], "equipped")
    partner.says(rows[2], "appointment", appointment_at=clock.now() + timedelta(days=3))
    drafted = actions.draft(
        need_of(cast, cast.card(speaks=["ar"])), by=cast.viewer("mediator"), recipient=cast.hospital
    )
    need = need_of(cast)
    need.owner = cast.memberships["mediator"]
    need.save()
    return [
        "/retours/",
        "/retours/?etat=suite",
        f"/retours/{silent.pk}/",
        f"/retours/{rows[0].pk}/",
        f"/retours/{rows[2].pk}/",
        f"/retours/{drafted.pk}/",
        "/retours/nouvelle/",
        f"/retours/nouvelle/{need.pk}/",
        "/retours/listes/nouvelle/",
        f"/retours/listes/nouvelle/?partenaire={cast.hospital.pk}",
        f"/retours/listes/{made.pk}/",
        "/retours/saisie/",
        f"/retours/saisie/?feuille={made.sheet_code}",
    ]


def test_every_page_passes_axe_and_fits_a_phone(
    transactional_db: None, open_page: Callable[..., Page], sign_in: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    cast = Cast.make()
    paths = _scene(cast)
    page = open_page("/composants/", width=360)
    cast.client("mediator")  # her second factor is set
    sign_in(page, cast.memberships["mediator"].user)
    root = page.url.removesuffix("/composants/")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(root + path)
            assert page.url == root + path
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide at {width}"


def test_fifty_seven_lines_keyed_from_the_telephone(
    transactional_db: None, open_page: Callable[..., Page], sign_in: Callable[..., None]
) -> None:
    cast = Cast.make()
    made = _list(cast, LINES)
    page = open_page("/composants/")
    sign_in(page, cast.memberships["coordinator"].user)
    root = page.url.removesuffix("/composants/")
    start, keys = time.perf_counter(), 0
    page.goto(f"{root}/retours/saisie/?feuille={made.sheet_code}")
    for place in range(LINES):
        page.keyboard.press("E" if place < 12 else "V" if place < 31 else "P" if place < 45 else "Space")
        keys += 1
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=45")
    machine = time.perf_counter() - start

    assert keys == LINES and keys * SECONDS_A_LINE < 180
    print(f"57 lines keyed: {keys} keys, {machine:.1f} s by machine, {keys * SECONDS_A_LINE:.0f} s at the telephone")
    assert Answer.objects.count() == 45
    assert Referral.objects.waiting().count() == 12


def test_person_s_own_page_in_three_languages(
    transactional_db: None, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    cast = Cast.make()
    referral = sent(cast)
    actions.open_say_link(referral, by=None)
    for language in ("fr", "en", "ar"):
        page = open_page(f"/d/{links.say_token_of(referral)}/?langue={language}", width=360, language=language)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
