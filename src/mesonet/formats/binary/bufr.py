"""BUFR reports of stations on land and at sea: what the elements of a subset say together, and as which station.

Source: WMO-No. 306, Manual on Codes, I.2, FM 94 BUFR and its regulations B/C 1 (SYNOP), 5, 8 (ships, buoys) and 30. An element
speaks at the height (0 07 032), over the period (0 04 024, 0 04 025: from and to, as displacements) and in the sense (0 08 021)
that were set last before it. Where a period ends before the report, its value stands at that end. Values of days (DAYCLI,
3 07 074 and 3 07 075) stand at their dates, those of months (CLIMAT, B/C 30) at their first day. Messages may stand one after
the other, each in the envelope of a bulletin (`TTAAii CCCC YYGGgg BBB`).

The station is the WIGOS identifier where the message has it, else block and station number (as `0-20000-0-IIiii`), else the
call sign or the number of a ship or buoy, whose position is an observation as well.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache, reduce
from itertools import groupby
from operator import or_
from typing import BinaryIO

from mesonet.domain.instant import from_datetime
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, Parameter, usual
from mesonet.domain.station import Authority, Station
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import bufr_message
from mesonet.formats.binary.bufr_message import (
    A_QUANTITY,
    A_REJECT,
    A_RUN,
    A_STATE,
    A_STATION,
    A_SUBSET,
    ASSOCIATED,
    Allowance,
    Block,
    Mixed,
    Value,
    Values,
)
from mesonet.formats.elements import MONTH
from mesonet.formats.encoded import Encoded
from mesonet.formats.json_readings import identified
from mesonet.formats.reading import Columns, Context, Guess, Inferred, Piece, Remark, Rows
from mesonet.formats.records import Messages
from mesonet.formats.reports.bulletins import Cell, Cells, Gathered, Kind, kind_of
from mesonet.formats.table import SHORT_TOLD, Told
from mesonet.formats.times import iso_duration
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "bufr"
RECORDS = Messages(begin=b"BUFR", end=b"7777", least=26)

# table A, of what is no report of stations
_CATEGORIES = {
    2: "soundings", 3: "soundings by satellite", 4: "upper-air reports at one level", 5: "upper-air data of satellites",
    6: "radar", 7: "synoptic features", 8: "constituents of the air", 9: "dispersal and transport", 10: "radiology",
    12: "surface data of satellites", 20: "status", 21: "radiances", 22: "radar", 23: "lidar", 24: "scatterometers",
    25: "altimeters", 26: "spectrometry", 27: "gravity", 28: "instruments of precision", 29: "ocean", 30: "calibration",
    101: "pictures of satellites",
}  # fmt: skip
_TABLES = 11  # table A: BUFR tables
_BEGIN, _END = RECORDS.begin, RECORDS.end
_READ = 1 << 20
_HEADING_BYTES = 64  # above a message in which its heading stands
_LOOK = 4096  # bytes in which the first message begins: a bulletin's heading has some thirty
_HEADING = regex(rb"([A-Z]{4}\d{2} [A-Z]{4} \d{6})(?: ([A-Z]{3}))?\s*$")
_TAKEN, _GONE = 2, 9  # not evaluated, missing

_YEAR, _MONTH, _DAY, _HOUR, _MINUTE, _SECOND = 4001, 4002, 4003, 4004, 4005, 4006
_MINUTES = {4023: 1440, 4024: 60, 4025: 1, 4026: 1 / 60, 4073: 1440, 4074: 60, 4075: 1}
_PERIODS = frozenset((4023, 4024, 4025))
_SHORTEST = 1 / 60  # minutes; a changed scale can make less of a period, over which nothing is summed
_STEPS = frozenset((4065, 4066))  # short increments of time, from one to the next of the values that follow
_HEIGHT, _WATER, _DEPTH, _SOIL_DEPTH, _SENSE, _STATISTIC = 7032, 7033, 7063, 7061, 8021, 8023
_SET = _PERIODS | {_HEIGHT, _WATER, _DEPTH, _SOIL_DEPTH, _SENSE, _STATISTIC}  # what holds for the values that follow
_SET_OR_STEPS = _SET | _STEPS
_AVERAGED = 2  # 0 08 021
_STATISTICS = {2: "maximum", 3: "minimum", 4: "mean"}  # 0 08 023

_MOST_LAYOUTS = 32  # of templates and replications that are remembered
_MOST_STATES = 256  # of what is set before values, of each
_LONGEST_KEPT = 1000  # elements of a layout that is
_MOST_STATIONS = 1000  # of a layout that are remembered from one message to the next
_SHORTEST_RUN, _LONGEST_RUN = 4, 1000  # subsets that become columns at once
_MOST_KINDS = 2000  # of one file: quantities at heights, over periods; a network's sensors have a hundred heights

_MOST_PLACES = 100_000
_BETWEEN = -2  # some element that says nothing, but parts what stands before and after
_UNNAMED = "values of elements that Mesonet has no parameter for"
_NAMED = "stations called by their name"
_NIL = "NIL reports, of stations that had nothing to report"
_NO_STATION, _NO_TIME = "the subset names no station", "the subset has no time that exists"
_NOTHING = "the subset says nothing that is taken"
_SAME = "subsets that say what the one before them says"
_POINT, _PERIOD, _WIND = "at an instant", "over the period", "of wind: over the period where it is averaged"


@dataclass(frozen=True, slots=True)
class _Known:
    """An element that is an observation: its unit is BUFR's own. `duration` where the element itself says it."""

    name: str
    standard_name: str
    unit: str
    method: str = POINT
    over: str = _POINT
    duration: str = ""
    level: float | None = None


