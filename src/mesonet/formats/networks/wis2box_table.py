"""What the CSV templates of wis2box have in common: a WIGOS identifier in four columns, a time in parts, one value a column.

Source: csv2bufr-templates, "Surface land stations (AWS)", "DAYCLI" and "CLIMAT" (https://csv2bufr-templates.readthedocs.io);
WIGOS station identifiers: WMO-No. 1160, Manual on the WIGOS, attachment 2.2. Some columns have other names in older templates,
and in that of CLIMAT.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import MISSING_TOKENS, TimeColumns
from mesonet.domain.observation import FAIL, MISSING, SUSPECT, Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.domain.station import Authority, Station
from mesonet.domain.units import Conversion, converter
from mesonet.formats import bounds
from mesonet.formats.columns import Loose, Numbers, Series, batches
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import SHOWN, Chunk, Table, delimiter_of, first_line, leading
from mesonet.formats.text import decode
from mesonet.formats.times import clock, iso_duration
from mesonet.record import dataclass

WIGOS = ("wsi_series", "wsi_issuer", "wsi_issue_number", "wsi_local")
_SPELLINGS = {
    "wsi_local_identifier": "wsi_local",
    "station_elevation": "station_height_above_msl",
    "thermometer_height_above_ground": "thermometer_height",
    "wigos_identifier_series": "wsi_series",
    "wigos_issuer_of_identifier": "wsi_issuer",
    "wigos_issue_number": "wsi_issue_number",
    "wigos_local_identifier_character": "wsi_local",
    "height_of_station": "station_height_above_msl",
    "height_of_temp_sensor": "thermometer_height",
}
LONGEST_LOCAL = 16  # characters, WMO-No. 1160
HIGHEST = 655.35  # metres above ground that BUFR 0 07 032 can say
LONGEST_PERIOD = 10_080  # minutes: a week
KEPT = 100_000

# BUFR code table 0 31 021, significance 5: what the sender's quality control found
_FLAGS = {
    "1": SUSPECT,
    "2": SUSPECT,  # aggregated: over more than one day
    "3": FAIL,  # out of the instrument's range
    "4": FAIL,
    "5": MISSING,  # not measured at the station
    "6": MISSING,  # not provided
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of values. `height` and `period` name columns that tell the sensor's height and the minutes of a mean;
    `flag` the one with the sender's quality."""

    column: str
    standard_name: str
    unit: str
    method: str = "point"
    duration: str = "PT0S"
    height: str | None = None
    period: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A template: `time` are its columns from the year on. Where the column of `mid_range` has its code, a daily mean is that
    of maximum and minimum."""

    title: str
    time: tuple[str, ...]
    fields: tuple[Field, ...]
    optional: tuple[str, ...] = ()
    mid_range: tuple[str, str] | None = None
    note: str | None = None

    def found(self, header: Sequence[str]) -> list[Field]:
        return [each for each in self.fields if each.column in header]


def header_of(head: bytes) -> list[str]:
    """The names in the first line that is not blank, where it has a WIGOS identifier in four columns; else nothing."""
    text = decode(head[:16384])
    if "wsi_local" not in text[:8192] and "wigos_local" not in text[:8192]:
        return []
    first = first_line(text)
    rows = leading(first, delimiter_of(first)[0], 1)
    header = _spelt(rows[0]) if rows else []
    return header if set(WIGOS) <= set(header) else []


def _spelt(names: Sequence[str]) -> list[str]:
    """Names as the newest templates write them."""
    return [_SPELLINGS.get(name.strip(), name.strip()) for name in names]


def guess(head: bytes, layouts: Sequence[Layout]) -> Guess | None:
    """The layout of which the header has the time and most values."""
    header = header_of(head)
    layout = fitting(header, layouts) if header else None
    if layout is None:
        return None
    return Guess(
        0.97, f"{layout.title}: a WIGOS identifier in four columns, a time in parts and {len(layout.found(header))} values"
    )


def fitting(header: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    possible = [layout for layout in layouts if set(layout.time) <= set(header) and layout.found(header)]
    return max(possible, key=lambda layout: len(layout.found(header)), default=None)


def read(stream: Stream, context: Context, layouts: Sequence[Layout]) -> Iterator[Piece]:
    """Observations, and the stations that the rows locate."""
    table = Table(stream, look=20, header_tells=True)
    at = next((at for at, row in enumerate(table.first) if any(cell.strip() for cell in row)), 0)
    names = [name.strip() for name in table.first[at]] if table.first else []
    while names and not names[-1]:
        names.pop()
    header = _spelt(names)
    layout = fitting(header, layouts)
    if layout is None or not set(WIGOS) <= set(header):
        yield Reject(reason="the header has not the columns of the template", row=at + 1)
        return
    reader = _Reader(names, layout, context.values)
    count = 0
    for chunk in table.chunks(len(header), skip=at + 1):
        count += len(chunk.rows) + len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        if chunk.rows:
            yield from reader.take(chunk)
    yield from table.torn()
    if not count:
        yield Reject(reason="there are no rows below the header", row=at + 1)
    yield from reader.remarks()
    yield Rows(count=count)
    yield Columns(columns=tuple(reader.facts()), encoding=table.text.described)


class _Reader:
    def __init__(self, names: list[str], layout: Layout, values: bool) -> None:
        self._names = names
        header = _spelt(names)
        self._layout = layout
        self._values = values
        self._at = {name: at for at, name in reversed(list(enumerate(header)))}
        self._fields = layout.found(header)
        self._conversions: list[Conversion] = [converter(each.unit, each.standard_name) for each in self._fields]
        self._numbers = [Numbers(MISSING_TOKENS, conversion=conversion) for conversion in self._conversions]
        self._clock = clock(TimeColumns(columns=layout.time, format="parts"))
        taken = {self._at[each.column] for each in self._fields}
        self._loose = {at: Loose(MISSING_TOKENS) for at in range(len(header)) if at not in taken}
        helpers = [name for each in self._fields for name in (each.height, each.period) if name]
        if layout.mid_range:
            helpers.append(layout.mid_range[0])
        self._helpers = [name for name in dict.fromkeys(helpers) if name in self._at]
        self._ids: dict[tuple[str, ...], str] = {}
        self._refused: dict[tuple[str, ...], str] = {}
        self._located: set[str] = set()
        self._parameters: dict[str, Parameter] = {}
        self._rows = 0
        self._assumed = 0

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk = yield from self._whole(chunk)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        for at, loose in self._loose.items():
            loose.weigh(chunk.columns[at])
        for each, numbers in zip(self._fields, self._numbers, strict=True):
            texts = chunk.columns[self._at[each.column]]
            numbers.weigh(texts)
            yield from numbers.rejects(each.column, texts, chunk.rows)
        stations = [self._ids[key] for key in self._keys(chunk)]
        yield from self._stations(chunk, stations)
        keys = self._clock.keys([chunk.columns[self._at[name]] for name in self._layout.time])
        times = [self._clock.instants[key] for key in keys]
        for told, part, where in self._alike(chunk):
            parameters = yield from self._described(told, part)
            if self._values:
                yield from self._batches(part, [stations[at] for at in where], [times[at] for at in where], parameters)
        if not self._values:
            yield Extent(stations=Counter(stations), first=min(times), last=max(times))

    def _keys(self, chunk: Chunk) -> list[tuple[str, ...]]:
        return list(zip(*(chunk.columns[self._at[name]] for name in WIGOS), strict=True))

    def _whole(self, chunk: Chunk) -> Generator[Piece, None, Chunk]:
        """The rows that have a station and a time; the others are rejected."""
        keys = self._keys(chunk)
        if len(self._ids) > KEPT:
            self._ids.clear()
        self._refused.clear()
        for key in set(keys) - self._ids.keys():
            try:
                self._ids[key] = wigos(key)
            except ValueError as exc:
                self._refused[key] = str(exc)
        times = self._clock.keys([chunk.columns[self._at[name]] for name in self._layout.time])
        self._clock.learn(set(times))
        faults = self._clock.faults
        if not faults and not self._refused:
            return chunk
        keep = []
        for row, key, time in zip(chunk.rows, keys, times, strict=True):
            keep.append(key not in self._refused and time not in faults)
            if key in self._refused:
                yield Reject(reason=self._refused[key], row=row, column=" ".join(WIGOS), value="-".join(key)[:SHOWN])
            elif time in faults:
                yield Reject(reason=faults[time], row=row, column=" ".join(self._layout.time), value=" ".join(time)[:SHOWN])
        return chunk.where(keep)

    def _alike(self, chunk: Chunk) -> Iterator[tuple[Mapping[str, str], Chunk, Sequence[int]]]:
        """Parts of a chunk in which heights and periods are the same."""
        if not self._helpers:
            yield {}, chunk, range(len(chunk.rows))
            return
        told = list(zip(*(chunk.columns[self._at[name]] for name in self._helpers), strict=True))
        places: dict[tuple[str, ...], list[int]] = {}
        for at, key in enumerate(told):
            places.setdefault(key, []).append(at)
        if len(places) == 1:
            yield dict(zip(self._helpers, told[0], strict=True)), chunk, range(len(chunk.rows))
            return
        for key, where in places.items():
            columns: list[Sequence[str]] = [[column[at] for at in where] for column in chunk.columns]
            yield dict(zip(self._helpers, key, strict=True)), Chunk([chunk.rows[at] for at in where], columns, []), where

    def _described(self, told: Mapping[str, str], chunk: Chunk) -> Generator[Piece, None, list[Parameter]]:
        """The parameter of each field in rows with these heights and periods."""
        found: list[Parameter] = []
        bad: set[str] = set()
        for each in self._fields:
            level = usual(each.standard_name).level
            height = told.get(each.height or "", "").strip()
            if each.height and height and height not in MISSING_TOKENS:
                given = _between(height, 0, HIGHEST)
                level = level if given is None else given
                if given is None:
                    bad.add(each.height)
            duration = each.duration
            if each.period:
                minutes = _between(told.get(each.period, ""), -LONGEST_PERIOD, 0)
                if minutes is None:
                    self._assumed += len(chunk.rows) if each.method == "mean" else 0
                    if told.get(each.period, "").strip() not in MISSING_TOKENS:
                        bad.add(each.period)
                else:
                    duration = iso_duration(round(-minutes * 60_000))
            method = each.method
            column, code = self._layout.mid_range or ("", "")
            if column and method == "mean" and told.get(column, "").strip() == code:
                method = "mid_range"
            if duration == "PT0S":
                method = "point"  # the period of the wind is no time at all
            found.append(Parameter(standard_name=each.standard_name, level=level, method=method, duration=duration))
            self._parameters.setdefault(each.column, found[-1])
        for name in sorted(bad):
            for row in chunk.rows:
                reason = "not a height above ground" if "height" in name else "not a number of minutes before the time"
                yield Reject(reason=f"{reason}; the usual one was taken", row=row, column=name, value=told[name][:SHOWN])
        return found

    def _batches(self, chunk: Chunk, stations: list[str], times: list[int], parameters: Sequence[Parameter]) -> Iterator[Piece]:
        series: dict[Parameter, Series] = {}
        for each, numbers, conversion, parameter in zip(
            self._fields, self._numbers, self._conversions, parameters, strict=True
        ):
            texts = chunk.columns[self._at[each.column]]
            values, flags = numbers.column(texts)
            bounds.judge(parameter, values, flags)
            if each.flag in self._at:
                self._flag(values, flags, chunk.columns[self._at[each.flag]])
            series.setdefault(parameter, Series(parameter, conversion.unit, each.unit, values, texts, flags))
        yield from batches(stations, times, chunk.rows, list(series.values()))

    def _flag(self, values: list[float | None], flags: list[int], told: Sequence[str]) -> None:
        for at, text in enumerate(told):
            quality = _FLAGS.get(text.strip())
            if quality is None or values[at] is None:
                continue
            if quality == MISSING:
                values[at] = None
            flags[at] = max(flags[at], quality)

    def _stations(self, chunk: Chunk, stations: Sequence[str]) -> Iterator[Piece]:
        """Where a station is, once each."""
        if "latitude" not in self._at or "longitude" not in self._at or len(self._located) > KEPT:
            return
        for station in dict.fromkeys(stations):
            if station in self._located:
                continue
            self._located.add(station)
            at = stations.index(station)
            cells = {
                name: chunk.columns[self._at[name]][at].strip() if name in self._at else ""
                for name in ("latitude", "longitude", "station_height_above_msl")
            }
            try:
                latitude, longitude = coordinate(cells["latitude"], 90), coordinate(cells["longitude"], 180)
                height = elevation(cells["station_height_above_msl"])
            except ValueError as exc:
                value = " ".join(cells.values())
                yield Reject(reason=f"{exc}; the station is taken without a place", row=chunk.rows[at], value=value[:SHOWN])
                continue
            if latitude is not None and longitude is not None and (latitude, longitude) != (0, 0):
                yield Station(
                    id=station,
                    latitude=latitude,
                    longitude=longitude,
                    elevation_m=height,
                    wigos_id=station,
                    authority=Authority.DATA_FILE,
                )

    def remarks(self) -> Iterator[Remark]:
        wanted = [*(each.column for each in self._layout.fields), *self._layout.optional]
        lacking = [name for name in wanted if name not in self._at]
        if lacking:
            shown = ", ".join(lacking[:20]) + (f" and {len(lacking) - 20} more" if len(lacking) > 20 else "")
            yield Remark(f"the header lacks columns of the template: {shown}")
        if self._layout.note:
            yield Remark(self._layout.note)
        if self._assumed:
            yield Remark(
                "where no time_period_of_wind is given, wind was taken as the mean of 10 minutes, which is the usual one"
            )
        for each, numbers in zip(self._fields, self._numbers, strict=True):
            parameter, low, high = self._parameters.get(each.column), numbers.minimum, numbers.maximum
            if parameter is None or low is None or high is None or not bounds.outside(parameter, each.unit, low, high):
                continue
            fits = bounds.fitting(parameter, low, high)
            hint = f"; in {' or '.join(fits)} they could be, but the template has {each.unit}" if fits else ""
            yield Remark(
                f"{each.column} goes from {low:g} to {high:g} {each.unit}, which cannot be; "
                f"what is out of bounds is flagged as failed{hint}"
            )

    def facts(self) -> Iterator[ColumnFacts]:
        mapped = {self._at[each.column]: at for at, each in enumerate(self._fields)}
        for at, (name, known) in enumerate(zip(self._names, _spelt(self._names), strict=True)):
            if at in mapped:
                each, numbers, conversion = self._fields[mapped[at]], self._numbers[mapped[at]], self._conversions[mapped[at]]
                parameter = self._parameters.get(known)
                yield numbers.facts(
                    name, parameter=parameter.id if parameter else None, unit=conversion.unit, received=each.unit
                )
            elif known in WIGOS:
                yield self._loose[at].facts(name, "station")
            elif known in self._layout.time:
                yield self._loose[at].facts(name, "time")
            else:
                yield self._loose[at].facts(name)


def wigos(parts: Sequence[str]) -> str:
    """The identifier of its four parts. Raises ValueError where they are none."""
    series, issuer, number, local = (part.strip() for part in parts)
    if not (series or issuer or number or local):
        raise ValueError("the row has no station")
    for part in (series, issuer, number):
        if not (part.isascii() and part.isdecimal() and len(part) <= 5 and int(part) <= 65_535):
            raise ValueError(f"{part[:40]!r} is no number of a WIGOS station identifier")
    if not (local.isascii() and local.isalnum() and len(local) <= LONGEST_LOCAL):
        raise ValueError(f"{local[:40]!r} is no local identifier of a WIGOS station identifier")
    return f"{int(series)}-{int(issuer)}-{int(number)}-{local}"


def _between(text: str, low: float, high: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if low <= number <= high else None
