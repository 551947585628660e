"""What JSON documents observe, gathered into columns: the layer between documents and batches.

Documents give one time of one station each, or parallel arrays of one station; both become dense tables of a station, of one
layout (the same fields in the same units) each.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import accumulate, chain

from mesonet.domain.file import Claim, ColumnFacts
from mesonet.domain.instant import DAY, SECOND, from_datetime
from mesonet.domain.observation import MISSING, NOT_EVALUATED, Batch, Column, Reject
from mesonet.domain.parameter import INSTANT, METHODS, POINT, STANDARD_NAMES, Parameter, is_duration, usual
from mesonet.domain.station import Authority, Station
from mesonet.domain.units import Conversion, UnknownUnit, converter
from mesonet.formats import bounds
from mesonet.formats.columns import Numbers
from mesonet.formats.json_document import Number
from mesonet.formats.reading import Columns, Extent, Inferred, Piece, Remark, Rows
from mesonet.formats.table import SHOWN, Strays, torn
from mesonet.formats.text import Text
from mesonet.record import dataclass, of_members, replace
from mesonet.regex import regex

HELD = 4096  # rows gathered before they are given away: some hundred KB
LONGEST_ID = 100  # characters; it becomes part of a key
LAYOUTS = 200  # different sets of fields gathered at once
FIELDS_TOLD = 500  # different fields of a file that its facts tell of
_PLACES = 5  # decimals of a degree in an identifier: a metre

_NO_VALUE = ("", "-", "--", "null", "NaN", "nan", "NA", "N/A")
_TIME = regex(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)
_DAY = 10  # characters of a date
_TEXTS = {str, Number}
_DATE = regex(r"(?<!\d)(?:19|20)\d\d[-_]?\d\d[-_]?\d\d(?:[-_T ]?\d\d[-_:]?\d\d(?:[-_:]?\d\d)?)?Z?(?!\d)", re.ASCII)
_WIGOS = regex(r"\d-\d{1,5}-\d{1,5}-[A-Za-z0-9]{1,16}", re.ASCII)
_STANDARD_NAME = regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """A quantity as the document calls it and the unit in which it writes it. `supposed`: the unit was concluded, not read."""

    name: str
    parameter: Parameter
    unit: str
    supposed: bool = False


@lru_cache(maxsize=2048)
def field_of(
    name: str, standard_name: str, unit: str, method: str = POINT, period: str = INSTANT, level: float | None = None
) -> Field:
    """A quantity at its usual level if no other is given."""
    return Field(name, usual(standard_name, method, period, level=level), unit)


def quantity_of(
    name: str, standard_name: str, unit: str, method: str, period: str, level: str, otherwise: float = 0.0
) -> Field | str:
    """A quantity as a document describes it, or why it is none. Without a level it is at the usual one, or `otherwise`."""
    height = STANDARD_NAMES.get(standard_name, ("", otherwise))[1]
    try:
        height = float(level) if level else height
    except ValueError:
        return f"{level[:20]!r} is not a level in metres"
    if not -1000 <= height <= 100_000:
        return f"{level[:20]!r} is not a level in metres"
    if method not in METHODS:
        return f"{method[:40]!r} is no cell method; there are {', '.join(METHODS)}"
    if not is_duration(period[:40]):
        return f"{period[:40]!r} is no ISO 8601 duration"
    if method != POINT and period == INSTANT:
        return f"a {method} is taken over a time, and none is given"
    return field_of(name[:SHOWN], standard_name, unit, method, period, height)


class _Gathered:
    """Rows of one station and one layout; `given` and `flags` have as many values for each row as the layout has fields."""

    __slots__ = ("flags", "given", "rows", "times")

    def __init__(self) -> None:
        self.times: list[int] = []
        self.rows: list[int] = []
        self.given: list[Sequence[object]] = []
        self.flags: list[Sequence[int]] = []


@dataclass(frozen=True, slots=True)
class _Way:
    """What becomes of rows that say these fields: `layout` are those that are taken, `at` their places where not all are."""

    fields: tuple[Field, ...]
    layout: tuple[Field, ...]
    at: tuple[int, ...] | None
    number: int


class Readings:
    """Takes what the documents say; gives pieces. `values` as in the context."""

    def __init__(self, *, values: bool) -> None:
        self._values = values
        self._numbers: dict[Field, Numbers] = {}
        self._conversions: dict[Field, Conversion | None] = {}
        self._faulted: set[Field] = set()
        self._beyond = False  # of the quantities that are taken
        self._ways: dict[tuple[int, ...], _Way] = {}
        self._last = _Way((), (), None, 0)
        self._layouts: dict[tuple[Field, ...], int] = {}
        self._gathered: dict[tuple[str, int], tuple[tuple[Field, ...], _Gathered]] = {}
        self._held = 0
        self._left: dict[str, int] = {}
        self._places: dict[str, Station] = {}
        self._told: dict[str, object] = {}
        self._bare = 0
        self._first_bare: int | None = None
        self._located: set[tuple[str, float | None, float | None]] = set()
        self._remarks: dict[str, None] = {}
        self._inferred: dict[str, None] = {}
        self.rows = 0
        self.secrets: set[str] = set()  # what tells stations apart and is not published

    def place(self, station: Station) -> None:
        """Where a station is; it is given away with the first of its observations."""
        if len(self._places) > 100_000:
            self._places.clear()
        self._places[station.id] = station

    def moved(self, identifier: str, told: object) -> bool:
        """Whether a station is new or was described otherwise before: the same description need not be understood again."""
        if self._told.get(identifier) == told:
            return False
        if len(self._told) > 10_000:
            self._told.clear()
        self._told[identifier] = told
        return True

    def reject(self, reason: str, row: int | None = None, column: str | None = None, value: str | None = None) -> Reject:
        """A row of which nothing can be taken; it counts among the rows."""
        self.rows += 1
        return Reject(reason=reason, row=row, column=column, value=value)

    def lost(self, reject: Reject) -> Reject:
        """Counts what is no document as the rows that it stands for."""
        self.rows += reject.count
        return reject

    def tell(self, station: Station) -> Iterator[Station]:
        """The station, unless it was told of already."""
        mark = (station.id, station.latitude, station.longitude)
        if mark not in self._located:
            if len(self._located) > 100_000:
                self._located.clear()
            self._located.add(mark)
            yield station

    def remark(self, text: str, *inferred: str) -> None:
        """Once for the file, however often it is said; with what it says was `inferred`."""
        self._inferred.update(dict.fromkeys(inferred))
        if len(self._remarks) < 20:
            self._remarks[text] = None

    def leave(self, name: str, rows: int = 1) -> None:
        """A quantity that Mesonet has no parameter for."""
        if name in self._left or len(self._left) < FIELDS_TOLD:
            self._left[name[:SHOWN]] = self._left.get(name[:SHOWN], 0) + rows

    def observe(
        self, station: str, time: int, row: int, given: Mapping[Field, object], flags: Mapping[Field, int] | None = None
    ) -> Iterator[Piece]:
        """One time of one station; the flags are those that the source's own checks give."""
        flagged = [flags.get(each, NOT_EVALUATED) for each in given] if flags else [NOT_EVALUATED] * len(given)
        return self.row(station, time, row, tuple(given), list(given.values()), flagged)

    def row(
        self, station: str, time: int, row: int, fields: tuple[Field, ...], given: Sequence[object], flags: Sequence[int]
    ) -> Iterator[Piece]:
        """The same, with different fields and as many values and flags. It is quick where rows have the very same fields."""
        self.rows += 1
        way = self._last if self._last.fields is fields else self._ways.get(tuple(map(id, fields))) or self._way(fields)
        self._last = way
        if way.at is not None:
            for each in fields:
                yield from self._unit_fault(each, row)
            given, flags = [given[at] for at in way.at], [flags[at] for at in way.at]
        if not way.layout:
            self._leave_rows(row, 1)
            return
        if (found := self._gathered.get((station, way.number))) is None:
            if len(self._gathered) >= LAYOUTS:
                yield from self.flush()
            found = self._gathered[station, way.number] = way.layout, _Gathered()
        bucket = found[1]
        bucket.times.append(time)
        bucket.rows.append(row)
        bucket.given.append(given)
        bucket.flags.append(flags)
        self._held += 1
        if self._held >= HELD:
            yield from self.flush()

    def together(
        self,
        station: str,
        times: Sequence[int],
        row: int,
        fields: tuple[Field, ...],
        given: Sequence[Sequence[object]],
        flags: Sequence[Sequence[int]],
    ) -> Iterator[Piece]:
        """The same of several times that one row tells of."""
        at = 0
        while at < len(times):
            yield from self.row(station, times[at], row, fields, given[at], flags[at])
            at += 1
            found = self._gathered.get((station, self._last.number))
            if found is None or self._last.at is not None:
                continue
            begin, at = at, min(len(times), at + HELD - self._held - 1)  # the next may be one too many
            bucket, count = found[1], at - begin
            bucket.times += times[begin:at]
            bucket.rows += [row] * count
            bucket.given += given[begin:at]
            bucket.flags += flags[begin:at]
            self._held += count
            self.rows += count

    def _way(self, fields: tuple[Field, ...]) -> _Way:
        """Learns what becomes of these fields; it keeps them, so that their identities stay theirs."""
        if len(self._ways) >= LAYOUTS:
            self._ways.clear()
        taken = tuple(at for at, each in enumerate(fields) if self._conversion(each))
        layout = tuple(fields[at] for at in taken)
        number = self._layouts.setdefault(layout, len(self._layouts))
        way = _Way(fields, layout, None if len(taken) == len(fields) else taken, number)
        self._ways[tuple(map(id, fields))] = way
        return way

    def lines(self, text: Text, take: Callable[[int, str], Generator[Piece, None, str | None]]) -> Iterator[Piece]:
        """What `take` makes of each line by its number. What it returns is why a line has not the form of its file."""
        strays, row = Strays(), 0
        for block in text:
            for line in block.removesuffix("\n").split("\n"):
                row += 1
                if (fault := (yield from take(row, line))) is not None:
                    self.rows += 1
                    yield from strays.tell(fault, row, line)
            yield from strays.rest()
        yield from torn(text)

    def series(
        self,
        station: str,
        times: Sequence[int | None],
        given: Mapping[Field, Sequence[object]],
        *,
        rows: Sequence[int] | None = None,
    ) -> Iterator[Piece]:
        """Parallel arrays of one station, as long as `times`; a row whose time is None is left out (the caller rejects it).

        Without `rows` they are counted from 1.
        """
        self.rows += len(times)
        usable = []
        for each in given:
            if self._conversion(each):
                usable.append(each)
            else:
                yield from self._unit_fault(each, None)
        for start in range(0, len(times), HELD):
            part = times[start : start + HELD]
            keep = [at for at, time in enumerate(part, start) if time is not None]
            known = [time for time in part if time is not None]
            if not usable:
                self._leave_rows(rows[start] if rows else start + 1, len(known))
            if not known or not usable:
                continue
            texts = [[_text(given[each][at]) for at in keep] for each in usable]
            flags = [[NOT_EVALUATED] * len(known)] * len(usable)
            part_of = (station, known, [rows[at] if rows else at + 1 for at in keep])
            yield from self._told_of(station)
            yield from chain.from_iterable(self._given(usable, [part_of], texts, flags))
            if not self._values:
                yield Extent(stations={station: len(known)}, first=min(known), last=max(known))

    def flush(self) -> Iterator[Piece]:
        """What was gathered so far. Rows of one layout are weighed together, whatever their stations."""
        gathered, self._gathered, self._held = self._gathered, {}, 0
        alike: dict[int, tuple[tuple[Field, ...], list[tuple[str, int]]]] = {}
        for (station, number), (layout, _) in gathered.items():
            alike.setdefault(number, (layout, []))[1].append((station, number))
        pieces: dict[tuple[str, int], list[Piece]] = {}
        for layout, keys in alike.values():
            buckets = [gathered[key][1] for key in keys]
            columns = zip(*chain.from_iterable([bucket.given for bucket in buckets]), strict=True)
            texts = [list(c) if set(map(type, c)) <= _TEXTS else list(map(_text, c)) for c in columns]
            flags = list(zip(*chain.from_iterable([bucket.flags for bucket in buckets]), strict=True))
            parts = [(station, bucket.times, bucket.rows) for (station, _), bucket in zip(keys, buckets, strict=True)]
            pieces |= zip(keys, self._given(layout, parts, texts, flags), strict=True)
        for key in gathered:
            yield from self._told_of(key[0])
            yield from pieces[key]
        if gathered and not self._values:
            stations: dict[str, int] = {}
            for (station, _), (_, bucket) in gathered.items():
                stations[station] = stations.get(station, 0) + len(bucket.times)
            times = [bucket.times for _, bucket in gathered.values()]
            yield Extent(stations=stations, first=min(map(min, times)), last=max(map(max, times)))

    def end(self, *, encoding: str | None = None) -> Iterator[Piece]:
        """The rest, and the facts of all of it."""
        yield from self.flush()
        if self._inferred:
            yield Inferred(tuple(self._inferred))
        for text in self._remarks:
            yield Remark(text)
        for each, numbers in self._numbers.items():
            doubt = bounds.told(each.name, each.parameter, each.unit, numbers.minimum, numbers.maximum, numbers.mean)
            if doubt:
                yield Remark(doubt)
        if self._left:
            names = ", ".join(list(self._left)[:20]) + (", …" if len(self._left) > 20 else "")
            yield Remark(f"not taken, since Mesonet has no parameter for them: {names}")
        if self._bare:
            many = f"{self._bare} rows hold" if self._bare > 1 else "the row holds"
            yield Reject(reason=f"{many} no quantity that is taken", row=self._first_bare)
        yield Rows(count=self.rows)
        facts = [
            replace(
                numbers.facts(each.name, parameter=each.parameter.id, unit=conversion.unit, received=each.unit),
                claim=Claim.INFERRED if each.supposed else None,
            )
            for each, numbers in self._numbers.items()
            if (conversion := self._conversions[each])
        ]
        facts += [ColumnFacts(name=name, kind="text", values=count) for name, count in self._left.items()]
        yield Columns(columns=tuple(facts), encoding=encoding)

    def _conversion(self, each: Field) -> Conversion | None:
        if each not in self._conversions:
            if len(self._conversions) >= FIELDS_TOLD:
                return None
            try:
                self._conversions[each] = converter(each.unit, each.parameter.standard_name)
            except UnknownUnit:
                self._conversions[each] = None
        return self._conversions[each]

    def _unit_fault(self, each: Field, row: int | None) -> Iterator[Reject]:
        """Once for a field and unit, and for what is too much."""
        if each not in self._conversions:
            self.leave(each.name)
            if not self._beyond:
                self._beyond = True
                reason = f"more than {FIELDS_TOLD} different quantities in one file: those from here on are not taken"
                yield Reject(reason=reason, row=row, column=each.name)
        elif each not in self._faulted:
            self._faulted.add(each)
            try:
                converter(each.unit, each.parameter.standard_name)
            except UnknownUnit as exc:
                yield Reject(reason=exc.detail, row=row, column=each.name, value=each.unit[:SHOWN])

    def _leave_rows(self, first: int, count: int) -> None:
        self._bare += count
        self._first_bare = first if self._first_bare is None else self._first_bare

    def _told_of(self, station: str) -> Iterator[Station]:
        if station in self._places:
            yield from self.tell(self._places.pop(station))

    def _given(
        self,
        layout: Sequence[Field],
        parts: Sequence[tuple[str, list[int], list[int]]],
        columns_of_texts: Sequence[list[str]],
        flagged: Sequence[Sequence[int]],
    ) -> Iterator[list[Piece]]:
        """Of each part (a station, times and rows) what is rejected, and a batch where values are wanted. The columns are those
        of all parts, one behind the other."""
        ends = list(accumulate(len(times) for _, times, _ in parts))
        places = [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
        pieces: list[list[Piece]] = [[] for _ in parts]
        columns: list[dict[Parameter, Column]] = [{} for _ in parts]
        for each, texts, given in zip(layout, columns_of_texts, flagged, strict=True):
            conversion = self._conversions[each]
            numbers = self._numbers.get(each)
            if numbers is None:
                numbers = self._numbers[each] = Numbers(_NO_VALUE, conversion=conversion)
            numbers.weigh(texts)
            if numbers.faults:
                for told, (_, _, rows), place in zip(pieces, parts, places, strict=True):
                    told += numbers.rejects(each.name, texts[place], rows)
            if self._values and conversion:
                values, _ = numbers.column(texts)
                flags = [MISSING if value is None else flag for value, flag in zip(values, given, strict=True)]
                for found, place in zip(columns, places, strict=True):
                    found[each.parameter] = Column(
                        unit=conversion.unit,
                        unit_received=each.unit,
                        values=values[place],
                        received=texts[place],
                        flags=flags[place],
                    )
        for (station, times, rows), told, found in zip(parts, pieces, columns, strict=True):
            if self._values:
                told.append(Batch(station_id=station, times=times, rows=rows, columns=found))
            yield told


def _text(value: object) -> str:
    """What stands in the document, "" for null; what is neither text nor number is shown, and rejected as no number."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return "true" if value is True else "false" if value is False else "{…}" if isinstance(value, dict) else "[…]"


def instant(text: str, *, offset_s: int = 0) -> tuple[int, bool]:
    """The instant of an ISO 8601 text, and whether it is a mere date (which stays the date, at 00:00Z).

    `offset_s` is how far the clock is ahead of UTC where the text does not say. Raises ValueError.
    """
    text = text.strip()
    if len(text) > _DAY:
        try:  # there are few dates, and few times of day
            return _midnight(text[:_DAY]) + _since_midnight(text[_DAY:], offset_s), False
        except ValueError:
            pass
    return _instant(text, offset_s)


@lru_cache(maxsize=4096)
def _midnight(day: str) -> int:
    return _instant(day, 0)[0]


@lru_cache(maxsize=4096)
def _since_midnight(clock: str, offset_s: int) -> int:
    return _instant(f"2000-01-01{clock}", offset_s)[0] - _midnight("2000-01-01")


def _instant(text: str, offset_s: int) -> tuple[int, bool]:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time such as 2024-01-01T06:00:00Z" if text else "there is no time")
    day, clock, zone = found.groups()
    try:
        if not clock:
            return from_datetime(datetime.fromisoformat(day)), True
        moment = datetime.fromisoformat(f"{day}T{clock}")
        if zone and zone not in ("Z", "z", "+00:00"):
            hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
            ahead = timedelta(hours=hours, minutes=minutes)
            moment = moment.replace(tzinfo=timezone(-ahead if zone[0] == "-" else ahead))
        elif not zone and offset_s:
            return from_datetime(moment) - offset_s * SECOND, False
        return from_datetime(moment.replace(tzinfo=moment.tzinfo or UTC)), False
    except (ValueError, OverflowError):
        raise ValueError("not a time that exists") from None


def epoch(text: object, scale: int) -> int:
    """The instant of a number of seconds (scale 1000) or milliseconds (1). Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text.strip(), re.ASCII):
        raise ValueError("not a number of seconds since 1970")
    found = round(float(text) * scale)
    if not 0 <= found < 150 * 366 * DAY:  # no station sends these before 1970, nor after the clock of its maker
        raise ValueError("not a time that exists")
    return found


