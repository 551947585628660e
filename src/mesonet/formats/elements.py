"""Tables whose columns their publisher documents: station, time, and elements with unit, missing values and quality.

What the readers of such formats share: rows without a time or a station go, where the stations are comes once, fields become
columns with the flags of the publisher's own quality control.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Protocol

from mesonet.domain.file import Claim, ColumnFacts
from mesonet.domain.instant import DAY, iso
from mesonet.domain.observation import MISSING, Reject
from mesonet.domain.parameter import INSTANT, POINT, Parameter, usual
from mesonet.domain.station import LONGEST_IDENTIFIER, Authority, Station
from mesonet.domain.units import converter
from mesonet.errors import UnreadableFile
from mesonet.formats import bounds
from mesonet.formats.columns import Numbers, Series, batches
from mesonet.formats.reading import Columns, Context, Extent, Piece, Remark, Rows
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import SHOWN, Chunk, Table, Told, once
from mesonet.formats.text import Text
from mesonet.formats.times import Clock
from mesonet.record import dataclass, field, replace

POSITIONS = 100_000  # remembered; a file of more is one of ships
REASONS = 200  # told apart in `Left`
MONTH = "P1M"  # a month's value stands at its first day, 00:00Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A documented column: `missing` are the texts that mean "no value", `unit` is the one in which it is written; `supposed`,
    where that was concluded, not read."""

    name: str
    parameter: Parameter
    unit: str
    missing: tuple[str, ...] = ()
    supposed: bool = False


def element(
    name: str,
    standard_name: str,
    unit: str,
    *missing: str,
    method: str = POINT,
    duration: str = INSTANT,
    level: float | None = None,
) -> Element:
    """An element at the usual level, if no other is given."""
    return Element(name=name, parameter=usual(standard_name, method, duration, level=level), unit=unit, missing=missing)


@dataclass(frozen=True, slots=True)
class Field:
    """An element in the rows of a chunk. `flags` are those of the publisher's quality control; `received` is what stood in the
    file where that is not what was to be weighed."""

    element: Element
    texts: Sequence[str]
    flags: Sequence[int] | None = None
    received: Sequence[str] | None = None


class Reader(Protocol):
    """What a format does with its chunks."""

    def take(self, chunk: Chunk) -> Iterator[Piece]: ...

    def last(self) -> Iterator[Piece]: ...

    def facts(self) -> Iterator[ColumnFacts]: ...


LOOK = 20  # rows, of which the first that is not blank is the header


def header_of(table: Table, required: Iterable[str]) -> tuple[list[str], int]:
    """The names in the first row that is not blank, and how many rows to skip. Raises UnreadableFile where one is lacking."""
    at, row = next(((at, row) for at, row in enumerate(table.first) if any(map(str.strip, row))), (0, ()))
    names = [name.strip() for name in row]
    while names and not names[-1]:
        names.pop()
    lacking = [name for name in required if name not in names]
    if lacking:
        raise UnreadableFile(f"the header does not name {', '.join(lacking)}", row=at + 1)
    return names, at + 1


class Source(Protocol):
    """What rows come from: a table, lines, or what mends them on the way."""

    text: Text

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]: ...

    def ragged(self, chunk: Chunk, width: int) -> Iterator[Piece]: ...

    def torn(self) -> Iterator[Piece]: ...


def pieces(source: Source, width: int, reader: Reader, *, skip: int = 0, header: Sequence[str] = ()) -> Iterator[Piece]:
    """All of a file below its first `skip` rows; where the `header` comes again, as in joined files, it is no row."""
    count = 0
    for chunk in source.chunks(width, skip=skip):
        yield from source.ragged(chunk, width)
        chunk, _ = once(chunk, header)
        count += len(chunk.rows) + len(chunk.ragged)
        if chunk.rows:
            yield from reader.take(chunk)
    yield from source.torn()
    yield from reader.last()
    if not count:
        yield Reject(reason="there are no rows below the header" if skip else "there are no rows", row=skip or None)
    yield Rows(count=count)
    yield Columns(columns=tuple(reader.facts()), encoding=source.text.described)


# what R, pandas, databases and spreadsheets write where they had no value to write
_NOTHING = ("NA", "N/A", "NaN", "nan", "NULL", "null", "None", "#N/A")


