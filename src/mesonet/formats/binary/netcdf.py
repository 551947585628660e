"""NetCDF files of stations: what the CF conventions make of arrays; of grids, what they are.

Source: CF Conventions 1.11, chapters 3 to 5, 7 and 9 (discrete sampling geometries: time series in each representation, and
trajectories), and NetCDF's users' guide. A variable along time, or along stations and time, is taken where its standard name
(or, in files of the ARM programme, its documented name) and unit are known. Method and period are those of `cell_methods`, else
those of the words of `long_name`, and then inferred. Where values are samples, each with a time of its own (ragged arrays, and
records that name their station, as MADIS writes them), rows are samples.
"""

from bisect import bisect_left
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, repeat
from typing import BinaryIO

from mesonet.domain.file import Claim, ColumnFacts, Mark
from mesonet.domain.observation import FAIL, NOT_EVALUATED, Batch, Reject
from mesonet.domain.parameter import Parameter
from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import arrays, hdf5, hdf5_blocks, netcdf_classic
from mesonet.formats.binary.arrays import MOST_VALUES, Dataset, Variable
from mesonet.formats.binary.netcdf_flags import Checks
from mesonet.formats.binary.netcdf_groups import View, views
from mesonet.formats.binary.netcdf_levels import Levels
from mesonet.formats.binary.netcdf_parameters import Parameters
from mesonet.formats.binary.netcdf_stations import Stations, bounded
from mesonet.formats.binary.netcdf_times import Clock, clock_of, coordinates_of_time
from mesonet.formats.binary.netcdf_values import invalid, steps, texts_of, without_sign
from mesonet.formats.elements import Element, Elements, Field
from mesonet.formats.reading import Columns, Context, Extent, Guess, Inferred, Piece, Remark, Rows
from mesonet.formats.spooled import spooled
from mesonet.record import dataclass, replace

NAME = "netcdf"

_HELD = 4096  # rows weighed at once
_MOST_AT_ONCE = 1_000_000  # of what the file keeps in larger pieces
_MOST_FOR_A_BYTE = 50  # values, where they are many: deflated, a variable that never changes has 250
_MANY = 4_000_000  # values of all variables that are read: some seconds' work, which a bomb may cost
_SHOWN = 20
_MOST_CLOCKS = 10  # of one group; each is gone through all variables for
_NO_TIME = (
    "no variable tells the time: none has a unit such as `seconds since 1970-01-01`, none is a text of time along a dimension, "
    "and year, month and day are not all there"
)

_AGAIN = "many of its times come more than once, as those of several stations do"

type _Chosen = tuple[Variable, Element]
type _Pair = tuple[Elements, Elements]  # of points, and of what is over a period
type _Held = tuple[Sequence[int], Sequence[int]]  # of rows: the number of each one's station, and its place among the times
type _Times = list[int | None]


