"""The partner's phone: fifty-seven persons, one tap each, one sending, under two minutes; and what a scanner cannot do."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from allervers.referrals import actions, links
from allervers.referrals.models import Answer, Referral, ReturnList
from tests.cast import Cast
from tests.referrals.scene import sent

pytestmark = pytest.mark.browser

LINES = 57
SECONDS_A_TAP = 1.0


class Thumb:
    """Counts taps, each worth a second."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def on(self, selector: str) -> None:
        self.page.locator(selector).click()
        self.taps += 1


def _list(cast: Cast, size: int) -> tuple[ReturnList, str, str]:
    made = actions.make_list(cast.hospital, [sent(cast) for _ in range(size)], by=cast.viewer("mediator"))
    return made, f"/r/{links.token_of(made)}/", actions.new_code(made, by=cast.viewer("mediator"))


def _pick(place: int, value: str) -> str:
    return f"label:has(input[name=a{place}][value={value}])"


def test_fifty_seven_lines_in_one_post_on_a_phone(
    transactional_db: None, open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    cast = Cast.make()
    made, url, code = _list(cast, LINES)
    page = open_page(url, width=360, height=740)
    axe(page)
    thumb, start = Thumb(page), time.perf_counter()
    page.locator("#code").fill(code)
    thumb.on("main button")
    axe(page)
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    for place in range(1, LINES + 1):
        if place % 19 == 0:  # the seldom answers take two taps
            thumb.on(_pick(place, "other"))
            thumb.on(_pick(place, "moved"))
        elif place <= 12:
            thumb.on(_pick(place, "came"))
            thumb.on(f"label:has(input[name=r{place}][value=equipped])")
        else:
            thumb.on(_pick(place, "came" if place <= 31 else "did_not_come"))
    assert page.locator("[data-progress-words] b").inner_text() == str(LINES)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)
    thumb.on(".dock button")
    page.wait_for_url("**/merci/**")
    machine = time.perf_counter() - start

    assert len(posts) == 1
    assert thumb.taps <= 2 * LINES + 2 and thumb.taps * SECONDS_A_TAP < 120
    print(
        f"57 lines: {thumb.taps} taps, {thumb.taps * SECONDS_A_TAP:.0f} s at one a second, {machine:.1f} s by machine"
    )
    assert Answer.objects.count() == LINES
    assert {line.referral.state for line in made.lines.select_related("referral")} == {
        "result",
        "kept",
        "missed",
        "moved",
    }
    axe(page)


def test_changing_an_answer_unfolds_it(transactional_db: None, open_page: Callable[..., Page]) -> None:
    cast = Cast.make()
    made, url, code = _list(cast, 2)
    page = open_page(url, width=360)
    page.locator("#code").fill(code)
    page.locator("main button").click()
    page.locator(_pick(1, "came")).click()
    assert not page.locator(_pick(1, "did_not_come")).is_visible()

    page.locator("#l1 .change").click()
    page.locator(_pick(1, "did_not_come")).click()
    page.locator(".dock button").click()
    page.wait_for_url("**/merci/**")

    assert [line.referral.state for line in made.lines.select_related("referral")] == ["missed", "sent"]


def test_whole_journey_without_a_script(transactional_db: None, chromium, live_server) -> None:
    cast = Cast.make()
    made, url, code = _list(cast, 3)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="fr")
    page = context.new_page()
    page.goto(live_server.url + url)
    page.locator("#code").fill(code)
    page.locator("main button").click()
    page.locator(_pick(1, "came")).click()
    page.locator(_pick(2, "other")).click()
    page.locator(_pick(2, "declined_no_room")).click()
    page.locator(".dock button").click()

    expect(page.locator("main")).to_contain_text("2 réponses")
    page.locator("form button").click()
    assert {line.referral.state for line in made.lines.select_related("referral")} == {"sent"}
    context.close()


def test_scanner_that_follows_runs_and_posts_changes_nothing(
    transactional_db: None, open_page: Callable[..., Page]
) -> None:
    cast = Cast.make()
    _made, url, _code = _list(cast, 2)
    before = list(Referral.objects.order_by("pk").values())
    page = open_page(url)
    page.evaluate("navigator.webdriver")
    client = Client()
    for path in (url, f"{url}reponses/"):
        client.post(path, {"code": "", "operation": "x", "a1": "came", "a2": "came"})
        client.get(path)

    assert list(Referral.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_pages_pass_axe_in_each_language(
    transactional_db: None, open_page: Callable[..., Page], axe: Callable[[Page], None], language: str
) -> None:
    cast = Cast.make()
    _made, url, code = _list(cast, 3)
    page = open_page(f"{url}?langue={language}", width=360, language=language)
    axe(page)
    page.locator("#code").fill(code)
    page.locator("main button").click()
    page.locator(_pick(1, "did_not_come")).click()
    page.locator(_pick(2, "other")).click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".dock button").click()
    page.wait_for_url("**/merci/**")
    axe(page)


def test_unknown_link_passes_axe(transactional_db: None, chromium, live_server, axe: Callable[[Page], None]) -> None:
    page = chromium.new_page()
    page.goto(f"{live_server.url}/r/nothing-of-ours/")
    axe(page)
    page.close()
