"""The OpenAPI document of the weather API: 3.1, and the same in the words of 3.0."""

from typing import Any

from mesonet.domain import export
from mesonet.domain.file import FileChange, Status
from mesonet.domain.parameter import METHODS
from mesonet.domain.reporting import StationState
from mesonet.domain.search import FACETS, Kind, Sort
from mesonet.domain.upload import MOST_BYTES, MOST_KEY_BYTES
from mesonet.functions.api_weather import collection, openapi_writing
from mesonet.functions.api_weather.queries import CRS, WITHIN_UNITS
from mesonet.stores.file_index import DIMENSIONS

MEDIA_TYPE = collection.OPENAPI_31
MEDIA_TYPE_30 = collection.OPENAPI_30
OFFERS = {"3.1": MEDIA_TYPE, "3.0": MEDIA_TYPE_30, "json": "application/json", "html": collection.HTML}
VERSION = "1.1.0"


def document(server: str) -> dict[str, Any]:
    """`server` is the address in front of all paths."""
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Mesonet weather API",
            "version": VERSION,
            "summary": "Stations, observations and files of a weather-station network.",
            "description": (
                "Parameters carry CF standard names, units are UCUM, quality flags QARTOD. Times are UTC. "
                "Errors are problem documents (RFC 9457) with a correlation id; every answer that is no error has an ETag."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server or "/"}],
        "tags": [
            {"name": "capabilities", "description": "What the API offers (OGC API)"},
            {"name": "data", "description": "Observations by place (OGC API - EDR), stations as features (OGC API - Features)"},
            {"name": "stations", "description": "Who observes, and where"},
            {"name": "observations", "description": "What was observed"},
            {"name": "network", "description": "All stations at a glance"},
            {"name": "files", "description": "What arrived, and what became of it"},
            {"name": "subscriptions", "description": "Being told of files; with an operator's key"},
            {"name": "service", "description": "The API itself"},
        ],
        "paths": {
            "/": _get("getLandingPage", "capabilities", "Links to all there is", _document("Landing", "Landing"), _documents()),
            "/conformance": _get(
                "getConformance",
                "capabilities",
                "Standards that the API conforms to",
                _document("Classes", "Conformance"),
                _documents(),
            ),
            "/api": _get(
                "getApi",
                "capabilities",
                "This document, in OpenAPI 3.1 or 3.0, or as a page",
                _content(
                    "The API's definition",
                    (MEDIA_TYPE, {"type": "object"}),
                    (MEDIA_TYPE_30, {"type": "object"}),
                    ("text/html", {"type": "string"}),
                ),
                _formats("3.1", "3.0", "html"),
            ),
            "/collections": _get(
                "getCollections", "capabilities", "Collections of data", _document("Collections", "Collections"), _documents()
            ),
            "/collections/{collection_id}": _get(
                "getCollection",
                "capabilities",
                "One collection: its extent, parameters and queries",
                _document("The collection", "Collection"),
                _COLLECTION,
                _documents(),
                found=True,
            ),
            "/collections/{collection_id}/position": _data(
                "queryPosition",
                "What the station nearest to a point observed, of those that observe what is asked for",
                _COORDS_POINT,
            ),
            "/collections/{collection_id}/radius": _data(
                "queryRadius",
                "What stations around a point observed, the nearest first; `limit` leaves the nearest so many",
                _COORDS_POINT,
                _required(_query("within", "Distance from `coords`", "50000")),
                _choice("within-units", "Unit of `within`; without it metres", list(WITHIN_UNITS)),
            ),
            "/collections/{collection_id}/area": _data(
                "queryArea",
                "What stations in a polygon observed",
                _required(
                    _query(
                        "coords", "POLYGON or MULTIPOLYGON, well-known text", "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))"
                    )
                ),
            ),
            "/collections/{collection_id}/locations": _get(
                "listLocations",
                "data",
                "Stations that can be asked for, with their parameters",
                _features("Stations"),
                _COLLECTION,
                *_LISTS,
                found=True,
            ),
            "/collections/{collection_id}/locations/{location_id}": _data(
                "queryLocation", "What one station observed", _path("location_id", "EWR")
            ),
            "/collections/{collection_id}/items": _get(
                "listItems", "data", "Stations as features", _features("Stations"), _COLLECTION, *_LISTS, found=True
            ),
            "/collections/{collection_id}/items/{item_id}": _get(
                "getItem",
                "data",
                "One station as a feature",
                _content(
                    "The station",
                    ("application/geo+json", {"$ref": "#/components/schemas/Location"}),
                    ("text/html", {"type": "string"}),
                ),
                _COLLECTION,
                _path("item_id", "EWR"),
                _formats("GeoJSON", "html"),
                found=True,
            ),
            "/stations": _get(
                "listStations",
                "stations",
                "Stations in a box, nearest to a place, or by the start of identifier or name",
                _geojson("Stations", "#/components/schemas/Stations"),
                _bbox("west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
                _number("lat", "Degrees north: with `lon`, the nearest stations come first, with `distance_m`", 90),
                _number("lon", "Degrees east", 180),
                _query("id", "Start of the identifier", "JF"),
                _query("name", "Start of the name, in any case", "john"),
                _limit(100, 1000),
                _CURSOR,
                _formats("json", "geojson"),
            ),
            "/points/{latitude},{longitude}/stations": _get(
                "listNearestStations",
                "stations",
                "The stations nearest to a point, the nearest first, with their distance",
                _geojson("Stations", "#/components/schemas/Stations"),
                _degrees_in_path("latitude", 40.7, 90),
                _degrees_in_path("longitude", -74.0, 180),
                _limit(10, 1000),
                _formats("json", "geojson"),
            ),
            "/stations/{station_id}": _get(
                "getStation",
                "stations",
                "One station with the parameters that it observes",
                _geojson("The station", "#/components/schemas/Station"),
                _path("station_id", "EWR"),
                _formats("json", "geojson"),
                found=True,
            ),
            "/stations/{station_id}/observations": _get(
                "listObservations",
                "observations",
                "Observations of a station, column by column; without `datetime` its last 24 hours",
                _table("Observations", "#/components/schemas/Observations") | _EXPORTED,
                _path("station_id", "EWR"),
                _DATETIME,
                _PARAMETERS,
                _UNITS,
                _limit(1000, 10_000),
                _CURSOR,
                _WHOLE,
                _boolean("details", "With quality flags and texts as received"),
                _formats("json", "csv"),
                found=True,
            ),
            "/stations/{station_id}/observations/latest": _get(
                "getLatest",
                "observations",
                "The newest value that is not missing of each parameter, each with its own time",
                _table("Latest values", "#/components/schemas/Latest"),
                _path("station_id", "EWR"),
                _PARAMETERS,
                _UNITS,
                _formats("json", "csv"),
                found=True,
            ),
            "/stations/{station_id}/days": _get(
                "listDays",
                "observations",
                "A station by the day (UTC): count, lowest, mean, highest and sum of values; without `datetime` its last year",
                _json("Days", "#/components/schemas/Days"),
                _path("station_id", "EWR"),
                _DATETIME,
                _PARAMETERS,
                found=True,
            ),
            "/network": _get(
                "getNetwork",
                "network",
                "How the network is doing: stations by state, arrivals by the hour, dead letters, reasons of rejects",
                _json("The network", "#/components/schemas/Network"),
                _AS_OF,
                _query_number("hours", "Of how many hours arrivals are counted", 1, 168, 48),
            ),
            "/network/latest": _get(
                "getNetworkLatest",
                "network",
                "All stations with their state and, of one parameter, their latest value, column by column: what a map shows",
                _json("The stations", "#/components/schemas/NetworkLatest"),
                _query(
                    "parameter", "Standard name, or identifier, of a parameter that some station observes", "air_temperature"
                ),
                _AS_OF,
            ),
            "/network/history": _get(
                "getNetworkHistory",
                "network",
                "Each hour's last value of all stations, or of the first thousand in a box; without `datetime` the last day",
                _json("The hours", "#/components/schemas/NetworkHistory"),
                _query(
                    "parameter", "Standard name, or identifier, of a parameter that some station observes", "air_temperature"
                )
                | {"required": True},
                _query("datetime", "An interval of at most seven days", "2013-12-30/2013-12-30"),
                _bbox("west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
                found=True,
            ),
            "/files": _get(
                "listFiles",
                "files",
                "Files of the catalogue, the last that arrived first",
                _json("Files", "#/components/schemas/Files"),
                _query("station", "Identifier of a station in the file", "EWR"),
                _DATETIME,
                _query("format", "Name of a format", "csv"),
                _choice("status", "What became of the file", [status.value for status in Status]),
                _limit(100, 1000),
                _CURSOR,
                _formats("json"),
            ),
            "/files/counts": _get(
                "countFiles",
                "files",
                "How many files, rows and bytes there are",
                _json("Counts", "#/components/schemas/Counts"),
                _choice("by", "What to count by", list(DIMENSIONS)),
            ),
            "/files/{file_id}": _get(
                "getFile",
                "files",
                "All that is known of a file: what was understood, what was rejected and why, whether it is loaded",
                _json("The file", "#/components/schemas/File"),
                _path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
                _formats("json"),
                found=True,
            ),
            "/files/{file_id}/proposed-mapping": _get(
                "getProposedMapping",
                "files",
                "A mapping file for a table that has none, as far as its names, units and values tell; put it beside the table",
                _json("The mapping file", "#/components/schemas/Mapping"),
                _path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
                _formats("json"),
                found=True,
            ),
            "/files/{file_id}/rejects": _get(
                "listRejects",
                "files",
                "Every row or field of a file that was not taken: where it is, what stood there, and why",
                _table("Rejects", "#/components/schemas/Rejects"),
                _path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
                _limit(1000, 10_000),
                _CURSOR,
                _formats("json", "csv"),
                found=True,
            ),
            "/files/{file_id}/content": _get(
                "getContent",
                "files",
                "The bytes as they came: leads to where they can be fetched for a quarter of an hour",
                {"307": {"description": "There they are", "headers": {"Location": {"schema": {"type": "string"}}}}},
                _path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
                _query(
                    "version",
                    "Version of the object, if not the newest",
                    "3sL4kqtJlcpXroDTDm",
                ),
                _formats("json"),
                found=True,
            ),
            "/subscriptions": _writing(
                "post",
                "createSubscription",
                "subscriptions",
                "To be told of files: by e-mail, a queue, a function, or a webhook, which has to confirm. "
                "The same wish again is answered with the subscription that there is; only the first answer has the secret",
                {
                    "201": _json("It is new", "#/components/schemas/Subscription")["200"],
                    "200": _json("It was there", "#/components/schemas/Subscription")["200"],
                    "409": {"$ref": "#/components/responses/Conflict"},
                },
                body="#/components/schemas/Wish",
            )
            | _writing(
                "get",
                "listSubscriptions",
                "subscriptions",
                "One's own subscriptions",
                _json("They are", "#/components/schemas/Subscriptions"),
            ),
            "/subscriptions/{subscription_id}": _writing(
                "get",
                "getSubscription",
                "subscriptions",
                "One's own subscription, and how it fares",
                _json("It is", "#/components/schemas/Subscription") | {"404": {"$ref": "#/components/responses/NotFound"}},
                _path("subscription_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
            )
            | _writing(
                "delete",
                "deleteSubscription",
                "subscriptions",
                "To be told no more",
                {"204": {"description": "It is gone"}, "404": {"$ref": "#/components/responses/NotFound"}},
                _path("subscription_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
            ),
            "/search": _get(
                "search",
                "files",
                "Files and stations by words and properties; everything that is given has to fit",
                _json("What fits", "#/components/schemas/Found"),
                _query(
                    "q",
                    "Words of the key, of stations or their names, of standard names; `new*` is every word that begins so. "
                    "Case, accents and signs between words do not matter",
                    "weather 2013",
                ),
                _choice("type", "Only files, or only stations", [kind.value for kind in Kind]),
                _query("station", "Identifier of a station", "EWR"),
                _bbox("west,south,east,north in degrees (WGS 84): where a station of the file is"),
                _DATETIME,
                _query("format", "Name of a format", "csv"),
                _query("standard_name", "CF standard name of a parameter in the file", "air_temperature"),
                _choice(
                    "status", "What became of the file; deleted ones only if asked for", [status.value for status in Status]
                ),
                _query(
                    "facets",
                    f"What to count all that fits by, with commas between ({', '.join(FACETS)}); on the first page",
                    "format,station",
                ),
                _choice("sort", "Order; `-` is descending", [sort.value for sort in Sort]),
                _limit(20, 1000),
                _CURSOR,
                _formats("json"),
            ),
            "/uploads": {
                "post": {
                    "operationId": "announceUpload",
                    "tags": ["files"],
                    "summary": "A form with which one file can be sent straight into the archive, within minutes",
                    "description": (
                        "Send the form's `fields` and, after them, the file as `file` to `url` (multipart/form-data); "
                        "`/files/{file_id}` tells what becomes of it."
                    ),
                    "parameters": [],
                    "security": [{"operatorKey": []}],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": _object(
                                    ["key", "size"],
                                    key={"type": "string", "minLength": 1, "maxLength": MOST_KEY_BYTES},
                                    size={"type": "integer", "minimum": 0, "maximum": MOST_BYTES},
                                )
                                | {"additionalProperties": False}
                            }
                        },
                    },
                    "responses": {
                        "201": _json("The form", "#/components/schemas/UploadForm")["200"],
                        "400": {"$ref": "#/components/responses/BadRequest"},
                        "401": {"$ref": "#/components/responses/Unauthorized"},
                        "403": {"$ref": "#/components/responses/Forbidden"},
                        "413": {"$ref": "#/components/responses/BodyTooLarge"},
                        "415": {"$ref": "#/components/responses/UnsupportedMediaType"},
                        "503": {"$ref": "#/components/responses/Unavailable"},
                    },
                }
            },
            "/exports/{export_id}": _get(
                "getExport",
                "observations",
                "A file that is made of all pages of an answer; it is kept for two days",
                _EXPORTED,
                _path("export_id", "0" * 32),
                _formats("json"),
                found=True,
            ),
            "/health": _get(
                "getHealth",
                "service",
                "Whether what the API stands on answers",
                _json("It does", "#/components/schemas/Health")
                | {"503": _json("It does not", "#/components/schemas/Health")["200"]},
            ),
            "/openapi.json": _get(
                "getOpenApi",
                "service",
                "This document",
                {"200": {"description": "OpenAPI 3.1", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
            ),
        },
        "components": {
            "schemas": _SCHEMAS | openapi_writing.SCHEMAS,
            "responses": _RESPONSES | openapi_writing.RESPONSES,
            "securitySchemes": _SECURITY,
        },
    }
    for path, operations in openapi_writing.PATHS.items():
        described["paths"].setdefault(path, {}).update(operations)
    return described


def downgraded(document: Any) -> Any:
    """The document in OpenAPI 3.0, which has an older JSON Schema."""
    if isinstance(document, list):
        return [downgraded(each) for each in document]
    if not isinstance(document, dict):
        return document
    if document.get("openapi", "").startswith("3.1") if isinstance(document.get("openapi"), str) else False:
        info = {name: value for name, value in document["info"].items() if name != "summary"}
        info["license"] = {"name": info["license"]["name"]}
        document = {**document, "openapi": "3.0.3", "info": info}
    found = {}
    for name, value in document.items():
        if name == "type" and isinstance(value, list):
            (found["type"],) = (each for each in value if each != "null")
            found["nullable"] = True
        elif name == "const":
            found |= {"type": "string", "enum": [value]}
        elif name == "oneOf" and {"type": "null"} in value:
            rest = [downgraded(each) for each in value if each != {"type": "null"}]
            found |= {"nullable": True, "allOf": rest} if len(rest) == 1 else {"nullable": True, "oneOf": rest}
        else:
            found[name] = downgraded(value)
    return found


_EXPORTED = {
    "202": {
        "description": "The file to which 303 has led is being made: ask again after `Retry-After` seconds",
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Export"}}},
    },
    "303": {
        "description": "It is to be had there",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
    },
}


def _data(operation: str, summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """A data query of EDR."""
    content = (
        ("application/vnd.cov+json", {"$ref": "#/components/schemas/CoverageJSON"}),
        ("application/geo+json", {"$ref": "#/components/schemas/SeriesCollection"}),
        ("text/csv", {"type": "string"}),
        ("application/vnd.apache.parquet", {"type": "string"}),
    )
    answers = _content("Observations", *content) | _EXPORTED
    answers["204"] = {"description": "There is nothing at that place and time"}
    return _get(operation, "data", summary, answers, _COLLECTION, *parameters, *_QUERY, found=True)


def _get(
    operation: str, tag: str, summary: str, answers: dict[str, Any], *parameters: dict[str, Any], found: bool = False
) -> dict[str, Any]:
    problems = {
        "400": {"$ref": "#/components/responses/BadRequest"},
        "406": {"$ref": "#/components/responses/NotAcceptable"},
        "503": {"$ref": "#/components/responses/Unavailable"},
    }
    if found:
        problems["404"] = {"$ref": "#/components/responses/NotFound"}
    responses = {**problems, **answers, "304": {"description": "What the client has is what there is"}}
    return {
        "get": {
            "operationId": operation,
            "tags": [tag],
            "summary": summary,
            "parameters": list(parameters),
            "responses": dict(sorted(responses.items())),
        }
    }


def _writing(
    method: str,
    operation: str,
    tag: str,
    summary: str,
    answers: dict[str, Any],
    *parameters: dict[str, Any],
    body: str = "",
) -> dict[str, Any]:
    """An operation that needs an operator's key."""
    problems = {
        "400": {"$ref": "#/components/responses/BadRequest"},
        "401": {"$ref": "#/components/responses/Unauthorized"},
        "403": {"$ref": "#/components/responses/Forbidden"},
        "503": {"$ref": "#/components/responses/Unavailable"},
    }
    described: dict[str, Any] = {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "security": [{"operatorKey": []}],
        "parameters": list(parameters),
        "responses": dict(sorted({**problems, **answers}.items())),
    }
    if body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"$ref": body}}}}
        described["responses"] |= {
            "413": {"$ref": "#/components/responses/BodyTooLarge"},
            "415": {"$ref": "#/components/responses/UnsupportedMediaType"},
        }
    return {method: described}


