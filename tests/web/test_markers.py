"""The harness itself: a planted leak is found, a rightful reading is not one."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from allervers.people import vault
from tests import markers
from tests.cast import Cast


def test_marker_is_a_leak_to_whoever_may_not_open_the_card(cast: Cast) -> None:
    identity = vault.identity(cast.card())
    page = f"<p>{identity['last_name']}</p><p>{identity['phones'][0]['number']}</p>"

    assert markers.leaks(page, cast.viewer("mediator")) == []
    for who in ("sister", "other", "foreigner", "coordinator", "ambassador", "volunteer", "auditor", "technical"):
        assert {leak.kind for leak in markers.leaks(page, cast.viewer(who))} == {"last_name", "phone"}


def test_marker_is_found_however_the_phone_is_printed(cast: Cast) -> None:
    number = vault.identity(cast.card())["phones"][0]["number"]
    national = "0" + number[3:]
    spaced = " ".join(national[i : i + 2] for i in range(0, 10, 2))

    assert all(markers.leaks(text, None) for text in (number, national, spaced))


def test_planted_leak_in_a_response_is_found(cast: Cast, leaks: list[str], monkeypatch: object) -> None:
    from django.core.handlers.base import BaseHandler

    name = vault.identity(cast.card())["first_name"]
    request: HttpRequest = RequestFactory().get("/sante/")
    handler = BaseHandler()
    handler._middleware_chain = lambda _request: HttpResponse(f"bonjour {name}")  # type: ignore[attr-defined]
    handler.get_response(request)

    assert leaks == ["/sante/: first_name"]
    leaks.clear()
