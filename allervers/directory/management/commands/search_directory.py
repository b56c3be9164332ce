"""`manage.py search_directory "TEXT"`: who can receive someone, best first."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.core import languages
from allervers.directory import geometry, queries, search
from allervers.directory.exchange.identifiers import told


class Command(BaseCommand):
    help = "Search the directory: spelling, accents, word order and language are forgiven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text")
        parser.add_argument("--near", metavar="LAT,LON")
        parser.add_argument("--lang", metavar="xx", help="language spoken, a code of the registry")
        parser.add_argument("--theme")
        parser.add_argument("--open-now", action="store_true")
        parser.add_argument("--limit", type=int, default=20)
        parser.add_argument("--network")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        near = geometry.parse_point(options["near"]) if options["near"] else None
        if options["near"] and near is None:
            raise CommandError("--near takes a latitude and a longitude: --near 50.62,3.05")
        if options["lang"] and options["lang"] not in languages.LANGUAGES:
            raise CommandError(f"--lang {options['lang']} is not in the registry: try fr, ar, tr, ro, pt, es, snk…")
        try:
            network = queries.network_named(options["network"])
        except queries.NoNetwork as error:
            raise CommandError(str(error)) from error
        hits = search.search(
            network.id,
            options["text"],
            near=near,
            language=options["lang"],
            theme=options["theme"],
            open_now=options["open_now"],
            limit=max(1, options["limit"]),
            timezone=network.timezone,
        )
        if options["as_json"]:
            self.stdout.write(json.dumps([told(hit) for hit in hits], ensure_ascii=False, indent=1))
            return
        for hit in hits:
            away = f"  {hit.distance_km:.1f} km" if hit.distance_km is not None else ""
            self.stdout.write(f"{hit.name}, {hit.place.name}, {hit.place.commune}{away}")
        if not hits:
            self.stdout.write("Nothing answers. Try fewer words, or run manage.py reindex_directory.")
