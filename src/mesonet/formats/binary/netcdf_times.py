"""When the values of a NetCDF file are: the coordinate of time, its instants, and the periods around them.

Source: CF Conventions 1.11, 4.4 (units and calendars) and 7.1 (bounds); CDO User Guide, 1.4 (absolute time).
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from math import isfinite
from operator import add

from mesonet.domain.instant import DAY, EARLIEST, LATEST, from_datetime, iso, to_datetime
from mesonet.domain.parameter import POINT
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import arrays
from mesonet.formats.binary.arrays import Dataset, Variable
from mesonet.formats.binary.netcdf_dates import IS_UTC, ZONES, is_local, written_times, zone_beside
from mesonet.formats.binary.netcdf_values import are_all_there, missing_of, packing_of, values_of
from mesonet.record import replace
from mesonet.regex import regex

_UNITS = regex(
    r"\s*(\w+)\s+since\s+(\d{1,4}-\d{1,2}-\d{1,4}|\d{8})(?:[T\s]+(\d{1,2}(?![\d:])|\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?)\s*(.*))?\s*",
    re.IGNORECASE,
)
STEPS = {
    "week": 604_800_000,
    "d": 86_400_000, "day": 86_400_000, "h": 3_600_000, "hr": 3_600_000, "hour": 3_600_000, "min": 60_000, "minute": 60_000,
    "s": 1000, "sec": 1000, "second": 1000, "msec": 1, "millisecond": 1, "ms": 1, "microsecond": 0.001, "us": 0.001,
    "nanosecond": 0.000001, "ns": 0.000001,
}  # fmt: skip
_NO_STEPS = ("month", "mon", "year", "yr", "y", "common_year", "calendar_month", "calendar_year")
_CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian", "julian")
_LEAPLESS = ("noleap", "365_day")
_MARCH = 59 * DAY  # where it begins in a year without 29 February
_LOOKED_AT = 1000  # instants of which it is learnt how far they are apart
_KEPT = 50_000  # instants: of so many each is made once, for all who ask


class Clock:
    """The coordinate of time, and what its bounds or its steps say of periods. `names` are what cell methods may call it;
    `remark` says what it was made from where it is none of the file's own."""

    def __init__(self, itself: Variable, data: Dataset, remark: str, *, zone_is_told: bool = True) -> None:
        self.itself = itself
        self.remark = remark
        self.zone_is_told = zone_is_told
        self.names = {"time", "t", itself.name.lower(), *(axis.lower() for axis in itself.dimensions)}
        self.period: int | None = None  # milliseconds, of what is no instant
        self.is_monthly = self.is_bounded = False  # what the bounds are
        self._has_bounds = False  # whether there are bounds, which say where what is no instant stands
        ends = data.variables.get(itself.attribute("bounds"))
        has = ends and not ends.text and ends.shape == (itself.size, 2) and len(itself.dimensions) == 1
        self._ends = ends if has else None
        self._kept: list[int | None] | None = None

    def look(self, *, at_steps: bool) -> None:
        """Learns from the first instants how long periods are: by their bounds, else by the steps between them."""
        begin = range(min(self.itself.size, _LOOKED_AT))
        bounds = self._bounds(begin)
        self._has_bounds = any(bounds)
        self.period = _length(bounds)
        self.is_bounded = self.period is not None
        self.is_monthly = bool(bounds) and all(each is not None and _is_month(each) for each in bounds)
        if at_steps and self.period is None and not self.is_monthly:
            times = self.times(begin)
            self.period = _step(times)
            known = [each for each in times if each is not None]
            self.is_monthly = len(known) > 1 and all(map(_is_month, pairwise(known)))

    def moves(self, method: str) -> bool:
        """Whether values of this cell method stand elsewhere than at their instants."""
        return self._has_bounds and method != POINT

    def comes_again(self) -> bool:
        """Whether many of the first instants come more than once, as those of several stations do."""
        known = [each for each in self.times(range(min(self.itself.size, _LOOKED_AT))) if each is not None]
        return len(known) - len({*known}) > len(known) / 4

    def span(self) -> tuple[int, int | None, int | None]:
        """How many instants it tells, the first and the last of them."""
        count, ends = 0, list[int]()
        step = -(-arrays.AT_ONCE // self.itself.stored) * self.itself.stored
        for start in range(0, self.itself.size, step):
            known = [each for each in self.times(range(start, start + step)) if each is not None]
            count += len(known)
            ends += (min(known), max(known)) if known else ()
        return count, min(ends, default=None), max(ends, default=None)

    def times(self, some: range | None = None) -> list[int | None]:
        """Instants, all or some. Raises UnreadableFile where the unit or the calendar has none."""
        if len(self.itself.shape) != 1 or self.itself.size > _KEPT:
            return self._instants(self.itself, some)
        if self._kept is None:
            self._kept = self._instants(self.itself, None)
        return self._kept[:] if some is None else self._kept[some.start : some.stop]

    def stamps(self, some: range, times: list[int | None]) -> tuple[list[int | None], list[int | None]]:
        """Instants at which values stand: those of points, and those of what is over a period."""
        if not self._has_bounds:
            return times, times
        bounds = self._bounds(some)
        return times, [_stands(period) if period else time for period, time in zip(bounds, times, strict=True)]

    def _bounds(self, some: range) -> list[tuple[int, int] | None]:
        """Where the periods of instants begin and end (CF 7.1), where the file says it."""
        if self._ends is None:
            return []
        ends = self._instants(self._ends, some)
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return [(min(a, b), max(a, b)) if a is not None and b is not None else None for a, b in pairs]

    def _instants(self, told: Variable, some: range | None) -> list[int | None]:
        """The values of a variable that is in the clock's unit."""
        clock = self.itself
        calendar = clock.attribute("calendar").lower()
        if calendar not in (*_CALENDARS, *_LEAPLESS):
            raise UnreadableFile(
                f"the calendar {calendar[:40]!r} has no instants: its dates are none of the calendar that the world keeps, "
                "as 30 February of 360_day. Convert the times to the standard calendar (CF 4.4.1), and put the file again",
                column=clock.name,
            )
        match = _UNITS.fullmatch(clock.attribute("units"))
        if match and match[1].lower().rstrip("s") in _NO_STEPS:
            raise UnreadableFile(
                f"{clock.attribute('units')[:60]!r} counts {match[1].lower()}, which have no one length: udunits takes a year "
                "for 365.242198781 days and a month for a twelfth of it, most files mean those of the calendar (CF 4.4 advises "
                "against both). Write `days since`",
                column=clock.name,
            )
        step = STEPS.get(match[1].lower().removesuffix("s") if len(match[1]) > 2 else match[1].lower()) if match else None
        if match is None or step is None:
            raise UnreadableFile(f"{clock.attribute('units')[:60]!r} is no unit of time", column=clock.name)
        if is_local(clock) and not (match[4] or "").strip():
            raise UnreadableFile(
                f"it is a local time, and {clock.attribute('units')[:60]!r} has no offset: write one, such as -06:00, or UTC",
                column=clock.name,
            )
        start = _since(match, clock.name, calendar)
        goes_on = lru_cache(4096)(_without_leap_days(start)) if calendar in _LEAPLESS else partial(add, start)
        gone = missing_of(told)
        scale, offset = packing_of(told)
        packed = (scale, offset) != (1, 0)
        values = values_of(told, some)
        if not packed and calendar not in _LEAPLESS and are_all_there(values, gone):
            ends = [start + each * step for each in (min(values, default=0), max(values, default=0))]
            if all(EARLIEST < each < LATEST for each in ends):
                return [start + round(each * step) for each in values]
        times: list[int | None] = []
        for value in values:
            if not isinstance(value, int | float) or value in gone:
                times.append(None)
                continue
            passed = (value * scale + offset if packed else value) * step
            moment = goes_on(round(passed)) if isfinite(passed) else None
            times.append(moment if moment is not None and EARLIEST <= moment <= LATEST else None)
        return times


def coordinates_of_time(data: Dataset) -> list[str]:
    """Variables that are times along dimensions of their own."""
    numbers = (each for each in data.variables.values() if each.dimensions == (each.name,) and not each.text)
    return [each.name for each in numbers if _UNITS.fullmatch(each.attribute("units"))]


def clock_of(data: Dataset, is_matrix: Callable[[Variable], bool]) -> Clock | None:
    """The coordinate of time: the one so named, else the first of values along a dimension, or of several stations where it
    `is_matrix`; else what texts or parts of dates tell."""
    found = [
        each
        for each in data.variables.values()
        if not each.text and _UNITS.fullmatch(each.attribute("units")) and (len(each.dimensions) <= 1 or is_matrix(each))
    ]

    def rank(each: Variable) -> tuple[bool, ...]:
        named = each.attribute("standard_name") == "time" or each.attribute("axis") == "T"
        return (
            is_local(each),
            not each.dimensions,
            not (named and each.dimensions == (each.name,)),
            not named,
            each.name.lower() != "time",
            "obs" not in each.name.lower(),  # of MADIS' times that of the observation
            not each.name.lower().startswith("time"),
        )

    if found:
        clock = min(found, key=rank)
        match, beside = _UNITS.fullmatch(clock.attribute("units")), zone_beside(data)
        if not beside or (match and (match[4] or "").strip()) or any(clock.attribute(name) for name in ZONES):
            return Clock(clock, data, "")
        told = f"times are UTC, as CF has it where their unit has no zone: {beside} is taken for that of the station"
        return Clock(clock, data, told, zone_is_told=False)
    if written := written_times(data):
        variables = {**data.variables, **({"": written.ends} if written.ends else {})}
        data = replace(data, variables=variables)
        return Clock(written.itself, data, written.remark, zone_is_told=written.zone_is_told or not written.remark)
    return None


def _length(bounds: Sequence[tuple[int, int] | None]) -> int | None:
    """How long periods are, where all are as long; months are not."""
    lengths = {each[1] - each[0] for each in bounds if each is not None}
    return lengths.pop() or None if len(lengths) == 1 else None


def _step(times: Sequence[int | None]) -> int | None:
    """How far instants are apart, where all are as far but for gaps."""
    steps = [b - a for a, b in pairwise(sorted({each for each in times if each is not None}))]
    step = min(steps, default=0)
    regular = step > 0 and steps.count(step) * 4 >= len(steps) * 3 and not any(each % step for each in steps)
    return step if regular else None


def _stands(bounds: tuple[int, int]) -> int:
    """Where the value of a period stands: at its end, that of a day at its date, that of a month at its first day."""
    begin, end = bounds
    return begin if (end - begin == DAY and begin % DAY == 0) or _is_month(bounds) else end


def _is_month(bounds: tuple[int, int]) -> bool:
    first, last = map(iso, bounds)
    months = [int(each[:4]) * 12 + int(each[5:7]) for each in (first, last)]
    return months[1] - months[0] == 1 and all(each[7:] == "-01T00:00:00Z" for each in (first, last))


def _without_leap_days(start: int) -> Callable[[int], int]:
    """Tells the instant that is called as the one so much later in a calendar without 29 February; beyond the calendar, its
    end."""
    if not EARLIEST <= start <= LATEST:
        return lambda _: LATEST + 1
    date = to_datetime(start)
    day = min(date.day, 28) if date.month == 2 else date.day
    begin = (date.year * 365 + date.replace(year=2001, day=day).timetuple().tm_yday - 1) * DAY + start % DAY

    def goes_on(gone: int) -> int:
        year, rest = divmod(begin + gone, 365 * DAY)
        if not 1 <= year <= 9999:
            return LATEST + 1
        before = year - 1
        leap_days = before // 4 - before // 100 + before // 400
        if rest >= _MARCH and year % 4 == 0 and (year % 100 or year % 400 == 0):
            leap_days += 1
        return EARLIEST + (before * 365 + leap_days) * DAY + rest

    return goes_on


def _since(match: re.Match[str], name: str, calendar: str) -> int:
    """The instant from which times count. In CF's standard calendar a date before 15 October 1582 is one of the Julian
    calendar (CF 4.4.1): 1-1-1 is two days before the first of the year 1 as it is counted today."""
    day, clock, zone = match[2], match[3] or "0:0", (match[4] or "").strip()
    try:
        date = day.split("-") if "-" in day else [day[:4], day[4:6], day[6:]]
        if len(date[2]) > 2:  # MADIS counts since 1-1-1970
            date.reverse()
        parts = [float(part) for part in (*date, *clock.split(":"), *(() if ":" in clock else ("0",)))]
        year, month, number, hour, minute = (int(part) for part in parts[:5])
        start = from_datetime(datetime(year, month, number, tzinfo=UTC))
        standard = calendar in _CALENDARS and calendar != "proleptic_gregorian"
        if calendar == "julian" or (standard and (year, month, number) < (1582, 10, 15)):
            leap = year - (month <= 2)  # the last year before the date that may have had a leap day
            start += (leap // 100 - leap // 400 - 2) * DAY
        start += round(timedelta(hours=hour, minutes=minute, seconds=parts[5] if len(parts) > 5 else 0).total_seconds() * 1000)
    except (ValueError, OverflowError):
        raise UnreadableFile(f"the time {day} {clock} does not exist", column=name) from None
    if offset := re.fullmatch(r"([+-]?)(\d{1,2}):?(\d{2})?(?:[:.]0+)?", zone):
        ahead = (int(offset[2]) * 60 + int(offset[3] or 0)) * 60_000
        return start + ahead if offset[1] == "-" else start - ahead
    if not IS_UTC.fullmatch(zone):
        raise UnreadableFile(f"times count from {zone[:40]!r}: write UTC, or an offset such as +01:00", column=name)
    return start
