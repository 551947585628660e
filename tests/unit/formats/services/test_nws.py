"""Observations and stations of api.weather.gov."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.station import Authority
from tests.unit.formats.json_files import (
    batches,
    column,
    encoded,
    gone_wrong,
    lines,
    never_fails,
    sample,
    stations,
    surveyed,
    there,
)

CONTEXT = ["https://geojson.org/geojson-ld/geojson-context.jsonld", {"wx": "https://api.weather.gov/ontology#"}]


def quantity(value: object, unit: str, quality: str = "V") -> dict[str, Any]:
    return {"unitCode": f"wmoUnit:{unit}", "value": value, "qualityControl": quality}


def observation(station: str = "KXYZ", at: str = "2024-02-20T15:53:00+00:00", **given: Any) -> dict[str, Any]:
    url = f"https://api.weather.gov/stations/{station}"
    values = {"temperature": quantity(13.9, "degC"), "windSpeed": quantity(36, "km_h-1")} | given
    return {
        "id": f"{url}/observations/{at}",
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-86.75, 33.57]},
        "properties": {
            "@id": f"{url}/observations/{at}",
            "elevation": {"unitCode": "wmoUnit:m", "value": 192},
            "station": url,
            "timestamp": at,
            "textDescription": "Clear",
            **values,
        },
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"@context": CONTEXT, "type": "FeatureCollection", "features": list(features)}


STATION = {
    "id": "https://api.weather.gov/stations/KXYZ",
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-111.5, 35.25]},
    "properties": {
        "@type": "wx:ObservationStation",
        "elevation": {"unitCode": "wmoUnit:m", "value": 2131.5},
        "stationIdentifier": "KXYZ",
        "name": "Somewhere  Airport",
        "timeZone": "America/Phoenix",
    },
}


def test_an_observation_becomes_a_row_of_its_station() -> None:
    data = collection(observation(barometricPressure=quantity(102610, "Pa"), precipitationLast3Hours=quantity(1.5, "mm")))
    (batch,) = batches(data)
    assert (batch.station_id, [iso(at) for at in batch.times], batch.rows) == ("KXYZ", ["2024-02-20T15:53:00Z"], [1])
    wind = column(batch, "wind_speed")
    assert (wind.values, wind.unit, wind.received, wind.unit_received, wind.flags) == ([10.0], "m/s", ["36"], "km_h-1", [2])
    assert column(batch, "altimeter_setting").values == [1026.1]
    assert column(batch, "precipitation_amount:0:sum:PT3H").values == [1.5]
    (station,) = stations(data)
    assert (station.id, station.position, station.elevation_m) == ("KXYZ", (33.57, -86.75), 192.0)
    assert station.authority is Authority.DATA_FILE
    assert surveyed(data).status is Status.OK


def test_one_observation_is_read_without_a_collection_and_many_one_a_line() -> None:
    single = {"@context": CONTEXT} | observation()
    assert surveyed(single).stations == {"KXYZ": 1}
    entry = surveyed(lines(single, single) + b'{"type": "Fea\n' + lines(single))
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 4, {"KXYZ": 3})
    assert [reject.row for reject in entry.rejects] == [3]
    assert [batch.rows for batch in batches(lines(single, single, single))] == [[1, 2, 3]]


def test_a_station_is_where_and_what_was_said_last() -> None:
    def buoy(longitude: float, height: float, name: str) -> dict[str, Any]:
        placed = observation(elevation=quantity(height, "m"), stationName=name)
        return placed | {"geometry": {"type": "Point", "coordinates": [longitude, 33.57]}}

    told = [(-86.75, 0, "Drifter"), (-86.75, 0, "Drifter"), (-87.5, 0, "Drifter"), (-87.5, 2, "Drifter"), (-87.5, 2, "Buoy")]
    for count in range(1, len(told) + 1):
        (station,) = stations(lines(*(buoy(*each) for each in told[:count]), buoy(*told[count - 1])))
        assert (station.longitude, station.elevation_m, station.name) == told[count - 1]


def test_json_ld_without_features_is_read() -> None:
    flat = observation()["properties"] | {"geometry": "POINT(-86.75 33.57)"}
    data = {"@context": CONTEXT, "@graph": [flat]}
    assert surveyed(data).stations == {"KXYZ": 1}
    assert stations(data)[0].position == (33.57, -86.75)


def test_the_letters_of_quality_control_become_flags() -> None:
    given = [
        observation(temperature=quantity(1, "degC", letter)) for letter in ("V", "C", "S", "Z", "X", "qc:X", "Q", "B", "T")
    ]
    (batch,) = batches(collection(*given))
    assert column(batch, "air_temperature").flags == [2, 2, 2, 2, 4, 4, 3, 4, 2]


def test_null_is_missing_and_a_number_may_be_a_text() -> None:
    data = collection(
        observation(temperature=quantity(None, "degC", "Z")),
        observation(temperature=quantity("10", "degC", "qc:V")),
        observation(temperature=quantity("warm", "degC")),
        observation(temperature={"unitCode": "unit:degC"}),
    )
    (batch,) = batches(data)
    assert column(batch, "air_temperature").values == [None, 10.0, None, None]
    assert column(batch, "air_temperature").flags == [9, 2, 9, 9]
    entry = surveyed(data)
    assert [(reject.row, reject.column, reject.value) for reject in entry.rejects] == [(3, "temperature", "warm")]


def test_a_calm_has_no_direction() -> None:
    def wind(direction: object, speed: object) -> dict[str, Any]:
        return observation(windDirection=quantity(direction, "degree_(angle)"), windSpeed=quantity(speed, "km_h-1"))

    (batch,) = batches(collection(wind(0, 0), wind(0, 18), wind(120, 0), wind(None, 0)))
    assert column(batch, "wind_from_direction").values == [None, 0, 120, None]
    assert column(batch, "wind_speed").values == [0, 5, 0, 0]


def test_a_number_beyond_all_bounds_is_a_reject() -> None:
    data = encoded(collection(observation())).replace(b"13.9", b"1e999999")
    assert surveyed(data).rejects[0].reason == "not a finite number"


def test_other_units_of_one_quantity_make_another_table() -> None:
    data = collection(
        observation(), observation(windSpeed=quantity(10, "m_s-1")), observation(windSpeed=quantity(1, "furlong"))
    )
    assert [column(batch, "wind_speed").values for batch in batches(data)[:2]] == [[10.0], [10.0]]
    (reject,) = surveyed(data).rejects
    assert (reject.row, reject.column, reject.value) == (3, "windSpeed", "furlong")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (collection(observation(at="date:now -867 seconds")), "not a time such as"),
        (collection(observation(at="2024-02-30T00:00:00Z")), "not a time that exists"),
        (collection(), "the answer holds no observations"),
        ({"@context": CONTEXT, "features": None, "pagination": {"next": "https://api.weather.gov/stations/K/observations?c=1"}},
         "the answer holds no list of observations"),
        ({"type": "https://api.weather.gov/problems/NotFound", "status": 404, "detail": "Not Found"}, "its status is 404"),
    ],
)  # fmt: skip
def test_what_holds_no_observation_is_rejected_with_the_reason(document: dict[str, Any], why: str) -> None:
    if document.get("features") == []:
        document = document | {"pagination": {"next": "https://api.weather.gov/stations/K/observations?c=1"}}
    entry = surveyed(document)
    assert (entry.recognition.format, entry.status) == ("nws-observations", Status.REJECTED)
    assert why in entry.rejects[0].reason


def test_a_cut_answer_says_where() -> None:
    entry = surveyed(encoded(collection(observation()))[:600])
    assert (entry.recognition.format, entry.status) == ("nws-observations", Status.REJECTED)
    assert entry.rejects[0].reason == "the JSON ends in its middle, at line 1, column 601"


def test_stations_are_a_list_of_stations() -> None:
    unplaced = copy.deepcopy(STATION) | {"geometry": None}
    data = collection(STATION, unplaced, {"type": "Feature", "properties": {"stationIdentifier": ""}})
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("nws-stations", Status.PARTIAL, 3, 2)
    station = stations(data)[0]
    assert (station.id, station.name, station.timezone) == ("KXYZ", "Somewhere Airport", "America/Phoenix")
    assert (station.position, station.elevation_m, station.authority) == ((35.25, -111.5), 2131.5, Authority.STATION_LIST)


REAL: dict[str, tuple[Status, int, dict[str, int], str | None]] = {
    "nws_obs_D3169_mesonet.json": (Status.REJECTED, 1, {}, None),
    "nws_obs_KBHM.json": (Status.OK, 1, {"KBHM": 1}, "2024-02-20T15:53:00Z"),
    "nws_obs_KLIT.json": (Status.OK, 1, {"KLIT": 1}, "2024-02-20T15:53:00Z"),
    "nws_obs_KTCL.json": (Status.OK, 1, {"KTCL": 1}, "2024-02-23T18:53:00Z"),
    "nws_obs_PAEI_error.json": (Status.REJECTED, 0, {}, None),
    "nws_obs_PHNL.json": (Status.REJECTED, 1, {}, None),
    "nws_obs_missing_value.json": (Status.REJECTED, 1, {}, None),
    "nws_obs_multiple.json": (Status.OK, 2, {"KFLL": 2}, "2019-06-27T10:53:00Z"),
    "nws_obs_strings.json": (Status.OK, 1, {"KFLL": 1}, "2019-06-27T10:53:00Z"),
    "derived_trunc_nws_KBHM.json": (Status.REJECTED, 0, {}, None),
}


@pytest.mark.parametrize("name", there(*REAL))
def test_real_observations(name: str) -> None:
    entry = surveyed(sample(name))
    first = iso(entry.first) if entry.first is not None else None
    assert entry.recognition.format == "nws-observations"
    assert (entry.status, entry.rows, entry.stations, first) == REAL[name]
    assert entry.rejected if entry.status is Status.REJECTED else not entry.rejected
    if name == "nws_obs_KBHM.json":
        (facts,) = [each for each in entry.columns if each.name == "temperature"]
        assert (facts.minimum_received, facts.maximum_received, facts.values, facts.unit_received) == (13.9, 13.9, 1, "degC")


@pytest.mark.parametrize(
    ("name", "count"), [(name, 10 if "FGZ" in name else 12) for name in there("nws_stations_FGZ.json", "nws_stations_HFO.json")]
)
def test_real_stations(name: str, count: int) -> None:
    entry = surveyed(sample(name))
    assert (entry.recognition.format, entry.status, entry.rows) == ("nws-stations", Status.OK, count)
    assert entry.station_count == count
    assert all(station.position for station in stations(sample(name)))


@given(gone_wrong(collection(observation(), observation("KABC")), {"@context": CONTEXT} | observation(), collection(STATION)))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_an_answer_fails(data: bytes) -> None:
    never_fails(data)
