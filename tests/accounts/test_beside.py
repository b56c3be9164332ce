"""A read made beside ours: on another connection, of one network, or here when it must be."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from allervers.accounts import beside as module
from allervers.accounts import rowlock
from allervers.accounts.beside import beside
from allervers.accounts.models import Network
from allervers.core import clock, ids

HERE = threading.get_ident


def _network() -> Network:
    return Network.objects.create(name="Réseau", slug="reseau")


@pytest.mark.django_db(transaction=True)
def test_it_reads_what_is_committed_on_a_connection_that_it_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    network, ours, entered, closed = _network(), connection.connection, list[object](), list[int]()
    monkeypatch.setattr(rowlock, "enter", entered.append)
    wrapper = type(connections["default"])
    close = wrapper.close

    def watched(held: BaseDatabaseWrapper) -> None:
        closed.append(HERE())
        close(held)

    monkeypatch.setattr(wrapper, "close", watched)

    def read() -> tuple[int, bool, str]:
        return HERE(), connection.connection is ours, Network.objects.get().slug

    thread, is_ours, slug = beside(network.pk, read)()
    assert (thread != HERE(), is_ours, slug, entered) == (True, False, "reseau", [network.pk])
    assert set(closed) == {thread}


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_it_reads_here_what_nobody_else_sees() -> None:
    with transaction.atomic():
        network = _network()
        assert beside(network.pk, lambda: (HERE(), Network.objects.count()))() == (HERE(), 1)


@pytest.mark.django_db(transaction=True)
def test_without_room_it_reads_here_and_room_comes_back_after_a_failure() -> None:
    network, goes_on = _network(), threading.Event()
    held = [beside(network.pk, lambda: goes_on.wait(10)) for _ in range(module._ROOM)]
    assert beside(network.pk, HERE)() == HERE()
    goes_on.set()
    assert [one() for one in held] == [True] * module._ROOM

    def fail() -> None:
        raise ValueError("read")

    for _ in range(module._ROOM + 1):
        with pytest.raises(ValueError, match="read"):
            beside(network.pk, fail)()
    assert beside(network.pk, HERE)() != HERE()


@pytest.mark.django_db(transaction=True)
def test_time_stands_still_there_too() -> None:
    moment = clock.now().replace(year=2020)
    read: Callable[[], object] = clock.now
    with clock.fixed(moment):
        assert beside(ids.new_id(), read)() == moment
