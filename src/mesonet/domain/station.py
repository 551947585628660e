"""Stations: who observes, and where."""

from enum import IntEnum
from functools import lru_cache
from math import asin, cos, inf, radians, sin, sqrt

from mesonet.record import dataclass
from mesonet.regex import regex

LONGEST_IDENTIFIER = 100  # characters: it becomes part of keys, and a thousand have to fit into an item
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG (Moritz 2000)


class Authority(IntEnum):
    """How much a description of a station is worth: a list of stations outranks what a data file says in passing."""

    MENTIONED = 0
    DATA_FILE = 1
    STATION_LIST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Latitude and longitude in degrees (WGS 84), elevation in metres above mean sea level, None where not known.

    `id` is the operator's own or a WIGOS station identifier; `wigos_id` is the latter where both exist (WMO-No. 1160, 2.4).
    """

    id: str
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    elevation_m: float | None = None
    wigos_id: str | None = None
    timezone: str | None = None
    authority: Authority = Authority.MENTIONED

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, or None."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


_SEPARATORS = frozenset('/\\"#?')
_ENCODED = regex("%[0-9a-fA-F]{2}")  # some gateways decode an address once more than they were asked to


def addressable(identifier: str) -> bool:
    """Whether a station can be called so: its identifier stands in the addresses of the API, and is written by people.

    Letters and digits of any script, ordinary signs and spaces are; what parts an address is not, nor are emoji.
    """
    letters = identifier.replace("_", "")
    if not letters.isalnum():
        letters = letters.replace("-", "").replace(".", "")
    plain = letters.isalnum() and letters.isascii() and len(identifier) <= LONGEST_IDENTIFIER
    return plain or _can_be_addressed(identifier)


@lru_cache(10_000)
def _can_be_addressed(identifier: str) -> bool:
    if not identifier.strip(" .") or not identifier.isprintable() or not _SEPARATORS.isdisjoint(identifier):
        return False
    if len(identifier) > LONGEST_IDENTIFIER:
        return False
    if "%" in identifier and _ENCODED.search(identifier):
        return False
    if identifier.isascii():
        return True
    from unicodedata import category  # rare: most identifiers are ASCII

    return all(category(character)[0] in "LMNP" for character in identifier if not character.isascii())


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Degrees, WGS 84. `west` > `east` means that the box crosses the antimeridian (RFC 7946, 5.2). Heights are metres above
    mean sea level, of a box that has some."""

    west: float
    south: float
    east: float
    north: float
    bottom: float = -inf
    top: float = inf

    def __contains__(self, position: tuple[float, float]) -> bool:
        latitude, longitude = position
        if not self.south <= latitude <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= longitude <= self.east or (abs(longitude) == 180 and self.west <= -longitude <= self.east)
        return longitude >= self.west or longitude <= self.east

    def has(self, station: Station) -> bool:
        """Whether the station stands in it. Nothing says that one is too high or too low whose height is not known."""
        if station.position is None or station.position not in self:
            return False
        return station.elevation_m is None or self.bottom <= station.elevation_m <= self.top


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude), haversine; within 0.6 % of the ellipsoid's."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))
