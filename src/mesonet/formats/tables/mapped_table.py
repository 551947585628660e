"""A table whose columns a mapping explains: where in the header they stand, and what its rows then say."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence, Set

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import MappedColumn, Mapping
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.station import addressable
from mesonet.domain.units import Conversion, UnknownUnit, converter
from mesonet.errors import InvalidMapping
from mesonet.formats import bounds
from mesonet.formats.columns import LEAVING_TRACES, TRACES, Loose, Numbers, Series, batches
from mesonet.formats.compass import bearings
from mesonet.formats.guard import unnameable
from mesonet.formats.reading import Context, Extent, Piece, Remark
from mesonet.formats.table import SHOWN, Chunk, Told, ToldFields
from mesonet.formats.times import Clock, Key, clock
from mesonet.record import dataclass, field, replace
from mesonet.regex import regex

COMMENT = regex(r"\s*(?:#+|//+|%+|;+|\*+)\s*(?=[^\W\d])")  # before a name; `#` alone is one
_SIGNS = ("#", "//", "%", ";", "*")  # that it begins with
_FEW_STATIONS = 5
_FEW_COLUMNS = 5  # that are named


def unnamed(width: int) -> list[str]:
    """What the columns of a table without names are called; a mapping may call them so."""
    return [f"column {at}" for at in range(1, width + 1)]


@dataclass(frozen=True, slots=True)
class Place:
    """A mapped column found in the header."""

    at: int
    mapped: MappedColumn
    conversion: Conversion

    @property
    def unit(self) -> str:
        """As received."""
        return self.mapped.unit or ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where in the header everything stands that the mapping names; `stations` are the columns that tell the station together.
    Of a long table `long` has the columns by name, and there are no `places`."""

    mapping: Mapping
    clock: Clock
    times: list[int]
    stations: list[int]
    places: list[Place]
    long: dict[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> set[int]:
        """All of them."""
        return {*self.times, *self.stations, *(place.at for place in self.places), *self.long.values()}


def is_comment(name: str) -> bool:
    return name.lstrip().startswith(_SIGNS) and COMMENT.match(name) is not None


def _at(names: Sequence[str]) -> dict[str, list[int]]:
    """Where each stands."""
    found: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        found.setdefault(name, []).append(at)
    return found


def planned(mapping: Mapping | None, header: list[str], exact: list[str], row: int) -> Generator[Reject, None, Plan | None]:
    """Rejects for what the mapping names and the file lacks; returns the plan, None where nothing can be taken."""
    if mapping is None:
        return None
    found = yield from _found(mapping, header, exact, row)
    places = []
    for column in () if mapping.long else mapping.columns:
        if column.column not in found:
            continue
        try:
            conversion = converter(column.unit or "", column.parameter.standard_name)
        except UnknownUnit as exc:
            yield Reject(reason=exc.detail, row=row, column=column.column, value=(column.unit or "")[:SHOWN])
            continue
        places.append(Place(found[column.column], column, conversion))
    if not found.keys() >= {*mapping.needed} or not (places or mapping.long):
        return None
    try:
        hands = clock(mapping.time)
    except InvalidMapping as exc:
        yield Reject(reason=exc.detail, column=" ".join(mapping.time.columns))
        return None
    stations = [found[name] for name in mapping.told_by]
    times = [found[name] for name in mapping.time.columns]
    if (long := mapping.long) is None:
        return Plan(mapping, hands, times, stations, places)
    told = (*long.names, long.value, *filter(None, (long.unit, long.quality)))
    return Plan(mapping, hands, times, stations, [], {name: found[name] for name in told if name in found})


def _found(mapping: Mapping, header: list[str], exact: list[str], row: int) -> Generator[Reject, None, dict[str, int]]:
    """Where the columns are that the mapping names: by their names, with or without blanks and the sign of a comment, else by
    their places."""
    found: dict[str, int] = {}
    as_given, trimmed, by_place = _at(exact[: len(header)]), _at(header), _at(unnamed(len(header)))
    for name in dict.fromkeys(mapping.named):
        all_at = as_given.get(name, [])
        if not all_at:
            all_at = sorted(at for each in {name.strip(), COMMENT.sub("", name).strip()} for at in trimmed.get(each, ()))
        all_at = all_at or by_place.get(name, [])
        if not all_at:
            has = ", ".join(header[:20]) + (", …" if len(header) > 20 else "")
            yield Reject(reason=f"the mapping names a column that the file does not have; it has {has}", row=row, column=name)
            continue
        if len(all_at) > 1:
            where = " and ".join(str(at + 1) for at in all_at[:_FEW_COLUMNS]) + ", …" * (len(all_at) > _FEW_COLUMNS)
            yield Reject(reason=f"the header has this name in columns {where}; the first was taken", row=row, column=name)
        found[name] = all_at[0]
    return found


def doubted(column: MappedColumn, mean: float | None) -> Iterator[Remark]:
    """That a column can hardly be in the unit that the mapping says: on average it is what cannot be."""
    if mean is None or column.unit is None or not bounds.outside(column.parameter, column.unit, mean, mean):
        return
    units = bounds.fitting(column.parameter, mean, mean)
    others = f"; {' or '.join(units)} would fit" if units else ""
    yield Remark(
        f"{column.column} is {mean:g} {column.unit} on average, which {column.parameter.standard_name} cannot be{others}: "
        "the values are kept as the mapping says, and flagged as failed"
    )


def numbers_of(mapping: Mapping, conversion: Conversion, column: MappedColumn, unit: str) -> Numbers:
    """What reads a column as the mapping says that numbers are written."""
    return Numbers(
        (*mapping.missing, *column.missing),
        decimal=mapping.decimal,
        thousands=mapping.thousands,
        conversion=conversion,
        unit=unit,
        words=_words(column),
        traces=column.trace,
    )


def _words(column: MappedColumn) -> dict[str, float] | None:
    """Those that stand for numbers, where they are others than all columns in their unit have."""
    if column.compass:
        return bearings(column.compass)
    return TRACES if column.parameter.standard_name in LEAVING_TRACES else None


def _different(texts: Sequence[str]) -> Set[str]:
    """The texts that there are; in most chunks it is one station's name."""
    return {texts[0]} if texts.count(texts[0]) == len(texts) else set(texts)


class Mapped:
    """A table with a mapping: its chunks as observations."""

    def __init__(self, header: list[str], plan: Plan, context: Context) -> None:
        self.plan = plan
        self.header = header
        self._values = context.values
        self._ids: dict[str, str] = {}
        self._folded = 0
        self.passed = 0  # rows that are none: a header that comes again
        self.beyond = 0  # columns without facts
        self._before: tuple[Sequence[Key], Sequence[str] | None, Chunk] | None = None  # the chunk that was taken last
        self.settled = True  # whether who goes on behind that needs nothing of it
        mapping = plan.mapping
        self.numbers = [numbers_of(mapping, place.conversion, place.mapped, place.unit) for place in plan.places]
        mapped = plan.columns
        self.loose = {at: Loose(mapping.missing) for at in range(len(header)) if at not in mapped}
        self._rows = 0
        self._told_rows, self._told_fields = Told(), ToldFields()

    def span(self, chunk: Chunk) -> tuple[int, int] | None:
        """The first and the last time of rows that are only counted; None where that takes a look at each."""
        return None if self._values or not self.plan.clock.steady else self.plan.clock.span(self._keys(chunk))

    def take(self, chunk: Chunk, span: tuple[int, int] | None = None) -> Iterator[Piece]:
        """What the rows say; `span` is theirs, where it is known."""
        clock = self.plan.clock
        texts, names = self._named(chunk)
        unnamed = self._learn_stations(names)
        span = None if unnamed else span or self.span(chunk)
        told = clock.told(self._keys(chunk)) if self._values and not unnamed else None
        keys: Sequence[Key] = ()
        if span is None and told is None:
            keys = self._keys(chunk)
            clock.learn(set(keys))
            if clock.faults or unnamed:
                chunk = yield from self._without(chunk, keys, texts, unnamed)
                if not chunk.rows:
                    return
                keys = self._keys(chunk)
                texts, names = self._named(chunk)
        self._rows += len(chunk.rows)
        series = yield from self.weigh(chunk)
        if told is not None:
            yield from self.batches(self._identified(texts), told, chunk.rows, series)
            return
        if span is None:
            folded = not clock.folds.keys().isdisjoint(keys)
            self.settled = not folded
            stations = self._identified(texts) if self._values or folded else ""
            if folded:
                before = ((), ()) if self._before is None else self._series(*self._before)
                times, told_apart = clock.resolve(*self._series(keys, texts, chunk), before)
                self._folded += told_apart
            elif self._values:
                times, _ = clock.resolve(keys, stations)
            else:
                times = list(map(clock.instants.__getitem__, set(keys)))
            if clock.repeats:
                self._before = keys, texts, chunk
            if self._values:
                yield from self.batches(stations, times, chunk.rows, series)
                return
            span = min(times), max(times)
        yield Extent(stations=self._per_station(chunk, texts, names), first=span[0], last=span[1])

    def _keys(self, chunk: Chunk) -> Sequence[Key]:
        """What tells the time of each row."""
        return self.plan.clock.keys([chunk.columns[at] for at in self.plan.times])

    def _named(self, chunk: Chunk) -> tuple[Sequence[str] | None, Set[str]]:
        """Where columns name the station of each row, the texts that do, each and the different ones."""
        told = [chunk.columns[at] for at in self.plan.stations]
        texts = self._joined(told) if len(told) > 1 else told[0] if told else None
        return texts, _different(texts) if texts else set()

    def _identified(self, texts: Sequence[str] | None) -> Sequence[str] | str:
        """The identifiers that texts are; the one station's where there are none."""
        return self.plan.mapping.station or "" if texts is None else list(map(self._ids.__getitem__, texts))

    def _series(self, keys: Sequence[Key], texts: Sequence[str] | None, chunk: Chunk) -> tuple[Sequence[Key], Sequence[str]]:
        """What tells the time of each row, and which series it goes on."""
        stations = self._identified(texts)
        each = [stations] * len(keys) if isinstance(stations, str) else stations
        return keys, self.series_of(each, chunk)

    def _joined(self, columns: Sequence[Sequence[str]]) -> Sequence[str]:
        """What several columns tell together; nothing where one of them does not."""
        joint = self.plan.mapping.station_joint
        rows = list(zip(*columns, strict=True))
        known = {row: joint.join(parts) if all(parts := [text.strip() for text in row]) else "" for row in set(rows)}
        return list(map(known.__getitem__, rows))

    def _per_station(self, chunk: Chunk, texts: Sequence[str] | None, names: Set[str]) -> dict[str, int]:
        """How many rows each has; `names` are the different texts."""
        if texts is None:
            return {self.plan.mapping.station or "": len(chunk.rows)}
        counts: dict[str, int] = {}
        if len(names) == 1:
            return {self._ids[texts[0]]: len(texts)}
        # where a chunk has few stations, as most have, it is faster to look for each than to count all
        rows = {name: texts.count(name) for name in sorted(names)} if len(names) < _FEW_STATIONS else Counter(texts)
        for text, count in rows.items():
            counts[self._ids[text]] = counts.get(self._ids[text], 0) + count
        return counts

    def _learn_stations(self, texts: Set[str]) -> set[str]:
        """Remembers the identifier that each text is; returns the texts that are none."""
        if len(self._ids) > 100_000:
            self._ids.clear()
        bad = set()
        for text in texts - self._ids.keys():
            name = text.strip()
            if name and addressable(name):
                self._ids[text] = name
            else:
                bad.add(text)
        return bad

    def _without(
        self, chunk: Chunk, keys: Sequence[Key], texts: Sequence[str] | None, unnamed: set[str]
    ) -> Generator[Piece, None, Chunk]:
        """Rejects rows without a time or a station; returns the chunk of the others."""
        faults = self.plan.clock.faults
        keep = [key not in faults for key in keys]
        if texts is not None and unnamed:
            keep = [kept and text not in unnamed for kept, text in zip(keep, texts, strict=True)]
        lost = [at for at, kept in enumerate(keep) if not kept and any(column[at].strip() for column in chunk.columns)]
        for at, count in self._told_rows.of(
            lost, lambda at: ",".join(column[at] for column in chunk.columns)
        ):  # without a spreadsheet's empty rows
            key, station = keys[at], (texts[at] if texts is not None else "")
            if key in faults:
                reason, shown = faults[key], key if isinstance(key, str) else " ".join(key)
                column = " ".join(self.plan.mapping.time.columns)
            else:
                reason = unnameable(station.strip()) if station.strip() else "the row has no station"
                shown, column = station, " ".join(self.plan.mapping.told_by)
            yield Reject(reason=reason, row=chunk.rows[at], column=column, value=shown[:SHOWN], count=count)
        return chunk.where(keep)

    def weigh(self, chunk: Chunk) -> Generator[Piece, None, list[Series]]:
        """Rejects fields that are no numbers; returns the columns."""
        series: list[Series] = []
        beyond: dict[str, Reject] = {}
        self._told_fields.add(len(chunk.rows))
        for place, numbers in zip(self.plan.places, self.numbers, strict=True):
            texts = chunk.columns[place.at]
            numbers.weigh(texts)
            for reject in numbers.rejects(place.mapped.column, texts, chunk.rows, self._told_fields):
                if not self._told_fields.spent:
                    yield reject
                elif first := beyond.get(reject.reason):
                    beyond[reject.reason] = replace(first, count=first.count + reject.count)
                else:
                    beyond[reject.reason] = reject
            if self._values:
                values, flags = numbers.column(texts)
                parameter, unit = place.mapped.parameter, place.conversion.unit
                series.append(Series(parameter, unit, place.unit, values, texts, flags))
        for at, loose in self.loose.items():
            loose.weigh(chunk.columns[at])
        yield from beyond.values()
        return series

    def series_of(self, stations: Sequence[str], chunk: Chunk) -> Sequence[str]:
        """Which series each row of a station goes on; in a repeated hour each has its own order."""
        return stations

    def batches(
        self, stations: Sequence[str] | str, times: list[int], rows: Sequence[int], series: Sequence[Series]
    ) -> Iterator[Batch]:
        """What the rows of a chunk say, station by station."""
        return batches(stations, times, rows, series)

    def remarks(self) -> Iterator[Piece]:
        if self._folded:
            zone = self.plan.mapping.time.zone
            yield Remark(
                f"{self._folded} rows in hours that the clocks of {zone} show twice were told apart by their order: "
                "the first of two equal times is the earlier one"
            )

        for place, numbers in zip(self.plan.places, self.numbers, strict=True):
            yield from doubted(place.mapped, numbers.mean)

    def facts(self) -> Iterable[ColumnFacts]:
        mapped = {place.at: (place, numbers) for place, numbers in zip(self.plan.places, self.numbers, strict=True)}
        for at, name in enumerate(self.header):
            if at in mapped:
                place, numbers = mapped[at]
                unit = place.conversion.unit
                yield numbers.facts(name, parameter=place.mapped.parameter.id, unit=unit, received=place.unit)
            elif at in self.loose:
                yield self.loose[at].facts(name)
            else:
                yield ColumnFacts(name=name, kind="station" if at in self.plan.stations else "time", values=self._rows)
