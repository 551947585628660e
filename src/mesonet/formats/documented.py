"""Files of one network's own form: a few lines that say which station it is and what the columns are, then rows.

A format of this kind says how its head reads (`Layout`); rows, times, flags, missing values and facts are the same for all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import cast

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import NOT_EVALUATED
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.columns import Loose
from mesonet.formats.elements import Element, Elements, Field, Left, Places, Source, Timing, element, latest, pieces, timed
from mesonet.formats.lines import Lines
from mesonet.formats.reading import Context, Inferred, Piece, Remark
from mesonet.formats.table import Chunk, Fields, Table, chunk_of
from mesonet.formats.times import clock
from mesonet.record import dataclass, field, replace

type Columns = Sequence[Sequence[str]]
type Position = tuple[int, int, int | None, int | None]  # columns of latitude, longitude, elevation and name
type Known = tuple[str, str, str, str]  # standard name, unit, method, duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """Where an element's quality stands, and what its codes mean; a code that is not among them means `otherwise`."""

    at: int
    meaning: Mapping[str, int] | Callable[[str], int]
    otherwise: int = NOT_EVALUATED

    def of(self, code: str) -> int:
        return self.meaning(code) if callable(self.meaning) else self.meaning.get(code.strip(), self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands in which column of the rows.

    `time` makes ISO 8601 texts of a chunk's columns, in `zone` where they have no offset; `at` are the columns that it looks
    at. The station is `station`, or stands in column `station_at` and is called what `called` makes of it. `clean` makes a
    field's text a number's or "", where the file writes more than the number; what it was stays what was received.
    """

    names: Sequence[str]
    at: tuple[int, ...]
    time: Callable[[Columns], Sequence[str]]
    elements: Mapping[int, Element]
    zone: str = "UTC"
    station: str = ""
    station_at: int | None = None
    called: Callable[[str], str] = str.strip
    flags: Mapping[int, Flags] = field(default_factory=dict)
    clean: Callable[[str], str] | None = None
    cleans: Mapping[int, Callable[[str], str]] = field(default_factory=dict)  # of single columns, instead of `clean`
    position: Position | None = None
    remarks: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()  # see `reading.Inferred`
    quiet: frozenset[int] = frozenset()  # columns that are not worth a fact


def position(column: Mapping[str, int], latitude: str, longitude: str, elevation: str, name: str) -> Position | None:
    """The columns so named, where a table has them."""
    if latitude not in column or longitude not in column:
        return None
    return column[latitude], column[longitude], column.get(elevation), column.get(name)


def rows(
    source: Source, layout: Layout, context: Context, *, skip: int = 0, least: int = 0, notes: bool = False
) -> Iterator[Piece]:
    """Everything below the first `skip` rows. With `least`, rows of so many fields and more count as whole: what is lacking is
    empty, and notes behind are left out. With `notes`, shorter rows that begin with no digit are notes, not rows. An element
    in a unit that cannot be its own is told of and not taken."""
    width = len(layout.names)
    elements = dict(layout.elements)
    for at, known in layout.elements.items():
        try:
            converter(known.unit, known.parameter.standard_name)
        except UnknownUnit as exc:
            del elements[at]
            yield Remark(f"{known.name} was not taken: {exc.detail}")
    layout = replace(layout, elements=elements)
    cut = Mended(source, _cut(cast(Table | Lines, source), least, notes)) if least else source
    yield from pieces(cut, width, _Rows(layout, context), skip=skip, header=layout.names)


class Mended:
    """A source whose chunks are mended on the way; what the mending `left` out is told at its end."""

    def __init__(self, source: Source, mend: Callable[[Chunk, int], Chunk], left: Left | None = None) -> None:
        self._source, self._mend, self._left = source, mend, left
        self.text, self.ragged = source.text, source.ragged

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        for chunk in self._source.chunks(width, skip=skip):
            yield self._mend(chunk, width)

    def torn(self) -> Iterator[Piece]:
        yield from self._source.torn()
        if self._left:
            yield from self._left.rejects()


def alone(source: Source, begins: Callable[[str], object], names: Sequence[str] = ()) -> Mended:
    """Without the rows from that on in which another file begins, as its first field tells: they would be read by the names of
    the first. The same names once more begin none."""
    left, ends = Left(), list[int]()

    def mend(chunk: Chunk, width: int) -> Chunk:
        if not ends:
            whole = (at for at, text in enumerate(chunk.columns[0]) if begins(text))
            ends.extend(chunk.rows[at] for at in whole if [column[at].strip() for column in chunk.columns] != [*names])
            ends.extend(row for row, fields in chunk.ragged if begins(fields[0]))
        if not ends:
            return chunk
        kept = chunk.where([row < min(ends) for row in chunk.rows])
        ragged = [each for each in chunk.ragged if each[0] < min(ends)]
        lost = len(chunk.rows) + len(chunk.ragged) - len(kept.rows) - len(ragged)
        left.add("another file with first lines of its own begins here: split the file", "", min(ends), count=lost)
        return replace(kept, ragged=ragged)

    return Mended(source, mend, left)


def _cut(source: Table | Lines, least: int, notes: bool) -> Callable[[Chunk, int], Chunk]:
    """Rows that have other lengths, as if they had the right one: notes behind are left out, what is lacking is empty."""

    def mend(chunk: Chunk, width: int) -> Chunk:
        if not chunk.ragged:
            return chunk
        mended: list[tuple[int, Fields]] = []
        poor: list[tuple[int, Fields]] = []
        for row, fields in chunk.ragged:
            cut = row == source.unended and len(fields) < width
            if notes and len(fields) < least and not fields[0][:1].isdecimal():
                continue
            if len(fields) < least or cut:
                poor.append((row, fields))
            else:
                mended.append((row, (*fields, *[""] * width)[:width]))
        whole: list[tuple[int, Fields]] = list(zip(chunk.rows, zip(*chunk.columns, strict=True), strict=True))
        return chunk_of(sorted(whole + mended, key=itemgetter(0)), width, poor)

    return mend


class _Rows:
    def __init__(self, layout: Layout, context: Context) -> None:
        self._layout = layout
        self._elements = Elements(context)
        self._places = Places()
        self._rows = 0
        self._keys: dict[str, str] = {}
        taken = {*layout.at, *layout.elements, layout.station_at}
        self._loose = {
            at: Loose(("", "NA", "-9999")) for at in range(len(layout.names)) if at not in taken and at not in layout.quiet
        }
        self._calms = dict(_winds(layout.elements))
        name = " ".join(layout.names[at] for at in layout.at)
        self._timing = Timing(
            clock=clock(TimeColumns(columns=(name,), zone=layout.zone)),
            times=(len(layout.names),),
            name=name,
            station=layout.station_at,
            station_name=layout.names[layout.station_at] if layout.station_at is not None else "",
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        layout = self._layout
        told = layout.time(chunk.columns)
        chunk, times = yield from timed(
            Chunk(chunk.rows, [*chunk.columns, told], chunk.ragged), self._timing, own=len(chunk.columns)
        )
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        columns = chunk.columns
        stations: Sequence[str] | str = layout.station
        if layout.station_at is not None:
            called = {text: layout.called(text) for text in set(columns[layout.station_at])}
            stations = list(map(called.__getitem__, columns[layout.station_at]))
        if layout.position and stations:
            empty = [""] * len(chunk.rows)
            cells = [empty if at is None else columns[at] for at in layout.position]
            named = [stations] * len(chunk.rows) if isinstance(stations, str) else stations
            yield from self._places.stations(chunk.rows, named, *cells)
        for at, loose in self._loose.items():
            loose.weigh(columns[at])
        yield from self._elements.take(stations, times, chunk.rows, list(self._fields(columns)))

    def _fields(self, columns: Columns) -> Iterator[Field]:
        layout = self._layout
        for at, known in layout.elements.items():
            received, texts = columns[at], self._cleaned(columns, at)
            if at in self._calms:
                texts = _with_calms(texts, self._cleaned(columns, self._calms[at]))
            flags = layout.flags.get(at)
            given = None
            if flags:
                means = {code: flags.of(code) for code in set(columns[flags.at])}
                given = list(map(means.__getitem__, columns[flags.at]))
            yield Field(known, texts, given, received)

    def _cleaned(self, columns: Columns, at: int) -> Sequence[str]:
        clean = self._layout.cleans.get(at, self._layout.clean)
        if clean is None:
            return columns[at]
        cleaned = {text: clean(text) for text in set(columns[at])}
        return list(map(cleaned.__getitem__, columns[at]))

    def last(self) -> Iterator[Piece]:
        for text in self._layout.remarks:
            yield Remark(text)
        if self._layout.inferred:
            yield Inferred(self._layout.inferred)
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        layout = self._layout
        found = self._elements.facts()
        for at, name in enumerate(layout.names):
            if at in layout.elements:
                if layout.elements[at].name in found:
                    yield replace(found[layout.elements[at].name], name=name)
            elif at in self._loose:
                yield self._loose[at].facts(name)
            elif at == layout.station_at or at in layout.at:
                yield ColumnFacts(name=name, kind="station" if at == layout.station_at else "time", values=self._rows)


def _winds(elements: Mapping[int, Element]) -> Iterator[tuple[int, int]]:
    """The columns of directions, each with that of the speed of the same wind."""
    speeds = {
        (each.parameter.level, each.parameter.method, each.parameter.duration): at
        for at, each in elements.items()
        if each.parameter.standard_name == "wind_speed"
    }
    for at, each in elements.items():
        wind = (each.parameter.level, each.parameter.method, each.parameter.duration)
        if each.parameter.standard_name == "wind_from_direction" and wind in speeds:
            yield at, speeds[wind]


def _with_calms(directions: Sequence[str], speeds: Sequence[str]) -> Sequence[str]:
    """Without the 0 that stands for the direction of a wind of 0, which has none; north may be 0 in any other."""
    zeros, still = set(filter(_is_zero, set(directions))), set(filter(_is_zero, set(speeds)))
    if not zeros or not still:
        return directions
    return ["" if text in zeros and speed in still else text for text, speed in zip(directions, speeds, strict=True)]


def _is_zero(text: str) -> bool:
    return "0" in text and text.strip().strip("0") in ("", ".", ",")


def joined(form: str, *at: int) -> Callable[[Columns], Sequence[str]]:
    """Times put together from columns: `joined("{}-{:0>2}", 0, 1)` makes 2020-01 of 2020 and 1."""

    def time(columns: Columns) -> Sequence[str]:
        known: dict[tuple[str, ...], str] = {}
        told = []
        for key in zip(*(columns[each] for each in at), strict=True):
            if key not in known:
                known[key] = form.format(*map(str.strip, key)) if any(map(str.strip, key)) else ""
            told.append(known[key])
        return told

    return time


def each(make: Callable[[str], str], at: int) -> Callable[[Columns], Sequence[str]]:
    """Times of one column, each distinct text made ISO 8601."""

    def time(columns: Columns) -> Sequence[str]:
        known = {text: make(text) for text in set(columns[at])}
        return list(map(known.__getitem__, columns[at]))

    return time


def meant(name: str, known: Known, *missing: str, level: float | None = None) -> Element:
    """What a column is that has a documented name."""
    standard_name, unit, method, duration = known
    return element(name, standard_name, unit, *missing, method=method, duration=duration, level=level)


def by_name(names: Sequence[str], known: Mapping[str, Known], *missing: str) -> dict[int, Element]:
    """The elements of the columns whose names are documented; of several for one parameter the first."""
    found: dict[int, Element] = {}
    taken: set[Parameter] = set()
    for at, name in enumerate(names):
        if told := known.get(name):
            made = meant(name, told, *missing)
            if made.parameter not in taken:
                taken.add(made.parameter)
                found[at] = made
    return found


def first_of(made: Iterable[tuple[int, Element]]) -> tuple[dict[int, Element], tuple[str, ...]]:
    """Elements by their columns; of several for one parameter the first, and what is to be said of the others."""
    found: dict[int, Element] = {}
    taken: dict[Parameter, str] = {}
    others: list[str] = []
    for at, each in made:
        if each.parameter in taken:
            first = taken[each.parameter]
            others.append(f"{each.name} is {each.parameter.id} like {first}, which was taken; a mapping can say otherwise")
            continue
        taken[each.parameter] = each.name
        found[at] = each
    return found, tuple(others)


def offset(hours: float) -> str:
    """A zone of so many hours ahead of UTC: -4.5 is -04:30. Raises ValueError beyond 14 hours."""
    if not -14 <= hours <= 14:
        raise ValueError(f"{hours} hours are no time zone")
    minutes = round(abs(hours) * 60)
    return f"{'-' if hours < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
