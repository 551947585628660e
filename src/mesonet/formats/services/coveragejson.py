"""CoverageJSON: coverages with a Point or PointSeries domain, alone or in a collection; each point of a MultiPoint or
MultiPointSeries; and a Grid of one place, which some servers answer a position query with.

Source: OGC 21-069r2, CoverageJSON 1.0 (domain types: clause 9.11; parameters: 9.4; NdArray: 9.6), with the members of
the EUMETNET MetOcean profile of OGC API - EDR (`rodeo:` or `metocean:` `wigosId`, `standard_name`, `level`; `measurementType`).

Domains that are no station (grids, profiles, trajectories, polygons) are recognised and rejected. A place without an identifier
is called by its coordinates, `point_52.4573_5.5196`, with the member where it is one of an ensemble.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES, Parameter
from mesonet.formats.json_document import Number, documents, glance, member, shown, text_of
from mesonet.formats.json_readings import (
    Field,
    Readings,
    degrees,
    identified,
    instant,
    located,
    placed,
    quantity_of,
    standard_name,
)
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN, Told
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "coveragejson"

type Times = tuple[list[int | None], bool]  # instants, and whether all are dates

MOST_REJECTED = 1000  # coverages, and times of one, one reject each; more are counted

_PARTS = {  # that may lie in files of their own, and what they lack
    "NdArray": "the domain: when and where its values are",
    "TiledNdArray": "the domain, and its values, which are in the files that it links to",
    "Domain": "the ranges: the values",
    "Parameter": "the values: it says what a quantity is",
    "ParameterGroup": "the values: it says what quantities are",
}
_TYPES = ("Coverage", "CoverageCollection", *_PARTS)
_STATIONS = ("Point", "PointSeries", "MultiPoint", "MultiPointSeries")
_OF_ALL_POINTS = ("eumetnet:locationId", "mars:metadata")  # but no WIGOS identifier, which is that of no one point
_MOST_SYSTEMS = 20  # of coordinates; a domain has two
_MOST_LABELS = 50  # languages
_CALLED = "places without an identifier are called point_… after their coordinates"
_MEMBERS = "coverages of several members of an ensemble: each is a station of its own, …_member1 and so on"
_DATE = regex(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PREFIXES = ("rodeo:", "metocean:", "")
_UNITS = {"(0 - 1)": "1", "m s**-1": "m/s", "unitless": "1"}
# short names of ECMWF (https://codes.ecmwf.int/grib/param-db), which its own CoverageJSON has in place of vocabulary
_SHORT = {
    "2t": ("air_temperature", 2.0),
    "2d": ("dew_point_temperature", 2.0),
    "msl": ("air_pressure_at_mean_sea_level", 0.0),
    "sp": ("air_pressure", 0.0),
    "tcc": ("cloud_area_fraction", 0.0),
    "skt": ("surface_temperature", 0.0),
    "10si": ("wind_speed", 10.0),
    "10wdir": ("wind_from_direction", 10.0),
}


def sniff(head: bytes) -> Guess | None:
    """By the type, and a member that only CoverageJSON has."""
    seen = glance(head)
    if seen is None or seen["type"] not in (*_TYPES, ""):
        return None
    kind = seen["type"]
    if "ranges" in seen or "coverages[].ranges" in seen or "domain.axes" in seen or "coverages[].domain" in seen:
        domain = seen["domain.domainType"] or seen["domainType"] or seen["coverages[].domain.domainType"]
        return Guess(0.97 if kind else 0.8, f"CoverageJSON: a {kind or 'Coverage'}" + (f" of {domain[:40]}" if domain else ""))
    if kind == "CoverageCollection":
        return Guess(0.9, "CoverageJSON: a CoverageCollection")
    if kind in ("NdArray", "TiledNdArray") and ("axisNames" in seen or "dataType" in seen):
        return Guess(0.9, f"CoverageJSON: {_a(kind)} alone")
    if kind in ("Parameter", "ParameterGroup") and any(path.startswith("observedProperty.") for path in seen.paths):
        return Guess(0.9, f"CoverageJSON: {_a(kind)} alone")
    if kind == "Domain" and "axes" in seen:
        return Guess(0.9, "CoverageJSON: a Domain alone")
    return None


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOUN' else 'a'} {kind}"


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are times, counted over each coverage from 1; rejects name the coverage, as `coverages[2]`."""
    readings = Readings(values=context.values)
    for document in documents(stream):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        _, value = document
        if isinstance(value, list):
            yield from _told((_answer(each, f"[{at}]", readings) for at, each in enumerate(value)), None)
        else:
            yield from _answer(value, "", readings)
    yield from readings.end()


