"""Bulletins of coded reports: where a report begins and ends, what day it means, and its values as columns.

Source: WMO-No. 386, Manual on the Global Telecommunication System, Part II, 2.3 (the abbreviated heading `TTAAii CCCC YYGGgg
BBB`) and Attachment II-15 (file names). A report says the day of the month and the hour. The month and the year come from a
date line above, else from a file name (of that attachment, or with a day or a month in it), else from when the file arrived:
the newest such day not after that.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import LATEST, SECOND, from_datetime, to_datetime
from mesonet.domain.observation import MISSING, NOT_EVALUATED, Batch, Column, Reject
from mesonet.domain.parameter import INSTANT, POINT, Parameter, usual
from mesonet.domain.units import Conversion, converter
from mesonet.formats.encoded import Encoded
from mesonet.formats.reading import Columns, Context, Extent, Inferred, Piece, Remark, Rows, Stream
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, numbered
from mesonet.record import dataclass
from mesonet.regex import regex

LONGEST_REPORT = 4000  # characters; the longest METAR with all its remarks has some 500
FAULTS_TOLD = 4  # of a report, each by itself; those beyond are one reject that counts them
FORECAST = "a forecast (TAF), which is no observation"
NOTHING = "the report says nothing that is taken"
TOO_LONG = "no report is as long as this; is there no '=' between them?"
HELD = 16_384  # reports held before they go out as columns
HELD_AS_CODES = 65_536  # and of those whose cells are codes, which take a tenth of the memory
MOST_CELLS = 400_000  # of such columns: reports with quantities of their own each, such as at other heights, leave most empty
MOST_KINDS = 5_000  # different quantities of a file whose facts are told

_HEADING = regex(r"(?P<type>[A-Z]{2})[A-Z]{2}\d{0,2}\s+[A-Z]{4}\s+\d{6}(?:\s+[A-Z]{3})?")
# before a report in the same line, where line ends were lost on the way
HEADED = regex(rf"{_HEADING.pattern}\s+(?=(?:[ABO][ABO]XX|METAR|SPECI)\s|[A-Z]{{4}}\s+\d{{6}}Z\s)")
_DATE = regex(r"(\d{4})/(\d{2})/(\d{2})\s+(\d{2}):(\d{2})(?:\s+UTC)?")
# OGIMET puts the time before the report, as six fields or as twelve figures
_DATED = regex(r"(?:[A-Z0-9]{4,5},(\d{4}),(\d\d),(\d\d),(\d\d),(\d\d),|(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)\s+(?=[A-Z]))")
_COMMAS = 6
NAMES = regex(r"(?:\"?[^\W\d_](?:[^\W\d]| )*\"?,){6}\"?[^\W\d_](?:[^\W\d]| )*\"?")  # of such columns, in Spanish too
_NUMBER = regex(r"\d{3,10}")  # of the channel, or how long the bulletin is
_PRODUCT = regex(r"(?!METAR|SPECI)[A-Z]{3}[A-Z0-9]{2,3}")  # what the US National Weather Service calls it, below: MTRICT
_ENVELOPE = regex(r"(?:ZCZC|NNNNN?)\b.*", re.IGNORECASE)
_SENT = regex(r"_C_[A-Z]{4}_(\d{14})")
_OF_A_DAY = regex(  # or of a month, and no version: v2019.12; one may end where the next begins
    r"(?<!\d)(?<!(?<![A-Za-z])[Vv])(?<!(?<![A-Za-z])(?i:ver|rev)[-_. ])(?<!(?<![A-Za-z])(?i:version|release)[-_. ])"
    r"(?=((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01])(?:[-_.T]?\d\d){0,3})?Z?(?!\d))"
)
_AFTER = 12 * 3600 * SECOND  # a file of a day may hold the night behind it
_CONTROLS = {**{code: None for code in range(32) if code not in (9, 10)}, 9: " "}
_A_DAY = 24 * 3600 * SECOND
_LEAD = 3600 * SECOND  # a report for twelve o'clock may be sent ten minutes before, and clocks differ
_NOTHING = (None, "", MISSING)
METAR = regex(
    r"(?:(?:METAR|SPECI)\s+)?(?:COR\s+)?[A-Z][A-Z0-9]{3}\s+(?:COR\s+)?(?:\d{6}Z(?=\s|=|$)(?!\s+(?:\d{4}/\d{4}|\d{6}\s))|NIL\b)",
    re.IGNORECASE,
)


# reports of other code forms, which may lie between those that are read; with a day and time UUDD is an aerodrome in Moscow
_FOREIGN = (
    (regex(r"(?:TT|UU|XX|II)(?:AA|BB|CC|DD)\s(?!\d{6}Z)"), "a sounding of the upper air (TEMP), which is not read"),
    (regex(r"(?:PP|QQ|EE)(?:AA|BB|CC|DD)\s(?!\d{6}Z)"), "winds of the upper air (PILOT), which are not read"),
    (regex(r"ZZYY\s"), "a buoy's report as text, which is not read: send it as BUFR"),
    (regex(r"CLIMAT\s"), "a month's report (CLIMAT), which is read in a file of such reports alone"),
    (regex(r"TAF\s"), FORECAST),
)


_ANY_FOREIGN = regex("|".join(begins.pattern for begins, _ in _FOREIGN))


def foreign(text: str) -> str | None:
    """Why a report is read nowhere here, by the letters with which its code form begins."""
    return next((why for begins, why in _FOREIGN if begins.match(text)), None) if _ANY_FOREIGN.match(text) else None


class _OneLineEnd:
    """Makes CR CR LF, with which a bulletin's line ends, one line end, so that rows are counted as the sender counts them."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._held = b""

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False))

    def read(self, count: int) -> bytes:
        while data := self._stream.read(count):
            data = self._held + data
            kept = len(data.rstrip(b"\r"))
            data, self._held = data[:kept].replace(b"\r\r\n", b"\n"), data[kept:]
            if len(self._held) > 2:
                data, self._held = data + self._held[:-2], self._held[-2:]
            if data:
                return data
        data, self._held = self._held, b""
        return data


