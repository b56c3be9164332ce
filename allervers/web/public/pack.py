"""A pack: chosen messages in chosen languages as one folder, that plays from a USB key or a phone without any network."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation

from allervers.core.languages import FRENCH, LANGUAGES, Language
from allervers.prevention import media, queries
from allervers.prevention.models import Media, Message
from allervers.prevention.queries import Shown
from allervers.web.components import signs
from allervers.web.components.bundles import joined
from allervers.web.public.street import Reader, Street, on_the_street, page

_MOST = 150  # messages × languages: a pack is carried, not archived
_PAGE, _REST = 2_500, 12_000  # bytes: what a page and what all of them need weigh in the folder
_HEAVIEST = 24_000_000  # bytes of sound: what a thread holds in memory while it is sent, and a telephone in its folder


@dataclass
class Pack:
    """What the folder will hold: pages by their file name, and the sounds that they play."""

    pages: dict[str, tuple[Language, Shown]] = field(default_factory=dict)
    sounds: dict[str, Media] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes, told before anything is made: sounds do not shrink, words do."""
        return _REST + _PAGE * len(self.pages) + sum(one.size for one in self.sounds.values())

    @property
    def languages(self) -> list[Language]:
        return list(dict.fromkeys(language for language, _shown in self.pages.values()))


@on_the_street
def choose(request: HttpRequest, street: Street) -> HttpResponse:
    """Which messages, which languages; what it weighs, then the folder."""
    messages, languages = _asked(request, street)
    pack = _pack(street, messages, languages)
    return page(
        request,
        street,
        "public/pack.html",
        "blue",
        shelf=queries.shelf(
            street.network.id, street.reader.language.code, street.today, unchecked=street.shows_unchecked
        ),
        offered=_offered(street),
        messages=set(messages),
        languages=set(languages),
        pack=pack,
        query=request.GET.urlencode(),
    )


@on_the_street
def download(request: HttpRequest, street: Street) -> HttpResponseBase:
    messages, languages = _asked(request, street)
    file = BytesIO()
    _write(file, _pack(street, messages, languages), street)
    file.seek(0)
    name = f"{street.network.slug}-messages.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _offered(street: Street) -> list[Language]:
    heard = queries.languages_offered(street.network.id, street.today, unchecked=street.shows_unchecked)
    return [LANGUAGES[code] for code in heard]


def _asked(request: HttpRequest, street: Street) -> tuple[list[str], list[str]]:
    """What was ticked; nothing ticked yet: every message in the reader's language and in French."""
    every = list(
        Message.objects.published()
        .filter(network=street.network, expires_on__gte=street.today)
        .values_list("slug", flat=True)
    )
    known = {language.code for language in _offered(street)}
    messages = [slug for slug in request.GET.getlist("m") if slug in every] or every
    languages = [code for code in request.GET.getlist("l") if code in known]
    if not languages:
        languages = [code for code in (street.reader.language.code, FRENCH) if code in known]
    return messages, list(dict.fromkeys(languages))


def _pack(street: Street, messages: list[str], languages: list[str]) -> Pack:
    pack = Pack()
    for code in languages:
        shelf = queries.shelf(street.network.id, code, street.today, unchecked=street.shows_unchecked)
        for shown in shelf:
            if shown.message.slug in messages and len(pack.pages) < _MOST:
                pack.pages[f"{shown.message.slug}.{code}.html"] = (LANGUAGES[code], shown)
    heard = [
        one.heard.media_id for _l, shown in pack.pages.values() for one in (shown.title, *shown.lines) if one.heard
    ]
    for row in Media.objects.filter(pk__in=set(heard)):
        if media.path_of(row).exists() and pack.size + row.size <= _HEAVIEST:
            pack.sounds[str(row.pk)] = row
    return pack


def _write(file: IO[bytes], pack: Pack, street: Street) -> None:
    """The folder, squeezed. Sounds go as they are: they are squeezed already."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in _texts(pack, street):
            folder.writestr(f"messages/{name}", text)
        for pk, row in pack.sounds.items():
            folder.write(media.path_of(row), f"messages/sons/{pk}.ogg", zipfile.ZIP_STORED)


def _texts(pack: Pack, street: Street) -> Iterator[tuple[str, str]]:
    yield "style.css", joined("css/pack.css")
    yield "vieux.js", (Path(__file__).parent / "static/street/old.js").read_text(encoding="utf-8")
    yield "index.html", _page("public/pack_index.html", street, LANGUAGES[FRENCH], pack=pack)
    for name, (language, shown) in pack.pages.items():
        yield name, _page("public/pack_message.html", street, language, shown=shown, sounds=pack.sounds)


def _page(template: str, street: Street, language: Language, **context: Any) -> str:
    reader = Reader(language)
    with translation.override(reader.interface):
        return signs.with_shapes(
            render_to_string(template, {"street": street, "reader": reader, "language": language, **context})
        )
