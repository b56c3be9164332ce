"""Writes the head of each network's journal to the anchors' file, outside the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from allervers.core import clock
from allervers.journal import anchors


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after-restore",
            action="store_true",
            help="declare that a backup was put back: what was anchored beyond it is lost, and verify_journal says so",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        written = anchors.append(clock.now(), restored=options["after_restore"])
        self.stdout.write(
            _("%(count)s ancrage(s) écrit(s) dans %(path)s.") % {"count": written, "path": anchors.path()}
        )
