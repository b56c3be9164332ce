"""Points and contours on the sphere, in degrees (WGS 84). Pure; GeoJSON geometries in, longitude first as GeoJSON has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0088  # mean radius, IUGG
KM_PER_DEGREE = 111.195

Ring = Sequence[Sequence[float]]


class BadGeometry(ValueError):
    """Not a polygon, or one whose rings cannot be read."""


@dataclass(frozen=True)
class Box:
    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east

    @property
    def centre(self) -> tuple[float, float]:
        return (self.south + self.north) / 2, (self.west + self.east) / 2


def polygons(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    """The polygons of a Polygon or MultiPolygon: outer ring first, then holes. Raises `BadGeometry`."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadGeometry(str(kind))
    found: list[list[Ring]] = [coordinates] if kind == "Polygon" else list(coordinates)
    try:
        if not found or any(len(ring) < 4 for polygon in found for ring in polygon):
            raise BadGeometry("a ring has fewer than four points")
        for longitude, latitude in (point[:2] for polygon in found for ring in polygon for point in ring):
            if not (-180 <= float(longitude) <= 180 and -90 <= float(latitude) <= 90):
                raise BadGeometry("coordinates are not degrees of longitude and latitude")
    except (TypeError, ValueError) as error:
        raise BadGeometry(str(error)) from error
    return found


def box_of(geometry: Mapping[str, Any]) -> Box:
    """The smallest box around a geometry. None crosses the antimeridian in France's data."""
    points = [point for polygon in polygons(geometry) for ring in polygon for point in ring]
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def contains(geometry: Mapping[str, Any], latitude: float, longitude: float) -> bool:
    """Whether a point is inside: even-odd rule over all rings of a polygon, so that holes are outside. O(points)."""
    return any(sum(_crosses(ring, longitude, latitude) for ring in polygon) % 2 == 1 for polygon in polygons(geometry))


def _crosses(ring: Ring, x: float, y: float) -> int:
    """How many edges of the ring a ray towards the east crosses (half-open edges: a vertex is counted once)."""
    crossings = 0
    for (x1, y1, *_a), (x2, y2, *_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings


def distance_km(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """The great-circle distance (haversine), in kilometres."""
    half_latitude = radians(latitude2 - latitude1) / 2
    half_longitude = radians(longitude2 - longitude1) / 2
    a = sin(half_latitude) ** 2 + cos(radians(latitude1)) * cos(radians(latitude2)) * sin(half_longitude) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, a)))


def box_around(latitude: float, longitude: float, km: float) -> Box:
    """A box that holds every point within `km`; a little larger than the circle."""
    dy = km / KM_PER_DEGREE
    dx = dy / max(0.01, cos(radians(min(89.0, abs(latitude) + dy))))
    return Box(latitude - dy, longitude - dx, latitude + dy, longitude + dx)


def area(geometry: Mapping[str, Any]) -> float:
    """A figure that orders territories by size: the sum of the outer rings' areas in square degrees."""
    return sum(abs(_ring_area(polygon[0])) for polygon in polygons(geometry))


def _ring_area(ring: Ring) -> float:
    edges: Iterator[tuple[Sequence[float], Sequence[float]]] = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in edges) / 2


def parse_point(text: str) -> tuple[float, float] | None:
    """ "50.62, 3.05" (latitude, longitude; French decimal commas when a semicolon or a space parts them), or None."""
    parts = text.replace(";", " ").split() if ";" in text else text.replace(",", " ").split()
    if len(parts) != 2:
        parts = text.split()
    try:
        latitude, longitude = (float(part.strip(",").replace(",", ".")) for part in parts)
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None
