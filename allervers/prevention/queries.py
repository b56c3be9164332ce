"""What residents meet of a message in their language, and what the newsroom has to do next."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum

from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention import formats, house, voices
from allervers.prevention.enums import Audience, MediaKind, Medium, MessageKind, MessageState, Origin, RenditionState
from allervers.prevention.models import (
    Media,
    Message,
    MessageQuerySet,
    Rendition,
    Segment,
    WholeVoice,
    standing,
)


@dataclass(frozen=True)
class Heard:
    """A voice that someone may hear: which file, and who speaks (`Origin`)."""

    media_id: UUID
    origin: str


def _heard(rendition: Rendition | None) -> Heard | None:
    return Heard(rendition.media_id, rendition.origin) if rendition is not None and rendition.media_id else None


@dataclass(frozen=True)
class Spoken:
    """A segment as someone gets it. `language` is the one of `text`: French where hers is not there yet."""

    segment: Segment
    text: str
    language: str
    voice: Rendition | None
    film: Rendition | None  # of the title: the whole message
    checked: bool  # by a second speaker
    is_off: bool  # withdrawn because the French changed: the former words are not said any more

    @property
    def heard(self) -> Heard | None:
        return _heard(self.voice)


@dataclass(frozen=True)
class Shown:
    """A message in one language. `lines` leave the title out; `is_cut`: one of them was taken away for safety."""

    message: Message
    title: Spoken
    lines: list[Spoken]
    is_expired: bool
    is_cut: bool

    @property
    def pictogram(self) -> str:
        """Its title's, which two people have chosen; a title that has none shows the door's."""
        return self.title.segment.pictogram or "understand"

    @property
    def checked(self) -> bool:
        return all(spoken.checked for spoken in (self.title, *self.lines))


def _with_parts(messages: MessageQuerySet, language: str, *, unchecked: bool) -> list[Message]:
    """Messages with the sentences that stand, and the renditions of `language` as `segment.said`."""
    said = Rendition.objects.shown(unchecked=unchecked).filter(language=language).order_by("medium")
    off = Rendition.objects.filter(state=RenditionState.WITHDRAWN, language=language).exclude(medium=Medium.VIDEO)
    segments = (
        Segment.objects.standing()
        .order_by("position")
        .prefetch_related(
            Prefetch("renditions", queryset=said, to_attr="said"), Prefetch("renditions", queryset=off, to_attr="off")
        )
    )
    cut = Segment.objects.filter(message=OuterRef("pk"), off_at__isnull=False)
    return list(messages.annotate(is_cut=Exists(cut)).prefetch_related(Prefetch("segments", segments, to_attr="parts")))


def shelf(
    network_id: UUID, language: str, day: date, *, unchecked: bool, audience: Audience | None = None
) -> list[Shown]:
    """The messages that someone finds in her language, those no longer true left out; in French when hers has none yet."""
    messages = Message.objects.published().filter(network_id=network_id, expires_on__gte=day)
    messages = messages.select_related("network")
    if audience is not None:
        messages = messages.filter(audience=audience)
    every = [_shown(one, language, day) for one in _with_parts(messages, language, unchecked=unchecked)]
    return [one for one in every if one is not None]


def shown(message: Message, language: str, day: date, *, unchecked: bool) -> Shown | None:
    """One message in one language, expired or not; None when its title was taken away meanwhile."""
    rows = _with_parts(Message.objects.filter(pk=message.pk).select_related("network"), language, unchecked=unchecked)
    return _shown(rows[0], language, day) if rows else None


def _shown(message: Message, language: str, day: date) -> Shown | None:
    spoken = [_spoken(segment, language) for segment in message.parts]  # type: ignore[attr-defined]  # prefetched
    is_cut: bool = message.is_cut  # type: ignore[attr-defined]  # annotated
    if not spoken or not spoken[0].segment.is_title:
        return None
    return Shown(message, spoken[0], spoken[1:], message.is_expired(day), is_cut)


def _spoken(segment: Segment, language: str) -> Spoken:
    by_medium = {rendition.medium: rendition for rendition in segment.said}  # type: ignore[attr-defined]  # prefetched
    text, voice, film = (by_medium.get(medium) for medium in (Medium.TEXT, Medium.VOICE, Medium.VIDEO))
    checked = all(one.checked_at is not None for one in by_medium.values())
    if text is not None and text.text:
        return Spoken(segment, text.text, language, voice, film, checked, False)
    is_off = bool(segment.off) and voice is None  # type: ignore[attr-defined]  # prefetched
    return Spoken(segment, segment.text, FRENCH, voice, film, checked, is_off)


def whole_of(shown: Shown, language: str) -> tuple[WholeVoice, Origin] | None:
    """The whole message in one file, if each of its pieces is heard and they are those of the file; and who speaks."""
    spoken = (shown.title, *shown.lines)
    parts = voices.parts_digest(one.heard.media_id if one.heard else None for one in spoken)
    if not parts:
        return None
    rows = WholeVoice.objects.filter(message=shown.message, language=language, parts=parts).select_related("media")
    whole = rows.first()
    origins = {one.heard.origin for one in spoken if one.heard}
    said = next((one for one in (Origin.TONE, Origin.MACHINE) if one in origins), Origin.PERSON)
    return (whole, said) if whole is not None else None


@dataclass(frozen=True)
class Film:
    """The whole message filmed: two sizes, what is seen before it plays, its subtitles' address is the small one's."""

    small: Media
    large: Media
    poster: Media


def film_of(shown: Shown) -> Film | None:
    rendition = shown.title.film
    if rendition is None or rendition.media_id is None:
        return None
    rows = Media.objects.filter(Q(pk=rendition.media_id) | Q(main=rendition.media_id))
    by_kind = {MediaKind(row.kind): row for row in rows}
    if not {MediaKind.SMALL, MediaKind.LARGE, MediaKind.POSTER} <= set(by_kind):
        return None
    return Film(by_kind[MediaKind.SMALL], by_kind[MediaKind.LARGE], by_kind[MediaKind.POSTER])


def captions_of(media: Media, *, unchecked: bool) -> str:
    """The subtitles of a film: its sentences as residents read them in its language, in French where they do so, each for as
    long as its words are long; none of a film that says nothing any more.
    """
    said = Rendition.objects.select_related("segment__message").filter(media=media).first()
    if said is None:
        return formats.captions([])
    message = said.segment.message
    texts = dict(
        Rendition.objects.shown(unchecked=unchecked)
        .filter(segment__message=message, language=said.language, medium=Medium.TEXT)
        .values_list("segment_id", "text")
    )
    words = [texts.get(segment.pk) or segment.text for segment in message.to_say.order_by("position")]
    every = sum(len(text) for text in words) or 1
    return formats.captions((text, media.seconds * len(text) / every) for text in words)


def voices_in(segments: Iterable[Segment], language: str, *, unchecked: bool) -> dict[UUID, Heard]:
    """What is heard of some segments in one language, by segment."""
    rows = Rendition.objects.shown(unchecked=unchecked).filter(
        segment__in=list(segments), language=language, medium=Medium.VOICE, media__isnull=False
    )
    return {row.segment_id: Heard(row.media_id, row.origin) for row in rows if row.media_id}


def house_voices(network_id: UUID, language: str, *, unchecked: bool) -> dict[str, Heard]:
    """Our own words in one language, by key. One query a page."""
    return {key: heard for key, _language, heard in _house(network_id, unchecked=unchecked, language=language)}


def language_names(network_id: UUID, *, unchecked: bool) -> dict[str, Heard]:
    """Each language's own name, heard in it."""
    rows = _house(network_id, unchecked=unchecked, segment__key=house.LANGUAGE_NAME)
    return {language: heard for _key, language, heard in rows}


