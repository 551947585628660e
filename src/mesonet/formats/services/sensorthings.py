"""Observations of the OGC SensorThings API, each with its datastream, the thing that it is of and the observed property.

Source: OGC 18-088, "SensorThings API Part 1: Sensing, version 1.1", 8.2.7 (Observation) and annex on JSON encoding. A
quantity is taken where its observed property is called by a CF standard name, or its definition ends in one. The station is
the thing.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import STANDARD_NAMES, usual
from mesonet.formats.json_document import documents, glance, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, identified, instant, located, standard_name
from mesonet.formats.reading import Context, Guess, Piece
from mesonet.regex import regex

NAME = "sensorthings"

_END = regex(r"[^/#:?=]+$")


def sniff(head: bytes) -> Guess | None:
    seen = glance(head)
    if seen is None or "value[].phenomenonTime" not in seen or "value[].result" not in seen:
        return None
    told = any(path.startswith("value[].Datastream.unitOfMeasurement") for path in seen.paths)
    return Guess(0.95 if told else 0.85, "observations of the OGC SensorThings API")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    row = 0
    for document in documents(stream):
        if isinstance(document, Reject):
            yield document
            continue
        for given in objects(member(document[1], "value")):
            row += 1
            yield from _observation(given, row, readings)
    yield from readings.end()


def _observation(given: dict[str, Any], row: int, readings: Readings) -> Iterator[Piece]:
    stream = given.get("Datastream")
    station = identified(text_of(stream, "Thing", "name") or text_of(stream, "Thing", "@iot.id"))
    if not isinstance(stream, dict) or station is None:
        readings.rows += 1
        reason = "the observation does not say of which thing it is: expand Datastream with its Thing and ObservedProperty"
        yield Reject(reason=reason, row=row, column="Datastream")
        return
    stamp = text_of(given, "phenomenonTime")
    try:
        time, _ = instant(stamp.rpartition("/")[2])  # an interval's end
    except ValueError as exc:
        readings.rows += 1
        yield Reject(reason=str(exc), row=row, column="phenomenonTime", value=shown(given.get("phenomenonTime")))
        return
    name = _named(stream)
    if name is None:
        readings.rows += 1
        readings.leave(text_of(stream, "ObservedProperty", "name") or text_of(stream, "name") or "a quantity without a name")
        return
    readings.place(located(station, None, None, name=text_of(stream, "Thing", "description")))
    unit = text_of(stream, "unitOfMeasurement", "symbol") or text_of(stream, "unitOfMeasurement", "name")
    yield from readings.observe(station, time, row, {Field(name, usual(name), unit): given.get("result")})


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
