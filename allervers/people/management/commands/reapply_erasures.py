"""After restoring a backup: erases again whoever was erased since."""

from typing import Any

from django.core.management.base import BaseCommand

from allervers.people import actions


class Command(BaseCommand):
    help = "Après la restauration d’une sauvegarde : efface de nouveau les fiches de la liste des effacements."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{actions.reapply_erasures()} fiche(s) effacée(s) de nouveau")
