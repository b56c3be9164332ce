"""The only roads to an encounter, a need, a hand-over; and who may write them."""

from django.db.models import Q, QuerySet

from allervers.accounts.enums import Role
from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer, colleagues_of
from allervers.needs.models import (
    Encounter,
    HandOver,
    HandOverQuerySet,
    HelpRequest,
    HelpRequestQuerySet,
    Need,
    NeedQuerySet,
    Obstacle,
)
from allervers.people.rules import in_hubs_of, may_open


def needs_for(viewer: Viewer) -> NeedQuerySet:
    """Needs of her hub (of her organisation when she has none), whoever follows them; all, by code, for a coordinator."""
    if viewer.coordinates:
        return Need.objects.filter(network_id=viewer.network_id)
    if not viewer.sees_people:
        return Need.objects.none()
    return Need.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)


def encounters_for(viewer: Viewer) -> QuerySet[Encounter]:
    """The same reach as `needs_for`."""
    if viewer.coordinates:
        return Encounter.objects.filter(network_id=viewer.network_id)
    if not viewer.sees_people:
        return Encounter.objects.none()
    return Encounter.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)


def obstacles_for(viewer: Viewer) -> QuerySet[Obstacle]:
    """Obstacles that the viewer may count as they are: those of her hub. Others' are counted above the threshold only."""
    if not viewer.sees_people:
        return Obstacle.objects.none()
    return Obstacle.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)


def hand_overs_for(viewer: Viewer) -> HandOverQuerySet:
    """For who receives: those of her hub or addressed to her, and those she made. For an ambassador: hers alone."""
    made = Q(by_id=viewer.membership_id)
    if viewer.sees_people:
        received = Q(organisation_id=viewer.organisation_id) & in_hubs_of(viewer)
        return HandOver.objects.filter(made | received | Q(to_id=viewer.membership_id))
    if viewer.role == Role.AMBASSADOR:
        return HandOver.objects.filter(made)
    return HandOver.objects.none()


def requests_for(viewer: Viewer) -> HelpRequestQuerySet:
    """Requests of her hub (of her organisation when she has none), for who answers them; a coordinator reads their needs.
    A voice stays where it is until it is listened to."""
    if not viewer.sees_people:
        return HelpRequest.objects.none()
    return HelpRequest.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id).defer("voice")


def may_hear(viewer: Viewer, request: HelpRequest) -> bool:
    """A voice of `requests_for`, when nothing of its need is closed to her."""
    return request.need is None or may_read_words(viewer, request.need)


def may_note(viewer: Viewer) -> bool:
    """Notes encounters and opens needs."""
    return viewer.sees_people


def may_write(viewer: Viewer, need: Need) -> bool:
    """The same rule as `needs_for`, on one loaded need, without those who only count."""
    if not viewer.sees_people or need.organisation_id != viewer.organisation_id:
        return False
    return viewer.hub_id is None or need.hub_id is None or need.hub_id in viewer.hub_ids


def may_read_words(viewer: Viewer, need: Need) -> bool:
    """Free text is read by whoever may write the need and, when it is about a card, open that card."""
    if not may_write(viewer, need):
        return False
    return need.card is None or may_open(viewer, need.card)


def may_bring(viewer: Viewer) -> bool:
    """Brings a neighbour to a hub."""
    return viewer.role == Role.AMBASSADOR or viewer.sees_people


def may_answer(viewer: Viewer, hand_over: HandOver) -> bool:
    """Accepts or declines: the person it names, else anyone of the hub that receives."""
    if not viewer.sees_people or hand_over.organisation_id != viewer.organisation_id:
        return False
    if hand_over.to_id is not None:
        return hand_over.to_id == viewer.membership_id
    return viewer.hub_id is None or hand_over.hub_id is None or hand_over.hub_id in viewer.hub_ids


def owners_of(viewer: Viewer, need: Need) -> list[Membership]:
    """Who may follow this need without a hand-over: her colleagues who reach its hub."""
    return [c for c in colleagues_of(viewer) if c.hub_id is None or need.hub_id is None or c.hub_id == need.hub_id]
