"""Contours as a drawing: light, in their places, each with a number that stands inside it."""

import json
import re
from itertools import pairwise
from math import cos, pi, sin

import pytest

from allervers.directory import geometry, outlines
from tests.directory.scenes import real_files

Geometry = dict[str, object]


def _square(west: float, south: float, side: float = 0.01) -> Geometry:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def _circle(radius: float, points: int, x: float = 3.0) -> list[list[float]]:
    ring = [[x + radius * cos(2 * pi * i / points), 50 + radius * sin(2 * pi * i / points)] for i in range(points)]
    return [*ring, ring[0]]


def _rings(path: str) -> list[list[tuple[int, int]]]:
    """The points of a path, as a browser reads it."""
    found = []
    for written in path.split("z")[:-1]:
        x, y, *steps = (int(number) for number in re.findall(r"-?\d+", written))
        ring = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        found.append(ring)
    return found


def _inside(path: str, x: int, y: int) -> bool:
    crossings = 0
    for ring in _rings(path):
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


def test_north_is_above_west_on_the_left_and_a_degree_of_longitude_is_shorter() -> None:
    drawing = outlines.draw([_square(3.0, 50.0), _square(3.01, 50.01)])

    (south_west,), (north_east,) = (_rings(shape.path) for shape in drawing.shapes)
    assert max(x for x, _y in south_west) == min(x for x, _y in north_east)
    assert min(y for _x, y in south_west) == max(y for _x, y in north_east)
    assert drawing.height == outlines.SIDE
    assert drawing.width == pytest.approx(40 + 440 * cos(50.01 * pi / 180), abs=2)


def test_a_contour_of_many_points_keeps_few_and_its_shape() -> None:
    fine = {"type": "Polygon", "coordinates": [_circle(0.1, 5000)]}

    (shape,) = outlines.draw([fine]).shapes

    (ring,) = _rings(shape.path)
    assert 12 < len(ring) < 100
    tall = outlines.SIDE / 2 - 20
    wide = tall * cos(50 * pi / 180)
    far = [((x - wide - 20) / wide) ** 2 + ((y - tall - 20) / tall) ** 2 for x, y in ring]
    assert all(0.97 < one < 1.03 for one in far)
    assert abs(shape.x - wide - 20) < 25 and abs(shape.y - tall - 20) < 35


def test_a_hole_stays_a_hole_and_the_number_stands_beside_it() -> None:
    ring = {"type": "Polygon", "coordinates": [_circle(0.1, 200), _circle(0.05, 200)]}

    (shape,) = outlines.draw([ring]).shapes

    assert len(_rings(shape.path)) == 2
    assert _inside(shape.path, shape.x, shape.y)


def test_a_number_is_in_its_shape_and_under_no_other() -> None:
    around, inner, neighbour = _square(3.0, 50.0, 0.03), _square(3.01, 50.01), _square(3.03, 50.0)

    shapes = outlines.draw([around, inner, neighbour]).shapes

    for at, shape in enumerate(shapes):
        assert _inside(shape.path, shape.x, shape.y)
        assert not any(_inside(above.path, shape.x, shape.y) for above in shapes[at + 1 :])


def test_an_island_too_small_to_see_is_left_out_and_a_territory_never_is() -> None:
    far, speck = _square(3.0, 50.0, 1.0), _square(3.5, 51.5, 0.0001)
    islands = {"type": "MultiPolygon", "coordinates": [far["coordinates"], speck["coordinates"]]}

    both = outlines.draw([islands, speck]).shapes

    assert [len(_rings(shape.path)) for shape in both] == [1, 1]


@pytest.mark.parametrize("shapes", [1, 40])
def test_a_drawing_weighs_little_whatever_it_is_made_of(shapes: int) -> None:
    rough = [
        {"type": "Polygon", "coordinates": [[[3 + n / 9 + (i * 7919 % 97) / 900, 50 + i / 4000] for i in range(400)]]}
        for n in range(shapes)
    ]

    drawing = outlines.draw(rough)

    assert sum(len(shape.path) for shape in drawing.shapes) <= 3 * outlines.HEAVY
    assert len(drawing.shapes) == shapes


def test_what_is_no_polygon_is_refused() -> None:
    with pytest.raises(geometry.BadGeometry):
        outlines.draw([{"type": "Point", "coordinates": [3, 50]}])


@pytest.mark.parametrize("path", real_files("qpv-occitanie.geojson"))
def test_the_real_neighbourhoods_of_toulouse_are_a_light_plan(path: object) -> None:
    features = json.loads(path.read_text())["features"]  # type: ignore[attr-defined]  # a path
    toulouse = [one["geometry"] for one in features if one["properties"]["nom_commune"] == "Toulouse"]

    drawing = outlines.draw(toulouse)

    assert len(toulouse) > 5 and sum(len(shape.path) for shape in drawing.shapes) < outlines.HEAVY / 2
