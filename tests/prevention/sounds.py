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


def film(path: Path, seconds: int, *, width: int = 320, height: int = 240, title: str = "") -> Path:
    """Colours that change, and a hum."""
    with av.open(str(path), "w", format="matroska") as out:
        out.metadata["title"] = title
        images = out.add_stream("mpeg4", rate=25)
        images.width, images.height, images.pix_fmt = width, height, "yuv420p"
        hum = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
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
