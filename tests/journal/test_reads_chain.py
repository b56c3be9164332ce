"""Lines of identities read are chained: one deleted, altered or moved is found, even by who holds the database."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from allervers.core import clock
from allervers.journal import anchors
from allervers.journal.actions import action, forget_reads, note_read, record
from allervers.journal.models import ChainHead, IdentityRead
from allervers.journal.verification import Verdict, verify
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _anchors_of_its_own(settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "anchors.log"


def _read(cast: Cast, reason: str = "person_page") -> None:
    viewer = cast.viewer("mediator")
    note_read([cast.wazemmes.id], network=cast.lille.id, organisation=viewer.organisation_id, reason=reason, by=viewer)


def _verdict(cast: Cast) -> Verdict:
    return verify(cast.lille.id, anchors.read().get(str(cast.lille.id), []))


def _whys(cast: Cast) -> list[str]:
    return [fault.why for fault in _verdict(cast).faults]


def test_reads_as_they_were_written_hold(cast):
    for _ in range(3):
        _read(cast)
    anchors.append(clock.now())
    _read(cast)

    verdict = _verdict(cast)

    assert (verdict.faults, verdict.reads.lines, verdict.reads.anchored_to, verdict.reads.unproven) == ([], 4, 3, 1)
    assert list(IdentityRead.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]


def test_read_that_was_deleted_is_found(cast):
    for _ in range(3):
        _read(cast)
    IdentityRead.objects.filter(seq=2).delete()

    assert _whys(cast) == ["read_missing"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "edit"),
        ("reader_id", None),
        ("card_ids", []),
        ("at", "2020-01-01T00:00Z"),
        ("organisation_id", "0" * 32),
    ],
)
def test_read_that_was_altered_is_found(cast, column, value):
    for _ in range(3):
        _read(cast)
    IdentityRead.objects.filter(seq=2).update(**{column: value})

    assert _whys(cast) == ["read_altered"]


def test_reads_that_changed_places_are_found(cast):
    for reason in ("a", "b", "c"):
        _read(cast, reason)
    for seq, place in ((1, 99), (2, 1), (99, 2)):
        IdentityRead.objects.filter(seq=seq).update(seq=place)

    assert "read_altered" in _whys(cast)


def test_last_reads_cut_are_found_by_the_head_then_by_the_anchor(cast):
    for _ in range(3):
        _read(cast)
    anchors.append(clock.now())
    IdentityRead.objects.filter(seq=3).delete()
    assert _whys(cast) == ["read_anchored_event_is_gone", "read_head_disagrees"]

    ChainHead.objects.update(reads_seq=2, reads_mac=IdentityRead.objects.get(seq=2).mac)
    assert _whys(cast) == ["read_anchored_event_is_gone"]


def test_first_reads_removed_by_hand_are_found(cast):
    for _ in range(3):
        _read(cast)
    IdentityRead.objects.filter(seq=1).delete()

    assert "read_missing" in _whys(cast)


def test_reads_forgotten_in_time_leave_a_chain_that_holds(cast):
    start = clock.now()
    for day in range(4):
        with clock.fixed(start + timedelta(days=day)):
            _read(cast)
            anchors.append(clock.now())

    assert forget_reads(cast.lille.id, start + timedelta(days=2)) == 2
    assert (_whys(cast), _verdict(cast).reads.lines) == ([], 2)
    assert forget_reads(cast.lille.id, start + timedelta(days=9)) == 2
    assert _whys(cast) == []
    _read(cast)
    assert (_whys(cast), IdentityRead.objects.get().seq) == ([], 5)
    IdentityRead.objects.all().delete()
    assert _whys(cast) == ["read_head_disagrees"]


def test_declared_restore_voids_the_reads_anchored_beyond_it(cast):
    for _ in range(3):
        _read(cast)
    anchors.append(clock.now())
    IdentityRead.objects.filter(seq=3).delete()
    ChainHead.objects.update(reads_seq=2, reads_mac=IdentityRead.objects.get(seq=2).mac)
    anchors.append(clock.now(), restored=True)
    _read(cast, "another")

    assert _whys(cast) == []


@action
def _act(cast: Cast, *, fail: bool) -> None:
    _read(cast)
    record("hub.renamed", cast.wazemmes, by=None)
    if fail:
        raise RuntimeError


def test_read_inside_an_action_shares_its_fate(cast):
    with pytest.raises(RuntimeError):
        _act(cast, fail=True)
    assert not IdentityRead.objects.exists()

    _act(cast, fail=False)
    assert (IdentityRead.objects.count(), _whys(cast)) == (1, [])


@pytest.mark.postgres  # on SQLite the transaction holds the whole database
@pytest.mark.django_db(transaction=True)
def test_two_who_read_at_once_get_two_places(cast):
    def read() -> None:
        try:
            for _ in range(10):
                _read(cast)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    verdict = _verdict(cast)
    assert (verdict.faults, verdict.reads.lines) == ([], 20)
