"""Whatever the bytes, a survey ends in a status; whatever the dialect, the values are the same."""

import csv
import gzip
import io
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import from_datetime
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import usual
from mesonet.domain.station import addressable
from mesonet.formats.reading import Context
from mesonet.formats.registry import named, recognise
from mesonet.formats.survey import observations, survey

AIR = usual("air_temperature")
WIND = usual("wind_speed")
MAPPING = Mapping(
    prefix="",
    station_column="id",
    time=TimeColumns(columns=("time",)),
    columns=(
        MappedColumn(column="temp", parameter=AIR, unit="Cel"),
        MappedColumn(column="wind", parameter=WIND, unit="m/s"),
    ),
)
LOCAL = Mapping(
    prefix="",
    station="X",
    time=TimeColumns(columns=("id", "time", "temp"), format="parts", zone="Europe/Berlin"),
    columns=MAPPING.columns[1:],
    decimal=",",
)

numbers = st.one_of(
    st.none(), st.floats(-1e6, 1e6).map(lambda value: round(value, 3)).filter(lambda value: str(value) not in MAPPING.missing)
)
names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(addressable)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001
rows = st.lists(st.tuples(names, moments, numbers, numbers), min_size=1, max_size=30)


@given(
    rows=rows,
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    packed=st.booleans(),
)
def test_a_table_written_in_any_dialect_is_read_with_the_same_values(
    rows: list[tuple[str, datetime, float | None, float | None]],
    delimiter: str,
    ending: str,
    quoting: int,
    encoding: str,
    packed: bool,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["id", "time", "temp", "wind"])
    for name, moment, temp, wind in rows:
        writer.writerow([name, moment.isoformat(), "NA" if temp is None else temp, "" if wind is None else wind])
    data = text.getvalue().encode(encoding)
    found = []
    for piece in observations(io.BytesIO(gzip.compress(data) if packed else data), Context(mapping=MAPPING)):
        assert isinstance(piece, Batch)
        for at, row in enumerate(piece.rows):
            values = [piece.columns[parameter].values[at] for parameter in (AIR, WIND)]
            found.append((row, piece.station_id, piece.times[at], *values))
    expected = [
        (row, name, from_datetime(moment.replace(tzinfo=UTC)), temp, wind)
        for row, (name, moment, temp, wind) in enumerate(rows, 2)
    ]
    assert sorted(found) == expected
    entry = survey(io.BytesIO(data), Context(mapping=MAPPING))
    assert (entry.status, entry.rows, entry.station_count) == (Status.OK, len(rows), len({name for name, *_ in rows}))


pieces = st.sampled_from(
    [
        *(
            b",",
            b'"',
            b'""',
            b"\n",
            b"\r\n",
            b"\r",
            b";",
            b"\t",
            b"#",
            b"{",
            b"}",
            b"[",
            b'"columns":',
            b'{"mesonet_mapping": 1',
        ),
        *(b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\xe9", b"\x1f\x8b\x08", b"NA", b"1e999999", b"-9999", b"2013", b"10", b"3"),
        *(b"id,time,temp,wind\n", b"A,2013-01-01T00:00Z,1,2\n", b"id,lat,lon\n", b"A,1,2\n"),
        *(b"ITE00100550,18230101,TMAX,-21,,,E,\n", b"ITE00100550,18230101,TMAX,1,,,E,,91,2\n"),
        b"ID,YEAR/MONTH/DAY,ELEMENT,DATA VALUE,M,Q,S,T,LATITUDE,LONGITUDE\n",
        b"ACW00011604  17.1167  -61.7833   10.1    ST\n",
    ]
)
scraps = st.one_of(st.binary(max_size=300), st.lists(pieces, max_size=60).map(b"".join))


@settings(max_examples=400)
@given(
    data=scraps,
    start=st.sampled_from(
        [b"", b"id,time,temp,wind\n", b"ITE00100550,18230101,TMAX,-21,,,E,\n", b"id,lat,lon\n", b'{"mesonet_mapping": 1,']
    ),
    mapping=st.sampled_from([None, MAPPING, LOCAL]),
    packed=st.booleans(),
    cut=st.integers(0, 20),
)
def test_a_survey_ends_in_a_status_whatever_the_bytes(
    data: bytes, start: bytes, mapping: Mapping | None, packed: bool, cut: int
) -> None:
    data = start + data
    if packed:
        data = gzip.compress(data)
        data = data[: len(data) - cut]
    entry = survey(io.BytesIO(data), Context(key="any/key.csv", mapping=mapping))
    assert entry.size == len(data)
    assert (entry.status is Status.EMPTY) == (
        entry.size == 0 or (entry.recognition.format is None and "holds nothing" in entry.why)
    )
    assert entry.rejected >= len(entry.rejects)
    taken = list(observations(io.BytesIO(data), Context(key="any/key.csv", mapping=mapping)))
    for batch in taken:
        if isinstance(batch, Batch):
            assert len(batch.times) == len(batch.rows) > 0
            for column in batch.columns.values():
                assert len(column.values) == len(column.flags) == len(column.received) == len(batch.times)
    stations = {batch.station_id for batch in taken if isinstance(batch, Batch)}
    assert stations <= entry.stations.keys()


@settings(max_examples=200)
@example(data=b"\x00A\x00b\n\x01A\x00", name="csv")  # a table without columns
@given(data=scraps, name=st.sampled_from(["csv", "ghcn-daily-by-year", "ghcn-stations", "station-list", "mapping"]))
def test_a_format_that_is_given_another_s_bytes_rejects_them(data: bytes, name: str) -> None:
    recognise(data)
    for mapping in (None, MAPPING):
        list(named(name).read(io.BytesIO(data), Context(mapping=mapping)))
