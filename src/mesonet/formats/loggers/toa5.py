"""TOA5, the table that a Campbell Scientific logger's software writes as text.

Source: Campbell Scientific, LoggerNet Instruction Manual, appendix B "Campbell Scientific File Formats" (TOA5), and CRBasic's
output instructions (Sample, Average, Maximum, Totalize, WindVector …), of which the fourth line has the abbreviations. Four
lines come first: environment, names, units, processes; copies without the environment line are read too, and TOACI1, which has
the first two. A record stands at the end of its interval. Names are the program author's own: columns are recognised by the
names that Campbell's manuals and Short Cut give, and only where name, unit and process agree; everything else stays a column
that nobody has mapped.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import BinaryIO, cast

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import MISSING_TOKENS, MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import INSTANT, STANDARD_NAMES, Parameter, usual
from mesonet.domain.station import LONGEST_IDENTIFIER, Authority, Station, addressable
from mesonet.domain.units import Conversion, UnknownUnit, converter
from mesonet.errors import InvalidMapping, UnreadableFile
from mesonet.formats import bounds
from mesonet.formats.columns import Series
from mesonet.formats.reading import Columns, Context, Guess, Inferred, Piece, Remark, Rows
from mesonet.formats.records import READ, LineRecords
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import MOST_COLUMNS, SHOWN, Chunk, Fields, Table, leading
from mesonet.formats.tables.mapped_csv import LOGGER_MISSING, SAMPLED
from mesonet.formats.tables.mapped_table import Mapped, Place, Plan
from mesonet.formats.tables.sensor_models import spelled
from mesonet.formats.text import decode
from mesonet.formats.times import KEPT, Clock, clock, iso_duration
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "toa5"


_BEGUN = regex(rb'^"?(?:TOA5|TOA5py|TOACI1)"?[,;\t]', re.MULTILINE)
_LONGEST_LINES = 4 * 1024 * 1024  # bytes of first lines: MOST_COLUMNS names, units and processes
_MOST_TABLES = 10_000  # first lines of others in one file: each costs as much as a small file
RECORDS = LineRecords(header=regex(rb'(?i)"?TIMESTAMP"?,[^\n]*\n"?TS"?,[^\n]*\n(?:"")?,[^\n]*'), again=_BEGUN)

LOOK = 100  # rows that tell the interval of the table
TIME = "TIMESTAMP"
RECORD = "RECORD"
MISSING = (*MISSING_TOKENS, LOGGER_MISSING, "-NAN", "-7999", "-99999")  # the last two are out of range in older loggers
_LISTED = 20  # columns named in a remark

_FIRST = regex(r'"?(?:(?:TOA5|TOA5py|TOACI1)"?|(?i:TIMESTAMP)"?)(?P<delimiter>[,;\t])', re.ASCII)
_REWRITTEN = tuple(
    f"{day}/{year} {time}"
    for day in ("%m/%d", "%d/%m")
    for year in ("%Y", "%y")
    for time in ("%H:%M", "%H:%M:%S", "%I:%M:%S %p")
)
# what the software that converts records from a card in Python calls what it writes; an older form, without units and processes
_KINDS = ("TOA5", "TOA5py", "TOACI1")
_OLDER = {"TMSTAMP": "TIMESTAMP", "RECNBR": "RECORD"}


# --- what a column's name says --------------------------------------------------------------------------------------------

# standard name: the spellings of it, without separators and in lower case, as a regular expression
_QUANTITIES: dict[str, str] = {
    "air_temperature": r"(?:air|amb|ambient|outdoor)(?:t|temp|temperature)|(?:t|temp|temperature)(?:air|amb|ambient)|ta",
    "dew_point_temperature": r"dewpoint(?:t|temp|temperature)?|dewpt|dewp|td|tdew|tdewpoint|dp|dptemp",
    "wet_bulb_temperature": r"wetbulb(?:t|temp|temperature)?|tw|twet",
    "heat_index_of_air_temperature": r"hi|heatindex|heatidx",
    "wind_chill_of_air_temperature": r"wc|windchill",
    "soil_temperature": r"soil(?:t|temp|temperature)|tsoil|stemp",
    "relative_humidity": r"rh|relhum|relhumidity|relativehumidity|humidity",
    "water_vapor_partial_pressure_in_air": r"vp|vapou?rpress(?:ure)?|actualvp",
    "air_pressure": r"bp|baro(?:m|meter|press|pressure|metricpressure)?|(?:air|atm|atmos|station|stn)(?:p|press|pressure)",
    "air_pressure_at_mean_sea_level": r"m?slp|msl(?:p|press|pressure)|sealevelpress(?:ure)?|bpsl",
    "wind_speed": r"ws|wspd|wspeed|windspeed|windspd|wndspd",
    "wind_from_direction": r"wd|wdir|winddir|winddirection|wnddir",
    "wind_speed_of_gust": r"w?gust|windgust|gustspeed|windgustspeed|wsgust",
    "precipitation_amount": r"rain|rainfall|precip|precipitation|ppt|pcp",
    "surface_downwelling_shortwave_flux_in_air": r"slr|solar(?:rad|radiation)?|slrrad|srad|sr|swin|ghi|globalrad(?:iation)?",
    "surface_upwelling_shortwave_flux_in_air": r"swout|srout",
    "surface_downwelling_longwave_flux_in_air": r"lwin",
    "surface_upwelling_longwave_flux_in_air": r"lwout",
    "surface_snow_thickness": r"snowdepth|snowdpth|snowheight",
    "visibility_in_air": r"vis|visibility",
}
# what a name may say of its unit, for each canonical unit
_NAME_UNITS: dict[str, dict[str, str]] = {
    "Cel": {"c": "Cel", "degc": "Cel", "f": "[degF]", "degf": "[degF]", "k": "K", "degk": "K"},
    "%": {"pct": "%", "percent": "%"},
    "hPa": {"mbar": "hPa", "mb": "hPa", "hpa": "hPa", "kpa": "kPa", "pa": "Pa", "mmhg": "mm[Hg]", "inhg": "[in_i'Hg]"},
    "m/s": {"ms": "m/s", "mps": "m/s", "mph": "[mi_i]/h", "kph": "km/h", "kmh": "km/h", "kts": "[kn_i]", "kt": "[kn_i]"},
    "deg": {"deg": "deg"},
    "mm": {"mm": "mm", "in": "[in_i]", "cm": "cm"},
    "W/m2": {"w": "W/m2", "wm2": "W/m2", "kw": "kW/m2", "kwm2": "kW/m2"},
    "m": {"m": "m", "km": "km"},
}
# what stands on a mast or in the ground at a height of its own; the name may tell it
_AT_A_HEIGHT = (
    "air_temperature",
    "dew_point_temperature",
    "wet_bulb_temperature",
    "relative_humidity",
    "wind_speed",
    "wind_from_direction",
    "wind_speed_of_gust",
    "soil_temperature",
)
_NUMBER = regex(r"-?\d{1,9}(?:\.\d{0,9})?", re.ASCII)
_HEIGHT = regex(r"(\d{1,3}(?:\.\d+)?)(m|cm)")
_SENSOR = regex(r"(?:s|sensor|probe|no|ch)?\d{1,2}|[a-z]{2,}\d+[a-z0-9]*|0\d{4}")  # S01, 2, HC2S3, HMP155, 05103
_NUMBERED = regex(r"(?:s|sensor|probe|no|ch)?(\d{1,2})")
_ELEMENT = regex(r"\((\d{1,4})(?:,\d+)*\)\s*$")  # of an array of a program
_PERIOD = regex(r"\d+(?:s|sec|min|h|hr|hrs|d|day)")

# the process of the fourth line: CF cell method (appendix E); a wind vector's speed is the mean of the speeds
_METHODS = {
    "smp": "point",
    "avg": "mean",
    "max": "maximum",
    "min": "minimum",
    "tot": "sum",
    "std": "standard_deviation",
    "med": "median",
    "wvc": "mean",
}
_SUFFIXES = {
    "avg": "avg",
    "mean": "avg",
    "max": "max",
    "min": "min",
    "tot": "tot",
    "total": "tot",
    "std": "std",
    "wvt": "wvc",
    "smp": "smp",
}
# the parts of CRBasic's WindVector that are taken: mean speed and mean direction of the unit vector
_VECTOR = {"s": "wind_speed", "d1": "wind_from_direction", "du": "wind_from_direction"}
_NOT_TAKEN = ("sd", "sd1", "sdu", "stdev")  # its deviation, which shares the process with the mean
_STATIONS = frozenset(("stationid", "stnid", "siteid", "wigosid", "wsi", "wigosstationid", "wigosstationidentifier"))
_TABLE_INTERVAL = regex(r"(?P<count>\d+)[ _]?(?P<unit>sec|min|hr|hour)s?(?![a-z])|(?P<word>hourly|daily)", re.IGNORECASE)
_UNIT_MS = {"sec": 1000, "min": 60_000, "hr": 3_600_000, "hour": 3_600_000}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What name, unit and process of a column together mean; `sensor` is the number of several that the name gives, 0 where
    it gives none."""

    standard_name: str
    unit: str
    method: str
    level: float | None
    sensor: int = 0


