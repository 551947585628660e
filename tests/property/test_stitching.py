"""Answers that are laid together of compressed fragments say what the observations say when each is looked at."""

import gzip
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain.block import Block, Piece, Span, overlay
from mesonet.domain.fragment import Fragment, crc_of_all, crc_of_both
from mesonet.domain.instant import DAY, Interval, iso, parse
from mesonet.domain.station import Station
from mesonet.functions.api_weather import coverages, logic
from mesonet.functions.api_weather import representations as show
from mesonet.functions.api_weather.logic import Observations, Room
from mesonet.stores.block_items import item_of
from mesonet.stores.observations import ObservationsStore, Selection
from mesonet.web.response import Response, finished
from mesonet.web.stitching import gzipped, text_of
from tests.builders import batch, block, in_base64

START = parse("2024-02-27T00:00:00Z")
NAMES = ["air_temperature", "wind_speed"]
GZIP = {"accept": "*/*", "accept-encoding": "gzip"}

numbers = st.one_of(st.none(), st.integers(-60, 60), st.floats(-99, 99).map(lambda value: round(value, 2)))
texts = st.sampled_from(["as it is", "two decimals", "another unit", "a word", "a word at times"])


@st.composite
def days_of_blocks(draw: Any) -> list[dict[str, Any]]:
    """Items of a few days, in the order of their keys: some days told by one file, some by several, some by none."""
    found = []
    for day in range(draw(st.integers(1, 4))):
        for file in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            spread = st.lists(st.integers(0, 287), min_size=1, max_size=8, unique=True).map(sorted)
            even = st.builds(range, st.integers(0, 9), st.integers(10, 50), st.integers(1, 12)).map(list)
            times = draw(st.one_of(spread, even))
            names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
            columns = {name: draw(st.lists(numbers, min_size=len(times), max_size=len(times))) for name in names}
            moments = [iso(START + day * DAY + at * 300_000) for at in times]
            made = batch(moments, columns=columns)
            spelt = draw(texts)
            made = replace(
                made,
                columns={
                    parameter: replace(
                        column,
                        received=[
                            "?" if at % 5 == 2 and spelt == "a word at times" else received(value, spelt)
                            for at, value in enumerate(column.values)
                        ],
                        flags=[9 if value is None else draw(st.sampled_from([1, 2, 3, 4])) for value in column.values],
                    )
                    for parameter, column in made.columns.items()
                },
            )
            whole = block(made, number=draw(st.integers(1, 3)), file_id=f"f{file}")
            found.append(item_of(flagged(whole, draw(st.booleans())), 0, draw(st.sampled_from([1, 2, 3]))))
    return found


def received(value: float | None, spelt: str) -> str:
    if value is None:
        return "NA" if spelt == "a word" else ""
    match spelt:
        case "two decimals":
            return f"{value:.2f}"
        case "another unit":
            return str(round(value * 1.8 + 32, 1))
    return str(value)


def flagged(made: Block, is_flagged: bool) -> Block:
    if not is_flagged:
        return made
    name = sorted(made.columns)[0]
    tests = Fragment(",".join('"gross_range"' if at % 2 else '""' for at in range(made.count)))
    return replace(made, columns={**made.columns, name: replace(made.columns[name], tests=tests)})


class Table:
    """Has these items, and answers each query with all of them, so many a page."""

    def __init__(self, items: Sequence[dict[str, Any]], page: int = 100) -> None:
        self._items, self._page = list(items), page

    def query(self, **asked: Any) -> dict[str, Any]:
        begin = self._items.index(asked["ExclusiveStartKey"]) + 1 if "ExclusiveStartKey" in asked else 0
        items, rest = self._items[begin : begin + self._page], self._items[begin + self._page :]
        return {"Items": items} | ({"LastEvaluatedKey": items[-1]} if rest else {})


def looked_at(store: ObservationsStore, interval: Interval, *, details: bool) -> Observations:
    """Every value of every block unpacked, compared, and written anew."""
    pieces = []
    blocks = store.read(Selection(station_id="EWR", span=Span.DAY, parameters=NAMES, details=details), interval)
    for _, group in groupby(blocks, key=lambda each: each.key.start):
        piece = overlay(list(group), interval)
        if piece is not None:
            pieces.append(piece)
    return Observations(parameters=NAMES, pieces=pieces)


def unpacked(answer: dict[str, Any]) -> str:
    body: str = answer["body"]
    return gzip.decompress(b64decode(body)).decode() if answer["isBase64Encoded"] else body


intervals = st.tuples(st.integers(0, 4 * 288), st.integers(0, 4 * 288)).map(
    lambda both: Interval(START + min(both) * 300_000, START + max(both) * 300_000)
)


