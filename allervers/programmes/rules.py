"""Who may read and write campaigns, sessions and those who came; the only road to a row.

Campaigns are the network's common knowledge. Sessions belong to a hub: its own team reaches them, the whole
organisation for who has no hub, the whole network for its coordinator, who reads counts and codes.
"""

from django.db.models import Q, QuerySet

from allervers.accounts.models import Hub
from allervers.accounts.rules import Viewer
from allervers.programmes.enums import Form
from allervers.programmes.models import Action, Attendance, Session


def actions_for(viewer: Viewer) -> QuerySet[Action]:
    """The campaigns of the viewer's network, for those who read figures."""
    if not viewer.reads_figures:
        return Action.objects.none()
    return Action.objects.filter(network_id=viewer.network_id)


def sessions_for(viewer: Viewer) -> QuerySet[Session]:
    """The sessions that the viewer may open."""
    sessions = Session.objects.filter(network_id=viewer.network_id)
    if viewer.coordinates:
        return sessions
    return sessions.filter(_reached(viewer, "")) if viewer.sees_people else sessions.none()


def attendances_for(viewer: Viewer) -> QuerySet[Attendance]:
    """The lines of those sessions; a coordinator is shown their codes only (`people.queries.labels_for`)."""
    attendances = Attendance.objects.filter(network_id=viewer.network_id)
    if viewer.coordinates:
        return attendances
    return attendances.filter(_reached(viewer, "session__")) if viewer.sees_people else attendances.none()


def counted_for(viewer: Viewer) -> QuerySet[Attendance]:
    """The lines that the viewer's figures stand on: an auditor counts them all and opens none."""
    if viewer.reads_figures and not viewer.sees_people:
        return Attendance.objects.filter(network_id=viewer.network_id)
    return attendances_for(viewer)


def counted_sessions_for(viewer: Viewer) -> QuerySet[Session]:
    """The sessions that the viewer's figures stand on."""
    if viewer.reads_figures and not viewer.sees_people:
        return Session.objects.filter(network_id=viewer.network_id)
    return sessions_for(viewer)


def hubs_for(viewer: Viewer) -> QuerySet[Hub]:
    """Where the viewer may plan a session."""
    hubs = Hub.objects.filter(network_id=viewer.network_id)
    if viewer.coordinates:
        return hubs
    if not viewer.sees_people:
        return hubs.none()
    hubs = hubs.filter(organisation_id=viewer.organisation_id)
    return hubs if viewer.hub_id is None else hubs.filter(id__in=viewer.hub_ids)


def may_create(viewer: Viewer) -> bool:
    """May open a campaign, or declare a past one."""
    return viewer.coordinates or viewer.sees_people


def may_edit(viewer: Viewer, action: Action) -> bool:
    """May change a campaign: its organisation's team, or the network's coordinator."""
    if action.network_id != viewer.network_id:
        return False
    return viewer.coordinates or (viewer.sees_people and action.organisation_id == viewer.organisation_id)


def may_plan(viewer: Viewer, action: Action) -> bool:
    """May add sessions to a campaign, at her own hubs: a city's campaign is held by its associations."""
    return action.network_id == viewer.network_id and action.form == Form.LINES and may_create(viewer)


def _reached(viewer: Viewer, path: str) -> Q:
    own = Q(**{f"{path}hub__organisation_id": viewer.organisation_id})
    if viewer.hub_id is not None:
        own &= Q(**{f"{path}hub_id__in": viewer.hub_ids})
    return own | Q(**{f"{path}hub": None, f"{path}action__organisation_id": viewer.organisation_id})
