"""GHCN-Daily's own files: a station, a month and an element per line, 31 values of five digits with three flags each.

Source: NOAA NCEI, `readme.txt` of GHCN-Daily, section III. The same months as CSV (`id`, `year`, `month`, `element`,
`VALUE1`, `MFLAG1`, …), as the R package rnoaa keeps them, are read too. Times are the date that the source gives, at 00:00Z;
days of which nothing is told (-9999 in all elements, as before a record's first day) are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import compress

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY
from mesonet.domain.observation import FAIL, NOT_EVALUATED, Reject
from mesonet.formats.elements import LOOK, Element, Elements, Field, header_of, pieces
from mesonet.formats.lines import Lines, Peeked, Whole, likely
from mesonet.formats.noaa.ghcn_elements import NO_VALUE, PREFERRED, TAKEN, Others, described
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN, Chunk, Table, first_line
from mesonet.formats.text import decode
from mesonet.record import dataclass, field
from mesonet.regex import regex

NAME = "ghcn-daily-dly"
RECORDS = LineRecords(header=regex(rb"(?i)value1"), optional=True, same=17)

_DAYS = 31
_FIRST = 21  # where the first value stands
_EACH = 8  # characters of a day: five of the value, three flags
_SHORTEST = _FIRST + (_DAYS - 1) * _EACH + 5  # the last day's flags may be blank, and cut off

_KEY = r"[A-Z]{2}[A-Z0-9_\-]{9}\d{6}[A-Z][A-Z0-9]{3}"
_LINE = regex(_KEY + r"(?:[ \-\d]{5}[A-Z ][A-Z ][A-Za-z0-9 ]){30}[ \-\d]{5}.{0,3}\s*", re.ASCII)
_HEADER = ("id", "year", "month", "element")
_GONE = frozenset((NO_VALUE, "NA", ""))
_PASSED = frozenset((" ", "NA", ""))  # in the place of a flag of quality: that no test was failed


def sniff(head: bytes) -> Guess | None:
    """Every column stands where it must; or the header of the months as CSV."""
    lines = [line for line in decode(head[:16384]).split("\n") if line.strip()]
    if not lines:
        return None
    if _is_header(lines[0]):
        return Guess(0.97, "months of GHCN-Daily as CSV: id, year, month, element, and a value and three flags for each day")
    lines = lines[:-1] if len(lines) > 1 else lines
    return likely(lines, _LINE.fullmatch, 0.99, "GHCN-Daily: station, month, element and 31 values with flags in fixed columns")


def _is_header(line: str) -> bool:
    names = [name.strip().strip('"').lower() for name in line.strip().split(",")]
    return tuple(names[:5]) == (*_HEADER, "value1") and names[-1] == "sflag31" and len(names) == len(_HEADER) + 4 * _DAYS


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    source = Peeked(stream)
    if _is_header(first_line(decode(source.head))):
        table = Table(source, ",", look=LOOK)
        _, skip = header_of(table, ())
        yield from pieces(table, len(_HEADER) + 4 * _DAYS, _Months(context), skip=skip)
    else:
        yield from pieces(Lines(source), 1, _Lines(context))


@dataclass(slots=True)
class _Month:
    """What the lines of a station and a month say. `start` is the month's first day."""

    station: str
    start: int
    days: int
    row: int
    elements: dict[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)


