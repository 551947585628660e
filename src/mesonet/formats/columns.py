"""What a column of texts says: numbers, converted; what is missing; what is no number; and the facts of all of it.

A station's column has few distinct texts, so each is understood once and the column is looked up.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import isfinite, sumprod
from operator import itemgetter

from mesonet.domain.file import DISTINCT_LISTED, ColumnFacts
from mesonet.domain.observation import Batch, Column, Quality, Reject
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import Conversion
from mesonet.formats.table import SHOWN

ABSURD = 1e12  # no quantity of weather in any unit comes near; what does is a counter, a serial number or an attack
KEPT = 65_536  # distinct texts remembered per column

_MISSING = int(Quality.MISSING)
_TAKEN = int(Quality.NOT_EVALUATED)
_UNSEEN = float("inf")  # no number that is taken is infinite


class Numbers:
    """A column of numbers. `faults` are the texts of the last `weigh` that are none, with the reason."""

    def __init__(self, missing: Iterable[str], *, decimal: str = ".", conversion: Conversion | None = None) -> None:
        self._missing = frozenset(token.strip() for token in missing) | {""}
        self._marks = frozenset(_marks(self._missing, decimal))
        self._decimal = decimal
        self._conversion = conversion
        self._known: dict[str, float | None] = {}
        self._canonical: dict[str, float | None] = {}
        self._total = 0.0
        self.faults: dict[str, str] = {}
        self.values = 0
        self.missing = 0
        self.minimum: float | None = None
        self.maximum: float | None = None
        self._distinct = _Distinct()

    def weigh(self, texts: Sequence[str]) -> None:
        """Takes the texts of a chunk into the facts."""
        if len(self._known) > KEPT:
            self._known.clear()
            self._canonical.clear()
        known = self._known
        self.faults.clear()
        counts = Counter(texts)
        self._distinct.add(counts)
        numbers, times = list(map(known.get, counts, repeat(_UNSEEN))), list(counts.values())
        if _UNSEEN in numbers:
            self._learn(text for text, number in zip(counts, numbers, strict=True) if number is _UNSEEN)
            numbers = list(map(known.get, counts))
        if None in numbers:
            self.missing += sum(times[at] for at, text in enumerate(counts) if numbers[at] is None and text not in self.faults)
            times = [count for count, number in zip(times, numbers, strict=True) if number is not None]
            numbers = [number for number in numbers if number is not None]
        if numbers:
            floats: list[float] = numbers  # type: ignore[assignment]
            low, high = min(floats), max(floats)
            self.minimum = low if self.minimum is None or low < self.minimum else self.minimum
            self.maximum = high if self.maximum is None or high > self.maximum else self.maximum
            self.values += sum(times)
            self._total += sumprod(floats, times)

    @property
    def mean(self) -> float | None:
        return float(f"{self._total / self.values:.7g}") if self.values else None

    def _learn(self, texts: Iterable[str]) -> None:
        for text in texts:
            number = self._number(text)
            if text not in self.faults:
                self._known[text] = number

    def canonical(self, texts: Iterable[str]) -> dict[str, float | None]:
        """Canonical values of texts that were weighed just now; what is missing is None, what is no number is not there."""
        conversion, known = self._conversion, self._known
        if conversion is None or conversion.identity:
            return known
        canonical = self._canonical
        for text in set(texts).difference(canonical):
            if text in known:
                number = known[text]
                canonical[text] = None if number is None else conversion(number)
        return canonical

    def column(self, texts: Sequence[str]) -> tuple[list[float | None], list[int]]:
        """Canonical values and flags of texts that were weighed just now; what is missing or no number is None."""
        values = list(map(self.canonical(texts).get, texts))
        if None in values:
            return values, [_MISSING if value is None else _TAKEN for value in values]
        return values, [_TAKEN] * len(values)

    def rejects(self, name: str, texts: Sequence[str], rows: Sequence[int]) -> Iterator[Reject]:
        """The fields that `faults` speak of."""
        if not self.faults:
            return
        for row, text in zip(rows, texts, strict=True):
            reason = self.faults.get(text)
            if reason:
                yield Reject(reason=reason, row=row, column=name, value=text[:SHOWN])

    def facts(
        self, name: str, *, parameter: str | None = None, unit: str | None = None, received: str | None = None
    ) -> ColumnFacts:
        return ColumnFacts(
            name=name,
            kind="number",
            parameter=parameter,
            unit=unit,
            unit_received=received,
            values=self.values,
            missing=self.missing,
            minimum=self.minimum,
            maximum=self.maximum,
            mean=self.mean,
            distinct=self._distinct.listed(),
        )

    def _number(self, text: str) -> float | None:
        token = text.strip()
        if token in self._missing:
            return None
        if self._decimal != ".":
            if "." in token:
                self.faults[text] = f"not a number whose decimal sign is {self._decimal!r}"
                return None
            token = token.replace(self._decimal, ".")
        try:
            number = float(token)
        except ValueError:
            self.faults[text] = "not a number"
            return None
        if not isfinite(number):
            self.faults[text] = "not a finite number"
        elif not -ABSURD < number < ABSURD:
            self.faults[text] = "beyond any measurement"
        elif "_" in token or not token.isascii():
            self.faults[text] = "not a number"
        elif number not in self._marks:
            return number
        return None


class _Distinct:
    """The different texts of a column, as long as they are few."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: set[str] | None = set()

    def add(self, texts: Collection[str]) -> None:
        if self._texts is None:
            return
        if len(texts) > DISTINCT_LISTED or len(self._texts.union(texts)) > DISTINCT_LISTED:
            self._texts = None
        else:
            self._texts.update(texts)

    def listed(self) -> tuple[str, ...]:
        return tuple(sorted(text[:SHOWN] for text in self._texts)) if self._texts else ()


