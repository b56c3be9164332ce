"""The daily duty: each app forgets what it has kept long enough."""

from typing import Any

from django.core.management.base import BaseCommand

from allervers.core import clock
from config import duties


class Command(BaseCommand):
    help = "À lancer chaque jour : efface ce qui a été gardé assez longtemps, dans toutes les pièces de la maison."

    def handle(self, *args: Any, **options: Any) -> None:
        for app, done in duties.clean_up(clock.now()).items():
            told = ", ".join(f"{name} {count}" for name, count in done.items()) if isinstance(done, dict) else done
            self.stdout.write(f"{app}: {told}")