def degrees(value: object, limit: int) -> float:
    """A latitude (limit 90) or longitude (180; from 0 to 360 becomes -180 to 180). Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("not a position in degrees")
    try:
        number = float(value)
    except ValueError:
        raise ValueError("not a position in degrees") from None
    if limit == 180 and 180 < number <= 360:
        number = round(number - 360, 9)
    if not -limit <= number <= limit:
        raise ValueError(f"not between -{limit} and {limit} degrees")
    return number


def height(value: object) -> float | None:
    """Metres above the sea, None where it is not known or cannot be."""
    try:
        number = float(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return number if number is not None and -500 <= number <= 9000 else None


def placed(prefix: str, latitude: float, longitude: float, suffix: str = "") -> str:
    """The identifier of a place that has none: `open-meteo_52.54833_13.40782`, degrees north and east, to five decimals."""
    north, east = f"{latitude:z.{_PLACES}f}".rstrip("0"), f"{longitude:z.{_PLACES}f}".rstrip("0")
    return f"{prefix}_{north.rstrip('.')}_{east.rstrip('.')}{suffix}"


def identified(text: str) -> str | None:
    """The identifier of a station; None where it is none."""
    if text.isalnum() and len(text) <= LONGEST_ID:
        return text
    name = text.strip()
    return name if name and len(name) <= LONGEST_ID and name.isprintable() and "/" not in name else None


def wigos(text: str) -> str | None:
    """The text where it has the form of a WIGOS station identifier (WMO-No. 1160, 2.4)."""
    return text if _WIGOS.fullmatch(text) else None


def standard_name(text: str) -> str | None:
    """A CF standard name, by the name that it has now; None where the text has not the form of one."""
    name = _RENAMED.get(text, text)
    return name if name in STANDARD_NAMES or (len(name) < 100 and _STANDARD_NAME.fullmatch(name)) else None


# CF standard name table: aliases of names that are known here, and the same quantity per area or as a thickness of water
_RENAMED = {
    "air_pressure_at_sea_level": "air_pressure_at_mean_sea_level",
    "thickness_of_rainfall_amount": "rainfall_amount",
    "lwe_thickness_of_precipitation_amount": "precipitation_amount",
    "rainfall_flux": "rainfall_rate",
    "precipitation_flux": "lwe_precipitation_rate",
    "downwelling_shortwave_flux_in_air": "surface_downwelling_shortwave_flux_in_air",
    "downwelling_longwave_flux_in_air": "surface_downwelling_longwave_flux_in_air",
    "surface_downwelling_shortwave_flux": "surface_downwelling_shortwave_flux_in_air",
    "surface_downwelling_longwave_flux": "surface_downwelling_longwave_flux_in_air",
    "volume_fraction_of_water_in_soil": "volume_fraction_of_condensed_water_in_soil",
    "surface_air_pressure": "air_pressure",
    "wind_gust": "wind_speed_of_gust",
    "gust": "wind_speed_of_gust",
    "dew_point": "dew_point_temperature",
}


def described(
    identifier: str, latitude: float | None, longitude: float | None, *, name: str = "", elevation_m: float | None = None
) -> Station:
    """A station that a data file tells of."""
    return of_members(
        Station,
        {
            "id": identifier,
            "name": " ".join(name.split())[:200] if name else "",
            "latitude": latitude,
            "longitude": longitude,
            "elevation_m": elevation_m,
            "wigos_id": wigos(identifier) if "-" in identifier else None,
            "authority": Authority.DATA_FILE,
        },
    )


located = lru_cache(maxsize=1024)(described)  # of many records one after the other


def of_file(key: str, prefix: str) -> str:
    """The identifier of a station of which only the name of the file tells, without dates and times in it, or else the folder:
    `ecowitt_garden` for `uploads/garden-20240101.json` and for `garden/2024-01-01.json`."""
    folders, _, name = key.rpartition("/")
    for text in (_DATE.sub("", name.partition(".")[0]), folders.rpartition("/")[2]):
        plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60]
        if plain:
            return plain if plain.startswith(prefix) else f"{prefix}_{plain}"
    return prefix