def meaning_of(name: str, unit: str, process: str) -> _Meaning | None:
    """None where anything is unclear: a name not known, a unit that does not fit, a suffix that says another process."""
    element = _ELEMENT.search(name)
    plain = " ".join(re.split(r"[_\s.\-]+", name[: element.start() if element else None].lower()))
    meaning = _meaning(plain.split(), unit, process)
    if meaning is None and (said := spelled(plain)) != plain and (found := _meaning(said.split(), unit, process)):
        meaning = replace(found, sensor=max(found.sensor, 1))  # behind the one whose own name says it
    return replace(meaning, sensor=int(element[1])) if meaning and element else meaning


def _meaning(parts: list[str], unit: str, process: str) -> _Meaning | None:
    for count in range(min(4, len(parts)), 0, -1):
        found = _quantity("".join(parts[:count]))
        if found:
            return _judged(*found, parts[count:], unit.strip(), process.strip().lower())
    return None


def _quantity(plain: str) -> tuple[str, str, str] | None:
    """Standard name, unit and height that the first parts of a name say."""
    if not _any().fullmatch(plain):
        return None
    for standard_name, pattern in _patterns().items():
        if match := pattern.fullmatch(plain):
            return standard_name, match["unit"] or "", match["height"] or ""
    return None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for standard_name, spellings in _QUANTITIES.items():
        units = "|".join(sorted(_units_of(standard_name), key=len, reverse=True)) or "(?!)"
        found[standard_name] = regex(
            rf"(?:{spellings})(?P<unit>{units})?(?P<height>\d+(?:\.\d+)?(?:m|cm))?1?"
        )  # the first of several sensors
    return found


