"""SHEF, the Standard Hydrometeorological Exchange Format of the US National Weather Service: messages .A, .E and .B.

Source: NWS Manual 10-944, "Standard Hydrometeorological Exchange Format (SHEF) Code Manual": chapters 3 to 5 and tables 1
(physical elements), 3 (durations), 7 (extremes), 8 (qualifiers), 9a, 11a and 13 (time zones). Without DU units are English.
Without a zone the time is UTC (4.1.4). A date without a year is the newest such day not after the date in words that the
product bears (`THU SEP 23 2021`), else not after when the file was sent or arrived. Water and whatever else is no weather is
left and named. What cannot be read of a message is rejected alone, but for its time.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import repeat
from zoneinfo import ZoneInfo

from mesonet.domain.instant import DAY, EARLIEST, LATEST, SECOND, from_datetime, to_datetime
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.formats.json_readings import Field, Readings, field_of, identified
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.reports.bulletins import sent
from mesonet.formats.table import SHOWN, Short
from mesonet.formats.text import Text, decode, numbered
from mesonet.regex import regex

NAME = "shef"

_MOST = 1_000_000  # characters of one message, which is held whole
_MOST_SET = 24  # times and units that a row sets anew in a table whose header sets them between its columns
_KNOWN = 4096  # quantities remembered
_LONG = 4000  # characters of a message after which what its parts mean is forgotten: the memory would be full of them
_SAME_CLOCK = 28 * DAY  # no clock is put forward and back in less

_BEGIN = regex(r"\.([AEB])(R?)(\d{0,2})\s+(.*)")
_SNIFF = regex(r"(?m)^\.[AEB]R?\s+[A-Z0-9_]{3,24}\s+\d{4,8}(?=[\s/])[^\n]*/")
_DATES = (6, 8)  # figures
_WORDS = regex(
    r"\b(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*,?\s+"
    r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\s+(\d{1,2}),?\s+(\d{4})\b",
    re.IGNORECASE,
)
_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
# letters of zones: a place whose clock they are, or hours ahead of UTC
_ZONES: dict[str, str | float] = {
    "Z": 0, "N": "America/St_Johns", "NS": -3.5, "A": "America/Halifax", "AS": -4, "AD": -3, "E": _EASTERN, "ES": -5, "ED": -4,
    "C": _CENTRAL, "CS": -6, "CD": -5, "M": _MOUNTAIN, "MS": -7, "MD": -6, "P": _PACIFIC, "PS": -8, "PD": -7,
    "L": "America/Anchorage", "LS": -9, "LD": -8, "H": -10, "HS": -10,
}  # fmt: skip
# physical element: standard name, English unit, metric unit
_ELEMENTS = {
    "TA": ("air_temperature", "degF", "Cel"),
    "TD": ("dew_point_temperature", "degF", "Cel"),
    "TM": ("wet_bulb_temperature", "degF", "Cel"),
    "XR": ("relative_humidity", "%", "%"),
    "US": ("wind_speed", "mph", "m/s"),
    "UD": ("wind_from_direction", "deg", "deg"),
    "UG": ("wind_speed_of_gust", "mph", "m/s"),
    "PA": ("air_pressure", "inHg", "kPa"),
    "PL": ("air_pressure_at_mean_sea_level", "inHg", "kPa"),
    "PP": ("precipitation_amount", "in", "mm"),
    "SD": ("surface_snow_thickness", "in", "cm"),
    "SF": ("thickness_of_snowfall_amount", "in", "cm"),
    "SW": ("lwe_thickness_of_surface_snow_amount", "in", "mm"),
    "RW": ("surface_downwelling_shortwave_flux_in_air", "W/m2", "W/m2"),
    "XV": ("visibility_in_air", "mi", "km"),
}
_SUMS = ("PP", "SF")
_SHORT = {"TX": "TAIRZX", "TN": "TAIRZN"}
_DURATIONS = {
    "U": "PT1M", "E": "PT5M", "G": "PT10M", "C": "PT15M", "J": "PT30M", "H": "PT1H", "B": "PT2H", "T": "PT3H", "F": "PT4H",
    "Q": "PT6H", "A": "PT8H", "K": "PT12H", "L": "PT18H", "D": "PT24H",
}  # fmt: skip
# the period that an extreme has for its own; that of a day's is the one that its duration tells, where it tells one
_EXTREMES = {
    "X": ("maximum", ""), "Y": ("maximum", "PT12H"), "R": ("maximum", "PT6H"), "S": ("maximum", "PT18H"),
    "N": ("minimum", ""), "P": ("minimum", "PT12H"), "H": ("minimum", "PT6H"), "I": ("minimum", "PT18H"),
}  # fmt: skip
_QUALIFIERS = {"B": FAIL, "R": FAIL, "F": SUSPECT, "Q": SUSPECT}
_MISSING = ("+", "M", "MM", "-9999", "nan", "NAN", "NaN")
_MINUTE, _HOUR = 60 * SECOND, 3600 * SECOND
_STEPS = {"S": SECOND, "N": _MINUTE, "H": _HOUR, "D": DAY}
_STEP = regex(r"([SNHD])([+-]?\d{1,2})")
_VALUE = regex(r"([+-]?(?:\d+\.?\d*|\.\d+)|[+]|-9999|MM?|T|nan|NAN|NaN)([A-Z]?)")
_CODE = regex(r"([A-Z]{2}[A-Z0-9]{0,5})(?:\s+(\S+))?")
_DATED = regex(r"D([SNHDMYJTUICVQR])(\S*)")
_A_CLOCK = regex(r"D[SNHDMYJT]\d+")
_MOMENTS = {"T": 8, "Y": 6, "M": 4, "D": 2}  # letters that set the date: its figures, before those of the hour and the minute


class _Fault(ValueError):
    """Why a message cannot be taken."""


class _State:
    """What holds for the values that follow: the day and the moment on the sender's clock (milliseconds, as instants are), its
    zone, the units, and the qualifier of values that have none."""

    __slots__ = ("day", "metric", "moment", "qualifier", "relative", "step", "variable", "zone")

    def __init__(self, day: int, moment: int, zone: str) -> None:
        self.day, self.moment, self.zone = day, moment, zone
        self.metric, self.qualifier = False, ""
        self.step = self.relative = 0
        self.variable = ""  # the duration of what has V for it

    def copy(self) -> "_State":
        other = _State(self.day, self.moment, self.zone)
        other.metric, other.qualifier = self.metric, self.qualifier
        other.step, other.relative, other.variable = self.step, self.relative, self.variable
        return other

    def instant(self) -> int:
        """Raises OverflowError."""
        return _instant(self.moment + self.relative, self.zone)

    def instants(self, count: int) -> list[int]:
        """Those of a series from here on. Raises OverflowError."""
        begin, step, zone = self.moment + self.relative, self.step, self.zone
        if isinstance(_ZONES[zone], str) and abs(step) * (count - 1) > _SAME_CLOCK:
            return [_instant(begin + at * step, zone) for at in range(count)]
        first, last = _instant(begin, zone), _instant(begin + (count - 1) * step, zone)
        if last - first != (count - 1) * step:  # the clock was put forward or back
            return [_instant(begin + at * step, zone) for at in range(count)]
        return [first + at * step for at in range(count)]


@lru_cache(maxsize=4096)
def _instant(moment: int, zone: str) -> int:
    """What a moment on a zone's clock is. Raises OverflowError."""
    told = _ZONES[zone]
    if isinstance(told, str):
        return from_datetime(to_datetime(moment).replace(tzinfo=ZoneInfo(told)))
    moment -= int(told * _HOUR)
    if not EARLIEST <= moment <= LATEST:
        raise OverflowError
    return moment


