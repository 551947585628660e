"""Tables with stations or months in their columns, which a mapping of the values explains."""

import io
import json
from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse
from tests import effort

OMS3_HEAD = (
    "@T,table\nCreated,2026-07-17 10:00\nAuthor,HortonMachine library\n@H,timestamp,value_1,value_2\nID,,12,27\n"
    "Type,Date,Double,Double\nFormat,yyyy-MM-dd HH:mm,,\n"
)
OMS3 = OMS3_HEAD + "".join(f",2002-01-{day:02d} 01:00,1.{day},{-9999.0 if day == 3 else day}\n" for day in range(1, 20))
NAMES = "  Year    Jan    Feb    Mar    Apr    May    Jun    Jul    Aug    Sep    Oct    Nov    Dec  Annual\n"
VALUES = [3.1, 4.2, 6.0, 7.7, 11.2, 13.9, 15.9, 16.1, 13.2, 10.1, 6.2, -99.9, 9.4]
MONTHS = f"Monthly mean temperature\nUnits: degrees C\n\n{NAMES}" + "".join(
    f"  {year}{''.join(f'{value:7.1f}' for value in VALUES)}\n" for year in range(1659, 1663)
)
AIR: dict[str, Any] = {"standard_name": "air_temperature", "unit": "Cel", "method": "mean", "duration": "P1M"}
OF_MONTHS = {
    "mesonet_mapping": 1,
    "station": {"id": "cet"},
    "time": {"column": "time"},
    "columns": {"value": AIR},
    "missing": ["-99.9"],
}
OF_STATIONS = {
    "mesonet_mapping": 1,
    "station": {"column": "station"},
    "time": {"column": "time", "zone": "+01:00"},
    "delimiter": ";",
    "columns": {"value": {"standard_name": "air_temperature", "unit": "Cel"}},
}


def context(mapping: dict[str, Any] | None) -> Context:
    return Context(key="net/series.txt", mapping=parse(json.dumps(mapping), prefix="") if mapping else None)


def looked_at(text: str, mapping: dict[str, Any] | None = None) -> Survey:
    return survey(io.BytesIO(text.encode()), context(mapping))


def loaded(text: str, mapping: dict[str, Any]) -> list[Batch]:
    pieces = observations(io.BytesIO(text.encode()), context(mapping))
    return [piece for piece in pieces if isinstance(piece, Batch)]


def test_each_value_of_a_station_s_column_is_a_row_of_that_station() -> None:
    entry = looked_at(OMS3)
    assert (entry.recognition.format, entry.status, entry.rows) == ("turned-table", Status.UNMAPPED, 38)
    assert [each.name for each in entry.columns] == ["station", "time", "value"]
    entry = looked_at(OMS3, OF_STATIONS)
    assert (entry.status, entry.stations) == (Status.OK, {"12": 19, "27": 19})
    first, second = loaded(OMS3, OF_STATIONS)
    assert (first.rows[:2], iso(first.times[0])) == ([8, 9], "2002-01-01T00:00:00Z")
    (values,) = (column.values for column in second.columns.values())
    assert (second.station_id, values[:4]) == ("27", [1.0, 2.0, None, 4.0])


def test_each_month_of_a_year_is_a_row() -> None:
    entry = looked_at(MONTHS)
    assert (entry.recognition.format, entry.status, entry.rows) == ("turned-table", Status.UNMAPPED, 48)
    entry = looked_at(MONTHS, OF_MONTHS)
    assert (entry.status, entry.stations, iso(entry.last or 0)) == (Status.OK, {"cet": 48}, "1662-12-01T00:00:00Z")
    (batch,) = loaded(MONTHS, OF_MONTHS)
    ((parameter, column),) = batch.columns.items()
    assert (parameter.id, column.values[:12]) == ("air_temperature:2:mean:P1M", [*VALUES[:11], None])
    assert (batch.rows[0], batch.rows[12]) == (5, 6)


@pytest.mark.parametrize(("text", "mapping"), [(OMS3, OF_STATIONS), (MONTHS, OF_MONTHS)])
def test_line_ends_and_marks_change_nothing(text: str, mapping: dict[str, Any]) -> None:
    for worn in (text.rstrip("\n"), text.replace("\n", "\r\n"), "\ufeff" + text):
        assert looked_at(worn, mapping).stations == looked_at(text, mapping).stations
    cut = looked_at(text[:-40], mapping)
    assert sum(cut.stations.values()) < sum(looked_at(text, mapping).stations.values())