@cache
def _any() -> re.Pattern[str]:
    """All of them in one, since most names are none of them."""
    return regex("|".join(re.sub(r"\?P<\w+>", "", pattern.pattern) for pattern in _patterns().values()))


def _units_of(standard_name: str) -> dict[str, str]:
    return _NAME_UNITS.get(STANDARD_NAMES[standard_name][0], {})


def _judged(standard_name: str, said: str, height: str, rest: list[str], unit: str, process: str) -> _Meaning | None:
    units = _units_of(standard_name)
    suffix = vector = ""
    sensor = 0
    for part in rest:
        if part in units and not said:
            said = part
        elif part in _SUFFIXES and not suffix:
            suffix = _SUFFIXES[part]
        elif part in _VECTOR and not vector and "wvt" in rest:
            vector = part
        elif _HEIGHT.fullmatch(part) and standard_name in _AT_A_HEIGHT and not height:
            height = part
        elif part in _NOT_TAKEN or _PERIOD.fullmatch(part) or not _SENSOR.fullmatch(part):
            return None
        elif match := _NUMBERED.fullmatch(part):
            sensor = int(match[1])
    process = process or suffix
    method = _METHODS.get(process)
    if method is None or (suffix and suffix != process) or (vector and _VECTOR[vector] != standard_name):
        return None
    if (standard_name == "precipitation_amount") != (method == "sum"):  # a counter or an intensity; or a sum of temperatures
        return None
    if process == "wvc" and standard_name not in _VECTOR.values():
        return None
    found = _unit(standard_name, unit, units.get(said, ""))
    level = _level(standard_name, height)
    if found is None or (level is None and standard_name == "soil_temperature"):
        return None
    return _Meaning(standard_name, found, method, level, sensor)


