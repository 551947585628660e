"""Times of NetCDF that are written as dates: texts, numbers of figures (`202401010630`), days and clocks apart, parts of dates.

Source: CDO User Guide, 1.4 (absolute time); FLUXNET's and ICOS' half-hourly files (`TIMESTAMP_START`, `TIMESTAMP_END`).
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import takewhile

from mesonet.domain.instant import DAY, from_datetime
from mesonet.errors import InvalidMapping, UnreadableFile
from mesonet.formats.binary.arrays import Attribute, Dataset, Scalar, Variable
from mesonet.formats.binary.netcdf_values import missing_of
from mesonet.formats.json_readings import instant
from mesonet.formats.times import NAMED, zone_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

IS_UTC = regex(
    r"\(?(?:(?:Etc/)?(?:UTC?|GMT|Z|Zulu|Universal|Greenwich)|(?:(?:Coordinated )?Universal|Greenwich Mean) Time)?\)?"
    r"(?:[+±-]?00?(?::?00)?| \(Zulu\))?",
    re.IGNORECASE,
)
_LOCAL, _UTC = regex(r"(?:\b|_)(?:local|lst)(?:\b|_)"), regex(r"utc|gmt|universal")
_FIGURES = regex(r"\s*day as %Y%m%d\.%f\s*")  # 20240101.25, as CDO and ICON write absolute times
# how many figures of a date, and what follows: `YYYYMMDDhhmm`, `%Y%m%d%H%M`, `day as %Y%m%d`, `YYYYMMDD UTC`
_DIGITS = regex(
    r"\s*(?:\w+ as )?((?:%Y%m%d(?:%H(?:%M(?:%S)?)?)?)|yyyymmdd[ _]?(?:hh(?:mm(?:ss)?)?)?)(?![%.\w])\s*(.*)", re.IGNORECASE
)
_OF_DAY = regex(r"(?:%H%M(?:%S)?|hh:?mm(?::?ss)?)", re.IGNORECASE)
_NUMBERED = regex(r"(?:timestamp|yyyymmdd(?:hhmm(?:ss)?)?)(?:_?(?:start|end))?")
_DATED = regex(r"\d{4}[-/]?\d\d[-/]?\d\d")
_CLOCK = regex(r"(\d\d?):?(\d\d)(?::?(\d\d(?:\.\d*)?))?\s*[Zz]?")
_SAYS_A_ZONE = regex(r"(?:[Zz]|UTC|GMT|:?\d\d[+-]\d\d:?(?:\d\d)?)\s*$")
ZONES = ("time_zone", "timezone", "tz", "time_zone_offset", "utc_offset")
_LOOKED_AT = 1000
_EPOCH = date(1970, 1, 1).toordinal()
_MILLISECONDS = "milliseconds since 1970-01-01 00:00 UTC"
_SAY_IT = "write an attribute `time_zone`, such as -06:00, or UTC"

type _Read = Callable[[Scalar | None], int | None]
type _Clocks = list[tuple[Variable, _Read]]

# where no variable has a unit of time: what one is called that tells it as text, and those that tell its parts
_TIME_NAME = regex(
    r"(?:(?:obs|observation|iso|utc)_?)?(?:times?|date|date_?time|timestamp)(?:_?(?:utc|str|string|iso|iso8601))?"
)
_WRITTEN = regex(r"(\d{4})[-/ ]?(\d\d)[-/ ]?(\d\d)[Tt_ ]?(\d\d):?(\d\d)(?::?(\d\d(?:\.\d*)?))?\s*(?:[Zz]|UTC|GMT)?", re.ASCII)
_PARTS = (
    *(("year", "yr", "yyyy"), ("month", "mon", "mo"), ("day", "dd", "dom"), ("hour", "hr", "hh")),
    *(("minute", "min", "mn"), ("second", "sec", "ss")),
)
_OF_A_CLOCK = regex(
    r"(?:[a-z]+_)?(?:hh?_?mm(?:_?ss)?|hrmn|hours?|minutes?|mins?|seconds?|time(?:_?(?:utc|lst|local))?|utc|clock)"
)
_OFFSETS = range(1970, 2038)  # years in which a zone has one offset, or none at all is told by it
_YEARS = range(1600, 2300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Milliseconds in the place of what the file has, with the `ends` of periods where it tells them."""

    itself: Variable
    remark: str
    ends: Variable | None = None
    zone_is_told: bool = False


