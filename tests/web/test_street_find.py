"""Door 2: what residents find, and what they never do."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from allervers.core import clock
from allervers.directory import actions
from allervers.directory.enums import Cost, Theme
from allervers.directory.models import Closure, HubCoverage, Service, Territory
from allervers.web.public import areas
from tests.cast import Cast
from tests.directory.scenes import place, service

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
AREA = {"type": "Polygon", "coordinates": [[[3.04, 50.62], [3.06, 50.62], [3.06, 50.63], [3.04, 50.63], [3.04, 50.62]]]}


@pytest.fixture
def dentist(cast: Cast) -> Service:
    where = place(cast, "Centre", phone="03 20 00 00 00", address="1, rue du Port", latitude=50.625, longitude=3.05)
    return service(
        cast,
        "Soins dentaires",
        where,
        themes=[Theme.TEETH],
        languages=["ar", "fr"],
        cost=Cost.FREE,
        without_coverage=True,
        opening_hours="Mo-Fr 09:00-12:00",
        for_residents=True,
    )


def _page(query: str = "", reader: str = "fr", sign: str = "tooth") -> str:
    with clock.fixed(TUESDAY):
        response = Client().get(f"/porte/lille/{reader}/lieux/{sign}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_place_says_its_door_its_phone_and_its_languages(cast: Cast, dentist: Service) -> None:
    page = _page()

    assert '<p class="state state--open"><span>Ouvert jusqu’à 12\u00a0h</span></p>' in page
    assert 'href="tel:0320000000"' in page and 'href="geo:50.625,3.05"' in page
    assert '<bdi lang="ar">العربية</bdi>' in page
    assert "Sans carte Vitale" in page and "1 lieu" in page


@pytest.mark.parametrize(
    ("reader", "days", "span"),
    [
        ("fr", "Aujourd’hui – vendredi", "9 h – 12 h"),
        ("ar", "اليوم – الجمعة", "09:00 – 12:00"),
        ("snk", "24/11 – 27/11", "09:00 – 12:00"),
    ],
)
def test_a_place_says_its_week_as_each_one_reads(
    cast: Cast, dentist: Service, reader: str, days: str, span: str
) -> None:
    page = _page(reader=reader)

    assert f"<li><span>{days}</span><span><span>{span}</span>" in page
    assert page.count('<li class="soft"><span>') == 1  # closed on Saturday and Sunday


def test_without_words_a_place_says_when_it_closes_in_figures(cast: Cast, dentist: Service) -> None:
    assert '<p class="state state--open">12:00<span class="unseen">' in _page(reader="snk")


def test_a_closure_to_come_is_in_the_week(cast: Cast, dentist: Service) -> None:
    first = TUESDAY.date() + timedelta(days=1)
    Closure.objects.create(place=dentist.place, starts_on=first, ends_on=first + timedelta(days=1))

    assert (
        "<li><span>Aujourd’hui</span><span><span>9 h" in (page := _page())
        and "Mercredi – jeudi</span><span><span>Fermé" in page
    )


def test_names_are_said_by_the_telephone_itself(cast: Cast, dentist: Service) -> None:
    knob = '<button class="listen" type="button" data-say="Soins dentaires" data-say-lang="fr" hidden>'

    assert knob in _page(reader="snk") and knob in _page() and "listen--none" not in _page().split("<ol")[1]


def test_the_neighbourhood_that_was_chosen_is_written(cast: Cast, dentist: Service) -> None:
    area = Territory.objects.create(kind="neighbourhood", code="Q1", name="Fives", contour=AREA)
    HubCoverage.objects.create(hub=cast.wazemmes, territory=area)

    assert "<summary><svg" in _page("?ou=Q1").split('<bdi lang="fr">Fives</bdi>')[0][-400:]
    assert '<bdi lang="fr">Fives</bdi><span class="unseen">' not in _page()


def test_what_the_team_did_not_choose_is_never_found(cast: Cast, dentist: Service) -> None:
    hidden = service(cast, "Abri des dents", dentist.place, themes=[Theme.TEETH])
    place(cast, "Lieu sans offre", latitude=50.625, longitude=3.05)

    assert "Abri des dents" not in _page() and "Lieu sans offre" not in _page()
    with clock.fixed(TUESDAY):
        here = Client().post("/porte/lille/fr/lieux/tooth/", {"ici": "50.625, 3.05"}).content.decode()
    assert "Soins dentaires" in here and "Abri des dents" not in here

    actions.show_to_residents([hidden], shown=True, by=cast.viewer("coordinator"))
    assert "Abri des dents" in _page()
    actions.show_to_residents([hidden], shown=False, by=cast.viewer("coordinator"))
    assert "Abri des dents" not in _page()


@pytest.mark.parametrize(
    ("query", "reader", "is_found"),
    [
        ("?ouvert=on", "fr", True),
        ("?gratuit=on", "fr", True),
        ("?carte=on", "fr", True),
        ("?langue=on", "ar", True),
        ("?langue=on", "tr", False),
    ],
)
def test_filters_keep_what_they_say(cast: Cast, dentist: Service, query: str, reader: str, is_found: bool) -> None:
    assert ("Soins dentaires" in _page(query, reader)) == is_found


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (TUESDAY, "open"),
        (TUESDAY.replace(hour=11, minute=30), "soon"),
        (TUESDAY.replace(hour=15), "shut"),
    ],
)
def test_the_sign_of_a_door_is_what_the_hour_makes_it(cast: Cast, dentist: Service, at: datetime, state: str) -> None:
    with clock.fixed(at):
        page = Client().get("/porte/lille/fr/lieux/tooth/").content.decode()

    assert page.count(f"state state--{state}") == 1


def test_a_closure_is_said_in_the_readers_language(cast: Cast, dentist: Service) -> None:
    actions.close_for_a_while(
        dentist.place,
        by=cast.viewer("coordinator"),
        starts_on=TUESDAY.date(),
        ends_on=TUESDAY.date() + timedelta(days=6),
    )

    assert "Fermé jusqu’au 30 novembre." in _page()
    assert "state--shut" in _page()
    assert "Closed until 30 November." in _page(reader="en")


def test_a_neighbourhood_gives_distances_and_nearest_first(cast: Cast, dentist: Service) -> None:
    territory = Territory.objects.create(kind="neighbourhood", code="Q1", name="Le Port", contour=AREA, **_box())
    HubCoverage.objects.create(hub=cast.wazemmes, territory=territory)
    far = place(cast, "Loin", latitude=50.70, longitude=3.05)
    service(cast, "Autre dentiste", far, themes=[Theme.TEETH], for_residents=True)

    page = _page("?ou=Q1")

    assert page.index("Soins dentaires") < page.index("Autre dentiste")
    assert '<option value="Q1" selected>Le Port</option>' in page
    assert "<bdi>0,0 km</bdi>" in page and "<bdi>8,3 km</bdi>" in page


def _box() -> dict[str, float]:
    return {"south": 50.62, "north": 50.63, "west": 3.04, "east": 3.06}


def test_where_someone_is_is_answered_and_written_nowhere(
    cast: Cast, dentist: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.fixed(TUESDAY):
        response = Client().post("/porte/lille/fr/lieux/tooth/", {"ici": "50.634, 3.05"})

    assert "<bdi>1,0 km</bdi>" in response.content.decode()
    assert "50.634" not in response.content.decode() and "50.634" not in caplog.text
    assert response.headers["Cache-Control"] == "no-store"


def test_found_closed_is_checked_first_by_the_team(cast: Cast, dentist: Service) -> None:
    answer = Client().post("/porte/lille/fr/lieux/tooth/ferme/", {"offre": str(dentist.pk)})
    assert "Merci. Nous allons vérifier." in answer.content.decode()

    lead = cast.client("lead")
    assert "trouvée fermée" in lead.get("/annuaire/a-verifier/").content.decode()
    lead.post(f"/annuaire/offres/{dentist.pk}/verifie/")
    dentist.refresh_from_db()
    assert dentist.doubted_at is None


@pytest.mark.parametrize("written", ["", "x", "00000000-0000-7000-8000-000000000000"])
def test_found_closed_of_nothing_shown_changes_nothing(cast: Cast, dentist: Service, written: str) -> None:
    hidden = service(cast, "Abri", dentist.place, themes=[Theme.HOUSING])

    for value in (written, str(hidden.pk)):
        answer = Client().post("/porte/lille/fr/lieux/tooth/ferme/", {"offre": value})
        assert answer.headers["Location"] == "/porte/lille/fr/lieux/"
    assert Service.objects.exclude(doubted_at=None).count() == 0


def _neighbourhood(cast: Cast, name: str, west: float, **changed: object) -> Territory:
    ring = [[west, 50.62], [west + 0.01, 50.62], [west + 0.01, 50.63], [west, 50.63], [west, 50.62]]
    known = {
        "kind": "neighbourhood",
        "code": name.upper(),
        "contour": {"type": "Polygon", "coordinates": [ring]},
        "south": 50.62,
        "north": 50.63,
        "west": west,
        "east": west + 0.01,
    }
    made = Territory.objects.create(name=name, **(known | changed))
    HubCoverage.objects.create(hub=cast.wazemmes, territory=made)
    return made


def _plan(query: str = "", reader: str = "fr") -> str:
    return Client().get(f"/porte/lille/{reader}/lieux/quartiers/{query}").content.decode()


def test_the_plan_and_the_list_say_the_same(cast: Cast) -> None:
    _neighbourhood(cast, "Moulins", 3.05)
    _neighbourhood(cast, "Fives", 3.06)

    page = _plan()

    drawing, _end, listed = page.partition('<ul class="choices')
    shapes = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>(\w+)</title><path', drawing)
    numbers = re.findall(r'<a href="([^"]+)" tabindex="-1"><circle[^>]*/><text[^>]*>(\d)</text>', drawing)
    lines = re.findall(r'href="([^"]+)"><span class="plate">(\d)</span>.*?<bdi lang="fr">(\w+)</bdi>', listed)
    assert [(name, number) for _url, number, name in lines] == [("Fives", "1"), ("Moulins", "2")]
    assert sorted(shapes) == sorted((url, name) for url, _number, name in lines)
    assert sorted(numbers) == sorted((url, number) for url, number, _name in lines)
    assert lines[0][0] == "/porte/lille/fr/lieux/?ou=FIVES"
    assert '<svg class="map"' in drawing and 'aria-hidden="true"' in drawing  # said once to screen readers


def test_a_neighbourhood_chosen_goes_on_to_what_is_looked_for_and_back(cast: Cast, dentist: Service) -> None:
    _neighbourhood(cast, "Fives", 3.06)

    signs = Client().get("/porte/lille/fr/lieux/?ou=FIVES").content.decode()

    assert 'href="/porte/lille/fr/lieux/tooth/?ou=FIVES"' in signs and '<bdi lang="fr">Fives</bdi>' in signs
    places = _page("?ou=FIVES")
    assert 'href="/porte/lille/fr/lieux/?ou=FIVES"' in places and "km</bdi>" in places
    assert 'href="/porte/lille/fr/lieux/quartiers/?quoi=tooth&amp;ou=FIVES"' in places
    again = _plan("?quoi=tooth&ou=FIVES")
    assert 'href="/porte/lille/fr/lieux/tooth/?ou=FIVES" tabindex="-1" class="is-chosen"' in again
    assert 'href="/porte/lille/fr/lieux/?ou=FIVES"' in _plan("?quoi=nothing")


def test_a_priority_neighbourhood_is_named_only_where_no_other_name_is(cast: Cast) -> None:
    fives = _neighbourhood(cast, "Fives", 3.06)
    _neighbourhood(cast, "Inside", 3.06, kind="qpv", parent=fives)
    _neighbourhood(cast, "Alone", 3.07, kind="qpv")

    assert [name in _plan() for name in ("Fives", "Inside", "Alone")] == [True, False, True]


def test_what_has_no_contour_is_in_the_list_alone(cast: Cast) -> None:
    _neighbourhood(cast, "Fives", 3.06, contour=None, south=None, north=None, east=None)
    assert '<svg class="map"' not in _plan() and ">Fives<" in _plan()

    moulins = _neighbourhood(cast, "Moulins", 3.05)
    _neighbourhood(cast, "Belfort", 3.05, kind="qpv", parent=moulins)
    _neighbourhood(cast, "Nord", 3.0, kind="department")

    page = _plan()

    assert re.findall(r"<title>(\w+)</title><path", page) == ["Moulins"]
    assert page.count('class="choice"') == 4  # Belfort is in Moulins; and « Je ne sais pas »


def test_a_plan_of_too_many_shapes_is_a_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(areas, "_MOST", 1)
    for at, name in enumerate(("Fives", "Moulins")):
        _neighbourhood(cast, name, 3.05 + at / 100)

    assert '<svg class="map"' not in _plan() and ">Moulins<" in _plan()


def test_a_contour_read_again_is_drawn_anew(cast: Cast) -> None:
    fives = _neighbourhood(cast, "Fives", 3.06)
    first = _plan()
    assert _plan() == first

    Territory.objects.filter(pk=fives.pk).update(contour=AREA, south=50.62, north=50.63, west=3.04, east=3.06)

    assert re.findall(r'<path d="[^"]+"', _plan()) != re.findall(r'<path d="[^"]+"', first)


def test_the_plan_shows_the_neighbourhoods_of_its_network_only(cast: Cast) -> None:
    _neighbourhood(cast, "Fives", 3.06)

    assert "Fives" not in Client().get("/porte/toulouse/fr/lieux/quartiers/").content.decode()


def test_what_is_searched_for_is_one_of_the_signs(cast: Cast) -> None:
    assert Client().get("/porte/lille/fr/lieux/bell/").status_code == 404


def test_the_team_chooses_what_residents_see_and_takes_it_back(cast: Cast, dentist: Service) -> None:
    other = service(cast, "Vaccins", dentist.place, themes=[Theme.VACCINATION])
    client = cast.client("mediator")
    assert "Vaccins" in client.get("/annuaire/habitants/").content.decode()

    client.post("/annuaire/habitants/", {"offre": [str(other.pk), "x"]})
    client.post("/annuaire/habitants/?etat=oui", {"offre": [str(dentist.pk)]})

    shown = Service.objects.filter(for_residents=True)
    assert list(shown) == [other]
    assert "Vaccins" in _page(sign="vaccine") and "Soins dentaires" not in _page()