@dataclass(frozen=True, slots=True)
class Heading:
    """The first two letters of an abbreviated heading, `SA` for METAR, `SM` for SYNOP of a main hour."""

    type: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that the file gives for the reports that follow."""

    moment: int


@dataclass(frozen=True, slots=True)
class Raw:
    """What stands between two ends of reports, its words parted by single spaces. `fault` says why it cannot be one."""

    row: int
    text: str
    fault: str | None = None


class Reports:
    """Parts a file into headings, dates and raw reports. A line that `begins` matches begins a report, whatever was before;
    one that is `alone` has nothing to do with the lines below it. One that is `_another` may begin one: it does where no '='
    follows, or only behind a second such line."""

    def __init__(self, stream: Stream, begins: re.Pattern[str], alone: re.Pattern[str] | None = None) -> None:
        self.text = Text(_OneLineEnd(stream))
        self._begins = begins
        self._alone = alone
        self._parts: list[str] = []
        self._row = 0
        self._length = 0
        self._held: tuple[int, list[str], int] | None = None  # row, parts and length above a line that is another's, or not
        self._unended = False  # such lines are others' until '=' comes
        self._headed = False  # whether the line above is a heading

    def _another(self, plain: str) -> bool:
        """Whether a line looks like the first of another report than the one so far. Asked for every line."""
        return False

    def __iter__(self) -> Iterator[Heading | Dated | Raw]:
        for row, line in numbered(self.text):
            plain = (line if line.isprintable() else line.translate(_CONTROLS)).strip()
            if plain:
                yield from self._line(row, plain)
        if self._parts:
            yield from self._close("the file ends in the middle of this report" if self.text.torn else None)

    def _line(self, row: int, plain: str) -> Iterator[Heading | Dated | Raw]:
        if plain[0] == "#":  # a comment, as of OGIMET
            return
        headed_above, self._headed = self._headed, False
        # a station's report in figures is nothing else, and most are such
        if not (plain[5:6] == " " and plain[:5].isdecimal()):
            if len(plain) < 40:  # as all of these are
                if headed_above and _PRODUCT.fullmatch(plain):
                    return
                if heading := _HEADING.fullmatch(plain):
                    self._headed = True
                    if self._parts and _NUMBER.fullmatch(self._parts[-1]):
                        self._parts.pop()  # the number of the bulletin that begins here
                    yield from self._close()
                    yield Heading(heading["type"])
                    return
                if date := _DATE.fullmatch(plain):
                    yield from self._close()
                    yield from _dated(date.groups())
                    return
                if _ENVELOPE.fullmatch(plain):
                    yield from self._close()
                    return
                if not self._parts and _NUMBER.fullmatch(plain):
                    return
            if dated := _DATED.match(plain):
                yield from self._close()
                yield from _dated([part for part in dated.groups() if part])
                plain = plain[dated.end() :].strip('"')  # as programs write that keep what OGIMET sent
            elif not self._parts and plain.count(",") == _COMMAS and NAMES.fullmatch(plain):
                return
            if headed := HEADED.match(plain):
                yield from self._close()
                yield Heading(headed["type"])
                plain = plain[headed.end() :]
        another = self._another(plain)
        if self._parts and (self._begins.match(plain) or self._parts[-1].endswith((" NIL", " nil"))):
            yield from self._close()
        elif another and (self._held or self._unended):
            yield from self._close()
            self._unended = True
        elif another:
            self._held, self._parts = (self._row, self._parts, self._length), []
        start = 0
        while (end := plain.find("=", start)) >= 0:  # no list of the parts: a line may be nothing but ends
            if end > start:
                self._add(row, plain[start:end])
            if self._parts:
                yield from self._close(ended=True)
            start = end + 1
        if start < len(plain):
            self._add(row, plain[start:])
        if self._alone and self._alone.fullmatch(plain):
            yield from self._close()

    def _add(self, row: int, part: str) -> None:
        if not part.strip():
            return
        if not self._parts:
            self._row, self._length = row, 0
        self._length += len(part) + 1
        if self._length <= LONGEST_REPORT or not self._parts:
            self._parts.append(part[:LONGEST_REPORT])

    def _close(self, fault: str | None = None, ended: bool = False) -> list[Raw]:
        said: list[Raw] = []
        self._unended = False
        if self._held:
            row, parts, length = self._held
            self._held = None
            if ended:
                self._row, self._parts, self._length = row, parts + self._parts, length + self._length
            else:
                said += _raw(row, parts, length)
        parts, self._parts = self._parts, []
        return said + _raw(self._row, parts, self._length, fault)


def _raw(row: int, parts: Sequence[str], length: int, fault: str | None = None) -> list[Raw]:
    text = " ".join(" ".join(parts).split())
    return [Raw(row=row, text=text, fault=TOO_LONG if length > LONGEST_REPORT else fault)] if text else []


def _dated(parts: Sequence[str]) -> Iterator[Dated]:
    try:
        yield Dated(from_datetime(datetime(*map(int, parts), tzinfo=UTC)))  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return


def sent(context: Context) -> tuple[int | None, str]:
    """When a file was sent at the latest, and what tells it: its name, or when it arrived."""
    if told := _SENT.search(context.key.rpartition("/")[2]):
        for dated in _dated([told[1][:4], *(told[1][at : at + 2] for at in range(4, 14, 2))]):
            return dated.moment, "its name"
    for told in reversed(list(_OF_A_DAY.finditer(context.key.rpartition("/")[2]))):
        if (end := _end(int(told[1]), int(told[3]), told[4])) and end - _A_DAY <= (context.received or LATEST):
            return min(end + _AFTER if told[4] else end, context.received or LATEST), "its name"
    return context.received, "when it arrived"


def _end(year: int, month: int, day: str | None) -> int | None:
    """When a day ends, or a month; None where there is no such day."""
    try:
        if day:
            return from_datetime(datetime(year, month, int(day), tzinfo=UTC)) + _A_DAY - SECOND
        return from_datetime(datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)) - SECOND
    except (ValueError, OverflowError):
        return None


class Calendar:
    """Which date a day of the month is. `used` says what the month and the year were taken from where the file does not say."""

    def __init__(self, context: Context) -> None:
        self._dated: int | None = None
        self._reference, self._source = sent(context)
        self._known: dict[tuple[int, int, int], int] = {}
        self.used: str | None = None

    def date(self, dated: Dated) -> None:
        self._dated = dated.moment
        self._known.clear()

    def instant(self, day: int, hour: int, minute: int = 0) -> int:
        """The instant that a day of the month and a time of day mean. Raises ValueError with the reason."""
        told = (day, hour, minute)
        if told not in self._known:
            self._known[told] = self._instant(*told)
        return self._known[told]

    def _instant(self, day: int, hour: int, minute: int) -> int:
        if not 1 <= day <= 31:
            raise ValueError(f"no month has a day {day:02d}")
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise ValueError(f"there is no time {hour:02d}:{minute:02d}")
        offset = timedelta(hours=hour, minutes=minute)
        dated = self._dated
        if dated is not None:
            found = list(_candidates(dated, day, offset, later=1))
            if not found:
                raise ValueError(f"no month about the date above has a day {day:02d}")
            return min(found, key=lambda moment: abs(moment - dated))
        if self._reference is None:
            raise ValueError("which month is not said: neither a date in the file nor when it arrived is known")
        latest = min(self._reference + _LEAD, LATEST)
        for moment in _candidates(latest, day, offset):
            if moment <= latest:
                self.used = self._source
                return moment
        raise ValueError(f"no month before {self._source} has a day {day:02d}")


def _candidates(reference: int, day: int, offset: timedelta, later: int = 0) -> Iterator[int]:
    """The day of this month and of those about it, newest first; two months in a row may lack it, never three."""
    month = to_datetime(reference)
    first = month.year * 12 + month.month - 1
    for number in range(first + later, first - 3, -1):
        try:
            yield from_datetime(datetime(number // 12, number % 12 + 1, day, tzinfo=UTC) + offset)
        except (ValueError, OverflowError):
            continue


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A value as a code form gives it: the name of its group, the parameter that it is, and the unit that it is in."""

    name: str
    parameter: Parameter
    unit_received: str
    conversion: Conversion
    id: str  # the parameter's: a report asks for it often


