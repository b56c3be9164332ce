"""The team's side of « J’aide »: whom to call, what is asked of everyone, who reads what."""

from datetime import timedelta

import pytest
from django.test import Client

from allervers.core import clock
from allervers.relief import sealing
from allervers.relief.enums import CallKind, OfferState
from allervers.relief.models import Call, Offer
from tests.cast import Cast
from tests.relief.test_actions import called, offered

NEW = {"operation": "0190aaaa-0000-7000-8000-000000000001", "kind": "driver", "wanted": "2", "meals": "9"}


def _board(cast: Cast, who: str) -> str:
    response = cast.client(who).get("/jaide/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ["lead", "mediator"])
def test_the_hub_reads_who_offers_and_calls_back(cast: Cast, who: str) -> None:
    offer = offered(cast, days=(2,), languages=("snk",), reader="ar")
    told = sealing.told(offer)

    page = _board(cast, who)

    assert told["name"] in page and told["words"] in page
    assert "1 proposition attend un appel" in page and "Une voiture. Mardi." in page
    assert "soninké, arabe" in page


@pytest.mark.parametrize("who", ["coordinator", "sister", "other"])
def test_others_read_no_one(cast: Cast, who: str) -> None:
    name = sealing.told(offered(cast))["name"]

    assert name not in _board(cast, who)  # the markers watch every byte besides


def test_a_coordinator_reads_numbers(cast: Cast) -> None:
    offered(cast)

    page = _board(cast, "coordinator")

    assert '<th scope="row">Wazemmes</th><td class="n" data-label="attendent\u00a0:">1</td>' in page
    assert "t-offers" not in page


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("appeler", OfferState.CALLED),
        ("retenir", OfferState.KEPT),
        ("refuser", OfferState.DECLINED),
        ("retirer", OfferState.WITHDRAWN),
        ("effacer", OfferState.WITHDRAWN),
    ],
)
def test_each_gesture_is_one_button(cast: Cast, verb: str, state: OfferState) -> None:
    offer = offered(cast)

    cast.client("mediator").post(f"/jaide/propositions/{offer.pk}/", {"verbe": verb})

    row = Offer.objects.get()
    assert row.state == state
    assert bool(sealing.told(row)) == (verb != "effacer")


def test_a_gesture_that_comes_late_is_told(cast: Cast) -> None:
    offer = offered(cast)
    client = cast.client("mediator")
    for _ in range(2):
        page = client.post(f"/jaide/propositions/{offer.pk}/", {"verbe": "retirer"}, follow=True).content.decode()

    assert "Cette proposition a changé entre-temps." in page
    assert client.post(f"/jaide/propositions/{offer.pk}/", {"verbe": "autre"}).status_code == 404


def test_a_call_is_written_and_everyone_reads_it_until_it_is_closed(cast: Cast) -> None:
    client = cast.client("mediator")
    day = clock.today() + timedelta(days=2)
    said = NEW | {"on": day.isoformat(), "begins": "17:00", "ends": "20:00", "hub": str(cast.wazemmes.pk)}

    for _ in range(2):
        client.post("/jaide/appels/nouveau/", said)

    call = Call.objects.get()
    assert (call.until, call.hub, call.wanted) == (day, cast.wazemmes, 2)
    public = Client().get("/porte/lille/fr/jaide/").content.decode()
    assert "2 personnes qui conduisent" in public and "de 17\u00a0h à 20\u00a0h" in public
    client.post(f"/jaide/appels/{call.pk}/fermer/")
    assert "2 personnes qui conduisent" not in Client().get("/porte/lille/fr/jaide/").content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "money"}, "Où donne-t-on"),
        ({"kind": "language"}, "Choisissez la langue."),
        ({"on": "2020-01-01"}, "Ce jour est passé."),
        ({"begins": "10:00"}, "Une heure va avec un jour."),
        ({"begins": "10:00", "ends": "09:00"}, "La fin vient après le début."),
        ({"until": "2099-01-01"}, "dans les six mois"),
        ({"words": "2 85 05 78 006 084 36"}, "N’écrivez pas de numéro de sécurité sociale."),
    ],
)
def test_what_cannot_be_shown_is_told(cast: Cast, changed: dict[str, str], sentence: str) -> None:
    page = cast.client("lead").post("/jaide/appels/nouveau/", NEW | changed).content.decode()

    assert sentence in page and Call.objects.count() == 0


def test_what_does_not_go_with_a_kind_is_left_out(cast: Cast) -> None:
    cast.client("lead").post("/jaide/appels/nouveau/", NEW | {"language": "ar", "link": "https://don.example.org/"})

    call = Call.objects.get()
    assert (call.kind, call.language, call.link) == (CallKind.DRIVER, "", "")


def test_a_call_of_another_organisation_is_seen_and_not_closed(cast: Cast) -> None:
    call = called(cast, hub=cast.wazemmes)

    page = _board(cast, "other")

    assert "2 personnes qui conduisent" in page and "/fermer/" not in page
    assert cast.client("other").post(f"/jaide/appels/{call.pk}/fermer/").status_code == 404


def test_today_says_that_someone_waits_for_a_call(cast: Cast) -> None:
    assert "propose d’aider" not in cast.client("mediator").get("/").content.decode()

    offered(cast)

    assert "1 personne propose d’aider" in cast.client("mediator").get("/").content.decode()
