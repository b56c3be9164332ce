"""Splitting a key in parts, so that some of them rebuild it and fewer tell nothing. Pure.

A. Shamir, "How to share a secret", Communications of the ACM 22 (11), 1979: each byte of the secret is the value at 0 of
a random polynomial of degree `threshold - 1`; part x holds its value at x. Arithmetic in GF(2^8) with the polynomial of
AES (FIPS 197, x^8 + x^4 + x^3 + x + 1). Not constant in time: it runs at a ceremony, away from any attacker's clock.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor

_FORMAT = "allervers-part-1"
_CHECK_DIGITS = 8


class CannotRebuild(Exception):
    """A part is damaged, parts do not belong together, or there are too few."""


@dataclass(frozen=True)
class Part:
    """One keeper's part. `split` names the ceremony: parts of two ceremonies do not mix."""

    split: str
    threshold: int
    number: int  # 1 to 255
    values: bytes

    def line(self) -> str:
        """What is printed or copied, with a checksum against a slip of the pen."""
        body = f"{_FORMAT}:{self.split}:{self.threshold}:{self.number}:{self.values.hex()}"
        return f"{body}:{_checksum(body.encode())}"


def read(line: str) -> Part:
    """A part from its line; spaces and capitals do not matter. Raises `CannotRebuild`."""
    plain = "".join(line.split()).lower()
    body, _, checksum = plain.rpartition(":")
    fields = body.split(":")
    if len(fields) != 5 or fields[0] != _FORMAT or checksum != _checksum(body.encode()):
        raise CannotRebuild("damaged")
    return Part(fields[1], int(fields[2]), int(fields[3]), bytes.fromhex(fields[4]))


def split(secret: bytes, *, threshold: int, parts: int) -> list[Part]:
    """`parts` parts of which any `threshold` rebuild `secret`. Its checksum is split along, so that a mix is found out."""
    if not 2 <= threshold <= parts <= 255:
        raise ValueError("2 <= threshold <= parts <= 255")
    whole = secret + hashlib.sha256(secret).digest()[:4]
    ceremony = os.urandom(4).hex()
    # For each byte, the polynomial's coefficients above the constant one.
    random = [os.urandom(threshold - 1) for _ in whole]
    return [
        Part(
            ceremony,
            threshold,
            number,
            bytes(_value([byte, *more], number) for byte, more in zip(whole, random, strict=True)),
        )
        for number in range(1, parts + 1)
    ]


def rebuild(parts: Sequence[Part]) -> bytes:
    """The secret again. Raises `CannotRebuild`."""
    distinct = {part.number: part for part in parts}
    if not distinct or len({(part.split, part.threshold, len(part.values)) for part in parts}) != 1:
        raise CannotRebuild("mixed")
    chosen = list(distinct.values())[: parts[0].threshold]
    if len(chosen) < parts[0].threshold:
        raise CannotRebuild("too_few")
    weights = [_weight(part.number, [other.number for other in chosen]) for part in chosen]
    whole = bytes(
        reduce(xor, (_times(weight, part.values[place]) for weight, part in zip(weights, chosen, strict=True)))
        for place in range(len(chosen[0].values))
    )
    secret, check = whole[:-4], whole[-4:]
    if hashlib.sha256(secret).digest()[:4] != check:
        raise CannotRebuild("damaged")
    return secret


def _checksum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:_CHECK_DIGITS]


def _value(coefficients: Sequence[int], at: int) -> int:
    """A polynomial's value, lowest coefficient first (Horner)."""
    total = 0
    for coefficient in reversed(coefficients):
        total = _times(total, at) ^ coefficient
    return total


def _weight(number: int, numbers: Sequence[int]) -> int:
    """Lagrange's weight at 0 of one point among `numbers`; subtraction is XOR."""
    weight = 1
    for other in numbers:
        if other != number:
            weight = _times(weight, _times(other, _inverse(other ^ number)))
    return weight


def _times(first: int, second: int) -> int:
    """Multiplication in GF(2^8)."""
    product = 0
    while second:
        if second & 1:
            product ^= first
        first = (first << 1) ^ (0x11B if first & 0x80 else 0)
        second >>= 1
    return product


def _inverse(value: int) -> int:
    """value^254, since value^255 = 1 for all but 0."""
    result, power = 1, value
    for bit in range(8):
        if 254 >> bit & 1:
            result = _times(result, power)
        power = _times(power, power)
    return result
