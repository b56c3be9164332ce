"""Loads an invented network, the same on every machine, its dates placed relative to the day it is loaded."""

import gc
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.accounts.models import Network
from allervers.demonstration import load


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if Network.objects.exists():
            raise CommandError("Il y a déjà un réseau ici : la démonstration ne se charge que dans une base vide.")
        gc.disable()  # a hundred thousand rows pass through, none in a cycle: a tenth of the time
        counts = load.load()
        gc.enable()
        self.stdout.write(", ".join(f"{number} {what}" for what, number in counts.items()))
