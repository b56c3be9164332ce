"""Sounds made for the tests: noise, which costs an encoder the most, silence, tones."""

import random
import wave
from pathlib import Path

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
