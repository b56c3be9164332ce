"""The plan of the neighbourhoods: one is chosen by touching its shape, or in the list beside. No tile of anyone else."""

import hashlib
import json
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from allervers.directory import geometry, outlines, territories
from allervers.directory.models import Territory
from allervers.web.public.find import SIGNS, areas
from allervers.web.public.street import Street, on_the_street, page

_KEPT = 3600  # seconds: a plan is drawn anew soon after its territories are read again
_MOST = 40  # shapes: more could not be touched on a telephone, and the list stands alone


@dataclass(frozen=True)
class Area:
    """A neighbourhood or a town to choose, and how it stands on the plan: None where it has no shape there."""

    territory: Territory
    url: str
    is_chosen: bool
    number: int
    shape: outlines.Shape | None


@dataclass(frozen=True)
class Plan:
    """The shapes by territory, large ones first, so that those inside them stand above."""

    width: int
    height: int
    shapes: dict[str, outlines.Shape]


@on_the_street
def choose(request: HttpRequest, street: Street) -> HttpResponse:
    """Where to look; `?quoi=` carries what is looked for, once it was said."""
    sign = request.GET.get("quoi", "")
    onward = street.url("places", sign) if sign in SIGNS else street.url("find")
    covered = areas(street)
    plan = _plan(street, covered)
    numbers = {one.pk: number for number, one in enumerate((o for o in covered if str(o.pk) in plan.shapes), start=1)}
    listed = [
        Area(
            one,
            f"{onward}?{urlencode({'ou': one.code})}",
            is_chosen=one.code == request.GET.get("ou"),
            number=numbers.get(one.pk, 0),
            shape=plan.shapes.get(str(one.pk)),
        )
        for one in covered
    ]
    by_pk = {str(one.territory.pk): one for one in listed}
    shapes = [by_pk[pk] for pk in plan.shapes]
    return page(request, street, "public/areas.html", "green", areas=listed, shapes=shapes, plan=plan, onward=onward)


def _plan(street: Street, covered: list[Territory]) -> Plan:
    """Kept: reading contours costs more than the page."""
    shown = territories.for_a_plan(covered)
    shown = shown if len(shown) <= _MOST else []
    seen = hashlib.sha256(repr([(one.pk, one.south, one.west, one.north, one.east) for one in shown]).encode())
    name = f"plan:{street.network.id}:{seen.hexdigest()[:16]}"
    kept = cache.get(name)
    if kept is None:
        kept = json.dumps(asdict(_draw(shown)))
        cache.set(name, kept, _KEPT)
    told = json.loads(kept)
    return Plan(told["width"], told["height"], {pk: outlines.Shape(**one) for pk, one in told["shapes"].items()})


def _draw(shown: list[Territory]) -> Plan:
    if not shown:
        return Plan(0, 0, {})
    held = Territory.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "contour")
    rows = sorted(((pk, contour) for pk, contour in held if contour), key=lambda row: -geometry.area(row[1]))
    drawn = outlines.draw([contour for _pk, contour in rows])
    shapes = {str(pk): shape for (pk, _contour), shape in zip(rows, drawn.shapes, strict=True)}
    return Plan(drawn.width, drawn.height, shapes)
