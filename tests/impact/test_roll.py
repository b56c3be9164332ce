"""The roll of a network: who is marked, in which cell."""

import pytest

from allervers.accounts.models import Network
from allervers.core import ids
from allervers.impact.roll import ACCOMPANIED, INFORMED, MET, Joined, Roll
from allervers.people.models import PersonCard
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _joined(cards: list[PersonCard]) -> str | None:
    found: str | None = PersonCard.objects.filter(pk__in=[one.pk for one in cards]).aggregate(all=Joined("pk"))["all"]
    return found


def test_someone_marked_twice_is_one_and_stands_in_each_of_her_groups(cast: Cast) -> None:
    her, him = cast.card(), cast.card()
    roll = Roll(her.network_id)
    roll.mark(_joined([her, him]), MET)
    roll.mark(_joined([her]), INFORMED)
    roll.mark(_joined([her]), INFORMED)

    sizes = [cell.sizes for cell in roll.cells()]
    assert {group: sum(one[group] for one in sizes) for group in sizes[0]} == {
        "active": 2, "informed": 1, "oriented": 0, "accompanied": 0, "union": 1,
    }  # fmt: skip


def test_a_card_erased_meanwhile_or_of_another_network_is_passed_over(cast: Cast) -> None:
    her = cast.card()
    roll = Roll(her.network_id)
    joined = str(ids.new_id()) + "," + str(_joined([her]))
    roll.mark(joined, ACCOMPANIED)

    assert roll.those_in("accompanied") == [joined.split(",")[1]]
    assert roll.groups_of(joined.split(",")) == {joined.split(",")[1]: ACCOMPANIED}
    roll.mark(None, MET)  # nobody
    assert len(roll.those_in("active")) == 1
    other = Network.objects.create(name="Ailleurs", slug="ailleurs")
    assert Roll(other.pk).cells() == []
