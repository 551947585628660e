"""Operations of the OpenAPI document, and what they are made of: answers and parameters."""

from typing import Any

from mesonet.domain.parameter import METHODS
from mesonet.functions.api_weather import collection
from mesonet.functions.api_weather.openapi_references import problems, ref
from mesonet.functions.api_weather.queries import CRS
from mesonet.web.parameters import LARGEST

EXPORTED = {
    "202": {
        "description": "The file to which 303 has led is being made: ask again after `Retry-After` seconds",
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": ref("Export")}},
    },
    "303": {
        "description": "It is to be had there",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
    },
}


def data(operation: str, summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """A data query of EDR."""
    kinds = (
        ("application/vnd.cov+json", ref("CoverageJSON")),
        ("application/geo+json", ref("SeriesCollection")),
        ("text/csv", {"type": "string"}),
        ("application/vnd.apache.parquet", {"type": "string"}),
    )
    answers = content("Observations", *kinds) | EXPORTED
    answers["204"] = {"description": "There is nothing at that place and time"}
    return get(operation, "data", summary, answers, COLLECTION, *parameters, *_QUERY, found=True)


def get(
    operation: str, tag: str, summary: str, answers: dict[str, Any], *parameters: dict[str, Any], found: bool = False
) -> dict[str, Any]:
    responses = {
        **problems("400", *(["404"] if found else []), "406", "412", "503"),
        **answers,
        "304": {"description": "What the client has is what there is"},
    }
    return {
        "get": {
            "operationId": operation,
            "tags": [tag],
            "summary": summary,
            "parameters": list(parameters),
            "responses": dict(sorted(responses.items())),
        }
    }


def writing(
    method: str, operation: str, tag: str, summary: str, answers: dict[str, Any], *parameters: dict[str, Any], body: str = ""
) -> dict[str, Any]:
    """An operation that needs an operator's key."""
    described: dict[str, Any] = {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "security": [{"operatorKey": []}],
        "parameters": list(parameters),
        "responses": dict(sorted({**problems("400", "401", "403", "412", "503"), **answers}.items())),
    }
    if body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(body)}}}
        described["responses"] |= problems("413", "415")
    return {method: described}


def content(description: str, *kinds: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"200": {"description": description, "content": {kind: {"schema": schema} for kind, schema in kinds}}}


def json(description: str, name: str) -> dict[str, Any]:
    return content(description, ("application/json", ref(name)))


def document(description: str, name: str) -> dict[str, Any]:
    return content(description, ("application/json", ref(name)), ("text/html", {"type": "string"}))


def features(description: str) -> dict[str, Any]:
    return content(description, ("application/geo+json", ref("Locations")), ("text/html", {"type": "string"}))


def geojson(description: str, name: str) -> dict[str, Any]:
    return content(description, ("application/geo+json", ref(name)))


def table(description: str, name: str) -> dict[str, Any]:
    return content(description, ("application/json", ref(name)), ("text/csv", {"type": "string"}))


def in_query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """With what OGC API wants said (Features, 7.15.2 to 7.15.4; EDR, 8.2), though it is so without."""
    described = {"name": name, "in": "query", "description": description, "schema": schema}
    return described | {"required": False, "style": "form", "explode": False}


def query(name: str, description: str, example: str, **schema: Any) -> dict[str, Any]:
    return {**in_query(name, description, type="string", **schema), "example": example}


def bbox(description: str) -> dict[str, Any]:
    """As OGC API - Features has it (7.15.3)."""
    heights = "; six numbers with heights in metres, the lowest before east and the highest at the end"
    found = in_query("bbox", description + heights, type="array", items={"type": "number"}, minItems=4, maxItems=6)
    return {**found, "example": [-75, 40, -73, 41]}


def number(name: str, description: str, most: float) -> dict[str, Any]:
    return in_query(name, description, type="number", minimum=-most, maximum=most)


def boolean(name: str, description: str) -> dict[str, Any]:
    return in_query(name, description, type="boolean", default=False)


def choice(name: str, description: str, choices: list[str], example: str = "") -> dict[str, Any]:
    described = in_query(name, description, type="string", enum=choices)
    return {**described, "example": example} if example else described