def _house(network_id: UUID, *, unchecked: bool, **wanted: str) -> Iterable[tuple[str, str, Heard]]:
    rows = Rendition.objects.shown(unchecked=unchecked).filter(
        segment__message__network_id=network_id,
        segment__message__kind=MessageKind.HOUSE,
        medium=Medium.VOICE,
        media__isnull=False,
        **wanted,
    )
    for key, language, media_id, origin in rows.values_list("segment__key", "language", "media_id", "origin"):
        yield key, language, Heard(media_id, origin)


def may_be_heard(media: Media, *, unchecked: bool) -> bool:
    """Whether anyone hears it now: a sentence of a published message, one of our own words, or a message whole."""
    said = Rendition.objects.shown(unchecked=unchecked).filter(
        media=media.main_id or media.pk, segment__message__state=MessageState.PUBLISHED
    )
    return said.exists() or whole_heard(media, unchecked=unchecked) is not None


def whole_heard(media: Media, *, unchecked: bool) -> WholeVoice | None:
    """The whole message that this file is, if people hear all its pieces now."""
    rows = WholeVoice.objects.filter(media=media, message__state=MessageState.PUBLISHED).select_related("message")
    for whole in rows:
        pieces = voices.pieces(whole.message, whole.language, unchecked=unchecked)
        if voices.parts_digest(pieces) == whole.parts:
            return whole
    return None


