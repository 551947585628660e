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
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse

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


OTHERS = {
    "a log": "".join(f"2024-06-01 12:00:{at:02d} INFO 1234 worker 5 200 0.0{at}\n" for at in range(12)),
    "ps aux": "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n"
    + "".join(f"root {at} 0.0 0.1 0 12 ? S Nov25 0:{at // 3:02d} [kthreadd]\n" for at in range(12)),
    "df": "Filesystem 1K-blocks Used Available Use% Mounted on\n" + "tmpfs 24684092 0 24684092 0% /dev/shm\n" * 5,
    "sockets": "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    + "   0: 0100007F:D91D 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 16 1 582342 100 0 0 10 0\n" * 6,
    "settings": "".join(f"{name} = 1 2 3\n" for name in "abcdef"),
    "points": "ply\nformat ascii 1.0\nelement vertex 4\nend_header\n" + "0.0 1.0 0.0\n" * 6,
    "a picture": "P2\n# c\n8 8\n255\n" + "1 2 3 4 5 6 7 8\n" * 8,
    "a grid": "ncols 6\nnrows 6\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n" + "1 2 3 4 5 6\n" * 6,
    "numbers": "".join(f"{at} {2 * at} {3 * at}\n" for at in range(1, 40)),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_numbers_without_names_or_a_time_are_no_table(text: str) -> None:
    assert looked_at(text).recognition.format is None


@pytest.mark.parametrize(
    "when", ["2024-06-{0:02d}", "{0}.6.2024", "2024 6 {0}", "2024 {0}", "202406{0:02d}", "{0}:30", "17172{0:05d}"]
)
def test_without_names_a_date_or_a_clock_tells_a_table(when: str) -> None:
    text = "".join(f"{when.format(at)} 10.{at} 6{at} NNW\n" for at in range(1, 9))
    assert looked_at(text + text.replace("2024", "????", 1)).recognition.format == "text-table"


@given(st.sampled_from([NAMED, SIGNED, STACKED, ROWS]), st.data())
@settings(max_examples=80, deadline=None)
def test_damaged_text_never_fails(text: str, data: st.DataObject) -> None:
    damaged = bytearray(text.encode())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)):
        damaged[at] = byte
    entry = looked_at(bytes(damaged), MAPPING)
    found = observations(io.BytesIO(bytes(damaged)), _context(MAPPING))
    assert sum(len(each.times) for each in found if isinstance(each, Batch)) == sum(entry.stations.values())


@pytest.mark.parametrize("quote", ['"', ""])
def test_r_names_all_columns_but_its_numbers_and_puts_quotes_around_words(quote: str) -> None:
    """R, `write.table` as it is by default."""
    times = (
        [f"2024-06-01 {hour:02d}:00" for hour in range(24)] if quote else [f"2024-06-01T{hour:02d}:00" for hour in range(24)]
    )
    names = " ".join(f"{quote}{name}{quote}" for name in ("time", "temp_c", "rh"))
    rows = "".join(f"{quote}{at}{quote} {quote}{time}{quote} {at}.5 {60 + at}\n" for at, time in enumerate(times, 1))
    entry = looked_at(f"{names}\n{rows}")
    assert ([column.name for column in entry.columns], entry.rows) == (["row", "time", "temp_c", "rh"], 24)
    assert entry.proposal is not None
    assert entry.proposal.mapping is not None
    after = looked_at(f"{names}\n{rows}", json.loads(entry.proposal.mapping))
    assert (after.status, after.rejected, iso(after.last or 0)) == (Status.OK, 0, "2024-06-01T23:00:00Z")


def test_rows_of_many_words_have_dates_below_names() -> None:
    rows = "".join(f"S1 Ridge auto ok live noaa raws north 2024-06-01T{hour:02d}:00Z {hour}.5\n" for hour in range(24))
    entry = looked_at("STN NAME TYPE STATUS MODE OWNER NET AREA TIME TEMP_C\n" + rows)
    assert (entry.status, entry.rows, entry.columns[-1].mean) == (Status.UNMAPPED, 24, 12.0)


def test_a_log_of_words_is_no_table() -> None:
    log = "".join(f"2024-06-01 {hour:02d}:00:00 station woke up and read some of the sensors\n" for hour in range(24))
    assert looked_at(log).status is Status.UNKNOWN


BLANK = "STATION   DATE       TIME   TEMP    RH   WIND\n" + "".join(
    f"KAAA      2024-06-01 {hour:02d}:00  {hour / 2:5.1f}  {str(60 + hour) if hour % 4 else '':>4}  "
    f"{'' if hour == 7 else hour / 3:>5.4}\n"
    for hour in range(24)
)


