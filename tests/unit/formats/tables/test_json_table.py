"""JSON that is a table: read as one, with a mapping or with one that is proposed."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse as parameter
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables import json_table
from mesonet.formats.tables.mapping_file import parse
from tests.unit.formats.json_files import encoded, gone_wrong, lines

HOURS: list[dict[str, Any]] = [
    {
        "when_time": f"2024-06-01T{hour:02d}:00:00Z",
        "outside": {"temp_c": 10.5 + hour, "humidity": 60 + hour},
        "where": [4.5, 52.0],
    }
    for hour in range(24)
]
INSTANTS = [1717200000000 + hour * 3_600_000 for hour in range(24)]
FRAME: dict[str, Any] = {
    "schema": {
        "refId": "A",
        "fields": [
            {"name": "Time", "type": "time"},
            {"name": "Value", "type": "number", "labels": {"station": "hut", "of": "t"}, "config": {"unit": "celsius"}},
            {"name": "rh", "labels": {"station": "hut", "of": "u"}, "config": {"displayName": "humidity", "unit": "humidity"}},
        ],
    },
    "data": {"values": [INSTANTS, [10.5 + hour for hour in range(24)], [60, *[None] * 23]]},
}
NESTED = {"meta": {"name": "x"}, "result": {"feeds": HOURS}}
COLUMNS = {"outside.temp_c": {"standard_name": "air_temperature", "unit": "degC"}}
MAPPING = {"mesonet_mapping": 1, "station": {"id": "garden"}, "time": {"column": "when_time"}, "columns": COLUMNS}


def looked_at(data: bytes, mapping: dict[str, Any] | None = None) -> Survey:
    return survey(io.BytesIO(data), _context(mapping), again=lambda: io.BytesIO(data))


def _context(mapping: dict[str, Any] | None) -> Context:
    return Context(key="in/garden.json", mapping=parse(json.dumps(mapping), prefix="") if mapping else None)


def test_records_are_rows_wherever_their_list_is() -> None:
    for data in (encoded(HOURS), encoded(NESTED), lines(*HOURS), encoded([{"feeds": HOURS[:12]}, {"feeds": HOURS[12:]}])):
        entry = looked_at(data)
        assert (entry.recognition.format, entry.status, entry.rows) == ("json-table", Status.UNMAPPED, 24)
        names = ["when_time", "outside.temp_c", "outside.humidity", "where.0", "where.1"]
        assert [each.name for each in entry.columns] == names
        assert entry.columns[1].maximum == 33.5


def test_a_mapping_is_proposed_and_one_that_is_given_is_used() -> None:
    proposal = looked_at(encoded(NESTED)).proposal
    assert proposal is not None
    rules = json.loads(proposal.mapping or "{}")
    assert rules["time"] == {"column": "when_time", "format": "iso", "zone": "UTC"}
    assert rules["columns"]["outside.temp_c"] == {"standard_name": "air_temperature", "unit": "Cel"}
    entry = looked_at(encoded(NESTED), MAPPING)
    assert (entry.status, entry.stations) == (Status.OK, {"garden": 24})
    (batch,) = (piece for piece in observations(io.BytesIO(encoded(NESTED)), _context(MAPPING)) if isinstance(piece, Batch))
    assert iso(batch.times[-1]) == "2024-06-01T23:00:00Z"
    assert batch.columns[parameter("air_temperature")].values[:2] == [10.5, 11.5]
    assert batch.rows[0] == 1


def test_messages_of_lorawan_are_of_the_device_that_they_name_within() -> None:
    messages = [
        {
            "end_device_ids": {"device_id": f"ws-{at % 2}", "application_ids": {"application_id": "met"}},
            "received_at": f"2024-06-13T10:{at:02d}:00Z",
            "uplink_message": {"decoded_payload": {"temperature_c": 21.5 + at}},
        }
        for at in range(4)
    ]
    proposal = looked_at("\n".join(map(json.dumps, messages)).encode()).proposal
    assert proposal is not None
    assert json.loads(proposal.mapping or "{}")["station"] == {"column": "end_device_ids.device_id"}


def test_a_gateway_or_a_battery_is_no_station() -> None:
    messages = [
        {
            "gateway": {"device_id": "gw"},
            "battery": {"device_id": f"b{at}"},
            "received_at": f"2024-06-13T10:{at:02d}:00Z",
            "temperature_c": 21.5 + at,
        }
        for at in range(4)
    ]
    proposal = looked_at("\n".join(map(json.dumps, messages)).encode()).proposal
    assert proposal is not None
    assert json.loads(proposal.mapping or "{}")["station"].keys() == {"id"}


def test_what_is_no_number_is_a_reject_of_its_record() -> None:
    broken = [*HOURS[:2], {**HOURS[2], "outside": {"temp_c": "warm,\nreally"}}, {**HOURS[3], "when_time": None}]
    entry = looked_at(encoded(broken), MAPPING)
    assert sorted((each.row, each.column, each.value) for each in entry.rejects) == [
        (3, "outside.temp_c", "warm, really"),
        (4, "when_time", ""),
    ]
    cut = looked_at(lines(*HOURS) + b'{"when_time": "2024-06-02T00', MAPPING)
    assert (cut.status, cut.rows, len(cut.rejects)) == (Status.PARTIAL, 25, 1)


def test_a_date_in_parts_is_a_time() -> None:
    hours = [
        {"origin": "EWR", "year": 2013, "month": 1, "day": 1 + n // 24, "hour": n % 24, "temp": 30.2 + n} for n in range(48)
    ]
    entry = looked_at(json.dumps({"DS": hours}).encode())
    assert (entry.recognition.format, entry.status, entry.rows) == ("json-table", Status.UNMAPPED, 48)
    assert entry.proposal is not None
    time = json.loads(entry.proposal.mapping or "{}")["time"]
    assert (time["columns"], time["format"]) == (["year", "month", "day", "hour"], "parts")
    days = [{"year": 2013, "month": 1, "day": 1 + n} for n in range(9)]
    assert looked_at(json.dumps(days).encode()).status is Status.UNKNOWN


@pytest.mark.parametrize("name", ["dd", "mm", "min"])
def test_what_is_called_as_a_part_of_a_date_is_observed_where_no_date_is_in_parts(name: str) -> None:
    records = [{"time": f"2024-03-14T{n:02}:00Z", name: n * 9} for n in range(24)]
    assert looked_at(json.dumps(records).encode()).recognition.format == "json-table"


def test_a_time_may_be_called_after_its_zone_and_the_unit_stand_beside_the_name() -> None:
    """As OpenAQ's measurements (version 3) have them."""
    hours = [
        {
            "value": 12.3 + n,
            "parameter": {"id": 100, "name": "temperature", "units": "c"},
            "period": {
                "datetimeFrom": {"utc": f"2024-01-01T{n:02}:00:00Z", "local": f"2024-01-01T{n:02}:00:00+00:00"},
                "datetimeTo": {"utc": f"2024-01-01T{n + 1:02}:00:00Z", "local": f"2024-01-01T{n + 1:02}:00:00+00:00"},
            },
        }
        for n in range(20)
    ]
    entry = looked_at(json.dumps({"meta": {"page": 1}, "results": hours}).encode())
    assert entry.proposal is not None
    rules = json.loads(entry.proposal.mapping or "{}")
    assert rules["time"]["column"] == "period.datetimeTo.utc"
    assert rules["long"] == {"name": "parameter.name", "value": "value", "unit": "parameter.units"}
    assert rules["columns"]["temperature"]["unit"] == "c"


