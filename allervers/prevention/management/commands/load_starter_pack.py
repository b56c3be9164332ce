"""`manage.py load_starter_pack NETWORK`: the messages that the project ships, in preparation for a network to check."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.accounts.models import Network
from allervers.prevention import starter_pack


class Command(BaseCommand):
    help = "Apporte à un réseau les messages de départ, à relire avant d’être publiés."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("network", help="nom court du réseau")

    def handle(self, *args: Any, **options: Any) -> None:
        network = Network.objects.filter(slug=options["network"]).first()
        if network is None:
            raise CommandError(f"Aucun réseau ne s’appelle « {options['network']} ».")
        loaded = starter_pack.load(network)
        self.stdout.write(f"{len(loaded)} messages apportés, à relire avant d’être publiés.")
