"""Receipts: the exact words, who agreed, and taking it back."""

import uuid

import pytest

from allervers.people import actions, notices, queries
from allervers.people.enums import AgreedBy, ReceiptKind, ReceiptMode, SharedContent
from allervers.people.models import Receipt
from tests.cast import Cast


def test_information_keeps_the_words_in_a_language_she_reads(cast: Cast) -> None:
    card = cast.card(speaks=["bm", "ar"], reads=["ar"])

    receipt = actions.give_information(card, by=cast.viewer("mediator"), mode=ReceiptMode.SHOWN)

    assert (receipt.language, receipt.spoken_language, receipt.version) == ("ar", "", notices.VERSION)
    assert cast.association.name in receipt.words and "24" in receipt.words


def test_language_without_a_text_falls_back_and_keeps_what_was_spoken(cast: Cast) -> None:
    card = cast.card(speaks=["bm"], reads=["none"])

    receipt = actions.give_information(card, by=cast.viewer("mediator"))

    assert (receipt.language, receipt.spoken_language) == ("fr-FALC", "bm")


def test_words_do_not_change_when_the_text_does(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = actions.give_information(cast.card(), by=cast.viewer("mediator"), language="fr")
    before = receipt.words
    monkeypatch.setitem(notices._TEXTS, ("information", "fr"), "Autre texte.")

    receipt.refresh_from_db()

    assert receipt.words == before


def test_shorter_retention_is_said(cast: Cast) -> None:
    cast.lille.retention = {"card": 360}
    cast.lille.save()

    assert "12 mois" in actions.give_information(cast.card(), by=cast.viewer("mediator"), language="fr").words


def test_agreement_names_recipient_and_content_and_stands_until_withdrawn(cast: Cast) -> None:
    card = cast.card()
    content = [SharedContent.PHONE, SharedContent.INITIALS]

    receipt = actions.agree_to_share(
        card, recipient=cast.hospital, content=content, by=cast.viewer("mediator"), language="fr"
    )

    assert receipt.content == ["initials", "phone"]
    assert "Hôpital : vos initiales et votre téléphone" in receipt.words.replace("\N{NO-BREAK SPACE}", " ")
    assert queries.standing_agreement(card, cast.hospital.id, content) == receipt
    actions.withdraw(receipt, by=cast.viewer("lead"))
    actions.withdraw(receipt, by=cast.viewer("lead"))
    assert queries.standing_agreement(card, cast.hospital.id, content) is None


def test_minor_and_protected_adult_agree_through_their_representative(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    for card in (cast.card(is_minor=True), cast.card(is_protected=True)):
        with pytest.raises(actions.RepresentativeNeeded, match="représentant"):
            actions.agree_to_share(card, recipient=cast.hospital, content=["need"], by=viewer)

    given = actions.agree_to_share(
        card, recipient=cast.hospital, content=["need"], by=viewer, agreed_by=AgreedBy.GUARDIAN, language="fr"
    )
    assert given.words.startswith("Dit au tuteur")
    assert queries.standing_agreement(card, cast.hospital.id, ["need"]) == given


def test_recipient_of_another_network_is_refused(cast: Cast) -> None:
    with pytest.raises(actions.OutOfReach):
        actions.agree_to_share(cast.card(), recipient=cast.elsewhere, content=["need"], by=cast.viewer("mediator"))


def test_same_operation_keeps_one_receipt(cast: Cast) -> None:
    card, operation = cast.card(), uuid.uuid4()

    one, other = (actions.give_information(card, by=cast.viewer("lead"), operation=operation) for _ in range(2))

    assert one == other
    assert Receipt.objects.count() == 1


def test_no_follow_up_is_one_gesture_and_can_be_taken_back(cast: Cast) -> None:
    card = cast.card()

    actions.ask_no_follow_up(card, by=cast.viewer("mediator"))
    card.refresh_from_db()
    assert card.no_follow_up and queries.has_agreed(card, ReceiptKind.NO_FOLLOW_UP)
    actions.resume_follow_up(card, by=cast.viewer("mediator"))
    card.refresh_from_db()
    assert not card.no_follow_up and not queries.has_agreed(card, ReceiptKind.NO_FOLLOW_UP)


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator"])
def test_receipt_by_whoever_may_not_open_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(actions.OutOfReach):
        actions.give_information(cast.card(), by=cast.viewer(who))


@pytest.mark.parametrize("kind", ReceiptKind.values)
@pytest.mark.parametrize("language", [*notices.WRITTEN, "bm", "ary", "none"])
def test_every_notice_is_whole_in_every_language(kind: str, language: str) -> None:
    told = notices.notice(
        kind, language, organisation="A", recipient="B", content=list(SharedContent.values), agreed_by=AgreedBy.PARENT
    )

    assert "{" not in told.words and len(told.words) > 40
    assert told.language in notices.WRITTEN
    assert told.fell_back == (language not in notices.WRITTEN)


def test_dialects_are_written_in_arabic_and_others_in_easy_french() -> None:
    assert notices.written_language("ary") == "ar"
    assert notices.written_language("bm") == "fr-FALC"
    assert notices.best_language(["none"], ["snk", "ar"]) == "ar"
    assert notices.best_language([], ["snk"]) == "snk"
    assert notices.best_language([], []) == "fr"
