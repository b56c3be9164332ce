"""The gallery passes axe in every light, size and direction."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/composants/"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_gallery_has_no_violation(open_page, axe, width, dark):
    axe(open_page(GALLERY, width=width, dark=dark))


def test_gallery_has_no_violation_from_right_to_left(open_page, axe):
    page = open_page(GALLERY, width=360, language="ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    axe(page)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_gallery_fits_a_small_phone(open_page, language):
    page = open_page(GALLERY, width=320, language=language)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_keys_walk_the_rows_and_leave_fields_alone(open_page):
    page = open_page(GALLERY)

    page.keyboard.press("j")
    page.keyboard.press("j")

    assert page.evaluate("document.activeElement.textContent").endswith("K. T.")

    page.locator("#id_code").focus()
    page.keyboard.type("jk")

    assert page.locator("#id_code").input_value().startswith("jk")


def test_a_key_chooses_its_pill(open_page):
    page = open_page(GALLERY)

    page.keyboard.press("i")

    assert page.locator("#id_verb_0").is_checked()


def test_error_summary_takes_the_focus_and_leads_to_its_field(open_page):
    page = open_page(GALLERY)

    assert page.evaluate("document.activeElement.matches('.errors')")

    page.locator(".errors a").first.click()

    assert page.evaluate("document.activeElement.id") == "id_contact"
