"""Without network: the worker that keeps pages, the card of the installed app, a page of last resort, what to keep whole."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _

from allervers.accounts.models import Hub
from allervers.prevention import queries
from allervers.prevention.enums import Audience
from allervers.web.public.street import Street, on_the_street, page

# What the pages that are kept need; a request for help is kept by no telephone.
_ASSETS = [
    *(f"css/{name}.css" for name in ("street", "doors", "choose", "message", "agenda")),
    "js/street.js",
    "img/door.svg",
]
_WORKER = Path(__file__).parent / "static/street/worker.js"


@on_the_street
def worker(request: HttpRequest, street: Street) -> HttpResponse:
    """The service worker of one network's street, with the names of the files that every page needs."""
    assets = [static(name) for name in _ASSETS]
    script = _WORKER.read_text(encoding="utf-8")
    version = hashlib.sha256(json.dumps([assets, script]).encode()).hexdigest()[:12]
    known = {
        "version": version,
        "assets": assets,
        "street": street.path.removesuffix("sw.js"),
        "static": f"/{settings.STATIC_URL.lstrip('/')}",
    }
    response = HttpResponse(f"const KNOWN = {json.dumps(known)};\n{script}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@on_the_street
def manifest(request: HttpRequest, street: Street) -> JsonResponse:
    """The card of the app once installed: it opens in the language in which it was installed."""
    home = street.url("home")
    card = {
        "name": street.network.name,
        "short_name": street.network.name[:24],
        "lang": street.reader.tag,
        "dir": street.reader.direction,
        "start_url": home,
        "id": street.path.split(f"/{street.reader}/")[0] + "/",
        "scope": street.path.split(f"/{street.reader}/")[0] + "/",
        "display": "standalone",
        "background_color": "#f8ece4",
        "theme_color": "#f8ece4",
        "icons": [{"src": static("img/door.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "shortcuts": [
            {"name": _("Comprendre"), "url": street.url("understand")},
            {"name": _("Trouver un lieu"), "url": street.url("find")},
        ],
    }
    return JsonResponse(card, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@on_the_street
def without_network(request: HttpRequest, street: Street) -> HttpResponse:
    """Kept beforehand, shown when a page cannot come: whom to call."""
    hubs = Hub.objects.filter(network=street.network, organisation__closed_at=None).exclude(phone="").order_by("name")
    return page(request, street, "public/offline.html", "red", hubs=hubs)


@on_the_street
def shelf(request: HttpRequest, street: Street) -> JsonResponse:
    """The addresses that « Tout garder » keeps in the phone: every message of the shelf, in this language."""
    shown = queries.shelf(
        street.network.id, street.reader.language.code, street.today, unchecked=street.shows_unchecked
    )
    young = any(one.message.audience == Audience.YOUNG for one in shown)
    pages = [street.url("understand"), *([street.url("young")] if young else [])]
    pages += [street.url("message", one.message.slug) for one in shown]
    return JsonResponse({"addresses": pages})
