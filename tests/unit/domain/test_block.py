"""Blocks: what goes in comes out, in one piece or in parts; and where files overlap, the newest that has a value is right."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mesonet.domain import block as blocks
from mesonet.domain.block import BlockKey, Draft, Piece, Span, end_value, listed, number, overlay, span_of
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import LATEST, Interval, parse
from mesonet.domain.parameter import Parameter
from tests.builders import AIR, batch, block

T0, T1, T2 = (f"2013-01-01T0{hour}:00:00Z" for hour in range(3))
ALL = Interval()


def said(piece: Piece | None, parameter: str = "air_temperature") -> dict[str, Any]:
    assert piece is not None
    times, values = (json.loads(f"[{text}]") for text in (piece.times, piece.columns[parameter].values))
    return dict(zip(times, values, strict=True))


def test_what_is_put_into_a_block_comes_out_of_it() -> None:
    piece = block(batch([T0, T1, T2], columns={"air_temperature": [1.5, None, -3]}))
    assert said(piece) == {T0: 1.5, T1: None, T2: -3}
    assert (piece.count, piece.first, piece.last) == (3, parse(T0), parse(T2))
    column = piece.columns["air_temperature"]
    assert json.loads(f"[{column.flags}]") == [2, 9, 2]
    assert json.loads(f"[{column.received}]") == ["1.5", "", "-3"]
    assert (column.unit, column.unit_received) == ("Cel", "Cel")


def test_rows_come_in_any_order_and_leave_in_order_of_time() -> None:
    made = block(batch([T2, T0, T1], columns={"air_temperature": [2, 0, 1]}, rows=[10, 11, 12]))
    assert said(made) == {T0: 0, T1: 1, T2: 2}
    assert listed(made.rows) == [11, 12, 10]


def test_of_two_rows_of_one_time_the_later_is_right() -> None:
    assert said(block(batch([T0, T0], columns={"air_temperature": [1, 2]}))) == {T0: 2}


def test_a_text_in_another_unit_than_the_files_first_says_which() -> None:
    draft = Draft()
    for unit, at, text in (("degF", T0, "50"), ("Cel", T1, "11"), ("degF", T2, "59")):
        given = batch([at], columns={"air_temperature": [10.0]})
        column = replace(given.columns[AIR], unit_received=unit, received=[text])
        draft.add(replace(given, columns={AIR: column}), [AIR], [0])
    key = BlockKey(station_id="A", span=Span.DAY, start="2013-01-01", file_id="f1")
    (made,) = draft.blocks(key, order="1", version_id=None)
    assert json.loads(f"[{made.columns['air_temperature'].received}]") == ["50", "11 Cel", "59"]


def test_a_row_that_says_nothing_of_a_parameter_does_not_hide_what_an_earlier_row_said() -> None:
    made = block(batch([T0, T0], columns={"air_temperature": [1, None]}))
    assert said(made) == {T0: 1}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (3.9, "3.9"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e20, "1e+20"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers_are_written_as_short_as_they_are(value: float | None, text: str) -> None:
    assert number(value) == text
    assert json.loads(text) == value


def test_the_newest_file_that_has_a_value_is_right() -> None:
    old = block(batch([T0, T1], columns={"air_temperature": [1, 2]}), number=1, file_id="old")
    new = block(batch([T1, T2], columns={"air_temperature": [20, 30]}), number=2, file_id="new")
    for order in ([old, new], [new, old]):
        assert said(overlay(order, ALL)) == {T0: 1, T1: 20, T2: 30}


def test_a_missing_value_never_hides_an_older_one() -> None:
    old = block(batch([T0], columns={"air_temperature": [1]}), number=1, file_id="old")
    new = block(batch([T0], columns={"air_temperature": [None]}), number=2, file_id="new")
    assert said(overlay([old, new], ALL)) == {T0: 1}


def test_a_file_that_speaks_of_other_parameters_hides_nothing() -> None:
    old = block(batch([T0], columns={"air_temperature": [1]}), number=1, file_id="old")
    new = block(batch([T0, T1], columns={"wind_speed": [5, 6]}), number=2, file_id="new")
    piece = overlay([old, new], ALL)
    assert said(piece) == {T0: 1, T1: None}
    assert said(piece, "wind_speed") == {T0: 5, T1: 6}


def test_an_overlay_is_cut_to_the_interval_and_to_the_most() -> None:
    made = block(batch([T0, T1, T2], columns={"air_temperature": [0, 1, 2]}))
    assert said(overlay([made], Interval(parse(T1), parse(T2)))) == {T1: 1, T2: 2}
    assert said(overlay([made], Interval(parse(T1), parse(T1)))) == {T1: 1}
    assert overlay([made], Interval(0, 1)) is None
    assert overlay([], ALL) is None


def test_a_key_sorts_by_time_and_is_read_back() -> None:
    key = BlockKey(station_id="EWR", span=Span.DAY, start="2013-01-01", file_id="f1", part=33)
    assert BlockKey.parse("EWR", key.text) == key
    texts = [
        BlockKey(station_id="EWR", span=Span.DAY, start=start, file_id="f", part=part).text
        for start in ("2013-01-01", "2013-01-02")
        for part in (0, 2, 10)
    ]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    ("duration", "span"),
    [
        ("PT0S", Span.DAY),
        ("PT1H", Span.DAY),
        ("PT24H", Span.DAY),
        ("P1D", Span.YEAR),
        ("P1M", Span.YEAR),
        ("P1Y", Span.YEAR),
        ("P1W", Span.YEAR),
        ("P1DT12H", Span.YEAR),
        ("P0D", Span.DAY),
    ],
)
def test_values_of_a_day_and_longer_are_kept_by_the_year(duration: str, span: Span) -> None:
    assert span_of(Parameter(standard_name="air_temperature", level=2, method="mean", duration=duration)) is span


def test_a_span_begins_with_its_day_or_year() -> None:
    assert Span.DAY.start_of(parse(T2)) == "2013-01-01"
    assert Span.YEAR.start_of(parse(T2)) == "2013"


@pytest.mark.parametrize(("span", "starts"), [(Span.DAY, "2013-01-01"), (Span.YEAR, "2013")])
def test_a_stretch_with_too_many_times_is_cut_into_parts(monkeypatch: pytest.MonkeyPatch, span: Span, starts: str) -> None:
    monkeypatch.setattr(blocks, "MOST_TIMES", 10)
    times = [
        f"2013-01-01T{hour:02d}:{minute:02d}:00Z"
        if span is Span.DAY
        else f"2013-{hour % 12 + 1:02d}-{minute + 1:02d}T00:00:00Z"
        for hour in range(12)
        for minute in range(28)
    ]
    given = batch(times)
    draft = Draft()
    draft.add(given, [AIR], range(len(times)))
    key = BlockKey(station_id="EWR", span=span, start=starts, file_id="f1")
    parts = draft.blocks(key, order="1", version_id=None)
    assert len(parts) == (12 if span is Span.DAY else 24)
    assert sum(part.count for part in parts) == len(times)
    assert len({part.key for part in parts}) == len(parts)
    assert all(0 < part.key.part < blocks.PARTS for part in parts)
    assert [part.first for part in parts] == sorted(part.first for part in parts)


def test_the_ends_of_a_block_are_values_that_are_not_missing() -> None:
    made = block(batch([T0, T1, T2], columns={"air_temperature": [None, 1, None]}))
    assert end_value(made, "air_temperature", last=True, until=LATEST) == (parse(T1), 1, "1", 2)
    assert end_value(made, "air_temperature", last=False, until=LATEST) == (parse(T1), 1, "1", 2)
    assert end_value(made, "wind_speed", last=True, until=LATEST) is None
    empty = block(batch([T0], columns={"air_temperature": [None]}))
    assert end_value(empty, "air_temperature", last=True, until=LATEST) is None


def test_a_tombstone_says_nothing() -> None:
    key = BlockKey(station_id="EWR", span=Span.DAY, start="2013-01-01", file_id="f1")
    assert blocks.tombstone(key, order="1", version_id=None).count == 0


def test_a_day_of_a_value_every_ten_seconds_in_thirty_columns_fits_into_an_item() -> None:
    times = [f"2013-01-01T{at // 360:02d}:{at // 6 % 60:02d}:{at % 6}0Z" for at in range(blocks.MOST_TIMES)]
    names = [f"soil_temperature:-{depth / 100:g}:point:PT0S" for depth in range(1, 31)]
    values = [round(10 + ((at * 37) % 101) / 100, 2) for at in range(len(times))]
    made = block(batch(times, columns=dict.fromkeys(names, values)))
    assert made.packed_size < 400_000


def test_a_text_in_another_unit_than_the_newest_blocks_says_which() -> None:
    older = block(batch(("2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z")), number=1, file_id="f1")
    column = replace(older.columns["air_temperature"], unit_received="[degF]", received=Fragment('"32","33.8"'))
    older = replace(older, columns={"air_temperature": column})
    newer = block(batch(("2013-01-01T01:00:00Z",), columns={"air_temperature": [7.0]}), number=2, file_id="f2")
    piece = overlay([newer, older], Interval())
    assert piece is not None
    assert str(piece.columns["air_temperature"].received) == '"32 [degF]","7"'
    assert piece.columns["air_temperature"].unit_received == "Cel"


@pytest.mark.parametrize(
    ("received", "kept"), [(["1", "2", "3", "4"], 0), (["1", "?", "3", "4"], 1), (["x", "y", "z", "?"], 1)]
)
def test_texts_as_received_count_where_they_do_not_follow_from_the_values(received: list[str], kept: int) -> None:
    times = [f"2013-01-01T{hour:02d}:00:00Z" for hour in range(4)]
    plain = batch(times, columns={"air_temperature": [1, 2, 3, 4]})
    ((name, column),) = plain.columns.items()
    made = block(replace(plain, columns={name: replace(column, received=received)}))
    (told,) = made.columns.values()
    assert made.packed_size - block(plain).packed_size == kept * len(told.received.packed)
