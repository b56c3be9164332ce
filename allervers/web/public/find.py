"""Door 2: somewhere to go, by a pictogram of what is needed, near here or in a neighbourhood. Where one is, is never kept."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from allervers.core import clock
from allervers.core.languages import LANGUAGES, Language
from allervers.directory import actions, geometry, queries, search, territories
from allervers.directory.enums import Cost, TerritoryKind, Theme
from allervers.directory.hours import Status
from allervers.directory.models import Service, Territory
from allervers.web.public import moments
from allervers.web.public.street import Street, on_the_street, page

_SHOWN = 12
_SOON = 3600  # seconds: "closes soon"

# What someone looks for, as a picture and two words, and the theme of the directory behind it.
SIGNS: dict[str, tuple[str | Promise, Theme]] = {
    "doctor": (gettext_lazy("Médecin"), Theme.GP),
    "tooth": (gettext_lazy("Dents"), Theme.TEETH),
    "eye": (gettext_lazy("Yeux"), Theme.EYES),
    "medicine": (gettext_lazy("Pharmacie, soins"), Theme.PHARMACY),
    "pregnant": (gettext_lazy("Femmes, grossesse"), Theme.WOMEN),
    "baby": (gettext_lazy("Enfants"), Theme.CHILDREN),
    "spirit": (gettext_lazy("Parler à quelqu’un"), Theme.MENTAL),
    "vaccine": (gettext_lazy("Vaccins"), Theme.VACCINATION),
    "rights": (gettext_lazy("Carte Vitale"), Theme.COVERAGE),
    "meal": (gettext_lazy("Manger"), Theme.FOOD),
    "home": (gettext_lazy("Logement"), Theme.HOUSING),
    "wash": (gettext_lazy("Se laver, s’habiller"), Theme.HYGIENE),
    "money": (gettext_lazy("Argent, factures"), Theme.MONEY),
    "phone-screen": (gettext_lazy("Démarches sur internet"), Theme.DIGITAL),
    "language": (gettext_lazy("Apprendre le français"), Theme.FRENCH),
    "people": (gettext_lazy("Sortir, bouger"), Theme.LEISURE),
}


@dataclass(frozen=True)
class Asked:
    """What someone wants to see: from an address, or from a form that holds where she is."""

    area: str
    area_name: str
    open_now: bool
    my_language: bool
    free: bool
    no_card: bool
    point: tuple[float, float] | None  # hers when she pressed « Près d’ici », else the neighbourhood's middle
    is_here: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        said = request.POST if request.method == "POST" else request.GET
        here = geometry.parse_point(request.POST.get("ici", "")) if request.method == "POST" else None
        territory = Territory.objects.filter(code=said.get("ou", "")[:40]).first() if said.get("ou") else None
        point = here or (territories.middle(territory) if territory else None)
        return cls(
            area=territory.code if territory else "",
            area_name=territory.name if territory else "",
            open_now="ouvert" in said,
            my_language="langue" in said,
            free="gratuit" in said,
            no_card="carte" in said,
            point=point,
            is_here=here is not None,
        )


@dataclass(frozen=True)
class Found:
    """A place as a card shows it: the state of its door first, then how to call."""

    number: int
    service: Service
    state: str  # open, soon, shut, unknown: the class of its sign
    sentence: str
    changes: str  # the same in figures
    closed_until: object
    phone: str
    speaks: list[Language]
    kilometres: float | None
    week: list[moments.Line]

    @property
    def directions(self) -> str:
        """Opens whatever map the phone has; no map of anyone else is asked."""
        place = self.service.place
        return f"geo:{place.latitude},{place.longitude}" if place.latitude is not None else ""

    @property
    def is_free(self) -> bool:
        return self.service.cost in {Cost.FREE, Cost.NO_ADVANCE}


@on_the_street
def needs(request: HttpRequest, street: Street) -> HttpResponse:
    """What is looked for; `?ou=` is the neighbourhood that was chosen on the plan."""
    area = Territory.objects.filter(code=request.GET.get("ou", "")[:40]).defer("contour").first()
    signs = [(sign, name) for sign, (name, _theme) in SIGNS.items()]
    return page(request, street, "public/find.html", "green", signs=signs, area=area)


# Where someone is travels in the body of a form, so that no address and no log holds it; nothing is written.
@csrf_exempt
@on_the_street
def places(request: HttpRequest, street: Street, sign: str) -> HttpResponse:
    """The places of one pictogram, nearest first, what is open for certain or everything."""
    if sign not in SIGNS:
        raise Http404
    name, theme = SIGNS[sign]
    asked = Asked.of(request)
    filters = search.Filters(
        near=asked.point,
        language=street.reader.language.code if asked.my_language else None,
        theme=theme,
        open_now=asked.open_now,
        without_coverage=asked.no_card,
        free=asked.free,
        for_residents=True,
    )
    hits = search.answer(street.network.id, "", filters, limit=_SHOWN, timezone=street.network.timezone).hits
    response = page(
        request,
        street,
        "public/places.html",
        "green",
        sign=sign,
        name=name,
        asked=asked,
        areas=areas(street),
        found=_found(hits, street),
    )
    response["Cache-Control"] = "no-store"  # what is open is true now only
    return response


def _found(hits: list[search.Hit], street: Street) -> list[Found]:
    now = clock.now()
    today = street.today
    coming = queries.closures_within([hit.place.id for hit in hits], today, today + timedelta(days=6))
    found = []
    for number, hit in enumerate((hit for hit in hits if hit.service), start=1):
        assert hit.service is not None
        closures = coming.get(hit.place.id, [])
        closure = next((one for one in reversed(closures) if one.starts_on <= today), None)
        status = queries.status_of(hit.hours, at=now, timezone=street.network.timezone, closure=closure)
        service = hit.service
        found.append(
            Found(
                number=number,
                service=service,
                state=_state(status, now),
                sentence=status.sentence(now),
                changes=moments.change(status, street),
                closed_until=closure.ends_on if closure else None,
                phone=service.phone or service.place.phone or service.place.organisation.phone,
                speaks=[LANGUAGES[code] for code in service.languages if code in LANGUAGES],
                kilometres=hit.distance_km,
                week=moments.week(hit.hours, street, shut=[(one.starts_on, one.ends_on) for one in closures]),
            )
        )
    return found


def _state(status: Status, now: datetime) -> str:
    if status.is_open is None:
        return "unknown"
    if not status.is_open:
        return "shut"
    soon = status.changes_at is not None and (status.changes_at - now).total_seconds() < _SOON
    return "soon" if soon else "open"


def areas(street: Street) -> list[Territory]:
    """The neighbourhoods and towns that the network's hubs cover. A neighbourhood rather than the priority one inside it, as in
    `needs.queries.neighbourhoods`."""
    covered = Territory.objects.filter(coverages__hub__network_id=street.network.id)
    plain = covered.exclude(parent__kind=TerritoryKind.NEIGHBOURHOOD).defer("contour")
    return sorted(plain.distinct(), key=lambda territory: territory.name)


# As for a message understood otherwise: no session stands behind, so there is none to forge.
@csrf_exempt
@require_POST
@on_the_street
def closed(request: HttpRequest, street: Street, sign: str) -> HttpResponse:
    """Someone stood before a closed door: the team will check."""
    service = _shown_service(street, request.POST.get("offre", ""))
    if service is None:
        return redirect(street.url("find"))
    actions.doubt(service)
    return page(
        request, street, "public/thanks.html", "green", said=_("Merci. Nous allons vérifier."), back=street.url("find")
    )


def _shown_service(street: Street, written: str) -> Service | None:
    with suppress(ValueError):
        return Service.objects.filter(
            pk=UUID(written), network=street.network, for_residents=True, closed_at=None
        ).first()
    return None