@cache
def kind(name: str, standard_name: str, unit: str, method: str = POINT, duration: str = INSTANT) -> Kind:
    return kind_of(name, usual(standard_name, method, duration), unit)


def kind_of(name: str, parameter: Parameter, unit: str) -> Kind:
    return Kind(name, parameter, unit, converter(unit, parameter.standard_name), parameter.id)


type Cell = tuple[float | None, str, int]  # in the unit as received, the group as it stood, flag
type Cells = Encoded[Cell | None]  # of reports; None of those that do not speak of it


class Report:
    """What one report says: a value for each parameter (the first that it gives), the groups that cannot be, with column and
    reason, and how many have no parameter."""

    def __init__(self, others: Counter[str]) -> None:
        self.fields: dict[Kind, Cell] = {}
        self.faults: list[tuple[str, str, str]] = []
        self.others = others
        self._said: set[str] = set()

    def set(self, which: Kind, number: float | None, group: str, flag: int = NOT_EVALUATED) -> None:
        """Where the group has no number (slashes, a calm's direction), the value is missing."""
        if which.id not in self._said:
            self.replace(which, number, group, flag)

    def replace(self, which: Kind, number: float | None, group: str, flag: int = NOT_EVALUATED) -> None:
        """A better group for the same: tenths after whole degrees."""
        self._said.add(which.id)
        self.fields[which] = (number, group, MISSING if number is None else flag)

    def says(self, which: Kind) -> bool:
        return which.id in self._said

    def fault(self, column: str, value: str, reason: str) -> None:
        self.faults.append((column, value, reason))

    def taken(self, station: str, moment: int, raw: Raw, gathered: "Gathered") -> Iterator[Piece]:
        for column, value, reason in self.faults[:FAULTS_TOLD]:
            yield Reject(reason=reason, row=raw.row, column=column, value=value[:SHOWN])
        if beyond := self.faults[FAULTS_TOLD:]:
            column, _, reason = beyond[0]
            shown = " ".join(value for _, value, _ in beyond[:SHOWN])[:SHOWN]
            yield Reject(reason=reason, row=raw.row, column=column, value=shown, count=len(beyond))
        if self.fields:
            yield from gathered.add(station, moment, raw.row, self.fields)
        elif not self.faults:
            yield Reject(reason=NOTHING, row=raw.row, value=raw.text[:SHOWN])


