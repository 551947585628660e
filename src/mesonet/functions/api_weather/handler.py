"""ApiWeatherFunction: the weather API. A route reads its parameters, asks, and shows what it got."""

import os
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from sys import getsizeof
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mesonet import aws, clock
from mesonet.domain import export, instant
from mesonet.domain.file import changed
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.parameter import named
from mesonet.errors import AnswerTooLarge, InvalidParameter, NotFound, Unavailable
from mesonet.functions.api_weather import edr_parameters, logic, units
from mesonet.functions.api_weather import representations as show
from mesonet.functions.api_weather.exports import LINK_S, WHOLE, Pages, exporting
from mesonet.record import replace
from mesonet.remembered import Unchanged
from mesonet.stores.attributes import Item
from mesonet.stores.latest import LatestStore, values_of, weight_of
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import RELEASE, STAGE, LambdaContext, logger
from mesonet.web import parameters as read
from mesonet.web.cursors import Cursors
from mesonet.web.media import CSV, GEOJSON, JSON, Link, dumps
from mesonet.web.request import Request, link
from mesonet.web.response import Response, see_other
from mesonet.web.router import Router

if TYPE_CHECKING:
    from mesonet.channels.export_queue import ExportQueue
    from mesonet.functions.api_weather import catalogue
    from mesonet.functions.api_weather.edr_documents import Shelf
    from mesonet.stores.archive import ArchiveStore
    from mesonet.stores.exports import ExportsStore
    from mesonet.stores.network import NetworkStore
    from mesonet.stores.rejects import RejectsStore

FILES_TABLE = os.environ["FILES_TABLE"]
FILE_COUNTERS_TABLE = os.environ["FILE_COUNTERS_TABLE"]
SEARCH_TABLE = os.environ["SEARCH_TABLE"]
SEARCH_ENDPOINT = os.environ["SEARCH_ENDPOINT"]
DERIVED_BUCKET = os.environ["DERIVED_BUCKET"]
EXPORT_QUEUE_URL = os.environ["EXPORT_QUEUE_URL"]
LICENSE_URL = os.environ["LICENSE_URL"]
OBSERVATIONS_TABLE = os.environ["OBSERVATIONS_TABLE"]

database = aws.client("dynamodb")
observations_store = ObservationsStore(OBSERVATIONS_TABLE, client=database)
latest_store = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations_store = StationsStore(os.environ["STATIONS_TABLE"], client=database)
cursors = Cursors(os.environ["CURSOR_KEY"])

app = Router(public_url=os.environ.get("PUBLIC_URL", ""), slashless=("collection_id",))

AS_JSON = {"json": JSON}
AS_GEOJSON = {"geojson": GEOJSON, "json": JSON}
AS_TABLE = {"json": JSON, "csv": CSV}
TABLE_PAGES = Pages(offers=AS_TABLE, files={"csv": export.Kind.CSV}, read_as="json", limit="10000")
RETRY_AFTER_S = 2  # an export of a few pages takes about that long


@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.handle(event)


# Stations ------------------------------------------------------------------------------------------------------------------


@app.get("/stations", query=("bbox", "lat", "lon", "id", "name", "limit", "cursor", "f"))
def list_stations(request: Request) -> Response:
    asked = request.query
    request.chosen(AS_GEOJSON)
    limit = read.whole_number(asked, "limit", default=100, least=1, most=1000)
    wanted = logic.StationFilter(
        bbox=read.bounding_box(asked), id_prefix=read.text(asked, "id") or "", name_prefix=read.text(asked, "name") or ""
    )
    latitude, longitude = read.degrees(asked, "lat", most=90), read.degrees(asked, "lon", most=180)
    if latitude is None and longitude is None:
        page = logic.stations(wanted, limit, cursors.read(request, str, str), store=stations_store)
        features = [show.feature(station, links=station_links(request, station.id)) for station in page.items]
        return collection(request, features, page.after)
    if latitude is None or longitude is None:
        name = "lat" if latitude is None else "lon"
        raise InvalidParameter(name, "`lat` and `lon` belong together", allowed="degrees, both or none")
    if asked.get("cursor"):
        raise InvalidParameter("cursor", "the nearest stations come on one page", allowed="a larger `limit`")
    return nearest(request, latitude, longitude, limit, wanted)


