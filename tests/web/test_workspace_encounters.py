from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from allervers.core import clock
from allervers.needs import sealing
from allervers.needs.models import Encounter, HandOver, Need
from allervers.people import actions as people
from allervers.people import vault
from allervers.people.models import PersonCard, Receipt
from tests.cast import Cast

NEW = "/noter/"
FATOU = {"first_name": "Fatoumata", "last_name": "Traoré", "birth_year": 1961}
TYPED = {"who": "card", "first_name": "Fatoumata", "last_name": "Traore", "birth": "1961"}
STARTS = [("", "Une personne sans nom"), ("06 12 34 56 78", "06 12 34 56 78"), ("Awa Diop", "A. D.")]


def _said(**values: object) -> dict[str, object]:
    return {"operation": str(uuid4()), "who": "none", "needs": ["eyes"], "next": "week", **values}


def test_encounter_with_a_new_card_is_saved_and_can_be_undone(cast: Cast) -> None:
    client = cast.client("mediator")

    said = _said(
        who="card", first_name="Awa", last_name="D", birth="1961", phone="06 12 34 56 78", words="cassées", told="on"
    )
    saved = client.post(NEW, said)
    page = client.get(saved["Location"])

    card, need = PersonCard.objects.get(), Need.objects.select_related("card").get()
    assert saved["Location"] == f"/?saved={Encounter.objects.get().pk}"
    assert (vault.identity(card)["first_name"], sealing.words(need)) == ("Awa", "cassées")
    assert Receipt.objects.get().card == card
    assert "Enregistré." in page.content.decode()
    client.post(reverse("workspace:encounter_undo", args=[Encounter.objects.get().pk]))
    assert not Encounter.objects.standing().exists()


def test_someone_with_a_new_code_is_told_it(cast: Cast) -> None:
    saved = cast.client("mediator").post(NEW, _said(who="code", again="1"), follow=True)

    code = PersonCard.objects.get().code
    assert f"Son code\u00a0: {code}" in saved.content.decode()
    assert saved.redirect_chain[0][0].startswith("/noter/?saved=")


def test_known_code_is_found_and_an_unknown_one_is_said(cast: Cast) -> None:
    card, client = cast.card(named=False), cast.client("mediator")

    unknown = client.post(NEW, _said(who="code", code="Galet 9999", words="mal aux yeux"))
    client.post(NEW, _said(who="code", code=card.code.lower()))

    page = unknown.content.decode()
    assert "Aucun code « Galet 9999 » ici." in page
    assert "mal aux yeux" in page
    assert Encounter.objects.get().card == card


def test_head_count_is_noted_without_needs(cast: Cast) -> None:
    cast.client("lead").post(NEW, _said(who="count", head_count="42", needs=[], informed="on", mode="stand", next=""))

    assert Encounter.objects.get().head_count == 42


APART = {
    "needs": ["teeth", "gp", "coverage"], "words": "mal à gauche", "next": "week", "step": "rappeler",
    "each-gp-next": "settled", "each-coverage-next": "tomorrow", "each-coverage-words": "papiers perdus",
    "each-coverage-step": "apporter le bail",
}  # fmt: skip


def test_each_need_of_several_may_have_its_own_words_and_next_contact(cast: Cast) -> None:
    today = clock.today("Europe/Paris")

    cast.client("mediator").post(NEW, _said(**APART))

    needs = {need.category: need for need in Need.objects.select_related("card")}
    days = {name: local(need.next_contact_at) for name, need in needs.items()}
    assert days == {"teeth": today + timedelta(days=7), "gp": None, "coverage": today + timedelta(days=1)}
    assert {name: sealing.words(need) for name, need in needs.items()} == {
        "teeth": "mal à gauche", "gp": "", "coverage": "papiers perdus"
    }  # fmt: skip
    assert (needs["gp"].outcome, sealing.next_step(needs["coverage"])) == ("solved", "apporter le bail")
    assert sealing.next_step(needs["teeth"]) == "rappeler"


def local(at: datetime | None) -> date | None:
    return at.astimezone(ZoneInfo("Europe/Paris")).date() if at else None


def test_rows_of_each_need_come_with_the_second_one_and_keep_what_was_typed(cast: Cast) -> None:
    client, url = cast.client("mediator"), reverse("workspace:encounter_apart")

    one = client.post(url, _said()).content.decode()
    more = client.post(url, _said(**APART | {"each-teeth-next": "day"})).content.decode()
    recap = client.post(reverse("workspace:encounter_recap"), _said(**APART)).content.decode()

    assert one.strip() == ""
    assert more.count("<fieldset") == 3 and 'value="papiers perdus"' in more
    assert 'class="error"' not in more
    assert "médecin traitant\u00a0: c’est réglé\u00a0; droits santé\u00a0: " in recap


