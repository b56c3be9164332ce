"""Links: proposed, decided, undone; cards stay as they were."""

import pytest

from allervers.people import actions
from allervers.people.enums import LinkState
from allervers.people.models import CardLink, PersonCard
from tests.cast import Cast


def _bytes(*cards: PersonCard) -> list[object]:
    return list(PersonCard.objects.filter(pk__in=[card.pk for card in cards]).order_by("id").values())


def test_confirming_and_undoing_leave_both_cards_byte_for_byte(cast: Cast) -> None:
    one, other = cast.card(), cast.card()
    before = _bytes(one, other)

    link = actions.propose_link(one, other=other, by=cast.viewer("mediator"), score=0.8, reasons=["same_phone"])
    actions.confirm_link(link, by=cast.viewer("lead"))
    assert link.state == LinkState.CONFIRMED and link.decided_by == cast.memberships["lead"]
    actions.undo_link(link, by=cast.viewer("lead"))

    assert (link.state, link.decided_by, link.decided_at) == (LinkState.CANDIDATE, None, None)
    assert [bytes(str(row), "utf-8") for row in _bytes(one, other)] == [bytes(str(row), "utf-8") for row in before]


def test_split_stays_split_whatever_is_proposed_later(cast: Cast) -> None:
    viewer = cast.viewer("mediator")
    identity = {"first_name": "Awa", "last_name": "Diop", "birth": "12/03/1961", "phones": [{"number": "0612345678"}]}
    one, other = (actions.open_card(by=viewer, identity=identity) for _ in range(2))
    link = actions.propose_link(one, other=other, by=viewer)
    actions.reject_link(link, by=viewer)

    actions.propose_link(other, other=one, by=viewer)
    proposed = actions.propose_doubles(cast.association.id)

    assert proposed == 0
    assert CardLink.objects.get().state == LinkState.REJECTED


def test_likely_doubles_are_proposed_once(cast: Cast) -> None:
    identity = {"first_name": "Awa", "last_name": "Diop", "birth": "12/03/1961"}
    for who in ("mediator", "sister", "other"):
        actions.open_card(by=cast.viewer(who), identity=identity)

    assert [actions.propose_doubles(cast.association.id) for _ in range(2)] == [1, 0]
    assert set(CardLink.objects.values_list("organisation", flat=True)) == {cast.association.id}


def test_one_person_is_said_only_by_whoever_may_open_both(cast: Cast) -> None:
    link = actions.propose_link(cast.card(), other=cast.card(cast.moulins), by=cast.viewer("mediator"))

    with pytest.raises(actions.OutOfReach):
        actions.confirm_link(link, by=cast.viewer("mediator"))
    actions.reject_link(link, by=cast.viewer("mediator"))
    assert link.state == LinkState.REJECTED


def test_cards_of_two_organisations_are_never_linked(cast: Cast) -> None:
    with pytest.raises(actions.OutOfReach):
        actions.propose_link(cast.card(), other=cast.card(cast.fives), by=cast.viewer("mediator"))


@pytest.mark.parametrize("who", ["other", "foreigner", "coordinator"])
def test_deciding_out_of_reach_is_refused(cast: Cast, who: str) -> None:
    link = actions.propose_link(cast.card(), other=cast.card(), by=cast.viewer("mediator"))

    with pytest.raises(actions.OutOfReach):
        actions.reject_link(link, by=cast.viewer(who))
