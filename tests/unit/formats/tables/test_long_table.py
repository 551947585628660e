"""Tables of which each row holds one value: what a mapping says of them, and what is proposed where there is none."""

import io
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain.file import Mark, Status
from mesonet.domain.instant import iso
from mesonet.domain.instant import parse as parse_instant
from mesonet.domain.mapping import Mapping
from mesonet.domain.observation import Batch, Reject
from mesonet.errors import InvalidMapping
from mesonet.formats import json_document
from mesonet.formats import text as decoding
from mesonet.formats.reading import RESERVE_MS, Context
from mesonet.formats.registry import open_file
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.long_table import groups, picked
from mesonet.formats.tables.mapping_file import parse
from tests import effort

ROWS = [
    {"st": "A", "t": "2024-01-01T00:00Z", "what": "temp", "value": "50", "unit": "degF", "qc": "G"},
    {"st": "A", "t": "2024-01-01T00:00Z", "what": "rain", "value": "1.2", "unit": "mm", "qc": "B"},
    {"st": "B", "t": "2024-01-01T00:00Z", "what": "temp", "value": "11", "unit": "Cel", "qc": "M"},
    {"st": "A", "t": "2024-01-01T01:00Z", "what": "temp", "value": "59", "unit": "degF", "qc": ""},
]
RAIN = {"standard_name": "precipitation_amount", "unit": "mm", "method": "sum", "duration": "PT1H"}


def rules(**changes: Any) -> dict[str, Any]:
    return {
        "mesonet_mapping": 1,
        "station": {"column": "st"},
        "time": {"column": "t"},
        "long": {"name": "what", "value": "value", "unit": "unit", "quality": "qc", "flags": {"B": 4, "M": 9}},
        "columns": {"temp": {"standard_name": "air_temperature"}, "rain": RAIN},
    } | changes


def mapping(**changes: Any) -> Mapping:
    return parse(json.dumps(rules(**changes)), prefix="")


