"""Live values: what stations send one observation at a time, until it becomes a block.

A live row is what is known of one station at one instant. Whatever is said of that instant later goes into the same row, value
by value, and the last that was said of a parameter stands. A stream may tell again at any time what it told before: what came
by one has its sequence, and of two sequences the higher one was said last. Rows become the block of a file that there is not,
called `live`. A value that a file brings stands over one that came live, whichever came first: a file is what the operator
means to keep.
"""

from collections.abc import Iterable, Mapping, Sequence

from mesonet.domain import instant
from mesonet.domain.block import Block, BlockKey, Draft, Span, as_received, listed
from mesonet.domain.file import live_order
from mesonet.domain.observation import MISSING, NOT_EVALUATED, Batch, Column
from mesonet.domain.parameter import Parameter, parse
from mesonet.record import dataclass, replace

LIVE = "live"  # in the place of a file's identifier
SETTLED = 15 * 60 * instant.SECOND  # how long a row of a stream stays at least: what is told again by then finds it there
LATE = 10 * 60 * instant.SECOND  # a record of a stream that is younger cannot have become a row that is gone; clocks included


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveValue:
    """`value` is in `unit` (UCUM, canonical), `received` the text as it came, in `unit_received`. `sequence` is the place of
    its record in the stream by which it came, if it came by one."""

    value: float
    unit: str
    received: str
    unit_received: str
    flag: int = NOT_EVALUATED
    sequence: str = ""


def place(sequence: str) -> int:
    """Orders sequences; what did not come by a stream stands before all that did.

    Kinesis Data Streams API Reference, "PutRecord": "Sequence numbers for the same partition key generally increase over time";
    a shard that comes from others begins above them (Developer Guide, "Resharding a stream"). They are numbers without leading
    zeros, of up to 129 digits: as texts they would not compare.
    """
    return int(sequence) if sequence else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """Values by the identifiers of their parameters, all of one span. `written_at` is when the last of them was said, as far as
    clocks tell; `token` changes with each write."""

    station_id: str
    time: int
    values: Mapping[str, LiveValue]
    written_at: int = 0
    token: str = ""

    @property
    def came_by_a_stream(self) -> bool:
        return any(each.sequence for each in self.values.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The part of a station's time that a block covers."""

    station_id: str
    span: Span
    start: str

    @property
    def key(self) -> BlockKey:
        return BlockKey(station_id=self.station_id, span=self.span, start=self.start, file_id=LIVE)


def draft(rows: Sequence[LiveRow], held: Iterable[Block] = ()) -> Draft:
    """What the blocks say that are held, and over it the rows; tested for quality anew, now that the neighbours are known."""
    from mesonet.domain.quality import findings  # whoever only reads starts without the tests

    made = Draft()
    for block in held:
        _add(made, _rows(block))
    _add(made, rows)
    columns = {parse(name): made.present(name) for name in made.parameters()}
    found = findings(columns)
    for parameter in found.evaluated:
        made.judge(parameter.id, found.verdicts.get(parameter, {}))
    return made


def block(stretch: Stretch, rows: Sequence[LiveRow]) -> Block:
    """Rows as a reader lays them over the blocks of files; their flags are those of their arrival."""
    made = Draft()
    _add(made, rows)
    order = live_order(max(row.written_at for row in rows))
    (whole,) = made.blocks(stretch.key, order=order, version_id=None, cut=False)
    return replace(whole, uncompacted=True)


def judged(rows: Sequence[LiveRow]) -> list[LiveRow]:
    """Rows of one station with the flags that can be given at arrival."""
    made = draft(rows)
    flags: dict[str, dict[int, int]] = {}
    for name in made.parameters():
        times = made.present(name)[0]
        flags[name] = dict(zip(times, (flag for flag, _ in made.flags(name) if flag != MISSING), strict=True))
    return [
        LiveRow(
            station_id=row.station_id,
            time=row.time,
            values={name: replace(each, flag=flags[name][row.time]) for name, each in row.values.items()},
        )
        for row in rows
    ]


def _add(made: Draft, rows: Sequence[LiveRow]) -> None:
    """One batch for each set of units, since a column has one."""
    groups: dict[tuple[tuple[str, str, str], ...], list[LiveRow]] = {}
    for row in rows:
        layout = tuple(sorted((name, each.unit, each.unit_received) for name, each in row.values.items()))
        groups.setdefault(layout, []).append(row)
    for layout, some in groups.items():
        columns: dict[Parameter, Column] = {
            parse(name): Column(
                unit=unit,
                unit_received=unit_received,
                values=[row.values[name].value for row in some],
                received=[row.values[name].received for row in some],
                flags=[row.values[name].flag for row in some],
            )
            for name, unit, unit_received in layout
        }
        batch = Batch(
            station_id=some[0].station_id,
            times=[row.time for row in some],
            rows=list(range(1, len(some) + 1)),
            columns=columns,
        )
        made.add(batch, list(columns), range(len(some)))


def _rows(held: Block) -> list[LiveRow]:
    """A block of live values taken apart. Its flags are of tests, which are made again."""
    times = [instant.parse(str(text)) for text in listed(held.times)]
    cells: list[dict[str, LiveValue]] = [{} for _ in times]
    for name, column in held.columns.items():
        for at, (value, received) in enumerate(zip(listed(column.values), listed(column.received), strict=True)):
            if value is not None:
                text, unit = as_received(str(received), column.unit_received)
                cells[at][name] = LiveValue(value=float(str(value)), unit=column.unit, received=text, unit_received=unit)
    return [
        LiveRow(station_id=held.key.station_id, time=time, values=values)
        for time, values in zip(times, cells, strict=True)
        if values
    ]
