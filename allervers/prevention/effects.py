"""What French that changes does to what says it in other languages; and in what order its rows are held meanwhile."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from allervers.prevention.enums import Change, Medium, MessageState, RenditionState
from allervers.prevention.errors import Stale
from allervers.prevention.models import Message, Rendition, Segment


def held_sentence(segment: Segment) -> Segment:
    """The sentence as it is now, held until the end, its message first: every gesture on the French takes them in this order,
    so that no two wait for each other. Raises `Stale` of one that is no more."""
    held_message(segment.message_id)
    rows = Segment.objects.select_for_update(of=("self",)).select_related("message")
    held = rows.filter(pk=segment.pk).first()
    if held is None:
        raise Stale
    return held


def held_message(pk: UUID) -> Message:
    """`no_key`: residents' counts, which point to the row, do not wait."""
    return Message.objects.select_for_update(no_key=True).get(pk=pk)


def take_words(
    segment: Segment, words: tuple[str, str, bool, str], change: Change, *, written_by: str
) -> list[tuple[str, str]]:
    """Gives a sentence its words. Exactly what was said of it is flagged, or withdrawn, when they are other French; when they
    only name another number, it stays unless the sense asks: a translation may say the number too."""
    touched, (text, _pictogram, _urgent, phone) = [], words
    if segment.text != text or (segment.phone != phone and change != Change.MINOR):
        rows = said_of(segment)
        touched = touched_by(rows)
        rows.update(state=RenditionState.FLAGGED if change == Change.MINOR else RenditionState.WITHDRAWN)
        segment.version += 1
    segment.text, segment.pictogram, segment.urgent, segment.phone = words
    segment.written_by = written_by
    return touched


def said_of(segment: Segment) -> QuerySet[Rendition]:
    """What says this sentence: its renditions, and the films of its message, unless they were made without it."""
    says = Q(segment=segment)
    if segment.read_at is not None or segment.message.state == MessageState.DRAFT:
        says |= Q(segment__message_id=segment.message_id, medium=Medium.VIDEO)
    return Rendition.objects.filter(says).exclude(state=RenditionState.WITHDRAWN)


def flag_films(message: Message, *, since: datetime | None = None) -> list[tuple[str, str]]:
    """Its films do not say exactly what it says any more; `since`: those made from then on."""
    rows = Rendition.objects.filter(segment__message=message, medium=Medium.VIDEO)
    films = rows.exclude(state=RenditionState.WITHDRAWN).filter(**{"made_at__gte": since} if since else {})
    films.update(state=RenditionState.FLAGGED)
    return touched_by(films)


def touched_by(rows: QuerySet[Rendition]) -> list[tuple[str, str]]:
    return sorted(rows.values_list("language", "medium"))
