"""The network is cut for real: what was opened opens, what was kept whole opens, a request is never kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from allervers.core import clock
from allervers.prevention import actions
from allervers.prevention.models import Message
from tests.cast import Cast

# The clock of a phone forty days from now.
LATER = """
const now = Date.now;
Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(now() + 40 * 864e5); } };
"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def messages(cast: Cast) -> list[Message]:
    made = []
    for title in ("Il fait très chaud", "Prenez soin de vos dents"):
        today = clock.today()
        one = actions.write(
            cast.lille,
            title=actions.Line(title, "sun"),
            lines=[actions.Line("Buvez de l’eau.", "glass")],
            terms=actions.Terms(today, today + timedelta(days=30)),
            by=cast.viewer("mediator"),
        )
        actions.publish(one, by=cast.viewer("lead"))
        made.append(one)
    return made


def _settled(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => new Promise(resolve => setTimeout(resolve, 400)))")


def test_what_was_opened_opens_again_without_network(
    live_server: object, messages: list[Message], open_page: Callable[..., Page]
) -> None:
    page = open_page("/porte/lille/fr/", width=360)
    _settled(page)
    page.goto(f"{live_server}/porte/lille/fr/comprendre/il-fait-tres-chaud/")
    _settled(page)

    page.context.set_offline(True)
    page.reload()

    expect(page.get_by_role("heading", name="Il fait très chaud")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.threshold')).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.goto(f"{live_server}/porte/lille/fr/")
    expect(page.get_by_role("link", name="Comprendre").first).to_be_visible()


def test_a_whole_shelf_is_kept_at_once_and_says_so(
    live_server: object, messages: list[Message], open_page: Callable[..., Page]
) -> None:
    page = open_page("/porte/lille/fr/comprendre/", width=360)
    _settled(page)
    page.get_by_role("link", name="Tout garder dans ce téléphone").click()
    expect(page.get_by_text("C’est gardé : ces messages s’ouvrent sans réseau.")).to_be_visible()

    page.context.set_offline(True)
    page.get_by_role("link", name="Prenez soin de vos dents").click()

    expect(page.get_by_role("heading", name="Prenez soin de vos dents")).to_be_visible()


def test_what_is_not_kept_leads_to_whom_to_call(
    live_server: object, messages: list[Message], open_page: Callable[..., Page]
) -> None:
    page = open_page("/porte/lille/fr/", width=360)
    _settled(page)
    page.context.set_offline(True)

    page.goto(f"{live_server}/porte/lille/fr/lieux/")

    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    expect(page.get_by_role("link", name="15").first).to_be_visible()


def test_a_kept_message_that_grew_too_old_says_so(
    live_server: object, messages: list[Message], open_page: Callable[..., Page]
) -> None:
    page = open_page("/porte/lille/fr/comprendre/il-fait-tres-chaud/", width=360)
    _settled(page)
    expect(page.get_by_text("Ce message est trop vieux.")).to_be_hidden()
    page.context.set_offline(True)
    page.add_init_script(LATER)

    page.reload()

    expect(page.get_by_text("Ce message est trop vieux.")).to_be_visible()


# It is half past midnight on 8 March here; in Greenwich it is still the day before.
PAST_MIDNIGHT = """
Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(2026, 2, 8, 0, 30); } };
"""


def test_a_message_grows_old_at_midnight_of_the_telephone(cast: Cast, open_page: Callable[..., Page]) -> None:
    with clock.fixed(datetime(2026, 3, 7, 12, 0, tzinfo=UTC)):
        day = clock.today()
        terms = actions.Terms(day, day)
        made = actions.write(
            cast.lille,
            title=actions.Line("Ce jour", "sun"),
            lines=[actions.Line("Venez.")],
            terms=terms,
            by=cast.viewer("mediator"),
        )
        actions.publish(made, by=cast.viewer("lead"))
        page = open_page("/sante/", width=360)
        page.add_init_script(PAST_MIDNIGHT)
        page.goto(page.url.replace("/sante/", "/porte/lille/fr/comprendre/ce-jour/"))

    expect(page.get_by_text("Ce message est trop vieux.")).to_be_visible()


KEPT = "caches.open('kept').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname).sort())"


def test_that_someone_asked_for_help_or_looked_for_a_place_stays_nowhere_in_the_phone(
    live_server: object, messages: list[Message], open_page: Callable[..., Page]
) -> None:
    page = open_page("/porte/lille/fr/", width=360)
    _settled(page)
    for path in ("aide/", "demande/", "lieux/", "lieux/quartiers/", "lieux/pregnant/", "jaide/"):
        page.goto(f"{live_server}/porte/lille/fr/{path}")
        _settled(page)

    assert page.evaluate(KEPT) == ["/porte/lille/fr/", "/porte/lille/fr/hors-ligne/"]


def test_a_message_that_was_withdrawn_leaves_the_phone_as_soon_as_it_is_known(
    live_server: object, messages: list[Message], cast: Cast, open_page: Callable[..., Page]
) -> None:
    path = "/porte/lille/fr/comprendre/il-fait-tres-chaud/"
    page = open_page(path, width=360)
    _settled(page)
    assert path in page.evaluate(KEPT)

    actions.withdraw(messages[0], by=cast.viewer("lead"))
    other = page.context.new_page()  # whose console may speak of a page that is not found
    other.goto(f"{live_server}{path}")
    _settled(page)

    assert path not in page.evaluate(KEPT)
