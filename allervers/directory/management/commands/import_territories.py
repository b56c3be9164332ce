"""`manage.py import_territories FILE --kind commune`: contours from a GeoJSON file, the State's files included."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.directory import territories
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import Territory


class Command(BaseCommand):
    help = "Import territories; codes and names are found by the names of the file's properties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=TerritoryKind.values)
        parser.add_argument("--parent", help="code of the territory that holds them all")
        parser.add_argument("--rural", action=BooleanOptionalAction, default=None)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        parent = None
        if options["parent"]:
            parent = Territory.objects.filter(code=options["parent"]).order_by("kind").first()
            if parent is None:
                raise CommandError(f"no territory has the code {options['parent']}: import it first")
        try:
            report = territories.import_file(
                options["file"], kind=TerritoryKind(options["kind"]), parent=parent, rural=options["rural"]
            )
        except territories.UnreadableFile as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(report.__dict__, ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged "
            f"(code from “{report.code_from}”, name from “{report.name_from}”)"
        )
        for refusal in report.refused:
            self.stdout.write(f"refused: feature {refusal['feature']} ({refusal['name']}): {refusal['why']}")
