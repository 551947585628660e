"""Blocks as former releases have written them can be read, and docs/blocks.md says the truth."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest

from mesonet.domain.block import Block, Span, listed
from mesonet.errors import Unavailable
from mesonet.stores.block_items import item_of
from mesonet.stores.live import to_row
from mesonet.stores.observations import ObservationsStore, Selection
from tests.builders import AIR, batch, block, in_base64
from tests.template import ROOT

GOLDEN = sorted((ROOT / "tests/golden/blocks").glob("*.json"))
PAGE = (ROOT / "docs/blocks.md").read_text()


class Table:
    """Answers each query with these items."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self._items = items

    def query(self, **_: Any) -> dict[str, Any]:
        return {"Items": list(self._items)}


def binary(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: b64decode(each) if name == "B" else binary(each) for name, each in value.items()}
    return [binary(each) for each in value] if isinstance(value, list) else value


def item(name: str) -> dict[str, Any]:
    (path,) = [path for path in GOLDEN if path.stem == name]
    given: dict[str, Any] = binary(json.loads(path.read_text()))
    return given


def read(*items: dict[str, Any]) -> list[Block]:
    wanted = Selection(station_id="EWR", span=Span.DAY, details=True)
    return list(ObservationsStore("t", client=Table(*items)).read(wanted))


def said(block: Block) -> dict[str, list[Any]]:
    return {"times": json.loads(f"[{block.times}]")} | {
        name: json.loads(f"[{column.values}]") for name, column in block.columns.items()
    }


def test_there_is_one_of_each_in_the_table_of_versions() -> None:
    assert {path.stem.split("_")[1] for path in GOLDEN} == {"2026-11-21", "2026-11-25", "2026-11-26"}
    assert all(f"| {path.stem.split('_')[0]} | {path.stem.split('_')[1]} |" in PAGE for path in GOLDEN)


@pytest.mark.parametrize("decoded", [True, False])
@pytest.mark.parametrize("name", ["1_2026-11-21", "1_2026-11-25_tests", "2_2026-11-25", "3_2026-11-26", "3_2026-11-26_threes"])
def test_a_block_of_a_former_release_says_what_it_said(name: str, decoded: bool) -> None:
    (block,) = read(item(name) if decoded else in_base64(item(name)))
    assert said(block) == {
        "times": ["2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z", "2013-01-01T02:00:00Z"],
        "air_temperature": [1.5, None, -60],
        "wind_speed": [3, 4.25, 5],
    }
    tests = json.loads(f"[{block.columns['air_temperature'].tests}]")
    assert tests == ([] if name == "1_2026-11-21" else ["", "", "gross_range"])


def test_texts_that_do_not_follow_from_their_values_stand_by_themselves() -> None:
    (block,) = read(item("3_2026-11-26_exceptions"))
    assert listed(block.columns["air_temperature"].received) == ["1.5", "", "-0.0", "-60.0"]
    assert listed(block.times)[2:] == ["2013-01-01T02:00:00Z", "2013-01-01T02:10:00Z"]


@pytest.mark.parametrize("name", ["1_2026-11-25_live_row", "1_2026-11-25_live_row_by_stream"])
def test_a_live_row_of_a_former_release_says_what_it_said(name: str) -> None:
    (block,) = read(item(name))
    assert said(block) == {"times": ["2013-01-01T00:00:00Z"], "air_temperature": [1.5], "wind_speed": [3]}
    column = block.columns["air_temperature"]
    assert (str(column.received), column.unit_received, str(column.flags)) == ('"34.7"', "[degF]", "1")


def test_a_value_that_came_by_the_stream_has_its_own_sequence_or_the_rows() -> None:
    row = to_row("EWR", item("1_2026-11-25_live_row_by_stream"))
    assert {name: value.sequence[-4:] for name, value in row.values.items()} == {
        "air_temperature": "0001",
        "wind_speed": "0002",
    }
    assert not to_row("EWR", item("1_2026-11-25_live_row")).came_by_a_stream


def test_what_a_later_release_adds_is_passed_over() -> None:
    given = item("1_2026-11-21")
    given |= {"new": {"S": "x"}}
    given["c"]["M"]["wind_speed"]["M"]["z"] = {"B": b"?"}
    assert said(read(given)[0]) == said(read(item("1_2026-11-21"))[0])


def test_a_block_of_a_later_format_is_not_guessed_at() -> None:
    with pytest.raises(Unavailable, match="has format 4; this release reads 3"):
        read(item("1_2026-11-21") | {"format": {"N": "4"}})


def test_a_block_that_does_not_say_its_times_is_not_guessed_at() -> None:
    given = item("2_2026-11-25") | {"l": {"N": "1357005600001"}}
    del given["t"]
    with pytest.raises(Unavailable, match="does not say its times"):
        read(given)


def test_times_are_kept_where_they_do_not_follow_from_first_last_and_count() -> None:
    hours = [f"2013-01-01T{hour:02d}:00:00Z" for hour in range(4)]
    for times, version, kept in ((hours, 3, False), (hours, 2, True), ([*hours[:2], hours[3]], 3, True), (hours[:1], 3, False)):
        written = item_of(block(batch(times)), 0, version)
        assert ("t" in written) == kept
        assert listed(read(written)[0].times) == times


def test_the_example_of_the_page_runs() -> None:
    code = "\n".join(part.partition("```")[0] for part in PAGE.split("```python\n")[1:])
    exec(compile(code, "docs/blocks.md", "exec"), {})
    assert "crc_of_both" in code


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize(
    ("values", "received", "kept"),
    [
        ([1.5, None, -60.25, 2], ["1.5", "", "-60.25", "2"], ["xd"] * 2),
        ([1.5, None, -60, 2], ["1.50", "", "-60.00", "2.00"], ["xd"] * 2),
        ([0, 5, 7, 2], ["0.0", "5.0", "7.0", "2.0"], ["xd"] * 2),
        ([-0.0, 5, 7, 2], ["-0.0", "5.0", "7.0", "2.0"], ["x", "xe"]),
        ([1.5, None, 2, 2], ["1.5", "NA", "2", "2"], ["x", "xe"]),
        ([1.5, 3, 2, 2], ["1.5", "3.00", "2", "2"], ["x", "xe"]),
        ([1.5, 3, 2, 2], ["1.5", '3 "%\\', "2", "2"], ["x", "xe"]),
        ([1.5, None, 2, None], ["1.5", "NA", "2", "NA"], ["x"] * 2),
        ([1.5, None, 2, 2], ["34.7", "", "35.6", "35.6"], ["x"] * 2),
    ],
)
def test_texts_as_received_come_back_whether_they_are_kept_or_follow_from_the_values(
    version: int, values: list[float | None], received: list[str], kept: list[str]
) -> None:
    times = [f"2013-01-01T{hour:02d}:00:00Z" for hour in range(4)]
    made = batch(times, columns={"air_temperature": values}, rows=[7, 8, 3, 4])
    (column,) = made.columns.values()
    given = replace(made, columns={AIR: replace(column, received=received)})
    written = item_of(block(given), 0, version)
    (after,) = read(written)
    (told,) = after.columns.values()
    assert listed(told.received) == received
    assert listed(after.rows) == [7, 8, 3, 4]
    has = written["c"]["M"]["air_temperature"]["M"].keys()
    expected = "x" if version == 1 else kept[version - 2]
    assert ("x" in has, "xd" in has, "xe" in has) == (expected == "x", expected in ("xd", "xe"), expected == "xe")
