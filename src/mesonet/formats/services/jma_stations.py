"""The stations of AMeDAS as the Japan Meteorological Agency lists them (`amedastable.json`): objects by the stations' numbers.

Source: JMA, jma.go.jp/bosai/amedas/const/amedastable.json: `lat` and `lon` are degrees and minutes, `alt` metres.
"""

from collections.abc import Iterator
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.json_document import glance, shown, text_of
from mesonet.formats.json_readings import degrees, height, identified
from mesonet.formats.json_stations import stations
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.regex import regex

NAME = "jma-stations"

_SIGNS = (r"\d{5}\.lat\[\]", r"\d{5}\.lon\[\]", r"\d{5}\.kjName")


def sniff(head: bytes) -> Guess | None:
    seen = glance(head)
    if seen is None or not all(any(map(regex(sign).fullmatch, seen.paths)) for sign in _SIGNS):
        return None
    return Guess(0.95, "stations of AMeDAS, from the site of the Japan Meteorological Agency")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are stations, in the order of the document."""
    return stations(stream, _listed, _taken, identifier="number")


def _listed(value: object) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, dict) else ()


def _taken(listed: tuple[str, Any], row: int) -> Iterator[Reject | Station]:
    number, given = listed
    if identified(number) is None or not isinstance(given, dict):
        yield Reject(reason="not the number of a station with what it is", row=row, column="number", value=shown(number))
        return
    latitude = longitude = None
    try:
        latitude, longitude = _degrees(given.get("lat"), 90), _degrees(given.get("lon"), 180)
    except ValueError as exc:
        yield Reject(reason=f"{exc}; the station is taken without a position", row=row, column="lat, lon", value=number)
    yield Station(
        id=f"amedas_{number}",
        name=(text_of(given, "enName") or text_of(given, "kjName"))[:200],
        latitude=latitude,
        longitude=longitude,
        elevation_m=height(given.get("alt")),
        timezone="Asia/Tokyo",
        authority=Authority.STATION_LIST,
    )


def _degrees(told: object, limit: int) -> float:
    """Of degrees and minutes. Raises ValueError."""
    if not isinstance(told, list) or len(told) != 2:
        raise ValueError("not degrees and minutes")
    whole, minutes = degrees(told[0], limit), degrees(told[1], 180)
    if not 0 <= minutes < 60:
        raise ValueError("not degrees and minutes")
    return degrees(f"{whole + minutes / 60:.5f}", limit)
