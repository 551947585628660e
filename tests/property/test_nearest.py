"""Stations by place: whatever the network, the answer is the one that looking at every station gives."""

from collections.abc import Iterator, Sequence
from math import isclose
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain import geohash
from mesonet.domain.network import seen
from mesonet.domain.station import BoundingBox, Station, distance_m
from mesonet.functions.api_weather import logic
from mesonet.functions.api_weather.logic import StationFilter
from mesonet.stores.stations import StationsStore


class Directory(StationsStore):
    """The two indexes, in memory."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self.asked: list[str] = []
        self._stations = {station.id: station for station in stations}
        self._places = sorted(
            (f"{geohash.encode(*station.position, 9)}#{station.id}", station) for station in stations if station.position
        )

    def by_id(self, *, prefix: str = "", after: str = "") -> Iterator[tuple[str, Station]]:
        return ((name, self._stations[name]) for name in sorted(self._stations) if name.startswith(prefix) and name > after)

    def by_place(self, cell: str, *, prefix: str = "", after: str = "") -> Iterator[tuple[str, Station]]:
        self.asked.append(prefix or cell)
        return ((place, station) for place, station in self._places if place.startswith(prefix or cell) and place > after)


latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)
clustered = st.tuples(st.floats(50, 52), st.floats(8, 10))


@st.composite
def networks(draw: st.DrawFn) -> list[Station]:
    places = draw(st.lists(st.tuples(latitudes, longitudes) | clustered, max_size=40))
    return [Station(id=f"S{at:02d}", latitude=latitude, longitude=longitude) for at, (latitude, longitude) in enumerate(places)]


@given(networks(), latitudes, longitudes, st.integers(1, 12), st.sampled_from([1, 5, 1000]), st.booleans())
def test_the_nearest_stations_are_those_that_are_nearest(
    network: list[Station], latitude: float, longitude: float, limit: int, small: int, known: bool
) -> None:
    occupied = seen((), network).cells
    with patch.object(logic, "_SMALL_NETWORK", small):
        found = logic.nearest(
            latitude,
            longitude,
            limit,
            StationFilter(),
            store=Directory(network),
            occupied=lambda: occupied if known else None,
        )
    every = sorted(distance_m((latitude, longitude), (each.latitude or 0.0, each.longitude or 0.0)) for each in network)
    assert len(found) == min(limit, len(network))
    assert all(isclose(distance, right, abs_tol=1e-6) for (distance, _), right in zip(found, every, strict=False))


def test_what_is_nearer_than_the_furthest_that_was_seen_first_is_not_missed() -> None:
    """Stations so thin that the cells around a place have one, and the next cell one that is nearer."""
    chance = Random(1)
    network = [Station(id=f"S{at}", latitude=chance.uniform(47, 55), longitude=chance.uniform(5, 13)) for at in range(40)]
    store, occupied = Directory(network), seen((), network).cells
    for _ in range(50):
        here = chance.uniform(48, 54), chance.uniform(6, 12)
        ((distance, _),) = logic.nearest(*here, 1, StationFilter(), store=store, occupied=lambda: occupied)
        assert distance == min(distance_m(here, (each.latitude or 0.0, each.longitude or 0.0)) for each in network)


@given(latitudes, longitudes, latitudes, longitudes)
def test_no_place_is_closer_than_its_cell(latitude: float, longitude: float, other: float, aside: float) -> None:
    cells = geohash.nearest_first(latitude, longitude, 2)
    assert cells == sorted(cells)
    assert len({name for _, name in cells}) == len(cells) == 1024
    assert cells[0][0] == 0
    (closest,) = (distance for distance, name in cells if name == geohash.encode(other, aside, 2))
    assert closest <= distance_m((latitude, longitude), (other, aside)) + 1e-3


@pytest.mark.parametrize(("known", "most"), [(True, 16), (False, 60)])
def test_few_cells_are_read_for_a_place_in_the_middle_of_an_ocean(known: bool, most: int) -> None:
    """A network around the Earth, but for the South Pacific, where it has one island."""
    everywhere = [(up, aside) for up in range(-60, 71) for aside in range(-60, 141, 5)]
    network = [Station(id=f"S{at}", latitude=up, longitude=aside) for at, (up, aside) in enumerate(everywhere)]
    island = Station(id="Easter Island", latitude=-27.16, longitude=-109.42)
    store = Directory([*network, island])
    occupied = seen((), [*network, island]).cells if known else None
    found = logic.nearest(-40, -120, 1, StationFilter(), store=store, occupied=lambda: occupied)
    assert [station.id for _, station in found] == ["Easter Island"]
    assert len(store.asked) < most


@given(networks(), latitudes, latitudes, longitudes, longitudes)
def test_a_walk_through_a_box_passes_every_station_in_it_once(
    network: list[Station], south: float, north: float, west: float, east: float
) -> None:
    box = BoundingBox(west, min(south, north), east, max(south, north))
    passed = [station.id for _, _, station in logic.walk(StationFilter(bbox=box), None, store=Directory(network))]
    assert len(set(passed)) == len(passed)
    inside = {each.id for each in network if each.position and each.position in box}
    assert inside <= set(passed)
