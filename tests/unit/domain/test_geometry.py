"""Shapes: which places they hold."""

import pytest

from mesonet.domain.geometry import NoShape, around, overlap, points, polygons
from mesonet.domain.station import BoundingBox, distance_m

SQUARE = "POLYGON((0 0,10 0,10 10,0 10,0 0))"


@pytest.mark.parametrize(
    "text",
    [
        "POINT(8.5 47.25)",
        "point (8.5 47.25)",
        "POINT(8.5  47.25)",
        "POINT Z(8.5 47.25 400)",
        "POINTZ(8.5 47.25 400)",
        "PointZM (8.5 47.25 400 0)",
        "POINT(8.5+47.25)",
        " POINT(8.5e0 47.25) ",
    ],
)
def test_a_point_is_longitude_and_latitude(text: str) -> None:
    assert points(text) == [(47.25, 8.5)]


def test_the_latitude_is_first_where_the_reference_system_says_so() -> None:
    assert points("POINT(47.25 8.5)", latitude_first=True) == [(47.25, 8.5)]


def test_several_points_may_have_brackets_of_their_own() -> None:
    assert points("MULTIPOINT(1 2,3 4)") == points("MULTIPOINT((1 2),(3 4))") == [(2, 1), (4, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POINT",
        "POINT()",
        "POINT(1)",
        "POINT(1 2",
        "POINT(1,2)",
        "POINT(a b)",
        "POINT(1 91)",
        "POINT(-361 0)",
        SQUARE,
        "1 2",
        "POINT(nan 1)",
    ],
)
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(NoShape):
        points(text)


def test_members_that_are_empty_are_passed_over() -> None:
    """OGC 06-103r4, 7.2.2: `<empty set>`."""
    assert points("MULTIPOINT((1 2), empty)") == [(2, 1)]
    assert polygons("MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)))") == polygons("POLYGON((0 0,1 0,1 1,0 0))")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("POINT EMPTY", "empty"),
        ("point z empty", "empty"),
        ("MULTIPOINT(EMPTY)", "empty"),
        ("SRID=4326;POINT(1 2)", "`crs`"),
        ("POINT(١ 2)", "not a position"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_text(text: str, said: str) -> None:
    with pytest.raises(NoShape, match=said):
        points(text)


@pytest.mark.parametrize("text", ["POLYGON EMPTY", "MULTIPOLYGON(EMPTY, EMPTY)"])
def test_what_is_empty_is_no_polygon(text: str) -> None:
    with pytest.raises(NoShape, match="empty"):
        polygons(text)


def test_a_polygon_holds_what_lies_within_and_not_its_holes() -> None:
    ring = polygons("POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))")
    assert (2, 2) in ring
    assert (5, 5) not in ring
    assert (11, 5) not in ring
    assert ring.bbox == BoundingBox(0, 0, 10, 10)


@pytest.mark.parametrize("place", [(0, 5), (10, 5), (5, 0), (5, 10), (0, 0), (10, 10), (4, 5), (6, 6), (8, 8)])
def test_edges_belong_to_a_polygon_and_those_of_its_holes_too(place: tuple[float, float]) -> None:
    shape = polygons("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4)),((7 7,9 9,9 7,7 7)))")
    assert place in shape
    assert (5, 5) not in shape
    assert (10.000001, 5) not in shape


def test_several_polygons_hold_what_any_of_them_holds() -> None:
    both = polygons("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))")
    assert (0.25, 0.75) in both
    assert (5.25, 5.75) in both
    assert (3, 3) not in both


def test_a_polygon_may_go_on_beyond_the_antimeridian() -> None:
    across = polygons("POLYGON((170 -10,190 -10,190 10,170 10,170 -10))")
    assert (0, 175) in across
    assert (0, -175) in across
    assert (0, 165) not in across
    assert across.bbox == BoundingBox(170, -10, -170, 10)
    assert (0, -175) in across.bbox


@pytest.mark.parametrize("longitude", [180, -180])
def test_a_polygon_that_ends_at_the_antimeridian_holds_it_by_either_name(longitude: float) -> None:
    assert (0, longitude) in polygons("POLYGON((170 -10,180 -10,180 10,170 10,170 -10))")
    assert (0, longitude) in polygons("POLYGON((-180 -10,-170 -10,-170 10,-180 10,-180 -10))")
    assert (0, longitude) in polygons("POLYGON((-190 -10,-170 -10,-170 10,-190 10,-190 -10))")
    assert (0, longitude) not in polygons("POLYGON((0 -10,10 -10,10 10,0 10,0 -10))")


def test_a_polygon_may_go_on_beyond_180_degrees_west_too() -> None:
    east = polygons("POLYGON((170 -25,190 -25,190 -10,170 -10,170 -25),(184 -22,186 -22,186 -20,184 -20,184 -22))")
    west = polygons("POLYGON((-190 -25,-170 -25,-170 -10,-190 -10,-190 -25),(-176 -22,-174 -22,-174 -20,-176 -20,-176 -22))")
    assert west == east
    for place, inside in (((-17.8, 177.4), True), ((-20.5, -172.0), True), ((-21.0, -175.0), False), ((-20.0, 0.0), False)):
        assert (place in west) == inside
    assert (0, 179.7) in polygons("POLYGON((-180.5 -1,-170 -1,-170 1,-180.5 1,-180.5 -1))")
    wide = polygons("POLYGON((-190 0,350 0,350 10,-190 0))")  # in its north from 296 to 350
    assert ((9, -30) in wide, (9, 0) in wide) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((0 0,1 0,1 1))",
        "POLYGON((0 0,1 0,1 1,0 1))",
        "POLYGON(0 0,1 0,1 1,0 0)",
        "POLYGON((0 0,1 0,1 1,0 0)",
        "POLYGON(((0 0,1 0,1 1,0 0)))",
        "POLYGON((0 0,1 0,1 1,0 0),x)",
        "POLYGON()",
        "POINT(1 2)",
        "MULTIPOLYGON((0 0,1 0,1 1,0 0))",
    ],
)
def test_what_is_no_polygon_is_refused(text: str) -> None:
    with pytest.raises(NoShape):
        polygons(text)


@pytest.mark.parametrize("place", [(0.0, 0.0), (60.0, 10.0), (-45.0, 179.9), (89.5, 0.0)])
def test_a_box_around_a_circle_holds_it(place: tuple[float, float]) -> None:
    box = around(place, 100_000)
    for bearing in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5)):
        there = (max(min(place[0] + bearing[0], 90), -90), (place[1] + bearing[1] + 180) % 360 - 180)
        if distance_m(place, there) <= 100_000:
            assert there in box


@pytest.mark.parametrize(
    ("a", "b", "meet"),
    [
        (BoundingBox(0, 0, 1, 1), BoundingBox(1, 1, 2, 2), True),
        (BoundingBox(0, 0, 1, 1), BoundingBox(2, 0, 3, 1), False),
        (BoundingBox(170, 0, -170, 1), BoundingBox(-175, 0, -172, 1), True),
        (BoundingBox(170, 0, -170, 1), BoundingBox(0, 0, 10, 1), False),
        (BoundingBox(0, 0, 1, 1), BoundingBox(0, 2, 1, 3), False),
        (BoundingBox(170, 0, 180, 1), BoundingBox(-180, 0, -170, 1), True),
        (BoundingBox(170, 0, 179, 1), BoundingBox(-180, 0, -170, 1), False),
    ],
)
def test_boxes_meet_or_do_not(a: BoundingBox, b: BoundingBox, meet: bool) -> None:
    assert overlap(a, b) is overlap(b, a) is meet
