"""No file goes on for ever, and none is half taken in silence: what any format does of a file when there is no more time."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from unittest.mock import patch

import pytest

from mesonet.domain.file import Mark
from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats import json_document, text
from mesonet.formats.reading import RESERVE_MS, Context, Piece, Rows
from mesonet.formats.registry import LAST, MODULES, SELDOM, open_file
from mesonet.formats.survey import survey
from tests.fuzzing import RECEIVED, seeds
from tests.real_files import SAMPLES

USUAL = 3000  # bytes of a file that has several rows, and is read soon
# formats of which there is a file only among the samples: their tests make theirs as they go
OF_SAMPLES = ["loggers.davis", "networks.wis2box_aws", "networks.wis2box_daycli", "noaa.ghcn_stations", "station_list", "zip"]
# by their modules: which bytes are in a format is found out only where it is tried
FORMATS = [module for module in (*MODULES, *SELDOM, *LAST) if SAMPLES.is_dir() or module not in OF_SAMPLES]


def seed(module: str) -> bytes:
    """A file in a format."""
    name = import_module(f"mesonet.formats.{module}").NAME
    found = [data for other, data in seeds() if other == name]
    assert found, f"no file in {name} stands in a module of tests/unit/formats: name one there, and damaged ones are tried too"
    return min(found, key=lambda data: abs(len(data) - USUAL))


def pieces(data: bytes, context: Context) -> Iterator[Piece]:
    """Samples may end in their middle."""
    with suppress(UnreadableFile):
        yield from open_file(io.BytesIO(data), context).pieces()


def told(data: bytes, context: Context) -> tuple[Counter[str], Mark | None]:
    """Each value and each rejected row, how many rows there are, and where the file was left."""
    found, mark = Counter[str](), None
    for piece in pieces(data, context):
        match piece:
            case Batch():
                for parameter, column in piece.columns.items():
                    for row, at, value in zip(piece.rows, piece.times, column.values, strict=True):
                        found[f"{piece.station_id} {parameter.id} {row} {at} {value}"] += value is not None
            case Reject(row=int()):
                found[f"{piece.row} {piece.column} {piece.value} {piece.reason}"] += 1
            case Rows():
                found["rows"] += piece.count
            case Mark():
                mark = piece
    return found, mark


@pytest.mark.parametrize("module", FORMATS)
def test_a_file_that_is_left_is_gone_on_with_to_its_end(module: str) -> None:
    context = Context(key="fuzz/key-2024.txt", received=RECEIVED)
    data = seed(module)
    with patch.multiple(text, BLOCK_BYTES=1500), patch.multiple(json_document, BLOCK_BYTES=1500):
        once, _ = told(data, context)
        parts, start = Counter[str](), None
        for _ in range(len(data)):
            hurried = Context(key=context.key, received=RECEIVED, start=start, remaining_ms=lambda: RESERVE_MS - 1)
            some, mark = told(data, hurried)
            parts += some
            if mark is None:
                break
            assert start is None or (mark.at, mark.row) > (start.at, start.row)
            start = mark
    assert {"less": once - parts, "more": parts - once} == {"less": {}, "more": {}}


@pytest.mark.parametrize("module", FORMATS)
def test_a_file_for_which_there_is_no_time_at_all_says_so(module: str) -> None:
    context = Context(key="fuzz/key-2024.txt", received=RECEIVED, remaining_ms=lambda: 0)
    found = survey(io.BytesIO(seed(module)), context)
    assert found.mark or found.sha256 or any("reading has taken too long" in each.reason for each in found.rejects)