class _Facts:
    __slots__ = ("maximum", "minimum", "missing", "total", "values")

    def __init__(self) -> None:
        self.values = self.missing = 0
        self.total = 0.0
        self.minimum = self.maximum = 0.0

    def add(self, told: Sequence[float | None]) -> None:
        numbers = [number for number in told if number is not None]
        self.missing += len(told) - len(numbers)
        self._extend(numbers, len(numbers), sum(numbers))

    def add_all(self, cells: Cells) -> None:
        told = [(cell[0], times) for cell, times in cells.counted() if cell and cell[0] is not None]
        values = sum([times for _, times in told])
        self.missing += cells.there - values
        self._extend([number for number, _ in told], values, sum([number * times for number, times in told]))

    def _extend(self, numbers: Sequence[float], values: int, total: float) -> None:
        if numbers:
            self.minimum = min(numbers) if not self.values else min(self.minimum, *numbers)
            self.maximum = max(numbers) if not self.values else max(self.maximum, *numbers)
            self.values += values
            self.total += total


class _Table:
    """Reports of one station: its times, and by the parameter's identifier the cells of each, which may end before."""

    __slots__ = ("columns", "rows", "times")

    def __init__(self) -> None:
        self.times: list[int] = []
        self.rows: list[int] = []
        self.columns: dict[str, tuple[Kind, list[Cell | None]]] = {}

    @property
    def size(self) -> int:
        """Cells that its columns will have."""
        return len(self.times) * len(self.columns)

    def takes(self, fields: Mapping[Kind, object], count: int) -> bool:
        """A column has one unit: whoever reports in another has to begin a new table; so has who would make it too large."""
        columns = self.columns
        if self.times and (len(self.times) + count) * (len(columns) + len(fields)) >= MOST_CELLS:
            return False
        return all(columns[kind.id][0] is kind for kind in fields if kind.id in columns)

    def add(self, moment: int, row: int, fields: Mapping[Kind, Cell]) -> None:
        at = len(self.times)
        self.times.append(moment)
        self.rows.append(row)
        for kind, each in fields.items():
            if (found := self.columns.get(kind.id)) is None:
                self.columns[kind.id] = kind, [*[None] * at, each]
                continue
            _, cells = found
            if len(cells) < at:
                cells += [None] * (at - len(cells))
            cells[at:] = (each,)

    def add_all(self, moments: Sequence[int], rows: Sequence[int], columns: Mapping[Kind, Sequence[Cell | None]]) -> None:
        at = len(self.times)
        self.times += moments
        self.rows += rows
        for kind, told in columns.items():
            _, cells = self.columns.setdefault(kind.id, (kind, []))
            if len(cells) > at:  # two names of one quantity
                told = [later or first for first, later in zip(cells[at:], told, strict=True)]
                del cells[at:]
            cells += [None] * (at - len(cells))
            cells += told

    def batch(self, station: str) -> Batch:
        columns = {}
        for kind, cells in self.columns.values():
            # what a report does not speak of was not received, so it does not hide what an earlier one said
            cells += [None] * (len(self.times) - len(cells))
            told = [each or _NOTHING for each in cells]
            columns[kind.parameter] = Column(
                unit=kind.conversion.unit,
                unit_received=kind.unit_received,
                values=kind.conversion.column([number for number, _, _ in told]),
                received=[text for _, text, _ in told],
                flags=[flag for _, _, flag in told],
            )
        return Batch(station_id=station, times=self.times, rows=self.rows, columns=columns)


