"""Ecowitt and Ambient Weather."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.json_readings import of_file
from mesonet.formats.reading import Context
from mesonet.formats.services.home_stations import MOST_STATIONS
from mesonet.formats.survey import survey
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

PASSKEY = "0123456789ABCDEF0123456789ABCDEF"
PUSH = {
    "PASSKEY": PASSKEY,
    "stationtype": "GW2000A_V2.1.4",
    "dateutc": "2022-05-18 18:17:37",
    "tempinf": "71.2",
    "tempf": "50.0",
    "humidity": "47",
    "winddir": "100",
    "windspeedmph": "10",
    "windgustmph": "20",
    "baromrelin": "29.92",
    "baromabsin": "28.5",
    "rainratein": "1",
    "rrain_piezo": "2",
    "dailyrainin": "0.134",
    "solarradiation": "174.81",
    "uv": "1",
    "wh65batt": "0",
    "model": "GW2000A",
}
PAGE = {
    "errcode": "0",
    "list": {
        "tempf": {
            "title": "Outdoor",
            "list": {"tempf": ["0.5", "-", "1.5"], "drew_temp": ["-0.7", "-", "0"]},
            "title_arr": ["Temperature", "Dew Point"],
            "units": "℃",
        },
        "wind": {
            "list": {"windspeedmph": ["3.6", "7.2", "0"], "windgustmph": ["36", "-", "0"]},
            "title_arr": [],
            "units": ["km/h", "km/h"],
        },
        "winddir": {"list": {"winddir": [244, 244, 360]}, "title_arr": [], "units": "º"},
        "pressure": {
            "list": {"baromrelin": ["29.92", "29.92", "-"], "baromabsin": ["28.5", "28.5", "-"]},
            "title_arr": [],
            "units": "inHg",
        },
    },
    "times": ["2026-03-13 00:00", "2026-03-13 00:05", "2026-03-13 00:10"],
}
ANSWER = {
    "code": 0,
    "msg": "success",
    "time": "1700000600",
    "data": {
        "outdoor": {"temperature": {"unit": "℉", "list": {"1700000000": "50", "1700000300": "32"}}},
        "wind": {"wind_speed": {"unit": "m/s", "list": {"1700000000": "1.5"}}},
        "solar_and_uvi": {"uvi": {"time": "1700000300", "unit": "", "value": "3"}},
        "indoor": {"temperature": {"unit": "℉", "list": {"1700000000": "70"}}},
    },
}
DEVICE: dict[str, Any] = {
    "macAddress": "00:0E:C6:00:07:10",
    "lastData": {
        "dateutc": 1699474320000,
        "tempf": 50,
        "dewPoint": 32,
        "humidity": 60,
        "baromrelin": 29.92,
        "baromabsin": 28.5,
        "hourlyrainin": 0.5,
        "stationtype": "AMBWeatherPro_V5.0.6",
    },
    "info": {"name": "Back yard", "coords": {"elevation": 237.0, "coords": {"lon": -97.5, "lat": 32.25}}},
}


def test_a_push_may_tell_its_dew_point() -> None:
    (batch,) = batches(PUSH | {"dewpointf": "32"})
    assert {parameter.id: each.values[0] for parameter, each in batch.columns.items()}["dew_point_temperature"] == 0


def test_a_push_is_one_row_in_the_units_that_its_names_say() -> None:
    (batch,) = batches(PUSH)
    assert [iso(at) for at in batch.times] == ["2022-05-18T18:17:37Z"]
    found = {parameter.id: (each.values[0], each.unit_received) for parameter, each in batch.columns.items()}
    assert found == {
        "air_temperature": (10.0, "degF"),
        "relative_humidity": (47.0, "%"),
        "wind_from_direction": (100.0, "deg"),
        "wind_speed": (4.4704, "mph"),
        "wind_speed_of_gust": (8.9408, "mph"),
        "air_pressure_at_mean_sea_level": (1013.208, "inHg"),
        "air_pressure": (965.1209, "inHg"),
        "rainfall_rate": (25.4, "in/h"),
        "surface_downwelling_shortwave_flux_in_air": (174.81, "W/m2"),
        "ultraviolet_index": (1.0, "1"),
    }
    entry = surveyed(PUSH)
    assert entry.status is Status.OK
    assert "tempinf" in entry.why
    assert "batt" not in entry.why


def test_the_passkey_is_nowhere_in_what_is_published() -> None:
    broken = encoded(PUSH)[:80] + b"\n"
    for data in (encoded(PUSH), urlencode(PUSH).encode(), lines(PUSH, PUSH) + broken, encoded(PUSH | {"dateutc": "x"})):
        told = repr(surveyed(data)) + repr(batches(data)) + repr(stations(data))
        assert PASSKEY not in told
        assert PASSKEY[:16] not in told


def test_a_station_is_the_same_however_it_reports_and_another_for_another_passkey() -> None:
    (one,) = surveyed(PUSH).stations
    assert one.startswith("ecowitt_")
    assert surveyed(urlencode(PUSH).encode()).stations == {one: 1}
    entry = surveyed(lines(PUSH, PUSH, PUSH | {"PASSKEY": PASSKEY[::-1]}))
    assert entry.stations[one] == 2
    assert entry.station_count == 2


def test_many_stations_in_one_file_are_refused_since_each_takes_time() -> None:
    pushes = [PUSH | {"PASSKEY": f"{n:032X}{'ABCDEF'}"} for n in range(MOST_STATIONS + 5)]
    entry = surveyed(lines(*pushes))
    assert (entry.station_count, entry.rejected) == (MOST_STATIONS, 5)


def test_a_passkey_that_was_blacked_out_is_none() -> None:
    entry = surveyed(PUSH | {"PASSKEY": "x" * 32}, "uploads/garden-20220518.json")
    assert list(entry.stations) == ["ecowitt_garden"]
    assert "called ecowitt_garden after the file" in entry.why


def test_a_station_is_called_after_its_file_without_the_date() -> None:
    keys = ("uploads/garden.json", "a/garden_2024-01-01.json", "garden/2024-01-01.json", "garden/20240101T0600Z.json", "garden")
    assert {of_file(key, "ecowitt") for key in keys} == {"ecowitt_garden"}
    assert of_file("", "ecowitt") == "ecowitt"
    assert of_file("x/ecowitt-roof.json", "ecowitt") == "ecowitt-roof"


def test_a_relative_pressure_that_was_never_set_is_not_at_sea_level() -> None:
    data = PUSH | {"baromrelin": "28.5"}
    assert {each.standard_name for each in batches(data)[0].columns}.isdisjoint({"air_pressure_at_mean_sea_level"})
    assert "the height of the station was not set" in surveyed(data).why


METRIC = {"baromrelin": "1013.2", "baromabsin": "965.1", "tempf": 10.0}


@pytest.mark.parametrize("stamped", [{}, {"macAddress": "00:0E:C6:00:00:01", "lastData": {"dateutc": 1652897857000}}])
def test_a_pressure_that_can_only_be_metric_tells_that_the_names_do_not_say_the_unit(stamped: dict[str, Any]) -> None:
    push = PUSH | METRIC
    document = {"macAddress": stamped["macAddress"], "lastData": push | stamped["lastData"]} if stamped else push
    found = surveyed(encoded(document))
    assert {each.column for each in found.rejects} == {
        *("tempf", "windspeedmph", "windgustmph", "baromrelin", "baromabsin", "rainratein", "rrain_piezo"),
    }
    assert {each.reason for each in found.rejects} == {
        "baromabsin can be in hPa and not in inHg, so the values are not in the units of their names"
    }
    (batch,) = batches(encoded(document))
    assert {each.standard_name for each in batch.columns} == {
        *("relative_humidity", "wind_from_direction", "surface_downwelling_shortwave_flux_in_air", "ultraviolet_index"),
    }


@pytest.mark.parametrize("pressure", ["0", "33.1", "5000", "nan", "", None, "-", []])
def test_other_pressures_do_not(pressure: object) -> None:
    (batch,) = batches(encoded(PUSH | {"baromabsin": pressure}))
    assert column(batch, "air_temperature").values == [10.0]


def test_a_report_without_a_time_is_rejected() -> None:
    for stamp in ("now", "", None, "2022-05-18"):
        entry = surveyed(PUSH | {"dateutc": stamp})
        assert (entry.status, entry.rejects[0].column) == (Status.REJECTED, "dateutc")


UPLOAD = {
    "ID": "IGARDEN7",
    "PASSWORD": "hunter2",  # pragma: allowlist secret
    "dateutc": "2024-06-01 10:32:35",
    "baromin": "29.92",
    "tempf": "50",
    "humidity": "71",
    "windspeedmph": "10",
    "rainin": "0.1",
    "UV": "3",
    "indoortempf": "70.1",
    "softwaretype": "EasyWeather",
    "action": "updateraww",
}


@pytest.mark.parametrize(
    "data",
    [
        encoded(UPLOAD),
        urlencode(UPLOAD).encode(),
        f"GET /weatherstation/updateweatherstation.php?{urlencode(UPLOAD)} HTTP/1.1\n".encode(),
    ],
    ids=["json", "form", "log"],
)
def test_a_report_to_weather_underground_is_of_its_station_and_its_password_is_nowhere(data: bytes) -> None:
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("ecowitt", Status.OK, 1, {"IGARDEN7": 1})
    assert iso(entry.first or 0) == "2024-06-01T10:32:35Z"
    (batch,) = batches(data)
    assert {each.id: told.values for each, told in batch.columns.items()} == {
        "air_pressure_at_mean_sea_level": [pytest.approx(1013.2, abs=0.1)],
        "air_temperature": [10],
        "relative_humidity": [71],
        "wind_speed": [4.4704],
        "ultraviolet_index": [3],
    }
    assert "not taken, since Mesonet has no parameter for them: rainin, indoortempf" in entry.why
    assert "hunter2" not in repr(entry)


def test_a_report_of_now_is_of_when_it_arrived_and_of_no_time_where_that_is_not_known() -> None:
    now = encoded(UPLOAD | {"dateutc": "now"})
    entry = survey(io.BytesIO(now), Context(received=1_717_238_000_000))
    assert (entry.status, entry.first) == (Status.OK, 1_717_238_000_000)
    assert "dateutc is 'now', which was taken for when the file arrived" in entry.why
    assert [each.column for each in surveyed(now).rejects] == ["dateutc"]


def test_a_line_that_is_no_whole_form_does_not_tell_its_password() -> None:
    entry = surveyed(urlencode(UPLOAD).encode() + b"\nID=IGARDEN7&PASSWORD=hunter2&tempf=50\n")
    assert [(each.row, each.value) for each in entry.rejects] == [(2, "…")]


def test_a_report_without_the_type_of_the_gateway_is_known_by_what_else_it_tells() -> None:
    push = {name: value for name, value in PUSH.items() if name not in ("PASSKEY", "stationtype")}
    entry = surveyed(encoded(push | {"runtime": "319206"}))
    assert (entry.recognition.format, entry.status, entry.rows) == ("ecowitt", Status.OK, 1)


def test_arrays_of_the_page_have_the_unit_that_stands_beside_them() -> None:
    (batch,) = batches(PAGE)
    assert iso(batch.times[0]) == "2026-03-13T00:00:00Z"
    assert column(batch, "air_temperature").values == [0.5, None, 1.5]
    assert column(batch, "dew_point_temperature").values == [-0.7, None, 0.0]
    assert column(batch, "wind_speed").values == [1.0, 2.0, 0.0]
    assert column(batch, "wind_from_direction").values == [244.0, 244.0, 360.0]
    entry = surveyed(PAGE)
    assert (entry.recognition.format, entry.status, entry.stations) == ("ecowitt", Status.OK, {"ecowitt_garden": 3})
    assert "no zone and were taken as UTC" in entry.why


def test_an_answer_of_the_api_has_times_of_each_value() -> None:
    (batch,) = batches(ANSWER)
    assert [iso(at) for at in batch.times] == ["2023-11-14T22:13:20Z", "2023-11-14T22:18:20Z"]
    assert column(batch, "air_temperature").values == [10.0, 0.0]
    assert column(batch, "wind_speed").values == [1.5, None]
    assert column(batch, "ultraviolet_index").values == [None, 3.0]


def test_an_empty_answer_says_what_the_service_said() -> None:
    entry = surveyed({"code": 40010, "msg": "Illegal Application_Key Parameter", "data": {"outdoor": {}}})
    assert entry.status is Status.REJECTED
    assert "Illegal Application_Key Parameter" in entry.rejects[0].reason


def test_a_device_of_ambient_is_a_row_and_a_station() -> None:
    (batch,) = batches([DEVICE])
    assert [iso(at) for at in batch.times] == ["2023-11-08T20:12:00Z"]
    assert column(batch, "air_temperature").values == [10.0]
    assert column(batch, "dew_point_temperature").values == [0.0]
    assert not any("rain" in each.standard_name for each in batch.columns)
    (station,) = stations([DEVICE])
    assert (station.name, station.position, station.elevation_m) == ("Back yard", (32.25, -97.5), 237.0)
    assert station.id == batch.station_id
    told = repr(surveyed([DEVICE])) + repr(batches([DEVICE]))
    assert "0710" not in told
    assert "07:10" not in told


def test_devices_without_data_are_rejected_and_the_others_taken() -> None:
    entry = surveyed(
        {"data": [DEVICE, DEVICE | {"macAddress": "00:0E:C6:00:07:11", "lastData": {}}, DEVICE | {"macAddress": "me"}]}
    )
    assert (entry.status, entry.rows, entry.rejected, entry.station_count) == (Status.PARTIAL, 3, 2, 1)


def test_a_history_of_ambient_is_of_the_station_that_the_file_names() -> None:
    entry = surveyed([DEVICE["lastData"], DEVICE["lastData"] | {"dateutc": 1699474620000}], "yard/2023-11-08.json")
    assert (entry.recognition.format, entry.stations) == ("ambient-weather", {"ambient_yard": 2})


REAL = {
    "ecowitt_push_gw2000a.json": ("2022-05-18T18:17:37Z", 74.5),
    "ecowitt_push_pthp2550.json": ("2021-10-04T02:28:32Z", 35.2),
    "ecowitt_push_ws2900.json": ("2021-08-17T00:15:59Z", 22.0),
}


@pytest.mark.parametrize("name", there(*REAL))
def test_real_pushes(name: str) -> None:
    entry = surveyed(sample(name), name)
    when, degrees = REAL[name]
    assert (entry.recognition.format, entry.status, entry.rows, entry.station_count) == ("ecowitt", Status.OK, 1, 1)
    assert entry.first is not None
    assert iso(entry.first) == when
    assert next(each.maximum_received for each in entry.columns if each.name == "tempf") == degrees


@pytest.mark.parametrize("name", there("ecowitt_api_day_20260313.json"))
def test_a_real_day(name: str) -> None:
    entry = surveyed(sample(name), name)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 289, {"ecowitt-api-day": 289})
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("2026-03-13T00:00:00Z", "2026-03-13T23:59:00Z")
    facts = next(each for each in entry.columns if each.name == "tempf")
    assert (facts.minimum_received, facts.maximum_received, facts.values, facts.unit) == (-1.6, 16.3, 286, "Cel")


@pytest.mark.parametrize("name", there("ambient_devices.json"))
def test_real_devices(name: str) -> None:
    entry = surveyed(sample(name), name)
    assert (entry.recognition.format, entry.status) == ("ambient-weather", Status.PARTIAL)
    assert (entry.rows, entry.rejected, entry.station_count) == (6, 2, 4)
    assert b"AA:AA" not in repr(entry).encode()


@given(gone_wrong(PUSH, PAGE, ANSWER, [DEVICE], DEVICE["lastData"]))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_a_report_fails(data: bytes) -> None:
    never_fails(data)
