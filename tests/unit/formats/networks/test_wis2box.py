import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse, usual
from mesonet.domain.station import Authority, Station
from mesonet.formats.networks.wis2box_aws import LAYOUT
from mesonet.formats.networks.wis2box_climat import LAYOUT as CLIMAT
from mesonet.formats.networks.wis2box_daycli import SECOND, THIRD
from mesonet.formats.survey import Survey, observations, survey
from tests.damage import damaged
from tests.real_files import SAMPLES

ROW = {
    "wsi_series": "0",
    "wsi_issuer": "20000",
    "wsi_issue_number": "0",
    "wsi_local": "60351",
    "latitude": "36.5",
    "longitude": "3.25",
    "station_height_above_msl": "503",
}
AWS = ROW | {
    "year": "2024",
    "month": "5",
    "day": "1",
    "hour": "6",
    "minute": "0",
    "station_pressure": "95350",
    "thermometer_height": "1.5",
    "air_temperature": "298.15",
    "relative_humidity": "80",
    "anemometer_height": "10",
    "time_period_of_wind": "-10",
    "wind_direction": "30",
    "wind_speed": "3.2",
    "maximum_wind_gust_speed_1_hour": "9",
    "snow_depth": "0.05",
    "precipitation_intensity": "0.004",
    "rain_sensor_height": "2",
    "total_precipitation_1_hour": "4.7",
    "total_precipitation_24_hours": "11.4",
}
DAY = ROW | {
    "averaging_method": "2",
    "year": "2024",
    "month": "5",
    "day": "1",
    "precipitation": "1.5",
    "precipitation_flag": "0",
    "thermometer_height": "2",
    "maximum_temperature": "293.15",
    "maximum_temperature_flag": "0",
    "minimum_temperature": "283.15",
    "minimum_temperature_flag": "0",
    "average_temperature": "288.15",
    "average_temperature_flag": "7",
}
THIRD_DAY = ROW | {
    "attribution_year": "2024",
    "attribution_month": "5",
    "attribution_day": "1",
    "total_acc_precip": "1.5",
    "air_temperature_maximum": "293.15",
    "air_temperature_maximum_quality": "1",
}
MONTH = {
    "wigos_identifier_series": "0",
    "wigos_issuer_of_identifier": "20000",
    "wigos_issue_number": "0",
    "wigos_local_identifier_character": "60351",
    "station_or_site_name": "Alpha",
    "year": "2024",
    "month": "5",
    "day": "1",
    "hour": "0",
    "minute": "0",
    "latitude": "36.5",
    "longitude": "3.25",
    "height_of_station": "503",
    "days_in_month": "31",
    "mean_pressure": "95350",
    "mean_pressure_sea_level": "101450",
    "air_temperature": "291.65",
    "max_temperature_last_24h": "298.15",
    "min_temperature_last_24h": "284.15",
    "vapour_pressure": "1210",
    "days_missing_pressure": "0",
    "total_sunshine_hours": "210",
    "max_temp_above_30_days": "2",
    "height_of_temp_sensor": "1.8",
    "monthly_max_temperature": "305.15",
    "monthly_min_temperature": "279.15",
    "height_of_wind_sensor": "9.5",
    "maximum_instantaneous_wind_speed": "21.5",
    "total_accumulated_precipitation": "32.5",
    "normal_air_temperature": "290.15",
}


def table(*rows: dict[str, str]) -> bytes:
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows), ""]).encode()


MONTHS = table(MONTH, MONTH | {"month": "6", "air_temperature": "293.15", "mean_pressure": ""})


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data))


def batches(data: bytes) -> list[Batch]:
    return [piece for piece in observations(io.BytesIO(data)) if isinstance(piece, Batch)]


