"""GHCN-Monthly: a station, a year and an element per line, twelve values with three flags each; precipitation by the month.

Sources: NOAA NCEI, `readme.txt` of GHCN-M versions 3 and 4 (`.dat`: temperatures in hundredths of a degree) and
`ghcn-m_v4_prcp_readme.txt` (CSV in fixed columns: tenths of a millimetre, of which -1 is a trace). A value with a flag of
quality failed one of NOAA's checks, but for A of adjusted data. Months of which nothing is told are left out; a month stands
at its first day.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.formats.documented import Flags, Layout, each, rows
from mesonet.formats.elements import MONTH, Element, Elements, Field, element, pieces
from mesonet.formats.lines import Lines, Peeked, Whole, likely
from mesonet.formats.noaa.ghcn_elements import NO_VALUE
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Strays, Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ghcn-monthly"
RECORDS = LineRecords()

_FIRST, _EACH = 19, 8  # where the first value stands; characters of a month: five of the value, three flags
_SHORTEST = _FIRST + 11 * _EACH + 5  # the last month's flags may be blank, and cut off
_ELEMENTS = {
    name: element(name, "air_temperature", "0.01 Cel", NO_VALUE, method=method, duration=MONTH)
    for name, method in (
        ("TAVG", "mean"),
        ("TMAX", "maximum_within_days_mean_over_days"),
        ("TMIN", "minimum_within_days_mean_over_days"),
    )
}
_LINE = regex(r"[0-9A-Z_\-]{11}\d{4}T(?:AVG|MAX|MIN)(?:[ \-\d]{5}.{3}){11}[ \-\d]{5}.{0,3}\s*", re.ASCII)
_PRECIPITATION = regex(r"[^,]{11},[^,\n]{40},[^,]{9},[^,]{10},[^,]{8},\d{6},[ \-\d]{6},[^,]?,[^,]?,[^,]?,[^,]{0,8}", re.ASCII)
_NAMES = (
    *("ID", "NAME", "LATITUDE", "LONGITUDE", "ELEVATION", "MONTH"),
    *("PRCP", "measurement flag", "quality flag", "source flag", "source index"),
)
_QUALITY = Flags(at=8, meaning={"": NOT_EVALUATED}, otherwise=FAIL)


def sniff(head: bytes) -> Guess | None:
    """Every column stands where it must."""
    lines = [line for line in decode(head[:16384]).split("\n") if line.strip()]
    lines = lines[:-1] if len(lines) > 1 else lines
    for shape, what in (
        (_LINE, "station, year, element and twelve values with flags in fixed columns"),
        (_PRECIPITATION, "a month's precipitation of a located station in each line"),
    ):
        if found := likely(lines, shape.fullmatch, 0.99, f"GHCN-Monthly: {what}"):
            return found
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    source = Peeked(stream)
    if decode(source.head).lstrip()[11:12] == ",":
        yield from rows(Table(source, ","), _precipitation(), context)
    else:
        yield from pieces(Lines(source), 1, _Years(context))


def _precipitation() -> Layout:
    amount = element("PRCP", "precipitation_amount", "0.1 mm", NO_VALUE, method="sum", duration=MONTH)
    return Layout(
        names=_NAMES,
        station_at=0,
        at=(5,),
        time=each(lambda text: f"{text.strip()[:4]}-{text.strip()[4:]}-01", 5),
        elements={6: amount},
        flags={6: _QUALITY},
        clean=lambda text: "0" if text.strip() == "-1" else text,
        position=(2, 3, 4, 1),
        quiet=frozenset((7, 8, 9, 10)),
    )


class _Years:
    """The fixed columns."""

    def __init__(self, context: Context) -> None:
        self._elements = Elements(context)
        self._whole = Whole(_SHORTEST, lambda _: "the line ends before the value of its twelfth month")
        self._strays = Strays()
        self._months: dict[str, list[int]] = {}
        self._values = 0

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk = yield from self._whole.of(chunk)
        lines = zip(chunk.rows, chunk.columns[0], strict=True)
        for name, alike in groupby(lines, key=lambda line: line[1][15:19]):
            yield from self._taken(_ELEMENTS.get(name), list(alike))

    def _taken(self, known: Element | None, lines: list[tuple[int, str]]) -> Iterator[Piece]:
        stations: list[str] = []
        times: list[int] = []
        numbers: list[int] = []
        texts: list[str] = []
        flags: list[int] = []
        counted: Counter[str] = Counter()
        for row, line in lines:
            station, months = line[:11].strip(), self._of(line[11:15])
            if known is None or not months or not station.isprintable() or not station:
                yield from self._strays.tell("not a line of GHCN-Monthly", row, line)
                continue
            counted[station] += 1
            for month, at in zip(months, range(_FIRST, _FIRST + 12 * _EACH, _EACH), strict=True):
                text = line[at : at + 5]
                if text.strip() not in (NO_VALUE, ""):
                    stations.append(station)
                    times.append(month)
                    numbers.append(row)
                    texts.append(text)
                    flags.append(_flag(line[at + 5 : at + 6], line[at + 6 : at + 7]))
        yield from self._strays.rest()
        self._values += len(texts)
        if known and counted:
            yield from self._elements.take(stations, times, numbers, [Field(known, texts, flags)], counted=counted)

    def _of(self, year: str) -> list[int]:
        """The first days of a year's months; none of what is no year."""
        if year not in self._months:
            if len(self._months) > 10_000:
                self._months.clear()
            whole = year.isascii() and year.isdecimal() and int(year) > 0
            self._months[year] = [(date(int(year), n, 1).toordinal() - 719_163) * DAY for n in range(1, 13)] if whole else []
        return self._months[year]

    def last(self) -> Iterator[Piece]:
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name="ID", kind="station", values=self._values)
        yield ColumnFacts(name="YEAR", kind="time", values=self._values)
        yield from self._elements.facts().values()


def _flag(measured: str, quality: str) -> int:
    """`A` tells how a value was adjusted, `E` of the measurement that it was estimated from others."""
    if quality in (" ", "", "A"):
        return SUSPECT if quality == "A" or measured == "E" else NOT_EVALUATED
    return FAIL