def _unit(standard_name: str, written: str, said: str) -> str | None:
    """The unit that the third line and the name agree on; None where they do not, or where there is none."""
    if not written:
        return said or None
    try:
        conversion = converter(written, standard_name)
        if said and converter(said, standard_name) != conversion:
            return None
    except UnknownUnit:
        return None
    return written


def _level(standard_name: str, height: str) -> float | None:
    match = _HEIGHT.fullmatch(height)
    if not match:
        return None
    metres = float(match[1]) * (0.01 if match[2] == "cm" else 1)
    return round(-metres if standard_name == "soil_temperature" else metres, 4)


# --- recognising ----------------------------------------------------------------------------------------------------------


def sniff(head: bytes) -> Guess | None:
    """By the environment line, or by the lines of names and of units where that is lost."""
    text = decode(head[:256])
    match = _FIRST.match(text)
    if not match:
        return None
    rows = leading(decode(head), match["delimiter"], 4)
    if rows[0][0].strip() in _KINDS:
        about = _about(rows[0])
        return Guess(0.99, f"TOA5 of a Campbell logger: {about}")
    if len(rows) > 1 and rows[1] and rows[1][0].strip() == "TS":
        return Guess(0.95, "TOA5 of a Campbell logger, without its first line: names, units and processes stand at the top")
    return None


def _about(environment: Fields) -> str:
    """The environment line in words."""
    names = ("station", "model", "serial number", "operating system", "program", "signature", "table")
    given = [field.strip()[:60] for field in environment[1:8]]
    return ", ".join(f"{name} {field}" for name, field in zip(names, given, strict=False) if field)


# --- reading --------------------------------------------------------------------------------------------------------------


class _Section:
    """A stream that ends before first lines of another station or of other columns: what a logger whose program was changed, or
    whoever put files together, appends. The same first lines once more become blank lines. `rest` begins with the others,
    `rows` is how many lines stand before them."""

    def __init__(self, stream: BinaryIO, held: bytes = b"") -> None:
        self._stream = stream
        self._held = held
        self._own: tuple[object, ...] | None = None
        self.rest = b""
        self.rows = 0

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False)) and not self.rest

    def read(self, count: int = -1, /) -> bytes:
        """At least one byte until there are none; all for a negative count."""
        if count < 0:
            return b"".join(iter(lambda: self.read(READ), b""))
        while not self.rest:
            data, ended = self._more(self._held, max(count, 2 * len(self._held)))
            if self._own is None:
                data, ended = self._with_first_lines(data, 0, ended)
                self._own = _first_lines(data)
            at = 1
            while b"TOA" in data and (found := _BEGUN.search(data, at)):
                at = found.start()
                data, ended = self._with_first_lines(data, at, ended)
                if _first_lines(data[at:]) != self._own:
                    self.rest, data = data[at:], data[:at]
                    break
                below = data[at:].split(b"\n", 4)
                data = data[:at] + b"\n" * (len(below) - 1) + below[-1]
                at += len(below) - 1
            kept = len(data) if ended or self.rest else data.rfind(b"\n")  # first lines may begin below the last whole line
            kept = kept if kept >= 0 and len(data) - kept < READ else len(data)
            self._held, data = data[kept:], data[:kept]
            if data or ended:
                self.rows += data.count(b"\n")
                return data
        return b""

    def _with_first_lines(self, data: bytes, at: int, ended: bool) -> tuple[bytes, bool]:
        """With four whole lines from `at` on, if there are so many."""
        while not ended and data.count(b"\n", at) < 4 and len(data) - at < _LONGEST_LINES:
            data, ended = self._more(data, len(data) + 4096)
        return data, ended

    def _more(self, data: bytes, least: int) -> tuple[bytes, bool]:
        """With what follows, at least so many bytes if there are; and whether there are no more."""
        while len(data) < least:
            more = self._stream.read(least - len(data))
            if not more:
                return data, True
            data += more
        return data, False


