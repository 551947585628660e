"""ApiWeatherFunction: the weather API. A route reads its parameters, asks, and shows what it got."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from mesonet import aws, web
from mesonet.domain import instant
from mesonet.domain.file import LoadState, Status
from mesonet.domain.instant import Interval
from mesonet.errors import InvalidParameter, MesonetError, NotFound, Unavailable
from mesonet.functions.api_weather import logic, openapi
from mesonet.functions.api_weather import representations as show
from mesonet.stores.file_index import DIMENSIONS, FileIndexStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import RELEASE, STAGE, logger

database = aws.client("dynamodb")
catalogue = FilesStore(os.environ["FILES_TABLE"], client=database)
index = FileIndexStore(os.environ["FILE_INDEX_TABLE"], os.environ["FILE_COUNTERS_TABLE"], client=database)
observations_store = ObservationsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
latest_store = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations_store = StationsStore(os.environ["STATIONS_TABLE"], client=database)

app = APIGatewayRestResolver()

PUBLIC_URL = os.environ.get("PUBLIC_URL", "")
FORMATS_OF_TABLES = {"json": web.JSON, "csv": web.CSV}
FRESH = "public, max-age=60"  # a station reports every minute at best
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",  # public data, read only, without credentials
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, X-Correlation-Id",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


@logger.inject_lambda_context(clear_state=False)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    method = event["httpMethod"]
    if method == "OPTIONS":
        return {"statusCode": 204, "headers": EVERYWHERE | {"Access-Control-Max-Age": "86400"}, "body": ""}
    answer = app.resolve({**event, "httpMethod": "GET"} if method == "HEAD" else event, context)
    if method == "HEAD":
        answer["body"] = ""
    return dict(answer)


@app.get("/")
def home() -> Response[str]:
    web.only(query(), ("f",))
    paths = ("stations", "files", "health", "openapi.json")
    document = {
        "title": "Mesonet weather API",
        "description": "Stations, observations and files of a weather-station network.",
        "links": [link("self", ""), *(link(_relation(path), path) for path in paths)],
    }
    return answer(show.dumps(document), web.JSON)


@app.get("/stations")
def list_stations() -> Response[str]:
    asked = query()
    web.only(asked, ("bbox", "lat", "lon", "id", "name", "limit", "cursor", "f"))
    web.one_of(asked, "f", ("json", "geojson"))
    limit = web.whole_number(asked, "limit", default=100, least=1, most=1000)
    wanted = logic.StationFilter(bbox=web.bounding_box(asked), id_prefix=asked.get("id", ""), name_prefix=asked.get("name", ""))
    latitude, longitude = web.degrees(asked, "lat", most=90), web.degrees(asked, "lon", most=180)
    if latitude is None and longitude is None:
        page = logic.stations(wanted, limit, web.position(asked, str, str), store=stations_store)
        features = [show.feature(station, links=station_links(station.id)) for station in page.items]
        return answer(collection(features, asked, page.after), web.GEOJSON)
    if latitude is None or longitude is None:
        name = "lat" if latitude is None else "lon"
        raise InvalidParameter(name, "`lat` and `lon` belong together", allowed="degrees, both or none")
    if "cursor" in asked:
        raise InvalidParameter("cursor", "the nearest stations come on one page", allowed="a larger `limit`")
    near = logic.nearest(latitude, longitude, limit, wanted, store=stations_store)
    features = [show.feature(each, links=station_links(each.id), distance_m=distance) for distance, each in near]
    return answer(collection(features, asked, None), web.GEOJSON)


@app.get("/stations/<station_id>")
def one_station(station_id: str) -> Response[str]:
    web.only(query(), ("f",))
    web.one_of(query(), "f", ("json", "geojson"))
    station = stations_store.get(unquote(station_id))
    parameters = {
        name: show.parameter(name, value.unit) | {"first": instant.iso(value.since), "last": instant.iso(value.time)}
        for name, value in sorted(latest_store.get(station.id).items())
    }
    document = show.feature(station, links=station_links(station.id), parameters=parameters)
    return answer(show.dumps(document), web.GEOJSON)


@app.get("/stations/<station_id>/observations")
def station_observations(station_id: str) -> Response[str]:
    asked = query()
    web.only(asked, ("datetime", "parameters", "limit", "cursor", "details", "f"))
    kind = web.media_type(asked, header("Accept"), FORMATS_OF_TABLES, default="json")
    limit = web.whole_number(asked, "limit", default=1000, least=1, most=10_000)
    details = web.flag(asked, "details")
    interval = instant.interval(asked["datetime"]) if "datetime" in asked else None
    place = web.position(asked, int, int)
    station = stations_store.get(unquote(station_id))
    known = latest_store.get(station.id)
    parameters = logic.chosen(asked["parameters"].split(","), known) if "parameters" in asked else sorted(known)
    if interval is None:
        interval = logic.last_day(known[name] for name in parameters)
    start, end = place or (interval.start, interval.end)
    if not instant.EARLIEST <= start <= end <= instant.LATEST:
        raise InvalidParameter("cursor", "the cursor leads to no time that there is", value=asked.get("cursor"))
    found = logic.observations(station.id, Interval(start, end), parameters, limit, details=details, store=observations_store)
    links = [link("self", f"stations/{quote(station.id, safe='')}/observations", asked)]
    if found.after is not None:
        links.append(next_link(asked, [found.after, end]))
    if kind == "csv":
        return answer("".join(show.observations_csv(station.id, found, details=details)), web.CSV, links=links)
    return answer(show.observations_json(station.id, interval, found, details=details, links=links), web.JSON, links=links)


@app.get("/stations/<station_id>/observations/latest")
def latest_observations(station_id: str) -> Response[str]:
    asked = query()
    web.only(asked, ("parameters", "f"))
    kind = web.media_type(asked, header("Accept"), FORMATS_OF_TABLES, default="json")
    values = latest_store.get(unquote(station_id))
    station = stations_store.get(unquote(station_id))
    if "parameters" in asked:
        values = {name: values[name] for name in logic.chosen(asked["parameters"].split(","), values)}
    if kind == "csv":
        return answer("".join(show.latest_csv(station.id, values)), web.CSV)
    document = {
        "station": station.id,
        "parameters": {name: show.latest_value(name, value) for name, value in sorted(values.items())},
        "links": station_links(station.id),
    }
    return answer(show.dumps(document), web.JSON)


@app.get("/files")
def list_files() -> Response[str]:
    asked = query()
    web.only(asked, ("station", "datetime", "format", "status", "limit", "cursor", "f"))
    web.one_of(asked, "f", ("json",))
    status = web.one_of(asked, "status", [each.value for each in Status])
    wanted = logic.FileFilter(
        station=asked.get("station"),
        interval=instant.interval(asked["datetime"]) if "datetime" in asked else None,
        format=asked.get("format"),
        status=Status(status) if status else None,
    )
    limit = web.whole_number(asked, "limit", default=100, least=1, most=1000)
    page = logic.files(wanted, limit, web.position(asked, str, str), index=index)
    links = [link("self", "files", asked)]
    if page.after is not None:
        links.append(next_link(asked, page.after))
    lines = [show.file_line(each, links=[link("self", f"files/{each['id']}")]) for each in page.items]
    return answer(show.dumps({"count": len(lines), "files": lines, "links": links}), web.JSON, links=links, cache="no-cache")


@app.get("/files/counts")
def count_files() -> Response[str]:
    asked = query()
    web.only(asked, ("by", "f"))
    by = web.one_of(asked, "by", DIMENSIONS) or "status"
    counts = [
        {by: each.value, "files": each.files, "rows": each.rows, "bytes": each.bytes}
        for each in index.counts(by, newest_first=by == "day")
    ]
    return answer(
        show.dumps({"by": by, "counts": counts, "links": [link("self", "files/counts", asked)]}), web.JSON, cache="no-cache"
    )


@app.get("/files/<file_id>")
def one_file(file_id: str) -> Response[str]:
    web.only(query(), ("f",))
    web.one_of(query(), "f", ("json",))
    entry = catalogue.get(file_id)
    if entry is None:
        raise NotFound(f"there is no file {file_id!r} in the catalogue")
    links = [link("self", f"files/{file_id}")]
    if entry.loading.state is LoadState.LOADED:
        links += [link("station", f"stations/{quote(station, safe='')}") for station in list(entry.stations)[:20]]
    return answer(show.dumps(show.file_entry(entry, links=links)), web.JSON, cache="no-cache")


@app.get("/health")
def health() -> Response[str]:
    """Whether what the API stands on answers; 503 where it does not."""
    web.only(query(), ("f",))
    checks = {}
    for name, check in (("catalogue", lambda: catalogue.get("health")), ("latest", lambda: latest_store.get("health"))):
        try:
            check()
            checks[name] = "ok"
        except Unavailable as exc:
            checks[name] = exc.detail
    sound = all(state == "ok" for state in checks.values())
    document = {"status": "ok" if sound else "unavailable", "stage": STAGE, "release": RELEASE, "checks": checks}
    return answer(show.dumps(document), web.JSON, status=200 if sound else 503, cache="no-store")


@app.get("/openapi.json")
def openapi_document() -> Response[str]:
    web.only(query(), ("f",))
    return answer(show.dumps(openapi.document(base_url())), openapi.MEDIA_TYPE)


@app.exception_handler(MesonetError)  # type: ignore[untyped-decorator]  # Powertools leaves it untyped
def problem(error: MesonetError) -> Response[str]:
    return refusal(error)


def refusal(error: MesonetError) -> Response[str]:
    if error.status >= 500:
        logger.error("request failed", detail=error.detail)
    else:
        logger.warning("request refused", code=error.code, detail=error.detail)
    body = web.problem(error, instance=app.current_event.path, correlation_id=correlation_id())
    headers = {"Retry-After": "2"} if error.status == 503 else {}
    return Response(
        status_code=error.status,
        content_type=web.PROBLEM,
        body=body,
        headers=EVERYWHERE | headers | {"Cache-Control": "no-store", "X-Correlation-Id": correlation_id()},
    )


@app.not_found
def nothing_here(_: NotFoundError) -> Response[str]:
    paths = ", ".join(sorted(openapi.document("")["paths"]))
    return refusal(NotFound(f"there is nothing at {app.current_event.path}; there is {paths}"))


def answer(
    body: str,
    content_type: str,
    *,
    links: show.Links | None = None,
    status: int = 200,
    cache: str = FRESH,
) -> Response[str]:
    """The representation with its ETag, or 304 where the client has it already (RFC 9110, 13.1.2)."""
    tag = web.etag(body)
    headers: dict[str, Any] = EVERYWHERE | {"ETag": tag, "Cache-Control": cache, "X-Correlation-Id": correlation_id()}
    if links:
        headers["Link"] = ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"' for each in links)
    known = [each.strip().removeprefix("W/") for each in (header("If-None-Match") or "").split(",")]
    if status == 200 and (tag in known or "*" in known):
        return Response(status_code=304, content_type=content_type, body="", headers=headers)
    return Response(status_code=status, content_type=content_type, body=body, headers=headers)


def collection(features: list[dict[str, Any]], asked: Mapping[str, str], after: list[Any] | None) -> str:
    links = [link("self", "stations", asked)]
    if after is not None:
        links.append(next_link(asked, after))
    return show.dumps({"type": "FeatureCollection", "numberReturned": len(features), "features": features, "links": links})


def query() -> dict[str, str]:
    return dict(app.current_event.query_string_parameters or {})


def header(name: str) -> str | None:
    return app.current_event.headers.get(name)


def correlation_id() -> str:
    return str(app.current_event.request_context.request_id)


def station_links(station_id: str) -> show.Links:
    path = f"stations/{quote(station_id, safe='')}"
    return [
        link("self", path),
        link("observations", f"{path}/observations"),
        link("latest", f"{path}/observations/latest"),
        link("files", "files", {"station": station_id}),
    ]


def next_link(asked: Mapping[str, str], after: list[Any]) -> dict[str, str]:
    path = app.current_event.path.strip("/")
    return link("next", path, {**asked, "cursor": web.cursor(after, asked)})


def link(rel: str, path: str, asked: Mapping[str, str] | None = None) -> dict[str, str]:
    found = f"?{urlencode(asked)}" if asked else ""
    return {"rel": rel, "href": f"{base_url()}/{path}{found}"}


def _relation(path: str) -> str:
    return {"openapi.json": "service-desc", "health": "status"}.get(path, path)


def base_url() -> str:
    """The API as the client sees it: scheme, host and the path in front of ours."""
    if PUBLIC_URL:
        return PUBLIC_URL
    event = app.current_event
    scheme = header("X-Forwarded-Proto") or "http"  # API Gateway always says it
    whole = str(event.request_context.path or event.path)
    prefix = whole[: -len(event.path)] if whole.endswith(event.path) else ""
    return f"{scheme}://{header('Host')}{prefix.rstrip('/')}"
