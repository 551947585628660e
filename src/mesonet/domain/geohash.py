"""Geohash (Niemeyer 2008): a place as text, where a common prefix means a common cell."""

from functools import lru_cache
from math import atan2, ceil, cos, degrees, floor, radians, sin

from mesonet.domain.station import distance_m

CELL_LENGTH = 2  # letters of the cells that stations are kept by: 1,024 of some 1250 by 625 km
_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"  # pragma: allowlist secret


def cell_size(length: int) -> tuple[float, float]:
    """Height and width of a cell in degrees of latitude and longitude."""
    bits = 5 * length
    return 180 / 2 ** (bits // 2), 360 / 2 ** ((bits + 1) // 2)


def encode(latitude: float, longitude: float, length: int = 9) -> str:
    height, width = cell_size(length)
    row = min(max(floor((latitude + 90) / height), 0), round(180 / height) - 1)
    column = min(max(floor((longitude + 180) / width), 0), round(360 / width) - 1)
    return _name(row, column, length)


def cells(south: float, west: float, north: float, east: float, length: int, most: int) -> list[str] | None:
    """The cells that touch the box, sorted; None if there are more than `most`.

    `east` may be less than `west` (across the antimeridian). Longitudes beyond ±180 wrap, latitudes beyond ±90 are cut. A
    box that begins at the antimeridian touches the cells on both sides of it.
    """
    height, width = cell_size(length)
    rows_all, columns_all = round(180 / height), round(360 / width)
    first_row = min(max(floor((max(south, -90.0) + 90) / height), 0), rows_all - 1)
    last_row = min(floor((min(north, 90.0) + 90) / height), rows_all - 1)
    if east < west:
        east += 360
    first_column = floor((west + 180) / width) - (west % 360 == 180)
    last_column = min(floor((east + 180) / width), first_column + columns_all - 1)
    if (last_row - first_row + 1) * (last_column - first_column + 1) > most:
        return None
    return sorted(
        {
            _name(row, column % columns_all, length)
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
        }
    )


def nearest_first(latitude: float, longitude: float, length: int) -> list[tuple[float, str]]:
    """All cells, each with how far away in metres its nearest place is."""
    height, width = cell_size(length)
    found = []
    for column in range(round(360 / width)):
        foot, meridian = _foot(latitude, longitude, column * width - 180, width)
        for row in range(round(180 / height)):
            ends = (row * height - 90, (row + 1) * height - 90)
            nearest = foot if ends[0] <= foot <= ends[1] else min(ends, key=lambda end: abs((end - foot + 180) % 360 - 180))
            found.append((distance_m((latitude, longitude), (nearest, meridian)), _name(row, column, length)))
    return sorted(found)


def _foot(latitude: float, longitude: float, west: float, width: float) -> tuple[float, float]:
    """Where a stripe between two meridians, were it closed around the poles, comes nearest to a place: at the place itself, or
    where a great circle from there meets the nearer meridian squarely."""
    if (longitude - west) % 360 <= width:
        return latitude, longitude
    east = west + width
    meridian = west if (west - longitude) % 360 <= (longitude - east) % 360 else east
    up, aside = radians(latitude), radians(meridian - longitude)
    return degrees(atan2(sin(up), cos(up) * cos(aside))), meridian


@lru_cache(2_000)  # there are 1,024 of two letters
def _name(row: int, column: int, length: int) -> str:
    """Interleaves the bits of column (first) and row, five to a letter."""
    bits = 5 * length
    row_bits, column_bits = bits // 2, ceil(bits / 2)
    value = 0
    for bit in range(bits):
        if bit % 2 == 0:
            column_bits -= 1
            value = value << 1 | (column >> column_bits & 1)
        else:
            row_bits -= 1
            value = value << 1 | (row >> row_bits & 1)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(bits - 5, -1, -5))