def sniff(head: bytes) -> Guess | None:
    found = len(_SNIFF.findall(decode(head[:32_768])))
    return Guess(0.9, "SHEF: messages that begin with .A, .E or .B, a station and a date") if found else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are lines in which a message begins, or of a .B's body in which a station is."""
    readings = Readings(values=context.values)
    calendar = _Calendar(context, readings)
    taken = _Taken(readings, calendar)
    for row, kind, text in _messages(stream, calendar):
        yield from taken.message(row, kind, text)
    yield from taken.short.rest()
    yield from readings.end()


class _Calendar:
    """Which year a month and a day are of: the newest that is not after the product was made, or was sent or arrived."""

    def __init__(self, context: Context, readings: Readings) -> None:
        moment, self._source = sent(context)
        self._latest = to_datetime(moment + DAY).replace(tzinfo=None) if moment is not None else None
        self._readings = readings
        self._known: dict[tuple[int, int], int | None] = {}

    def words(self, line: str) -> None:
        """Looks for the date in words that a product bears."""
        if found := _WORDS.search(line):
            with suppress(ValueError):
                day = datetime.strptime(f"{found[1]} {found[2]} {found[3]}", "%b %d %Y")  # noqa: DTZ007 - of a clock nobody tells
                self._latest, self._source = day + timedelta(days=1), "the date in words above"
                self._known.clear()

    def day(self, month: int, day: int) -> int:
        """Raises _Fault, or ValueError for a day that does not exist."""
        if self._latest is None:
            raise _Fault("the date has no year, and neither a date in words nor when the file arrived is known")
        if (month, day) not in self._known:
            years = range(self._latest.year, max(0, self._latest.year - 9), -1)  # a leap day may be eight years back
            latest = from_datetime(self._latest)
            days = (found for year in years if (found := _day(year, month, day)) is not None)
            self._known[month, day] = next((found for found in days if found <= latest), None)
            if self._known[month, day] is not None:
                self._readings.remark(f"dates have no year; it is that of {self._source}", "date")
        if (known := self._known[month, day]) is None:
            raise ValueError("no such day")
        return known


