"""Blocks: a stretch of one station's observations from one file, column by column, in the pieces that an answer is made of.

A block is a station-day (or, for values of a day and longer, a station-year) of *one* file. Files never share a block, so
loading one is a set of conditional puts that commute with every other file's: nothing is read, merged and written back. Where
several files tell of the same time, a reader lays their blocks over each other, newest file on top. A stretch with more times
than `MOST_TIMES` is cut into parts by the hour (or, in a year, the half-month), so that no block outgrows an item.

Each list is kept as a *fragment* (fragment.py): the elements of a JSON array, compressed so that they can be laid end to end.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from mesonet.domain import instant
from mesonet.domain.file import changed, precedence
from mesonet.domain.fragment import Fragment
from mesonet.domain.observation import MISSING, Batch, Quality, Verdicts, aggregated, names_of
from mesonet.domain.parameter import Parameter
from mesonet.record import dataclass, field, replace

VERSION = 3
NONE = Fragment()
PARTS = 32  # more than a day has hours, or a year half-months
RECEIVED_KEPT = 200  # characters of a field as received: no number needs more, and a corrupt one may have megabytes
MOST_TIMES = 8_640  # a value every ten seconds
MOST_BYTES = 300_000  # of a block: an item may have 400 KB, and names and keys come on top


class Span(StrEnum):
    """How much time a block covers. A day of daily values would be one number: those are kept by the year."""

    DAY = "D"
    YEAR = "Y"

    def start_of(self, moment: int) -> str:
        day = instant.day_of(moment)
        return day if self is Span.DAY else day[:4]


_SPANS = {str(span): span for span in Span}
_LONG_DURATIONS = ("D", "W", "M", "Y")


def span_of(parameter: Parameter) -> Span:
    """Durations of a day or more (ISO 8601 with a date part) are kept by the year."""
    date_part = parameter.duration.partition("T")[0]
    return Span.YEAR if date_part.endswith(_LONG_DURATIONS) and date_part != "P0D" else Span.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKey:
    station_id: str
    span: Span
    start: str  # 2013-01-01, or 2013
    file_id: str
    part: int = 0

    @property
    def text(self) -> str:
        """Sorts by span, then time, then file, then part."""
        return f"{self.span}#{self.start}#{self.file_id}#{self.part:04d}"

    @classmethod
    def parse(cls, station_id: str, text: str) -> "BlockKey":
        span, start, file_id, part = text.split("#")
        return cls(station_id=station_id, span=_SPANS[span], start=start, file_id=file_id, part=int(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockColumn:
    """Values in `unit`, QARTOD flags, texts as received in `unit_received`, and the names of the tests that flagged each value
    (none where none was flagged). Flags, texts and names are not there where they were not asked for. `spelling` says that the
    texts are the values, and how they are spelt."""

    unit: str
    unit_received: str
    values: Fragment
    flags: Fragment = NONE
    received: Fragment = NONE
    tests: Fragment = NONE
    spelling: "Spelling | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`order` is the file entry's; `times` a fragment of RFC 3339 texts in ascending order without repetition, `rows` of the
    row numbers in the file. A block without times is a tombstone: the file no longer says anything about this stretch.
    `uncompacted` are live rows as a reader puts them together: they are not kept so."""

    key: BlockKey
    order: str
    version_id: str | None
    count: int = 0
    first: int = 0
    last: int = 0
    times: Fragment = NONE
    rows: Fragment = NONE
    columns: Mapping[str, BlockColumn]
    uncompacted: bool = False

    def rank(self) -> tuple[str, bool, str, str, int]:
        """Where two blocks tell of one time, the one of higher rank is right: the file that came later.

        A live row stands over the live block whenever each was written, as compaction lays it: what the block has from an
        earlier row may have a later clock than a sender had who was still writing.
        """
        arrived, _, since = precedence(self.order).partition("|")
        return arrived, self.uncompacted, since, self.key.file_id, self.key.part

    @property
    def packed_size(self) -> int:
        """Bytes of all fragments as they are kept; an item of DynamoDB may have 400 KB."""
        kept = [self.times, self.rows]
        for column in self.columns.values():
            spelt_out = column.spelling is None or column.spelling.exceptions
            kept += [column.values, column.flags, column.tests, *([column.received] if spelt_out else [])]
        return sum(len(each.packed) for each in kept) + sum(map(len, self.columns))

    @property
    def size(self) -> int:
        return _size(self.times, self.columns)