def _told(coverages: Iterator[Iterator[Piece]], column: str | None) -> Iterator[Piece]:
    """Of many rejects the first."""
    rejected = 0
    for piece in chain.from_iterable(coverages):
        rejected += isinstance(piece, Reject)
        if rejected <= MOST_REJECTED or not isinstance(piece, Reject):
            yield piece
    if rejected > MOST_REJECTED:
        yield Reject(reason=f"{rejected - MOST_REJECTED} more faults like these", column=column)


def _answer(value: object, path: str, readings: Readings) -> Iterator[Piece]:
    """A coverage, or each of a collection."""
    kind = text_of(value, "type")
    if not isinstance(value, dict) or kind not in ("Coverage", "CoverageCollection"):
        reason = f"{_a(kind)} alone lacks {_PARTS[kind]}" if kind in _PARTS else "neither a Coverage nor a CoverageCollection"
        yield Reject(reason=reason, column=f"{path}.type".lstrip("."), value=kind[:SHOWN])
        return
    if kind == "Coverage":
        yield from _read(value, {}, path, readings)
        return
    coverages = value.get("coverages")
    if not isinstance(coverages, list) or not coverages:
        column = f"{path}.coverages".lstrip(".")
        yield Reject(reason="the collection holds no coverages", column=column, value=shown(coverages))
        return
    each = (_read(coverage, value, f"{path}.coverages[{at}]".lstrip("."), readings) for at, coverage in enumerate(coverages))
    yield from _told(each, "coverages")


@dataclass(frozen=True, slots=True)
class _Coverage:
    """A coverage and its domain, with the collection that it may be in and its path there."""

    members: dict[str, Any]
    domain: dict[str, Any]
    collection: dict[str, Any]
    path: str

    @property
    def kind(self) -> str:
        where = (self.domain, self.members, self.collection)
        return next(filter(None, (text_of(each, "domainType") for each in where)), "")

    def at(self, member: str) -> str:
        """Where a member of it stands."""
        return f"{self.path}.{member}".lstrip(".")


def _read(given: object, collection: dict[str, Any], path: str, readings: Readings) -> Iterator[Piece]:
    domain = member(given, "domain")
    if not isinstance(given, dict) or not isinstance(domain, dict):
        linked = isinstance(domain, str)
        reason = "the domain is elsewhere, and links are not followed" if linked else "a coverage without a domain"
        yield Reject(reason=reason, column=f"{path}.domain".lstrip("."), value=shown(domain))
        return
    coverage = _Coverage(given, domain, collection, path)
    kind = coverage.kind
    axes = domain.get("axes")
    called = kind.rpartition("/")[2]
    if called.startswith("MultiPoint"):
        yield from _points(coverage, readings)
        return
    x, y, t = (_axis(axes, *names) for names in (("x", "longitude", "lon"), ("y", "latitude", "lat"), ("t", "time")))
    placed_once = t is not None and x is not None and y is not None and len(x) == len(y) == 1
    if kind and called not in _STATIONS and not (called == "Grid" and placed_once and len(_axis(axes, "z") or ()) < 2):
        reason = f"a {kind[:40]} is no station; {', '.join(_STATIONS)} and a Grid of one place are read"
        yield Reject(reason=reason, column=coverage.at("domain.domainType"), value=kind[:SHOWN])
        return
    if t is None or x is None or y is None or not placed_once:
        reason = "the axes are not those of a station: one x, one y, and times t"
        yield Reject(reason=reason, column=coverage.at("domain.axes"))
        return
    station = _station(coverage, x[0], y[0], readings)
    if isinstance(station, Reject):
        yield station
        return
    times, dates = yield from _times(t, coverage.at("domain.axes.t"))
    columns = yield from _columns(coverage, readings, len(t), f"{len(t)} times", dates=dates)
    yield from readings.series(station, times, {known: array["values"] for known, array in columns.items()})


def _columns(
    coverage: _Coverage, readings: Readings, count: int, of: str, *, dates: bool
) -> Generator[Piece, None, dict[Field, dict[str, Any]]]:
    """The ranges that are taken; each has `count` values, which are `of` something."""
    parameters, shared = member(coverage.members, "parameters"), member(coverage.collection, "parameters")
    ranges = coverage.members.get("ranges")
    columns: dict[Field, dict[str, Any]] = {}
    taken: set[Parameter] = set()
    for name, array in ranges.items() if isinstance(ranges, dict) else ():
        at = coverage.at(f"ranges.{name}")[:SHOWN]
        if fault := _fault(array, count, of):
            yield Reject(reason=fault, column=at, value=shown(array) if isinstance(array, str) else None)
            continue
        described = member(parameters, name) or member(shared, name)
        if member(described, "observedProperty", "categories") is not None:
            readings.leave(name, count)
            continue
        each = field_of(name, described, dates=dates)
        if isinstance(each, str):
            yield Reject(reason=each, column=at)
        elif each.parameter in taken:
            yield Reject(reason="the same parameter as one before", column=at)
        else:
            taken.add(each.parameter)
            columns[each] = array
    return columns