def test_objects_without_a_time_are_no_table() -> None:
    for document in (
        {"a": 1, "b": 2},
        [{"name": "x", "updated": "soon"}],
        {"times": ["2024-01-01"]},
        [1, 2],
        {"time": "2024-01-01"},
        {"$schema": "https://json-schema.org", "things": HOURS},
    ):
        assert looked_at(encoded(document)).recognition.format is None


OTHERS: dict[str, Any] = {
    "issues": [{"id": 1, "number": 12, "created_at": "2024-06-01T00:00:00Z", "user": {"id": 5}, "comments": 3}],
    "earthquakes": {
        "metadata": {"generated": 1717200000000, "count": 1},
        "features": [
            {"properties": {"mag": 2.1, "time": 1717200000000, "magType": "ml"}, "geometry": {"coordinates": [-120, 36]}}
        ],
    },
    "a hub": {
        "serial_number": "HB-1",
        "firmware_revision": "35",
        "uptime": 16,
        "rssi": -62,
        "timestamp": 1495724691,
        "seq": 48,
    },
    "requests": [{"ts": "2024-06-01T00:00:00Z", "statusCode": 200, "duration_ms": 12.5, "userId": 7}],
    "a log": [{"ts": "2024-06-01T00:00:00Z", "level": "info", "load": 0.5}],
    "positions": [{"time": "2024-06-01T00:00:00Z", "lat": 52.5, "lon": 4.5}],
}


@pytest.mark.parametrize("document", OTHERS.values(), ids=OTHERS)
def test_numbers_that_nobody_observes_are_no_table(document: Any) -> None:
    for data in (encoded(document), lines(document, document)):
        assert looked_at(data).recognition.format is None


