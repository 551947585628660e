"""What a column of texts says: numbers, converted; what is missing; what is no number; and the facts of all of it.

A station's column has few distinct texts, so each is understood once and the column is looked up.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, repeat
from math import inf, isfinite, nan
from operator import itemgetter

from mesonet.domain.file import DISTINCT_LISTED, ColumnFacts
from mesonet.domain.observation import MISSING, NOT_EVALUATED, Batch, Column, Reject
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import Conversion, UnknownUnit, parse_exactly
from mesonet.domain.units import parse as parse_unit
from mesonet.formats.compass import BEARINGS
from mesonet.formats.table import SHOWN, Told, Typed
from mesonet.record import all_of_members, dataclass, of_members
from mesonet.regex import regex

ABSURD = 1e12  # no quantity of weather in any unit comes near; what does is a counter, a serial number or an attack
KEPT = 65_536  # distinct texts remembered per column
KEPT_BY_ALL = 400_000  # and by all columns together: some 50 MB
SUMMED = 8_192  # of which it is remembered what they add to a sum: more of nine columns would not stay in a processor's cache
FEW = 64  # texts that are sooner parsed than looked up: of a table of 300 columns a block has 40 rows
ALONE = 256  # stations of a row each whose batches are made at once: they stay in a processor's cache
COUNTED = 3  # texts that it is faster to look for one by one
ABSENT = 64  # ways in which one column says that a value is missing; more are an attack

TRACES = dict.fromkeys(("T", "TR", "TRACE"), 0.0)  # of precipitation or snow too little to be measured
LEAVING_TRACES = frozenset(
    ("precipitation_amount", "rainfall_amount", "thickness_of_snowfall_amount", "surface_snow_thickness")
)
AMOUNTS = LEAVING_TRACES | {"duration_of_sunshine", "water_evaporation_amount"}  # of which there may be too little to be told
MINUS = ("\u2212", "\u2013")  # as typesetting has it: a minus, or a dash as wide as a figure
_DEGREES = Conversion("deg")
WITH_UNIT = regex(r"([-+]?\d(?:[\d.,'’\s]*\d)?)\s*([^\d\s.,].{0,20})")  # `8.5 °C`


class _Share:
    """Of what all columns together may remember: each forgets its own when they have learned so much since it last did."""

    __slots__ = ("_since",)
    _learned = 0

    def __init__(self) -> None:
        self._since = _Share._learned

    def is_spent(self, learned: int) -> bool:
        """Whether it is time to forget; asked each time that something was learned, with how much."""
        _Share._learned += learned
        if _Share._learned - self._since <= KEPT_BY_ALL:
            return False
        self._since = _Share._learned
        return True


class Numbers:
    """A column of numbers. `faults` are the texts of the last `weigh` that are none, with the reason.

    Weighing is one pass in C over the column, each text looked up in what it adds to the sum; only texts that are met for the
    first time are understood, and only then can there be a new minimum or maximum. A column in which nearly every text is
    another one is parsed instead, as long as it holds nothing but plain numbers.
    """

    def __init__(
        self,
        missing: Iterable[str],
        *,
        decimal: str = ".",
        conversion: Conversion | None = None,
        thousands: str = "",
        unit: str = "",
        words: Mapping[str, float] | None = None,
        traces: Iterable[str] = (),
        most: float = ABSURD,
    ) -> None:
        """`thousands` is what parts the thousands of numbers, if anything does; `unit` is what numbers may end in; `words`
        stand for numbers, `traces` for 0; from `most` on nothing is one."""
        self._missing, self._marks = _absences(tuple(missing) if not isinstance(missing, frozenset) else missing, decimal)
        self._traces = frozenset(map(str.strip, traces))
        self._codes = self._marks.union(_marks(self._traces, decimal)) if traces else self._marks
        self._decimal = decimal
        self._thousands = thousands
        self._unit = unit
        self._words = words or (BEARINGS if conversion is not None and conversion == _DEGREES else {})
        self._most = most
        self._conversion = conversion
        self._summands: defaultdict[str, float] = defaultdict(float)  # a text adds nothing until it is understood
        self._learned: _Learning[float | None] | None = None  # of a file whose values are wanted
        self._absent: set[str] = set()  # texts met that stand for a missing value
        self._gap = nan  # what they add to the sum: where there are none as a rule, one shows in it, and none need be counted
        self._faulty: dict[str, str] = {}  # texts met that are no numbers
        self._different = False
        self._share = _Share()
        self._total = 0.0
        self.faults: dict[str, str] = {}
        self.values = self._sought = 0  # and how many would be if the last texts were all numbers
        self.missing = 0
        self.minimum: float | None = None
        self.maximum: float | None = None
        self.distinct = _Distinct()
        self._told: Told | None = None

    def weigh(self, texts: Sequence[str]) -> None:
        """Takes the texts of a chunk into the facts."""
        self.faults.clear()
        self._sought = self.values + len(texts)
        if not texts:
            return
        if type(texts) is Typed:  # what an abstract class asks of other types takes longer
            given = texts.values
            if given[0] == given[-1] and given.count(given[0]) == len(given):
                self._weigh_one(texts[0], len(given))
                return
            if self._weigh_typed(texts):
                return
            texts = list(texts)
        if texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
            self._weigh_one(texts[0], len(texts))
            return
        if (self._different or len(texts) < FEW) and self._weigh_plain(texts):
            return
        summands = self._summands
        before, values = len(summands), len(texts)
        look_up = itemgetter(*texts)
        total = sum(numbers := look_up(summands))
        if len(summands) != before:
            self._learn(list(islice(reversed(summands), len(summands) - before)))
            total = sum(numbers := look_up(summands))
        if total != total and self._absent:
            self._expect_gaps(0.0)
            total = sum(numbers := look_up(summands))
        if total != total:  # something is no number
            total = sum(number for number in numbers if number == number)
            met = self._faulty.keys() & set(texts)
            self.faults.update((text, self._faulty[text]) for text in met)
            values -= sum(map(texts.count, met)) if len(met) <= COUNTED else sum(map(met.__contains__, texts))
        if self._gap == 0:
            missing = self._gaps(texts, numbers)
            self.missing += missing
            values -= missing
            if not missing:
                self._expect_gaps(nan)
        self._total += total
        self.values += values
        if len(summands) != before:
            self.distinct.add(summands)
        spent = self._share.is_spent(len(summands) - before)
        if spent or len(summands) > SUMMED:
            # what is left of the column is worth remembering where this much of it repeated itself
            self._different = 2 * (len(summands) - before) > len(texts)
            self._forget()

    def _weigh_one(self, text: str, count: int) -> None:
        """The same of a chunk of one text, as of a column that says nothing."""
        number = self._number(text)
        if number is not None:
            self._stretch((number,))
            self._total += sum([number] * count)
            self.values += count
        elif text in self._faulty:
            self.faults[text] = self._faulty[text]
        else:
            self._absent.add(text)
            self.missing += count
        self.distinct.add((text,))

    def _weigh_plain(self, texts: Sequence[str]) -> bool:
        """The same of a chunk of plain numbers and known missing texts; where it is none, does nothing and says so."""
        absent = self._absent
        numbers = self._plain([text for text in texts if text not in absent] if absent else texts)
        if numbers is None or not self._add(numbers, len(texts)):
            return False
        if self.distinct.open:
            self.distinct.add({*texts})
        return True

    def _plain(self, texts: Sequence[str]) -> list[float] | None:
        """The numbers of texts that are all plain; they may still be beyond measure, or stand for a missing value."""
        joined = "".join(texts)
        if "_" in joined or not joined.isascii() or self._decimal != ".":
            return None
        try:
            return list(map(float, texts))
        except ValueError:
            return None

    def _weigh_typed(self, column: Typed) -> bool:
        """The same of numbers that are no texts."""
        if self._decimal != ".":
            return False
        given = column.values
        try:
            whole = isfinite(sum(given))
        except TypeError:
            whole = False
        if not whole:
            given = [value for value in given if value is not None and value == value]
        if not self._add(given, len(column)):
            return False
        if self.distinct.open:
            missing = {""} if len(given) < len(column) else set()
            self.distinct.add(missing.union(map(column.text, set(given))))
        return True

    def _add(self, numbers: Sequence[float], rows: int) -> bool:
        """Takes the numbers of so many rows into the facts; where one may be none does nothing, and says so."""
        if numbers:
            total = sum(numbers)
            if not isfinite(total) or not self._stretch(numbers):
                return False
            self._total += total
        self.values += len(numbers)
        self.missing += rows - len(numbers)
        return True

    def _stretch(self, numbers: Sequence[float]) -> bool:
        """Takes numbers into the minimum and the maximum; where one may be none does nothing, and says so."""
        low, high = min(numbers), max(numbers)
        if low <= -self._most or high >= self._most or any(low <= code <= high and code in numbers for code in self._codes):
            return False
        self.minimum = float(low) if self.minimum is None or low < self.minimum else self.minimum
        self.maximum = float(high) if self.maximum is None or high > self.maximum else self.maximum
        return True

    def _gaps(self, texts: Sequence[str], numbers: Sequence[float]) -> int:
        """How many texts stand for a missing value, where these add nothing to the sum of the numbers that were looked up."""
        if self.minimum is None or self.maximum is None or self.minimum > 0 or self.maximum < 0:
            return numbers.count(0.0)  # so does no number that was met; and numbers are compared faster than texts
        if len(self._absent) <= COUNTED:
            return sum(map(texts.count, self._absent))
        return sum(map(self._absent.__contains__, texts))

    def _expect_gaps(self, summand: float) -> None:
        self._gap = summand
        self._summands.update(dict.fromkeys(self._absent, summand))

    def _forget(self) -> None:
        self._summands.clear()
        self._faulty.clear()
        if len(self._absent) > ABSENT:
            self._absent.clear()

    @property
    def mean(self) -> float | None:
        if not self.values or not isfinite(self._total):
            return None
        return float(f"{self._total / self.values:.7g}")

    def _learn(self, texts: Collection[str]) -> None:
        """Understands texts that were not met before: all at once where they are plain, as nearly all are."""
        given = [text for text in texts if text not in self._missing]
        numbers = self._plain(given)
        if numbers and isfinite(sum(numbers)) and self._stretch(numbers):
            self._summands.update(zip(given, numbers, strict=True))
            texts = self._missing.intersection(texts)
        self._summands.update((text, self._summand(text)) for text in texts)

    def _summand(self, text: str) -> float:
        """What a text adds to the sum; what is no number makes it none, so that it is seen."""
        number = self._number(text)
        if number is not None:
            self._stretch((number,))
            return number
        if text in self._faulty:
            return nan
        self._absent.add(text)
        return self._gap

    def _converted(self, text: str) -> float | None:
        number = self._number(text)
        return number if number is None or self._conversion is None else self._conversion(number)

    def _canonical(self) -> dict[str, float | None]:
        if self._learned is None:
            self._learned = _Learning(self._converted)
        self._learned.tidy()
        return self._learned

    def canonical(self, texts: Iterable[str]) -> dict[str, float | None]:
        """Canonical values of texts that were weighed just now; what is missing or no number is None."""
        canonical = self._canonical()
        for text in set(texts).difference(canonical):
            canonical[text]  # learned by being asked for
        return canonical

    def column(self, texts: Sequence[str]) -> tuple[list[float | None], list[int]]:
        """Canonical values and flags of texts that were weighed just now; what is missing or no number is None."""
        if texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
            values = [self._canonical()[texts[0]]] * len(texts)
        else:
            values = list(map(self._canonical().__getitem__, texts))
        if self.values < self._sought:
            return values, [MISSING if value is None else NOT_EVALUATED for value in values]
        return values, [NOT_EVALUATED] * len(values)

    def rejects(self, name: str, texts: Sequence[str], rows: Sequence[int], told: Told | None = None) -> Iterator[Reject]:
        """The fields that `faults` speak of; `told` is that of all columns of a file."""
        if not self.faults:
            return
        lost = [at for at, text in enumerate(texts) if text in self.faults]
        if told is None:
            told = self._told = self._told or Told()
        for at, count in told.of(lost):
            yield Reject(reason=self.faults[texts[at]], row=rows[at], column=name, value=texts[at][:SHOWN], count=count)

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
            distinct=self.distinct.listed(),
        )

    def _number(self, text: str) -> float | None:
        token = text.strip()
        if token in self._missing:
            return None
        if token in self._traces:
            return 0.0
        if self._words and (number := self._words.get(token.upper())) is not None:
            return number
        try:
            number = self._read(token)
        except ValueError as exc:
            number = self._read_with_unit(token)
            if number is None:
                self._faulty[text] = str(exc)
        if number in self._codes:
            return None if number in self._marks else 0.0
        return number

    def _read(self, token: str) -> float:
        """Raises ValueError with the reason."""
        if self._thousands:
            token = ungrouped(token, self._thousands, self._decimal)
        if self._decimal != ".":
            if "." in token:
                raise ValueError(f"not a number whose decimal sign is {self._decimal!r}")
            token = token.replace(self._decimal, ".")
        if token.startswith(MINUS):
            token = f"-{token[1:]}"
        try:
            number = float(token)
        except ValueError:
            raise ValueError("not a number") from None
        if not isfinite(number):
            raise ValueError("not a finite number")
        if not -self._most < number < self._most:
            raise ValueError("beyond any measurement")
        if "_" in token or not token.isascii():
            raise ValueError("not a number")
        return number

    def _read_with_unit(self, token: str) -> float | None:
        """A number that its own unit stands behind; None of any other text."""
        match = WITH_UNIT.fullmatch(token) if self._unit else None
        try:
            if not match or (match[2] != self._unit and parse_exactly(match[2]) != parse_unit(self._unit)):
                return None
            return self._read(match[1].strip())
        except (UnknownUnit, ValueError):
            return None


def ungrouped(token: str, sign: str, decimal: str) -> str:
    """A number without the sign between its thousands. Raises ValueError where that stands anywhere else."""
    token = token.replace("\u00a0", " ").replace("\u202f", " ") if sign == " " else token
    if sign not in token:
        return token
    whole, _, part = token.partition(decimal)
    first, *groups = whole.lstrip("+-").split(sign)
    if sign in part or not (
        0 < len(first) < 4 and first.isdecimal() and all(len(each) == 3 and each.isdecimal() for each in groups)
    ):
        raise ValueError(f"not a number whose thousands are parted by {sign!r}")
    return token.replace(sign, "")


class _Learning[Value](dict[str, Value]):
    """What texts mean; one that is met for the first time is understood then."""

    __slots__ = ("_known", "_share", "_understand")

    def __init__(self, understand: Callable[[str], Value]) -> None:
        self._understand = understand
        self._share = _Share()
        self._known = 0

    def tidy(self) -> None:
        """Forgets all where that is too much."""
        if self._share.is_spent(len(self) - self._known) or len(self) > KEPT:
            self.clear()
        self._known = len(self)

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._understand(text)
        return value


class _Distinct:
    """The different texts of a column, as long as they are few."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: set[str] | None = set()

    @property
    def open(self) -> bool:
        """Whether they are few so far."""
        return self._texts is not None

    def add(self, texts: Collection[str]) -> None:
        if self._texts is None or self._texts.issuperset(texts):
            return
        if len(texts) > DISTINCT_LISTED or len(self._texts.union(texts)) > DISTINCT_LISTED:
            self._texts = None
        else:
            self._texts.update(texts)

    def listed(self) -> tuple[str, ...]:
        return tuple(sorted(text[:SHOWN] for text in self._texts)) if self._texts else ()


