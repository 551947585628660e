"""NetCDF files of stations: what the CF conventions make of arrays; of grids, what they are.

Source: CF Conventions 1.11, chapters 3 to 5, 7 and 9 (discrete sampling geometries: time series in each representation, and
trajectories), and NetCDF's users' guide. A variable along time, or along stations and time, is taken where its standard name
(or, in files of the ARM programme, its documented name) and unit are known. Method and period are those of `cell_methods`, else
those of the words of `long_name`, and then inferred. Where values are samples, each with a time of its own (ragged arrays, and
records that name their station, as MADIS writes them), rows are samples.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from math import inf, isfinite, isnan, nan, prod
from operator import add
from struct import pack, unpack
from typing import BinaryIO

from mesonet.domain.file import ColumnFacts, Mark
from mesonet.domain.instant import DAY, EARLIEST, LATEST, from_datetime, iso, to_datetime
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES, Parameter, usual
from mesonet.domain.units import UnknownUnit, converter
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import hdf5, netcdf_classic
from mesonet.formats.binary.arrays import MOST_VALUES, Attribute, Dataset, Scalar, Variable
from mesonet.formats.binary.netcdf_flags import FAIL, TAKEN, flags_of
from mesonet.formats.binary.netcdf_groups import View, views
from mesonet.formats.elements import Element, Elements, Field
from mesonet.formats.json_readings import identified, instant, located, of_file, placed, standard_name
from mesonet.formats.reading import Columns, Context, Extent, Guess, Inferred, Piece, Remark, Rows
from mesonet.formats.spooled import spooled
from mesonet.formats.times import iso_duration
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "netcdf"

_HELD = 4096  # rows of a station weighed at once
_AT_ONCE = 300_000  # values of all variables read at once, some 30 MB as texts
_MOST_AT_ONCE = 1_000_000  # of what the file keeps in larger pieces
_MOST_FOR_A_BYTE = 50  # values, where they are many: deflated, a variable that never changes has 250
_MANY = 4_000_000  # values of all variables that are read: some seconds' work, which a bomb may cost
_MOST_STATIONS = 100_000  # of an hour of MADIS' mesonets there are some 60,000
_SHOWN = 20
_UNITS = regex(
    r"\s*(\w+)\s+since\s+(\d{1,4}-\d{1,2}-\d{1,4})(?:[T\s]+(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?)\s*(.*))?\s*", re.IGNORECASE
)
_STEPS = {
    "d": 86_400_000, "day": 86_400_000, "h": 3_600_000, "hr": 3_600_000, "hour": 3_600_000, "min": 60_000, "minute": 60_000,
    "s": 1000, "sec": 1000, "second": 1000, "msec": 1, "millisecond": 1, "ms": 1, "microsecond": 0.001, "us": 0.001,
}  # fmt: skip
_NO_STEPS = ("month", "mon", "year", "yr", "y", "common_year", "calendar_month", "calendar_year")
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
_YEARS = range(1600, 2300)
_CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian", "julian")
_LEAPLESS = ("noleap", "365_day")
_METHODS = {
    "mean",
    "maximum",
    "minimum",
    "sum",
    "point",
    "median",
    "mid_range",
    "mode",
    "range",
    "standard_deviation",
    "variance",
}
_CELLS = regex(r"((?:\b\w+:\s*)+)(\w+)(?:\s+(within|over)\b)?")
_MONTHLY = "P1M"  # whose values stand at the first day
_WORDS = {
    "average": "mean", "avg": "mean", "mean": "mean", "maximum": "maximum", "max": "maximum", "minimum": "minimum",
    "min": "minimum", "sum": "sum", "total": "sum",
}  # fmt: skip
_PERIOD = regex(r"(?:last\s+)?(\d+)?\s*(min|minutes?|hours?|days?)\b", re.IGNORECASE)
_HEIGHT = regex(r"\b(\d+(?:\.\d+)?)\s?(m|cm)\b")
_LONGEST_NAME = 200  # characters of a long name that are looked at
_AT_A_HEIGHT = regex(r"[\s(,@]*\b(?:at )?\d+(?:\.\d+)?\s?(?:m|cm)\b(?: above (?:the )?(?:ground|surface)(?: level)?)?\)?")
_SPELT = {"units": {"octa": "[okta]", "US_statute_miles": "mi", "degrees Celsius": "Cel"}}
_SUMS = ("precipitation_amount", "rainfall_amount", "duration_of_sunshine", "thickness_of_snowfall_amount")
# names of the ARM programme's surface stations (met.b1), which have no standard names: standard name, method
_ARM = {
    "atmos_pressure": ("air_pressure", "mean"),
    "temp_mean": ("air_temperature", "mean"),
    "rh_mean": ("relative_humidity", "mean"),
    "vapor_pressure_mean": ("water_vapor_partial_pressure_in_air", "mean"),
    "wspd_arith_mean": ("wind_speed", "mean"),
    "wdir_vec_mean": ("wind_from_direction", "mean"),
    "tbrg_precip_total_corr": ("precipitation_amount", "sum"),
    "pwd_mean_vis_10min": ("visibility_in_air", "mean"),
}
# names of MADIS, whose variables have no standard names (its documentation of surface and mesonet files): standard name; of
# what is over a period its method and duration, too
_MADIS = {
    "temperature": ("air_temperature",),
    "dewpoint": ("dew_point_temperature",),
    "wetBulbTemperature": ("wet_bulb_temperature",),
    "relHumidity": ("relative_humidity",),
    "stationPressure": ("air_pressure",),
    "stationPress": ("air_pressure",),
    "seaLevelPressure": ("air_pressure_at_mean_sea_level",),
    "seaLevelPress": ("air_pressure_at_mean_sea_level",),
    "altimeter": ("altimeter_setting",),
    "windDir": ("wind_from_direction",),
    "windSpeed": ("wind_speed",),
    "windGust": ("wind_speed_of_gust",),
    "windDirMax": ("wind_gust_from_direction",),
    "visibility": ("visibility_in_air",),
    "solarRadiation": ("surface_downwelling_shortwave_flux_in_air",),
    "precipRate": ("lwe_precipitation_rate",),
    "snowCover": ("surface_snow_thickness",),
    "seaSurfaceTemp": ("sea_surface_temperature",),
    "minTemp24Hour": ("air_temperature", "minimum", "PT24H"),
    "maxTemp24Hour": ("air_temperature", "maximum", "PT24H"),
    "precip5min": ("precipitation_amount", "sum", "PT5M"),
    **{
        f"precip{hours}{unit}": ("precipitation_amount", "sum", f"PT{hours}H")
        for hours in (1, 3, 6, 12, 24)
        for unit in ("Hour", "hr")
    },
}
_IDS = (
    *("wigos_station_identifier", "wigos_id", "station_id", "station", "wmo_id", "wmo_platform_code", "platform_code", "stid"),
    *("wmo_station_id", "wmo_number", "wmo_code", "platform_id", "station_code", "site_code", "station_number", "site_id"),
)
# long names of variables without standard names, where they are not the standard names with blanks
_LONG_NAMES = {
    "station_pressure": "air_pressure",
    "sea_level_pressure": "air_pressure_at_mean_sea_level",
    "wind_direction": "wind_from_direction",
    "wind_gust": "wind_speed_of_gust",
    "visibility": "visibility_in_air",
    "mean_sea_level_pressure": "air_pressure_at_mean_sea_level",
    "dewpoint_temperature": "dew_point_temperature",
    "dew_point": "dew_point_temperature",
}
# variables that say who a station is, and those that say how it is called
_NAMES = ("station_id", "station", "wigos_station_identifier", "wigos_id", "wmo_id", "platform_id", "station_code")
_CALLED = ("station_name", "platform_name", "site_name", "stationname")
_TITLES = ("location_description", "station_name", "platform_name", "site_name", "location")
_PLACES = ("latitude", "longitude", "height")
_ATTRIBUTES = {
    "latitude": ("latitude", "station_latitude", "lat"),
    "longitude": ("longitude", "station_longitude", "lon"),
    "height": ("altitude", "elevation", "station_elevation"),
}
# what NetCDF writes into integers where nobody did (NC_FILL_SHORT, NC_FILL_INT, …), by the letters of their types
_FILLS = {
    "h": -32_767, "i": -2_147_483_647, "q": -9_223_372_036_854_775_806, "H": 65_535, "I": 4_294_967_295,
    "Q": 18_446_744_073_709_551_614,
}  # fmt: skip
_LIMITS = ("_FillValue", "missing_value", "FillValue", "valid_min", "valid_max", "valid_range")
_NO_TIME = (
    "no variable tells the time: none has a unit such as `seconds since 1970-01-01`, none is a text of time along a dimension, "
    "and year, month and day are not all there"
)
_MOST_SINGLE = 3.4e38
_MOST_LEVELS, _HIGHEST = 40, 500  # of a mast or a pit, in metres; more are those of soundings, profilers and models
_HIGHEST_Z = 100  # of a sensor whose one height is called `z`, as where its station is may be, too
_STATIONS_OWN = ("station_elevation", "station_altitude", "station_height")
# what is called so is no height of a sensor
_OF_A_STATION = regex(r"(?:\w+_)?(?:alt|altitude|elev|elevation)(?:_\w+)?|station_height")
_LOOKED_AT = 1000  # instants of which it is learnt how far they are apart


def sniff(head: bytes) -> Guess | None:
    """The first bytes of either file format."""
    if netcdf_classic.is_classic(head):
        return Guess(0.97, "`CDF` and a version")
    if (at := hdf5.begin(head)) is not None:
        return Guess(0.9, f"the first bytes of HDF5{f' behind a user block of {at}' if at else ''}")
    return None


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are instants."""
    with spooled(stream) as (held, size):
        module = netcdf_classic if netcdf_classic.is_classic(held.read(4)) else hdf5
        data = module.dataset(held, size)
        yield Remark(_described(data))
        if away := list(islice(_elsewhere(data), _SHOWN)):
            yield Remark(f"links that lead to nothing in this file: {', '.join(away)}")
        if data.cut:
            yield Reject(reason="the file ends before its time: some of its values are not there")
        yield from _together(data, context, size)


