"""Instants and intervals, in UTC.

An instant is an integer: milliseconds since 1970-01-01T00:00:00Z, negative before. Integers sort, subtract and compress;
text is made where people read it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from mesonet.errors import InvalidParameter
from mesonet.record import dataclass
from mesonet.regex import regex

SECOND = 1000
DAY = 86_400 * SECOND
CLOCK_ERROR = 3600 * SECOND  # a logger's clock that is set to summer time by mistake is an hour ahead: no more is believed
EARLIEST = -62_135_596_800_000  # 0001-01-01, the first day that datetime knows
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FORMS = (
    "an RFC 3339 instant (2013-01-01T06:00:00Z), a date, month or year (2013-01-01, 2013-01, 2013), an interval a/b, a/.. or "
    "../b of these, or one with a duration, 2013-01-01/P1D or PT6H/2013-01-01"
)
_MOST = 50  # intervals of one list: each is a read of its own
_DATE = regex(r"[0-9]{4}(-[0-9]{2}){0,2}")
_DURATION = regex(r"(?a)P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_INSTANT = regex(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?")


def from_datetime(moment: datetime) -> int:
    """A naive datetime is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND


def to_datetime(instant: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=instant)


def iso(instant: int) -> str:
    """RFC 3339 in UTC with `Z`; milliseconds only where there are any. Beyond the calendar it is the calendar's end."""
    days, rest = divmod(_on_calendar(instant), DAY)
    day = _date(days)
    seconds, millis = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{millis:03d}" if millis else ""
    return f"{day}T{hour:02d}:{minute:02d}:{second:02d}{fraction}Z"


def stamp(moment: datetime) -> str:
    """RFC 3339 of a moment in UTC, always with milliseconds: of two such texts the greater is the later."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> int:
    """The instant of an RFC 3339 text; without an offset it is UTC. A leap second is the one after it. Raises ValueError."""
    if len(text) == 20 and text[4::3] == "--T::Z" and text[17:19] != "60":
        try:  # as nearly all are, for which the expression need not be compiled
            return from_datetime(datetime.fromisoformat(text))
        except ValueError:
            pass  # which says why
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not an RFC 3339 instant")
    if text[17:19] == "60":
        return parse(f"{text[:17]}59{text[19:]}") + SECOND
    return from_datetime(datetime.fromisoformat(text.upper().replace(",", ".")))


def horizon(arrived: int, *, days: bool = False) -> int:
    """The last instant that what arrived then can have observed; `days` have local dates, which may be ahead of UTC by one."""
    return arrived + (DAY if days else CLOCK_ERROR)


def day_of(instant: int) -> str:
    """The UTC calendar date, `2013-01-01`."""
    return _date(_on_calendar(instant) // DAY)


@lru_cache(1_000)
def _date(days: int) -> str:
    """The calendar date so many days after 1970-01-01: that of many instants, one after the other."""
    return date.fromordinal(days + 719_163).isoformat()


def _on_calendar(instant: int) -> int:
    """The nearest instant that datetime knows: a local time of the year 1 or 9999 may lie beyond it in UTC."""
    return min(max(instant, EARLIEST), LATEST)


def duration(milliseconds: int) -> str:
    """ISO 8601, in the largest unit that measures it: PT10M, PT1H, P1D."""
    if milliseconds % DAY == 0:
        return f"P{milliseconds // DAY}D"
    for unit, letter in ((3600 * SECOND, "H"), (60 * SECOND, "M"), (SECOND, "S")):
        if milliseconds % unit == 0:
            return f"PT{milliseconds // unit}{letter}"
    return f"PT{milliseconds / SECOND:.15g}S"


def step_duration(instants: Iterable[int], step: int) -> str:
    """What lies between instants that are a `step` apart: P1M where they are first days of months, 00:00Z."""
    dates = [to_datetime(each) for each in instants]
    monthly = 28 * DAY <= step <= 31 * DAY and all(each.day == 1 and each.hour == each.minute == 0 for each in dates)
    return "P1M" if monthly else duration(step)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, both included, as OGC API - Features (7.15.4, `datetime`) has it."""

    start: int = EARLIEST
    end: int = LATEST

    def __contains__(self, instant: int) -> bool:
        return self.start <= instant <= self.end

    def overlaps(self, first: int, last: int) -> bool:
        return first <= self.end and last >= self.start