@lru_cache(maxsize=64)
def _tokens(missing: tuple[str, ...]) -> frozenset[str]:
    return frozenset(missing) | {""}


@lru_cache(maxsize=64)
def _absences(missing: tuple[str, ...] | frozenset[str], decimal: str) -> tuple[frozenset[str], frozenset[float]]:
    """The texts that stand for a missing value, which thousands of columns share, and the numbers that do."""
    texts = frozenset(token.strip() for token in missing) | {""}
    return texts, frozenset(_marks(texts, decimal))


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
    """The facts of a column that nobody has mapped: numbers until something is none, then text."""

    __slots__ = ("_distinct", "_missing", "_numbers", "_rows", "_tokens")

    def __init__(self, missing: Iterable[str], *, decimal: str = ".") -> None:
        self._tokens = _tokens(tuple(missing))
        self._numbers: Numbers | None = Numbers(self._tokens, decimal=decimal, most=inf)
        self._rows = 0
        self._missing = 0
        self._distinct = _Distinct()

    def weigh(self, texts: Sequence[str]) -> None:
        """Takes the texts of a chunk into the facts."""
        if self._numbers is not None:
            before = self._numbers.missing
            self._numbers.weigh(texts)
            if not self._numbers.faults:
                self._rows += len(texts)
                return
            self._missing, self._distinct = before, self._numbers.distinct
            self._numbers = None
        distinct = set(texts)
        self._distinct.add(distinct)
        self._rows += len(texts)
        for token in distinct & self._tokens:
            self._missing += texts.count(token)

    def facts(self, name: str, kind: str | None = None) -> ColumnFacts:
        numbers = self._numbers
        if numbers is not None and numbers.values and kind is None:
            return numbers.facts(name)
        missing, distinct = (self._missing, self._distinct) if numbers is None else (numbers.missing, numbers.distinct)
        return ColumnFacts(
            name=name, kind=kind or "text", values=self._rows - missing, missing=missing, distinct=distinct.listed()
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
    if not isinstance(stations, str) and stations and stations.count(stations[0]) == len(stations):
        stations = stations[0]  # as in most chunks
    if isinstance(stations, str):
        yield _batch(stations, times, list(rows), [(s, s.values, list(s.received), s.flags) for s in series])
        return
    if len(series) < len(stations) == len(set(stations)):
        yield from _each_alone(stations, times, rows, series)
        return
    places: dict[str, list[int]] = {}
    for at, station in enumerate(stations):
        if station in places:
            places[station].append(at)
        else:
            places[station] = [at]
    for station, at_rows in places.items():
        first, behind = at_rows[0], at_rows[-1] + 1
        if behind - first == len(at_rows):  # one behind the other
            some = slice(first, behind)
            own = [(s, s.values[some], list(s.received[some]), s.flags[some]) for s in series]
            yield _batch(station, times[some], list(rows[some]), own)
            continue
        pick = itemgetter(*at_rows)
        yield _batch(
            station,
            list(pick(times)),
            list(pick(rows)),
            [(s, list(pick(s.values)), list(pick(s.received)), list(pick(s.flags))) for s in series],
        )


def _each_alone(stations: Sequence[str], times: list[int], rows: Sequence[int], series: Sequence[Series]) -> Iterator[Batch]:
    """A chunk's columns where each row is another station's: thousands may have one each."""
    parameters = dict.fromkeys(each.parameter for each in series)
    for begin in range(0, len(rows), ALONE):
        some = slice(begin, begin + ALONE)
        columns = [_rows_alone(each, some) for each in series]
        told: Iterable[dict[Parameter, Column]] = map(dict, map(zip, repeat(parameters), zip(*columns, strict=True)))
        if len(columns) < 2:  # keys that stand in a dictionary are hashed already
            told = map(dict.fromkeys, repeat(parameters), columns[0]) if columns else ({} for _ in rows[some])
        members = zip(stations[some], times[some], rows[some], told, strict=True)
        yield from all_of_members(
            Batch,
            [{"station_id": station, "times": [time], "rows": [row], "columns": own} for station, time, row, own in members],
        )


def _rows_alone(s: Series, some: slice) -> list[Column]:
    """Each row's own column."""
    unit, unit_received = s.unit, s.unit_received
    return all_of_members(
        Column,
        [
            {"unit": unit, "unit_received": unit_received, "values": [value], "received": [text], "flags": [flag]}
            for value, text, flag in zip(s.values[some], s.received[some], s.flags[some], strict=True)
        ],
    )


def _batch(
    station: str,
    times: list[int],
    rows: list[int],
    series: Sequence[tuple[Series, list[float | None], list[str], list[int]]],
) -> Batch:
    columns = {
        s.parameter: of_members(
            Column,
            {"unit": s.unit, "unit_received": s.unit_received, "values": values, "received": received, "flags": flags},
        )
        for s, values, received, flags in series
    }
    return of_members(Batch, {"station_id": station, "times": times, "rows": rows, "columns": columns})
