"""InfluxDB's line protocol, whose lines are records of a table."""

import io
from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import Parameter
from mesonet.formats.reading import Context
from mesonet.formats.registry import recognise
from mesonet.formats.survey import Survey, observations, survey

LINES = (
    r"weather,station=garden\ north,place=nl temperature=12.4,humidity=71i,note=\"a, b=c\",ok=t 1709287200000000000".replace(
        r"\"", '"'
    ),
    r"weather,station=garden\ north,place=nl temperature=12.6,humidity=70i 1709287500000000000",
)


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


DOCUMENT = text(*LINES)  # what the fuzz test begins with


def mapping() -> Mapping:
    return Mapping(
        prefix="",
        station_column="station",
        time=TimeColumns(columns=("time",)),
        columns=(
            MappedColumn(column="temperature", parameter=Parameter(standard_name="air_temperature", level=2.0), unit="Cel"),
        ),
    )


def surveyed(data: bytes, **more: Any) -> Survey:
    return survey(io.BytesIO(data), Context(key="influx.lp", **more))


def test_lines_are_a_table_for_which_a_mapping_is_proposed() -> None:
    found = surveyed(text("# a comment", *LINES))
    assert (found.recognition.format, found.status, found.rows) == ("line-protocol", Status.UNMAPPED, 2)
    assert [each.name for each in found.columns][:4] == ["measurement", "time", "station", "place"]
    assert found.proposal is not None


def test_a_number_beyond_a_binary64_is_told_by_its_field() -> None:
    data = text(LINES[0].replace("12.4", "1e999"), LINES[1])
    found = surveyed(data, mapping=mapping())
    assert (found.rows, [(each.row, each.column, each.value) for each in found.rejects]) == (2, [(1, "temperature", "1e999")])


def test_a_fault_of_a_line_that_stands_alone_below_comments_is_told_by_its_row() -> None:
    found = surveyed(text("# a comment", "", LINES[0].replace("12.4", "1e999")), mapping=mapping())
    assert [(each.row, each.column, each.value) for each in found.rejects] == [(3, "temperature", "1e999")]


def test_a_mapping_explains_tags_and_fields() -> None:
    context = Context(key="influx.lp", mapping=mapping())
    (batch,) = (piece for piece in observations(io.BytesIO(text(*LINES)), context) if isinstance(piece, Batch))
    (column,) = batch.columns.values()
    assert (batch.station_id, column.values) == ("garden north", [12.4, 12.6])
    assert list(map(iso, batch.times)) == ["2024-03-01T10:00:00Z", "2024-03-01T10:05:00Z"]


@pytest.mark.parametrize("figures", [10, 13, 16, 19])
def test_a_time_has_the_precision_of_its_figures(figures: int) -> None:
    data = text(*(line[: line.rindex(" ") + 1 + figures] for line in LINES))
    assert surveyed(data, mapping=mapping()).first == 1709287200000


def test_a_line_that_is_none_or_has_no_time_is_rejected_with_its_row() -> None:
    found = surveyed(text(*LINES, "weather temperature=12", *LINES, "broken"), mapping=mapping())
    assert [(each.row, each.reason) for each in found.rejects] == [(3, "the line has no time"), (6, "no line of line protocol")]
    assert (found.status, found.rows) == (Status.PARTIAL, 6)


@pytest.mark.parametrize(
    "data", [b"a,b,c\n1,2,3\n", b"key=value\nother=1\n", b"PASSKEY=1&dateutc=2024-03-01+10:00:00&tempf=3\n"]
)
def test_what_only_looks_alike_is_none(data: bytes) -> None:
    assert recognise(data).format != "line-protocol"
