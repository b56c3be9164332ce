"""Voices for the tests: a tone for whichever sentence and language, made once a process."""

from functools import cache
from pathlib import Path

from allervers.accounts.rules import Viewer
from allervers.prevention import media, sound, voices
from allervers.prevention.enums import Origin
from allervers.prevention.formats import Made
from allervers.prevention.models import Media, Message, Rendition
from tests.prevention.sounds import film


@cache
def _bytes(pitch: int) -> tuple[bytes, Made]:
    target = media.folder() / f"test-{pitch}.ogg"
    made = sound.tone([pitch], target, seconds=0.6)
    return target.read_bytes(), made


def kept(message: Message, pitch: int = 440) -> Media:
    """A sound of this message's network, in its folder."""
    held, made = _bytes(pitch)

    def write(target: Path) -> Made:
        target.write_bytes(held)
        return made

    return media.keep(message.network_id, write)


@cache
def _film_bytes() -> bytes:
    source = film(media.folder() / "test-film.mkv", 2)
    return source.read_bytes()


def filmed(message: Message) -> Media:
    """Two seconds of colours, made small."""
    source = media.parts_folder() / "film.part"
    source.write_bytes(_film_bytes())
    try:
        return media.keep_film(source, message.network_id)
    finally:
        source.unlink()


def spoken(message: Message, language: str, *, by: Viewer | None, origin: Origin = Origin.PERSON) -> list[Rendition]:
    """Every sentence of a message, said in one language; nobody has checked them yet."""
    return [
        voices.say(segment, language=language, media=kept(message, 300 + 40 * place), by=by, origin=origin)
        for place, segment in enumerate(message.segments.all())
    ]
