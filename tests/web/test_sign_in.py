"""Signing in: a mailed code, a second factor, a trusted device; what is told to who guesses."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from tests.cast import TOTP_SECRET, Cast

LOGIN, ASK, CONFIRM = (
    reverse("account_login"),
    reverse("account_request_login_code"),
    reverse("account_confirm_login_code"),
)
SECOND, TRUST, POST = reverse("mfa_authenticate"), reverse("mfa_trust"), reverse("workspace:post")


@pytest.fixture(autouse=True)
def _no_memory_of_tries():
    cache.clear()


def _mailed_code() -> str:
    _to, _subject, text = opened(Message.objects.latest("created_at"))
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", text, re.MULTILINE)[1]


def _code_step(client: Client, email: str) -> str:
    """Asks for a code and gives it; returns where that leads."""
    assert client.post(ASK, {"email": email})["Location"].startswith(CONFIRM)
    return client.post(CONFIRM, {"code": _mailed_code()})["Location"]


def _totp(secret: str = TOTP_SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_mailed_code_signs_in(cast: Cast) -> None:
    client = Client()

    there = _code_step(client, "ambassador@example.org")

    assert there == "/"
    assert client.get(POST).context["viewer"].name == "Ambassador Cast"
    assert Message.objects.get().purpose == "sign_in"


def test_address_is_read_in_any_case(cast: Cast) -> None:
    assert _code_step(Client(), " Ambassador@Example.ORG ") == "/"


def test_wrong_code_does_not_sign_in_and_five_start_over(cast: Cast) -> None:
    client = Client()
    client.post(ASK, {"email": "ambassador@example.org"})

    answers = [client.post(CONFIRM, {"code": "AAAAAA"}) for _ in range(5)]

    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert answers[4].status_code == 302
    assert client.post(CONFIRM, {"code": _mailed_code()})["Location"].startswith(LOGIN)
    assert client.get(POST)["Location"].startswith(LOGIN)


def test_unknown_address_is_answered_like_a_known_one(cast: Cast) -> None:
    known, unknown = Client(), Client()

    one = known.post(ASK, {"email": "ambassador@example.org"}, follow=True)
    other = unknown.post(ASK, {"email": "nobody@example.org"}, follow=True)

    told = [re.sub(r'value="[^"]*"|[a-z]+@example\.org', "", page.content.decode()) for page in (one, other)]
    assert told[0] == told[1]
    assert [page.redirect_chain for page in (one, other)] == [one.redirect_chain] * 2


def test_unknown_address_gets_no_code(cast: Cast) -> None:
    client = Client()
    client.post(ASK, {"email": "nobody@example.org"})

    told = [opened(message)[2] for message in Message.objects.all()]

    assert not any(re.search(r"^\s*[A-Z0-9-]{6,}\s*$", text, re.MULTILINE) for text in told)


def test_nobody_signs_up(cast: Cast) -> None:
    assert Client().get("/compte/signup/").status_code == 302
    assert Client().post("/compte/signup/", {"email": "new@example.org"}).status_code == 405


def test_who_has_left_does_not_enter(cast: Cast) -> None:
    user = cast.memberships["ambassador"].user
    user.is_active = False
    user.save()
    client = Client()
    client.post(ASK, {"email": user.email})

    assert client.get(POST)["Location"].startswith(LOGIN)


def test_who_sees_people_must_set_a_second_factor(cast: Cast) -> None:
    for who in ("lead", "mediator"):
        client = Client()
        _code_step(client, f"{who}@example.org")
        assert client.get(POST)["Location"] == reverse("mfa_index")
        assert client.get(reverse("workspace:today"))["Location"] == reverse("mfa_index")
        assert client.get(reverse("mfa_index")).status_code == 200


def test_who_sees_no_one_needs_no_second_factor(cast: Cast) -> None:
    for who in ("coordinator", "ambassador", "volunteer", "member", "auditor", "technical"):
        client = Client()
        _code_step(client, f"{who}@example.org")
        assert client.get(POST).status_code == 200, who


def test_demonstration_asks_no_second_factor(cast: Cast, settings) -> None:
    settings.DEMO = True
    client = Client()
    _code_step(client, "mediator@example.org")

    assert client.get(POST).status_code == 200


def test_second_factor_is_set_then_asked(cast: Cast) -> None:
    client = Client()
    _code_step(client, "mediator@example.org")

    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": _totp(secret)})

    assert page.status_code == 200
    assert client.get(POST).status_code == 200
    cache.clear()  # the code just used serves once; here the same thirty seconds go on
    again = Client()
    assert _code_step(again, "mediator@example.org") == SECOND
    assert again.get(POST)["Location"].startswith(LOGIN)
    assert again.post(SECOND, {"code": "000000"}).status_code == 200
    assert again.post(SECOND, {"code": _totp(secret)})["Location"] == TRUST
    assert again.post(TRUST, {"action": "skip"})["Location"] == "/"
    assert again.get(POST).status_code == 200


def test_totp_serves_once(cast: Cast) -> None:
    cast.client("mediator")
    code = _totp()
    first, second = Client(), Client()
    _code_step(first, "mediator@example.org")
    _code_step(second, "mediator@example.org")

    assert first.post(SECOND, {"code": code}).status_code == 302
    assert second.post(SECOND, {"code": code}).status_code == 200


def test_trusted_device_is_asked_the_mailed_code_only(cast: Cast) -> None:
    cast.client("mediator")
    device = Client()
    _code_step(device, "mediator@example.org")
    device.post(SECOND, {"code": _totp()})
    device.post(TRUST, {"action": "trust"})
    device.post(reverse("account_logout"))

    assert "mfa_trusted" in device.cookies
    assert _code_step(device, "mediator@example.org") == "/"
    assert device.get(POST).status_code == 200
    assert _code_step(Client(), "mediator@example.org") == SECOND


def test_trust_falls_when_the_second_factor_changes(cast: Cast) -> None:
    cast.client("mediator")
    device = Client()
    _code_step(device, "mediator@example.org")
    device.post(SECOND, {"code": _totp()})
    device.post(TRUST, {"action": "trust"})
    RecoveryCodes.activate(cast.memberships["mediator"].user)
    device.post(reverse("account_logout"))

    assert _code_step(device, "mediator@example.org") == SECOND


def test_recovery_code_replaces_the_second_factor_once(cast: Cast) -> None:
    cast.client("mediator")
    code = RecoveryCodes.activate(cast.memberships["mediator"].user).get_unused_codes()[0]
    first, second = Client(), Client()
    _code_step(first, "mediator@example.org")
    _code_step(second, "mediator@example.org")

    assert first.post(SECOND, {"code": code})["Location"] == TRUST
    assert second.post(SECOND, {"code": code}).status_code == 200


def test_asking_for_codes_is_slowed_down(cast: Cast) -> None:
    answers = [Client().post(ASK, {"email": "ambassador@example.org"}) for _ in range(30)]

    assert answers[0].status_code == 302
    assert answers[-1].status_code != 302
    assert Message.objects.count() < 10


def test_second_factor_is_slowed_down(cast: Cast) -> None:
    cast.client("mediator")
    client = Client()
    _code_step(client, "mediator@example.org")

    told = [client.post(SECOND, {"code": "000000"}) for _ in range(20)]
    good = client.post(SECOND, {"code": _totp()})

    assert good.status_code != 302
    assert len({answer.content.decode() for answer in told}) > 1


def test_demonstration_lists_its_accounts_and_an_installation_does_not(cast: Cast, settings) -> None:
    assert "mediator@example.org" not in Client().get(LOGIN).content.decode()
    settings.DEMO = True

    page = Client().get(LOGIN).content.decode()

    assert all(f"{who}@example.org" in page for who in ("lead", "mediator", "coordinator", "technical"))


def test_someone_without_a_place_is_told_so(cast: Cast) -> None:
    from allervers.accounts.actions import end_membership

    end_membership(cast.memberships["ambassador"], by=None)
    client = Client()
    _code_step(client, "ambassador@example.org")

    answer = client.get(POST)

    assert answer.status_code == 403
    assert "plus de poste ici" in answer.content.decode()
