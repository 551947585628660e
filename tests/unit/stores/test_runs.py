"""Days that one block each tells come together, without being looked at, wherever that says the same."""

from typing import Any

import pytest

from mesonet.domain.block import Block, Overlay, Piece, Span, listed
from mesonet.domain.instant import DAY, Interval, iso, parse
from mesonet.errors import Unavailable
from mesonet.stores.block_items import item_of
from mesonet.stores.observations import ObservationsStore, Selection
from tests.builders import batch, block, in_base64

START = parse("2024-02-27T00:00:00Z")
TIMES = 4  # a day
MOST = 1_000
NAMES = ("air_temperature", "wind_speed")


def day(number: int, *, file_id: str = "f", names: tuple[str, ...] = NAMES, order: int = 1, version: int = 3) -> dict[str, Any]:
    times = [iso(START + number * DAY + at * 3_600_000) for at in range(TIMES)]
    columns = {name: [number + at / 10 for at in range(TIMES)] for name in names}
    made: dict[str, Any] = in_base64(item_of(block(batch(times, columns=columns), number=order, file_id=file_id), 0, version))
    return made


def gone(number: int) -> dict[str, Any]:
    return {name: value for name, value in day(number).items() if name in ("block", "order", "format")} | {"n": {"N": "0"}}


class Table:
    """Answers each query with the next of its pages."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self._pages = list(pages)

    def query(self, **_: Any) -> dict[str, Any]:
        page = self._pages.pop(0)
        return {"Items": page} | ({"LastEvaluatedKey": page[-1]} if self._pages else {})


def pieces(*pages: list[dict[str, Any]], interval: Interval | None = None, most: int = MOST) -> list[Piece]:
    store = ObservationsStore("t", client=Table(*pages))
    wanted = Selection(station_id="EWR", span=Span.DAY, parameters=NAMES)
    return list(store.pieces(wanted, interval or Interval(), most=most))


def shape(found: list[Piece]) -> list[str]:
    """Of each piece: the days of those that are together, or `block`."""
    return ["block" if isinstance(piece, Block) else str(piece.count // TIMES) for piece in found]


def test_days_side_by_side_say_together_what_each_says() -> None:
    (whole,) = pieces([day(0), day(1, order=7), day(2)])
    assert isinstance(whole, Overlay)
    apart = pieces([day(0), day(1, order=7), day(2)], most=0)
    assert shape(apart) == ["block"] * 3
    assert listed(whole.times) == [time for piece in apart for time in listed(piece.times)]
    for name in NAMES:
        assert whole.columns[name].unit == apart[0].columns[name].unit
        assert listed(whole.columns[name].values) == [v for piece in apart for v in listed(piece.columns[name].values)]
    assert (whole.first, whole.last, whole.order) == (apart[0].first, apart[2].last, apart[1].order)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([[day(0)]], ["block"]),
        ([[day(0), day(1), day(1, file_id="g"), day(2), day(3)]], ["block", "block", "block", "2"]),
        ([[day(0), day(1), day(2, names=NAMES[:1]), day(3), day(4)]], ["2", "block", "2"]),
        ([[day(0), day(1), day(2, version=2), day(3), day(4)]], ["2", "block", "2"]),
        ([[day(0), day(1), gone(2), day(3), day(4)]], ["2", "2"]),
        ([[day(0), day(1), day(2)], [day(2, file_id="g"), day(3), day(4)]], ["2", "block", "block", "2"]),
        ([[day(0), day(1), day(2)], [day(3), day(4)]], ["2", "block", "2"]),
    ],
)
def test_what_has_to_be_looked_at_stands_by_itself(pages: list[list[dict[str, Any]]], expected: list[str]) -> None:
    assert shape(pieces(*pages)) == expected


def test_days_that_are_cut_stand_by_themselves() -> None:
    within = Interval(START + 3_600_000, START + 3 * DAY)
    assert shape(pieces([day(0), day(1), day(2), day(3)], interval=within)) == ["block", "2", "block"]


@pytest.mark.parametrize(("most", "expected"), [(4 * TIMES, ["4"]), (4 * TIMES - 1, ["block"] * 4)])
def test_no_more_times_come_together_than_are_wanted(most: int, expected: list[str]) -> None:
    assert shape(pieces([day(0), day(1), day(2), day(3)], most=most)) == expected


def test_bytes_that_are_not_in_base64_are_looked_at() -> None:
    times = [iso(START), iso(START + 3_600_000)]
    items = [item_of(block(batch([iso(parse(at) + number * DAY) for at in times])), 0) for number in range(2)]
    assert shape(pieces(items)) == ["block", "block"]


@pytest.mark.parametrize("change", [{"format": {"N": "4"}}, {"l": {"N": str(START + DAY + 1)}}])
def test_a_block_that_cannot_be_read_is_told_among_others(change: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        pieces([day(0), day(1) | change, day(2)])
