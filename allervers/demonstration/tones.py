"""Voices of the demonstration: test tones, marked as such wherever they are heard. Each language has its own pitch, so that
one hears which file plays; real recordings are counted apart and take their place one by one."""

from pathlib import Path

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.prevention import formats, house, media, sound, voices
from allervers.prevention.enums import Origin
from allervers.prevention.models import Media, Message

LANGUAGES = ["fr", "ar", "snk", "bm", "wo", "ps", "zdj", "prs", "shy"]
_LOWEST, _STEP = 220.0, 2 ** (2 / 12)  # a tone higher from one language to the next
_MELODY = [(0, 4), (0, 7), (4, 7), (7, 12), (12, 7), (5, 9)]  # half-tones, by the place of a sentence


def speak(messages: list[Message], network: Network, *, by: Viewer) -> None:
    """A tone for every sentence of these messages and of our own words, in each language; then each message whole."""
    drawn: dict[tuple[str, int], Media] = {}
    for message in [*messages, house.bring_up_to_date(network)]:
        segments = list(message.segments.values_list("pk", "position"))
        said = {
            (pk, language): _tone(drawn, network, language, position % len(_MELODY))
            for pk, position in segments
            for language in LANGUAGES
        }
        voices.say_all(message, voices=said, origin=Origin.TONE, by=by)
    wholes: dict[str, Media] = {}
    for message in messages:
        for language in LANGUAGES:
            voices.make_whole(message, language, unchecked=True, known=wholes)


def _tone(drawn: dict[tuple[str, int], Media], network: Network, language: str, melody: int) -> Media:
    """The same tone is the same file, made once."""
    if (language, melody) not in drawn:
        root = _LOWEST * _STEP ** LANGUAGES.index(language)
        pitches = [root * 2 ** (half / 12) for half in _MELODY[melody]]

        def write(target: Path) -> formats.Made:
            return sound.tone(pitches, target)

        drawn[language, melody] = media.keep(network.pk, write)
    return drawn[language, melody]
