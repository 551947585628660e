"""What a station says is tested when it is loaded: every value keeps its text, and has a flag that says what it is worth."""

import json
from typing import Any

from mesonet.domain.block import Span, overlay
from mesonet.domain.instant import Interval
from mesonet.stores.observations import ObservationsStore, Selection
from tests.builders import ghcn, mapping, table
from tests.system import System

AIR = "air_temperature"
A = "network/a.csv"


def at(hour: int, day: int = 1) -> str:
    return f"2013-01-{day:02d}T{hour:02d}:00:00Z"


def said(system: System, station: str = "EWR", parameter: str = AIR, span: Span = Span.DAY) -> list[tuple[Any, int, str, str]]:
    """Value, flag, text as received and tests, in order of time."""
    store = ObservationsStore(system.ref("ObservationsTable"), client=system.dynamodb)
    piece = overlay(list(store.read(Selection(station_id=station, span=span, details=True))), Interval())
    assert piece is not None
    column = piece.columns[parameter]
    lists = [json.loads(f"[{text}]") for text in (column.values, column.flags, column.received, column.tests)]
    return list(zip(*lists[:3], lists[3] or [""] * piece.count, strict=True))


def test_every_value_has_a_flag_and_keeps_its_text(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", at(0), "1.0"), ("EWR", at(1), "99"), ("EWR", at(2), ""), ("EWR", at(3), "x")))
    assert said(mapped) == [
        (1, 1, "1.0", ""),
        (99, 4, "99", "gross_range"),
        (None, 9, "", ""),
        (None, 9, "x", ""),
    ]


def test_the_catalogue_counts_flags_and_what_each_test_found(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", at(0), 1), ("EWR", at(1), 99), ("EWR", at(2), ""), ("JFK", at(0), 200)))
    loading = mapped.entry(A).loading
    assert loading.flags == {AIR: {"1": 1, "4": 2, "9": 1}}
    assert loading.tests == {AIR: {"gross_range": 2}}


def test_the_days_of_a_file_are_tested_as_one_series(mapped: System) -> None:
    """A spike at midnight has one neighbour the day before and one the same day."""
    mapped.bring_in(A, table(("EWR", at(23), 1), ("EWR", at(0, 2), -45), ("EWR", at(1, 2), 2)))
    assert [flag for _, flag, _, _ in said(mapped)] == [1, 4, 1]


def test_rows_in_any_order_are_tested_in_order_of_time(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", at(2), 2), ("EWR", at(0), 1), ("EWR", at(1), 45)))
    assert [(flag, tests) for _, flag, _, tests in said(mapped)] == [(1, ""), (4, "spike"), (1, "")]


def test_latest_has_the_flag(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", at(0), 1), ("EWR", at(1), 99)))
    assert (mapped.latest()["EWR"][AIR]["value"], mapped.latest()["EWR"][AIR]["flag"]) == (99, 4)


def test_what_is_usual_can_be_said_in_the_mapping_and_is_looked_at_again_when_it_changes(system: System) -> None:
    given = json.loads(mapping())
    system.bring_in(A, table(("EWR", at(0), 1), ("EWR", at(1), 12)))
    system.bring_in("network/mapping.json", json.dumps(given | {"climatology": {AIR: [[-10, 10]] * 12}}).encode())
    assert said(system)[1] == (12, 3, "12", "climatology")
    system.bring_in("network/mapping.json", json.dumps(given | {"climatology": {AIR: [[-10, 20]] * 12}}).encode())
    assert said(system)[1] == (12, 1, "12", "")


def test_the_flags_of_the_source_stay(system: System) -> None:
    """NOAA's quality flag I: an inconsistency that we cannot see."""
    body = ghcn(("USW00014732", "20130101", "TMAX", 56)) + b"USW00014732,20130102,TMAX,61,,I,W,2400\n"
    system.bring_in("ghcn/2013.csv", body)
    found = said(system, "USW00014732", "air_temperature:2:maximum:P1D", Span.YEAR)
    assert [(flag, tests) for _, flag, _, tests in found] == [(1, ""), (4, "source")]


def test_what_was_observed_after_the_file_came_is_failed_and_never_the_latest(mapped: System) -> None:
    """The files of these tests come on 2026-01-01."""
    mapped.bring_in(
        A,
        table(("EWR", "2026-01-01T00:00:00Z", 1), ("EWR", "2026-01-01T00:50:00Z", 2), ("EWR", "2027-01-01T00:00:00Z", 3)),
    )
    assert said(mapped) == [(1, 1, "1", ""), (2, 1, "2", ""), (3, 4, "3", "future")]
    assert mapped.latest()["EWR"][AIR]["value"] == 2
    mapped.bring_in("network/b.csv", table(("EWR", at(0), 1)))
    mapped.bring_in("network/b.csv", b"station,time,temp\n")  # has the latest values looked up in the blocks again
    assert mapped.latest()["EWR"][AIR]["value"] == 2


def test_a_station_with_nothing_but_future_values_has_no_latest(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", "2027-01-01T00:00:00Z", 3)))
    assert mapped.latest() == {}
    assert mapped.said() == {"EWR": {AIR: {"2027-01-01T00:00:00Z": 3}}}
