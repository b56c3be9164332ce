import io
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allervers.core import clock
from allervers.needs.models import Encounter, Need
from allervers.people import actions as people
from allervers.people.models import PersonCard
from allervers.programmes import actions
from allervers.programmes.models import Action, Attendance, DeclaredFigure, Session
from allervers.referrals.actions.sending import SENDABLE
from allervers.referrals.models import Referral
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _nothing_asks_a_second_factor(settings: object, tmp_path: Path) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def url(name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=args)


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def arrive(cast: Cast, session: Session, follow: bool = True, **said: object) -> Any:
    data = {"operation": uuid4(), "who": "", "language": "", **said}
    return cast.client("mediator").post(url("screening_arrival", session.pk), data, follow=follow)


def test_empty_pages_say_what_to_do(cast: Cast, campaign: Action, session: Session) -> None:
    lead = cast.client("lead")

    assert "Personne n’est encore arrivé." in text(lead.get(url("screening_session", session.pk)))
    assert "Rien à dessiner pour l’instant." in text(lead.get(url("funnel", campaign.slug)))
    assert "Aucune campagne pour l’instant." in text(cast.client("foreigner").get(url("screenings")))
    session.delete()
    assert "Aucune séance ici pour l’instant." in text(lead.get(url("screening_campaign", campaign.slug)))


def test_someone_arrives_by_code_phone_name_or_nothing(cast: Cast, session: Session) -> None:
    code, phoned, named = cast.card(named=False), cast.card(), cast.card()
    from allervers.people import tokens, vault
    from allervers.people.identity import parse

    for card in (phoned, named):
        tokens.write(card, parse(vault.identity(card), today=clock.today()))

    assert code.code in text(arrive(cast, session, who=code.code, language="ta"))
    arrive(cast, session, who=vault.identity(phoned)["phones"][0]["number"])
    asked = text(arrive(cast, session, who=vault.identity(named)["last_name"]))
    assert f'value="{named.pk}"' in asked and "Ajouter sans nom" in asked
    arrive(cast, session, who="peu importe", card=named.pk)
    assert "Sans nom 4" in text(arrive(cast, session))

    lines = list(Attendance.objects.order_by("position").values_list("card", "stratum", "language"))
    assert lines == [
        (code.pk, "coded", "ta"),
        (phoned.pk, "identified", ""),
        (named.pk, "identified", ""),
        (None, "anonymous", ""),
    ]


def test_someone_unknown_here_gets_a_code_or_a_card_if_she_likes(cast: Cast, session: Session) -> None:
    assert "Personne ne répond à « Zzyx Inconnue » ici." in text(arrive(cast, session, who="Zzyx Inconnue"))
    assert not Attendance.objects.exists()

    arrive(cast, session, who="Zzyx Inconnue", new="code")
    arrive(cast, session, who="Zzyx Inconnue", new="card")

    assert list(Attendance.objects.order_by("position").values_list("stratum", flat=True)) == ["coded", "identified"]
    assert PersonCard.objects.filter(hub=cast.wazemmes).count() == 2


def test_same_arrival_sent_twice_is_one_person(cast: Cast, session: Session) -> None:
    operation = uuid4()

    for _ in range(2):
        arrive(cast, session, operation=operation, who="Zzyx", new="code")

    assert Attendance.objects.count() == PersonCard.objects.count() == 1


def test_arrival_refused_keeps_what_was_typed(cast: Cast, session: Session) -> None:
    card = cast.card(named=False)
    arrive(cast, session, who=card.code)

    again = text(arrive(cast, session, who=card.code))

    assert "déjà sur la liste, au numéro 1" in again
    assert f'value="{card.code}"' in again


