"""What an answer looks like: GeoJSON, JSON columns, CSV.

Columns are never parsed on their way out as JSON: the pieces are JSON already and are joined.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mesonet.domain import instant
from mesonet.domain.block import BlockColumn, Piece
from mesonet.domain.coverage import Coverage
from mesonet.domain.file import Claim, FileEntry
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.observation import Quality, Reject
from mesonet.domain.parameter import parse
from mesonet.domain.search import Kind, SearchDocument
from mesonet.domain.station import Station
from mesonet.functions.api_weather.logic import Observations
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


def parameter(identifier: str, unit: str) -> dict[str, Any]:
    said = parse(identifier)
    return {
        "standard_name": said.standard_name,
        "level": int(said.level) if said.level == int(said.level) else said.level,
        "method": said.method,
        "duration": said.duration,
        "unit": unit,
    }


def observations_json(station_id: str, interval: Interval, found: Observations, *, details: bool, links: Links) -> Stitched:
    """Columns: `time`, and for each parameter as many `values`; with details also the quality flags (QARTOD), the texts as
    received and, where a value was flagged, by which `tests`."""
    head = dumps(
        {
            "station": station_id,
            "interval": {"start": instant.iso(interval.start), "end": instant.iso(interval.end)},
            "count": found.count,
            "links": links,
        }
    )
    parameters = laid_all(
        (f"{dumps(name)}:", *_column_json(name, found, details=details))
        for name in found.parameters
        if any(name in piece.columns for piece in found.pieces)
    )
    return [f'{head[:-1]},"time":[', found.times, '],"parameters":{', *parameters, "}}"]


def _column_json(name: str, found: Observations, *, details: bool) -> Stitched:
    last = next(piece.columns[name] for piece in reversed(found.pieces) if name in piece.columns)
    said = parameter(name, last.unit)
    if details:
        said["unit_received"] = last.unit_received
        changes = list(_units_received(name, found.pieces))
        if len(changes) > 1:
            said["units_received"] = changes
    parts: list[str | Fragment] = [f'{dumps(said)[:-1]},"values":[', found.joined(name, "values", "null"), "]"]
    if details:
        flags = found.joined(name, "flags", str(int(Quality.MISSING)))
        parts += [',"quality":[', flags, '],"received":[', found.joined(name, "received", '""'), "]"]
        if any(piece.columns[name].tests for piece in found.pieces if name in piece.columns):
            parts += [',"tests":[', found.joined(name, "tests", '""'), "]"]
    return [*parts, "}"]


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
    heads = []
    for name in names:
        column = next(piece.columns[name] for piece in reversed(found.pieces) if name in piece.columns)
        heads.append(f"{name} ({column.unit})")
        if details:
            heads += [f"{name} quality", f"{name} received ({column.unit_received})", f"{name} tests"]
    yield csv_line(["station", "time", *heads])
    for piece in found.pieces:
        cells: list[list[Any]] = [json.loads(f"[{piece.times}]")]
        for name in names:
            cells += _column_cells(piece.columns.get(name), piece.count, details=details)
        for row in zip(*cells, strict=True):
            yield csv_line([station_id, *row])


def _column_cells(column: BlockColumn | None, count: int, *, details: bool) -> list[list[Any]]:
    if column is None:
        return [[None] * count] * (4 if details else 1)
    texts = [column.values, column.flags, column.received, column.tests] if details else [column.values]
    return [json.loads(f"[{text}]") or [None] * count for text in texts]


def latest_value(name: str, value: LatestValue) -> dict[str, Any]:
    return parameter(name, value.unit) | {
        "time": instant.iso(value.time),
        "value": int(value.value) if value.value == int(value.value) else value.value,
        "quality": value.flag,
        "received": value.received,
        "unit_received": value.unit_received,
        "file": value.file_id,
    }


def latest_csv(station_id: str, values: dict[str, LatestValue]) -> Iterable[str]:
    yield csv_line(["station", "parameter", "time", "value", "unit", "quality"])
    for name, value in sorted(values.items()):
        yield csv_line([station_id, name, instant.iso(value.time), value.value, value.unit, value.flag])


def found(document: SearchDocument, *, links: list[Link]) -> dict[str, Any]:
    """A file or a station in a list."""
    shown = dict(document.shown)
    if document.kind is Kind.FILE:
        shown |= {"first": _iso(document.first), "last": _iso(document.last)}
    return shown | {"links": links}


def file_entry(entry: FileEntry, *, links: Links) -> dict[str, Any]:
    """All that the catalogue knows of a file."""
    return {
        "id": entry.id,
        "bucket": entry.bucket,
        "key": entry.key,
        "archive": entry.object_key if entry.member else None,
        "members": list(entry.members),
        "version_id": entry.version_id,
        "revision": entry.revision,
        "status": entry.status,
        "read_up_to": {"byte": entry.mark.at, "row": entry.mark.row} if entry.mark else None,
        "format": {"name": entry.format, "confidence": entry.confidence, "why": entry.why, "claim": Claim.INFERRED}
        if entry.format or entry.why
        else None,
        "size": entry.size,
        "sha256": entry.sha256,
        "etag": entry.etag,
        "compression": entry.compression,
        "encoding": entry.encoding,
        "claims": dict(entry.claims),
        "mapping": entry.mapping,
        "proposal": _proposal(entry),
        "received_at": entry.received_at,
        "catalogued_at": entry.catalogued_at,
        "release": entry.release,
        "rows": entry.rows,
        "first": _iso(entry.first),
        "last": _iso(entry.last),
        "bbox": list(entry.bbox) if entry.bbox else None,
        "station_count": entry.stations_known,
        "stations": entry.stations,
        "column_count": entry.column_count,
        "columns": [_members(column) for column in entry.columns],
        "rejected": entry.rejected,
        "rejects": [_members(reject) for reject in entry.rejects],
        "quality": {
            name: {"flags": dict(flags), "tests": dict(entry.loading.tests.get(name, {}))}
            for name, flags in entry.loading.flags.items()
        },
        "completeness": entry.loading.completeness,
        "coverage": {station: _coverage(each) for station, each in entry.loading.coverage.items()},
        "loading": {name: value for name, value in _members(entry.loading).items() if name not in _ELSEWHERE},
        "links": links,
    }


_ELSEWHERE = ("flags", "tests", "coverage", "completeness")  # noted when the file was loaded, and shown beside it


def _coverage(coverage: Coverage) -> dict[str, Any]:
    """When a station was heard; `interval` is null where no distance between two times is the usual one."""
    return {
        "first": instant.iso(coverage.first),
        "last": instant.iso(coverage.last),
        "times": coverage.times,
        "interval": instant.duration(coverage.interval) if coverage.interval else None,
        "interval_claim": (Claim.CONFIGURED if coverage.configured else Claim.INFERRED) if coverage.interval else None,
        "due": coverage.due,
        "completeness": coverage.completeness,
        "gap_count": coverage.gaps,
        "longest_gaps": [
            {"after": instant.iso(gap.after), "before": instant.iso(gap.before), "missing": gap.missing}
            for gap in coverage.longest
        ],
    }


def _proposal(entry: FileEntry) -> dict[str, Any] | None:
    """The mapping that was proposed for a table without one; its text is that of a mapping file."""
    proposal = entry.proposal
    if proposal is None:
        return None
    return {
        "mapping": json.loads(proposal.mapping) if proposal.mapping else None,
        "columns": [_members(column) for column in proposal.columns],
        "questions": list(proposal.questions),
    }


def rejects(entry: FileEntry, found: Sequence[Reject], *, more: int, links: Links) -> dict[str, Any]:
    """Some rejects of a file; `not_kept` are those beyond what is kept of a file that is wrong throughout."""
    return {
        "file": entry.id,
        "key": entry.key,
        "rejected": entry.rejected,
        "count": len(found),
        "not_kept": more,
        "rejects": [_members(reject) for reject in found],
        "links": links,
    }


def rejects_csv(found: Sequence[Reject]) -> Iterable[str]:
    yield csv_line(["row", "column", "value", "reason"])
    for reject in found:
        yield csv_line([reject.row, reject.column, reject.value, reject.reason])


def _members(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _iso(moment: int | None) -> str | None:
    return None if moment is None else instant.iso(moment)
