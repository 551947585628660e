"""SHEF, the Standard Hydrometeorological Exchange Format of the US National Weather Service: messages .A, .E and .B.

Source: NWS Manual 10-944, "Standard Hydrometeorological Exchange Format (SHEF) Code Manual": chapters 3 to 5 and tables 1
(physical elements), 3 (durations), 8 (qualifiers) and 13 (time zones). Without DU units are English. Without a zone the time is
that of the sender, which nobody tells: such messages are rejected, as are those whose date has no year. Water and whatever else
is no weather is left and named.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from mesonet.domain.instant import from_datetime
from mesonet.domain.observation import Quality, Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.formats.json_readings import Field, Readings, identified
from mesonet.formats.reading import Context, Guess, Piece
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode
from mesonet.record import dataclass, field, replace
from mesonet.regex import regex

NAME = "shef"

_MOST = 1_000_000  # characters of one message, which is held whole

_BEGIN = regex(r"\.([AEB])(R?)(\d{0,2})\s+(.*)")
_SNIFF = regex(r"(?m)^\.[AEB]R?\s+[A-Z0-9]{3,8}\s+\d{4,8}(?:\s|/)[^\n]*/")
_DATES = {4: "", 6: "%y%m%d", 8: "%Y%m%d"}
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
    "TB": ("wet_bulb_temperature", "degF", "Cel"),
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
}
_SUMS = ("PP", "SF")
_SHORT = {"TX": "TAIRZX", "TN": "TAIRZN"}
_DURATIONS = {
    "U": "PT1M", "E": "PT5M", "G": "PT10M", "C": "PT15M", "J": "PT30M", "H": "PT1H", "B": "PT2H", "T": "PT3H", "F": "PT4H",
    "Q": "PT6H", "A": "PT8H", "K": "PT12H", "L": "PT18H", "D": "PT24H",
}  # fmt: skip
_EXTREMES = {"X": "maximum", "N": "minimum"}
_QUALIFIERS = {"B": int(Quality.FAIL), "R": int(Quality.FAIL), "F": int(Quality.SUSPECT), "Q": int(Quality.SUSPECT)}
_STEPS = {"S": "seconds", "N": "minutes", "H": "hours", "D": "days"}
_STEP = regex(r"([SNHD])([+-]?\d{1,2})")
_VALUE = regex(r"([+-]?(?:\d+\.?\d*|\.\d+)|[+]|-9999|MM?|T)([A-Z]?)")
_CODE = regex(r"([A-Z]{2}[A-Z0-9]{0,5})(?:\s+(\S+))?")
_DATED = regex(r"D([SNHDMYJT])(\d+)|D([UICVQR])(\S*)")


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

    def instant(self) -> int:
        if not self.zone:
            raise _Fault("the message tells no time zone")
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
    for row, kind, text in _messages(stream):
        try:
            if not kind:
                raise _Fault(f"the message is longer than {_MOST} characters")
            pieces = _body(text, row, readings) if kind == "B" else _message(text, kind, row, readings)
            yield from pieces
        except (_Fault, ValueError, OverflowError) as exc:
            readings.rows += 1
            reason = str(exc) if isinstance(exc, _Fault) else "not a time that exists"
            yield Reject(reason=reason, row=row, value=text[:SHOWN])
    yield from readings.end()


def _messages(stream: BinaryIO) -> Iterator[tuple[int, str, str]]:
    """Row, kind and text of each message, its continuations joined; of a .B its lines, parted by line ends. The kind of one
    that is too long is empty."""
    row, begun, kind, size = 0, 0, "", 0
    held: list[str] = []
    for block in Text(stream):
        for line in block.removesuffix("\n").split("\n"):
            row += 1
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
    if held:
        yield begun, kind if size <= _MOST else "", "".join(held)


def _begun(words: list[str]) -> tuple[_State, list[str]]:
    """The date and zone of a header's words, and what follows. Raises _Fault."""
    form = _DATES.get(len(words[0])) if words and words[0].isascii() and words[0].isdecimal() else None
    if not form:
        raise _Fault("the message has no date with a year")
    day = datetime.strptime(words[0], form)  # noqa: DTZ007 - the sender's clock
    zone = words[1] if len(words) > 1 and words[1] in _ZONES else ""
    return _State(day, day + timedelta(hours=12 if zone == "Z" else 24), zone), words[2 if zone else 1 :]


def _dated(part: str, state: _State) -> bool:
    """Whether a part is one of those that set the time or units, which is done then."""
    match = _DATED.fullmatch(part)
    if match is None:
        return False
    if match[1] == "H":
        hour, minute, second = (*(int(match[2][at : at + 2]) for at in range(0, len(match[2]), 2)), 0, 0)[:3]
        if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
            raise _Fault(f"the time {part[:12]} does not exist")
        state.moment = state.day + timedelta(hours=hour, minutes=minute, seconds=second)
        state.relative = timedelta()
        return True
    if match[3] == "U":
        state.metric = match[4] == "S"
        return True
    if match[3] == "Q":
        state.qualifier = match[4]
        return True
    if match[3] in ("I", "R"):
        step = _STEP.fullmatch(match[4])
        if step is None:
            raise _Fault(f"{part[:10]} is not of seconds, minutes, hours or days")
        span = timedelta(**{_STEPS[step[1]]: int(step[2])})
        state.step, state.relative = (span, state.relative) if match[3] == "I" else (state.step, span)
        return True
    if match[3]:
        return True  # created, valid: nothing that changes a value
    raise _Fault(f"the time {part[:12]} is not read")


