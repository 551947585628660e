"""CREX: the reports of BUFR in characters. The tide gauge is NCEP's documented example; the other messages are generated."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort

# NCEP, "CREXLIB", sample message: its decoder prints 280.100 for the temperature of the sea (B22042)
TIDE = """CREX++
T000101 A001 D06024++
AK010 2003 02 01 23 00 2801 00 00 30 -30
04928 -0063 05166 -0062 ///// //// ///// //// ///// //// ///// ////++
7777
"""
# identification, type, time and place; pressure, wind, temperature, dew point, depth in the soil and its temperature
PLACE = ["06", "447", "1", "2024", "03", "05", "12", "00", "5080000", "00436000", "00100"]
VALUES = [*PLACE, "10132", "270", "0051", "-012", "-035", "00010", "045"]
DESCRIBED = "D01031 B10004 B11001 B11002 B12004 B12006 B07061 B12030"


def crex(*subsets: Sequence[str], described: str = DESCRIBED, table: str = "T000103 A000", checked: bool = False) -> str:
    """A message of groups, ten a line."""
    text = []
    for groups in subsets:
        written = [f"{at % 10}{group}" for at, group in enumerate(groups, 1)] if checked else list(groups)
        text.append("\r\r\n".join(" ".join(written[at : at + 10]) for at in range(0, len(written), 10)))
    return f"CREX++\r\r\n{table} {described}{' E' * checked}++\r\r\n" + "+\r\r\n".join(text) + "++\r\r\n7777\r\r\n"


def looked_at(text: str) -> Survey:
    return survey(io.BytesIO(text.encode("latin-1")), Context(key="in/a.txt"))


def told(text: str) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = {}
    for piece in observations(io.BytesIO(text.encode("latin-1")), Context(key="in/a.txt")):
        if isinstance(piece, Batch):
            for at, time in enumerate(piece.times):
                values = found.setdefault(f"{piece.station_id} {iso(time)}", {})
                values |= {parameter.id: column.values[at] for parameter, column in piece.columns.items()}
    return found


UCCLE = {
    "air_pressure": 1013.2,
    "wind_from_direction": 270.0,
    "wind_speed": 5.1,
    "air_temperature": -1.2,
    "dew_point_temperature": -3.5,
    "soil_temperature": 4.5,
}


def test_a_tide_gauge_is_read_as_its_documentation_says() -> None:
    entry = looked_at(TIDE)
    assert (entry.recognition.format, entry.status, entry.rows) == ("crex", Status.OK, 1)
    assert told(TIDE) == {"AK010 2003-02-01T23:00:00Z": {"sea_surface_temperature": 6.95}}


@pytest.mark.parametrize(
    "text",
    [
        crex(VALUES),
        crex(VALUES, checked=True),
        "SMBX01 EBBR 051200\r\r\n" + crex(VALUES),
        crex(VALUES).replace("\r\r\n", " "),
        crex(VALUES, table="T00020312 A000 P00255000 U00 S001 Y20240305 H1200"),
        crex([*VALUES[:-2], "0001", *VALUES[-2:]], described=DESCRIBED.replace("B07061", "R02000 B07061")),
        crex([*VALUES[:-2], "rain!", *VALUES[-2:]], described=DESCRIBED.replace("B07061", "C05005 B07061")),
        crex([*VALUES[:-1], "00045"], described=DESCRIBED.replace("B12030", "C01005 B12030 C01000")),
    ],
    ids=["edition 1", "check digits", "bulletin", "one line", "edition 2", "replicated", "inserted words", "wider"],
)
def test_a_report_says_what_it_does_in_bufr(text: str) -> None:
    entry = looked_at(text)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 1, {"0-20000-0-06447": 1})
    assert told(text) == {"0-20000-0-06447 2024-03-05T12:00:00Z": UCCLE}
    (station,) = (p for p in observations(io.BytesIO(text.encode()), Context(key="a")) if isinstance(p, Station))
    assert (station.latitude, station.longitude, station.elevation_m) == (50.8, 4.36, 100.0)


def test_a_temperature_keeps_the_unit_in_which_it_was_received() -> None:
    (batch,) = (p for p in observations(io.BytesIO(crex(VALUES).encode()), Context(key="a")) if isinstance(p, Batch))
    column = next(column for parameter, column in batch.columns.items() if parameter.id == "air_temperature")
    assert (column.unit_received, column.received) == ("Cel", ["-1.2"])


def test_missing_values_are_none_and_subsets_follow_one_another() -> None:
    calm = [*PLACE[:6], "15", *PLACE[7:], "10130", "///", "////", "///", "010", "/////", "///"]
    text = crex(VALUES, calm) + crex(VALUES)
    assert told(text)["0-20000-0-06447 2024-03-05T15:00:00Z"] == {
        "air_pressure": 1013.0,
        "dew_point_temperature": 1.0,
    } | dict.fromkeys(("wind_from_direction", "wind_speed", "air_temperature", "soil_temperature"))
    assert (looked_at(text).rows, looked_at(text).rejects) == (3, ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (crex([*VALUES[:14], "-12", *VALUES[15:]], VALUES), "group 15 is not of the 3 characters that table B says"),
        (crex([*VALUES[:14], "1.2", *VALUES[15:]], VALUES), "group 15 is no number"),
        (crex(VALUES[:-1], VALUES), "the subset has fewer groups than descriptors"),
        (crex([*VALUES, "1"], VALUES), "the subset has more groups than descriptors"),
        (crex(VALUES, VALUES, checked=True).replace("310132", "210132", 1), "the check digit of group 2 is not 2"),
    ],
)
def test_a_subset_that_does_not_fit_is_a_reject_and_the_next_is_read(text: str, reason: str) -> None:
    if "check digit" in reason:
        text = crex(VALUES, VALUES, checked=True).replace(" 2447", " 3447", 1)
    entry = looked_at(text)
    assert [(each.row, each.reason) for each in entry.rejects] == [(1, reason)]
    assert (entry.status, entry.rows) == (Status.PARTIAL, 2)
    assert told(text) == {"0-20000-0-06447 2024-03-05T12:00:00Z": UCCLE}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (crex(VALUES, table="T000303 A000"), "CREX of edition 3 is not read"),
        (crex(VALUES, described="D01255"), "the sequence D01255 is in no table of WMO"),
        (crex(VALUES, described="B63255"), "the element B63255 is in no table of WMO"),
        (crex(VALUES, described="C02001 B12004"), "the operator C02001 is not read"),
        (crex(VALUES, described="X12004"), "'X12004' is no descriptor"),
        (crex(VALUES).replace("7777", ""), "the message does not end with ++ and 7777"),
        (crex(["9999"], described="R04999 R03999 R02999 R01999 C01005"), "a subset has too many values"),
    ],
)
def test_a_message_that_cannot_be_read_says_why_and_the_next_is_read(text: str, reason: str) -> None:
    entry = looked_at(text + crex(VALUES))
    assert [each.reason for each in entry.rejects] == [reason]
    assert told(text + crex(VALUES)) == {"0-20000-0-06447 2024-03-05T12:00:00Z": UCCLE}


def test_soundings_are_counted_and_left() -> None:
    entry = looked_at(crex(VALUES, VALUES, table="T000103 A002") + crex(VALUES))
    assert (entry.rows, entry.status) == (3, Status.OK)
    assert "2 subsets of category 2 of table A" in entry.why


@given(st.integers(0, 400), st.text("0123456789/-+ ABRDCE\n", max_size=30))
def test_no_damage_crashes_it(at: int, junk: str) -> None:
    text = crex(VALUES, VALUES) + crex(VALUES, checked=True)
    looked_at(text[:at] + junk + text[at + len(junk) :])


def test_signs_of_messages_that_are_none_cost_one_look_each() -> None:
    found = effort.within(1, lambda: looked_at(crex([*VALUES]) + "CREX++\n" * 100_000))
    assert (found.rows, found.status) == (1, Status.PARTIAL)
