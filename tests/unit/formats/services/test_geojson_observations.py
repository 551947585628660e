from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from tests.unit.formats.json_files import batches, column, gone_wrong, lines, never_fails, sample, stations, surveyed, there

PARAMETERS = {
    "air_temperature:2.0:mean:PT1M": {
        "type": "Parameter",
        "observedProperty": {
            "id": "https://vocab.nerc.ac.uk/standard_name/air_temperature",
            "label": {"en": "Air temperature"},
        },
        "unit": {"label": {"en": "degrees Celsius"}},
    }
}
LOCATION: dict[str, Any] = {
    "type": "Feature",
    "id": "0-20000-0-06260",
    "geometry": {"type": "Point", "coordinates": [5.25, 52.125]},
    "properties": {"name": "DE BILT AWS", "parameter-name": list(PARAMETERS)},
}
LOCATIONS = {"type": "FeatureCollection", "features": [LOCATION], "parameters": PARAMETERS}
OBSERVED = LOCATIONS | {
    "features": [
        LOCATION | {"properties": LOCATION["properties"] | {"datetime": "2022-12-31T00:00:00Z", next(iter(PARAMETERS)): value}}
        for value in (11.9, None, "cold")
    ]
}
MESSAGE: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": {"lat": 59.5, "lon": 6.25}},
    "properties": {
        "datetime": "2023-06-14T14:00:00Z",
        "platform": "0-578-0-46220",
        "platform_name": "Gullingen",
        "level": "2.0",
        "function": "mean",
        "period": "PT1M",
        "content": {"encoding": "utf-8", "standard_name": "air_temperature", "unit": "K", "size": 6, "value": "288.15"},
    },
}
REPORT: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [1.5, 28.0, 300]},
    "properties": {
        "wigos_station_identifier": "0-20000-0-60630",
        "phenomenonTime": "2022-03-31T00:00:00Z/2022-03-31T06:00:00Z",
        "name": "total_precipitation_or_total_water_equivalent",
        "value": 1.5,
        "units": "kg m-2",
    },
}


def test_an_answer_of_edr_has_values_under_the_names_of_its_parameters() -> None:
    (batch,) = batches(OBSERVED)
    assert (batch.station_id, [iso(at) for at in batch.times][:1], batch.rows) == (
        "0-20000-0-06260",
        ["2022-12-31T00:00:00Z"],
        [1, 2, 3],
    )
    assert column(batch, "air_temperature:2:mean:PT1M").values == [11.9, None, None]
    assert [(reject.row, reject.value) for reject in surveyed(OBSERVED).rejects] == [(3, "cold")]


def test_an_answer_about_locations_tells_of_stations() -> None:
    entry = surveyed(LOCATIONS)
    assert (entry.status, entry.rows, entry.first, entry.bbox) == (Status.OK, 1, None, (5.25, 52.125, 5.25, 52.125))
    assert "no observations" in entry.why
    (station,) = stations(LOCATIONS)
    assert (station.id, station.wigos_id, station.name) == ("0-20000-0-06260", "0-20000-0-06260", "DE BILT AWS")


def test_an_answer_of_e_soh_about_time_series_tells_of_stations() -> None:
    told = {
        "platform": "0-1-2-A",
        "platform_name": "Alpha",
        "standard_name": "wind_speed",
        "parameter_name": "wind_speed:10:mean:PT10M",
    }
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.5, 52.5]}, "properties": told, "id": "225c"}
    for document in (feature, {"type": "FeatureCollection", "features": [feature, feature]}):
        entry = surveyed(document)
        assert (entry.recognition.format, entry.status) == ("geojson-observations", Status.OK)
        assert "no observations" in entry.why
        (station, *_) = stations(document)
        assert (station.id, station.name, station.position) == ("0-1-2-A", "Alpha", (52.5, 4.5))


def test_a_message_of_e_soh_is_one_value() -> None:
    (batch,) = batches(lines(MESSAGE, MESSAGE))
    value = column(batch, "air_temperature:2:mean:PT1M")
    assert (batch.station_id, batch.rows, value.values, value.received) == (
        "0-578-0-46220",
        [1, 2],
        [15.0, 15.0],
        ["288.15"] * 2,
    )
    assert stations(MESSAGE)[0].position == (59.5, 6.25)


def test_a_report_of_wis2box_ends_with_its_period() -> None:
    (batch,) = batches(REPORT)
    assert [iso(at) for at in batch.times] == ["2022-03-31T06:00:00Z"]
    assert column(batch, "precipitation_amount:0:sum:PT6H").values == [1.5]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"platform": ""}, "the feature names no station"),
        ({"datetime": "soon"}, "not a time such as"),
        ({"function": "guess"}, "is no cell method"),
        ({"period": "an hour"}, "is no ISO 8601 duration"),
        ({"period": "PT0S"}, "is taken over a time"),
        ({"level": "high"}, "not a level in metres"),
        ({"content": {"standard_name": "Mood", "value": "1"}}, "is not a CF standard name"),
        ({"content": {"standard_name": "air_temperature", "unit": "m", "value": "1"}}, "is no unit of air_temperature"),
    ],
)
def test_a_message_that_says_too_little_is_rejected(changed: dict[str, Any], why: str) -> None:
    entry = surveyed(MESSAGE | {"properties": MESSAGE["properties"] | changed})
    assert (entry.recognition.format, entry.status) == ("geojson-observations", Status.REJECTED)
    assert why in entry.rejects[0].reason


def test_other_geojson_is_none_of_this() -> None:
    for properties in ({"name": "A lake"}, {}, {"datetime": "2024-01-01"}):
        feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": properties}
        entry = surveyed({"type": "FeatureCollection", "features": [feature]})
        assert (entry.recognition.format, entry.status) == (None, Status.UNKNOWN)


@pytest.mark.parametrize("name", there("esoh_features.geojson", "esoh_locations_two_points.geojson"))
def test_real_locations(name: str) -> None:
    entry = surveyed(sample(name), name)
    assert (entry.recognition.format, entry.status, entry.rows) == ("geojson-observations", Status.OK, 2)
    assert [station.id for station in stations(sample(name))] == ["0-20000-0-06260", "0-20000-0-06275"]


@pytest.mark.parametrize("name", there("esoh_mqtt_test1.json"))
def test_a_real_message_without_content(name: str) -> None:
    entry = surveyed(sample(name), name)
    assert (entry.status, entry.rejects[0].column) == (Status.REJECTED, "properties.content")


@given(gone_wrong(OBSERVED, LOCATIONS, MESSAGE, REPORT))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_a_feature_fails(data: bytes) -> None:
    never_fails(data)
