"""Sound in, small Opus out: what comes is known by its content, never by its name, and leaves without its metadata.

A file is decoded whole before anything of it is kept, written beside its place, and moved into it last: a kill or a
refusal leaves nothing half-made behind. Only formats that hold their own data are opened: a play-list names other files.
"""

import hashlib
import math
import os
import time
from array import array
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from allervers.prevention import errors
from allervers.prevention.formats import MAX_BYTES, MAX_SECONDS, Made

RATE = 48_000  # Opus knows no other
BITS = 16_000  # a second: a voice stays clear, five minutes fit in 0.7 MB
MIN_SECONDS = 0.3
_PACKET = 60  # milliseconds
PAUSE = 0.5  # seconds between two pieces of a whole message
FORMATS = "ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,wav,flac,aac,amr,aiff,caf,asf"
_SILENCE = 100  # of 32,767: under a whisper beside the telephone
_PATIENCE = 120  # seconds of decoding, whatever a file claims to be


def encode(source: Path, target: Path) -> Made:
    """Any recording → one voice in Opus at `target`. Raises an `errors.Unusable` and leaves nothing at `target`."""
    size = source.stat().st_size
    if size > MAX_BYTES:
        raise errors.TooBig
    if size == 0:
        raise errors.NotASound
    with source.open("rb") as file:
        if _is_cut(file, size):
            raise errors.Broken
        return _write(_heard(file), target)


def shrink(held: bytes, *, most: float = MAX_SECONDS) -> tuple[bytes, float]:
    """The same in memory, for what may touch no disk: the small Opus and its seconds. Raises an `errors.Unusable`."""
    if not held:
        raise errors.NotASound
    file, out = BytesIO(held), BytesIO()
    if _is_cut(file, len(held)):
        raise errors.Broken
    samples = _encode(_heard(file, most), out)
    return out.getvalue(), round(samples / RATE, 2)


def join(pieces: Sequence[Path], target: Path) -> Made:
    """Files of ours one after the other, a breath between them. Their packets are moved, not encoded a second time."""
    beside = target.with_name(f".{target.name}.part")
    breath = target.with_name(f".{target.name}.breath")
    try:
        _encode_at(breath, _frames(array("h", bytes(int(RATE * PAUSE) * 2))))
        parts = [part for piece in pieces for part in (breath, piece)][1:]
        return _moved_in(beside, target, _string_together(parts, beside))
    finally:
        beside.unlink(missing_ok=True)
        breath.unlink(missing_ok=True)


def tone(pitches: Sequence[float], target: Path, *, seconds: float = 0.9) -> Made:
    """A test tone: one pitch after the other, never taken for a voice."""
    each = int(RATE * seconds / len(pitches))
    rise = RATE // 100
    samples = array("h")
    for pitch in pitches:
        for at in range(each):
            loud = min(1.0, at / rise, (each - at) / rise)
            samples.append(int(9000 * loud * math.sin(2 * math.pi * pitch * at / RATE)))
    return _write(_frames(samples), target)


def has_picture(source: Path) -> bool:
    """Whether a file of a sound format carries moving pictures too; a cover image is not one."""
    try:
        with source.open("rb") as file, av.open(file, "r", options={"format_whitelist": FORMATS}) as held:
            return any(stream.frames != 1 and not is_cover(stream) for stream in held.streams.video)
    except (av.FFmpegError, ValueError):
        return False


