"""A file of ours, or bytes in memory, on the way to a player: whole, or the range that it asks for (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_PIECE = 65_536


def ranged(request: HttpRequest, held: Path | bytes, *, mime: str, size: int) -> HttpResponseBase:
    """200 with all of it, 206 with what was asked, 416 when it has no such bytes. Several ranges at once: all of it."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    response: HttpResponseBase
    if not found or found.group(1, 2) == ("", ""):
        response = StreamingHttpResponse(_bytes(held, 0, size), content_type=mime)
        response["Content-Length"] = str(size)
    else:
        first, last = _bounds(found.group(1), found.group(2), size)
        if first >= size or last < first:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = StreamingHttpResponse(_bytes(held, first, last - first + 1), status=206, content_type=mime)
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
            response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last bytes of it
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _bytes(held: Path | bytes, first: int, count: int) -> Iterator[bytes]:
    with BytesIO(held) if isinstance(held, bytes) else held.open("rb") as file:
        file.seek(first)
        while count > 0 and (piece := file.read(min(_PIECE, count))):
            count -= len(piece)
            yield piece
