"""Prints the processing register in Markdown, generated from the register of fields."""

from typing import Any

from django.core.management.base import BaseCommand

from allervers.web.workspace.protection import markdown


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(markdown())
