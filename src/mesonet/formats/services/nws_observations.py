"""Observations of the US National Weather Service, as api.weather.gov gives them: one, a collection, or one a line.

Source: the OpenAPI description at https://api.weather.gov/openapi.json (schemas Observation, QuantitativeValue); units are
codes of http://codes.wmo.int/common/unit/; the letters of quality control are those of MADIS
(https://madis-data.cprk.ncep.noaa.gov/doc/qc_info.txt). `barometricPressure` is the altimeter setting of the report (A3030 is
102610 Pa), not the pressure at the station.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.domain.station import Station
from mesonet.formats.json_document import RowsOf, documents, glance, is_lines, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, degrees, height, identified, instant, located
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.services.service import is_zero, without_calm
from mesonet.formats.table import SHOWN
from mesonet.regex import regex

NAME = "nws-observations"
RECORDS = LineRecords(applies=is_lines)

# member: (standard name, method, duration)
_TAKEN = {
    "temperature": ("air_temperature", "point", "PT0S"),
    "dewpoint": ("dew_point_temperature", "point", "PT0S"),
    "windDirection": ("wind_from_direction", "point", "PT0S"),
    "windSpeed": ("wind_speed", "point", "PT0S"),
    "windGust": ("wind_speed_of_gust", "point", "PT0S"),
    "barometricPressure": ("altimeter_setting", "point", "PT0S"),
    "seaLevelPressure": ("air_pressure_at_mean_sea_level", "point", "PT0S"),
    "visibility": ("visibility_in_air", "point", "PT0S"),
    "maxTemperatureLast24Hours": ("air_temperature", "maximum", "PT24H"),
    "minTemperatureLast24Hours": ("air_temperature", "minimum", "PT24H"),
    "precipitationLastHour": ("precipitation_amount", "sum", "PT1H"),
    "precipitationLast3Hours": ("precipitation_amount", "sum", "PT3H"),
    "precipitationLast6Hours": ("precipitation_amount", "sum", "PT6H"),
    "relativeHumidity": ("relative_humidity", "point", "PT0S"),
    "windChill": ("wind_chill_of_air_temperature", "point", "PT0S"),
    "heatIndex": ("heat_index_of_air_temperature", "point", "PT0S"),
}
# MADIS: failed or judged bad; questioned, or replaced by an estimate
_QUALITY = {"X": FAIL, "B": FAIL, "Q": SUSPECT, "W": SUSPECT}
_LEFT = ("cloudLayers", "presentWeather")
_UNITS = {"degree_(angle)": "deg", "percent": "%"}
_identified = lru_cache(maxsize=4096)(identified)
_WKT = regex(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    """Features of api.weather.gov with the members of an observation, or an answer to a request for some."""
    seen = glance(head) if b"api.weather.gov" in head else None
    if seen is None:
        return None
    for way in ("features[].properties", "properties", "@graph[]", ""):
        at = f"{way}." if way else ""
        if f"{at}stationIdentifier" in seen:
            return None
        if f"{at}timestamp" in seen and (f"{at}station" in seen or f"{at}textDescription" in seen):
            return Guess(
                0.98, "observations of api.weather.gov: features with a station, a timestamp and values with unit codes"
            )
        if "/observations/" in seen[f"{at}@id"]:
            return Guess(0.97, "observations of api.weather.gov: the identifiers of the features say so")
    if "api.weather.gov/problems/" in seen["type"]:
        return Guess(0.9, "a problem document of api.weather.gov in place of observations")
    if "features" in seen and "/observations?" in seen["pagination.next"]:
        return Guess(0.9, "an answer of api.weather.gov to a request for observations")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are features, counted over the file; in NDJSON, lines."""
    readings = Readings(values=context.values)
    rows = RowsOf()
    for document in documents(stream):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        line, value = document
        for answer in (value if isinstance(value, list) else ()) or (value,):
            yield from _answer(answer, line, rows, readings)
    yield from readings.end()


def _answer(value: object, line: int, rows: RowsOf, readings: Readings) -> Iterator[Piece]:
    features = _features(value)
    if features is None:
        status = text_of(value, "@bundle", "status") or text_of(value, "status")
        why = f", and its status is {status[:10]}" if status else ""
        told = text_of(value, "detail") or "null"
        yield Reject(reason=f"the answer holds no list of observations{why}", row=line, column="features", value=told[:SHOWN])
    elif not features:
        yield Reject(reason="the answer holds no observations", row=line, column="features", value=shown(value))
    else:
        for row, feature in rows(features, line):
            yield from _observation(feature, row, readings)


