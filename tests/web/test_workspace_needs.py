from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allervers.core import clock
from allervers.journal.models import IdentityRead
from allervers.needs import actions
from allervers.needs.enums import Attempt, Category
from allervers.needs.enums import Obstacle as ObstacleKind
from allervers.needs.models import Contact, HandOver, Need, Obstacle
from allervers.outbox.actions import opened
from allervers.outbox.models import Message
from allervers.people import actions as people
from allervers.people import vault
from allervers.people.models import PersonCard
from allervers.referrals import tasks as referral_tasks
from tests.cast import Cast
from tests.referrals.scene import Partner, sent


def _need(cast: Cast, card: PersonCard | None = None, **values: object) -> Need:
    met = actions.Met(
        accompanied=True, needs=[actions.Want(Category.EYES, "je ne lis plus")], plan=actions.Plan(clock.now())
    )
    encounter = actions.note_encounter(met, by=cast.viewer("mediator"), card=card or cast.card())
    return Need.objects.select_related("card", "network").get(encounter=encounter)


def test_need_shows_its_thread_to_its_hub_only(cast: Cast) -> None:
    need = _need(cast)
    url = f"/besoins/{need.pk}/"

    page = cast.client("mediator").get(url).content.decode()

    assert "« je ne lis plus »" in page
    assert "Besoin ouvert : lunettes, yeux" in page
    assert "Personne accompagnée." in page
    for who in ("sister", "other", "foreigner", "ambassador", "volunteer", "auditor", "technical", "member"):
        assert cast.client(who).get(url).status_code == 404


def test_coordinator_reads_codes_and_states_and_writes_nothing(cast: Cast) -> None:
    need = _need(cast)
    client = cast.client("coordinator")

    page = client.get(f"/besoins/{need.pk}/").content.decode()

    assert need.card.code in page
    assert "je ne lis plus" not in page
    assert "need_close" not in page
    assert client.post(f"/besoins/{need.pk}/clore/").status_code == 404
    assert need.card.code in client.get("/besoins/").content.decode()
    assert need.card.code not in client.get("/besoins/?etat=closed").content.decode()


def test_opening_how_to_reach_her_leaves_a_line(cast: Cast) -> None:
    need, client = _need(cast), cast.client("mediator")
    number = vault.identity(need.card)["phones"][0]["number"]

    closed = client.get(f"/besoins/{need.pk}/").content.decode()
    before = IdentityRead.objects.count()
    opened = client.get(f"/besoins/{need.pk}/?joindre=1").content.decode()

    assert number not in closed
    assert number in opened
    assert (before, IdentityRead.objects.count()) == (0, 1)


def test_everything_about_a_need_is_done_from_its_page(cast: Cast) -> None:
    need, client = _need(cast), cast.client("mediator")
    url = f"/besoins/{need.pk}/"
    day = (clock.today() + timedelta(days=3)).isoformat()

    client.post(
        url + "suite/",
        {"next-day": day, "next-hour": "14:30", "next-step": "la voir", "next-owner": str(need.owner_id)},
    )
    client.post(
        url + "contact/", {"contact-operation": str(uuid4()), "contact-result": "voicemail", "contact-note": "rappeler"}
    )
    client.post(url + "obstacle/", {"obstacle-operation": str(uuid4()), "obstacle-kind": "language"})
    client.post(url + "relais/", {"hand-to": f"hub:{cast.moulins.pk}", "hand-note": "elle déménage"})
    client.post(url + "reponse/", {"says": "nobody"})
    page = client.get(url).content.decode()
    client.post(url + "clore/", {"outcome": "moved_away"})

    need = Need.objects.select_related("card").get()
    for words in (
        "rappeler",
        "Message laissé",
        "Obstacle : la langue",
        "Relais proposé à Moulins",
        "personne n’a appelé",
    ):
        assert words in page
    assert need.outcome == "moved_away"
    assert (HandOver.objects.count(), Obstacle.objects.count()) == (1, 1)
    client.post(url + "rouvrir/")
    assert Need.objects.get().is_open


def test_past_day_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    need = _need(cast)

    answer = cast.client("mediator").post(
        f"/besoins/{need.pk}/suite/", {"next-day": "2020-11-12", "next-step": "appeler l’opticien", "next-owner": ""}
    )

    page = answer.content.decode()
    assert "Le 12 novembre est passé. Choisissez aujourd’hui ou plus tard." in page
    assert "appeler l’opticien" in page


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("suite", {"next-day": "2999-01-01", "next-step": "appeler", "next-owner": ""}),
        ("contact", {"contact-operation": str(uuid4()), "contact-result": "note", "contact-note": "à rappeler"}),
        ("relais", {"hand-note": "à suivre"}),
    ],
)
def test_nothing_more_is_written_of_someone_erased(cast: Cast, act: str, typed: dict[str, str]) -> None:
    need = _need(cast)
    people.erase_card(need.card, by=cast.viewer("mediator"))

    sent = {"hand-to": f"hub:{cast.moulins.pk}", **typed} if act == "relais" else typed
    answer = cast.client("mediator").post(f"/besoins/{need.pk}/{act}/", sent)

    assert "Cette personne a été effacée" in answer.content.decode()
    need.refresh_from_db()
    assert (bytes(need.next_step), need.next_contact_at) == (b"", None)
    assert not Contact.objects.exists() and not HandOver.objects.exists()


@pytest.mark.parametrize("act", ["suite", "contact", "clore", "rouvrir", "obstacle", "relais", "reponse"])
def test_another_team_does_nothing_to_it(cast: Cast, act: str) -> None:
    need = _need(cast)

    for who in ("sister", "other", "foreigner", "ambassador", "coordinator"):
        assert cast.client(who).post(f"/besoins/{need.pk}/{act}/", {"outcome": "solved"}).status_code == 404

    assert Need.objects.get().is_open


