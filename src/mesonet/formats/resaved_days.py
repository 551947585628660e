"""Days as spreadsheets and programs write them: `1/31/2024 2:00 PM` becomes `2024-01-31 14:00:00`.

Whether the day or the month comes first differs by country and is told by nothing but the days themselves: by one beyond the
twelfth, or by how they run on. Where neither tells it, they stay as they are, and their format rejects them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from mesonet.domain.instant import DAY, from_datetime
from mesonet.formats.times import month_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

_END = 24  # the hour in which a day ends
_LOOK = 300  # days that are looked at
_DATE = regex(
    r"(\d{1,4})([/.-])(\d\d?|[^\W\d]{3,5}\.?)\2(\d{1,4})"
    r"(?:(?:,? |T)(\d\d?):(\d\d)(?::(\d\d)(?:\.0+)?)?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
_ISO = regex(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_ORDERS = {"ymd": (1, 3, 4), "dmy": (4, 3, 1), "mdy": (4, 1, 3)}  # the groups of year, month and day


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """In which order year, month and day stand, or may stand, by another that reads all of the first the same (01/01/2024);
    with `midnight` that behind them says nothing."""

    order: str
    another: str = ""
    midnight: bool = False

    def written(self, field: str) -> str | None:
        """As ISO 8601 has it, a blank before the time; None of what is no such day."""
        date = _DATE.fullmatch(field)
        moment = date and _moment(date, self.order)
        if not date or not moment:
            return None
        plain = not date[5] or (self.midnight and not from_datetime(moment) % DAY)  # hours may begin further below
        return f"{moment:%Y-%m-%d}" if plain else f"{moment:%Y-%m-%d %H:%M:%S}"


class Running:
    """Days in the order of the rows. Where two orders read the first ones the same, that is right by which the next one is the
    next day; a day that comes too late to tell it stays as it is, and so do those behind it."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._last: int | None = None

    def written(self, field: str) -> str | None:
        if self._days.another and (date := _DATE.fullmatch(field)) and not self._told(date):
            return None
        return self._days.written(field)

    def _told(self, date: re.Match[str]) -> bool:
        """Whether the orders read it the same, or which is right is known."""
        orders = (self._days.order, self._days.another)
        moments = {order: from_datetime(moment) for order in orders if (moment := _moment(date, order))}
        if len(moments) == 2 and len(set(moments.values())) == 1:
            self._last = moments[orders[0]]
            return True
        near = [order for order, at in moments.items() if self._last is not None and abs(at - self._last) <= DAY]
        if len(near) == 1:
            self._days = replace(self._days, order=near[0], another="")
        return len(near) == 1


def days_of(rows: Sequence[Sequence[str]]) -> Days | None:
    """How the days of a table are written; None where they are as they should be, or where it cannot be told."""
    for at in range(max(map(len, rows), default=0)):
        fields = [field for row in rows[:_LOOK] if at < len(row) and (field := row[at].strip())]
        dates = [date for date in map(_DATE.fullmatch, fields) if date]
        if len(dates) > len(fields) * 0.9 and (found := _told(dates)):
            return found
    return None


def _told(dates: Sequence[re.Match[str]]) -> Days | None:
    every = [(tuple(_moments(dates, order)), order) for order in _ORDERS]
    found = {moments: order for moments, order in every if len(moments) == len(dates)}
    if len(found) > 1:
        from mesonet.formats.pace import steady, usual  # hardly ever needed

        found = steady(found)
        if any(usual(moments) > DAY for moments in found):  # read otherwise they may be days with a gap, and nobody is asked
            return None
    if len(found) != 1:
        return None
    ((moments, order),) = found.items()
    midnight = all(date[5] for date in dates) and not any(at % DAY for at in moments) and len(set(moments)) > 1
    plain = order == "ymd" and all(_ISO.fullmatch(date[0]) for date in dates)
    another = next((each for same, each in every if same == moments and each != order), "")
    return None if plain and not midnight else Days(order=order, another=another, midnight=midnight)


def _moments(dates: Iterable[re.Match[str]], order: str) -> Iterator[int]:
    return (from_datetime(moment) for date in dates if (moment := _moment(date, order)))


def _moment(date: re.Match[str], order: str) -> datetime | None:
    year, month, day = (date[group] for group in _ORDERS[order])
    if len(year) not in (2, 4) or len(day) > 2 or (len(month) == 4 and month.isdecimal()):
        return None
    if order == "mdy" and date[2] == "." and len(year) == 4:  # 31.12.2024 is German, and nobody's else
        return None
    named = month_of(month)
    if named and order == "ymd" and len(year) == 2:  # 21-May-24 is a day of 2024
        return None
    hour = int(date[5] or 0)
    if half := (date[8] or "").lower():
        hour = hour % 12 + 12 * (half == "p") if 1 <= hour <= 12 else 99
    ended = hour == _END and not int(date[6]) and not int(date[7] or 0)
    try:
        return datetime(
            int(year) + (0 if len(year) == 4 else 2000 if int(year) < 69 else 1900),  # as POSIX has it
            named or int(month),
            int(day),
            0 if ended else hour,
            int(date[6] or 0),
            int(date[7] or 0),
            tzinfo=UTC,
        ) + timedelta(days=ended)
    except ValueError:
        return None