_KNOWN = {
    10004: _Known("pressure", "air_pressure", "Pa"),
    10051: _Known("pressure reduced to mean sea level", "air_pressure_at_mean_sea_level", "Pa"),
    10052: _Known("altimeter setting (QNH)", "altimeter_setting", "Pa"),
    10061: _Known("3-hour pressure change", "tendency_of_air_pressure", "Pa", duration="PT3H"),
    10062: _Known("24-hour pressure change", "tendency_of_air_pressure", "Pa", duration="PT24H"),
    11001: _Known("wind direction", "wind_from_direction", "deg", "mean", _WIND),
    11002: _Known("wind speed", "wind_speed", "m/s", "mean", _WIND),
    11011: _Known("wind direction at 10 m", "wind_from_direction", "deg", "mean", _WIND, level=10),
    11012: _Known("wind speed at 10 m", "wind_speed", "m/s", "mean", _WIND, level=10),
    11041: _Known("maximum wind gust speed", "wind_speed_of_gust", "m/s", "maximum", _PERIOD),
    11043: _Known("maximum wind gust direction", "wind_gust_from_direction", "deg", "maximum", _PERIOD),
    12001: _Known("temperature", "air_temperature", "K"),
    12003: _Known("dew-point temperature", "dew_point_temperature", "K"),
    12004: _Known("air temperature at 2 m", "air_temperature", "K", level=2),
    12006: _Known("dew-point temperature at 2 m", "dew_point_temperature", "K", level=2),
    12101: _Known("air temperature", "air_temperature", "K"),
    12102: _Known("wet-bulb temperature", "wet_bulb_temperature", "K"),
    12103: _Known("dew-point temperature", "dew_point_temperature", "K"),
    12104: _Known("air temperature at 2 m", "air_temperature", "K", level=2),
    12106: _Known("dew-point temperature at 2 m", "dew_point_temperature", "K", level=2),
    12111: _Known("maximum temperature, at height and over period specified", "air_temperature", "K", "maximum", _PERIOD),
    12112: _Known("minimum temperature, at height and over period specified", "air_temperature", "K", "minimum", _PERIOD),
    12113: _Known("ground minimum temperature, past 12 hours", "air_temperature", "K", "minimum", duration="PT12H", level=0.05),
    12130: _Known("soil temperature", "soil_temperature", "K"),
    12030: _Known("soil temperature", "soil_temperature", "K"),
    13003: _Known("relative humidity", "relative_humidity", "%"),
    13009: _Known("relative humidity", "relative_humidity", "%"),
    13011: _Known("total precipitation", "precipitation_amount", "mm", "sum", _PERIOD),
    13013: _Known("total snow depth", "surface_snow_thickness", "m"),
    13012: _Known("depth of fresh snow", "thickness_of_snowfall_amount", "m", "sum", _PERIOD),
    13019: _Known("total precipitation, past 1 hour", "precipitation_amount", "mm", "sum", duration="PT1H"),
    13020: _Known("total precipitation, past 3 hours", "precipitation_amount", "mm", "sum", duration="PT3H"),
    13021: _Known("total precipitation, past 6 hours", "precipitation_amount", "mm", "sum", duration="PT6H"),
    13022: _Known("total precipitation, past 12 hours", "precipitation_amount", "mm", "sum", duration="PT12H"),
    13023: _Known("total precipitation, past 24 hours", "precipitation_amount", "mm", "sum", duration="PT24H"),
    13033: _Known("evaporation", "water_evaporation_amount", "mm", "sum", _PERIOD),
    14002: _Known("long-wave radiation", "surface_net_downward_longwave_flux", "J/m2", "mean", _PERIOD, level=0),
    14004: _Known("short-wave radiation", "surface_net_downward_shortwave_flux", "J/m2", "mean", _PERIOD, level=0),
    14028: _Known("global solar radiation", "surface_downwelling_shortwave_flux_in_air", "J/m2", "mean", _PERIOD),
    14029: _Known("diffuse solar radiation", "surface_diffuse_downwelling_shortwave_flux_in_air", "J/m2", "mean", _PERIOD),
    14030: _Known("direct solar radiation", "surface_direct_along_beam_shortwave_flux_in_air", "J/m2", "mean", _PERIOD),
    14031: _Known("total sunshine", "duration_of_sunshine", "min", "sum", _PERIOD),
    20001: _Known("horizontal visibility", "visibility_in_air", "m"),
    20010: _Known("cloud cover (total)", "cloud_area_fraction", "%"),
    22042: _Known("sea temperature", "sea_surface_temperature", "K", level=0),
    22043: _Known("sea temperature", "sea_surface_temperature", "K", level=0),
    22045: _Known("sea temperature", "sea_surface_temperature", "K", level=0),
    22049: _Known("sea-surface temperature", "sea_surface_temperature", "K", level=0),
}
_TRACES = frozenset((13011, 13019, 13020, 13021, 13022, 13023, 13013, 13012, 13060))
_DIRECTIONS = frozenset((11001, 11011))
_ODD = _TRACES | _DIRECTIONS | {20010}  # some of their numbers are no measurements
_IN_SOIL = frozenset((12030, 12130))
_AT_LEVELS = _IN_SOIL | {11001, 11002, 11041, 11043, 12101, 12102, 12103, 12111, 12112, 13003, 13009}
# values of days and months, by the statistic before them where they name no method; CLIMAT as text has the same
_SUMMED_UP = {
    10004: _Known("pressure", "air_pressure", "Pa", ""),
    10051: _Known("pressure reduced to mean sea level", "air_pressure_at_mean_sea_level", "Pa", ""),
    12101: _Known("air temperature", "air_temperature", "K", ""),
    12118: _Known("daily maximum temperature", "air_temperature", "K", "maximum_within_days_mean_over_days"),
    12119: _Known("daily minimum temperature", "air_temperature", "K", "minimum_within_days_mean_over_days"),
    13004: _Known("vapour pressure", "water_vapor_partial_pressure_in_air", "Pa", "mean"),
    13012: _Known("depth of fresh snow", "thickness_of_snowfall_amount", "m", "sum"),
    13013: _Known("total snow depth", "surface_snow_thickness", "m", POINT),
    13060: _Known("total accumulated precipitation", "precipitation_amount", "mm", "sum"),
    14032: _Known("total sunshine", "duration_of_sunshine", "h", "sum"),
}
_AVERAGING, _ABSENT = 8094, 8050  # how the mean of a day was made; of what values of a month are missing
_JUDGED = 31021
_SET_OF_DAYS = frozenset((_HEIGHT, _STATISTIC, _AVERAGING, _JUDGED))
# code table 0 31 021, significance 5: doubtful, of more than one day, beyond the instrument's range, wrong; 5 and 6 are missing
_JUDGEMENTS = {1: 3, 2: 3, 3: 4, 4: 4, 5: 9, 6: 9}
_USUAL_MEAN = 10  # minutes: what a report calls wind, and its gust, is of these (WMO-No. 8, I, 5.1.1), as it is in SYNOP
_WHEN = (_YEAR, _MONTH, _DAY, _HOUR, _MINUTE, _SECOND)
# what says which station it is, and where
_WHO = frozenset((1001, 1002, 1003, 1005, 1006, 1011, 1015, 1018, 1019, 1020, 1063, 1075, 1087, 1101, 1102, 1125, 1126, 1127))
_WHO |= {1128, 1194, 5001, 5002, 6001, 6002, 7001, 7002, 7030}
# what is about the station, the instrument or the order of things, and would only be in the way
_BESIDE = frozenset((1, 2, 3, 4, 5, 6, 7, 8, 31, 35))
_CLOUDS = frozenset((20011, 20012, 20013, 20017, 20054, 20003, 20004, 20005, 20062, 20021, 20022, 20023, 20025, 20026))


