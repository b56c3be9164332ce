"""Territories: read from GeoJSON files, arranged in a tree, asked where a point lies."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import floor
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allervers.accounts.models import Hub
from allervers.core import text
from allervers.directory import geometry
from allervers.directory.enums import TerritoryKind
from allervers.directory.models import HubCoverage, Place, Territory

# From the smallest to the largest: who is whose parent, and which answer is the most precise.
_ORDER = [
    TerritoryKind.QPV,
    TerritoryKind.NEIGHBOURHOOD,
    TerritoryKind.COMMUNE,
    TerritoryKind.DEPARTMENT,
    TerritoryKind.REGION,
    TerritoryKind.COUNTRY,
]
_RANK = {kind.value: rank for rank, kind in enumerate(_ORDER)}

_ON_A_PLAN = {TerritoryKind.QPV, TerritoryKind.NEIGHBOURHOOD, TerritoryKind.COMMUNE}

_CODES = [
    "code_qp",
    "codgeo_qp",
    "code_qpv",
    "code_insee",
    "insee_com",
    "code_commune",
    "insee",
    "codgeo",
    "code",
    "id",
]
_NAMES = ["nom_qp", "lib_qp", "nom_qpv", "nom_com", "nom_commune", "libelle", "libgeo", "nom", "name", "label"]
_PARENTS = ["code_commune", "insee_com", "insee_com_qp", "code_insee", "lib_com_code"]
_RURAL = ["rural", "is_rural", "zonage_rural", "densite_rurale"]


class UnreadableFile(ValueError):
    """Not GeoJSON, or without a code and a name; its text says what to do."""


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[dict[str, object]] = field(default_factory=list)
    code_from: str = ""
    name_from: str = ""


def import_file(
    path: Path, *, kind: TerritoryKind, parent: Territory | None = None, rural: bool | None = None
) -> Report:
    """Reads a FeatureCollection; the same file twice changes nothing. Raises `UnreadableFile`.

    Parents: the commune whose code the file gives, else `parent`, else the smallest larger territory around its middle.
    """
    features = _features(path)
    code_from, name_from = _columns(features)
    report = Report(code_from=code_from, name_from=name_from)
    known = {row.code: row for row in Territory.objects.filter(kind=kind)}
    communes = dict(Territory.objects.filter(kind=TerritoryKind.COMMUNE).values_list("code", "id"))
    to_create, to_update = [], []
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") or {}
        code, name = str(properties.get(code_from) or "").strip(), str(properties.get(name_from) or "").strip()
        row = known.get(code) or Territory(kind=kind, code=code, parent=parent)
        before = _shown(row)
        if why := _fill(row, name, feature.get("geometry") or {}):
            report.refused.append({"feature": number, "name": (name or code)[:80], "why": why})
            continue
        row.parent_id = row.parent_id or communes.get(_parent_code(properties, code_from))
        row.is_rural = _is_rural(properties, rural, row.is_rural)
        if code not in known:
            known[code] = row
            to_create.append(row)
        elif not row._state.adding and before != _shown(row):
            to_update.append(row)
    with transaction.atomic():
        Territory.objects.bulk_create(to_create, batch_size=200)
        fields = ["name", "contour", "south", "west", "north", "east", "parent", "is_rural"]
        Territory.objects.bulk_update(to_update, fields, batch_size=200)
    report.created, report.updated = len(to_create), len(to_update)
    report.unchanged = len(features) - len(to_create) - len(to_update) - len(report.refused)
    _adopt(Territory.objects.filter(kind=kind, parent=None))
    return report


def _fill(row: Territory, name: str, shape: dict[str, Any]) -> str:
    """Gives a territory its name and contour; returns why it cannot, or ""."""
    if not row.code or len(row.code) > 20:
        return _("son code manque ou dépasse vingt caractères")
    try:
        box = geometry.box_of(shape)
    except geometry.BadGeometry:
        return _("son contour ne se lit pas : il faut un polygone en degrés (WGS 84)")
    row.name, row.contour = name[:160] or row.code, shape
    row.south, row.west, row.north, row.east = box.south, box.west, box.north, box.east
    return ""


def _shown(row: Territory) -> tuple[object, ...]:
    return row.name, row.contour, row.parent_id, row.is_rural


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_bytes())
        features = content["features"] if content.get("type") == "FeatureCollection" else [content]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UnreadableFile(
            _("« %(name)s » n’est pas un fichier GeoJSON. Demandez un export au format GeoJSON, en WGS 84.")
            % {"name": path.name}
        ) from error
    return [feature for feature in features if isinstance(feature, dict)]


def _columns(features: list[dict[str, Any]]) -> tuple[str, str]:
    """Which properties hold the code and the name, guessed from their names."""
    present = {text.fold(name): name for feature in features for name in (feature.get("properties") or {})}
    code = next((present[name] for name in _CODES if name in present), "")
    name = next((present[name] for name in _NAMES if name in present), code)
    if not code:
        raise UnreadableFile(
            _(
                "Aucune colonne de code reconnue (%(seen)s). Il en faut une nommée « code », « code_qp » ou « insee_com »."
            )
            % {"seen": ", ".join(sorted(present.values())[:12]) or "aucune propriété"}
        )
    return code, name


def _parent_code(properties: dict[str, Any], code_from: str) -> str:
    folded = {text.fold(name): value for name, value in properties.items()}
    return next((str(folded[name]) for name in _PARENTS if folded.get(name) and name != text.fold(code_from)), "")


def _is_rural(properties: dict[str, Any], rural: bool | None, before: bool) -> bool:
    """What the caller says, else what the file says, else as it was."""
    if rural is not None:
        return rural
    folded = {text.fold(name): value for name, value in properties.items()}
    said = next((folded[name] for name in _RURAL if folded.get(name) is not None), None)
    if said is None:
        return before
    return bool(re.match(r"(?:1|true|oui|rural|r)", text.fold(str(said))))


def _adopt(orphans: Iterable[Territory]) -> None:
    """Gives each orphan the smallest larger territory around the middle of its box, when one is known."""
    adopted = []
    for orphan in orphans:
        box = _box(orphan)
        if box is None:
            continue
        latitude, longitude = box.centre
        larger = [row for row in territories_at(latitude, longitude) if _RANK[row.kind] > _RANK[orphan.kind]]
        if larger:
            orphan.parent = larger[0]
            adopted.append(orphan)
    Territory.objects.bulk_update(adopted, ["parent"], batch_size=200)


def _box(territory: Territory) -> geometry.Box | None:
    sides = (territory.south, territory.west, territory.north, territory.east)
    if any(side is None for side in sides):
        return None
    return geometry.Box(*(float(side) for side in sides if side is not None))


def territories_at(latitude: float, longitude: float) -> list[Territory]:
    """The territories that hold a point, the most precise first. Boxes first, then contours."""
    near = Territory.objects.filter(
        south__lte=latitude, north__gte=latitude, west__lte=longitude, east__gte=longitude
    ).exclude(contour=None)
    held = [row for row in near if row.contour and geometry.contains(row.contour, latitude, longitude)]
    return sorted(held, key=lambda row: (_RANK[row.kind], row.name, row.code))


def territory_at(latitude: float, longitude: float, *, kind: str | None = None) -> Territory | None:
    """The most precise territory that holds a point, or the one of a kind."""
    return next((row for row in territories_at(latitude, longitude) if kind in {None, row.kind}), None)


class Locator:
    """Finds the territories of many points: boxes once in memory by cells of a tenth of a degree, contours as needed."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[Territory]] = defaultdict(list)
        self.by_code: dict[str, Territory] = {}
        self.by_name: dict[str, list[Territory]] = defaultdict(list)
        self.contours: dict[UUID, Any] = {}
        for row in Territory.objects.exclude(contour=None).defer("contour").order_by("id"):
            box = _box(row)
            if box is None:
                continue
            if row.kind == TerritoryKind.COMMUNE:
                self.by_code[row.code] = row
                self.by_name[_plain(row.name)].append(row)
            for y in range(floor(box.south * 10), floor(box.north * 10) + 1):
                for x in range(floor(box.west * 10), floor(box.east * 10) + 1):
                    self.cells[y, x].append(row)

    def set(self, place: Place) -> None:
        """The territory of a place from its point, else from its commune's code or name. Does not save."""
        place.territory = None
        if place.latitude is not None and place.longitude is not None:
            place.territory = self.at(place.latitude, place.longitude)
        if place.territory is None:
            place.territory = self.by_code.get(place.insee_code) or _the_one(
                self.by_name.get(_plain(place.commune), []), place
            )

    def at(self, latitude: float, longitude: float) -> Territory | None:
        around = self.cells.get((floor(latitude * 10), floor(longitude * 10)), [])
        for row in sorted(around, key=lambda row: (_RANK[row.kind], row.name, row.code)):
            box = _box(row)
            if box and box.holds(latitude, longitude) and geometry.contains(self._contour(row), latitude, longitude):
                return row
        return None

    def _contour(self, row: Territory) -> Any:
        if len(self.contours) > 2000:
            self.contours.clear()
        if row.id not in self.contours:
            self.contours[row.id] = Territory.objects.values_list("contour", flat=True).get(id=row.id)
        return self.contours[row.id]


