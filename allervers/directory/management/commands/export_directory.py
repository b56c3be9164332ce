"""`manage.py export_directory FILE`: data·inclusion v1, the format by the file's extension."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.directory import queries
from allervers.directory.exchange import exporting


class Command(BaseCommand):
    help = "Export structures and services: .json, .csv or .xlsx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--network")
        parser.add_argument("--only", choices=["structures", "services"], default="", help="one list, bare")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            network = queries.network_named(options["network"])
            counts = exporting.write(options["file"], network, only=options["only"])
        except (queries.NoNetwork, exporting.UnknownFormat, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
