"""Who is looking, and the predicates that every scoped fetcher is built from."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from allervers.accounts.enums import OPENED_BY_LEAD, READS_NETWORK, SEES_PEOPLE, Role
from allervers.accounts.models import ExceptionalAccess, Hub, Membership, Organisation
from allervers.core import text


@dataclass(frozen=True)
class Viewer:
    """One user in one membership: the position that all rules read. Made once a request."""

    user_id: UUID
    membership_id: UUID
    network_id: UUID
    network_name: str
    timezone: str
    organisation_id: UUID
    organisation_name: str
    hub_id: UUID | None
    hub_name: str
    role: Role
    name: str
    initials: str
    shortcuts: bool = True
    extra_hub_ids: frozenset[UUID] = frozenset()  # exceptional access, open now

    @property
    def sees_people(self) -> bool:
        """May open identities of her own organisation (her hubs first)."""
        return self.role in SEES_PEOPLE

    @property
    def coordinates(self) -> bool:
        """Reads states and codes of the whole network, never an identity."""
        return self.role == Role.COORDINATOR

    @property
    def reads_figures(self) -> bool:
        return self.role in {Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR, Role.AUDITOR}

    @property
    def edits_directory(self) -> bool:
        return self.role in {Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR}

    @property
    def role_label(self) -> str:
        return str(self.role.label)

    @property
    def hub_ids(self) -> frozenset[UUID]:
        """The hubs whose people she may open: hers, or all her organisation's when she has none (see `people.rules`)."""
        return self.extra_hub_ids | ({self.hub_id} if self.hub_id else frozenset())


def viewer_of(membership: Membership) -> Viewer:
    """The viewer of a membership loaded with its user, network, organisation and hub."""
    user = membership.user
    open_accesses = [
        access
        for access in ExceptionalAccess.objects.filter(membership=membership, ended_at=None).order_by("-granted_at")[:5]
        if access.is_open()
    ]
    return Viewer(
        user_id=user.id,
        membership_id=membership.id,
        network_id=membership.network_id,
        network_name=membership.network.name,
        timezone=membership.network.timezone,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        hub_id=membership.hub_id,
        hub_name=membership.hub.name if membership.hub else "",
        role=Role(membership.role),
        name=str(user),
        initials=text.initials(user.first_name, user.last_name) or user.email[:2].upper(),
        shortcuts=user.shortcuts,
        extra_hub_ids=frozenset(access.hub_id for access in open_accesses),
    )


def memberships_of(user_id: UUID) -> list[Membership]:
    """A user's memberships of today, the same order each time."""
    rows = Membership.objects.active().filter(user_id=user_id)
    return list(rows.select_related("user", "network", "organisation", "hub").order_by("starts_at", "id"))


def colleagues_of(viewer: Viewer) -> list[Membership]:
    """Who may own a need beside the viewer: those of her organisation who see people."""
    rows = Membership.objects.active().filter(organisation_id=viewer.organisation_id, role__in=SEES_PEOPLE)
    return list(rows.select_related("user", "hub").order_by("user__first_name", "user__last_name", "id"))


def team_for(viewer: Viewer) -> QuerySet[Membership]:
    """The people who work here: of the whole network for whoever coordinates, checks or maintains it, else of hers."""
    team = Membership.objects.active().filter(network_id=viewer.network_id)
    if viewer.role not in READS_NETWORK:
        team = team.filter(organisation_id=viewer.organisation_id)
    return team.select_related("user", "organisation", "hub")


def managed_for(viewer: Viewer) -> QuerySet[Membership]:
    """The memberships that the viewer may change or end; never her own.

    A coordinator: all of her network. A hub lead: those of her hub, or of her organisation when she has no hub.
    """
    team = team_for(viewer).exclude(user_id=viewer.user_id)
    if viewer.coordinates:
        return team
    if viewer.role != Role.HUB_LEAD:
        return Membership.objects.none()
    return team.filter(role__in=OPENED_BY_LEAD).filter(Q(hub_id=viewer.hub_id) if viewer.hub_id else Q())


def roles_opened_by(viewer: Viewer) -> list[Role]:
    """The roles that the viewer may give, in the order of the list; see also `seats_for`."""
    if viewer.coordinates:
        return list(Role)
    return [role for role in Role if role in OPENED_BY_LEAD] if viewer.role == Role.HUB_LEAD else []


def hubs_for(viewer: Viewer) -> QuerySet[Hub]:
    """The hubs of the viewer's network: where they are is no secret inside it."""
    return Hub.objects.filter(network_id=viewer.network_id).select_related("organisation")


def seats_for(viewer: Viewer) -> QuerySet[Hub]:
    """The hubs in which the viewer may open an account."""
    if viewer.coordinates:
        return hubs_for(viewer)
    if viewer.role != Role.HUB_LEAD:
        return Hub.objects.none()
    seats = hubs_for(viewer).filter(organisation_id=viewer.organisation_id)
    return seats.filter(pk=viewer.hub_id) if viewer.hub_id else seats


def sister_hubs_for(viewer: Viewer) -> QuerySet[Hub]:
    """The other hubs of her own organisation: the only ones that an exceptional access may open."""
    if not viewer.sees_people or viewer.hub_id is None:
        return Hub.objects.none()
    return hubs_for(viewer).filter(organisation_id=viewer.organisation_id).exclude(pk=viewer.hub_id)


def exceptional_for(viewer: Viewer) -> QuerySet[ExceptionalAccess]:
    """The exceptional accesses of her organisation: everyone there sees them, whoever asked."""
    accesses = ExceptionalAccess.objects.filter(organisation_id=viewer.organisation_id, network_id=viewer.network_id)
    return accesses.select_related("membership__user", "hub")


def endable_for(viewer: Viewer) -> QuerySet[ExceptionalAccess]:
    """The accesses that the viewer may end before their time: her own; a hub lead, all of her organisation's."""
    accesses = exceptional_for(viewer).filter(ended_at=None)
    return accesses if viewer.role == Role.HUB_LEAD else accesses.filter(membership_id=viewer.membership_id)


def organisations_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations of the viewer's network; the directory is shared inside it."""
    return Organisation.objects.filter(network_id=viewer.network_id, closed_at=None)