def formats(*names: str) -> dict[str, Any]:
    return choice("f", "Representation; goes before `Accept`", list(names))


def documents() -> dict[str, Any]:
    return formats("json", "html")


def required(parameter: dict[str, Any]) -> dict[str, Any]:
    return {**parameter, "required": True}


def degrees_in_path(name: str, example: float, most: float) -> dict[str, Any]:
    schema = {"type": "number", "minimum": -most, "maximum": most}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def limit(default: int, most: int) -> dict[str, Any]:
    return query_number("limit", "At most so many on a page", 1, most, default)


def query_number(name: str, description: str, least: int, most: int, default: int) -> dict[str, Any]:
    return in_query(name, description, type="integer", minimum=least, maximum=most, default=default)


OFFSET = query_number("offset", "So many are passed over on the first page; `next` leads further", 0, 1000, 0)
AS_OF = query("datetime", "Which instant states are seen from, instead of now", "2013-12-30T23:00:00Z")
CURSOR = query("cursor", "Where to go on: from the `next` link of an answer to the same query; empty: at the beginning", "")
del CURSOR["example"]
WHOLE = boolean(
    "whole",
    "All of the answer at once: where it has more than one page, as a file that is made first (303 to `/exports/{export_id}`)",
)
DATETIME = query(
    "datetime",
    "An instant; a date, month or year; or an interval a/b, a/.., ../b or a/P1D, both ends included",
    "2013-01-01/2013-01-31",
)
PARAMETERS = query(
    "parameters",
    "Standard names, or identifiers of parameters, with commas between; `*` stands for anything",
    "air_temperature,wind_speed",
)

UNITS = query(
    "units",
    "Units of the values: `metric` (as they are kept), `us`, or name=unit (UCUM) for each parameter, commas between",
    "us",
)
COLLECTION = path("collection_id", collection.ID)
COORDS_POINT = required(query("coords", "POINT or MULTIPOINT, well-known text; longitude first", "POINT(-74.2 40.7)"))
DATETIMES = query(
    "datetime",
    "An instant; a date, month or year; an interval a/b, a/.., ../b or a/P1D; or several of these with commas between. "
    "Without it each station's last 24 hours",
    "2013-01-01T00:00:00Z/2013-01-01T06:00:00Z",
)
_FILTERS = [
    query(
        "parameter-name",
        "Identifiers of parameters with commas between; `*` stands for anything. (Also spelt parameter_name, parameter-names, "
        "parameter_names, parameters.)",
        "air_temperature,wind_speed",
    ),
    query("standard_name", "CF standard names with commas between", "air_temperature"),
    query("level", "Metres above ground: values, ranges 0/2, ../2, 10/.., or R3/0/1. (Also levels.)", "2"),
    query("z", "As `level`, by the name that EDR has for it", "2"),
    query("method", f"CF cell methods with commas between, of {', '.join(METHODS)}. (Also methods.)", "point"),
    query("duration", "ISO 8601 durations: values, or ranges PT1M/PT1H, ../PT1H, PT6H/... (Also durations.)", "PT0S"),
]
_QUERY = [
    DATETIMES,
    *_FILTERS,
    UNITS,
    choice("crs", "Coordinate reference system of `coords` and of the answer", list(CRS)),
    query_number("limit", "At most so many stations; there are never more than 1000 in one answer", 1, LARGEST, 100),
    CURSOR,
    WHOLE,
    formats(*collection.OUTPUT_FORMATS, "Parquet"),
]


def lists(default: int) -> list[dict[str, Any]]:
    """Parameters of lists of stations, of which there are `default` on a page where nothing else is asked for."""
    return [
        bbox("west,south,east,north in degrees (WGS 84), south first with crs=EPSG:4326; west may exceed east across 180°"),
        query("datetime", "Stations that have observations at these times", "2013-01-01/2013-01-31"),
        *_FILTERS,
        choice("crs", "Coordinate reference system", list(CRS)),
        query_number("limit", "At most so many on a page; more than 1000 are taken for 1000", 1, LARGEST, default),
        CURSOR,
        formats("GeoJSON", "html"),
    ]
