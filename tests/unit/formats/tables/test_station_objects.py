"""Lists of stations as JSON."""

from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.station import Authority, Station
from tests.unit.formats.json_files import gone_wrong, lines, never_fails, stations, surveyed

LISTED: dict[str, Any] = {
    "id": "D4711",
    "name": {"de": "Hochstadt", "en": "High Town"},
    "country": "DE",
    "identifiers": {"national": "01234", "icao": "EDXX"},
    "location": {"id": 5, "latitude": 50.25, "longitude": 8.5, "elevation": 111},
    "timezone": "Europe/Berlin",
    "inventory": {"daily": {"start": "1926-01-01", "end": "2022-04-24"}},
}
DETAILS: dict[str, Any] = {
    "id": 3704,
    "name": "ALTO PASSO",
    "lastModifiedOn": "2019-08-22",
    "locations": [
        {"id": 1, "latitude": 46.0, "longitude": 11.0, "elevation": 1900, "validSince": "1961-01-01"},
        {"id": 2, "latitude": 46.25, "longitude": 11.75, "elevation": 2004, "validSince": "2016-04-28"},
    ],
    "contacts": [{"contact": {"name": "A. Person", "stations": [{"id": 9, "wigosId": "0-20000-0-99999"}]}}],
    "wigosIds": [{"wid": "0-380-8-1", "primary": False}, {"wid": "0-20000-0-12345", "primary": True}],
}
FOUND: dict[str, Any] = {
    "stationSearchResults": [
        {
            "id": 1,
            "name": "NEUFELD",
            "latitude": 52.5,
            "longitude": 13.5,
            "elevation": 47.5,
            "wigosId": "0-20000-0-10999",
            "wigosStationIdentifiers": [{"wigosStationIdentifier": "0-20000-0-10999", "primary": True}],
        },
        {
            "id": 2,
            "name": "SHIP",
            "latitude": None,
            "longitude": None,
            "wigosStationIdentifiers": [{"wigosStationIdentifier": "0-22000-0-ABC"}],
        },
    ]
}
PLAIN: dict[str, Any] = {"id": "10637", "name": "Airport", "latitude": 50.5, "longitude": 8.5, "elevation": 111}


def test_a_station_is_what_its_members_are_called_and_its_name_is_in_english() -> None:
    assert stations([LISTED]) == [
        Station(
            id="D4711",
            name="High Town",
            latitude=50.25,
            longitude=8.5,
            elevation_m=111.0,
            timezone="Europe/Berlin",
            authority=Authority.STATION_LIST,
        )
    ]


def test_a_station_of_oscar_is_called_by_its_primary_identifier_and_stands_where_it_did_last() -> None:
    (station,) = stations(DETAILS)
    assert (station.id, station.wigos_id) == ("0-20000-0-12345", "0-20000-0-12345")
    assert (station.position, station.elevation_m) == ((46.25, 11.75), 2004.0)
    assert [(each.id, each.latitude) for each in stations(FOUND)] == [("0-20000-0-10999", 52.5), ("0-22000-0-ABC", None)]


@pytest.mark.parametrize("document", [PLAIN, [PLAIN], {"count": 1, "data": [PLAIN]}, {"data": {"stations": [PLAIN]}}])
def test_stations_may_stand_alone_or_in_lists(document: Any) -> None:
    entry = surveyed(document)
    assert (entry.recognition.format, entry.status, entry.rows) == ("station-objects", Status.OK, 1)
    assert entry.stations == {"10637": 1}


def test_stations_may_stand_one_a_line() -> None:
    assert surveyed(lines(PLAIN, PLAIN | {"id": "10638"})).stations == {"10637": 1, "10638": 1}


def test_what_is_no_station_is_rejected() -> None:
    entry = surveyed([PLAIN, 7, {"id": "A"}, PLAIN | {"latitude": 95}])
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 4, {"10637": 1})
    assert [(each.row, each.column, each.value) for each in entry.rejects] == [
        (2, None, "7"),
        (3, None, "{…}"),
        (4, "latitude", "95"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        {"id": 1, "name": "a shop", "latitude": 50.5, "longitude": 8.5},
        {"id": 1, "x": 5, "y": 7, "height": 30},
        PLAIN | {"temperature": 21.5},
        PLAIN | {"time": "2024-01-01T00:00:00Z"},
        PLAIN | {"$schema": "https://example.org/station"},
    ],
)
def test_other_things_with_a_position_are_none(document: dict[str, Any]) -> None:
    assert surveyed(document).recognition.format != "station-objects"


@settings(max_examples=200, deadline=None)
@given(gone_wrong(FOUND, [LISTED, DETAILS], PLAIN))
def test_nothing_that_went_wrong_in_a_list_fails(data: bytes) -> None:
    never_fails(data)
