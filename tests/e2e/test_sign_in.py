"""Coming in, in a real browser under the real content policy: a mailed code, then a passkey."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from allervers.accounts.models import User
from allervers.outbox.actions import opened
from allervers.outbox.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def newcomer(cast) -> User:
    """Someone whose account has no second factor yet."""
    user = cast.memberships["mediator"].user
    Authenticator.objects.filter(user=user).delete()
    return user


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_sign_in_page_has_no_violation(open_page, axe, language, dark):
    page = open_page(reverse("account_login"), width=360, language=language, dark=dark)

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_mailed_code_opens_the_door(open_page, axe, newcomer):
    page = open_page(reverse("account_login") + "?next=" + reverse("mfa_index"), width=360)

    page.locator("#id_email").fill(newcomer.email)
    page.get_by_role("button", name="Recevoir un code").click()
    axe(page)
    _to, _subject, text = opened(Message.objects.get())
    page.locator("input.code").fill(re.search(r"^\s*([A-Z0-9-]{6,})\s*$", text, re.MULTILINE)[1])
    page.get_by_role("button", name="Entrer").click()

    page.wait_for_url("**" + reverse("mfa_index"))
    axe(page)


def test_a_passkey_is_kept_then_opens_the_door(open_page, axe, sign_in, newcomer):
    page = open_page("/composants/", width=360)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_in(page, newcomer)

    page.goto(page.url.replace("/composants/", reverse("mfa_add_webauthn")))
    assert page.locator("h1").inner_text() == "Enregistrer cet appareil"
    axe(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    axe(page)
    page.goto(re.sub(r"/compte/.*", reverse("mfa_list_webauthn"), page.url))
    axe(page)
    page.context.clear_cookies()
    page.goto(re.sub(r"/compte/.*", reverse("account_login") + "?next=" + reverse("mfa_index"), page.url))
    page.get_by_role("button", name="Entrer avec une clé d’accès").click()

    page.wait_for_url("**" + reverse("mfa_index"))


@pytest.mark.parametrize(
    ("address", "title"),
    [("mfa_activate_totp", "Utiliser une application de codes"), ("account_logout", "Sortir de votre poste ?")],
)
def test_account_page_has_no_violation(open_page, axe, sign_in, newcomer, address, title):
    page = open_page("/composants/", width=360)
    sign_in(page, newcomer)

    page.goto(page.url.replace("/composants/", reverse(address)))

    assert page.locator("h1").inner_text().replace("\xa0", " ") == title
    axe(page)


def test_the_page_that_asks_again_has_no_violation(open_page, axe, sign_in, cast):
    page = open_page("/composants/", width=360)
    cast.client("mediator")  # gives her a second factor
    sign_in(page, cast.memberships["mediator"].user)

    page.goto(page.url.replace("/composants/", reverse("mfa_reauthenticate")))

    assert page.locator("input.code").is_visible()
    axe(page)
