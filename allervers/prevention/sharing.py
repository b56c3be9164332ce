"""From hand to hand: the text to paste, the code to scan, the poster and the card."""

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import segno
import typst

from allervers.core.languages import FRENCH, Language
from allervers.prevention import sheets
from allervers.prevention.queries import Shown, Spoken

_SOURCE = Path(__file__).with_name("sheet.typ")
_SMS = 300  # characters of message before its link: two SMS


@dataclass(frozen=True)
class Share:
    """Everything that passes a message on, without any third party's button."""

    link: str
    text: str
    qr: str  # an inline SVG image, as a data address

    @classmethod
    def of(cls, shown: Shown, address: str, *, cut: str = "") -> "Share":
        words = " ".join(spoken.text for spoken in (shown.title, *shown.lines))
        if len(words) > _SMS:
            words = words[:_SMS].rsplit(" ", 1)[0] + "…"
        text = " ".join(part for part in (words, cut, address) if part)
        return cls(address, text, segno.make(address, error="m").svg_data_uri(scale=4, border=2))

    @property
    def whatsapp(self) -> str:
        return f"https://wa.me/?text={quote(self.text)}"

    @property
    def sms(self) -> str:
        return f"sms:?body={quote(self.text)}"


@dataclass(frozen=True)
class SheetWords:
    """The few words of a sheet that are not the message's: ours, in French and in its reader's language."""

    until: str
    source: str
    unchecked: str  # said only where no second speaker has read
    cut: str = ""  # of a message that lacks a sentence, taken away for safety


@dataclass(frozen=True)
class Sheet:
    """A poster or a card: all that stands on it, from which it is made, once, and kept."""

    data: str

    @classmethod
    def of(
        cls, shown: Shown, language: Language, *, kind: str, address: str, network: str, words: SheetWords
    ) -> "Sheet":
        """`kind`: `poster` is one A4 page, `card` four to cut out; the language beside its French."""
        qr = BytesIO()
        segno.make(address, error="m").save(qr, kind="svg", border=0)
        data = {
            "kind": kind,
            "lang": language.code.split("-")[0],
            "rtl": language.direction == "rtl",
            "both": language.code != FRENCH,
            "title": _both(shown.title),
            "lines": [_both(one) for one in shown.lines],
            "link": address.partition("://")[2],
            "qr": qr.getvalue().decode(),
            "network": network,
            "until": words.until,
            "source": words.source,
            "cut": words.cut,
            "unchecked": "" if shown.checked else words.unchecked,
        }
        return cls(json.dumps(data, ensure_ascii=False))

    @cached_property
    def digest(self) -> str:
        """Its words and how they are laid out: a sheet of other words has another name."""
        return sha256(_SOURCE.read_bytes() + self.data.encode()).hexdigest()

    def kept(self) -> bytes | None:
        return sheets.read(self.digest)

    def make(self) -> bytes:
        """A tagged PDF/UA-1, in about 100 ms of a processor; kept for the next one who asks."""
        made: bytes = typst.compile(str(_SOURCE), format="pdf", sys_inputs={"data": self.data}, pdf_standards="ua-1")
        sheets.keep(self.digest, made)
        return made


def _both(spoken: Spoken) -> dict[str, object]:
    """A segment in the reader's language, `own` when it stands in it, and in French."""
    return {
        "text": spoken.text,
        "own": spoken.language != FRENCH,
        "french": spoken.segment.text,
        "urgent": spoken.segment.urgent,
    }