def _features(value: object) -> list[dict[str, Any]] | None:
    if "/problems/" in text_of(value, "type"):
        return None
    for name in ("features", "@graph"):
        if isinstance(value, dict) and name in value:
            found = value[name]
            return objects(found) if isinstance(found, list) else None
    return objects(value)


def _observation(feature: dict[str, Any], row: int, readings: Readings) -> Iterator[Piece]:
    given = feature.get("properties", feature)
    station = _identified(text_of(given, "stationId") or text_of(given, "station").rpartition("/")[2])
    try:
        time, _ = instant(text_of(given, "timestamp"))
    except ValueError as exc:
        stamp = member(given, "timestamp")
        yield readings.reject(reason=str(exc), row=row, column="timestamp", value=None if stamp is None else shown(stamp))
        return
    if station is None:
        yield readings.reject(
            reason="the observation names no station", row=row, column="station", value=shown(member(given, "station"))
        )
        return
    if readings.moved(station, (feature.get("geometry"), given.get("elevation"), given.get("stationName"))):
        readings.place(_station(station, feature, given))
    for name in _LEFT:
        if given.get(name):
            readings.leave(name)
    taken = {name: said for name, said in given.items() if said is not None and name in _TAKEN}
    try:  # as all of api.weather.gov are
        values = [said["value"] for said in taken.values()]
        fields = _fields(tuple(taken), tuple([said["unitCode"] for said in taken.values()]))
        flags = _flags(tuple([said["qualityControl"] for said in taken.values()]))
    except (TypeError, KeyError):
        values = [said.get("value") if isinstance(said, dict) else said for said in taken.values()]
        fields = tuple(_field(name, text_of(said, "unitCode")) for name, said in taken.items())
        flags = tuple(_flag(text_of(said, "qualityControl")) for said in taken.values())
    if "windDirection" in taken and is_zero(values[[*taken].index("windDirection")]):
        values = [*without_calm(dict(zip(fields, values, strict=True))).values()]
    yield from readings.row(station, time, row, fields, values, flags)


@lru_cache(maxsize=1024)
def _fields(names: tuple[str, ...], codes: tuple[object, ...]) -> tuple[Field, ...]:
    return tuple(_field(name, code if isinstance(code, str) else "") for name, code in zip(names, codes, strict=True))


@lru_cache(maxsize=1024)
def _flags(codes: tuple[object, ...]) -> tuple[int, ...]:
    return tuple(_flag(code if isinstance(code, str) else "") for code in codes)


@cache
def _parameter(name: str) -> Parameter:
    return usual(*_TAKEN[name])


@lru_cache(maxsize=1024)
def _field(name: str, code: str) -> Field:
    unit = code.strip().rpartition(":")[2]
    return Field(name, _parameter(name), _UNITS.get(unit, unit))


def _flag(code: str) -> int:
    return _QUALITY.get(code.strip().rpartition(":")[2], NOT_EVALUATED)


def _station(identifier: str, feature: dict[str, Any], given: object) -> Station:
    latitude, longitude = position(feature)
    elevation = height(member(given, "elevation", "value"))
    return located(identifier, latitude, longitude, name=text_of(given, "stationName"), elevation_m=elevation)


def position(feature: dict[str, Any]) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude of a feature (GeoJSON, or WKT as JSON-LD has it)."""
    geometry = feature.get("geometry")
    found: Any = member(geometry, "coordinates")
    if isinstance(geometry, str) and (match := _WKT.match(geometry)):
        found = [match[1], match[2]]
    if not isinstance(found, list) or len(found) < 2:
        return None, None
    longitude, latitude = found[:2]
    return _placed(longitude, latitude) if isinstance(longitude, str) and isinstance(latitude, str) else (None, None)


@lru_cache(maxsize=4096)
def _placed(longitude: str, latitude: str) -> tuple[float, float] | tuple[None, None]:
    try:
        return degrees(latitude, 90), degrees(longitude, 180)
    except ValueError:
        return None, None
