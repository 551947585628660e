"""Where stations are, and how far away."""

import pytest

from mesonet.domain.station import BoundingBox, Station, distance_m

JFK, LHR = (40.6398, -73.7789), (51.4706, -0.461941)


def test_distances_are_those_of_the_globe() -> None:
    assert distance_m(JFK, LHR) == pytest.approx(5_540_000, rel=0.006)  # great circle, as airlines have it
    assert distance_m((0, 0), (0, 1)) == pytest.approx(111_195, rel=1e-4)
    assert distance_m((0, 0), (1, 0)) == pytest.approx(111_195, rel=1e-4)


def test_a_distance_is_the_same_there_and_back_and_nothing_to_oneself() -> None:
    assert distance_m(JFK, LHR) == distance_m(LHR, JFK)
    assert distance_m(JFK, JFK) == 0


def test_antipodes_are_half_the_circumference_apart() -> None:
    assert distance_m((0, 0), (0, 180)) == pytest.approx(20_015_115, rel=1e-6)
    assert distance_m((90, 0), (-90, 77)) == pytest.approx(20_015_115, rel=1e-6)


def test_the_short_way_leads_across_the_antimeridian() -> None:
    assert distance_m((0, 179.5), (0, -179.5)) == pytest.approx(111_195, rel=1e-4)


def test_a_box_holds_its_edges() -> None:
    box = BoundingBox(-75, 40, -73, 42)
    assert (40, -75) in box
    assert (42, -73) in box
    assert (39.99, -74) not in box
    assert (41, -72.99) not in box


@pytest.mark.parametrize("longitude", [180, -180])
def test_a_box_that_ends_at_the_antimeridian_holds_it_by_either_name(longitude: float) -> None:
    assert (0, longitude) in BoundingBox(170, -1, 180, 1)
    assert (0, longitude) in BoundingBox(-180, -1, -170, 1)
    assert (0, longitude) in BoundingBox(170, -1, -170, 1)
    assert (0, longitude) not in BoundingBox(170, -1, 179, 1)
    assert (0, longitude) not in BoundingBox(-10, -1, 10, 1)


def test_a_box_whose_west_exceeds_its_east_crosses_the_antimeridian() -> None:
    fiji = BoundingBox(177, -20, -178, -15)
    assert (-17, 179) in fiji
    assert (-17, -179) in fiji
    assert (-17, 180) in fiji
    assert (-17, 0) not in fiji


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (1.0, None), (None, 1.0)])
def test_half_a_position_is_none(latitude: float | None, longitude: float | None) -> None:
    assert Station(id="X", latitude=latitude, longitude=longitude).position is None


def test_the_gulf_of_guinea_is_a_place() -> None:
    assert Station(id="X", latitude=0.0, longitude=0.0).position == (0, 0)