def _together(data: Dataset, context: Context, size: int) -> Iterator[Piece]:
    """The pieces of the root and of the groups: columns are called by their paths, and rows are counted through the groups that
    have times of their own. A mark says in which group reading was left, and at which of its rows; what is in the groups before
    it is looked at again, but not read."""
    budget = _Budget(max(_MANY, _MOST_FOR_A_BYTE * size))
    readers = [_Reader(view, context, size, budget) for view in views(data)]
    clocks = [reader.clock() for reader in readers]
    start = context.start or Mark(at=0, row=0)
    if not any(clocks) and not context.start:
        yield Reject(reason=_NO_TIME)
    taken: dict[object, dict[Parameter, str]] = {}  # of a clock and its stations: of one of them a parameter is taken once
    rows: dict[object, int] = {}  # before those of a clock
    columns: list[ColumnFacts] = []
    said: dict[str, list[str]] = {}
    inferred: dict[str, None] = {}
    alone, total = len(readers) == 1, 0
    left: Mark | None = None
    for number, (reader, clock) in enumerate(zip(readers, clocks, strict=True)):
        path = reader.view.path
        told = (reader.view.origins.get(clock.name), clock.name) if clock else None
        before, done = rows.get(told, total), number < start.at
        begun = start.row if number == start.at else 0
        try:
            for piece in reader.pieces(clock, taken, before, begun=begun, done=done):
                match piece:
                    case Rows():
                        if not done:
                            yield piece if told not in rows else replace(piece, count=0)
                        total = max(total, before + begun + piece.count)
                        rows.setdefault(told, before)
                    case _ if done:
                        pass
                    case Mark():
                        left = replace(piece, at=number)
                    case Columns():
                        columns += (replace(each, name=path + each.name) for each in piece.columns)
                    case Remark():
                        said.setdefault(piece.text, []).append(path)
                    case Inferred():
                        inferred |= dict.fromkeys(piece.what)
                    case Reject(column=str()):
                        yield replace(piece, column=f"{path}{piece.column}")
                    case _:
                        yield piece
        except UnreadableFile as exc:
            if not done:
                if alone and clock is not None and clock.shape:
                    yield Rows(count=clock.shape[0] - begun)
                yield Reject(reason=exc.detail, column=f"{path}{exc.column}" if exc.column else path or None)
                columns += (replace(each, name=path + each.name) for each in reader.plain_facts(clock))
        if not (left or done or number == len(readers) - 1) and context.enough():
            left = Mark(at=number + 1, row=0)
        if left:
            yield left
            break
    if inferred:
        yield Inferred(tuple(inferred))
    for reader in readers if all(reader.left for reader, clock in zip(readers, clocks, strict=True) if clock) else ():
        if reader.left:
            said.setdefault(reader.left, []).append(reader.view.path)
    for text, paths in said.items():
        where = ", ".join(path.removesuffix("/") for path in paths[:_SHOWN] if path)
        yield Remark(f"{where}{', …' if len(paths) > _SHOWN else ''}: {text}" if where else text)
    yield Columns(columns=tuple(columns))


def _elsewhere(data: Dataset, path: str = "") -> Iterator[str]:
    """The names of links to nothing, or to other files, with their groups."""
    yield from (path + name for name in data.elsewhere)
    for name, group in data.groups.items():
        yield from _elsewhere(group, f"{path}{name}/")


def _described(data: Dataset) -> str:
    axes = ", ".join(f"{name} {length}" for name, length in list(data.dimensions.items())[:8])
    title = data.attribute("title") or data.attribute("datastream") or data.attribute("institution")
    kind = data.attribute("featureType")
    groups = f"{len(data.groups)} groups" if len(data.groups) > 1 else f"the group {next(iter(data.groups), '')[:100]}"
    return f"{data.kind}: {len(data.variables)} variables along {axes or 'nothing'}" + "".join(
        f"; {each[:100]}" for each in (data.groups and groups, title, kind and f"featureType {kind}") if each
    )


@dataclass(frozen=True, slots=True)
class _Station:
    id: str
    latitude: float | None
    longitude: float | None
    elevation: float | None
    name: str


@dataclass(frozen=True, slots=True)
class _Level:
    """One of several levels: the variable that is at all of them, the dimension, which one, and metres above ground."""

    of: str
    along: str
    number: int
    height: float


@dataclass(slots=True)
class _Budget:
    """How many values a file may have in all that is read of it. Many arrays may share the same bytes."""

    left: int

    def take(self, values: int) -> None:
        self.left -= values
        if self.left < 0:
            raise UnreadableFile(
                "the file claims more values than its size can hold, which no station's file does: not read on"
            )


