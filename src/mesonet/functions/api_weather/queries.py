"""What a data query of OGC API - EDR asks: its parameters, read and checked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from math import isfinite

from mesonet.domain import geometry, instant
from mesonet.domain.geometry import NoShape, Polygons, Position
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.network import Network
from mesonet.domain.parameter import METHODS, Parameter, parse
from mesonet.domain.station import BoundingBox
from mesonet.errors import InvalidParameter
from mesonet.functions.api_weather.edr_parameters import DURATIONS, LEVELS, METHOD_NAMES, NAMES, STANDARD_NAMES
from mesonet.record import dataclass
from mesonet.regex import regex
from mesonet.web.parameters import Query, number

WITHIN_UNITS = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048}  # metres
MOST_POINTS = 20  # each is a search of its own
MOST_WITHIN_M = 20_037_508.0  # half around the Earth

# coordinate reference systems, and whether the latitude comes first in them. In front is the one that OGC API - Features has
# there; the suite of EDR takes the last that it knows, and writes longitudes first
CRS = {
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": False,
    "OGC:CRS84": False,
    "EPSG:4326": True,
    "CRS84": False,
}
_SHORT_CRS = ("crs84", "crs:84", "wgs84")
# CURIE, also in brackets (W3C CURIE Syntax 1.0, safe_curie), URN (OGC 07-092r3) and address (OGC 11-135r2), of any version
_CRS = regex(
    r"(?:https?://www\.opengis\.net/def/crs/|urn:ogc:def:crs:)?(?:ogc[:/](?:[\d.]*[:/])?crs84|(epsg)[:/](?:[\d.]*[:/])?4326)"
)
_PLUS = regex(r"(?<![\d.][eE])\+")  # but that of an exponent
_RANGES = "a value, a list a,b, a range a/b, ../b or a/.., or Rn/start/step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of a station's parameters; each test is None where it is not asked for."""

    names: tuple[str, ...] | None = None
    standard_names: tuple[str, ...] | None = None
    level: Callable[[float], bool] | None = None
    methods: tuple[str, ...] | None = None
    duration: Callable[[float], bool] | None = None

    @property
    def everything(self) -> bool:
        return self == Wanted()

    def pick(self, known: Iterable[str]) -> list[str]:
        return [name for name in sorted(known) if self.everything or self._fits(name, parse(name))]

    def _fits(self, name: str, parameter: Parameter) -> bool:
        return (
            (self.names is None or any(names(each, name, parameter) for each in self.names))
            and (self.standard_names is None or parameter.standard_name in self.standard_names)
            and (self.level is None or self.level(parameter.level))
            and (self.methods is None or parameter.method in self.methods)
            and (self.duration is None or self.duration(seconds(parameter.duration)))
        )


def names(asked: str, name: str, parameter: Parameter) -> bool:
    """Whether `asked` means a parameter: its identifier, all four parts of it written out, or either with `*` in it."""
    if asked == name:
        return True
    if "*" in asked:
        return fnmatchcase(name, asked) or fnmatchcase(full(parameter), asked)
    try:
        return ":" in asked and parse(asked) == parameter
    except ValueError:
        return False


def full(parameter: Parameter) -> str:
    return f"{parameter.standard_name}:{parameter.level:.1f}:{parameter.method}:{parameter.duration}"


