"""Prints what a data-protection officer works on, in Markdown: the processing register, the impact assessment of each
network, or its joint controllers' agreement, filled from what this installation is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allervers.accounts.models import Network
from allervers.web.workspace import protection_documents
from allervers.web.workspace.protection import markdown

_BY_NETWORK = {"aipd": protection_documents.impact, "convention": protection_documents.agreement}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", nargs="?", default="registre", choices=["registre", *_BY_NETWORK])
        parser.add_argument("--network", metavar="SLUG", help="un seul réseau")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["document"] == "registre":
            self.stdout.write(markdown())
            return
        networks = Network.objects.order_by("slug")
        if slug := options["network"]:
            networks = networks.filter(slug=slug)
        if not networks:
            raise CommandError("Aucun réseau de ce nom.")
        for network in networks:
            self.stdout.write(_BY_NETWORK[options["document"]](network))