def _times(stamps: Sequence[object], column: str) -> Generator[Piece, None, Times]:
    """The instants, and whether all of them are dates."""
    if not stamps:
        yield Reject(reason="there is no time", column=column)
    times: list[int | None] = []
    faults: list[tuple[int, str]] = []
    dates = True
    for row, stamp in enumerate(stamps, 1):
        try:
            found, date_only = instant(stamp if isinstance(stamp, str) else "")
        except ValueError as exc:
            found, date_only = None, dates
            faults.append((row, str(exc)))
        times.append(found)
        dates = dates and date_only
    for (row, fault), count in Told(MOST_REJECTED).of(faults):
        yield Reject(reason=fault, row=row, column=column, value=shown(stamps[row - 1]), count=count)
    return times, dates and bool(stamps)


def _points(coverage: _Coverage, readings: Readings) -> Iterator[Piece]:
    """Each point as a coverage of its own."""
    axes = coverage.domain.get("axes")
    names, points, t = member(axes, "composite", "coordinates"), member(axes, "composite", "values"), _axis(axes, "t", "time")
    are_points = isinstance(points, list) and isinstance(names, list) and {"x", "y"} <= {*map(str, names)}
    if not are_points or t is None:
        reason = "the axes are not those of points: composite, with x and y, and times t"
        yield Reject(reason=reason, column=coverage.at("domain.axes"))
        return
    ranges = coverage.members.get("ranges")
    flat = {name: _without_shape(array) for name, array in ranges.items()} if isinstance(ranges, dict) else {}
    times, dates = yield from _times(t, coverage.at("domain.axes.t"))
    unshaped = replace(coverage, members={**coverage.members, "ranges": flat})
    of = f"{len(points)} points at {len(t)} times"
    columns = yield from _columns(unshaped, readings, len(points) * len(t), of, dates=dates)
    if not columns:
        yield Reject(reason="no range has values of the points", column=coverage.at("ranges"))
        return
    places = [dict(zip(map(str, names), point if isinstance(point, list) else (), strict=False)) for point in points]
    rejected = 0
    for at, station in enumerate(_stations(coverage, places, readings)):
        if isinstance(station, str):
            own = {known: _of_point(array, at, len(points), len(t)) for known, array in columns.items()}
            yield from readings.series(station, times, own)
            continue
        rejected += 1
        if rejected <= MOST_REJECTED:
            yield station
    if rejected > MOST_REJECTED:
        yield Reject(reason="more points like these", column=coverage.at("points"), count=rejected - MOST_REJECTED)


def _stations(coverage: _Coverage, places: Sequence[dict[str, Any]], readings: Readings) -> Iterator[str | Reject]:
    """What each point's station is called, or why there is none."""
    heights: dict[tuple[str, str], set[str]] = {}
    for place in places:
        heights.setdefault(_above(place), set()).add(str(place.get("z")))
    shared = {name: each for name, each in coverage.members.items() if name in _OF_ALL_POINTS}
    for at, place in enumerate(places):
        point = replace(coverage, members=shared, path=coverage.at(f"points[{at}]"))
        if len(heights[_above(place)]) > 1:
            reason = "points above one another are no stations: their values would stand at one place"
            yield Reject(reason=reason, column=point.path, value=shown(place.get("z")))
        else:
            yield _station(point, place.get("x"), place.get("y"), readings)


def _without_shape(array: object) -> object:
    """A range of points and times, whose shape has an axis for each."""
    return {name: each for name, each in array.items() if name != "shape"} if isinstance(array, dict) else array


def _above(place: dict[str, Any]) -> tuple[str, str]:
    return str(place.get("x")), str(place.get("y"))


def _of_point(array: dict[str, Any], at: int, points: int, times: int) -> list[object]:
    """The values of a range of points and times that are one point's."""
    values: list[object] = array["values"]
    names = array.get("axisNames")
    last = isinstance(names, list) and names[-1:] == ["composite"]
    return values[at::points] if last else values[at * times : (at + 1) * times]


def _axis(axes: object, *names: str) -> list[object] | None:
    """Values of an axis, by its first name that is there; a regular axis only where it has one value."""
    for name in names:
        axis = member(axes, name)
        values = member(axis, "values")
        if isinstance(values, list):
            return values
        if text_of(axis, "num") == "1":
            return [member(axis, "start")]
    return None


