"""A network: what its stations and values tell of it."""

from itertools import permutations

from mesonet.domain.network import ALL, Network, seen
from mesonet.domain.station import BoundingBox
from tests.builders import latest_value, station

EWR = seen([("air_temperature", latest_value("2013-01-01T00:20:00Z"))], [station()])
JFK = seen(
    [("wind_speed", latest_value("2014-06-01T00:00:00Z", unit="m/s"))], [station("JFK", latitude=40.64, longitude=-73.78)]
)
NOWHERE = seen([], [station("X", latitude=None, longitude=None)])


def test_whatever_the_order_the_network_is_the_same() -> None:
    for order in permutations((EWR, JFK, NOWHERE, EWR)):
        network = Network()
        for each in order:
            network = network.widened(each)
        assert network == EWR.widened(JFK)
    assert EWR.widened(JFK).parameters == {"air_temperature": "Cel", "wind_speed": "m/s"}


def test_the_cells_with_stations_are_known_once_all_stations_have_been_passed() -> None:
    found = EWR.widened(JFK).widened(NOWHERE)
    assert found.cells == frozenset({"dr"})
    assert Network().occupied is None
    assert found.occupied is None
    walked = Network(survey="2026-11-26T00:00:00.000Z")
    assert walked.widened(found).occupied is None
    assert walked.widened(Network(survey=ALL)) == Network(survey=ALL).widened(walked) == Network(survey=ALL)
    assert Network(survey=ALL).widened(found).occupied == found.widened(Network(survey=ALL)).occupied == frozenset({"dr"})


def test_the_last_time_is_an_hours_end_so_that_it_seldom_moves() -> None:
    assert EWR.last == JFK.widened(EWR).first + 40 * 60_000  # type: ignore[operator]
    assert JFK.last == JFK.first


def test_the_extent_goes_a_little_beyond_the_stations() -> None:
    assert NOWHERE.extent is None
    assert EWR.extent == BoundingBox(-74.42, 40.44, -73.91, 40.95)
    pole = seen([], [station(latitude=89.9, longitude=179.9)])
    assert pole.extent == BoundingBox(179.65, 89.65, 180, 90)