def test_a_column_that_is_blank_in_a_row_is_missing_there() -> None:
    entry = looked_at(BLANK)
    assert (entry.rows, entry.rejected) == (24, 0)
    assert [each.missing for each in entry.columns] == [0, 0, 0, 0, 6, 1]
    rules = MAPPING | {
        "time": {"columns": ["DATE", "TIME"], "format": "%Y-%m-%d %H:%M"},
        "columns": {"WIND": {"standard_name": "wind_speed", "unit": "m/s"}},
    }
    wind = batch(BLANK, rules).columns[parameter("wind_speed")]
    assert (wind.values[3:5], wind.values[7]) == ([1.0, 1.333], None)


def test_a_short_row_that_does_not_stand_below_the_columns_is_rejected() -> None:
    entry = looked_at(BLANK + "KAAA 2024-06-02 00:00 1.5 60 2.5 3.5 4.5\nKAAA 2024-06-02 01:00 1.5\n")
    assert (entry.rows, [each.row for each in entry.rejects]) == (26, [26, 27])


@pytest.mark.parametrize("short", ["2024-06-02 00:00 60.0 13.5", "2024-06-02 00:00  60.0 13.5", "2024-06-02 00:00 60.0"])
def test_where_one_blank_parts_fields_a_short_row_does_not_tell_which_is_missing(short: str) -> None:
    rows = "".join(f"2024-06-01 {hour:02d}:00 {10 + hour}.5 {60 + hour}.0 {13 + hour}.5\n" for hour in range(24))
    entry = looked_at("DATE TIME TEMP RH WIND\n" + rows + short + "\n")
    assert (entry.rows, [each.row for each in entry.rejects]) == (25, [26])


def test_pandas_numbers_rows_from_0() -> None:
    rows = "".join(f"{at:<3} 2024-06-01T{at:02d}:00  {at}.5  60\n" for at in range(24))
    assert [each.name for each in looked_at("                 time  temp_c  rh\n" + rows).columns] == [
        "row",
        "time",
        "temp_c",
        "rh",
    ]


CLOCKED = [f"2024-06-01 {at:02d}:00:00  {at}.5  60" for at in range(24)]
DAYS = [f"2024-06-{at + 1:02d}  {at}.5  60" for at in range(24)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (["            time  t  rh", *CLOCKED], ["time", "clock", "t", "rh"]),
        (["     time  t  rh", *(f"{at} {row}" for at, row in enumerate(CLOCKED, 1))], ["row", "time", "clock", "t", "rh"]),
        (["            t  rh", "time", *CLOCKED], ["date", "clock", "t", "rh"]),
        (["            t  rh", *DAYS], ["date", "t", "rh"]),
        (
            ["  time  t  rh", *(f"{at} {row}" for at, row in enumerate(CLOCKED[:5])), "..  ...  ...  ...",
             *(f"{at + 75} {row}" for at, row in enumerate(CLOCKED[19:])), "", "[80 rows x 3 columns]"],
            ["row", "time", "clock", "t", "rh"],
        ),
    ],
)  # fmt: skip
def test_names_that_r_and_pandas_leave_out_are_filled_in(text: list[str], names: list[str]) -> None:
    assert [each.name for each in looked_at("\n".join(text) + "\n").columns] == names


def test_names_of_which_the_first_is_the_time_s_do_not_lack_it() -> None:
    rows = "\n".join(f"2024-06-01 {at} {at}.5 60" for at in range(24))
    assert looked_at(f"date hour temp\n{rows}\n").columns[0].name == "column 1"


def test_words_above_that_are_fewer_than_the_columns_are_no_names() -> None:
    rows = "\n".join(row.replace("  60", "  60  61") for row in CLOCKED)
    assert looked_at(f"The diary\n{rows}\n").columns[0].name == "column 1"


SERIES = "".join(f"1772-01-{day:02d}   {day / 2:6.1f}\n" for day in range(1, 29))


def test_a_date_and_a_value_are_a_table_below_their_names() -> None:
    entry = looked_at("Date          Value\n" + SERIES)
    assert (entry.recognition.format, entry.status, entry.rows) == ("text-table", Status.UNMAPPED, 28)
    daily = {"standard_name": "air_temperature", "unit": "Cel", "method": "mean", "duration": "P1D"}
    entry = looked_at("Date  Value\n" + SERIES, MAPPING | {"time": {"column": "Date"}, "columns": {"Value": daily}})
    assert (entry.status, entry.stations, iso(entry.first or 0)) == (Status.OK, {"garden": 28}, "1772-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        SERIES,
        "# series from http://x\n# from here\n" + SERIES,
        "Date Value\n" + SERIES.replace("1772", "72"),
        "Date Word\n" + SERIES.replace(".", "x"),
    ],
)
def test_two_words_in_a_line_are_no_table_unless_they_are_a_date_and_a_number_below_their_names(text: str) -> None:
    assert looked_at(text).status is Status.UNKNOWN
