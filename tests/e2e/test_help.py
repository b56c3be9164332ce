"""An offer in one minute: at most eight taps and a number, on a small phone, without script, in French and Arabic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from allervers.relief import sealing
from allervers.relief.enums import OfferState
from allervers.relief.models import Offer
from tests.cast import Cast
from tests.relief.test_actions import called

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_offer_takes_eight_taps_at_most_and_a_number(
    live_server: object, cast: Cast, phone: Page, language: str
) -> None:
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        phone.locator(selector).first.tap()
        taps += 1

    phone.goto(f"{live_server.url}/porte/lille/")  # type: ignore[attr-defined]
    tap(f'a.lang__name[href="/porte/lille/{language}/"]')
    tap(".door.is-yellow .door__leaf")
    tap('label.choice:has([value="car"])')
    tap('label.choice:has([value="time"])')
    tap('label.chip:has([value="evening"])')
    tap("#f-tel")
    phone.locator("#f-tel").fill("06 39 98 01 01")
    phone.wait_for_timeout(3200)  # someone types; quicker is a machine
    tap("main form button")

    phone.wait_for_url("**/jaide/merci/**")
    assert taps <= 8

    offer = Offer.objects.get()
    assert (offer.state, offer.gifts, offer.parts) == (OfferState.NEW, ["time", "car"], ["evening"])
    assert (sealing.told(offer), offer.reader) == ({"phone": "+33639980101"}, language)


def test_i_can_takes_less(live_server: object, cast: Cast, phone: Page) -> None:
    call = called(cast, hub=cast.wazemmes)
    phone.goto(f"{live_server.url}/porte/lille/fr/jaide/")  # type: ignore[attr-defined]

    phone.locator(".missing .button--main").tap()
    phone.locator("#f-tel").fill("06 39 98 01 01")
    phone.locator("main form button").tap()
    phone.wait_for_url("**/jaide/merci/**")

    assert Offer.objects.get().call == call


@pytest.mark.parametrize("language", ["fr", "ar", "snk"])
def test_pages_fit_a_small_phone(live_server: object, cast: Cast, phone: Page, language: str) -> None:
    called(cast, hub=cast.wazemmes, wanted=8)
    for path in ("jaide/", "jaide/merci/?pole=wazemmes", "agenda/"):
        phone.set_viewport_size({"width": 320, "height": 640})
        phone.goto(f"{live_server.url}/porte/lille/{language}/{path}")  # type: ignore[attr-defined]
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320, path
