"""Sealing and blind indexes. Pure functions on keys; `keys` says where the master key is kept.

Sealed bytes are: version (1 byte, 0x01), nonce (12 bytes), AES-256-GCM ciphertext with its 16-byte tag. The associated
data names the place (table, column, row), so a sealed value moved to another row does not open.
"""

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """Wrong key, wrong place or altered bytes."""


def new_key() -> bytes:
    """256 random bits."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """`plain` sealed under `key` for `place`, 29 bytes longer."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """The plain bytes; raises `CannotOpen`."""
    if len(sealed) < 29 or sealed[:1] != _VERSION:
        raise CannotOpen("not a sealed value")
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode())
    except InvalidTag as error:
        raise CannotOpen("wrong key, wrong place or altered") from error


def opener(key: bytes) -> Callable[[bytes, str], bytes]:
    """`unseal` with the key made ready once, for many values sealed under it."""
    decrypt = AESGCM(key).decrypt

    def open_one(sealed: bytes, place: str) -> bytes:
        if sealed[:1] != _VERSION:
            raise CannotOpen("not a sealed value")
        try:
            return decrypt(sealed[1:13], sealed[13:], place.encode())
        except InvalidTag as error:
            raise CannotOpen("wrong key, wrong place or altered") from error

    return open_one


def derive(key: bytes, purpose: str) -> bytes:
    """A 256-bit key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def blind(key: bytes, text: str) -> str:
    """A keyed fingerprint of `text` (HMAC-SHA256, first 128 bits, hex): equal texts meet, nothing else is told."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def digest(token: str) -> str:
    """What is stored of a random token of 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()
