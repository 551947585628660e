"""SHEF, the Standard Hydrometeorological Exchange Format of the US National Weather Service: messages .A, .E and .B.

Source: NWS Manual 10-944, "Standard Hydrometeorological Exchange Format (SHEF) Code Manual": chapters 3 to 5 and tables 1
(physical elements), 3 (durations), 7 (extremes), 8 (qualifiers), 9a, 11a and 13 (time zones). Without DU units are English.
Without a zone the time is UTC (4.1.4). A date without a year is the newest such day not after the date in words that the
product bears (`THU SEP 23 2021`), else not after when the file was sent or arrived. Water and whatever else is no weather is
left and named. What cannot be read of a message is rejected alone, but for its time.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from mesonet.domain.instant import DAY, from_datetime, to_datetime
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.formats.json_readings import Field, Readings, identified
from mesonet.formats.reading import Context, Guess, Piece
from mesonet.formats.reports.bulletins import sent
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode, numbered
from mesonet.record import dataclass, field, replace
from mesonet.regex import regex

NAME = "shef"

_MOST = 1_000_000  # characters of one message, which is held whole

_BEGIN = regex(r"\.([AEB])(R?)(\d{0,2})\s+(.*)")
_SNIFF = regex(r"(?m)^\.[AEB]R?\s+[A-Z0-9_]{3,24}\s+\d{4,8}(?=[\s/])[^\n]*/")
_DATES = {6: "%y%m%d", 8: "%Y%m%d"}
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
_STEPS = {"S": "seconds", "N": "minutes", "H": "hours", "D": "days"}
_STEP = regex(r"([SNHD])([+-]?\d{1,2})")
_VALUE = regex(r"([+-]?(?:\d+\.?\d*|\.\d+)|[+]|-9999|MM?|T|nan|NAN|NaN)([A-Z]?)")
_CODE = regex(r"([A-Z]{2}[A-Z0-9]{0,5})(?:\s+(\S+))?")
_DATED = regex(r"D([SNHDMYJT])(\S*)|D([UICVQR])(\S*)")
_CLOCK = regex(r"D[SNHDMYJT]\d+")
_MOMENTS = {"T": 8, "Y": 6, "M": 4, "D": 2}  # letters that set the date: its figures, before those of the hour and the minute


class _Fault(ValueError):
    """Why a message cannot be taken."""


@dataclass(slots=True)
class _State:
    """What holds for the values that follow: the day and the moment on the sender's clock, its zone, the units, and the
    qualifier of values that have none."""

    day: datetime
    moment: datetime
    zone: str
    metric: bool = False
    qualifier: str = ""
    step: timedelta = field(default_factory=timedelta)
    relative: timedelta = field(default_factory=timedelta)
    variable: str = ""  # the duration of what has V for it

    def instant(self) -> int:
        told, moment = _ZONES[self.zone], self.moment + self.relative
        if isinstance(told, str):
            return from_datetime(moment.replace(tzinfo=ZoneInfo(told)))
        return from_datetime((moment - timedelta(hours=told)).replace(tzinfo=UTC))


def sniff(head: bytes) -> Guess | None:
    found = len(_SNIFF.findall(decode(head[:32_768])))
    return Guess(0.9, "SHEF: messages that begin with .A, .E or .B, a station and a date") if found else None


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are lines in which a message begins, or of a .B's body in which a station is."""
    readings = Readings(values=context.values)
    calendar = _Calendar(context, readings)
    for row, kind, text in _messages(stream, calendar):
        try:
            if not kind:
                raise _Fault(f"the message is longer than {_MOST} characters")
            take = _body if kind == "B" else _series if kind == "E" else _message
            yield from take(text, row, readings, calendar)
        except (_Fault, ValueError, OverflowError) as exc:
            reason = str(exc) if isinstance(exc, _Fault) else "not a time that exists"
            yield readings.reject(reason=reason, row=row, value=text[:SHOWN])
    yield from readings.end()


