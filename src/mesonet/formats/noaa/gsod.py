"""GSOD, NOAA's Global Surface Summary of the Day: CSV by station, and the older fixed columns (`.op`).

Source: NOAA NCEI, `readme.txt` of GSOD (C00516). Units are degrees Fahrenheit, millibars, statute miles, knots and inches; days
are those of UTC (0000-2359Z), and stand at their date, 00:00Z. Precipitation of less than a whole day, or that the station did
not report (attributes A, B, C, E, H and I), is flagged as suspect.

Of the station's pressure the files of our day write 1015.4 as 015.4: it is kept as it stands, and flagged as failed.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import parse
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.formats.columns import Loose
from mesonet.formats.elements import LOOK, Element, Elements, Field, Places, Timing, element, header_of, latest, pieces, timed
from mesonet.formats.lines import Lines, Peeked, Whole
from mesonet.formats.noaa.isd_elements import stations_of
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Table, first_line, leading
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "gsod"
RECORDS = LineRecords(header=regex(rb"STATION|STN---"), optional=True, quoted=True)

_DAY = "P1D"
_ELEMENTS: dict[str, Element] = {
    each.name: each
    for each in (
        element("TEMP", "air_temperature", "degF", "9999.9", method="mean", duration=_DAY),
        element("DEWP", "dew_point_temperature", "degF", "9999.9", method="mean", duration=_DAY),
        element("SLP", "air_pressure_at_mean_sea_level", "mb", "9999.9", method="mean", duration=_DAY),
        element("STP", "air_pressure", "mb", "9999.9", method="mean", duration=_DAY),
        element("VISIB", "visibility_in_air", "mi", "999.9", method="mean", duration=_DAY),
        element("WDSP", "wind_speed", "kt", "999.9", method="mean", duration=_DAY),
        element("MXSPD", "wind_speed", "kt", "999.9", method="maximum", duration=_DAY),
        element("GUST", "wind_speed_of_gust", "kt", "999.9", method="maximum", duration=_DAY),
        element("MAX", "air_temperature", "degF", "9999.9", method="maximum", duration=_DAY),
        element("MIN", "air_temperature", "degF", "9999.9", method="minimum", duration=_DAY),
        element("PRCP", "precipitation_amount", "in", "99.99", method="sum", duration=_DAY),
        element("SNDP", "surface_snow_thickness", "in", "999.9", duration=_DAY),
    )
}
_FLAGS = "_ATTRIBUTES"
_REQUIRED = ("STATION", "DATE")
# names of no other table, two of which tell it
_OWN = {"VISIB", "WDSP", "MXSPD", "SNDP", "FRSHTT", *(f"{name}{_FLAGS}" for name in ("TEMP", "DEWP", "STP", "VISIB", "WDSP"))}

# the older files: name, first and last column (readme.txt counts from 1); the count or flag of a value is a column of its own
_OLD = (
    ("STATION", 1, 6), ("WBAN", 8, 12), ("DATE", 15, 22),
    ("TEMP", 25, 30), ("TEMP_ATTRIBUTES", 32, 33), ("DEWP", 36, 41), ("DEWP_ATTRIBUTES", 43, 44),
    ("SLP", 47, 52), ("SLP_ATTRIBUTES", 54, 55), ("STP", 58, 63), ("STP_ATTRIBUTES", 65, 66),
    ("VISIB", 69, 73), ("VISIB_ATTRIBUTES", 75, 76), ("WDSP", 79, 83), ("WDSP_ATTRIBUTES", 85, 86),
    ("MXSPD", 89, 93), ("GUST", 96, 100), ("MAX", 103, 108), ("MAX_ATTRIBUTES", 109, 109),
    ("MIN", 111, 116), ("MIN_ATTRIBUTES", 117, 117), ("PRCP", 119, 123), ("PRCP_ATTRIBUTES", 124, 124),
    ("SNDP", 126, 130), ("FRSHTT", 133, 138),
)  # fmt: skip
_OLD_HEADER = regex(r"STN-+\s+WBAN\s+YEARMODA\s+TEMP\s+DEWP\s.*FRSHTT\s*")
_OLD_LINE = regex(r"\d{6} \d{5}  \d{8}  [ \-\d.]{6} [ \d]{2}  [ \-\d.]{6} [ \d]{2}  .{60,}", re.ASCII)
_OLD_SHORTEST = 130  # FRSHTT may be lost, the values may not

_EARLIEST = parse("1929-01-01T00:00:00Z")
_TRUNCATED = 500.0  # hPa: no station is so high; what is below lost its first digit
_WHOLE_DAYS = ("", "D", "F", "G")


def sniff(head: bytes) -> Guess | None:
    """By the header; the older files also by their columns."""
    text = decode(head[:16384])
    first = first_line(text).strip()
    if _OLD_HEADER.fullmatch(first):
        return Guess(0.98, "GSOD in the older fixed columns (.op), by its header")
    if _OLD_LINE.fullmatch(first):
        return Guess(0.95, "GSOD in the older fixed columns (.op), without a header")
    rows = leading(first, ",", 1)
    names = [name.strip() for row in rows for name in row]
    known = [name for name in names if name in _ELEMENTS]
    if known and {*_REQUIRED} <= {*names} and len(_OWN & {*names}) > 1:
        return Guess(0.98, f"GSOD, NOAA's summary of the day: the header has {', '.join(known)}")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    source = Peeked(stream)
    first = first_line(decode(source.head)).strip()
    if "," not in first:
        names = [first] if _OLD_HEADER.fullmatch(first) else []
        yield from pieces(Lines(source), 1, _Old(context), skip=len(names), header=names)
        return
    table = Table(source, ",", look=LOOK)
    header, skip = header_of(table, _REQUIRED)
    yield from pieces(table, len(header), _Reader(context, header, "%Y-%m-%d"), skip=skip, header=header)


class _Reader:
    def __init__(self, context: Context, header: list[str], date: str) -> None:
        self._header = header
        self._at = {name: at for at, name in reversed(list(enumerate(header)))}
        self._elements = Elements(context)
        self._places = Places()
        taken = {at for name, at in self._at.items() if name in _ELEMENTS or name in ("STATION", "DATE")}
        self._loose = {at: Loose(()) for at in range(len(header)) if at not in taken}
        self._rows = self._partial = 0
        self._timing = Timing(
            clock=clock(TimeColumns(columns=("DATE",), format=date)),
            times=(self._at["DATE"],),
            name="DATE",
            station=self._at["STATION"],
            station_name="STATION",
            earliest=_EARLIEST,
            begins="GSOD begins in 1929",
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        stations = stations_of(chunk.columns[self._at["STATION"]])
        if "LATITUDE" in self._at and "LONGITUDE" in self._at:
            names = [name for name in ("LATITUDE", "LONGITUDE", "ELEVATION", "NAME") if name in self._at]
            if names[2:] != ["NAME"]:
                yield from self._places.stations(chunk.rows, stations, *(chunk.columns[self._at[name]] for name in names))
        for at, loose in self._loose.items():
            loose.weigh(chunk.columns[at])
        yield from self._elements.take(stations, times, chunk.rows, list(self._fields(chunk)))

    def _fields(self, chunk: Chunk) -> Iterator[Field]:
        for name, known in _ELEMENTS.items():
            if name not in self._at:
                continue
            texts = chunk.columns[self._at[name]]
            at = self._at.get(name + _FLAGS)
            if at is None:
                yield Field(known, texts)
            elif name == "STP":
                # 999.9 is a pressure, but without an observation it is what is left of 9999.9
                told = zip(texts, chunk.columns[at], strict=True)
                yield Field(known, [_pressure(text, count) for text, count in told], received=texts)
            elif name == "PRCP":
                flags = [NOT_EVALUATED if text.strip() in _WHOLE_DAYS else SUSPECT for text in chunk.columns[at]]
                self._partial += sum(
                    flag == SUSPECT and text.strip() != "99.99" for flag, text in zip(flags, texts, strict=True)
                )
                yield Field(known, texts, flags)
            else:
                yield Field(known, texts)

    def last(self) -> Iterator[Piece]:
        if self._partial:
            yield Remark(
                f"{self._partial} amounts of precipitation are of less than a whole day or were not reported "
                "(attributes A, B, C, E, H, I): flagged as suspect"
            )
        facts = self._elements.facts().get("STP")
        if facts and facts.minimum is not None and facts.minimum < _TRUNCATED:
            yield Remark(
                "STP has lost the first digit of pressures from 1000 mb: they were kept as they stand, and flagged as failed"
            )
        yield from (each for each in self._elements.remarks() if not each.text.startswith("STP "))

    def facts(self) -> Iterator[ColumnFacts]:
        found = self._elements.facts()
        for at, name in enumerate(self._header):
            if at in self._loose:
                yield self._loose[at].facts(name, "text" if name.endswith(_FLAGS) or name == "FRSHTT" else None)
            elif name in found:
                yield found[name]
            else:
                kind = {"STATION": "station", "DATE": "time"}.get(name, "number")
                yield ColumnFacts(name=name, kind=kind, values=self._rows)


def _pressure(text: str, count: str) -> str:
    return "9999.9" if text.strip() == "999.9" and count.strip() == "0" else text


class _Old(_Reader):
    """The fixed columns; the station is its USAF number and its WBAN number, as in NOAA's list of stations."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, [name for name, _, _ in _OLD if name != "WBAN"], "%Y%m%d")
        self._whole = Whole(
            _OLD_SHORTEST, lambda _: "the line ends before its last value", length=lambda line: len(line.rstrip())
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk = yield from self._whole.of(chunk)
        cells: list[Sequence[str]] = []
        for line in chunk.columns[0]:
            station, wban, *rest = [line[first - 1 : last] for _, first, last in _OLD]
            cells.append([f"{station}-{wban}" if station.strip() else "", *rest])
        if cells:
            yield from super().take(Chunk(chunk.rows, list(zip(*cells, strict=True)), []))