@lru_cache(maxsize=2 * _MOST_KINDS)
def _kind(known: _Known, level: float | None, method: str, duration: str, seconds: float) -> Kind:
    if level is None:
        level = known.level if known.level is not None else usual(known.standard_name).level
    parameter = Parameter(standard_name=known.standard_name, level=level, method=method, duration=duration)
    if known.unit == "J/m2":  # over a period, whose mean it becomes
        unit = "J/m2/h" if seconds == 3600 else f"{3600 / seconds:.12g} J/m2/h"
        return kind_of(known.name, parameter, unit)
    return kind_of(known.name, parameter, known.unit)


@lru_cache(maxsize=2 * _MOST_KINDS)
def _summed(descriptor: int, statistic: Value, height: Value, midway: bool, duration: str) -> "_Meaning":
    """What an element of a day or a month is behind a statistic and a height; of a mean that is `midway` between extremes."""
    known = _SUMMED_UP[descriptor]
    method = known.method or (_STATISTICS.get(statistic, "") if isinstance(statistic, int) else "")
    if not method:
        return None
    if known.standard_name != "air_temperature" or not isinstance(height, int | float):
        height = None
    method = "mid_range" if midway and method == "mean" else method
    return _kind(known, None if height is None else float(height), method, duration, 0), 0


@cache
def _position(name: str) -> Kind:
    return kind_of(name, Parameter(standard_name=name, level=0), "deg")


type _Place = tuple[int, bool]  # of an element; whether the associated field before it judges its value
type _Told = Cells | tuple[Cell | None]  # one where all subsets say the same
type _Asked = tuple[int, object, object] | tuple[int, object, object, bool, str]
type _Meaning = tuple[Kind, int] | None
type _One = tuple[Station | None, int | None, tuple[Value, ...], dict[int, dict[Kind, Cell]]]


@dataclass(slots=True)
class _Reports:
    """What subsets behind one another say: of which station each is, year to second, the instant that this is, and their values
    by how many minutes from it they stand."""

    stations: Sequence[Station | None]
    times: Sequence[tuple[Value, ...]]
    moments: Sequence[int | None]
    fields: dict[int, dict[Kind, Cells]]
    others: int = 0


class _Layout:
    """Where in subsets of these elements stands what. What values mean by what is set before them, and which station is told,
    is remembered for the file."""

    __slots__ = ("associated", "duration", "meant", "others", "said", "state", "stations", "when", "who")

    def __init__(self, descriptors: Sequence[int]) -> None:
        self.duration = "P1D" if _AVERAGING in descriptors else MONTH if _ABSENT in descriptors else ""
        self.meant: dict[tuple[Value, ...], _Meant] = {}
        self.stations: dict[tuple[Value, ...], Station | None] = {}
        self.said: list[tuple[int, int]] = []
        self.state: list[int] = []
        self.who = [(place, descriptor) for place, descriptor in enumerate(descriptors) if descriptor in _WHO]
        self.associated = {
            at for at, before in enumerate(descriptors[:-1], 1) if before == ASSOCIATED
        }  # fields stand before them
        self.when: list[list[int]] = [[] for _ in _WHEN]
        self.others: list[int] = []
        known, sets = (_SUMMED_UP, _SET_OF_DAYS) if self.duration else (_KNOWN, _SET_OR_STEPS)
        for place, descriptor in enumerate(descriptors):
            if self.duration and descriptors[place - 1 : place + 1] == (_YEAR, _YEAR):
                break  # normals of the years from one to the other begin
            if descriptor in sets:
                self.state.append(place)
            elif descriptor not in known:
                if self.said and self.said[-1][1] != _BETWEEN:
                    self.said.append((place, _BETWEEN))
                if descriptor in _WHEN:
                    self.when[_WHEN.index(descriptor)].append(place)
                elif descriptor // 1000 not in _BESIDE and descriptor not in _CLOUDS and descriptor >= 0:
                    self.others.append(place)
                continue
            self.said.append((place, descriptor))

    def times(self, block: Block) -> list[tuple[Value, ...]]:
        """Year to second of each subset; of a month its first day, of a day no hour."""
        columns = [_first([block.columns[place] for place in places]) for places in self.when]
        if self.duration:
            columns[2:] = [(1,) if self.duration == MONTH else columns[2], *[(None,)] * 3]
        return _rows(columns, block.count)

    def time(self, values: Sequence[Value]) -> tuple[Value, ...]:
        """The same of one subset."""
        found: list[Value] = []
        for places in self.when:
            told = [values[at] for at in places]
            found.append(told[0] if len(told) == 1 else next((each for each in told if each is not None), None))
        if self.duration:
            found[2:] = [1 if self.duration == MONTH else found[2], None, None, None]
        return tuple(found)

    def told(self, block: Block) -> list[tuple[Value, ...]]:
        """What says of each subset which station it is of."""
        return _rows([block.columns[place] for place, _ in self.who], block.count)

    def station(self, told: tuple[Value, ...]) -> Station | None:
        who = reversed([*zip(self.who, told, strict=True)])  # what is said first stands
        return _station({element: value for (_, element), value in who if value is not None})

    def runs(self, block: Block) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
        """From where to where subsets have the same set before their values, and what."""
        end, columns = 0, [block.columns[place] for place in self.state]
        runs: Iterable[tuple[tuple[Value, ...], int]]
        if all(len(column) == 1 for column in columns):
            runs = [(tuple([column[0] for column in columns]), block.count)]
        else:
            runs = ((state, len([*run])) for state, run in groupby(_rows(columns, block.count)))
        for state, count in runs:
            begin, end = end, end + count
            for at in range(begin, end, _LONGEST_RUN):
                yield at, min(at + _LONGEST_RUN, end), state