@app.get("/points/{latitude},{longitude}/stations", query=("limit", "f"))
def stations_near(request: Request, latitude: str, longitude: str) -> Response:
    """The stations nearest to a point, the nearest first."""
    request.chosen(AS_GEOJSON)
    place = {"latitude": latitude, "longitude": longitude}
    limit = read.whole_number(request.query, "limit", default=10, least=1, most=1000)
    north, east = read.degrees(place, "latitude", most=90), read.degrees(place, "longitude", most=180)
    return nearest(request, north or 0.0, east or 0.0, limit, logic.StationFilter())


def nearest(request: Request, latitude: float, longitude: float, limit: int, wanted: logic.StationFilter) -> Response:
    near = logic.nearest(
        latitude, longitude, limit, wanted, store=stations_store, occupied=lambda: network_store().get().occupied
    )
    features = [show.feature(each, links=station_links(request, each.id), distance_m=distance) for distance, each in near]
    return collection(request, features, None)


@app.get("/stations/{station_id}", query=("f",))
def one_station(request: Request, station_id: str) -> Response:
    request.chosen(AS_GEOJSON)
    station = stations_store.get(station_id)
    parameters = {
        name: {**show.parameter(name, value.unit), "first": instant.iso(value.since), "last": instant.iso(value.time)}
        for name, value in sorted(latest_store.get(station.id).items())
    }
    document = show.feature(station, links=station_links(request, station.id), parameters=parameters)
    return Response(body=dumps(document), media_type=GEOJSON)


# Exports: all pages of an answer in one file -------------------------------------------------------------------------------


def hand_over(request: Request, kind: export.Kind) -> Response:
    """Leads to the file that is being made of all pages, or is there already."""
    asked = export.Export(path=request.path, query=request.query, kind=kind, asked_at=clock.now())
    try:
        exports_store().noted(asked.id)
    except NotFound:
        export_queue().ask_for(asked)  # first: what is noted has been asked for
        exports_store().note(asked)
    return see_other(request.link("export", f"exports/{asked.id}")["href"])


@app.get("/exports/{export_id}", query=("f",))
def one_export(request: Request, export_id: str) -> Response:
    """The file once it is there. A browser asks again by itself (`Refresh`)."""
    request.chosen(AS_JSON)
    store = exports_store()
    asked = store.noted(export_id)
    if store.is_ready(export_id):
        return see_other(store.address(asked, seconds=LINK_S))
    if reason := store.refusal(export_id):
        raise AnswerTooLarge(reason)
    if asked.is_lost(clock.now()):
        raise Unavailable("this export was begun and not ended: ask for it once more")
    document = {
        "id": export_id,
        "status": "working",
        "kind": asked.kind,
        "asked_at": instant.iso(asked.asked_at),
        "links": [request.here("self")],
    }
    again = {"Retry-After": str(RETRY_AFTER_S), "Refresh": str(RETRY_AFTER_S)}
    return Response(status=202, body=dumps(document), headers=again, cache="no-store")


@cache
def exports_store() -> "ExportsStore":
    from mesonet.stores.exports import ExportsStore  # as with rejects: S3's client is large

    return ExportsStore(DERIVED_BUCKET, client=aws.client("s3"))


@cache
def export_queue() -> "ExportQueue":
    from mesonet.channels.export_queue import ExportQueue

    return ExportQueue(EXPORT_QUEUE_URL, client=aws.client("sqs"))


# What stations observe -----------------------------------------------------------------------------------------------------


