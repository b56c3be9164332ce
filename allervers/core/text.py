"""Folding text so that spelling, accents, case and scripts' variants do not keep words apart; and what can be printed of it."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'"})
# Arabic and Persian letters written several ways: alef forms, alef maqsura, teh marbuta, hamza carriers, kaf, yeh.
_ARABIC = str.maketrans("أإآٱىةؤئکیۀە", "ااااي" + "هوي" + "كيهه")
_TATWEEL = "\u0640"
# What no XML may hold (XML 1.0, 2.2) and no screen shows: a copy from a PDF brings some. Joiners and direction marks stay.
_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`text` in lower case without accents, vowel signs or ligatures, Arabic variants unified, spaces single."""
    # Compatibility forms first: a mathematical capital A is a capital only once it is an A.
    lowered = unicodedata.normalize("NFKC", text).lower().translate(_LIGATURES).translate(_ARABIC).replace(_TATWEEL, "")
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(bare.translate(_LIGATURES).translate(_ARABIC).split())


def words(text: str) -> list[str]:
    """The folded words of `text`, in order: letters and digits only."""
    return _WORD.findall(fold(text))


def initials(*names: str) -> str:
    """First letters, as screens show a person by default: "Awa", "Diop" gives "A. D."."""
    return " ".join(f"{part.strip()[0].upper()}." for part in names if part.strip())


def printable(text: str) -> str:
    """`text` without the control characters that would break a feed; lines and tabs stay."""
    return _UNPRINTED.sub("", text)


def numbers_together(text: str) -> str:
    """`text` whose numbers keep their parts in order: from right to left, plain spaces would have them read last part first
    (Unicode bidirectional algorithm, rule W4); and no line ends inside one.
    """
    return _BETWEEN_DIGITS.sub("\u00a0", text)
