"""The cast: one network like Lille's, another network beside it, and who works and who is helped there.

Wazemmes and Moulins are two hubs of one association; Fives belongs to another one; the city coordinates and keeps no
card. Every personal value is a marker (`tests.markers`): a string found nowhere else, so that a leak has a name.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.db.models import Model
from django.test import Client

from allervers.accounts import keys
from allervers.accounts.enums import OrganisationKind, Role
from allervers.accounts.models import Hub, Membership, Network, Organisation, OrganisationKey, User
from allervers.accounts.rules import Viewer, viewer_of
from allervers.core import clock, ids
from allervers.people import vault
from allervers.people.models import PersonCard
from tests import markers

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Cast:
    lille: Network
    toulouse: Network
    city: Organisation  # coordinates, keeps no card
    association: Organisation  # hosts Wazemmes and Moulins
    other_association: Organisation  # hosts Fives
    hospital: Organisation  # a partner who never signs in
    elsewhere: Organisation  # Toulouse's
    wazemmes: Hub
    moulins: Hub
    fives: Hub
    arnaud: Hub  # Toulouse's
    memberships: dict[str, Membership] = field(default_factory=dict)

    @classmethod
    def make(cls) -> "Cast":
        """The cast in the database of this test: made once a run, then the same rows written again, ten times quicker."""
        global _first
        if _first is None:
            cast = cls._made()
            _first = cast, list(OrganisationKey.objects.all())
            return copy.deepcopy(cast)
        keys.forget()
        cast, organisation_keys = copy.deepcopy(_first)
        members = list(cast.memberships.values())
        for network in (cast.lille, cast.toulouse):
            network.pk = ids.new_id()  # what a process remembers of a network is not remembered of this one
        _write([cast.lille, cast.toulouse])
        _write([cast.city, cast.association, cast.other_association, cast.hospital, cast.elsewhere])
        _write(organisation_keys)
        _write([cast.wazemmes, cast.moulins, cast.fives, cast.arnaud])
        _write([member.user for member in members])
        _write(members)
        return cast

    @classmethod
    def _made(cls) -> "Cast":
        lille = Network.objects.create(name="Réseau de Lille", slug="lille")
        toulouse = Network.objects.create(name="Réseau de Toulouse", slug="toulouse")
        city = _organisation(lille, "Ville", OrganisationKind.TOWN)
        association = _organisation(lille, "Association des deux pôles", OrganisationKind.ASSOCIATION, cards=True)
        other = _organisation(lille, "Association de Fives", OrganisationKind.ASSOCIATION, cards=True)
        hospital = _organisation(lille, "Hôpital", OrganisationKind.HOSPITAL)
        hospital.email = "accueil@hopital.example"
        hospital.save()
        elsewhere = _organisation(toulouse, "Association d’ailleurs", OrganisationKind.ASSOCIATION, cards=True)
        made = cls(
            lille=lille,
            toulouse=toulouse,
            city=city,
            association=association,
            other_association=other,
            hospital=hospital,
            elsewhere=elsewhere,
            wazemmes=_hub(association, "Wazemmes"),
            moulins=_hub(association, "Moulins"),
            fives=_hub(other, "Fives"),
            arnaud=_hub(elsewhere, "Arnaud-Bernard"),
        )
        made._work("coordinator", Role.COORDINATOR, city, None)
        made._work("lead", Role.HUB_LEAD, association, made.wazemmes)
        made._work("mediator", Role.MEDIATOR, association, made.wazemmes)
        made._work("sister", Role.MEDIATOR, association, made.moulins)
        made._work("other", Role.MEDIATOR, other, made.fives)
        made._work("foreigner", Role.MEDIATOR, elsewhere, made.arnaud)
        made._work("ambassador", Role.AMBASSADOR, association, made.wazemmes)
        made._work("volunteer", Role.VOLUNTEER, association, made.wazemmes)
        made._work("member", Role.MEMBER, hospital, None)
        made._work("auditor", Role.AUDITOR, city, None)
        made._work("technical", Role.TECHNICAL, city, None)
        return made

    def viewer(self, who: str) -> Viewer:
        return viewer_of(self.memberships[who])

    def client(self, who: str) -> Client:
        """A browser in which `who` has signed in, second factor passed."""
        user = self.memberships[who].user
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(TOTP_SECRET)}}
        )
        client = Client()
        client.force_login(user)
        return client

    def card(self, hub: Hub | None = None, *, named: bool = True, **values: object) -> PersonCard:
        """Someone helped: a named card whose every value is a marker, or a code."""
        hub = hub or self.wazemmes
        number = PersonCard.objects.count() + 1
        card = PersonCard(
            network=hub.network, organisation=hub.organisation, hub=hub, code=f"Roseau {number + 10}", is_named=named
        )
        for name, value in values.items():
            setattr(card, name, value)
        vault.new_card_key(card)
        if named:
            identity = {
                "first_name": markers.new("first_name", card),
                "last_name": markers.new("last_name", card),
                "birth_year": 1961,
                "phones": [{"number": markers.new_phone(card), "owner": "self", "sms": True, "voicemail": False}],
                "address": markers.new("address", card),
            }
            card.sealed = vault.seal_identity(card, identity)
        card.save()
        return card

    def _work(self, who: str, role: Role, organisation: Organisation, hub: Hub | None) -> None:
        user = User.objects.create_user(f"{who}@example.org", first_name=who.capitalize(), last_name="Cast")
        self.memberships[who] = Membership.objects.create(
            user=user, network=organisation.network, organisation=organisation, hub=hub, role=role
        )


_first: tuple[Cast, list[OrganisationKey]] | None = None


def _write(rows: Sequence[Model]) -> None:
    """New rows of one table, their times those of this test's clock, their network this test's."""
    for row in rows:
        if hasattr(row, "network"):
            row.network = row.network  # its id is read again
        for its in row._meta.fields:
            if its.default in (clock.now, clock.today):
                setattr(row, its.attname, its.get_default())
    type(rows[0])._default_manager.bulk_create(rows)


def _organisation(network: Network, name: str, kind: OrganisationKind, *, cards: bool = False) -> Organisation:
    slug = "".join(letter for letter in name.lower() if letter.isalpha())
    organisation = Organisation.objects.create(network=network, name=name, slug=slug, kind=kind, keeps_cards=cards)
    if cards:
        keys.create_for(organisation)
    return organisation


def _hub(organisation: Organisation, name: str) -> Hub:
    return Hub.objects.create(network=organisation.network, organisation=organisation, name=name, slug=name.lower())
