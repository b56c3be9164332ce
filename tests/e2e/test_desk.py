"""A desk in a real browser: locked and opened again from the keyboard."""

import pytest
from django.urls import reverse

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
