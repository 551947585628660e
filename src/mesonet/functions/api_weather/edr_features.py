"""OGC API - EDR and Features: the stations, as features, page by page."""

from collections.abc import Sequence
from itertools import batched
from typing import Any
from urllib.parse import quote

from mesonet.domain import instant
from mesonet.domain.station import Station
from mesonet.errors import InvalidParameter
from mesonet.functions.api_weather import collection, coverages, logic, queries
from mesonet.functions.api_weather.edr_documents import Latest, Shelf, known, page_links, plain, shown, station_path
from mesonet.functions.api_weather.edr_parameters import MOST_STATIONS
from mesonet.functions.api_weather.logic import StationFilter
from mesonet.functions.api_weather.queries import Wanted
from mesonet.web import parameters as read
from mesonet.web.media import COVERAGEJSON, GEOJSON, HTML, JSON, Link
from mesonet.web.request import Request
from mesonet.web.response import Response

FEATURES = {"GeoJSON": GEOJSON, "json": JSON, "html": HTML}
_BYTES_OF_STATION = 1_200  # a feature without its parameters and names, about
_BYTES_OF_NAME, _BYTES_OF_ID = 18, 12  # at most for each byte: a name stands three times, an identifier six; both are escaped


def locations(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    """Stations as GeoJSON, with the parameters of each."""
    known(collection_id)
    kind = request.chosen(FEATURES)
    network = shelf.network.get()
    chosen = queries.wanted(request.query, network)
    limit = read.page_size(request.query, default=MOST_STATIONS, most=MOST_STATIONS)
    stations, after = listed(request, chosen, limit, kind, shelf=shelf)
    links = list_links(request, kind, after, shelf)
    parameters = [collection.parameter(name, unit) for name, unit in sorted(network.parameters.items()) if chosen.pick([name])]
    body = {
        "type": "FeatureCollection",
        **counted(request, stations, after),
        "links": links,
        "parameters": parameters,
        "features": [location(request, station, latest) for station, latest in stations],
    }
    return shown(request, body, kind, links)


def items(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    """The stations as features (OGC API - Features): a page at a time.

    Some clients write `offset` with the first page. The pages that follow it go on where it ended.
    """
    known(collection_id)
    kind = request.chosen(FEATURES)
    chosen = queries.wanted(request.query, shelf.network.get())
    limit = read.page_size(request.query, default=100, most=MOST_STATIONS)
    offset = read.whole_number(request.query, "offset", default=0, least=0, most=MOST_STATIONS)
    passed = 0 if request.query.get("cursor") else offset
    stations, after = listed(request, chosen, passed + limit, kind, shelf=shelf)
    if after is not None and len(stations) < passed:
        raise InvalidParameter("offset", "these are too many to pass over", value=offset, allowed="fewer, or the `next` links")
    matched, stations = counted(request, stations, after), stations[passed:]
    links = list_links(request, kind, after, shelf)
    body = {
        "type": "FeatureCollection",
        **matched,
        "numberReturned": len(stations),
        "links": links,
        "features": [location(request, station, latest) for station, latest in stations],
    }
    return shown(request, body, kind, links)


def item(request: Request, collection_id: str, item_id: str, *, shelf: Shelf) -> Response:
    known(collection_id)
    kind = request.chosen(FEATURES)
    station = shelf.stations.get(item_id)
    links = [
        request.here("self", type=GEOJSON, title="This feature"),
        request.here("alternate", {"f": "html"}, type="text/html", title="This feature to look at"),
        request.link("collection", collection.PATH, type=JSON, title="The collection"),
    ]
    body = location(request, station, shelf.latest.get(station.id)) | {"links": links}
    return shown(request, body, kind, links)


def list_links(request: Request, kind: str, after: Sequence[Any] | None, shelf: Shelf) -> list[Link]:
    """This page, the same in the other representation, its collection, and the next page (OGC API - Features, 7.15.5)."""
    shown_as, other = ("html", "GeoJSON") if kind == "html" else ("GeoJSON", "html")
    return [
        *page_links(request, FEATURES[shown_as], after, shelf),
        request.here("alternate", {**request.query, "f": other}, type=plain(FEATURES[other]), title=f"This page as {other}"),
        request.link("collection", collection.PATH, type=JSON, title="The collection"),
    ]


def counted(request: Request, many: Sequence[Any], after: Sequence[Any] | None) -> dict[str, int]:
    """`numberMatched` is known where one page has them all: elsewhere it would cost to read them."""
    all_of_them = after is None and not request.query.get("cursor")
    return {"numberReturned": len(many), **({"numberMatched": len(many)} if all_of_them else {})}


def listed(
    request: Request, chosen: Wanted, limit: int, kind: str, *, shelf: Shelf
) -> tuple[list[tuple[Station, Latest]], list[Any] | None]:
    """A page of stations that observe something of what is wanted, in the box, at the times: as many as the answer has room
    for, and no more than the limit."""
    latitude_first = queries.CRS[queries.crs(request.query)]  # of the answer it changes nothing: GeoJSON has one (RFC 7946, 4)
    box = read.bounding_box(request.query, latitude_first=latitude_first)
    times = queries.intervals(request.query)
    found: list[tuple[Station, Latest]] = []
    looked_at, room = 0, logic.MOST_BYTES // (2 if kind == "html" else 1)  # each quote takes six letters there
    filter_ = StationFilter(bbox=box)
    place = shelf.cursors.read(request, str, str)
    walk = logic.walk(filter_, place, store=shelf.stations)
    last: list[Any] = list(place or ("", ""))
    for some in batched(walk, max(min(limit + 1, 100), 10), strict=False):
        if len(found) == limit:
            return found, last
        inside = [each for each in some if each[2] in filter_]
        known_values = shelf.latest.many([station.id for _, _, station in inside])
        for cell, key, station in some:
            if len(found) == limit or looked_at == logic.MOST_LOOKED_AT or room <= 0:
                return found, last
            looked_at += 1
            last = [cell, key]
            if station not in filter_:
                continue
            latest = known_values.get(station.id, {})
            fitting = {name: latest[name] for name in chosen.pick(latest) if queries.observed(latest[name], times)}
            if fitting or (chosen.everything and times is None):
                found.append((station, fitting))
                room -= _BYTES_OF_STATION + 2 * sum(len(name) + 4 for name in fitting)  # each is named twice
                room -= _BYTES_OF_NAME * len(station.name.encode()) + _BYTES_OF_ID * len(station.id.encode())
    return found, None


def location(request: Request, station: Station, latest: Latest) -> dict[str, Any]:
    path = station_path(station.id)
    times = list(latest.values())
    properties: dict[str, Any] = {
        "name": station.name or station.id,
        "label": station.name or station.id,
        "title": station.name or station.id,  # drafts of the profile, and EDR, call it by one of these three
        "parameter-name": sorted(latest),
        "parameter_names": sorted(latest),
        "edrqueryendpoint": request.link("data", path)["href"],
        "links": [
            request.link("data", path, type=COVERAGEJSON, title="Observations"),
            request.link("item", f"{collection.PATH}/items/{quote(station.id, safe='')}", type=GEOJSON, title="The station"),
        ],
        "elevation_m": station.elevation_m,
        "wigos_station_identifier": station.wigos_id,
    }
    if times:
        first, last = min(value.since for value in times), max(value.time for value in times)
        properties["datetime"] = f"{instant.iso(first)}/{instant.iso(last)}"
    return {"type": "Feature", "id": station.id, "geometry": coverages.geometry(station), "properties": properties}
