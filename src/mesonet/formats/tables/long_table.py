"""Long tables: each row holds one value, and columns of it say of what (an export of most databases).

A chunk's rows are put together by name (and unit), as slices where names come in turns or in runs, which is what nearly all
exports do; from there on a name is treated as a column of a wide table is.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from itertools import compress, groupby
from operator import itemgetter, ne

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import LongTable, MappedColumn
from mesonet.domain.observation import MISSING, NOT_EVALUATED, Batch, Reject
from mesonet.domain.units import Conversion, UnknownUnit, converter
from mesonet.domain.units import parse as parse_unit
from mesonet.formats.columns import Loose, Numbers, Series, batches
from mesonet.formats.reading import Context, Piece, Remark
from mesonet.formats.table import SHOWN, Chunk, once
from mesonet.formats.tables.mapped_table import Mapped, Plan, doubted, numbers_of
from mesonet.record import dataclass, replace

_SHORTEST_RUN = 16  # rows on average for which it is worth taking runs as they are
_UNITS = 8  # of one name: a table that is a table has one, sometimes two
_KEPT = 10_000  # texts of names and units remembered
_TOLD = 1000  # names that are left out and counted
_SHOWN = 8  # of them that are told

type Where = slice | list[int]
type Key = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A name in one unit. `fault` says why its values cannot be taken."""

    column: MappedColumn
    called: str
    unit: str
    conversion: Conversion
    numbers: Numbers
    fault: str = ""


def groups(keys: Sequence[Key]) -> Iterator[tuple[Key, Where]]:
    """Which rows have which key; a key may come in several groups."""
    first, count = keys[0], len(keys)
    if keys.count(first) == count:
        yield first, slice(None)
        return
    step = keys.index(first, 1) if first in keys[1:] else count
    if step < count // 2 and keys[step:] == keys[:-step]:
        for at in range(step):
            yield keys[at], slice(at, None, step)
        return
    if sum(map(ne, keys, keys[1:])) < count // _SHORTEST_RUN:
        at = 0
        for key, run in groupby(keys):
            end = at + sum(1 for _ in run)
            yield key, slice(at, end)
            at = end
        return
    places: dict[Key, list[int]] = {}
    for at, key in enumerate(keys):
        if key in places:
            places[key].append(at)
        else:
            places[key] = [at]
    yield from places.items()


def picked[Value](values: Sequence[Value], where: Where) -> Sequence[Value]:
    """The values of some rows."""
    if isinstance(where, slice):
        return values[where]
    found: Sequence[Value] = itemgetter(*where, where[0])(values)  # one more than needed, so that one row gives a tuple too
    return found[:-1]


