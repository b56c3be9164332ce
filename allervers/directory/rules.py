"""Who may read and change the directory: it is shared inside a network, edited by its teams and by each partner for itself."""

from django.db.models import QuerySet

from allervers.accounts.enums import Role
from allervers.accounts.models import Organisation
from allervers.accounts.rules import Viewer, organisations_for
from allervers.directory.models import Closure, ColumnMapping, Partnership, Place, Service, Upload


def services_for(viewer: Viewer) -> QuerySet[Service]:
    """The services of the viewer's network that are still offered, with their place and organisation."""
    return Service.objects.filter(
        network_id=viewer.network_id, closed_at=None, place__closed_at=None, place__organisation__closed_at=None
    ).select_related("place__organisation")


def places_for(viewer: Viewer) -> QuerySet[Place]:
    """The places of the viewer's network that still receive."""
    return Place.objects.filter(
        network_id=viewer.network_id, closed_at=None, organisation__closed_at=None
    ).select_related("organisation")


def closures_for(viewer: Viewer) -> QuerySet[Closure]:
    return Closure.objects.filter(place__network_id=viewer.network_id, place__closed_at=None)


def partnerships_for(viewer: Viewer) -> QuerySet[Partnership]:
    return Partnership.objects.filter(network_id=viewer.network_id).select_related("organisation")


def uploads_for(viewer: Viewer) -> QuerySet[Upload]:
    """The files handed over by anyone of the network who imports."""
    return Upload.objects.filter(network_id=viewer.network_id).select_related("membership__user")


def mappings_for(viewer: Viewer) -> QuerySet[ColumnMapping]:
    return ColumnMapping.objects.filter(network_id=viewer.network_id)


def may_edit(viewer: Viewer, organisation: Organisation) -> bool:
    """The network's teams edit every page; a member of a structure edits that structure's."""
    if organisation.network_id != viewer.network_id:
        return False
    return viewer.edits_directory or (viewer.role == Role.MEMBER and organisation.id == viewer.organisation_id)


def may_manage(viewer: Viewer) -> bool:
    """Adding and closing organisations, partnerships, imports: the network's teams only."""
    return viewer.edits_directory


def editable_organisations_for(viewer: Viewer) -> QuerySet[Organisation]:
    """The organisations whose pages the viewer may change: none for whoever only reads."""
    reachable = organisations_for(viewer)
    if viewer.edits_directory:
        return reachable
    if viewer.role == Role.MEMBER:
        return reachable.filter(id=viewer.organisation_id)
    return reachable.none()


def editable_places_for(viewer: Viewer) -> QuerySet[Place]:
    return places_for(viewer).filter(organisation__in=editable_organisations_for(viewer))


def editable_services_for(viewer: Viewer) -> QuerySet[Service]:
    return services_for(viewer).filter(place__organisation__in=editable_organisations_for(viewer))