def _rows(columns: Sequence[Values], count: int) -> list[tuple[Value, ...]]:
    """Subset by subset."""
    if all(len(column) == 1 for column in columns):
        return [tuple([column[0] for column in columns])] * count
    return [*zip(*(column if len(column) > 1 else [column[0]] * count for column in columns), strict=True)]


def _first(columns: Sequence[Values]) -> Values:
    """The first that is there, of each."""
    found = columns[0] if columns else (None,)
    for column in columns[1:]:
        if _there(found, 0, len(found)) == len(found):
            break
        pairs = _rows((found, column), max(len(found), len(column)))
        found = Encoded.of([later if value is None else value for value, later in pairs])
    return found


class _Columns(dict[_Place, _Told]):
    """What the elements of subsets say, by their places; of one that is asked for it is found out then."""

    __slots__ = ("_block",)

    def __init__(self, block: Block) -> None:
        self._block = block

    def __missing__(self, asked: _Place) -> _Told:
        (place, judged), block = asked, self._block
        descriptor, values = block.descriptors[place], block.columns[place]
        found: _Told
        if judged:
            found = _judged_all(descriptor, values, block.columns[place - 1], block.count)
        elif isinstance(values, tuple):
            found = (_cell(descriptor, values[0]),)
        else:
            found = Encoded(values.codes, {code: _cell(descriptor, value) for code, value in values.meanings.items()})
        self[asked] = found
        return found

    def of(self, at: int) -> Callable[[_Place], Cell | None]:
        """What those of one subset say."""
        return lambda place: found[0] if isinstance(found := self[place], tuple) else found.meanings[found.codes[at]]


def _cells_of(descriptors: Sequence[int], values: Sequence[Value]) -> Callable[[_Place], Cell | None]:
    """The same of a subset that stands alone."""

    def cell(asked: _Place) -> Cell | None:
        place, judged = asked
        if judged:
            return _judged(descriptors[place], values[place], values[place - 1])
        return _cell(descriptors[place], values[place])

    return cell


class _Meant:
    """Place, quantity and minutes of what is taken, by quantity and minutes; places of what is not. What a subset says first
    stands."""

    __slots__ = ("others", "taken")

    def __init__(self, taken: Sequence[Sequence[tuple[_Place, Kind, int]]], others: Sequence[int]) -> None:
        self.taken = taken
        self.others = others

    def said(self, cells: _Columns, begin: int, end: int) -> dict[int, dict[Kind, Cells]]:
        """What some subsets say, by the minutes."""
        everyone = int.from_bytes(b"\1" * (end - begin))
        fields: dict[int, dict[Kind, Cells]] = {}
        for quantity in self.taken:
            heard, later = 0, dict[Kind, Sequence[Cell | None]]()
            for place, kind, shift in quantity:
                if heard == everyone:
                    break
                found = cells[place]
                told = Encoded.same(found[0], end - begin) if isinstance(found, tuple) else found.part(begin, end)
                there = told.mask if len(quantity) > 1 else told.there
                if not (new := there & ~heard):
                    continue
                now = fields.setdefault(shift, {})
                if kind not in now and there == new:
                    now[kind] = told
                else:
                    later[kind] = _either(later.get(kind) or now.get(kind) or [None] * len(told), told.only(new))
                heard |= there
            for kind, each in later.items():
                now[kind] = Encoded.of(each)
        return fields

    def said_by(self, cell: Callable[[_Place], Cell | None]) -> dict[int, dict[Kind, Cell]]:
        """What one subset says, by the minutes."""
        fields: dict[int, dict[Kind, Cell]] = {}
        for quantity in self.taken:
            for place, kind, shift in quantity:
                if told := cell(place):
                    if shift not in fields:
                        fields[shift] = {}
                    fields[shift][kind] = told
                    break
        return fields


