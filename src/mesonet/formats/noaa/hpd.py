"""Hourly Precipitation Data (COOP HPD): a day of a station in each row, 24 hours with their flags, and the day's sum.

Source: NOAA NCEI, `readme.csv.txt` of Hourly Precipitation Data, version 2. Values are hundredths of an inch; an hour is told
by its beginning, in local standard time, of which the file does not tell the zone: sums of days stand at their dates, hours
are taken where a mapping says the zone. What gathered over several hours (A) is no value of its hour, and left.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import cast

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.elements import Elements, Field, Places, Timing, element, header_of, latest, pieces, timed
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Table, first_line
from mesonet.formats.text import decode
from mesonet.formats.times import clock, zone_of
from mesonet.regex import regex

NAME = "hpd"
RECORDS = LineRecords(header=regex(rb"HR00Val"))
TAKES_MAPPING = True  # for the zone

_HOURS = tuple(f"HR{hour:02d}" for hour in range(24))
_PERIODS = ("DlySum", *_HOURS)
_NAMED = {  # of versions 2 and 1
    "station": ("STATION", "StnID"),
    "latitude": ("LATITUDE", "Lat"),
    "longitude": ("LONGITUDE", "Lon"),
    "elevation": ("ELEVATION", "Elev"),
    "name": ("NAME",),
    "date": ("DATE", "Year-Month-Day"),
}
_QUALITY = {"P": SUSPECT, "q": SUSPECT, "R": SUSPECT} | dict.fromkeys("XNYKGOZQD", FAIL)
_GATHERED = "A"
_DAY = element("DlySum", "precipitation_amount", "0.01 [in_i]", "-9999", method="sum", duration="P1D")
_HOUR = element("HR00Val to HR23Val", "precipitation_amount", "0.01 [in_i]", "-9999", method="sum", duration="PT1H")
_NO_ZONE = (
    "hours are of the station's local standard time, whose zone the file does not tell: sums of days alone were taken; a "
    "mapping with time.zone gives the hours, too"
)


def sniff(head: bytes) -> Guess | None:
    names = {name.strip().strip('"') for name in first_line(decode(head[:8192])).split(",")}
    lacking = names.isdisjoint(_NAMED["station"]) or names.isdisjoint(_NAMED["date"])
    if lacking or not {f"{period}{part}" for period in _HOURS for part in ("Val", "MF", "QF")} <= names:
        return None
    return Guess(0.97, "Hourly Precipitation Data of NOAA (HPD): 24 hours with their flags in each row")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",", header_tells=True)
    names, skip = header_of(table, (f"{hour}{part}" for hour in _HOURS for part in ("Val", "MF", "QF")))
    for called in (_NAMED["station"], _NAMED["date"]):
        if set(called).isdisjoint(names):
            raise UnreadableFile(f"the header does not name {' or '.join(called)}", row=skip)
    yield from pieces(table, len(names), _Days(names, context), skip=skip, header=names)


class _Days:
    def __init__(self, names: Sequence[str], context: Context) -> None:
        at = {name: column for column, name in enumerate(names)}
        self._at = {what: next((at[name] for name in called if name in at), None) for what, called in _NAMED.items()}
        self._values = {each: at[name] for each in _PERIODS if (name := each if each == "DlySum" else f"{each}Val") in at}
        self._flags = {each: at[name] for each in _PERIODS if (name := f"{each}QF") in at}
        self._zone = zone_of(context.mapping.time.zone) if context.mapping else None
        self._days, self._hours = Elements(context), Elements(context)
        self._places = Places()
        self._rows = self._gathered = 0
        station, date = self._at["station"], self._at["date"]
        self._timing = Timing(
            clock=clock(TimeColumns(columns=("date",))),
            times=(cast(int, date),),
            name=names[cast(int, date)],
            station=station,
            station_name=names[cast(int, station)],
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        empty = [""] * len(chunk.rows)
        told = {what: empty if at is None else list(map(str.strip, chunk.columns[at])) for what, at in self._at.items()}
        yield from self._places.stations(
            chunk.rows, *(told[what] for what in ("station", "latitude", "longitude", "elevation", "name"))
        )
        field = self._field(chunk, "DlySum") if "DlySum" in self._values else None
        yield from self._days.take(told["station"], times, chunk.rows, [field] if field else [])
        if self._zone is None:
            return
        ahead = {day: _ahead(day, self._zone) for day in set(times)}
        for hour, name in enumerate(_HOURS, 1):
            instants = [day + hour * DAY // 24 - ahead[day] for day in times]
            yield from self._hours.take(told["station"], instants, chunk.rows, [self._field(chunk, name)], counted={})

    def _field(self, chunk: Chunk, period: str) -> Field:
        texts = list(map(str.strip, chunk.columns[self._values[period]]))
        codes = list(map(str.strip, chunk.columns[self._flags[period]])) if period in self._flags else [""] * len(texts)
        gathered = [code == _GATHERED for code in codes]
        self._gathered += sum(gathered)
        kept = ["" if lost else text for text, lost in zip(texts, gathered, strict=True)]
        flags = [_QUALITY.get(code, NOT_EVALUATED) for code in codes]
        return Field(_DAY if period == "DlySum" else _HOUR, kept, flags, texts)

    def last(self) -> Iterator[Piece]:
        if self._zone is None:
            yield Remark(_NO_ZONE)
        if self._gathered:
            yield Remark(f"{self._gathered} amounts of several hours together, which are told at their last, were not taken")
        yield from self._days.remarks()
        yield from self._hours.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name=self._timing.station_name, kind="station", values=self._rows)
        yield ColumnFacts(name=self._timing.name, kind="time", values=self._rows)
        yield from (self._days.facts() | self._hours.facts()).values()


def _ahead(day: int, zone: tzinfo) -> int:
    """Milliseconds by which the zone's standard time is ahead of UTC, whether it is summer or not."""
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=day)).replace(tzinfo=zone)
    offset = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    return round(offset.total_seconds() * SECOND)
