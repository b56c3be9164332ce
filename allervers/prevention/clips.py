"""A message for young people as an upright video to pass on: each sentence, large, while its voice says it.

Made by the worker from what residents may already read and hear; another word or another voice makes another video. A message
that someone filmed, or that has no voice in a language, has none there.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from uuid import UUID

import segno
import typst
from django.conf import settings
from django.db import DatabaseError
from django.utils import formats, translation
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.core.languages import LANGUAGES, Language
from allervers.prevention import media, queries
from allervers.prevention.enums import Audience, MessageState, Origin
from allervers.prevention.models import Clip, Media, Message, WholeVoice
from allervers.prevention.queries import Shown

EVERY = timedelta(minutes=2)  # how often what lacks is looked for
_DRAWING = 1  # another number draws every video anew
_SOURCE = Path(__file__).with_name("clip.typ")
_END = 3.0  # seconds of the last card: where it comes from, until when it is true
# What each script is called by the fonts that draw it; Latin, Greek and Cyrillic are in all of them.
_FONTS = {
    "Arab": "Arabic", "Hebr": "Hebrew", "Ethi": "Ethiopic", "Deva": "Devanagari", "Guru": "Gurmukhi", "Beng": "Bengali",
    "Taml": "Tamil", "Mlym": "Malayalam", "Sinh": "Sinhala", "Hans": "CJK SC", "Khmr": "Khmer", "Thai": "Thai",
    "Geor": "Georgian", "Armn": "Armenian",
}  # fmt: skip


# --- which one -------------------------------------------------------------------------------------------------------


def parts_of(shown: Shown, language: str) -> str:
    """Names all that its video shows and says; "" where it has none."""
    message, spoken = shown.message, (shown.title, *shown.lines)
    if message.audience != Audience.YOUNG or shown.title.film is not None or shown.is_cut:
        return ""
    if any(one.heard is None or one.language != language for one in spoken):
        return ""
    said = [(str(one.voice.media_id), one.text, one.segment.urgent, one.segment.phone) for one in spoken if one.voice]
    link, until = _link(message, language), f"{message.expires_on}"
    rest = [_DRAWING, language, message.network.name, link, until, message.source_name]
    return hashlib.sha256(json.dumps([*rest, said]).encode()).hexdigest()


def clip_of(shown: Shown, language: str) -> Media | None:
    """The video of a message as it stands, once it is made; none of one that nobody should follow any more."""
    if shown.is_expired:
        return None
    parts = parts_of(shown, language)
    rows = Clip.objects.filter(message=shown.message, language=language, parts=parts).select_related("media")
    found = rows.first() if parts else None
    return found.media if found is not None else None


def clips_of(shelf: Iterable[Shown], language: str) -> dict[UUID, Media]:
    """The videos of a shelf, by message, in one query."""
    wanted = {shown.message.pk: parts_of(shown, language) for shown in shelf}
    rows = Clip.objects.filter(message__in=wanted, language=language).select_related("media")
    return {clip.message_id: clip.media for clip in rows if clip.parts == wanted[clip.message_id]}


def may_be_seen(found: Media, *, unchecked: bool) -> Clip | None:
    """The clip that this file is, if it still is that of its message: words and voices may have changed since."""
    clip = Clip.objects.filter(media=found).select_related("message__network").first()
    if clip is None or not Message.objects.published().filter(pk=clip.message_id).exists():
        return None
    day = clock.today(clip.message.network.timezone)
    shown = queries.shown(clip.message, clip.language, day, unchecked=unchecked)
    return clip if shown is not None and parts_of(shown, clip.language) == clip.parts else None


def forget_outdated(*, unchecked: bool) -> int:
    """Videos that are no longer those of their message: their files then go."""
    rows = Clip.objects.select_related("media")
    return sum(one.delete()[0] for one in rows if may_be_seen(one.media, unchecked=unchecked) is None)


# --- the worker's part -----------------------------------------------------------------------------------------------

_rests_until: datetime | None = None
_given_up: set[str] = set()  # what this process could not make: it is not tried again and again


def work(now: datetime) -> int:
    """One video; when none lacks, the next look is in a while."""
    global _rests_until
    if _rests_until is not None and now < _rests_until:
        return 0
    for shown, language in _wanted():
        try:
            if make(shown, language):
                return 1
        except Exception:
            _rests_until = now + EVERY
            raise
    _rests_until = now + EVERY
    return 0


def _wanted() -> Iterator[tuple[Shown, str]]:
    """Messages for young people in the languages in which they are heard whole, where the video is not theirs yet."""
    heard = WholeVoice.objects.filter(message__audience=Audience.YOUNG, message__state=MessageState.PUBLISHED)
    there = {(clip.message_id, clip.language): clip.parts for clip in Clip.objects.all()}
    for network, language in sorted(set(heard.values_list("message__network_id", "language"))):
        if not can_draw(LANGUAGES[language]):
            continue
        day = clock.today(Network.objects.get(pk=network).timezone)
        for shown in queries.shelf(network, language, day, unchecked=settings.DEMO, audience=Audience.YOUNG):
            parts = parts_of(shown, language)
            if parts and parts not in _given_up and there.get((shown.message.pk, language)) != parts:
                yield shown, language


def make(shown: Shown, language: str) -> Clip | None:
    """Its video, if the whole message is heard. What it replaces is forgotten by the daily clean-up."""
    from allervers.prevention import video  # FFmpeg: see `formats`

    found, parts = queries.whole_of(shown, language), parts_of(shown, language)
    if found is None or not parts:
        return None
    whole, origin = found
    cards = list(zip(_cards(shown, LANGUAGES[language], origin), _seconds(shown, whole.media), strict=True))
    try:
        made = media.keep_clip(
            shown.message.network_id, lambda target: video.slides(cards, media.path_of(whole.media), target)
        )
    except Exception as error:
        passing = isinstance(error, OSError | DatabaseError) and not isinstance(error, FileNotFoundError)
        if not passing:  # a full disk, a locked database: another time
            _given_up.add(parts)
        raise
    clip, _created = Clip.objects.update_or_create(
        message=shown.message, language=language, defaults={"parts": parts, "media": made}
    )
    return clip


def _seconds(shown: Shown, whole: Media) -> list[float]:
    """How long each card stays: its sentence and the breath behind it, as long together as the whole; then the last one."""
    from allervers.prevention import sound  # FFmpeg: see `formats`

    heard = [one.heard.media_id for one in (shown.title, *shown.lines) if one.heard]
    lengths = dict(Media.objects.filter(pk__in=heard).values_list("pk", "seconds"))
    held = [lengths[pk] + sound.PAUSE for pk in heard]
    longer = (whole.seconds + sound.PAUSE) / sum(held)  # packets of sound are whole: a few hundredths a sentence
    return [*(seconds * longer for seconds in held), _END]


# --- what is drawn ---------------------------------------------------------------------------------------------------


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())


def can_draw(language: Language) -> bool:
    """Whether this computer has letters for it: boxes in their place are passed on by nobody."""
    script = _FONTS.get(language.script)
    return script is None or any(name.startswith("Noto") and name.endswith(script) for name in _families())


def _cards(shown: Shown, language: Language, origin: Origin) -> list[bytes]:
    """A picture a sentence, in PNG, and one to end with."""
    message, qr = shown.message, BytesIO()
    address = _link(message, language.code)
    segno.make(address, error="m").save(qr, kind="svg", border=0)
    with translation.override(language.interface or None):
        marks = {
            Origin.MACHINE: _("Voix d’une machine"),
            Origin.TONE: _("Son d’essai : ce n’est pas encore une voix"),
        }
        words = {
            "until": _("Vrai jusqu’au %(day)s.") % {"day": formats.date_format(message.expires_on)},
            "source": _("D’après %(source)s.") % {"source": message.source_name} if message.source_name else "",
            "mark": marks.get(origin, ""),
        }
    data = words | {
        "lang": language.code.split("-")[0],
        "rtl": language.direction == "rtl",
        "network": message.network.name,
        "link": address.partition("://")[2].rstrip("/"),
        "qr": qr.getvalue().decode(),
        "cards": [
            {"text": one.text, "urgent": one.segment.urgent, "phone": one.segment.phone}
            for one in (shown.title, *shown.lines)
        ],
    }
    made: object = typst.compile(
        str(_SOURCE), format="png", ppi=72, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(made, list)  # of pages, where there are several
    return made


def _link(message: Message, language: str) -> str:
    return f"{settings.PUBLIC_URL}/m/{message.code}/{language}/"
