"""Opening networks, organisations, hubs and accounts; ending accounts; the exceptional access."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from allervers.accounts import keys, rules
from allervers.accounts.enums import SEES_PEOPLE, OrganisationKind, Role
from allervers.accounts.models import ExceptionalAccess, Hub, Membership, Network, Organisation, User
from allervers.accounts.rules import Viewer
from allervers.core import clock, ids
from allervers.journal.actions import action, record

MAX_MINUTES = 180


class Refused(Exception):
    """What was asked cannot be done; its words say what to do instead."""


@action
def create_network(name: str, *, timezone: str = "Europe/Paris") -> Network:
    """A network, empty; the coordinator's account is opened next."""
    network = Network.objects.create(name=name, slug=_free_slug(name, Network.objects.all()), timezone=timezone)
    record("network.created", network, by=None, network=network.id)
    return network


@action
def create_organisation(
    network: Network, *, name: str, kind: str = OrganisationKind.ASSOCIATION, keeps_cards: bool, by: Viewer | None
) -> Organisation:
    """An organisation; one that keeps cards gets its key."""
    slug = _free_slug(name, Organisation.objects.filter(network=network))
    organisation = Organisation.objects.create(
        network=network, name=name, slug=slug, kind=kind, keeps_cards=keeps_cards
    )
    if keeps_cards:
        keys.create_for(organisation)
    record("organisation.created", organisation, by=by, of=str(kind), keeps_cards=keeps_cards)
    return organisation


@action
def create_hub(organisation: Organisation, *, name: str, by: Viewer | None) -> Hub:
    """A hub, hosted by an organisation of the network, which from then on keeps cards."""
    if not organisation.keeps_cards:
        organisation.keeps_cards = True
        organisation.save(update_fields=["keeps_cards"])
        keys.create_for(organisation)
    slug = _free_slug(name, Hub.objects.filter(network_id=organisation.network_id))
    hub = Hub.objects.create(network_id=organisation.network_id, organisation=organisation, name=name, slug=slug)
    record("hub.created", hub, by=by, organisation=organisation.id)
    return hub


@action
def open_hub(
    network_id: UUID, *, name: str, organisation: Organisation | None, new_organisation: str, by: Viewer
) -> Hub:
    """A hub in an organisation that is there, or in a new one of that name."""
    if organisation is None:
        network = Network.objects.get(pk=network_id)
        organisation = create_organisation(network, name=new_organisation, keeps_cards=True, by=by)
    return create_hub(organisation, name=name, by=by)


@action
def open_membership(
    organisation: Organisation,
    *,
    email: str,
    role: Role,
    by: Viewer | None,
    first_name: str = "",
    last_name: str = "",
    hub: Hub | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Gives someone an account here: a known address keeps its user. `by` None is the command line. Raises `Refused`.

    `ends_on` is its last day, in the network's time.
    """
    email = email.strip().lower()
    if hub is not None and hub.organisation_id != organisation.id:
        raise Refused(_("Ce pôle appartient à une autre structure. Choisissez un pôle de « %s ».") % organisation.name)
    ends_at = _end_of(ends_on, organisation.network) if ends_on else None
    if ends_at is not None and ends_at <= clock.now():
        raise Refused(_("La date de fin est passée. Choisissez un jour à venir, ou laissez vide."))
    if by is not None:
        _check_may_open(organisation, email=email, role=role, hub=hub, by=by)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, first_name=first_name.strip(), last_name=last_name.strip())
    elif not user.is_active:
        raise Refused(_("Cette adresse a été fermée. Demandez à l’administration technique de la rouvrir."))
    twice = _("Cette personne a déjà ce rôle dans « %s ».") % organisation.name
    if Membership.objects.active().filter(user=user, organisation=organisation, role=role).exists():
        raise Refused(twice)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                network_id=organisation.network_id,
                organisation=organisation,
                hub=hub,
                role=role,
                ends_at=ends_at,
            )
    except IntegrityError as error:
        raise Refused(twice) from error
    record("membership.opened", membership, by=by, role=str(role), hub=hub.id if hub else None)
    return membership


@action
def move_membership(membership: Membership, *, role: Role, hub: Hub | None, by: Viewer) -> Membership:
    """Another role or hub in the same organisation: the old membership ends, a new one begins, and both stay told."""
    if (membership.role, membership.hub_id) == (role, hub.id if hub else None):
        return membership
    end_membership(membership, by=by)
    organisation = membership.organisation
    return open_membership(organisation, email=membership.user.email, role=role, hub=hub, by=by)


@action
def end_membership(membership: Membership, *, by: Viewer | None) -> None:
    """Ends it now; the person's open sessions lose it at their next page. Ending it twice changes nothing."""
    now = clock.now()
    if not Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), pk=membership.pk).update(ends_at=now):
        return
    open_accesses = ExceptionalAccess.objects.filter(membership=membership, ended_at=None)
    open_accesses.update(ended_at=now)
    record("membership.ended", membership, by=by, role=membership.role)