@pytest.mark.parametrize(
    "head",
    [
        "YEAR,JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC\n",
        "yyyy january february march april may june july august september october november december\n",
        "      JAN  FEB  MAR  APR  MAY  JUN  JUL  AUG  SEP  OCT  NOV  DEC   YEAR\n",
    ],
)
def test_names_of_months_may_be_written_otherwise(head: str) -> None:
    parted = "," if "," in head else " "
    rows = "".join(parted.join([str(year), *map(str, VALUES[:12])]) + "\n" for year in range(1990, 1994))
    assert looked_at(f"A series\n{head}{rows}", OF_MONTHS).stations == {"cet": 48}


@pytest.mark.parametrize(
    "text",
    [
        NAMES,
        NAMES + "".join(f"x{row} 1 2 3\n" for row in range(9)),
        MONTHS.replace("Feb", "Fen"),
        OMS3.replace("ID,,12,27\n", ""),
        OMS3.replace("@H,timestamp", "@H,when"),
    ],
)
def test_other_tables_are_none(text: str) -> None:
    assert looked_at(text).recognition.format != "turned-table"


def test_rows_of_other_lengths_are_rejects_with_their_line() -> None:
    entry = looked_at(OMS3 + "\n,2002-02-01 01:00,1\n,2002-02-02 01:00,1,2,\n,2002-02-03 01:00,x,2\n", OF_STATIONS)
    assert [(each.row, each.column) for each in entry.rejects] == [(28, None), (30, "value")]
    assert entry.stations == {"12": 21, "27": 21}
    entry = looked_at(MONTHS + "  1663 1.0 2.0\n", OF_MONTHS)
    assert [each.row for each in entry.rejects] == [9]


def test_a_row_of_means_below_the_years_is_one_reject() -> None:
    text = f"{MONTHS}  Mean{''.join(f'{value:7.1f}' for value in VALUES)}\n"
    proposal = looked_at(text).proposal
    assert proposal is not None
    assert not any("no column holds a time" in question for question in proposal.questions)
    assert [each.row for each in looked_at(text, OF_MONTHS).rejects] == [9]


def test_seasons_behind_the_months_of_a_year_that_goes_on_are_no_months() -> None:
    whole = f"{NAMES.rstrip()}    win    spr\n" + "".join(
        f"  {year}{''.join(f'{value:7.1f}' for value in [*VALUES, 4.4, 5.5])}\n" for year in range(1990, 1994)
    )
    given = [*map(float, range(1, 11)), "", "", "", 4.6, 5.7]
    going_on = f"  1994{''.join(f'{value:>7}' for value in given)}\n"
    (batch,) = loaded(whole + going_on, OF_MONTHS)
    ((_, column),) = batch.columns.items()
    assert column.values[-12:][-10:] == given[:10]
    entry = looked_at(whole + " ".join(going_on.split()) + "\n", OF_MONTHS)  # nobody knows which are blank
    assert [each.row for each in entry.rejects] == [6]


def test_a_month_that_is_blank_between_tabs_moves_no_other() -> None:
    rows = "".join("\t".join([str(year), *map(str, VALUES)]) + "\n" for year in range(1990, 1994))
    (batch,) = loaded("\t".join(NAMES.split()) + f"\n{rows}1994\t\t" + "\t".join("23456789") + "\t10\t11\t12\t7\n", OF_MONTHS)
    ((_, column),) = batch.columns.items()
    assert column.values[-12:] == [None, *map(float, range(2, 13))]


@pytest.mark.parametrize("stations", [1, 2000])
def test_it_takes_less_than_a_second_a_megabyte(stations: int) -> None:
    names = "".join(f",{number}" for number in range(stations))
    row = f",2002-01-01 01:00{',1.5' * stations}\n"
    text = f"@T,table\n@H,timestamp{names}\nID,{names}\n" + row * (1_000_000 // len(row))
    assert effort.within(1.0, lambda: looked_at(text)).rows > 10_000
