"""Coverage-guided fuzzing of the format readers.

Seeds are what the formats' own tests read, and the first bytes of the sample files where their folder is there. They are tried
first, the smallest before the others and a long text by its first lines, and those stay that are small or reach a line of
`mesonet.formats` that none before them reached: small seeds try as much in a third of the time. An input that reaches such a
line becomes a seed too (sys.monitoring, PEP 669, tells each line once, so looking costs nearly nothing). A share of the inputs
is no damaged seed, but written anew (see `grammar`).
Everything follows from the seed of chance: a finding can be had again by its number.

What must hold of any input: nothing is raised but UnreadableFile; a reader ends within a second for each MB; what it gives is
well formed; and what was accepted as observations reads the same again when it is written as a table.
"""

import io
import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from math import isfinite
from pathlib import Path
from random import Random
from types import CodeType
from typing import Any

from mesonet import formats
from mesonet.domain import instant
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch, Column, Quality, Reject
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import converter
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import HEAD_BYTES, Context, Extent, Rows
from mesonet.formats.registry import named, recognise
from mesonet.formats.survey import survey
from mesonet.formats.tables import mapped_csv, mapping_file
from mesonet.formats.text import is_binary
from mesonet.record import replace
from tests import grammar
from tests.effort import measured
from tests.real_files import SAMPLES

TESTS = Path(__file__).parent
FORMATS = str(Path(formats.__file__).parent)  # every folder of them
RECEIVED = instant.parse("2024-03-06T12:10:00Z")
LONGEST = 16 * 1024  # bytes of an input: small ones find more in the same time
LONGEST_WRITTEN = 64 * 1024  # of one that is binary and written: cut, it has no index of what stands before it
SMALL = 512  # bytes of a seed that stays whatever it reaches
SECONDS_PER_MB = 1.0
LEAST_SECONDS = 0.5  # for an input far smaller than a MB: a busy machine stops a process for so long now and then
WHOLE_EVERY = 6  # one input in so many goes through the whole survey, recognition included
AGAIN_EVERY = 12  # and of one in so many the observations are written and read again

_CONTEXT = Context(key="fuzz/key-2024.txt", received=RECEIVED)

