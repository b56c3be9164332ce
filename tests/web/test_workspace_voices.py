"""The team's page of a message's voices: links shown once, closed; voices judged by a second person."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allervers.core import clock
from allervers.prevention import actions, house
from allervers.prevention.enums import Origin, RenditionState
from allervers.prevention.models import Invitation, Message
from tests.cast import Cast
from tests.prevention.voiced import spoken


@pytest.fixture
def message(cast: Cast) -> Message:
    today = clock.today()
    made = actions.write(
        cast.lille,
        title=actions.Line("Il fait très chaud", "sun"),
        lines=[actions.Line("Buvez de l’eau.", "glass")],
        terms=actions.Terms(today, today + timedelta(days=90)),
        by=cast.viewer("mediator"),
    )
    actions.publish(made, by=cast.viewer("lead"))
    return made


def test_a_link_and_its_code_are_shown_once_and_open_the_studio(cast: Cast, message: Message) -> None:
    team, path = cast.client("mediator"), f"/messages/{message.pk}/voix/"

    page = team.post(f"{path}inviter/", {"language": "snk", "kind": "record"}).content.decode()
    found = re.search(r"/studio/([\w-]{43})/", page)
    code = re.search(r'code-said">(\d{6})<', page)

    assert found and code
    speaker = Client()
    assert speaker.post(f"/studio/{found[1]}/", {"code": code[1]}).status_code == 302
    assert "Buvez de l’eau." in speaker.get(f"/studio/{found[1]}/").content.decode()
    again = team.get(path).content.decode()
    assert found[1] not in again and code[1] not in again and "soninké" in again


def test_a_closed_link_opens_nothing(cast: Cast, message: Message) -> None:
    team, path = cast.client("mediator"), f"/messages/{message.pk}/voix/"
    page = team.post(f"{path}inviter/", {"language": "bm", "kind": "check"}).content.decode()
    found = re.search(r"/studio/([\w-]{43})/", page)
    assert found and Client().get(f"/studio/{found[1]}/").status_code == 200

    cast.client("other").post(f"/voix/liens/{Invitation.objects.get().pk}/fermer/")

    assert Client().get(f"/studio/{found[1]}/").status_code == 404
    assert "fermé" in team.get(path).content.decode()


def test_an_unknown_language_makes_no_link(cast: Cast, message: Message) -> None:
    answer = cast.client("lead").post(f"/messages/{message.pk}/voix/inviter/", {"language": "xx", "kind": "record"})

    assert (answer.status_code, Invitation.objects.count()) == (400, 0)


def test_a_voice_is_judged_by_a_second_member_and_not_by_its_own(cast: Cast, message: Message) -> None:
    rows = spoken(message, "snk", by=cast.viewer("mediator"))
    given = {"verdict": "oui", "version": 1, "media": rows[1].media_id}

    cast.client("mediator").post(f"/voix/{rows[1].pk}/avis/", given)
    rows[1].refresh_from_db()
    assert rows[1].state == RenditionState.TO_CHECK
    cast.client("lead").post(f"/voix/{rows[1].pk}/avis/", given | {"media": rows[0].media_id})
    rows[1].refresh_from_db()
    assert rows[1].state == RenditionState.TO_CHECK
    cast.client("lead").post(f"/voix/{rows[1].pk}/avis/", given)
    cast.client("lead").post(f"/voix/{rows[0].pk}/avis/", {"verdict": "non", "media": rows[0].media_id})

    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [RenditionState.WITHDRAWN, RenditionState.CHECKED]
    assert Client().get(f"/son/{rows[1].media_id}.ogg").status_code == 200
    assert "Aucune voix n’attend." in cast.client("lead").get(f"/messages/{message.pk}/voix/").content.decode()


def test_a_test_tone_waits_for_nobody(cast: Cast, message: Message) -> None:
    spoken(message, "snk", by=None, origin=Origin.TONE)
    spoken(message, "bm", by=None, origin=Origin.MACHINE)

    page = cast.client("lead").get(f"/messages/{message.pk}/voix/").content.decode()

    assert (page.count("<audio"), "bambara" in page.split("Inviter")[0]) == (2, True)


def test_our_own_words_have_their_page_in_their_own_network(cast: Cast) -> None:
    first = cast.client("lead").get("/voix/appli/").headers["Location"]
    words = house.bring_up_to_date(cast.lille)

    assert first == cast.client("other").get("/voix/appli/").headers["Location"] == f"/messages/{words.pk}/voix/"
    assert cast.client("foreigner").get("/voix/appli/").headers["Location"] != first
    assert cast.client("foreigner").get(first).status_code == 404


def test_the_page_costs_the_same_for_more_voices(cast: Cast, message: Message) -> None:
    client, path = cast.client("lead"), f"/messages/{message.pk}/voix/"
    spoken(message, "snk", by=cast.viewer("mediator"))
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for language in ("bm", "wo", "ar"):
        spoken(message, language, by=cast.viewer("mediator"))
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) == len(few)
