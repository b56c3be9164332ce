"""Reading spreadsheets row by row: CSV of any usual encoding and delimiter, and XLSX. Never the whole file in memory."""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from allervers.directory.exchange import columns

csv.field_size_limit(1_000_000)
_UNPACKED_MOST = 1_000_000_000  # bytes of an XLSX once unzipped: past this it is a bomb, not a spreadsheet
_WIDEST = 300  # columns of a sheet: one formatted to its edge has 16,384
_LOOKED_AT = 12  # lines among which the headings are looked for: a title often stands above


class Unreadable(ValueError):
    """The file is not what its name says, or nothing can be read in it; the text says what to do."""


class EmptyTable(Unreadable):
    """Nothing is written in it."""


@dataclass(frozen=True)
class Row:
    """One line of a sheet. `fault` says why it cannot be read, with what to do."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    name: str
    headings: list[str]
    rows: Iterator[Row]


def read(path: Path) -> Generator[Table]:
    """The tables of a file: one of a CSV, each filled sheet of an XLSX. Raises `Unreadable`.

    A table is read while this goes on: its rows end when it is closed.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start.strip():
        raise Unreadable(_("Le fichier est vide."))
    if start.startswith(b"PK"):
        yield from _sheets(path)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("C’est un ancien fichier Excel (.xls). Ouvrez-le et enregistrez-le en .xlsx ou en .csv."))
    elif start.startswith(b"%PDF"):
        raise Unreadable(_("C’est un PDF. Demandez le tableau lui-même, en .xlsx ou en .csv."))
    else:
        yield _table(path.stem, _csv_rows(path))


# --- CSV -------------------------------------------------------------------------------------------------------------


def encoding_of(path: Path) -> str:
    """UTF-8 when all of it is, UTF-16 when marked so, else Windows' Western European."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        sample = file.read(20_000)
        file.seek(0)
        reader = csv.reader(_without_nul(file), delimiter=_delimiter(sample))
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, [], _("la ligne ne se lit pas : un guillemet n’est sans doute pas refermé"))
                line = reader.line_num + 1
                continue
            yield Row(line, [cell.strip() for cell in cells])
            line = reader.line_num + 1


def _without_nul(file: io.TextIOBase) -> Iterator[str]:
    for line in file:
        yield line.replace("\x00", "")


def _delimiter(sample: str) -> str:
    """Of ; , tab and |, the one that cuts the first lines in the most columns, alike from line to line."""
    lines = sample.splitlines()[:20]
    best, most = ";", 0.0
    for delimiter in ";\t,|":
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells)]
        if widths and max(widths) > 1:
            usual = max(set(widths), key=widths.count)
            score = (usual - 1) * widths.count(usual) / len(widths)
            if score > most:
                best, most = delimiter, score
    return best


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _sheets(path: Path) -> Iterator[Table]:
    with path.open("rb") as file, _a_sentence():  # the file itself: a kept one has no extension to be known by
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _UNPACKED_MOST:
            raise Unreadable(_("Ce classeur est démesuré une fois ouvert. Coupez-le en plusieurs fichiers."))
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                try:
                    yield _table(sheet.title, _sheet_rows(sheet))
                except EmptyTable:
                    continue  # among others that are filled
        finally:
            book.close()


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    with _a_sentence():
        for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=_WIDEST), start=1):
            filled = any(value is not None for value in cells)  # most lines of a sheet formatted to its end are not
            yield Row(line, [_written(value) for value in cells] if filled else [])


@contextmanager
def _a_sentence() -> Iterator[None]:
    """openpyxl lets many kinds of errors through, at any line: zip, XML, missing parts."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(
            _("Ce classeur ne s’ouvre pas. Ouvrez-le dans votre tableur et enregistrez-le à nouveau en .xlsx.")
        ) from error


def _written(value: object) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if (value.hour, value.minute) == (0, 0) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


# --- both ------------------------------------------------------------------------------------------------------------