def table(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    lines = [delimiter.join(rows[0]), *(delimiter.join(row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def parquet(rows: list[dict[str, str]]) -> bytes:
    sink = io.BytesIO()
    numbers = [{**row, "value": float(row["value"])} for row in rows]
    pq.write_table(pa.Table.from_pylist(numbers), sink)
    return sink.getvalue()


def ndjson(rows: list[dict[str, str]]) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def looked_at(data: bytes, known: Mapping | None = None, **more: Any) -> Survey:
    return survey(io.BytesIO(data), Context(key="net/export.csv", mapping=known, **more))


type Found = list[tuple[str, str, str, float | None, int, str, int]]


def values(data: bytes, known: Mapping) -> Found:
    """Station, parameter, time, value, flag, unit as received and row of every value."""
    return [
        (batch.station_id, parameter.id, iso(at), value, flag, column.unit_received, row)
        for batch in observations(io.BytesIO(data), Context(mapping=known))
        if isinstance(batch, Batch)
        for parameter, column in batch.columns.items()
        for at, row, value, flag in zip(batch.times, batch.rows, column.values, column.flags, strict=True)
    ]


EXPECTED = [
    ("A", "air_temperature", "2024-01-01T00:00:00Z", 10.0, 2, "degF", 0),
    ("A", "precipitation_amount:0:sum:PT1H", "2024-01-01T00:00:00Z", 1.2, 4, "mm", 1),
    ("B", "air_temperature", "2024-01-01T00:00:00Z", None, 9, "Cel", 2),
    ("A", "air_temperature", "2024-01-01T01:00:00Z", 15.0, 2, "degF", 3),
]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        (table, 2),
        (lambda rows: table(rows, "|"), 2),
        (lambda rows: table([{k: v or "-" for k, v in row.items()} for row in rows], " "), 2),
        (lambda rows: json.dumps(rows).encode(), 1),
        (ndjson, 1),
        (parquet, 1),
    ],
    ids=["commas", "bars", "blanks", "JSON", "NDJSON", "Parquet"],
)
def test_each_row_is_a_value_of_what_it_names(written: Callable[[list[dict[str, str]]], bytes], first: int) -> None:
    expected = [(*value[:-1], value[-1] + first) for value in EXPECTED]
    assert sorted(values(written(ROWS), mapping()), key=str) == sorted(expected, key=str)


def test_the_catalogue_tells_names_like_columns() -> None:
    entry = looked_at(table(ROWS), mapping())
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 4, {"A": 3, "B": 1})
    facts = {column.name: column for column in entry.columns}
    assert list(facts) == ["st", "t", "what", "value", "unit", "qc", "temp", "rain", "temp (Cel)"]
    assert (facts["temp"].values, facts["temp"].minimum, facts["temp"].maximum_received) == (2, 10.0, 59.0)
    assert (facts["rain"].parameter, facts["temp (Cel)"].values) == ("precipitation_amount:0:sum:PT1H", 1)


@pytest.mark.parametrize("facts", [True, False])
def test_what_is_not_taken_is_told_with_row_column_and_value(facts: bool) -> None:
    wrong = [
        {**ROWS[0], "value": "x"},
        {**ROWS[0], "what": ""},
        {**ROWS[0], "unit": "mm"},
        {**ROWS[0], "unit": ""},
        {**ROWS[0], "t": "noon"},
        {**ROWS[0], "st": ""},
        {**ROWS[0], "what": "pm10"},
        {**ROWS[1], "unit": "millimetros"},
    ]
    if facts:
        entry = looked_at(table([*ROWS, *wrong]), mapping())
        assert {(each.row, each.column, each.value) for each in entry.rejects} == {
            (6, "value", "x"),
            (7, "what", None),
            (8, "unit", "mm"),
            (9, "unit", ""),
            (10, "t", "noon"),
            (11, "st", ""),
        }
        assert "rows of names that the mapping does not have were left: pm10 (1)" in entry.why
        assert "of rain the unit 'millimetros' is not known and was taken as mm, as the mapping says" in entry.why
        assert "qc: the mapping does not say what G means" not in entry.why  # facts need no flags
    else:
        assert sorted(row for *_, row in values(table([*ROWS, *wrong]), mapping())) == [2, 3, 4, 5, 6, 13]


def test_a_mapping_of_a_long_table_that_lacks_a_column_says_which() -> None:
    entry = looked_at(b"st,t,what,unit,qc\nA,2024-01-01T00:00Z,temp,Cel,G\n", mapping())
    assert (entry.status, entry.rejects[0].column) == (Status.REJECTED, "value")


def test_names_may_stand_in_several_columns() -> None:
    text = b"t,st,_measurement,_field,_value\n2024-01-01T00:00Z,A,air,temp,3\n2024-01-01T00:00Z,A,soil,temp,5\n"
    known = mapping(
        long={"names": ["_measurement", "_field"], "value": "_value"},
        columns={
            "air temp": {"standard_name": "air_temperature", "unit": "Cel"},
            "soil temp": {"standard_name": "soil_temperature", "unit": "Cel"},
        },
    )
    assert [(name, value) for _, name, _, value, *_ in values(text, known)] == [
        ("air_temperature", 3.0),
        ("soil_temperature", 5.0),
    ]


@pytest.mark.parametrize("written", [table, parquet, ndjson], ids=["commas", "Parquet", "NDJSON"])
def test_a_station_may_be_told_by_several_columns(written: Callable[[list[dict[str, str]]], bytes]) -> None:
    rows = [{"net": net, "no": no, **ROWS[0]} for net, no in (("AB", "1"), ("CD", "1"), (" CD", "1 "), ("", "7"))]
    known = mapping(station={"columns": ["net", "no"], "joined": "."})
    assert [station for station, *_ in values(written(rows), known)] == ["AB.1", "CD.1", "CD.1"]
    entry = looked_at(written(rows), known)
    assert (entry.stations, entry.status) == ({"AB.1": 1, "CD.1": 2}, Status.PARTIAL)
    assert [(each.column, each.value, each.reason) for each in entry.rejects] == [("net no", "", "the row has no station")]


def test_a_repeated_hour_is_told_apart_in_each_series() -> None:
    rows = [
        f"A,2024-11-03 {hour},{name},{value}"
        for hour, value in (("00:30", 1), ("01:30", 2), ("01:30", 3), ("02:30", 4))
        for name in ("temp", "dew")
    ]
    known = mapping(
        time={"column": "t", "zone": "America/New_York"},
        long={"name": "what", "value": "value"},
        columns={
            "temp": {"standard_name": "air_temperature", "unit": "Cel"},
            "dew": {"standard_name": "dew_point_temperature", "unit": "Cel"},
        },
    )
    found = values(("st,t,what,value\n" + "\n".join(rows) + "\n").encode(), known)
    for name in ("air_temperature", "dew_point_temperature"):
        times = [at for _, each, at, *_ in found if each == name]
        assert times == [f"2024-11-03T{hour:02d}:30:00Z" for hour in (4, 5, 6, 7)]


@pytest.mark.parametrize("backwards", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("order", ["time", "name"])
@pytest.mark.parametrize("size", [400, 64 * 1024])
def test_a_repeated_hour_is_told_apart_whatever_the_order_of_rows_and_the_unit_of_each(
    backwards: bool, order: str, size: int
) -> None:
    shown = [f"{hour:02d}:{minute}0" for hour in (0, 1, 1, 2, 3) for minute in range(6)]
    rows = [
        (at, name, f"A,2024-11-03 {clock},{name},{at},{'degF' if name == 'temp' and at % 5 == 0 else 'Cel'}\n")
        for at, clock in enumerate(shown)
        for name in ("temp", "dew")
    ]
    rows.sort(key=lambda row: (row[1] if order == "name" else "", -row[0] if backwards else row[0]))
    known = mapping(
        time={"column": "t", "zone": "America/New_York"},
        long={"name": "what", "value": "value", "unit": "unit"},
        columns={"temp": {"standard_name": "air_temperature"}, "dew": {"standard_name": "dew_point_temperature"}},
    )
    with patch.object(decoding, "BLOCK_BYTES", size):
        found = values(("st,t,what,value,unit\n" + "".join(line for *_, line in rows)).encode(), known)
    first = parse_instant("2024-11-03T04:00:00Z")
    expected = {(name, at): iso(first + at * 600_000) for at, name, _ in rows}
    names = {"air_temperature": "temp", "dew_point_temperature": "dew"}
    assert {(names[name], rows[row - 2][0]): at for _, name, at, *_, row in found} == expected


@pytest.mark.parametrize(
    ("written", "left"),
    [(table, True), (lambda rows: table([{k: v or "-" for k, v in row.items()} for row in rows], " "), False), (ndjson, True)],
    ids=["commas", "blanks", "NDJSON"],
)
def test_read_in_parts_a_table_says_what_it_says_at_once(written: Callable[[list[dict[str, str]]], bytes], left: bool) -> None:
    data = written([{**row, "t": f"2024-01-{1 + at // 24:02d}T{at % 24:02d}:00Z"} for at in range(200) for row in ROWS])
    found: list[tuple[int, int]] = []
    start, parts = None, 0
    with patch.object(decoding, "BLOCK_BYTES", 900), patch.object(json_document, "BLOCK_BYTES", 2500):
        while parts == 0 or (start and parts < 200):
            context = Context(mapping=mapping(), start=start, remaining_ms=lambda: RESERVE_MS - 1)
            pieces = list(open_file(io.BytesIO(data), context).pieces())
            found += [
                each for batch in pieces if isinstance(batch, Batch) for each in zip(batch.rows, batch.times, strict=True)
            ]
            start, parts = next((piece for piece in pieces if isinstance(piece, Mark)), None), parts + 1
        whole = values(data, mapping())
    assert (parts > 1) is left
    assert sorted(found) == sorted((row, parse_instant(at)) for _, _, at, *_, row in whole)
    assert len(found) == 800


def test_a_table_is_not_left_within_a_repeated_hour() -> None:
    lines = "".join(f"A,2024-11-03 {hour:02d}:{minute:02d},temp,1\n" for hour in (0, 1, 1, 2, 3) for minute in range(60))
    known = mapping(
        time={"column": "t", "zone": "America/New_York"},
        long={"name": "what", "value": "value"},
        columns={"temp": {"standard_name": "air_temperature", "unit": "Cel"}},
    )
    found: list[int] = []
    starts: list[Mark] = []
    with patch.object(decoding, "BLOCK_BYTES", 500):
        while len(starts) < 2 or starts[-1] != starts[-2]:
            context = Context(mapping=known, start=starts[-1] if starts else None, remaining_ms=lambda: RESERVE_MS - 1)
            pieces = list(open_file(io.BytesIO(b"st,t,what,value\n" + lines.encode()), context).pieces())
            found += [at for batch in pieces if isinstance(batch, Batch) for at in batch.times]
            starts += [piece for piece in pieces if isinstance(piece, Mark)] or [*starts[-1:]]
    assert len(set(starts)) > 2
    assert len({*found}) == len(found) == 300


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("long", {"value": "v"}, "long", '"name"'),
        ("long", {"name": "p", "names": ["p"], "value": "v"}, "long", '"name"'),
        ("long", {"name": "p", "value": "v", "quality": "q"}, "long", '"flags"'),
        ("long", {"name": "p", "value": "v", "unit": "u", "quality": "q", "flags": {"B": 5}}, "long.flags.B", "one of 1, 2, 3"),
        ("long", {"name": "p", "value": "v", "what": 1}, "long.what", "not known here"),
        ("long", {"name": "p", "value": "v"}, "columns.temp.unit", "missing data"),
    ],
)
def test_a_fault_of_a_long_mapping_is_told_with_its_place(path: str, value: Any, where: str, said: str) -> None:
    with pytest.raises(InvalidMapping) as caught:
        mapping(**{path: value}, **({} if where.startswith("columns") else {"columns": {"rain": RAIN}}))
    assert [(at, said in reason) for at, reason in caught.value.faults] == [(where, True)]


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=60)
    | st.builds(lambda turn, times: turn * times, st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.integers(1, 12))
    | st.builds(lambda run: [key for key, times in run for _ in range(times)],
                st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 60)), min_size=1, max_size=4))
)  # fmt: skip
def test_rows_are_put_together_by_name_each_once(keys: list[str]) -> None:
    rows = range(len(keys))
    found = [(key, row) for key, where in groups(keys) for row in picked(rows, where)]
    assert sorted(row for _, row in found) == list(rows)
    assert all(keys[row] == key for key, row in found)


