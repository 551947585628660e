"""Observations as GeoJSON features (RFC 7946), in the forms that are in use.

- Answers of OGC API - EDR (OGC 19-086r6, clause 10.3, GeoJSON): features with `parameter-name`, and values in `properties`
  under the names of `parameters`, which are described as in CoverageJSON. Without values they tell of stations only, as E-SOH's
  answers about locations and items do.
- Messages of E-SOH (https://github.com/EURODEO/e-soh, e-soh-message-spec.json): one value a feature, in `properties.content`.
- Observations of wis2box (https://docs.wis2box.wis.wmo.int, bufr2geojson): one value a feature, with `phenomenonTime`, `name`,
  `value` and `units`.
"""

import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, Parameter
from mesonet.formats.json_document import RowsOf, documents, glance, is_lines, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, identified, instant, located, quantity_of, standard_name
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.services.coveragejson import field_of
from mesonet.formats.services.nws_observations import position
from mesonet.formats.table import SHOWN
from mesonet.formats.times import iso_duration
from mesonet.regex import regex

NAME = "geojson-observations"
RECORDS = LineRecords(applies=is_lines)

_LOCATIONS = "locations and the parameters that are observed there; no observations"
_WIGOS_URL = regex(r"wigosId=([^&\s]+)")
_RESERVED = frozenset(("datetime", "parameter-name", "label", "name", "detail", "edrqueryendpoint", "platform", "id"))
# names of bufr2geojson, which are those of BUFR table B, and CF standard names for them
_BUFR = {
    "air_temperature": ("air_temperature", POINT),
    "dewpoint_temperature": ("dew_point_temperature", POINT),
    "dew_point_temperature": ("dew_point_temperature", POINT),
    "relative_humidity": ("relative_humidity", POINT),
    "pressure": ("air_pressure", POINT),
    "non_coordinate_pressure": ("air_pressure", POINT),
    "pressure_reduced_to_mean_sea_level": ("air_pressure_at_mean_sea_level", POINT),
    "wind_direction": ("wind_from_direction", POINT),
    "wind_speed": ("wind_speed", POINT),
    "maximum_wind_gust_speed": ("wind_speed_of_gust", "maximum"),
    "horizontal_visibility": ("visibility_in_air", POINT),
    "cloud_cover_total": ("cloud_area_fraction", POINT),
    "total_precipitation_or_total_water_equivalent": ("precipitation_amount", "sum"),
    "total_snow_depth": ("surface_snow_thickness", POINT),
    "total_sunshine": ("duration_of_sunshine", "sum"),
}


def sniff(head: bytes) -> Guess | None:
    """Features with members that only observations have; a feature of anything else is none."""
    seen = glance(head)
    if seen is None or seen["type"] not in ("Feature", "FeatureCollection"):
        return None
    at = "features[].properties" if "features" in seen else "properties"
    if f"{at}.content.standard_name" in seen:
        return Guess(0.97, "GeoJSON of E-SOH: one observation a feature, with its content")
    if "geometry.coordinates.lat" in seen and "properties" in seen:
        return Guess(0.9, "GeoJSON of E-SOH: its coordinates have names, which no other GeoJSON has")
    if f"{at}.platform" in seen and f"{at}.parameter_name" in seen:
        return Guess(0.9, "GeoJSON of E-SOH: time series, what each is of and where")
    if f"{at}.phenomenonTime" in seen and f"{at}.value" in seen:
        return Guess(0.95, "GeoJSON of wis2box: one observation a feature")
    if f"{at}.parameter-name" in seen or ("parameters" in seen and f"{at}.datetime" in seen):
        return Guess(0.95, "GeoJSON of OGC API - EDR: features with the parameters that are observed there")
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
        for answer in objects(value):
            features = answer.get("features")
            described = answer.get("parameters")
            known: dict[str, Field | str] = {}
            for row, feature in rows(objects(features if isinstance(features, list) else answer), line):
                yield from _feature(feature, described, known, row, readings)
    if not rows.count:
        yield Reject(reason="there are no features", column="features")
    yield from readings.end()