@dataclass(frozen=True, slots=True)
class _Zone:
    """How many milliseconds a wall clock is ahead of UTC, and who says so; or why that cannot be told."""

    ahead: int = 0
    told: str = ""
    fault: str = ""


def written_times(data: Dataset) -> Written | None:
    """The instants of a file without a unit of time, where it tells them; UTC where nothing says another zone."""
    figures = [each for each in data.variables.values() if not each.text and _FIGURES.fullmatch(each.attribute("units"))]
    for each in figures:
        if each.dimensions == (each.name,) or (len(each.dimensions) == 1 and len(figures) == 1):
            return Written(itself=_together([each], _of_figures), remark="")
    along = [each for each in data.variables.values() if len(each.dimensions) == 1]
    for read in (_periods, _numbers, _apart, _texts, _parts):
        if found := read(data, along):
            return found
    return None


def _periods(data: Dataset, along: Sequence[Variable]) -> Written | None:
    """FLUXNET's half hours, whose values are over what lies between two times; they are in local standard time."""
    lower = {each.name.lower(): each for each in along}
    both = [each for name in ("timestamp_start", "timestamp_end") if (each := lower.get(name))]
    if len(both) != 2 or both[0].dimensions != both[1].dimensions:
        return None
    reads = [_written if each.text else _of_digits(_digits(each)) for each in both]
    zone = _zone(data, both[1])
    if not zone.told and not zone.fault:
        zone = _Zone(fault=f"it is in local standard time, as FLUXNET has it, and nothing says which: {_SAY_IT}")
    begin, end = (_shifted(each, read, zone) for each, read in zip(both, reads, strict=True))

    def ends(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
        pairs = zip(begin.read(start, stop), end.read(start, stop), strict=True)
        return [each for pair in pairs for each in pair]

    bounds = replace(end, name="", dimensions=(*end.dimensions, ""), shape=(*end.shape, 2), read=ends)
    told = f"times are the numbers of {both[1].name}, of periods that begin at {both[0].name}{zone.told}"
    end = replace(end, attributes={**end.attributes, "bounds": ""})
    return Written(itself=end, remark=told, ends=bounds, zone_is_told=bool(zone.told))


def _numbers(data: Dataset, along: Sequence[Variable]) -> Written | None:
    """Numbers whose figures are a date and a time of day."""
    for each in along:
        if not each.text and _digits(each) >= 10:
            zone = _zone(data, each)
            told = f"times are the figures of {each.name}{zone.told or ', as UTC'}"
            return Written(itself=_shifted(each, _of_digits(_digits(each)), zone), remark=told, zone_is_told=bool(zone.told))
    return None


def _apart(data: Dataset, along: Sequence[Variable]) -> Written | None:
    """Days in one variable, and in others along the same dimension the time of day."""
    for dated in along:
        day = _day_of_text if dated.text else _of_digits(8)
        if not (_are_days(dated) if dated.text else _digits(dated) == 8):
            continue
        beside = [each for each in along if each.dimensions == dated.dimensions and each is not dated]
        clocks = _of_day(beside)
        zone = _zone(data, dated)
        if not clocks:
            unclear = next((each for each in beside if _OF_A_CLOCK.fullmatch(each.name.lower())), None)
            if unclear is None and dated.text:
                continue
            if unclear is not None:
                zone = _Zone(fault=f"it tells days, and {unclear.name} perhaps the time of day: give that a unit, such as hhmm")

        def together(value: Scalar | None, *clock: Scalar | None, day: _Read = day, clocks: _Clocks = clocks) -> int | None:
            parts = [read(each) for (_, read), each in zip(clocks, clock, strict=True)]
            begin = day(value)
            return None if begin is None or None in parts else begin + sum(filter(None, parts))

        named = ", ".join(each.name for each in (dated, *(each for each, _ in clocks)))
        told = f"times are put together from {named}{zone.told or ', as UTC'}"
        itself = _shifted(dated, together if clocks else day, zone, *(each for each, _ in clocks))
        return Written(itself=itself, remark=told, zone_is_told=bool(zone.told))
    return None


def _texts(data: Dataset, along: Sequence[Variable]) -> Written | None:
    """Texts such as `2024-01-01T00:00:00Z`."""
    for each in along:
        if each.text and _is_time(each):
            zone = _Zone() if _all(each, lambda value: _SAYS_A_ZONE.search(str(value)) is not None) else _zone(data, each)
            if not zone.told and "local" in f"{each.name} {each.attribute('long_name')}".lower():
                continue
            told = f"times are the texts of {each.name}, {zone.told.removeprefix(', ') or 'UTC'} where they do not say"
            return Written(itself=_shifted(each, _written, zone), remark=told, zone_is_told=bool(zone.told))
    return None


def _parts(data: Dataset, along: Sequence[Variable]) -> Written | None:
    """Year, month, day, … each in a variable of its own."""
    numbers = {each.name.lower(): each for each in along if not each.text}
    parts = [next((numbers[name] for name in names if name in numbers), None) for names in _PARTS]
    told = list(takewhile(bool, parts))
    whole = [each for each in told if each is not None and each.dimensions == (told[0] or each).dimensions]
    if len(whole) < 3 or len(whole) != len(parts) - parts.count(None):
        return None  # minutes without hours, or of something else
    names = {each.name.lower() for each in whole}
    if any(
        _OF_A_CLOCK.fullmatch(name) and name not in names
        for name, each in numbers.items()
        if each.dimensions == whole[0].dimensions
    ):
        return None  # a clock that is none of the parts
    parts_named = ", ".join(each.name for each in whole)
    zone = _zone(data, whole[0])
    remark = f"times are put together from {parts_named}{zone.told or ', as UTC'}"
    return Written(itself=_shifted(whole[0], _put_together, zone, *whole[1:]), remark=remark, zone_is_told=bool(zone.told))


def _of_day(beside: Sequence[Variable]) -> _Clocks:
    """What tells the time of day, and how: `hhmm`, texts of a clock, or hours, minutes and seconds."""
    for each in beside:
        told = each.attribute("units") or each.name
        if each.text and _is_time(each) and _all(each, lambda value: _CLOCK.fullmatch(str(value).strip()) is not None):
            return [(each, _clock_of_text)]
        if not each.text and _OF_DAY.fullmatch(told.removesuffix("UTC").strip()):
            return [(each, _clock_of_digits(6 if "s" in told.lower() else 4))]
    lower = {each.name.lower(): each for each in beside if not each.text}
    found = [next((lower[name] for name in names if name in lower), None) for names in _PARTS[3:]]
    told_parts = [*takewhile(lambda each: each is not None, found)]
    if len(told_parts) != len(found) - found.count(None):
        return []
    steps = ((3_600_000, 24), (60_000, 60), (1000, 61))
    return [(each, _counted(*step)) for each, step in zip(told_parts, steps, strict=False) if each is not None]


def _counted(step: int, most: int) -> _Read:
    def read(value: Scalar | None) -> int | None:
        return round(value * step) if isinstance(value, int | float) and 0 <= value < most else None

    return read


def _clock_of_digits(count: int) -> _Read:
    def read(value: Scalar | None) -> int | None:
        if not isinstance(value, int | float) or value != value or value < 0 or value % 1:
            return None
        text = f"{int(value):0{count}d}"
        return _clock_of_text(text) if len(text) == count else None

    return read


def _clock_of_text(value: Scalar | None) -> int | None:
    match = _CLOCK.fullmatch(str(value).strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), float(match[3] or 0)
    inside = hours < 24 and minutes < 60 and seconds < 61
    return round((hours * 3600 + minutes * 60 + seconds) * 1000) if inside else None


def _day_of_text(value: Scalar | None) -> int | None:
    figures = str(value).strip().replace("-", "").replace("/", "")
    return _day_of_figures(int(figures)) if len(figures) == 8 and figures.isdecimal() else None


def _are_days(each: Variable) -> bool:
    """Whether texts are dates without a time of day."""
    return _is_time(each) and _all(each, lambda value: _DATED.fullmatch(str(value).strip()) is not None)


def _all(each: Variable, holds: Callable[[Scalar | None], bool]) -> bool:
    """Of the first values."""
    values = [value for value in each.read(0, _LOOKED_AT) if value not in (None, "")]
    return bool(values) and all(map(holds, values))


def _digits(each: Variable) -> int:
    """How many figures of a date its numbers have by its unit, or without one by its name and values; 0 where they are none.
    What has ten may count seconds: a unit alone tells them."""
    if match := _DIGITS.fullmatch(each.attribute("units")):
        return 2 * match[1].count("%") + 2 if "%" in match[1] else len(re.sub(r"\W|_", "", match[1]))
    if each.attribute("units") not in ("", "1") or not (_is_time(each) or _NUMBERED.fullmatch(each.name.lower())):
        return 0
    gone = missing_of(each)
    values = [value for value in each.read(0, _LOOKED_AT) if value is not None and value not in gone]
    return next((count for count in (12, 14, 8) if values and None not in map(_of_digits(count), values)), 0)


@lru_cache(8)
def _of_digits(count: int) -> _Read:
    of_day: int = 10 ** (count - 8)
    of_clock: int = 10 ** (14 - count)

    def read(value: Scalar | None) -> int | None:
        if not isinstance(value, int | float) or not 10_000_000 * of_day <= value < 100_000_000 * of_day or value % 1:
            return None
        day, clock = divmod(int(value), of_day)
        begin, clock = _day_of_figures(day), clock * of_clock
        hours, minutes, seconds = clock // 10_000, clock // 100 % 100, clock % 100
        if begin is None or hours > 23 or minutes > 59 or seconds > 60:
            return None
        return begin + (hours * 3600 + minutes * 60 + seconds) * 1000

    return read


def _day_of_figures(day: int) -> int | None:
    try:
        return _day(day // 10_000, day // 100 % 100, day % 100) if day // 10_000 in _YEARS else None
    except ValueError:
        return None


def _zone(data: Dataset, each: Variable) -> _Zone:
    """What the variable, its unit, or else the file says of the zone of its times."""
    match = _DIGITS.fullmatch(each.attribute("units"))
    told = [(match[2] if match else "", f"the unit of {each.name}")]
    told += [(_zone_in(of.attributes.get(name, "")), name) for of in (each, data) for name in ZONES]
    covered = re.search(r"T\d\d(?::?\d\d)*([+-]\d\d:?\d\d)$", data.attribute("time_coverage_start"))
    told.append((covered[1] if covered else "", "time_coverage_start"))
    text, where = next(((text.strip("() "), where) for text, where in told if text.strip("() ")), ("", ""))
    if not text:
        if is_local(each):
            return _Zone(fault=f"it is a local time, and nothing says of which zone: {_SAY_IT}")
        return _Zone()
    if IS_UTC.fullmatch(text):
        return _Zone(0, f", as UTC by {where}")
    try:
        hours = NAMED.get(text.upper())
        zone = None if hours is not None else zone_of(text)
    except InvalidMapping:
        return _Zone(fault=f"its zone is {text[:40]!r} by {where}, which tells no offset from UTC: {_SAY_IT}")
    if zone is not None:
        days = (datetime(year, month, 1, tzinfo=zone) for year in _OFFSETS for month in (1, 4, 7, 10))
        offsets = {day.utcoffset() for day in days}
        if len(offsets) > 1:
            return _Zone(fault=f"its zone is {text[:40]!r} by {where}, whose clocks are changed: {_SAY_IT}")
        hours = next(each.total_seconds() / 3600 for each in offsets if each is not None)
    return _Zone(round((hours or 0) * 3_600_000), f", {text} by {where}")


def _zone_in(value: Attribute) -> str:
    """What an attribute says, which may be hours as a number."""
    if isinstance(value, str):
        return value.strip()
    number = value[0] if len(value) == 1 else None
    if not isinstance(number, int | float) or not -12 <= number <= 14:
        return ""
    hours, minutes = divmod(round(abs(number) * 60), 60)
    return f"{'-' if number < 0 else '+'}{hours:02d}:{minutes:02d}"


def zone_beside(data: Dataset) -> str:
    """What the file says of a zone that is not UTC, beside times whose unit has none."""
    found = ((name, _zone_in(data.attributes.get(name, ""))) for name in ZONES)
    return next((f"{name} {text[:40]!r}" for name, text in found if text and not IS_UTC.fullmatch(text)), "")


def _shifted(each: Variable, read: Callable[..., int | None], zone: _Zone, *more: Variable) -> Variable:
    """What is read of variables, in UTC."""
    if zone.fault or (each.form == "f" and not each.text and _digits(each)):
        fault = zone.fault or "a date has more figures than single precision has: write it in double precision, or as integers"

        def refuse(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
            raise UnreadableFile(fault, column=each.name)

        return replace(each, attributes={"units": _MILLISECONDS}, read=refuse, text=False)
    if not zone.ahead:
        return _together([each, *more], read)

    def moved(value: Scalar | None, *others: Scalar | None) -> int | None:
        at = read(value, *others)
        return at if at is None or (each.text and _SAYS_A_ZONE.search(str(value))) else at - zone.ahead

    return _together([each, *more], moved)


def _together(parts: Sequence[Variable], together: Callable[..., int | None]) -> Variable:
    """A variable of milliseconds in the place of others."""

    def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
        return list(map(together, *(each.read(start, stop) for each in parts)))

    return replace(parts[0], attributes={"units": _MILLISECONDS}, read=read, text=False)


def is_local(variable: Variable) -> bool:
    told = f"{variable.name} {variable.attribute('long_name')}".lower()
    zones = (variable.attribute(name) for name in ("timezone", "time_zone", "tz"))
    if zone := next(filter(None, zones), ""):
        return not IS_UTC.fullmatch(zone)
    return _LOCAL.search(told) is not None and not _UTC.search(told)


def _is_time(variable: Variable) -> bool:
    return variable.attribute("standard_name") == "time" or _TIME_NAME.fullmatch(variable.name.lower()) is not None


def _written(value: Scalar | None) -> int | None:
    """The instant of a text: as ISO 8601 has it, or with other signs or none between its parts (`2024-01-01_06:00:00`,
    `2024 01 01 06:00 UTC`, `202401010600`)."""
    text = str(value or "").strip()
    if parts := _WRITTEN.fullmatch(text):
        year, month, day, hour, minute, second = parts.groups()
        text = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}Z"
    try:
        return instant(text)[0]
    except ValueError:
        return None


def _of_figures(value: Scalar | None) -> int | None:
    """The instant of a day written as one number, with a fraction: to the second, which is as far as its figures go."""
    if not isinstance(value, int | float) or not 10_101 <= value < 100_000_000:
        return None
    day, part = divmod(value, 1)
    try:
        begin = from_datetime(datetime(int(day) // 10_000, int(day) // 100 % 100, int(day) % 100, tzinfo=UTC))
    except ValueError:
        return None
    return begin + round(part * 86_400) * 1000


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day).toordinal() - _EPOCH) * DAY


def _put_together(*parts: Scalar | None) -> int | None:
    """The instant of year, month, day, … as numbers; the last of them may have a fraction."""
    try:
        year, month, day, *clock = (float(part) for part in parts if isinstance(part, int | float))
        hours, minutes, seconds = (*clock, 0.0, 0.0, 0.0)[:3]
        begin = _day(int(year), int(month), int(day))
        inside = len(clock) == len(parts) - 3 and hours < 24 and minutes < 60 and seconds < 61 and min(clock, default=0) >= 0
        if not inside or int(year) not in _YEARS or (clock and day % 1):
            return None
        return begin + round((day % 1 * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000)
    except (ValueError, OverflowError):
        return None