@pytest.mark.parametrize("order", ["turns", "runs", "gaps"])
def test_a_long_table_says_what_the_wide_one_does(order: str) -> None:
    hours = [f"2024-06-{1 + at // 24:02d}T{at % 24:02d}:00Z" for at in range(600)]
    wide = [(station, at, f"{n % 37}.{n % 7}", f"{40 + n % 60}") for n, at in enumerate(hours) for station in "AB"]
    rows = [
        (station, at, name, text)
        for station, at, temp, humid in wide
        for name, text in (("temp", temp), ("rh", humid))
        if not (order == "gaps" and temp.endswith(".3") and name == "rh")
    ]
    rows.sort(key=lambda row: row[2] if order == "runs" else "")
    meant = {
        "temp": {"standard_name": "air_temperature", "unit": "Cel"},
        "rh": {"standard_name": "relative_humidity", "unit": "%"},
    }
    long = "st,t,what,value\n" + "".join(f"{','.join(row)}\n" for row in rows)
    table_ = "st,t,temp,rh\n" + "".join(f"{','.join(row)}\n" for row in wide)
    plain = rules(columns=meant)
    del plain["long"]
    by_rows = values(long.encode(), mapping(long={"name": "what", "value": "value"}, columns=meant))
    by_columns = values(table_.encode(), parse(json.dumps(plain), prefix=""))
    left = {(s, at) for s, at, temp, _ in wide if order == "gaps" and temp.endswith(".3")}
    assert {each[:4] for each in by_rows} == {
        each[:4] for each in by_columns if not (each[1] == "relative_humidity" and (each[0], each[2][:16] + "Z") in left)
    }
    assert len(by_rows) == len(rows)