def test_the_aws_template_is_read_in_its_own_units_at_the_heights_of_the_sensors() -> None:
    data = table(AWS)
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows) == ("wis2box-aws-csv", Status.OK, 1)
    assert (entry.stations, iso(entry.first or 0)) == ({"0-20000-0-60351": 1}, "2024-05-01T06:00:00Z")
    (batch,) = batches(data)
    values = {parameter.id: column.values[0] for parameter, column in batch.columns.items()}
    assert values == {
        "air_pressure": 953.5,
        "air_temperature:1.5:point:PT0S": 25.0,
        "relative_humidity:1.5:point:PT0S": 80.0,
        "surface_snow_thickness": 50.0,
        "lwe_precipitation_rate": 14.4,
        "wind_from_direction:10:mean:PT10M": 30.0,
        "wind_speed:10:mean:PT10M": 3.2,
        "wind_speed_of_gust:10:maximum:PT1H": 9.0,
        "precipitation_amount:0:sum:PT1H": 4.7,
        "precipitation_amount:0:sum:PT24H": 11.4,
    }
    pressure = batch.columns[usual("air_pressure")]
    assert (pressure.received, pressure.unit_received, pressure.unit) == (["95350"], "Pa", "hPa")


def test_the_rows_locate_their_station_by_its_wigos_identifier() -> None:
    (station,) = [piece for piece in observations(io.BytesIO(table(AWS, AWS | {"hour": "7"}))) if isinstance(piece, Station)]
    assert station == Station(
        id="0-20000-0-60351",
        latitude=36.5,
        longitude=3.25,
        elevation_m=503.0,
        wigos_id="0-20000-0-60351",
        authority=Authority.DATA_FILE,
    )


def test_rows_with_other_heights_and_periods_are_other_parameters() -> None:
    data = table(AWS, AWS | {"hour": "7", "thermometer_height": "2", "time_period_of_wind": "-120"}, AWS | {"hour": "8"})
    first, second = batches(data)
    assert ([iso(at)[11:13] for at in first.times], first.rows) == (["06", "08"], [2, 4])
    assert second.columns[usual("air_temperature")].values == [25.0]
    assert second.columns[parse("wind_speed:10:mean:PT2H")].values == [3.2]
    assert surveyed(data).stations == {"0-20000-0-60351": 3}


def test_a_height_that_is_none_is_rejected_and_the_usual_one_taken() -> None:
    data = table(AWS | {"thermometer_height": "high", "time_period_of_wind": "", "anemometer_height": ""})
    entry = surveyed(data)
    assert [(each.row, each.column, each.value) for each in entry.rejects] == [(2, "thermometer_height", "high")]
    assert "wind was taken as the mean of 10 minutes" in entry.why
    assert usual("air_temperature") in batches(data)[0].columns


def test_a_missing_value_is_missing_and_a_wrong_one_rejected() -> None:
    entry = surveyed(table(AWS | {"air_temperature": "", "wind_speed": "calm"}))
    facts = {each.name: each for each in entry.columns}
    assert (entry.status, facts["air_temperature"].missing) == (Status.PARTIAL, 1)
    assert [(each.column, each.value) for each in entry.rejects] == [("wind_speed", "calm")]


def test_celsius_where_the_template_has_kelvin_is_flagged_and_said() -> None:
    data = table(AWS | {"air_temperature": "25", "station_pressure": "953.5"})
    (batch,) = batches(data)
    assert batch.columns[usual("air_pressure")].flags == [4]
    assert batch.columns[parse("air_temperature:1.5:point:PT0S")].flags == [4]
    assert "air_temperature goes from 25 to 25 K, which cannot be" in surveyed(data).why
    assert "in Cel or [degF] they could be" in surveyed(data).why


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"wsi_local": ""}, "'' is no local identifier"),
        ({"wsi_issuer": "x"}, "'x' is no number of a WIGOS"),
        ({"wsi_issuer": "70000"}, "'70000' is no number of a WIGOS"),
        ({"wsi_local": "x" * 17}, f"'{'x' * 17}' is no local identifier"),
        (dict.fromkeys(("wsi_series", "wsi_issuer", "wsi_issue_number", "wsi_local"), ""), "the row has no station"),
        ({"month": "13"}, "'2024 13 1 6 0' is not a time that exists"),
        ({"minute": ""}, "the row has no minute"),
    ],
)
def test_a_row_without_a_station_or_a_time_is_rejected(change: dict[str, str], reason: str) -> None:
    entry = surveyed(table(AWS, AWS | change))
    assert (entry.status, entry.stations, entry.rows) == (Status.PARTIAL, {"0-20000-0-60351": 1}, 2)
    assert entry.rejects[0].row == 3
    assert entry.rejects[0].reason.startswith(reason)