def _messages(stream: Stream, calendar: _Calendar) -> Iterator[tuple[int, str, str]]:
    """Row, kind and text of each message, its continuations joined; of a .B its lines, parted by line ends. The kind of one
    that is too long is empty."""
    begun, kind, size = 0, "", 0
    held: list[str] = []
    for row, line in numbered(Text(stream)):
        plain = (re.sub(r":[^:]*(?::|$)", " ", line) if ":" in line else line).strip()
        match = _BEGIN.fullmatch(plain) if plain[:1] == "." else None
        ends = not match and plain[:1] == "." and plain[:4].upper() == ".END"
        if kind == "B" and not match and plain and not ends:
            size += len(plain)
            if size <= _MOST:
                held.append(f"\n{row} {plain}")
        elif match and match[3] and kind == match[1]:
            size += len(plain)
            if size <= _MOST:
                held[-1] = held[-1].removesuffix("/")
                held.append("/" + match[4].removeprefix("/"))
        elif match or ends:
            if held:
                yield begun, kind if size <= _MOST else "", "".join(held)
            begun, kind, held = (row, match[1], [match[4]]) if match else (0, "", [])
            size = len(plain)
        elif not held and plain:
            calendar.words(plain)
    if held:
        yield begun, kind if size <= _MOST else "", "".join(held)


def _begun(words: list[str], calendar: _Calendar) -> tuple[_State, list[str]]:
    """The date and zone of a header's words, and what follows. Raises _Fault."""
    date = words[0] if words and words[0].isascii() and words[0].isdecimal() else ""
    if len(date) == 4:
        day = calendar.day(int(date[:2]), int(date[2:]))
    elif len(date) in _DATES:
        day = _dated(date)
    else:
        raise _Fault("the message has no date")
    zone = words[1] if len(words) > 1 and words[1] in _ZONES else ""
    return _State(day, day + (12 if zone in ("", "Z") else 24) * _HOUR, zone or "Z"), words[2 if zone else 1 :]


@lru_cache(maxsize=4096)
def _setting(part: str) -> tuple[str, str] | None:
    """The letter of a part that sets the time or units, and what follows it; None of any other."""
    match = _DATED.fullmatch(part)
    return (match[1], match[2]) if match else None


def _set(setting: tuple[str, str], part: str, state: _State) -> None:
    """Raises _Fault."""
    letter, told = setting
    if letter == "H":
        state.moment, state.relative = state.day + _clock(part, told), 0
    elif letter in "SNMYDTJ":
        _moved(letter, told, state)
    elif letter == "U":
        state.metric = told == "S"
    elif letter == "Q":
        state.qualifier = told
    elif letter == "V":
        count = told[1:]
        unit = {"S": "S", "N": "M", "H": "H"}.get(told[:1], "")
        count, unit = (str(24 * int(count)), "H") if told[:1] == "D" and count.isdecimal() else (count, unit)
        state.variable = f"PT{int(count)}{unit}" if unit and count.isdecimal() and int(count) else ""
    elif letter in "IR":
        step = _STEP.fullmatch(told)
        if step is None:
            raise _Fault(f"{part[:10]} is not of seconds, minutes, hours or days")
        span = int(step[2]) * _STEPS[step[1]]
        state.step, state.relative = (span, state.relative) if letter == "I" else (state.step, span)
    # C is when it was created, which changes no value


