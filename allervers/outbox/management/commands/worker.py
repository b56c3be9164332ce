"""`manage.py worker`: sends, reminds and cleans until it is told to stop; SIGTERM ends it after the current turn."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from allervers.outbox import worker

_PAUSE = 1.0  # seconds between turns; longer while something fails
_PAUSE_AFTER_FAILURE = 5.0
_TURNS_A_BEAT = 30


class Command(BaseCommand):
    help = "Sends what waits in the outbox, reminds partners and persons, cleans up once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one turn, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
        turns = 0
        while not stop.is_set():
            failures = worker.turn()
            if turns % _TURNS_A_BEAT == 0:
                worker.note_beat()
            turns += 1
            if options["once"]:
                return
            stop.wait(_PAUSE_AFTER_FAILURE if failures else _PAUSE)
        worker.end()