def sniff(head: bytes) -> Guess | None:
    """`BUFR`, alone or below a bulletin's heading, and an edition that there is."""
    at = head.find(_BEGIN, 0, _LOOK)
    if at < 0 or len(head) < at + 8 or head[at + 7] not in (2, 3, 4):
        return None
    heading = _HEADING.search(head[:at])
    where = f" in a bulletin, {heading[1].decode()}{' ' + heading[2].decode() if heading[2] else ''}" if heading else ""
    if at and not heading and head[:at].strip(b"\x00\x01\x03\r\n 0123456789"):
        return None
    return Guess(0.99, f"BUFR, edition {head[at + 7]}{where}")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are subsets, counted from 1 through all messages. A message that cannot be read is a reject of its first subset."""
    allowance = Allowance()
    said = Subsets(context, allowance)
    own: dict[int, str] = {}  # types of messages that the file's own tables name
    corrections = 0
    for part in _messages(stream):
        if isinstance(part, Reject):
            yield part
            continue
        data, heading, whole = part
        corrections += bool(heading and heading[2] and heading[2].startswith((b"CC", b"AA")))
        first, count = said.rows + 1, 1
        try:
            given = bufr_message.message(data)
            count = given.subsets
            if given.category == _TABLES:
                own |= bufr_message.types_told(given)
                continue
            if own and any(number // 1000 % 100 >= 60 for number in given.template):
                called = own.get(given.category, f"type {given.category}")[:60]
                said.leave(f"subsets of {called}, in tables that the file itself holds (NCEP, as in PREPBUFR)", count)
                continue
            if not said.wants(given.category, count):
                continue
            if not whole:
                yield Reject(reason="the message does not end with 7777; it was read nevertheless", row=first, value="7777")
            for block in bufr_message.subsets(given, allowance):
                if isinstance(block, Mixed):
                    yield from said.take_mixed(block, given.category)
                    continue
                alike = block.count if given.compressed and all(len(column) == 1 for column in block.columns) else 1
                yield from said.take(replace(block, count=1) if alike > 1 else block, given.category)
                if alike > 1:
                    said.leave(_SAME, alike - 1)
        except UnreadableFile as exc:
            said.rows = first if said.rows < first else first - 1 + count
            yield Reject(reason=exc.detail, row=said.rows, column=f"message of {len(data)} bytes")
    yield from said.end(corrections)


class Subsets:
    """What the subsets of a file say, one after the other. `rows` are those that were met; values of the elements `celsius` are
    in degrees Celsius, all others in BUFR's units."""

    def __init__(self, context: Context, allowance: Allowance, celsius: frozenset[int] = frozenset()) -> None:
        self._gathered, self._others, self._passed = Gathered(context), Counter({_UNNAMED: 0}), Counter[str]()
        self._celsius, self._allowance = celsius, allowance
        self._places: dict[str, Station] = {}
        self._met: dict[int, Station] = {}  # by their identity: those of the last place of each
        self._named = self._moved = False  # whether any of them is called by its name; whether one has a new place
        self._layouts: dict[tuple[int, ...], _Layout] = {}
        self._kinds: dict[_Asked, _Meaning] = {}
        self._told = Told(SHORT_TOLD)  # compressed, subsets are thousands in a few bytes
        self.rows = 0

    def leave(self, what: str, count: int) -> None:
        """Passes over so many subsets."""
        self._passed[what] += count
        self.rows += count

    def wants(self, category: int, count: int) -> bool:
        """Whether a message of this category (table A) has reports of stations; if not, its subsets are left."""
        if category in (0, 1, 31):
            return True
        what = _CATEGORIES.get(category, "of its own kind")
        self.leave(f"subsets of category {category} of table A ({what}), no reports of stations", count)
        return False

    def take(self, block: Block, category: int) -> Iterator[Piece]:
        """Raises UnreadableFile where they say too much for the file's size."""
        yield from self._understood(self._layout(block.descriptors), block, moving=category == 1)

    def take_mixed(self, mixed: Mixed, category: int) -> Iterator[Piece]:
        """The same of subsets that have other elements than those beside them."""
        each = [self._each(self._layout(block.descriptors), block) for block in mixed.blocks]
        for at in mixed.order:
            yield from self._alone(*next(each[at]), moving=category == 1)

    def _layout(self, descriptors: tuple[int, ...]) -> _Layout:
        layout = self._layouts.get(descriptors)
        if layout is None:
            layout = _Layout(descriptors)
            if len(self._layouts) == _MOST_LAYOUTS:
                self._layouts.clear()
            if len(descriptors) <= _LONGEST_KEPT:
                self._layouts[descriptors] = layout
        return layout

    def _each(self, layout: _Layout, block: Block) -> Iterator[_One]:
        """What the subsets of a block say, one by one."""
        stations, times, cells = self._stations(layout, block), layout.times(block), _Columns(block)
        states = _rows([block.columns[place] for place in layout.state], block.count)
        for at, (station, time, state) in enumerate(zip(stations, times, states, strict=True)):
            meant = self._meant_by(layout, state)
            if places := (*layout.others, *meant.others):
                self._others[_UNNAMED] += sum([_there(block.columns[place], at, at + 1) for place in places])
            fields = meant.said_by(cells.of(at))
            self._allowance.take(A_SUBSET + A_RUN + sum(map(len, fields.values())) * (A_QUANTITY + 1))
            yield station, _moment(time), time, fields

    def _understood(self, layout: _Layout, block: Block, *, moving: bool) -> Iterator[Piece]:
        if block.count == 1:
            yield from self._understood_alone(layout, block, moving=moving)
            return
        columns = block.columns
        self._allowance.take(block.count * A_SUBSET)
        self._others[_UNNAMED] += sum([_there(columns[place], 0, block.count) for place in layout.others])
        stations, times = self._stations(layout, block), layout.times(block)
        moments = [_moment(times[0])] * block.count if times.count(times[0]) == block.count else [*map(_moment, times)]
        cells = _Columns(block)
        for begin, end, state in layout.runs(block):
            meant = self._meant_by(layout, state)
            others = sum([_there(columns[place], begin, end) for place in meant.others])
            if end - begin < _SHORTEST_RUN:
                self._others[_UNNAMED] += others
                for at in range(begin, end):
                    one = meant.said_by(cells.of(at))
                    self._allowance.take(A_RUN + sum(map(len, one.values())) * (A_QUANTITY + 1))
                    yield from self._alone(stations[at], moments[at], times[at], one, moving=moving)
            else:
                fields = meant.said(cells, begin, end)
                self._allowance.take(A_RUN + sum(map(len, fields.values())) * (A_QUANTITY + end - begin))
                told = _Reports(stations[begin:end], times[begin:end], moments[begin:end], fields, others)
                yield from self._taken(told, moving=moving)

    def _understood_alone(self, layout: _Layout, block: Block, *, moving: bool) -> Iterator[Piece]:
        """The same of one subset."""
        values = [column[0] for column in block.columns]
        self._allowance.take(A_SUBSET)
        station = self._station(layout, tuple([values[place] for place, _ in layout.who]))
        time = layout.time(values)
        meant = self._meant_by(layout, tuple([values[place] for place in layout.state]))
        self._others[_UNNAMED] += sum([values[place] is not None for place in (*layout.others, *meant.others)])
        fields = meant.said_by(_cells_of(block.descriptors, values))
        self._allowance.take(A_RUN + sum(map(len, fields.values())) * (A_QUANTITY + 1))
        yield from self._alone(station, _moment(time), time, fields, moving=moving)

    def _meant_by(self, layout: _Layout, state: tuple[Value, ...]) -> _Meant:
        meant = layout.meant.get(state)
        if meant is None:
            self._allowance.take(A_STATE + len(layout.said))
            if len(layout.meant) == _MOST_STATES:
                layout.meant.clear()
            if layout.duration:
                meant = _summed_up(layout, state, self._kinds)
            else:
                meant = _meant_by(layout, state, self._celsius, self._kinds)
            layout.meant[state] = meant
        return meant

    def _stations(self, layout: _Layout, block: Block) -> list[Station | None]:
        told, known = layout.told(block), layout.stations
        if len(known) > _MOST_STATIONS:
            known.clear()
        found = list(map(known.get, told))
        if all(found):
            return found
        for each in dict.fromkeys(told):
            self._station(layout, each)
        return list(map(known.__getitem__, told))

    def _station(self, layout: _Layout, told: tuple[Value, ...]) -> Station | None:
        if told not in layout.stations:
            self._allowance.take(A_STATION)
            layout.stations[told] = layout.station(told)
        return layout.stations[told]

    def _taken(self, told: _Reports, *, moving: bool) -> Iterator[Piece]:
        first, self.rows = self.rows + 1, self.rows + len(told.stations)
        count, met = len(told.stations), self._met
        says = _says([cells for fields in told.fields.values() for cells in fields.values()], count)
        for at in [at for at, station in enumerate(map(id, told.stations)) if station not in met]:  # most were met before
            if (station := told.stations[at]) and told.moments[at] is not None:
                self._meet(station)
        if self._named or None in told.moments:
            self._others[_NAMED] += sum([station is not None and station.id == station.name for station in told.stations])
        taken: Sequence[int] = range(count)
        if says is not None or None in told.moments or not all(told.stations):
            refused: dict[str, list[int]] = {}
            for at, each in enumerate(zip(told.stations, told.moments, told.times, says or b"\1" * count, strict=True)):
                refused.setdefault(_refusal(*each, moving), []).append(at)
            taken = refused.pop("", [])
            self._others[_NIL] += len(refused.pop(_NIL, ()))
            for at, alike, why in sorted((*each, why) for why, places in refused.items() for each in self._told.of(places)):
                self._allowance.take(A_REJECT)
                yield _refused(why, first + at, told.stations[at], told.times[at], alike)
        if self._moved:  # whoever is at two places is at the last of them
            self._moved = False
            for station, moment in zip(told.stations, told.moments, strict=True):
                if station and moment is not None:
                    self._meet(station)
        self._others[_UNNAMED] += told.others
        now = told.fields.setdefault(0, {})
        for at, name in enumerate(("latitude", "longitude") if moving else ()):
            places = [station.position if station else None for station in told.stations]
            now[_position(name)] = Encoded.of([(place[at], f"{place[at]:g}", _TAKEN) if place else None for place in places])
        for shift, fields in sorted(told.fields.items(), reverse=True):
            says = _says(fields.values(), count) if shift else None
            there = taken if says is None else [at for at in taken if says[at]]
            stations, moments, rows = told.stations, told.moments, [first + at for at in there]
            if len(there) < count:
                fields = {kind: cells.among([cells.codes[at] for at in there]) for kind, cells in fields.items()}
                stations, moments = [stations[at] for at in there], [moments[at] for at in there]
            instants = [moment + shift * 60_000 for moment in moments if moment is not None]
            ids = [station.id for station in stations if station]
            yield from self._gathered.add_all(ids, instants, rows, fields, counted=not shift)

    def _alone(
        self,
        station: Station | None,
        moment: int | None,
        time: tuple[Value, ...],
        fields: dict[int, dict[Kind, Cell]],
        *,
        moving: bool,
    ) -> Iterator[Piece]:
        """The same of one subset."""
        self.rows += 1
        if station and moment is not None and id(station) not in self._met:
            self._meet(station)
        if self._named or moment is None:
            self._others[_NAMED] += station is not None and station.id == station.name
        why = _refusal(station, moment, time, bool(fields), moving)
        if station is None or moment is None or why:
            self._others[_NIL] += why == _NIL
            if why != _NIL:
                self._allowance.take(A_REJECT)
                yield _refused(why, self.rows, station, time)
            return
        now = fields.setdefault(0, {})
        for name, degrees in zip(("latitude", "longitude"), station.position or (), strict=False) if moving else ():
            now[_position(name)] = degrees, f"{degrees:g}", _TAKEN
        for shift, told in sorted(fields.items(), reverse=True) if len(fields) > 1 else fields.items():
            yield from self._gathered.add(station.id, moment + shift * 60_000, self.rows, told, counted=not shift)

    def _meet(self, station: Station) -> None:
        known = self._places.get(station.id)
        if known is not station and station.position and (known or len(self._places) < _MOST_PLACES):
            self._places[station.id] = station
            self._moved = self._met.pop(id(known), None) is not None or self._moved
        if len(self._met) > _MOST_PLACES:
            self._met.clear()
        self._met[id(station)] = station
        self._named = self._named or station.id == station.name

    def end(self, corrections: int) -> Iterator[Piece]:
        """What is left, and the facts of all."""
        others, passed = self._others, self._passed
        yield from self._gathered.flush()
        yield from self._places.values()
        if corrections:
            yield Remark(f"corrections (CCA, …): {corrections} messages; values that arrive later stand")
        if named := others.pop(_NAMED, 0):
            yield Inferred(("station",))
            yield Remark(f"stations that give no identifier are called by their name: in {named} subsets")
        if others := +others + (passed if passed.total() < self.rows else Counter()):
            yield Remark(f"not taken: {', '.join(f'{count} {name}' for name, count in others.most_common(8))}")
        if not self._gathered.taken and others[_NIL] + passed[_SAME] == self.rows:
            none = "every report is NIL: no station had anything to report"
            yield Reject(reason=none if self.rows else "there is no whole message")
        elif passed and passed.total() == self.rows:
            left = ", ".join(f"{count} {name}" for name, count in passed.most_common(3))
            yield Reject(reason=f"nothing in it is read: {left}")
        yield Rows(count=self.rows)
        yield Columns(columns=tuple(self._gathered.facts()))


