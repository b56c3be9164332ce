"""Rewraps the keys of cards under a new key of their organisation; safe under load, resumes when interrupted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allervers.accounts.models import Organisation
from allervers.people import actions


class Command(BaseCommand):
    help = "Change les clés qui protègent les fiches. Interrompue, la commande reprend où elle s’est arrêtée."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="une seule structure")
        parser.add_argument("--batch", type=int, default=500, help="fiches par transaction")
        parser.add_argument(
            "--destroy-old",
            action="store_true",
            help="détruit les anciennes clés qui ne protègent plus rien, remplacées depuis plus d’une heure",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keepers = Organisation.objects.filter(keeps_cards=True).order_by("slug")
        if slug := options["organisation"]:
            keepers = keepers.filter(slug=slug)
            if not keepers:
                raise CommandError(f"Aucune structure « {slug} » ne tient de fiches.")
        for organisation in keepers:
            # Old keys first: those that a rotation replaced an hour ago, not the ones this run replaces.
            destroyed = actions.destroy_old_keys(organisation) if options["destroy_old"] else 0
            rewrapped = sum(actions.rotate_keys(organisation, batch=options["batch"]))
            told = f", {destroyed} ancienne(s) clé(s) détruite(s)" if options["destroy_old"] else ""
            self.stdout.write(f"{organisation.name} : {rewrapped} fiche(s){told}")