@pytest.mark.parametrize("name", ["t", "field1", "temp.value", "waterLevel", "level", "humid", "sensor_1", "no2", "rainamount"])
def test_any_other_number_with_a_time_tells_a_table(name: str) -> None:
    document = [{"id": 1, "when_time": "2024-06-01T00:00:00Z", name: 3}]
    assert looked_at(encoded(document)).recognition.format == "json-table"


def test_a_list_of_more_than_three_is_no_columns() -> None:
    entry = looked_at(encoded([{**hour, "where": [1, 2, 3], "many": [1, 2, 3, 4]} for hour in HOURS]))
    names = ["when_time", "outside.temp_c", "outside.humidity", "where.0", "where.1", "where.2"]
    assert [each.name for each in entry.columns] == names


@given(gone_wrong(HOURS[:3], NESTED, [FRAME], [[INSTANTS[0], 1.5]]))
@settings(max_examples=100, deadline=None)
def test_tables_gone_wrong_never_fail(data: bytes) -> None:
    entry = looked_at(data, MAPPING)
    counted = sum(len(piece.times) for piece in observations(io.BytesIO(data), _context(MAPPING)) if isinstance(piece, Batch))
    assert counted == sum(entry.stations.values())


DEEP = {"a": {"b": {"c": {"d": {"e": 1.5}}}}}
LATE = [
    *({"when_time": f"2024-06-{day:02d}T{hour:02d}:00:00Z", "hum": hour} for day in range(1, 10) for hour in range(24)),
    {"when_time": "2024-06-20T00:00:00Z", "late": 1.5, "other": 2, **DEEP, "long": [1, 2, 3, 1.5], "of": [{"it": 1.5}]},
]


@pytest.mark.parametrize("name", ["late", "a.b.c.d.e", "long.3", "of.0.it"])
@pytest.mark.parametrize("write", [lambda given: lines(*given), lambda given: encoded(given[::-1])], ids=["last", "first"])
def test_what_a_mapping_names_is_reached_wherever_it_is_and_what_is_left_is_told(
    name: str, write: Callable[[list[Any]], bytes]
) -> None:
    mapping = {**MAPPING, "columns": {name: {"standard_name": "air_temperature", "unit": "degC"}}}
    data = write(LATE)
    found = [piece for piece in observations(io.BytesIO(data), _context(mapping)) if isinstance(piece, Batch)]
    values = [value for piece in found for value in piece.columns[parameter("air_temperature")].values if value is not None]
    assert (len(values), values[0]) == (1, 1.5)
    entry = looked_at(data, mapping)
    assert (entry.status, entry.rejects) == (Status.OK, ())
    assert "long (1)" in entry.why or name == "long.3"


def test_what_is_left_out_is_counted_and_the_names_of_it_are_bounded() -> None:
    why = looked_at(lines(*LATE)).why
    assert "left out unless a mapping names them: a.b.c.d (1), long (1)" in why
    assert {"late (1)", "other (1)"} <= {*why.replace(";", ",").split(", ")}
    entry = looked_at(lines(*[{**each, **{f"n{at}_{row}": 1 for at in range(310)}} for row, each in enumerate(LATE[:210])]))
    assert len(entry.columns) == 300
    assert "more; columns are the first 300" in entry.why
    assert len(entry.why) < 1500


def test_a_member_that_no_record_has_is_told() -> None:
    entry = looked_at(
        lines(*LATE), {**MAPPING, "columns": {**COLUMNS, "hum": {"standard_name": "relative_humidity", "unit": "%"}}}
    )
    assert [(each.column, each.reason) for each in entry.rejects] == [
        ("outside.temp_c", "the mapping names a member that no record has")
    ]


def test_an_empty_record_is_an_empty_row_and_not_the_end() -> None:
    entry = looked_at(encoded({**NESTED, "result": {"feeds": [*HOURS[:2], {}, {}, *HOURS[2:], {}]}}), MAPPING)
    assert entry.stations == {"garden": 24}


RIVER = {
    "value": {
        "timeSeries": [
            {
                "sourceInfo": {"siteCode": [{"value": "01646500"}]},
                "variable": {"variableCode": [{"value": "00010"}]},
                "values": [{"value": [{"value": "11.5", "dateTime": "2024-01-01T00:00:00Z"}]}],
            }
        ]
    }
}
TIMELINE = {
    "resolvedAddress": "a",
    "latitude": 1,
    "days": [{"hours": [{"datetimeEpoch": "2024-01-01T00:00:00Z", "humidity": 71, "temp": 10, "windspeed": 12}]}],
}