@lru_cache(maxsize=4096)
def _clock(part: str, digits: str) -> int:
    """A time of day. Raises _Fault."""
    if not digits.isdecimal() or len(digits) > 6:
        raise _Fault(f"the time {part[:12]} is not read")
    hour, minute, second = (*(int(digits[at : at + 2]) for at in range(0, len(digits), 2)), 0, 0)[:3]
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise _Fault(f"the time {part[:12]} does not exist")
    return hour * _HOUR + minute * _MINUTE + second * SECOND


def _moved(letter: str, digits: str, state: _State) -> None:
    """Another day than the header's, and the time of day where it is said: table 9a. Raises _Fault."""
    least = _MOMENTS.get(letter, 99)
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (least, least + 2, least + 4):
        raise _Fault(f"the time D{letter}{digits[:12]} is not read")
    date, clock = digits[:least], digits[least:].ljust(4, "0") if digits[least:] else ""
    if letter in "TY":
        days = [_dated(date)]
    else:  # the nearest such day to the header's
        day = to_datetime(state.day)
        months = [(day.year + year, int(date[:2])) for year in (-1, 0, 1)] if letter == "M" else _months(day)
        days = [found for year, month in months if (found := _day(year, month, int(date[-2:]))) is not None]
    if not days:
        raise _Fault(f"the time D{letter}{digits[:12]} does not exist")
    since = state.moment - state.day
    state.day = min(days, key=lambda each: abs(each - state.day))
    if clock:
        hour, minute = int(clock[:2]), int(clock[2:])
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise _Fault(f"the time D{letter}{digits[:12]} does not exist")
        since = hour * _HOUR + minute * _MINUTE
    state.moment, state.relative = state.day + since, 0