# What is proposed -------------------------------------------------------------------------------------------------------------

HOURS = [f"2024-03-01T{hour:02d}:00:00Z" for hour in range(10)]


def adopted(text: str) -> tuple[Survey, dict[str, Any], Survey]:
    """The entry without a mapping, the mapping that it proposes, and the entry with that."""
    before = looked_at(text.encode())
    assert before.status == Status.UNMAPPED
    assert before.proposal is not None
    assert before.proposal.mapping is not None, before.proposal.questions
    known = parse(before.proposal.mapping, prefix="")
    return before, json.loads(before.proposal.mapping), looked_at(text.encode(), known)


def taken(entry: Survey) -> dict[str, str]:
    return {column.name: f"{column.parameter} {column.unit_received}" for column in entry.columns if column.parameter}


# location_id, sensors_id, …: the header of OpenAQ's archive (docs.openaq.org/aws/about); Frost's CSV by its own members; a
# download of Home Assistant's history; DataValues of ODM 1.1; results of the Water Quality Portal
EXPORTS = {
    "OpenAQ": (
        "location_id,sensors_id,location,datetime,lat,lon,parameter,units,value",
        ("2178,1,Del Norte-2178,{t},35.13,-106.58,temperature,c,{n}", "2178,2,Del Norte-2178,{t},35.13,-106.58,pm10,µg/m³,{n}"),
        {"name": "parameter", "value": "value", "unit": "units"},
        {"temperature": "air_temperature c"},
        ({"2178": 10}, "parameter: pm10 is not understood"),
    ),
    "Frost": (
        "sourceId,referenceTime,elementId,value,unit,timeOffset,qualityCode",
        ("SN18700:0,{t},wind_speed,{n},m/s,PT0H,0", "SN18700:0,{t},mean(cloud_area_fraction PT1H),{n},octas,PT0H,2"),
        {"name": "elementId", "value": "value", "unit": "unit"},
        {
            "wind_speed": "wind_speed m/s",
            "mean(cloud_area_fraction PT1H)": "cloud_area_fraction:0:mean:PT1H octas",
        },
        ({"SN18700:0": 20}, "qualityCode: does it tell the quality (0, 2)?"),
    ),
    "Home Assistant": (
        "entity_id,state,last_changed",
        ("sensor.garden_humidity,6{n},{t}", "sensor.garden_battery,9{n},{t}", "sensor.garden_humidity,unavailable,{half}"),
        {"name": "entity_id", "value": "state"},
        {"sensor.garden_humidity": "relative_humidity %"},
        ({"export": 20}, "sensor.garden_battery is not understood"),
    ),
    "ODM": (
        "ValueID,DataValue,LocalDateTime,UTCOffset,DateTimeUTC,SiteCode,VariableCode",
        ("{n},{n}.5,{t},-7,{t},LR_WB,AirTemp_C", "{n},5{n},{t},-7,{t},LR_WB,RH_pct"),
        {"name": "VariableCode", "value": "DataValue"},
        {"AirTemp_C": "air_temperature Cel", "RH_pct": "relative_humidity %"},
        ({"LR_WB": 20}, ""),
    ),
    "Water Quality Portal": (
        "MonitoringLocationIdentifier,ActivityStartDate,CharacteristicName,ResultMeasureValue,ResultMeasure/MeasureUnitCode",
        ("USGS-01,{t},\"Temperature, air\",{n},deg C", "USGS-01,{t},\"Temperature, water\",{n},deg C"),
        {"name": "CharacteristicName", "value": "ResultMeasureValue", "unit": "ResultMeasure/MeasureUnitCode"},
        {"Temperature, air": "air_temperature deg C"},
        ({"USGS-01": 10}, "CharacteristicName: Temperature, water is not understood"),
    ),
    "EPA AQS": (
        "State Code,Site Num,Datum,Parameter Name,Date Local,Time Local,Date GMT,Time GMT,Sample Measurement,Units of Measure",
        ("01,0023,WGS84,Outdoor Temperature,2020-01-01,0{n}:00,2020-01-01,0{n}:30,4{n},Degrees Fahrenheit",
         "01,0023,WGS84,Relative Humidity ,2020-01-01,0{n}:00,2020-01-01,0{n}:30,6{n},Percent relative humidity"),
        {"name": "Parameter Name", "value": "Sample Measurement", "unit": "Units of Measure"},
        {
            "Outdoor Temperature": "air_temperature Degrees Fahrenheit",
            "Relative Humidity": "relative_humidity Percent relative humidity",
        },
        ({"export": 20}, "no column names the station"),
    ),
    "SensorThings": (
        "@iot.id,phenomenonTime,result,Datastream/name,Datastream/unitOfMeasurement/symbol,Thing/name",
        ("{n},{t},1{n}.5,Air Temperature,degC,Roof", "{n},{t},6{n},Relative humidity,%,Roof"),
        {"name": "Datastream/name", "value": "result", "unit": "Datastream/unitOfMeasurement/symbol"},
        {"Air Temperature": "air_temperature degC", "Relative humidity": "relative_humidity %"},
        ({"Roof": 20}, "Thing/name: is this the station's identifier, or only its name?"),
    ),
    "metrics": (
        "name,instance,timestamp,value",
        ("weather_temperature_celsius,s1,17000{n}0000,1{n}",
         "weather_humidity_percent,s1,17000{n}0000,6{n}", "up,s1,17000{n}0000,1"),
        {"name": "name", "value": "value"},
        {"weather_temperature_celsius": "air_temperature Cel", "weather_humidity_percent": "relative_humidity %"},
        ({"s1": 20}, "name: up is not understood, and left"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("whose", EXPORTS)
def test_exports_of_databases_get_a_proposal_that_reads_them(whose: str) -> None:
    header, rows, long, names, (stations, asked) = EXPORTS[whose]
    text = (
        header
        + "\n"
        + "".join(
            row.format(t=time, half=time.replace(":00:", ":30:"), n=n) + "\n" for n, time in enumerate(HOURS) for row in rows
        )
    )
    before, proposal, after = adopted(text)
    assert proposal["long"] == long
    assert taken(after) == names
    assert (after.status, after.stations) == (Status.OK, stations)
    assert asked in " ".join(before.proposal.questions if before.proposal else ())


def test_names_that_come_late_are_proposed_too() -> None:
    rows = [
        f"S1,2024-01-{1 + at // 24:02d}T{at % 24:02d}:00Z,{name},{50 + at % 40}"
        for name in ("pm10", "pm25", "no2", "soil_humidity", "rh")
        for at in range(700)
    ]
    proposal = looked_at(("station,time,variable,value\n" + "\n".join(rows) + "\n").encode()).proposal
    assert proposal is not None
    assert "rh" in {each.column for each in proposal.columns}


ANNOTATED = """#group,false,false,true,true,false,false,true,true,true
#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string,string
#default,_result,,,,,,,,
,result,table,_start,_stop,_time,_value,_field,_measurement,station
"""


def test_annotated_tables_of_influxdb_are_one() -> None:
    """InfluxDB, "Annotated CSV": annotations and names stand above each of a file's tables, below a blank line."""
    text = "\n".join(
        ANNOTATED
        + "".join(f",,{at},2024-03-01T00:00:00Z,2024-03-02T00:00:00Z,{hour},{value},{name},weather,S1\n" for hour in HOURS)
        for at, (name, value) in enumerate((("humidity", 82.5), ("wind_speed_ms", 3)))
    )
    before, proposal, after = adopted(text)
    assert proposal["long"] == {"name": "_field", "value": "_value"}
    assert taken(after) == {"humidity": "relative_humidity %", "wind_speed_ms": "wind_speed m/s"}
    assert (after.status, after.stations, before.rows) == (Status.OK, {"S1": 20}, 20)
    assert "4 rows are the header once more, or annotations, and were passed over" in after.why


def test_hourly_data_of_airnow_have_the_names_of_its_manual() -> None:
    rows = [
        f"06/08/16|0{hour}:00|{site}|St. John's|-4|{what}|{value}|Newfoundland\n"
        for hour in range(4)
        for site in ("000010102", "000010401")
        for what, value in (("OZONE|PPB", 32), ("TEMP|C", 11), ("RHUM|PERCENT", 80))
    ]
    _, proposal, after = adopted("".join(rows))
    assert proposal["time"] == {
        "columns": ["Valid date (MM/DD/YY)", "Valid time (GMT)"],
        "format": "%m/%d/%y %H:%M",
        "zone": "UTC",
    }
    assert taken(after) == {"TEMP": "air_temperature C", "RHUM": "relative_humidity PERCENT"}
    assert (after.status, after.stations) == (Status.OK, {"000010102": 8, "000010401": 8})


def test_names_of_which_none_is_certain_are_asked_about() -> None:
    text = "station,time,variable,value\n" + "".join(f"S1,{hour},{name},4\n" for hour in HOURS for name in ("wind", "tension"))
    proposal = looked_at(text.encode()).proposal
    assert proposal is not None
    assert proposal.mapping is None
    assert "each row holds one value, and variable says of what: none of wind, tension" in " ".join(proposal.questions)


def test_a_wide_table_with_words_stays_wide() -> None:
    text = "station,time,condition,temp_c\n" + "".join(f"S1,{hour},humid,{n}\n" for n, hour in enumerate(HOURS))
    _, proposal, after = adopted(text)
    assert "long" not in proposal
    assert taken(after) == {"temp_c": "air_temperature Cel"}


def test_rows_of_data_that_look_like_the_header_in_one_column_stay() -> None:
    text = b"st,t,what,value\nst,2024-01-01T00:00Z,temp,3\nA,2024-01-01T00:00Z,temp,4\n"
    known = mapping(
        long={"name": "what", "value": "value"}, columns={"temp": {"standard_name": "air_temperature", "unit": "Cel"}}
    )
    assert [(station, value) for station, _, _, value, *_ in values(text, known)] == [("st", 3.0), ("A", 4.0)]


def test_more_units_than_a_table_has_are_refused() -> None:
    units = ["Cel", "degF", "K", "degR", *(f"{tenths} degC" for tenths in ("0.1", "0.2", "0.3", "0.4", "0.5"))]
    rows = [{**ROWS[0], "unit": unit, "value": "1"} for unit in units]
    entry = looked_at(table(rows), mapping())
    assert entry.rejects == (Reject(reason="values of temp are in more than 8 units", row=10, column="unit", value="0.5 degC"),)


def test_the_clock_beside_a_date_is_that_of_the_same_zone() -> None:
    header, rows, *_ = EXPORTS["EPA AQS"]
    text = header + "\n" + "".join(row.format(n=n) + "\n" for n in range(8) for row in rows)
    _, proposal, after = adopted(text)
    assert proposal["time"] == {"columns": ["Date GMT", "Time GMT"], "format": "%Y-%m-%d %H:%M", "zone": "UTC"}
    assert iso(after.first or 0) == "2020-01-01T00:30:00Z"


@pytest.mark.parametrize("unit", ["u{}", "{}.5 K"])
def test_units_that_are_all_different_cost_one_look_each(unit: str) -> None:
    rows = "".join(f"A,2024-01-01T00:00Z,temp,1,{unit.format(each)},G\n" for each in range(20_000))
    entry = effort.within(len(rows) / 1e6, lambda: looked_at(f"st,t,what,value,unit,qc\n{rows}".encode(), mapping()))
    assert entry.rejected > 19_000


def test_a_period_that_is_none_is_no_element_of_frost() -> None:
    row = "EDDF;2024-01-01T00:{}0Z;max(wind_speed_of_gust {});1{}.2;kt"
    lines = [row.format(at, "PTT10M" if at == 4 else "PT10M", at) for at in range(6)]
    found = looked_at("\n".join(["station;time;parameter;value;unit", *lines, ""]).encode())
    assert found.proposal
    assert found.proposal.mapping
    told = parse(found.proposal.mapping, prefix="")  # which failed
    assert "max(wind_speed_of_gust PT10M)" in {each.column for each in told.columns}
