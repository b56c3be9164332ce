"""The street: what every page of the residents' app stands on. Who reads is in the address, never in a cookie.

`/porte/<network>/<reader>/…`: the reader is a language of our registry, followed by `~` when pictures and voice are wanted
without words. Languages without a written interface have no words anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from allervers.accounts import rowlock
from allervers.accounts.models import Network
from allervers.core import clock
from allervers.core.languages import FALC, FRENCH, LANGUAGES, Language
from allervers.prevention import queries
from allervers.web.components import signs

P = ParamSpec("P")
_PICTURES = "~"


@dataclass(frozen=True)
class Reader:
    """How someone reads: a language, and whether by pictures and voice only."""

    language: Language
    pictures: bool = False

    @property
    def wordless(self) -> bool:
        return self.pictures or not self.language.interface

    @property
    def interface(self) -> str:
        """The catalogue of our own words; unseen ones are French where there is none."""
        return self.language.interface or FRENCH

    @property
    def tag(self) -> str:
        return self.language.tag if self.language.interface else FRENCH

    @property
    def direction(self) -> str:
        return self.language.direction if self.language.interface else "ltr"

    @property
    def with_pictures(self) -> "Reader":
        return Reader(self.language, pictures=True)

    @property
    def with_words(self) -> "Reader":
        return Reader(self.language)

    def __str__(self) -> str:
        return self.language.code + (_PICTURES if self.pictures else "")


FRENCH_READER = Reader(LANGUAGES[FRENCH])


class ReaderConverter:
    """A reader in an address: `fr`, `fr-FALC`, `snk`, `fr~`."""

    regex = f"[a-zA-Z]{{2,3}}(?:-[a-zA-Z]+)?{_PICTURES}?"

    def to_python(self, value: str) -> Reader:
        code = value.removesuffix(_PICTURES)
        if code not in LANGUAGES:
            raise ValueError(code)
        return Reader(LANGUAGES[code], pictures=value.endswith(_PICTURES))

    def to_url(self, value: Reader | str) -> str:
        return str(value)


@dataclass(frozen=True)
class Street:
    """One network's residents' app, as one reader walks through it."""

    network: Network
    reader: Reader
    path: str  # of the page in front of us

    def url(self, name: str, *args: object) -> str:
        return reverse(f"public:{name}", args=[self.network.slug, self.reader, *args])

    def read_by(self, reader: Reader) -> str:
        """This same page, read otherwise."""
        here = f"/{self.network.slug}/{self.reader}/"
        return self.path.replace(here, f"/{self.network.slug}/{reader}/", 1)

    @property
    def today(self) -> Any:
        return clock.today(self.network.timezone)

    @property
    def shows_unchecked(self) -> bool:
        """A demonstration shows what no second speaker has read yet, with a visible mark; a real network never does."""
        return bool(settings.DEMO)

    @cached_property
    def voices(self) -> dict[str, queries.Heard]:
        """Our own words in the reader's language, by key: one query a page that asks for one."""
        code = self.reader.language.code
        spoken = FRENCH if code == FALC else code
        return queries.house_voices(self.network.id, spoken, unchecked=self.shows_unchecked)


View = Callable[Concatenate[HttpRequest, Street, P], HttpResponseBase]
_gzip = GZipMiddleware(lambda request: HttpResponse())


def on_the_street(view: View[P]) -> Callable[..., HttpResponseBase]:
    """Finds the network, speaks the reader's language, says so in the headers."""

    @wraps(view)
    def run(
        request: HttpRequest, slug: str, reader: Reader = FRENCH_READER, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        network = Network.objects.filter(slug=slug).first()
        if network is None:
            raise Http404
        rowlock.enter(network.id)
        with translation.override(reader.interface):
            response = view(request, Street(network, reader, request.path), *args, **kwargs)
        response["Content-Language"] = reader.tag
        # Nothing on these pages is secret, and a poor network counts each kilobyte; files are squeezed already.
        return response if response.streaming else _gzip.process_response(request, response)

    return run


def page(
    request: HttpRequest, street: Street, template: str, door: str = "", status: int = 200, **context: object
) -> HttpResponse:
    """A page of the street, behind a door of this colour or on the pavement."""
    return drawn(request, template, {"street": street, "reader": street.reader, "door": door, **context}, status)


def drawn(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with the shapes of its pictograms inside it."""
    html = signs.with_shapes(render_to_string(template, context, request))
    return HttpResponse(html, status=status)


def discreet(view: View[P]) -> View[P]:
    """For pages that say that someone asked for something: kept by no browser, told to no other site."""

    @wraps(view)
    def run(request: HttpRequest, street: Street, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, street, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return run