@given(
    items=days_of_blocks(),
    interval=st.one_of(st.just(Interval()), intervals),
    details=st.booleans(),
    page=st.integers(1, 12),
)
def test_a_stitched_answer_says_what_looking_at_each_value_says(
    items: list[dict[str, Any]], interval: Interval, details: bool, page: int
) -> None:
    store = ObservationsStore("t", client=Table([in_base64(item) for item in items], page))
    found = logic.observations("EWR", [interval], NAMES, Room(10_000, logic.MOST_BYTES), details=details, store=store)
    store = ObservationsStore("t", client=Table(items))
    expected = looked_at(store, interval, details=details)
    assert found.count == expected.count
    if not found.count:
        return
    bodies = [
        [show.observations_json("EWR", interval, each, details=details, links=[]) for each in (found, expected)],
        [coverages.coverage(coverages.Series(station=STATION, found=each), "OGC:CRS84") for each in (found, expected)],
        [coverages.features([coverages.Series(station=STATION, found=each)], {"EWR": "x"}, []) for each in (found, expected)],
    ]
    for stitched, slow in bodies:
        assert text_of(stitched) == text_of(slow)
        json.loads(text_of(stitched))
        assert gzip.decompress(b64decode(gzipped(stitched))).decode() == text_of(slow)
        plain = finished(Response(body=stitched), {}, head=False, headers={})
        packed = finished(Response(body=stitched), GZIP, head=False, headers={})
        assert unpacked(plain) == unpacked(packed) == text_of(slow)
        mark = plain["headers"]["ETag"].strip('"')
        assert packed["headers"]["ETag"].strip('"') in (mark, f"{mark}-gzip")
    assert list(show.observations_csv("EWR", found, details=details)) == list(
        show.observations_csv("EWR", expected, details=details)
    )


STATION = Station(id="EWR", name="Newark", latitude=40.7, longitude=-74.2)


@given(items=days_of_blocks(), limit=st.integers(1, 12))
def test_pages_of_fragments_tell_each_time_once(items: list[dict[str, Any]], limit: int) -> None:
    store = ObservationsStore("t", client=Table(items))
    expected = [time for piece in looked_at(store, Interval(), details=False).pieces for time in times(piece)]
    told: list[str] = []
    interval = Interval()
    while True:
        found = logic.observations("EWR", [interval], NAMES, Room(limit, logic.MOST_BYTES), details=False, store=store)
        told += [time for piece in found.pieces for time in times(piece)]
        if found.after is None:
            break
        interval = Interval(found.after, interval.end)
    assert told == expected


def times(piece: Piece) -> list[str]:
    listed: list[str] = json.loads(f"[{piece.times}]")
    return listed


@given(st.binary(), st.binary(max_size=3000))
def test_the_checksum_of_two_texts_follows_from_theirs(first: bytes, second: bytes) -> None:
    assert crc_of_both(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


@given(st.binary(), st.lists(st.binary(max_size=90), min_size=1, max_size=6))
def test_the_checksum_of_many_texts_follows_from_theirs(before: bytes, texts: list[bytes]) -> None:
    told = [(zlib.crc32(text), len(text)) for text in texts]
    assert crc_of_all(zlib.crc32(before), told) == zlib.crc32(before + b",".join(texts))


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 200_001, 5_000_000])
def test_the_checksum_of_two_texts_follows_from_theirs_however_long_the_second_is(size: int) -> None:
    first, second = b"head", bytes(range(256)) * (size // 256 + 1)
    second = second[:size]
    assert crc_of_both(zlib.crc32(first), zlib.crc32(second), size) == zlib.crc32(first + second)


@given(
    st.lists(
        st.tuples(st.text(max_size=300), st.sampled_from(["text", "packed", "sealed", "in threes", "in base64", "as it is"]))
    )
)
def test_texts_and_fragments_in_any_order_are_one_gzip_file(parts: list[tuple[str, str]]) -> None:
    body = [made(text, kind) for text, kind in parts]
    assert gzip.decompress(b64decode(gzipped(body))).decode() == text_of(body) == "".join(text for text, _ in parts)


def made(text: str, kind: str) -> str | Fragment:
    match kind:
        case "packed":
            return Fragment(packed=Fragment(text).packed)
        case "sealed":
            return Fragment.sealed(Fragment(text).kept)
        case "in threes":
            return Fragment.sealed(Fragment(text).kept_in_threes)
        case "in base64":
            return Fragment.sealed(b64encode(Fragment(text).kept).decode())
        case "as it is":
            return Fragment.sealed(b64encode(Fragment(text).kept_in_threes).decode())
    return text


@given(st.text())
def test_a_fragment_that_is_sealed_in_threes_is_the_same_one(text: str) -> None:
    given = Fragment(text)
    sealed = given.kept_in_threes
    encoded = b64encode(sealed).decode()
    for read in (Fragment.sealed(sealed), Fragment.sealed(encoded)):
        assert (read.text, read.crc, read.size) == (text, given.crc, given.size)
    assert encoded.endswith(Fragment.sealed(encoded).base64)