def _refusal(station: Station | None, moment: int | None, time: tuple[Value, ...], says: object, moving: bool) -> str:
    """Why a subset is not taken; nothing where it is."""
    if station is None:
        return _NO_STATION
    if moment is None:  # nothing but the station, as regulation B/C 1 has it, or no such time
        return _NO_TIME if says or time[:3] != (None, None, None) else _NIL
    return "" if says or (moving and station.position) else _NOTHING


def _refused(why: str, row: int, station: Station | None, time: Sequence[Value], count: int = 1) -> Reject:
    if why == _NO_TIME:
        told = " ".join(map(str, time[:5]))
        return Reject(reason=why, row=row, column="year month day hour minute", value=told, count=count)
    return Reject(reason=why, row=row, value=station.id if station else None, count=count)


def _there(column: Values, begin: int, end: int) -> int:
    """How many say something."""
    if isinstance(column, tuple):
        return 0 if column[0] is None else end - begin
    if end - begin == len(column):
        return column.there
    return end - begin - sum(map(column.codes[begin:end].count, column.gone))


def _says(columns: Collection[Cells], count: int) -> bytes | None:
    """Of each subset, whether any of its cells says something; None where all have one that does."""
    if any(cells.there == count for cells in columns):
        return None
    return reduce(or_, [cells.mask for cells in columns], 0).to_bytes(count)