class _Reader:
    def __init__(self, context: Context) -> None:
        self._elements = Elements(context)
        self._others = Others()
        self._months: dict[tuple[str, str], _Month] = {}
        self._starts: dict[str, tuple[int, int] | None] = {}
        self._lines: Counter[str] = Counter()
        self._days = 0

    def add(
        self, row: int, station: str, month: str, element: str, values: Sequence[str], quality: Sequence[str]
    ) -> Iterator[Reject]:
        """A line: 31 values, 31 flags of quality. `month` is `YYYYMM`."""
        if month not in self._starts:
            if len(self._starts) > 100_000:
                self._starts.clear()
            self._starts[month] = _start(month)
        start = self._starts[month]
        if start is None:
            yield Reject(reason="not a month that exists", row=row, column="MONTH", value=month[:SHOWN])
            return
        if not station.strip() or len(station) > 40 or not station.isprintable() or station == "NA":
            yield Reject(reason="not the identifier of a station", row=row, column="ID", value=station[:SHOWN])
            return
        if element not in TAKEN:
            self._others.leave(element, row)
            return
        at = (station, month)
        if at not in self._months:
            self._months[at] = _Month(station, *start, row)
        known = self._months[at]
        if element in known.elements:
            yield Reject(
                reason=f"{element} of this station and month was told before", row=row, column="ELEMENT", value=element
            )
            return
        for day in range(known.days, _DAYS):
            if values[day].strip() not in _GONE:
                reason = f"a value on day {day + 1}, which the month does not have"
                yield Reject(reason=reason, row=row, column=f"VALUE{day + 1}", value=values[day].strip()[:SHOWN])
        known.elements[element] = values, quality
        self._lines[station] += 1

    def told(self, *, all_of_it: bool = False) -> Iterator[Piece]:
        """Gives what is complete: a month whose lines may go on in the next chunk waits."""
        waiting = None
        if not all_of_it and self._months:
            waiting = self._months.popitem()
            self._lines[waiting[1].station] -= len(waiting[1].elements)
        if self._months:
            yield from self._given(list(self._months.values()))
        self._months.clear()
        self._lines.clear()
        if waiting:
            self._months[waiting[0]] = waiting[1]
            self._lines[waiting[1].station] += len(waiting[1].elements)

    def _given(self, months: list[_Month]) -> Iterator[Piece]:
        names = [name for name in TAKEN if any(name in month.elements for month in months)]
        names.sort(key=lambda name: name in PREFERRED)
        total = sum(month.days for month in months)
        texts = {name: [""] * total for name in names}
        flags = {name: [NOT_EVALUATED] * total for name in names}
        keep = [False] * total
        stations: list[str] = []
        times: list[int] = []
        rows: list[int] = []
        for month in months:
            at = len(times)
            stations += [month.station] * month.days
            times += range(month.start, month.start + month.days * DAY, DAY)
            rows += [month.row] * month.days
            for name, (values, quality) in month.elements.items():
                texts[name][at : at + month.days] = values[: month.days]
                for day, (text, letter) in enumerate(zip(values[: month.days], quality, strict=False), at):
                    if text.strip() not in _GONE:
                        keep[day] = True
                        if letter not in _PASSED:
                            flags[name][day] = FAIL
            for lesser, better in PREFERRED.items():
                if lesser in month.elements and better in month.elements:
                    both = zip(month.elements[lesser][0], month.elements[better][0], strict=True)
                    doubled = sum(a.strip() not in _GONE and b.strip() not in _GONE for a, b in both)
                    if doubled:
                        self._others.leave(lesser, month.row, doubled)
        self._days += sum(keep)
        fields = [Field(_element(name), list(compress(texts[name], keep)), list(compress(flags[name], keep))) for name in names]
        stations, times, rows = list(compress(stations, keep)), list(compress(times, keep)), list(compress(rows, keep))
        yield from self._elements.take(stations, times, rows, fields, counted=self._lines)

    def last(self) -> Iterator[Piece]:
        yield from self.told(all_of_it=True)
        yield from self._others.rejects("line")
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name="ID", kind="station", values=self._days)
        yield ColumnFacts(name="DATE", kind="time", values=self._days)
        found = self._elements.facts()
        yield from (found[name] for name in sorted(found))


class _Lines(_Reader):
    """The fixed columns."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._whole = Whole(_SHORTEST, lambda _: "the line ends before the value of its 31st day")

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk = yield from self._whole.of(chunk)
        for row, line in zip(chunk.rows, chunk.columns[0], strict=True):
            padded = line.ljust(_FIRST + _DAYS * _EACH)
            values = [padded[at : at + 5] for at in range(_FIRST, _FIRST + _DAYS * _EACH, _EACH)]
            quality = padded[_FIRST + 6 : _FIRST + _DAYS * _EACH : _EACH]
            yield from self.add(row, line[:11], line[11:17], line[17:21], values, quality)
        yield from self.told()


class _Months(_Reader):
    """The same as CSV."""

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        columns = [[text.strip() for text in column] for column in chunk.columns]
        for row, station, year, month, element, *days in zip(chunk.rows, *columns, strict=True):
            yield from self.add(row, station, f"{year:0>4}{month:0>2}", element, days[0::4], days[2::4])
        yield from self.told()


def _start(month: str) -> tuple[int, int] | None:
    """The first day of `YYYYMM` and how many days it has."""
    if len(month) != 6 or not (month.isascii() and month.isdecimal()):
        return None
    try:
        first = date(int(month[:4]), int(month[4:]), 1).toordinal()
        following = date(int(month[:4]) + int(month[4:]) // 12, int(month[4:]) % 12 + 1, 1).toordinal()
    except ValueError:
        return None
    return (first - 719_163) * DAY, following - first


def _element(name: str) -> Element:
    parameter, unit = described(name)
    return Element(name=name, parameter=parameter, unit=unit, missing=(NO_VALUE, "NA"))
