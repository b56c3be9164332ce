"""Sealing a file too long for memory, for backups. Pure.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, "Online authenticated-encryption and its nonce-reuse
misuse-resistance", CRYPTO 2015): AES-256-GCM by pieces, each under its number and a mark on the last, so that cutting,
reordering or mixing pieces is found out. Layout: magic (8), salt (16), then pieces of at most 1 MiB, each 16 bytes longer.
Every file has a key of its own, derived with its salt: a nonce, which is the piece's number, is never used twice.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from allervers.core import crypto

_MAGIC = b"AVARCH1\n"
_SALT_BYTES, _PIECE, _TAG = 16, 1 << 20, 16


class Damaged(Exception):
    """Not an archive, another key's, cut short or altered."""


def seal(key: bytes, plain: BinaryIO, sealed: BinaryIO) -> int:
    """Copies `plain` sealed under `key`; returns the number of plain bytes. Constant memory."""
    salt = os.urandom(_SALT_BYTES)
    cipher = AESGCM(crypto.derive(key, f"archive:{salt.hex()}"))
    sealed.write(_MAGIC + salt)
    total, number, piece = 0, 0, _full(plain, _PIECE)
    while True:
        following = _full(plain, _PIECE)
        sealed.write(cipher.encrypt(_nonce(number, last=not following), piece, None))
        total += len(piece)
        if not following:
            return total
        number, piece = number + 1, following


def pieces(key: bytes, sealed: BinaryIO) -> Iterator[bytes]:
    """The plain pieces in order. Raises `Damaged`, at the last piece if the end was cut: use nothing before the end."""
    head = _full(sealed, len(_MAGIC) + _SALT_BYTES)
    if len(head) != len(_MAGIC) + _SALT_BYTES or not head.startswith(_MAGIC):
        raise Damaged("not an archive")
    cipher = AESGCM(crypto.derive(key, f"archive:{head[len(_MAGIC) :].hex()}"))
    number, piece = 0, _full(sealed, _PIECE + _TAG)
    while True:
        following = _full(sealed, _PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, None)
        except InvalidTag as error:
            raise Damaged(f"piece {number}") from error
        if not following:
            return
        number, piece = number + 1, following


def unseal(key: bytes, sealed: BinaryIO, plain: BinaryIO) -> int:
    """Copies the plain bytes of `sealed`; returns how many. Raises `Damaged`."""
    return sum(plain.write(piece) for piece in pieces(key, sealed))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _full(source: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end: a pipe gives less than it is asked."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
