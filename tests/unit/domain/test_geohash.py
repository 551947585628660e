"""Geohash against the published vectors; and boxes are covered, nothing less."""

import pytest

from mesonet.domain import geohash


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (57.64911, 10.40744, "u4pruydqqvj"),  # the first example there was (Niemeyer, geohash.org)
        (42.6, -5.6, "ezs42"),  # Wikipedia, "Geohash"
        (37.8324, 112.5584, "ww8p1r4t8"),  # python-geohash
        (0.0, 0.0, "s0000"),
        (-25.382708, -49.265506, "6gkzwgjzn820"),  # ngeohash
        (48.669, -4.329, "gbsuv"),  # Elasticsearch's documentation
    ],
)
def test_known_places_have_their_known_names(latitude: float, longitude: float, name: str) -> None:
    assert geohash.encode(latitude, longitude, len(name)) == name
    assert geohash.encode(latitude, longitude, 3) == name[:3]


def by_halving(latitude: float, longitude: float, length: int) -> str:
    """The textbook's way: halve the Earth by turns, longitude first."""
    ranges, bits = [[-180.0, 180.0], [-90.0, 90.0]], ""
    for at in range(5 * length):
        bounds, value = ranges[at % 2], (longitude, latitude)[at % 2]
        middle = (bounds[0] + bounds[1]) / 2
        bits += str(int(value >= middle))
        bounds[value < middle] = middle
    return "".join("0123456789bcdefghjkmnpqrstuvwxyz"[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


@pytest.mark.parametrize("length", [1, 2, 5, 8, 9])
def test_names_are_those_of_the_textbook(length: int) -> None:
    for at in range(500):
        latitude, longitude = (at * 7919 % 17_999) / 100 - 89.995, (at * 104_729 % 35_999) / 100 - 179.995
        assert geohash.encode(latitude, longitude, length) == by_halving(latitude, longitude, length)


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 180), (-90, -180), (90, -180), (-90, 180), (0, 180)])
def test_the_edges_of_the_earth_are_in_cells(latitude: float, longitude: float) -> None:
    assert len(geohash.encode(latitude, longitude, 9)) == 9


@pytest.mark.parametrize(("length", "size"), [(1, (45, 45)), (2, (5.625, 11.25)), (3, (1.40625, 1.40625))])
def test_cells_have_their_known_sizes(length: int, size: tuple[float, float]) -> None:
    assert geohash.cell_size(length) == size


def test_every_place_in_a_box_is_in_one_of_its_cells() -> None:
    south, west, north, east = 40.0, -75.0, 42.0, -73.0
    cells = geohash.cells(south, west, north, east, 3, 100)
    assert cells
    for row in range(21):
        for column in range(21):
            place = geohash.encode(south + row / 10, west + column / 10, 3)
            assert place in cells


def test_no_cell_of_a_box_lies_outside_of_it() -> None:
    # the box of exactly one cell touches its neighbours to the north and east
    assert geohash.cells(42.6, -5.6, 42.6, -5.6, 5, 10) == ["ezs42"]


def test_a_box_may_cross_the_antimeridian() -> None:
    cells = geohash.cells(-20, 178, -15, -178, 2, 100)
    assert cells
    assert geohash.encode(-17, 179.9, 2) in cells
    assert geohash.encode(-17, -179.9, 2) in cells
    assert geohash.encode(-17, 0, 2) not in cells


@pytest.mark.parametrize("longitude", [180, -180])
def test_a_box_on_the_antimeridian_has_the_cells_on_both_sides(longitude: float) -> None:
    for east in (longitude, longitude + 1):
        cells = geohash.cells(-17, longitude, -17, east, 2, 100)
        assert cells
        assert {geohash.encode(-17, 180, 2), geohash.encode(-17, -180, 2)} <= set(cells)


def test_boxes_that_are_a_pole_have_no_more_cells_than_are_wanted() -> None:
    """Each would be a query of its own."""
    for pole in (90, -90):
        assert geohash.cells(pole, -180, pole, 180, 5, 50) is None
        cells = geohash.cells(pole, -180, pole, 180, 2, 50)
        assert cells
        assert len(cells) == 32
        assert geohash.encode(pole, 0, 2) in cells


def test_longitudes_beyond_the_antimeridian_wrap_and_latitudes_beyond_the_poles_are_cut() -> None:
    cells = geohash.cells(85, 175, 95, 185, 2, 100)
    assert cells
    assert geohash.encode(89.9, -178, 2) in cells
    assert geohash.encode(90, 178, 2) in cells


def test_the_whole_earth_is_every_cell_once() -> None:
    cells = geohash.cells(-90, -180, 90, 180, 1, 100)
    assert cells == sorted("0123456789bcdefghjkmnpqrstuvwxyz")


def test_too_many_cells_are_not_listed() -> None:
    assert geohash.cells(-90, -180, 90, 180, 2, 100) is None
    assert geohash.cells(-90, -180, 90, 180, 2, 1024) is not None
