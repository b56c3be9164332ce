"""The pages about persons: the right one, the wrong one, nobody; and what each leaves behind."""

import json
import re
import uuid
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.urls import reverse

from allervers.core import clock
from allervers.journal.models import IdentityRead
from allervers.people import actions, vault
from allervers.people.enums import AgreedBy, LinkState, ReadReason, ReceiptKind
from allervers.people.models import CardLink, PersonCard, Receipt
from tests.cast import Cast

PAGES = ["person", "person_edit", "person_receipt", "person_reads", "person_export", "person_erase"]
WRONG = ["sister", "other", "foreigner", "coordinator", "ambassador", "volunteer", "member", "auditor", "technical"]


def _html(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def _url(name: str, card: PersonCard) -> str:
    return reverse(f"workspace:{name}", kwargs={"pk": card.pk})


@pytest.fixture(autouse=True)
def _erasures(settings: object, tmp_path: Path) -> None:
    settings.ERASURE_FILE = tmp_path / "erasures.log"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_page_answers_the_team_that_keeps_the_card(cast: Cast, name: str) -> None:
    card = cast.card()

    assert cast.client("mediator").get(_url(name, card)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", WRONG)
def test_page_does_not_exist_for_others(cast: Cast, name: str, who: str) -> None:
    assert cast.client(who).get(_url(name, cast.card())).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_page_sends_nobody_to_sign_in(cast: Cast, client: object, name: str) -> None:
    response = client.get(_url(name, cast.card()))  # type: ignore[attr-defined]

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# --- the list and the search -----------------------------------------------------------------------------------------


def test_list_shows_initials_of_her_hub_and_reads_no_one(cast: Cast) -> None:
    mine, coded, theirs = cast.card(), cast.card(named=False), cast.card(cast.moulins)

    page = _html(cast.client("mediator").get(reverse("workspace:persons")))

    assert mine.code in page and coded.code in page and theirs.code not in page
    assert vault.identity(mine)["last_name"] not in page
    assert not IdentityRead.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    cast: Cast, count: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(count):
        cast.card()
    client = cast.client("mediator")
    client.get(reverse("workspace:persons"))

    with django_assert_max_num_queries(10):  # type: ignore[operator]  # the second lock is one
        client.get(reverse("workspace:persons"))


def test_search_by_name_shows_initials_and_keeps_what_was_typed(cast: Cast) -> None:
    card, other = cast.card(), cast.card()
    name = vault.identity(card)["last_name"]

    page = _html(cast.client("mediator").post(reverse("workspace:persons"), {"q": name.lower()}))

    assert f'value="{name.lower()}"' in page
    assert card.code in page
    assert other.code not in page or page.index(card.code) < page.index(other.code)  # two markers may look alike
    assert not IdentityRead.objects.exists()


def test_search_in_a_sister_hub_finds_no_one(cast: Cast) -> None:
    name = vault.identity(cast.card())["last_name"]

    page = _html(cast.client("sister").post(reverse("workspace:persons"), {"q": name.lower()}))

    assert "data-row" not in page


# --- opening ---------------------------------------------------------------------------------------------------------


def test_card_page_is_closed_until_a_reason_is_given(cast: Cast) -> None:
    card = cast.card()
    names = vault.identity(card)
    client = cast.client("mediator")

    closed = _html(client.get(_url("person", card)))
    refused = _html(client.post(_url("person", card)))
    opened = _html(client.post(_url("person", card), {"reason": "call"}))

    for page in (closed, refused):
        assert names["last_name"] not in page
    assert "Choisissez une raison" in refused
    assert names["last_name"] in opened and names["address"] in opened
    read = IdentityRead.objects.get()
    assert (read.reason, read.card_ids, read.reader_id) == ("call", [str(card.id)], cast.memberships["mediator"].id)


def test_readings_are_listed_for_the_person(cast: Cast) -> None:
    card = cast.card()
    cast.client("lead").post(_url("person", card), {"reason": "rights"})

    page = _html(cast.client("mediator").get(_url("person_reads", card)))

    assert "Lead Cast" in page and "elle demande ce que nous gardons" in page
    assert IdentityRead.objects.count() == 1


# --- opening a card, correcting it -----------------------------------------------------------------------------------


def _typed(**values: object) -> dict[str, object]:
    return {"operation": str(uuid.uuid4()), "phone_count": "2", "helper_count": "2", **values}


def test_new_card_is_opened_then_she_is_informed(cast: Cast) -> None:
    typed = _typed(
        first_name="Awa",
        birth="1961",
        speaks_first="bm",
        phone_0_number="06 12 34 56 78",
        phone_0_owner="family",
        phone_0_sms="on",
        helper_0_name="Fanta",
        helper_0_tie="fille",
    )
    client = cast.client("mediator")

    response = client.post(reverse("workspace:person_new"), typed)
    again = client.post(reverse("workspace:person_new"), {**typed, "known": "none"})

    card = PersonCard.objects.get()
    assert response["Location"] == again["Location"] == _url("person_receipt", card)
    phone = {"number": "+33612345678", "owner": "family", "sms": True, "voicemail": False, "hours_note": ""}
    assert vault.identity(card) == {
        "first_name": "Awa", "birth_year": 1961, "phones": [phone | {"hours": ""}], "helpers": [{"name": "Fanta", "tie": "fille"}]
    }  # fmt: skip
    assert card.speaks == ["bm"]


def test_new_person_without_a_name_gets_a_code(cast: Cast) -> None:
    cast.client("mediator").post(reverse("workspace:person_new"), _typed(sex="woman"))

    card = PersonCard.objects.get()
    assert (card.is_named, card.sex) == (False, "woman")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone_1_number", "06 12", "bonne longueur"),
        ("birth", "hier", "ne se lit pas"),
        ("note", "1 61 03 59 350 123 45", "sécurité sociale"),
        ("email", "awa", "il y manque"),
        ("helper_1_phone", "12", "bonne longueur"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(cast: Cast, field: str, value: str, said: str) -> None:
    response = cast.client("mediator").post(reverse("workspace:person_new"), _typed(first_name="Awa", **{field: value}))

    page = _html(response)
    assert said in page and value in page and 'value="Awa"' in page
    assert not PersonCard.objects.exists()


def test_perhaps_known_is_shown_once_and_can_be_checked_later(cast: Cast) -> None:
    identity = {"first_name": "Awa", "last_name": "Diop", "birth": "1961", "phones": [{"number": "0612345678"}]}
    known = actions.open_card(by=cast.viewer("mediator"), identity=identity)
    elsewhere = actions.open_card(by=cast.viewer("sister"), identity=identity)
    typed = _typed(first_name="Diop", last_name="Hawa", birth="1961", phone_0_number="06 12 34 56 78")
    client = cast.client("mediator")

    page = _html(client.post(reverse("workspace:person_new"), typed))
    assert "peut-être déjà" in page and "même téléphone" in page and "prénom et nom inversés" in page
    assert _url("person", known) in page and str(elsewhere.pk) not in page and elsewhere.code not in page
    assert "Connue d’un autre pôle" in page
    client.post(reverse("workspace:person_new"), {**typed, "known": "later"})

    assert PersonCard.objects.count() == 3
    assert set(CardLink.objects.values_list("state", flat=True)) == {LinkState.CANDIDATE}
    assert CardLink.objects.count() == 2


def test_perhaps_known_is_shown_while_typing_within_the_organisation(cast: Cast) -> None:
    identity = {"first_name": "Awa", "last_name": "Diop", "birth": "1961", "phones": [{"number": "0612345678"}]}
    known = actions.open_card(by=cast.viewer("mediator"), identity=identity)
    actions.open_card(by=cast.viewer("sister"), identity=identity)
    url = reverse("workspace:person_known")
    typed = _typed(first_name="Hawa", last_name="Diop", birth="19", phone_0_number="06 12")

    mine = _html(cast.client("mediator").post(url, typed))
    other = _html(cast.client("other").post(url, typed))
    nothing = _html(cast.client("mediator").post(url, _typed()))

    assert _url("person", known) in mine and "orthographe proche" in mine
    assert (mine.count("<li><div"), mine.count("Connue d’un autre pôle")) == (1, 1)
    assert "<button" not in mine and "data-focus" not in mine  # Enter in a name must not answer for her
    assert (other.strip(), nothing.strip()) == ("", "")
    assert not IdentityRead.objects.exists()


def test_card_left_unfinished_by_the_lock_is_shown_without_reproach(cast: Cast) -> None:
    page = _html(cast.client("mediator").post(reverse("workspace:person_new"), _typed(birth="hier", resumed="1")))

    assert 'value="hier"' in page and "ne se lit pas" not in page
    assert not PersonCard.objects.exists()


def test_editing_shows_the_identity_leaves_a_line_and_corrects(cast: Cast) -> None:
    card = cast.card(speaks=["bm", "fr", "snk"])
    names = vault.identity(card)
    client = cast.client("mediator")

    page = _html(client.get(_url("person_edit", card)))
    assert names["last_name"] in page
    assert IdentityRead.objects.get().reason == ReadReason.EDIT
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    response = client.post(_url("person_edit", card), {**values, "first_name": "Fanta", "speaks_first": "fr"})

    assert response["Location"] == _url("person", card)
    card.refresh_from_db()
    assert vault.identity(card)["first_name"] == "Fanta"
    assert vault.identity(card)["last_name"] == names["last_name"]
    assert card.speaks == ["fr", "snk"]


def test_named_card_cannot_lose_its_name(cast: Cast) -> None:
    card = cast.card()

    page = _html(cast.client("mediator").post(_url("person_edit", card), _typed()))

    assert "prénom ou un surnom" in page
    card.refresh_from_db()
    assert vault.identity(card)


def test_code_is_named_on_its_page(cast: Cast) -> None:
    card = cast.card(named=False)

    cast.client("mediator").post(_url("person_edit", card), _typed(nickname="Tonton"))

    card.refresh_from_db()
    assert vault.identity(card) == {"nickname": "Tonton"}


# --- receipts --------------------------------------------------------------------------------------------------------


def _shown(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def _tell(cast: Cast, card: PersonCard, **chosen: object) -> HttpResponseBase:
    client = cast.client("mediator")
    page = _html(client.get(_url("person_receipt", card), chosen))
    sent = {**chosen, "mode": "read_aloud", "digest": _shown(page, "digest"), "operation": _shown(page, "operation")}
    return client.post(_url("person_receipt", card), sent)


def test_information_is_shown_right_to_left_in_arabic_and_kept_word_for_word(cast: Cast) -> None:
    card = cast.card(reads=["ar"])

    page = _html(cast.client("mediator").get(_url("person_receipt", card)))
    assert '<article class="sheet" lang="ar" dir="rtl">' in page
    assert _tell(cast, card, kind="information", language="ar").status_code == 302

    receipt = Receipt.objects.get()
    assert (receipt.language, receipt.mode) == ("ar", "read_aloud")
    assert receipt.words.splitlines()[1] in page


def test_language_without_text_says_so(cast: Cast) -> None:
    page = _html(cast.client("mediator").get(_url("person_receipt", cast.card(speaks=["bm"]))))

    assert "Il n’y a pas encore de texte écrit dans cette langue (bambara)" in page


def test_words_that_changed_are_read_again_before_they_are_kept(cast: Cast) -> None:
    card = cast.card()
    sent = {"kind": "information", "language": "fr", "mode": "shown", "digest": "0" * 32, "operation": uuid.uuid4()}

    page = _html(cast.client("mediator").post(_url("person_receipt", card), sent))

    assert "relisez-le avec elle" in page
    assert not Receipt.objects.exists()


def test_agreement_to_share_names_recipient_and_content(cast: Cast) -> None:
    card = cast.card()

    empty = _html(cast.client("mediator").get(_url("person_receipt", card), {"kind": "sharing"}))
    missing = _html(cast.client("mediator").get(_url("person_receipt", card), {"kind": "sharing", "recipient": ""}))
    assert "digest" not in empty and "Choisissez à qui" in missing and "Choisissez à qui : l" not in empty
    _tell(cast, card, kind="sharing", language="fr", recipient=str(cast.hospital.pk), content=["initials", "need"])

    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.recipient, receipt.content) == (
        ReceiptKind.SHARING,
        cast.hospital,
        ["initials", "need"],
    )


def test_agreement_for_a_minor_asks_who_gives_it(cast: Cast) -> None:
    card = cast.card(is_minor=True)
    chosen = {"kind": "sharing", "language": "fr", "recipient": str(cast.hospital.pk), "content": ["need"]}

    refused = _html(_tell(cast, card, **chosen))
    assert "représentant légal" in refused
    _tell(cast, card, **chosen, agreed_by="parent")

    assert Receipt.objects.get().agreed_by == AgreedBy.PARENT


def test_recipient_of_another_network_is_not_offered_nor_taken(cast: Cast) -> None:
    card = cast.card()
    chosen = {"kind": "sharing", "language": "fr", "recipient": str(cast.elsewhere.pk), "content": ["need"]}

    page = _html(cast.client("mediator").post(_url("person_receipt", card), {**chosen, "mode": "shown"}))

    assert cast.elsewhere.name not in page
    assert not Receipt.objects.exists()


def test_telling_goes_back_where_it_came_from_and_nowhere_else(cast: Cast) -> None:
    card = cast.card()

    assert _tell(cast, card, kind="information", language="fr", next="/besoins/")["Location"] == "/besoins/"
    outside = _tell(cast, card, kind="information", language="fr", next="https://ailleurs.example/")
    assert outside["Location"] == _url("person", card)


def test_receipt_prints_its_words_under_the_code(cast: Cast) -> None:
    card = cast.card()
    receipt = actions.agree_to_share(
        card, recipient=cast.hospital, content=["need"], by=cast.viewer("lead"), language="fr"
    )
    address = reverse("workspace:receipt", kwargs={"pk": receipt.pk})

    page = _html(cast.client("mediator").get(address))

    assert "Rien d’autre ne partira" in page and card.code in page and cast.hospital.name in page
    for who in WRONG:
        assert cast.client(who).get(address).status_code == 404


def test_agreement_is_withdrawn_once_information_never(cast: Cast) -> None:
    card, viewer, client = cast.card(), cast.viewer("mediator"), cast.client("mediator")
    agreed = actions.record_agreement(card, kind=ReceiptKind.REMINDERS, by=viewer)
    told = actions.give_information(card, by=viewer)

    client.post(reverse("workspace:receipt_withdraw", kwargs={"pk": agreed.pk}))
    assert client.post(reverse("workspace:receipt_withdraw", kwargs={"pk": told.pk})).status_code == 404

    agreed.refresh_from_db()
    assert agreed.withdrawn_at is not None


def test_no_follow_up_is_one_gesture_each_way(cast: Cast) -> None:
    card, client = cast.card(), cast.client("mediator")

    client.post(_url("person_follow_up", card))
    assert "Ne veut pas être rappelé·e." in _html(client.get(_url("person", card)))
    client.post(_url("person_follow_up", card))

    card.refresh_from_db()
    assert not card.no_follow_up


# --- her rights ------------------------------------------------------------------------------------------------------


def test_copy_holds_everything_and_leaves_a_line(cast: Cast) -> None:
    card, client = cast.card(), cast.client("mediator")
    names = vault.identity(card)
    actions.give_information(card, by=cast.viewer("mediator"), language="fr")

    page = _html(client.get(_url("person_export", card)))
    held = json.loads(client.get(_url("person_export", card), {"format": "json"}).content)

    assert names["address"] in page and "Rien ne part vers une autre structure" in page
    assert held["people"]["identity"] == names
    assert set(IdentityRead.objects.values_list("reason", flat=True)) == {ReadReason.EXPORT}
    assert IdentityRead.objects.count() == 2


def test_erasing_asks_for_the_code(cast: Cast) -> None:
    card, client = cast.card(), cast.client("mediator")

    assert "recopiez" in _html(client.post(_url("person_erase", card), {"code": "Roseau 99"}))
    card.refresh_from_db()
    assert card.erased_at is None
    response = client.post(_url("person_erase", card), {"code": card.code.lower()})

    card.refresh_from_db()
    assert response["Location"] == reverse("workspace:persons")
    assert card.erased_at is not None
    assert client.get(_url("person", card)).status_code == 404


def test_disk_full_says_so_and_erases_nothing(cast: Cast, settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.ERASURE_FILE = tmp_path / "file" / "erasures.log"  # type: ignore[attr-defined]
    card = cast.card()

    page = _html(cast.client("mediator").post(_url("person_erase", card), {"code": card.code}))

    assert "rien n’a été effacé" in page
    card.refresh_from_db()
    assert card.erased_at is None


# --- links -----------------------------------------------------------------------------------------------------------


def test_links_are_decided_and_undone_on_their_page(cast: Cast) -> None:
    client = cast.client("mediator")
    link = actions.propose_link(cast.card(), other=cast.card(), by=cast.viewer("lead"), reasons=["same_phone"])
    address = reverse("workspace:card_link_decide", kwargs={"pk": link.pk})

    assert "1 paire de fiches à comparer" in _html(client.get(reverse("workspace:card_links")))
    states = []
    for answer in ("same", "undo", "apart", "nothing"):
        client.post(address, {"answer": answer})
        link.refresh_from_db()
        states.append(link.state)

    assert states == [LinkState.CONFIRMED, LinkState.CANDIDATE, LinkState.REJECTED, LinkState.REJECTED]
    assert "Mediator Cast" in _html(client.get(reverse("workspace:card_links")))


def test_link_with_a_sister_hub_tells_nothing_of_it(cast: Cast) -> None:
    client, theirs = cast.client("mediator"), cast.card(cast.moulins)
    link = actions.propose_link(cast.card(), other=theirs, by=cast.viewer("mediator"))

    page = _html(client.get(reverse("workspace:card_links")))
    assert theirs.code not in page and "C’est la même personne" not in page
    answer = client.post(reverse("workspace:card_link_decide", kwargs={"pk": link.pk}), {"answer": "same"}, follow=True)

    assert "demandez-lui de vérifier" in _html(answer)
    link.refresh_from_db()
    assert link.state == LinkState.CANDIDATE


@pytest.mark.parametrize("who", ["other", "foreigner", "coordinator"])
def test_link_out_of_reach_does_not_exist(cast: Cast, who: str) -> None:
    link = actions.propose_link(cast.card(), other=cast.card(), by=cast.viewer("mediator"))

    answer = cast.client(who).post(reverse("workspace:card_link_decide", kwargs={"pk": link.pk}), {"answer": "apart"})

    assert answer.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_links_take_the_same_queries_for_any_number(
    cast: Cast, count: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(count):
        actions.propose_link(cast.card(), other=cast.card(), by=cast.viewer("mediator"))
    client = cast.client("mediator")
    client.get(reverse("workspace:card_links"))

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get(reverse("workspace:card_links"))


def test_erased_person_is_gone_from_every_list(cast: Cast) -> None:
    card = cast.card()
    actions.erase_card(card, by=None)

    page = _html(cast.client("mediator").get(reverse("workspace:persons")))

    assert "data-row" not in page and "Aucune fiche" in page
    assert PersonCard.objects.get().erased_at < clock.now()
