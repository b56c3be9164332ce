"""Reading a CSV or XLSX line by line, whatever its size: a line at a time is in memory."""

import csv
import io
import zipfile
from collections.abc import Generator
from typing import BinaryIO

import openpyxl
from django.utils.translation import gettext as _

from allervers.programmes.errors import ProgrammeError

_SNIFF = 64 * 1024
_MAX_CELL = 2000
_MAX_COLUMNS = 200
_MAX_UNPACKED = (
    600 * 1024 * 1024
)  # what the sheets of an XLSX may weigh once unpacked: it would not be a list of people


class Unreadable(ProgrammeError):
    """The file as a whole cannot be read."""


def rows(file: BinaryIO) -> Generator[tuple[int, list[object]], None, None]:
    """Each line that holds something, with its number as a spreadsheet shows it. Raises `Unreadable`.

    To be closed before the file is.
    """
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == b"PK\x03\x04":
        yield from _workbook(file)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("C’est un ancien classeur (.xls) : enregistrez-le en .xlsx ou en .csv, puis recommencez."))
    else:
        yield from _text_file(file)


def _workbook(file: BinaryIO) -> Generator[tuple[int, list[object]], None, None]:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MAX_UNPACKED:
                raise Unreadable(_("Ce classeur est démesuré une fois ouvert : gardez la seule feuille des lignes."))
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=_MAX_COLUMNS), 1):
                if any(cell not in (None, "") for cell in cells):
                    yield number, [cell[:_MAX_CELL] if isinstance(cell, str) else cell for cell in cells]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds through, at any line: zip, XML, missing parts
        raise Unreadable(_("Ce classeur est abîmé : rouvrez-le, enregistrez-le en .xlsx, puis recommencez.")) from error


def _text_file(file: BinaryIO) -> Generator[tuple[int, list[object]], None, None]:
    sample = file.read(_SNIFF)
    if not sample.strip():
        raise Unreadable(_("Ce fichier est vide : partez du modèle, une ligne par personne."))
    if b"\x00" in sample:
        raise Unreadable(_("Ce n’est ni un CSV ni un classeur XLSX : enregistrez votre tableau dans l’un des deux."))
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        first = sample.decode(encoding, errors="replace").splitlines()[0]
        reader = csv.reader(text, delimiter=max(";,\t|", key=first.count))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell[:_MAX_CELL] for cell in cells[:_MAX_COLUMNS]]
    except csv.Error as error:
        raise Unreadable(
            _("La ligne %(line)s ne se lit pas : un guillemet y est sans doute resté ouvert.")
            % {"line": reader.line_num}
        ) from error
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 when every byte of the file is, else what older French spreadsheets write."""
    file.seek(0)
    decoder = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        while decoder.read(1 << 20):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        decoder.detach()
    return "utf-8-sig"
