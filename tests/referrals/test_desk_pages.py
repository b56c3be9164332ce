import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from allervers.core import clock
from allervers.journal.models import Event
from allervers.outbox import actions as outbox
from allervers.outbox.models import Message, State
from allervers.people import actions as people
from allervers.people import vault
from allervers.people.models import PersonCard, Receipt
from allervers.referrals import actions
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Answer, Referral, ReturnList, Submission
from tests.cast import Cast
from tests.referrals.scene import Partner, agree, need_of, sent


def _page(cast: Cast, path: str, who: str = "mediator") -> str:
    answer = cast.client(who).get(path)
    assert answer.status_code == 200, f"{path} as {who}: {answer.status_code}"
    return answer.content.decode()


def _initials(referral: Referral) -> str:
    assert referral.card is not None
    names = vault.identity(referral.card)
    return f"{names['first_name'][0]}. {names['last_name'][0]}."


def _list(cast: Cast, size: int = 3) -> ReturnList:
    return actions.make_list(cast.hospital, [sent(cast) for _ in range(size)], by=cast.viewer("mediator"))


@pytest.mark.parametrize("state", ["attend", "silence", "suite", "brouillon", "fini"])
def test_returns_page_shows_each_pile(cast: Cast, state: str) -> None:
    with clock.fixed(clock.now() - timedelta(days=20)):
        sent(cast)
        actions.draft(need_of(cast), by=cast.viewer("mediator"), recipient=cast.hospital)
        Partner().says(sent(cast), "did_not_come")
        Partner().says(sent(cast), "equipped")

    told = _page(cast, f"/retours/?etat={state}")
    assert told.count("<li data-row") == 1
    assert "Une personne dont on ne sait rien" in told


def test_returns_page_for_coordinator_names_no_one(cast: Cast) -> None:
    referral = sent(cast)
    Partner().says(referral, "came")
    Partner().says(referral, "did_not_come")

    told = _page(cast, "/retours/?etat=suite", "coordinator")
    assert referral.card is not None and referral.card.code in told
    assert _initials(referral) not in told
    assert _initials(referral) not in _page(cast, f"/retours/{referral.pk}/", "coordinator")
    assert _initials(referral) in _page(cast, f"/retours/{referral.pk}/")


@pytest.mark.parametrize("path", ["/retours/", "/retours/?etat=fini"])
def test_returns_page_asks_the_database_the_same_for_one_and_three(cast: Cast, path: str) -> None:
    client, counts = cast.client("mediator"), []
    for more in (1, 2):
        for _ in range(more):
            sent(cast)
            Partner().says(sent(cast), "came", operation=str(Referral.objects.count()))
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_list_page_asks_the_database_the_same_for_one_and_three(cast: Cast) -> None:
    client, counts = cast.client("mediator"), []
    for size in (1, 3):
        path = f"/retours/listes/{_list(cast, size).pk}/"
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_new_referral_from_need_to_agreement_to_partner(cast: Cast) -> None:
    need = need_of(cast, cast.card(speaks=["ar"]))
    client = cast.client("mediator")
    assert client.get(f"/retours/nouvelle/{need.pk}/").status_code == 200
    drafted = client.post(
        f"/retours/nouvelle/{need.pk}/",
        {"recipient": str(cast.hospital.pk), "content": ["initials", "need", "language"]},
    )
    page = client.get(drafted["Location"]).content.decode()
    assert 'dir="rtl"' in page and cast.hospital.name in page

    first = client.post(f"{drafted['Location']}envoyer/", {"language": "ar", "mode": ""})
    assert first.status_code == 400 and "manque l’accord" in first.content.decode()
    client.post(f"{drafted['Location']}envoyer/", {"language": "ar", "mode": "read_aloud"})
    client.post(f"{drafted['Location']}envoyer/", {"language": "ar", "mode": "read_aloud"})

    receipt = Receipt.objects.get()
    referral = Referral.objects.get()
    assert (receipt.language, receipt.recipient, receipt.mode) == ("ar", cast.hospital, "read_aloud")
    assert (referral.state, referral.agreement) == ("sent", receipt)
    assert Message.objects.filter(purpose="return_link").count() == 1


def test_new_referral_without_need_asks_which(cast: Cast) -> None:
    need = need_of(cast)
    need.owner = cast.memberships["mediator"]
    need.save()

    told = _page(cast, "/retours/nouvelle/")
    assert f"/retours/nouvelle/{need.pk}/" in told
    assert cast.client("sister").get(f"/retours/nouvelle/{need.pk}/").status_code == 404