def _known(code: str, state: _State) -> Field | None:
    """The quantity of a parameter code in the units that hold; None for what is no weather."""
    long = _SHORT.get(code, code)
    element, period, extreme = long[:2], long[2:3], long[5:6]
    known = _ELEMENTS.get(element)
    unit = known[2 if state.metric else 1] if known else ""
    if known is None:
        return None
    if extreme not in ("", "Z") and (extreme not in _EXTREMES or element in _SUMS):  # those of a month, a year, a record
        return None
    name, method, duration = known[0], "point", "PT0S"
    if element in _SUMS:
        method, duration = "sum", _DURATIONS.get(period, "PT24H" if period in ("", "Z") else "")
    elif extreme in _EXTREMES:
        method, duration = _EXTREMES[extreme], _DURATIONS.get(period, "PT24H")
    elif period not in ("", "I", "Z"):
        method, duration = "mean", _DURATIONS.get(period, "")
    if not duration or long[3:4] in ("F", "C"):  # forecasts, and what is contingent
        return None
    return Field(code, Parameter(standard_name=name, level=usual(name).level, method=method, duration=duration), unit)


def _taken(code: str, text: str, state: _State) -> tuple[str | None, int]:
    """The value of a text, and its flag. Raises _Fault."""
    match = _VALUE.fullmatch(text)
    if match is None:
        raise _Fault(f"{code} has {text[:20]!r}, which is no value")
    value: str | None = {"T": "0", "+": None, "M": None, "MM": None, "-9999": None}.get(match[1], match[1])
    return value, _QUALIFIERS.get(match[2] or state.qualifier, int(Quality.NOT_EVALUATED))


def _message(text: str, kind: str, row: int, readings: Readings) -> Iterator[Piece]:
    head, *parts = (part.strip() for part in text.split("/"))
    words = head.split()
    station = identified(words[0]) if words else None
    if station is None:
        raise _Fault("the message names no station")
    state, rest = _begun(words[1:])
    series: list[str] = []
    given: dict[Field, object] = {}
    flags: dict[Field, int] = {}
    for part in [" ".join(rest), *parts] if rest else parts:
        before = replace(state)
        if _dated(part, state):
            if given and state.instant() != before.instant():  # what stood before was of another time
                yield from readings.observe(station, before.instant(), row, given, flags)
                given, flags = {}, {}
            continue
        match = _CODE.fullmatch(part)
        if kind == "E" and series:
            yield from _sample(station, series[0], part, row, state, readings)
            continue
        if kind == "E" and match:
            series.append(match[1])
            if match[2]:
                yield from _sample(station, match[1], match[2], row, state, readings)
            continue
        if not match or not match[2]:
            if part:
                raise _Fault(f"{part[:20]!r} is no element with a value")
            continue
        if known := _known(match[1], state):
            given[known], flags[known] = _taken(match[1], match[2], state)
        else:
            readings.leave(match[1])
    if kind == "A":
        yield from readings.observe(station, state.instant(), row, given, flags)


def _sample(station: str, code: str, text: str, row: int, state: _State, readings: Readings) -> Iterator[Piece]:
    """One value of a series; the next one is a step later."""
    if known := _known(code, state):
        if text:
            value, flag = _taken(code, text, state)
            yield from readings.observe(station, state.instant(), row, {known: value}, {known: flag})
    else:
        readings.leave(code)
    if not state.step:
        raise _Fault("the series has no interval (DI)")
    state.moment += state.step


def _body(text: str, row: int, readings: Readings) -> Iterator[Piece]:
    header, *lines = text.split("\n")
    head, *parts = (part.strip() for part in header.split("/"))
    state, rest = _begun(head.split()[1:])
    codes = [(part, state.qualifier) for part in [*rest, *parts] if part and not _dated(part, state)]
    for line in lines:
        number, _, body = line.partition(" ")
        here = int(number)
        name, _, told = body.strip().partition(" ")
        station = identified(name)
        own = replace(state, qualifier="")
        values = [part.strip() for part in told.split("/")]
        while values and _dated(values[0], own):
            values.pop(0)
        given: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        try:
            for (code, qualifier), value in zip(codes, values, strict=False):
                known = _known(code, own)
                if known is None:
                    readings.leave(code)
                elif value:
                    given[known], flags[known] = _taken(code, value, replace(own, qualifier=own.qualifier or qualifier))
            moment = own.instant()
        except _Fault as exc:
            readings.rows += 1
            yield Reject(reason=str(exc), row=here, value=body[:SHOWN])
            continue
        if station is not None:
            yield from readings.observe(station, moment, here, given, flags)
