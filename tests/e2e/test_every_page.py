"""Every page of the access table, in a real browser: no axe violation, nothing wider than a 360 px phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from allervers.web import access
from tests.access_objects import FACTORIES
from tests.access_walk import DEMO_ONLY, QUERIES, ROLES, Address, addresses, positions, settled
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    address
    for address in addresses()
    if (line := access.ACCESS.get((address.name, "GET"))) and any(line.cells.values())
]
# Steps of signing in that answer only in the middle of it; tests/e2e/test_sign_in.py goes through them.
IN_THE_MIDDLE = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_deactivate_totp", "account_reauthenticate"}
IN_THE_MIDDLE |= {
    "public:studio_piece",
    "public:studio_film_piece",
    "workspace:film_piece",
}  # data, behind the code of a speaker's link: tests/e2e/test_hear.py
READ_BY_RESIDENTS_AND_PARTNERS = ("partner:", "public:", "account_login", "account_confirm_login_code")


def _address(cast: Cast, address: Address) -> str:
    arguments = FACTORIES[address.name](positions(cast)[0]) if address.arguments else {}
    query = QUERIES.get(address.name, "")
    return reverse(address.name, kwargs=arguments) + (f"?{query}" if query else "")


def _read_in(language: str, path: str) -> str:
    """The residents' app says in its address who reads; elsewhere the browser does."""
    return path.replace("/fr/", f"/{language}/", 1) if path.startswith("/porte/") else path


def _who(address: Address) -> str | None:
    """The first who may: a mediator before the others; nobody when the page is for anyone."""
    line = access.ACCESS[address.name, "GET"]
    if line.anyone():
        return None
    order = ["mediator", "coordinator", *ROLES.values()]
    by_name = {who: role for role, who in ROLES.items()}
    return next(who for who in order if line.allows(by_name[who]))


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_page_has_no_axe_violation_and_fits_a_phone(
    live_server: object,
    settings: Any,
    cast: Cast,
    address: Address,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    sign_in: Callable[[Page, object], None],
) -> None:
    settings.DEMO = address.name in DEMO_ONLY
    path, who = _address(cast, address), _who(address)
    client = settled(cast, who) if who else Client()
    answer = client.get(path)
    if "text/html" not in answer.headers.get("Content-Type", "") or answer.status_code != 200:
        assert address.name in IN_THE_MIDDLE or answer.status_code in {200, 302}
        return  # a file, data, or a step that sends elsewhere

    languages = ["fr", "ar"] if address.name.startswith(READ_BY_RESIDENTS_AND_PARTNERS) else ["fr"]
    for language in languages:
        for width in (1280, 360):
            page = open_page("/sante/", width=width, language=language)
            if who:
                sign_in(page, cast.memberships[who].user)
            page.goto(page.url.removesuffix("/sante/") + _read_in(language, path))
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address.name} is {wide} px wide at {width}"
            from_right = language == "ar" and (not path.startswith("/porte/") or "/fr/" in path)
            assert page.evaluate("document.documentElement.dir") == ("rtl" if from_right else "ltr")
