"""From the home page to a request that left, on a phone: four taps and a number, in French, in Arabic, without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from allervers.directory.models import Territory
from allervers.needs.doubts import FASTEST
from allervers.needs.enums import RequestState
from allervers.needs.models import HelpRequest
from allervers.web.public import gate
from tests.cast import Cast
from tests.needs.test_requests import neighbourhood, phone_of

pytestmark = pytest.mark.browser


@pytest.fixture
def without_script(chromium: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_(path: str, **_size: int) -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + path)  # type: ignore[attr-defined]  # a fixture of pytest-django
        return page

    yield open_
    for context in contexts:
        context.close()


class Thumb:
    """Counts taps; each screen fits a phone."""

    def __init__(self, page: Page, *, scripted: bool = True) -> None:
        self.page, self.taps, self.scripted = page, 0, scripted

    def on(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1
        self.page.wait_for_load_state()
        if self.scripted:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("reader", ["fr", "ar", "snk"])
@pytest.mark.parametrize("scripted", [True, False])
def test_four_taps_and_a_number(
    transactional_db: None,
    open_page: Callable[..., Page],
    without_script: Callable[..., Page],
    axe: Callable[[Page], None],
    reader: str,
    scripted: bool,
) -> None:
    gate.forget()
    cast = Cast.make()
    place, phone = neighbourhood(cast), phone_of(cast)
    page = (open_page if scripted else without_script)(f"/porte/lille/{reader}/", width=360, height=740)
    thumb = Thumb(page, scripted=scripted)

    thumb.on(f"a[href='/porte/lille/{reader}/aide/']")
    thumb.on("button[value=teeth]")
    thumb.on(f"button[value='{place.pk}']")
    if scripted:
        axe(page)
    page.wait_for_timeout(FASTEST.total_seconds() * 1000 + 1000)  # a thumb is not as quick as a machine
    page.locator("#numero").fill(phone)
    thumb.on("button[value=soon]")
    expect(page.locator(".receipt__code span")).to_have_count(4)

    made = HelpRequest.objects.get()
    assert thumb.taps == 4
    assert (made.state, made.language, made.hub) == (RequestState.RECEIVED, reader, cast.wazemmes)
    digits = "".join(page.locator(".receipt__code span").all_inner_texts())
    assert len(digits) == 12 and page.url.endswith(f"/porte/lille/{reader}/aide/")
    if scripted:
        axe(page)
    page.locator("form[action$='/demande/'] button").click()
    expect(page.locator(".next li")).to_have_count(1)
    assert digits not in page.url


def _until_when(page: Page, place: Territory) -> None:
    """To the last question, of teeth in this neighbourhood."""
    page.locator("button[value=teeth]").click()
    page.locator(f"button[value='{place.pk}']").click()
    expect(page.locator("#numero")).to_be_visible()


@pytest.mark.parametrize("reader", ["fr", "ar"])
def test_browsers_back_asks_the_question_before_with_what_was_answered(
    transactional_db: None, open_page: Callable[..., Page], reader: str
) -> None:
    gate.forget()
    cast = Cast.make()
    place = neighbourhood(cast)
    page = open_page(f"/porte/lille/{reader}/aide/", width=360, height=740)
    _until_when(page, place)

    page.go_back()
    expect(page.locator("button[name=ou]").first).to_be_visible()
    page.locator(f"button[value='{place.pk}']").click()
    expect(page.locator("#numero")).to_be_visible()
    page.reload()
    expect(page.locator("#numero")).to_be_visible()
    page.go_back()
    expect(page.locator("button[name=ou]").first).to_be_visible()
    page.go_back()
    expect(page.locator("button[name=quoi]").first).to_be_visible()
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    expect(page.locator("button[name=quoi]").first).to_be_visible()
    _until_when(page, place)
    page.wait_for_timeout(FASTEST.total_seconds() * 1000 + 1000)
    page.locator("#numero").fill(phone_of(cast))
    page.locator("button[value=soon]").click()
    expect(page.locator(".receipt__code span")).to_have_count(4)
    made = HelpRequest.objects.get()
    assert (made.wish, made.territory, made.state) == ("teeth", place, RequestState.RECEIVED)


def test_once_sent_the_questions_come_back_empty(transactional_db: None, open_page: Callable[..., Page]) -> None:
    gate.forget()
    cast = Cast.make()
    place = neighbourhood(cast)
    page = open_page("/porte/lille/fr/aide/", width=360, height=740)
    _until_when(page, place)
    page.wait_for_timeout(FASTEST.total_seconds() * 1000 + 1000)
    page.locator("#numero").fill(phone_of(cast))
    page.locator("button[value=soon]").click()
    expect(page.locator(".receipt__code span")).to_have_count(4)
    expect(page.locator("button[data-print]")).to_be_visible()  # its script ran

    for _arrow in range(2):
        page.go_back()
        expect(page.locator("button[name=quoi]").first).to_be_visible()
        expect(page.locator("button[name=ou], #numero")).to_have_count(0)
    assert HelpRequest.objects.count() == 1


def test_hiding_works_where_the_browser_keeps_nothing(transactional_db: None, open_page: Callable[..., Page]) -> None:
    cast = Cast.make()
    neighbourhood(cast)
    page = open_page("/porte/lille/fr/", width=360, height=740)
    page.route("https://www.meteofrance.com/", lambda route: route.fulfill(body="<p>Beau temps</p>"))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('SecurityError') } })"
    )
    page.locator("a[href='/porte/lille/fr/aide/']").click()

    page.locator("[data-hide]").click()
    page.wait_for_url("https://www.meteofrance.com/")


def test_going_back_without_script_keeps_the_answers(
    transactional_db: None, without_script: Callable[..., Page]
) -> None:
    gate.forget()
    cast = Cast.make()
    place = neighbourhood(cast)
    page = without_script("/porte/lille/fr/aide/")
    _until_when(page, place)

    page.locator("button.back").click()
    page.locator(f"button[value='{place.pk}']").click()
    expect(page.locator("#numero")).to_be_visible()


def test_enter_in_the_numbers_box_sends_nothing(transactional_db: None, open_page: Callable[..., Page]) -> None:
    gate.forget()
    cast = Cast.make()
    place = neighbourhood(cast)
    page = open_page("/porte/lille/fr/aide/", width=360, height=740)
    _until_when(page, place)
    page.wait_for_timeout(FASTEST.total_seconds() * 1000 + 1000)

    page.locator("#numero").fill(phone_of(cast))
    page.locator("#numero").press("Enter")
    page.wait_for_timeout(500)

    assert HelpRequest.objects.count() == 0 and page.locator("#numero").is_visible()


def test_hiding_leaves_at_once_and_back_does_not_return(
    transactional_db: None, open_page: Callable[..., Page], live_server: object
) -> None:
    cast = Cast.make()
    neighbourhood(cast)
    page = open_page("/porte/lille/fr/", width=360, height=740)
    page.route("https://www.meteofrance.com/", lambda route: route.fulfill(body="<p>Beau temps</p>"))

    page.locator("a[href='/porte/lille/fr/aide/']").click()
    page.locator("[data-hide]").click()
    page.wait_for_url("https://www.meteofrance.com/")
    page.go_back()

    assert page.url.endswith("/porte/lille/fr/")  # the home page: the question is in no history


def test_what_was_hidden_comes_back_by_no_arrow(transactional_db: None, open_page: Callable[..., Page]) -> None:
    cast = Cast.make()
    place = neighbourhood(cast)
    page = open_page("/porte/lille/fr/aide/", width=360, height=740)
    page.route("https://www.meteofrance.com/", lambda route: route.fulfill(body="<p>Beau temps</p>"))
    _until_when(page, place)

    page.locator("[data-hide]").click()
    page.wait_for_url("https://www.meteofrance.com/")
    page.go_back()
    page.wait_for_url("https://www.meteofrance.com/")
    page.go_back()
    page.wait_for_url("https://www.meteofrance.com/")


def test_operator_is_faster_still_by_the_keyboard(
    transactional_db: None, open_page: Callable[..., Page], sign_in: Callable[[Page, object], None], axe: Callable
) -> None:
    cast = Cast.make()
    neighbourhood(cast)
    phone, client = phone_of(cast), cast.client("mediator")
    assert client.get("/demandes/nouvelle/").status_code == 200  # her second factor is there
    page = open_page("/sante/")
    sign_in(page, cast.memberships["mediator"].user)
    page.goto(page.url.removesuffix("/sante/") + "/demandes/nouvelle/")

    page.keyboard.press("t")
    page.keyboard.press("Tab")
    page.keyboard.type(phone)
    page.keyboard.press("Tab")
    page.keyboard.type("waz")
    page.keyboard.press("Enter")
    page.wait_for_selector("#t-said")

    made = HelpRequest.objects.get()
    assert (made.wish, made.when, made.hub, made.state) == ("teeth", "soon", cast.wazemmes, RequestState.RECEIVED)
    axe(page)