def test_own_day_that_is_missing_is_said_beside_its_need_and_nothing_is_noted(cast: Cast) -> None:
    page = cast.client("mediator").post(NEW, _said(**APART | {"each-gp-next": "day"})).content.decode()

    assert "Relisez ce qui est différent pour chaque besoin." in page
    assert page.count("Choisissez le jour où vous reprenez contact.") == 1
    assert not Encounter.objects.exists()


def test_without_a_script_the_rows_are_asked_for_and_nothing_is_noted(cast: Cast) -> None:
    page = cast.client("mediator").post(NEW, _said(needs=["teeth", "gp"], resumed="1")).content.decode()

    assert page.count('name="each-gp-next"') == 1 and not Encounter.objects.exists()


def test_another_answer_apart_is_another_content(cast: Cast) -> None:
    said, client = _said(**APART), cast.client("mediator")

    client.post(NEW, said)
    again = client.post(NEW, said | {"each-gp-next": "tomorrow"}).content.decode()

    assert "Cette page a déjà servi" in again
    assert Encounter.objects.count() == 1


def test_double_sending_notes_once(cast: Cast) -> None:
    client, said = cast.client("mediator"), _said(who="card", first_name="Awa")

    for _ in range(2):
        client.post(NEW, said)
    changed = client.post(NEW, said | {"first_name": "Aminata"})

    assert (Encounter.objects.count(), PersonCard.objects.count()) == (1, 1)
    assert "Cette page a déjà servi" in changed.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"needs": [], "next": ""}, "Choisissez au moins un besoin"),
        ({"who": "card"}, "Notez un prénom ou un surnom"),
        ({"who": "count"}, "Dites combien de personnes"),
        ({"next": "day"}, "Choisissez le jour"),
        ({"next": "day", "next_day": "2020-11-12"}, "Le 12 novembre est passé. Choisissez aujourd’hui ou plus tard."),
        ({"at": "2199-01-01T10:00"}, "datée d’un jour à venir"),
        ({"who": "card", "first_name": "Awa", "phone": "12"}, "bonne longueur"),
        ({"who": "card", "first_name": "Awa", "birth": "hier"}, "ne se lit pas"),
    ],
)
def test_refusal_says_what_to_do_and_keeps_what_was_typed(cast: Cast, values: dict[str, object], sentence: str) -> None:
    answer = cast.client("mediator").post(
        NEW, _said(words="mes mots", **values) if "needs" not in values else _said(**values)
    )

    assert sentence in answer.content.decode()
    assert not Encounter.objects.exists()
    assert not PersonCard.objects.exists()


def test_without_a_script_the_perhaps_known_are_shown_once(cast: Cast) -> None:
    client = cast.client("mediator")
    known = people.open_card(by=cast.viewer("mediator"), identity=FATOU)
    said = _said(
        **TYPED,
    )

    asked = client.post(NEW, said)
    client.post(NEW, said | {"seen": "1", "card": str(known.pk)})

    assert "C’est la même personne" in asked.content.decode()
    assert Encounter.objects.get().card == known
    assert PersonCard.objects.count() == 1


def test_recap_says_one_sentence_and_whom_it_may_be(cast: Cast) -> None:
    people.open_card(by=cast.viewer("mediator"), identity=FATOU)

    said = _said(**TYPED, needs=["eyes", "teeth"], accompanied="on")
    answer = cast.client("mediator").post("/noter/recap/", said, headers={"hx-request": "true"})

    page = answer.content.decode()
    assert "<b>F. T.</b>" in page
    assert "lunettes, yeux et dents" in page
    assert "Vous l’avez <b>accompagné·e</b>." in page
    assert "Une fiche existe peut-être déjà" in page
    assert not Encounter.objects.exists()


def test_recap_reads_unfinished_answers(cast: Cast) -> None:
    answer = cast.client("mediator").post("/noter/recap/", {"who": "count", "head_count": "x"})

    assert "… personnes" in answer.content.decode()


@pytest.mark.parametrize(("typed", "shown"), STARTS)
def test_who_is_there_opens_the_entry(cast: Cast, typed: str, shown: str) -> None:
    assert shown in cast.client("mediator").post("/noter/qui/", {"q": typed}).content.decode()