def wanted(asked: Query, network: Network) -> Wanted:
    """Raises InvalidParameter, also for what nobody in the network observes."""
    known = {name: parse(name) for name in network.parameters}
    chosen = _listed(asked, NAMES)
    for each in chosen or ():
        if not any(names(each, name, parameter) for name, parameter in known.items()):
            raise InvalidParameter(
                _spelt(asked, NAMES), f"there is no parameter {each!r} in the collection", value=each, allowed=sorted(known)
            )
    standard_names = _listed(asked, STANDARD_NAMES)
    there = {parameter.standard_name for parameter in known.values()}
    for each in standard_names or ():
        if each not in there:
            raise InvalidParameter(
                _spelt(asked, STANDARD_NAMES), f"nothing here has the standard name {each!r}", value=each, allowed=sorted(there)
            )
    methods = _listed(asked, METHOD_NAMES)
    for each in methods or ():
        if each not in METHODS:
            raise InvalidParameter(_spelt(asked, METHOD_NAMES), f"{each!r} is no cell method", value=each, allowed=METHODS)
    return Wanted(
        names=chosen,
        standard_names=standard_names,
        level=_ranges(asked, LEVELS, number),
        methods=methods,
        duration=_ranges(asked, DURATIONS, seconds),
    )


def intervals(asked: Query) -> list[Interval] | None:
    """The times of `datetime`; None without it."""
    return instant.intervals(asked["datetime"]) if "datetime" in asked else None


def observed(value: LatestValue, times: Sequence[Interval] | None) -> bool:
    """Whether what a latest value stands for reaches into any of the times; without times it does."""
    return times is None or any(each.overlaps(value.since, value.time) for each in times)


def crs(asked: Query) -> str:
    """One of `CRS`, in whichever way the query spells it."""
    text = asked.get("crs", "CRS84")
    name = text.strip().removeprefix("[").removesuffix("]").lower()
    if name in _SHORT_CRS:
        return "OGC:CRS84"
    found = _CRS.fullmatch(name)
    if found is None:
        raise InvalidParameter("crs", f"{text!r} is not supported", value=text, allowed=list(CRS))
    return "EPSG:4326" if found[1] else "OGC:CRS84"


def points(asked: Query, extent: BoundingBox | None) -> list[Position]:
    """Those within the extent. Raises InvalidParameter, also where there is none."""
    places = centres(asked)
    within = [place for place in places if extent is None or place in extent]
    if extent is not None and not within:
        raise outside(asked["coords"], extent)
    return within


def centres(asked: Query) -> list[Position]:
    text = _coords(asked, "POINT(-74.2 40.7)")
    try:
        found = geometry.points(text, latitude_first=CRS[crs(asked)])
    except NoShape as exc:
        raise InvalidParameter("coords", f"{text!r}: {exc}", value=text, allowed="POINT(longitude latitude)") from exc
    if len(found) > MOST_POINTS:
        raise InvalidParameter("coords", "these are too many points", value=len(found), allowed=f"at most {MOST_POINTS}")
    return [(latitude, turned(longitude)) for latitude, longitude in found]


def area(asked: Query, extent: BoundingBox | None) -> Polygons:
    text = _coords(asked, "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))")
    try:
        found = geometry.polygons(text, latitude_first=CRS[crs(asked)])
    except NoShape as exc:
        raise InvalidParameter(
            "coords",
            f"{text!r}: {exc}",
            value=text,
            allowed="POLYGON((lon lat, …, lon lat)), the first position again at the end",
        ) from exc
    if extent is not None and not geometry.overlap(found.bbox, extent):
        raise outside(text, extent)
    return found


def radius_m(asked: Query) -> float:
    """`within` in `within-units`, which have to be there (OGC API - EDR 1.2, /req/queries/radius H)."""
    text = asked.get("within")
    if text is None:
        raise InvalidParameter(
            "within", "how far around `coords` is missing", allowed="a distance, in the unit of `within-units`"
        )
    units = [asked[name] for name in ("within-units", "within_units") if name in asked]
    if not units:
        raise InvalidParameter("within-units", "the unit of `within` is missing", allowed=list(WITHIN_UNITS))
    unit = ",".join(dict.fromkeys(units))
    if unit not in WITHIN_UNITS:
        raise InvalidParameter("within-units", f"{unit!r} is no unit of distance here", value=unit, allowed=list(WITHIN_UNITS))
    allowed = f"a distance from 0 to {MOST_WITHIN_M / WITHIN_UNITS[unit]:g} {unit}"
    try:
        distance = number(text) * WITHIN_UNITS[unit]
    except ValueError:
        distance = float("nan")
    if not 0 <= distance <= MOST_WITHIN_M:
        raise InvalidParameter("within", f"{text!r} is no distance", value=text, allowed=allowed)
    return distance