def _station(coverage: _Coverage, x: object, y: object, readings: Readings) -> str | Reject:
    """What the station is called, or why there is none."""
    referencing = coverage.domain.get("referencing") or coverage.collection.get("referencing")
    for each in referencing[:_MOST_SYSTEMS] if isinstance(referencing, list) else ():
        if text_of(each, "system", "type") == "ProjectedCRS":
            reason = "the coordinates are projected; only latitudes and longitudes are read"
            return Reject(reason=reason, column=coverage.at("domain.referencing"))
    try:
        longitude, latitude = degrees(x, 180), degrees(y, 90)
    except ValueError as exc:
        return Reject(reason=str(exc), column=coverage.at("domain.axes"), value=f"{shown(y)} {shown(x)}"[:SHOWN])
    found = next((text for prefix in _PREFIXES if (text := text_of(coverage.members, f"{prefix}wigosId"))), "")
    station = identified(found or text_of(coverage.members, "eumetnet:locationId"))
    if station is None:
        number = text_of(coverage.members, "mars:metadata", "number")
        of_ensemble = number.isdecimal() and len(number) < 6
        if of_ensemble:
            readings.remark(_MEMBERS)
        station = placed("point", latitude, longitude, f"_member{number}" if of_ensemble else "")
        readings.remark(_CALLED)
    readings.place(located(station, latitude, longitude))
    return station


def _fault(array: object, count: int, of: str) -> str | None:
    """What is wrong with a range of `count` values, which are `of` something."""
    if not isinstance(array, dict):
        return "the range is elsewhere, and links are not followed" if isinstance(array, str) else "not an NdArray"
    kind, data = text_of(array, "type"), text_of(array, "dataType")
    values = array.get("values")
    if kind != "NdArray" or not isinstance(values, list):
        return f"a {kind[:40] or 'range without a type'} is not read; an NdArray with its values is"
    if data == "string":
        return "texts are not taken"
    if len(values) != count:
        return f"{len(values)} values for {of}"
    shape = array.get("shape")
    if isinstance(shape, list):
        product = 1
        for size in shape:
            whole = size.removesuffix(".0") if isinstance(size, Number) else ""  # as programs without integers write it
            each = int(whole) if whole.isdecimal() and len(whole) < 10 else 0
            product = min(product * each, count + 1)  # what it is beyond that does not matter, and could be a long number
        if product != count:
            return f"the shape does not fit its {count} values"
    if not all(value is None or isinstance(value, Number) for value in values):
        return f"values that are no numbers, where the data type is {data[:20] or 'not said'}"
    return None


def field_of(name: str, described: object, *, dates: bool = False) -> Field | str:
    """The field that a parameter object describes, or why there is none. Times that are dates make daily values."""
    if not isinstance(described, dict):
        return "no parameter describes it"
    observed = text_of(described, "observedProperty", "id").rstrip("/").rpartition("/")[2]
    said = next((text for prefix in _PREFIXES if (text := text_of(described, f"{prefix}standard_name"))), "")
    parts = name.split(":")
    short = _SHORT.get(observed) or _SHORT.get(name)
    quantity = standard_name(said or (short[0] if short else "") or observed or parts[0]) or _labelled(described)
    if quantity is None:
        return f"{(said or observed or name)[:60]!r} is not a CF standard name"
    given = next((text for prefix in _PREFIXES if (text := text_of(described, f"{prefix}level"))), "")
    given = given or (parts[1] if len(parts) == 4 else "")
    method = text_of(described, "measurementType", "method") or (parts[2] if len(parts) == 4 else "") or POINT
    period = text_of(described, "measurementType", "duration") or text_of(described, "measurementType", "period")
    period = period or (parts[3] if len(parts) == 4 else "") or ("P1D" if dates else INSTANT)
    unit = unit_of(described)
    otherwise = short[1] if short else 0.0
    found = quantity_of(name, quantity, unit or "", method, period.removeprefix("-"), given, otherwise)
    return "the parameter has no unit" if unit is None and not isinstance(found, str) else found


def _labelled(described: object) -> str | None:
    """The quantity that the observed property's label is the name of, whatever its identifier is."""
    names = ("_".join(text.lower().split()) for text in _texts(member(described, "observedProperty", "label")))
    return next((name for name in names if name in STANDARD_NAMES), None)


def _texts(label: object) -> list[str]:
    """A label in each language that it has, or as it is."""
    given = [label] if isinstance(label, str) else islice(label.values(), _MOST_LABELS) if isinstance(label, dict) else []
    return [text.strip() for text in given if isinstance(text, str) and text.strip()]


def unit_of(described: object) -> str | None:
    """The unit of a parameter, by its symbol or its label; None where it has none."""
    unit = member(described, "unit")
    symbol = text_of(unit, "symbol") or text_of(unit, "symbol", "value")
    found = symbol or next(iter(_texts(member(unit, "label"))), None)
    return None if found is None else _UNITS.get(found, found)
