from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.station import Authority
from tests.unit.formats.json_files import batches, column, gone_wrong, never_fails, sample, stations, surveyed, there

PLACE: dict[str, Any] = {
    "latitude": 52.54833,
    "longitude": 13.407822,
    "generationtime_ms": 0.1,
    "utc_offset_seconds": 7200,
    "timezone": "Europe/Berlin",
    "timezone_abbreviation": "CEST",
    "elevation": 38.0,
}
HOURLY = PLACE | {
    "hourly_units": {
        "time": "iso8601",
        "temperature_2m": "°C",
        "precipitation": "mm",
        "wind_speed_100m": "km/h",
        "weather_code": "wmo code",
    },
    "hourly": {
        "time": ["2024-07-01T00:00", "2024-07-01T01:00", "2024-07-01T02:00"],
        "temperature_2m": [13.9, None, 12.0],
        "precipitation": [0.0, 0.5, 1],
        "wind_speed_100m": [36, 18, 3.6],
        "weather_code": [1, 2, 3],
    },
}
DAILY = PLACE | {
    "daily_units": {
        "time": "iso8601",
        "temperature_2m_max": "°F",
        "rain_sum": "inch",
        "wind_gusts_10m_max": "mp/h",
        "uv_index_max": "",
    },
    "daily": {
        "time": ["2024-07-01", "2024-07-02"],
        "temperature_2m_max": [50, 68],
        "rain_sum": [1, 0],
        "wind_gusts_10m_max": [10, 20],
        "uv_index_max": [6.1, 7],
    },
}
CURRENT = PLACE | {
    "current_units": {"time": "unixtime", "interval": "seconds", "pressure_msl": "hPa", "precipitation": "mm"},
    "current": {"time": 1719784800, "interval": 900, "pressure_msl": 1013.2, "precipitation": 0.2},
}
EXPORT = """latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
52.54833,13.407822,38.0,7200,Europe/Berlin,CEST

time,temperature_2m (°C),precipitation (mm),weather_code (wmo code)
2024-07-01T00:00,13.9,0.00,1
2024-07-01T01:00,NaN,0.50,2
2024-07-01T02:00,12.0

time,temperature_2m_max (°C)
2024-07-01,21.5
"""


def test_clock_times_are_ahead_of_utc_by_the_offset_that_the_answer_names() -> None:
    (batch,) = batches(HOURLY)
    assert [iso(at) for at in batch.times] == ["2024-06-30T22:00:00Z", "2024-06-30T23:00:00Z", "2024-07-01T00:00:00Z"]
    air = column(batch, "air_temperature")
    assert (air.values, air.received, air.flags) == ([13.9, None, 12.0], ["13.9", "", "12.0"], [2, 9, 2])
    assert column(batch, "precipitation_amount:0:sum:PT1H").values == [0.0, 0.5, 1.0]
    assert column(batch, "wind_speed:100:point:PT0S").values == [10.0, 5.0, 1.0]
    assert len(batch.columns) == 3
    entry = surveyed(HOURLY)
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 3, 0)
    assert "weather_code" in entry.why


def test_the_place_has_the_name_of_its_coordinates_and_the_catalogue_says_so() -> None:
    (station,) = stations(HOURLY)
    assert (station.id, station.position, station.elevation_m) == ("open-meteo_52.54833_13.40782", (52.54833, 13.407822), 38.0)
    assert station.authority is Authority.DATA_FILE
    assert "it is called open-meteo_52.54833_13.40782 after its coordinates" in surveyed(HOURLY).why


def test_a_day_keeps_its_date() -> None:
    (batch,) = batches(DAILY)
    assert [iso(at) for at in batch.times] == ["2024-07-01T00:00:00Z", "2024-07-02T00:00:00Z"]
    assert column(batch, "air_temperature:2:maximum:P1D").values == [10.0, 20.0]
    assert column(batch, "rainfall_amount:0:sum:P1D").values == [25.4, 0.0]
    assert column(batch, "wind_speed_of_gust:10:maximum:P1D").values == [4.4704, 8.9408]
    assert column(batch, "ultraviolet_index:2:maximum:P1D").values == [6.1, 7.0]


def test_a_day_in_seconds_is_the_same_date() -> None:
    daily = DAILY["daily"] | {"time": [1719784800, 1719871200]}  # midnight in Berlin
    data = DAILY | {"daily": daily, "daily_units": DAILY["daily_units"] | {"time": "unixtime"}}
    assert [iso(at) for at in batches(data)[0].times] == ["2024-07-01T00:00:00Z", "2024-07-02T00:00:00Z"]


def hourly(variables: dict[str, list[Any]]) -> dict[str, Any]:
    """Two hours."""
    answer = PLACE | {"hourly": {"time": ["2024-07-01T00:00", "2024-07-01T01:00"], **variables}}
    return answer | {"hourly_units": {"time": "iso8601", **dict.fromkeys(variables, "°C")}}


