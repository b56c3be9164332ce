import logging
import os
import signal
import threading
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.management import call_command

from allervers.core import clock
from allervers.outbox import worker
from config import duties


class _Duty:
    """A module of duties that counts its calls."""

    def __init__(self, *, fails: bool = False) -> None:
        self.ticks, self.cleaned, self.stopped, self.fails = 0, 0, 0, fails

    def tick(self, now: datetime) -> None:
        self.ticks += 1
        if self.fails:
            raise OSError("database is locked, and a sentence that may repeat a value")

    def clean_up(self, now: datetime) -> None:
        self.cleaned += 1

    def stop(self, now: datetime) -> None:
        self.stopped += 1


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> tuple[_Duty, _Duty]:
    one, two = _Duty(fails=True), _Duty()
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(duties, "offering", lambda duty: [("one", getattr(one, duty)), ("two", getattr(two, duty))])
    cache.clear()
    return one, two


def test_a_failing_duty_stops_no_other_and_logs_its_kind_only(
    two: tuple[_Duty, _Duty], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert worker.turn() >= 1

    assert (two[0].ticks, two[1].ticks) == (1, 1)
    assert "OSError" in caplog.text and "sentence" not in caplog.text


def test_clean_up_happens_once_a_day_from_three(two: tuple[_Duty, _Duty]) -> None:
    for hour in (0, 1, 2, 4, 9):  # UTC in winter: one hour less than the network's
        with clock.fixed(datetime(2026, 11, 24, hour, 30, tzinfo=UTC)):
            worker.turn()
        if hour < 2:
            assert two[1].cleaned == 0
    assert two[1].cleaned == 1
    with clock.fixed(datetime(2026, 11, 25, 5, tzinfo=UTC)):
        worker.turn()
    assert two[1].cleaned == 2


def test_sigterm_ends_the_loop(two: tuple[_Duty, _Duty], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allervers.outbox.management.commands.worker._PAUSE_AFTER_FAILURE", 0.01)
    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    try:
        call_command("worker")
    finally:
        for name, handler in handlers.items():
            signal.signal(name, handler)

    assert two[1].ticks > 1 and two[1].stopped == 1
