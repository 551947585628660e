"""Text whose fields stand between blanks: a table, with names or without."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse as parameter
from mesonet.formats.mapping_file import parse
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey

ROWS = "".join(f"2024-06-01 {hour:02d}:00   {10.5 + hour:5.1f}  {60 + hour}   NNW\n" for hour in range(24))
NAMED = "Station diary of the garden\n\nDate       Time    Temp  Hum   Dir\n----------------------------------\n" + ROWS
SIGNED = "# a diary\n# Date Time Temp Hum Dir\n#               degC   %   -\n" + ROWS + "# the end of it\n"
STACKED = NAMED.replace("Date       Time    Temp  Hum   Dir\n", "Date       Time    Temp  Hum   Dir\nUTC UTC degC pct pts\n")
MAPPING: dict[str, Any] = {
    "mesonet_mapping": 1,
    "station": {"id": "garden"},
    "time": {"columns": ["Date", "Time"], "format": "%Y-%m-%d %H:%M"},
    "columns": {"Temp": {"standard_name": "air_temperature", "unit": "degC"}},
}


def _context(mapping: dict[str, Any] | None) -> Context:
    return Context(key="in/diary.txt", mapping=parse(json.dumps(mapping), prefix="") if mapping else None)


def looked_at(text: str | bytes, mapping: dict[str, Any] | None = None) -> Survey:
    data = text.encode() if isinstance(text, str) else text
    return survey(io.BytesIO(data), _context(mapping), again=lambda: io.BytesIO(data))


def batch(text: str, mapping: dict[str, Any]) -> Batch:
    (found,) = (each for each in observations(io.BytesIO(text.encode()), _context(mapping)) if isinstance(each, Batch))
    return found


@pytest.mark.parametrize(("text", "first"), [(NAMED, 5), (SIGNED, 4), (STACKED, 6)], ids=["named", "signed", "stacked"])
def test_the_names_above_the_rows_are_those_of_the_columns(text: str, first: int) -> None:
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rejects) == ("text-table", Status.UNMAPPED, ())
    assert [each.name for each in entry.columns] == ["Date", "Time", "Temp", "Hum", "Dir"]
    assert entry.columns[2].maximum == 33.5
    entry = looked_at(text, MAPPING)
    assert (entry.status, entry.stations, entry.rejects) == (Status.OK, {"garden": 24}, ())
    found = batch(text, MAPPING)
    assert (iso(found.times[0]), found.rows[0]) == ("2024-06-01T00:00:00Z", first)
    assert found.columns[parameter("air_temperature")].values[:2] == [10.5, 11.5]


def test_columns_without_names_are_called_by_their_places() -> None:
    unnamed = {**MAPPING, "time": {"columns": ["column 1", "column 2"], "format": "%Y-%m-%d %H:%M"}}
    unnamed["columns"] = {"column 3": MAPPING["columns"]["Temp"]}
    entry = looked_at("diary\n" + ROWS, unnamed)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 24, {"garden": 24})
    assert batch("diary\n" + ROWS, unnamed).rows[0] == 2
    entry = looked_at(ROWS + "2024-06-02 00:00 warm 1 NNW\n2024-06-02 01:00 1\n", unnamed)
    assert sorted((each.row, each.value) for each in entry.rejects) == [(25, "warm"), (26, "2024-06-02,01:00,1")]


@pytest.mark.parametrize(
    "text", ["the quick brown fox\n" * 9, "1 2 3\n4 5 6\n", "1 2\n" * 9, "a 1\nb 2 3\nc 4 5 6 7\nd 8\n" * 4]
)
def test_lines_that_are_no_rows_are_no_table(text: str) -> None:
    assert looked_at(text).recognition.format is None


@given(st.sampled_from([NAMED, SIGNED, STACKED, ROWS]), st.data())
@settings(max_examples=80, deadline=None)
def test_damaged_text_never_fails(text: str, data: st.DataObject) -> None:
    damaged = bytearray(text.encode())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)):
        damaged[at] = byte
    entry = looked_at(bytes(damaged), MAPPING)
    found = observations(io.BytesIO(bytes(damaged)), _context(MAPPING))
    assert sum(len(each.times) for each in found if isinstance(each, Batch)) == sum(entry.stations.values())