@pytest.mark.parametrize("path", ["/", "/?equipe=1", "/besoins/", "/relais/"])
def test_pages_ask_as_many_queries_for_one_row_as_for_three(cast: Cast, path: str) -> None:
    client = cast.client("mediator")
    asked = []
    for _ in range(2):
        for _ in range(1 if not asked else 2):
            _need(cast)
            actions.bring(by=cast.viewer("ambassador"), hub=cast.wazemmes, category=Category.GP)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_thread_asks_as_many_queries_for_one_contact_as_for_three(cast: Cast) -> None:
    need, client, asked = _need(cast), cast.client("mediator"), []
    for times in (1, 2):
        for _ in range(times):
            actions.add_contact(need, by=cast.viewer("mediator"), result=Attempt.REACHED, note="vue")
            actions.note_obstacle(need, by=cast.viewer("mediator"), kind=ObstacleKind.COST)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/besoins/{need.pk}/")
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_today_s_title_is_the_answer(cast: Cast) -> None:
    client = cast.client("mediator")

    nobody = client.get("/").content.decode()
    _need(cast)
    one = client.get("/").content.decode()
    _need(cast)
    two = client.get("/").content.decode()

    assert "Personne n’attend" in nobody
    assert "Une personne attend un signe de vous." in one
    assert "Deux personnes attendent un signe de vous." in two


def test_coordinator_s_today_counts_hubs_by_code(cast: Cast) -> None:
    need = _need(cast)
    Need.objects.update(next_contact_at=clock.after(days=-3))

    page = cast.client("coordinator").get("/").content.decode()

    assert "Deux pôles n’ont rien noté depuis une semaine." in page
    assert need.card.code in page


@pytest.mark.parametrize("who", ["ambassador", "volunteer", "member", "auditor", "technical"])
def test_other_roles_start_where_their_work_is(cast: Cast, who: str) -> None:
    answer = cast.client(who).get("/", follow=True)

    assert answer.status_code == 200


@pytest.mark.parametrize("year", ["²⁰²⁶", "9" * 5000, "0000"])
def test_obstacles_of_a_year_that_cannot_be_read_are_those_of_this_year(cast: Cast, year: str) -> None:
    assert cast.client("mediator").get("/obstacles/", {"annee": year}).status_code == 200


def test_obstacles_hide_small_numbers_of_others(cast: Cast) -> None:
    for _ in range(3):
        actions.note_obstacle(_need(cast), by=cast.viewer("mediator"), kind=ObstacleKind.LANGUAGE)

    own = cast.client("mediator").get("/obstacles/").content.decode()
    network = cast.client("coordinator").get("/obstacles/").content.decode()
    for _ in range(8):
        actions.note_obstacle(_need(cast), by=cast.viewer("mediator"), kind=ObstacleKind.LANGUAGE)
    enough = cast.client("coordinator").get("/obstacles/").content.decode()

    assert "<b>3</b>" in own
    assert "moins de 11" in network and "<b>3</b>" not in network
    assert "<b>11</b>" in enough


@pytest.mark.parametrize("what", ["besoins", "rencontres"])
def test_export_gives_codes_and_no_formula(cast: Cast, what: str) -> None:
    need = _need(cast)
    cast.wazemmes.name = "=1+1"
    cast.wazemmes.save()

    for who in ("mediator", "coordinator"):
        answer = cast.client(who).get(f"/besoins/tableur/{what}.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert need.card.code in text
        assert "je ne lis plus" not in text
        assert ";'=1+1;" in text
    answer = cast.client("mediator").get(f"/besoins/tableur/{what}.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert need.card.code in [cell.value for cell in sheet[2]]


def test_export_stops_at_the_hub_and_at_three_columns_of_kinds(cast: Cast) -> None:
    _need(cast)

    sister = b"".join(cast.client("sister").get("/besoins/tableur/besoins.csv").streaming_content).decode()

    assert len(sister.splitlines()) == 1
    assert cast.client("ambassador").get("/besoins/tableur/besoins.csv").status_code == 404
    assert cast.client("mediator").get("/besoins/tableur/autre.csv").status_code == 404
    assert cast.client("mediator").get("/besoins/tableur/besoins.pdf").status_code == 404


def test_need_shows_which_reminders_left_and_none_of_their_words(cast: Cast) -> None:
    noon = datetime(2027, 1, 11, 11, tzinfo=UTC)  # a Monday
    with clock.fixed(noon):
        referral, other = sent(cast, tell=True), sent(cast)
    with clock.fixed(noon + timedelta(days=8)):
        referral_tasks.tick(clock.now())
        Partner().says(referral, "appointment", appointment_at=noon + timedelta(days=9))
        referral_tasks.tick(clock.now())
        Message.objects.filter(purpose="return_link").update(state="sent", sent_at=noon)

        page = cast.client("mediator").get(f"/besoins/{referral.need_id}/").content.decode()
        coordinator = cast.client("coordinator").get(f"/besoins/{referral.need_id}/").content.decode()
        elsewhere = cast.client("mediator").get(f"/besoins/{other.need_id}/").content.decode()

    for shown in (page, coordinator):
        assert "Lien de réponse au partenaire, parti" in shown
        assert "Relance du partenaire, en attente" in shown
        assert "Rappel du rendez-vous par SMS, en attente" in shown
    assert "Lien de réponse" not in elsewhere and "Rappel du rendez-vous" not in elsewhere
    assert not [text for row in Message.objects.all() if (text := opened(row)[2]) and text[:40] in page]