class _Calendar:
    """Which year a month and a day are of: the newest that is not after the product was made, or was sent or arrived."""

    def __init__(self, context: Context, readings: Readings) -> None:
        moment, self._source = sent(context)
        self._latest = to_datetime(moment + DAY).replace(tzinfo=None) if moment is not None else None
        self._readings = readings

    def words(self, line: str) -> None:
        """Looks for the date in words that a product bears."""
        if found := _WORDS.search(line):
            with suppress(ValueError):
                day = datetime.strptime(f"{found[1]} {found[2]} {found[3]}", "%b %d %Y")  # noqa: DTZ007 - of a clock nobody tells
                self._latest, self._source = day + timedelta(days=1), "the date in words above"

    def day(self, month: int, day: int) -> datetime:
        """Raises _Fault, or ValueError for a day that does not exist."""
        if self._latest is None:
            raise _Fault("the date has no year, and neither a date in words nor when the file arrived is known")
        for year in range(self._latest.year, max(0, self._latest.year - 9), -1):  # a leap day may be eight years back
            with suppress(ValueError):
                if (found := datetime(year, month, day)) <= self._latest:  # noqa: DTZ001 - the sender's clock
                    self._readings.remark(f"dates have no year; it is that of {self._source}", "date")
                    return found
        raise ValueError("no such day")


def _messages(stream: BinaryIO, calendar: _Calendar) -> Iterator[tuple[int, str, str]]:
    """Row, kind and text of each message, its continuations joined; of a .B its lines, parted by line ends. The kind of one
    that is too long is empty."""
    begun, kind, size = 0, "", 0
    held: list[str] = []
    for row, line in numbered(Text(stream)):
        plain = re.sub(r":[^:]*(?::|$)", " ", line).strip()
        match = _BEGIN.fullmatch(plain)
        if kind == "B" and not match and plain and not plain.upper().startswith(".END"):
            size += len(plain)
            if size <= _MOST:
                held.append(f"\n{row} {plain}")
        elif match and match[3] and kind == match[1]:
            size += len(plain)
            if size <= _MOST:
                held[-1] = held[-1].removesuffix("/")
                held.append("/" + match[4].removeprefix("/"))
        elif match or plain.upper().startswith(".END"):
            if held:
                yield begun, kind if size <= _MOST else "", "".join(held)
            begun, kind, held = (row, match[1], [match[4]]) if match else (0, "", [])
            size = len(plain)
        elif not held:
            calendar.words(plain)
    if held:
        yield begun, kind if size <= _MOST else "", "".join(held)


def _begun(words: list[str], calendar: _Calendar) -> tuple[_State, list[str]]:
    """The date and zone of a header's words, and what follows. Raises _Fault."""
    date = words[0] if words and words[0].isascii() and words[0].isdecimal() else ""
    if len(date) == 4:
        day = calendar.day(int(date[:2]), int(date[2:]))
    elif len(date) in _DATES:
        day = datetime.strptime(date, _DATES[len(date)])  # noqa: DTZ007 - the sender's clock
    else:
        raise _Fault("the message has no date")
    zone = words[1] if len(words) > 1 and words[1] in _ZONES else ""
    return _State(day, day + timedelta(hours=24 if zone not in ("", "Z") else 12), zone or "Z"), words[2 if zone else 1 :]


def _dated(part: str, state: _State) -> bool:
    """Whether a part is one of those that set the time or units, which is done then."""
    match = _DATED.fullmatch(part)
    if match is None:
        return False
    if match[1] == "H":
        digits = match[2]
        if not digits.isdecimal() or len(digits) > 6:
            raise _Fault(f"the time {part[:12]} is not read")
        hour, minute, second = (*(int(digits[at : at + 2]) for at in range(0, len(digits), 2)), 0, 0)[:3]
        if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
            raise _Fault(f"the time {part[:12]} does not exist")
        state.moment = state.day + timedelta(hours=hour, minutes=minute, seconds=second)
        state.relative = timedelta()
    elif match[1]:
        _moved(match[1], match[2], state)
    elif match[3] == "U":
        state.metric = match[4] == "S"
    elif match[3] == "Q":
        state.qualifier = match[4]
    elif match[3] == "V":
        count = match[4][1:]
        unit = {"S": "S", "N": "M", "H": "H"}.get(match[4][:1], "")
        count, unit = (str(24 * int(count)), "H") if match[4][:1] == "D" and count.isdecimal() else (count, unit)
        state.variable = f"PT{int(count)}{unit}" if unit and count.isdecimal() and int(count) else ""
    elif match[3] in ("I", "R"):
        step = _STEP.fullmatch(match[4])
        if step is None:
            raise _Fault(f"{part[:10]} is not of seconds, minutes, hours or days")
        span = timedelta(**{_STEPS[step[1]]: int(step[2])})
        state.step, state.relative = (span, state.relative) if match[3] == "I" else (state.step, span)
    return True  # also of when it was created, which changes no value