def _feature(
    feature: dict[str, Any], described: object, known: dict[str, Field | str], row: int, readings: Readings
) -> Iterator[Piece]:
    """One feature; of what is `described`, `known` are the fields that were understood for those before it."""
    given = feature.get("properties")
    if not isinstance(given, dict):
        yield readings.reject(reason="the feature has no properties", row=row, column="properties", value=shown(given))
        return
    if isinstance(member(feature, "geometry", "coordinates"), dict) and "content" not in given:
        reason = "the message has no content: no standard name, unit and value"
        yield readings.reject(reason=reason, row=row, column="properties.content")
        return
    station, column = _identifier(feature, given)
    if station is None:
        yield readings.reject(reason="the feature names no station", row=row, column=column)
        return
    latitude, longitude = _position(feature)
    name = text_of(given, "platform_name") or text_of(given, "name" if "phenomenonTime" not in given else "station_name")
    place = located(station, latitude, longitude, name=name)
    readings.place(place)
    if "content" in given or "phenomenonTime" in given:
        stamp, quantity, value = _one(given)
        if isinstance(quantity, str):
            yield readings.reject(reason=quantity, row=row, column="content" if "content" in given else "name")
            return
        values = {quantity: value}
    else:
        values = yield from _several(given, described, known, row)
        stamp = text_of(given, "datetime") or text_of(given, "time")
        if not values and not stamp:
            readings.rows += 1
            readings.remark(_LOCATIONS)
            yield from readings.tell(place)
            return
        stamp = stamp.rpartition("/")[2]
    try:
        time, _ = instant(stamp)
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="datetime", value=stamp[:SHOWN])
        return
    yield from readings.observe(station, time, row, values)


def _one(given: dict[str, Any]) -> tuple[str, Field | str, object]:
    """The time, the quantity (or why there is none) and the value of E-SOH's and wis2box's observations."""
    if "content" in given:
        return text_of(given, "datetime"), _content(given), member(given, "content", "value")
    return text_of(given, "phenomenonTime").rpartition("/")[2], _phenomenon(given), given.get("value")


def _several(
    given: dict[str, Any], described: object, known: dict[str, Field | str], row: int
) -> Generator[Piece, None, dict[Field, object]]:
    """The members that the collection describes as parameters; of two of one parameter the first."""
    values: dict[Field, object] = {}
    taken: set[Parameter] = set()
    for key, value in given.items():
        if key in _RESERVED or not isinstance(described, dict) or key not in described:
            continue
        each = known.get(key) or known.setdefault(key, field_of(key, described[key]))
        if isinstance(each, str):
            yield Reject(reason=each, row=row, column=key[:SHOWN])
        elif each.parameter not in taken:
            taken.add(each.parameter)
            values[each] = value
    return values


def _identifier(feature: dict[str, Any], given: dict[str, Any]) -> tuple[str | None, str]:
    for name in ("wigos_station_identifier", "platform", "wigosId", "rodeo:wigosId", "metocean:wigosId"):
        if text := text_of(given, name):
            return identified(text), f"properties.{name}"
    if match := _WIGOS_URL.search(text_of(given, "detail")):
        return identified(match[1]), "properties.detail"
    if "content" in given or "phenomenonTime" in given:
        return None, "properties.platform"  # the identifier of the feature is that of one observation
    return identified(text_of(feature, "id")), "id"


def _position(feature: dict[str, Any]) -> tuple[float, float] | tuple[None, None]:
    place = member(feature, "geometry", "coordinates")
    if isinstance(place, dict):  # E-SOH's messages name the two
        feature = {"geometry": {"coordinates": [place.get("lon"), place.get("lat")]}}
    return position(feature)


def _content(given: dict[str, Any]) -> Field | str:
    """The quantity of a message of E-SOH, or why there is none."""
    content = given["content"]
    name = text_of(content, "standard_name")
    method = text_of(given, "function") or text_of(given, "method") or POINT
    period = text_of(given, "period") or text_of(given, "duration") or INSTANT
    return _quantity(name, method, period, text_of(given, "level"), text_of(content, "unit"))


def _phenomenon(given: dict[str, Any]) -> Field | str:
    """The quantity of an observation of wis2box, or why there is none."""
    name = text_of(given, "name") or text_of(given, "observedProperty")
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if plain not in _BUFR:
        return f"{name[:60]!r} is not taken"
    quantity, method = _BUFR[plain]
    begin, slash, end = text_of(given, "phenomenonTime").partition("/")
    period = INSTANT
    if slash and begin != end:
        try:
            lasted = instant(end)[0] - instant(begin)[0]
        except ValueError as exc:
            return str(exc)
        if lasted <= 0:
            return "the period ends before it begins"
        if method != POINT:
            period = iso_duration(lasted)
    return _quantity(quantity, method, period, "", text_of(given, "units"))


@lru_cache(maxsize=1024)
def _quantity(name: str, method: str, period: str, level: str, unit: str) -> Field | str:
    quantity = standard_name(name)
    if quantity is None:
        return f"{name[:60]!r} is not a CF standard name"
    return quantity_of(name, quantity, unit, method, period, level)