@lru_cache(100)
def interval(text: str, *, parameter: str = "datetime") -> Interval:
    """The interval that OGC's `datetime` parameter means; a date is its whole UTC day, a month or year all of it.

    Raises InvalidParameter.
    """
    parts = text.split("/")
    if len(parts) > 2 or not text:
        raise InvalidParameter(parameter, f"{text!r} is not a time or an interval", value=text, allowed=_FORMS)
    first, last = parts[0], parts[-1]
    if len(parts) == 2 and first in ("", "..") and last in ("", ".."):
        return Interval()
    if len(parts) == 2 and (first[:1] == "P" or last[:1] == "P"):
        return _lasting(first, last, text, parameter)
    start = EARLIEST if len(parts) == 2 and first in ("", "..") else _bound(first, text, parameter, upper=False)
    end = LATEST if len(parts) == 2 and last in ("", "..") else _bound(last, text, parameter, upper=True)
    if start > end:
        raise InvalidParameter(parameter, f"the interval {text!r} ends before it starts", value=text, allowed=_FORMS)
    return Interval(start, end)


def intervals(text: str) -> list[Interval]:
    """What a list of `datetime`s means (OGC API - EDR, 8.2), in order and apart. Raises InvalidParameter."""
    parts = text.split(",")
    if len(parts) > _MOST:
        allowed = f"at most {_MOST}, or an interval"
        raise InvalidParameter("datetime", "these are too many times", value=len(parts), allowed=allowed)
    found = sorted((interval(each.strip()) for each in parts), key=lambda each: each.start)
    apart = found[:1]
    for each in found[1:]:
        if each.start <= apart[-1].end + 1:
            apart[-1] = Interval(apart[-1].start, max(apart[-1].end, each.end))
        else:
            apart.append(each)
    return apart


def cut(intervals: Iterable[Interval], start: int, end: int = LATEST) -> list[Interval]:
    """What of them lies from `start` to `end`."""
    return [Interval(max(each.start, start), min(each.end, end)) for each in intervals if each.overlaps(start, end)]


def _days(date_text: str) -> int:
    """Of a date, a month or a year."""
    year = int(date_text[:4])
    match len(date_text):
        case 4:
            return 337 + _length(year, 2)
        case 7:
            return _length(year, int(date_text[5:]))
    return 1


def _length(year: int, month: int) -> int:
    """Days of a month. The calendar module would say it, too, but imports the names of the months in all languages."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _lasting(first: str, last: str, text: str, parameter: str) -> Interval:
    """An interval of which a duration stands in place of one end (ISO 8601-1, 5.5.2); none counts from the year 0."""
    try:
        if "0000" in (first[:4], last[:4]):
            raise ValueError("before the calendar's first day")
        if first[:1] == "P":
            end = _bound(last, text, parameter, upper=False)
            return Interval(_moved(end, first, -1), end)
        start = _bound(first, text, parameter, upper=False)
        return Interval(start, _moved(start, last, 1))
    except (ValueError, OverflowError) as exc:
        raise InvalidParameter(parameter, f"{text!r} is no interval that exists", value=text, allowed=_FORMS) from exc


def _moved(instant: int, duration_text: str, direction: int) -> int:
    """Later (1) or earlier (-1) by a duration, whose months are those of the calendar. Raises ValueError, OverflowError."""
    found = _DURATION.fullmatch(duration_text)
    if found is None:
        raise ValueError(f"{duration_text!r} is no duration")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    moment = to_datetime(instant)
    month = moment.year * 12 + moment.month - 1 + direction * (12 * years + months)
    longest = _length(month // 12, month % 12 + 1)
    moment = moment.replace(year=month // 12, month=month % 12 + 1, day=min(moment.day, longest))
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return from_datetime(moment + direction * rest)


def _bound(part: str, text: str, parameter: str, *, upper: bool) -> int:
    """Beyond the calendar it is the calendar's end: RFC 3339 has a year 0, and offsets that lead out of the year 1 or 9999."""
    try:
        if part.startswith("0000"):  # as long as the year 4, and 1,461 days before it
            return _on_calendar(_bound(f"0004{part[4:]}", text, parameter, upper=upper) - 1_461 * DAY)
        if _DATE.fullmatch(part):
            start = from_datetime(datetime.fromisoformat(part if len(part) == 10 else f"{part}-01-01"[:10]))
            if not upper:
                return start
            return start + _days(part) * DAY - 1
        return _on_calendar(parse(part.replace(" ", "+") if part.count(" ") == 1 and "T" in part.upper() else part))
    except (ValueError, OverflowError, InvalidParameter) as exc:
        where = "" if part == text else f" in {text!r}"
        raise InvalidParameter(parameter, f"{part!r}{where} is not a time that exists", value=text, allowed=_FORMS) from exc
