"""How lists call people."""

import pytest

from allervers.accounts import keys
from allervers.people import queries, vault
from allervers.people.enums import AgreedBy, ReceiptKind, ReceiptMode
from allervers.people.models import PersonCard, Receipt
from tests.cast import Cast


def _named(cast: Cast, **identity: object) -> PersonCard:
    card = cast.card()
    card.sealed = vault.seal_identity(card, identity)
    card.save()
    return card


def test_initials_come_from_names_then_nickname_then_code(cast: Cast) -> None:
    full = _named(cast, first_name="Awa", last_name="Diop")
    alone = _named(cast, first_name="awa")
    nickname = _named(cast, nickname="Tonton")
    coded = cast.card(named=False)

    labels = queries.initials_of([full, alone, nickname, coded])

    assert [labels[card.id] for card in (full, alone, nickname, coded)] == ["A. D.", "A.", "T.", coded.code]


@pytest.mark.parametrize("who", ["sister", "other", "foreigner", "coordinator", "ambassador"])
def test_label_is_the_code_for_whoever_may_not_open(cast: Cast, who: str) -> None:
    card = _named(cast, first_name="Awa", last_name="Diop")

    assert queries.label_for(cast.viewer(who), card) == card.code
    assert queries.labels_for(cast.viewer("mediator"), [card]) == {card.id: "A. D."}


def test_labels_of_many_cards_take_no_query(cast: Cast, django_assert_num_queries: object) -> None:
    for _ in range(3):
        cast.card()
    cards = list(PersonCard.objects.all())
    keys.of_version(cast.association.id, 1)

    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.initials_of(cards)


def _agreement(cast: Cast, card: PersonCard, **values: object) -> Receipt:
    return Receipt.objects.create(
        network=cast.lille,
        organisation=cast.association,
        card=card,
        kind=ReceiptKind.SHARING,
        mode=ReceiptMode.READ_ALOUD,
        language="fr",
        words="…",
        recipient=cast.hospital,
        content=["initials", "need"],
        **values,
    )


def test_standing_agreement_covers_recipient_and_content(cast: Cast) -> None:
    card = cast.card()
    receipt = _agreement(cast, card)

    assert queries.standing_agreement(card, cast.hospital.id, ["need"]) == receipt
    assert queries.standing_agreement(card, cast.hospital.id, ["need", "phone"]) is None
    assert queries.standing_agreement(card, cast.city.id, ["need"]) is None


def test_standing_agreement_of_a_minor_is_given_by_someone_else(cast: Cast) -> None:
    card = cast.card(is_minor=True)
    _agreement(cast, card)

    assert queries.standing_agreement(card, cast.hospital.id, ["need"]) is None
    by_parent = _agreement(cast, card, agreed_by=AgreedBy.PARENT)
    assert queries.standing_agreement(card, cast.hospital.id, ["need"]) == by_parent
