"""Door 3 as a browser without script meets it: three questions, a receipt, a code that follows, changes and stops."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.needs import sealing
from allervers.needs.enums import Doubt, NeedState, Outcome, RequestState
from allervers.needs.models import HelpRequest, Need
from allervers.web.public import ask, gate
from tests.cast import Cast
from tests.needs.test_requests import neighbourhood, phone_of

ASK, FOLLOW = "/porte/lille/fr/aide/", "/porte/lille/fr/demande/"


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()
    gate.forget()


def stamp_of(page: str) -> str:
    found = re.search(r'name="t" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def answers(cast: Cast, after: float = 30, **said: str) -> dict[str, str]:
    """What the last screen sends, `after` seconds since the first was opened."""
    with clock.fixed(clock.now() - timedelta(seconds=after)):
        opened = stamp_of(Client().get(ASK).content.decode())
    return {"t": opened, "quoi": "teeth", "ou": "-", "quand": "soon", "numero": phone_of(cast)} | said


def send(sent: dict[str, str], status: int = 200) -> str:
    response = Client().post(ASK, sent)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def code_of(receipt: str) -> str:
    found = re.search(r'data-say="(\d{12})"', receipt)
    assert found is not None
    return found.group(1)


def test_door_three_is_on_the_home_page(cast: Cast) -> None:
    assert f'href="{ASK}"' in Client().get("/porte/lille/fr/").content.decode()


def test_questions_come_one_a_screen_and_answers_are_in_no_address(cast: Cast) -> None:
    place = neighbourhood(cast)
    first = Client().get(ASK).content.decode()

    second = send({"t": stamp_of(first), "quoi": "teeth"})
    third = send({"t": stamp_of(first), "quoi": "teeth", "ou": str(place.pk)})

    assert first.count('name="quoi"') == 12 and "Étape 1 sur 3" in first
    assert f'name="ou" value="{place.pk}"' in second and 'name="quoi" value="teeth"' in second
    assert third.count('name="quand"') == 5 and f'name="ou" value="{place.pk}"' in third
    for page in (first, second, third):
        assert set(re.findall(r'<form[^>]*action="([^"]*)"', page)) == {ASK}
        assert 'href="https://www.meteofrance.com/" rel="noreferrer" data-hide' in page


def test_no_neighbourhood_is_no_question(cast: Cast) -> None:
    assert "Étape 3 sur 3" in send({"t": "", "quoi": "teeth"})


def test_receipt_says_who_answers_when_and_a_code_and_nothing_of_what_was_asked(cast: Cast) -> None:
    place = neighbourhood(cast)
    Network.objects.filter(pk=cast.lille.pk).update(name="Réseau santé de Lille")

    receipt = send(answers(cast, ou=str(place.pk)))

    made = HelpRequest.objects.get()
    code = code_of(receipt)
    assert (made.state, made.territory, made.language) == (RequestState.RECEIVED, place, "fr")
    assert "Wazemmes lit votre demande" in receipt and "avant" in receipt
    assert all(f'<span aria-hidden="true">{code[i : i + 3]}</span>' in receipt for i in (0, 3, 6, 9))
    paper = receipt[receipt.index('<section class="receipt"') : receipt.index("</section>")]
    title = receipt[receipt.index("<title>") : receipt.index("</title>")]
    for word in ("dent", "santé", "soign", "aide", "lille"):
        assert word not in re.sub(r'href="[^"]*"', "", paper + title).lower()
    assert "dent" not in receipt.lower()


def test_where_no_neighbourhood_was_said_the_network_answers(cast: Cast) -> None:
    receipt = send(answers(cast))

    assert "Réseau de Lille lit votre demande" in receipt and cast.wazemmes.name not in receipt
    told = Client().post(FOLLOW, {"code": code_of(receipt)}).content.decode()
    assert "Réseau de Lille lit votre demande" in told and cast.wazemmes.name not in told


def test_going_back_keeps_what_was_answered_before(cast: Cast) -> None:
    place = neighbourhood(cast)
    opened = stamp_of(Client().get(ASK).content.decode())

    third = send({"t": opened, "quoi": "teeth", "ou": str(place.pk), "pour": "autre"})
    back = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', third.split("</form>")[0]))
    second = send(back)

    assert back == {"t": opened, "quoi": "teeth", "pour": "autre"} and "Étape 2 sur 3" in second
    assert f'class="back" href="{ASK}?pour=autre"' in second


def test_what_is_asked_in_arabic_reaches_the_team_in_french(cast: Cast) -> None:
    response = Client().post("/porte/lille/ar/aide/", answers(cast))

    need = Need.objects.select_related("card").get()
    assert response.status_code == 200 and '<html lang="ar" dir="rtl">' in response.content.decode()
    assert (sealing.words(need), sealing.next_step(need)) == ("Mes dents", "Appeler. Le plus vite possible.")
    assert HelpRequest.objects.get().language == "ar"


def test_same_post_again_is_the_same_receipt(cast: Cast) -> None:
    sent = answers(cast)

    assert code_of(send(sent)) == code_of(send(sent))
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"t": "forged.1:x"}, Doubt.FORGED),
        ({"t": ""}, Doubt.FORGED),
        ({"site": "https://spam.example"}, Doubt.TRAP),
    ],
)
def test_doubtful_one_is_received_all_the_same(cast: Cast, changed: dict[str, str], doubt: Doubt) -> None:
    receipt = send(answers(cast, **changed))

    assert HelpRequest.objects.get().doubt == doubt and Need.objects.count() == 0
    assert len(code_of(receipt)) == 12


@pytest.mark.parametrize("after", [1, 13 * 3600])
def test_too_quick_or_too_old_waits(cast: Cast, after: float) -> None:
    send(answers(cast, after))

    assert HelpRequest.objects.get().state == RequestState.QUARANTINED


def test_in_a_flood_of_forged_forms_one_more_touch_sends_a_genuine_one(cast: Cast) -> None:
    spam = {"quoi": "meal", "ou": "-", "quand": "soon", "sans": "1"}
    for _turn in range(gate.HOLDS):
        send(spam)

    page = send(answers(cast, t="lost", sms="1") | {"numero": "+33 6 1a"}, status=503)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    assert HelpRequest.objects.count() == gate.HOLDS
    assert {"quoi": "teeth", "ou": "-", "quand": "soon", "numero": "+33 6 1a", "sms": "1"}.items() <= fields.items()
    with clock.fixed(clock.now() + timedelta(seconds=10)):
        send(fields | {"numero": phone_of(cast)})
    assert HelpRequest.objects.filter(wish="teeth").get().doubt in {"", Doubt.FLOOD}


def test_page_for_one_more_touch_is_drawn_once_and_escapes_what_was_typed(cast: Cast) -> None:
    spam = {"quoi": "meal", "ou": "-", "quand": "soon", "sans": "1"}
    for _turn in range(gate.HOLDS + 1):
        Client().post(ASK, spam)

    with CaptureQueriesContext(connection) as asked:
        page = send(spam | {"numero": '"><script>'}, status=503)

    assert (
        len(asked) == 0 and "&quot;&gt;&lt;script&gt;" in page and "<script>" not in page.replace("<script defer", "")
    )


def test_one_computer_that_opens_a_page_for_each_request_is_asked_to_wait_and_loses_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "_ASKED", 3)
    for _turn in range(3):
        send(answers(cast))

    page = send(answers(cast, quoi="eyes", numero="06 39 98 01 01"), status=503)

    assert HelpRequest.objects.count() == 3 and 'name="quoi" value="eyes"' in page
    assert Client().post(ASK, answers(cast), REMOTE_ADDR="192.0.2.9").status_code == 200


def test_stamp_used_again_and_again_is_a_machines(cast: Cast) -> None:
    sent = answers(cast, numero="", sans="1")
    statuses = [Client().post(ASK, sent).status_code for _turn in range(gate.USES + gate.HOLDS + 1)]

    assert statuses == [200] * (gate.USES + gate.HOLDS) + [503]


@pytest.mark.parametrize("typed", ["", "06 12", "douze"])
def test_number_that_cannot_be_is_asked_again_and_may_be_left_out(cast: Cast, typed: str) -> None:
    page = send(answers(cast, numero=typed), status=400)
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split("</form>")[1]))

    assert 'role="alert"' in page and HelpRequest.objects.count() == 0
    assert len(code_of(send(again | {"sans": "1"}))) == 12
    assert HelpRequest.objects.get().reach == "code"


def test_for_someone_else_asks_whether_she_agrees(cast: Cast) -> None:
    assert 'name="pour" value="autre"' in Client().get(f"{ASK}?pour=autre").content.decode()

    page = send(answers(cast, pour="autre", numero=""), status=400)
    assert "Cochez" in page or "cochez" in page
    send(answers(cast, pour="autre", accord="1"))

    assert HelpRequest.objects.get().agreed_at is not None


def test_no_page_sets_a_cookie_and_none_is_kept(cast: Cast) -> None:
    sent = answers(cast)
    for response in (Client().get(ASK), Client().post(ASK, sent), Client().get(FOLLOW)):
        assert response.cookies == {}
        assert response.headers["Cache-Control"] == "no-store, private"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_code_follows_changes_and_stops_and_never_shows_the_number(cast: Cast) -> None:
    code, other = code_of(send(answers(cast))), phone_of(cast)

    def follow(**more: str) -> str:
        response = Client().post(FOLLOW, {"code": code} | more)
        assert response.status_code == 200
        return response.content.decode()

    assert "lit votre demande" in follow()
    assert "C’est changé." in follow(faire="changer", quand="evening", joindre="sms", numero=other)
    made = HelpRequest.objects.get()
    assert (made.when, made.reach, sealing.told_in(made)["phone"]) == ("evening", "sms", other)
    Need.objects.update(state=NeedState.IN_PROGRESS)
    assert "s’en occupe" in follow()
    assert "est arrêtée" in follow(faire="arreter")
    assert Need.objects.get().outcome == Outcome.DECLINED_BY_PERSON
    assert "Faire une autre demande" in follow()


def test_wrong_codes_are_counted(cast: Cast) -> None:
    statuses = [Client().post(FOLLOW, {"code": f"{turn:012d}"}).status_code for turn in range(12)]

    assert statuses == [400] * 10 + [429] * 2
    assert Client().post(FOLLOW, {"code": "1"}, REMOTE_ADDR="10.1.1.1").status_code == 400


def test_right_code_waits_too_once_there_were_too_many(cast: Cast) -> None:
    code = code_of(send(answers(cast)))
    for turn in range(10):
        Client().post(FOLLOW, {"code": f"{turn:012d}"})

    assert Client().post(FOLLOW, {"code": code}).status_code == 429


def test_address_is_counted_behind_the_proxy_and_never_kept(cast: Cast, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for turn in range(11):
        Client().post(FOLLOW, {"code": f"{turn:012d}"}, HTTP_X_FORWARDED_FOR="198.51.100.7")

    assert Client().post(FOLLOW, {"code": "1"}, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 429
    assert Client().post(FOLLOW, {"code": "1"}, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 400


def test_one_subscribers_ipv6_addresses_are_one_place(cast: Cast) -> None:
    for turn in range(10):
        Client().post(FOLLOW, {"code": f"{turn:012d}"}, REMOTE_ADDR=f"2001:db8:1:2::{turn:x}")

    assert Client().post(FOLLOW, {"code": "1"}, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert Client().post(FOLLOW, {"code": "1"}, REMOTE_ADDR="2001:db8:1:3::1").status_code == 400
    assert Client().post(FOLLOW, {"code": "1"}, REMOTE_ADDR="::ffff:192.0.2.7").status_code == 400


def test_one_request_is_not_changed_without_end(cast: Cast) -> None:
    code = code_of(send(answers(cast)))
    change = {"code": code, "faire": "changer", "quand": "evening"}

    statuses = [Client().post(FOLLOW, change).status_code for _turn in range(21)]

    assert statuses == [200] * 20 + [400]


def test_another_networks_code_opens_nothing_here(cast: Cast) -> None:
    code = code_of(send(answers(cast)))

    assert Client().post("/porte/toulouse/fr/demande/", {"code": code}).status_code == 400