def sniff(head: bytes) -> Guess | None:
    """The first bytes of either file format."""
    if netcdf_classic.is_classic(head):
        return Guess(0.97, "`CDF` and a version")
    if (at := hdf5_blocks.begin(head)) is not None:
        return Guess(0.9, f"the first bytes of HDF5{f' behind a user block of {at}' if at else ''}")
    return None


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are instants."""
    with spooled(stream) as (held, size):
        module = netcdf_classic if netcdf_classic.is_classic(held.read(4)) else hdf5
        data = module.dataset(held, size)
        yield Remark(_described(data))
        if away := list(islice(_elsewhere(data), _SHOWN)):
            yield Remark(f"links that lead to nothing in this file: {', '.join(away)}")
        if data.cut:
            yield Reject(reason="the file ends before its time: some of its values are not there")
        yield from _together(data, context, size)


def _together(data: Dataset, context: Context, size: int) -> Iterator[Piece]:
    """The pieces of the root and of the groups: columns are called by their paths, and rows are counted through the groups that
    have times of their own. A mark says in which group reading was left, and at which of its rows; what is in the groups before
    it is looked at again, but not read."""
    budget = _Budget(max(_MANY, _MOST_FOR_A_BYTE * size))
    readers = [_Reader(part, context, size, budget) for view in map(_signed, views(data)) for part in _by_clocks(view)]
    start = context.start or Mark(at=0, row=0)
    if not any(reader.clock for reader in readers) and not context.start:
        yield Reject(reason=_NO_TIME + _in_no_unit(data))
    taken: dict[object, dict[Parameter, str]] = {}  # of a clock and its stations: of one of them a parameter is taken once
    rows: dict[object, int] = {}  # before those of a clock
    columns: list[ColumnFacts] = []
    said: dict[str, list[str]] = {}
    inferred: dict[str, None] = {}
    alone, total = len(readers) == 1, 0
    left: Mark | None = None
    for number, reader in enumerate(readers):
        path, clock = reader.view.path, reader.clock.itself if reader.clock else None
        told = (reader.view.origins.get(clock.name), clock.name) if clock else None
        before, done = rows.get(told, total), number < start.at
        begun = start.row if number == start.at else 0
        try:
            for piece in reader.pieces(taken, before, begun=begun, done=done):
                match piece:
                    case Batch() | Station():
                        yield piece
                    case Rows():
                        if not done:
                            yield piece if told not in rows else replace(piece, count=0, understood=0)
                        total = max(total, before + begun + piece.count)
                        rows.setdefault(told, before)
                    case _ if done:
                        pass
                    case Mark():
                        left = replace(piece, at=number)
                    case Columns():
                        columns += (replace(each, name=path + each.name) for each in piece.columns)
                    case Remark():
                        said.setdefault(piece.text, []).append(path)
                    case Inferred():
                        inferred |= dict.fromkeys(piece.what)
                    case Reject(column=str()):
                        yield replace(piece, column=f"{path}{piece.column}")
                    case _:
                        yield piece
        except UnreadableFile as exc:
            if not done:
                if alone and clock is not None and clock.shape:
                    yield Rows(count=clock.shape[0] - begun)
                yield Reject(reason=exc.detail, column=f"{path}{exc.column}" if exc.column else path or None)
                columns += (replace(each, name=path + each.name) for each in reader.facts({}))
        if not (left or done or number == len(readers) - 1) and context.enough():
            left = Mark(at=number + 1, row=0)
        if left:
            yield left
            break
    if inferred:
        yield Inferred(tuple(inferred))
    for reader in readers if all(reader.left for reader in readers if reader.clock) else ():
        if reader.left:
            said.setdefault(reader.left, []).append(reader.view.path)
    for text, paths in said.items():
        where = ", ".join(path.removesuffix("/") for path in paths[:_SHOWN] if path)
        yield Remark(f"{where}{', …' if len(paths) > _SHOWN else ''}: {text}" if where else text)
    yield Columns(columns=tuple(columns))


def _signed(view: View) -> View:
    variables = {name: without_sign(each) for name, each in view.data.variables.items()}
    return replace(view, data=replace(view.data, variables=variables))


def _by_clocks(view: View) -> list[View]:
    """A group whose variables lie along several coordinates of time, as of ten minutes and of hours, as a view of each."""
    clocks = {*coordinates_of_time(view.data)}
    variables = view.data.variables
    along = {name: clocks.intersection(each.dimensions) for name, each in variables.items()}
    measured = [name for name in view.own - clocks if variables[name].attribute("units") and not variables[name].text]
    lain_along = {clock for name in measured for clock in along[name]}
    told = [name for name in variables if name in lain_along]
    if not 1 < len(told) <= _MOST_CLOCKS or any(len(each) > 1 for each in along.values()):
        return [view]
    parts = []
    for clock in told:
        seen = {name: each for name, each in variables.items() if along[name] <= {clock}}
        own = (name for name in view.own.intersection(seen) if along[name] or clock == told[0])
        parts.append(replace(view, data=replace(view.data, variables=seen), own=frozenset(own)))
    return parts


def _in_no_unit(data: Dataset) -> str:
    """What is called a time, and in what it is, where that is no unit of time."""
    for each in data.variables.values():
        if "time" in (each.attribute("standard_name"), each.name.lower()) and (unit := each.attribute("units")):
            return f"; {each.name} is in {unit[:60]!r}"
    return ""


def _elsewhere(data: Dataset, path: str = "") -> Iterator[str]:
    """The names of links to nothing, or to other files, with their groups."""
    yield from (path + name for name in data.elsewhere)
    for name, group in data.groups.items():
        yield from _elsewhere(group, f"{path}{name}/")


def _described(data: Dataset) -> str:
    axes = ", ".join(f"{name} {length}" for name, length in list(data.dimensions.items())[:8])
    title = data.attribute("title") or data.attribute("datastream") or data.attribute("institution")
    kind = data.attribute("featureType")
    groups = f"{len(data.groups)} groups" if len(data.groups) > 1 else f"the group {next(iter(data.groups), '')[:100]}"
    return f"{data.kind}: {len(data.variables)} variables along {axes or 'nothing'}" + "".join(
        f"; {each[:100]}" for each in (data.groups and groups, title, kind and f"featureType {kind}") if each
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """What is read at once: `some` places along the first dimension, or all. `stations` are those along the dimension `along`;
    `held` gives its rows, as many as are weighed at once: thousands of stations may have one each."""

    stations: list[str]
    along: str | None
    times: tuple[_Times, _Times]  # as a pair of elements
    held: Callable[[], Iterator[_Held]]
    some: range | None = None


@dataclass(slots=True)
class _Budget:
    """How many values a file may have in all that is read of it. Many arrays may share the same bytes."""

    left: int

    def take(self, values: int) -> None:
        self.left -= values
        if self.left < 0:
            raise UnreadableFile(
                "the file claims more values than its size can hold, which no station's file does: not read on"
            )


class _Reader:
    def __init__(self, view: View, context: Context, size: int, budget: _Budget) -> None:
        self.view = view
        self._budget = budget
        self._data = view.data
        self._most = max(MOST_VALUES, _MOST_FOR_A_BYTE * size)
        self._context = context
        self._remarks: list[str] = []
        self._inferred: list[str] = []  # of zone and station
        self._stations = Stations(view, self._data, context.key, self._remarks, self._inferred)
        self.clock = clock_of(self._data, self._stations.is_matrix)
        if self.clock and not self.clock.itself.dimensions:
            self._data = self._stations.at_once(self.clock.itself.name)
            self._stations = Stations(view, self._data, context.key, self._remarks, self._inferred)
            self.clock = clock_of(self._data, self._stations.is_matrix)
        self._levels = Levels(self._data)
        self._checks = Checks(self._data)
        if self.clock and self.clock.remark:
            self._inferred += () if self.clock.zone_is_told else ("zone",)
            self._remarks.append(self.clock.remark)
        self._before = 0  # rows
        self._taken: dict[str, ColumnFacts] = {}
        self._guessed: set[str] = set()
        self._said: list[Remark] = []
        self._are_mixed = False  # samples of stations that nothing names
        self.left = ""  # why only metadata are taken, where it is so

    def pieces(self, taken: dict[object, dict[Parameter, str]], before: int, *, begun: int, done: bool) -> Iterator[Piece]:
        """`before` are rows of other groups, `begun` those that were read; where it is `done`, no values are read."""
        self._before = before
        if self.clock is None:
            yield Columns(columns=tuple(self.facts({})))
            return
        sampled = self._stations.sampled(self.clock.itself)
        pieces = self._samples(self.clock, *sampled, done) if sampled else self._instants(self.clock, taken, begun, done)
        rows = yield from pieces
        if self._inferred:
            yield Inferred(tuple(self._inferred))
        yield from map(Remark, self._remarks)
        yield from self._said
        yield rows
        yield Columns(columns=tuple(self.facts(self._taken)))

    def _instants(
        self, clock: Clock, taken: dict[object, dict[Parameter, str]], begun: int, done: bool
    ) -> Generator[Piece, None, Rows]:
        """Rows are instants."""
        own = clock.itself
        self._believed(own)
        clock.look(at_steps=True)
        known, first, last = clock.span()
        if not known and not begun:
            yield Reject(reason="no time of it can be told", column=own.name)
        elif known < own.size and not begun:
            yield Reject(reason=f"{own.size - known} instants have no time", column=own.name)
        axis = own.dimensions[0] if own.dimensions else None
        observers, along = self._stations.along(axis)
        stations = observers.ids
        told = (self.view.origins.get(own.name), own.name, *stations)
        chosen = self._chosen(clock, axis, along, taken.setdefault(told, {}))
        if chosen and stations and along is None and own.dimensions and clock.comes_again():
            yield Reject(reason=f"{_AGAIN}: name whose each is in a variable `station_id` along {axis}", column=own.name)
            chosen, self._are_mixed = [], True
        if done or not chosen or not stations:
            yield from self._metadata(first, last)
            return Rows(count=own.size - begun, understood=known)
        yield from observers.described()
        groups = list(_groups(chosen, (axis, along)))
        end = own.size
        enough = self._context.enough if len(groups) == 1 else lambda: False
        for piece in self._observed(clock, groups, lambda some: _stretches(clock, stations, along, some, begun, enough)):
            if isinstance(piece, Mark):
                end = piece.row
            yield piece
        return Rows(count=end - begun)

    def _samples(
        self, clock: Clock, named: Variable | None, owners: list[int], names: list[str] | None, done: bool
    ) -> Generator[Piece, None, Rows]:
        """Rows are samples, counted from 1."""
        own = clock.itself
        clock.look(at_steps=False)
        times = clock.times()
        known = [each for each in times if each is not None]
        count = len(names) if names is not None else max(owners, default=-1) + 1
        bounded(count)
        if strays := sum(owner < 0 for owner in owners) if min(owners, default=0) < 0 else 0:
            yield Reject(reason=f"{strays} samples are of no station that the file names", column=named.name if named else None)
        is_list = len(own.dimensions) == 1
        if is_list and len(known) < len(times):
            yield Reject(reason=f"{len(times) - len(known)} samples have no time", column=own.name)
        rows = len(times) if is_list else len(known)
        chosen = self._chosen(clock, own.dimensions[-1], own.dimensions[0], {}, own.dimensions)
        if done or not chosen or not count or not known:
            yield from self._metadata(min(known, default=None), max(known, default=None))
            return Rows(count=rows, understood=len(known))
        places = _in_order(owners, times)
        whose = [owners[at] for at in places]
        observers = self._stations.owners(named, names, whose, places, count, own)
        yield from observers.described()
        stamps, held = clock.stamps(range(own.size), times), partial(_samples_held, whose, places)
        all_of_it = _Stretch(stations=observers.ids, along=None, times=stamps, held=held)
        yield from self._observed(clock, _groups(chosen, ()), lambda _: [all_of_it])
        return Rows(count=rows)

    def _chosen(
        self,
        clock: Clock,
        axis: str | None,
        along: str | None,
        taken: dict[Parameter, str],
        within: tuple[str, ...] | None = None,
    ) -> list[_Chosen]:
        """The parameters of the file, or those along the dimensions `within`. Raises UnreadableFile where they are too much."""
        parameters = Parameters(self.view, self._data, clock, self._levels, self._remarks)
        chosen = [each for each in parameters.along(axis, along, taken) if within in (None, each[0].dimensions)]
        self._guessed.update(parameters.inferred)
        stations = self._data.dimensions[along] if along and within is None else 1  # have each what is along time alone
        self._budget.take(sum(each.size * (1 if along in each.dimensions else stations) for each, _ in chosen))
        return chosen

    def _observed(
        self, clock: Clock, groups: Iterable[list[_Chosen]], stretches: Callable[[list[_Chosen]], Iterable[_Stretch | Mark]]
    ) -> Iterator[Piece]:
        """What is observed of variables that are held at once, group by group; rows count with the first."""
        for number, some in enumerate(groups):
            elements, parts = (Elements(self._context), Elements(self._context)), _parts(clock, some)
            for stretch in stretches(some):
                pieces: Iterable[Piece] = [stretch] if isinstance(stretch, Mark) else self._stretch(stretch, elements, parts)
                yield from (piece for piece in pieces if not isinstance(piece, Extent)) if number else pieces
            for each in elements:
                self._taken |= each.facts()
                self._said += each.remarks()

    def _believed(self, variable: Variable) -> None:
        """Raises UnreadableFile where a header claims what its file can hardly hold."""
        if variable.size > self._most:
            raise UnreadableFile(f"{variable.name} has more values than a file of this size can hold", column=variable.name)

    def _stretch(self, stretch: _Stretch, elements: _Pair, parts: tuple[list[_Chosen], ...]) -> Iterator[Piece]:
        """Each part where it stands; rows count once."""
        whole = next((part for part in parts if part), None)
        for each, times, part in zip(elements, stretch.times, parts, strict=True):
            pieces = self._observations(each, times, part, stretch) if part else iter(())
            yield from pieces if part is whole else map(_uncounted, pieces)

    def _observations(self, elements: Elements, times: _Times, chosen: list[_Chosen], stretch: _Stretch) -> Iterator[Piece]:
        stations, some = stretch.stations, stretch.some
        columns: list[tuple[Element, list[str], list[int] | None, tuple[int, int]]] = []
        for variable, element in list(chosen):
            try:
                self._believed(variable)
                texts, flags = texts_of(variable, some), self._flags(variable, some)
            except UnreadableFile as exc:
                yield Reject(reason=exc.detail, column=variable.name)
                chosen.remove((variable, element))
                continue
            columns.append((element, texts, flags, steps(variable, stretch.along, len(stations))))
        first = self._before + 1
        first += some.start if some is not None and chosen and chosen[0][0].dimensions[0] != stretch.along else 0
        for whose, places in stretch.held():
            at = {each: _positions(whose, places, *each) for *_, each in columns}
            fields = [
                Field(element, _told(texts, at[each]), _told(flags, at[each]) if flags else None)
                for element, texts, flags, each in columns
            ]
            moments = [time for time in _told(times, places) if time is not None]
            rows = [first + place for place in places]
            if whose[0] == whose[-1]:
                yield from elements.take(stations[whose[0]], moments, rows, fields)
                continue
            pieces = elements.take(_told(stations, whose), moments, rows, fields)
            has_gaps = any("" in field.texts for field in fields)
            yield from map(_spoken, pieces) if has_gaps else pieces

    def _flags(self, variable: Variable, some: range | None) -> list[int] | None:
        """What the file's own checks found, and what is beyond the valid range."""
        flags = self._checks.flags(*self._levels.around(variable), some)
        beyond = invalid(variable, some)
        if beyond and any(beyond):
            flags = [FAIL if bad else flag for bad, flag in zip(beyond, flags or [NOT_EVALUATED] * len(beyond), strict=True)]
        return flags

    def _metadata(self, first: int | None, last: int | None) -> Iterator[Piece]:
        """Of what is no time series: when it is of."""
        if first is not None:
            yield Extent(stations={}, first=first, last=last)
        grids = [each.name for each in self._data.variables.values() if len(each.dimensions) >= 3]
        what = (
            f"a grid ({', '.join(grids[:6])})"
            if grids
            else "each value has a place of its own (featureType point), and no station is named"
            if self._data.attribute("featureType").lower() == "point"
            else f"each value has a height of its own (featureType {self._data.attribute('featureType')})"
            if self._stations.are_profiles
            else _AGAIN
            if self._are_mixed
            else "nothing names its places: no variable `station_id`, or of the `cf_role` timeseries_id"
            if self._stations.are_nameless
            else "no variable along time has a standard name and a unit that are known"
        )
        self.left = f"only its metadata are taken: {what}"

    def facts(self, taken: Mapping[str, ColumnFacts]) -> Iterator[ColumnFacts]:
        """Of own variables, with the facts of those that were taken."""
        for each in self._data.variables.values():
            if each.name not in self.view.own:
                continue
            unit = each.attribute("units")[:60] or None
            kind = "time" if self.clock and each.name == self.clock.itself.name else "text" if each.text else "number"
            known = [
                replace(taken[name], claim=Claim.INFERRED) if name in self._guessed else taken[name]
                for name in (each.name, *self._levels.names(each.name))
                if name in taken
            ]
            yield from known or [ColumnFacts(name=each.name, kind=kind, unit_received=unit, values=each.size)]


