"""The only roads to a message and to what it is made of; and who may write them."""

from django.db.models import QuerySet

from allervers.accounts.enums import Role
from allervers.accounts.rules import Viewer
from allervers.prevention.models import LexiconEntry, Message, MessageQuerySet, Misunderstanding, Rendition, Segment

_NEWSROOM = {Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR}


def may_write(viewer: Viewer) -> bool:
    """Writes, translates and checks messages: they belong to the whole network."""
    return viewer.role in _NEWSROOM


def messages_for(viewer: Viewer) -> MessageQuerySet:
    rows = Message.objects.filter(network_id=viewer.network_id)
    return rows if may_write(viewer) else rows.none()


def segments_for(viewer: Viewer) -> QuerySet[Segment]:
    return Segment.objects.filter(message__in=messages_for(viewer)).select_related("message")


def renditions_for(viewer: Viewer) -> QuerySet[Rendition]:
    return Rendition.objects.filter(segment__message__in=messages_for(viewer)).select_related("segment__message")


def misunderstandings_for(viewer: Viewer) -> QuerySet[Misunderstanding]:
    rows = Misunderstanding.objects.filter(segment__message__in=messages_for(viewer))
    return rows.select_related("segment__message")


def lexicon_for(viewer: Viewer) -> QuerySet[LexiconEntry]:
    rows = LexiconEntry.objects.filter(network_id=viewer.network_id)
    return rows if may_write(viewer) else rows.none()
