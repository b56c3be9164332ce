"""Door 4 as a browser without script meets it: the board, an offer, what a machine sends, the app to share."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from allervers.accounts.models import Hub
from allervers.core import clock
from allervers.directory.models import HubCoverage, Territory
from allervers.needs.models import Need
from allervers.relief import sealing
from allervers.relief.enums import CallKind, OfferState
from allervers.relief.models import Offer
from tests import markers
from tests.cast import Cast
from tests.relief.test_actions import called

PATH = "/porte/lille/fr/jaide/"
NUMBER = "06 39 98 01 01"


def _page(path: str = PATH) -> str:
    response = Client().get(path)
    assert response.status_code == 200 and response.cookies == {}
    return response.content.decode()


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page))


def _send(page: str = "", *, after: int = 20, **said: object) -> object:
    """A form of ours sent by a person, some seconds after its page was opened."""
    page = page or _page()
    with clock.fixed(clock.now() + timedelta(seconds=after)):
        return Client().post(PATH, _hidden(page) | {"don": ["time"], "tel": NUMBER} | said)


def test_an_offer_needs_a_tile_and_a_number(cast: Cast) -> None:
    answer = _send()

    offer = Offer.objects.get()
    assert answer.headers["Location"] == f"/porte/lille/fr/jaide/merci/?pole={offer.hub.slug}"  # type: ignore[attr-defined, union-attr]
    assert (offer.state, offer.gifts, offer.organisation) == (OfferState.NEW, ["time"], offer.hub.organisation)  # type: ignore[union-attr]
    assert sealing.told(offer) == {"phone": "+33639980101"}


def test_everything_said_is_kept(cast: Cast) -> None:
    area = Territory.objects.create(kind="neighbourhood", code="Q1", name="Le Port")
    HubCoverage.objects.create(hub=cast.moulins, territory=area)
    card = cast.card(cast.moulins)
    name, words, day = markers.new("first_name", card), markers.new("note", card), clock.today() + timedelta(days=3)

    _send(
        don=["kitchen", "language"], moment=["morning", "evening"], jour=["7", "2"], le=day.isoformat(),
        langue=["ar", "snk"], repas="80", quartier="Q1", nom=name, tel=markers.new_phone(card), mots=f"  {words}  ",
    )  # fmt: skip

    offer = Offer.objects.get()
    assert (offer.hub, offer.territory, offer.gifts) == (cast.moulins, area, ["kitchen", "language"])
    assert (offer.parts, offer.days, offer.on) == (["morning", "evening"], [2, 7], day)
    assert (offer.languages, offer.meals, offer.reader) == (["ar", "snk"], 80, "fr")
    told = sealing.told(offer)
    assert (told["name"], told["words"]) == (name, words)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"don": []}, "Touchez ce que vous pouvez donner."),
        ({"tel": ""}, "Écrivez votre numéro\u00a0: nous vous appelons."),
        ({"tel": "06 12"}, "Ce numéro n’a pas la bonne longueur. Relisez-le."),
        ({"tel": "demain"}, "Ce numéro n’a pas la bonne longueur. Relisez-le."),
        ({"repas": "beaucoup"}, "Écrivez un nombre de repas."),
        ({"repas": "-4"}, "Écrivez un nombre de repas."),
        ({"le": "2020-01-01"}, "Ce jour est passé."),
        ({"le": "hier"}, "Ce jour ne se lit pas."),
        ({"mots": "mon numéro 2 85 05 78 006 084 36"}, "N’écrivez pas de numéro de sécurité sociale."),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_stays(cast: Cast, said: dict[str, object], sentence: str) -> None:
    typed = {"don": ["car"], "moment": ["evening"], "jour": ["6"], "langue": ["ps"], "nom": "Surnom"} | said

    answer = _send(**typed)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 400 and sentence in page  # type: ignore[attr-defined]
    assert Offer.objects.count() == 0
    assert 'value="Surnom"' in page
    for name, value in (
        ("moment", "evening"),
        ("jour", "6"),
        ("langue", "ps"),
        *(("don", one) for one in typed["don"]),
    ):  # type: ignore[union-attr]
        assert f'name="{name}" value="{value}" checked' in page
    if "tel" not in said:
        assert f'value="{NUMBER}"' in page


def test_the_same_form_twice_is_one_offer_and_filled_again_another(cast: Cast) -> None:
    page = _page()

    for _ in range(2):
        _send(page)
    assert Offer.objects.count() == 1

    _send(page, tel="06 39 98 01 02")
    assert Offer.objects.count() == 2


@pytest.mark.parametrize(
    "machine",
    [{"site": "http://spam.example"}, {"t": ""}, {"t": "x.1:forged"}, {"after": 1}],
)
def test_what_a_machine_sends_is_kept_as_doubtful(cast: Cast, machine: dict[str, object]) -> None:
    answer = _send(**machine)  # type: ignore[arg-type]

    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert Offer.objects.get().state == OfferState.DOUBTFUL


def test_offers_do_not_fill_the_journal_and_nothing_typed_is_lost(cast: Cast) -> None:
    for _turn in range(30):
        _send()

    answer = _send(nom="Samira")

    assert answer.status_code == 429 and 'value="Samira"' in answer.content.decode()  # type: ignore[attr-defined]
    assert Offer.objects.count() == 30


def test_a_page_kept_for_days_is_not_doubtful(cast: Cast) -> None:
    _send(after=3 * 86400)

    assert Offer.objects.get().state == OfferState.NEW


def test_i_can_answers_its_call_and_its_hub(cast: Cast) -> None:
    call = called(cast, hub=cast.moulins, on=clock.today(), meals=9)
    assert f'href="{PATH}?appel={call.pk}#offrir"' in _page()

    page = _page(f"{PATH}?appel={call.pk}")
    assert 'name="don" value="car" checked' in page and "Ce qui manque" not in page
    _send(page, don=["car"])

    offer = Offer.objects.get()
    assert (offer.call, offer.hub) == (call, cast.moulins)


@pytest.mark.parametrize("state", ["closed", "elsewhere", "money", "nonsense"])
def test_a_call_that_no_longer_stands_is_an_offer_like_another(cast: Cast, state: str) -> None:
    link = "https://don.example.org/" if state == "money" else ""
    call = called(cast, kind=CallKind.MONEY if link else CallKind.DRIVER, link=link)
    if state == "closed":
        type(call).objects.update(state="closed")
    if state == "elsewhere":
        type(call).objects.update(network=cast.toulouse)
    written = "nonsense" if state == "nonsense" else str(call.pk)

    _send(appel=written) if state != "nonsense" else _page(f"{PATH}?appel={written}")

    assert Offer.objects.filter(call__isnull=False).count() == 0
    assert Offer.objects.count() == (state != "nonsense")


def test_the_board_shows_what_is_missing(cast: Cast) -> None:
    called(cast, wanted=2, on=clock.today(), meals=9, hub=cast.wazemmes)
    called(cast, kind=CallKind.MONEY, link="https://don.example.org/")
    where = {"network": cast.lille, "organisation": cast.association, "hub": cast.wazemmes, "card": cast.card()}
    Need.objects.bulk_create(Need(category="isolation", **where) for _ in range(12))

    page = _page()

    assert page.count('<li class="missing') == 3 and page.count("missing--urgent") == 1
    assert "2 personnes qui conduisent" in page and "Sinon, 9 repas ne partent pas." in page
    assert "Au moins 10 demandes attendent." in page and "12" not in re.findall(r"Au moins (\d+)", page)
    assert '<a class="button button--main" href="https://don.example.org/" rel="noreferrer">' in page


def test_where_no_hub_receives_it_is_said(cast: Cast) -> None:
    page = _page("/porte/toulouse/fr/jaide/")
    Hub.objects.filter(network=cast.toulouse).delete()

    answer = Client().post("/porte/toulouse/fr/jaide/", _hidden(page) | {"don": ["time"], "tel": NUMBER})

    assert answer.status_code == 400 and "Aucun pôle ne reçoit encore" in answer.content.decode()


def test_thanks_says_who_calls_and_how_to_stop(cast: Cast) -> None:
    Hub.objects.filter(pk=cast.wazemmes.pk).update(phone="03 20 00 00 00")

    page = _page(f"{PATH}merci/?pole=wazemmes")

    assert 'href="tel:0320000000"' in page and "nous effaçons tout" in page
    assert "tel:0320000000" not in _page(f"{PATH}merci/?pole=arnaud-bernard")


def test_the_app_is_shared_at_its_own_address(cast: Cast, settings: object) -> None:
    settings.PUBLIC_URL = "https://sante.example"  # type: ignore[attr-defined]  # a fixture of pytest-django

    page = _page()

    assert 'href="https://sante.example/porte/lille/"' in page and "https://wa.me/?text=" in page
    assert '<img src="data:image/svg+xml' in page


def test_arabic_reads_from_the_right_and_wordless_shows_no_french_title(cast: Cast) -> None:
    called(cast, kind=CallKind.FOOD)

    arabic, soninke = _page("/porte/lille/ar/jaide/"), _page("/porte/lille/snk/jaide/")

    assert 'dir="rtl"' in arabic and "De la nourriture" not in arabic and "Envoyer" not in arabic
    assert '<h3 class="unseen">De la nourriture</h3>' in soninke
    assert soninke.index('value="snk"') < soninke.index('value="ar"')


def test_each_page_has_its_own_form_and_is_not_kept(cast: Cast) -> None:
    first, second = (Client().get(PATH) for _ in range(2))

    assert first.headers["Cache-Control"] == "no-store"
    assert _hidden(first.content.decode())["operation"] != _hidden(second.content.decode())["operation"]
