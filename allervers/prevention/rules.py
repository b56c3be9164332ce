"""The only roads to a message and to what it is made of; and who may write them."""

from uuid import UUID

from django.db.models import QuerySet

from allervers.accounts.enums import Role
from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer
from allervers.core import clock, crypto
from allervers.journal.actions import Actor
from allervers.prevention.enums import InvitationKind, Medium, Origin, RenditionState
from allervers.prevention.errors import NotYours
from allervers.prevention.models import (
    Invitation,
    LexiconEntry,
    Media,
    Message,
    MessageQuerySet,
    Misunderstanding,
    Rendition,
    Segment,
    SentFilm,
)

_NEWSROOM = {Role.COORDINATOR, Role.HUB_LEAD, Role.MEDIATOR}


def may_write(viewer: Viewer) -> bool:
    """Writes, translates and checks messages: they belong to the whole network."""
    return viewer.role in _NEWSROOM


def own_ids(by: Actor) -> frozenset[str]:
    """All ids under which whoever acts may have written: every membership of one user, the ended ones too. Two people are two
    users, wherever each of them works. A link is itself alone."""
    memberships = Membership.objects.filter(user__memberships=by.membership_id).values_list("pk", flat=True)
    return frozenset(str(pk) for pk in [by.membership_id, *memberships])


def messages_for(viewer: Viewer) -> MessageQuerySet:
    rows = Message.objects.filter(network_id=viewer.network_id)
    return rows if may_write(viewer) else rows.none()


def segments_for(viewer: Viewer) -> QuerySet[Segment]:
    return Segment.objects.filter(message__in=messages_for(viewer)).select_related("message", "proposal")


def renditions_for(viewer: Viewer) -> QuerySet[Rendition]:
    return Rendition.objects.filter(segment__message__in=messages_for(viewer)).select_related("segment__message")


def misunderstandings_for(viewer: Viewer) -> QuerySet[Misunderstanding]:
    rows = Misunderstanding.objects.filter(segment__message__in=messages_for(viewer))
    return rows.select_related("segment__message")


def lexicon_for(viewer: Viewer) -> QuerySet[LexiconEntry]:
    rows = LexiconEntry.objects.filter(network_id=viewer.network_id)
    return rows if may_write(viewer) else rows.none()


TO_JUDGE = [RenditionState.TO_CHECK, RenditionState.FLAGGED]


def recordings_for(viewer: Viewer) -> QuerySet[Rendition]:
    """The voices and films of the network's messages, those refused left out."""
    return renditions_for(viewer).exclude(medium=Medium.TEXT).exclude(media=None)


def voices_for(viewer: Viewer) -> QuerySet[Rendition]:
    return recordings_for(viewer).filter(medium=Medium.VOICE)


def films_for(viewer: Viewer) -> QuerySet[Rendition]:
    return recordings_for(viewer).filter(medium=Medium.VIDEO).exclude(state=RenditionState.WITHDRAWN)


def seen_by_residents(message: Message, *, unchecked: bool) -> QuerySet[Rendition]:
    """What of a message residents meet: nothing of one that is not published."""
    published = Message.objects.published().filter(pk=message.pk)
    return Rendition.objects.shown(unchecked=unchecked).filter(segment__message__in=published)


def sent_films_for(viewer: Viewer) -> QuerySet[SentFilm]:
    """Films on their way, the last one first."""
    return SentFilm.objects.filter(message__in=messages_for(viewer)).select_related("message").order_by("-sent_at")


def invitations_for(viewer: Viewer) -> QuerySet[Invitation]:
    return Invitation.objects.filter(message__in=messages_for(viewer))


def media_for(viewer: Viewer) -> QuerySet[Media]:
    """What the newsroom hears before anyone else."""
    rows = Media.objects.filter(network_id=viewer.network_id)
    return rows if may_write(viewer) else rows.none()


# --- whoever holds a link, once its code was given -------------------------------------------------------------------


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a link, while it is open."""
    rows = Invitation.objects.filter(token_digest=crypto.digest(token)).select_related("network", "message")
    found = rows.first()
    return found if found is not None and found.is_open(clock.now()) else None


def segments_of(invitation: Invitation) -> QuerySet[Segment]:
    """The sentences of its message: public French words, or those of a message in preparation."""
    return invitation.message.to_say.select_related("message")


def voices_of(invitation: Invitation) -> QuerySet[Rendition]:
    """The voices that a link hears: her own to say again, or all those of its language to judge; never two messages'."""
    return _made_of(invitation, Medium.VOICE)


def films_of(invitation: Invitation) -> QuerySet[Rendition]:
    """The same of films."""
    return _made_of(invitation, Medium.VIDEO)


def _made_of(invitation: Invitation, medium: Medium) -> QuerySet[Rendition]:
    rows = Rendition.objects.filter(
        segment__message_id=invitation.message_id, language=invitation.language, medium=medium
    ).exclude(media=None)
    if invitation.kind != InvitationKind.CHECK:
        rows = rows.filter(made_by=str(invitation.pk))
    rows = rows.exclude(origin=Origin.TONE)  # a test tone says nothing that one could judge
    return rows.exclude(state=RenditionState.WITHDRAWN).select_related("segment__message", "media")


def sent_films_of(invitation: Invitation) -> QuerySet[SentFilm]:
    """Her own films that are on their way, the last one first."""
    return SentFilm.objects.filter(message_id=invitation.message_id, sent_by=str(invitation.pk)).order_by("-sent_at")


def approved_of(invitation: Invitation) -> set[UUID]:
    """The sentences whose voice, a person's, a second speaker has approved: a link does not take its place."""
    rows = Rendition.objects.filter(
        segment__message_id=invitation.message_id,
        language=invitation.language,
        medium=Medium.VOICE,
        origin=Origin.PERSON,
        state=RenditionState.CHECKED,
    )
    return set(rows.values_list("segment_id", flat=True))


def check_may_say(invitation: Invitation, segment: Segment) -> None:
    """Raises `NotYours`."""
    if invitation.kind != InvitationKind.RECORD or segment.pk in approved_of(invitation):
        raise NotYours
