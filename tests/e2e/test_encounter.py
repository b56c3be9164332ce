"""The common case of an encounter, counted as a hand does it: at most 45 keys at a desk, 12 taps on a phone."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from allervers.needs.models import Encounter, Need
from allervers.people import vault
from allervers.people.models import PersonCard
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS_AT_MOST, TAPS_AT_MOST = 45, 12


class Keys:
    """Presses one key after the other and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.press(*text)


class Taps:
    """Taps what a finger would; each letter typed counts as one too."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, words: str) -> None:
        self.page.locator("label.pick, .button, label, a").filter(has_text=words).filter(visible=True).first.click()
        self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


@pytest.fixture
def signed_in(cast: Cast, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """`signed_in("/", who="mediator", width=360)`: the same browser, with her session."""

    def open_(path: str, *, who: str = "mediator", **how: object) -> Page:
        page = open_page("/composants/", **how)
        page.set_default_timeout(8000)
        host = page.url.split("/composants/")[0]
        cookie = cast.client(who).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": host}])
        page.goto(host + path)
        return page

    return open_


def _saved(page: Page) -> None:
    expect(page.get_by_text("Enregistré.")).to_be_visible()


def test_common_case_takes_few_keys_from_today_to_saved(
    signed_in: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    keys = Keys(signed_in("/"))

    keys.press("n")
    keys.page.wait_for_url("**/noter/")
    keys.press("3", "Tab")
    keys.type("Awa")
    keys.press("Tab")
    keys.type("Diop")
    keys.press("Tab")
    keys.type("1961")
    keys.press("Escape", "d", "t", "c", "7")
    expect(keys.page.locator("#recap")).to_contain_text("A. D.")
    expect(keys.page.locator("#recap")).to_contain_text("droits santé et dents")
    axe(keys.page)
    keys.press("Control+Enter")
    keys.count += 1  # a chord is two keys
    _saved(keys.page)

    card = PersonCard.objects.get()
    assert vault.identity(card)["last_name"] == "Diop"
    assert [need.category for need in Need.objects.order_by("category")] == ["coverage", "teeth"]
    assert Encounter.objects.get().accompanied
    assert keys.count <= KEYS_AT_MOST, keys.count


def test_common_case_takes_few_taps_on_a_phone(signed_in: Callable[..., Page], axe: Callable[[Page], None]) -> None:
    page = signed_in("/", width=360, height=740)
    taps = Taps(page)

    taps.tap("Noter")
    page.wait_for_url("**/noter/")
    taps.tap("Une fiche")
    taps.tap("Prénom")
    taps.type("Awa")
    taps.tap("Lunettes, yeux")
    taps.tap("accompagné·e")
    taps.tap("Dans une semaine")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    taps.tap("Enregistrer")
    _saved(page)

    assert Need.objects.get().category == "eyes"
    assert taps.count <= TAPS_AT_MOST, taps.count
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_someone_perhaps_known_is_picked_in_one_tap(cast: Cast, signed_in: Callable[..., Page]) -> None:
    from allervers.people import actions as people

    known = people.open_card(by=cast.viewer("mediator"), identity={"first_name": "Fatoumata", "last_name": "Traoré"})
    page = signed_in("/noter/")

    page.keyboard.press("3")
    page.get_by_label("Prénom").fill("Fatoumata")
    page.locator("[name=last_name]").fill("Traore")
    page.get_by_text("C’est la même personne").click()
    page.keyboard.press("e")
    expect(page.locator("#recap")).to_contain_text("écoute")
    expect(page.get_by_role("radio", name="F. T.")).to_be_checked()
    page.get_by_role("button", name="Enregistrer").click()
    _saved(page)

    assert Encounter.objects.get().card == known


def test_saved_is_undone_and_the_next_one_is_at_hand(signed_in: Callable[..., Page]) -> None:
    page = signed_in("/noter/")

    page.keyboard.press("m")
    page.keyboard.press("0")
    page.get_by_role("button", name="Et la suivante").click()
    _saved(page)
    expect(page.get_by_role("heading", name="Noter une rencontre")).to_be_visible()
    page.get_by_role("button", name="Défaire").click()
    expect(page.get_by_text("C’est défait")).to_be_visible()

    assert not Encounter.objects.standing().exists()


def test_head_count_asks_only_how_many(signed_in: Callable[..., Page]) -> None:
    page = signed_in("/noter/", width=360, height=740)

    page.locator("label.pick", has_text="Un nombre").click()
    page.get_by_label("Combien de personnes").fill("30")
    expect(page.locator("[name=needs]").first).to_be_hidden()
    page.locator("label.pick", has_text="informé·e").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistré\u00a0: 30 personnes.")).to_be_visible()

    assert Encounter.objects.get().head_count == 30


def test_digit_of_a_french_keyboard_needs_no_shift(signed_in: Callable[..., Page]) -> None:
    page = signed_in("/noter/")

    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '\"', code: 'Digit3', bubbles: true}))"
    )

    expect(page.get_by_role("radio", name="Une fiche")).to_be_checked()


def test_service_told_is_found_and_chosen_by_keyboard(
    cast: Cast, signed_in: Callable[..., Page], axe: Callable
) -> None:
    from tests.directory.scenes import street

    service = street(cast)["dental"]
    page = signed_in("/noter/")

    page.keyboard.press("t")
    expect(page.get_by_label("Vers quel service")).to_be_hidden()
    page.keyboard.press("o")
    page.get_by_label("Vers quel service").press_sequentially("santre dantaire")
    expect(page.get_by_role("radio", name="Centre dentaire")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#recap")).to_contain_text("orienté·e vers Centre dentaire, Hôpital")
    axe(page)
    page.keyboard.press("Control+Enter")
    _saved(page)

    assert Encounter.objects.get().told_service == service


def test_several_needs_may_each_have_their_own_next_contact(
    signed_in: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = signed_in("/noter/", width=360, height=740)
    apart = page.get_by_text("Différent pour chaque besoin")

    page.locator("label.pick", has_text="Dents").click()
    expect(apart).to_be_hidden()
    page.locator("label.pick", has_text="Repas").click()
    apart.click()
    page.locator("label.pick", has_text="Écoute").click()
    expect(page.get_by_role("group", name="Écoute")).to_be_visible()
    page.locator("label.pick", has_text="Dans une semaine").click()
    row = page.get_by_role("group", name="Repas")
    expect(row.get_by_label("Quel jour")).to_be_hidden()
    row.get_by_label("Et ensuite").select_option("settled")
    expect(page.locator("#recap")).to_contain_text("repas\u00a0: c’est réglé")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Enregistrer").click()
    _saved(page)

    assert dict(Need.objects.values_list("category", "state")) == {
        "teeth": "opened",
        "food": "closed",
        "mental": "opened",
    }