def test_one_tap_notes_a_result_and_another_undoes_it(cast: Cast, session: Session) -> None:
    line = actions.add_walk_in(session, by=cast.viewer("mediator"))
    client = cast.client("mediator")

    page = client.post(url("screening_line", line.pk), {"do": "urgent"}, follow=True)
    assert "Sans nom 1 : c’est noté." in text(page)
    assert Encounter.objects.filter(cancelled_at=None).count() == 1

    undone = client.post(
        url("screening_line", line.pk), {"do": "undo", "arrival": "waiting", "result": ""}, follow=True
    )
    assert "c’est noté" not in text(undone)
    line.refresh_from_db()
    assert (line.arrival, line.result) == ("waiting", "")
    client.post(url("screening_line", line.pk), {"do": "remove"})
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("do", ["", "dance", "undo"])
def test_a_gesture_that_is_none_changes_nothing(cast: Cast, session: Session, do: str) -> None:
    line = actions.add_walk_in(session, by=cast.viewer("mediator"))

    page = cast.client("mediator").post(url("screening_line", line.pk), {"do": do}, follow=True)

    assert "Rien n’a changé" in text(page)


def test_ticked_lines_open_needs_and_referrals_to_the_partner(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    agreed = cast.card()
    people.agree_to_share(agreed, recipient=cast.hospital, content=list(SENDABLE), by=by)
    lines = [actions.add_walk_in(session, card=card, by=by) for card in (agreed, cast.card(), None)]
    for line in lines:
        actions.set_result(line, result="appointment", by=by)
    client = cast.client("mediator")
    assert text(client.get(url("screening_session", session.pk))).count("checked>") == 3

    data = {"ligne": [line.pk for line in lines], "recipient": cast.hospital.pk}
    page = text(client.post(url("screening_orient", session.pk), data, follow=True))

    told = "3 besoins ouverts, 1 orientation partie vers Hôpital, 1 brouillon attend un accord, 1 personne sans nom"
    assert told in page
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["drafted", "sent"]
    again = text(client.post(url("screening_orient", session.pk), data, follow=True))
    assert "Cochez au moins une personne vue" in again
    nobody = text(client.post(url("screening_orient", session.pk), {"ligne": ["x"], "recipient": ""}, follow=True))
    assert "Choisissez le partenaire" in nobody
    assert Need.objects.count() == 3


def test_coordinator_reads_codes_only_and_writes_no_line(cast: Cast, session: Session) -> None:
    card = cast.card()
    actions.add_walk_in(session, card=card, by=cast.viewer("mediator"))

    page = text(cast.client("coordinator").get(url("screening_session", session.pk)))

    assert card.code in page
    assert "Ajouter à la file" not in page and 'class="tap"' not in page
    mine = text(cast.client("mediator").get(url("screening_session", session.pk)))
    assert card.code not in mine


def test_session_is_closed_counted_whole_or_not_held(cast: Cast, session: Session) -> None:
    client, page = cast.client("mediator"), url("screening_state", session.pk)
    line = actions.add_walk_in(session, by=cast.viewer("mediator"))
    assert "Encore en attente : 1" in text(client.post(page, {"do": "hold"}, follow=True))
    actions.remove(line, by=cast.viewer("mediator"))

    assert "30 personnes venues, comptées sans liste." in text(
        client.post(page, {"do": "count", "count": 30}, follow=True)
    )
    client.post(page, {"do": "count", "count": ""})
    assert "Cette séance n’a pas été tenue." in text(client.post(page, {"do": "cancel"}, follow=True))


def test_paper_list_holds_the_people_and_empty_lines(cast: Cast, session: Session) -> None:
    actions.add_walk_in(session, by=cast.viewer("mediator"))

    page = text(cast.client("mediator").get(url("screening_print", session.pk)))

    assert "Sans nom 1" in page and page.count("<tr>") == 21


def test_campaign_is_opened_with_a_range_and_its_session_planned(cast: Cast) -> None:
    client = cast.client("lead")
    said = {"name": "Dents 2026", "kind": "dental", "year": 2026, "planned_min": 4, "planned_max": 3, "recipient": ""}
    refused = text(client.post(url("screening_campaign_new"), said))
    assert "échangez-les" in refused and "Dents 2026" in refused

    page = text(client.post(url("screening_campaign_new"), {**said, "planned_min": 3, "planned_max": 4}, follow=True))

    assert "3 à 4 prévues" in page
    planned = {"hub": cast.wazemmes.pk, "starts_at": "2026-12-01T09:00", "ends_at": "2026-12-01T08:00"}
    assert "finit avant de commencer" in text(client.post(url("screening_session_new", "dents-2026"), planned))
    client.post(url("screening_session_new", "dents-2026"), {**planned, "ends_at": ""})
    assert Session.objects.get().hub == cast.wazemmes
    elsewhere = {**planned, "hub": cast.moulins.pk}
    assert client.post(url("screening_session_new", "dents-2026"), elsewhere).status_code == 200
    assert Session.objects.count() == 1


def test_past_campaign_is_declared_and_drawn_with_its_candidates(cast: Cast) -> None:
    client = cast.client("coordinator")
    said = {"name": "Optique", "kind": "optical", "year": 2018, "source": "Bilan 2018"}
    client.post(url("screening_campaign_new") + "?forme=declared", said)
    figures = {"people": 90, "need_appointment": 79, "referred": 57, "kept_rate": 54, "equipped": 12}
    figures |= {"equipped_precision": "at_least", "mean_delay_weeks": 8, "mean_delay_weeks_precision": "about"}

    refused = text(client.post(url("screening_declare", "optique-2018"), {**figures, "referred": 80}))
    assert "dépasse" in refused and 'value="80"' in refused
    page = text(client.post(url("screening_declare", "optique-2018"), figures, follow=True))

    assert "De 90 personnes à au moins 12 équipées : de 67 au plus, on ne sait pas la fin." in page
    assert "Si les 54 % portent sur les 57 personnes orientées" in page
    assert "31 sur 57, 43 sur 79" in page and "26 sur 48" in page
    assert "environ 8 semaines" in page
    assert DeclaredFigure.objects.count() == 6 and not Attendance.objects.exists()


def test_funnel_page_counts_circles_and_opens_their_rows(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    card = cast.card()
    for known in (card, None, None):
        line = actions.add_walk_in(session, card=known, by=by)
        actions.set_result(line, result="appointment", by=by)
    actions.note_follow_up(line, orientation="partner", answer="came", outcome="equipped", delay_days=56, by=by)
    client = cast.client("mediator")

    page = text(client.get(url("funnel", session.action.slug)))

    assert "De 3 personnes à 1 équipées : de 2, on ne sait pas la fin." in page
    assert "Délai moyen des 1 personnes vues : 8 semaines." in page
    (drawn,) = re.findall(r"<title>3 sur 3 ont besoin d’un rendez-vous</title><path class=\"go\" d=\"([^\"]+)\"", page)
    assert drawn.count("M") == 3
    rows = url("funnel_rows", session.action.slug) + "?etape=need_appointment&suite=unknown"
    assert rows.replace("&", "&amp;") in page
    mine = text(client.get(rows))
    assert "2 personnes : inconnues" in mine and card.code not in mine
    assert card.code in text(cast.client("coordinator").get(rows))
    assert "Aucune de ces personnes" in text(cast.client("other").get(rows))
    assert client.get(url("funnel_rows", session.action.slug) + "?etape=nowhere").status_code == 404
    assert url("funnel_rows", session.action.slug) not in text(
        cast.client("auditor").get(url("funnel", session.action.slug))
    )


def test_funnel_is_given_as_a_spreadsheet(cast: Cast, session: Session) -> None:
    actions.add_walk_in(session, by=cast.viewer("mediator"))

    told = text(cast.client("mediator").get(url("funnel_export", session.action.slug, "csv")))

    assert "venues au dépistage;1;inconnues : résultat pas noté;1;exact;unknown" in told
    assert cast.client("mediator").get(url("funnel_export", session.action.slug, "pdf")).status_code == 404


def test_follow_up_page_keeps_everything_typed_when_one_line_contradicts_itself(cast: Cast, session: Session) -> None:
    by, client = cast.viewer("mediator"), cast.client("mediator")
    lines = [actions.add_walk_in(session, by=by) for _ in range(2)]
    for line in lines:
        actions.set_result(line, result="appointment", by=by)
    one, two = lines
    data = {f"{one.pk}-orientation": "partner", f"{one.pk}-answer": "came", f"{two.pk}-outcome": "equipped"}

    refused = text(client.post(url("screening_follow_up", session.pk), data))
    assert "notez d’abord" in refused and refused.count("selected") >= 3
    one.refresh_from_db()
    assert one.orientation == ""

    data |= {f"{two.pk}-orientation": "partner", f"{two.pk}-answer": "came", f"{two.pk}-weeks": "8"}
    assert "2 lignes complétées." in text(client.post(url("screening_follow_up", session.pk), data, follow=True))
    two.refresh_from_db()
    assert (two.outcome, two.delay_days) == ("equipped", 56)


def upload(content: str) -> dict[str, io.BytesIO]:
    file = io.BytesIO(content.encode())
    file.name = "liste.csv"
    return {"file": file}


def test_import_page_tries_then_applies(cast: Cast, campaign: Action) -> None:
    client, head = cast.client("mediator"), "campagne;date_seance;pole;resultat;nationalité\n"
    good = head + f"{campaign.slug};02/01/2026;Wazemmes;rdv;secret\n"

    tried = text(client.post(url("screening_import"), upload(good)))
    assert "rien n’est encore enregistré" in tried and "ne se garde jamais ici : nationalité" in tried
    assert not Attendance.objects.exists()
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', tried)

    stranger = text(cast.client("lead").post(url("screening_import"), {"kept": kept}))
    assert "choisissez-le à nouveau" in stranger
    applied = text(client.post(url("screening_import"), {"kept": kept}, follow=True))
    assert "1 personne ajoutée" in applied
    assert Attendance.objects.count() == 1
    again = text(client.post(url("screening_import"), {"kept": kept}))
    assert "choisissez-le à nouveau" in again


def test_import_page_explains_refused_lines_and_offers_nothing_to_apply(cast: Cast, campaign: Action) -> None:
    bad = f"campagne;date_seance;pole;resultat\n{campaign.slug};02/01/2026;Wazemmes;cataracte\n"

    page = text(cast.client("mediator").post(url("screening_import"), upload(bad)))

    assert "1 ligne à corriger, rien n’est enregistré" in page
    assert "Le résultat « cataracte » n’est pas compris." in page
    assert 'name="kept"' not in page
    empty = text(cast.client("mediator").post(url("screening_import"), upload(" ")))
    assert "Ce fichier est vide" in empty


def test_templates_are_given(cast: Cast) -> None:
    client = cast.client("mediator")

    assert "campagne;date_seance" in text(client.get(url("screening_template", "csv")))
    assert client.get(url("screening_template", "xlsx")).content[:2] == b"PK"
    assert client.get(url("screening_template", "exe")).status_code == 404


@pytest.mark.parametrize("page", ["session", "campaign", "list", "funnel", "rows", "follow_up"])
def test_pages_take_the_same_queries_for_one_and_three(cast: Cast, session: Session, page: str) -> None:
    by, client = cast.viewer("mediator"), cast.client("mediator")
    slug = session.action.slug
    address = {
        "session": url("screening_session", session.pk),
        "campaign": url("screening_campaign", slug),
        "list": url("screenings"),
        "funnel": url("funnel", slug),
        "rows": url("funnel_rows", slug),
        "follow_up": url("screening_follow_up", session.pk),
    }[page]
    counts = []
    for people_there in (1, 3):
        while Attendance.objects.count() < people_there:
            line = actions.add_walk_in(session, card=cast.card(), by=by)
            actions.set_result(line, result="appointment", by=by)
            actions.plan_session(session.action, hub=cast.wazemmes, starts_at=clock.now(), by=by)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            text(client.get(address))
        counts.append(len(queries))

    assert counts[0] == counts[1]
