"""A film in, two small ones out (144 and 360 lines, H.264 and AAC in MP4) with a poster; subtitles from the sentences' lengths.

Known by its content and decoded whole, like a sound (see `sound`); nothing half-made stays under a final name.
"""

import hashlib
import os
import time
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame

from allervers.prevention import errors, sound
from allervers.prevention.formats import MAX_BYTES, MAX_SECONDS, Made

SMALL, LARGE = 144, 360
_RATE = 30  # images a second, about
_APART = 30  # milliseconds between two images that are kept
_BITS = {SMALL: 60_000, LARGE: 260_000}
_PATIENCE = 600
_MOST_PIXELS = 3840 * 2160


def encode(source: Path, target: Path, *, lines: int) -> Made:
    """One film of this height. Raises an `errors.Unusable` and leaves nothing at `target`."""
    size = source.stat().st_size
    if size > MAX_BYTES:
        raise errors.TooBig
    if size == 0:
        raise errors.NotAFilm
    beside = target.with_name(f".{target.name}.part")
    try:
        with source.open("rb") as file:
            try:
                seconds = _encode(file, beside, lines)
            except (av.FFmpegError, ValueError, EOFError) as error:
                raise errors.NotAFilm from error
        return _moved_in(beside, target, seconds)
    finally:
        beside.unlink(missing_ok=True)


def poster(film: Path, target: Path) -> Made:
    """The image of a film of ours that is shown before it plays: a second in, or its first."""
    beside = target.with_name(f".{target.name}.part")
    try:
        with film.open("rb") as file, av.open(file, "r", options={"format_whitelist": sound.FORMATS}) as held:
            chosen = None
            for chosen in held.decode(held.streams.video[0]):
                if (chosen.time or 0) >= 1:
                    break
            if chosen is None:
                raise errors.NotAFilm
            with av.open(str(beside), "w", format="mjpeg") as out:
                stream = out.add_stream("mjpeg", rate=1)
                stream.width, stream.height, stream.pix_fmt = chosen.width, chosen.height, "yuvj420p"
                image = chosen.reformat(format="yuvj420p")
                image.pts, image.time_base = 0, Fraction(1, 1)
                out.mux(stream.encode(image))
                out.mux(stream.encode(None))
        return _moved_in(beside, target, 0)
    finally:
        beside.unlink(missing_ok=True)


def _encode(file: object, path: Path, lines: int) -> float:
    """Images and sound in one pass; returns how long it lasts."""
    until = time.monotonic() + _PATIENCE
    with av.open(file, "r", options={"format_whitelist": sound.FORMATS}, metadata_errors="ignore") as held:
        if not held.streams.video:
            raise errors.NotAFilm
        if (held.duration or 0) / av.time_base > MAX_SECONDS:
            raise errors.TooLong
        pictures = held.streams.video[0]
        if pictures.width * pictures.height > _MOST_PIXELS:
            raise errors.TooBig
        with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
            return _Making(held, out, lines).run(until)


class _Making:
    """The two streams of one film, while it is made."""

    def __init__(self, held: InputContainer, out: OutputContainer, lines: int) -> None:
        self.held, self.out = held, out
        pictures = held.streams.video[0]
        self.height = min(lines, pictures.height) // 2 * 2
        self.width = max(2, round(pictures.width * self.height / pictures.height / 2) * 2)
        self.images = out.add_stream("libx264", rate=_RATE)
        self.images.width, self.images.height, self.images.pix_fmt = self.width, self.height, "yuv420p"
        self.images.bit_rate = _BITS[lines]
        self.images.options = {"preset": "veryfast", "profile": "main"}
        self.images.codec_context.time_base = Fraction(1, 1000)
        self.voice = out.add_stream("aac", rate=sound.RATE, layout="mono") if held.streams.audio else None
        if self.voice is not None:
            self.voice.bit_rate = 32_000
        self.to_ours = AudioResampler(format="fltp", layout="mono", rate=sound.RATE)
        self.last, self.heard = -1, 0

    def run(self, until: float) -> float:
        streams = [self.held.streams.video[0], *self.held.streams.audio[:1]]
        for frame in self.held.decode(*streams):
            if time.monotonic() > until:
                raise errors.Broken
            if isinstance(frame, VideoFrame):
                self._image(frame)
            elif isinstance(frame, AudioFrame) and self.voice is not None:
                self._sound(frame)
        if self.last < 0:
            raise errors.NotAFilm
        if self.voice is not None:
            self._sound(None)
            self.out.mux(self.voice.encode(None))
        self.out.mux(self.images.encode(None))
        return max(self.last / 1000, self.heard / sound.RATE)

    def _image(self, frame: VideoFrame) -> None:
        at = round((frame.time or 0) * 1000)
        if at > MAX_SECONDS * 1000:
            raise errors.TooLong
        if self.last >= 0 and at - self.last < _APART:
            return  # more images a second than are kept
        image = frame.reformat(self.width, self.height, "yuv420p")
        image.pts, image.time_base, self.last = at, Fraction(1, 1000), at
        self.out.mux(self.images.encode(image))

    def _sound(self, frame: AudioFrame | None) -> None:
        assert self.voice is not None
        for piece in self.to_ours.resample(frame):
            piece.pts, piece.time_base = self.heard, Fraction(1, sound.RATE)
            self.heard += piece.samples
            if self.heard > MAX_SECONDS * sound.RATE:
                raise errors.TooLong
            self.out.mux(self.voice.encode(piece))


def _moved_in(beside: Path, target: Path, seconds: float) -> Made:
    with beside.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside.replace(target)
    return Made(target, round(seconds, 2), target.stat().st_size, digest)