def _moved(letter: str, digits: str, state: _State) -> None:
    """Another day than the header's, and the time of day where it is said: table 9a. Raises _Fault."""
    least = _MOMENTS.get(letter, 99)
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (least, least + 2, least + 4):
        raise _Fault(f"the time D{letter}{digits[:12]} is not read")
    date, clock = digits[:least], digits[least:].ljust(4, "0") if digits[least:] else ""
    if letter in "TY":
        days = [datetime.strptime(date, _DATES[least])]  # noqa: DTZ007 - the sender's clock
    else:  # the nearest such day to the header's
        day = state.day
        months = [(day.year + year, int(date[:2])) for year in (-1, 0, 1)] if letter == "M" else _months(day)
        days = [found for year, month in months if (found := _day(year, month, int(date[-2:])))]
    if not days:
        raise _Fault(f"the time D{letter}{digits[:12]} does not exist")
    since = state.moment - state.day
    state.day = min(days, key=lambda each: abs(each - state.day))
    if clock:
        hour, minute = int(clock[:2]), int(clock[2:])
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise _Fault(f"the time D{letter}{digits[:12]} does not exist")
        since = timedelta(hours=hour, minutes=minute)
    state.moment, state.relative = state.day + since, timedelta()


def _months(day: datetime) -> list[tuple[int, int]]:
    """Year and month: the one before, the same, the next."""
    count = day.year * 12 + day.month - 1
    return [(number // 12, number % 12 + 1) for number in (count - 1, count, count + 1)]


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - the sender's clock
    except ValueError:
        return None


def _known(code: str, state: _State) -> Field | None:
    """The quantity of a parameter code in the units that hold; None for what is no weather."""
    long = _SHORT.get(code, code)
    durations = {**_DURATIONS, "V": state.variable}
    element, period, extreme = long[:2], long[2:3], long[5:6]
    known = _ELEMENTS.get(element)
    unit = known[2 if state.metric else 1] if known else ""
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
    return Field(code, Parameter(standard_name=name, level=usual(name).level, method=method, duration=duration), unit)


def _taken(code: str, text: str, state: _State) -> tuple[str | None, int]:
    """The value of a text, and its flag. Raises _Fault."""
    match = _VALUE.fullmatch(text)
    if match is None:
        raise _Fault(f"{code} has {text[:20]!r}, which is no value")
    value = None if match[1] in _MISSING else "0" if match[1] == "T" else match[1]
    return value, _QUALIFIERS.get(match[2] or state.qualifier, NOT_EVALUATED)


def _header(text: str, calendar: _Calendar) -> tuple[str, _State, list[str]]:
    """The station of a message, what holds for its first value, and its other parts. Raises _Fault."""
    head, *parts = (part.strip() for part in text.split("/"))
    words = head.split()
    station = identified(words[0]) if words else None
    if station is None:
        raise _Fault("the message names no station")
    state, rest = _begun(words[1:], calendar)
    return station, state, ([" ".join(rest), *parts] if rest else parts)


def _message(text: str, row: int, readings: Readings, calendar: _Calendar) -> Iterator[Piece]:
    station, state, parts = _header(text, calendar)
    given: dict[Field, object] = {}
    flags: dict[Field, int] = {}
    last = ""  # a code without a value: some put a slash before it
    for part in parts:
        before = replace(state)
        if _dated(part, state):
            if given and state.instant() != before.instant():  # what stood before was of another time
                yield from readings.observe(station, before.instant(), row, given, flags)
                given, flags = {}, {}
            continue
        match = _CODE.fullmatch(f"{last} {part}" if last and _VALUE.fullmatch(part) else part)
        last = match[1] if match and not match[2] else ""
        if match and match[2]:
            try:
                if known := _known(match[1], state):
                    given[known], flags[known] = _taken(match[1], match[2], state)
                else:
                    readings.leave(match[1])
            except _Fault as exc:
                yield Reject(reason=str(exc), row=row, column=match[1], value=match[2][:SHOWN])
        elif part and not match:
            yield Reject(reason=f"{part[:20]!r} is no element with a value", row=row, value=part[:SHOWN])
    yield from readings.observe(station, state.instant(), row, given, flags)


def _series(text: str, row: int, readings: Readings, calendar: _Calendar) -> Iterator[Piece]:
    """Values of one element; each is a step later than the one before."""
    station, state, parts = _header(text, calendar)
    code = ""
    for part in parts:
        if _dated(part, state):
            continue
        match = _CODE.fullmatch(part)
        if not code and match:
            code, value = match[1], match[2]
            if not _known(code, state):
                readings.leave(code)
            if not value:
                continue
        elif code:
            value = part
        else:
            if part:
                raise _Fault(f"{part[:20]!r} is no element")
            continue
        if (known := _known(code, state)) and value:
            try:
                number, flag = _taken(code, value, state)
                yield from readings.observe(station, state.instant(), row, {known: number}, {known: flag})
            except _Fault as exc:
                yield Reject(reason=str(exc), row=row, column=code, value=value[:SHOWN])
        if not state.step:
            raise _Fault("the series has no interval (DI)")
        state.moment += state.step
    if not _known(code, state):
        yield from readings.observe(station, state.instant(), row, {})


def _body(text: str, row: int, readings: Readings, calendar: _Calendar) -> Iterator[Piece]:
    header, *lines = text.split("\n")
    head, *parts = (part.strip() for part in header.split("/"))
    state, rest = _begun(head.split()[1:], calendar)
    codes: list[tuple[str, _State]] = []  # each with what holds for it: the table's header may change the hour between them
    for part in [*rest, *parts]:
        if part and not _dated(part, state):
            codes.append((part, replace(state)))
    for line in lines:
        number, _, body = line.partition(" ")
        for report in body.split(","):  # packed: several stations a line
            if report.strip():
                yield from _report(report.strip(), int(number), codes or [("", state)], readings)


def _report(text: str, row: int, codes: list[tuple[str, _State]], readings: Readings) -> Iterator[Piece]:
    """A station's row in a table."""
    name, _, told = text.partition(" ")
    station = None if _CLOCK.fullmatch(name) else identified(name)  # a time where the station should be
    own: list[str] = []  # times and qualifiers that the row sets for the values behind them
    given: dict[int, tuple[dict[Field, object], dict[Field, int]]] = {}
    at = 0
    try:
        if station is None:
            raise _Fault("the row names no station")
        for part in map(str.strip, told.split("/")):
            first, _, value = part.partition(" ")
            if _DATED.fullmatch(first):
                own.append(first)
                if not value.strip():
                    continue
                part = value.strip()
            if at == len(codes):
                break
            (code, holds), at = codes[at], at + 1
            state = replace(holds)
            for each in own:
                _dated(each, state)
            known = _known(code, state)
            if known is None:
                readings.leave(code)
            elif part:
                try:
                    number, flag = _taken(code, part, state)
                except _Fault as exc:
                    yield Reject(reason=str(exc), row=row, column=code, value=part[:SHOWN])
                    continue
                fields, flags = given.setdefault(state.instant(), ({}, {}))
                fields[known], flags[known] = number, flag
    except (_Fault, ValueError, OverflowError) as exc:
        reason = str(exc) if isinstance(exc, _Fault) else "not a time that exists"
        yield readings.reject(reason=reason, row=row, value=text[:SHOWN])
        return
    if not given:
        yield from readings.observe(station, codes[0][1].instant(), row, {})
    for moment, (fields, flags) in given.items():
        yield from readings.observe(station, moment, row, fields, flags)