class _Reader:
    def __init__(self, view: View, context: Context, size: int, budget: _Budget) -> None:
        self.view = view
        self._budget = budget
        self._data = replace(view.data, variables={name: _without_sign(each) for name, each in view.data.variables.items()})
        self._is_madis = any(f"{name}DD" in self._data.variables for name in _MADIS)
        self._most = max(MOST_VALUES, _MOST_FOR_A_BYTE * size)
        self._context = context
        self._remarks: list[str] = []
        self._inferred: list[str] = []  # of zone and station
        self._period: int | None = None  # milliseconds, of what is no instant
        self._levels: dict[str, _Level] = {}  # of what is at several, by the names that its parts have here
        self._whole: dict[tuple[str, int, int | None], list[Scalar | None]] = {}  # what parts are of, of one stretch
        self._clocks = {"time", "t"}  # what cell methods may call time
        self._is_monthly = self._is_bounded = False  # what the bounds are
        self._has_bounds = False  # whether there are bounds, which say where what is no instant stands
        self._before = 0  # rows
        self.left = ""  # why only metadata are taken, where it is so

    def pieces(
        self, clock: Variable | None, taken: dict[object, dict[Parameter, str]], before: int, *, begun: int, done: bool
    ) -> Iterator[Piece]:
        """`before` are rows of other groups, `begun` those that were read; where it is `done`, no values are read."""
        self._before = before
        if clock is not None and (sampled := self._sampled(clock)) is not None:
            yield from self._samples(clock, *sampled, done=done)
            return
        if clock is None:
            yield from self._facts({}, None)
            return
        self._believed(clock)
        begin = range(min(clock.size, _LOOKED_AT))
        bounds = self._bounds(clock, begin)
        self._told(clock, bounds)
        self._period = self._period or _step(self._times(clock, begin))
        known, first, last = self._span(clock)
        if not known and not begun:
            yield Reject(reason="no time of it can be told", column=clock.name)
        elif known < clock.size and not begun:
            yield Reject(reason=f"{clock.size - known} instants have no time", column=clock.name)
        axis = clock.dimensions[0] if clock.dimensions else None
        stations, along = self._stations(axis)
        told = (self.view.origins.get(clock.name), clock.name, *(each.id for each in stations))
        chosen = list(self._chosen(axis, along, taken.setdefault(told, {})))
        self._budget.take(sum(each.size for each, _ in chosen))
        if done:
            chosen = []
        self._has_bounds = any(bounds)
        facts: dict[str, ColumnFacts] = {}
        said: list[Remark] = []
        end = clock.size
        if not chosen or not stations:
            yield from self._metadata(first, last)
        else:
            for each in stations:
                yield located(each.id, each.latitude, each.longitude, name=each.name, elevation_m=each.elevation)
            groups = list(_groups(chosen, (axis, along)))
            for number, some in enumerate(groups):
                elements = Elements(self._context), Elements(self._context)  # of points, and of what is over a period
                for piece in self._series(elements, stations, along, clock, some, begun, leave=len(groups) == 1):
                    if isinstance(piece, Mark):
                        end = piece.row
                    if not (number and isinstance(piece, Extent)):  # the same rows again, of other variables
                        yield piece
                for part in elements:
                    facts |= part.facts()
                    said += part.remarks()
        if self._inferred:
            yield Inferred(tuple(self._inferred))
        yield from (Remark(text) for text in self._remarks)
        yield from said
        yield Rows(count=end - begun, understood=0 if chosen and stations else known)
        yield from self._facts(facts, clock)

    def _series(
        self,
        elements: tuple[Elements, Elements],
        stations: list[_Station],
        along: str | None,
        clock: Variable,
        chosen: list[tuple[Variable, Element]],
        begun: int,
        *,
        leave: bool,
    ) -> Iterator[Piece]:
        """Observations, by stretches of the dimension that comes first: of time, behind any of which they can be left, or of
        stations."""
        axis, lead = clock.dimensions[0], chosen[0][0].dimensions[0]
        each = sum(variable.size // max(variable.shape[0], 1) for variable, _ in chosen)
        step = max(variable.stored for variable, _ in chosen)
        step *= max(_AT_ONCE // max(each * step, 1), 1)
        parts = self._parts(chosen)
        if lead == axis:
            for start in range(begun, clock.size, step):
                if leave and start > begun and self._context.enough():
                    yield Mark(at=0, row=start)
                    return
                some = range(start, min(start + step, clock.size))
                times = self._times(clock, some)
                keep = [_told(times)] * len(stations)
                yield from self._observed(elements, stations, along, self._stamps(clock, some, times), keep, parts, some)
            return
        times = self._times(clock)
        keep = [_told(times)] * len(stations)
        stamps = self._stamps(clock, range(clock.size), times)
        if lead != along:
            yield from self._observed(elements, stations, along, stamps, keep, parts)
            return
        for start in range(0, len(stations), step):
            some = range(start, min(start + step, len(stations)))
            yield from self._observed(elements, stations[start : some.stop], along, stamps, keep, parts, some)

    def _told(self, clock: Variable, bounds: Sequence[tuple[int, int] | None]) -> None:
        """Keeps what the clock says of periods."""
        self._clocks |= {clock.name.lower(), *(axis.lower() for axis in clock.dimensions)}
        self._period = _length(bounds)
        self._is_bounded = self._period is not None
        self._is_monthly = bool(bounds) and all(each is not None and _is_month(each) for each in bounds)

    # --- time ------------------------------------------------------------------------------------------------------------

    def clock(self) -> Variable | None:
        """The coordinate of time: the one so named, else the first of values along a dimension."""
        found = [
            each
            for each in self._data.variables.values()
            if not each.text
            and _UNITS.fullmatch(each.attribute("units"))
            and (len(each.dimensions) <= 1 or self._is_matrix(each))
        ]

        def rank(each: Variable) -> tuple[bool, ...]:
            named = each.attribute("standard_name") == "time" or each.attribute("axis") == "T"
            return (
                not each.dimensions,
                not (named and each.dimensions == (each.name,)),
                not named,
                each.name.lower() != "time",
                "obs" not in each.name.lower(),  # of MADIS' times that of the observation
                not each.name.lower().startswith("time"),
            )

        return min(found, key=rank, default=None) or self._spelt()

    def _spelt(self) -> Variable | None:
        """The instants of a variable of texts (`2024-01-01T00:00:00Z`), or of year, month, day, … each in one of its own."""
        variables = self._data.variables.values()
        for each in variables:
            local = "local" in f"{each.name} {each.attribute('long_name')}".lower()
            if each.text and len(each.dimensions) == 1 and _is_time(each) and not local:
                self._remarks.append(f"times are the texts of {each.name}, UTC where they do not say")
                return self._clock_of([each], _written)
        numbers = {each.name.lower(): each for each in variables if not each.text and len(each.dimensions) == 1}
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
        self._remarks.append(f"times are put together from {', '.join(each.name for each in whole)}, as UTC")
        return self._clock_of(whole, _put_together)

    def _clock_of(self, parts: Sequence[Variable], together: Callable[..., int | None]) -> Variable:
        """A variable of milliseconds in the place of others."""
        self._inferred.append("zone")

        def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
            return list(map(together, *(each.read(start, stop) for each in parts)))

        return replace(parts[0], attributes={"units": "milliseconds since 1970-01-01"}, read=read, text=False)

    def _believed(self, variable: Variable) -> None:
        """Raises UnreadableFile where a header claims what its file can hardly hold."""
        if variable.size > self._most:
            raise UnreadableFile(f"{variable.name} has more values than a file of this size can hold", column=variable.name)

    def _span(self, clock: Variable) -> tuple[int, int | None, int | None]:
        """How many instants it tells, the first and the last of them."""
        count, ends = 0, list[int]()
        step = -(-_AT_ONCE // clock.stored) * clock.stored
        for start in range(0, clock.size, step):
            known = [each for each in self._times(clock, range(start, start + step)) if each is not None]
            count += len(known)
            ends += (min(known), max(known)) if known else ()
        return count, min(ends, default=None), max(ends, default=None)

    def _times(self, clock: Variable, some: range | None = None) -> list[int | None]:
        """Instants, all or some. Raises UnreadableFile where the unit or the calendar has none."""
        return self._instants(clock, clock, some)

    def _stamps(self, clock: Variable, some: range, times: list[int | None]) -> tuple[list[int | None], list[int | None]]:
        """Instants at which values stand: those of points, and those of what is over a period."""
        if not self._has_bounds:
            return times, times
        bounds = self._bounds(clock, some)
        return times, [_stands(period) if period else time for period, time in zip(bounds, times, strict=True)]

    def _parts(self, chosen: list[tuple[Variable, Element]]) -> tuple[list[tuple[Variable, Element]], ...]:
        """Points, and what is over a period and so stands elsewhere."""
        points = [each for each in chosen if not self._has_bounds or each[1].parameter.method == POINT]
        return points, [each for each in chosen if self._has_bounds and each[1].parameter.method != POINT]

    def _bounds(self, clock: Variable, some: range) -> list[tuple[int, int] | None]:
        """Where the periods of instants begin and end (CF 7.1), where the file says it."""
        told = self._data.variables.get(clock.attribute("bounds"))
        if told is None or told.text or told.shape != (clock.size, 2) or len(clock.dimensions) != 1:
            return []
        ends = self._instants(clock, told, some)
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return [(min(a, b), max(a, b)) if a is not None and b is not None else None for a, b in pairs]

    def _instants(self, clock: Variable, told: Variable, some: range | None) -> list[int | None]:
        """The values of a variable that is in the clock's unit."""
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
        step = _STEPS.get(match[1].lower().removesuffix("s") if len(match[1]) > 2 else match[1].lower()) if match else None
        if match is None or step is None:
            raise UnreadableFile(f"{clock.attribute('units')[:60]!r} is no unit of time", column=clock.name)
        start = _since(match, clock.name, calendar)
        goes_on = _without_leap_days if calendar in _LEAPLESS else add
        gone = _gone(told)
        times: list[int | None] = []
        for value in _values(told, some):
            if not isinstance(value, int | float) or not isfinite(value * step) or value in gone:
                times.append(None)
                continue
            moment = goes_on(start, round(value * step))
            times.append(moment if EARLIEST <= moment <= LATEST else None)
        return times

    # --- samples ---------------------------------------------------------------------------------------------------------

    def _is_matrix(self, each: Variable) -> bool:
        """Whether they are times of several stations, each with its own (CF 9.3.2, and H.2.2)."""
        return len(each.dimensions) == 2 and self._instance(each.dimensions[0]) is not None

    def _instance(self, dimension: str) -> Variable | None:
        """The variable that says who the stations (or moving platforms) along a dimension are, or numbers of them."""
        found = (
            each
            for each in self._data.variables.values()
            if each.attribute("cf_role") in ("timeseries_id", "trajectory_id") or each.name in _NAMES
        )
        called = (each for name in _CALLED if (each := self._data.variables.get(name)) and each.text)
        named = next((each for each in found if each.dimensions == (dimension,)), None)
        return named or next((each for each in called if each.dimensions == (dimension,) and self._are_apart(each)), None)

    def _are_apart(self, named: Variable) -> bool:
        """Whether no two stations are called alike."""
        return named.size <= _MOST_STATIONS and len({*self._names(named)}) == named.size

    def _sampled(self, clock: Variable) -> tuple[Variable | None, list[int], list[str] | None] | None:
        """Of samples with a time each: the variable that names the stations, whose each sample is, by number, and the names
        where samples tell them; None where the file has them not."""
        if len(clock.dimensions) == 2:
            _bounded(clock)
            count = clock.shape[1]
            return self._instance(clock.dimensions[0]), [at // count for at in range(clock.size)], None
        axis = clock.dimensions[0] if clock.dimensions else ""
        if not axis:
            return None
        for each in self._data.variables.values():
            if each.attribute("sample_dimension") == axis and len(each.dimensions) == 1:  # contiguous (CF 9.3.3)
                _bounded(clock)
                counts = [value if isinstance(value, int) and value > 0 else 0 for value in each.read()]
                if sum(counts) != clock.size:
                    raise UnreadableFile(f"counts {sum(counts)} samples where there are {clock.size}", column=each.name)
                owners = [number for number, many in enumerate(counts) for _ in range(many)]
                return self._instance(each.dimensions[0]), owners, None
            if (along := each.attribute("instance_dimension")) and each.dimensions == (axis,):  # indexed (CF 9.3.4)
                known = range(self._data.dimensions.get(along, 0))
                owners = [value if isinstance(value, int) and value in known else -1 for value in each.read()]
                return self._instance(along), owners, None
        named = next(
            (
                self._data.variables[name]
                for name in ("stationId", "stationName", *_NAMES)
                if name in self._data.variables and self._data.variables[name].dimensions == (axis,) != (name,)
            ),
            None,
        )
        if named is None:
            return None
        told = [_text(each) for each in named.read()]
        names = list(dict.fromkeys(filter(None, told)))
        numbers = {name: number for number, name in enumerate(names)}
        return named, [numbers.get(name, -1) for name in told], names

    def _samples(
        self, clock: Variable, named: Variable | None, owners: list[int], names: list[str] | None, *, done: bool
    ) -> Iterator[Piece]:
        """Rows are samples, counted from 1."""
        bounds = self._bounds(clock, range(min(clock.shape[0], _LOOKED_AT)))
        self._told(clock, bounds)
        self._has_bounds = any(bounds)
        times = self._times(clock)
        known = [each for each in times if each is not None]
        count = len(names) if names is not None else max(owners, default=-1) + 1
        if count > _MOST_STATIONS:
            raise UnreadableFile(f"more than {_MOST_STATIONS} stations")
        keep: list[list[int]] = [[] for _ in range(count)]
        strays = 0
        for at, owner in enumerate(owners):
            if owner < 0:
                strays += 1
            elif times[at] is not None:
                keep[owner].append(at)
        if strays:
            yield Reject(reason=f"{strays} samples are of no station that the file names", column=named.name if named else None)
        if len(clock.dimensions) == 1 and len(known) < len(times):
            yield Reject(reason=f"{len(times) - len(known)} samples have no time", column=clock.name)
        axis = clock.dimensions[-1]
        chosen = [each for each in self._chosen(axis, clock.dimensions[0], {}) if each[0].dimensions == clock.dimensions]
        self._budget.take(sum(each.size for each, _ in chosen))
        facts: dict[str, ColumnFacts] = {}
        said: list[Remark] = []
        if done or not chosen or not count or not known:
            yield from self._metadata(min(known, default=None), max(known, default=None))
            chosen = []
        else:
            stations = self._owners(named, names, keep, clock)
            yield from (located(e.id, e.latitude, e.longitude, name=e.name, elevation_m=e.elevation) for e in stations)
            stamps = self._stamps(clock, range(clock.size), times)
            for number, some in enumerate(_groups(chosen, ())):
                elements = Elements(self._context), Elements(self._context)  # of points, and of what is over a period
                for piece in self._observed(elements, stations, None, stamps, keep, self._parts(some)):
                    if not (number and isinstance(piece, Extent)):
                        yield piece
                for part in elements:
                    facts |= part.facts()
                    said += part.remarks()
        if self._inferred:
            yield Inferred(tuple(self._inferred))
        yield from (Remark(text) for text in self._remarks)
        yield from said
        yield Rows(count=len(times) if len(clock.dimensions) == 1 else len(known), understood=0 if chosen else len(known))
        yield from self._facts(facts, clock)

    def _owners(
        self, named: Variable | None, names: list[str] | None, keep: list[list[int]], clock: Variable
    ) -> list[_Station]:
        """Who the samples are of. What is told of each sample is the station's where its last one is."""
        count = len(keep)
        along = named.dimensions[0] if named and names is None else None
        if names is None:
            names = [_text(each) for each in named.read()] if named else []
        columns: dict[str, list[float | None]] = {}
        for kind in _PLACES:
            variable = self._coordinate(kind)
            if variable is not None and variable.dimensions == clock.dimensions and variable.size <= MOST_VALUES:
                values = _numbers(variable)
                columns[kind] = [next((values[at] for at in reversed(own) if values[at] is not None), None) for own in keep]
            else:
                columns[kind] = self._along(variable, along, None, count) if along else [None] * count
        titles = self._along_text("name", along, None, count) if along else self._of_last(keep, clock, named)
        return [
            self._station(names[at] if at < len(names) else "", at, {kind: columns[kind][at] for kind in _PLACES}, titles[at])
            for at in range(count)
        ]

    def _of_last(self, keep: list[list[int]], clock: Variable, named: Variable | None) -> list[str]:
        """What the last sample of each station says that it is called."""
        variables = map(self._data.variables.get, ("stationName", "locationName", *_CALLED))
        told = next((e for e in variables if e and e.text and e != named and e.dimensions == clock.dimensions), None)
        values = told.read() if told and told.size <= MOST_VALUES else []
        return [_text(values[own[-1]]) if values and own else "" for own in keep]

    # --- stations --------------------------------------------------------------------------------------------------------

    def _stations(self, axis: str | None) -> tuple[list[_Station], str | None]:
        """Who observes, and the dimension along which they are; none where positions are a grid."""
        variables = self._data.variables.values()
        by_role = next((each for each in variables if each.attribute("cf_role") == "timeseries_id"), None)
        named = by_role or next((self._data.variables[name] for name in _NAMES if name in self._data.variables), None)
        if named is None or (not named.dimensions and not self._names(named)[0]):
            named = self._called(axis)
        along = named.dimensions[0] if named and len(named.dimensions) == 1 and named.dimensions[0] != axis else None
        if named is not None and along is None and named.dimensions:
            named = None
        if named is None:
            named = next((each for each in variables if each.attribute("cf_role") == "trajectory_id" and each.size == 1), None)
        if named is None and self._data.attribute("featureType").lower() == "point":
            return [], None  # each value has a place of its own
        places = {kind: self._coordinate(kind) for kind in _PLACES}
        if named is None and any(each and each.size > 1 and axis not in each.dimensions for each in places.values()):
            return [], None  # a grid, or stations without names
        count = self._data.dimensions[along] if along else 1
        if count > _MOST_STATIONS:
            raise UnreadableFile(f"more than {_MOST_STATIONS} stations")
        ids = self._names(named) if named else [self._own_id(places)]
        columns = {
            kind: self._along(each, along, axis, count) if along else [self._place(kind, each, axis)]
            for kind, each in places.items()
        }
        titles = self._along_text("name", along, axis, count)
        found = []
        for at in range(count):
            where = {kind: columns[kind][at] for kind in _PLACES}
            found.append(self._station(ids[at] if at < len(ids) else "", at, where, titles[at]))
        return found, along

    def _names(self, named: Variable) -> list[str]:
        """Who the stations are; a number that is missing or below 0 names none."""
        return [
            "" if isinstance(each, int | float) and (each in _gone(named) or not each >= 0) else _text(each)
            for each in named.read()
        ] or [""]

    def _called(self, axis: str | None) -> Variable | None:
        """What stations are called, where nothing else says who they are: of several stations, or of one whose file has no
        attribute for it."""
        found = (self._data.variables[name] for name in _CALLED if name in self._data.variables)
        texts = [each for each in found if each.text and axis not in each.dimensions]
        several = next((each for each in texts if len(each.dimensions) == 1), None)
        alone = next((each for each in texts if not each.dimensions), None)
        return several or (alone if alone and not self._attributed_id() else None)

    def _station(self, told: str, at: int, where: dict[str, float | None], title: str) -> _Station:
        identifier = identified(told) or f"{of_file(self._context.key, 'netcdf')}_{at + 1}"
        latitude, longitude, height = (where[kind] for kind in _PLACES)
        good = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 360
        if good and longitude is not None and longitude > 180:
            longitude -= 360
        return _Station(
            identifier,
            round(latitude, 6) if good and latitude is not None else None,  # single precision has no more
            round(longitude, 6) if good and longitude is not None else None,
            height if height is not None and -500 <= height <= 9000 else None,
            title,
        )

    def _coordinate(self, kind: str) -> Variable | None:
        wanted = {
            "latitude": ("latitude", "lat"),
            "longitude": ("longitude", "lon"),
            "height": ("altitude", "alt", "elevation", "height", *_STATIONS_OWN, "z"),
        }[kind]
        for each in self._data.variables.values():
            told = each.attribute("standard_name").removeprefix("surface_")
            if not each.text and told in wanted[:1] and len(each.dimensions) <= 2:
                return each
        others = map(self._data.variables.get, wanted)
        return next((o for o in others if o is not None and not o.text and not self._is_level(o)), None)

    def _is_level(self, each: Variable) -> bool:
        """Whether it is no place of a station, but at which levels something is, or the height of a sensor above ground, of
        which variables say that it is theirs (CF 5.7). What is called `z` is a place only where nothing else can be meant."""
        if each.size != 1 and each.dimensions == (each.name,):
            return bool(_upwards(each))
        if each.name == "z":
            return each.attribute("standard_name") != "height" or _sensor(each, 0) is not None
        return _sensor(each, 0) is not None and any(
            each.name in (*other.dimensions, *other.attribute("coordinates").split())
            for other in self._data.variables.values()
            if other is not each
        )

    def _level(self, each: Variable, usual: float) -> float:
        """How high a variable's sensor is above ground by a coordinate of one value, and below it in the soil."""
        if each.name in self._levels:
            return self._levels[each.name].height
        names = (*each.attribute("coordinates").split(), *each.dimensions)
        for other in filter(None, map(self._data.variables.get, names)):
            told = _sensor(other, usual) if _metres(other) is not None else None
            if told is not None and (_upwards(other) > 0 or usual < 0):
                return told
        return usual

    def _along(self, variable: Variable | None, along: str | None, axis: str | None, count: int) -> list[float | None]:
        """One number for each station: of what changes with time the last one that is there."""
        if variable is None or variable.size > MOST_VALUES:
            return [None] * count
        values = _in_metres(variable)
        if along is None or along not in variable.dimensions:
            known = [value for value in values if value is not None]
            one = known[-1] if known and (variable.size == 1 or axis in variable.dimensions) else None
            return [one] * count
        if variable.dimensions == (along,):
            return [*values, *[None] * count][:count]
        rows = _split(values, variable, along, count)
        return [next((value for value in reversed(row) if value is not None), None) for row in rows]

    def _place(self, kind: str, variable: Variable | None, axis: str | None) -> float | None:
        """A coordinate of the one station: of a group by its own attributes, else by a variable, else by any attribute."""
        told = [_attributed(kind, attributes) for attributes in (self.view.told, self._data.attributes)]
        own = told[0] if self.view.path and (variable is None or variable.name not in self.view.own) else None
        return next((each for each in (own, *self._along(variable, None, axis, 1), *told) if each is not None), None)

    def _along_text(self, kind: str, along: str | None, axis: str | None, count: int) -> list[str]:
        variable = next(
            (
                each
                for each in self._data.variables.values()
                if each.text and kind in each.name.lower() and (along is None or along in each.dimensions)
            ),
            None,
        )
        if variable is None or variable.size > 1_000_000 or along is None:
            return [next(filter(None, map(self._data.attribute, _TITLES)), "")] * count
        values = variable.read()
        rows: Sequence[Sequence[Scalar | None]] = [values]
        rows = [[each] for each in values] if variable.dimensions == (along,) else _split(values, variable, along, count)
        return [next((text for value in row if (text := _text(value))), "") for row in rows]

    def _own_id(self, places: dict[str, Variable | None]) -> str:
        """The one station of the file or the group: by an attribute, else by where it is, or what the group is called."""
        if told_so := self._attributed_id():
            return told_so
        told = [each.name in self.view.own for kind in ("latitude", "longitude") if (each := places[kind]) is not None]
        if self.view.station and (any(told) or not told) and (name := identified(self.view.station)):
            self._inferred.append("station")
            self._remarks.append("the station is called after its group")
            return name
        latitude, longitude = (self._place(kind, places[kind], None) for kind in ("latitude", "longitude"))
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 360:
            return placed("netcdf", latitude, longitude)
        return of_file(self._context.key, "netcdf")

    def _attributed_id(self) -> str:
        for attributes in (self.view.told, self._data.attributes):  # of its own first
            texts = {name: text for name, value in attributes.items() if (text := _identifying(name.lower(), value))}
            if (site := texts.get("site_id")) and (facility := texts.get("facility_id")):
                return f"{site}{facility.split(':')[0].strip()}"
            lower = {name.lower(): value for name, value in reversed(texts.items()) if identified(value)}
            if found := next((lower[name] for name in _IDS if name in lower), None):
                return found
        return ""

    # --- values ----------------------------------------------------------------------------------------------------------

    def _chosen(self, axis: str | None, along: str | None, taken: dict[Parameter, str]) -> Iterator[tuple[Variable, Element]]:
        """Own variables along time (and stations) that are a parameter; of several that are the same, the first."""
        inferred: list[str] = []
        own = [each for name, each in self._data.variables.items() if name in self.view.own]
        for each in (part for whole in own for part in self._parted(whole, axis, along)):
            parameter, guessed = self._parameter(each)
            if parameter is None:
                continue
            if parameter in taken:
                self._remarks.append(f"{each.name} is the same parameter as {taken[parameter]} and was left out")
                continue
            unit = _SPELT["units"].get(each.attribute("units"), each.attribute("units"))
            try:
                converter(unit, parameter.standard_name)
            except UnknownUnit as exc:
                self._remarks.append(f"{each.name} was left out: {exc.detail[:120]}")
                continue
            taken[parameter] = self.view.path + each.name
            if guessed:
                inferred.append(each.name)
            yield each, Element(name=each.name, parameter=parameter, unit=unit)
        if inferred:
            names = ", ".join(inferred[:_SHOWN])
            self._remarks.append(f"inferred from the long names: quantity, method, period or height of {names}")

    def _parted(self, each: Variable, axis: str | None, along: str | None) -> Iterator[Variable]:
        """A variable along time (and stations); one at several heights or depths level by level."""
        lengths = zip(each.dimensions, each.shape, strict=True)
        others = [name for name, length in lengths if name not in (axis, along) and length != 1]
        if each.text or axis is None or axis not in each.dimensions or each.name == axis:
            return
        if not others:
            yield each
            return
        levels = self._data.variables.get(others[0])
        if levels is None or levels.text or len(others) > 1 or levels.dimensions != (others[0],) or not _upwards(levels):
            return
        name = standard_name(each.attribute("standard_name"))
        if levels.size > _MOST_LEVELS or name not in STANDARD_NAMES or _metres(levels) is None:
            return
        heights = _heights(levels, usual(name).level)
        if any(metres is not None and abs(metres) > _HIGHEST for metres in heights):
            return
        for number, (metres, told) in enumerate(zip(heights, _numbers(levels), strict=True)):
            if metres is not None:
                level = _Level(each.name, others[0], number, metres)
                name = f"{each.name}[{others[0]}={told:g}]"
                self._levels[name] = level
                yield replace(self._at(level, each), name=name)

    def _at(self, level: _Level, variable: Variable) -> Variable:
        """What a variable is at one level."""
        if level.along not in variable.dimensions:
            return variable
        at = variable.dimensions.index(level.along)
        inner, length = prod(variable.shape[at + 1 :]), variable.shape[at]

        def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
            if not at:
                each = prod(variable.shape[2:])  # values at one place along the dimension that is the first here
                values = variable.read(level.number, level.number + 1)
                return values[start * each : None if stop is None else stop * each]
            values = self._read(variable, start, stop)
            begins = range(level.number * inner, len(values), length * inner)
            return values[level.number :: length] if inner == 1 else [each for b in begins for each in values[b : b + inner]]

        return replace(
            variable,
            dimensions=variable.dimensions[:at] + variable.dimensions[at + 1 :],
            shape=variable.shape[:at] + variable.shape[at + 1 :],
            read=read,
            stored=variable.stored if at else 1,
        )

    def _read(self, variable: Variable, start: int, stop: int | None) -> list[Scalar | None]:
        """A stretch, which is kept for the other levels."""
        if any(each[1:] != (start, stop) for each in self._whole):
            self._whole.clear()
        key = (variable.name, start, stop)
        if key not in self._whole:
            self._whole[key] = variable.read(start, stop)
        return self._whole[key]

    def _parameter(self, each: Variable) -> tuple[Parameter | None, bool]:
        """What a variable is; and whether that was inferred from its long name."""
        arm = _ARM.get(each.name) if self._data.attribute("datastream") or self._data.attribute("dod_version") else None
        madis = _MADIS.get(each.name) if self._is_madis else None
        documented = arm or madis
        name = documented[0] if documented else standard_name(each.attribute("standard_name"))  # with a modifier it is none
        called = "_".join(_AT_A_HEIGHT.sub(" ", each.attribute("long_name")[:_LONGEST_NAME].lower()).split())
        unnamed = not documented and not each.attribute("standard_name")
        if unnamed:
            name = _LONG_NAMES.get(called, called)
        if name is None or name not in STANDARD_NAMES:
            return None, False
        method, duration = POINT, INSTANT
        level = self._level(each, usual(name).level)
        if madis:
            method, duration = madis[1:] or (POINT, INSTANT)
            return Parameter(standard_name=name, level=level, method=method, duration=duration), False
        if arm:
            minute = "PT10M" if "10min" in each.name else iso_duration(self._averaging() or 60_000)
            return Parameter(standard_name=name, level=level, method=arm[1], duration=minute), False
        if cell := self._cell(each):
            stated, again = cell
            method = stated if stated in _METHODS else _WORDS.get(stated, POINT)
            if method != POINT:
                # `interval` is the spacing of the original data (CF, 7.3.2), not over how long the method was applied
                lasting = self._averaging()
                if again or (lasting is None and not self._is_monthly):
                    what = "a statistic of statistics" if again else f"a {method} over a time that nothing tells"
                    self._remarks.append(f"{each.name} was left out: it is {what}")
                    return None, False
                duration = _MONTHLY if self._is_monthly else "P1D" if lasting == DAY else iso_duration(lasting or 0)
            return Parameter(standard_name=name, level=level, method=method, duration=duration), False
        words = each.attribute("long_name")
        found = next((_WORDS[word] for word in reversed(re.findall(r"[a-z]+", words.lower())) if word in _WORDS), None)
        period = next(iter(_PERIOD.finditer(_HEIGHT.sub(" ", words))), None)
        high = _HEIGHT.search(words)
        if name in _SUMS and period:
            found = "sum"
        if period and found and (period[1] or "last" in words.lower()):
            unit = _STEPS[{"m": "min", "h": "hour", "d": "day"}[period[2][0].lower()]]
            method, duration = found, iso_duration(round(int(period[1] or 1) * unit))
        elif name in _SUMS:
            return None, False  # a sum over nobody knows what
        before = level
        if "grass" in words.lower() and not high:
            level = 0.1
        if high:
            level = float(high[1]) / (100 if high[2] == "cm" else 1)
        guessed = unnamed or method != POINT or level != before
        return Parameter(standard_name=name, level=level, method=method, duration=duration), guessed

    def _cell(self, each: Variable) -> tuple[str, str] | None:
        """What was made of the time of a cell (CF 7.3): the method, and whether over times of times (7.4)."""
        for names, method, again in _CELLS.findall(each.attribute("cell_methods")):
            if self._clocks.intersection(re.findall(r"\w+", names.lower())):
                return method.lower(), again
        return None

    def _averaging(self) -> int | None:
        """Over how many milliseconds values are: by an attribute, by the bounds of time, or by its step; ARM's of a minute."""
        if self._is_bounded:
            return self._period
        told = self._data.attribute("averaging_interval") or self._data.attribute("time_coverage_resolution")
        if match := re.fullmatch(r"(\d+)\s*(seconds?|minutes?|hours?)", told):
            return int(int(match[1]) * _STEPS[match[2].removesuffix("s")])
        return 60_000 if self._data.attribute("datastream") or self._data.attribute("dod_version") else self._period

    def _observed(
        self,
        elements: tuple[Elements, Elements],
        stations: list[_Station],
        along: str | None,
        stamps: tuple[list[int | None], list[int | None]],
        keep: list[list[int]],
        parts: tuple[list[tuple[Variable, Element]], ...],
        some: range | None = None,
    ) -> Iterator[Piece]:
        """Each part where it stands; rows count once."""
        whole = next((part for part in parts if part), None)
        for each, times, part in zip(elements, stamps, parts, strict=True):
            for piece in self._observations(each, stations, along, times, keep, part, some) if part else ():
                yield piece if part is whole or not isinstance(piece, Extent) else replace(piece, stations={})

    def _observations(
        self,
        elements: Elements,
        stations: list[_Station],
        along: str | None,
        times: list[int | None],
        keep: list[list[int]],
        chosen: list[tuple[Variable, Element]],
        some: range | None = None,
    ) -> Iterator[Piece]:
        """`keep` are the places among `times` that are each station's, `some` those along the first dimension that are read."""
        columns: list[tuple[Element, list[list[str]], list[list[int]] | None]] = []
        for variable, element in list(chosen):
            try:
                self._believed(variable)
                texts = _split(_texts(variable, some), variable, along, len(stations))
                flags = self._flags(variable, along, len(stations), some)
            except UnreadableFile as exc:
                yield Reject(reason=exc.detail, column=variable.name)
                chosen.remove((variable, element))
                continue
            columns.append((element, texts, flags))
        first = self._before + 1
        first += some.start if some is not None and chosen and chosen[0][0].dimensions[0] != along else 0
        for number, each in enumerate(stations):
            for start in range(0, len(keep[number]), _HELD):
                held = keep[number][start : start + _HELD]
                fields = [
                    Field(
                        element,
                        [texts[number][at] for at in held],
                        [flags[number][at] for at in held] if flags else None,
                    )
                    for element, texts, flags in columns
                ]
                moments = [time for at in held if (time := times[at]) is not None]
                yield from elements.take(each.id, moments, [first + at for at in held], fields)

    def _flags(self, variable: Variable, along: str | None, count: int, some: range | None) -> list[list[int]] | None:
        """What the file's own checks found, and what is beyond the valid range."""
        data, whole = self._data, variable
        if level := self._levels.get(variable.name):
            data = replace(data, variables={name: self._at(level, each) for name, each in data.variables.items()})
            whole = data.variables[level.of]
        flags = flags_of(data, whole, lambda each: _values(each, some))
        invalid = _invalid(variable, some)
        if invalid and any(invalid):
            flags = [FAIL if bad else flag for bad, flag in zip(invalid, flags or [TAKEN] * len(invalid), strict=True)]
        return _split(flags, variable, along, count) if flags else None

    def _metadata(self, first: int | None, last: int | None) -> Iterator[Piece]:
        """Of what is no time series: when it is of."""
        if first is not None:
            yield Extent(stations={}, first=first, last=last)
        grids = [each.name for each in self._data.variables.values() if len(each.dimensions) >= 3]
        what = (
            f"a grid ({', '.join(grids[:6])})"
            if grids
            else "each value has a place of its own (featureType point), and no station is named"
            if self._data.attribute("featureType").lower() == "point"
            else "no variable along time has a standard name and a unit that are known"
        )
        self.left = f"only its metadata are taken: {what}"

    def _facts(self, taken: dict[str, ColumnFacts], clock: Variable | None) -> Iterator[Piece]:
        yield Columns(columns=tuple(self.plain_facts(clock, taken)))

    def plain_facts(self, clock: Variable | None, taken: dict[str, ColumnFacts] | None = None) -> Iterator[ColumnFacts]:
        """Of own variables, with the facts of those that were taken."""
        for each in self._data.variables.values():
            if each.name not in self.view.own:
                continue
            unit = each.attribute("units")[:60] or None
            kind = "time" if clock is not None and each.name == clock.name else "text" if each.text else "number"
            parts = [name for name, level in self._levels.items() if level.of == each.name]
            known = [taken[name] for name in (each.name, *parts) if name in taken] if taken else []
            yield from known or [ColumnFacts(name=each.name, kind=kind, unit_received=unit, values=each.size)]


def _groups(chosen: list[tuple[Variable, Element]], leads: Sequence[str | None]) -> Iterator[list[tuple[Variable, Element]]]:
    """Variables with one first dimension, of which the least that can be read can be held at once; along other dimensions than
    the `leads` that is all of them."""
    some: list[tuple[Variable, Element]] = []
    step = each = 0
    for variable, element in chosen:
        lead, length = variable.dimensions[0], max(variable.shape[0], 1)
        own = min(variable.stored, length) if lead in leads else length
        wider, more = max(step, own), each + variable.size // length
        if some and (lead != some[0][0].dimensions[0] or wider * more > _MOST_AT_ONCE):
            yield some
            some, wider, more = [], own, variable.size // length
        some.append((variable, element))
        step, each = wider, more
    yield some


def _length(bounds: Sequence[tuple[int, int] | None]) -> int | None:
    """How long periods are, where all are as long; months are not."""
    lengths = {each[1] - each[0] for each in bounds if each is not None}
    return lengths.pop() or None if len(lengths) == 1 else None


def _step(times: Sequence[int | None]) -> int | None:
    """How far instants are apart, where all are as far."""
    steps = {b - a for a, b in pairwise(each for each in times if each is not None)}
    step = steps.pop() if len(steps) == 1 else 0
    return step if step > 0 else None


def _stands(bounds: tuple[int, int]) -> int:
    """Where the value of a period stands: at its end, that of a day at its date, that of a month at its first day."""
    begin, end = bounds
    return begin if (end - begin == DAY and begin % DAY == 0) or _is_month(bounds) else end


def _is_month(bounds: tuple[int, int]) -> bool:
    first, last = map(iso, bounds)
    months = [int(each[:4]) * 12 + int(each[5:7]) for each in (first, last)]
    return months[1] - months[0] == 1 and all(each[7:] == "-01T00:00:00Z" for each in (first, last))


def _bounded(clock: Variable) -> None:
    """Samples of several stations are held whole."""
    if clock.size > MOST_VALUES:
        raise UnreadableFile(
            f"{clock.size} samples of several stations; more than {MOST_VALUES} are not read", column=clock.name
        )


def _told(times: list[int | None]) -> list[int]:
    """The places of instants that are known."""
    return [at for at, time in enumerate(times) if time is not None]


def _without_leap_days(start: int, gone: int) -> int:
    """The instant that is called as the one so much later in a calendar without 29 February; beyond the calendar, its end."""
    if not EARLIEST <= start <= LATEST:
        return LATEST + 1
    begin = to_datetime(start)
    days = begin.year * 365 + begin.replace(year=2001, day=min(begin.day, 28 if begin.month == 2 else 31)).timetuple().tm_yday
    year, rest = divmod((days - 1) * DAY + start % DAY + gone, 365 * DAY)
    if not 1 <= year <= 9999:
        return LATEST + 1
    day = from_datetime(datetime(2001, 1, 1, tzinfo=UTC)) + rest
    return from_datetime(to_datetime(day).replace(year=year))


def _since(match: re.Match[str], name: str, calendar: str) -> int:
    """The instant from which times count. In CF's standard calendar a date before 15 October 1582 is one of the Julian
    calendar (CF 4.4.1): 1-1-1 is two days before the first of the year 1 as it is counted today."""
    day, clock, zone = match[2], match[3] or "0:0", (match[4] or "").strip()
    try:
        date = day.split("-")
        if len(date[2]) > 2:  # MADIS counts since 1-1-1970
            date.reverse()
        parts = [float(part) for part in (*date, *clock.split(":"))]
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
    return start


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


def _put_together(*parts: Scalar | None) -> int | None:
    """The instant of year, month, day, … as numbers; the last of them may have a fraction."""
    try:
        year, month, day, *clock = (float(part) for part in parts if isinstance(part, int | float))
        hours, minutes, seconds = (*clock, 0.0, 0.0, 0.0)[:3]
        begin = from_datetime(datetime(int(year), int(month), int(day), tzinfo=UTC))
        inside = len(clock) == len(parts) - 3 and hours < 24 and minutes < 60 and seconds < 61 and min(clock, default=0) >= 0
        if not inside or int(year) not in _YEARS or (clock and day % 1):
            return None
        return begin + round((day % 1 * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000)
    except (ValueError, OverflowError):
        return None


def _gone(variable: Variable) -> set[float]:
    """What stands for no value: what is said to, as it is in single precision, too, and else what NetCDF itself writes."""
    told = [each for name in ("_FillValue", "missing_value", "FillValue") for each in variable.numbers(name)]
    usual = _FILLS.get(variable.form) if not variable.numbers("_FillValue") else None
    single = (unpack("f", pack("f", each))[0] for each in told if abs(each) < _MOST_SINGLE)
    return {*told, *single, *(() if usual is None else (usual,))}


def _without_sign(variable: Variable) -> Variable:
    """What classic files, which have no such integers, mean by `_Unsigned` (NetCDF users' guide, attribute conventions)."""
    if variable.attribute("_Unsigned").lower() != "true" or variable.form not in tuple("bhiq"):
        return variable
    whole = 1 << {"b": 8, "h": 16, "i": 32, "q": 64}[variable.form]

    def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
        return [each % whole if isinstance(each, int) else each for each in variable.read(start, stop)]

    told = {
        name: tuple(each % whole if isinstance(each, int) else each for each in value)
        for name, value in variable.attributes.items()
        if name in _LIMITS and not isinstance(value, str)
    }
    return replace(variable, attributes={**variable.attributes, **told}, read=read, form=variable.form.upper())


def _identifying(name: str, value: Attribute) -> str:
    """What an attribute says that a station is; WMO's numbers have five digits."""
    if isinstance(value, str):
        return value.strip()
    number = value[0] if len(value) == 1 else None
    return str(number).zfill(5 if name.startswith("wmo") else 1) if isinstance(number, int) and number >= 0 else ""


def _invalid(variable: Variable, some: range | None) -> list[bool] | None:
    """Which values the file itself calls impossible (NetCDF's users' guide, `valid_range`): as they are stored, of packed
    integers as they are unpacked where the limits are no integers."""
    both = variable.numbers("valid_range")
    low = both[0] if len(both) == 2 else next(iter(variable.numbers("valid_min")), -inf)
    high = both[1] if len(both) == 2 else next(iter(variable.numbers("valid_max")), inf)
    if low == -inf and high == inf:
        return None
    scale, offset = _packing(variable)
    limits = [each for each in (low, high) if abs(each) != inf]
    unpacked = (scale != 1 or offset != 0) and all(isinstance(each, float) for each in limits)
    slack = abs(scale) / 2 if unpacked else 0  # what is on a limit is not beyond it by a rounding
    return [
        isinstance(value, int | float)
        and not (
            low - slack <= value * scale + offset <= high + slack
            if unpacked and isinstance(value, int)
            else low <= value <= high
        )
        for value in _values(variable, some)
    ]


def _upwards(levels: Variable) -> int:
    """1 for heights above ground, -1 for depths below it, 0 for what is neither."""
    kind = levels.attribute("standard_name") or levels.name.lower().rstrip("_0123456789cm")
    if kind in ("z", "level", "lev"):
        return {"up": 1, "down": -1}.get(levels.attribute("positive").lower(), 0)
    return (kind == "height") - (kind == "depth")


def _heights(levels: Variable, usual: float) -> list[float | None]:
    """Metres above ground of heights or depths. Of what is usually in the soil, depths that are counted upwards are below the
    ground, too; above it, a depth below 0 is a height."""
    told = _numbers(levels)
    known = [each for each in told if each is not None]
    is_depth, is_up = _upwards(levels) < 0, levels.attribute("positive").lower() == "up"
    buried = is_depth and usual < 0 and (max(known, default=0) <= 0 or min(known, default=0) >= 0)
    scale = (_metres(levels) or 1.0) * (-1 if is_depth and not is_up else 1)
    return [None if each is None else round(-abs(each * scale) if buried else each * scale, 6) + 0.0 for each in told]


def _sensor(level: Variable, usual: float) -> float | None:
    """Metres above ground of one sensor, None where it is no height or depth of one."""
    if level.text or level.size != 1 or not _upwards(level) or _OF_A_STATION.fullmatch(level.name.lower()):
        return None
    (height,) = _heights(level, usual) or [None]
    highest = _HIGHEST_Z if level.name.lower() == "z" else _HIGHEST
    return height if height is not None and abs(height) <= highest else None


def _packing(variable: Variable) -> tuple[float, float]:
    """What a stored value is multiplied by, and what is added then (CF 8.1)."""
    return (*variable.numbers("scale_factor"), 1.0)[0], (*variable.numbers("add_offset"), 0.0)[0]


def _number(value: Scalar | None, gone: Container[float]) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) and value not in gone else None


def _numbers(variable: Variable) -> list[float | None]:
    """All values, None where there is none."""
    gone = _gone(variable)
    return [_number(value, gone) for value in variable.read()]


def _metres(variable: Variable) -> float | None:
    """How long its unit is; None where it is none of a length, such as degrees."""
    try:
        return converter(variable.attribute("units"), "cloud_base_altitude")(1.0)
    except UnknownUnit:
        return None


def _in_metres(variable: Variable) -> list[float | None]:
    """All values of a coordinate, heights in metres."""
    scale, values = _metres(variable) or 1.0, _numbers(variable)
    return values if scale == 1 else [None if value is None else round(value * scale, 6) for value in values]


def _values(variable: Variable, some: range | None) -> list[Scalar | None]:
    return variable.read() if some is None else variable.read(some.start, some.stop)


def _texts(variable: Variable, some: range | None) -> list[str]:
    """Values as texts, "" for what is missing; packed ones unpacked (CF 8.1), of single precision no more digits than it
    has."""
    gone = _gone(variable)
    scale, offset = _packing(variable)
    packed = scale != 1 or offset != 0
    known: dict[Scalar | None, str] = {}
    found = []
    for value in _values(variable, some):
        text = known.get(value)
        if text is None:
            if not isinstance(value, int | float) or isnan(value) or value in gone or abs(value) > 1e30:
                text = ""
            elif packed:
                text = f"{value * scale + offset:.7g}"
            else:
                text = str(value) if isinstance(value, int) else f"{value:.7g}"
            if len(known) < 65_536 and value == value:
                known[value] = text
        found.append(text)
    return found


def _split[T](values: list[T], variable: Variable, along: str | None, count: int) -> list[list[T]]:
    """The values of each station."""
    if along is None or along not in variable.dimensions:
        return [values] * count
    inner = prod(variable.shape[variable.dimensions.index(along) + 1 :])
    if inner == 1 or variable.dimensions[-1] == along:
        return [values[number::count] for number in range(count)]
    return [values[number * inner : (number + 1) * inner] for number in range(count)]


def _attributed(kind: str, attributes: Mapping[str, Attribute]) -> float | None:
    """A coordinate that attributes tell: as one number or text of one, or as both ends of what a file covers (ACDD 1.3)."""

    def number(name: str) -> float | None:
        value = attributes.get(name, ())
        try:
            found = float(value if isinstance(value, str) else value[0] if len(value) == 1 else nan)
        except ValueError:
            return None
        return found if isfinite(found) else None

    plain = next((each for name in _ATTRIBUTES[kind] if (each := number(name)) is not None), None)
    ends = {number(f"geospatial_{kind[:3]}_{end}") for end in ("min", "max")}
    return plain if plain is not None else ends.pop() if len(ends) == 1 else None


def _text(value: Scalar | None) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