def test_who_is_there_finds_a_code(cast: Cast) -> None:
    card = cast.card(named=False)

    page = cast.client("mediator").post("/noter/qui/", {"q": card.code}).content.decode()

    assert f'value="{card.pk}"' in page


def test_refer_at_once_goes_on_to_the_need_or_its_referral(cast: Cast) -> None:
    saved = cast.client("mediator").post(NEW, _said(who="code", next="refer"))

    assert str(Need.objects.get().pk) in saved["Location"]


def test_who_does_not_want_to_be_called_back_is_not(cast: Cast) -> None:
    cast.client("mediator").post(NEW, _said(who="code", next="declined"))

    assert PersonCard.objects.get().no_follow_up
    assert Need.objects.get().next_contact_at is None


@pytest.mark.parametrize(
    "path", [NEW, "/noter/feuille/", "/besoins/", "/obstacles/", "/relais/", "/relais/nouveau/", "/"]
)
def test_pages_show_to_the_team_and_send_others_to_sign_in(cast: Cast, client: object, path: str) -> None:
    assert cast.client("mediator").get(path).status_code == 200
    assert "/compte/" in client.get(path)["Location"]  # type: ignore[attr-defined]


def test_another_team_s_encounter_cannot_be_undone(cast: Cast) -> None:
    cast.client("mediator").post(NEW, _said())
    pk = Encounter.objects.get().pk

    for who in ("sister", "other", "foreigner", "ambassador", "coordinator"):
        assert cast.client(who).post(f"/noter/{pk}/defaire/").status_code == 404

    assert Encounter.objects.standing().exists()


def test_ambassador_brings_someone_who_is_taken_over_and_hears_that_it_is_done(cast: Cast) -> None:
    ambassador, mediator = cast.client("ambassador"), cast.client("mediator")
    told = {"operation": str(uuid4()), "category": "teeth", "hub": str(cast.wazemmes.pk), "name": "Awa", "phone": "0612345678",
            "note": "elle a mal", "person_agreed": "on"}  # fmt: skip

    ambassador.post("/relais/nouveau/", told)
    ambassador.post("/relais/nouveau/", told)
    waiting = mediator.get("/").content.decode()
    handed = HandOver.objects.get()
    mediator.post(f"/relais/{handed.pk}/reponse/", {"answer": "accept"})
    need = Need.objects.get()
    during = ambassador.get("/relais/").content.decode()
    mediator.post(f"/besoins/{need.pk}/clore/")
    after = ambassador.get("/relais/").content.decode()

    assert "elle a mal" in waiting
    assert vault.identity(need.card)["phones"][0]["number"] == "+33612345678"
    assert "Le relais est pris" in during
    assert "C’est fait" in after
    assert ambassador.get(f"/besoins/{need.pk}/").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"answer": ""}, {"answer": "perhaps"}])
def test_an_answer_that_is_neither_yes_nor_no_declines_nothing(cast: Cast, sent: dict[str, str]) -> None:
    ambassador, mediator = cast.client("ambassador"), cast.client("mediator")
    ambassador.post("/relais/nouveau/", {"operation": str(uuid4()), "category": "teeth", "hub": str(cast.wazemmes.pk)})

    page = mediator.post(f"/relais/{HandOver.objects.get().pk}/reponse/", sent, follow=True)

    assert HandOver.objects.waiting().count() == 1
    assert "Rien n’a été dit de ce relais." in page.content.decode()


def test_without_her_agreement_the_ambassador_hears_nothing_of_the_end(cast: Cast) -> None:
    ambassador, mediator = cast.client("ambassador"), cast.client("mediator")
    ambassador.post("/relais/nouveau/", {"operation": str(uuid4()), "category": "teeth", "hub": str(cast.wazemmes.pk)})
    mediator.post(f"/relais/{HandOver.objects.get().pk}/reponse/", {"answer": "accept"})
    mediator.post(f"/besoins/{Need.objects.get().pk}/clore/")

    page = ambassador.get("/relais/").content.decode()

    assert "C’est fait" not in page
    assert "La suite reste entre la personne et le pôle." in page


def test_bad_phone_is_refused_before_it_is_handed_over(cast: Cast) -> None:
    told = {"operation": str(uuid4()), "category": "teeth", "hub": str(cast.wazemmes.pk), "name": "Awa", "phone": "12"}

    page = cast.client("ambassador").post("/relais/nouveau/", told).content.decode()

    assert "bonne longueur" in page
    assert not HandOver.objects.exists()