def _marks(missing: Iterable[str], decimal: str) -> Iterator[float]:
    """Missing tokens that are numbers: -9999 means -9999.00 too."""
    for token in missing:
        try:
            number = float(token.replace(decimal, "."))
        except ValueError:
            continue
        if isfinite(number):
            yield number


class Loose:
    """The facts of a column that nobody has mapped: numbers until something is none, then text. No mean: nobody asked."""

    __slots__ = ("_distinct", "_marks", "_maximum", "_minimum", "_missing", "_numeric", "_rows", "_seen", "_tokens")

    def __init__(self, missing: Iterable[str]) -> None:
        self._tokens = frozenset(missing) | {""}
        self._marks = frozenset(_marks(self._tokens, "."))
        self._seen: set[str] = set()
        self._numeric = True
        self._minimum: float | None = None
        self._maximum: float | None = None
        self._rows = 0
        self._missing = 0
        self._distinct = _Distinct()

    def weigh(self, texts: Sequence[str]) -> None:
        """Takes the texts of a chunk into the facts."""
        distinct = set(texts)
        self._distinct.add(distinct)
        self._rows += len(texts)
        for token in distinct & self._tokens:
            self._missing += texts.count(token)
        if self._numeric:
            self._weigh_numbers(distinct - self._seen - self._tokens)
            self._seen = distinct if len(self._seen) > KEPT else self._seen | distinct

    def _weigh_numbers(self, new: set[str]) -> None:
        try:
            numbers = [float(text) for text in new if "_" not in text] if new else []
        except ValueError:
            numbers = []
        if len(numbers) < len(new) or not all(map(isfinite, numbers)):
            self._numeric = False
            return
        numbers = [number for number in numbers if number not in self._marks]
        if numbers:
            self._minimum = min(numbers) if self._minimum is None else min(self._minimum, *numbers)
            self._maximum = max(numbers) if self._maximum is None else max(self._maximum, *numbers)

    def facts(self, name: str, kind: str | None = None) -> ColumnFacts:
        values = self._rows - self._missing
        if self._numeric and self._minimum is not None and kind is None:
            return ColumnFacts(
                name=name,
                kind="number",
                values=values,
                missing=self._missing,
                minimum=self._minimum,
                maximum=self._maximum,
                distinct=self._distinct.listed(),
            )
        return ColumnFacts(
            name=name, kind=kind or "text", values=values, missing=self._missing, distinct=self._distinct.listed()
        )


@dataclass(frozen=True, slots=True)
class Series:
    """A parameter's column of a chunk, of all stations."""

    parameter: Parameter
    unit: str
    unit_received: str
    values: list[float | None]
    received: Sequence[str]
    flags: list[int]


def batches(stations: Sequence[str] | str, times: list[int], rows: Sequence[int], series: Sequence[Series]) -> Iterator[Batch]:
    """A chunk's columns, station by station."""
    if isinstance(stations, str):
        yield _batch(stations, times, list(rows), [(s, s.values, list(s.received), s.flags) for s in series])
        return
    places: dict[str, list[int]] = {}
    for at, station in enumerate(stations):
        if station in places:
            places[station].append(at)
        else:
            places[station] = [at]
    for station, at_rows in places.items():
        pick = itemgetter(*at_rows, at_rows[0])  # one more than needed, so that a single row gives a tuple too
        yield _batch(
            station,
            list(pick(times)[:-1]),
            list(pick(rows)[:-1]),
            [(s, list(pick(s.values)[:-1]), list(pick(s.received)[:-1]), list(pick(s.flags)[:-1])) for s in series],
        )


def _batch(
    station: str,
    times: list[int],
    rows: list[int],
    series: Sequence[tuple[Series, list[float | None], list[str], list[int]]],
) -> Batch:
    return Batch(
        station_id=station,
        times=times,
        rows=rows,
        columns={
            s.parameter: Column(unit=s.unit, unit_received=s.unit_received, values=values, received=received, flags=flags)
            for s, values, received, flags in series
        },
    )