def _first_lines(data: bytes) -> tuple[object, ...]:
    """What of first lines tells tables apart: station and table, then names, units and processes."""
    first, *others = [line.replace(b'"', b"").strip() for line in data.split(b"\n", 4)[:4]]
    fields = re.split(rb"[,;\t]", first)
    return fields[1:2], fields[7:8], *others


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Observations of the columns that are recognised; the others are described. Each first lines are of what stands below."""
    section, ahead, below = _Section(stream), 0, list[int]()
    columns: tuple[ColumnFacts, ...] | None = None
    facts: dict[str, ColumnFacts] = {}
    told: set[object] = set()
    encoding = None
    while True:
        for piece in _table(section, context):
            match piece:
                case Reject() if ahead and piece.row is not None:
                    yield replace(piece, row=piece.row + ahead)
                case Batch() if ahead:
                    yield replace(piece, rows=[row + ahead for row in piece.rows])
                case Columns():
                    encoding = encoding or piece.encoding
                    for each in piece.columns:
                        facts[each.name] = facts[each.name].joined(each) if ahead and each.name in facts else each
                    columns = tuple(facts.values()) if ahead else piece.columns
                case Remark() | Inferred() if piece in told:
                    continue
                case _:
                    if isinstance(piece, Remark | Inferred):
                        told.add(piece)
                    yield piece
        while section.read(READ):
            continue
        if not section.rest:
            break
        ahead += section.rows
        if len(below) == _MOST_TABLES:
            raise UnreadableFile(f"other first lines stand in more than {_MOST_TABLES} places: split the file", row=ahead + 1)
        below.append(ahead + 1)
        section = _Section(stream, section.rest)
    if below:
        times = f" and {len(below) - 1} times below it" if len(below) > 1 else ""
        yield Remark(f"other first lines stand in row {below[0]}{times}: what is below them was read by their own names")
    if columns is not None:
        yield Columns(columns=columns, encoding=encoding)


def _table(stream: _Section, context: Context) -> Iterator[Piece]:
    """What stands below first lines."""
    table = Table(cast(BinaryIO, stream), look=LOOK, header_tells=True)
    rows = table.first
    environment = rows[0] if rows and rows[0] and rows[0][0].strip() in _KINDS else []
    at = 1 if environment else 0
    header = [TIME if name.strip().upper() == TIME else name.strip() for name in rows[at]] if len(rows) > at else []
    header = [_OLDER.get(name, name) for name in header]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(f"{len(header)} columns; more than {MOST_COLUMNS} are not read", row=at + 1)
    if TIME not in header:
        yield Reject(reason=f"the line of names has no {TIME}; where a record has no time, it cannot be taken", row=at + 1)
        yield Rows(count=0)
        return
    time_at = header.index(TIME)
    beneath = _beneath(rows[at + 1 : at + 3], time_at)
    lines = [[*(field.strip() for field in line), *[""] * len(header)] for line in rows[at + 1 : at + 1 + beneath]]
    units, processes = [*lines, [""] * len(header), [""] * len(header)][:2]
    scheme = _Scheme(header, units, processes, environment, [row for row in rows[at + 1 + beneath :] if len(row) > time_at])
    plan, remarks = scheme.plan(context)
    reader = _Logger(header, plan, context, units, processes)
    count = 0
    for chunk in table.chunks(len(header), skip=at + 1 + beneath):
        count += len(chunk.rows) + len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        if chunk.rows:
            yield from reader.take(chunk)
    yield from table.torn()
    if not count and not stream.rest:
        yield Reject(reason="there are no records below the header", row=at + 1 + beneath)
    if scheme.inferred:
        yield Inferred(tuple(scheme.inferred))
    for text in remarks:
        yield Remark(text)
    yield from reader.remarks()
    yield Rows(count=count)
    yield Columns(columns=tuple(reader.facts()), encoding=table.text.described)


def _beneath(rows: Sequence[Fields], time_at: int) -> int:
    """How many of the lines below the names hold units and processes: those without a time."""
    count = 0
    for row in rows:
        first = row[time_at].strip() if len(row) > time_at else "?"
        if first not in ("", "TS") or (count == 0 and first == ""):
            break
        count += 1
    return count


class _Scheme:
    """What the header lines and the first records say of the table."""

    def __init__(
        self, header: list[str], units: list[str], processes: list[str], environment: Fields, sample: Sequence[Fields]
    ) -> None:
        self._header = header
        self._units = units
        self._processes = processes
        self._environment = [field.strip() for field in environment]
        self._sample = sample
        self.inferred: list[str] = []

    def plan(self, context: Context) -> tuple[Plan, list[str]]:
        """And what the operator should know."""
        remarks: list[str] = []
        column = next((name for name in self._header if _plain(name) in _STATIONS), None)
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
        from mesonet.formats.tables.proposed_times import steady  # seldom needed

        fitting: dict[tuple[int, ...], str] = {}
        for form in _REWRITTEN:
            hands = clock(TimeColumns(columns=(TIME,), format=form))
            hands.learn(set(texts))
            if not hands.faults:
                fitting.setdefault(tuple(hands.instants[text] for text in texts), form)
        forms = list(steady(fitting).values())
        if len(forms) != 1:
            remarks.append(
                f"nothing tells whether {texts[0][:40]!r} begins with the day or the month; a mapping's time.format can"
            )
            return "iso"
        remarks.append(f"{TIME} was written anew by a spreadsheet, as {forms[0]}")
        return forms[0]

    def _own_utc(self, hands: Clock, remarks: list[str]) -> None:
        """Whether other columns tell the time too, and how far from TIMESTAMP they run."""
        utc = [name for name in self._header if re.search(r"(?i)(?:^|[^a-z])(?:utc|gmt)(?:$|[^a-z])", name)]
        if utc:
            remarks.append(f"{', '.join(utc[:5])} may hold the time in UTC")
        parts = []
        for ends in ("year", "month", "day|dayofmonth", "hour|hourofday", "minute|minutes"):
            names = [name for name in self._header if re.fullmatch(rf"(?:m|utc|obs)?(?:{ends})", _plain(name))]
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
        """Milliseconds between records, the median of the first ones; else what the table's name says."""
        at = self._header.index(TIME)
        texts = [row[at] for row in self._sample]
        hands.learn(set(texts))
        times = [hands.instants[text] for text in texts if text in hands.instants]
        steps = sorted(later - sooner for sooner, later in pairwise(times) if later > sooner)
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
        seen: set[str] = set()
        for at, (name, unit, process) in enumerate(zip(self._header, self._units, self._processes, strict=False)):
            meaning = meaning_of(name, unit, process)
            if meaning is None and not unit.strip() and (meaning := meaning_of(name, "%", process)):
                if not (span := self._percents(at)):
                    continue
                remarks.append(f"{name} has no unit and was taken as %, which alone {span[0]:g} to {span[1]:g} can be")
            if meaning is None or name in seen:
                continue
            seen.add(name)
            if meaning.method != "point" and interval is None:
                undated.append(name)
                continue
            standard_name = meaning.standard_name
            level = heights.get(standard_name) if meaning.level is None else meaning.level
            duration = INSTANT if meaning.method == "point" else iso_duration(interval or 0)
            parameter = Parameter(
                standard_name=standard_name,
                level=usual(standard_name).level if level is None else level,
                method=meaning.method,
                duration=duration,
            )
            conversion = converter(meaning.unit, standard_name)
            if meaning.method == "standard_deviation":  # a difference, so no zero is taken off
                conversion = Conversion(conversion.unit, conversion.scale)
            place = Place(at, MappedColumn(column=name, parameter=parameter, unit=meaning.unit), conversion)
            candidates.setdefault(parameter, []).append((meaning.sensor, place))
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

    def _percents(self, at: int) -> tuple[float, float] | None:
        """The least and the greatest of the first values of a humidity, where they are percents and no fractions of 1."""
        texts = {row[at].strip() for row in self._sample if len(row) > at}.difference(MISSING)
        numbers = [float(text) for text in texts if _NUMBER.fullmatch(text)]
        low, high = min(numbers, default=0.0), max(numbers, default=0.0)
        return (low, high) if low >= -3 and 1.5 < high <= 115 else None

    def _heights(self) -> dict[str, float]:
        """Heights of sensors above ground that columns of the table tell, as the first record has them."""
        found: dict[str, float] = {}
        for name, unit in zip(self._header, self._units, strict=False):
            plain = _plain(name)
            if unit.strip() not in ("", "m") or not re.fullmatch(
                r"(?:temp|airtemp|wspeed|ws|wind|anemometer)(?:h|height)", plain
            ):
                continue
            try:
                height = float(self._first(name))
            except ValueError:
                continue
            if 0 < height <= 200:
                wind = not plain.startswith(("temp", "airtemp"))
                found |= {
                    each: height for each in _AT_A_HEIGHT if each != "soil_temperature" and each.startswith("wind_") == wind
                }
        return found


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


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name).lower()


