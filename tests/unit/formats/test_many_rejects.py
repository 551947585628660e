"""Files that are wrong throughout: everything is counted, and it costs no more than reading does."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter
from mesonet.formats import columns, table
from mesonet.formats.columns import Loose, Numbers
from mesonet.formats.reading import Context
from mesonet.formats.services.service import usual_step
from mesonet.formats.survey import Survey, survey
from mesonet.stores.rejects import RejectsFile
from tests import effort

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
        most = max(most, sum(len(each._summands) + len(each._canonical) for each in both))
    assert 2000 < most < 6000  # of 120,000; what a chunk of all columns has is learned before it is forgotten
    assert {(one.values, one.minimum, one.maximum, one.mean) for one in numbers} == {(800, 0.0, 39.019, 19.5095)}
    assert {(told.values, told.minimum, told.maximum) for told in (other.facts("x") for other in loose)} == {(800, 0.0, 39.019)}


def test_steps_that_are_all_different_cost_one_look_each() -> None:
    times, at = [], 0
    for step in range(1, 20_000):
        times.append(at := at + step)
    assert effort.within(0.5, lambda: usual_step(times)) == 2