def outside(text: str, extent: BoundingBox) -> InvalidParameter:
    box = f"{extent.west:g},{extent.south:g},{extent.east:g},{extent.north:g}"
    return InvalidParameter(
        "coords",
        "it lies outside the extent of the collection",
        value=text,
        allowed=f"places within {box} (west,south,east,north)",
    )


def turned(longitude: float) -> float:
    return longitude - 360 if longitude > 180 else longitude + 360 if longitude < -180 else longitude


def seconds(duration: str) -> float:
    """How long an ISO 8601 duration is, a month taken as 30 days and a year as 365. Raises ValueError."""
    text = duration.upper()
    date_part, _, time_part = text.removeprefix("P").partition("T")
    if not text.startswith("P") or not (date_part or time_part):
        raise ValueError(duration)
    return _added(date_part, {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400}) + _added(
        time_part, {"H": 3600, "M": 60, "S": 1}
    )


def _added(text: str, units: Mapping[str, int]) -> float:
    total, digits = 0.0, ""
    for letter in text:
        if letter in units:
            total += number(digits) * units[letter]
            digits = ""
        else:
            digits += letter
    if digits:
        raise ValueError(text)
    return total


def _coords(asked: Query, example: str) -> str:
    if "coords" not in asked:
        raise InvalidParameter("coords", "where is missing", allowed=f"well-known text such as {example}")
    return _PLUS.sub(" ", asked["coords"])  # a space that some gateways leave as forms write it


def _spelt(asked: Query, names: Iterable[str]) -> str:
    return next(name for name in names if name in asked)


def _listed(asked: Query, names: Iterable[str]) -> tuple[str, ...] | None:
    """The values of all spellings of one parameter."""
    given = [asked[name] for name in names if name in asked]
    if not given:
        return None
    listed = tuple(each.strip() for text in given for each in text.split(",") if each.strip())
    if not listed:
        raise InvalidParameter(_spelt(asked, names), "the list is empty", allowed="values with commas between, or none of this")
    return listed


def _ranges(asked: Query, names: Iterable[str], read: Callable[[str], float]) -> Callable[[float], bool] | None:
    """A test for numbers, from values and ranges (OGC API - EDR, `z`)."""
    parts = _listed(asked, names)
    if parts is None:
        return None
    try:
        tests = [_range(each, read) for each in parts]
    except (ValueError, OverflowError) as exc:
        name = _spelt(asked, names)
        raise InvalidParameter(name, f"{asked[name]!r} is not understood", value=asked[name], allowed=_RANGES) from exc
    return lambda value: any(test(value) for test in tests)


def _range(text: str, read: Callable[[str], float]) -> Callable[[float], bool]:
    pieces = text.split("/")
    if len(pieces) == 3 and pieces[0][:1] in ("R", "r"):
        count, start, step = int(pieces[0][1:]), read(pieces[1]), read(pieces[2])
        if not 0 < count <= 1000:
            raise ValueError(text)
        return _among([start + at * step for at in range(count)])
    if len(pieces) == 2:
        least = float("-inf") if pieces[0] in ("", "..") else read(pieces[0])
        most = float("inf") if pieces[1] in ("", "..") else read(pieces[1])
        if not least <= most:
            raise ValueError(text)
        return lambda value: least <= value <= most
    (one,) = pieces
    if not isfinite(value := read(one)):
        raise ValueError(text)
    return _among([value])


def _among(values: list[float]) -> Callable[[float], bool]:
    return lambda value: any(abs(value - each) < 1e-6 for each in values)