@pytest.mark.parametrize(
    ("document", "time", "name", "unit"),
    [(RIVER, "dateTime", "value", "degC"), (TIMELINE, "datetimeEpoch", "windspeed", "km/h")],
)
def test_a_mapping_goes_before_the_service_whose_answer_it_is(document: Any, time: str, name: str, unit: str) -> None:
    quantity = "wind_speed" if unit == "km/h" else "surface_temperature"
    mapping = {**MAPPING, "time": {"column": time}, "columns": {name: {"standard_name": quantity, "unit": unit}}}
    assert looked_at(encoded(document)).recognition.format == "service-json"
    entry = looked_at(encoded(document), mapping)
    assert (entry.recognition.format, entry.stations) == ("json-table", {"garden": 1})
    assert looked_at(encoded(document), {**mapping, "time": {"column": "other"}}).recognition.format == "service-json"


NETWORK = {
    "network": {"name": "north"},
    "stations": [
        {"id": at, "wind": [{"time": hour["when_time"], "a": 1, "b": 2, "c": 3, "gust": 4} for hour in HOURS],
         "air": [{"time": hour["when_time"], "t": 10 + number} for hour in HOURS[:6]]}
        for number, at in enumerate(("N1", "N2"))
    ],
}  # fmt: skip


def test_a_mapping_may_mean_another_list_and_members_around_its_records() -> None:
    columns = {"t": {"standard_name": "air_temperature", "unit": "Cel"}}
    mapping = {**MAPPING, "station": {"column": "id"}, "time": {"column": "time"}, "columns": columns}
    assert {each.name for each in looked_at(encoded(NETWORK)).columns} == {"id", "time", "a", "b", "c", "gust"}
    entry = looked_at(encoded(NETWORK), mapping)
    assert (entry.recognition.format, entry.status, entry.stations) == ("json-table", Status.OK, {"N1": 6, "N2": 6})
    assert [(each.name, each.minimum, each.maximum) for each in entry.columns if each.parameter] == [("t", 10.0, 11.0)]
    named = looked_at(encoded(NETWORK), {**mapping, "station": {"column": "network.name"}})
    assert (named.status, named.stations) == (Status.OK, {"north": 12})
    lost = looked_at(encoded(NETWORK), {**mapping, "station": {"column": "stations.id"}})
    assert (lost.status, lost.rejects[0].column) == (Status.REJECTED, "stations.id")


def test_a_list_that_a_service_reads_otherwise_goes_by_the_mapping() -> None:
    answer = {"resolvedAddress": "a", "latitude": 1, "days": [
        {"datetime": "2024-01-01", "windspeed": 3, "humidity": 4, "temp": 8, "hours": [
            {"datetimeEpoch": "2024-01-01T00:00:00Z", "station": "H", "windspeed": 12}]}]}  # fmt: skip
    assert looked_at(encoded(answer)).recognition.format == "service-json"
    columns = {"humidity": {"standard_name": "relative_humidity", "unit": "%"}}
    entry = looked_at(encoded(answer), {**MAPPING, "time": {"column": "datetime"}, "columns": columns})
    assert (entry.recognition.format, entry.stations, entry.rows) == ("json-table", {"garden": 1}, 1)


def test_rows_of_lines_are_lines_where_some_are_broken_or_blank() -> None:
    first, second, third = (lines(each) for each in (HOURS[0], HOURS[1], {**HOURS[2], "outside": {"temp_c": "warm"}}))
    data = first + b'{"when_time": "2024-\n\n' + second + third
    entry = looked_at(data, MAPPING)
    assert (entry.rows, sorted((each.row, each.column) for each in entry.rejects if each.column)) == (
        4,
        [(5, "outside.temp_c")],
    )
    assert [each.row for each in entry.rejects if not each.column] == [2]
    (batch,) = (piece for piece in observations(io.BytesIO(data), _context(MAPPING)) if isinstance(piece, Batch))
    assert batch.rows == [1, 4, 5]


@pytest.mark.parametrize("name", ["publishedAt", "receivedAt"])
def test_a_member_may_say_when_something_happened(name: str) -> None:
    entry = looked_at(encoded([{name: each["when_time"], "object": {"temp_c": 10.5}} for each in HOURS]))
    assert (entry.recognition.format, entry.rows) == ("json-table", 24)


