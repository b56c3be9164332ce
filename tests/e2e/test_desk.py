"""A desk in a real browser: locked and opened again from the keyboard."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from allervers.accounts import unlock
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_desk_is_locked_and_opened_again_from_the_keyboard(open_page, sign_in, axe, cast: Cast) -> None:
    cast.client("mediator")  # gives her second factor
    user = cast.memberships["mediator"].user
    unlock.set_code(user, "7391")
    page = open_page("/composants/", width=360)
    sign_in(page, user)
    page.goto(page.url.replace("/composants/", reverse("workspace:post")))

    page.get_by_role("button", name="Verrouiller").press("Enter")
    page.wait_for_url("**" + reverse("workspace:unlock"))
    axe(page)
    page.keyboard.type("7391")
    page.keyboard.press("Enter")

    page.wait_for_url(page.url.replace(reverse("workspace:unlock"), reverse("workspace:today")))
    assert page.locator("h1").inner_text() != "Poste verrouillé"


def test_encounter_being_written_comes_back_after_the_code(open_page, sign_in, cast: Cast) -> None:
    cast.client("mediator")
    user = cast.memberships["mediator"].user
    unlock.set_code(user, "7391")
    page = open_page("/composants/")
    sign_in(page, user)
    page.goto(page.url.replace("/composants/", "/noter/"))
    cookie = next(one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    session = SessionStore(cookie["value"])
    session["locked"] = True  # left alone too long
    session.save()

    page.get_by_label("Avec ses mots").fill("depuis mardi")
    expect(page.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    assert "depuis mardi" not in page.locator("main").inner_text()
    page.get_by_label("Votre code").fill("7391")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Reprendre").click()

    expect(page.get_by_label("Avec ses mots")).to_have_value("depuis mardi")


def test_words_typed_are_guarded_even_after_the_sentence_was_refreshed(open_page, sign_in, cast: Cast) -> None:
    cast.client("mediator")
    page = open_page("/composants/")
    sign_in(page, cast.memberships["mediator"].user)
    page.goto(page.url.replace("/composants/", "/noter/"))
    asks = "(e => { dispatchEvent(e); return e.defaultPrevented })(new Event('beforeunload', {cancelable: true}))"

    before = page.evaluate(asks)
    page.get_by_label("Avec ses mots").fill("depuis mardi")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#recap")).to_contain_text("droits santé")

    assert (before, page.evaluate(asks)) == (False, True)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Enregistré.")).to_be_visible()