class _Arrived:
    """Reports of any stations, column by column, until they are parted by station: all at once, which costs less than as they
    come."""

    __slots__ = ("_kinds", "cells", "columns", "moments", "rows", "stations")

    def __init__(self) -> None:
        self.stations: list[str] = []
        self.moments: list[int] = []
        self.rows: list[int] = []
        self.columns: dict[Kind, list[Cells]] = {}
        self._kinds: dict[str, Kind] = {}
        self.cells = 0  # that were given

    def takes(self, columns: Mapping[Kind, object], count: int) -> bool:
        """Whether they fit: a quantity has one name, and no more cells are empty than are not."""
        kinds = self._kinds | {kind.id: kind for kind in columns}
        size, given = (len(self.moments) + count) * len(kinds), self.cells + count * len(columns)
        return size <= 2 * given and len(kinds) == len(self.columns.keys() | columns.keys())

    def add(self, stations: Sequence[str], moments: Sequence[int], rows: Sequence[int], columns: Mapping[Kind, Cells]) -> None:
        before = len(self.moments)
        self.stations += stations
        self.moments += moments
        self.rows += rows
        for kind in columns:
            if kind not in self.columns:
                self.columns[kind], self._kinds[kind.id] = [_unsaid(before)], kind
        unsaid = _unsaid(len(moments))
        for kind, told in self.columns.items():
            told.append(columns.get(kind, unsaid))
        self.cells += len(moments) * len(columns)

    def _by_station(self) -> Mapping[str, Sequence[int]]:
        """The places of each station's reports."""
        stations = self.stations
        again = stations.index(stations[0], 1) if stations and stations.count(stations[0]) > 1 else len(stations)
        if len({*stations[:again]}) == again and stations[again:] == stations[:-again]:  # the same ones, time after time
            return {station: range(at, len(stations), again) for at, station in enumerate(stations[:again])}
        places: dict[str, list[int]] = {}
        for at, station in enumerate(stations):
            if station in places:
                places[station].append(at)
            else:
                places[station] = [at]
        return places

    def parted(self) -> Iterator[tuple[str, Sequence[int], Sequence[int], dict[Kind, Sequence[Cell | None]]]]:
        """Station by station its times, rows and what they say."""
        columns = {kind: [*chain.from_iterable(told)] for kind, told in self.columns.items()}
        for station, places in self._by_station().items():
            pick = _picking(places)
            fields: dict[Kind, Sequence[Cell | None]] = {}
            fields |= {kind: told for kind, cells in columns.items() if any(told := pick(cells))}
            yield station, pick(self.moments), pick(self.rows), fields

    def batches(self) -> Iterator[Batch]:
        """The same as it leaves."""
        columns = [_Told(kind, Encoded.joined(told)) for kind, told in self.columns.items()]
        for station, places in self._by_station().items():
            pick = _picking(places)
            fields = {told.kind.parameter: column for told in columns if (column := told.column(pick))}
            yield Batch(station_id=station, times=[*pick(self.moments)], rows=[*pick(self.rows)], columns=fields)


