"""The return sheet as a tagged PDF (PDF/UA-1): boxes to tick, one code a line, one for the sheet."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

_SOURCE = Path(__file__).with_name("sheet.typ")


@dataclass(frozen=True)
class SheetLine:
    code: str
    who: str  # initials for whoever may read them, else nothing
    about: str  # an appointment, a language


@dataclass(frozen=True)
class Sheet:
    """All the words of a sheet, in its reader's language."""

    title: str
    sender: str
    recipient: str
    date: str
    sheet_word: str
    sheet_code: str
    page_word: str
    how: str
    back: str
    heads: list[str]
    columns: list[str]
    lines: list[SheetLine]
    lang: str = "fr"


def pdf(sheet: Sheet) -> bytes:
    """The document's bytes. Its data travels beside the source, so nothing typed is ever read as markup."""
    data = json.dumps(asdict(sheet), ensure_ascii=False)
    made: bytes = typst.compile(str(_SOURCE), format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1")
    return made