TOKENS = (
    *(
        b"",
        b"0",
        b"-1",
        b"1e999999",
        b"NaN",
        b"-9999",
        b"9" * 40,
        b"\x00",
        b"\xff",
        b"\xfe\xff",
        b"\xc3\x28",
        b'"',
        b'""',
        b"'",
    ),
    *(
        b",",
        b";",
        b"\t",
        b"|",
        b" ",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"=",
        b"/",
        b"//",
        b"-",
        b".",
        b":",
        b"[",
        b"]",
        b"{",
        b"}",
        b"null",
    ),
    *(
        b"2024-02-30",
        b"1900-01-01T00:00:00Z",
        b"9999-12-31T23:59:59Z",
        b"24:00",
        b"NIL",
        b"AAXX 06121",
        b"METAR",
        b"COR",
        b"7777",
    ),
    *(
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"\x80\x00\x00\x00",
        b"\x00\x00\x00\x00",
        "é°".encode(),
        "é°".encode("latin-1"),
    ),
)
_DIGITS = re.compile(rb"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`what` says what went wrong, `where` in which line; `number` is the input's."""

    number: int
    format: str
    what: str
    where: str
    data: bytes


@dataclass(slots=True)
class Fuzzer:
    chance: Random
    corpus: list[tuple[str, bytes]]
    written: float = 0.0  # share of the inputs that a grammar writes
    kinds: tuple[str, ...] = tuple(grammar.KINDS)  # of which it writes them
    inputs: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    grown: int = 0
    slowest: float = 0.0
    lines: int = 0
    reread: int = 0

    def run(self, count: int) -> Iterator[Finding]:
        """Tries so many inputs."""
        sown = iter(list(_parts(self.corpus)) if self.written < 1 else ())
        with _Coverage() as coverage:
            for number in range(count):
                if seed := next(sown, None):
                    if not number:
                        self.corpus.clear()
                    name, data = seed
                elif self.chance.random() < self.written:
                    data = grammar.written(self.chance, self.corpus, self.kinds)
                    data = data[: LONGEST_WRITTEN if is_binary(data) else LONGEST] or b"\n"
                    name = recognise(data[:HEAD_BYTES]).format or "unknown"
                else:
                    name, data = self.chance.choice(self.corpus)
                    data = self._mutated(name, data)
                first = not self.inputs[name]
                self.inputs[name] += 1
                finding = self._tried(number, name, data)
                if finding:
                    yield finding
                if (coverage.grew() and name != "unknown") or (seed and (first or len(data) <= SMALL)):
                    self.corpus.append((name, data))
                    self.grown += not seed
            self.lines = coverage.lines

    def _tried(self, number: int, name: str, data: bytes) -> Finding | None:
        bound = max(LEAST_SECONDS, SECONDS_PER_MB * len(data) / 1e6)
        finding, taken = measured(lambda: self._broken(number, name, data), enough=bound)
        if finding:
            return finding
        self.slowest = max(self.slowest, taken)
        if taken > bound:
            return Finding(number=number, format=name, what=f"took {taken:.1f} s for {len(data)} bytes", where="", data=data)
        return None

    def _broken(self, number: int, name: str, data: bytes) -> Finding | None:
        """What an input broke."""
        try:
            whole = number % WHOLE_EVERY == 0
            batches = list(_checked(name, data)) if name != "unknown" and (whole or name != "csv") else []
            if whole or name in ("csv", "unknown", "zip"):
                found = survey(io.BytesIO(data), Context(key="fuzz/key.txt", received=RECEIVED))
                assert found.size == len(data)
                assert found.rejected >= len(found.rejects)
                for member in found.members[-1:]:
                    survey(io.BytesIO(data), Context(key="fuzz/key.txt", received=RECEIVED, member=member))
                if name != "unknown" and found.proposal and found.proposal.mapping:  # the survey alone unpacks
                    batches = list(_checked(name, data, mapping_file.parse(found.proposal.mapping, prefix="fuzz/")))
            self.accepted[name] += bool(batches)
            if number % AGAIN_EVERY == 0 and batches:
                _read_again(batches[0])
                self.reread += 1
        except Exception as exc:  # a finding, whatever it is
            last = [
                frame
                for frame in traceback.extract_tb(exc.__traceback__)
                if "mesonet" in frame.filename or "fuzzing" in frame.filename
            ][-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            return Finding(number=number, format=name, what=f"{type(exc).__name__}: {str(exc)[:100]}", where=where, data=data)
        return None

    def _mutated(self, name: str, data: bytes) -> bytes:
        chance = self.chance
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            at = chance.randrange(len(data) + 1)
            end = min(len(data), at + chance.choice((1, 2, 4, 16, 200)))
            match chance.randrange(9):
                case 0 if data:
                    at = min(at, len(data) - 1)
                    data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
                case 1:
                    data = data[:at] + chance.choice(TOKENS) + data[at:]
                case 2:
                    data = data[:at] + chance.choice(TOKENS) + data[end:]
                case 3:
                    data = data[:at] + data[end:]
                case 4:
                    data = data[:end] + data[at:]
                case 5:
                    numbers = list(_DIGITS.finditer(data))
                    if numbers:
                        number = chance.choice(numbers)
                        instead = str(chance.choice((0, 1, 7, 13, 32, 60, 99, 255, 999, 9999, 65535, 2**31, 10**18))).encode()
                        data = data[: number.start()] + instead + data[number.end() :]
                case 6:
                    lines = data.split(b"\n")
                    line = chance.randrange(len(lines))
                    data = b"\n".join(
                        [*lines[:line], lines[chance.randrange(len(lines))], *lines[line + chance.randrange(2) :]]
                    )
                case 7:
                    data = data[:at]
                case 8:
                    _, other = chance.choice(self.corpus)
                    data = data[:at] + other[chance.randrange(len(other) + 1) :][:500] + data[end:]
        return data[:LONGEST] or b"\n"  # without one byte no reader is called


@cache
def seeds() -> list[tuple[str, bytes]]:
    """Inputs with the format that recognises them, in an order that does not change."""
    found: dict[str | None, list[bytes]] = {}
    for data in dict.fromkeys(_fixtures()):
        found.setdefault(recognise(data[:65536]).format, []).append(data[:LONGEST])
    return [(name, data) for name in sorted(each for each in found if each) for data in sorted(found[name])]


def _parts(corpus: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The seeds, the smallest first; of a long text its first lines before it, each time twice as many bytes."""
    for name, data in sorted(corpus, key=lambda seed: len(seed[1])):
        if not is_binary(data) and data.lstrip()[:1] not in (b"{", b"[", b"<"):
            size = SMALL
            while size < len(data):
                yield name, data[: data.rfind(b"\n", 0, size) + 1 or size]
                size *= 2
        yield name, data


def _fixtures() -> Iterator[bytes]:
    for module in sorted((TESTS / "unit" / "formats").rglob("test_*.py")):
        for value in vars(import_module(".".join(module.relative_to(TESTS.parent).with_suffix("").parts))).values():
            yield from _bytes_of(value)
    for path in sorted(SAMPLES.iterdir()) if SAMPLES.is_dir() else ():
        if path.is_file() and path.suffix != ".md":
            with path.open("rb") as stream:
                yield stream.read(LONGEST)


def _bytes_of(value: Any) -> Iterator[bytes]:
    if isinstance(value, str) and len(value) > 60:
        yield value.encode()
    elif isinstance(value, bytes) and len(value) > 20:
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            if isinstance(each, bytes):
                yield from _bytes_of(each)
    elif isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        try:
            yield json.dumps(value).encode()
        except TypeError:
            return


def _checked(name: str, data: bytes, mapping: Mapping | None = None) -> Iterator[Batch]:
    """What the reader gives, looked at closely."""
    try:
        for piece in named(name).read(io.BytesIO(data), replace(_CONTEXT, mapping=mapping)):
            if isinstance(piece, Reject):
                assert piece.reason
                assert piece.row is None or piece.row >= 1
            elif isinstance(piece, Batch):
                _check(piece)
                if piece.times:
                    yield piece
            elif isinstance(piece, Extent):
                assert (piece.first is None) is (piece.last is None)
                assert piece.first is None or instant.EARLIEST <= piece.first <= (piece.last or 0) <= instant.LATEST
            elif isinstance(piece, Rows):
                assert 0 <= piece.understood <= piece.count
    except UnreadableFile:
        return


def _check(batch: Batch) -> None:
    assert batch.station_id or not batch.columns  # rows of nobody are counted, and nothing is taken of them
    assert len(batch.rows) == len(batch.times)
    assert all(instant.EARLIEST <= moment <= instant.LATEST for moment in batch.times)
    for parameter, column in batch.columns.items():
        assert _canonical(column.unit, parameter.standard_name) == column.unit
        assert len(column.values) == len(column.received) == len(column.flags) == len(batch.times)
        assert all(value is None or isfinite(value) for value in column.values)
        assert {*column.flags} <= {int(flag) for flag in Quality}


@cache
def _canonical(unit: str, standard_name: str) -> str:
    return converter(unit, standard_name).unit


def _read_again(batch: Batch) -> None:
    """Written as a table in the canonical units and mapped accordingly, a batch is the same batch."""
    names = {f"c{at}": parameter for at, parameter in enumerate(batch.columns)}
    if not names:
        return
    columns = list(batch.columns.values())
    if any(abs(value) >= 1e12 for column in columns for value in column.values if value is not None):
        return  # within bounds in the unit received (miles), beyond them in the canonical one (metres)
    lines = [",".join(["time", *names])]
    for at, moment in enumerate(batch.times):
        values = (column.values[at] for column in columns)
        lines.append(",".join([instant.iso(moment), *("" if value is None else repr(value) for value in values)]))
    mapping = Mapping(
        prefix="",
        station=batch.station_id,
        time=TimeColumns(columns=("time",)),
        missing=("",),
        columns=tuple(_mapped(name, parameter, batch.columns[parameter]) for name, parameter in names.items()),
    )
    again = list(mapped_csv.read(io.BytesIO("\n".join([*lines, ""]).encode()), Context(mapping=mapping)))
    (found,) = [piece for piece in again if isinstance(piece, Batch)]
    assert found.times == batch.times, "the times differ when they are read again"
    for parameter, column in batch.columns.items():
        assert found.columns[parameter].values == column.values, "the values differ when they are read again"


def _mapped(name: str, parameter: Parameter, column: Column) -> MappedColumn:
    return MappedColumn(column=name, parameter=parameter, unit=column.unit)


class _Coverage:
    """Lines of the formats that were reached; each is told once."""

    def __init__(self) -> None:
        self.lines = 0
        self._before = 0
        self._tool = sys.monitoring.PROFILER_ID

    def __enter__(self) -> "_Coverage":
        monitoring = sys.monitoring
        monitoring.use_tool_id(self._tool, "fuzzing")
        monitoring.register_callback(self._tool, monitoring.events.LINE, self._line)
        monitoring.restart_events()
        monitoring.set_events(self._tool, monitoring.events.LINE)
        return self

    def __exit__(self, *_: object) -> None:
        sys.monitoring.set_events(self._tool, 0)
        sys.monitoring.free_tool_id(self._tool)

    def _line(self, code: CodeType, _: int) -> Any:
        self.lines += code.co_filename.startswith(FORMATS)
        return sys.monitoring.DISABLE

    def grew(self) -> bool:
        grew, self._before = self.lines > self._before, self.lines
        return grew