def test_columns_of_the_template_that_are_not_there_are_named() -> None:
    assert "the header lacks columns of the template: msl_pressure, dewpoint_temperature" in surveyed(table(AWS)).why


def test_a_place_that_is_none_costs_the_place_only() -> None:
    entry = surveyed(table(AWS | {"latitude": "91"}))
    assert (entry.status, entry.bbox, entry.stations) == (Status.PARTIAL, None, {"0-20000-0-60351": 1})


def test_days_stand_at_their_date_with_the_sender_s_quality() -> None:
    rows = [DAY]
    for day, (flag, value) in enumerate((("1", "293.15"), ("3", "293.15"), ("5", "293.15"), ("1", "")), 2):
        rows.append(DAY | {"day": str(day), "maximum_temperature_flag": flag, "maximum_temperature": value})
    entry = surveyed(table(*rows))
    assert (entry.recognition.format, entry.status, entry.rows) == ("wis2box-daycli-csv", Status.OK, 5)
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-05-01T00:00:00Z", "2024-05-05T00:00:00Z")
    (batch,) = batches(table(*rows))
    high = batch.columns[parse("air_temperature:2:maximum:P1D")]
    assert (high.values, high.flags) == ([20.0, 20.0, 20.0, None, None], [2, 3, 4, 9, 9])
    assert batch.columns[parse("precipitation_amount:0:sum:P1D")].values[0] == 1.5
    assert batch.columns[parse("air_temperature:2:mean:P1D")].flags[0] == 2


def test_a_mean_of_the_extremes_is_told_from_a_mean_of_the_day() -> None:
    (batch,) = batches(table(DAY | {"averaging_method": "0"}))
    assert parse("air_temperature:2:mid_range:P1D") in batch.columns


def test_the_third_version_of_daycli_is_read_too() -> None:
    entry = surveyed(table(THIRD_DAY))
    assert (entry.recognition.format, entry.status) == ("wis2box-daycli-csv", Status.OK)
    assert "version 3" in entry.why
    (batch,) = batches(table(THIRD_DAY))
    assert batch.columns[parse("air_temperature:2:maximum:P1D")].flags == [3]


def test_a_month_of_climat_has_means_sums_and_extremes_at_its_first_day() -> None:
    entry = surveyed(table(MONTH))
    assert (entry.recognition.format, entry.status, entry.stations) == ("wis2box-climat-csv", Status.OK, {"0-20000-0-60351": 1})
    (batch,) = batches(table(MONTH))
    assert list(map(iso, batch.times)) == ["2024-05-01T00:00:00Z"]
    values = {parameter.id: column.values[0] for parameter, column in batch.columns.items()}
    assert values == {
        "air_pressure:0:mean:P1M": 953.5,
        "air_pressure_at_mean_sea_level:0:mean:P1M": 1014.5,
        "air_temperature:1.8:mean:P1M": 18.5,
        "air_temperature:1.8:maximum_within_days_mean_over_days:P1M": 25.0,
        "air_temperature:1.8:minimum_within_days_mean_over_days:P1M": 11.0,
        "water_vapor_partial_pressure_in_air:2:mean:P1M": 12.1,
        "duration_of_sunshine:0:sum:P1M": 12_600.0,
        "air_temperature:1.8:maximum:P1M": 32.0,
        "air_temperature:1.8:minimum:P1M": 6.0,
        "wind_speed_of_gust:9.5:maximum:P1M": 21.5,
        "precipitation_amount:0:sum:P1M": 32.5,
    }
    (station,) = [piece for piece in observations(io.BytesIO(table(MONTH))) if isinstance(piece, Station)]
    assert (station.id, station.position, station.elevation_m) == ("0-20000-0-60351", (36.5, 3.25), 503)


