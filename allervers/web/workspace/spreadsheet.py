"""A list as CSV or XLSX. No cell can become a formula in the reader's spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import Http404, HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """`kind` is csv (UTF-8 with its mark, semicolons, as French spreadsheets read it) or xlsx."""
    if kind == "csv":
        return _file(_csv(heads, rows), f"{name}.csv", "text/csv; charset=utf-8")
    if kind == "xlsx":
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _file(_xlsx(heads, rows), f"{name}.xlsx", sheet)
    raise Http404


def safe(cell: object) -> object:
    """A text that a spreadsheet would compute is given as text."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heads)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [safe(cell) for cell in row])
    book.close()
    return out.getvalue()


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
