"""`manage.py reindex_directory`: rebuilds the search index, while it goes on answering."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from allervers.accounts.models import Network
from allervers.directory import index, queries


class Command(BaseCommand):
    help = "Rebuild the search index of one network, or of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--network")

    def handle(self, *args: Any, **options: Any) -> None:
        named = options["network"]
        networks = [queries.network_named(named)] if named else list(Network.objects.order_by("slug"))
        for network in networks:
            self.stdout.write(f"{network.slug}: {index.rebuild(network.id)} entries")
