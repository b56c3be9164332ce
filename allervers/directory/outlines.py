"""Contours as a small drawing in a page: projected flat, simplified, in whole numbers. Pure; GeoJSON in, SVG paths out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from allervers.directory import geometry

SIDE = 480  # units of the longest side
HEAVY = 6_000  # characters of all paths together: squeezed, about a third
_TOLERANCES = (1.0, 1.7, 3.0, 5.0, 8.0, 13.0)  # units: the first that is light enough, the last in any case
_SPECK = 12.0  # square units: an island that nobody sees
_MARGIN = 20  # units: a number stands whole at the edge
_STEPS = 12  # of the search for a number's place, along each side

Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True)
class Shape:
    """One contour: its path, holes included, and where a number stands in it, away from the edges."""

    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: list[Shape]  # in the order given: each stands above those before it


def draw(geometries: Sequence[Mapping[str, Any]]) -> Drawing:
    """Polygons and MultiPolygons in one drawing, north above. Raises `geometry.BadGeometry`; O(points²) at worst.

    Equirectangular around the middle latitude: a town is small enough. Simplified by Douglas and Peucker (1973), the same
    grid for all, so that neighbours part by less than their line's width.
    """
    frame = _Frame.around(geometries)
    fine = [[frame.ring(ring) for polygon in geometry.polygons(one) for ring in polygon] for one in geometries]
    for tolerance in _TOLERANCES:
        rings = [_simplified(one, tolerance) for one in fine]
        paths = ["".join(map(_path, one)) for one in rings]
        if sum(map(len, paths)) <= HEAVY:
            break
    places = [_place_of_number(one, rings[at + 1 :]) for at, one in enumerate(rings)]
    return Drawing(frame.width, frame.height, [Shape(path, *place) for path, place in zip(paths, places, strict=True)])


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing's units, with a small margin for the lines."""

    box: geometry.Box
    per_degree: float  # of latitude
    shrink: float  # a degree of longitude, in degrees of latitude

    @classmethod
    def around(cls, geometries: Sequence[Mapping[str, Any]]) -> "_Frame":
        boxes = [geometry.box_of(one) for one in geometries]
        box = geometry.Box(
            min(one.south for one in boxes),
            min(one.west for one in boxes),
            max(one.north for one in boxes),
            max(one.east for one in boxes),
        )
        shrink = cos(radians(box.centre[0]))
        longest = max(box.north - box.south, (box.east - box.west) * shrink) or 1.0
        return cls(box, (SIDE - 2 * _MARGIN) / longest, shrink)

    @property
    def width(self) -> int:
        return round((self.box.east - self.box.west) * self.shrink * self.per_degree) + 2 * _MARGIN

    @property
    def height(self) -> int:
        return round((self.box.north - self.box.south) * self.per_degree) + 2 * _MARGIN

    def ring(self, ring: geometry.Ring) -> Ring:
        """In whole units, neither closed nor twice the same point in a row."""
        points: Ring = []
        for longitude, latitude, *_height in ring:
            x = _MARGIN + round((longitude - self.box.west) * self.shrink * self.per_degree)
            y = _MARGIN + round((self.box.north - latitude) * self.per_degree)
            if not points or points[-1] != (x, y):
                points.append((x, y))
        return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _simplified(rings: list[Ring], tolerance: float) -> list[Ring]:
    """The rings that can still be seen; a territory keeps at least its largest."""
    lean = [_lean(ring, tolerance) for ring in rings]
    seen = [ring for ring in lean if len(ring) > 2 and abs(_area(ring)) > _SPECK]
    return seen or [max(rings, key=lambda ring: abs(_area(ring)))]


def _lean(ring: Ring, tolerance: float) -> Ring:
    """A closed ring is two lines: between its first point and the one farthest from it."""
    if len(ring) < 4:
        return ring
    far = max(range(len(ring)), key=lambda at: hypot(ring[at][0] - ring[0][0], ring[at][1] - ring[0][1]))
    return _line(ring[: far + 1], tolerance)[:-1] + _line([*ring[far:], ring[0]], tolerance)[:-1]


def _line(points: Ring, tolerance: float) -> Ring:
    kept = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        far = max(inner, key=lambda at: _distance(points[at], points[first], points[last]))
        if _distance(points[far], points[first], points[last]) > tolerance:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [points[at] for at in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a segment."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy) if dx or dy else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(x - x1 - along * dx, y - y1 - along * dy)


def _edges(rings: list[Ring]) -> Iterator[tuple[Point, Point]]:
    for ring in rings:
        yield from zip(ring, [*ring[1:], ring[0]], strict=True)


def _area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges([ring])) / 2


def _path(ring: Ring) -> str:
    """SVG path data, each point told from the one before: "M4 4l9 0 0-3z"."""
    steps = (f"{x2 - x1} {y2 - y1}" for (x1, y1), (x2, y2) in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def _place_of_number(rings: list[Ring], above: list[list[Ring]]) -> Point:
    """Of a grid of points that are in a shape and in none above it, the one farthest from their edges."""
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    west, east, north, south = min(xs), max(xs), min(ys), max(ys)
    over = [one for one in above if _meets(one, west, east, north, south)]
    edges = list(_edges([*rings, *(ring for one in over for ring in one)]))
    best, room = ((west + east) // 2, (north + south) // 2), -1.0
    for column in range(1, _STEPS):
        for row in range(1, _STEPS):
            point = (west + (east - west) * column // _STEPS, north + (south - north) * row // _STEPS)
            if not _holds(rings, point) or any(_holds(one, point) for one in over):
                continue
            free = min(_distance(point, start, end) for start, end in edges)
            if free > room:
                best, room = point, free
    return best


def _meets(rings: list[Ring], west: int, east: int, north: int, south: int) -> bool:
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    return min(xs) <= east and max(xs) >= west and min(ys) <= south and max(ys) >= north


def _holds(rings: list[Ring], point: Point) -> bool:
    """Even-odd over all rings, so that a hole is outside."""
    x, y = point
    crossed = (
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in _edges(rings)
    )
    return sum(crossed) % 2 == 1