def station_observations(request: Request, station_id: str) -> Response:
    asked = request.query
    kind = request.chosen(AS_TABLE)
    limit = read.whole_number(asked, "limit", default=1000, least=1, most=10_000)
    details = read.flag(asked, "details")
    times = instant.intervals(asked["datetime"]) if "datetime" in asked else None
    choice = units.choice(asked)
    place = cursors.read(request, int, int)
    known = observed(station_id)
    parameters = named(asked["parameters"].split(","), known) if "parameters" in asked else sorted(known)
    whole = times or [logic.last_day(known[name] for name in parameters)]
    left = whole if place is None else instant.cut(times or [Interval()], *place)  # the last day may have moved on meanwhile
    found = logic.observations(
        station_id,
        left,
        parameters,
        logic.Room(limit, logic.bytes_for(choice)),
        details=details,
        store=observations_store,
    )
    modified = found.changed
    if choice is not None:
        found = choice.observations(found)
    links = [request.here("self", asked)]
    if found.after is not None:
        links.append(cursors.next_page(request, [found.after, left[-1].end]))
    if kind == "csv":
        table = "".join(show.observations_csv(station_id, found, details=details))
        return Response(body=table, media_type=CSV, links=links, modified=modified)
    interval = Interval(whole[0].start, whole[-1].end) if times or known else None
    body = show.observations_json(station_id, interval, found, details=details, links=links)
    return Response(body=body, links=links, modified=modified)


app.get(
    "/stations/{station_id}/observations",
    query=("datetime", "parameters", "units", "limit", "cursor", "details", WHOLE, "f"),
    elsewhere=("POST",),
)(exporting(station_observations, TABLE_PAGES, hand_over=hand_over))


def observed(station_id: str) -> dict[str, LatestValue]:
    """The newest values of a station that there is: whoever observed something is there without being looked up."""
    values = latest_store.get(station_id)
    if not values:
        stations_store.get(station_id)
    return values


type Question = tuple[str | None, ...]


def weight(question: Question, item: Item | None, answer: Response) -> int:
    """Bytes in memory, about, with the compressed form that it may come to have: a question may be longer than its answer."""
    return 3_000 + weight_of(item) + 4 * sum(map(len, filter(None, question))) + getsizeof(answer.body) * 3 // 2


latest_written: Unchanged[Question, Item | None, Response] = Unchanged(weight=weight, most=10_000_000)


@app.get("/stations/{station_id}/observations/latest", query=("parameters", "units", "f"))
def latest_observations(request: Request, station_id: str) -> Response:
    asked = request.query
    kind = request.chosen(AS_TABLE)
    choice = units.choice(asked)

    def written(item: Item | None) -> Response:
        values = values_of(item)
        if "parameters" in asked:
            values = {name: values[name] for name in named(asked["parameters"].split(","), values)}
        if choice is not None:
            values = {name: choice.latest(name, value) for name, value in values.items()}
        modified = max(map(changed, {value.order for value in values.values()}), default=None)
        if kind == "csv":
            return Response(body="".join(show.latest_csv(station_id, values)), media_type=CSV, modified=modified)
        links = _station_links_json(request.base_url, station_id)
        return Response(body=show.latest_json(station_id, values, links), modified=modified)

    question = (station_id, asked.get("parameters"), asked.get("units"), kind, request.base_url)
    item = latest_store.as_kept(station_id)
    if item is None:
        stations_store.get(station_id)
    return latest_written(question, item, written)


# The service itself --------------------------------------------------------------------------------------------------------


@app.get("/health", query=("f",))
def health(request: Request) -> Response:
    """Whether what the API stands on answers; 503 where it does not."""
    request.chosen(AS_JSON)
    checks = {}
    for name, check in (
        ("catalogue", lambda: catalogue_shelf().files.get("health")),
        ("latest", lambda: latest_store.get("health")),
    ):
        try:
            check()
            checks[name] = "ok"
        except Unavailable as exc:
            checks[name] = exc.detail
    sound = all(state == "ok" for state in checks.values())
    document = {"status": "ok" if sound else "unavailable", "stage": STAGE, "release": RELEASE, "checks": checks}
    return Response(status=200 if sound else 503, body=dumps(document), cache="no-store")


