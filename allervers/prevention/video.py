"""A film in, two small ones out (144 and 360 lines, H.264 and AAC in MP4) with a poster; pictures under a voice, as a film.

Known by its content and decoded whole, like a sound (see `sound`); nothing half-made stays under a final name. A telephone held
upright says so in its metadata: its film leaves upright, and its short side is the one that is counted.
"""

import hashlib
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

from allervers.prevention import errors, formats, sound
from allervers.prevention.formats import Made

SMALL, LARGE, UPRIGHT = 144, 360, 540
_RATE = 30  # images a second, about
_APART = 30  # milliseconds between two images that are kept
_STILLS = 5  # images a second of cards that do not move
_BITS = {SMALL: 60_000, LARGE: 260_000}
_OF_STILLS = {"crf": "25", "tune": "stillimage", "g": "600"}  # letters stay sharp: a quality, not a number of bits
_PATIENCE = 1800
_PATIENCE_OF_LOOKING = 20  # a page waits for it
_MOST_PIXELS = 3840 * 2160
_MOST_IMAGES = 250  # a second: the slowest motions of telephones have 240
_LEAST = 0.9  # seconds: one, less what its last image lasts
_GAP = 0.2  # seconds that the sound may lag before silence takes their place
_STREAMS = 32  # more than any film has
_FAST = {"movflags": "+faststart"}
_STARTS = (b"\x1aE\xdf\xa3", b"OggS", b"RIFF", b"0&\xb2u")  # Matroska and WebM, Ogg, AVI, ASF

Steps = Generator[float, None, dict[int, Made]]
R = TypeVar("R")


@dataclass(frozen=True)
class Seen:
    """What a film says of itself, and how its first image stands. `seconds` is 0 where it says none."""

    width: int
    height: int
    turned: int  # degrees clockwise to stand upright: 0, 90, 180, 270
    wider: float  # an image's width on a screen, over its own: pixels are not always square
    seconds: float
    has_sound: bool

    def shape(self, lines: int) -> tuple[int, int]:
        """Width and height before it is turned, its short side being `lines` at most; even, as H.264 asks."""
        width = self.width * self.wider
        share = min(1.0, lines / min(width, self.height))
        return max(2, round(width * share / 2) * 2), max(2, round(self.height * share / 2) * 2)


def look(source: Path) -> Seen:
    """Whether it is a film that we take, before any of it is made. Raises an `errors.Unusable`."""
    size = source.stat().st_size
    if size > formats.MAX_FILM_BYTES:
        raise errors.FilmTooBig
    if size == 0:
        raise errors.NotAFilm
    with source.open("rb") as file:
        starts_well = _looks_like_film(file)
        try:
            seen = _seen(file)
        except (av.FFmpegError, ValueError, EOFError) as error:
            raise _refused(error, errors.Broken if starts_well else errors.NotAFilm) from error
    if seen.seconds > formats.MAX_SECONDS:
        raise errors.TooLong
    if seen.width * seen.height > _MOST_PIXELS:
        raise errors.FilmTooWide
    return seen


def make(source: Path, targets: Mapping[int, Path]) -> Steps:
    """Films of these short sides, in one reading; yields what share of the source was read, after each second of it or of
    ours. Raises an `errors.Unusable` and leaves nothing at `targets`; closed half-way, it leaves nothing either.
    """

    seen = look(source)
    beside = {lines: target.with_name(f".{target.name}.part") for lines, target in targets.items()}
    try:
        try:
            seconds = yield from _made(source, seen, beside)
        except OSError:  # a full disk says nothing of the film
            raise
        except (av.FFmpegError, ValueError, EOFError) as error:
            raise _refused(error, errors.Broken) from error
        return {lines: _moved_in(beside[lines], target, seconds) for lines, target in targets.items()}
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)


def encode(source: Path, target: Path, *, lines: int) -> Made:
    """One film of this size, in one go."""
    return run(make(source, {lines: target}))[lines]


