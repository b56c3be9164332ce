"""Codes that people copy by hand: no look-alikes, and a last letter that catches a slip.

Letters and digits are 23, a prime: with distinct weights modulo 23, the check letter finds every single wrong letter and
every swap of two letters (the scheme of ISBN-10, on another alphabet). Pure.
"""

import re
import secrets

ALPHABET = "ACDEFHJKMNPRTUVWXY34679"  # without 0 O Q, 1 I L, 2 Z, 5 S, 8 B, G
_SIZE = len(ALPHABET)
LINE_LENGTH = 6  # 23^5: 6.4 million lines a network
SHEET_LENGTH = 7


class WrongCode(ValueError):
    """A letter is missing, foreign or wrong."""


def new_line() -> str:
    """A line's code, "K7-4MC9": five random letters and their check."""
    return _dashed(_new(LINE_LENGTH), 2)


def new_sheet() -> str:
    """A sheet's code, "H4K-7MC9"."""
    return _dashed(_new(SHEET_LENGTH), 3)


def read_line(typed: str) -> str:
    """The line code that was typed, in its printed form. Raises `WrongCode`."""
    return _dashed(_checked(typed, LINE_LENGTH), 2)


def read_sheet(typed: str) -> str:
    """The sheet code that was typed, in its printed form. Raises `WrongCode`."""
    return _dashed(_checked(typed, SHEET_LENGTH), 3)


def check_letter(body: str) -> str:
    """The letter that makes the weighted sum of all letters zero modulo 23."""
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(body, start=2))
    return ALPHABET[-total % _SIZE]


def _new(length: int) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + check_letter(body)


def _checked(typed: str, length: int) -> str:
    letters = re.sub(r"[\s.\-–_]", "", typed).upper()
    if len(letters) != length or any(letter not in ALPHABET for letter in letters):
        raise WrongCode(typed)
    if check_letter(letters[:-1]) != letters[-1]:
        raise WrongCode(typed)
    return letters


def _dashed(letters: str, head: int) -> str:
    return f"{letters[:head]}-{letters[head:]}"