class Elements:
    """Weighs fields, chunk by chunk; gives batches, or extents where only facts are wanted."""

    def __init__(self, context: Context) -> None:
        self._values = context.values
        self._numbers: dict[str, tuple[Element, Numbers]] = {}
        self._weighed: Counter[str] = Counter()
        self._rows = 0

    def take(
        self,
        stations: Sequence[str] | str,
        times: list[int],
        rows: Sequence[int],
        fields: Iterable[Field],
        counted: Mapping[str, int] | None = None,
    ) -> Iterator[Piece]:
        """Of two fields of one parameter the later one only fills what the earlier leaves empty. `counted` are the rows of each
        station where they are not the positions of `times`."""
        series: dict[Parameter, Series] = {}
        self._rows += len(rows)
        for each in fields:
            known = each.element
            if known.name not in self._numbers:
                convert = converter(known.unit, known.parameter.standard_name)
                self._numbers[known.name] = known, Numbers((*known.missing, *_NOTHING), conversion=convert)
            numbers = self._numbers[known.name][1]
            numbers.weigh(each.texts)
            self._weighed[known.name] += len(rows)
            yield from numbers.rejects(known.name, each.texts, rows)
            if self._values:
                fresh = _series(each, numbers)
                before = series.get(known.parameter)
                series[known.parameter] = _filled(before, fresh) if before else fresh
        if not self._values:
            own = {stations: len(rows)} if isinstance(stations, str) else Counter(stations)
            yield Extent(
                stations=own if counted is None else dict(counted),
                first=min(times, default=None),
                last=max(times, default=None),
            )
        elif times:
            told = [each for each in series.values() if any(map(str.strip, each.received))]
            yield from batches(stations, times, rows, told)

    def facts(self) -> dict[str, ColumnFacts]:
        """By name, in the order in which elements were first seen; rows of chunks without an element count as missing."""
        found = {}
        for name, (known, numbers) in self._numbers.items():
            unit = converter(known.unit, known.parameter.standard_name).unit
            facts = numbers.facts(name, parameter=known.parameter.id, unit=unit, received=known.unit)
            claim = Claim.INFERRED if known.supposed else None
            found[name] = replace(facts, missing=facts.missing + self._rows - self._weighed[name], claim=claim)
        return found

    def remarks(self) -> Iterator[Remark]:
        """Elements with values that cannot be."""
        for name, (known, numbers) in self._numbers.items():
            text = bounds.told(name, known.parameter, known.unit, numbers.minimum, numbers.maximum, numbers.mean)
            if text:
                yield Remark(text)


def _series(field: Field, numbers: Numbers) -> Series:
    known = field.element
    values, flags = numbers.column(field.texts)
    if field.flags is not None:
        flags = [flag if flag == MISSING else given for flag, given in zip(flags, field.flags, strict=True)]
    bounds.judge(known.parameter, values, flags)
    unit = converter(known.unit, known.parameter.standard_name).unit
    received = field.texts if field.received is None else field.received
    return Series(known.parameter, unit, known.unit, values, received, flags)


def _filled(before: Series, after: Series) -> Series:
    """Values of the first, and those of the second where the first has none."""
    later = [value is None and bool(text.strip()) for value, text in zip(before.values, after.received, strict=True)]
    values = [b if take else a for take, a, b in zip(later, before.values, after.values, strict=True)]
    received = [b if take else a for take, a, b in zip(later, before.received, after.received, strict=True)]
    flags = [b if take else a for take, a, b in zip(later, before.flags, after.flags, strict=True)]
    return Series(before.parameter, before.unit, before.unit_received, values, received, flags)


class Left:
    """What was left out many times for one reason: one reject each, with the first row and the number of rows."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, str]] = Counter()
        self._rows: dict[tuple[str, str], int] = {}
        self._values: dict[tuple[str, str], str] = {}

    def add(self, reason: str, column: str, row: int, value: str = "", count: int = 1) -> None:
        key = (reason, column)
        if key not in self._count and len(self._count) >= REASONS:
            key = ("something else that is not taken", "…")
        self._count[key] += count
        self._rows.setdefault(key, row)
        self._values.setdefault(key, value[:SHOWN])

    def rejects(self) -> Iterator[Reject]:
        for (reason, column), count in self._count.items():
            rows = f"{count} rows" if count > 1 else "1 row"
            key = (reason, column)
            yield Reject(reason=f"{reason} ({rows})", row=self._rows[key], column=column, value=self._values[key])


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How rows tell their time and station: columns of the chunk, and what they are called. `earliest` is when the archive
    begins, `begins` says so."""

    clock: Clock
    times: tuple[int, ...]
    name: str
    station: int | None = None
    station_name: str = ""
    earliest: int | None = None
    begins: str = ""
    latest: int | None = None
    told: Told = field(default_factory=Told)