def test_older_templates_call_some_columns_otherwise_and_the_entry_calls_them_so() -> None:
    others = {
        "wsi_local": "wsi_local_identifier",
        "station_height_above_msl": "station_elevation",
        "thermometer_height": "thermometer_height_above_ground",
    }
    older = {others.get(name, name): value for name, value in DAY.items()} | {"thermometer_height_above_ground": "1.5"}
    entry = surveyed(table(older))
    assert (entry.recognition.format, entry.status, entry.stations) == ("wis2box-daycli-csv", Status.OK, {"0-20000-0-60351": 1})
    assert [each.name for each in entry.columns] == list(older)
    assert next(each.kind for each in entry.columns if each.name == "wsi_local_identifier") == "station"
    (batch,) = batches(table(older))
    assert batch.columns[parse("air_temperature:1.5:maximum:P1D")].values == [20.0]


def test_a_header_without_rows_is_rejected_and_other_tables_are_left_alone() -> None:
    entry = surveyed(",".join(AWS).encode() + b"\n")
    assert entry.recognition.format == "wis2box-aws-csv"
    assert entry.status is Status.REJECTED
    assert surveyed(table(ROW)).recognition.format != "wis2box-aws-csv"
    without = {name: value for name, value in AWS.items() if name != "wsi_series"}
    assert surveyed(table(without)).recognition.format == "csv"


def test_every_field_of_the_templates_has_a_unit_that_is_known() -> None:
    for layout in (LAYOUT, CLIMAT, SECOND, THIRD):
        assert len({each.column for each in layout.fields}) == len(layout.fields)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file_a_survey_ends_in_a_status(data: st.DataObject) -> None:
    whole = data.draw(damaged(table(*data.draw(st.sampled_from([[AWS, AWS], [DAY, DAY], [THIRD_DAY], [MONTH]])))))
    assert surveyed(whole).status in Status
    assert all(len(batch.times) == len(batch.rows) for batch in batches(whole))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_follows_the_header_a_survey_ends_in_a_status(rest: bytes) -> None:
    assert surveyed(",".join(AWS).encode() + b"\n" + rest).status in Status


# --- real files, where the folder is there --------------------------------------------------------------------------------

AWS_NAME, DAY_NAME = "wis2box-aws-csv", "wis2box-daycli-csv"
# name: format, rows, stations, first, last, then a column's name, least and greatest value
EXPECTED: dict[str, tuple[str, int, list[str], str, str, str, float, float]] = {
    "wis2box_aws_3st.csv": (
        AWS_NAME, 2, ["99100", "99101"], "2023-09-29T09", "2023-09-29T09", "air_temperature", 301.25, 302.15,
    ),
    "wis2box_aws_ex3a.csv": (AWS_NAME, 1, ["99100"], "2023-09-29T09", "2023-09-29T09", "air_temperature", 301.25, 301.25),
    "wis2box_aws_example.csv": (
        AWS_NAME, 3, ["60351", "60355", "60360"], "2022-03-31T01", "2022-03-31T01", "air_temperature", 298.15, 298.15,
    ),
    "wis2box_aws_romania.csv": (AWS_NAME, 3, ["15015"], "2022-03-31T01", "2022-03-31T03", "air_temperature", 298.15, 298.15),
    "wis2box_daycli.csv": (DAY_NAME, 30, ["72565"], "2021-11-01T00", "2021-11-30T00", "maximum_temperature", 275.95, 299.85),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in EXPECTED if (SAMPLES / name).is_file()])
def test_real_files_give_what_is_known_of_them(name: str) -> None:
    format_name, rows, stations, first, last, column, low, high = EXPECTED[name]
    with (SAMPLES / name).open("rb") as stream:
        entry = survey(stream)
    facts = next(each for each in entry.columns if each.name == column)
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == (format_name, Status.OK, rows, 0)
    assert list(entry.stations) == [f"0-20000-0-{local}" for local in stations]
    assert (iso(entry.first or 0), iso(entry.last or 0)) == (f"{first}:00:00Z", f"{last}:00:00Z")
    assert (facts.minimum_received, facts.maximum_received) == (low, high)