def is_cover(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


# --- in --------------------------------------------------------------------------------------------------------------


def _heard(file: BinaryIO, most: float = MAX_SECONDS) -> Iterator[AudioFrame]:
    """The sound of a file in one channel at our rate; judged while it passes. Raises an `errors.Unusable`."""
    heard, peak, until = 0, 0, time.monotonic() + _PATIENCE
    looks_right = _looks_like_sound(file)
    try:
        with av.open(file, "r", options={"format_whitelist": FORMATS}, metadata_errors="ignore") as held:
            if not held.streams.audio:
                raise errors.NotASound
            declared = (held.duration or 0) / av.time_base
            if declared > most:
                raise errors.TooLong
            for frame in _resampled(held):
                heard += frame.samples
                peak = max(peak, _peak(frame))
                if heard > most * RATE:
                    raise errors.TooLong
                if time.monotonic() > until:
                    raise errors.Broken
                yield frame
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise (errors.Broken if heard or looks_right else errors.NotASound) from error
    seconds = heard / RATE
    if seconds < declared * 0.9 - 1:  # it says more than it holds: cut on its way
        raise errors.Broken
    if seconds < MIN_SECONDS:
        raise errors.TooShort
    if peak < _SILENCE:
        raise errors.Silent


def _looks_like_sound(file: BinaryIO) -> bool:
    """The first bytes of the formats that telephones and browsers record in: to say « cut » rather than « not a sound »."""
    head = _head(file, 12)
    starts = (b"OggS", b"\x1aE\xdf\xa3", b"RIFF", b"fLaC", b"ID3", b"#!AMR")
    return head.startswith(starts) or head[4:8] == b"ftyp"


def _is_cut(file: BinaryIO, size: int) -> bool:
    """A WAV file says its length first; FFmpeg would take what there is. A stream says none."""
    head = _head(file, 8)
    said = int.from_bytes(head[4:8], "little")
    return head[:4] == b"RIFF" and 0 < said < 0xFFFF_0000 and said + 8 > size


def _head(file: BinaryIO, count: int) -> bytes:
    file.seek(0)
    head = file.read(count)
    file.seek(0)
    return head


def _resampled(held: "av.container.InputContainer") -> Iterator[AudioFrame]:
    to_ours = AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in held.decode(held.streams.audio[0]):
        yield from to_ours.resample(frame)
    yield from to_ours.resample(None)


def _peak(frame: AudioFrame) -> int:
    samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
    return max(max(samples), -min(samples)) if samples else 0


def _frames(samples: "array[int]") -> Iterator[AudioFrame]:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.rate = RATE
    frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    yield frame


# --- out -------------------------------------------------------------------------------------------------------------


def _write(frames: Iterator[AudioFrame], target: Path) -> Made:
    """Encodes beside `target`, then moves into it."""
    beside = target.with_name(f".{target.name}.part")
    try:
        return _moved_in(beside, target, _encode_at(beside, frames))
    finally:
        beside.unlink(missing_ok=True)


def _moved_in(beside: Path, target: Path, samples: int) -> Made:
    held = beside.read_bytes()
    beside.replace(target)
    return Made(target, round(samples / RATE, 2), len(held), hashlib.sha256(held).hexdigest())


def _string_together(parts: Sequence[Path], path: Path) -> int:
    """One Opus stream of the packets of several. Returns the number of samples."""
    written = 0
    with path.open("wb") as file:
        with av.open(file, "w", format="ogg") as out:
            stream = None
            for part in parts:
                with part.open("rb") as source, av.open(source, "r", options={"format_whitelist": "ogg"}) as held:
                    stream = stream or out.add_stream_from_template(held.streams.audio[0])
                    for packet in held.demux(held.streams.audio[0]):
                        if packet.size:
                            packet.stream, packet.pts, packet.dts = stream, written, written
                            packet.time_base = Fraction(1, RATE)
                            written += RATE * _PACKET // 1000  # also the last of a piece, whose end it leaves unsaid
                            out.mux(packet)
        file.flush()
        os.fsync(file.fileno())
    return written


def _encode_at(path: Path, frames: Iterator[AudioFrame]) -> int:
    with path.open("wb") as file:
        written = _encode(frames, file)
        file.flush()
        os.fsync(file.fileno())
    return written


def _encode(frames: Iterator[AudioFrame], file: BinaryIO) -> int:
    """Returns the number of samples written."""
    written = 0
    with av.open(file, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BITS
        stream.options = {"application": "voip", "frame_duration": str(_PACKET), "vbr": "on"}
        for frame in frames:
            frame.pts, frame.time_base = written, Fraction(1, RATE)
            written += frame.samples
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return written