def _either(first: Sequence[Cell | None], second: Sequence[Cell | None]) -> list[Cell | None]:
    return [one or other for one, other in zip(first, second, strict=True)]


def _cell(descriptor: int, value: Value) -> Cell | None:
    if value is None or isinstance(value, str):
        return None
    number = _plain(descriptor, value) if descriptor in _ODD else float(value)
    return None if number is None else (number, f"{value}", _TAKEN)


def _judged_all(descriptor: int, values: Values, judgements: Values, count: int) -> Cells:
    """Values of subsets, each with the one that judges it."""
    values, judgements = (Encoded.same(each[0], count) if isinstance(each, tuple) else each for each in (values, judgements))
    return Encoded.paired(values, judgements, lambda value, judgement: _judged(descriptor, value, judgement))


def _judged(descriptor: int, value: Value, judgement: Value) -> Cell | None:
    """With the flag that the associated field means."""
    cell = _cell(descriptor, value)
    flag = _JUDGEMENTS.get(judgement, _TAKEN) if isinstance(judgement, int) else _TAKEN
    return None if cell is None or flag == _GONE else (*cell[:2], flag)


def _meant_by(layout: _Layout, state: Sequence[Value], celsius: frozenset[int], kinds: dict[_Asked, _Meaning]) -> _Meant:
    """Goes through the elements with what was set before them. `kinds` are those of the file so far."""
    taken: dict[tuple[int, str], list[tuple[_Place, Kind, int]]] = {}
    others: list[int] = []
    given = iter(state)
    holds: dict[int, float | None] = {}
    periods: list[float] = []
    fresh = stepped = lasting = False
    told: tuple[float | None, float | None, tuple[float, ...]] | None = None  # what was set, where it is known
    for place, descriptor in layout.said:
        if descriptor in _SET:
            value = next(given)
            number = value if isinstance(value, int | float) else None
            told = None
            if descriptor not in _PERIODS:
                fresh = False
                holds[descriptor] = number
                continue
            if not fresh:
                periods, stepped = [], stepped and lasting
            fresh = True
            if number is not None:
                periods.append(number * _MINUTES[descriptor])
            continue
        fresh = False
        if descriptor in _STEPS:
            if next(given):
                stepped, lasting = True, not periods
        elif descriptor != _BETWEEN:
            level = holds.get(_SOIL_DEPTH if descriptor in _IN_SOIL else _HEIGHT) if descriptor in _AT_LEVELS else None
            told = told or (holds.get(_SENSE), holds.get(_STATISTIC), tuple(periods[-2:]))
            asked = descriptor, level, told
            if asked not in kinds and len(kinds) < _MOST_KINDS:
                kinds[asked] = _meant(descriptor, descriptor in celsius, level, *told)
            meant = None if stepped else kinds.get(asked)  # in steps each is of another time within the period
            if meant is None:
                others.append(place)
            else:
                kind, shift = meant
                taken.setdefault((shift, kind.id), []).append(((place, False), kind, shift))
    return _Meant([*taken.values()], others)


def _summed_up(layout: _Layout, state: Sequence[Value], kinds: dict[_Asked, _Meaning]) -> _Meant:
    """The same of a day or a month."""
    taken: dict[str, list[tuple[_Place, Kind, int]]] = {}
    others: list[int] = []
    given = iter(state)
    holds: dict[int, Value] = {}
    for place, descriptor in layout.said:
        if descriptor in _SET_OF_DAYS:
            value = next(given)
            if descriptor != _AVERAGING or holds.get(_AVERAGING) is None:
                holds[descriptor] = value
        elif descriptor != _BETWEEN:
            asked = descriptor, holds.get(_STATISTIC), holds.get(_HEIGHT), holds.get(_AVERAGING) == 0, layout.duration
            if asked not in kinds and len(kinds) < _MOST_KINDS:
                kinds[asked] = _summed(*asked)
            if (meant := kinds.get(asked)) is None:
                others.append(place)
            else:
                judged = place in layout.associated and holds.get(_JUDGED) == 5
                taken.setdefault(meant[0].id, []).append(((place, judged), *meant))
    return _Meant([*taken.values()], others)


@lru_cache(maxsize=2 * _MOST_KINDS)
def _meant(
    descriptor: int,
    celsius: bool,
    level: float | None,
    sense: float | None,
    statistic: float | None,
    periods: tuple[float, ...],
) -> _Meaning:
    """What an element says where so much was set before it, and how many minutes from the report's time it stands. None where
    nobody knows over what."""
    known = _KNOWN[descriptor]
    known = replace(known, unit="Cel") if celsius else known
    level = -level if descriptor in _IN_SOIL and level is not None else level
    method, duration, shift, minutes = known.method, known.duration or INSTANT, 0, 0.0
    begin, end = periods if len(periods) > 1 else (periods[-1], 0.0) if periods else (0.0, 0.0)
    if known.over == _PERIOD:
        minutes, shift = abs(end - begin), round(min(end, 0))
        if minutes < _SHORTEST:
            return None
        duration = iso_duration(round(minutes * 60_000))
        if descriptor in (11041, 11043) and minutes == _USUAL_MEAN:
            method, duration = POINT, INSTANT
    elif known.over == _WIND:
        averaged = sense == _AVERAGED and begin and abs(begin) != _USUAL_MEAN
        method, duration = ("mean", iso_duration(round(abs(begin) * 60_000))) if averaged else (POINT, INSTANT)
    if statistic is not None and known.over == _POINT:
        named = _STATISTICS.get(int(statistic))
        if named is None or not periods:
            return None
        method, duration = named, iso_duration(round(abs(end - begin) * 60_000))
    return _kind(known, level, method, duration, minutes * 60), shift