class _Told:
    """Cells of any stations, of which each has its column; what they mean as values, texts and flags."""

    __slots__ = ("_alike", "_codes", "_flags", "_gone", "_texts", "_values", "kind")

    def __init__(self, kind: Kind, cells: Cells) -> None:
        told = [cell or _NOTHING for cell in cells.meanings.values()]
        self.kind = kind
        self._codes, self._gone = cells.codes, cells.gone
        numbers, texts, flags = zip(*told, strict=True)
        self._values = dict(enumerate(kind.conversion.column(numbers)))
        self._texts, self._flags = dict(enumerate(texts)), dict(enumerate(flags))
        self._alike = len({*flags}) == 1

    def column(self, pick: Callable[[Sequence[Any]], Sequence[Any]]) -> Column | None:
        """Of what is picked; None where that says nothing."""
        codes = pick(self._codes)
        first, count = codes[0], len(codes)
        if codes.count(first) == count:
            if first in self._gone:
                return None
            values, texts, flags = [self._values[first]] * count, [self._texts[first]] * count, [self._flags[first]] * count
        else:
            values, texts = [*map(self._values.__getitem__, codes)], [*map(self._texts.__getitem__, codes)]
            flags = [self._flags[first]] * count if self._alike else [*map(self._flags.__getitem__, codes)]
        return Column(
            unit=self.kind.conversion.unit,
            unit_received=self.kind.unit_received,
            values=values,
            received=texts,
            flags=flags,
        )


