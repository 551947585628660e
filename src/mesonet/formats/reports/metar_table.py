"""Tables with a column of METARs, as two publishers give them out.

They are aviationweather.gov (`metars.cache.csv`, ADDS data server 1.3) and the Iowa Environmental Mesonet (`asos.py`,
https://mesonet.agron.iastate.edu/request/download.phtml).

The report is read, not what its publisher decoded from it: it has the units and the precision as received. The publisher's
time says which month and year the report's day is of, or goes before it altogether where it has an offset or a Z: some reports
are written with yesterday's date. The publisher's position of a station is taken.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from mesonet.domain.instant import from_datetime, iso
from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.reports.bulletins import METAR, Calendar, Dated, Gathered, Raw, concluded
from mesonet.formats.reports.metar_report import take
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import SHOWN, Chunk, Fields, Table, delimiter_of, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "metar-table"

_LOOK = 100  # rows in which the header is looked for
_REPORTS = ("raw_text", "metar", "raw_metar", "rawob", "raw_ob")
_TIMES = (
    "observation_time",
    "valid",
    "valid(utc)",
    "valid_utc",
    "obs_time",
    "utc_valid",
    "timestamp",
    "time",
    "datetime",
    "date",
)
_LATITUDES, _LONGITUDES, _ELEVATIONS = ("latitude", "lat"), ("longitude", "lon"), ("elevation_m", "elevation")
_OFFSET = regex(r"\d[+-]\d\d:?\d\d\s*$")
_NONE = ("", "M", "NA", "None", "null")


def sniff(head: bytes) -> Guess | None:
    """A header with a column of reports and a column of times, and reports in the former."""
    start = head[:16384].lower()
    if not any(name.encode() in start for name in _REPORTS):
        return None
    text = decode(head[:16384])
    rows = leading(text, delimiter_of(text)[0], _LOOK)
    at = _header(rows)
    if at is None:
        return None
    column = _find(rows[at], _REPORTS)
    found = [row[column] for row in rows[at + 1 :] if column is not None and len(row) > column and row[column] not in _NONE]
    if not found or sum(METAR.match(text) is not None for text in found) < len(found) / 2:
        return None
    return Guess(0.95, f"a table with METARs in the column {rows[at][column or 0].strip()!r}")


def _find(row: Fields, names: Sequence[str]) -> int | None:
    plain = [field.strip().lower() for field in row]
    return next((plain.index(name) for name in names if name in plain), None)


def _header(rows: Sequence[Fields]) -> int | None:
    for at, row in enumerate(rows):
        if _find(row, _REPORTS) is not None and _find(row, _TIMES) is not None:
            return at
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(stream, look=_LOOK)
    at = _header(table.first)
    if at is None:
        yield Reject(reason="no header names a column of METARs and one of times", row=1)
        return
    header = list(table.first[at])
    while header and not header[-1].strip():  # a header that ends in a delimiter
        header.pop()
    reader = _Reader(header, context)
    count = 0
    for chunk in table.chunks(len(header), skip=at + 1):
        count += len(chunk.rows) + len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        yield from reader.take(chunk)
    yield from table.torn()
    if reader.mended:
        yield Remark(f"rows whose report has another time than the table, which was taken: {reader.mended}")
    yield from concluded(
        reader.gathered, reader.calendar, reader.others, count=count, nil=reader.nil, encoding=table.text.described
    )


class _Reader:
    def __init__(self, header: Fields, context: Context) -> None:
        self.calendar = Calendar(context)
        self.gathered = Gathered(context)
        self.others: Counter[str] = Counter()
        self.nil = 0
        self.mended = 0
        self._header = header
        self._report = _find(header, _REPORTS) or 0
        self._time = _find(header, _TIMES) or 0
        self._type = _find(header, ("metar_type",))
        self._places = [_find(header, names) for names in (_LATITUDES, _LONGITUDES, _ELEVATIONS)]
        self._located: set[str] = set()

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        types = chunk.columns[self._type] if self._type is not None else ("",) * len(chunk.rows)
        reports, times = chunk.columns[self._report], chunk.columns[self._time]
        for at, (row, text, time, kind) in enumerate(zip(chunk.rows, reports, times, types, strict=True)):
            text = text.strip().removesuffix("=")
            moment = _moment(time)
            if text in _NONE:
                yield Reject(reason="the row has no report", row=row, column=self._header[self._report], value=text)
            elif moment is None:
                yield Reject(reason="not a time", row=row, column=self._header[self._time], value=time[:SHOWN])
            elif text.endswith(" NIL"):
                self.nil += 1
            else:
                given = None
                if time.strip()[-1] in "Zz" or _OFFSET.search(time):
                    given = moment
                    stamp = iso(moment)
                    self.mended += f" {stamp[8:10]}{stamp[11:13]}{stamp[14:16]}" not in text
                self.calendar.date(Dated(moment))
                yield from self._station(text, chunk, at)
                raw = Raw(row, " ".join(text.split()))
                yield from take(raw, kind == "SPECI", self.calendar, self.gathered, self.others, given)

    def _station(self, text: str, chunk: Chunk, at: int) -> Iterator[Piece]:
        """Where a station is, when it is named first."""
        station = text.removeprefix("METAR ").removeprefix("SPECI ").removeprefix("COR ")[:4].upper()
        latitude, longitude, height = (chunk.columns[place][at] if place is not None else "" for place in self._places)
        if station in self._located or latitude.strip() in _NONE or longitude.strip() in _NONE:
            return
        if len(self._located) < 100_000:
            self._located.add(station)
        try:
            yield Station(
                id=station,
                latitude=coordinate(latitude.strip(), 90),
                longitude=coordinate(longitude.strip(), 180),
                elevation_m=elevation(height.strip()),
                authority=Authority.DATA_FILE,
            )
        except ValueError as exc:
            yield Reject(
                reason=str(exc), row=chunk.rows[at], column="latitude, longitude", value=f"{latitude}, {longitude}"[:SHOWN]
            )


def _moment(text: str) -> int | None:
    """ISO 8601, in UTC where it does not say; it only dates the report, which has its own time."""
    try:
        return from_datetime(datetime.fromisoformat(text.strip().upper()))
    except (ValueError, OverflowError):
        return None
