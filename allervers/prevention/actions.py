"""Writing messages, saying them in other languages, having them checked, publishing and withdrawing them."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import Actor, action, record
from allervers.prevention.enums import Audience, Change, Medium, MessageState, Origin, RenditionState
from allervers.prevention.errors import Incomplete, NameTaken, SameSpeaker, Stale
from allervers.prevention.models import (
    InterfaceReview,
    LexiconEntry,
    Message,
    Misunderstanding,
    Rendition,
    Segment,
    Tally,
)

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no sign that is read as another one
_CODE = 6
COUNTED = ("opened", "listened", "shared")


@dataclass(frozen=True)
class Line:
    """One idea of a message, in French."""

    text: str
    pictogram: str = ""
    urgent: bool = False
    phone: str = ""


@dataclass(frozen=True)
class Terms:
    """What a message says of itself."""

    pictogram: str
    written_on: date
    expires_on: date
    audience: Audience = Audience.ALL
    source_name: str = ""
    source_url: str = ""


# --- the French ------------------------------------------------------------------------------------------------------


@action
def write(
    network: Network,
    *,
    title: str,
    lines: Sequence[Line],
    terms: Terms,
    by: Viewer | None,
    slug: str = "",
    said: Mapping[str, Sequence[str]] | None = None,
) -> Message:
    """A new message, in preparation. `by=None`: the starter pack, whose words in other languages are `said`, title first;
    they wait for a second speaker. Raises `NameTaken`, `Incomplete`.
    """
    if not title.strip() or not lines or terms.expires_on < terms.written_on:
        raise Incomplete
    code = _new_code()
    message = Message(network=network, slug=slug or slugify(title)[:80] or code, code=code, written_by=_who(by))
    _apply(message, terms)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken from error
    rows = [Line(title, terms.pictogram), *lines]
    segments = Segment.objects.bulk_create(
        Segment(message=message, position=position, **asdict(line)) for position, line in enumerate(rows)
    )
    Rendition.objects.bulk_create(
        Rendition(segment=segment, language=code, medium=Medium.TEXT, text=text, version=1, made_by=_who(by))
        for code, texts in (said or {}).items()
        for segment, text in zip(segments, texts, strict=True)
    )
    record("message.written", message, by=by, segments=len(rows))
    return message


@action
def edit(message: Message, *, terms: Terms, by: Viewer) -> None:
    """Dates, source, pictogram, audience; the words are changed segment by segment. Raises `Incomplete`."""
    if terms.expires_on < terms.written_on:
        raise Incomplete
    _apply(message, terms)
    message.save()
    record("message.edited", message, by=by, expires_on=terms.expires_on.isoformat())


@action
def add_segment(message: Message, *, line: Line, by: Viewer) -> Segment:
    """One more idea, at the end. A message already published shows it in French until it is said in each language, and
    waits for a second reader again.
    """
    last = message.segments.select_for_update().order_by("-position").first()
    segment = Segment.objects.create(message=message, position=last.position + 1 if last else 0, **asdict(line))
    Message.objects.filter(pk=message.pk).update(written_by=_who(by), read_by="")
    record("message.segment_added", message, by=by, position=segment.position)
    return segment


@dataclass(frozen=True)
class Remaining:
    """After a change: the languages and media of this segment that were touched, and those that people still get."""

    touched: list[tuple[str, str]]
    kept: list[tuple[str, str]]


@action
def reword(segment: Segment, *, line: Line, change: Change, by: Viewer) -> Remaining:
    """New French words. Exactly this segment's renditions are flagged; when safety asks, they are withdrawn at once.

    The same words with another pictogram or number change no version. A second reader publishes a safety change by
    reading it, but people are spared the former words from now on.
    """
    segment = Segment.objects.select_for_update().select_related("message").get(pk=segment.pk)
    changed = segment.text != line.text
    segment.text, segment.pictogram, segment.urgent, segment.phone = line.text, line.pictogram, line.urgent, line.phone
    segment.version += 1 if changed else 0
    segment.save()
    rows = segment.renditions.exclude(state=RenditionState.WITHDRAWN)
    before = sorted(rows.values_list("language", "medium"))
    if not changed:
        return Remaining([], before)
    withdrawn = change == Change.SAFETY
    rows.update(state=RenditionState.WITHDRAWN if withdrawn else RenditionState.FLAGGED)
    Message.objects.filter(pk=segment.message_id).update(written_by=_who(by), read_by="")
    record("message.reworded", segment.message, by=by, position=segment.position, change=change, renditions=len(before))
    return Remaining(before, [] if withdrawn else before)


@action
def publish(message: Message, *, by: Viewer, read: int | None = None) -> None:
    """The second reader has read the French, `read` being its `edition` then: the message is shown. Raises `SameSpeaker`,
    `Stale`, `Incomplete`.
    """
    message.refresh_from_db(from_queryset=Message.objects.select_for_update())
    if message.written_by == _who(by):
        raise SameSpeaker
    if read is not None and read != message.edition:
        raise Stale
    texts = list(message.segments.values_list("position", "text"))
    if message.expires_on < clock.today(by.timezone) or len(texts) < 2 or not all(text.strip() for _at, text in texts):
        raise Incomplete
    message.state, message.read_by, message.published_at = MessageState.PUBLISHED, _who(by), clock.now()
    message.save(update_fields=["state", "read_by", "published_at"])
    record("message.published", message, by=by)


@action
def withdraw(message: Message, *, by: Viewer) -> None:
    """Nobody reads it any more; its link says so. It can be published again."""
    message.state = MessageState.WITHDRAWN
    message.save(update_fields=["state"])
    record("message.withdrawn", message, by=by)


# --- its renditions --------------------------------------------------------------------------------------------------


@action
def render(
    segment: Segment,
    *,
    language: str,
    medium: Medium,
    by: Actor | None,
    text: str = "",
    origin: Origin = Origin.PERSON,
) -> Rendition:
    """Says a segment in a language; takes the place of the one that was there, and waits for a second speaker."""
    rendition, _created = Rendition.objects.update_or_create(
        segment=segment,
        language=language,
        medium=medium,
        defaults={
            "text": text,
            "media": None,
            "origin": origin,
            "version": segment.version,
            "state": RenditionState.TO_CHECK,
            "made_by": _who(by),
            "made_at": clock.now(),
            "checked_by": "",
            "checked_at": None,
        },
    )
    record("rendition.made", rendition, by=by, network=_network(rendition), language=language, medium=medium)
    return rendition


@action
def check(rendition: Rendition, *, version: int, by: Actor) -> None:
    """A second speaker found this one right, reading `version` of the French. Raises `SameSpeaker`, `Stale`."""
    rendition = _as_read(rendition)
    if rendition.made_by == _who(by):
        raise SameSpeaker
    if rendition.segment.version != version or rendition.state == RenditionState.WITHDRAWN:
        raise Stale
    rendition.state, rendition.version = RenditionState.CHECKED, version
    rendition.checked_by, rendition.checked_at = _who(by), clock.now()
    rendition.save(update_fields=["state", "version", "checked_by", "checked_at"])
    record("rendition.checked", rendition, by=by, network=_network(rendition), language=rendition.language)


@action
def refuse(rendition: Rendition, *, by: Actor) -> None:
    """A second speaker found this one wrong: nobody gets it, it is to be said again. Raises `Stale`."""
    rendition = _as_read(rendition)
    rendition.state, rendition.media = RenditionState.WITHDRAWN, None  # the daily clean-up forgets its file
    rendition.save(update_fields=["state", "media"])
    record("rendition.refused", rendition, by=by, network=_network(rendition), language=rendition.language)


def _as_read(rendition: Rendition) -> Rendition:
    """The row, held until the end; said again since `rendition` was read, it is another one. Raises `Stale`."""
    held = Rendition.objects.select_for_update(of=("self",)).select_related("segment__message").get(pk=rendition.pk)
    if held.made_at != rendition.made_at:
        raise Stale
    return held


# --- what comes back -------------------------------------------------------------------------------------------------


def count(message: Message, *, language: str, what: str, day: date) -> None:
    """One more opening, listening or sharing of that day. Not an event: it says nothing of anyone."""
    if what not in COUNTED:
        raise ValueError(what)
    one_more = Tally.objects.filter(message=message, language=language, day=day)
    if not one_more.update(**{what: F(what) + 1}):
        Tally.objects.bulk_create([Tally(message=message, language=language, day=day)], ignore_conflicts=True)
        one_more.update(**{what: F(what) + 1})


@action
def note_misunderstanding(segment: Segment, *, language: str, words: str = "") -> Misunderstanding:
    """Someone understood something else. Her words, if any, are forgotten 90 days later."""
    noted = Misunderstanding.objects.create(segment=segment, language=language, words=words[:300])
    record("message.misunderstood", segment.message, by=None, position=segment.position, language=language)
    return noted


@action
def settle(noted: Misunderstanding, *, by: Viewer) -> None:
    """The team has seen it."""
    noted.settled_at = clock.now()
    noted.save(update_fields=["settled_at"])
    record("message.misunderstanding_seen", noted.segment.message, by=by)


@action
def add_word(
    network: Network, *, language: str, word: str, understood_as: str, say_instead: str, by: Viewer
) -> LexiconEntry:
    """A word that people understood differently; said again, it takes the place of what was known of it."""
    entry, _created = LexiconEntry.objects.update_or_create(
        network=network,
        language=language,
        word=word,
        defaults={
            "understood_as": understood_as,
            "say_instead": say_instead,
            "added_by": _who(by),
            "added_at": clock.now(),
        },
    )
    record("lexicon.word_added", entry, by=by, language=language)
    return entry


@action
def review_interface(network: Network, *, language: str, digest: str, by: Viewer) -> InterfaceReview:
    """A native speaker has read the app's own words, as `digest` names them."""
    review, _created = InterfaceReview.objects.update_or_create(
        network=network, language=language, defaults={"digest": digest, "by": _who(by), "at": clock.now()}
    )
    record("interface.reviewed", review, by=by, language=language)
    return review


def _who(by: Actor | None) -> str:
    return str(by.membership_id) if by else ""


def _network(rendition: Rendition) -> UUID:
    return rendition.segment.message.network_id


def _apply(message: Message, terms: Terms) -> None:
    message.pictogram, message.audience = terms.pictogram, terms.audience
    message.written_on, message.expires_on = terms.written_on, terms.expires_on
    message.source_name, message.source_url = terms.source_name, terms.source_url


def _new_code() -> str:
    """Short enough to copy by hand; a clash is refused by the database, one in 800 million a message."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE))
