"""GHCN-Daily by station: a row per day, a column per element and one beside it for its flags.

Source: NOAA NCEI, https://www.ncei.noaa.gov/data/global-historical-climatology-network-daily/ (`STATION,DATE,LATITUDE,
LONGITUDE,ELEVATION,NAME,PRCP,PRCP_ATTRIBUTES,…`). Values are whole numbers in the units of `readme.txt`, section III;
attributes are the measurement, quality and source flag, and perhaps the time of observation. The same table with decimals is
in another unit, which it does not tell: such a file needs a mapping. Times are the date that the source gives, at 00:00Z.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import FAIL, NOT_EVALUATED
from mesonet.formats.columns import Loose
from mesonet.formats.elements import LOOK, Element, Elements, Field, Places, Timing, header_of, latest, pieces, timed
from mesonet.formats.noaa.ghcn_elements import NO_VALUE, PREFERRED, TAKEN, Others, described
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Table, leading
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "ghcn-daily-by-station"
RECORDS = LineRecords(header=regex(rb"STATION"), quoted=True)

_LEAD = ("STATION", "DATE", "LATITUDE", "LONGITUDE", "ELEVATION", "NAME")
_FLAGS = "_ATTRIBUTES"
_ID = regex(r"[A-Z]{2}[A-Z0-9_\-]{9}", re.ASCII)
_DATE = regex(r"\d{4}-\d\d-\d\d", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    """The header, a day in each row, and whole numbers."""
    rows = [row for row in leading(decode(head[:32768]), ",", 20) if row]
    if len(rows) < 2:
        return None
    header = [name.strip() for name in rows[0]]
    places = _places(header)
    if tuple(header[:6]) != _LEAD or not places:
        return None
    for row in rows[1:]:
        if len(row) != len(header) or row == rows[0]:  # a header that comes again
            continue
        if not _ID.fullmatch(row[0].strip()) or not _DATE.fullmatch(row[1].strip()):
            return None
        if any("." in row[at] for at, _ in places.values()):
            return None
    return Guess(0.96, f"GHCN-Daily by station: a row per day, columns with flags for {', '.join(list(places)[:8])}")


def _places(header: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Elements that are taken: where their values and where their flags stand."""
    return {
        name: (at, header.index(name + _FLAGS))
        for at, name in enumerate(header)
        if name in TAKEN and name + _FLAGS in header and header.index(name) == at
    }


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(stream, ",", look=LOOK)
    header, skip = header_of(table, _LEAD)
    yield from pieces(table, len(header), _Reader(context, header), skip=skip, header=header)


class _Reader:
    def __init__(self, context: Context, header: list[str]) -> None:
        self._header = header
        self._columns = _places(header)
        self._elements = Elements(context)
        self._places = Places()
        self._others = Others()
        self._loose = {at: Loose(()) for at, name in enumerate(header) if at > 1 and name not in self._columns}
        self._flags: dict[str, int] = {}
        self._rows = 0
        hands = clock(TimeColumns(columns=("DATE",), format="%Y-%m-%d"))
        self._timing = Timing(clock=hands, times=(1,), name="DATE", station=0, station_name="STATION", latest=latest(context))

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        stations = list(map(str.strip, chunk.columns[0]))
        yield from self._places.stations(chunk.rows, *chunk.columns[:1], *chunk.columns[2:6])
        for at, loose in self._loose.items():
            loose.weigh(chunk.columns[at])
        yield from self._elements.take(stations, times, chunk.rows, list(self._fields(chunk)))

    def _fields(self, chunk: Chunk) -> Iterator[Field]:
        for name in sorted(self._columns, key=lambda name: name in PREFERRED):
            at, flags_at = self._columns[name]
            texts = chunk.columns[at]
            better = self._columns.get(PREFERRED.get(name, ""))
            if better:
                for row, text, other in zip(chunk.rows, texts, chunk.columns[better[0]], strict=True):
                    if text.strip() and other.strip():
                        self._others.leave(name, row)
            yield Field(_element(name), texts, self._judged(chunk.columns[flags_at]))

    def _judged(self, attributes: Sequence[str]) -> list[int] | None:
        """The second of the flags is NOAA's quality control."""
        for text in set(attributes) - self._flags.keys():
            flags = text.split(",")
            self._flags[text] = FAIL if len(flags) > 1 and flags[1].strip() else NOT_EVALUATED
        found = list(map(self._flags.__getitem__, attributes))
        if len(self._flags) > 10_000:
            self._flags.clear()
        return found

    def last(self) -> Iterator[Piece]:
        yield from self._others.rejects()
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        found = self._elements.facts()
        for at, name in enumerate(self._header):
            if at in self._loose:
                yield self._loose[at].facts(name, "text" if name.endswith(_FLAGS) else None)
            elif at < 2:
                yield ColumnFacts(name=name, kind=("station", "time")[at], values=self._rows)
            elif name in found:
                yield found[name]


def _element(name: str) -> Element:
    parameter, unit = described(name)
    return Element(name=name, parameter=parameter, unit=unit, missing=(NO_VALUE,))
