"""Shapes on the map, as well-known text has them (OGC 06-103r4, 7.2): where observations are asked for."""

import itertools
import re
from collections.abc import Iterable
from math import cos, degrees, radians

from mesonet.domain.station import EARTH_RADIUS_M, BoundingBox
from mesonet.record import dataclass
from mesonet.regex import regex

type Position = tuple[float, float]  # latitude, longitude in degrees (WGS 84)
type Ring = tuple[Position, ...]

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_PLACE = regex(rf"\s*({_NUMBER})[\s+]+({_NUMBER})(?:[\s+]+{_NUMBER}){{0,2}}\s*")
_SHAPE = regex(r"\s*([A-Za-z]+?)(?:\s*(?:ZM|Z|M))?\s*(\(.*\)|EMPTY)\s*", re.DOTALL | re.IGNORECASE)


class NoShape(ValueError):
    """Says what is wrong with a text that should be a shape."""


@dataclass(frozen=True, slots=True)
class Polygons:
    """Each an outer ring and the holes in it; a ring's last position is its first."""

    polygons: tuple[tuple[Ring, ...], ...]

    def __contains__(self, position: Position) -> bool:
        """Even-odd rule, straight lines in degrees, which belong to what they bound; rings that go on beyond 180° are looked at
        from both sides, and the meridian that has two names by both."""
        latitude, longitude = position
        turns = (-360, 0, 360, 720) if longitude == 180 else (0, 360, 720)
        return any(_holds(polygon, (latitude, longitude + turn)) for polygon in self.polygons for turn in turns)

    @property
    def bbox(self) -> BoundingBox:
        places = [place for polygon in self.polygons for place in polygon[0]]
        west, east = min(longitude for _, longitude in places), max(longitude for _, longitude in places)
        if east > 180:
            west, east = (-180.0, 180.0) if east - west >= 360 else (west if west <= 180 else west - 360, east - 360)
        return BoundingBox(west, min(latitude for latitude, _ in places), east, max(latitude for latitude, _ in places))


def points(text: str, *, latitude_first: bool = False) -> list[Position]:
    """The positions of a POINT or MULTIPOINT. Raises NoShape."""
    kind, body = _parts(text)
    if kind == "POINT":
        return [_position(body, latitude_first)]
    if kind == "MULTIPOINT":
        places = (each.removeprefix("(").removesuffix(")") for each in _filled(body.split(",")))
        return list(dict.fromkeys(_position(each, latitude_first) for each in places))
    raise NoShape(f"{kind} is not a POINT")


def polygons(text: str, *, latitude_first: bool = False) -> Polygons:
    """A POLYGON or MULTIPOLYGON. Raises NoShape."""
    kind, body = _parts(text)
    if kind == "POLYGON":
        return Polygons((_polygon(body, latitude_first),))
    if kind == "MULTIPOLYGON":
        return Polygons(tuple(_polygon(_within(each), latitude_first) for each in _filled(_split(body))))
    raise NoShape(f"{kind} is not a POLYGON")


def around(position: Position, radius_m: float) -> BoundingBox:
    """The smallest box that holds a circle; all longitudes where it reaches a pole."""
    latitude, longitude = position
    height = degrees(radius_m / EARTH_RADIUS_M)
    south, north = max(latitude - height, -90.0), min(latitude + height, 90.0)
    if south == -90 or north == 90:
        return BoundingBox(-180, south, 180, north)
    width = height / cos(radians(max(abs(south), abs(north))))
    if width >= 180:
        return BoundingBox(-180, south, 180, north)
    return BoundingBox(_turned(longitude - width), south, _turned(longitude + width), north)


def overlap(a: BoundingBox, b: BoundingBox) -> bool:
    if a.north < b.south or b.north < a.south:
        return False
    turns = (-360, 0, 360)  # boxes that end at the antimeridian from two sides meet there
    return any(w1 <= e2 + turn and w2 + turn <= e1 for w1, e1 in _spans(a) for w2, e2 in _spans(b) for turn in turns)


def _spans(box: BoundingBox) -> list[tuple[float, float]]:
    return [(box.west, box.east)] if box.west <= box.east else [(box.west, 180.0), (-180.0, box.east)]


def _turned(longitude: float) -> float:
    return (longitude + 180) % 360 - 180


def _holds(rings: Iterable[Ring], position: Position) -> bool:
    latitude, longitude = position
    inside = False
    for ring in rings:
        for (lat_a, lon_a), (lat_b, lon_b) in itertools.pairwise(ring):
            if (
                min(lat_a, lat_b) <= latitude <= max(lat_a, lat_b)
                and min(lon_a, lon_b) <= longitude <= max(lon_a, lon_b)
                and (latitude - lat_a) * (lon_b - lon_a) == (longitude - lon_a) * (lat_b - lat_a)
            ):
                return True
            if (lat_a > latitude) != (lat_b > latitude):
                crossing = lon_a + (latitude - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
                inside ^= longitude < crossing
    return inside


def _parts(text: str) -> tuple[str, str]:
    match = _SHAPE.fullmatch(text)
    if not match:
        if text.lstrip()[:5].upper() == "SRID=":
            raise NoShape("the reference system is said by `crs`, not in front of the shape")
        raise NoShape("it is not well-known text, such as POINT(-74.2 40.7)")
    if match[2].upper() == "EMPTY":
        raise NoShape("what is empty is nowhere")
    return match[1].upper(), _within(match[2])


def _filled(members: Iterable[str]) -> list[str]:
    """Without those that are `EMPTY`, which are nowhere."""
    found = [each.strip() for each in members]
    filled = [each for each in found if each.upper() != "EMPTY"]
    if not filled:
        raise NoShape("what is empty is nowhere")
    return filled


def _within(text: str) -> str:
    inner = text.strip()
    if not (inner.startswith("(") and inner.endswith(")")):
        raise NoShape("brackets are missing")
    return inner[1:-1]


def _split(text: str) -> list[str]:
    """At the commas that stand outside of all brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            raise NoShape("brackets do not match")
        if letter == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if depth:
        raise NoShape("brackets do not match")
    return [*parts, text[start:]]


def _polygon(body: str, latitude_first: bool) -> tuple[Ring, ...]:
    """A map that was dragged beyond 180° W goes on below -180: such a polygon is taken once around."""
    rings = tuple(_ring(_within(each), latitude_first) for each in _split(body))
    if min(longitude for ring in rings for _, longitude in ring) >= -180:
        return rings
    return tuple(tuple((latitude, longitude + 360) for latitude, longitude in ring) for ring in rings)


def _ring(body: str, latitude_first: bool) -> Ring:
    ring = tuple(_position(each, latitude_first) for each in body.split(","))
    if len(ring) < 4:
        raise NoShape("a ring has four positions at least")
    if ring[0] != ring[-1]:
        raise NoShape("a ring's last position is its first, so that it is closed")
    return ring


def _position(text: str, latitude_first: bool) -> Position:
    match = _PLACE.fullmatch(text)
    if not match:
        raise NoShape(f"{text.strip()!r} is not a position, such as -74.2 40.7")
    first, second = float(match[1]), float(match[2])
    latitude, longitude = (first, second) if latitude_first else (second, first)
    if not (-90 <= latitude <= 90 and -360 <= longitude <= 360):
        raise NoShape(f"{text.strip()!r} is no place on Earth: longitude comes first unless `crs` is EPSG:4326")
    return latitude, longitude
