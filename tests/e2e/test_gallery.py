"""The gallery passes axe in every light, size and direction."""

import pytest
from django.template.loader import get_template
from django.utils import translation

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


def test_a_confirmation_opens_without_a_dialog_and_closes_on_the_other_answer(open_page, axe):
    page = open_page(GALLERY, width=360)

    page.locator(".confirm > summary").click()
    axe(page)
    page.get_by_role("button", name="Garder ouvert").click()

    assert page.locator(".confirm[open]").count() == 0
    assert page.evaluate("document.activeElement.matches('.confirm > summary')")


def test_a_part_follows_the_answer_that_shows_it(open_page):
    page = open_page(GALLERY)
    part = page.locator("[data-shown-by]")

    assert part.is_visible()

    page.locator("#id_verb_0").check()

    assert not part.is_visible()


@pytest.mark.parametrize("template", ["404.html", "500.html", "403_csrf.html"])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_error_page_has_no_violation(open_page, axe, template, language):
    with translation.override(language):
        html = get_template(template).render({})
    page = open_page(GALLERY, width=320)

    page.set_content(html)

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