class Unread(Mapping[str, BlockColumn]):
    """Columns without details of a block that was read, each made when it is asked for: for an answer of many blocks hardly any
    is. `kept` has of each the unit and the values, as `Fragment.sealed` takes them."""

    __slots__ = ("_kept", "_made")

    def __init__(self, kept: Mapping[str, tuple[str, bytes | str]]) -> None:
        self._kept = kept
        self._made: dict[str, BlockColumn] = {}

    def __getitem__(self, name: str) -> BlockColumn:
        if name not in self._made:
            unit, values = self._kept[name]
            self._made[name] = BlockColumn(unit=unit, unit_received="", values=Fragment.sealed(values))
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def listed(fragment: Fragment) -> list[object]:
    """The elements of a fragment."""
    elements: list[object] = json.loads(f"[{fragment.text}]")
    return elements


def number(value: float | None) -> str:
    """JSON text of a value, without a needless `.0`."""
    if value is None:
        return "null"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


AS_JSON = -1  # decimals: as many as each value needs
_MOST_DECIMALS = 9
_FEW = 1 / 4  # of all texts: each of these is kept with its position


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How texts as received follow from the JSON texts of the values: with so many `decimals`, or AS_JSON, but for a few, which
    stand in `exceptions` by their position."""

    decimals: int
    exceptions: Mapping[int, str] = field(default_factory=dict)


def spelling_of(values: Sequence[str], received: Sequence[str]) -> Spelling | None:
    """None where the texts do not follow from the values, as those of another unit do not."""
    first = next((text for text in received if text), "")
    decimals = len(first.partition(".")[2])
    ways = [AS_JSON, decimals] if 0 < decimals <= _MOST_DECIMALS else [AS_JSON]
    for way in ways:
        if all(map(str.__eq__, received, _spelt(values, way))):
            return Spelling(decimals=way)
    found = [Spelling(decimals=way, exceptions=_exceptions(_spelt(values, way), received)) for way in ways]
    best = min(found, key=lambda spelling: len(spelling.exceptions))
    return best if len(best.exceptions) <= len(received) * _FEW else None


def _exceptions(spelt: Iterable[str], received: Sequence[str]) -> dict[int, str]:
    return {at: text for at, (rule, text) in enumerate(zip(spelt, received, strict=True)) if text != rule}


def spelt(values: Fragment, spelling: Spelling) -> Fragment:
    """The texts as received of values in which `spelling_of` has found them."""
    texts = [f'"{text}"' for text in _spelt(values.text.split(",") if values else [], spelling.decimals)]
    for at, text in spelling.exceptions.items():
        texts[at] = json.dumps(text, ensure_ascii=False)
    return Fragment(",".join(texts))


def _spelt(values: Iterable[str], decimals: int) -> Iterator[str]:
    if decimals == AS_JSON:
        return ("" if value == "null" else value for value in values)
    return ("" if value == "null" else f"{float(value):.{decimals}f}" for value in values)


class Draft:
    """Gathers what one file says about one stretch, in any order; a later row wins where one time stands twice."""

    __slots__ = ("_cells", "_judged", "_rows", "_units")

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        self._units: dict[str, tuple[str, str]] = {}
        self._cells: dict[str, dict[int, tuple[float | None, str, int]]] = {}
        self._judged: dict[str, Verdicts] = {}

    def add(self, batch: Batch, parameters: Sequence[Parameter], picked: Iterable[int]) -> None:
        """Takes the rows `picked` (positions in the batch) of some parameters."""
        positions = list(picked)
        times = batch.times
        for at in positions:
            self._rows[times[at]] = batch.rows[at]
        for parameter in parameters:
            column = batch.columns[parameter]
            _, unit = self._units.setdefault(parameter.id, (column.unit, column.unit_received))
            # a text in another unit than the first says so
            behind = f" {column.unit_received}" if column.unit_received != unit else ""
            cells = self._cells.setdefault(parameter.id, {})
            values, received, flags = column.values, column.received, column.flags
            for at in positions:
                # a pivoted long table has gaps: no text was received, so nothing is said about an earlier row's value
                if received[at] or times[at] not in cells:
                    text = received[at] and f"{received[at][:RECEIVED_KEPT]}{behind}"
                    cells[times[at]] = (values[at], text, flags[at])

    def times(self) -> list[int]:
        """In ascending order, also those at which every value is missing."""
        return sorted(self._rows)

    def parameters(self) -> Iterable[str]:
        return self._cells.keys()

    def present(self, name: str) -> tuple[list[int], list[float]]:
        """Times in ascending order at which a parameter has a value, and the values."""
        cells = self._cells.get(name, {})
        pairs = [(at, cells[at][0]) for at in sorted(cells)]
        return [at for at, value in pairs if value is not None], [value for _, value in pairs if value is not None]

    def judge(self, name: str, verdicts: Verdicts) -> None:
        """What the quality tests found of a parameter's values; those that it does not name have passed."""
        self._judged[name] = verdicts

    def flags(self, name: str) -> list[tuple[int, int]]:
        """Flag and tests of each of a parameter's values, in order of time; also of those that are missing."""
        times = sorted(self._cells[name])
        return self._flags(name, times, list(map(self._cells[name].__getitem__, times)))

    def _flags(self, name: str, times: Sequence[int], cells: Sequence[tuple[float | None, str, int]]) -> list[tuple[int, int]]:
        judged = self._judged.get(name)
        if judged is None:
            return [(flag, 0) for _, _, flag in cells]
        passed = {int(flag): aggregated(int(flag), None) for flag in Quality}
        return [
            (flag, 0) if value is None else aggregated(flag, judged[at]) if at in judged else passed[flag]
            for at, (value, _, flag) in zip(times, cells, strict=True)
        ]

    def values(self) -> int:
        return sum(value is not None for cells in self._cells.values() for value, _, _ in cells.values())

    def newest(self, until: int) -> dict[str, tuple[int, float, str, int]]:
        """Per parameter: time, value, text as received and flag of the last value up to `until` that is not missing."""
        found = {}
        for name, cells in self._cells.items():
            present = [(at, value, received) for at, (value, received, _) in cells.items() if value is not None and at <= until]
            if present:
                last = max(present)
                found[name] = (*last, self._flags(name, last[:1], [cells[last[0]]])[0][0])
        return found

    def oldest(self) -> dict[str, int]:
        return {
            name: min(present)
            for name, cells in self._cells.items()
            if (present := [at for at, cell in cells.items() if cell[0] is not None])
        }

    def units(self) -> dict[str, tuple[str, str]]:
        return dict(self._units)

    def blocks(self, key: BlockKey, *, order: str, version_id: str | None, cut: bool = True) -> list[Block]:
        """One block, or, where there is too much for one item, one for each part (counted from the key's own)."""
        times = sorted(self._rows)
        if not cut:
            return [self._block(key, times, order, version_id)]
        if len(times) <= MOST_TIMES:
            block = self._block(key, times, order, version_id)
            if block.packed_size <= MOST_BYTES:
                return [block]
        parts: dict[int, list[int]] = {}
        for at in times:
            parts.setdefault(_part(key.span, at), []).append(at)
        return [
            self._block(replace(key, part=key.part + part), some, order, version_id) for part, some in sorted(parts.items())
        ]

    def _block(self, key: BlockKey, times: list[int], order: str, version_id: str | None) -> Block:
        absent = (None, "", MISSING)
        columns = {}
        for name in sorted(self._cells):
            cells = [self._cells[name].get(at, absent) for at in times]
            judged = self._flags(name, times, cells)
            tests = [f'"{names_of(tests)}"' for _, tests in judged] if any(tests for _, tests in judged) else []
            unit, unit_received = self._units[name]
            values = [number(value) for value, _, _ in cells]
            received = [text for _, text, _ in cells]
            columns[name] = BlockColumn(
                unit=unit,
                unit_received=unit_received,
                values=Fragment(",".join(values)),
                flags=Fragment(",".join(str(int(flag)) for flag, _ in judged)),
                received=Fragment(",".join(json.dumps(text, ensure_ascii=False) for text in received)),
                tests=Fragment(",".join(tests)),
                spelling=spelling_of(values, received),
            )
        return Block(
            key=key,
            order=order,
            version_id=version_id,
            count=len(times),
            first=times[0],
            last=times[-1],
            times=Fragment(",".join(f'"{instant.iso(at)}"' for at in times)),
            rows=Fragment(",".join(str(self._rows[at]) for at in times)),
            columns=columns,
        )


