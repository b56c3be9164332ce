"""Writes a sealed backup of the database, the anchors and the erasures into a folder. The master key is never in it."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from allervers.accounts import backups, masters
from allervers.core import clock


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep", type=int, default=30, metavar="JOURS", help="efface les sauvegardes plus anciennes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].absolute()
        call_command("anchor_journal", verbosity=0)  # so that a restore can prove the journal to its end
        try:
            made = backups.write(folder, clock.now())
        except (OSError, subprocess.CalledProcessError) as error:
            raise CommandError(
                f"La sauvegarde n’a pas pu être écrite dans {folder} ({error}). Rien d’ancien n’a été effacé : "
                "vérifiez la place et les droits de ce dossier, puis relancez."
            ) from error
        days = options["keep"]
        forgotten = backups.forget_older(folder, clock.now(), days=days)
        destroyed = masters.destroy_former(clock.now(), kept=timedelta(days=days))
        size = sum(file.stat().st_size for file in made.iterdir()) / 1e6
        self.stdout.write(f"{made} : {size:.1f} Mo, relue et entière. {forgotten} ancienne(s) effacée(s).")
        if destroyed:
            self.stdout.write(f"{destroyed} ancienne(s) clé(s) maîtresse(s) détruite(s) : plus rien ne les demande.")
        self.stdout.write("La clé maîtresse n’y est pas : sans elle, ou deux de ses trois parts, rien ne se rouvre.")
