"""A list as CSV or XLSX. No cell can become a formula in the reader's spreadsheet."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import xlsxwriter
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """`kind` is csv (UTF-8 with its mark, semicolons, as French spreadsheets read it) or xlsx."""
    if kind == "csv":
        return _file(_csv(heads, rows), f"{name}.csv", "text/csv; charset=utf-8")
    if kind == "xlsx":
        sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _file(_xlsx(heads, rows), f"{name}.xlsx", sheet)
    raise Http404


def streamed(kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """The same for lists of any length: a row at a time to the reader (CSV) or to a file on disk (XLSX)."""
    if kind == "csv":
        stream = StreamingHttpResponse(_csv_parts(heads, rows), content_type="text/csv; charset=utf-8")
        stream["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return stream
    if kind != "xlsx":
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    _write_xlsx(file, heads, rows)
    file.seek(0)
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=sheet)


def _csv_parts(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    out.write("\ufeff")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        if out.tell() > 65_536:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


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
    _write_xlsx(out, heads, rows)
    return out.getvalue()


def _write_xlsx(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [safe(cell) for cell in row])
    book.close()


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
