"""Stations of a network as the Iowa Environmental Mesonet's API gives them: a table as JSON, rows under `data`.

Source: IEM, `/api/1/network/{id}.json` (mesonet.agron.iastate.edu): degrees, metres, IANA zones, WIGOS identifiers.
"""

from collections.abc import Iterator
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.json_document import glance, objects, shown, text_of
from mesonet.formats.json_readings import degrees, height, identified, wigos
from mesonet.formats.json_stations import stations
from mesonet.formats.reading import Context, Guess, Piece, Stream

NAME = "iem-stations"


def sniff(head: bytes) -> Guess | None:
    """The table's schema names an identifier, a network and a position."""
    seen = glance(head)
    if seen is None or "schema.fields[].name" not in seen or b'"iemid"' not in head or b'"longitude"' not in head:
        return None
    return Guess(0.95, "stations of a network, from the API of the Iowa Environmental Mesonet")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are those of the table."""
    return stations(stream, _listed, _taken, identifier="id", where="data")


def _listed(value: object) -> Iterator[dict[str, Any]]:
    for answer in objects(value):
        yield from objects(answer.get("data"))


def _taken(given: dict[str, Any], row: int) -> Iterator[Reject | Station]:
    name = identified(text_of(given, "id"))
    if name is None:
        yield Reject(reason="not the identifier of a station", row=row, column="id", value=shown(given.get("id")))
        return
    latitude = longitude = None
    try:
        latitude, longitude = degrees(given.get("latitude"), 90), degrees(given.get("longitude"), 180)
    except ValueError as exc:
        yield Reject(reason=f"{exc}; the station is taken without a position", row=row, column="latitude", value=name)
    yield Station(
        id=name,
        name=" ".join(text_of(given, "name").split())[:200],
        latitude=latitude,
        longitude=longitude,
        elevation_m=height(given.get("elevation")),
        wigos_id=wigos(text_of(given, "wigos")),
        timezone=text_of(given, "tzname")[:64] or None,
        authority=Authority.STATION_LIST,
    )
