"""What a description of a weather service is, and what descriptions share (read by `service_json` and `service_xml`)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from mesonet.domain.instant import SECOND
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter
from mesonet.formats.compass import BEARINGS as BY_POINT
from mesonet.formats.json_document import Glance, Number, member, shown, text_of
from mesonet.formats.json_readings import Field, Readings, degrees, epoch, field_of, height, identified, instant, located
from mesonet.formats.reading import Context, Piece
from mesonet.formats.services.home_stations import MOST_STATIONS, called
from mesonet.record import dataclass, field
from mesonet.regex import regex

BEARINGS = {point: f"{bearing:g}" for point, bearing in BY_POINT.items()}  # degrees

type Place = tuple[object, object, object, str]  # latitude, longitude, metres above the sea, name
type Reports = Callable[[Any, Context], Iterator["Report"]]
type Known = tuple[str, ...]  # standard name, unit; method and duration where they are not `point` and PT0S


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One time of one station. `time` is an instant, or an ISO 8601 text of a clock `offset_s` ahead of UTC; `left` are names
    of quantities that are not taken, `remarks` what the operator should know, with what was inferred. With a `secret`
    (see `home_stations`) the station is called by `station` and a hash of it."""

    station: str
    time: int | str
    given: Mapping[Field, object]
    place: Place | None = None
    flags: Mapping[Field, int] | None = None
    offset_s: int = 0
    secret: str = ""
    left: Sequence[str] = ()
    remarks: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`has` are the members by which a document is known: paths as a glance tells them, of which all must be there. Where
    values come first and fill what is glanced at, `alone` are all that it shows. `says` is what a member
    must say. What a document says of members that are `carried` holds for those in lines below it that do not say it."""

    who: str
    has: tuple[str, ...]
    reports: Reports
    remarks: tuple[str, ...] = field(default_factory=tuple)
    alone: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    carried: tuple[str, ...] = ()

    def known(self, seen: Glance) -> bool:
        told = all(regex(text).fullmatch(seen[path]) for path, text in self.says.items())
        return (told and _has(seen, self.has)) or (
            bool(self.alone)
            and _has(seen, self.alone)
            and all(any(regex(each).fullmatch(path) for each in self.alone) for path in seen.paths)
        )


def service(
    who: str,
    *has: str,
    remarks: tuple[str, ...] = (),
    alone: tuple[str, ...] = (),
    says: Mapping[str, str] | None = None,
    carried: tuple[str, ...] = (),
) -> Callable[[Reports], Service]:
    """Makes a service of the function that follows, which makes its reports."""
    return lambda reports: Service(
        who=who, has=has, reports=reports, remarks=remarks, alone=alone, says=says or {}, carried=carried
    )


def _has(seen: Glance, paths: tuple[str, ...]) -> bool:
    return all(any(map(regex(path).fullmatch, seen.paths)) for path in paths)


def fields_of(known: Mapping[str, Known]) -> dict[str, Field]:
    return {name: field_of(name, *told) for name, told in known.items()}


_DIRECTIONS = ("WindDirection", "WindAngle", "wind_angle")


def known_of(given: Mapping[str, object], fields: Mapping[str, Field], *missing: str) -> dict[Field, object]:
    """The members that are known; of two for one parameter the first that has a value."""
    found: dict[Parameter, tuple[Field, object]] = {}
    for name, known in fields.items():
        value = given.get(name)
        if name in given and (known.parameter not in found or found[known.parameter][1] is None):
            found[known.parameter] = known, None if value in missing else value
    return dict(found.values())


def directed(given: Mapping[str, object], none: Sequence[str]) -> dict[str, object]:
    """The members, without a direction that is a code for none, such as that of calm."""
    return {name: None if name in _DIRECTIONS and text_of(given, name) in none else value for name, value in given.items()}


def without_calm(given: Mapping[Field, object]) -> Mapping[Field, object]:
    """Without a direction of 0 where the wind of the same time is 0: north is 360."""
    winds = [each for each in given if each.parameter.standard_name == "wind_from_direction"]
    if not any(is_zero(given[each]) for each in winds):
        return given
    speeds = {
        (each.parameter.method, each.parameter.duration): value
        for each, value in given.items()
        if each.parameter.standard_name == "wind_speed"
    }
    return {each: None if _is_calm(each.parameter, value, speeds) else value for each, value in given.items()}


def _is_calm(of: Parameter, value: object, speeds: Mapping[tuple[str, str], object]) -> bool:
    return of.standard_name == "wind_from_direction" and is_zero(value) and is_zero(speeds.get((of.method, of.duration)))


def is_zero(value: object) -> bool:
    return isinstance(value, str) and value[:1] in "0 \t\r\n" and re.fullmatch(r"0+(\.0*)?", value.strip()) is not None


def left_of(given: Mapping[str, object], fields: Mapping[str, Field], *about: str) -> list[str]:
    """Numbers that are not taken, but those that are about the station or the report."""
    return [name for name, value in given.items() if isinstance(value, Number) and name not in fields and name not in about]


def with_points(given: Mapping[str, object]) -> dict[str, object]:
    """With points for commas."""
    return {name: value.replace(",", ".") if isinstance(value, str) else value for name, value in given.items()}


def as_iso(text: str) -> str:
    """202406011230, with or without minutes, as ISO 8601; a day alone stays one."""
    digits = re.sub(r"[:T -]", "", text)
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (8, 10, 12, 14):
        return text
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return day if len(digits) == 8 else f"{day}T{digits[8:10]}:{digits[10:12] or '00'}:{digits[12:14] or '00'}"


def since_epoch(value: object, scale: int = SECOND) -> int | str:
    try:
        return epoch(value, scale)
    except ValueError:
        return value if isinstance(value, str) else ""


def usual_step(times: Iterable[object]) -> int | None:
    """The usual step of times in milliseconds, None where there is none."""
    known = sorted(time for time in times if isinstance(time, int))
    steps = Counter(b - a for a, b in pairwise(known) if b > a)
    return max(steps, key=lambda step: (steps[step], -step)) if steps else None


def wigos(number: str) -> str:
    """The WIGOS identifier of a WMO number of five figures (WMO-No. 1160, attachment 2.1)."""
    return f"0-20000-0-{number}" if number.isascii() and number.isdecimal() and len(number) == 5 else number


def lonlat(feature: object) -> tuple[object, object]:
    where = member(feature, "geometry", "coordinates")
    return (where[0], where[1]) if isinstance(where, list) and len(where) > 1 else (None, None)


def instant_of(value: object) -> int | str:
    try:
        return instant(value if isinstance(value, str) else "")[0]
    except ValueError:
        return str(value)


def taken(report: Report, row: int, readings: Readings) -> Iterator[Piece]:
    """What becomes of a report: observations and stations, or a reject where it has no time or no station."""
    for name in report.left:
        readings.leave(name)
    for remark, *inferred in report.remarks:
        readings.remark(remark, *inferred)
    station = called(report.station, report.secret, readings) if report.secret else identified(report.station)
    fault, column, told = "", "", report.time
    if station is None and report.secret:
        fault, column, told = f"more than {MOST_STATIONS} stations in one file", "station", report.station
    elif station is None:
        fault, column, told = "there is no station", "station", report.station
    elif not isinstance(report.time, int):
        try:
            time, _ = instant(report.time, offset_s=report.offset_s)
        except ValueError as exc:
            fault, column = str(exc), "time"
    else:
        time = report.time
    if fault or station is None:
        yield readings.reject(reason=fault, row=row, column=column, value=shown(told))
        return
    if report.place is not None:
        latitude, longitude, elevation, name = report.place
        try:
            north, east = degrees(latitude, 90), degrees(longitude, 180)
        except ValueError as exc:
            if latitude or longitude:
                yield Reject(reason=str(exc), row=row, column="latitude, longitude", value=shown(latitude))
            if name:
                readings.place(located(station, None, None, name=name))
        else:
            readings.place(located(station, north, east, name=name, elevation_m=height(elevation)))
    yield from readings.observe(station, time, row, without_calm(report.given), report.flags)
