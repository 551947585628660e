"""Files that are wrong throughout: everything is counted, and it costs no more than reading does."""

import io
import json
from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter
from mesonet.formats import columns, json_document, table
from mesonet.formats.columns import Loose, Numbers
from mesonet.formats.reading import Context
from mesonet.formats.services.service import usual_step
from mesonet.formats.survey import Survey, survey
from mesonet.stores.rejects import RejectsFile
from tests import effort
from tests.unit.formats.networks.test_networks import MAWS, METARS_JSON, SYNOPTIC_JSON
from tests.unit.formats.noaa.test_ghcn_daily_dly import MONTHS
from tests.unit.formats.noaa.test_ghcn_monthly import YEARS
from tests.unit.formats.noaa.test_gsod import OLD
from tests.unit.formats.noaa.test_isd import REPORTS
from tests.unit.formats.reports.test_exchanged_series import ANSWER as CAMPBELL
from tests.unit.formats.reports.test_exchanged_series import zrxp
from tests.unit.formats.services.test_coveragejson import SERIES
from tests.unit.formats.services.test_geojson_observations import REPORT
from tests.unit.formats.services.test_home_stations import DEVICE, PUSH
from tests.unit.formats.services.test_nws import STATION, collection, observation
from tests.unit.formats.services.test_open_meteo import HOURLY
from tests.unit.formats.services.test_services import ANSWERS, SENSORTHINGS
from tests.unit.formats.services.test_wis2_notification import MESSAGE
from tests.unit.formats.tables.test_json_table import HOURS
from tests.unit.formats.tables.test_station_objects import PLAIN
from tests.unit.formats.test_documented import IEM
from tests.unit.formats.test_station_lists import AMEDAS

HEADER = "time,t,u,station\n"
MAPPING = Mapping(
    prefix="",
    station_column="station",
    time=TimeColumns(columns=("time",)),
    columns=tuple(
        MappedColumn(column=name, parameter=Parameter(standard_name=called, level=2.0), unit=unit)
        for name, called, unit in (("t", "air_temperature", "Cel"), ("u", "relative_humidity", "%"))
    ),
)
# rows that are wrong, how many rejects each is, and of what kind
WRONG = {
    "1\n": (1, "the row has … fields where the header has …"),
    '"1"\n': (1, "the row has … fields where the header has …"),
    "x,1,2,a\n": (1, "… is not an ISO 8601 time"),
    '"\n': (1, "a quote in the row is not closed"),
    "2024-01-01T00:00Z,1,2,\n": (1, "the row has no station"),
    "2024-01-01T00:00Z,x,y,a\n": (2, "not a number"),
}
# of what begins so lines of one character may follow, and what each is then told to be
BEGUN = {
    "isd": (REPORTS, "the report has 1 characters; control and mandatory section have 105"),
    "ghcn-daily-dly": (MONTHS, "the line ends before the value of its 31st day"),
    "ghcn-monthly": (YEARS, "the line ends before the value of its twelfth month"),
    "gsod": (OLD, "the line ends before its last value"),
    "ghcn-stations": (
        "ACW00011604  17.1167  -61.7833   10.1    ST JOHNS COOLIDGE FLD                       \n",
        "not a line of a station list of GHCN",
    ),
    "maws": (MAWS, "not a message such as (S:NAME;D:240131;T:120000;…)"),
    "sutron": (
        "01/01/2024,00:00:00,AT,4.2,C,G\n",
        "not a line of date, time, label, value, unit and quality",
    ),
    "vaisala-wxt": ("1709726400 0R2,Ta=23.6C,Ua=14.2P\n", "not a message such as 0R1,Dm=236D,Sm=1.0M"),
    "nmea": ("1709726400 $WIMTA,12.3,C\n", "no sentence such as $WIMWV,270.0,R,3.4,M,A*1B"),
    "aprs": (
        "1709726400 CW0003>APRS,TCPXX*:@061200z5130.00N/00010.00W_270/004g010t077\n",
        "no packet such as CW0003>APRS,TCPXX*:@061200z…",
    ),
    "zrxp": (zrxp("Lufttemperatur", "°C", "20240101120000 4.2 200"), "the row has 1 fields where LAYOUT has 3"),
    "ecowitt": (
        "PASSKEY=0123456789ABCDEF0123456789ABCDEF&stationtype=GW1000B_V1.6.8&dateutc=2024-01-01+12:00:00&tempf=70.1\n",
        "no form such as PASSKEY=…&dateutc=…&tempf=…",
    ),
}
# one document, a line of NDJSON, of each format that is JSON
DOCUMENTS: list[tuple[str, Any]] = [
    ("ambient-weather", DEVICE),
    ("aviationweather", json.loads(METARS_JSON)[0]),
    ("coveragejson", SERIES),
    ("csijson", json.loads(CAMPBELL)),
    ("ecowitt", PUSH),
    ("geojson-observations", REPORT),
    ("iem-stations", json.loads(IEM)),
    ("jma-stations", json.loads(AMEDAS)),
    ("json-table", HOURS[0]),
    ("nws-observations", collection(observation())),
    ("nws-stations", STATION),
    ("open-meteo", HOURLY),
    ("sensorthings", SENSORTHINGS["datastream"]),
    ("service-json", ANSWERS["xweather"][0]),
    ("station-objects", PLAIN),
    ("synoptic-json", json.loads(SYNOPTIC_JSON)),
    ("wis2-notification", MESSAGE),
]


