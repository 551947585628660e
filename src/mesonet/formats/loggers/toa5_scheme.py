"""What the first lines of a TOA5 file and its first records say of the table: station, clock, interval and columns."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from mesonet.domain.mapping import MISSING_TOKENS, MappedColumn, Mapping, TimeColumns
from mesonet.domain.parameter import INSTANT, Parameter, usual
from mesonet.domain.station import LONGEST_IDENTIFIER, addressable
from mesonet.domain.units import Conversion, converter
from mesonet.errors import InvalidMapping
from mesonet.formats.loggers.logger_columns import AT_A_HEIGHT, IN_THE_GROUND, Meaning, meaning_of
from mesonet.formats.reading import Context
from mesonet.formats.table import Fields
from mesonet.formats.tables.mapped_csv import LOGGER_MISSING
from mesonet.formats.tables.mapped_table import Place, Plan
from mesonet.formats.times import Clock, clock, iso_duration
from mesonet.regex import regex

TIME = "TIMESTAMP"
RECORD = "RECORD"
MISSING = (*MISSING_TOKENS, LOGGER_MISSING, "-NAN", "-7999", "-99999")  # the last two are out of range in older loggers
_LISTED = 20  # columns named in a remark
_REWRITTEN = tuple(
    f"{day}/{year} {time}"
    for day in ("%m/%d", "%d/%m")
    for year in ("%Y", "%y")
    for time in ("%H:%M", "%H:%M:%S", "%I:%M:%S %p")
)
_NUMBER = regex(r"-?\d{1,9}(?:\.\d{0,9})?", re.ASCII)
_STATIONS = frozenset(("stationid", "stnid", "siteid", "wigosid", "wsi", "wigosstationid", "wigosstationidentifier"))
_TABLE_INTERVAL = regex(r"(?P<count>\d+)[ _]?(?P<unit>sec|min|hr|hour)s?(?![a-z])|(?P<word>hourly|daily)", re.IGNORECASE)
_UTC = regex(r"(?i)(?:^|[^a-z])(?:utc|gmt)(?:$|[^a-z])")
_OF_HEIGHTS = regex(r"(?:temp|airtemp|wspeed|ws|wind|anemometer)(?:h|height)")
_RESETS = 2  # of a clock, in the first records; what steps back more often is in no order
_UNIT_MS = {"sec": 1000, "min": 60_000, "hr": 3_600_000, "hour": 3_600_000}


class Scheme:
    """What the header lines and the first records say of the table."""

    def __init__(
        self, header: list[str], units: list[str], processes: list[str], environment: Fields, sample: Sequence[Fields]
    ) -> None:
        self._header = header
        self._bare = list(map(bare, header))
        self._units = units
        self._processes = processes
        self._environment = [field.strip() for field in environment]
        self._sample = sample
        self.inferred: list[str] = []

    def plan(self, context: Context) -> tuple[Plan, list[str]]:
        """How the table is read, and what the operator should know of that."""
        remarks: list[str] = []
        column = next((name for name, plain in zip(self._header, self._bare, strict=True) if plain in _STATIONS), None)
        named = (self._environment[1] if len(self._environment) > 1 else "")[:LONGEST_IDENTIFIER]
        if column is None and not addressable(named):
            named = self._called(named, context, remarks)
        named = named if named.isprintable() else ""
        if column is not None:
            first = self._first(column)
            says = f"; the first line says {named!r}" if named and named != first else ""
            remarks.append(f"the station is that of the column {column}{says}")
        hands, zone = self._clock(context, remarks)
        interval = self._interval(hands)
        places = self._places(interval, remarks)
        mapping = Mapping(
            prefix="",
            columns=tuple(place.mapped for place in places),
            time=TimeColumns(columns=(TIME,), zone=zone),
            station=None if column else named,
            station_column=column,
            missing=MISSING,
        )
        told_by = [self._header.index(column)] if column else []
        return Plan(mapping, hands, [self._header.index(TIME)], told_by, places), remarks

    def _called(self, named: str, context: Context, remarks: list[str]) -> str:
        """The station that the file does not name: that of the mapping, else called after the file."""
        from mesonet.formats.json_readings import of_file  # few files come here

        why = f"no station can be called {named!r}" if named else "neither the first line nor a column names the station"
        if context.mapping and context.mapping.station:
            remarks.append(f"{why}: it is {context.mapping.station}, as the mapping says")
            return context.mapping.station
        table = self._environment[7] if len(self._environment) > 7 else ""
        name = of_file(_without(table, context.key), "toa5")
        self.inferred.append("station")
        remarks.append(f"{why}: it is called {name} after the file; a mapping with station.id can say which it is")
        return name

    def _first(self, name: str) -> str:
        at = self._header.index(name)
        return next((row[at].strip() for row in self._sample if len(row) > at), "")

    def _clock(self, context: Context, remarks: list[str]) -> tuple[Clock, str]:
        mapping = context.mapping
        if mapping:
            remarks.append(
                "the mapping names a time or station column that this file does not have; columns were taken by their names"
            )
        if mapping and TIME in mapping.time.columns:
            try:
                form = mapping.time.format if "%" in mapping.time.format else self._form(remarks)
                hands = clock(TimeColumns(columns=(TIME,), format=form, zone=mapping.time.zone))
            except InvalidMapping as exc:
                remarks.append(exc.detail)
            else:
                remarks.append(f"{TIME} was taken in the mapping's zone {mapping.time.zone}")
                return hands, mapping.time.zone
        self.inferred.append("zone")
        remarks.append(f"{TIME} has no zone and was taken as UTC; a mapping can say the station's zone")
        hands = clock(TimeColumns(columns=(TIME,), format=self._form(remarks)))
        self._own_utc(hands, remarks)
        return hands, "UTC"

    def _form(self, remarks: list[str]) -> str:
        """How times are written: ISO, unless a spreadsheet wrote the file anew."""
        at = self._header.index(TIME)
        texts = [text for row in self._sample if len(row) > at and (text := row[at].strip())]
        if not texts or not re.match(r"\d{1,2}/\d{1,2}/\d", texts[0]):
            return "iso"
        from mesonet.formats.pace import steady  # seldom needed

        fitting: dict[tuple[int, ...], str] = {}
        alike: set[tuple[int, ...]] = set()  # 01/01/2024 is either
        for form in _REWRITTEN:
            hands = clock(TimeColumns(columns=(TIME,), format=form))
            hands.learn(set(texts))
            if not hands.faults:
                instants = tuple(hands.instants[text] for text in texts)
                alike.update({instants} & fitting.keys())
                fitting.setdefault(instants, form)
        told = steady(fitting)
        forms = list(told.values())
        if len(forms) != 1 or not alike.isdisjoint(told):
            remarks.append(
                f"nothing tells whether {texts[0][:40]!r} begins with the day or the month; a mapping's time.format can"
            )
            return "iso"
        remarks.append(f"{TIME} was written anew by a spreadsheet, as {forms[0]}")
        return forms[0]

    def _own_utc(self, hands: Clock, remarks: list[str]) -> None:
        """Whether other columns tell the time too, and how far from TIMESTAMP they run."""
        utc = list(filter(_UTC.search, self._header))
        if utc:
            remarks.append(f"{', '.join(utc[:5])} may hold the time in UTC")
        parts = []
        for ends in ("year", "month", "day|dayofmonth", "hour|hourofday", "minute|minutes"):
            form = regex(rf"(?:m|utc|obs)?(?:{ends})")
            names = [name for name, plain in zip(self._header, self._bare, strict=True) if form.fullmatch(plain)]
            if len(names) != 1:
                return
            parts += names
        try:
            other = clock(TimeColumns(columns=tuple(parts), format="parts"))
        except InvalidMapping:
            return
        key = tuple(self._first(name) for name in parts)
        text = self._first(TIME)
        other.learn({key})
        hands.learn({text})
        if key not in other.instants or text not in hands.instants:
            return
        ahead = hands.instants[text] - other.instants[key]
        if ahead and abs(ahead) <= 14 * 3_600_000 and ahead % 900_000 == 0:
            shown = f"{abs(ahead) // 3_600_000}:{abs(ahead) // 60_000 % 60:02d} h {'behind' if ahead > 0 else 'ahead of'}"
            remarks.append(
                f"the columns {parts[0]} … {parts[-1]} run {shown} {TIME}, as UTC would; "
                'if they are UTC, a mapping can take the time from them (format "parts")'
            )

    def _interval(self, hands: Clock) -> int | None:
        """Milliseconds between records, the median of the first ones, or the least where their order is none and most are not
        the same; else what the table's name says."""
        at = self._header.index(TIME)
        texts = [row[at] for row in self._sample]
        hands.learn(set(texts))
        times = [hands.instants[text] for text in texts if text in hands.instants]
        steps = sorted(later - sooner for sooner, later in pairwise(times) if later != sooner)
        back = sum(step < 0 for step in steps)
        if min(back, len(steps) - back) > _RESETS:
            apart = sorted(later - sooner for sooner, later in pairwise(sorted(set(times))))
            middle = apart[len(apart) // 2]
            return middle if 2 * apart.count(middle) > len(apart) else apart[0]  # of a few of many the shortest alone tells
        steps = sorted(map(abs, steps[:back] if back * 2 > len(steps) else steps[back:]))  # newest first, or as it was written
        if steps:
            return steps[(len(steps) - 1) // 2]  # of two the shorter: the other is a gap
        match = _TABLE_INTERVAL.search(self._environment[7] if len(self._environment) > 7 else "")
        if not match:
            return None
        if match["word"]:
            return 3_600_000 if match["word"].lower() == "hourly" else 86_400_000
        return min(int(match["count"][:4]), 10_000) * _UNIT_MS[match["unit"].lower()] or None

    def _places(self, interval: int | None, remarks: list[str]) -> list[Place]:
        """Of several sensors of one quantity the first by its number, else by its place."""
        candidates: dict[Parameter, list[tuple[int, Place]]] = {}
        undated: list[str] = []
        heights = self._heights()
        for at, name, meaning in self._meant(remarks):
            if meaning.method != "point" and interval is None:
                undated.append(name)
                continue
            place = _place(at, name, meaning, heights, interval)
            candidates.setdefault(place.mapped.parameter, []).append((meaning.sensor, place))
        found: list[Place] = []
        further: list[str] = []
        again: list[str] = []
        for each in candidates.values():
            (sensor, first), *others = sorted(each, key=itemgetter(0))
            found.append(first)
            if others:
                again.append(f"{_few([place.mapped.column for _, place in others])} beside {first.mapped.column}")
            elif sensor > 1:
                further.append(first.mapped.column)
        found.sort(key=lambda place: place.at)
        remarks += _told(found, again, further, undated, interval)
        return found

    def _meant(self, remarks: list[str]) -> Iterator[tuple[int, str, Meaning]]:
        """Place, name and meaning of each column that is understood; of several of one name the first."""
        seen: set[str] = set()
        for at, (name, unit, process) in enumerate(zip(self._header, self._units, self._processes, strict=False)):
            meaning = meaning_of(name, unit, process)
            if meaning is None and not unit.strip() and (meaning := meaning_of(name, "%", process)):
                if not (span := self._percents(at)):
                    continue
                remarks.append(f"{name} has no unit and was taken as %, which alone {span[0]:g} to {span[1]:g} can be")
            if meaning is not None and name not in seen:
                seen.add(name)
                yield at, name, meaning

    def _percents(self, at: int) -> tuple[float, float] | None:
        """The least and the greatest of the first values of a humidity, where they are percents and no fractions of 1."""
        texts = {row[at].strip() for row in self._sample if len(row) > at}.difference(MISSING)
        numbers = [float(text) for text in texts if _NUMBER.fullmatch(text)]
        low, high = min(numbers, default=0.0), max(numbers, default=0.0)
        return (low, high) if low >= -3 and 1.5 < high <= 115 else None

    def _heights(self) -> dict[str, float]:
        """Heights of sensors above ground that columns of the table tell, as the first record has them."""
        found: dict[str, float] = {}
        for name, plain, unit in zip(self._header, self._bare, self._units, strict=False):
            if not _OF_HEIGHTS.fullmatch(plain) or unit.strip() not in ("", "m"):
                continue
            try:
                height = float(self._first(name))
            except ValueError:
                continue
            if 0 < height <= 200:
                wind = not plain.startswith(("temp", "airtemp"))
                found |= {
                    each: height for each in AT_A_HEIGHT if each not in IN_THE_GROUND and each.startswith("wind_") == wind
                }
        return found


def _place(at: int, name: str, meaning: Meaning, heights: dict[str, float], interval: int | None) -> Place:
    """A column as a mapping would have it; what is processed is over the interval of the records."""
    standard_name = meaning.standard_name
    level = heights.get(standard_name) if meaning.level is None else meaning.level
    duration = INSTANT if meaning.method == "point" else iso_duration(interval or 0)
    parameter = usual(standard_name, meaning.method, duration, level=level)
    conversion = converter(meaning.unit, standard_name)
    if meaning.method == "standard_deviation":  # a difference, so no zero is taken off
        conversion = Conversion(conversion.unit, conversion.scale)
    return Place(at, MappedColumn(column=name, parameter=parameter, unit=meaning.unit), conversion)


def _told(places: list[Place], again: list[str], further: list[str], undated: list[str], interval: int | None) -> Iterator[str]:
    """What was made of the columns, in words."""
    if places:
        shown = [f"{place.mapped.column} as {place.mapped.parameter.id} in {place.unit}" for place in places]
        yield "columns recognised by name, unit and process, not by anyone's word: " + _few(shown)
    else:
        yield "no column was recognised by its name, unit and process; a mapping can say what they are"
    if again:
        yield (
            f"of several sensors of one quantity the first was taken, and left out was {_few(again)}; a mapping with a level "
            "(the height or depth) for each takes them all"
        )
    if further:
        yield (
            f"{_few(further)}, by the number a further sensor, was taken since it stands alone; if another table of the "
            "station has the first, a mapping has to tell them apart"
        )
    if undated:
        yield f"one record and no name of the table tell over how long {_few(undated)} were processed; they were left out"
    if interval and any(place.mapped.parameter.duration != INSTANT for place in places):
        yield f"processed columns span the interval of the table, {iso_duration(interval)}"


def _without(table: str, key: str) -> str:
    """A file's key without its table's name, which LoggerNet writes behind the station's (`Ridge_TenMin.dat`): tables of one
    logger are of one station, and all loggers have a `Table1`."""
    return re.sub(rf"(?:_|(?<=/)|^){re.escape(table)}(?![^\W\d_]|(?<=\d)\d)(?=[^/]*$)", "", key) if table else key


def _few(names: list[str]) -> str:
    return ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")


def bare(name: str) -> str:
    """A column's name without what parts its words."""
    return "".join(name.split()).replace("_", "").replace("-", "").lower()
