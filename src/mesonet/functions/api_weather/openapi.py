"""The OpenAPI 3.1 document of the weather API."""

from typing import Any

from mesonet.domain.file import Status
from mesonet.domain.search import FACETS, Kind, Sort
from mesonet.stores.file_index import DIMENSIONS

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"
VERSION = "1.0.0"


def document(server: str) -> dict[str, Any]:
    """`server` is the address in front of all paths."""
    return {
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
            {"name": "stations", "description": "Who observes, and where"},
            {"name": "observations", "description": "What was observed"},
            {"name": "files", "description": "What arrived, and what became of it"},
            {"name": "service", "description": "The API itself"},
        ],
        "paths": {
            "/": _get("home", "service", "Links to all there is", _json("Home", "#/components/schemas/Links")),
            "/stations": _get(
                "listStations",
                "stations",
                "Stations in a box, nearest to a place, or by the start of identifier or name",
                _geojson("Stations", "#/components/schemas/Stations"),
                _query("bbox", "west,south,east,north in degrees (WGS 84); west may exceed east across 180°", "-75,40,-73,41"),
                _number("lat", "Degrees north: with `lon`, the nearest stations come first, with `distance_m`", 90),
                _number("lon", "Degrees east", 180),
                _query("id", "Start of the identifier", "JF"),
                _query("name", "Start of the name, in any case", "john"),
                _limit(100, 1000),
                _CURSOR,
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
                _table("Observations", "#/components/schemas/Observations"),
                _path("station_id", "EWR"),
                _DATETIME,
                _PARAMETERS,
                _limit(1000, 10_000),
                _CURSOR,
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
                _formats("json", "csv"),
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
                _query("bbox", "west,south,east,north in degrees (WGS 84): where a station of the file is", "-75,40,-73,41"),
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
        "components": {"schemas": _SCHEMAS, "responses": _RESPONSES},
    }


def _get(
    operation: str, tag: str, summary: str, answers: dict[str, Any], *parameters: dict[str, Any], found: bool = False
) -> dict[str, Any]:
    problems = {"400": {"$ref": "#/components/responses/BadRequest"}, "503": {"$ref": "#/components/responses/Unavailable"}}
    if found:
        problems["404"] = {"$ref": "#/components/responses/NotFound"}
    responses = {**problems, **answers, "304": {"description": "What the client has is what there is (If-None-Match)"}}
    return {
        "get": {
            "operationId": operation,
            "tags": [tag],
            "summary": summary,
            "parameters": list(parameters),
            "responses": dict(sorted(responses.items())),
        }
    }


def _content(description: str, *kinds: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"200": {"description": description, "content": {kind: {"schema": schema} for kind, schema in kinds}}}


def _json(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/json", {"$ref": schema}))


def _geojson(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/geo+json", {"$ref": schema}))


def _table(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ("application/json", {"$ref": schema}), ("text/csv", {"type": "string"}))


def _query(name: str, description: str, example: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}, "example": example}


def _number(name: str, description: str, most: float) -> dict[str, Any]:
    schema = {"type": "number", "minimum": -most, "maximum": most}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _boolean(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "boolean", "default": False}}


def _choice(name: str, description: str, choices: list[str]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", "enum": choices}}


def _formats(*names: str) -> dict[str, Any]:
    return _choice("f", "Representation; goes before `Accept`", list(names))


def _path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _limit(default: int, most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": "limit", "in": "query", "description": "At most so many on a page", "schema": schema}


_CURSOR = _query("cursor", "Where to go on: from the `next` link of an answer to the same query", "")
del _CURSOR["example"]
_DATETIME = _query(
    "datetime", "An instant, a date, or an interval a/b, a/.. or ../b, both ends included", "2013-01-01/2013-01-31"
)
_PARAMETERS = _query(
    "parameters", "Standard names, or identifiers of parameters, with commas between", "air_temperature,wind_speed"
)

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

_SCHEMAS: dict[str, Any] = {
    "Links": _object(["links"], title=_TEXT, description=_TEXT, links=_LINKS),
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
    "Files": _object(
        ["count", "files", "links"],
        count=_COUNT,
        files={"type": "array", "items": _object(["id", "key", "status"], **_SUMMARY, format=_TEXT_OR_NULL)},
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
        format={
            "oneOf": [
                {"type": "null"},
                _object(["name", "confidence", "why"], name=_TEXT_OR_NULL, confidence={"type": "number"}, why=_TEXT_OR_NULL),
            ]
        },
        stations={"type": "object", "additionalProperties": _COUNT},
        columns={"type": "array", "items": {"type": "object"}},
        rejects={
            "type": "array",
            "items": _object(
                ["reason"], reason=_TEXT, row={"type": ["integer", "null"]}, column=_TEXT_OR_NULL, value=_TEXT_OR_NULL
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
    "Health": _object(
        ["status", "checks"],
        status={"type": "string", "enum": ["ok", "unavailable"]},
        stage=_TEXT,
        release=_TEXT,
        checks={"type": "object", "additionalProperties": _TEXT},
    ),
    "Problem": _object(
        ["type", "title", "status", "detail", "correlation_id"],
        type={"type": "string", "format": "uri"},
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        instance=_TEXT,
        correlation_id=_TEXT,
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


_RESPONSES = {
    "BadRequest": _problem("A parameter is not valid: which, and what is allowed"),
    "NotFound": _problem("There is no such thing"),
    "Unavailable": _problem("Not now: try again"),
}
