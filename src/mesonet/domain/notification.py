"""Notifications: what the world is told of a file, as a WIS2 Notification Message 1.0 ("WIS2 Notification Message Encoding").

The message is a GeoJSON feature. Beside its members stand `kind`, `order` and `file`, by which Mesonet's own functions know
which state of which file it speaks of: a release that knew those alone reads it, too.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from mimetypes import guess_type
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mesonet.domain import geohash, instant
from mesonet.domain.file import FileChange, FileEntry, summary
from mesonet.domain.search import standard_names
from mesonet.domain.territory import country
from mesonet.record import dataclass

CONFORMS_TO = "http://wis.wmo.int/spec/wnm/1/conf/core"
NAMES_LISTED = 100  # of an attribute: subscribers filter on them, a message has them all
STATIONS_BYTES = 32_000  # that all stations of an entry may take; a message is paid by 64 KB
CELL_LENGTHS = (1, 2, 3, 4)  # of geohashes: 5,000, 1,250, 156 and 39 km wide
MOST_CELLS = 32  # of one length that are listed; who needs more lies anywhere

_RELATIONS = {
    FileChange.CATALOGUED: "canonical",
    FileChange.REPLACED: "update",
    FileChange.DELETED: "deletion",
    FileChange.REREAD: "canonical",
    FileChange.BACKFILLED: "canonical",
}
# of formats that have none of their own in Python's table, by the name's beginning
_MEDIA_TYPES = {
    "bufr": "application/bufr",
    "grib": "application/grib",
    "netcdf": "application/netcdf",
    "parquet": "application/vnd.apache.parquet",
    "coveragejson": "application/vnd.cov+json",
}

type Bbox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a file's stations are, as far as is known: (latitude, longitude) of some, and the box of what it locates itself."""

    positions: Sequence[tuple[float, float]] = ()
    bbox: Bbox | None = None
    wigos_ids: Sequence[str] = ()

    @property
    def box(self) -> Bbox | None:
        """West, south, east, north in degrees of everything."""
        if not self.positions:
            return self.bbox
        latitudes, longitudes = zip(*self.positions, strict=True)
        west, south, east, north = min(longitudes), min(latitudes), max(longitudes), max(latitudes)
        if self.bbox is None:
            return west, south, east, north
        return min(west, self.bbox[0]), min(south, self.bbox[1]), max(east, self.bbox[2]), max(north, self.bbox[3])


def message_id(entry: FileEntry) -> str:
    """The same for every delivery of the same news."""
    return _message_id(entry.id, entry.order)


@lru_cache(maxsize=256)  # asked for some times of each file of a batch
def _message_id(file_id: str, order: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"mesonet:{file_id}@{order}"))


def notification(
    entry: FileEntry, change: FileChange, where: Whereabouts, *, base_url: str, centre_id: str, names: bool = True
) -> dict[str, Any]:
    """`base_url` is the API's address, without a slash at the end; without `names` it lists no stations and parameters."""
    properties: dict[str, Any] = {
        "pubtime": entry.catalogued_at or entry.event_time,
        "data_id": f"{centre_id}/{entry.key}",
        **_times(entry),
    }
    if entry.sha256 and change is not FileChange.DELETED:
        properties["integrity"] = {"method": "sha256", "value": b64encode(bytes.fromhex(entry.sha256)).decode()}
    about = f"{base_url}/files/{entry.id}"
    named: dict[str, Any] = {"stations": list(entry.stations), "parameters": list(entry.parameters)} if names else {}
    return {
        "id": message_id(entry),
        "conformsTo": [CONFORMS_TO],
        "type": "Feature",
        "geometry": _geometry(where.box),
        "properties": properties,
        "links": [
            {
                "rel": _RELATIONS[change],
                "href": about if change is FileChange.DELETED else f"{about}/content{_version(entry)}",
                "type": media_type(entry),
                "length": entry.size,
            },
            {"rel": "item", "href": about, "type": "application/json"},
        ],
        "kind": change.value,
        "order": entry.order,
        "file": summary(entry) | named,
    }


def attributes(entry: FileEntry, change: FileChange, where: Whereabouts) -> dict[str, str | list[str]]:
    """What subscribers filter on; not more than ten, or queues that get the message raw would lose it."""
    ids, parameters = [*entry.stations, *where.wigos_ids], entry.parameters
    given: dict[str, str | list[str]] = {
        "kind": change.value,
        "status": entry.status.value,
        "format": entry.format or "",
        "stations": _filtered_on(list(entry.stations)),
        "parameters": list(parameters)[:NAMES_LISTED],
        "standard_names": list(standard_names(parameters))[:NAMES_LISTED],
        "countries": sorted({found for each in ids if (found := country(each, file_format=entry.format or ""))}),
        "cells": cells(where),
    }
    return {name: value for name, value in given.items() if value}


def _filtered_on(stations: list[str]) -> list[str]:
    """The first hundred, and of the others as many as there is room for."""
    if len(stations) <= NAMES_LISTED:
        return stations
    sizes = accumulate(len(each.encode()) + len('"",') for each in stations)
    return stations[: max(NAMES_LISTED, sum(size <= STATIONS_BYTES for size in sizes))]


def cells(where: Whereabouts) -> list[str]:
    """Geohashes of all lengths around what is located; `any4` where there are too many of that length."""
    found: list[str] = []
    for length in CELL_LENGTHS:
        some: Iterable[str] | None = {geohash.encode(*position, length) for position in where.positions}
        if where.bbox is not None:
            west, south, east, north = where.bbox
            wide = geohash.cells(south, west, north, east, length, MOST_CELLS)
            some = None if wide is None else {*wide, *(some or ())}
        listed = sorted(some) if some is not None else []
        found += listed if some is not None and len(listed) <= MOST_CELLS else [f"any{length}"]
    return found


def media_type(entry: FileEntry) -> str:
    if entry.compression:
        return {"gzip": "application/gzip", "zip": "application/zip"}.get(entry.compression, "application/octet-stream")
    for start, kind in _MEDIA_TYPES.items():
        if (entry.format or "").startswith(start):
            return kind
    return _media_type(".".join(entry.key.rpartition("/")[2].split(".")[1:][-2:]))


@lru_cache(maxsize=256)  # Python takes a name for an address, and that apart
def _media_type(ending: str) -> str:
    """Of files whose names end so: of two endings the last may be a compression's."""
    return guess_type(f"name.{ending}", strict=False)[0] or "application/octet-stream"


def _times(entry: FileEntry) -> dict[str, Any]:
    if entry.first is None or entry.last is None:
        return {"datetime": None}
    if entry.first == entry.last:
        return {"datetime": instant.iso(entry.first)}
    return {"start_datetime": instant.iso(entry.first), "end_datetime": instant.iso(entry.last)}


def _geometry(box: Bbox | None) -> dict[str, Any] | None:
    if box is None:
        return None
    west, south, east, north = box
    if (west, south) == (east, north):
        return {"type": "Point", "coordinates": [west, south]}
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]  # counter-clockwise (RFC 7946, 3.1.6)
    return {"type": "Polygon", "coordinates": [ring]}


def _version(entry: FileEntry) -> str:
    return f"?version={entry.version_id}" if entry.version_id else ""
