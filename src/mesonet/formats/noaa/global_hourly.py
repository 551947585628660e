"""Global Hourly: the Integrated Surface Database as CSV, one column per group, its parts parted by commas inside quotes.

Source: NOAA NCEI, https://www.ncei.noaa.gov/data/global-hourly/doc/ (isd-format-document, CSV edition). What is taken is in
`isd_elements`; the other groups and the remarks are left as text. Times are UTC.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import Reject
from mesonet.formats.columns import KEPT, Loose
from mesonet.formats.elements import LOOK, Elements, Field, Left, Places, Timing, header_of, latest, pieces, timed
from mesonet.formats.noaa.isd_elements import EXTREMES, GROUPS, PARTS, RAIN, Timed, fields, stations_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN, Chunk, Table, leading
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "global-hourly"
RECORDS = LineRecords(header=regex(rb"STATION"), quoted=True)

_SHAPES = {
    "WND": regex(r"\d{3},\w,\w,\d{4},\w", re.ASCII),
    "VIS": regex(r"\d{6},\w,\w,\w", re.ASCII),
    "TMP": regex(r"[+\-]\d{4},\w", re.ASCII),
    "DEW": regex(r"[+\-]\d{4},\w", re.ASCII),
    "SLP": regex(r"\d{5},\w", re.ASCII),
    "AA1": regex(r"\d{2},\d{4},\w,\w", re.ASCII),
}
_NUMBERS = ("LATITUDE", "LONGITUDE", "ELEVATION")
_PLACE = ("LATITUDE", "LONGITUDE", "ELEVATION", "NAME")


def sniff(head: bytes) -> Guess | None:
    """A station, a date, and groups of the shapes that they must have."""
    rows = [row for row in leading(decode(head), ",", 50) if row]
    header = [name.strip() for name in rows[0]] if rows else []
    groups = [name for name in _SHAPES if name in header]
    if "STATION" not in header or "DATE" not in header or not groups:
        return None
    cells = [(name, row[header.index(name)].strip()) for row in rows[1:] if len(row) == len(header) for name in groups]
    cells = [(name, cell) for name, cell in cells if cell]
    if not cells:
        if len(rows) == 1 and {"REPORT_TYPE", "WND", "TMP"} <= set(header):
            return Guess(0.9, "Global Hourly, by its header alone: there are no rows")
        return None
    share = sum(_SHAPES[name].fullmatch(cell) is not None for name, cell in cells) / len(cells)
    if share < 0.6:
        return None
    return Guess(round(0.98 * share, 2), f"Global Hourly: the columns {', '.join(groups)} hold groups of the ISD")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(stream, ",", look=LOOK)
    header, skip = header_of(table, ("STATION", "DATE"))
    yield from pieces(table, len(header), _Reader(context, header), skip=skip, header=header)


class _Reader:
    def __init__(self, context: Context, header: list[str]) -> None:
        self._header = header
        self._at = {name: at for at, name in reversed(list(enumerate(header)))}
        self._elements = Elements(context)
        self._places = Places()
        self._left = Left()
        self._cut: dict[str, dict[str, list[str] | None]] = {name: {} for name in PARTS if name in self._at}
        taken = {self._at[name] for name in ("STATION", "DATE", *self._cut)}
        self._loose = {at: Loose(("",)) for at in range(len(header)) if at not in taken}
        self._rows = 0
        self._timing = Timing(
            clock=clock(TimeColumns(columns=("DATE",))),
            times=(self._at["DATE"],),
            name="DATE",
            station=self._at["STATION"],
            station_name="STATION",
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        names = stations_of(chunk.columns[self._at["STATION"]])
        if "LATITUDE" in self._at and "LONGITUDE" in self._at:
            blank = [""] * len(names)
            where = [chunk.columns[self._at[name]] if name in self._at else blank for name in _PLACE]
            yield from self._places.stations(chunk.rows, names, *where)
        for at, loose in self._loose.items():
            loose.weigh(chunk.columns[at])
        rejects: list[Reject] = []
        found = list(self._fields(chunk, rejects))
        yield from rejects
        yield from self._elements.take(names, times, chunk.rows, found)

    def _fields(self, chunk: Chunk, rejects: list[Reject]) -> Iterator[Field]:
        for name in GROUPS:
            if name in self._cut:
                parts = self._parts(name, chunk, rejects)
                columns: Sequence[Sequence[str]] = list(zip(*parts, strict=True))
                yield from fields(name, columns, chunk.rows, self._left)
        periods = Timed(chunk.rows, self._left)
        for name in (*RAIN, *EXTREMES):
            if name in self._cut:
                put = periods.rain if name in RAIN else periods.extreme
                for at, parts_of_row in enumerate(self._parts(name, chunk, rejects)):
                    if parts_of_row[1]:
                        put(name, at, parts_of_row)
        yield from periods.fields()

    def _parts(self, name: str, chunk: Chunk, rejects: list[Reject]) -> list[list[str]]:
        """The parts of a group in each row; empty ones where it is not given."""
        texts = chunk.columns[self._at[name]]
        known = self._cut[name]
        if len(known) > KEPT:
            known.clear()
        bad = False
        for text in set(texts):
            if text not in known:
                parts = [part.strip() for part in text.split(",")] if text.strip() else [""] * PARTS[name]
                known[text] = parts if len(parts) == PARTS[name] else None
            bad = bad or known[text] is None
        nothing = [""] * PARTS[name]
        if bad:
            for row, text in zip(chunk.rows, texts, strict=True):
                if known[text] is None:
                    reason = f"the group has {text.count(',') + 1} parts where {PARTS[name]} belong"
                    rejects.append(Reject(reason=reason, row=row, column=name, value=text[:SHOWN]))
        return [known[text] or nothing for text in texts]

    def last(self) -> Iterator[Piece]:
        yield from self._left.rejects()
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name="STATION", kind="station", values=self._rows)
        yield ColumnFacts(name="DATE", kind="time", values=self._rows)
        yield from self._elements.facts().values()
        for at, loose in self._loose.items():
            yield loose.facts(self._header[at], None if self._header[at] in _NUMBERS else "text")