def run(steps: Generator[float, None, R]) -> R:
    """All the steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: R = end.value
            return made


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


def slides(cards: Sequence[tuple[bytes, float]], voice: Path, target: Path) -> Made:
    """A film of pictures (PNG, all of one size), each for so many seconds, under a voice of ours."""
    beside = target.with_name(f".{target.name}.part")
    try:
        with voice.open("rb") as file, av.open(file, "r", options={"format_whitelist": "ogg"}) as held:
            pictures = [_picture(png) for png, _seconds in cards]
            with av.open(str(beside), "w", format="mp4", options=_FAST) as out:
                making = _Making(out, Seen(pictures[0].width, pictures[0].height, 0, 1, 0, True), UPRIGHT)
                for frame in held.decode(held.streams.audio[0]):
                    making.add(frame, frame.time or 0)
                seen = None
                for number in range(round(sum(seconds for _png, seconds in cards) * _STILLS)):
                    image = pictures[_at(cards, number / _STILLS)]
                    image.pict_type = PictureType.NONE if image is seen else PictureType.I  # drawn once, whole
                    making.show(image, round(number * 1000 / _STILLS))
                    seen = image
                seconds = making.end()
        return _moved_in(beside, target, seconds)
    finally:
        beside.unlink(missing_ok=True)


def _picture(png: bytes) -> VideoFrame:
    with av.open(BytesIO(png), "r", format="png_pipe") as held:
        return next(held.decode(video=0)).reformat(format="yuv420p", dst_color_range=ColorRange.MPEG)


def _at(cards: Sequence[tuple[bytes, float]], moment: float) -> int:
    """Which card is seen at this second."""
    ends = list(accumulate(seconds for _png, seconds in cards))
    return min(bisect_right(ends, moment), len(cards) - 1)


# --- in --------------------------------------------------------------------------------------------------------------


def _looks_like_film(file: BinaryIO) -> bool:
    """The first bytes of the formats of films: to say « cut » rather than « not a film »."""
    head = file.read(12)
    file.seek(0)
    return head.startswith(_STARTS) or head[4:8] == b"ftyp"


@contextmanager
def _opened(file: BinaryIO) -> Iterator[InputContainer]:
    """A film whose images are measured before they are decoded: two megabytes may claim two gigabytes."""
    most = {"max_pixels": str(_MOST_PIXELS)}
    with av.open(  # type: ignore[call-overload]  # `stream_options` are dicts, whatever its stubs say
        file,
        "r",
        container_options={"format_whitelist": sound.FORMATS},
        stream_options=[most] * _STREAMS,  # for its first look
        metadata_errors="ignore",
    ) as held:
        if len(held.streams) > _STREAMS:
            raise errors.NotAFilm
        for stream in held.streams.video:
            stream.codec_context.options = most
        yield held


def _refused(error: Exception, otherwise: type[errors.Unusable]) -> errors.Unusable:
    """FFmpeg's word for an image of more than `max_pixels` is « invalid argument »."""
    return errors.FilmTooWide() if isinstance(error, av.ArgumentError) else otherwise()


def _start(held: InputContainer) -> float:
    """When its first stream begins, in seconds: pieces cut out of a longer film do not begin at nought."""
    return (held.start_time or 0) / av.time_base


def _seen(file: BinaryIO) -> Seen:
    until = time.monotonic() + _PATIENCE_OF_LOOKING
    with _opened(file) as held:
        moving = [one for one in held.streams.video if not sound.is_cover(one)]
        if not moving:
            raise errors.NotAFilm
        seconds = max(0.0, (held.duration or 0) / av.time_base - max(0.0, _start(held)))
        if seconds > formats.MAX_SECONDS:
            raise errors.TooLong
        image = _first_image(held, moving[0], until)
        return Seen(
            width=image.width,
            height=image.height,
            turned=round(-image.rotation / 90) * 90 % 360,
            wider=float(moving[0].sample_aspect_ratio or 1),
            seconds=seconds,
            has_sound=bool(held.streams.audio),
        )


def _first_image(held: InputContainer, moving: VideoStream, until: float) -> VideoFrame:
    for packet in held.demux():
        if time.monotonic() > until:
            raise errors.NotMade
        if packet.stream is moving:
            for image in packet.decode():
                if isinstance(image, VideoFrame):
                    return image
    raise errors.NotAFilm


def _made(source: Path, seen: Seen, targets: Mapping[int, Path]) -> Generator[float, None, float]:
    """Images and sound in one pass for all sizes; returns how long it lasts."""
    size, until = source.stat().st_size, time.monotonic() + _PATIENCE
    with ExitStack() as opened:
        file = opened.enter_context(source.open("rb"))
        held = opened.enter_context(_opened(file))
        outs = [
            _Making(opened.enter_context(av.open(str(path), "w", format="mp4", options=_FAST)), seen, lines)
            for lines, path in targets.items()
        ]
        told, told_at = 0.0, time.monotonic()
        for at in _passed_on(held, outs):
            now = time.monotonic()
            if now > until:
                raise errors.NotMade
            if at >= told + 1 or now >= told_at + 1:
                told, told_at = max(at, told), now
                yield min(1.0, file.tell() / size)
        seconds = max(out.end() for out in outs)
    if seconds < seen.seconds * 0.9 - 1:  # it says more than it holds: cut on its way
        raise errors.Broken
    if seconds < _LEAST:
        raise errors.TooShort
    return seconds


