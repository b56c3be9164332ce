"""The plan of the neighbourhoods: one is chosen by touching its shape, or in the list beside. No tile of anyone else."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any
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
    """A neighbourhood or a town to choose; `number` is its plate on the plan, 0 where it has no shape there."""

    territory: Territory
    url: str
    number: int = 0
    shape: dict[str, Any] | None = None
    is_chosen: bool = False


@on_the_street
def choose(request: HttpRequest, street: Street) -> HttpResponse:
    """Where to look; `?quoi=` carries what is looked for, once it was said."""
    sign = request.GET.get("quoi", "")
    onward = street.url("places", sign) if sign in SIGNS else street.url("find")
    covered = areas(street)
    plan = _plan(street, covered)
    numbers = {
        one.pk: number for number, one in enumerate((o for o in covered if str(o.pk) in plan["shapes"]), start=1)
    }
    listed = [
        Area(
            one,
            f"{onward}?{urlencode({'ou': one.code})}",
            numbers.get(one.pk, 0),
            plan["shapes"].get(str(one.pk)),
            one.code == request.GET.get("ou"),
        )
        for one in covered
    ]
    order = list(plan["shapes"])
    shapes = sorted((one for one in listed if one.shape), key=lambda one: order.index(str(one.territory.pk)))
    return page(request, street, "public/areas.html", "green", areas=listed, shapes=shapes, plan=plan, onward=onward)


def _plan(street: Street, covered: list[Territory]) -> dict[str, Any]:
    """The drawing's size and its shapes by territory, large ones first. Kept: reading contours costs more than the page."""
    shown = territories.for_a_plan(covered)
    shown = shown if len(shown) <= _MOST else []
    seen = hashlib.sha256(repr([(one.pk, one.south, one.west, one.north, one.east) for one in shown]).encode())
    return json.loads(
        cache.get_or_set(f"plan:{street.network.id}:{seen.hexdigest()[:16]}", lambda: _draw(shown), _KEPT)
    )


def _draw(shown: list[Territory]) -> str:
    contours = dict(Territory.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "contour"))
    rows = sorted(contours.items(), key=lambda row: -geometry.area(row[1]))
    drawn = outlines.draw([contour for _pk, contour in rows]) if rows else outlines.Drawing(0, 0, [])
    shapes = {str(pk): asdict(shape) for (pk, _contour), shape in zip(rows, drawn.shapes, strict=True)}
    return json.dumps({"width": drawn.width, "height": drawn.height, "shapes": shapes})