def _plain(name: str) -> str:
    """A commune's name as files write it: "ST ANDRE LEZ LILLE", "Saint-André-lez-Lille"."""
    words = re.sub(r"[^\w]+", " ", text.fold(name)).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words if word != "cedex")


def _the_one(communes: Iterable[Territory], place: Place) -> Territory | None:
    """Of communes of one name, the one of the postcode's département; none when that leaves a doubt."""
    near = [row for row in communes if not place.postcode or row.code[:2] == place.postcode[:2]]
    return near[0] if len(near) == 1 else None


def locate(place: Place) -> None:
    """Sets the territory of a place from its point, else from its commune's code or name; and that code. Does not save."""
    found = None
    if place.latitude is not None and place.longitude is not None:
        found = territory_at(place.latitude, place.longitude)
    if found is None and place.insee_code:
        found = Territory.objects.filter(kind=TerritoryKind.COMMUNE, code=place.insee_code).first()
    if found is None and place.commune:
        begun = Territory.objects.filter(kind=TerritoryKind.COMMUNE, name__istartswith=place.commune[:1])
        found = _the_one([row for row in begun.defer("contour") if _plain(row.name) == _plain(place.commune)], place)
    place.territory = found
    if found is not None and not place.insee_code:
        commune = next((row for row in [found, *ancestors(found)] if row.kind == TerritoryKind.COMMUNE), None)
        place.insee_code = commune.code[:5] if commune else ""


