"""Sounds made for the tests: noise, which costs an encoder the most, silence, tones."""

import random
import wave
from fractions import Fraction
from pathlib import Path

import av

RATE = 16_000


def noise(path: Path, seconds: float, *, loud: bool = True) -> Path:
    """A WAV file of noise, or of silence."""
    second = random.Random(7).randbytes(RATE * 2) if loud else bytes(RATE * 2)
    left = int(seconds * RATE * 2) // 2 * 2
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        while left > 0:
            out.writeframes(second[:left])
            left -= len(second)
    return path


_CODECS = {"matroska": ("mpeg4", "pcm_s16le"), "mp4": ("libx264", "aac"), "webm": ("libvpx", "libopus")}


def film(
    path: Path,
    seconds: int,
    *,
    width: int = 320,
    height: int = 240,
    title: str = "",
    kind: str = "matroska",
    live: bool = False,
) -> Path:
    """Colours that change, and a hum. `live`: written as a browser does, which knows no length."""
    codecs = _CODECS[kind]
    with av.open(str(path), "w", format=kind, options={"live": "1"} if live else {}) as out:
        out.metadata["title"] = title
        images = out.add_stream(codecs[0], rate=25)
        images.width, images.height, images.pix_fmt = width, height, "yuv420p"
        hum = out.add_stream(codecs[1], rate=RATE, layout="mono")
        for number in range(seconds * 25):
            image = av.VideoFrame(width, height, "yuv420p")
            for place, plane in enumerate(image.planes):
                plane.update(bytes([(number * 3 + place * 40) % 256]) * plane.buffer_size)
            image.pts = number
            out.mux(images.encode(image))
            if number % 25 == 0:
                sound = av.AudioFrame("s16", "mono", RATE)
                sound.rate, sound.pts, sound.time_base = RATE, number // 25 * RATE, Fraction(1, RATE)
                sound.planes[0].update(
                    random.Random(number).randbytes(RATE * 2).ljust(sound.planes[0].buffer_size, b"\0")
                )
                out.mux(hum.encode(sound))
        out.mux(images.encode(None))
        out.mux(hum.encode(None))
    return path


_UPRIGHT = [(1, 0, 0, 0, 1, 0, 0, 0), (0, 1, 0, -1, 0, 0, 0, 0), (-1, 0, 0, 0, -1, 0, 0, 0), (0, -1, 0, 1, 0, 0, 0, 0)]


def turned_film(path: Path, degrees: int, *, width: int = 320, height: int = 180) -> Path:
    """A telephone's film: a second whose left half is white, and a note in its header (ISO 14496-12, `tkhd`) that it is to be
    turned clockwise by so many degrees."""
    with av.open(str(path), "w", format="mp4") as out:
        images = out.add_stream("libx264", rate=25)
        images.width, images.height, images.pix_fmt = width, height, "yuv420p"
        for number in range(25):
            image = av.VideoFrame(width, height, "yuv420p")
            line = bytes([235] * (width // 2)).ljust(image.planes[0].line_size, b"\x10")
            image.planes[0].update(line * height)
            for plane in list(image.planes)[1:]:
                plane.update(b"\x80" * plane.buffer_size)
            image.pts = number
            out.mux(images.encode(image))
        out.mux(images.encode(None))
    held = path.read_bytes()
    before, after = (_matrix(_UPRIGHT[turn]) for turn in (0, degrees // 90))
    assert held.count(before) == 2  # the film's, and its only track's
    first, second = held.index(before), held.rindex(before)
    assert held.rindex(b"tkhd") < second and first < second
    path.write_bytes(held[:second] + after + held[second + 36 :])
    return path


def _matrix(rows: tuple[int, ...]) -> bytes:
    numbers = [one * 0x10000 for one in rows] + [0x40000000]
    return b"".join(number.to_bytes(4, "big", signed=True) for number in numbers)
