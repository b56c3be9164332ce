import pytest
from hypothesis import given
from hypothesis import strategies as st

from allervers.directory import geometry

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]}
RING = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]],
        [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]],
    ],
}


@given(st.floats(-20, 20), st.floats(-20, 20))
def test_contains_agrees_with_a_square(latitude: float, longitude: float) -> None:
    inside = 0 < latitude < 10 and 0 < longitude < 10
    on_edge = latitude in {0, 10} or longitude in {0, 10}

    assert on_edge or geometry.contains(SQUARE, latitude, longitude) == inside


def test_contains_leaves_holes_out() -> None:
    assert geometry.contains(RING, 2, 2)
    assert not geometry.contains(RING, 5, 5)


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(0.1, 100), st.floats(0, 6.28))
def test_box_around_holds_the_circle(latitude: float, longitude: float, km: float, angle: float) -> None:
    from math import cos, radians, sin

    box = geometry.box_around(latitude, longitude, km)
    dy = km * 0.99 * sin(angle) / geometry.KM_PER_DEGREE
    dx = km * 0.99 * cos(angle) / geometry.KM_PER_DEGREE / max(0.2, cos(radians(latitude + dy)))
    if geometry.distance_km(latitude, longitude, latitude + dy, longitude + dx) <= km:
        assert box.holds(latitude + dy, longitude + dx)


def test_distance_between_lille_and_paris() -> None:
    assert geometry.distance_km(50.6292, 3.0573, 48.8566, 2.3522) == pytest.approx(204, abs=2)


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[700000, 6600000]] * 4]},  # metres, not degrees
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {},
    ],
)
def test_polygons_refuses_what_is_not_a_contour_in_degrees(shape: dict[str, object]) -> None:
    with pytest.raises(geometry.BadGeometry):
        geometry.polygons(shape)


@pytest.mark.parametrize("written", ["50.62,3.05", "50.62, 3.05", "50,62 ; 3,05", "50.62 3.05"])
def test_parse_point_reads_the_usual_forms(written: str) -> None:
    assert geometry.parse_point(written) == (50.62, 3.05)


@pytest.mark.parametrize("written", ["", "Lille", "95,3", "1,2,3"])
def test_parse_point_refuses_the_rest(written: str) -> None:
    assert geometry.parse_point(written) is None
