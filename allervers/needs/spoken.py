"""A request that is said: any recording becomes a small Opus in memory, before anything is opened or written.

Never a file on a disk, never in a log: a voice tells who speaks and what hurts. Only what went through here is sealed.
"""

import math
from dataclasses import dataclass

from allervers.prevention.errors import TooBig

MAX_BYTES = 5_000_000  # as it comes: two minutes of any telephone's recorder
RECORDED_SECONDS = 60  # after which our recorder stops by itself
MAX_SECONDS = 120  # a telephone's own recorder does not know when to stop


@dataclass(frozen=True)
class Spoken:
    """A voice, ready to be sealed."""

    opus: bytes
    seconds: int


def encode(held: bytes) -> Spoken:
    """Raises a `prevention.errors.Unusable`."""
    if len(held) > MAX_BYTES:
        raise TooBig
    from allervers.prevention import sound  # FFmpeg: see `formats`

    opus, seconds = sound.shrink(held, most=MAX_SECONDS)
    return Spoken(opus, math.ceil(seconds))
