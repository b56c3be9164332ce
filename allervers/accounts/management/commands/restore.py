"""Puts a backup back, erases again whoever was erased since, signs everybody out, and verifies the journal.

Stop the web and the worker first. The master key must be in its place (see escrow_key). Idempotent: run it again if stopped.
"""

from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from allervers.accounts import backups, masters
from allervers.accounts.models import Network
from allervers.core.keys import KeyMissing


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--replace", action="store_true", help="remplace une installation qui contient un réseau")

    def handle(self, *args: Any, **options: Any) -> None:
        if self._holds_a_network() and not options["replace"]:
            raise CommandError("Cette base contient déjà un réseau. Pour la remplacer vraiment, ajoutez --replace.")
        try:
            papers = backups.papers_of(options["backup"])
            backups.put_back(options["backup"], papers)
        except (backups.CannotRestore, KeyMissing) as error:
            raise CommandError(str(error)) from error
        self._count(papers)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        masters.finish()  # the backup may be from before a rotation of the master key
        Session.objects.all().delete()  # what was revoked since must not sign in again
        call_command("reapply_erasures", stdout=self.stdout)
        call_command("anchor_journal", after_restore=True, verbosity=0)
        call_command("verify_journal", stdout=self.stdout)
        self.stdout.write(f"Sauvegarde du {papers.at} remise en place. Chacun doit se reconnecter.")

    def _holds_a_network(self) -> bool:
        tables = connection.introspection.table_names()
        return Network._meta.db_table in tables and Network.objects.exists()

    def _count(self, papers: backups.Papers) -> None:
        found = backups.counted(sorted(papers.counts))
        wrong = [
            f"{name} ({papers.counts[name]} → {count})" for name, count in found.items() if count != papers.counts[name]
        ]
        if wrong:
            raise CommandError("Des lignes manquent après la restauration : " + ", ".join(wrong))
