"""Imports a screening file: all of it or nothing, each refused line explained; the same file twice adds nobody."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.accounts.enums import Role
from allervers.accounts.models import Membership, Network
from allervers.accounts.rules import Viewer, viewer_of
from allervers.programmes import imports, template
from allervers.programmes.errors import ProgrammeError
from allervers.programmes.placing import Report

_COLUMNS_ARE_TOLD = "docs/guide/depistage.md"


class Command(BaseCommand):
    help = f"Importe un tableau de dépistage (CSV ou XLSX). Les colonnes sont décrites dans {_COLUMNS_ARE_TOLD}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="le fichier, CSV ou XLSX")
        parser.add_argument("--dry-run", action="store_true", help="essai à blanc : rien n’est écrit")
        parser.add_argument("--network", help="l’adresse courte du réseau, s’il y en a plusieurs")
        parser.add_argument("--by", help="l’adresse électronique de qui importe ; sans elle, la coordination")
        parser.add_argument("--template", type=Path, help="écrit le modèle à remplir (.csv ou .xlsx), et s’arrête là")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            self._template(options["template"])
            return
        if options["file"] is None:
            raise CommandError("Donnez le fichier à importer, ou --template pour avoir le modèle.")
        viewer = _viewer(options["network"], options["by"])
        try:
            with options["file"].open("rb") as file:
                read = imports.check if options["dry_run"] else imports.apply
                report = read(file, by=viewer)
        except OSError as error:
            raise CommandError(f"Le fichier {options['file']} ne s’ouvre pas : {error.strerror}.") from error
        except imports.NothingImported as refused:
            self._tell(refused.report, dry=True)
            raise CommandError(str(refused)) from refused
        except ProgrammeError as error:
            raise CommandError(str(error)) from error
        self._tell(report, dry=options["dry_run"])
        if report.refused:
            raise CommandError("Essai à blanc : rien ne serait enregistré tant que des lignes sont refusées.")

    def _template(self, path: Path) -> None:
        path.write_bytes(template.xlsx_bytes() if path.suffix.lower() == ".xlsx" else template.csv_bytes())
        self.stdout.write(f"Modèle écrit : {path}. Une ligne par personne ; jamais un nom.")

    def _tell(self, report: Report, *, dry: bool) -> None:
        for heading in report.headings.dropped:
            self.stdout.write(f"Colonne « {heading} » laissée de côté sans être lue : elle ne se garde jamais ici.")
        for heading in report.headings.identifying:
            self.stdout.write(f"Colonne « {heading} » laissée de côté sans être lue : ce tableau ne nomme personne.")
        for heading in report.headings.ignored:
            self.stdout.write(f"Colonne « {heading} » inconnue : elle n’est pas importée.")
        for refusal in report.refusals:
            self.stderr.write(str(refusal))
        if report.refused > len(report.refusals):
            self.stderr.write(f"… et {report.refused - len(report.refusals)} autres lignes refusées.")
        start = "Essai à blanc" if dry else "Enregistré"
        self.stdout.write(
            f"{start} : {report.lines} lignes, {report.sessions} séances ; {report.added} personnes ajoutées, "
            f"{report.completed} complétées, {report.known} déjà là, {report.refused} refusées ; "
            f"{report.referrals} orientations."
        )


def _viewer(network: str | None, email: str | None) -> Viewer:
    networks = Network.objects.filter(slug=network) if network else Network.objects.all()
    found = list(networks.order_by("slug"))
    if len(found) != 1:
        names = ", ".join(Network.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"Dites dans quel réseau, avec --network : {names or 'aucun n’existe encore'}.")
    rows = Membership.objects.active().filter(network=found[0])
    rows = rows.filter(user__email=email.strip().lower()) if email else rows.filter(role=Role.COORDINATOR)
    membership = rows.select_related("user", "network", "organisation", "hub").order_by("starts_at", "id").first()
    if membership is None:
        raise CommandError("Dites qui importe, avec --by et l’adresse électronique d’une personne de ce réseau.")
    return viewer_of(membership)