def ancestors(territory: Territory) -> list[Territory]:
    """From the parent up. A loop in the tree, which nothing should make, ends the walk."""
    found: list[Territory] = []
    seen = {territory.id}
    while territory.parent is not None and territory.parent_id not in seen:
        territory = territory.parent
        seen.add(territory.id)
        found.append(territory)
    return found


def named(written: str) -> Territory | None:
    """The territory someone means by a name or a code: the most precise when several share it."""
    folded = text.fold(written)
    if not folded:
        return None
    rows = Territory.objects.filter(code__iexact=written.strip()) | Territory.objects.filter(
        name__istartswith=written.strip()[:1]
    )
    matches = [row for row in rows.defer("contour") if folded in {text.fold(row.name), row.code.lower()}]
    return min(matches, key=lambda row: (_RANK[row.kind], row.code), default=None)


def middle(territory: Territory) -> tuple[float, float] | None:
    """The middle of a territory's box: (latitude, longitude)."""
    box = _box(territory)
    return box.centre if box else None


def for_a_plan(rows: Iterable[Territory]) -> list[Territory]:
    """Those that a plan of a town shows, which have a contour: neighbourhoods and communes, a QPV where its neighbourhood
    is not shown already."""
    shown = [row for row in rows if row.kind in _ON_A_PLAN and _box(row) is not None]
    drawn = {row.pk for row in shown if row.kind == TerritoryKind.NEIGHBOURHOOD}
    return [row for row in shown if row.kind != TerritoryKind.QPV or row.parent_id not in drawn]


def hubs_for(territory: Territory) -> list[Hub]:
    """The hubs that receive the residents of a territory: those that cover it, else those that cover what holds it.

    An empty list is a town without a hub: whoever asks goes on without one.
    """
    for row in _upwards(territory):
        hubs = [coverage.hub for coverage in _coverages(row)]
        if hubs:
            return hubs
    return []


def _upwards(territory: Territory) -> Iterator[Territory]:
    yield territory
    yield from ancestors(territory)


def _coverages(territory: Territory) -> QuerySet[HubCoverage]:
    return HubCoverage.objects.filter(territory=territory).select_related("hub").order_by("hub__name")
