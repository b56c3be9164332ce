"""Opens an account from the server itself: the first of a hub, or when a whole team has left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from allervers.accounts import actions
from allervers.accounts.enums import Role
from allervers.accounts.models import Hub, Organisation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--network", required=True, metavar="SLUG")
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--hub", metavar="SLUG")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        where = {"network__slug": options["network"]}
        organisation = Organisation.objects.filter(slug=options["organisation"], **where).first()
        if organisation is None:
            raise CommandError(_("Aucune structure « %s » dans ce réseau.") % options["organisation"])
        hub = None
        if options["hub"]:
            hub = Hub.objects.filter(slug=options["hub"], **where).first()
            if hub is None:
                raise CommandError(_("Aucun pôle « %s » dans ce réseau.") % options["hub"])
        try:
            membership = actions.open_membership(
                organisation,
                email=options["email"],
                role=Role(options["role"]),
                hub=hub,
                first_name=options["first_name"],
                last_name=options["last_name"],
                by=None,
            )
        except actions.Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_("Compte ouvert : %s.") % membership)
