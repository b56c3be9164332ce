from datetime import timedelta

from allervers.core import clock
from allervers.journal.actions import forget_reads, note_read
from allervers.journal.duties import export_person
from allervers.journal.models import IdentityRead
from allervers.journal.queries import reads_of
from tests.cast import Cast


def _read(cast: Cast, cards: list, reason: str, who: str = "mediator") -> IdentityRead:
    viewer = cast.viewer(who)
    ids = [card.id for card in cards]
    return note_read(ids, network=viewer.network_id, organisation=viewer.organisation_id, reason=reason, by=viewer)


def test_reads_of_a_person_are_hers_only_newest_first(cast: Cast) -> None:
    one, two = cast.card(), cast.card()
    _read(cast, [one], "person_page")
    _read(cast, [two], "person_page")
    _read(cast, [two, one], "list")

    assert [read.reason for read in reads_of(one.id, cast.association.id)] == ["list", "person_page"]
    assert list(reads_of(one.id, cast.other_association.id)) == []
    assert [read.reason for read in reads_of(one.id, cast.association.id, since=clock.after(days=1))] == []


def test_page_without_identity_leaves_no_line(cast: Cast) -> None:
    assert _read(cast, [], "list") is None
    assert not IdentityRead.objects.exists()


def test_export_tells_who_read_and_why(cast: Cast) -> None:
    card = cast.card()
    _read(cast, [card], "person_page")

    told = export_person(card)["lectures"]

    assert [(line["motif"], line["par"]) for line in told] == [
        ("person_page", str(cast.memberships["mediator"].id)),
    ]


def test_reads_are_forgotten_after_their_time(cast: Cast) -> None:
    card = cast.card()
    old = _read(cast, [card], "old")
    _read(cast, [card], "new")
    IdentityRead.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(days=400))

    assert forget_reads(cast.lille.id, clock.now() - timedelta(days=365)) == 1
    assert [read.reason for read in reads_of(card.id, cast.association.id)] == ["new"]
