"""Parquet, written and judged by pyarrow; and what becomes of damage."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Mark, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import usual
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import parquet_file
from mesonet.formats.reading import RESERVE_MS, Context, Rows
from mesonet.formats.registry import open_file
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.table import Typed
from mesonet.record import replace
from tests import effort
from tests.real_files import SAMPLES
from tests.unit.formats.noaa.files import facts, real

ROWS = 7_000
START = datetime(2024, 1, 1, tzinfo=UTC)
WAYS: list[dict[str, Any]] = [
    {"compression": "none", "use_dictionary": False},
    {"compression": "snappy"},
    {"compression": "gzip", "data_page_version": "2.0"},
    {"compression": "snappy", "data_page_version": "2.0", "row_group_size": 3000, "data_page_size": 2000},
    {
        "compression": "gzip",
        "use_dictionary": False,
        "column_encoding": {
            "number": "DELTA_BINARY_PACKED",
            "station": "DELTA_LENGTH_BYTE_ARRAY",
            "time": "DELTA_BINARY_PACKED",
        },
    },
    {"compression": "zstd", "data_page_size": 3000},
    {"compression": "zstd", "compression_level": 19, "use_dictionary": False, "data_page_version": "2.0"},
    {
        "compression": "lz4",
        "use_dictionary": False,
        "column_encoding": {
            "temp": "BYTE_STREAM_SPLIT",
            "single": "BYTE_STREAM_SPLIT",
            "station": "DELTA_BYTE_ARRAY",
        },
    },
]
MAPPING = Mapping(
    prefix="",
    columns=(MappedColumn(column="temp", parameter=usual("air_temperature"), unit="degF"),),
    station_column="station",
    time=TimeColumns(columns=("time",)),
)


def table(rows: int = ROWS) -> Any:
    return pa.table(
        {
            "station": [f"ST{number % 7}" for number in range(rows)],
            "time": pa.array([START + timedelta(minutes=number) for number in range(rows)], pa.timestamp("us", tz="UTC")),
            "temp": pa.array([None if number % 11 == 5 else 32 + number % 90 / 4 for number in range(rows)], pa.float64()),
            "single": pa.array([number / 10 for number in range(rows)], pa.float32()),
            "number": pa.array([number * 37 - 5000 for number in range(rows)], pa.int64()),
            "day": pa.array([date(2024, 1, 1) + timedelta(days=number % 400) for number in range(rows)]),
            "money": pa.array([Decimal(number) / 100 for number in range(rows)], pa.decimal128(12, 2)),
            "flag": pa.array([number % 3 == 0 for number in range(rows)]),
            "nothing": pa.array([None] * rows, pa.int32()),
        }
    )


def written(rows: int = ROWS, **way: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table(rows), out, **way)
    return out.getvalue()


def surveyed(data: bytes, mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(data), Context(key="a.parquet", mapping=mapping))


def texts(data: bytes) -> dict[str, Sequence[str]]:
    """All columns as Mesonet reads them."""
    stream = io.BytesIO(data)
    found = parquet_file.footer(stream, len(data))
    told = [column for column in found.columns if not column.fault]
    return {column.name: list(parquet_file.Values(stream, column).take(found.rows)) for column in told}


def theirs(data: bytes) -> dict[str, Sequence[str]]:
    """The same as pyarrow reads them, and as text."""
    told: dict[str, Sequence[str]] = {}
    read = pq.read_table(io.BytesIO(data))
    for name in read.column_names:
        kind = read.schema.field(name).type
        told[name] = [_text(value, kind) for value in read[name].to_pylist()]
    return told


def _text(value: Any, kind: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.7g}" if pa.types.is_float32(kind) or pa.types.is_float16(kind) else repr(value).removesuffix(".0")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}" + ("Z" if value.tzinfo else "")
    return str(value)


@pytest.mark.parametrize("way", WAYS)
def test_every_value_is_what_pyarrow_reads(way: dict[str, Any]) -> None:
    data = written(**way)
    assert texts(data) == theirs(data)


def odd(rows: int = 700) -> Any:
    """What is seldom in a table of weather: numbers without a sign, halves, times of day, members of a structure."""
    inner = [None if at % 5 == 1 else {"lat": None if at % 3 == 1 else at / 4, "name": f"ST{at % 4}"} for at in range(rows)]
    return pa.table(
        {
            "u32": pa.array([(at * 2**22) % 2**32 for at in range(rows)], pa.uint32()),
            "u64": pa.array([None if at % 7 == 1 else (at * 2**54 + 1) % 2**64 for at in range(rows)], pa.uint64()),
            "u16": pa.array([at % 2**16 for at in range(rows)], pa.uint16()),
            "extremes": pa.array([(-(2**63), 2**63 - 1)[at % 2] for at in range(rows)], pa.int64()),
            "small extremes": pa.array([(-(2**31), 2**31 - 1, 5)[at % 3] for at in range(rows)], pa.int32()),
            "half": pa.array([None if at % 9 == 1 else at / 8 for at in range(rows)], pa.float16()),
            "clock": pa.array([time(at % 24, at % 60, 7) for at in range(rows)], pa.time32("ms")),
            "fine clock": pa.array([time(at % 24, at % 60, 7) for at in range(rows)], pa.time64("ns")),
            "where": pa.array(inner, pa.struct([("lat", pa.float64()), pa.field("name", pa.string(), nullable=False)])),
        }
    )


@pytest.mark.parametrize(
    "way",
    [
        WAYS[0],
        *WAYS[2:4],
        {
            "column_encoding": {"extremes": "DELTA_BINARY_PACKED", "small extremes": "DELTA_BINARY_PACKED"},
            "use_dictionary": False,
        },
    ],
)
def test_what_is_seldom_is_what_pyarrow_reads(way: dict[str, Any]) -> None:
    out = io.BytesIO()
    way = {name: each for name, each in way.items() if name != "column_encoding" or "extremes" in each}
    pq.write_table(odd(), out, **way)
    flat = pq.read_table(io.BytesIO(out.getvalue())).flatten()
    expected = {
        name: [_text(each, flat.schema.field(name).type) for each in flat[name].to_pylist()] for name in flat.column_names
    }
    assert texts(out.getvalue()) == expected


def test_an_encrypted_file_says_what_it_is() -> None:
    entry = surveyed(b"PARE" + b"\0" * 400 + (392).to_bytes(4, "little") + b"PARE")
    assert (entry.recognition.format, entry.status, entry.rejects[0].reason.startswith("the file is encrypted")) == (
        "parquet",
        Status.REJECTED,
        True,
    )


@pytest.mark.parametrize("width", range(1, 33))
def test_numbers_of_any_width_are_unpacked(width: int) -> None:
    numbers = [(number * 2_654_435_761) % (1 << width) for number in range(8 * 20)]
    packed = sum(number << width * at for at, number in enumerate(numbers)).to_bytes(20 * width, "little")
    run = bytes([20 << 1 | 1]) + packed
    assert list(parquet_file._runs(run, width, 159)) == numbers[:159]
    same = bytes([9 << 1]) + numbers[1].to_bytes((width + 7) // 8, "little")
    many = 2 * parquet_file.MOST_RUNS
    assert list(parquet_file._runs((same + run) * many, width, 169 * many)) == ([numbers[1]] * 9 + numbers) * many


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@given(since=st.integers(-(1 << 61), 1 << 61))
def test_a_time_is_its_date_and_its_time_of_day(unit: str, since: int) -> None:
    per_second = 10 ** (3 * ["s", "ms", "us", "ns"].index(unit))
    text = parquet_file._timestamp(per_second, "Z")(since)
    try:
        moment = datetime(1970, 1, 1) + timedelta(milliseconds=since * 1000 // per_second)  # noqa: DTZ001 - a text without zone
    except OverflowError:
        assert text == f"{since} since 1970"
    else:
        assert text == moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + "Z"


@pytest.mark.parametrize("way", WAYS)
def test_a_mapping_explains_the_columns(way: dict[str, Any]) -> None:
    data = written(700, **way)
    entry = surveyed(data, MAPPING)
    assert (entry.recognition.format, entry.status, entry.rows, entry.station_count) == ("parquet", Status.OK, 700, 7)
    assert entry.first is not None
    assert iso(entry.first) == "2024-01-01T00:00:00Z"
    (batch, *_) = (
        piece
        for piece in observations(io.BytesIO(data), Context(mapping=MAPPING))
        if isinstance(piece, Batch) and piece.station_id == "ST5"
    )
    column = batch.columns[usual("air_temperature")]
    assert (column.values[0], column.flags[0], column.received[0]) == (None, 9, "")
    assert (batch.rows[1], column.received[1], column.values[1]) == (13, "35", 1.666667)


def same_as_csv(data: bytes, mapping: Mapping) -> None:
    """Asserts that a catalogue says of a table what it says of its texts."""
    read = texts(data)
    csv = "\n".join(map(",".join, zip(*([name, *column] for name, column in read.items()), strict=True)))
    found, told = surveyed(data, mapping), surveyed(csv.encode(), mapping)
    assert (found.rows, found.stations, found.first, found.last) == (told.rows, told.stations, told.first, told.last)
    assert [*map(repr, found.columns)] == [*map(repr, told.columns)]
    assert [(each.row, each.column, each.value, each.reason) for each in found.rejects] == [
        ((each.row or 0) - 1, each.column, each.value, each.reason) for each in told.rejects
    ]


@pytest.mark.parametrize(("time", "number"), [("time", "time"), ("number", "temp"), ("number", "number"), ("temp", "number")])
def test_what_is_taken_as_something_else_than_it_is_is_taken_by_its_text(time: str, number: str) -> None:
    given = pa.table(
        {
            "station": ["A"] * 3,
            "time": pa.array([START, START + timedelta(days=1), START], pa.timestamp("ms", tz="UTC")),
            "temp": [1.5, 20240101.0, 2.5],
            "number": pa.array([20240101, 20241399, 20250101], pa.int64()),
        }
    )
    out = io.BytesIO()
    pq.write_table(given, out)
    columns = (MappedColumn(column=number, parameter=usual("air_temperature"), unit="Cel"),)
    mapping = replace(MAPPING, columns=columns, time=TimeColumns(columns=(time,)))
    same_as_csv(out.getvalue(), mapping)


STRANGE = [None, float("nan"), -9999.0, float("inf"), 1e13, 0.1 + 0.2]


@pytest.mark.parametrize("strange", [[], STRANGE[:2], STRANGE[2:3], STRANGE[3:], STRANGE])
@pytest.mark.parametrize("untimed", [False, True])
@pytest.mark.parametrize("kind", [pa.timestamp("ms", tz="UTC"), pa.timestamp("ns"), pa.date32()])
def test_numbers_and_times_are_what_their_texts_would_be(strange: list[Any], untimed: bool, kind: Any) -> None:
    days = [START + timedelta(days=number) for number in range(200, 0, -1)]
    values = [strange[number % len(strange)] if strange and number % 9 == 4 else number % 10 / 4 for number in range(200)]
    times = pa.array([None if untimed and number == 150 else day for number, day in enumerate(days)], pa.timestamp("ms"))
    given = pa.table(
        {
            "station": ["A"] * 200,
            "time": times.cast(kind),
            "temp": pa.array(values, pa.float64()),
            "number": pa.array([number * 37 - 5000 for number in range(200)], pa.int64()),
        }
    )
    columns = (*MAPPING.columns, MappedColumn(column="number", parameter=usual("air_pressure"), unit="Pa"))
    mapping = replace(MAPPING, columns=columns, missing=("-9999",))
    out = io.BytesIO()
    pq.write_table(given, out, use_dictionary=False)
    same_as_csv(out.getvalue(), mapping)


def test_without_a_mapping_the_statistics_of_the_footer_are_the_facts() -> None:
    entry = surveyed(written())
    assert (entry.status, entry.rows, entry.column_count) == (Status.UNMAPPED, ROWS, 9)
    assert (facts(entry)["temp"].minimum_received, facts(entry)["temp"].maximum_received, facts(entry)["temp"].missing) == (
        32,
        54.25,
        ROWS // 11,
    )
    assert facts(entry)["station"].kind == "text"
    bare = surveyed(written(write_statistics=False))
    assert (facts(bare)["temp"].minimum_received, facts(bare)["temp"].maximum_received, facts(bare)["temp"].missing) == (
        32,
        54.25,
        ROWS // 11,
    )


def test_what_the_mapping_names_and_the_file_lacks_is_told() -> None:
    data = io.BytesIO()
    pq.write_table(table(5).rename_columns(["station", "when", *table(5).column_names[2:]]), data)
    entry = surveyed(data.getvalue(), MAPPING)
    assert entry.status is Status.REJECTED
    assert entry.rejects[0].column == "time"


def test_a_column_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    out = io.BytesIO()
    nested = table(5).append_column("lists", pa.array([[1, 2]] * 5))
    pq.write_table(nested, out)
    assert surveyed(out.getvalue(), MAPPING).status is Status.OK
    brotli = surveyed(written(5, compression="brotli"), MAPPING)
    assert brotli.status is Status.REJECTED
    assert "Brotli (write it with Snappy, gzip, LZ4 or Zstandard)" in brotli.rejects[0].reason
    unmapped = surveyed(written(5, compression="brotli"))
    assert (unmapped.status, "are packed with Brotli (write it with" in unmapped.why) == (Status.UNMAPPED, True)


@pytest.mark.parametrize(
    "way", [{"compression": "snappy", "row_group_size": 2500, "data_page_size": 900}, {"compression": "zstd"}]
)
def test_read_in_parts_it_is_what_it_is_at_once(way: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.formats.binary.parquet._ROWS", 2400)
    data, start, calls, values = written(**way), None, 0, list[float | None]()
    rows = list[int]()
    while calls == 0 or start:
        context = Context(mapping=MAPPING, start=start, remaining_ms=lambda: RESERVE_MS - 1)
        pieces = list(open_file(io.BytesIO(data), context).pieces())
        for piece in pieces:
            if isinstance(piece, Batch) and piece.station_id == "ST3":
                values += piece.columns[usual("air_temperature")].values
                rows += piece.rows
        start = next((piece for piece in pieces if isinstance(piece, Mark)), None)
        assert sum(piece.count for piece in pieces if isinstance(piece, Rows)) == (2400 if start else ROWS % 2400)
        calls += 1
    whole = [piece for piece in observations(io.BytesIO(data), Context(mapping=MAPPING)) if isinstance(piece, Batch)]
    mine = [piece for piece in whole if piece.station_id == "ST3"]
    assert calls == 3
    assert rows == [row for piece in mine for row in piece.rows]
    assert values == [value for piece in mine for value in piece.columns[usual("air_temperature")].values]


@pytest.mark.parametrize("end", [6, 400, -4])
def test_a_file_without_its_footer_says_so(end: int) -> None:
    entry = surveyed(written(50)[:end])
    assert entry.rejects[0].reason == "the file ends before its time: the footer, which says where everything is, is not there"


def test_a_page_that_promises_too_much_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        parquet_file._snappy(b"\xff\xff\xff\xff\x7f\x00")
    with pytest.raises((UnreadableFile, IndexError)):
        parquet_file._runs(b"", 8, 10**6)


def test_a_page_of_more_values_than_its_column_is_refused() -> None:
    stream = io.BytesIO(data := written(60))
    column = parquet_file.footer(stream, len(data)).columns[0]
    column.chunks[0] = replace(column.chunks[0], values=10)
    with pytest.raises(UnreadableFile, match="a page has more values than its column"):
        parquet_file.Values(stream, column).take(10)


def varint(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80]) + varint(number >> 7) if number > 0x7F else bytes([number])


def deltas(count: int, width: int, packed: bytes) -> bytes:
    """One block of one part, all steps of one width, from 5 on, and none less than 3."""
    return varint(1 << 20) + varint(1) + varint(count) + varint(10) + varint(6) + bytes([width]) + packed


def test_steps_in_one_wide_part_cost_one_look_each() -> None:
    packed = bytes(at % 251 for at in range(200_000))
    found, _ = effort.within(0.5, lambda: parquet_file._deltas(deltas(200_001, 8, packed), 200_001))
    assert found == list(accumulate((3 + step for step in packed), initial=5))
    assert parquet_file._deltas(deltas(9, 0, b""), 9)[0] == range(5, 32, 3)


def test_times_that_are_equally_far_from_one_another_are_no_list_of_all() -> None:
    """Not where they go on from page to page either: a million of them take a hundred bytes."""
    minutes = range(0, 60_000 * 50_000, 60_000)
    out = io.BytesIO()
    steps = {"time": "DELTA_BINARY_PACKED"}
    times = pa.table({"time": pa.array(minutes, pa.timestamp("ms", tz="UTC"))})
    pq.write_table(times, out, use_dictionary=False, column_encoding=steps, data_page_size=1000)
    (column,) = parquet_file.footer(out, out.tell()).columns
    values = parquet_file.Values(out, column, typed=True)
    taken = [values.take(7_000), values.take(43_000)]
    assert [each.values for each in taken if isinstance(each, Typed)] == [minutes[:7_000], minutes[7_000:]]


def test_pages_of_a_row_each_are_added_to_what_was_taken() -> None:
    """Not copied with it, of each page anew; and what is taken next has a list of its own."""
    taken = list(range(3))
    assert parquet_file._joined(taken, (7,)) is taken
    out = io.BytesIO()
    numbers = [at * at % 977 for at in range(300)]
    pq.write_table(pa.table({"n": pa.array(numbers)}), out, use_dictionary=False, data_page_size=1, write_batch_size=1)
    (column,) = parquet_file.footer(out, out.tell()).columns
    values = parquet_file.Values(out, column)
    first, second = values.take(100), values.take(200)
    assert [*first, *second] == [f"{number}" for number in numbers]


def test_steps_that_are_not_there_or_not_asked_for_are_refused() -> None:
    for count, width, packed in ((1_000_000, 0, b""), (10, 8, b"\1\2\3")):
        with pytest.raises(UnreadableFile):
            parquet_file._deltas(deltas(count, width, packed), 10)


def told_by(data: bytes) -> dict[int, Any]:
    return parquet_file._Thrift(data[-8 - int.from_bytes(data[-8:-4], "little") : -8]).struct()


def test_what_a_footer_claims_that_its_bytes_cannot_hold_is_refused() -> None:
    """A dictionary and one run may stand for a million rows, and every column for the same ones."""
    told = told_by(data := written(60))
    told[4][0][3] = 10_000_000
    for chunk in told[4][0][1]:
        chunk[3][5] = 10_000_000
    with pytest.raises(UnreadableFile, match=r"10000000 rows of 9 columns in \d+ bytes; .* at most 666666 such rows are read"):
        parquet_file._footer(told, len(data))
    assert parquet_file._footer(told, 15_000_000).rows == 10_000_000


def hanging(rows: int, sensors: int) -> bytes:
    """Minutes as steps and sensors that always say the same: rows of next to no bytes."""
    minutes = pa.array([START + timedelta(minutes=at) for at in range(rows)], pa.timestamp("us", tz="UTC"))
    names = ["temp", *(f"c{at}" for at in range(1, sensors))]
    out = io.BytesIO()
    pq.write_table(
        pa.table({"time": minutes, **{name: pa.array([21.5] * rows) for name in names}}),
        out,
        compression="zstd",
        use_dictionary=names,
        column_encoding={"time": "DELTA_BINARY_PACKED"},
    )
    return out.getvalue()


def test_a_month_of_minutes_in_which_sensors_hang_is_read_whole_and_fast() -> None:
    data = hanging(44_640, 12)
    context = Context(mapping=replace(MAPPING, station="a", station_column=None))
    entry = survey(io.BytesIO(data), context)
    assert (entry.status, entry.rows, entry.last) == (Status.OK, 44_640, int(START.timestamp() * 1000) + 44_639 * 60_000)
    assert len(data) < 10_000
    found = [piece for piece in observations(io.BytesIO(data), context) if isinstance(piece, Batch)]
    assert [at for piece in found for at in piece.times][::44_639] == [entry.first, entry.last]
    assert {value for piece in found for value in piece.columns[usual("air_temperature")].values} == {-5.833333}


def test_times_that_are_counted_are_not_written_and_read_again_for_values() -> None:
    data = hanging(200_000, 1)
    context = Context(mapping=replace(MAPPING, station="a", station_column=None))
    found = effort.within(0.22, lambda: [each for each in observations(io.BytesIO(data), context) if isinstance(each, Batch)])
    assert sum(len(each.times) for each in found) == 200_000


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize(("aware", "zone"), [("UTC", "UTC"), ("UTC", "+02:00"), (None, "+02:00"), (None, "Europe/Berlin")])
def test_instants_are_those_that_their_texts_mean(unit: str, aware: str | None, zone: str) -> None:
    told = ("1969-12-31T23:59:59.001", "2024-05-01T12:00", "2024-10-27T02:30")
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in told]
    times = pa.array([moment if aware else moment.replace(tzinfo=None) for moment in moments], pa.timestamp(unit, tz=aware))
    out = io.BytesIO()
    pq.write_table(pa.table({"time": times, "temp": [1.0, 2.0, 3.0]}), out)
    mapping = replace(MAPPING, station="a", station_column=None, time=TimeColumns(columns=("time",), zone=zone))
    pieces = observations(io.BytesIO(out.getvalue()), Context(mapping=mapping))
    found = [at for piece in pieces if isinstance(piece, Batch) for at in piece.times]
    ahead = [0, 0, 0] if aware else [2, 2, 2] if zone == "+02:00" else [1, 2, 2]
    utc = [moment - timedelta(hours=hours) for moment, hours in zip(moments, ahead, strict=True)]
    assert found == [(moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) for moment in utc]


def test_a_column_with_other_values_than_there_are_rows_is_damaged() -> None:
    told = told_by(data := written(60))
    told[4][0][1][2][3][5] = 1_000_000
    found = parquet_file._footer(told, len(data))
    assert [column.fault for column in found.columns if column.fault] == ["damaged (1000000 values in 60 rows)"]


def test_a_footer_of_nothing_but_lists_is_refused_before_it_fills_the_memory() -> None:
    lists = bytes([0x19, 0xF9]) + varint(2_000_000) + b"\5" * 2_000_000 + b"\0"
    with pytest.raises(UnreadableFile, match="too many parts"):
        effort.within(2.0, parquet_file._Thrift(lists).struct)


def test_a_bound_that_damage_made_something_else_is_none() -> None:
    assert parquet_file._bound({6: b"\x01", 2: b"\x02"}, 6, 2) == b"\x01"
    assert parquet_file._bound({6: True}, 6, 2) is None
    assert parquet_file._bound({2: 7}, 6, 2) is None


def test_what_damage_makes_of_the_number_of_missing_values_is_not_believed() -> None:
    assert parquet_file._missing(7, 60) == 7
    assert [parquet_file._missing(told, 60) for told in (b"junk", -1, 61, None, {1: 2})] == [None] * 5


@pytest.mark.parametrize("field", [4, 5, 7, 9])
def test_a_chunk_whose_place_is_no_number_makes_a_damaged_footer(field: int) -> None:
    told = told_by(data := written(60))
    assert parquet_file._footer(told, len(data)).rows == 60
    told[4][0][1][0][3][field] = b"junk"
    with pytest.raises(TypeError):  # which `footer` tells as damage
        parquet_file._footer(told, len(data))


def test_a_column_whose_type_is_no_number_makes_a_damaged_footer() -> None:
    with pytest.raises(TypeError):  # which `footer` tells as damage
        parquet_file._column("x", {1: [2]}, 0, repeated=False)


class Shown(bytes):
    def __repr__(self) -> str:  # Hypothesis shows arguments
        return "a file"


@settings(max_examples=200, deadline=None)
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=16), way=st.integers(0, 4))
def test_no_damage_crashes_it(at: float, junk: bytes, way: int) -> None:
    data = bytearray(_SMALL[way])
    start = int(at * (len(data) - len(junk)))
    data[start : start + len(junk)] = junk
    for mapping in (None, MAPPING) if way < 2 else (MAPPING,):  # the proposal of a mapping takes most of the time
        assert surveyed(bytes(data), mapping).status in set(Status)


_SMALL = [Shown(written(60, **way)) for way in WAYS]


# --- real files, where the folder is there -----------------------------------------------------------------------------------


def test_real_files_hold_what_pyarrow_reads() -> None:
    for name in real("parquet_noaa_obs_20260117.parquet", "parquet_seattle_weather.parquet", "parquet_vega_weather.parquet"):
        data = (SAMPLES / name).read_bytes()
        assert texts(data) == theirs(data), name


@pytest.mark.parametrize(("digits", "scale"), [(38, 38), (60, 45), (76, 76), (76, 1)])
def test_a_decimal_has_its_point_however_many_digits_it_has(digits: int, scale: int) -> None:
    values = [Decimal((sign, tuple(map(int, text)), -scale)) for sign, text in ((0, "9" * digits), (1, "7"), (0, "0"))]
    kind = pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(digits, scale)
    out = io.BytesIO()
    pq.write_table(pa.table({"x": pa.array([*values, None], kind)}), out)
    assert [Decimal(text) for text in texts(out.getvalue())["x"][:3]] == pq.read_table(out)["x"].to_pylist()[:3]


def test_a_decimal_of_more_digits_than_are_written_is_not_read_as_another_number() -> None:
    for scale in (77, -1):
        column = parquet_file._column("x", {1: 1, 6: 5, 7: scale}, 0, repeated=False)
        assert column.fault is not None
        assert "digits behind its point" in column.fault
    assert parquet_file._column("x", {1: 1, 6: 5, 7: 76}, 0, repeated=False).fault is None


def test_without_statistics_what_is_missing_is_counted() -> None:
    words = ["a", None, "b", None, None]
    columns = {"text": words, "flag": [None, True, None, True, False], "day": [date(2024, 1, 1), None, None, None, None]}
    out = io.BytesIO()
    pq.write_table(pa.table({**columns, "all": pa.array(["x"] * 5)}), out, write_statistics=False)
    told = {name: (column.values, column.missing) for name, column in facts(surveyed(out.getvalue())).items()}
    assert told == {"text": (2, 3), "flag": (3, 2), "day": (1, 4), "all": (5, 0)}


def test_the_header_of_a_page_may_be_longer_than_what_is_looked_at_first() -> None:
    words = [letter * 3000 for letter in "abc"]
    out = io.BytesIO()
    pq.write_table(pa.table({"x": words}), out, use_dictionary=False, row_group_size=2)
    assert list(texts(out.getvalue())["x"]) == words


@pytest.mark.parametrize("values", [True, False])
def test_what_the_folders_of_a_partitioned_table_say_is_columns(values: bool) -> None:
    out = io.BytesIO()
    pq.write_table(table(3).drop_columns(["station"]), out)
    key = "net/number=7/year=2024/station=ST%2001/part-0.parquet"
    mapping = replace(MAPPING, station_column="station")
    entry = survey(io.BytesIO(out.getvalue()), Context(key=key, mapping=mapping, values=values))
    assert (entry.stations, iso(entry.last or 0)) == ({"ST 01": 3}, "2024-01-01T00:02:00Z")
    of_folders = {each.name: each.values for each in entry.columns if each.name in ("year", "station", "number")}
    assert of_folders == {"year": 3, "station": 3, "number": 3}
    assert next(each.minimum for each in entry.columns if each.name == "number") == -5000  # the file's own goes before


def test_a_mapping_is_proposed_with_the_station_of_the_folder() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"time": ["2024-01-01T00:00:00Z"] * 2, "temp_c": [1.5, 2.5]}), out)
    for folder, station in (("station=KDEN", 2), ("station=__HIVE_DEFAULT_PARTITION__", 0)):
        entry = survey(io.BytesIO(out.getvalue()), Context(key=f"net/{folder}/part-0.parquet"))
        assert entry.proposal is not None
        assert ('"column": "station"' in (entry.proposal.mapping or "")) == bool(station)
        assert [each.values for each in entry.columns if each.name == "station"] == [station]
