"""OGC API - EDR and Features: what describes the service, and what all its answers need."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from mesonet.domain import geometry, instant
from mesonet.domain.latest import LatestValue
from mesonet.errors import NotFound
from mesonet.functions.api_weather import collection
from mesonet.record import dataclass, replace
from mesonet.stores.latest import LatestStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore
from mesonet.web import parameters as read
from mesonet.web.cursors import Cursors
from mesonet.web.media import GEOJSON, HTML, JSON, Link, dumps
from mesonet.web.request import Request
from mesonet.web.response import Response

DOCUMENTS = {"json": JSON, "html": HTML}
_BY_OWSLIB, _BY_OGC_CLIENT = "OWSLib", "application/schema+json"

type Latest = dict[str, LatestValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where the answers come from."""

    stations: StationsStore
    latest: LatestStore
    observations: ObservationsStore
    network: NetworkStore
    cursors: Cursors
    license_url: str


def landing(request: Request) -> Response:
    return document(request, collection.landing(request))


def conformance(request: Request) -> Response:
    return document(request, {"conformsTo": collection.CONFORMS_TO})


def collections(request: Request, *, shelf: Shelf) -> Response:
    """Those that have something in the box, and at the times (OGC API - EDR 1.2, OpenAPI of `/collections`)."""
    network, asked = shelf.network.get(), request.query
    box, extent = read.bounding_box(asked), network.extent
    times = instant.intervals(asked["datetime"]) if "datetime" in asked else None
    there = box is None or extent is None or geometry.overlap(box, extent)
    then = times is None or network.first is None or network.last is None or instant.cut(times, network.first, network.last)
    body = collection.collections(request, network, shelf.license_url)
    found = [typed(request, each) for each in body["collections"] if there and then]
    return named(document(request, {**body, "collections": found}))


def one_collection(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    known(collection_id)
    body = collection.described(request, shelf.network.get(), shelf.license_url)
    return named(document(request, typed(request, body)))


def typed(request: Request, described: dict[str, Any]) -> dict[str, Any]:
    """OWSLib, and ogc-client with an `Accept` of its own, take a collection for one of features only if it says so, though that
    is the default; other clients take EDR's members and no others."""
    told = by_owslib(request) or _BY_OGC_CLIENT in request.headers.get("accept", "")
    return {**described, "itemType": "feature"} if told else described


def by_owslib(request: Request) -> bool:
    return _BY_OWSLIB in request.headers.get("user-agent", "")


def named(response: Response) -> Response:
    """The answer differs by who asks."""
    return replace(response, headers={**response.headers, "Vary": "Accept, Accept-Encoding, User-Agent"})


def known(collection_id: str) -> None:
    if collection_id != collection.ID:
        raise NotFound(f"there is no collection {collection_id!r}; there is {collection.ID}")


def document(request: Request, body: dict[str, Any]) -> Response:
    return shown(request, body, request.chosen(DOCUMENTS), ())


def shown(request: Request, body: dict[str, Any], kind: str, links: Sequence[Link]) -> Response:
    if kind == "html":
        from mesonet.web import html  # only people look at pages

        title = str(body.get("title") or request.path.strip("/") or "Mesonet")
        return html.answer(title, body, links)
    return Response(
        body=dumps(body), media_type=GEOJSON if "features" in body or body.get("type") == "Feature" else JSON, links=links
    )


def station_path(station_id: str) -> str:
    return f"{collection.PATH}/locations/{quote(station_id, safe='')}"


def page_links(request: Request, media_type: str, after: Sequence[Any] | None, shelf: Shelf) -> list[Link]:
    links = [request.here("self", request.query, type=plain(media_type), title="This page")]
    if after is not None:
        links.append(shelf.cursors.next_page(request, after, type=plain(media_type), title="The next page"))
    return links


def plain(media_type: str) -> str:
    return media_type.partition(";")[0]
