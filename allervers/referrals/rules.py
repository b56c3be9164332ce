"""The only road to a referral and to a return list; who may do what with them."""

from django.db.models import QuerySet

from allervers.accounts.rules import Viewer
from allervers.people.rules import in_hubs_of
from allervers.referrals.models import Referral, ReferralQuerySet, ReturnList


def referrals_for(viewer: Viewer) -> ReferralQuerySet:
    """Her hub's for whoever sees people; the whole network's, by code, for its coordinator."""
    if viewer.coordinates:
        return Referral.objects.filter(network_id=viewer.network_id)
    if not viewer.sees_people:
        return Referral.objects.none()
    return Referral.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)


def return_lists_for(viewer: Viewer) -> QuerySet[ReturnList]:
    """The same rule as `referrals_for`."""
    if viewer.coordinates:
        return ReturnList.objects.filter(network_id=viewer.network_id)
    if not viewer.sees_people:
        return ReturnList.objects.none()
    return ReturnList.objects.filter(in_hubs_of(viewer), organisation_id=viewer.organisation_id)


def may_handle(viewer: Viewer, referral: Referral) -> bool:
    """Draft, send, withdraw, close, refer elsewhere: those who see the person. A coordinator keys answers in."""
    return viewer.sees_people and referral.organisation_id == viewer.organisation_id


def may_read_outbox(viewer: Viewer) -> bool:
    """Who is told that mail does not leave: whoever can do something about it."""
    return viewer.role in {"hub_lead", "coordinator", "technical"}