def _plain(descriptor: int, value: float) -> float | None:
    """What a number means that is no measurement."""
    if descriptor in _TRACES and value < 0:
        return 0.0  # a trace; less than half a centimetre of snow, or not everywhere
    if descriptor == 20010 and value > 100:
        return None  # the sky is obscured
    if descriptor in _DIRECTIONS and value == 0:
        return None  # calm: north is 360
    return float(value)


@lru_cache(maxsize=4096)
def _moment(time: tuple[Value, ...]) -> int | None:
    """Of year to second."""
    try:
        year, month, day = (int(each) for each in time[:3] if each is not None)
        hour, minute, second = (int(each or 0) for each in time[3:])
        return from_datetime(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except (TypeError, ValueError, OverflowError):
        return None


def _station(identity: Mapping[int, Value]) -> Station | None:
    called = " ".join(str(identity.get(1015) or identity.get(1018) or identity.get(1019) or "").split())[:200]
    wigos = _wigos(identity)
    name = identified(wigos or _identifier(identity) or called)
    if name is None:
        return None
    latitude = identity.get(5001, identity.get(5002))
    longitude = identity.get(6001, identity.get(6002))
    height = identity.get(7030, identity.get(7001, identity.get(7002)))
    placed = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    placed = placed and -90 <= float(latitude or 0) <= 90 and -180 <= float(longitude or 0) <= 180
    return Station(
        id=name,
        name=called,
        latitude=float(latitude) if placed and latitude is not None else None,
        longitude=float(longitude) if placed and longitude is not None else None,
        elevation_m=float(height) if isinstance(height, int | float) and -500 <= height <= 9000 else None,
        wigos_id=wigos,
        authority=Authority.DATA_FILE,
    )


def _wigos(identity: Mapping[int, Value]) -> str | None:
    series, issuer, issue, local = (identity.get(each) for each in (1125, 1126, 1127, 1128))
    return None if series is None or issuer is None or issue is None or not local else f"{series}-{issuer}-{issue}-{local}"


def _identifier(identity: Mapping[int, Value]) -> str | None:
    block, number = identity.get(1001), identity.get(1002)
    if isinstance(block, int) and isinstance(number, int):
        return f"0-20000-0-{block:02d}{number:03d}"
    for each in (1011, 1006, 1194, 1063):  # call signs of ships and aircraft, location indicators
        if sign := str(identity.get(each) or "").strip():
            return sign
    for each in (1087, 1005, 1075):  # numbers of buoys, the region before the older one; a tide gauge's
        if (buoy := identity.get(each)) is not None:
            region, area = identity.get(1003), identity.get(1020)
            return f"{region}{area}{buoy:03d}" if each == 1005 and isinstance(buoy, int) and region is not None else str(buoy)
    state, national = identity.get(1101), identity.get(1102)
    return f"{state}-{national}" if state is not None and national is not None else None


def _messages(stream: BinaryIO) -> Iterator[tuple[bytes, re.Match[bytes] | None, bool] | Reject]:
    """The bytes of each message, the heading above it, and whether it ends as it should."""
    buffer, torn = _Buffer(stream), False
    while (at := buffer.find()) >= 0:
        buffer.hold(at + 8)
        length = int.from_bytes(buffer.held[at + 4 : at + 7])
        buffer.hold(at + length)
        held = buffer.held
        heading = _HEADING.search(held[max(buffer.done, at - _HEADING_BYTES) : at])
        if len(held) < at + 8 or length < RECORDS.least:
            yield Reject(reason="`BUFR` is there, but no message behind it", value=held[at : at + 8].hex(" "))
            buffer.done = at + 4
            continue
        if len(held) < at + length:
            if not torn:  # what looks like others behind it is its own
                yield Reject(reason=f"the file ends within a message of {length} bytes, of which {len(held) - at} are there")
            torn = True
            buffer.done = at + 4
            continue
        whole = held.endswith(_END, at, at + length)
        inner = -1 if whole else held.find(_BEGIN, at + 8, at + length)
        if inner > 0 and buffer.has_message(inner):
            yield Reject(reason="the message ends before its time: another begins within it")
            buffer.done = inner
            continue
        yield held[at : at + length], heading, whole
        buffer.done = at + length


class _Buffer:
    """The bytes of a stream, of which those before `done` are done with. Places move where more are read, to the front."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ended = False
        self.held = b""
        self.done = 0

    def find(self) -> int:
        """Where the next message begins, which is then the first byte but for its heading; -1 where there is none."""
        while (at := self.held.find(_BEGIN, self.done)) < 0 and not self._ended:
            self._read(max(self.done, len(self.held) - _HEADING_BYTES))
        if at > _READ + _HEADING_BYTES:
            begin, at = at - _HEADING_BYTES, _HEADING_BYTES
            self.held, self.done = self.held[begin:], max(self.done - begin, 0)
        return at

    def hold(self, end: int) -> None:
        """Reads on until there are so many bytes."""
        while len(self.held) < end and not self._ended:
            self._read(0)

    def has_message(self, at: int) -> bool:
        """Whether one that begins here ends as one does."""
        self.hold(at + 8)
        end = at + max(int.from_bytes(self.held[at + 4 : at + 7]), 8)
        self.hold(end)
        return len(self.held) >= end and self.held.endswith(_END, at, end)

    def _read(self, begin: int) -> None:
        data = self._stream.read(_READ)
        self._ended = not data
        self.held, self.done = self.held[begin:] + data, max(self.done - begin, 0)