def _passed_on(held: InputContainer, outs: "Sequence[_Making]") -> Iterator[float]:
    """Gives all of it to `outs`; yields how far it is after each packet, even those in which nothing is seen or heard."""
    moving = next(one for one in held.streams.video if not sound.is_cover(one))
    start, at, images = _start(held), 0.0, 0
    for packet in held.demux(moving, *held.streams.audio[:1]):
        for frame in packet.decode():
            if not isinstance(frame, VideoFrame | AudioFrame):
                continue
            at = max(0.0, (frame.time or 0) - start)
            images += isinstance(frame, VideoFrame)
            if at > formats.MAX_SECONDS:
                raise errors.TooLong
            if images > _MOST_IMAGES * (at + 10):
                raise errors.Broken  # its clock stands still
            for out in outs:
                out.add(frame, at)
        yield at


# --- out -------------------------------------------------------------------------------------------------------------


class _Making:
    """The two streams of one film, while it is made."""

    def __init__(self, out: OutputContainer, seen: Seen, lines: int) -> None:

        self.out, self.turned = out, seen.turned
        self.shape = seen.shape(lines)
        width, height = self.shape[::-1] if seen.turned in {90, 270} else self.shape
        self.images = out.add_stream("libx264", rate=_RATE)
        self.images.width, self.images.height, self.images.pix_fmt = width, height, "yuv420p"
        self.images.options = {"preset": "veryfast", "profile": "main"}
        if lines in _BITS:
            self.images.bit_rate = _BITS[lines]
        else:
            self.images.options = self.images.options | _OF_STILLS
        self.images.codec_context.time_base = Fraction(1, 1000)
        self.voice = out.add_stream("aac", rate=sound.RATE, layout="mono") if seen.has_sound else None
        if self.voice is not None:
            self.voice.bit_rate = 32_000
        self.to_ours = AudioResampler(format="fltp", layout="mono", rate=sound.RATE)
        self.turn: Callable[[VideoFrame], VideoFrame] | None = None
        self.last, self.heard = -1, 0

    def add(self, frame: VideoFrame | AudioFrame, at: float) -> None:
        """What is seen or heard from this second on."""
        if isinstance(frame, VideoFrame):
            self._image(frame, round(at * 1000))
        elif self.voice is not None:
            self._wait_until(at)
            self._sound(frame)

    def end(self) -> float:
        """Closes both streams; how long it lasts."""
        if self.last < 0:
            raise errors.NotAFilm
        if self.voice is not None:
            self._sound(None)
            self.out.mux(self.voice.encode(None))
        self.out.mux(self.images.encode(None))
        return max(self.last / 1000, self.heard / sound.RATE)

    def _image(self, frame: VideoFrame, at: int) -> None:
        if self.last >= 0 and at - self.last < _APART:
            return  # more images a second than are kept
        image = frame.reformat(*self.shape, "yuv420p")
        if self.turned:
            self.turn = self.turn or _turner(image, self.turned)
            image = self.turn(image)
        self.show(image, at)

    def show(self, image: VideoFrame, at: int) -> None:
        """An image of our shape, from this millisecond on."""
        image.pts, image.time_base, self.last = at, Fraction(1, 1000), at
        self.out.mux(self.images.encode(image))

    def _wait_until(self, at: float) -> None:
        """Silence, where the sound begins later than the images or was cut."""
        lacking = round(at * sound.RATE) - self.heard
        if lacking < _GAP * sound.RATE:
            return
        while lacking > 0:
            silence = AudioFrame("fltp", "mono", min(lacking, sound.RATE))
            silence.rate = sound.RATE
            silence.planes[0].update(bytes(silence.planes[0].buffer_size))
            lacking -= silence.samples
            self._hear(silence)

    def _sound(self, frame: AudioFrame | None) -> None:
        for piece in self.to_ours.resample(frame):
            self._hear(piece)

    def _hear(self, piece: AudioFrame) -> None:
        assert self.voice is not None
        piece.pts, piece.time_base = self.heard, Fraction(1, sound.RATE)
        self.heard += piece.samples
        self.out.mux(self.voice.encode(piece))


_TURNS: dict[int, list[tuple[str, str | None]]] = {
    90: [("transpose", "clock")],
    180: [("hflip", None), ("vflip", None)],
    270: [("transpose", "cclock")],
}


def _turner(first: VideoFrame, degrees: int) -> Callable[[VideoFrame], VideoFrame]:
    """What turns images of this shape clockwise."""
    graph = av.filter.Graph()
    source = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=Fraction(1, 1000))
    turns = [graph.add(name, how) for name, how in _TURNS[degrees]]
    graph.link_nodes(source, *turns, graph.add("buffersink")).configure()

    def turn(image: VideoFrame) -> VideoFrame:
        graph.push(image)
        turned = graph.pull()
        assert isinstance(turned, VideoFrame)
        return turned

    return turn


def _moved_in(beside: Path, target: Path, seconds: float) -> Made:
    with beside.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside.replace(target)
    return Made(target, round(seconds, 2), target.stat().st_size, digest)