def _months(day: datetime) -> list[tuple[int, int]]:
    """Year and month: the one before, the same, the next."""
    count = day.year * 12 + day.month - 1
    return [(number // 12, number % 12 + 1) for number in (count - 1, count, count + 1)]


def _dated(date: str) -> int:
    """The day of a date with its year. Raises ValueError."""
    year = int(date[:-4])
    if len(date) == 6:
        year += 1900 if year > 68 else 2000
    day = _day(year, int(date[-4:-2]), int(date[-2:]))
    if day is None:
        raise ValueError("no such day")
    return day


@lru_cache(maxsize=4096)
def _day(year: int, month: int, day: int) -> int | None:
    try:
        return from_datetime(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return None


def _quantity(code: str, metric: bool, variable: str) -> Field | None:
    """The quantity of a parameter code in the units that hold; None for what is no weather."""
    long = _SHORT.get(code, code)
    durations = {**_DURATIONS, "V": variable}
    element, period, extreme = long[:2], long[2:3], long[5:6]
    known = _ELEMENTS.get(element)
    unit = known[2 if metric else 1] if known else ""
    if known is None:
        return None
    if extreme not in ("", "Z") and (extreme not in _EXTREMES or element in _SUMS):  # those of a month, a year, a record
        return None
    name, method, duration = known[0], "point", "PT0S"
    if element in _SUMS:
        method, duration = "sum", durations.get(period, "PT24H" if period in ("", "Z") else "")
    elif extreme in _EXTREMES:
        method, own = _EXTREMES[extreme]
        duration = own or durations.get(period, "PT24H")
    elif period not in ("", "I", "Z"):
        method, duration = "maximum" if element == "UG" else "mean", durations.get(period, "")
    if not duration or long[3:4] in ("F", "C"):  # forecasts, and what is contingent
        return None
    return field_of(code, name, unit, method, duration)


type _Value = tuple[str | None, int]


@lru_cache(maxsize=4096)
def _value(text: str, qualifier: str) -> _Value | None:
    """The value of a text, and its flag; None where it is none."""
    match = _VALUE.fullmatch(text)
    if match is None:
        return None
    value = None if match[1] in _MISSING else "0" if match[1] == "T" else match[1]
    return value, _QUALIFIERS.get(match[2] or qualifier, NOT_EVALUATED)


@lru_cache(maxsize=4096)
def _coded(part: str) -> tuple[str, str] | None:
    """A parameter code and the text behind it, if there is one; None where there is no code."""
    match = _CODE.fullmatch(part)
    return (match[1], match[2] or "") if match else None


type _Told = dict[int, tuple[Field, _Value]]  # quantities by their identity
type _Columns = tuple[tuple[Field, ...], list[str | None], list[int]]
# of a row: its station, what it says of which times, codes without a quantity or with texts that are no values, and its fault
type _Report = tuple[str, list[tuple[int, _Columns]], list[tuple[str, str]], Exception | None]


def _columns(told: _Told) -> _Columns:
    given = told.values()
    return tuple([known for known, _ in given]), [value for _, (value, _) in given], [flag for _, (_, flag) in given]


class _Taken:
    """What messages say, on its way to readings."""

    def __init__(self, readings: Readings, calendar: _Calendar) -> None:
        self._readings, self._calendar = readings, calendar
        self._quantities: dict[tuple[str, bool, str], tuple[Field] | None] = {}
        self._fields: dict[Field, tuple[Field]] = {}  # one of those that are equal
        self.short = Short()

    def message(self, row: int, kind: str, text: str) -> Iterator[Piece]:
        if len(self._quantities) > _KNOWN:
            self._quantities.clear()
            self._fields.clear()
        try:
            if not kind:
                raise _Fault(f"the message is longer than {_MOST} characters")
            yield from (self._body if kind == "B" else self._series if kind == "E" else self._single)(text, row)
        except (_Fault, ValueError, OverflowError) as exc:
            yield from self._lost(exc, text, row)
        if len(text) > _LONG:
            for remembered in (_setting, _clock, _value, _coded):
                remembered.cache_clear()

    def _lost(self, exc: Exception, text: str, row: int) -> Sequence[Reject]:
        reason = str(exc) if isinstance(exc, _Fault) else "not a time that exists"
        self._readings.rows += 1
        return self._told(reason, text, row)

    def _told(self, reason: str, text: str, row: int, column: str | None = None) -> Sequence[Reject]:
        if self.short.counts(reason, text):
            return ()
        reject = Reject(reason=reason, row=row, column=column, value=text[:SHOWN])
        return (reject,) if self.short.tells(reject, text) else ()

    def _no_value(self, code: str, text: str, row: int) -> Sequence[Reject]:
        reason = f"{code} has {text[:20]!r}, which is no value"
        return self._told(reason, text, row, code)

    def _known(self, code: str, state: _State) -> tuple[Field] | None:
        """The quantity of a code, always the same for those that are equal; None for what is no weather."""
        key = code, state.metric, state.variable if code[2:3] == "V" else ""
        if key not in self._quantities:
            found = _quantity(*key)
            self._quantities[key] = self._fields.setdefault(found, (found,)) if found else None
        return self._quantities[key]

    def _header(self, text: str) -> tuple[str, _State, list[str]]:
        """The station of a message, what holds for its first value, and its other parts. Raises _Fault."""
        head, *parts = map(str.strip, text.split("/"))
        words = head.split()
        station = identified(words[0]) if words else None
        if station is None:
            raise _Fault("the message names no station")
        state, rest = _begun(words[1:], self._calendar)
        return station, state, ([" ".join(rest), *parts] if rest else parts)

    def _single(self, text: str, row: int) -> Iterator[Piece]:
        station, state, parts = self._header(text)
        told: _Told = {}
        last = ""  # a code without a value: some put a slash before it
        for part in parts:
            if setting := _setting(part):
                before = state.instant() if told else 0
                _set(setting, part, state)
                if told and state.instant() != before:  # what stood before was of another time
                    yield from self._readings.row(station, before, row, *_columns(told))
                    told = {}
                continue
            coded = _coded(f"{last} {part}" if last and _value(part, "") else part)
            last = coded[0] if coded and not coded[1] else ""
            if coded and coded[1]:
                if not (known := self._known(coded[0], state)):
                    self._readings.leave(coded[0])
                elif value := _value(coded[1], state.qualifier):
                    told[id(known)] = known[0], value
                else:
                    yield from self._no_value(*coded, row)
            elif part and not coded:
                yield from self._told(f"{part[:20]!r} is no element with a value", part, row)
        yield from self._readings.row(station, state.instant(), row, *_columns(told))

    def _series(self, text: str, row: int) -> Iterator[Piece]:
        """Values of one element; each is a step later than the one before."""
        station, state, parts = self._header(text)
        code, at = "", 0
        while at < len(parts):
            part, at = parts[at], at + 1
            if setting := _setting(part):
                _set(setting, part, state)
                continue
            values = [part]
            if not code:
                if (coded := _coded(part)) is None:
                    if part:
                        raise _Fault(f"{part[:20]!r} is no element")
                    continue
                code, values[0] = coded
                if not self._known(code, state):
                    self._readings.leave(code)
                if not values[0]:
                    continue
            elif state.step:
                most = min(len(parts), at + max(1, _SAME_CLOCK // abs(state.step)))
                end = next((end for end in range(at, most) if parts[end][:1] == "D" and _setting(parts[end])), most)
                values, at = parts[at - 1 : end], end
            yield from self._of_series(station, row, code, values, state)
            if not state.step:
                raise _Fault("the series has no interval (DI)")
        if not self._known(code, state):
            yield from self._readings.row(station, state.instant(), row, (), (), ())

    def _of_series(self, station: str, row: int, code: str, texts: list[str], state: _State) -> Iterator[Piece]:
        if known := self._known(code, state):
            try:
                times = state.instants(len(texts))
            except OverflowError:
                if len(texts) == 1:
                    raise
                for text in texts:
                    yield from self._of_series(station, row, code, [text], state)
                return
            values = list(map(_value, texts, repeat(state.qualifier)))
            if None in values:
                for text in [text for text, value in zip(texts, values, strict=True) if text and not value]:
                    yield from self._no_value(code, text, row)
                times = [time for time, value in zip(times, values, strict=True) if value]
            given = list(zip([value[0] for value in values if value], strict=True))
            flags = list(zip([value[1] for value in values if value], strict=True))
            yield from self._readings.together(station, times, row, known, given, flags)
        state.moment += len(texts) * state.step

    def _body(self, text: str, row: int) -> Iterator[Piece]:
        header, *lines = text.split("\n")
        head, *parts = map(str.strip, header.split("/"))
        state, rest = _begun(head.split()[1:], self._calendar)
        columns: list[
            tuple[str, _State]
        ] = []  # each with what holds for it: the table's header may change the hour between them
        holds = state
        for part in filter(None, [*rest, *parts]):
            if setting := _setting(part):
                holds = holds.copy()
                _set(setting, part, holds)
            else:
                columns.append((part, holds))
        reports: dict[str, _Report] = {}
        for line in lines:
            number, _, body = line.partition(" ")
            for report in map(str.strip, body.split(",")):  # packed: several stations a line
                if not report:
                    continue
                if (found := reports.get(report)) is None:
                    found = self._report(report, columns or [("", holds)])
                    if len(reports) < _KNOWN:
                        reports[report] = found
                yield from self._reported(found, report, int(number))

    def _reported(self, found: _Report, text: str, row: int) -> Iterator[Piece]:
        station, told, lost, fault = found
        for code, value in lost:
            if value:
                yield from self._no_value(code, value, row)
            else:
                self._readings.leave(code)
        if fault:
            yield from self._lost(fault, text, row)
        for moment, columns in told:
            yield from self._readings.row(station, moment, row, *columns)

    def _report(self, text: str, columns: list[tuple[str, _State]]) -> _Report:
        """What a station's row in a table says."""
        name, _, rest = text.partition(" ")
        station = None if name[:1] == "D" and _A_CLOCK.fullmatch(name) else identified(name)  # a time where it should be
        own: list[tuple[tuple[str, str], str]] = []  # times and qualifiers that the row sets for the values behind them
        told: dict[int, _Told] = {}
        lost: list[tuple[str, str]] = []
        before, state, done = None, columns[0][1], 0  # what holds of the header, that with the row's own, and how many of these
        at, moment = 0, None
        try:
            if station is None:
                raise _Fault("the row names no station")
            for part in map(str.strip, rest.split("/")):
                if part[:1] == "D":
                    first, _, value = part.partition(" ")
                    if setting := _setting(first):
                        own.append((setting, first))
                        part = value.strip()
                        if not part:
                            continue
                if at == len(columns):
                    break
                (code, holds), at = columns[at], at + 1
                if holds is not before:
                    before, state, done, moment = holds, holds, 0, None
                    if len(own) > _MOST_SET:
                        raise _Fault(f"the row sets the time or units more than {_MOST_SET} times")
                if done < len(own):
                    state = state.copy()
                    for setting, first in own[done:]:
                        _set(setting, first, state)
                    done, moment = len(own), None
                if not (known := self._known(code, state)):
                    lost.append((code, ""))
                elif taken := _value(part, state.qualifier):
                    if moment is None:
                        moment = state.instant()
                        told.setdefault(moment, {})
                    told[moment][id(known)] = known[0], taken
                elif part:
                    lost.append((code, part))
            said = [(moment, _columns(given)) for moment, given in told.items()]
            return station, said or [(columns[0][1].instant(), _columns({}))], lost, None
        except (_Fault, ValueError, OverflowError) as exc:
            return "", [], lost, exc
