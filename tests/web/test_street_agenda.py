"""Door 5 and the feed: what everyone may read of what is to come, and nothing else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from defusedxml import ElementTree
from django.test import Client

from allervers.accounts.models import Hub, Organisation
from allervers.core import clock
from allervers.prevention import actions as prevention
from allervers.programmes import actions
from allervers.programmes.enums import ActionKind
from allervers.programmes.models import Session
from allervers.relief.enums import CallKind
from tests.cast import Cast
from tests.relief.test_actions import called, offered

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=PARIS)


@pytest.fixture
def session(cast: Cast) -> Session:
    Hub.objects.filter(pk=cast.wazemmes.pk).update(
        phone="03 20 00 00 00", address="1, rue du Port", opening_hours="Mo-Fr 09:00-12:00"
    )
    terms = actions.Terms("Campagne interne", ActionKind.OPTICAL, 2026)
    by = cast.viewer("lead")
    with clock.fixed(TUESDAY - timedelta(days=9)):
        campaign = actions.create_campaign(cast.association.pk, terms=terms, by=by)
        return actions.plan_session(
            campaign,
            hub=cast.wazemmes,
            starts_at=THURSDAY,
            ends_at=THURSDAY + timedelta(hours=3),
            note="Interprète attendue",
            for_residents=True,
            by=by,
        )


def _get(path: str, at: datetime = TUESDAY) -> str:
    with clock.fixed(at):
        response = Client().get(path)
    assert response.status_code == 200 and response.cookies == {}
    return response.content.decode()


def _agenda(query: str = "", reader: str = "fr", at: datetime = TUESDAY) -> str:
    return _get(f"/porte/lille/{reader}/agenda/{query}", at)


def test_a_session_says_when_where_and_what_and_nothing_of_the_team(cast: Cast, session: Session) -> None:
    page = _agenda()

    assert "On regarde vos yeux" in page and "9\u00a0h – 12\u00a0h" in page and "jeudi 26 novembre" in page
    assert "Wazemmes, 1, rue du Port" in page and 'href="tel:0320000000"' in page
    assert "Campagne interne" not in page and "Interprète" not in page


@pytest.mark.parametrize("why", ["not chosen", "held", "not held", "elsewhere", "over", "far"])
def test_what_is_not_for_residents_is_not_there(cast: Cast, session: Session, why: str) -> None:
    changed: dict[str, object] = {
        "not chosen": {"for_residents": False},
        "held": {"held": True},
        "not held": {"held": False},
        "elsewhere": {"network": cast.toulouse},
        "over": {"starts_at": TUESDAY - timedelta(hours=4), "ends_at": TUESDAY - timedelta(hours=1)},
        "far": {"starts_at": TUESDAY + timedelta(days=61), "ends_at": None},
    }[why]  # type: ignore[assignment]
    Session.objects.filter(pk=session.pk).update(**changed)

    page = _agenda()

    assert "On regarde vos yeux" not in page and "Rien de prévu ici" in page
    with clock.fixed(TUESDAY):
        assert Client().get(f"/porte/lille/fr/agenda/{session.pk}.ics").status_code == 404
    assert "vos yeux" not in _get("/porte/lille/actions.rss")


def test_what_goes_on_now_is_still_there(cast: Cast, session: Session) -> None:
    page = _agenda(at=THURSDAY + timedelta(hours=1))

    assert "On regarde vos yeux" in page and "Aujourd’hui" in page


def test_one_hub_at_a_time(cast: Cast, session: Session) -> None:
    assert "On regarde vos yeux" in _agenda("?pole=wazemmes")
    other = _agenda("?pole=moulins")
    assert "On regarde vos yeux" not in other and 'value="moulins" checked' in other


def test_hubs_say_their_door_and_their_telephone(cast: Cast, session: Session) -> None:
    page = _agenda()

    assert '<p class="state state--open"><span>Ouvert jusqu’à 12\u00a0h</span></p>' in page
    assert page.count('<li class="place">') == 3 and "Arnaud-Bernard" not in page


def test_the_agenda_speaks_the_readers_language(cast: Cast, session: Session) -> None:
    arabic = _agenda(reader="ar")

    assert "On regarde vos yeux" not in arabic and 'dir="rtl"' in arabic


def test_one_event_goes_into_a_calendar(cast: Cast, session: Session) -> None:
    with clock.fixed(TUESDAY):
        response = Client().get(f"/porte/lille/fr/agenda/{session.pk}.ics")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert (event["summary"], event["location"]) == ("On regarde vos yeux", "Wazemmes, 1, rue du Port")
    assert (event["dtstart"].dt, event["dtend"].dt) == (THURSDAY, THURSDAY + timedelta(hours=3))


def test_the_feed_tells_calls_sessions_and_messages_and_no_one(cast: Cast, session: Session, settings: object) -> None:
    settings.PUBLIC_URL = "https://sante.example"  # type: ignore[attr-defined]  # a fixture of pytest-django
    today = TUESDAY.date()
    with clock.fixed(TUESDAY):
        call = called(cast, kind=CallKind.LANGUAGE, language="snk", until=today + timedelta(days=9))
        called(cast, kind=CallKind.FOOD, until=today - timedelta(days=1))
        offered(cast)
        for title in ("Il fait chaud", "En préparation"):
            made = prevention.write(
                cast.lille,
                title=prevention.Line(title, "sun"),
                lines=[prevention.Line("Buvez.")],
                terms=prevention.Terms(today, today + timedelta(days=9)),
                by=cast.viewer("mediator"),
            )
            if title == "Il fait chaud":
                prevention.publish(made, by=cast.viewer("lead"))

    channel = ElementTree.fromstring(_get("/porte/lille/actions.rss"))[0]

    items = {item.findtext("title"): item.findtext("link") for item in channel.findall("item")}
    assert items == {
        "Nous cherchons\u00a0: Quelqu’un qui parle soninké": f"https://sante.example/porte/lille/fr/jaide/?appel={call.pk}#offrir",
        "On regarde vos yeux, Jeudi 26 novembre 2026": "https://sante.example/porte/lille/fr/agenda/",
        "Il fait chaud": "https://sante.example/porte/lille/fr/comprendre/il-fait-chaud/",
    }


def test_a_control_character_breaks_no_feed(cast: Cast) -> None:
    with clock.fixed(TUESDAY):
        today = TUESDAY.date()
        made = prevention.write(
            cast.lille,
            title=prevention.Line("Il fait\x0b chaud\x1f", "sun"),
            lines=[prevention.Line("Buvez.")],
            terms=prevention.Terms(today, today + timedelta(days=9)),
            by=cast.viewer("mediator"),
        )
        prevention.publish(made, by=cast.viewer("lead"))
        called(cast, kind=CallKind.LANGUAGE, language="snk", until=today, words="Lundi\x07 matin")
        cast.lille.name = "Réseau\x02 santé"
        cast.lille.save()

    channel = ElementTree.fromstring(_get("/porte/lille/actions.rss"))[0]

    assert channel.findtext("title") == "Réseau santé"
    items = {item.findtext("title"): item.findtext("description") for item in channel.findall("item")}
    assert "Il fait chaud" in items and any("Lundi matin" in str(told) for told in items.values())


def test_the_feed_of_no_network_is_not_found(cast: Cast) -> None:
    assert Client().get("/porte/nulle-part/actions.rss").status_code == 404


def test_the_team_chooses_what_the_agenda_shows(cast: Cast, session: Session) -> None:
    client, path = cast.client("lead"), f"/depistages/seances/{session.pk}/modifier/"
    said = {"starts_at": "2026-11-26T09:00", "ends_at": "", "place": "", "note": ""}

    client.post(path, said)
    assert not Session.objects.get().for_residents

    client.post(path, said | {"for_residents": "on"})
    assert Session.objects.get().for_residents


@pytest.mark.parametrize("page", ["agenda/", "hors-ligne/", "un-site-pour-tous/"])
def test_a_structure_that_closed_is_not_where_one_is_received(cast: Cast, page: str) -> None:
    Hub.objects.filter(pk=cast.wazemmes.pk).update(phone="03 20 11 11 11")
    assert "03 20 11 11 11" in Client().get(f"/porte/lille/fr/{page}").content.decode()

    Organisation.objects.filter(pk=cast.wazemmes.organisation_id).update(closed_at=clock.now())

    assert "03 20 11 11 11" not in Client().get(f"/porte/lille/fr/{page}").content.decode()