def _table(name: str, rows: Iterator[Row]) -> Table:
    """Finds the headings among the first lines: the line of which most is recognised, else the first that is filled."""
    first: list[Row] = []
    for row in rows:
        if any(row.cells) or row.fault:
            first.append(row)
        if len(first) == _LOOKED_AT:
            break
    readable = [row for row in first if not row.fault]
    if not readable:
        raise EmptyTable(_("Le fichier ne contient aucune ligne."))
    scores = [_heading_score(row.cells) for row in readable]
    heading = readable[scores.index(max(scores))] if max(scores) > 0 else readable[0]
    width = max(index for index, cell in enumerate(heading.cells, start=1) if cell)
    after = [row for row in first if row.line > heading.line]
    headings = _unique(heading.cells[:width])
    return Table(name, headings, _filled(width, after, rows))


def _heading_score(cells: Sequence[str]) -> int:
    return len(columns.recognised([cell for cell in cells if cell]))


def _unique(cells: Sequence[str]) -> list[str]:
    """Headings without two alike: "Tél", "Tél (2)"; a column without one is named by its place."""
    seen: dict[str, int] = {}
    named = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:120] or f"colonne {number}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return named


def _filled(width: int, first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    """The rows below the headings, as wide as them; empty lines are passed over."""
    for source in (first, rest):
        for row in source:
            if row.fault:
                yield row
            elif any(row.cells[width:]):
                why = _(
                    "elle a %(got)d colonnes au lieu de %(want)d : entourez de guillemets un texte qui contient le séparateur"
                )
                yield Row(row.line, row.cells, why % {"got": len(row.cells), "want": width})
            elif any(row.cells):
                yield Row(row.line, row.cells[:width] + [""] * (width - len(row.cells)))


# --- JSON ------------------------------------------------------------------------------------------------------------


def json_objects(path: Path) -> Iterator[tuple[int, str, object]]:
    """The objects of a JSON file, one at a time: (line, section, object). Raises `Unreadable`.

    The file is a list, or an object whose lists are sections ("structures", "services").
    """
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        yield from _Scanner(file).objects()


class _Scanner:
    """A window over a JSON text: each value is decoded as soon as it is whole, then forgotten."""

    _SIZE = 1 << 16

    def __init__(self, file: io.TextIOBase) -> None:
        self.file, self.buffer, self.at, self.line, self.ended = file, "", 0, 1, False
        self.decoder = json.JSONDecoder()

    def objects(self) -> Iterator[tuple[int, str, object]]:
        opening = self._peek()
        if opening == "[":
            yield from self._items("")
        elif opening == "{":
            self._take()
            while self._peek() != "}":
                if self._peek() == ",":
                    self._take()
                    continue
                section = self._value()
                if self._take() != ":":
                    raise self._broken()
                if self._peek() == "[":
                    yield from self._items(str(section))
                else:
                    self._value()
        else:
            raise self._broken()

    def _items(self, section: str) -> Iterator[tuple[int, str, object]]:
        self._take()
        while self._peek() != "]":
            if self._peek() == ",":
                self._take()
                continue
            line = self.line
            yield line, section, self._value()
        self._take()

    def _peek(self) -> str:
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in " \t\r\n":
                self.line += self.buffer[self.at] == "\n"
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more():
                raise self._broken()

    def _take(self) -> str:
        found = self._peek()
        self.at += 1
        return found

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except RecursionError:
                raise self._broken() from None
            except ValueError:
                if len(self.buffer) - self.at > 20_000_000 or not self._more():
                    raise self._broken() from None
                continue
            if end == len(self.buffer) and not isinstance(value, dict | list | str) and self._more():
                continue  # a number may go on in the next window
            self.line += self.buffer.count("\n", self.at, end)
            self.at = end
            return value

    def _more(self) -> bool:
        size = max(self._SIZE, len(self.buffer) - self.at)  # doubling: a long value costs linear time
        chunk = self.file.read(size)
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        return bool(chunk)

    def _broken(self) -> Unreadable:
        return Unreadable(
            _("Le fichier JSON s’interrompt ou se contredit vers la ligne %(line)d. Demandez-le de nouveau, entier.")
            % {"line": self.line}
        )
