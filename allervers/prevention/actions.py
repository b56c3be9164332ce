"""Writing messages, saying them in other languages, having them checked, publishing and withdrawing them."""

import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, astuple, dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.journal.actions import Actor, action, record
from allervers.prevention.effects import flag_films, held_message, held_sentence, said_of, take_words, touched_by
from allervers.prevention.enums import Audience, Change, Medium, MessageState, Origin, RenditionState
from allervers.prevention.errors import Incomplete, NameTaken, SameSpeaker, Stale, StillAway
from allervers.prevention.models import (
    InterfaceReview,
    LexiconEntry,
    Message,
    Misunderstanding,
    Proposal,
    Rendition,
    Segment,
    Tally,
)
from allervers.prevention.rules import own_ids

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no sign that is read as another one
_CODE = 6
_FEWEST = 2  # a title and one idea
COUNTED = ("opened", "listened", "shared")


@dataclass(frozen=True)
class Line:
    """One idea of a message, or its title, in French; in the order of `Words.words`."""

    text: str
    pictogram: str = ""
    urgent: bool = False
    phone: str = ""


@dataclass(frozen=True)
class Terms:
    """What a message says of itself, apart from its sentences."""

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
    title: Line,
    lines: Sequence[Line],
    terms: Terms,
    by: Viewer | None,
    slug: str = "",
    said: Mapping[str, Sequence[str]] | None = None,
) -> Message:
    """A new message, in preparation. `by=None`: the starter pack, whose words in other languages are `said`, title first;
    they wait for a second speaker. Raises `NameTaken`, `Incomplete`.
    """
    if not title.text.strip() or not lines or terms.expires_on < terms.written_on:
        raise Incomplete
    code = _new_code()
    message = Message(network=network, slug=slug or slugify(title.text)[:80] or code, code=code)
    _apply(message, terms)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken from error
    rows = [title, *lines]
    segments = Segment.objects.bulk_create(
        Segment(message=message, position=position, written_by=_who(by), **asdict(line))
        for position, line in enumerate(rows)
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
    """Dates, source, audience; what a message says and shows is changed sentence by sentence. Raises `Incomplete`."""
    if terms.expires_on < terms.written_on:
        raise Incomplete
    _apply(message, terms)
    message.save(update_fields=list(asdict(terms)))
    record("message.edited", message, by=by, expires_on=terms.expires_on.isoformat())


@action
def add_segment(message: Message, *, line: Line, by: Viewer) -> Segment:
    """One more idea, at the end. A message that was published shows it once a second person has read it; films of a message in
    preparation, which say all of it, are to be judged again now.
    """
    message = held_message(message.pk)
    last = message.segments.order_by("-position").first()
    place = last.position + 1 if last else 0
    segment = Segment.objects.create(message=message, position=place, written_by=_who(by), **asdict(line))
    if message.state == MessageState.DRAFT:
        flag_films(message)
    record("message.segment_added", message, by=by, position=segment.position)
    return segment


@dataclass(frozen=True)
class Remaining:
    """After a change: the languages and media of this sentence that were touched, those that people still get; whether its
    new words wait for a second person, the former ones taken away or not; whether the sentence is no more."""

    touched: list[tuple[str, str]]
    kept: list[tuple[str, str]]
    waits: bool = False
    is_away: bool = False
    is_gone: bool = False


@action
def reword(segment: Segment, *, line: Line, change: Change, by: Viewer, read: str | None = None) -> Remaining:
    """New French words, or none: the sentence then goes for good. Those that nobody else has read yet give way at once, as
    do, by `change`, exactly their renditions.

    Words that residents read stay until a second person has said yes to the new ones; when safety asks, they are taken away
    at once, in every language, and the new ones wait all the same, be they the same. The words as they stand, said again for
    another reason: nothing waits any more. `read`: the sentence's `mark` when its words were shown to who writes. Raises
    `Stale`, `Incomplete`.
    """
    segment = held_sentence(segment)
    if read is not None and read != segment.mark:
        raise Stale
    if not line.text:
        _check_may_go(segment)
    before = touched_by(said_of(segment))
    if segment.read_at is None:
        return _reword_unread(segment, line, change, by)
    former = Proposal.objects.filter(segment=segment).first()
    if segment.words == astuple(line) and segment.off_at is None and change != Change.SAFETY:
        if former is not None:
            former.delete()
            record("message.words_dropped", segment.message, by=by, position=segment.position)
        return Remaining([], before)
    _propose(segment, former, line, change, by)
    is_away = segment.off_at is not None
    return Remaining(before if is_away else [], [] if is_away else before, waits=True, is_away=is_away)


def _reword_unread(segment: Segment, line: Line, change: Change, by: Viewer) -> Remaining:
    if not line.text:
        return _delete(segment, by)
    if segment.words == astuple(line):
        return Remaining([], touched_by(said_of(segment)))
    touched = take_words(segment, astuple(line), change, written_by=_who(by))
    segment.save()
    record("message.reworded", segment.message, by=by, position=segment.position, change=change)
    return Remaining(touched, touched_by(said_of(segment)))


def _propose(segment: Segment, former: Proposal | None, line: Line, change: Change, by: Viewer) -> None:
    """These words wait, in place of those that waited: what they do is what the road from the words that stand asks, not its
    last step alone. Who corrects her own may still take back what they did."""
    took_away = former is not None and former.took_away and former.written_by in own_ids(by)
    if former is not None:
        change = max(change, Change(former.change), key=_STRENGTH.index)
    if change == Change.SAFETY and segment.off_at is None:
        segment.off_at, took_away = clock.now(), True
        segment.save(update_fields=["off_at"])
    said = asdict(line) | {"change": change, "took_away": took_away, "written_by": _who(by), "written_at": clock.now()}
    Proposal.objects.update_or_create(segment=segment, defaults=said)
    record("message.words_proposed", segment.message, by=by, position=segment.position, change=change)


_STRENGTH = [Change.MINOR, Change.MEANING, Change.SAFETY]


@action
def accept(segment: Segment, *, read: str, by: Viewer) -> Remaining:
    """A second person has read the words that wait, `read` being the sentence's `mark` then: they take the place of the former
    ones, whose renditions are flagged or withdrawn now. Raises `SameSpeaker`, `Stale`, `Incomplete`.
    """
    segment = held_sentence(segment)
    waiting = segment.waiting
    if waiting is None or read != segment.mark:
        raise Stale
    if waiting.written_by in own_ids(by):
        raise SameSpeaker
    is_gone, touched = not waiting.text, _stand(segment, by)
    record("message.words_read", segment.message, by=by, position=segment.position, renditions=len(touched))
    return Remaining(touched, [] if is_gone else touched_by(said_of(segment)), is_gone=is_gone)


@action
def drop(segment: Segment, *, read: str, by: Viewer) -> Remaining:
    """The words that wait are given up: by who wrote them, or by a second person who keeps the former ones. A sentence that
    was never read goes whole. One that was taken away for safety comes back only by who took it away, until someone else has
    written other words. Raises `Stale`, `StillAway`, `Incomplete`.
    """
    segment = held_sentence(segment)
    waiting = segment.waiting
    if waiting is None or read != segment.mark:
        raise Stale
    if not isinstance(waiting, Proposal):
        _check_may_go(segment)
        return _delete(segment, by)
    if not may_drop(segment, waiting, own=own_ids(by)):
        raise StillAway
    waiting.delete()
    comes_back = segment.off_at is not None
    if comes_back:
        flag_films(segment.message, since=segment.off_at)  # made without it
        Segment.objects.filter(pk=segment.pk).update(off_at=None)
    record("message.words_dropped", segment.message, by=by, position=segment.position, back=comes_back)
    return Remaining([], touched_by(said_of(segment)))


def may_drop(segment: Segment, waiting: Segment | Proposal, *, own: Set[str]) -> bool:
    """Whether the former words may stand again: they were not taken away, or whoever `own` names undoes her own gesture."""
    if segment.off_at is None or not isinstance(waiting, Proposal):
        return True
    return waiting.took_away and waiting.written_by in own


def may_go(segment: Segment) -> bool:
    """A message keeps its title and one idea."""
    return not segment.is_title and segment.message.segments.count() > _FEWEST


def _check_may_go(segment: Segment) -> None:
    if not may_go(segment):
        raise Incomplete


def _delete(segment: Segment, by: Viewer) -> Remaining:
    """A sentence that nobody else has read goes at once; films of a message in preparation say it still."""
    record("message.words_dropped", segment.message, by=by, position=segment.position, deleted=True)
    films = flag_films(segment.message) if segment.message.state == MessageState.DRAFT else []
    segment.delete()
    return Remaining(films, [], is_gone=True)


@action
def publish(message: Message, *, by: Viewer, read: str | None = None) -> bool:
    """A second reader says yes to all that waits and that she did not write, `read` being the message's `mark` then; it is
    shown once each sentence has been read by someone else than its writer, and its title stands. Returns whether people find
    it now. Raises `SameSpeaker`, `Stale`, `Incomplete`.
    """
    message.refresh_from_db(from_queryset=Message.objects.select_for_update(no_key=True))
    segments = list(message.segments.select_for_update(of=("self",)).select_related("proposal"))
    if read is not None and read != message.mark:
        raise Stale
    ends_well = message.expires_on >= clock.today(by.timezone)
    if not ends_well or len(segments) < _FEWEST or not all(one.text.strip() for one in segments):
        raise Incomplete
    own = own_ids(by)
    waiting = [one for one in segments if one.waiting is not None]
    to_read = [one for one in waiting if one.waiting and one.waiting.written_by not in own]
    if waiting and not to_read:
        raise SameSpeaker
    touched = [done for segment in to_read for done in _stand(segment, by)]
    is_new = message.state != MessageState.PUBLISHED and segments[0].stands and all(one.read_at for one in segments)
    if is_new:
        message.state, message.published_at = MessageState.PUBLISHED, clock.now()
        message.save(update_fields=["state", "published_at"])
    places, others = [one.position for one in to_read], len(touched)
    if is_new:
        record("message.published", message, by=by, sentences=len(places), positions=places, renditions=others)
    else:
        record("message.words_read", message, by=by, sentences=len(places), positions=places, renditions=others)
    return Message.objects.published().filter(pk=message.pk).exists()


def _stand(segment: Segment, by: Viewer) -> list[tuple[str, str]]:
    """The words that wait become those that residents meet. Returns what it did to other languages."""
    waiting, touched = segment.waiting, []
    if isinstance(waiting, Proposal):
        change = Change.SAFETY if segment.off_at else Change(waiting.change)
        if not waiting.text:
            _check_may_go(segment)
        touched = take_words(segment, waiting.words, change, written_by=waiting.written_by)
        if segment.off_at:
            flag_films(segment.message, since=segment.off_at)  # made without it
        waiting.delete()
    elif segment.message.state != MessageState.DRAFT:  # one more sentence: a film does not say it yet
        touched = flag_films(segment.message)
    segment.read_by, segment.read_at, segment.off_at = _who(by), clock.now(), None
    if segment.text:
        segment.save()
    else:
        segment.delete()
    return touched


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
    """Says a segment in a language; takes the place of the one that was there, and waits for a second speaker. Raises `Stale`
    when the French is not any more the one that was said.
    """
    said, segment = segment.version, held_sentence(segment)
    if segment.version != said:
        raise Stale
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
    """A second speaker found this one right, beside the French that `version` names (see `Rendition.french`). Raises
    `SameSpeaker`, `Stale`."""
    state, rendition = rendition.state, _as_read(rendition)
    if rendition.made_by in own_ids(by):
        raise SameSpeaker
    if rendition.french != version or rendition.state != state or state == RenditionState.WITHDRAWN:
        raise Stale  # flagged meanwhile, too
    rendition.state, rendition.version = RenditionState.CHECKED, rendition.segment.version
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
    """The row, held until the end, and its French, which no new words may change meanwhile; said again since
    `rendition` was read, it is another one. Raises `Stale`."""
    held_message(rendition.segment.message_id)
    rows = Rendition.objects.select_for_update(of=("self",)).select_related("segment__message")
    held = rows.filter(pk=rendition.pk).first()
    if held is None or held.made_at != rendition.made_at:
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
    for name, value in asdict(terms).items():
        setattr(message, name, value)


def _new_code() -> str:
    """Short enough to copy by hand; a clash is refused by the database, one in 800 million a message."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE))