def _part(span: Span, moment: int) -> int:
    """Counts from 1: the hour of the day, or the half-month of the year."""
    text = instant.iso(moment)
    if span is Span.DAY:
        return int(text[11:13]) + 1
    return 2 * int(text[5:7]) - (int(text[8:10]) <= 15)


def tombstone(key: BlockKey, *, order: str, version_id: str | None) -> Block:
    return Block(key=key, order=order, version_id=version_id, columns={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What several blocks, or a part of one, say between two instants; `order` is that of the newest."""

    count: int
    first: int
    last: int
    times: Fragment
    columns: Mapping[str, BlockColumn]
    order: str = ""

    @property
    def size(self) -> int:
        return _size(self.times, self.columns)


type Piece = Block | Overlay  # a stretch of an answer; `size` are the bytes of all its texts


def _size(times: Fragment, columns: Mapping[str, BlockColumn]) -> int:
    size = times.size
    for column in columns.values():
        size += column.values.size
        if column.flags is not NONE:
            size += column.flags.size + column.received.size + column.tests.size
    return size


def end_value(block: Block, parameter: str, *, last: bool, until: int) -> tuple[int, float, str, int] | None:
    """Time, value, text as received and flag of a parameter's last (or first) value up to `until` that is not missing."""
    column = block.columns.get(parameter)
    if column is None:
        return None
    values = listed(column.values)
    present = [at for at, value in enumerate(values) if value is not None]
    if block.last > until:
        times = [instant.parse(str(text)) for text in listed(block.times)]
        present = [at for at in present if times[at] <= until]
    if not present:
        return None
    at = present[-1 if last else 0]
    return (
        instant.parse(str(listed(block.times)[at])),
        float(str(values[at])),
        str(listed(column.received)[at]),
        int(str(listed(column.flags)[at])),
    )


type _Cell = tuple[str, str, str, str]  # of one time, each as it stands in JSON: value, flag, text as received, names of tests

_ABSENT: _Cell = ("null", str(MISSING), '""', '""')


def overlay(blocks: Sequence[Block], within: instant.Interval) -> Overlay | None:
    """Several blocks as one, cut to an interval; None where nothing is left.

    The newest file that has a value for a time and parameter wins; a missing value never hides an older one, so a partial
    re-send cannot erase what is known. (To withdraw a value, delete or replace the file that brought it.) A text that was
    received in another unit than the newest block's is followed by its unit.
    """
    ranked = sorted(blocks, key=Block.rank)
    units = {name: (column.unit, column.unit_received) for block in ranked for name, column in block.columns.items()}
    cells: dict[str, dict[int, _Cell]] = {name: {} for name in units}
    every: set[int] = set()
    for block in ranked:
        times = [instant.parse(str(text)) for text in listed(block.times)]
        picked = [at for at, moment in enumerate(times) if moment in within]
        every.update(times[at] for at in picked)
        for name, column in block.columns.items():
            values, flags, received, tests = _texts(column, block.count, units[name][1])
            known = cells[name]
            for at in picked:
                if values[at] != "null" or times[at] not in known:
                    known[times[at]] = (values[at], flags[at], received[at], tests[at])
    if not every:
        return None
    moments = sorted(every)
    detailed = all(column.received for block in blocks for column in block.columns.values())  # live rows always are
    flagged = {name for block in blocks for name, column in block.columns.items() if column.tests}
    return Overlay(
        order=max((block.order for block in blocks), key=changed),
        count=len(moments),
        first=moments[0],
        last=moments[-1],
        times=Fragment(",".join(f'"{instant.iso(at)}"' for at in moments)),
        columns={
            name: _column([known.get(at, _ABSENT) for at in moments], units[name], detailed=detailed, flagged=name in flagged)
            for name, known in cells.items()
        },
    )


def as_received(text: str, unit: str) -> tuple[str, str]:
    """A text as received, and the unit that it came in: the one behind it, where that was another than the column's."""
    at = text.find(" ")
    while at > 0:
        if _is_unit(text[at + 1 :]):
            return text[:at], text[at + 1 :]
        at = text.find(" ", at + 1)
    return text, unit


def _is_unit(text: str) -> bool:
    from mesonet.domain import units  # its tables are large, and few texts have a blank

    try:
        units.parse(text)
    except units.UnknownUnit:
        return False
    return bool(text.strip())


def saying_unit(received: str, unit: str, unit_of_all: str) -> str:
    """A text received in `unit`, with its unit behind it where that is another than its column's."""
    text, unit = as_received(received, unit)
    return f"{text} {unit}" if text and unit != unit_of_all else text


def _texts(column: BlockColumn, count: int, unit_received: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """A column's values, flags, texts as received and names of tests, one of each for each time."""
    unit = column.unit_received
    return (
        column.values.text.split(","),
        column.flags.text.split(",") if column.flags else [""] * count,
        [json.dumps(saying_unit(str(text), unit, unit_received), ensure_ascii=False) for text in listed(column.received)]
        if column.received
        else [""] * count,
        column.tests.text.split(",") if column.tests else ['""'] * count,
    )


def _column(rows: Sequence[_Cell], unit: tuple[str, str], *, detailed: bool, flagged: bool) -> BlockColumn:
    return BlockColumn(
        unit=unit[0],
        unit_received=unit[1],
        values=Fragment(",".join(row[0] for row in rows)),
        flags=Fragment(",".join(row[1] for row in rows)) if detailed else NONE,
        received=Fragment(",".join(row[2] for row in rows)) if detailed else NONE,
        tests=Fragment(",".join(row[3] for row in rows)) if flagged else NONE,
    )


def cut(piece: Piece, count: int) -> tuple[Piece, int | None]:
    """The piece's first `count` times, and the instant of the next, None where nothing is left."""
    if piece.count <= count:
        return piece, None
    times = piece.times.text.split(",")

    def head(elements: Fragment) -> Fragment:
        return Fragment(",".join(elements.text.split(",", count)[:count]))

    def head_of_texts(elements: Fragment) -> Fragment:
        return Fragment(",".join(json.dumps(text, ensure_ascii=False) for text in listed(elements)[:count]))

    columns = {
        name: BlockColumn(
            unit=column.unit,
            unit_received=column.unit_received,
            values=head(column.values),
            flags=head(column.flags),
            received=head_of_texts(column.received),
            tests=head(column.tests),
        )
        for name, column in piece.columns.items()
    }
    moments = [instant.parse(json.loads(times[at])) for at in (count - 1, count)]
    kept = replace(piece, count=count, last=moments[0], times=Fragment(",".join(times[:count])), columns=columns)
    return kept, moments[1]
