"""`manage.py import_directory FILE`: data·inclusion (JSON, CSV, XLSX) or any spreadsheet of contacts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.directory import queries
from allervers.directory.exchange import importing, tables
from allervers.directory.exchange.report import NeedsMapping, Report


class Command(BaseCommand):
    help = "Import structures, services or contacts. The same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--network")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help="how to read a column; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file")
        try:
            network = queries.network_named(options["network"])
            mapping = dict(column.split("=", 1) for column in options["column"] if "=" in column) or None
            report = importing.run(path, network, by=None, dry_run=options["dry_run"], mapping=mapping)
        except (queries.NoNetwork, tables.Unreadable, NeedsMapping) as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self._tell(report)

    def _tell(self, report: Report) -> None:
        made = ", ".join(f"{count} {what}" for what, count in report.created.items())
        verb = "would create" if report.dry_run else "created"
        self.stdout.write(
            f"{report.format}: {report.read} read; {verb} {made}; {report.updated} updated, "
            f"{report.unchanged} unchanged, {report.refused_count} refused"
        )
        for refusal in report.refused:
            self.stdout.write(refusal["why"])
        for row in report.duplicates:
            self.stdout.write(
                f"line {row['line']}: “{row['name']}” looks like “{row['looks_like']}” ({row['commune']})"
            )
        for row in report.warnings[:50]:
            self.stdout.write(f"line {row['line']}: {row['what']}")
        if report.unknown_columns:
            self.stdout.write(f"kept aside: {', '.join(report.unknown_columns)}")
        if report.dropped_columns:
            self.stdout.write(f"never taken in: {', '.join(report.dropped_columns)}")
