"""The operator's page, the quarantine, a code that is said on the telephone."""

import uuid
from typing import Any

import pytest
from django.test import Client

from allervers.needs import sealing
from allervers.needs.enums import Channel, RequestState, Wish
from allervers.needs.models import HelpRequest, Need
from tests.cast import Cast
from tests.needs.test_requests import ask, neighbourhood, phone_of, signs


def _said(cast: Cast, **said: str) -> dict[str, Any]:
    return {"operation": str(uuid.uuid4()), "wish": "meal", "when": "soon", "phone": phone_of(cast)} | said


def test_operator_keys_a_request_in_and_reads_its_code_aloud(cast: Cast) -> None:
    place, client = neighbourhood(cast), cast.client("mediator")

    page = client.post("/demandes/nouvelle/", _said(cast, neighbourhood="waz")).content.decode()

    made = HelpRequest.objects.get()
    assert (made.channel, made.territory, made.by) == (Channel.PHONE, place, cast.memberships["mediator"])
    assert made.need is not None and f"/besoins/{made.need.pk}/" in page
    assert "Dites son code : " in page and "Wazemmes lit la demande" in page


def test_same_form_sent_twice_is_one_request(cast: Cast) -> None:
    client, said = cast.client("mediator"), _said(cast)

    pages = [client.post("/demandes/nouvelle/", said).content.decode() for _turn in range(2)]

    codes = [page[page.index("Dites son code") :][:40] for page in pages]
    assert codes[0] == codes[1] and Need.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"phone": ""}, "Notez un numéro"),
        ({"phone": "06"}, "pas la bonne longueur"),
        ({"neighbourhood": "nulle part"}, "Choisissez un quartier de la liste"),
        ({"for_other": "on"}, "Demandez d’abord à la personne"),
    ],
)
def test_what_is_missing_is_said(cast: Cast, said: dict[str, str], error: str) -> None:
    page = cast.client("mediator").post("/demandes/nouvelle/", _said(cast, **said)).content.decode()

    assert error in page and HelpRequest.objects.count() == 0


def test_number_is_on_the_needs_page_for_its_team_only(cast: Cast) -> None:
    phone = phone_of(cast)
    made, _code = ask(cast, territory=neighbourhood(cast), phone=phone)
    assert made.need is not None
    said = f"0{phone[3]} {phone[4:6]} {phone[6:8]} {phone[8:10]} {phone[10:]}"

    mine = cast.client("mediator").get(f"/besoins/{made.need.pk}/").content.decode()
    coordinators = cast.client("coordinator").get(f"/besoins/{made.need.pk}/").content.decode()

    assert said in mine and "Sa demande" in mine
    assert said not in coordinators and "Sa demande" not in coordinators
    assert cast.client("sister").get(f"/besoins/{made.need.pk}/").status_code == 404


def test_request_is_on_the_leads_first_page(cast: Cast) -> None:
    made, _code = ask(cast, territory=neighbourhood(cast), wish=Wish.TEETH)
    assert made.need is not None
    Need.objects.update(next_contact_at=made.received_at)

    assert "Mes dents" in cast.client("lead").get("/").content.decode()


def test_quarantine_is_counted_shown_and_answered_in_one_tap(cast: Cast) -> None:
    place, phone = neighbourhood(cast), phone_of(cast)
    one, _code = ask(cast, signs("1", age=None), territory=place, phone=phone)
    other, _code = ask(cast, signs("2", age=None), territory=place, phone=phone_of(cast))
    client = cast.client("mediator")

    assert "2 demandes d’aide sont à vérifier" in client.get("/").content.decode()
    assert client.get("/demandes/").content.decode().count("Pas envoyée depuis notre page") == 2
    accepted = client.post(f"/demandes/{one.pk}/decider/", {"answer": "accept"})
    client.post(f"/demandes/{other.pk}/decider/", {"answer": "refuse"})

    one.refresh_from_db()
    other.refresh_from_db()
    assert accepted.headers["Location"] == f"/besoins/{one.need_id}/"
    assert (one.state, other.state) == (RequestState.RECEIVED, RequestState.REFUSED)
    assert sealing.told_in(one)["phone"] == phone
    page = client.get("/demandes/").content.decode()
    assert "Aucune demande à vérifier" in page and f"/besoins/{one.need_id}/" in page


def test_sister_hub_does_not_see_it(cast: Cast) -> None:
    made, _code = ask(cast, signs(age=None), territory=neighbourhood(cast))
    client = cast.client("sister")

    assert "Un repas" not in client.get("/demandes/").content.decode()
    assert client.post(f"/demandes/{made.pk}/decider/", {"answer": "accept"}).status_code == 404
    assert Need.objects.count() == 0


def test_code_that_is_said_opens_its_need_in_its_own_hub(cast: Cast) -> None:
    made, code = ask(cast, territory=neighbourhood(cast))

    def told(who: str, said: str) -> str:
        client: Client = cast.client(who)
        return client.post("/demandes/", {"code": said}).headers["Location"]

    assert told("mediator", f"{code[:6]} {code[6:]}") == f"/besoins/{made.need_id}/"
    assert told("sister", code) == told("mediator", "1") == "/demandes/"
