"""Lines that a sensor sent, each with the time that whoever logged them wrote before it.

A sensor has no clock, so a logger's stamp is all that tells when a line was: an ISO 8601 time, a date in figures, seconds or
milliseconds since 1970. Of `03/06/2024` the lines of the file's beginning tell which is the day, if one has a day beyond 12.
"""

from datetime import UTC, datetime

from mesonet.domain.instant import iso
from mesonet.domain.mapping import TimeColumns
from mesonet.formats.documented import offset
from mesonet.formats.json_readings import Readings, of_file
from mesonet.formats.reading import Context
from mesonet.formats.times import NAMED, clock
from mesonet.regex import regex

_STAMP = regex(
    r"\W{0,3}(?:(?P<epoch>\d{10}(?:\.\d{1,9})?|\d{13})(?!\d)"
    r"|(?:(?P<year>\d{4})(?P<sign>[-/.]?)(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)"
    r"|(?P<first>\d\d?)(?P<part>[-/.])(?P<second>\d\d?)(?P=part)(?P<last>\d{4}))"
    r"[T ,;\t_-]{0,3}(?P<hour>\d\d?):?(?P<minute>\d\d)(?::?(?P<seconds>\d\d)(?:[.,]\d{1,9})?)?"
    r"\W{0,2}(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z]{2,4}T\b)?(?!:?\d))"
)
_YEAR_FIRST = regex(rb"[^\w#]{0,3}(?:\d{10,13}\b|(?:19|20)\d\d[-/.]?[01]\d)")
_LOOK = 50  # lines of the beginning
_NO_STAMP = "no date and time stand before it"
_WHICH = "which comes first, day or month? none of the first lines has a day beyond 12"


def is_year_first(head: bytes) -> bool:
    """Whether the first line's stamp says the same wherever in the file it stands."""
    return _YEAR_FIRST.match(head.lstrip()) is not None


class Stamps:
    """Reads what stands before the lines."""

    def __init__(self, beginning: str, context: Context, readings: Readings) -> None:
        told = context.mapping.time.zone if context.mapping else ""
        self._clock = clock(TimeColumns(columns=("time",), format="iso", zone=told or "UTC"))
        self._told, self._readings = told, readings
        found = [match for line in beginning.split("\n")[:_LOOK] if (match := _STAMP.match(line))]
        self._day_first = any(int(each["first"] or 0) > 12 for each in found)
        self._month_first = any(int(each["second"] or 0) > 12 for each in found)

    def instant(self, before: str, station: str) -> int:
        """When a line was, by what stands before it. Raises ValueError."""
        match = _STAMP.match(before)
        if match is None:
            raise ValueError(_NO_STAMP)
        text = self._iso(match.groupdict(""))
        if not text.endswith("Z") and text[-6:-5] not in ("+", "-") and not self._told:
            self._readings.remark("the stamps have no zone and were taken as UTC; a mapping can say the logger's zone", "zone")
        self._clock.learn({text})
        if fault := self._clock.faults.get(text):
            raise ValueError(fault)
        return self._clock.resolve([text], station)[0][0]

    def _iso(self, at: dict[str, str]) -> str:
        if epoch := at["epoch"]:
            seconds = float(epoch) / (1000 if len(epoch) == 13 and "." not in epoch else 1)
            return iso(int(datetime.fromtimestamp(seconds, UTC).timestamp()) * 1000)
        year, month, day = at["year"], at["month"], at["day"]
        if not year:
            if at["part"] != "." and self._day_first == self._month_first:
                raise ValueError(_WHICH)
            year, day, month = at["last"], at["first"], at["second"]
            if at["part"] != "." and self._month_first:
                day, month = month, day
        zone = "Z" if at["zone"] in ("Z", "UTC", "GMT") else at["zone"]
        if zone[-1:] == "T":
            if zone not in NAMED:
                raise ValueError(f"which zone is {zone}?")
            zone = offset(NAMED[zone])
        elif len(zone) == 5:
            zone = f"{zone[:3]}:{zone[3:]}"
        return f"{year}-{month:0>2}-{day:0>2}T{at['hour']:0>2}:{at['minute']}:{at['seconds'] or '00'}{zone}"


def station_of(context: Context, prefix: str, readings: Readings) -> str:
    """The station, which a mapping says, or else the file's name."""
    if context.mapping and context.mapping.station:
        return context.mapping.station
    station = of_file(context.key, prefix)
    readings.remark(f"the station stands nowhere in the data: it is called {station} after the file", "station")
    return station