def test_refused_draft_keeps_what_was_typed(cast: Cast) -> None:
    need = need_of(cast)

    page = cast.client("mediator").post(f"/retours/nouvelle/{need.pk}/", {"recipient": "", "content": ["need"]})

    told = page.content.decode()
    assert page.status_code == 400 and "Choisissez la structure" in told
    assert re.search(r'value="need"[^>]*checked', told) and not re.search(r'value="initials"[^>]*checked', told)


def test_telephone_answer_is_the_same_event_and_is_undone(cast: Cast) -> None:
    referral, client = sent(cast), cast.client("mediator")
    path = f"/retours/{referral.pk}/"

    missing = client.post(f"{path}reponse/", {"kind": "appointment", "operation": "1"})
    assert missing.status_code == 400 and "Il manque la date" in missing.content.decode()
    client.post(f"{path}reponse/", {"kind": "did_not_come", "reason": "cost", "operation": "2"})
    referral.refresh_from_db()
    assert (referral.state, Answer.objects.get().reason) == ("missed", "cost")
    assert Event.objects.filter(kind="referral.answered").count() == 1
    client.post(f"{path}defaire/")
    referral.refresh_from_db()
    assert referral.state == "sent"


@pytest.mark.parametrize(
    ("verb", "state"), [("relancer", "sent"), ("clore", "closed"), ("retirer", "closed"), ("annuler", "closed")]
)
def test_steps_do_what_they_say(cast: Cast, verb: str, state: str) -> None:
    referral = sent(cast)
    page = cast.client("mediator").post(f"/retours/{referral.pk}/{verb}/", follow=True)

    referral.refresh_from_db()
    assert (page.status_code, referral.state) == (200, state)


def test_draft_thrown_away_leads_back_to_its_need(cast: Cast) -> None:
    drafted = actions.draft(need_of(cast), by=cast.viewer("mediator"), recipient=cast.hospital)

    page = cast.client("mediator").post(f"/retours/{drafted.pk}/annuler/")
    assert page["Location"] == f"/besoins/{drafted.need_id}/"
    assert not Referral.objects.exists()


def test_elsewhere_ends_and_asks_for_another_place(cast: Cast) -> None:
    referral = sent(cast)
    page = cast.client("mediator").post(f"/retours/{referral.pk}/ailleurs/", follow=True)

    referral.refresh_from_db()
    assert (page.status_code, referral.ended_as) == (200, "elsewhere")


def test_amendment_is_shown_until_someone_has_seen_it(cast: Cast) -> None:
    referral = sent(cast)
    Partner().says(referral, "came")
    Partner().says(referral, "did_not_come")
    amendment = Answer.objects.get(is_amendment=True)

    assert "Réponses qui ont changé" in _page(cast, "/retours/")
    cast.client("mediator").post(f"/retours/changements/{amendment.pk}/vu/")
    assert "Réponses qui ont changé" not in _page(cast, "/retours/")


def test_person_s_word_is_noted_by_her_mediator(cast: Cast) -> None:
    referral = sent(cast)
    cast.client("mediator").post(f"/retours/{referral.pk}/parole/", {"says": "nobody"})

    assert "personne n’a appelé" in _page(cast, f"/retours/{referral.pk}/")


def test_list_is_made_of_all_who_wait_and_sent_with_a_code_said_once(cast: Cast) -> None:
    rows = [sent(cast) for _ in range(3)]
    Partner().says(rows[0], "came")
    client = cast.client("mediator")
    page = client.get(f"/retours/listes/nouvelle/?partenaire={cast.hospital.pk}").content.decode()
    assert page.count('name="referral"') == 2
    operation = re.search(r'name="operation" value="([^"]+)"', page)
    assert operation
    said = {"partenaire": str(cast.hospital.pk), "referral": [str(row.pk) for row in rows], "operation": operation[1]}
    where = client.post("/retours/listes/nouvelle/", said)["Location"]
    assert client.post("/retours/listes/nouvelle/", said)["Location"] == where
    assert ReturnList.objects.get().lines.count() == 2

    client.post(f"{where}lien/")
    client.post(f"{where}code/")
    first, second = (client.get(where).content.decode() for _ in range(2))
    digits = re.search(r"code-said\">(\d{3}) (\d{3})", first)
    assert digits and "code-said" not in second
    actions.check_code(ReturnList.objects.get(), digits[1] + digits[2])
    client.post(f"{where}couper/")
    assert not ReturnList.objects.get().is_open()


def test_sheet_is_a_tagged_pdf_with_codes_and_initials_only_for_the_team(cast: Cast) -> None:
    made = _list(cast, 57)
    lines = [line.referral for line in made.lines.select_related("referral__card")]
    for who, sees in (("mediator", True), ("coordinator", False)):
        answer = cast.client(who).get(f"/retours/listes/{made.pk}/feuille.pdf")
        reader = PdfReader(io.BytesIO(answer.content))
        root = reader.trailer["/Root"]
        text = " ".join(page.extract_text() for page in reader.pages)

        assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "fr"
        assert reader.metadata is not None and reader.metadata.title
        assert "pdfuaid" in root["/Metadata"].get_data().decode()
        assert made.sheet_code in text
        assert all(referral.line_code in text for referral in lines)
        assert (_initials(lines[0]) in text) is sees