class Long(Mapped):
    """A long table with a mapping: its chunks as observations."""

    def __init__(self, header: list[str], plan: Plan, context: Context) -> None:
        super().__init__(header, plan, context)
        self._long: LongTable = plan.mapping.long or LongTable(names=(), value="")
        self._columns = {each.column.strip(): each for each in plan.mapping.columns}
        self._names = [plan.long[name] for name in self._long.names]
        self._value = plan.long[self._long.value]
        self._unit = plan.long.get(self._long.unit or "")
        self._quality = plan.long.get(self._long.quality or "")
        self.loose |= {at: Loose(plan.mapping.missing) for at in plan.long.values() if at != self._value}
        self._unitless = frozenset(map(str.strip, plan.mapping.missing)) | {""}
        self._flags = {text.strip(): flag for text, flag in self._long.flags.items()}
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._known: dict[Key, _Kind | None] = {}  # by the texts as they stand
        self._none = Numbers(())  # of values that are in no unit
        self._left: Counter[str] = Counter()
        self._untold: set[str] = set()
        self._instead: dict[tuple[str, str], str] = {}
        self._groups: list[Where] = []  # the rows of each series of the last `weigh`
        self._given = 0

    def take(self, chunk: Chunk, span: tuple[int, int] | None = None) -> Iterator[Piece]:
        chunk, passed = once(chunk, self.header)
        self.passed += passed
        if not chunk.rows:
            return
        keys = self._keys_of(chunk)
        for key in dict.fromkeys(keys):
            if key not in self._known:
                self._learn(key)
        if None in self._known.values():
            keep = [self._known[key] is not None for key in keys]
            if not all(keep):
                yield from self._unnamed(chunk, keys, keep)
                chunk, span = chunk.where(keep), None
        if chunk.rows:
            yield from super().take(chunk, span)
        if len(self._known) > _KEPT:
            self._known.clear()

    def _keys_of(self, chunk: Chunk) -> Sequence[Key]:
        """Name, or parts of the name, and unit of each row."""
        columns = [chunk.columns[at] for at in (*self._names, *([] if self._unit is None else [self._unit]))]
        if len(columns) > 1:
            return list(zip(*columns, strict=True))
        return columns[0]

    def _learn(self, key: Key) -> None:
        parts = (key,) if isinstance(key, str) else key
        name = " ".join(parts[: len(self._names)]).strip()
        unit = parts[-1].strip() if self._unit is not None else ""
        column = self._columns.get(name)
        self._known[key] = None if column is None else self._kind(name, column, "" if unit in self._unitless else unit)

    def _kind(self, name: str, column: MappedColumn, told: str) -> _Kind:
        """A name of the mapping in the unit that a row tells, else in that of the mapping."""
        standard_name, unit, fault = column.parameter.standard_name, told or column.unit or "", ""
        try:
            conversion = converter(unit, standard_name)
        except UnknownUnit as exc:
            fault = exc.detail if told else "the row tells no unit, and the mapping gives none"
            if column.unit is not None and told and not _is_unit(told):  # the operator's word for a word that nobody knows
                self._instead[name, told] = unit = column.unit
                conversion, fault = converter(unit, standard_name), ""
            else:
                conversion = Conversion(unit)
        others = [each for each in self._kinds.values() if each.column is column and not each.fault]
        if not fault and (found := next((each for each in others if each.unit == unit), None)):
            return found
        if len(others) == _UNITS:
            fault = f"values of {name[:SHOWN]} are in more than {_UNITS} units"
        if fault:
            return _Kind(column, name, unit, conversion, self._none, fault)
        numbers = numbers_of(self.plan.mapping, conversion, column, unit)
        kind = self._kinds[name, unit] = _Kind(column, f"{name} ({unit})" if others else name, unit, conversion, numbers, "")
        return kind

    def _unnamed(self, chunk: Chunk, keys: Sequence[Key], keep: Sequence[bool]) -> Iterator[Reject]:
        """Rows whose name the mapping does not have: told by name at the end; one without a name is a reject."""
        count = len(self._names)
        for key, rows in Counter(compress(keys, (not kept for kept in keep))).items():
            name = " ".join((key,) if isinstance(key, str) and count == 1 else key[:count]).strip()[:SHOWN]
            if name:
                self._left[name if name in self._left or len(self._left) < _TOLD else "others"] += rows
            else:
                column = " ".join(self._long.names)
                yield from (
                    Reject(reason="the row does not say of what it is", row=chunk.rows[at], column=column)
                    for at, other in enumerate(keys)
                    if other == key and any(each[at].strip() for each in chunk.columns)  # a spreadsheet's empty row
                )

    def weigh(self, chunk: Chunk) -> Generator[Piece, None, list[Series]]:
        """Rejects fields that are no numbers; returns the columns, one for each group of rows."""
        series: list[Series] = []
        self._groups = []
        texts = chunk.columns[self._value]
        flags = self._flagged(chunk)
        for key, where in groups(self._keys_of(chunk)):
            kind = self._known[key]
            if kind is None:  # taken out before
                continue
            mine, rows = picked(texts, where), picked(chunk.rows, where)
            if kind.fault:
                units = picked(chunk.columns[self._unit] if self._unit is not None else texts, where)
                column = self._long.unit or self._long.value
                for at, count in self._told_fields.of(range(len(rows))):
                    yield Reject(reason=kind.fault, row=rows[at], column=column, value=units[at][:SHOWN], count=count)
                continue
            kind.numbers.weigh(mine)
            yield from kind.numbers.rejects(self._long.value, mine, rows)
            self._given += len(rows)
            if self._values:
                values, own = kind.numbers.column(mine)
                if flags is not None:
                    values, own = _with_flags(values, own, picked(flags, where))
                series.append(Series(kind.column.parameter, kind.conversion.unit, kind.unit, values, mine, own))
                self._groups.append(where)
        for at, loose in self.loose.items():
            loose.weigh(chunk.columns[at])
        return series

    def _flagged(self, chunk: Chunk) -> list[int] | None:
        """What the rows' texts of quality mean; None where all mean nothing."""
        if self._quality is None or not self._values:
            return None
        texts = chunk.columns[self._quality]
        known = {text: self._flags.get(text.strip(), NOT_EVALUATED) for text in set(texts)}
        if len(self._untold) <= _SHOWN:
            self._untold |= {text.strip()[:SHOWN] for text in known} - self._flags.keys() - self._unitless
        return None if set(known.values()) == {NOT_EVALUATED} else list(map(known.__getitem__, texts))

    def series_of(self, stations: Sequence[str], chunk: Chunk) -> Sequence[str]:
        names = zip(*(chunk.columns[at] for at in self._names), strict=True)  # whatever the unit of a row
        return [f"{station}\n{name}" for station, name in zip(stations, names, strict=True)]

    def batches(
        self, stations: Sequence[str] | str, times: list[int], rows: Sequence[int], series: Sequence[Series]
    ) -> Iterator[Batch]:
        for each, where in zip(series, self._groups, strict=True):
            of = stations if isinstance(stations, str) else picked(stations, where)
            yield from batches(of, list(picked(times, where)), picked(rows, where), [each])

    def remarks(self) -> Iterator[Piece]:
        yield from super().remarks()
        for kind in self._kinds.values():
            yield from doubted(replace(kind.column, column=kind.called, unit=kind.unit), kind.numbers.mean)
        if self._left:
            names = ", ".join(f"{name[:40]} ({count})" for name, count in self._left.most_common(_SHOWN))
            more = len(self._left) - _SHOWN
            yield Remark(f"rows of names that the mapping does not have were left: {names}{f' and {more} more' * (more > 0)}")
        for (name, told), unit in list(self._instead.items())[:_SHOWN]:
            yield Remark(f"of {name[:40]} the unit {told[:40]!r} is not known and was taken as {unit}, as the mapping says")
        if self._untold:
            names = ", ".join(sorted(self._untold)[:_SHOWN])
            yield Remark(f"{self._long.quality}: the mapping does not say what {names} means; it flags nothing")
        if self.passed:
            yield Remark(f"{self.passed} rows are the header once more, or annotations, and were passed over")

    def facts(self) -> Iterator[ColumnFacts]:
        named = {kind.called for kind in self._kinds.values()}
        for each in super().facts():
            if each.name == self.header[self._value]:
                each = ColumnFacts(name=each.name, kind="number", values=self._given)
            if each.name not in named:  # columns go by their name
                yield each
        for kind in self._kinds.values():
            unit, parameter = kind.conversion.unit, kind.column.parameter.id
            yield kind.numbers.facts(kind.called, parameter=parameter, unit=unit, received=kind.unit)


def _is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except UnknownUnit:
        return False
    return True


def _with_flags(values: list[float | None], flags: list[int], told: Sequence[int]) -> tuple[list[float | None], list[int]]:
    """Values with the flags of their source; what that calls missing is none."""
    return (
        [None if flag == MISSING else value for value, flag in zip(values, told, strict=True)],
        [MISSING if MISSING in (own, flag) else flag for own, flag in zip(flags, told, strict=True)],
    )