def _stretches(
    clock: Clock,
    stations: list[str],
    along: str | None,
    chosen: list[_Chosen],
    begun: int,
    enough: Callable[[], bool],
) -> Iterator[_Stretch | Mark]:
    """Of the dimension that comes first: of time, behind any of which they can be left, or of stations."""
    axis, lead = clock.itself.dimensions[0], chosen[0][0].dimensions[0]
    each = sum(variable.size // max(variable.shape[0], 1) for variable, _ in chosen)
    step = max(variable.stored for variable, _ in chosen)
    step *= max(arrays.AT_ONCE // max(each * step, 1), 1)
    size = clock.itself.size
    if lead == axis:
        for start in range(begun, size, step):
            if start > begun and enough():
                yield Mark(at=0, row=start)
                return
            some = range(start, min(start + step, size))
            yield _instants(clock, stations, along, some)
        return
    if lead != along:
        yield _instants(clock, stations, along)
        return
    for start in range(0, len(stations), step):
        some = range(start, min(start + step, len(stations)))
        yield replace(_instants(clock, stations[start : some.stop], along), some=some)


def _parts(clock: Clock, chosen: list[_Chosen]) -> tuple[list[_Chosen], list[_Chosen]]:
    """Points, and what is over a period and so stands elsewhere."""
    points = [each for each in chosen if not clock.moves(each[1].parameter.method)]
    return points, [each for each in chosen if clock.moves(each[1].parameter.method)]


def _groups(chosen: list[_Chosen], leads: Sequence[str | None]) -> Iterator[list[_Chosen]]:
    """Variables with one first dimension, of which the least that can be read can be held at once; along other dimensions than
    the `leads` that is all of them."""
    some: list[_Chosen] = []
    step = each = 0
    for variable, element in chosen:
        lead, length = variable.dimensions[0], max(variable.shape[0], 1)
        own = min(variable.stored, length) if lead in leads else length
        wider, more = max(step, own), each + variable.size // length
        if some and (lead != some[0][0].dimensions[0] or wider * more > _MOST_AT_ONCE):
            yield some
            some, wider, more = [], own, variable.size // length
        some.append((variable, element))
        step, each = wider, more
    yield some


def _in_order(owners: Sequence[int], times: _Times) -> Sequence[int]:
    """The places of the samples that have a station and a time, station by station."""
    known = None not in times and min(owners, default=0) >= 0
    places = range(len(owners)) if known else [at for at, owner in enumerate(owners) if owner >= 0 and times[at] is not None]
    told = [owners[at] for at in places]
    return places if told == sorted(told) else sorted(places, key=owners.__getitem__)


def _samples_held(whose: Sequence[int], places: Sequence[int]) -> Iterator[_Held]:
    """Whole stations, but where one alone has more samples. `whose` each is comes in order."""
    begin = 0
    while begin < len(whose):
        end = begin + _HELD
        if end < len(whose) and whose[end - 1] == whose[end]:
            first = bisect_left(whose, whose[end], begin, end)  # of the station that would be parted
            end = first if first > begin else end
        yield whose[begin:end], places[begin:end]
        begin = end


class _Alike(list[int]):
    """Whose each row is, of stations that have as many each; `is_whole` where these are at places that follow one another."""

    def __init__(self, stations: range, keep: Sequence[int]) -> None:
        self.each, self.is_whole = len(keep), isinstance(keep, range)
        super().__init__(chain.from_iterable(map(repeat, stations, repeat(len(keep)))))


@dataclass(frozen=True, slots=True)
class _Runs:
    """Where rows stand among values: behind one another, run by run."""

    slices: list[slice]


def _instants_held(stations: int, keep: Sequence[int]) -> Iterator[_Held]:
    """The same of stations that have the same instants."""
    if not keep:
        return
    many = _HELD // len(keep)
    for begin in range(0, stations, max(many, 1)):
        if many:
            some = range(begin, min(begin + many, stations))
            yield some if len(keep) == 1 else _Alike(some, keep), [*keep] * len(some)
            continue
        for at in range(0, len(keep), _HELD):
            places = keep[at : at + _HELD]
            yield [begin] * len(places), places


def _positions(whose: Sequence[int], places: Sequence[int], by_station: int, by_place: int) -> "Sequence[int] | _Runs":
    """Where rows stand among the values of a variable that has stations and places so far apart."""
    if by_station == 0 and by_place == 1:
        return places
    if isinstance(whose, range):  # at the same place of each
        begin = whose.start * by_station + places[0] * by_place
        return range(begin, begin + len(whose) * by_station, by_station)
    if isinstance(whose, _Alike) and whose.is_whole:
        many = whose.each * by_place
        begins = (number * by_station + places[0] * by_place for number in whose[:: whose.each])
        return _Runs([slice(begin, begin + many, by_place) for begin in begins])
    return [number * by_station + place * by_place for number, place in zip(whose, places, strict=True)]


def _told[T](values: list[T], at: "Sequence[int] | _Runs") -> list[T]:
    if isinstance(at, _Runs):
        return [*chain.from_iterable(map(values.__getitem__, at.slices))]
    return values[at.start : at.stop : at.step] if isinstance(at, range) else [values[each] for each in at]


def _uncounted(piece: Piece) -> Piece:
    """Without rows that others are counted with."""
    return replace(piece, stations={}) if isinstance(piece, Extent) else piece


def _spoken(batch: Piece) -> Piece:
    """Without what its station says nothing of."""
    if not isinstance(batch, Batch) or all(any(each.received) for each in batch.columns.values()):
        return batch
    return replace(batch, columns={parameter: each for parameter, each in batch.columns.items() if any(each.received)})


def _instants(clock: Clock, stations: list[str], along: str | None, some: range | None = None) -> _Stretch:
    """All or some instants, which are each station's as far as they are known."""
    times = clock.times(some)
    keep = range(len(times)) if None not in times else [at for at, time in enumerate(times) if time is not None]
    stamps = clock.stamps(some or range(len(times)), times)
    held = partial(_instants_held, len(stations), keep)
    return _Stretch(stations=stations, along=along, times=stamps, held=held, some=some)
