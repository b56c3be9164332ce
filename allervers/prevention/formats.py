"""What our sound and film files are, how large those that come may be, and what an encoder gives back.

Nothing here loads FFmpeg: `sound` and `video` do, 20 MB of a process, so they are imported where a file is made and not
by the modules that every page loads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

VOICE_MIME, FILM_MIME, POSTER_MIME, CAPTIONS_MIME = "audio/ogg", "video/mp4", "image/jpeg", "text/vtt"
MAX_BYTES = 50_000_000
MAX_FILM_BYTES = 200_000_000  # two minutes of a telephone in 1080p, far more of a messenger's
MAX_SECONDS = 600


@dataclass(frozen=True)
class Made:
    """A file of ours under its final name."""

    path: Path
    seconds: float
    size: int
    sha256: str


def captions(sentences: Iterable[tuple[str, float]]) -> str:
    """WebVTT: each sentence for as long as it is said."""
    blocks, at = ["WEBVTT"], 0.0
    for text, seconds in sentences:
        words = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("-->", "→")
        blocks.append(f"{_stamp(at)} --> {_stamp(at + seconds)}\n{words}")
        at += seconds
    return "\n\n".join(blocks) + "\n"


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"