@dataclass(frozen=True)
class Offered:
    """A language in which a message stands, whole: every segment has its text, or its voice, or all of it is filmed."""

    language: Language
    text: bool
    voice: bool
    film: bool


def languages_of(message: Message, *, unchecked: bool) -> list[Offered]:
    """French first, then by the registry's order."""
    return _offered(Message.objects.filter(pk=message.pk), unchecked=unchecked)[message.pk]


def languages_offered(network_id: UUID, day: date, *, unchecked: bool) -> dict[str, bool]:
    """Each language in which a message of the network stands whole, and whether one is heard in it."""
    messages = Message.objects.published().filter(network_id=network_id, expires_on__gte=day)
    heard: dict[str, bool] = {}
    for one in chain.from_iterable(_offered(messages, unchecked=unchecked).values()):
        if not (one.text or one.voice):
            continue  # a film alone is found from its message
        heard[one.language.code] = heard.get(one.language.code, False) or one.voice
    return heard


def _offered(messages: MessageQuerySet, *, unchecked: bool) -> dict[UUID, list[Offered]]:
    """Counted by the database: the first page that anyone opens reads no sentence."""
    sizes = sizes_of(messages)
    is_said = Q(medium=Medium.TEXT) | Q(media__isnull=False)
    said = Rendition.objects.shown(unchecked=unchecked).filter(is_said, segment__message__in=sizes)
    rows = said.values_list("segment__message", "language", "medium").annotate(n=Count("pk"))
    whole = {
        (message, language, medium)
        for message, language, medium, n in rows
        if n == sizes[message] or medium == Medium.VIDEO
    }
    return {message: list(_whole_in(message, whole)) for message in sizes}


def sizes_of(messages: MessageQuerySet) -> dict[UUID, int]:
    """How many sentences of each message stand."""
    return dict(messages.order_by().annotate(n=Count("segments", filter=standing("segments__"))).values_list("pk", "n"))


def _whole_in(message: UUID, whole: set[tuple[UUID, str, str]]) -> Iterator[Offered]:
    for code, language in LANGUAGES.items():
        text, voice, film = ((message, code, medium) in whole for medium in (Medium.TEXT, Medium.VOICE, Medium.VIDEO))
        if text or voice or film or code == FRENCH:
            yield Offered(language, text or code == FRENCH, voice, film)


def with_segments(messages: MessageQuerySet) -> list[Message]:
    """Messages with their segments as `parts`, title first."""
    return list(messages.prefetch_related(Prefetch("segments", Segment.objects.order_by("position"), to_attr="parts")))


# --- the newsroom ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """How a message stands in one language: segments checked, to check, to say again, missing; and how many are heard."""

    language: Language
    checked: int
    to_check: int
    again: int
    missing: int
    voices: int