def test_a_minor_does_not_agree_by_a_word_out_of_the_list(cast: Cast) -> None:
    need = need_of(cast, cast.card(is_minor=True))
    drafted = actions.draft(need, by=cast.viewer("mediator"), recipient=cast.hospital)

    page = cast.client("mediator").post(
        f"/retours/{drafted.pk}/envoyer/", {"mode": "read_aloud", "agreed_by": "personne"}
    )

    assert page.status_code == 400 and not Receipt.objects.exists()
    assert Referral.objects.get().state == "drafted"


def test_undoing_what_changed_since_says_that_nothing_was(cast: Cast) -> None:
    made = _list(cast, 1)
    referral = made.lines.get().referral
    given = [actions.Given(referral.pk, AnswerKind.DID_NOT_COME)]
    heard = actions.answer(given, by=cast.viewer("mediator"), channel=AnswerBy.SHEET, operation="1", return_list=made)
    actions.propose_again(referral, by=cast.viewer("mediator"))
    client = cast.client("mediator")
    assert heard.submission is not None

    by_line = client.post(f"/retours/{referral.pk}/defaire/", follow=True).content.decode()
    by_sheet = client.post(f"/retours/saisie/{heard.submission.pk}/annuler/", follow=True).content.decode()

    assert "Rien n’a été annulé" in by_line and "Réponse annulée" not in by_line
    assert "Rien n’a été annulé" in by_sheet and "Saisie annulée" not in by_sheet
    assert Referral.objects.get().state == "sent"


@pytest.mark.parametrize("typed", ["9999-12-31T10:00", "0001-01-01T00:00"])
@pytest.mark.parametrize("kind", ["appointment", "came"])
def test_telephone_answer_at_an_impossible_date_is_said(cast: Cast, kind: str, typed: str) -> None:
    referral = sent(cast)

    page = cast.client("mediator").post(
        f"/retours/{referral.pk}/reponse/", {"operation": "1", "kind": kind, "appointment_at": typed}
    )

    assert page.status_code == 400
    assert "à plus de deux ans" in page.content.decode()
    assert not Answer.objects.exists()


def test_coordinator_keys_a_sheet_in_by_codes_and_undoes_it(cast: Cast) -> None:
    made = _list(cast)
    client = cast.client("coordinator")
    page = client.get(f"/retours/saisie/?feuille={made.sheet_code.lower()}").content.decode()
    assert all(line.referral.line_code in page for line in made.lines.select_related("referral"))
    assert not any(_initials(line.referral) in page for line in made.lines.select_related("referral__card"))
    said = {
        "feuille": made.sheet_code,
        "channel": "sheet",
        "operation": "1",
        "a1": "equipped",
        "a2": "declined_no_room",
        "w1": "",
        "w2": "",
    }

    done = client.post("/retours/saisie/", said)
    again = client.post("/retours/saisie/", said)

    assert done.status_code == again.status_code == 200 and "2 réponses" in done.content.decode()
    submission = Submission.objects.get()
    assert (submission.by_channel, submission.keyed_by) == ("sheet", cast.memberships["coordinator"])
    assert [line.referral.state for line in made.lines.select_related("referral")] == ["result", "declined", "sent"]
    client.post(f"/retours/saisie/{submission.pk}/annuler/")
    assert {line.referral.state for line in made.lines.select_related("referral")} == {"sent"}


@pytest.mark.parametrize("typed", ["H4K-7MC0", "rien", "ACD-34679"])
def test_wrong_sheet_code_is_said_and_kept(cast: Cast, typed: str) -> None:
    page = cast.client("coordinator").get("/retours/saisie/", {"feuille": typed})

    assert page.status_code == 400 and f'value="{typed}"' in page.content.decode()


def test_sheet_of_another_team_is_not_found(cast: Cast) -> None:
    made = _list(cast)

    for who in ("sister", "other"):
        assert cast.client(who).get("/retours/saisie/", {"feuille": made.sheet_code}).status_code == 400


def test_lost_mail_server_is_said_to_who_can_act(cast: Cast) -> None:
    outbox.mail(to="a@example.org", subject="x", text="y", purpose="return_link", network=cast.lille.id)
    Message.objects.update(
        send_after=clock.now() - timedelta(minutes=30), last_error="ConnectionRefusedError", attempts=2
    )

    assert "Des messages ne partent pas" in _page(cast, "/retours/", "lead")
    assert "Des messages ne partent pas" in _page(cast, "/retours/", "coordinator")
    assert "Des messages ne partent pas" not in _page(cast, "/retours/", "mediator")
    told = _page(cast, "/envois/", "technical")
    assert "ConnectionRefusedError" in told and "a@example.org" not in told


