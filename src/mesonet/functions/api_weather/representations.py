"""What an answer looks like: GeoJSON, JSON columns, CSV.

Columns are never parsed on their way out as JSON: the pieces are JSON already and are joined.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mesonet.domain import instant
from mesonet.domain.block import BlockColumn, Piece, saying_unit
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.observation import MISSING
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.functions.api_weather.logic import Observations
from mesonet.json_text import quoted
from mesonet.web.media import Link, csv_line, dumps
from mesonet.web.stitching import Stitched, laid_all

type Links = list[Link]


def feature(station: Station, *, links: Links, distance_m: float | None = None, **more: Any) -> dict[str, Any]:
    """A station as GeoJSON (RFC 7946); longitude first, `geometry` null where nobody has said where it is."""
    geometry = None
    if station.position:
        latitude, longitude = station.position
        place = [longitude, latitude] + ([station.elevation_m] if station.elevation_m is not None else [])
        geometry = {"type": "Point", "coordinates": place}
    properties: dict[str, Any] = {
        "name": station.name or None,
        "wigos_station_identifier": station.wigos_id,
        "elevation_m": station.elevation_m,
        "timezone": station.timezone,
    }
    if distance_m is not None:
        properties["distance_m"] = round(distance_m, 1)
    return {"type": "Feature", "id": station.id, "geometry": geometry, "properties": properties | more, "links": links}


@lru_cache(1_000)
def parameter(identifier: str, unit: str) -> Mapping[str, Any]:
    """The same for all who ask, and not to be changed."""
    said = parse(identifier)
    return {
        "standard_name": said.standard_name,
        "level": int(said.level) if said.level == int(said.level) else said.level,
        "method": said.method,
        "duration": said.duration,
        "unit": unit,
    }


def observations_json(
    station_id: str, interval: Interval | None, found: Observations, *, details: bool, links: Links
) -> Stitched:
    """Columns: `time`, and for each parameter as many `values`; with details also the quality flags (QARTOD), the texts as
    received and, where a value was flagged, by which `tests`. There is no interval where none was asked for and nothing
    was ever observed."""
    start, end = (_time(interval.start), _time(interval.end)) if interval else (None, None)
    head = dumps(
        {
            "station": station_id,
            "interval": {"start": start, "end": end},
            "count": found.count,
            "links": links,
        }
    )
    parameters = laid_all(
        _column_json(name, found, details=details)
        for name in found.parameters
        if any(name in piece.columns for piece in found.pieces)
    )
    return [f'{head[:-1]},"time":[', found.times, '],"parameters":{', *parameters, "}}"]


def _column_json(name: str, found: Observations, *, details: bool) -> Stitched:
    last = next(piece.columns[name] for piece in reversed(found.pieces) if name in piece.columns)
    said, values = _described(name, last.unit), found.joined(name, "values", "null")
    if not details:
        return [f'{said},"values":[', values, "]}"]
    said += f',"unit_received":{dumps(last.unit_received)}'
    changes = list(_units_received(name, found.pieces))
    if len(changes) > 1:
        said += f',"units_received":{dumps(changes)}'
    flags = found.joined(name, "flags", str(MISSING))
    received = found.joined(name, "received", '""')
    parts: list[str | Fragment] = [f'{said},"values":[', values, '],"quality":[', flags, '],"received":[', received]
    if any(piece.columns[name].tests for piece in found.pieces if name in piece.columns):
        parts += ['],"tests":[', found.joined(name, "tests", '""')]
    return [*parts, "]}"]


@lru_cache(1_000)
def _described(name: str, unit: str) -> str:
    """A parameter as a member of an object, to be gone on with."""
    return f"{dumps(name)}:{dumps(parameter(name, unit))[:-1]}"


def _units_received(name: str, pieces: Sequence[Piece]) -> Iterator[dict[str, str]]:
    """From when on the texts are in which unit: a station may have changed it."""
    before = None
    for piece in pieces:
        if name in piece.columns and piece.columns[name].unit_received != before:
            before = piece.columns[name].unit_received
            yield {"from": instant.iso(piece.first), "unit": before}


def observations_csv(station_id: str, found: Observations, *, details: bool) -> Iterable[str]:
    """A header line, then one line for each time: empty where nothing was observed."""
    names = [name for name in found.parameters if any(name in piece.columns for piece in found.pieces)]
    heads, received_in = [], {}
    for name in names:
        column = next(piece.columns[name] for piece in reversed(found.pieces) if name in piece.columns)
        received_in[name] = column.unit_received
        heads.append(f"{name} ({column.unit})")
        if details:
            heads += [f"{name} quality", f"{name} received ({column.unit_received})", f"{name} tests"]
    yield csv_line(["station", "time", *heads])
    for piece in found.pieces:
        cells: list[list[Any]] = [json.loads(f"[{piece.times}]")]
        for name in names:
            cells += _column_cells(piece.columns.get(name), piece.count, received_in[name], details=details)
        for row in zip(*cells, strict=True):
            yield csv_line([station_id, *row])


def _column_cells(column: BlockColumn | None, count: int, unit_received: str, *, details: bool) -> list[list[Any]]:
    """A text in another unit than the column's says its own."""
    if column is None:
        return [[None] * count] * (4 if details else 1)
    texts = [column.values, column.flags, column.received, column.tests] if details else [column.values]
    values, *more = [json.loads(f"[{text}]") or [None] * count for text in texts]
    if details and column.unit_received != unit_received:
        more[1] = [text and saying_unit(text, column.unit_received, unit_received) for text in more[1]]
    return [values, *more]


def latest_json(station_id: str, values: Mapping[str, LatestValue], links: str) -> str:
    """`links` are JSON already."""
    parameters = ",".join([latest_value(name, value) for name, value in sorted(values.items())])
    return f'{{"station":{quoted(station_id)},"parameters":{{{parameters}}},"links":{links}}}'


def latest_value(name: str, value: LatestValue) -> str:
    """A parameter as a member of an object. Of what is told only the last part differs from one time to the next."""
    number: float = value.value
    if (whole := int(number)) == number:
        number = whole
    return (
        f'{_described(name, value.unit)},"time":"{_time(value.time)}","value":{number!r},"quality":{value.flag},'
        f'"received":{quoted(value.received)},"unit_received":{quoted(value.unit_received)},"file":{quoted(value.file_id)}}}'
    )


_time = lru_cache(1_000)(instant.iso)  # a station's latest values are of one time, and of the same until there are others


def latest_csv(station_id: str, values: dict[str, LatestValue]) -> Iterable[str]:
    yield csv_line(["station", "parameter", "time", "value", "unit", "quality"])
    for name, value in sorted(values.items()):
        yield csv_line([station_id, name, instant.iso(value.time), value.value, value.unit, value.flag])
