"""Replaces the master key while people work; the former one is destroyed by the nightly backup, once it seals none."""

from typing import Any

from django.core.management.base import BaseCommand

from allervers.accounts import masters
from allervers.core import clock, keys


class Command(BaseCommand):
    help = "Change la clé maîtresse, sans arrêt du service. À refaire aussitôt : le partage en trois parts."

    def handle(self, *args: Any, **options: Any) -> None:
        resealed = masters.replace(clock.now())
        self.stdout.write(f"Nouvelle clé maîtresse : {keys.master_path()}. {resealed} élément(s) scellé(s) de nouveau.")
        self.stdout.write(
            "L’ancienne reste à côté tant que ses sauvegardes sont gardées, puis « backup » la détruit. "
            "Refaites maintenant le partage (escrow_key --split) ; reprenez et détruisez les anciennes parts "
            "à la fin de cette durée."
        )