TIMES = [each["when_time"] for each in HOURS]
AIR = [10.5 + hour for hour in range(24)]
SIDE_BY_SIDE = {"time": TIMES, "temp_c": AIR, "rh": [60, *[None] * 23]}
IN_ROWS = [[time, air, 60] for time, air in zip(TIMES, AIR, strict=True)]
NOT_OF_OBJECTS = {
    "lists": SIDE_BY_SIDE,
    "lists further in": {"station": "A", "result": [{"series": SIDE_BY_SIDE}]},
    "pandas": {name: dict(enumerate(values)) for name, values in SIDE_BY_SIDE.items()},
    "pandas, split": {"columns": ["time", "temp_c", "rh"], "index": list(range(24)), "data": IN_ROWS},
    "fields": {"fields": [{"name": "time"}, {"name": "temp_c"}, {"name": "rh"}], "rows": IN_ROWS},
    "by time": {time: {"temp_c": air, "rh": 60} for time, air in zip(TIMES, AIR, strict=True)},
}


@pytest.mark.parametrize("name", NOT_OF_OBJECTS)
def test_rows_need_not_be_objects(name: str) -> None:
    data = encoded(NOT_OF_OBJECTS[name])
    entry = looked_at(data)
    assert (entry.recognition.format, entry.status, entry.rows) == ("json-table", Status.UNMAPPED, 24)
    around = ["station"] if name == "lists further in" else []
    assert [each.name for each in entry.columns] == [*around, "time", "temp_c", "rh"]
    assert entry.columns[-2].mean == 22.0
    assert entry.proposal is not None
    after = looked_at(data, json.loads(entry.proposal.mapping or "{}"))
    assert (after.status, after.rejected, iso(after.last or 0)) == (Status.OK, 0, "2024-06-01T23:00:00Z")


@pytest.mark.parametrize("name", ["lists", "pandas, split"])
def test_a_first_list_that_is_longer_than_what_is_looked_at_hides_no_table(name: str) -> None:
    times = TIMES * 500
    rows = [[time, 10.5, 60] for time in times]
    split = {"columns": ["time", "temp_c", "rh"], "index": list(range(12_000)), "data": rows}
    entry = looked_at(encoded({"time": times, "temp_c": [10.5] * 12_000} if name == "lists" else split))
    assert (entry.recognition.format, entry.rows, entry.columns[1].mean) == ("json-table", 12_000, 10.5)


def test_a_table_of_erddap_tells_its_units() -> None:
    """ERDDAP, "tabledap", .json."""
    table = {
        "columnNames": ["time", "station", "air_temperature"],
        "columnTypes": ["String", "String", "float"],
        "columnUnits": ["UTC", None, "degree_C"],
        "rows": [[time, "44013", air] for time, air in zip(TIMES, AIR, strict=True)],
    }
    entry = looked_at(encoded({"table": table}))
    assert [each.name for each in entry.columns] == ["time (UTC)", "station", "air_temperature (degree_C)"]
    assert entry.proposal is not None
    rules = json.loads(entry.proposal.mapping or "{}")
    assert (rules["station"], rules["time"]["zone"]) == ({"column": "station"}, "UTC")
    assert rules["columns"] == {"air_temperature (degree_C)": {"standard_name": "air_temperature", "unit": "degree_C"}}


@pytest.mark.parametrize("document", [[FRAME], {"results": {"A": {"status": 200, "frames": [FRAME]}}}])
def test_frames_of_grafana_have_the_names_labels_and_units_of_their_schema(document: Any) -> None:
    data = encoded(document)
    entry = looked_at(data)
    assert (entry.recognition.format, entry.rows) == ("json-table", 24)
    assert [each.name for each in entry.columns] == ["station", "Time", "Value t (°C)", "humidity u (%)"]
    rules = json.loads(entry.proposal.mapping or "{}") if entry.proposal else {}
    assert (rules["station"], rules["time"]["format"]) == ({"column": "station"}, "epoch_ms")
    assert rules["columns"]["humidity u (%)"] == {"standard_name": "relative_humidity", "unit": "%"}
    rules["columns"]["Value t (°C)"] = {"standard_name": "air_temperature", "unit": "Cel"}
    after = looked_at(data, rules)
    assert (after.status, after.stations, iso(after.last or 0)) == (Status.OK, {"hut": 24}, "2024-06-01T23:00:00Z")