def _unsaid(count: int) -> Cells:
    return Encoded.same(None, count)


def _picking(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Gives what stands at these places: a slice where they are evenly apart, as in messages of the same stations."""
    first, last = places[0], places[-1] + 1
    step = places[1] - first if len(places) > 1 else 1
    even = isinstance(places, range) or places == [*range(first, last, step)]
    return itemgetter(slice(first, last, step)) if even else itemgetter(*places)


class Gathered:
    """Reports on their way to columns, and the facts of all of them."""

    def __init__(self, context: Context) -> None:
        self._values = context.values
        self._facts: dict[Kind, _Facts] = {}
        self._numbers: dict[Kind, list[float | None]] = {}
        self._arrived = _Arrived()
        self._tables: dict[str, _Table] = {}
        self._full: list[Batch] = []
        self._counts: Counter[str] = Counter()
        self._span: tuple[int, int] | None = None
        self._held = self._cells = 0
        self.taken = 0

    def add(self, station: str, moment: int, row: int, fields: Mapping[Kind, Cell], *, counted: bool = True) -> Iterable[Piece]:
        """Takes a report; from time to time this gives what is held. What it says of an earlier time is not `counted`."""
        for kind, (number, _, _) in fields.items():
            if kind in self._numbers:
                self._numbers[kind].append(number)
            else:
                self._numbers[kind] = [number]
        self.taken += counted
        self._held += 1
        if self._values:
            if self._arrived.moments:
                self._part()
            table = self._table(station, fields, 1)
            self._cells -= table.size
            table.add(moment, row, fields)
            self._cells += table.size
        else:
            if counted:
                self._counts[station] += 1
            self._cells += len(fields)
            self._span = (min(self._span[0], moment), max(self._span[1], moment)) if self._span else (moment, moment)
        return self.flush() if self._held >= HELD or self._cells >= MOST_CELLS else ()

    def add_all(
        self,
        stations: Sequence[str],
        moments: Sequence[int],
        rows: Sequence[int],
        columns: Mapping[Kind, Cells],
        *,
        counted: bool = True,
    ) -> Iterator[Piece]:
        """The same of reports column by column."""
        if not moments:
            return
        for kind, cells in columns.items():
            if cells.there and (facts := self._facts_of(kind)):
                facts.add_all(cells)
        self.taken += counted * len(moments)
        self._cells += len(moments) * len(columns)
        if not self._values:
            if counted:
                self._counts.update(stations)
            first, last = min(moments), max(moments)
            self._span = (min(self._span[0], first), max(self._span[1], last)) if self._span else (first, last)
            self._held += len(moments)
        elif self._arrived.takes(columns, len(moments)):
            self._arrived.add(stations, moments, rows, columns)
        else:
            self._part()
            self._arrived.add(stations, moments, rows, columns)
            if not self._arrived.takes({}, 0):
                self._part()
        if self._held >= HELD or self._cells >= MOST_CELLS or len(self._arrived.moments) >= HELD_AS_CODES:
            yield from self.flush()

    def _part(self) -> None:
        """Gives each table its own of what arrived."""
        arrived, self._arrived = self._arrived, _Arrived()
        self._cells -= arrived.cells
        self._held += len(arrived.moments)
        for station, moments, rows, fields in arrived.parted():
            table = self._table(station, fields, len(moments))
            self._cells -= table.size
            table.add_all(moments, rows, fields)
            self._cells += table.size

    def _table(self, station: str, fields: Mapping[Kind, object], count: int) -> _Table:
        table = self._tables.get(station)
        if table is None:
            table = self._tables[station] = _Table()
        elif not table.takes(fields, count):
            self._full.append(table.batch(station))
            table = self._tables[station] = _Table()
        return table

    def _facts_of(self, kind: Kind) -> _Facts | None:
        if kind in self._facts or len(self._facts) < MOST_KINDS:
            return self._facts.setdefault(kind, _Facts())
        return None

    def _weigh(self) -> None:
        for kind, numbers in self._numbers.items():
            if facts := self._facts_of(kind):
                facts.add(numbers)
        self._numbers.clear()

    def flush(self) -> Iterator[Piece]:
        self._weigh()
        if self._tables:
            self._part()
        yield from self._full
        yield from self._arrived.batches()
        for station, table in self._tables.items():
            yield table.batch(station)
        if self._span:
            yield Extent(stations=dict(self._counts), first=self._span[0], last=self._span[1])
        self._full, self._tables, self._arrived, self._span, self._held, self._cells = [], {}, _Arrived(), None, 0, 0
        self._counts.clear()

    def facts(self) -> Iterator[ColumnFacts]:
        self._weigh()
        yield ColumnFacts(name="station", kind="station", values=self.taken)
        yield ColumnFacts(name="time", kind="time", values=self.taken)
        for kind in sorted(self._facts, key=lambda kind: (kind.parameter, kind.unit_received)):
            facts = self._facts[kind]
            yield ColumnFacts(
                name=kind.name,
                kind="number",
                parameter=kind.parameter.id,
                unit=kind.conversion.unit,
                unit_received=kind.unit_received,
                values=facts.values,
                missing=facts.missing,
                minimum=facts.minimum if facts.values else None,
                maximum=facts.maximum if facts.values else None,
                mean=float(f"{facts.total / facts.values:.7g}") if facts.values else None,
            )


def concluded(
    gathered: Gathered, calendar: Calendar, others: Counter[str], *, count: int, nil: int, encoding: str
) -> Iterator[Piece]:
    """What is left to say when all `count` reports were read, of which `nil` were empty."""
    yield from gathered.flush()
    if calendar.used:
        yield Inferred(("date",))
        yield Remark(f"the reports give the day of the month; month and year are those of the file: {calendar.used}")
    if nil:
        yield Remark(f"NIL reports, of stations that had nothing to report: {nil}")
    if others:
        listed = ", ".join(f"{number} of {name}" for name, number in others.most_common())
        yield Remark(f"groups for which there is no parameter stay in the file: {listed}")
    if not gathered.taken and nil == count:
        yield Reject(reason="every report is NIL: no station had anything to report" if nil else "there are no reports")
    yield Rows(count=count)
    yield Columns(columns=tuple(gathered.facts()), encoding=encoding)
