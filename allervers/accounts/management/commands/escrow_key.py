"""Splits the master key in parts kept by different people, or rebuilds it from enough of them. Rehearse it once a year."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.core import escrow, keys

_WHY_NOT = {
    "damaged": "Une des parts est abîmée ou mal recopiée : relisez sa ligne, ou demandez une autre part.",
    "mixed": "Ces parts ne viennent pas du même partage : prenez celles qui portent le même numéro de partage.",
    "too_few": "Il manque une part : il en faut deux différentes.",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--split", metavar="DOSSIER", type=Path, help="écrit trois parts, dont deux suffisent")
        parser.add_argument("--rebuild", metavar="PART", type=Path, nargs="+", help="remet la clé absente à sa place")
        parser.add_argument("--check", metavar="PART", type=Path, nargs="+", help="répétition : compare, n’écrit rien")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["split"]:
            self._split(options["split"])
        elif options["rebuild"]:
            self._rebuild(options["rebuild"])
        elif options["check"]:
            self._check(options["check"])
        else:
            raise CommandError("Dites --split DOSSIER, --rebuild PART PART ou --check PART PART.")

    def _split(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        parts = escrow.split(keys.master(), threshold=2, parts=3)
        for part in parts:
            path = folder / f"part-{part.split}-{part.number}.txt"
            keys.write_secret(path, part.line())
            self.stdout.write(f"Part écrite : {path}")
        self.stdout.write(
            "Remettez chaque part à une personne différente (papier sous enveloppe, ou clé USB), effacez ce dossier, "
            "puis vérifiez un jour avec deux d’entre elles : manage.py escrow_key --check PART PART"
        )

    def _rebuild(self, files: list[Path]) -> None:
        path = keys.master_path()
        if path.exists():
            raise CommandError(f"{path} existe déjà : rien n’a été changé. Pour vérifier des parts : --check.")
        secret = self._secret(files)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys.write_secret(path, secret.hex())
        self.stdout.write(f"Clé remise à sa place : {path}")

    def _check(self, files: list[Path]) -> None:
        if self._secret(files) != keys.master():
            raise CommandError("Ces parts rebâtissent une autre clé que celle de cette installation.")
        self.stdout.write("Ces parts rebâtissent bien la clé de cette installation.")

    def _secret(self, files: list[Path]) -> bytes:
        try:
            return escrow.rebuild([escrow.read(file.read_text()) for file in files])
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} n’existe pas.") from error
        except escrow.CannotRebuild as error:
            raise CommandError(_WHY_NOT[str(error)]) from error
