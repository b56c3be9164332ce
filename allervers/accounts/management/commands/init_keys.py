"""Makes the key files that are absent; never touches one that is there."""

from typing import Any

from django.core.management.base import BaseCommand

from allervers.core import keys


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in keys.create():
            self.stdout.write(f"Clé créée : {path}. Gardez-en une copie hors de cette machine.")