class _Logger(Mapped):
    """A logger's records: columns with their units, the record numbers watched, impossible values flagged."""

    def __init__(self, header: list[str], plan: Plan, context: Context, units: list[str], processes: list[str]) -> None:
        super().__init__(header, plan, context)
        self._own_units = units
        self._processes = processes
        self._context = context
        self._sample: list[Sequence[str]] = []
        self._end: list[str] = []
        self._record_at = header.index(RECORD) if RECORD in header else None
        self._last: int | None = None
        self._seen: set[tuple[str, str]] = set()
        self._gaps = self._lost = self._back = self._repeated = 0
        self._located: set[str] = set()
        self._off: str | None = None
        self._position = {
            what: next((at for at, name in enumerate(header) if _plain(name) in names), None)
            for what, names in (
                ("latitude", ("latitude", "lat", "gpslat", "gpslatitude")),
                ("longitude", ("longitude", "lon", "long", "gpslon", "gpslongitude")),
                ("elevation", ("elevation", "elev", "stationelevation")),
                ("name", ("stationname", "sitename")),
            )
        }

    def take(self, chunk: Chunk, span: tuple[int, int] | None = None) -> Iterator[Piece]:
        if self._record_at is not None:
            self._count(chunk.columns[self._record_at], chunk.columns[self.plan.times[0]])
        yield from self._stations(chunk)
        if not self.plan.places:  # nothing was recognised: what the columns may be is proposed at the end
            self._sample = self._sample or [column[:SAMPLED] for column in chunk.columns]
            self._end = [column[-1] for column in chunk.columns]
        yield from super().take(chunk, span)

    def weigh(self, chunk: Chunk) -> Generator[Piece, None, list[Series]]:
        series = yield from super().weigh(chunk)
        for each in series:
            bounds.judge(each.parameter, each.values, each.flags)
        return series

    def _count(self, texts: Sequence[str], times: Sequence[str]) -> None:
        """Watches the logger's own count of its records."""
        pairs = set(zip(texts, times, strict=True))
        self._repeated += len(texts) - len(pairs) + len(pairs & self._seen)
        self._seen = pairs if len(self._seen) > KEPT else self._seen | pairs
        last = self._last
        for text in texts:
            if not (text.isascii() and text.isdecimal() and len(text) <= 12):
                continue
            number = int(text)
            if last is not None and number != last + 1:
                if number > last:
                    self._gaps += 1
                    self._lost += number - last - 1
                else:
                    self._back += 1
            last = number
        self._last = last

    def _stations(self, chunk: Chunk) -> Iterator[Station]:
        """Where a station is, once each, as the first record has it."""
        latitude, longitude = self._position["latitude"], self._position["longitude"]
        if latitude is None or longitude is None:
            return
        texts: Sequence[str] = [self.plan.mapping.station or ""]
        if self.plan.stations:
            texts = chunk.columns[self.plan.stations[0]]
        if len(self._located) > KEPT:
            return
        for text in set(texts) - self._located:
            at = texts.index(text)
            try:
                north = coordinate(chunk.columns[latitude][at].strip(), 90)
                east = coordinate(chunk.columns[longitude][at].strip(), 180)
            except ValueError:
                self._off = chunk.columns[latitude][at].strip()[:40]
                continue
            if not text.strip() or len(text) > LONGEST_IDENTIFIER or north is None or east is None or north == 0 == east:
                continue
            self._located.add(text)
            yield Station(
                id=text.strip(),
                name=self._of(chunk, "name", at),
                latitude=north,
                longitude=east,
                elevation_m=self._elevation(chunk, at),
                wigos_id=text.strip() if re.fullmatch(r"\d-\d{1,5}-\d{1,5}-[A-Za-z0-9]{1,16}", text.strip()) else None,
                authority=Authority.DATA_FILE,
            )

    def _of(self, chunk: Chunk, what: str, at: int) -> str:
        place = self._position[what]
        return "" if place is None else " ".join(chunk.columns[place][at].split())[:LONGEST_IDENTIFIER]

    def _elevation(self, chunk: Chunk, at: int) -> float | None:
        place = self._position["elevation"]
        if place is None or self._own_units[place].strip() not in ("", "m", "meters", "metres"):
            return None
        try:
            return elevation(chunk.columns[place][at].strip())
        except ValueError:
            return None

    def remarks(self) -> Iterator[Piece]:
        yield from super().remarks()
        yield from self._proposed()
        if self._gaps:
            yield Remark(f"{RECORD} jumps {self._gaps} times, over {self._lost} records that are not in the file")
        if self._repeated:
            yield Remark(f"{self._repeated} rows repeat {TIME} and {RECORD} of another row")
        if self._back > self._repeated:
            yield Remark(f"{RECORD} steps back {self._back} times: the table was reset, or rows are out of order")
        if self._off is not None:
            yield Remark(f"the position was not taken: {self._off!r} is no latitude in degrees, or its longitude is none")
        for place, numbers in zip(self.plan.places, self.numbers, strict=True):
            parameter, unit, low, high = place.mapped.parameter, place.unit, numbers.minimum, numbers.maximum
            if low is None or high is None or not bounds.outside(parameter, unit, low, high):
                continue
            fits = bounds.fitting(parameter, low, high)
            hint = f"; in {' or '.join(fits)} they could be, which a mapping can say" if fits else ""
            yield Remark(
                f"{place.mapped.column} goes from {low:g} to {high:g}, which {parameter.standard_name} in {unit} cannot; "
                f"what is out of bounds is flagged as failed{hint}"
            )

    def _proposed(self) -> Iterator[Piece]:
        if self._context.mapping is not None or not self._sample:
            return
        from mesonet.formats.tables.proposal import propose  # only where a table waits for a mapping

        width = len(self.header)
        yield propose(
            self.header,
            self._sample,
            list(self.facts()),
            self._end,
            ",",
            self._context.key,
            station=self.plan.mapping.station or "",
            processes=[*self._processes, *[""] * width][:width],
        )

    def facts(self) -> Iterator[ColumnFacts]:
        for facts, unit in zip(super().facts(), self._own_units, strict=False):
            plain = facts.parameter is None and facts.kind == "number" and unit and not facts.unit_received
            yield replace(facts, unit_received=unit[:SHOWN]) if plain else facts