@app.get("/openapi.json")
def openapi_31(request: Request) -> Response:
    request.chosen({"openapi": _openapi().MEDIA_TYPE, "json": JSON})
    return Response(body=dumps(_openapi().document(request.base_url)), media_type=_openapi().MEDIA_TYPE)


@app.get("/api", query=("f",))
def openapi_document(request: Request) -> Response:
    """OpenAPI 3.1 unless 3.0 or a page is asked for, by `f` or the version in `Accept`."""
    openapi = _openapi()
    accept = request.headers.get("accept", "").replace(" ", "")
    kind = "3.0" if "f" not in request.query and "version=3.0" in accept else request.chosen(openapi.OFFERS)
    document = openapi.document(request.base_url)
    if kind == "html":
        from mesonet.web import html

        return html.answer("Mesonet weather API", document)
    if kind == "3.0":
        return Response(body=dumps(openapi.downgraded(document)), media_type=openapi.MEDIA_TYPE_30)
    return Response(body=dumps(document), media_type=openapi.MEDIA_TYPE)


def _openapi() -> ModuleType:
    from mesonet.functions.api_weather import openapi  # it is large, and hardly ever asked for

    return openapi


# The catalogue of files: imported when it is asked for, as all below ------------------------------------------------------


@cache
def catalogue_shelf() -> "catalogue.Shelf":
    from mesonet.functions.api_weather import catalogue
    from mesonet.stores.file_index import FileIndexStore
    from mesonet.stores.files import FilesStore
    from mesonet.stores.manifests import ManifestsStore
    from mesonet.stores.search import SearchEngine, SearchStore

    counters = FileIndexStore("", FILE_COUNTERS_TABLE, client=database)
    among = ManifestsStore(OBSERVATIONS_TABLE, client=database).stations_among
    search: SearchEngine = SearchStore(SEARCH_TABLE, client=database, counters=counters, among=among)
    if SEARCH_ENDPOINT:
        from mesonet.stores.opensearch import OpenSearchStore

        search = OpenSearchStore("mesonet", send=aws.http("es", SEARCH_ENDPOINT), among=among)
    return catalogue.Shelf(
        files=FilesStore(FILES_TABLE, client=database),
        counters=counters,
        search=search,
        stations=stations_store,
        cursors=cursors,
        rejects=rejects_store,
        archive=archive_store,
    )


@cache
def rejects_store() -> "RejectsStore":
    """Made when it is asked for: the client of S3 takes longer to import than all the rest, and few ask."""
    from mesonet.stores.rejects import RejectsStore

    return RejectsStore(DERIVED_BUCKET, client=aws.client("s3"))


@cache
def archive_store() -> "ArchiveStore":
    from mesonet.stores.archive import ArchiveStore  # as with rejects

    return ArchiveStore(client=aws.client("s3"))


def of_catalogue(name: str) -> Callable[..., Response]:
    def answer(request: Request, **parts: str) -> Response:
        from mesonet.functions.api_weather import catalogue

        found: Callable[..., Response] = getattr(catalogue, name)
        return found(request, shelf=catalogue_shelf(), **parts)

    return answer


app.get("/files", query=("station", "datetime", "format", "status", "limit", "cursor", "f"))(of_catalogue("list_files"))
app.get(
    "/search",
    query=(
        "q",
        "type",
        "station",
        "bbox",
        "datetime",
        "format",
        "standard_name",
        "status",
        "facets",
        "sort",
        "limit",
        "cursor",
        "f",
    ),
)(of_catalogue("find"))
app.get("/files/counts", query=("by", "f"))(of_catalogue("count_files"))
app.get("/files/{file_id}", query=("f",))(of_catalogue("one_file"))
app.get("/files/{file_id}/proposed-mapping", query=("f",))(of_catalogue("proposed_mapping"))
app.get("/files/{file_id}/rejects", query=("limit", "cursor", "f"))(of_catalogue("rejects_of_file"))
app.get("/files/{file_id}/content", query=("version", "f"))(of_catalogue("file_content"))


# OGC API - EDR and Features: imported when it is asked for, so that all else starts without it ---------------------------