def surveyed(rows: str, *, rejects: RejectsFile | None = None) -> Survey:
    return survey(io.BytesIO((HEADER + rows).encode()), Context(mapping=MAPPING), rejects=rejects)


@pytest.mark.parametrize("row", WRONG)
def test_of_rejects_beyond_those_that_are_told_all_are_counted(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TOLD", 70)
    each, kind = WRONG[row]
    with RejectsFile() as kept:
        found = surveyed(row * 20_000, rejects=kept)
        lines = kept.ended().read().splitlines()
    assert (found.rows, found.rejected, kept.count) == (20_000, 20_000 * each, 20_000 * each)
    assert list(found.reasons.values()) == [20_000 * each]
    assert kind in next(iter(found.reasons))
    assert 70 < len(lines) < 100
    assert lines[-1] == b'{"more": %d}' % (20_000 * each - len(lines) + 1)


def test_the_first_rejects_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TOLD", 3)
    found = surveyed("1\n" * 5)
    assert [(each.row, each.count) for each in found.rejects] == [(2, 1), (3, 1), (4, 3)]


def test_of_rows_of_a_few_characters_fewer_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost as much as longer ones, and there are twenty times as many in a megabyte."""
    monkeypatch.setattr(table, "SHORT_TOLD", 30)
    for rows, told in (("1\n", 31), ("x,1,2,a\n", 31), ("2024-01-01T00:00Z,1,2,\n", 1000), ("2024-01-01T00:00Z,1\n", 1000)):
        with RejectsFile() as kept:
            found = surveyed(rows * 1000, rejects=kept)
            lines = kept.ended().read().splitlines()
        assert (found.rejected, len([line for line in lines if not line.startswith(b'{"more"')])) == (1000, told)


@pytest.mark.parametrize("name", [name for name in BEGUN if name in ("gsod", "maws", "zrxp", "ecowitt")])
def test_a_small_file_of_short_lines_costs_less_than_a_second_a_megabyte(name: str) -> None:
    data = (BEGUN[name][0] + "x\n" * 100_000).encode()

    def work() -> Survey:
        with RejectsFile() as kept:
            return survey(io.BytesIO(data), Context(key="in/a.txt", received=2**41), rejects=kept)

    assert effort.within(0.4, work).rejected >= 100_000


def wide(columns: int, rows: int, cell: str) -> tuple[bytes, Context]:
    """A table whose columns are temperatures at heights of their own."""
    names = [f"t{at}" for at in range(columns)]
    heights = (Parameter(standard_name="air_temperature", level=float(at)) for at in range(columns))
    mapped = tuple(MappedColumn(column=name, parameter=each, unit="Cel") for name, each in zip(names, heights, strict=True))
    mapping = Mapping(prefix="", station="a", time=TimeColumns(columns=("time",)), columns=mapped)
    times = (f"2024-01-01T{at // 60 % 24:02d}:{at % 60:02d}:00Z" for at in range(rows))
    text = f"time,{','.join(names)}\n" + "".join(f"{time},{','.join([cell] * columns)}\n" for time in times)
    return text.encode(), Context(mapping=mapping)


def test_fields_of_one_letter_in_a_table_of_numbers_cost_less_than_a_second_a_megabyte() -> None:
    data, context = wide(50, 800, "x")

    def work() -> tuple[Survey, list[bytes]]:
        with RejectsFile() as kept:
            return survey(io.BytesIO(data), context, rejects=kept), kept.ended().readlines()

    found, lines = effort.within(0.12, work)
    assert (found.rows, found.rejected, found.reasons) == (800, 40_000, {"not a number": 40_000})
    assert len(lines) < 7000  # as many as rows, and those that any file may have


def test_a_mapping_of_thousands_of_columns_costs_one_look_at_each() -> None:
    data, context = wide(5000, 3, "1")
    found = effort.within(0.4, lambda: survey(io.BytesIO(data), context))
    assert (found.rows, found.rejected, found.column_count) == (3, 0, 5001)


@pytest.mark.parametrize("row", [",,,\n", ",\n", " , ,\n", ",,,,,,,\n"])
def test_a_row_of_delimiters_alone_is_a_blank_line(row: str) -> None:
    found = surveyed(f"{row}2024-01-01T00:00Z,1,2,a\n{row * 3}2024-01-01T01:00Z,x,2,a\n")
    assert found.rejects == (Reject(reason="not a number", row=7, column="t", value="x"),)


@pytest.mark.parametrize("row", [*WRONG, ",\n"])
def test_rows_that_are_all_wrong_cost_less_than_a_second_a_megabyte(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TOLD", 5000)
    rows = row * (500_000 // len(row))

    def work() -> Survey:
        with RejectsFile() as kept:
            return surveyed(rows, rejects=kept)

    assert effort.within(0.5, work).status is not Status.OK


@pytest.mark.parametrize("name", BEGUN)
def test_short_lines_below_what_a_format_begins_with_cost_less_than_a_second_a_megabyte(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "TOLD", 5000)
    begin, reason = BEGUN[name]
    head = begin * (20_000 // len(begin))
    data = (head + "x\n" * 250_000).encode()

    def work() -> tuple[Survey, list[bytes]]:
        with RejectsFile() as kept:
            return survey(io.BytesIO(data), Context(key="in/a.txt", received=2**41), rejects=kept), kept.ended().readlines()

    found, lines = effort.within(1.0, work)  # twice as much, since other work goes on beside it
    assert found.recognition.format == name
    told = [json.loads(line) for line in lines]
    first = next(at for at, each in enumerate(told) if each.get("reason") == reason)
    assert [(each["row"], each["value"]) for each in told[first : first + 4000]] == [
        (head.count("\n") + at, "x") for at in range(1, 4001)
    ]
    assert sum(found.reasons.values()) == found.rejected >= 250_000


@pytest.mark.parametrize(("name", "document"), DOCUMENTS)
def test_each_line_that_is_no_json_is_a_row_whether_it_is_told_by_itself_or_not(
    name: str, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_document, "TOLD", 10)
    line = json.dumps(document).encode() + b"\n"
    whole, broken = (
        survey(io.BytesIO(data), Context(key="in/a.json"))
        for data in (line * 41, line * 20 + b"{broken\n" * 15 + line * 21 + b"{broken\n" * 15)
    )
    assert broken.recognition.format == name
    assert (broken.rows - whole.rows, broken.rejected - whole.rejected) == (30, 30)


def test_texts_that_are_no_numbers_and_all_different_cost_one_look_each() -> None:
    texts = [f"x{at}" for at in range(30_000)]
    numbers = Numbers(())
    effort.within(0.5, lambda: numbers.weigh(texts))
    assert (numbers.values, len(numbers.faults)) == (0, 30_000)


def test_all_columns_together_remember_no_more_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand columns whose texts are all different would each remember its own."""
    monkeypatch.setattr(columns, "KEPT_BY_ALL", 2000)
    numbers, loose = [Numbers(()) for _ in range(50)], [Loose(()) for _ in range(50)]
    most = 0
    for chunk in range(40):
        texts = [f"{chunk}.{at:03d}" for at in range(20)]
        for one, other in zip(numbers, loose, strict=True):
            one.weigh(texts)
            one.column(texts)
            other.weigh(texts)
        both = numbers + [other._numbers for other in loose if other._numbers]
        most = max(most, sum(len(each._summands) + len(each._learned or ()) for each in both))
    assert 2000 < most < 6000  # of 120,000; what a chunk of all columns has is learned before it is forgotten
    assert {(one.values, one.minimum, one.maximum, one.mean) for one in numbers} == {(800, 0.0, 39.019, 19.5095)}
    assert {(told.values, told.minimum, told.maximum) for told in (other.facts("x") for other in loose)} == {(800, 0.0, 39.019)}


def test_steps_that_are_all_different_cost_one_look_each() -> None:
    times, at = [], 0
    for step in range(1, 20_000):
        times.append(at := at + step)
    assert effort.within(0.5, lambda: usual_step(times)) == 2


def test_columns_that_are_not_listed_cost_next_to_nothing() -> None:
    names = ",".join(f"t{at}" for at in range(9000))
    data = f"time,{names}\n{f'2024-01-01T00:00Z{",1" * 9000}{chr(10)}' * 2}".encode()
    found = effort.within(0.12, lambda: survey(io.BytesIO(data)))
    assert (found.status, found.rows, found.column_count, len(found.columns)) == (Status.UNMAPPED, 2, 9001, 500)
    assert {(each.values, each.maximum) for each in found.columns[1:]} == {(2, 1.0)}
    assert "facts of the first 500 of 9001 columns are listed" in found.why


def test_thousands_of_names_in_a_long_table_are_sampled_in_one_look() -> None:
    rows = "".join(f"2024-01-01T00:00Z,v{at},1\n" for at in range(12_000))
    found = effort.within(0.2, lambda: survey(io.BytesIO(f"time,variable,value\n{rows}".encode())))
    assert (found.status, found.rows) == (Status.UNMAPPED, 12_000)


def test_a_line_of_nothing_but_delimiters_is_not_looked_at_field_by_field() -> None:
    found = effort.within(0.08, lambda: survey(io.BytesIO(b"," * 300_000)))
    assert (found.status, found.rejects[0].reason) == (Status.REJECTED, "300001 columns; more than 10000 are not read")


def test_words_of_an_encoding_are_looked_for_once() -> None:
    data = "Zeit;Temp °C\n".encode("cp1252") + "é;1\n".encode("cp1252") * 25_000
    assert (effort.within(0.07, lambda: survey(io.BytesIO(data))).encoding or "").startswith("cp1252")


def test_rows_of_a_few_characters_whose_times_are_none_are_told_up_to_a_bound() -> None:
    head = "SMET 1.1 ASCII\n[HEADER]\nstation_id = a\nlatitude = 1\nlongitude = 2\naltitude = 3\nnodata = -999\n"
    data = f"{head}fields = timestamp TA\n[DATA]\n{''.join(f'x{at} y{chr(10)}' for at in range(12_000))}".encode()

    def work() -> tuple[Survey, int]:
        with RejectsFile() as kept:
            return survey(io.BytesIO(data), rejects=kept), len(kept.ended().readlines())

    found, told = effort.within(0.16, work)
    assert (found.rows, found.rejected) == (12_000, 12_000)
    assert 5000 <= told < 5100