def test_a_frame_whose_values_are_other_lists_than_its_fields_is_a_reject() -> None:
    entry = looked_at(encoded([FRAME, FRAME | {"data": {"values": [INSTANTS, AIR[:3]]}}]))
    assert (entry.rows, [each.reason for each in entry.rejects]) == (24, ["3 fields, of which the values are 24, 3"])


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ([{"feedid": 1, "name": "outside temperature", "unit": "°C", "data": list(zip(INSTANTS, AIR, strict=True))}], "name"),
        ([{"target": "outdoor_temp_c", "datapoints": list(zip(AIR, INSTANTS, strict=True))}], "target"),
        (
            {
                "status": "success",
                "data": {
                    "resultType": "matrix",
                    "result": [
                        {
                            "metric": {"__name__": "outdoor_temperature_celsius"},
                            "values": [[at / 1000 + 0.1, str(air)] for at, air in zip(INSTANTS, AIR, strict=True)],
                        }
                    ],
                },
            },
            "metric.__name__",
        ),
    ],
)
def test_a_time_and_a_value_each_are_rows_beside_what_they_are_of(document: Any, name: str) -> None:
    """emoncms, Graphite, and the HTTP API of Prometheus."""
    data = encoded(document)
    entry = looked_at(data)
    assert (entry.recognition.format, entry.rows, entry.rejects) == ("json-table", 24, ())
    assert {"time", "value", name} <= {each.name for each in entry.columns}
    assert entry.proposal is not None
    rules = json.loads(entry.proposal.mapping or "{}")
    assert (rules["long"]["name"], rules["long"]["value"]) == (name, "value")
    after = looked_at(data, rules)
    assert (after.status, after.rejected, iso(after.last or 0)[:13]) == (Status.OK, 0, "2024-06-01T23")


def test_times_and_values_of_nothing_that_is_told_are_a_table_for_a_mapping() -> None:
    data = encoded([*zip(INSTANTS, AIR, strict=True), [1, 2, 3], "x"])
    entry = looked_at(data)
    assert ([each.name for each in entry.columns], entry.rows) == (["time", "value"], 26)
    assert [(each.row, each.reason) for each in entry.rejects] == [
        (25, "not a time and a value"),
        (26, "not a time and a value"),
    ]
    rules = MAPPING | {
        "time": {"column": "time", "format": "epoch_ms"},
        "columns": {"value": {"standard_name": "air_temperature", "unit": "Cel"}},
    }
    assert looked_at(data, rules).stations == {"garden": 24}


def test_a_long_text_beside_times_and_values_is_left_unless_a_mapping_names_it() -> None:
    data = encoded([{"target": "garden", "note": "x" * 2000, "datapoints": [*zip(AIR, INSTANTS, strict=True)]}])
    entry = looked_at(data)
    assert [each.name for each in entry.columns] == ["target", "time", "value"]
    assert "left out unless a mapping names them: note (1)" in entry.why
    rules = MAPPING | {
        "station": {"column": "target"},
        "time": {"column": "time", "format": "epoch_ms"},
        "columns": {"value": {"standard_name": "air_temperature", "unit": "Cel"}},
    }
    assert looked_at(data, rules).stations == {"garden": 24}


def test_rows_and_lists_that_do_not_fit_are_rejected() -> None:
    entry = looked_at(encoded({"columns": ["time", "temp_c", "rh"], "data": [*IN_ROWS[:3], IN_ROWS[3][:2], "x", *IN_ROWS[4:]]}))
    assert (entry.rows, [(each.row, each.reason) for each in entry.rejects]) == (
        25,
        [
            (4, "the row has 2 values where there are 3 names"),
            (5, "the row has no values where there are 3 names"),
        ],
    )
    entry = looked_at(encoded(SIDE_BY_SIDE | {"wind": [1, 2]}))
    assert ([each.name for each in entry.columns], entry.rows) == (["time", "temp_c", "rh"], 24)
    assert [each.reason for each in entry.rejects] == ["of so many values as there are times, 24, these lists are not: wind 2"]


@pytest.mark.parametrize(
    "document",
    [
        {"time": TIMES, "id": list(range(24))},
        {"labels": ["a", "b"], "temp_c": [1.5, 2.5]},
        {"columns": [1, 2, 3], "data": IN_ROWS},
        {"2024-06-01": {"temp_c": 1.5}},
        {"files": {"2024-06-01": "a", "2024-06-02": "b"}},
        {"coordinates": [[4.5, 52.0], [4.6, 52.1]]},
        {"ohlc": [[1717200000, 1.5, 1.6, 1.4]]},
    ],
)
def test_other_lists_are_no_tables(document: dict[str, Any]) -> None:
    assert looked_at(encoded(document)).status is Status.UNKNOWN