def coverage(message: Message) -> list[Coverage]:
    """French apart, each language in which something was said, by the registry's order; of the sentences that are to be said."""
    segments = list(message.to_say.prefetch_related("renditions"))
    by_language: dict[str, list[Rendition]] = defaultdict(list)
    for segment in segments:
        for rendition in segment.renditions.all():
            by_language[rendition.language].append(rendition)
    lines = []
    for code, language in LANGUAGES.items():
        texts = [one for one in by_language.get(code, []) if one.medium == Medium.TEXT]
        voices = [
            one for one in by_language.get(code, []) if one.medium == Medium.VOICE and one.origin == Origin.PERSON
        ]
        if not by_language.get(code):
            continue
        lines.append(
            Coverage(
                language,
                checked=sum(1 for one in texts if one.state == RenditionState.CHECKED),
                to_check=sum(1 for one in texts if one.state == RenditionState.TO_CHECK),
                again=sum(1 for one in texts if one.state in {RenditionState.FLAGGED, RenditionState.WITHDRAWN}),
                missing=len(segments) - len(texts),
                voices=sum(1 for one in voices if one.state != RenditionState.WITHDRAWN),
            )
        )
    return lines


@dataclass(frozen=True)
class Waiting:
    """One thing to do for a message: `kind` is away (a sentence that residents lack), read (the French), renew (it ends), check,
    again or missing (a language)."""

    kind: str
    message: Message
    title: str
    language: Language | None = None
    count: int = 0
    mine: bool = False  # she wrote or translated it herself: someone else must read


def waiting(messages: MessageQuerySet, today: date, soon: timedelta, *, own: Set[str]) -> list[Waiting]:
    """What the newsroom has to do, what keeps residents waiting first, in three queries. `own`: the ids of who looks."""
    segments = Segment.objects.select_related("proposal").prefetch_related("renditions")
    every = list(messages.exclude(state=MessageState.WITHDRAWN).prefetch_related(Prefetch("segments", segments)))
    read = [line for one in every for line in _to_read(one, own)]
    renew = [Waiting("renew", one, _title(one)) for one in every if one.expires_on <= today + soon]
    languages = [line for one in every for line in _by_language(one, own)]
    order = ("away", "read", "renew", "again", "check", "missing")
    return sorted([*read, *renew, *languages], key=lambda line: (order.index(line.kind), line.mine))


def _to_read(message: Message, own: Set[str]) -> Iterator[Waiting]:
    """Its French that waits for a second person, hers apart."""
    counts = Counter(
        (segment.off_at is not None, waiting.written_by in own)
        for segment in message.segments.all()
        if (waiting := segment.waiting) is not None
    )
    for (is_away, mine), count in counts.items():
        yield Waiting("away" if is_away else "read", message, _title(message), count=count, mine=mine)


def _by_language(message: Message, own: Set[str]) -> Iterator[Waiting]:
    """Its other languages, of the sentences that `Message.to_say` names."""
    is_draft = message.state == MessageState.DRAFT
    segments = [segment for segment in message.segments.all() if segment.stands or is_draft]
    by_language: dict[str, list[Rendition]] = defaultdict(list)
    for segment in segments:
        for rendition in segment.renditions.all():
            if rendition.medium == Medium.TEXT:
                by_language[rendition.language].append(rendition)
    title = _title(message)
    for code, rows in by_language.items():
        again = [row for row in rows if row.state in {RenditionState.FLAGGED, RenditionState.WITHDRAWN}]
        check = [row for row in rows if row.state == RenditionState.TO_CHECK]
        language = LANGUAGES[code]
        if again:
            yield Waiting("again", message, title, language, len(again))
        if check:
            yield Waiting("check", message, title, language, len(check), all(row.made_by in own for row in check))
        if len(rows) < len(segments):
            yield Waiting("missing", message, title, language, len(segments) - len(rows))


def _title(message: Message) -> str:
    return next((segment.text for segment in message.segments.all() if segment.is_title), message.slug)


def counted(message: Message) -> dict[str, int]:
    """How often it was opened, listened to and shared, all languages and days."""
    totals = message.tallies.aggregate(**{what: Sum(what) for what in ("opened", "listened", "shared")})
    return {what: total or 0 for what, total in totals.items()}
