"""Stations of the US National Weather Service, as api.weather.gov lists them.

Source: the OpenAPI description at https://api.weather.gov/openapi.json (schema ObservationStation).
"""

import re
from collections.abc import Iterator
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.json_document import glance, member, objects, shown, text_of
from mesonet.formats.json_readings import height, identified
from mesonet.formats.json_stations import stations
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.services.nws_observations import position
from mesonet.regex import regex

NAME = "nws-stations"

_ZONE = regex(r"[A-Za-z]+(/[A-Za-z0-9_+\-]+){0,2}", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    """Features of api.weather.gov that have an identifier and no time."""
    seen = glance(head) if b"api.weather.gov" in head or b'"wx:ObservationStation"' in head else None
    if seen is None:
        return None
    for way in ("features[].properties", "properties", "@graph[]", ""):
        at = f"{way}." if way else ""
        if f"{at}stationIdentifier" in seen and f"{at}timestamp" not in seen:
            return Guess(0.98, "stations of api.weather.gov: features with a station identifier, and no time")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are features."""
    return stations(stream, _listed, _taken, identifier="stationIdentifier", where="features")


def _listed(value: object) -> Iterator[dict[str, Any]]:
    for answer in objects(value):
        features = member(answer, "features") or member(answer, "@graph")
        yield from objects(features if isinstance(features, list) else answer)


def _taken(feature: dict[str, Any], row: int) -> Iterator[Reject | Station]:
    given = feature.get("properties", feature)
    name = identified(text_of(given, "stationIdentifier"))
    if name is None:
        said = shown(member(given, "stationIdentifier"))
        yield Reject(reason="not the identifier of a station", row=row, column="stationIdentifier", value=said)
        return
    latitude, longitude = position(feature)
    if latitude is None:
        reason = "the feature has no position; the station is taken without one"
        yield Reject(reason=reason, row=row, column="geometry", value=name)
    zone = text_of(given, "timeZone")
    yield Station(
        id=name,
        name=" ".join(text_of(given, "name").split())[:200],
        latitude=latitude,
        longitude=longitude,
        elevation_m=height(member(given, "elevation", "value")),
        timezone=zone if len(zone) <= 64 and _ZONE.fullmatch(zone) else None,
        authority=Authority.STATION_LIST,
    )
