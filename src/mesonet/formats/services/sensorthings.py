"""Observations of the OGC SensorThings API, each with its datastream, the thing that it is of and the observed property.

Source: OGC 18-088, "SensorThings API Part 1: Sensing, version 1.1", 8.2.7 (Observation), 9.2 (MultiDatastream),
on `$expand` and on `dataArray`.
Observations stand in a page (`value`) or alone, with their datastream or in it, that in its thing, and as rows below the names
of their `components`. A quantity is taken where its observed property is called by a CF standard name, or its definition ends
in one. The station is the thing. A result of a multidatastream is a list, of a value for each of its properties.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import STANDARD_NAMES, usual
from mesonet.formats.json_document import Glance, documents, glance, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, degrees, height, identified, instant, located, standard_name
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.regex import regex

NAME = "sensorthings"

_END = regex(r"[^/#:?=]+$")
_ENTITY = r"(?:value\[\]\.)?(?:(?:(?:Multi)?Datastreams\[\]\.)?Observations\[\]\.)?"
_OF_ITS_OWN = ("@iot.", "Datastream", "MultiDatastream")  # what names of members begin with that only this standard has
_WITHOUT = (
    "the observation does not say of which thing it is: expand Datastream with its Thing and ObservedProperty, in the request "
    "$expand=Datastream($expand=Thing,ObservedProperty)"
)


def sniff(head: bytes) -> Guess | None:
    seen = glance(head)
    if seen is None or not (_has(seen, "phenomenonTime", "result") or _has(seen, "components", "dataArray")):
        return None
    told = any("unitOfMeasurement" in path for path in seen.paths)
    return Guess(0.95 if told else 0.85, "observations of the OGC SensorThings API")


def _has(seen: Glance, *names: str) -> bool:
    """Whether these are members of an observation, or of a list of them, and something is there that nobody else has."""
    found = [{match[1] for path in seen.paths if (match := regex(rf"({_ENTITY}){name}").fullmatch(path))} for name in names]
    own = any(part.startswith(_OF_ITS_OWN) for path in seen.paths for part in path.split("."))
    return bool(set.intersection(*found)) and (own or any(found[0]))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    row = 0
    for document in documents(stream):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        for entity in objects(document[1]):
            for each in objects(entity["value"]) if "value" in entity else [entity]:
                for given, datastream, thing in _observations(each):
                    row += 1
                    yield from _observation(given, datastream, thing, row, readings)
    yield from readings.end()


type _Told = tuple[dict[str, Any], object, object]


def _observations(entity: dict[str, Any]) -> Iterator[_Told]:
    """Observations with their datastream and thing, whatever of them stands around the others."""
    if streams := [*objects(entity.get("Datastreams")), *objects(entity.get("MultiDatastreams"))]:
        for stream in streams:
            for each in objects(stream.get("Observations")):
                yield from _rows(each, stream, entity)
    elif "Observations" in entity:
        for each in objects(entity["Observations"]):
            yield from _rows(each, entity, None)
    else:
        yield from _rows(entity, None, None)


def _rows(entity: dict[str, Any], stream: object, thing: object) -> Iterator[_Told]:
    """An observation, or those of a data array."""
    stream = entity.get("Datastream") or entity.get("MultiDatastream") or stream
    thing = member(stream, "Thing") or thing
    names, rows = entity.get("components"), entity.get("dataArray")
    if not isinstance(names, list) or not isinstance(rows, list):
        yield entity, stream, thing
        return
    for row in rows:
        values = row if isinstance(row, list) else []
        yield {name: value for name, value in zip(names, values, strict=False) if isinstance(name, str)}, stream, thing


def _observation(given: dict[str, Any], stream: object, thing: object, row: int, readings: Readings) -> Iterator[Piece]:
    station = identified(text_of(thing, "name") or text_of(thing, "@iot.id"))
    if not isinstance(stream, dict) or station is None:
        yield readings.reject(reason=_WITHOUT, row=row, column="Datastream")
        return
    stamp = text_of(given, "phenomenonTime")
    try:
        time, _ = instant(stamp.rpartition("/")[2])  # an interval's end
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="phenomenonTime", value=shown(given.get("phenomenonTime")))
        return
    taken: dict[Field, object] = {}
    for single, value in _singles(stream, given.get("result")):
        name = _named(single)
        if name is None or any(each.name == name for each in taken):
            readings.leave(
                text_of(single, "ObservedProperty", "name") or text_of(single, "name") or "a quantity without a name"
            )
            continue
        unit = text_of(single, "unitOfMeasurement", "symbol") or text_of(single, "unitOfMeasurement", "name")
        taken[Field(name, usual(name), unit)] = value
    if not taken:
        readings.rows += 1
        return
    north, east, above = _position(thing)
    readings.place(located(station, north, east, name=text_of(thing, "description"), elevation_m=above))
    yield from readings.observe(station, time, row, taken)


def _singles(stream: dict[str, Any], result: object) -> Iterator[tuple[dict[str, Any], object]]:
    """A datastream and its value, or those that a multidatastream is made of: a unit, a property and a value each."""
    units, properties = stream.get("unitOfMeasurements"), stream.get("ObservedProperties")
    if not isinstance(units, list) or not isinstance(properties, list):
        yield stream, result
        return
    values = result if isinstance(result, list) else []
    for observed, unit, value in zip_longest(properties, units, values):
        yield {"ObservedProperty": observed, "unitOfMeasurement": unit}, value


def _position(thing: object) -> tuple[float | None, float | None, float | None]:
    """Degrees north and east, and metres, of the first of its locations that is a point."""
    for location in objects(member(thing, "Locations")):
        place = member(location, "location")
        where = member(member(place, "geometry") or place, "coordinates")
        if isinstance(where, list) and len(where) > 1:
            try:
                return degrees(where[1], 90), degrees(where[0], 180), height(where[2]) if len(where) > 2 else None
            except ValueError:
                continue
    return None, None, None


def _named(stream: dict[str, Any]) -> str | None:
    """The standard name of what is observed."""
    observed = stream.get("ObservedProperty")
    texts = [text_of(observed, "definition"), text_of(observed, "name"), text_of(stream, "name")]
    for text in texts:
        end = _END.search(text)
        name = standard_name(re.sub(r"[\s-]+", "_", end[0].strip().lower())) if end else None
        if name in STANDARD_NAMES:
            return name
    return None
