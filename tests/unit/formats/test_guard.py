"""Whatever the format: no station that cannot be asked for, no time that is none, and the future is named."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import DAY, LATEST, parse
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.station import LONGEST_IDENTIFIER, Station, addressable
from mesonet.formats.guard import Guard
from mesonet.formats.reading import Context, Extent, Piece
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse as parse_mapping
from tests.builders import batch, mapping, table

ARRIVED = parse("2024-06-01T00:00:00Z")


class Kept:
    def __init__(self) -> None:
        self.rejects: list[Reject] = []

    def add(self, reject: Reject) -> None:
        self.rejects.append(reject)

    def clear(self) -> None:
        self.rejects.clear()


def passed(*pieces: Piece, received: int | None = ARRIVED) -> list[Piece]:
    return list(Guard(received).pieces(iter(pieces)))


def looked_at(data: bytes) -> tuple[Survey, list[Reject]]:
    kept = Kept()
    context = Context(mapping=parse_mapping(mapping(), prefix=""), received=ARRIVED)
    return survey(io.BytesIO(data), context, again=lambda: io.BytesIO(data), rejects=kept), kept.rejects


@pytest.mark.parametrize(
    "name", ["EWR", "0-20000-0-10384", "Zürich Süd", "東京", "a.b_c~d", "St. John's", "100%", "point_52.5,13.4"]
)
def test_these_can_be_addressed(name: str) -> None:
    assert addressable(name)


@pytest.mark.parametrize(
    "name", ["a/b", 'a"b', "a#b", "a?b", "a\\b", "a🌦b", "a\u200db", "a\nb", "", "  ", ".", "..", "a\ud800b"]
)
def test_these_cannot(name: str) -> None:
    assert not addressable(name)


def test_a_batch_of_such_a_station_is_rejected_row_by_row() -> None:
    first, second = passed(batch(station_id="KSFO/1"))
    assert isinstance(first, Reject)
    assert isinstance(second, Reject)
    assert (first.row, second.row, first.value) == (2, 3, "KSFO/1")
    assert "an identifier is part of an address" in first.reason


def test_an_identifier_that_is_too_long_for_a_key_is_rejected_whatever_the_format() -> None:
    name = "S" * (LONGEST_IDENTIFIER + 1)
    assert addressable(name[1:])
    for piece in (Station(id=name), batch(station_id=name)):
        reject, *_ = passed(piece)
        assert isinstance(reject, Reject)
        assert reject.reason == "an identifier has at most 100 characters"
        assert reject.value == name[:LONGEST_IDENTIFIER]


def test_such_a_station_of_a_list_is_rejected() -> None:
    (piece,) = passed(Station(id="a?b"))
    assert isinstance(piece, Reject)


def test_times_beyond_the_calendar_are_rejected_and_the_rest_is_taken() -> None:
    given = batch(["2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z"])
    given.times[0] = LATEST + DAY
    reject, rest = passed(given, received=None)
    assert isinstance(reject, Reject)
    assert (reject.row, reject.reason) == (2, "the time, in UTC, is none of the years 1 to 9999")
    (column,) = rest.columns.values()  # type: ignore[union-attr]
    assert column.values == [1.0]


def test_rows_of_the_future_are_listed_and_kept() -> None:
    found, rejects = looked_at(
        table(("EWR", "2024-06-01T00:59:00Z", 1), ("EWR", "2024-06-01T01:01:00Z", 2), ("JFK", "2025-06-01", 3))
    )
    assert (found.status, found.rejected, found.rows, found.stations) == (Status.PARTIAL, 2, 3, {"EWR": 2, "JFK": 1})
    assert [(reject.row, reject.value) for reject in rejects] == [(3, "2024-06-01T01:01:00Z"), (4, "2025-06-01T00:00:00Z")]
    assert rejects[0].reason.startswith("the time is after the file arrived (2024-06-01T00:00:00Z)")
    assert found.last == parse("2024-06-01T01:01:00Z")  # within a day it may be a local date's; 2025 is a wrong clock's
    assert tuple(rejects) == found.rejects


def test_where_all_is_well_a_file_is_read_once() -> None:
    def again() -> io.BytesIO:
        raise AssertionError("it was read twice")

    context = Context(mapping=parse_mapping(mapping(), prefix=""), received=ARRIVED)
    found = survey(io.BytesIO(table(("EWR", "2024-06-01T00:00:00Z", 1))), context, again=again)
    assert found.status is Status.OK


def test_a_table_rejects_rows_of_stations_that_cannot_be_addressed() -> None:
    found, rejects = looked_at(table(("E/W", "2024-05-01T00:00:00Z", 1), ("EWR", "2024-05-01T00:00:00Z", 2)))
    assert (found.status, found.stations) == (Status.PARTIAL, {"EWR": 1})
    assert [(reject.row, reject.column, reject.value) for reject in rejects] == [(2, "station", "E/W")]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_table_rejects_local_times_that_utc_does_not_have(time: str) -> None:
    found, rejects = looked_at(table(("EWR", time, 1), ("EWR", "2024-05-01T00:00:00Z", 2)))
    assert (found.rejected, found.rows) == (1, 2)
    assert "is, in UTC, beyond the calendar" in rejects[0].reason


def test_the_loader_does_not_get_them_either() -> None:
    data = table(("E/W", "2024-05-01T00:00:00Z", 1), ("EWR", "2024-05-01T00:00:00Z", 2))
    context = Context(mapping=parse_mapping(mapping(), prefix=""), received=ARRIVED)
    assert [piece.station_id for piece in observations(io.BytesIO(data), context) if isinstance(piece, Batch)] == ["EWR"]


def test_what_was_only_counted_asks_for_a_closer_look() -> None:
    for extent in (Extent(stations={"a/b": 1}), Extent(stations={"a": 1}, first=0, last=ARRIVED + DAY)):
        guard = Guard(ARRIVED)
        assert list(guard.pieces(iter([extent]))) == [extent]
        assert guard.unseen


def test_of_rows_after_a_file_arrived_all_are_counted_and_the_first_told() -> None:
    told = passed(batch(["2024-07-01T00:00:00Z"] * 20_000))
    rejects = [each for each in told if isinstance(each, Reject)]
    assert (len(rejects), sum(each.count for each in rejects)) == (5000, 20_000)


def test_whoever_loads_a_file_makes_no_rejects_of_its_rows() -> None:
    late = batch(["2024-07-01T00:00:00Z"])
    assert list(Guard(ARRIVED, rejects=False).pieces(iter([late]))) == [late]