def test_units_beside_values_and_the_station_around_the_records_are_read() -> None:
    records = [
        {
            "time": each["when_time"],
            "temperature": {"value": 10 + at % 9, "unit": "C"},
            "humidity": {"value": 60 + at, "unit": "%"},
        }
        for at, each in enumerate(HOURS)
    ]
    data = encoded({"station": {"id": "A1", "name": "roof"}, "readings": records})
    entry = looked_at(data)
    assert entry.proposal is not None
    assert entry.proposal.mapping is not None
    given = json.loads(entry.proposal.mapping)
    assert given["station"] == {"column": "station.id"}
    assert [(name, each["unit"]) for name, each in given["columns"].items()] == [
        ("temperature.value", "C"),
        ("humidity.value", "%"),
    ]
    assert looked_at(data, given).stations == {"A1": 24}


def test_members_of_geojson_and_of_korea_s_api_are_those_of_their_records() -> None:
    features = [
        {"type": "Feature", "geometry": None, "properties": {"station": "06260", "time": each["when_time"], "temp_c": at % 9}}
        for at, each in enumerate(HOURS)
    ]
    proposal = looked_at(encoded({"type": "FeatureCollection", "features": features})).proposal
    assert proposal is not None
    assert json.loads(proposal.mapping or "{}")["station"] == {"column": "properties.station"}
    items = [
        {"tm": each["when_time"][:16].replace("T", " "), "stnId": "108", "temp": f"{at % 9}.5", "humid": "67"}
        for at, each in enumerate(HOURS)
    ]
    entry = looked_at(encoded({"response": {"body": {"items": {"item": items}}}}))
    assert (entry.recognition.format, entry.rows) == ("json-table", 24)
    assert entry.proposal is not None
    assert json.loads(entry.proposal.mapping or '{"station": 0}')["station"] in (0, {"column": "stnId"})


def test_rows_that_are_none_beyond_those_that_are_told_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_table, "TOLD", 3)
    entry = looked_at(encoded({"columns": ["time", "temp_c", "rh"], "data": [*IN_ROWS, *[[1]] * 10]}))
    assert (entry.status, entry.rejected) == (Status.UNMAPPED, 10)
    assert [(each.row, each.count) for each in entry.rejects] == [(25, 1), (26, 1), (27, 8)]
    assert entry.reasons == {"the row has … values where there are … names": 10}


def test_what_a_channel_of_thingspeak_calls_its_fields_is_what_they_are_proposed_as() -> None:
    channel = {"id": 9, "name": "Roof", "field1": "Temperature (C)", "field2": "Wind", "created_at": "2014-10-30T13:18:09Z"}
    feeds = [
        {"created_at": f"2024-06-01T{hour:02d}:00:00Z", "field1": f"{hour / 2}", "field2": f"{hour % 5}"} for hour in range(24)
    ]
    data = json.dumps({"channel": channel, "feeds": feeds}).encode()
    found = looked_at(data)
    assert found.proposal is not None
    assert [each.name for each in found.columns] == ["created_at", "field1", "field2"]
    assert "the channel says what its fields are: field1 is 'Temperature (C)', field2 is 'Wind'" in found.why
    assert any(
        question.startswith("field2 (Wind): wind_speed, 0 to 4: in which unit?") for question in found.proposal.questions
    )
    mapping = json.loads(found.proposal.mapping or "")
    assert mapping["columns"] == {"field1": {"standard_name": "air_temperature", "unit": "C"}}
    taken = looked_at(data, mapping)
    assert (taken.status, taken.rows, taken.rejected) == (Status.OK, 24, 0)


@pytest.mark.parametrize(
    "inner", [{"sensor.outdoor_temperature": HOURS}, {"sensor": {"outdoor": {"x": 1}}, "sensor.outdoor": {"t": HOURS}}]
)
def test_records_may_stand_below_a_name_with_points_in_it(inner: dict[str, Any]) -> None:
    entry = looked_at(json.dumps({"result": inner}).encode(), MAPPING)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 24, {"garden": 24})


@pytest.mark.parametrize("day", ["{:02d}-06-2024", "{:02d}/06/2024 12:00", "{:02d}.06.2024", "2024/06/{:02d}"])
def test_a_date_may_be_written_as_people_do(day: str) -> None:
    entry = looked_at(
        json.dumps([{"name": "x", "temperature": 12 + at, "date": day.format(at + 1)} for at in range(20)]).encode()
    )
    assert (entry.recognition.format, entry.rows) == ("json-table", 20)
    assert entry.proposal is not None