def latest(context: Context) -> int | None:
    """After this nothing can have been observed: a day after the file came, since local dates are ahead of UTC."""
    return None if context.received is None else context.received + DAY


def timed(chunk: Chunk, timing: Timing, own: int | None = None) -> Generator[Reject, None, tuple[Chunk, list[int]]]:
    """Rejects rows without a time or a station; returns the others and their instants. Where columns were added to those of the
    file, `own` is how many those are."""
    clock = timing.clock
    keys = clock.keys([chunk.columns[at] for at in timing.times])
    distinct = set(keys)
    clock.learn(distinct)
    faults = dict(clock.faults)
    for key in distinct - faults.keys():
        instant = clock.instants[key]
        if timing.earliest is not None and instant < timing.earliest:
            faults[key] = timing.begins
        elif timing.latest is not None and instant > timing.latest:
            faults[key] = f"a time after the file came, {iso(timing.latest - DAY)}"
    names: Sequence[str] = () if timing.station is None else chunk.columns[timing.station]
    unnamed = {name for name in set(names) if not _is_station(name)}
    if not faults and not unnamed:
        return chunk, list(map(clock.instants.__getitem__, keys))
    keep = [key not in faults and name not in unnamed for key, name in zip(keys, names or repeat("x", len(keys)), strict=True)]
    lost = [at for at, good in enumerate(keep) if not good]
    for at, count in timing.told.of(lost, lambda at: ",".join(column[at] for column in chunk.columns[:own])):
        key, row = keys[at], chunk.rows[at]
        if key in faults:
            shown = key if isinstance(key, str) else " ".join(key)
            yield Reject(reason=faults[key], row=row, column=timing.name, value=shown[:SHOWN], count=count)
        else:
            reason = "not the identifier of a station" if names[at].strip() else "the row has no station"
            yield Reject(reason=reason, row=row, column=timing.station_name, value=names[at][:SHOWN], count=count)
    instants = [clock.instants[key] for key, good in zip(keys, keep, strict=True) if good]
    return chunk.where(keep), instants


def _is_station(text: str) -> bool:
    name = text.strip()
    return bool(name) and name != "NA" and len(name) <= LONGEST_IDENTIFIER and name.isprintable()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row says that its station is, as texts that are empty where it does not say."""

    id: str
    latitude: str
    longitude: str
    elevation: str = ""
    name: str = ""


class Places:
    """Positions of stations, each once."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()

    def new(self, rows: Sequence[int], *cells: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The first row of each combination of cells not seen before, and the cells."""
        told = list(zip(*cells, strict=True))
        fresh = set(told) - self._seen
        if not fresh:
            return
        if len(self._seen) > POSITIONS:
            self._seen.clear()
        self._seen |= fresh
        for row, cell in zip(rows, told, strict=True):
            if cell in fresh:
                fresh.discard(cell)
                yield row, cell
                if not fresh:
                    return

    def stations(self, rows: Sequence[int], *cells: Sequence[str]) -> Iterator[Piece]:
        """`cells` are the columns of identifier, latitude, longitude and perhaps elevation and name."""
        for row, cell in self.new(rows, *cells):
            yield from station(Place(*map(str.strip, cell)), row)


def station(place: Place, row: int) -> Iterator[Piece]:
    """A station of a data file; positions that cannot be are rejected, the station stays."""
    latitude = longitude = height = None
    column = "LATITUDE"
    try:
        latitude = coordinate(place.latitude, 90)
        column = "LONGITUDE"
        longitude = coordinate(place.longitude, 180)
        column = "ELEVATION"
        height = elevation(place.elevation)
    except ValueError as exc:
        value = {"LATITUDE": place.latitude, "LONGITUDE": place.longitude, "ELEVATION": place.elevation}[column]
        yield Reject(reason=str(exc), row=row, column=column, value=value[:SHOWN])
        if column != "ELEVATION":
            latitude = longitude = None
    if latitude == 0 == longitude:
        reason = "latitude and longitude 0 is where positions that are not known end up; the station is taken without one"
        yield Reject(reason=reason, row=row, column="LATITUDE", value=place.latitude)
        latitude = longitude = height = None
    yield Station(
        id=place.id,
        name=" ".join(place.name.split())[:200],
        latitude=latitude,
        longitude=longitude,
        elevation_m=height,
        authority=Authority.DATA_FILE,
    )