@pytest.mark.parametrize(
    "model",
    ["icon_seamless", "gfs_global", "best_match", "ecmwf_ifs025", "member01", "member12_ncep_gefs_seamless", "MRI_AGCM3_2_S"],
)
def test_each_model_and_each_member_of_an_ensemble_is_a_station(model: str) -> None:
    answer = hourly({"temperature_2m": [1, 2], f"temperature_2m_{model}": [3, None], f"dew_point_2m_{model}": [0, 1]})
    found = {batch.station_id: {known.id: each.values for known, each in batch.columns.items()} for batch in batches(answer)}
    assert found == {
        "open-meteo_52.54833_13.40782": {"air_temperature": [1, 2]},
        f"open-meteo_52.54833_13.40782_{model}": {"air_temperature": [3, None], "dew_point_temperature": [0, 1]},
    }
    assert {station.position for station in stations(answer)} == {(52.54833, 13.407822)}
    assert "each is a station of its own" in surveyed(answer).why


@pytest.mark.parametrize(
    "name", ["temperature_2m_anomaly", "precipitation_probability", "temperature_2m_member1", "iconic_member01"]
)
def test_what_no_model_is_called_is_no_model(name: str) -> None:
    entry = surveyed(hourly({"temperature_2m": [1, 2], name: [3, 4]}))
    assert list(entry.stations) == ["open-meteo_52.54833_13.40782"]
    assert name in entry.why


def test_radiation_of_a_day_is_its_mean() -> None:
    answer = PLACE | {
        "daily_units": {"time": "iso8601", "shortwave_radiation_sum": "MJ/m²"},
        "daily": {"time": ["2024-07-01"], "shortwave_radiation_sum": [8.64]},
    }
    (batch,) = batches(answer)
    assert column(batch, "surface_downwelling_shortwave_flux_in_air:2:mean:P1D").values == [100]


@pytest.mark.parametrize(
    ("name", "unit", "parameter"),
    [
        ("sea_surface_temperature", "°C", "sea_surface_temperature"),
        ("diffuse_radiation", "W/m²", "surface_diffuse_downwelling_shortwave_flux_in_air:2:mean:PT1H"),
        ("direct_normal_irradiance_instant", "W/m²", "surface_direct_along_beam_shortwave_flux_in_air"),
    ],
)
def test_what_is_told_of_the_sea_and_of_the_sun_is_taken(name: str, unit: str, parameter: str) -> None:
    hours = ["2024-03-01T00:00", "2024-03-01T01:00"]
    document = PLACE | {"hourly_units": {"time": "iso8601", name: unit}, "hourly": {"time": hours, name: [8.2, 8.3]}}
    assert column(batches(document)[0], parameter).values == [8.2, 8.3]


def test_what_has_no_unit_in_the_answer_is_left() -> None:
    """As the first version of the service answered."""
    answer = PLACE | {"current_weather": {"time": "2024-07-01T12:00", "temperature": 13.3, "windspeed": 10.3}}
    entry = surveyed(answer)
    assert (entry.stations, [reject.column for reject in entry.rejects]) == ({}, [None])
    assert "does not tell the units of temperature" in entry.why
    (batch,) = batches(answer | {"current_weather_units": {"time": "iso8601", "temperature": "°C", "windspeed": "km/h"}})
    assert column(batch, "air_temperature").values == [13.3]


def test_an_answer_without_what_only_the_service_needs_is_known() -> None:
    kept = {
        name: each
        for name, each in hourly({"temperature_2m": [1, 2]}).items()
        if name not in ("generationtime_ms", "elevation")
    }
    assert surveyed(kept).recognition.format == "open-meteo"


def test_the_current_value_names_its_interval() -> None:
    (batch,) = batches(CURRENT)
    assert [iso(at) for at in batch.times] == ["2024-06-30T22:00:00Z"]
    assert column(batch, "air_pressure_at_mean_sea_level").values == [1013.2]
    assert column(batch, "precipitation_amount:0:sum:PT15M").values == [0.2]


def test_rain_beside_showers_is_only_a_part_of_the_rainfall() -> None:
    hourly = {"time": ["2024-07-01T00:00"], "rain": [1.0], "showers": [2.0]}
    data = PLACE | {"hourly": hourly, "hourly_units": {"rain": "mm", "showers": "mm"}}
    entry = surveyed(data)
    assert entry.status is Status.REJECTED
    assert [reject.reason for reject in entry.rejects] == ["the row holds no quantity that is taken"]
    assert batches(data) == []


def test_several_places_are_several_stations() -> None:
    other = HOURLY | {"latitude": -33.5, "longitude": 190.25, "location_id": 1}
    assert surveyed([HOURLY, other]).stations == {"open-meteo_52.54833_13.40782": 3, "open-meteo_-33.5_-169.75": 3}


def test_arrays_of_different_lengths_and_times_that_are_none_are_rejected() -> None:
    hourly = HOURLY["hourly"] | {"temperature_2m": [1, 2], "time": ["2024-07-01T00:00", "noon", "2024-07-01T02:00"]}
    entry = surveyed(HOURLY | {"hourly": hourly})
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(2, "hourly.time"), (None, "hourly.temperature_2m")]
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 3, {"open-meteo_52.54833_13.40782": 2})


