"""A recording or a film on its way to us: in pieces that a cut only delays, or whole from a form without script.

What a browser and this site say to each other, once for every page that takes a file: see `prevention.sending`.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse

from allervers.journal.actions import Actor
from allervers.prevention import films, formats, media, sending
from allervers.prevention.errors import FilmTooBig, NoRoom, NotAFilm, PreventionError
from allervers.prevention.models import Message
from allervers.prevention.sending import Parcel, WrongPlace


def take(
    request: HttpRequest,
    place: str,
    *,
    is_here: Callable[[str], bool],
    check: Callable[[], None],
    receive: Callable[[Parcel], object],
    most: int = formats.MAX_BYTES,
) -> JsonResponse:
    """GET: how much of this file is here. POST: its next bytes; once it is whole, `receive` takes it. Answers in JSON.

    `place` is whose file it is and for what. `is_here` knows by its SHA-256 a file whose answer was lost on the way; `check`
    raises a `PreventionError` where nothing more is taken.
    """
    asked = request.GET
    try:
        parcel = Parcel.announced(
            media.parts_folder(),
            place,
            sha256=asked.get("sha256", ""),
            total=number(asked.get("total", "")),
            most=most,
        )
        if is_here(parcel.sha256):
            return JsonResponse({"offset": parcel.total, "done": True})
        if request.method == "GET":
            return JsonResponse({"offset": parcel.offset})
        try:
            check()
        except PreventionError:
            parcel.forget()
            raise
        offset = parcel.add(number(asked.get("offset", "")), request.body)
        if offset < parcel.total:
            return JsonResponse({"offset": offset})
        receive(parcel)
    except WrongPlace as wrong:
        return JsonResponse({"offset": wrong.offset}, status=409)
    except NoRoom as refused:
        return JsonResponse({"error": str(refused), "closed": True}, status=507)  # the browser keeps it
    except PreventionError as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    return JsonResponse({"offset": offset, "done": True})


def take_film(request: HttpRequest, place: str, message: Message, *, language: str, by: Actor) -> JsonResponse:
    """The same of a film: it then waits for the worker."""
    edition = number(request.GET.get("version", ""))
    return take(
        request,
        place,
        is_here=lambda sha256: films.already_sent(message, language=language, sha256=sha256, by=by),
        check=lambda: films.check_may_film(message, language=language, edition=edition, by=by),
        receive=lambda parcel: films.receive(parcel, message, language=language, by=by),
        most=formats.MAX_FILM_BYTES,
    )


def take_whole_film(request: HttpRequest, message: Message, *, language: str, by: Actor) -> None:
    """The film of a form without script. Raises a `PreventionError`; nothing of it stays."""
    edition = number(request.POST.get("version", ""))
    films.check_may_film(message, language=language, edition=edition, by=by)
    file: UploadedFile[Any] | None = request.FILES.get("file")
    if file is None:
        raise NotAFilm
    if (file.size or 0) > formats.MAX_FILM_BYTES:
        raise FilmTooBig
    with sending.in_one_piece(file.chunks(), media.parts_folder()) as (path, sha256):
        if not films.already_sent(message, language=language, sha256=sha256, by=by):
            films.receive_file(path, message, language=language, by=by, sha256=sha256)


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else -1