def _content(description: str, *kinds: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"200": {"description": description, "content": {kind: {"schema": schema} for kind, schema in kinds}}}


def _json(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/json", {"$ref": schema}))


def _document(description: str, schema: str) -> dict[str, Any]:
    return _content(
        description, ("application/json", {"$ref": f"#/components/schemas/{schema}"}), ("text/html", {"type": "string"})
    )


def _features(description: str) -> dict[str, Any]:
    return _content(
        description,
        ("application/geo+json", {"$ref": "#/components/schemas/Locations"}),
        ("text/html", {"type": "string"}),
    )


def _geojson(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/geo+json", {"$ref": schema}))


def _table(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/json", {"$ref": schema}), ("text/csv", {"type": "string"}))


def _query(name: str, description: str, example: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}, "example": example}


def _bbox(description: str) -> dict[str, Any]:
    """As OGC API - Features has it (7.15.3)."""
    schema = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    return {
        "name": "bbox",
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
        "example": [-75, 40, -73, 41],
    }


def _of_features(parameter: dict[str, Any]) -> dict[str, Any]:
    """With what OGC API - Features wants said, though it is so without (7.15.2, 7.15.4)."""
    return {**parameter, "required": False, "style": "form", "explode": False}


def _number(name: str, description: str, most: float) -> dict[str, Any]:
    schema = {"type": "number", "minimum": -most, "maximum": most}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _boolean(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "boolean", "default": False}}


def _choice(name: str, description: str, choices: list[str]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", "enum": choices}}


def _formats(*names: str) -> dict[str, Any]:
    return _choice("f", "Representation; goes before `Accept`", list(names))


def _documents() -> dict[str, Any]:
    return _formats("json", "html")


def _required(parameter: dict[str, Any]) -> dict[str, Any]:
    return {**parameter, "required": True}


def _degrees_in_path(name: str, example: float, most: float) -> dict[str, Any]:
    schema = {"type": "number", "minimum": -most, "maximum": most}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _limit(default: int, most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": "limit", "in": "query", "description": "At most so many on a page", "schema": schema}


def _query_number(name: str, description: str, least: int, most: int, default: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return {"name": name, "in": "query", "description": description, "schema": schema}


_AS_OF = _query("datetime", "Which instant states are seen from, instead of now", "2013-12-30T23:00:00Z")
_CURSOR = _query("cursor", "Where to go on: from the `next` link of an answer to the same query", "")
del _CURSOR["example"]
_WHOLE = _boolean(
    "whole",
    "All of the answer at once: where it has more than one page, as a file that is made first (303 to `/exports/{export_id}`)",
)
_DATETIME = _query(
    "datetime",
    "An instant; a date, month or year; or an interval a/b, a/.., ../b or a/P1D, both ends included",
    "2013-01-01/2013-01-31",
)
_PARAMETERS = _query(
    "parameters", "Standard names, or identifiers of parameters, with commas between", "air_temperature,wind_speed"
)

_UNITS = _query(
    "units",
    "Units of the values: `metric` (as they are kept), `us`, or name=unit (UCUM) for each parameter, commas between",
    "us",
)
_COLLECTION = {
    "name": "collection_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "example": collection.ID,
}
_COORDS_POINT = _required(_query("coords", "POINT, well-known text; longitude first", "POINT(-74.2 40.7)"))
_EDR_DATETIME = _query(
    "datetime",
    "An instant; a date, month or year; an interval a/b, a/.., ../b or a/P1D; or several of these with commas between. "
    "Without it each station's last 24 hours",
    "2013-01-01T00:00:00Z/2013-01-01T06:00:00Z",
)
_FILTERS = [
    _query(
        "parameter-name",
        "Identifiers of parameters with commas between; `*` stands for anything. (Also spelt parameter_name, parameter-names, "
        "parameter_names, parameters.)",
        "air_temperature,wind_speed",
    ),
    _query("standard_name", "CF standard names with commas between", "air_temperature"),
    _query("level", "Metres above ground: values, ranges 0/2, ../2, 10/.., or R3/0/1. (Also levels, z.)", "2"),
    _query("method", f"CF cell methods with commas between, of {', '.join(METHODS)}. (Also methods.)", "point"),
    _query("duration", "ISO 8601 durations: values, or ranges PT1M/PT1H, ../PT1H, PT6H/... (Also durations.)", "PT0S"),
]
_QUERY = [
    _EDR_DATETIME,
    *_FILTERS,
    _UNITS,
    _choice("crs", "Coordinate reference system of `coords` and of the answer", list(CRS)),
    {
        "name": "limit",
        "in": "query",
        "description": "At most so many stations; there are never more than 1000 in one answer",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 100},
    },
    _CURSOR,
    _WHOLE,
    _formats(*collection.OUTPUT_FORMATS, "Parquet"),
]
_LISTS = [
    _bbox("west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
    _of_features(_query("datetime", "Stations that have observations at these times", "2013-01-01/2013-01-31")),
    *_FILTERS,
    _choice("crs", "Coordinate reference system", list(CRS)),
    _of_features(
        {
            "name": "limit",
            "in": "query",
            "description": "At most so many on a page; more than 1000 are taken for 1000",
            "schema": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 100},
        }
    ),
    _CURSOR,
    _formats("GeoJSON", "html"),
]

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER_OR_NULL = {"type": ["number", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["rel", "href"],
        "properties": {"rel": _TEXT, "href": {"type": "string", "format": "uri-reference"}},
    },
}
_PARAMETER = {
    "standard_name": {"type": "string", "description": "CF standard name"},
    "level": {"type": "number", "description": "Metres above ground, negative below"},
    "method": {"type": "string", "description": "CF cell method"},
    "duration": {"type": "string", "description": "ISO 8601"},
    "unit": {"type": "string", "description": "UCUM"},
}
_QUALITY = {"type": "integer", "enum": [1, 2, 3, 4, 9], "description": "QARTOD: pass, not evaluated, suspect, fail, missing"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


_CLAIM = {"type": ["string", "null"], "enum": ["read", "inferred", "configured", None]}
_REJECTS = {
    "type": "array",
    "items": _object(["reason"], reason=_TEXT, row={"type": ["integer", "null"]}, column=_TEXT_OR_NULL, value=_TEXT_OR_NULL),
}

_SUMMARY: dict[str, Any] = {
    "id": _TEXT,
    "bucket": _TEXT,
    "key": _TEXT,
    "version_id": _TEXT_OR_NULL,
    "status": {"type": "string", "enum": [status.value for status in Status]},
    "size": _COUNT,
    "rows": _COUNT,
    "rejected": _COUNT,
    "station_count": _COUNT,
    "first": {"type": ["string", "null"], "format": "date-time"},
    "last": {"type": ["string", "null"], "format": "date-time"},
    "received_at": {"type": "string", "format": "date-time"},
    "links": _LINKS,
}

_POINT = {
    "oneOf": [
        {"type": "null"},
        _object(
            ["type", "coordinates"],
            type={"const": "Point"},
            coordinates={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
        ),
    ]
}
_EDR_PARAMETER = _object(
    ["type", "observedProperty"],
    type={"const": "Parameter"},
    id=_TEXT,
    label=_TEXT,
    description=_TEXT,
    unit={"type": "object"},
    observedProperty={"type": "object"},
    measurementType=_object(["method", "duration"], method=_TEXT, duration=_TEXT),
)
_NDARRAY = _object(
    ["type", "dataType", "values"],
    type={"const": "NdArray"},
    dataType={"type": "string", "enum": ["float"]},
    axisNames={"type": "array", "items": _TEXT},
    shape={"type": "array", "items": {"type": "integer", "minimum": 0}},
    values={"type": "array", "items": _NUMBER_OR_NULL},
)
_STATES = [state.value for state in StationState]
_STATE = {
    "type": "string",
    "enum": _STATES,
    "description": "Seen from `time`: late after `late_after`, silent after `silent_after`",
}
_CLOCK: dict[str, Any] = {
    "time": {"type": "string", "format": "date-time"},
    "newest": {"type": ["string", "null"], "format": "date-time"},
    "late_after": _TEXT,
    "silent_after": _TEXT,
}

_SCHEMAS: dict[str, Any] = {
    "Export": _object(
        ["id", "status", "kind", "asked_at", "links"],
        id=_TEXT,
        status={"const": "working"},
        kind={"type": "string", "enum": [each.value for each in export.Kind]},
        asked_at={"type": "string", "format": "date-time"},
        links=_LINKS,
    ),
    "Landing": _object(["links"], title=_TEXT, description=_TEXT, links=_LINKS),
    "Conformance": _object(["conformsTo"], conformsTo={"type": "array", "items": {"type": "string", "format": "uri"}}),
    "Collections": _object(
        ["links", "collections"],
        links=_LINKS,
        collections={"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
    ),
    "Collection": _object(
        ["id", "links", "extent", "data_queries", "parameter_names", "crs", "output_formats"],
        id=_TEXT,
        title={"type": "string", "maxLength": 50},
        description=_TEXT,
        links=_LINKS,
        extent=_object(
            ["spatial"], spatial={"type": "object"}, temporal={"type": "object"}, custom={"type": "array", "items": {}}
        ),
        data_queries={"type": "object"},
        parameter_names={"type": "object", "additionalProperties": _EDR_PARAMETER},
        crs={"type": "array", "items": _TEXT},
        output_formats={"type": "array", "items": _TEXT},
    ),
    "Location": _object(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=_TEXT,
        geometry=_POINT,
        properties=_object(
            ["name", "parameter-name", "edrqueryendpoint"],
            name=_TEXT,
            edrqueryendpoint={"type": "string", "format": "uri"},
            **{"parameter-name": {"type": "array", "items": _TEXT}},
        ),
        links=_LINKS,
    ),
    "Locations": _object(
        ["type", "features", "links"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        parameters={"type": "array", "items": _EDR_PARAMETER},
        features={"type": "array", "items": {"$ref": "#/components/schemas/Location"}},
        links=_LINKS,
    ),
    "SeriesCollection": _object(
        ["type", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        parameters={"type": "array", "items": _EDR_PARAMETER},
        features={
            "type": "array",
            "items": _object(
                ["type", "id", "geometry", "properties"],
                type={"const": "Feature"},
                id=_TEXT,
                geometry=_POINT,
                properties=_object(
                    ["time", "values", "edrqueryendpoint"],
                    time={"type": "array", "items": {"type": "string", "format": "date-time"}},
                    values={"type": "object", "additionalProperties": {"type": "array", "items": _NUMBER_OR_NULL}},
                    edrqueryendpoint={"type": "string", "format": "uri"},
                ),
            ),
        },
        links=_LINKS,
    ),
    "CoverageJSON": {
        "oneOf": [{"$ref": "#/components/schemas/Coverage"}, {"$ref": "#/components/schemas/CoverageCollection"}],
    },
    "Coverage": _object(
        ["type", "domain", "parameters", "ranges"],
        type={"const": "Coverage"},
        id=_TEXT,
        domain=_object(
            ["type", "axes"], type={"const": "Domain"}, axes={"type": "object"}, referencing={"type": "array", "items": {}}
        ),
        parameters={"type": "object", "additionalProperties": {"type": "object"}},
        ranges={"type": "object", "additionalProperties": _NDARRAY},
        links=_LINKS,
    ),
    "CoverageCollection": _object(
        ["type", "coverages"],
        type={"const": "CoverageCollection"},
        parameters={"type": "object", "additionalProperties": {"type": "object"}},
        coverages={"type": "array", "items": {"$ref": "#/components/schemas/Coverage"}},
        links=_LINKS,
    ),
    "Station": _object(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=_TEXT,
        geometry={
            "oneOf": [
                {"type": "null"},
                _object(
                    ["type", "coordinates"],
                    type={"const": "Point"},
                    coordinates={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
                ),
            ]
        },
        properties=_object(
            ["name"],
            name=_TEXT_OR_NULL,
            wigos_station_identifier=_TEXT_OR_NULL,
            elevation_m=_NUMBER_OR_NULL,
            timezone=_TEXT_OR_NULL,
            distance_m={"type": "number", "minimum": 0},
            parameters={"type": "object", "additionalProperties": _object(["standard_name", "unit"], **_PARAMETER)},
        ),
        links=_LINKS,
    ),
    "Stations": _object(
        ["type", "numberReturned", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        features={"type": "array", "items": {"$ref": "#/components/schemas/Station"}},
        links=_LINKS,
    ),
    "Observations": _object(
        ["station", "interval", "count", "time", "parameters", "links"],
        station=_TEXT,
        interval=_object(["start", "end"], start=_TEXT, end=_TEXT),
        count=_COUNT,
        time={"type": "array", "items": {"type": "string", "format": "date-time"}},
        parameters={
            "type": "object",
            "additionalProperties": _object(
                ["standard_name", "unit", "values"],
                **_PARAMETER,
                values={"type": "array", "items": _NUMBER_OR_NULL},
                quality={"type": "array", "items": _QUALITY},
                received={"type": "array", "items": _TEXT},
                unit_received=_TEXT,
                tests={
                    "type": "array",
                    "items": _TEXT,
                    "description": "Names of the tests that flagged each value; only where one was flagged",
                },
            ),
        },
        links=_LINKS,
    ),
    "Latest": _object(
        ["station", "parameters", "links"],
        station=_TEXT,
        parameters={
            "type": "object",
            "additionalProperties": _object(
                ["standard_name", "unit", "time", "value", "quality"],
                **_PARAMETER,
                time={"type": "string", "format": "date-time"},
                value={"type": "number"},
                quality=_QUALITY,
                received=_TEXT,
                unit_received=_TEXT,
                file={"type": "string", "description": "Identifier of the file that brought it"},
            ),
        },
        links=_LINKS,
    ),
    "Days": _object(
        ["station", "interval", "date", "parameters", "links"],
        station=_TEXT,
        interval=_object(["start", "end"], start=_TEXT, end=_TEXT),
        date={"type": "array", "items": {"type": "string", "format": "date"}},
        parameters={
            "type": "object",
            "additionalProperties": _object(
                ["standard_name", "unit", "count", "suspect", "minimum", "mean", "maximum", "total"],
                **_PARAMETER,
                count={"type": "array", "items": _COUNT},
                suspect={"type": "array", "items": _COUNT},
                **{name: {"type": "array", "items": _NUMBER_OR_NULL} for name in ("minimum", "mean", "maximum", "total")},
            ),
        },
        links=_LINKS,
    ),
    "Network": _object(
        [*_CLOCK, "stations", "attention", "files", "arrivals", "dead_letters", "rejects", "links"],
        **_CLOCK,
        stations=_object(["total", *_STATES], total=_COUNT, **dict.fromkeys(_STATES, _COUNT)),
        attention={
            "type": "array",
            "items": _object(["id", "state"], id=_TEXT, name=_TEXT_OR_NULL, state=_STATE, newest=_TEXT_OR_NULL),
        },
        files={
            "type": "array",
            "items": _object(["status", "files", "rows", "bytes"], status=_TEXT, files=_COUNT, rows=_COUNT, bytes=_COUNT),
        },
        arrivals={
            "type": "array",
            "items": _object(["start", "files", "rows", "bytes"], start=_TEXT, files=_COUNT, rows=_COUNT, bytes=_COUNT),
        },
        dead_letters={
            "type": "array",
            "items": _object(["queue", "messages", "what"], queue=_TEXT, messages=_COUNT, what=_TEXT),
        },
        rejects=_object(
            ["files", "since", "reasons"],
            files=_COUNT,
            since=_TEXT_OR_NULL,
            reasons={"type": "array", "items": _object(["reason", "rows", "files"], reason=_TEXT, rows=_COUNT, files=_COUNT)},
        ),
        links=_LINKS,
    ),
    "NetworkLatest": _object(
        [*_CLOCK, "count", "parameters", "parameter", "stations", "links"],
        **_CLOCK,
        count=_COUNT,
        parameters={
            "type": "object",
            "additionalProperties": _object(["standard_name", "unit", "stations"], **_PARAMETER, stations=_COUNT),
        },
        parameter={"oneOf": [{"type": "null"}, _object(["id", "unit"], id=_TEXT, **_PARAMETER)]},
        stations=_object(
            ["id", "name", "longitude", "latitude", "elevation_m", "newest", "state"],
            id={"type": "array", "items": _TEXT},
            state={"type": "array", "items": _STATE},
            **{name: {"type": "array", "items": _TEXT_OR_NULL} for name in ("name", "newest", "time")},
            **{
                name: {"type": "array", "items": _NUMBER_OR_NULL}
                for name in ("longitude", "latitude", "elevation_m", "value", "quality", "direction")
            },
        ),
        links=_LINKS,
    ),
    "NetworkHistory": _object(
        ["parameter", "interval", "time", "stations", "complete", "links"],
        parameter=_object(["id", "unit"], id=_TEXT, **_PARAMETER),
        interval=_object(["start", "end"], start=_TEXT, end=_TEXT),
        time={"type": "array", "items": {"type": "string", "format": "date-time"}},
        stations=_object(
            ["id", "values"],
            id={"type": "array", "items": _TEXT},
            values={"type": "array", "items": {"type": "array", "items": _NUMBER_OR_NULL}},
        ),
        complete={"type": "boolean", "description": "False where the box holds more stations than are looked at"},
        links=_LINKS,
    ),
    "Files": _object(
        ["count", "files", "links"],
        count=_COUNT,
        files={"type": "array", "items": _object(["id", "key", "status"], **_SUMMARY, format=_TEXT_OR_NULL)},
        links=_LINKS,
    ),
    "Filter": {
        "type": "object",
        "description": "All that is given has to fit; of a list, one",
        "properties": {
            "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "stations": {"type": "array", "items": _TEXT},
            "standard_names": {"type": "array", "items": _TEXT},
            "formats": {"type": "array", "items": _TEXT},
            "countries": {"type": "array", "items": _TEXT},
            "kinds": {"type": "array", "items": {"type": "string", "enum": [kind.value for kind in FileChange]}},
        },
    },
    "Wish": _object(
        ["channel", "endpoint"],
        channel={"type": "string", "enum": ["email", "sqs", "lambda", "webhook"]},
        endpoint={"type": "string", "description": "An e-mail address, an ARN, or an https address"},
        filter={"$ref": "#/components/schemas/Filter"},
    ),
    "Subscription": _object(
        ["id", "channel", "endpoint", "filter", "state", "links"],
        id=_TEXT,
        channel=_TEXT,
        endpoint=_TEXT,
        filter={"$ref": "#/components/schemas/Filter"},
        state={"type": "string", "enum": ["pending", "active", "disabled"]},
        created_at={"type": "string", "format": "date-time"},
        failing_since={"type": ["string", "null"], "format": "date-time"},
        reason=_TEXT_OR_NULL,
        secret={"type": "string", "description": "Signs what the webhook is sent; shown once"},
        links=_LINKS,
    ),
    "Subscriptions": _object(
        ["count", "subscriptions", "links"],
        count=_COUNT,
        subscriptions={"type": "array", "items": {"$ref": "#/components/schemas/Subscription"}},
        links=_LINKS,
    ),
    "Found": _object(
        ["count", "complete", "results", "facets", "links"],
        count=_COUNT,
        complete={"type": "boolean", "description": "Whether everything was looked at; if not, facets count at least these"},
        results={
            "type": "array",
            "items": _object(["type", "id", "links"], type={"enum": [kind.value for kind in Kind]}, id=_TEXT, links=_LINKS),
        },
        facets={
            "type": "object",
            "additionalProperties": {"type": "array", "items": _object(["value", "count"], value=_TEXT, count=_COUNT)},
        },
        links=_LINKS,
    ),
    "Counts": _object(
        ["by", "counts", "links"],
        by=_TEXT,
        counts={"type": "array", "items": _object(["files", "rows", "bytes"], files=_COUNT, rows=_COUNT, bytes=_COUNT)},
        links=_LINKS,
    ),
    "File": _object(
        ["id", "key", "status", "rejects", "loading"],
        **_SUMMARY,
        archive=_TEXT_OR_NULL | {"description": "The key of the archive in which the file lies"},
        members={"type": "array", "items": _TEXT, "description": "Files in an archive, each a file of its own"},
        format={
            "oneOf": [
                {"type": "null"},
                _object(
                    ["name", "confidence", "why"],
                    name=_TEXT_OR_NULL,
                    confidence={"type": "number"},
                    why=_TEXT_OR_NULL,
                    claim=_CLAIM,
                ),
            ]
        },
        stations={"type": "object", "additionalProperties": _COUNT},
        columns={
            "type": "array",
            "items": _object(
                ["name", "kind"],
                name=_TEXT,
                kind={"type": "string", "enum": ["time", "station", "number", "text"]},
                parameter=_TEXT_OR_NULL,
                unit=_TEXT_OR_NULL,
                unit_received=_TEXT_OR_NULL,
                claim=_CLAIM,
                values=_COUNT,
                missing=_COUNT,
                minimum=_NUMBER_OR_NULL,
                maximum=_NUMBER_OR_NULL,
                mean=_NUMBER_OR_NULL,
                minimum_received=_NUMBER_OR_NULL,
                maximum_received=_NUMBER_OR_NULL,
                mean_received=_NUMBER_OR_NULL,
                distinct={"type": "array", "items": _TEXT, "description": "The texts of a column that has few"},
            ),
        },
        completeness={"type": ["number", "null"], "minimum": 0, "maximum": 1},
        coverage={
            "type": "object",
            "description": "By station: when it was heard, how often it reports, and where nothing came",
            "additionalProperties": _object(
                ["first", "last", "times", "gap_count", "longest_gaps"],
                first=_TEXT,
                last=_TEXT,
                times=_COUNT,
                interval={"type": ["string", "null"], "description": "ISO 8601"},
                interval_claim=_CLAIM,
                due={"type": ["integer", "null"]},
                completeness={"type": ["number", "null"]},
                gap_count=_COUNT,
                longest_gaps={
                    "type": "array",
                    "items": _object(["after", "before", "missing"], after=_TEXT, before=_TEXT, missing=_COUNT),
                },
            ),
        },
        rejects=_REJECTS,
        proposal={
            "oneOf": [
                {"type": "null"},
                _object(
                    ["mapping", "columns", "questions"],
                    mapping={"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Mapping"}]},
                    columns={
                        "type": "array",
                        "items": _object(
                            ["column", "confidence", "reason"],
                            column=_TEXT,
                            confidence={"type": "number", "minimum": 0, "maximum": 1},
                            reason=_TEXT,
                            parameter=_TEXT_OR_NULL,
                            unit=_TEXT_OR_NULL,
                        ),
                    },
                    questions={"type": "array", "items": _TEXT},
                ),
            ]
        },
        quality={
            "type": "object",
            "description": "By parameter: how many values have each flag, and how many each test has flagged",
            "additionalProperties": _object(
                ["flags", "tests"],
                flags={"type": "object", "additionalProperties": _COUNT},
                tests={"type": "object", "additionalProperties": _COUNT},
            ),
        },
        loading=_object(
            ["state"],
            state={"type": "string", "enum": ["none", "pending", "loaded", "failed"]},
            blocks=_COUNT,
            values=_COUNT,
            stations=_COUNT,
            at=_TEXT_OR_NULL,
            reason=_TEXT_OR_NULL,
        ),
    ),
    "Mapping": _object(
        ["mesonet_mapping", "station", "time", "columns"],
        mesonet_mapping={"const": 1},
        description=_TEXT,
        station={"type": "object"},
        time={"type": "object"},
        columns={"type": "object"},
    ),
    "Rejects": _object(
        ["file", "rejected", "count", "not_kept", "rejects", "links"],
        file=_TEXT,
        key=_TEXT,
        rejected=_COUNT,
        count=_COUNT,
        not_kept=_COUNT | {"description": "How many more there are than are kept"},
        rejects=_REJECTS,
        links=_LINKS,
    ),
    "UploadForm": _object(
        ["file_id", "key", "size", "url", "fields", "expires_at", "most_bytes", "links"],
        file_id=_TEXT,
        key=_TEXT,
        size=_COUNT,
        url={"type": "string", "format": "uri"},
        fields={"type": "object", "additionalProperties": _TEXT},
        expires_at={"type": "string", "format": "date-time"},
        most_bytes=_COUNT,
        links=_LINKS,
    ),
    "Health": _object(
        ["status", "checks"],
        status={"type": "string", "enum": ["ok", "unavailable"]},
        stage=_TEXT,
        release=_TEXT,
        checks={"type": "object", "additionalProperties": _TEXT},
    ),
    "Problem": _object(
        ["type", "title", "status", "detail", "correlation_id", "code", "description"],
        type={"type": "string", "format": "uri"},
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        instance=_TEXT,
        correlation_id=_TEXT,
        code={"type": "string", "description": "The kind of problem in a word (OGC API)"},
        description={"type": "string", "description": "The same as `detail` (OGC API)"},
        parameter={"type": "string", "description": "The request parameter that is wrong"},
        value={"type": "string", "description": "What was sent"},
        allowed={"description": "What may be sent", "oneOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    ),
}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_SECURITY = {
    "operatorKey": {"type": "http", "scheme": "bearer", "description": "An operator's key, `mk_…`; reading needs none"},
}

_RESPONSES = {
    "BodyTooLarge": _problem("The body is more than is taken at once"),
    "Forbidden": _problem("The key is not for this"),
    "Unauthorized": _problem("No key came with the request, or none that counts"),
    "UnsupportedMediaType": _problem("The body is of a kind that is not taken"),
    "BadRequest": _problem("A parameter is not valid: which, and what is allowed"),
    "NotAcceptable": _problem("There is no such representation: which there are"),
    "Conflict": _problem("Something else is in place"),
    "NotFound": _problem("There is no such thing"),
    "Unavailable": _problem("Not now: try again"),
}