@cache
def network_store() -> "NetworkStore":
    from mesonet.stores.network import NetworkStore

    return NetworkStore(OBSERVATIONS_TABLE, client=database)


@cache
def shelf() -> "Shelf":
    from mesonet.functions.api_weather.edr_documents import Shelf

    return Shelf(
        stations=stations_store,
        latest=latest_store,
        observations=observations_store,
        network=network_store(),
        cursors=cursors,
        license_url=LICENSE_URL,
    )


@app.get("/", query=("f",))
def landing(request: Request) -> Response:
    found: Response = documents().landing(request)
    return found


@app.get("/conformance", query=("f",))
def conformance(request: Request) -> Response:
    found: Response = documents().conformance(request)
    return found


def documents() -> ModuleType:
    from mesonet.functions.api_weather import edr_documents

    return edr_documents


def features() -> ModuleType:
    from mesonet.functions.api_weather import edr_features

    return edr_features


def data() -> ModuleType:
    from mesonet.functions.api_weather import edr

    return edr


def of_edr(module: Callable[[], ModuleType], name: str) -> Callable[..., Response]:
    def answer(request: Request, **parts: str) -> Response:
        found: Callable[..., Response] = getattr(module(), name)
        return found(request, shelf=shelf(), **parts)

    return answer


def with_owslibs_unit(answer: Callable[..., Response]) -> Callable[..., Response]:
    """OWSLib has no way to say the unit of a distance, and means metres. So say the pages and the file that it is led to."""

    def answered(request: Request, **parts: str) -> Response:
        if not request.query.keys() & {"within-units", "within_units"} and documents().by_owslib(request):
            request = replace(request, query={**request.query, "within-units": "m"})
        return answer(request, **parts)

    return answered


app.get("/collections", query=("bbox", "datetime", "f"))(of_edr(documents, "collections"))
EDR = "/collections/{collection_id}"
app.get(EDR, query=("f",))(of_edr(documents, "one_collection"))
for query, name, limit, more in (
    ("position", "position", "", ("coords",)),
    ("radius", "radius", "", ("coords", "within", "within-units", "within_units")),
    ("area", "area", str(edr_parameters.MOST_STATIONS), ("coords",)),
    ("locations/{location_id}", "one_location", "", ()),
):
    pages = Pages(offers=edr_parameters.FORMATS, files=edr_parameters.FILES, read_as="CoverageJSON", limit=limit)
    answers = exporting(of_edr(data, name), pages, hand_over=hand_over)
    app.get(f"{EDR}/{query}", query=(*more, WHOLE, *edr_parameters.COMMON))(
        with_owslibs_unit(answers) if query == "radius" else answers
    )
app.get(f"{EDR}/locations", query=edr_parameters.LISTS)(of_edr(features, "locations"))
app.get(f"{EDR}/items", query=edr_parameters.ITEMS)(of_edr(features, "items"))
app.get(f"{EDR}/items/{{item_id}}", query=("f",))(of_edr(features, "item"))


def collection(request: Request, features: list[dict[str, Any]], after: Sequence[Any] | None) -> Response:
    links = [request.here("self", request.query)]
    if after is not None:
        links.append(cursors.next_page(request, after))
    document = {"type": "FeatureCollection", "numberReturned": len(features), "features": features, "links": links}
    return Response(body=dumps(document), media_type=GEOJSON, links=links)


def station_links(request: Request, station_id: str) -> list[Link]:
    return _station_links(request.base_url, station_id)


@lru_cache(1_000)
def _station_links(base_url: str, station_id: str) -> list[Link]:
    path = f"stations/{quote(station_id, safe='')}"
    return [
        link(base_url, "self", path),
        link(base_url, "observations", f"{path}/observations"),
        link(base_url, "latest", f"{path}/observations/latest"),
        link(base_url, "files", "files", {"station": station_id}),
    ]


@lru_cache(1_000)
def _station_links_json(base_url: str, station_id: str) -> str:
    return dumps(_station_links(base_url, station_id))
