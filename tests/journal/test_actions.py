import pytest
from django.db import transaction

from allervers.accounts.models import Hub
from allervers.journal import chain
from allervers.journal.actions import OutsideAction, action, once, record
from allervers.journal.keys import network_key
from allervers.journal.models import ChainHead, Event
from tests.cast import Cast


@action
def rename(cast: Cast, *, fail: bool = False, **data: object) -> None:
    record("hub.renamed", cast.wazemmes, by=cast.viewer("lead"), **data)
    if fail:
        raise RuntimeError


def _faults(cast: Cast, anchors: dict[int, str] | None = None) -> list[chain.Fault]:
    rows = Event.objects.filter(network_id=cast.lille.id).order_by("seq")
    lines = [chain.Line(row.seq, row.text, row.mac) for row in rows]
    return list(chain.faults(network_key(cast.lille.id), lines, anchors or {}))


def test_action_appends_its_events_in_one_chain(cast: Cast) -> None:
    rename(cast)
    rename(cast, old="a", new="b")

    assert list(Event.objects.values_list("seq", "kind")) == [(1, "hub.renamed"), (2, "hub.renamed")]
    assert ChainHead.objects.get().seq == 2
    assert _faults(cast) == []


def test_action_that_fails_leaves_no_event(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        rename(cast, fail=True)

    assert not Event.objects.exists()


def test_record_refuses_prose(cast: Cast) -> None:
    with pytest.raises(chain.ProseRefused):
        rename(cast, why="because she said so")


def test_record_outside_an_action_is_refused(cast: Cast) -> None:
    with pytest.raises(OutsideAction):
        record("hub.renamed", cast.wazemmes, by=None)


@pytest.mark.parametrize("how", ["alter", "cut", "reorder", "tail"])
def test_chain_finds_tampering(cast: Cast, how: str) -> None:
    for _ in range(5):
        rename(cast)
    anchors = {5: Event.objects.get(seq=5).mac}
    with transaction.atomic():
        if how == "alter":
            row = Event.objects.get(seq=3)
            Event.objects.filter(seq=3).update(text=row.text.replace("hub.renamed", "hub.removed"))
        elif how == "cut":
            Event.objects.filter(seq=3).delete()
        elif how == "tail":
            Event.objects.filter(seq__gte=4).delete()
        else:
            third, fourth = Event.objects.get(seq=3), Event.objects.get(seq=4)
            Event.objects.filter(pk=third.pk).update(seq=99)
            Event.objects.filter(pk=fourth.pk).update(seq=3)
            Event.objects.filter(pk=third.pk).update(seq=4)

    assert _faults(cast, anchors) != []


def test_once_tells_nothing_of_what_the_database_refused(cast: Cast) -> None:
    taken = iter([None, cast.wazemmes])

    def write() -> Hub:
        rename(cast, new="refused")
        return Hub.objects.create(pk=cast.wazemmes.pk, organisation=cast.association, network=cast.lille, name="x")

    @action
    def around() -> Hub:
        rename(cast, old="before")
        return once(lambda: next(taken), write)

    assert around() == cast.wazemmes
    assert ["before" in text for text in Event.objects.values_list("text", flat=True)] == [True]
    assert _faults(cast) == []