def test_given_up_message_is_sent_again_on_demand(cast: Cast) -> None:
    message = outbox.mail(to="a@example.org", subject="x", text="y", purpose="return_link", network=cast.lille.id)
    assert message is not None
    Message.objects.update(state=State.FAILED, last_error="http_422")

    cast.client("technical").post(f"/envois/{message.pk}/renvoyer/")
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.WAITING, 0)


def test_demonstration_s_box_shows_what_would_leave_and_only_there(cast: Cast, settings: object) -> None:
    outbox.mail(to="a@example.org", subject="Votre code", text="135790", purpose="sign_in")

    assert Client().get("/boite/").status_code == 404
    settings.DEMO = True  # type: ignore[attr-defined]
    told = Client().get("/boite/").content.decode()
    assert "135790" in told and "a@example.org" in told


def _say(referral: Referral) -> str:
    return actions.open_say_link(referral, by=None).split("localhost")[-1].split("/", 1)[1]


def _wrong_digits(card: PersonCard, number: str) -> str:
    """Two digits that are neither the end of her phone nor the number of her code."""
    return next(digits for digits in ("37", "48", "59") if digits not in (number[-2:], card.code.split()[-1]))


def test_person_says_by_her_link_with_two_digits_of_her_phone(cast: Cast) -> None:
    referral = sent(cast)
    assert referral.card is not None
    path, client = f"/{_say(referral)}", Client()
    number = vault.identity(referral.card)["phones"][0]["number"]
    wrong = _wrong_digits(referral.card, number)

    page = client.get(path)
    assert page["Referrer-Policy"] == "no-referrer"
    assert referral.card.code not in page.content.decode() and _initials(referral) not in page.content.decode()
    assert client.post(path, {"says": "happened"}).status_code == 400
    assert client.post(path, {"says": "happened", "digits": wrong}).status_code == 400
    referral.refresh_from_db()
    assert referral.person_says == ""
    assert client.post(path, {"says": "nobody", "digits": number[-2:]}).status_code == 200
    referral.refresh_from_db()
    assert (referral.person_says, referral.state) == ("nobody", "sent")


def test_person_s_link_locks_and_ends(cast: Cast) -> None:
    referral = sent(cast)
    assert referral.card is not None
    path, client = f"/{_say(referral)}", Client()
    number = vault.identity(referral.card)["phones"][0]["number"]
    wrong = _wrong_digits(referral.card, number)
    for _ in range(5):
        client.post(path, {"says": "happened", "digits": wrong})

    assert "Trop d’essais" in client.post(path, {"says": "happened", "digits": number[-2:]}).content.decode()
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert client.get(path).status_code == 404


def test_person_is_asked_by_sms_once_a_day(cast: Cast) -> None:
    referral = sent(cast)
    for _ in range(2):
        cast.client("mediator").post(f"/retours/{referral.pk}/parole/", {"says": "ask"})

    message = Message.objects.get(purpose="say_link")
    assert "/d/" in outbox.opened(message)[2]


def test_erasure_and_export_of_one_person(cast: Cast) -> None:
    from allervers.referrals import duties

    referral = sent(cast)
    assert referral.card is not None
    agree(referral.card, cast.hospital)
    told = duties.export_person(referral.card)
    assert told["referrals"][0]["partner_reads"]["who"] == _initials(referral)

    duties.erase_person(referral.card)
    referral.refresh_from_db()
    assert (bytes(referral.shown), referral.state, referral.say_digest) == (b"", "closed", None)


def test_nothing_of_someone_erased_is_drafted_or_leaves(cast: Cast) -> None:
    need, client = need_of(cast), cast.client("mediator")
    drafted = actions.draft(need, by=cast.viewer("mediator"), recipient=cast.hospital)
    assert need.card is not None
    people.erase_card(need.card, by=cast.viewer("mediator"))

    answers = [
        client.post(f"/retours/{drafted.pk}/envoyer/", {"mode": "read_aloud"}),
        client.post(f"/retours/{drafted.pk}/envoyer/", {}),
        client.post(f"/retours/nouvelle/{need.pk}/", {"recipient": str(cast.city.pk)}),
    ]

    for answer in answers:
        assert answer.status_code == 400
        assert "a été effacée" in answer.content.decode()
    assert list(Referral.objects.values_list("state", flat=True)) == ["drafted"]
    assert str(need.pk) not in client.get("/retours/nouvelle/").content.decode()
