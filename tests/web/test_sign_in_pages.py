"""Sign-in and error pages say our words, not allauth's."""

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

ERROR_PAGES = ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"]


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_page_renders_without_a_request_and_says_what_to_do(name):
    html = get_template(name).render({})

    assert "<h1>" in html
    assert '<p class="note">' in html


def test_sign_in_asks_one_thing(db):
    html = Client().get(reverse("account_login")).content.decode()

    assert html.count('type="email"') == 1
    assert 'type="password"' not in html
    assert reverse("account_request_login_code") in html


def test_sign_in_keeps_where_one_was_going(db):
    html = Client().get(reverse("account_login") + "?next=/besoins/").content.decode()

    assert 'name="next" value="/besoins/"' in html


def test_wrong_address_is_said_beside_its_box(db):
    html = Client().post(reverse("account_request_login_code"), {"email": "pas une adresse"}).content.decode()

    assert 'aria-describedby="id_email_error"' in html
    assert "pas une adresse" in html


def test_code_page_follows_even_when_nobody_has_this_address(db):
    response = Client().post(reverse("account_request_login_code"), {"email": "personne@example.org"}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("account_confirm_login_code")
    assert 'autocomplete="one-time-code"' in response.content.decode()


@pytest.mark.parametrize(
    "address",
    ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp", "account_logout"],
)
def test_account_page_has_one_title_and_no_default_menu(cast, address):
    html = cast.client("mediator").get(reverse(address), follow=True).content.decode()

    assert html.count("<h1") == 1
    assert "Menu:" not in html
    assert 'class="solo-head"' in html
