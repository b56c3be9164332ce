"""Choosing a language by hearing it, the five doors, and the pages that say who we are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from allervers.accounts.models import Network
from allervers.core.languages import LANGUAGES
from allervers.core.text import printable
from allervers.prevention import queries
from allervers.prevention.models import Message
from allervers.web.public.street import FRENCH_READER, Reader, Street, drawn, on_the_street, page

# Number, pigment, pictogram, word, address: the same everywhere, said by posters and on the telephone too.
DOORS = [
    (1, "blue", "understand", _("Comprendre"), "understand"),
    (2, "green", "find", _("Trouver un lieu"), "find"),
    (3, "red", "need-help", _("J’ai besoin d’aide"), "ask"),
    (4, "yellow", "i-help", _("J’aide"), "help"),
    (5, "violet", "agenda", _("Agenda du quartier"), "agenda"),
]
# Heard first: what people speak most where these networks work. The rest is one tap away.
FIRST = "fr ar snk bm wo ff tr ta bn pt ro en ru uk prs ps zh es ti so ln zdj ku kab".split()


def networks(request: HttpRequest) -> HttpResponse:
    """Where the address says no network: the only one, else a choice."""
    found = list(Network.objects.order_by("name")[:50])
    if len(found) == 1:
        return redirect("public:languages", found[0].slug)
    context = {"networks": found, "reader": FRENCH_READER, "street": None}
    return drawn(request, "public/networks.html", context, status=200 if found else 404)


@on_the_street
def languages(request: HttpRequest, street: Street) -> HttpResponse:
    """A tile a language: its own name, its voice, and whether words or only pictures wait behind. `?message=`: each leads to
    that message, else to the doors."""
    heard = queries.languages_offered(street.network.id, street.today, unchecked=street.shows_unchecked)
    every = "toutes" in request.GET
    codes = [code for code in FIRST if code in LANGUAGES]
    codes += [code for code in LANGUAGES if code not in codes] if every else []
    names = queries.language_names(street.network.id, unchecked=street.shows_unchecked)
    tiles = [(Reader(LANGUAGES[code]), heard.get(code, False), names.get(code, "")) for code in codes]
    slug = printable(request.GET.get("message", ""))
    asked = Message.objects.published().filter(network=street.network, slug=slug).first() if slug else None
    return page(request, street, "public/languages.html", tiles=tiles, every=every, total=len(LANGUAGES), message=asked)


@on_the_street
def home(request: HttpRequest, street: Street) -> HttpResponse:
    return page(request, street, "public/home.html", doors=DOORS)


@on_the_street
def about(request: HttpRequest, street: Street) -> HttpResponse:
    """What is kept and what is not, said plainly."""
    return page(request, street, "public/about.html", "blue", demo=settings.DEMO)
