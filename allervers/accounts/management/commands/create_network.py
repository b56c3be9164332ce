"""Creates a network with its coordinating organisation and its coordinator's account, for an empty installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from allervers.accounts import actions
from allervers.accounts.enums import OrganisationKind, Role
from allervers.accounts.models import Network, Organisation
from allervers.journal.actions import action


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the network's name, in quotes")
        parser.add_argument("--coordinator", metavar="EMAIL", required=True, help="who coordinates: signs in by mail")
        parser.add_argument("--city", metavar="NAME", help="the organisation that coordinates (the network's name)")
        parser.add_argument("--timezone", default="Europe/Paris")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["coordinator"])
        except ValidationError as error:
            raise CommandError(_("« %s » n’est pas une adresse électronique.") % options["coordinator"]) from error
        name, city = options["name"].strip(), (options["city"] or options["name"]).strip()
        if Network.objects.filter(name=name).exists():
            raise CommandError(_("Le réseau « %s » existe déjà.") % name)
        try:
            network, organisation = _create(name, city, options["coordinator"], options["timezone"])
        except actions.Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Réseau « %(network)s » créé (%(slug)s), coordonné par « %(city)s ». %(email)s peut entrer.")
            % {
                "network": network.name,
                "slug": network.slug,
                "city": organisation.name,
                "email": options["coordinator"],
            }
        )


@action
def _create(name: str, city: str, email: str, timezone: str) -> tuple[Network, Organisation]:
    """All or nothing: the network, its coordinating organisation, its coordinator."""
    network = actions.create_network(name, timezone=timezone)
    organisation = actions.create_organisation(
        network, name=city, kind=OrganisationKind.TOWN, keeps_cards=False, by=None
    )
    actions.open_membership(organisation, email=email, role=Role.COORDINATOR, by=None)
    return network, organisation
