"""ISD, the Integrated Surface Database as NOAA archives it: a report per line, of variable length.

Source: NOAA NCEI, "Federal Climate Complex Data Documentation for Integrated Surface Data" (isd-format-document): control
section (positions 1-60), mandatory data section (61-105), additional data section (from 106, after `ADD`). What is taken of
them is in `isd_elements`; groups of the additional section are found by their identifier and shape before the remarks. Times
are UTC. The station is its USAF number and its WBAN number, as in NOAA's list of stations.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.formats.columns import Loose
from mesonet.formats.elements import Elements, Field, Left, Place, Places, Timing, latest, pieces, station, timed
from mesonet.formats.lines import Lines, Whole, likely, sampled
from mesonet.formats.noaa.isd_elements import GROUPS, PARTS, Timed, fields
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "isd"
RECORDS = LineRecords()

_SHORTEST = 105
# where the parts of a group stand in the mandatory section, counted from 0
_MANDATORY: dict[str, tuple[slice, ...]] = {
    "WND": (slice(60, 63), slice(63, 64), slice(64, 65), slice(65, 69), slice(69, 70)),
    "VIS": (slice(78, 84), slice(84, 85), slice(85, 86), slice(86, 87)),
    "TMP": (slice(87, 92), slice(92, 93)),
    "DEW": (slice(93, 98), slice(98, 99)),
    "SLP": (slice(99, 104), slice(104, 105)),
}
_LINE = regex(
    r"\d{4}[0-9A-Z]\d{5}\d{5}\d{12}[0-9A-Z ][+\-]\d{5}[+\-]\d{6}.{5}[+\-]\d{4}.{5}.{4}"
    r"\d{3}[0-9A-Z].\d{4}[0-9A-Z]\d{5}[0-9A-Z]..\d{6}[0-9A-Z]..[+\-]\d{4}[0-9A-Z][+\-]\d{4}[0-9A-Z]\d{5}[0-9A-Z].*",
    re.ASCII,
)
_Q = "[0-9A-Z]"
_GROUP = regex(
    rf"(?P<AA>AA[1-4]\d\d\d{{4}}{_Q}{_Q})|(?P<KA>KA[1-4]\d{{3}}[MNOP][+\-]\d{{4}}{_Q})"
    rf"|(?P<GF1>GF1\d\d\d\d{_Q}.{{18}})|(?P<MA1>MA1\d{{5}}{_Q}\d{{5}}{_Q})|(?P<OC1>OC1\d{{4}}{_Q})",
    re.ASCII,
)
# the parts of a group after its identifier
_CUTS: dict[str, tuple[slice, ...]] = {
    "AA": (slice(3, 5), slice(5, 9), slice(9, 10), slice(10, 11)),
    "KA": (slice(3, 6), slice(6, 7), slice(7, 12), slice(12, 13)),
    "GF1": (slice(3, 5), slice(5, 7), slice(7, 8)),
    "MA1": (slice(3, 8), slice(8, 9), slice(9, 14), slice(14, 15)),
    "OC1": (slice(3, 7), slice(7, 8)),
}
_REMARKS = regex("REM|EQD|QNN")
_CONTROL = (("source", slice(27, 28)), ("report type", slice(41, 46)), ("call sign", slice(51, 56)))


def sniff(head: bytes) -> Guess | None:
    """The control section and the mandatory section have the shapes that they must."""
    why = "ISD: control section and mandatory section in fixed columns, one report a line"
    return likely(sampled(decode(head[:16384]), 30), _LINE.fullmatch, 0.99, why)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    yield from pieces(Lines(stream), 1, _Reader(context))


class _Reader:
    def __init__(self, context: Context) -> None:
        self._whole = Whole(
            _SHORTEST, lambda line: f"the report has {len(line)} characters; control and mandatory section have {_SHORTEST}"
        )
        self._elements = Elements(context)
        self._places = Places()
        self._left = Left()
        self._loose = [(name, cut, Loose(("", "99999", "9"))) for name, cut in _CONTROL]
        self._rows = 0
        self._timing = Timing(
            clock=clock(TimeColumns(columns=("date",), format="%Y%m%d%H%M")),
            times=(1,),
            name="date and time",
            station=0,
            station_name="station",
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk = yield from self._whole.of(chunk)
        rows, (lines,) = chunk.rows, chunk.columns
        names = [f"{line[4:10]}-{line[10:15]}" for line in lines]
        told, times = yield from timed(Chunk(rows, [names, [line[15:27] for line in lines], lines], []), self._timing)
        if not told.rows:
            return
        names, _, lines = map(list, told.columns)
        self._rows += len(lines)
        positions = [line[28:41] + line[46:51] for line in lines]
        for row, (name, position) in self._places.new(told.rows, names, positions):
            yield from station(_place(name, position), row)
        for _, cut, loose in self._loose:
            loose.weigh([line[cut].strip() for line in lines])
        yield from self._elements.take(names, times, told.rows, list(self._fields(lines, told.rows)))

    def _fields(self, lines: Sequence[str], rows: Sequence[int]) -> Iterator[Field]:
        for name, cuts in _MANDATORY.items():
            yield from fields(name, [[line[cut] for line in lines] for cut in cuts], rows, self._left)
        more = {name: [[""] * len(lines) for _ in range(PARTS[name])] for name in GROUPS if name not in _MANDATORY}
        periods = Timed(rows, self._left)
        for at, line in enumerate(lines):
            if len(line) <= _SHORTEST:
                continue
            remarks = _REMARKS.search(line, _SHORTEST)
            for match in _GROUP.finditer(line, _SHORTEST, remarks.start() if remarks else len(line)):
                kind, group = str(match.lastgroup), match[0]
                parts = [group[cut] for cut in _CUTS[kind]]
                if kind == "AA":
                    periods.rain(group[:3], at, parts)
                elif kind == "KA":
                    periods.extreme(group[:3], at, parts)
                else:
                    for column, part in zip(more[kind], parts, strict=False):
                        column[at] = part
        for name, columns in more.items():
            if any(columns[0]):
                yield from fields(name, columns, rows, self._left)
        yield from periods.fields()

    def last(self) -> Iterator[Piece]:
        yield from self._left.rejects()
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name="station", kind="station", values=self._rows)
        yield ColumnFacts(name="date and time", kind="time", values=self._rows)
        for name, _, loose in self._loose:
            yield loose.facts(name, "text")
        yield from self._elements.facts().values()


def _place(name: str, position: str) -> Place:
    """From thousandths of degrees and metres; 99999 and 999999 are positions that are not known."""
    latitude, longitude, height = position[:6], position[6:13], position[13:18]
    return Place(
        name,
        "" if latitude == "+99999" else _thousandths(latitude),
        "" if longitude == "+999999" else _thousandths(longitude),
        "" if height == "+9999" else height,
    )


def _thousandths(text: str) -> str:
    return f"{text[:-3]}.{text[-3:]}"