def test_lists_called_after_what_they_are_of_are_a_long_table() -> None:
    told = {
        name: [{"ts": at, "value": str(low + hour % 7)} for hour, at in enumerate(INSTANTS)]
        for name, low in (("temperature", 12), ("humidity", 60))
    }
    data = json.dumps(told).encode()
    entry = looked_at(data)
    assert (entry.recognition.format, entry.status, entry.rows) == ("json-table", Status.UNMAPPED, 48)
    assert entry.proposal is not None
    assert json.loads(entry.proposal.mapping or "{}")["long"] == {"name": "name", "value": "value"}
    columns = {
        "temperature": {"standard_name": "air_temperature", "unit": "degC"},
        "humidity": {"standard_name": "relative_humidity", "unit": "%"},
    }
    rules = {"mesonet_mapping": 1, "station": {"id": "garden"}, "time": {"column": "ts", "format": "epoch_ms"}}
    mapping = rules | {"long": {"name": "name", "value": "value"}, "columns": columns}
    found = [each for each in observations(io.BytesIO(data), _context(mapping)) if isinstance(each, Batch)]
    assert [(name.id, each.values[:2]) for batch in found for name, each in batch.columns.items()] == [
        ("air_temperature", [12, 13]),
        ("relative_humidity", [60, 61]),
    ]


def test_what_stands_beside_lists_called_after_what_they_are_of_is_of_each_row() -> None:
    told = {name: [{"time": "2024-06-01T00:00:00Z", "temp": 12.5, "rh": 60}] * 2 for name in ("upper", "lower")}
    entry = looked_at(json.dumps({"station": "HUT1", **told}).encode())
    assert [each.name for each in entry.columns] == ["station", "name", "time", "temp", "rh"]


@pytest.mark.parametrize(
    "told",
    [
        {"hourly": [{"ts": 1717200000000, "value": 1}], "daily": [{"ts": 1717200000000, "value": 1, "low": 2}]},  # of others
        {"a.x": [{"ts": 1717200000000, "value": 1}], "a.y": [{"ts": 1717200000000, "value": 1}]},
    ],
)
def test_lists_of_other_members_or_with_points_in_their_names_are_tables_of_their_own(told: dict[str, Any]) -> None:
    entry = looked_at(json.dumps(told).encode())
    assert (entry.recognition.format, entry.rows) == ("json-table", 1)


def test_a_number_with_decimals_is_no_date() -> None:
    told = [{"time": f"2024-06-01T{hour:02d}:00:00Z", "pressure": 1998.1234 + hour} for hour in range(5)]
    entry = looked_at(json.dumps(told).encode())
    assert (entry.recognition.format, entry.rows) == ("json-table", 5)


def test_data_is_a_date_where_it_holds_one() -> None:
    told = [{"idsensore": "2001", "data": f"2024-06-01T{hour:02d}:00:00", "temperatura": 12 + hour / 4} for hour in range(24)]
    entry = looked_at(json.dumps(told).encode())
    assert (entry.recognition.format, entry.rows) == ("json-table", 24)


OBSERVED = [{"time": f"2024-03-06T{hour:02}:00:00Z", "temp_c": 5.5 + hour, "rh": 70 + hour} for hour in range(4)]


@pytest.mark.parametrize(
    ("told", "station", "stations"),
    [
        ({"data": {"observations": {"items": OBSERVED}}, "meta": {"station": "N1"}}, "meta.station", {"N1": 4}),
        ({"stations": [{"id": name, "observations": OBSERVED} for name in "AB"]}, "id", {"A": 4, "B": 4}),
        ({"stations": [{"code": name, "data": {"items": OBSERVED}} for name in "AB"]}, "code", {"A": 4, "B": 4}),
        ([{"id": name, "lat": 47.1, "lon": 11.2, "observations": OBSERVED} for name in "AB"], "id", {"A": 4, "B": 4}),
        ({"stations": dict.fromkeys("AB", OBSERVED)}, "name", {"A": 4, "B": 4}),
        ({"result": {"stations": {name: {"observations": OBSERVED} for name in "AB"}}}, "name", {"A": 4, "B": 4}),
    ],
)
def test_observations_below_inner_names_are_of_the_station_around_them(
    told: Any, station: str, stations: dict[str, int]
) -> None:
    """Those of all stations but the last were left, or those of several were one's, and nothing said so."""
    columns = {"rh": {"standard_name": "relative_humidity", "unit": "%"}}
    mapping = {**MAPPING, "station": {"column": station}, "time": {"column": "time"}, "columns": columns}
    assert station in [each.name for each in looked_at(json.dumps(told).encode()).columns]
    entry = looked_at(json.dumps(told).encode(), mapping)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, sum(stations.values()), stations)


def test_a_list_beside_the_one_that_is_read_is_told() -> None:
    told = {"data": {"hourly": OBSERVED, "daily": [{"date": "2024-03-06", "high": 8.5}]}}
    entry = looked_at(json.dumps(told).encode())
    assert [each.reason for each in entry.rejects] == [
        "lists of objects with a time beside data.hourly were not read: daily: split the file"
    ]