@action
def grant_exceptional_access(*, hub: Hub, reason: str, minutes: int, by: Viewer) -> ExceptionalAccess:
    """Opens a sister hub's identities to `by`, three hours at most; everyone of the organisation sees it.

    The reason stays on the row; the event carries its length and the hub only. Raises `Refused`.
    """
    if not by.sees_people or not rules.sister_hubs_for(by).filter(pk=hub.pk).exists():
        raise Refused(_("L’accès exceptionnel reste dans votre structure : ce pôle n’en fait pas partie."))
    if len(reason.strip()) < 10:
        raise Refused(_("Dites pourquoi en une phrase : toute votre structure la lira."))
    if not 1 <= minutes <= MAX_MINUTES:
        raise Refused(_("Trois heures au plus. Choisissez une durée plus courte."))
    access = ExceptionalAccess.objects.create(
        network_id=by.network_id,
        organisation_id=by.organisation_id,
        membership_id=by.membership_id,
        hub=hub,
        reason=reason.strip(),
        granted_at=clock.now(),
        minutes=minutes,
    )
    record("exceptional_access.granted", access, by=by, hub=hub.id, minutes=minutes)
    return access


@action
def end_exceptional_access(access: ExceptionalAccess, *, by: Viewer) -> None:
    """Ends it before its time; once is enough."""
    if ExceptionalAccess.objects.filter(pk=access.pk, ended_at=None).update(ended_at=clock.now()):
        record("exceptional_access.ended", access, by=by)


def _check_may_open(organisation: Organisation, *, email: str, role: Role, hub: Hub | None, by: Viewer) -> None:
    if organisation.network_id != by.network_id or role not in rules.roles_opened_by(by):
        raise Refused(_("Vous ne pouvez pas ouvrir ce rôle. Demandez à la coordination du réseau."))
    if not by.coordinates:
        if organisation.id != by.organisation_id or hub is None or not rules.seats_for(by).filter(pk=hub.pk).exists():
            raise Refused(_("Vous ouvrez des comptes dans votre pôle. Pour un autre, demandez à sa référente."))
        return
    if role not in SEES_PEOPLE:
        return
    if User.objects.filter(pk=by.user_id, email=email).exists():
        raise Refused(_("La coordination lit des états et des codes : elle ne s’ouvre pas de compte qui lit des noms."))
    if _has_its_own_team(organisation, hub):
        raise Refused(
            _(
                "Ce pôle a déjà son équipe : c’est elle qui ouvre les comptes qui lisent des noms. "
                "Demandez à la référente de « %s »."
            )
            % organisation.name
        )


def _has_its_own_team(organisation: Organisation, hub: Hub | None) -> bool:
    """Whether anyone was ever given sight of these people: from then on the coordination gives it to no one.

    Otherwise a coordinator could end the lead's account, open another and read another controller's identities.
    """
    seats = Membership.objects.filter(organisation=organisation, role__in=SEES_PEOPLE)
    return seats.filter(hub=hub).exists() or (hub is None and seats.exists())


def _end_of(day: date, network: Network) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(network.timezone))


def _free_slug(name: str, taken: QuerySet[Any]) -> str:
    """A slug from a name, with a number behind it when another has it."""
    base = slugify(name)[:40] or str(ids.new_id())[:8]
    slug, number = base, 2
    while taken.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
