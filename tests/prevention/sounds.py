"""Sounds made for the tests: noise, which costs an encoder the most, silence, tones."""

import random
import struct
import wave
import zlib
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


def shifted_film(path: Path, *, images_at: int, sound_at: int) -> Path:
    """Three seconds of images and of sound that begin at these seconds; after one of them, white, and loud."""
    with av.open(str(path), "w", format="matroska") as out:
        images = out.add_stream("mpeg4", rate=25)
        images.width, images.height, images.pix_fmt = 320, 240, "yuv420p"
        heard = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for number in range(75):
            image = av.VideoFrame(320, 240, "yuv420p")
            for place, plane in enumerate(image.planes):
                plane.update(bytes([128 if place else 235 if number >= 25 else 16]) * plane.buffer_size)
            image.pts, image.time_base = images_at * 25 + number, Fraction(1, 25)
            out.mux(images.encode(image))
            sound = av.AudioFrame("s16", "mono", RATE // 25)
            sound.rate, sound.pts, sound.time_base = RATE, sound_at * RATE + number * RATE // 25, Fraction(1, RATE)
            held = random.Random(number).randbytes(RATE * 2 // 25) if number >= 25 else b""
            sound.planes[0].update(held.ljust(sound.planes[0].buffer_size, b"\0"))
            out.mux(heard.encode(sound))
        out.mux(images.encode(None))
        out.mux(heard.encode(None))
    return path


def huge_image(path: Path, *, small_first: int = 0) -> Path:
    """Kilobytes that claim an image of 61 million points, after some small ones."""
    with av.open(str(path), "w", format="mov") as out:
        images = out.add_stream("png", rate=1)
        images.width, images.height, images.pix_fmt = 64, 64, "rgb24"
        for number, side in enumerate([64] * small_first + [7800]):
            packet = av.Packet(_black_png(side))
            packet.stream, packet.pts, packet.dts, packet.time_base = images, number, number, Fraction(1, 1)
            packet.is_keyframe = True
            out.mux(packet)
    return path


def _black_png(side: int) -> bytes:
    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    shrink = zlib.compressobj()
    lines = b"".join(shrink.compress(bytes(1 + side * 3)) for _line in range(side)) + shrink.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def still_clock(path: Path, images: int) -> Path:
    """So many images within the first second."""
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        image = av.VideoFrame(64, 64, "yuv420p")
        image.pts = 0
        held = [bytes(packet) for packet in [*stream.encode(image), *stream.encode(None)]]
        for number in range(images):
            packet = av.Packet(held[0])
            packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 1000), True
            packet.pts = packet.dts = number * 900 // images
            out.mux(packet)
    return path
