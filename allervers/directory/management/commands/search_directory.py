"""`manage.py search_directory "TEXT"`: who can receive someone, best first."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.core import languages
from allervers.directory import geometry, queries, search
from allervers.directory.exchange.identifiers import place_identifier, service_identifier


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


def told(hit: search.Hit) -> dict[str, object]:
    """A result as JSON; `id` is the one that import and export use."""
    return {
        "id": service_identifier(hit.service) if hit.service else place_identifier(hit.place),
        "name": hit.name,
        "kind": "service" if hit.service else "place",
        "uuid": str(hit.service.id if hit.service else hit.place.id),
        "organisation": hit.organisation.name,
        "place": hit.place.name,
        "address": hit.place.address,
        "postcode": hit.place.postcode,
        "commune": hit.place.commune,
        "latitude": hit.place.latitude,
        "longitude": hit.place.longitude,
        "distance_km": round(hit.distance_km, 2) if hit.distance_km is not None else None,
        "themes": hit.service.themes if hit.service else [],
        "languages": hit.service.languages if hit.service else [],
        "opening_hours": hit.hours,
        "score": round(hit.score, 4),
    }