@pytest.mark.parametrize(
    "text", [EXPORT, EXPORT.replace("2024-07-01,", "2024-07-01 00:00:00,")], ids=["as it came", "saved again"]
)
def test_the_export_has_a_table_of_hours_and_one_of_days(text: str) -> None:
    entry = surveyed(text.encode())
    assert (entry.recognition.format, entry.status, entry.rows) == ("open-meteo", Status.PARTIAL, 4)
    assert [(reject.row, reject.reason) for reject in entry.rejects] == [(7, "the row has 2 fields where the header has 4")]
    hours, days = batches(text.encode())
    assert (hours.rows, [iso(at) for at in hours.times]) == ([5, 6], ["2024-06-30T22:00:00Z", "2024-06-30T23:00:00Z"])
    assert column(hours, "air_temperature").values == [13.9, None]
    assert column(hours, "precipitation_amount:0:sum:PT1H").values == [0.0, 0.5]
    assert (days.rows, column(days, "air_temperature:2:maximum:P1D").values) == ([10], [21.5])


def test_an_hour_of_each_day_that_an_export_was_cut_to_is_no_day() -> None:
    lines = EXPORT.split("\n")[:4] + [f"2024-07-0{day}T00:00,13.9,0.50,1" for day in (1, 2, 3)]
    (batch,) = batches("\n".join([*lines, ""]).encode())
    assert [iso(at) for at in batch.times] == ["2024-06-30T22:00:00Z", "2024-07-01T22:00:00Z", "2024-07-02T22:00:00Z"]
    assert column(batch, "air_temperature").values == [13.9, 13.9, 13.9]


def test_hours_of_an_export_may_run_backwards() -> None:
    head, *rows = EXPORT.split("\n")[3:6]
    lines = [*EXPORT.split("\n")[:3], head, rows[1].replace("01:00", "00:15"), rows[0], ""]
    (batch,) = batches("\n".join(lines).encode())
    assert "precipitation_amount:0:sum:PT15M" in {each.id for each in batch.columns}


def test_an_export_of_several_places_names_the_place_in_each_row() -> None:
    data = (
        "location_id,latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
        "0,52.5,13.5,38.0,0,GMT,GMT\n1,48.25,16.5,170,0,GMT,GMT\n\n"
        "location_id,time,temperature_2m_mean (°C)\n0,2024-07-01,20\n1,2024-07-01,21\n2,2024-07-01,22\n"
    ).encode()
    entry = surveyed(data)
    assert entry.stations == {"open-meteo_52.5_13.5": 1, "open-meteo_48.25_16.5": 1}
    assert [reject.value for reject in entry.rejects] == ["2"]


def test_an_error_of_the_service_is_its_reason() -> None:
    entry = surveyed(PLACE | {"error": True, "reason": "Daily API request limit exceeded."})
    assert (entry.status, entry.rejects[0].reason) == (Status.REJECTED, "Daily API request limit exceeded.")


@pytest.mark.parametrize("name", there("openmeteo_davis_daily_1940.json"))
def test_85_real_years(name: str) -> None:
    entry = surveyed(sample(name))
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 31047, {"open-meteo_38.55887_-121.5489": 31047})
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("1940-01-01T00:00:00Z", "2024-12-31T00:00:00Z")
    facts = {each.name: (each.minimum_received, each.maximum_received, each.values, each.missing) for each in entry.columns}
    assert facts["temperature_2m_max"] == (32.7, 117.1, 31047, 0)
    assert facts["temperature_2m_min"] == (19.8, 81.9, 31047, 0)
    assert facts["temperature_2m_mean"] == (25.4, 95.7, 31047, 0)


@pytest.mark.parametrize("name", there("openmeteo_berlin_daily_imperial.csv"))
def test_a_real_export(name: str) -> None:
    entry = surveyed(sample(name))
    assert (entry.status, entry.rows, entry.station_count) == (Status.OK, 3654, 1)
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("2014-10-28T00:00:00Z", "2024-10-28T00:00:00Z")
    facts = {each.name: (each.minimum_received, each.maximum_received, each.values) for each in entry.columns}
    assert facts["temperature_2m_max"] == (19.1, 99.9, 3654)
    assert facts["temperature_2m_min"] == (5.2, 74.8, 3654)


@pytest.mark.parametrize("name", there("openmeteo_moscow.csv"))
def test_an_export_without_its_place_is_a_table_that_wants_a_mapping(name: str) -> None:
    assert surveyed(sample(name)).status is Status.UNMAPPED


@given(gone_wrong(HOURLY, DAILY, CURRENT, [HOURLY, DAILY]))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_an_answer_fails(data: bytes) -> None:
    never_fails(data)


@pytest.mark.parametrize("name", ["temperature_2m_gfs_seamless_previous_day1", "temperature_2m_previous_day1"])
def test_what_an_older_run_said_is_no_model_and_is_left(name: str) -> None:
    values = {"time": HOURLY["hourly"]["time"], "temperature_2m": [1, 2, 3], name: [4, 5, 6]}
    document = HOURLY | {"hourly_units": {"temperature_2m": "°C", name: "°C"}, "hourly": values}
    assert len(stations(document)) == 1
    assert name in surveyed(document).why
