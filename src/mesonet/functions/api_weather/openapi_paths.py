"""Paths of the OpenAPI document by what they are about. Those by which observations are sent are in `openapi_writing`."""

from typing import Any

from mesonet.domain.file import Status
from mesonet.domain.search import FACETS, Kind, Sort
from mesonet.domain.upload import MOST_BYTES, MOST_KEY_BYTES
from mesonet.functions.api_weather import collection
from mesonet.functions.api_weather import openapi_operations as ops
from mesonet.functions.api_weather import openapi_schemas as schemas
from mesonet.functions.api_weather.openapi_references import problems, ref
from mesonet.functions.api_weather.queries import WITHIN_UNITS
from mesonet.stores.file_index import DIMENSIONS
from mesonet.web.parameters import LONGEST_TEXT

CAPABILITIES: dict[str, Any] = {
    "/": ops.get(
        "getLandingPage", "capabilities", "Links to all there is", ops.document("Landing", "Landing"), ops.documents()
    ),
    "/conformance": ops.get(
        "getConformance",
        "capabilities",
        "Standards that the API conforms to",
        ops.document("Classes", "Conformance"),
        ops.documents(),
    ),
    "/api": ops.get(
        "getApi",
        "capabilities",
        "This document, in OpenAPI 3.1 or 3.0, or as a page",
        ops.content(
            "The API's definition",
            (collection.OPENAPI_31, {"type": "object"}),
            (collection.OPENAPI_30, {"type": "object"}),
            ("text/html", {"type": "string"}),
        ),
        ops.formats("3.1", "3.0", "html"),
    ),
    "/collections": ops.get(
        "getCollections",
        "capabilities",
        "Collections of data",
        ops.document("Collections", "Collections"),
        ops.bbox("Those that have something in west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
        ops.query("datetime", "Those that have something at these times", "2013-01-01/2013-01-31"),
        ops.documents(),
    ),
    "/collections/{collection_id}": ops.get(
        "getCollection",
        "capabilities",
        "One collection: its extent, parameters and queries",
        ops.document("The collection", "Collection"),
        ops.COLLECTION,
        ops.documents(),
        found=True,
    ),
}

DATA: dict[str, Any] = {
    "/collections/{collection_id}/position": ops.data(
        "queryPosition",
        "What the station nearest to a point observed, of those that observe what is asked for",
        ops.COORDS_POINT,
    ),
    "/collections/{collection_id}/radius": ops.data(
        "queryRadius",
        "What stations around a point, or any of several, observed, the nearest first; `limit` leaves the nearest so many",
        ops.COORDS_POINT,
        ops.required(ops.query("within", "Distance from `coords`", "50000")),
        ops.required(ops.choice("within-units", "Unit of `within`", list(WITHIN_UNITS), "m")),
    ),
    "/collections/{collection_id}/area": ops.data(
        "queryArea",
        "What stations in a polygon observed",
        ops.required(
            ops.query("coords", "POLYGON or MULTIPOLYGON, well-known text", "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))")
        ),
    ),
    "/collections/{collection_id}/locations": ops.get(
        "listLocations",
        "data",
        "Stations that can be asked for, with their parameters",
        ops.features("Stations"),
        ops.COLLECTION,
        *ops.lists(1000),
        found=True,
    ),
    "/collections/{collection_id}/locations/{location_id}": ops.data(
        "queryLocation", "What one station observed", ops.path("location_id", "EWR")
    ),
    "/collections/{collection_id}/items": ops.get(
        "listItems",
        "data",
        "Stations as features",
        ops.features("Stations"),
        ops.COLLECTION,
        *ops.lists(100),
        ops.OFFSET,
        found=True,
    ),
    "/collections/{collection_id}/items/{item_id}": ops.get(
        "getItem",
        "data",
        "One station as a feature",
        ops.content("The station", ("application/geo+json", ref("Location")), ("text/html", {"type": "string"})),
        ops.COLLECTION,
        ops.path("item_id", "EWR"),
        ops.formats("GeoJSON", "html"),
        found=True,
    ),
}

STATIONS: dict[str, Any] = {
    "/stations": ops.get(
        "listStations",
        "stations",
        "Stations in a box, nearest to a place, or by the start of identifier or name",
        ops.geojson("Stations", "Stations"),
        ops.bbox("west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
        ops.number("lat", "Degrees north: with `lon`, the nearest stations come first, with `distance_m`", 90),
        ops.number("lon", "Degrees east", 180),
        ops.query("id", "Start of the identifier", "JF", maxLength=LONGEST_TEXT),
        ops.query("name", "Start of the name, in any case", "john", maxLength=LONGEST_TEXT),
        ops.limit(100, 1000),
        ops.CURSOR,
        ops.formats("json", "geojson"),
    ),
    "/points/{latitude},{longitude}/stations": ops.get(
        "listNearestStations",
        "stations",
        "The stations nearest to a point, the nearest first, with their distance",
        ops.geojson("Stations", "Stations"),
        ops.degrees_in_path("latitude", 40.7, 90),
        ops.degrees_in_path("longitude", -74.0, 180),
        ops.limit(10, 1000),
        ops.formats("json", "geojson"),
    ),
    "/stations/{station_id}": ops.get(
        "getStation",
        "stations",
        "One station with the parameters that it observes",
        ops.geojson("The station", "Station"),
        ops.path("station_id", "EWR"),
        ops.formats("json", "geojson"),
        found=True,
    ),
}

OBSERVATIONS: dict[str, Any] = {
    "/stations/{station_id}/observations": ops.get(
        "listObservations",
        "observations",
        "Observations of a station, column by column; without `datetime` its last 24 hours",
        ops.table("Observations", "Observations") | ops.EXPORTED,
        ops.path("station_id", "EWR"),
        ops.DATETIMES,
        ops.PARAMETERS,
        ops.UNITS,
        ops.limit(1000, 10_000),
        ops.CURSOR,
        ops.WHOLE,
        ops.boolean("details", "With quality flags and texts as received"),
        ops.formats("json", "csv"),
        found=True,
    ),
    "/stations/{station_id}/observations/latest": ops.get(
        "getLatest",
        "observations",
        "The newest value that is not missing of each parameter, each with its own time",
        ops.table("Latest values", "Latest"),
        ops.path("station_id", "EWR"),
        ops.PARAMETERS,
        ops.UNITS,
        ops.formats("json", "csv"),
        found=True,
    ),
    "/stations/{station_id}/days": ops.get(
        "listDays",
        "observations",
        "A station by the day (UTC): count, lowest, mean, highest and sum of values; without `datetime` its last year",
        ops.json("Days", "Days"),
        ops.path("station_id", "EWR"),
        ops.DATETIME,
        ops.PARAMETERS,
        found=True,
    ),
    "/exports/{export_id}": ops.get(
        "getExport",
        "observations",
        "A file that is made of all pages of an answer; it is kept for two days",
        ops.EXPORTED,
        ops.path("export_id", "0" * 32),
        ops.formats("json"),
        found=True,
    ),
}

NETWORK: dict[str, Any] = {
    "/network": ops.get(
        "getNetwork",
        "network",
        "How the network is doing: stations by state, arrivals by the hour, dead letters, reasons of rejects",
        ops.json("The network", "Network"),
        ops.AS_OF,
        ops.query_number("hours", "Of how many hours arrivals are counted", 1, 168, 48),
    ),
    "/network/latest": ops.get(
        "getNetworkLatest",
        "network",
        "All stations with their state and, of one parameter, their latest value, column by column: what a map shows",
        ops.json("The stations", "NetworkLatest"),
        ops.query("parameter", "Standard name, or identifier, of a parameter that some station observes", "air_temperature"),
        ops.AS_OF,
    ),
    "/network/history": ops.get(
        "getNetworkHistory",
        "network",
        "Each hour's last value of all stations, or of the first thousand in a box; without `datetime` the last day",
        ops.json("The hours", "NetworkHistory"),
        ops.query("parameter", "Standard name, or identifier, of a parameter that some station observes", "air_temperature")
        | {"required": True},
        ops.query("datetime", "An interval of at most seven days", "2013-12-30/2013-12-30"),
        ops.bbox("west,south,east,north in degrees (WGS 84); west may exceed east across 180°"),
        found=True,
    ),
}

FILES: dict[str, Any] = {
    "/files": ops.get(
        "listFiles",
        "files",
        "Files of the catalogue, the last that arrived first",
        ops.json("Files", "Files"),
        ops.query("station", "Identifier of a station in the file", "EWR", maxLength=LONGEST_TEXT),
        ops.DATETIME,
        ops.query("format", "Name of a format", "csv", maxLength=LONGEST_TEXT),
        ops.choice("status", "What became of the file", [status.value for status in Status]),
        ops.limit(100, 1000),
        ops.CURSOR,
        ops.formats("json"),
    ),
    "/files/counts": ops.get(
        "countFiles",
        "files",
        "How many files, rows and bytes there are",
        ops.json("Counts", "Counts"),
        ops.choice("by", "What to count by", list(DIMENSIONS)),
    ),
    "/files/{file_id}": ops.get(
        "getFile",
        "files",
        "All that is known of a file: what was understood, what was rejected and why, whether it is loaded",
        ops.json("The file", "File"),
        ops.path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ops.formats("json"),
        found=True,
    ),
    "/files/{file_id}/proposed-mapping": ops.get(
        "getProposedMapping",
        "files",
        "A mapping file for a table that has none, as far as its names, units and values tell; put it beside the table",
        ops.json("The mapping file", "Mapping"),
        ops.path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ops.formats("json"),
        found=True,
    ),
    "/files/{file_id}/rejects": ops.get(
        "listRejects",
        "files",
        "Every row or field of a file that was not taken: where it is, what stood there, and why",
        ops.table("Rejects", "Rejects"),
        ops.path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ops.limit(1000, 10_000),
        ops.CURSOR,
        ops.formats("json", "csv"),
        found=True,
    ),
    "/files/{file_id}/content": ops.get(
        "getContent",
        "files",
        "The bytes as they came: leads to where they can be fetched for a quarter of an hour",
        {"307": {"description": "There they are", "headers": {"Location": {"schema": {"type": "string"}}}}},
        ops.path("file_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ops.query("version", "Version of the object, if not the newest", "3sL4kqtJlcpXroDTDm"),
        ops.formats("json"),
        found=True,
    ),
    "/search": ops.get(
        "search",
        "files",
        "Files and stations by words and properties; everything that is given has to fit",
        ops.json("What fits", "Found"),
        ops.query(
            "q",
            "Words of the key, of stations or their names, of standard names; `new*` is every word that begins so, "
            '`"new york"` words that follow each other. '
            "Case, accents and signs between words do not matter",
            "weather 2013",
        ),
        ops.choice("type", "Only files, or only stations", [kind.value for kind in Kind]),
        ops.query("station", "Identifier of a station", "EWR", maxLength=LONGEST_TEXT),
        ops.bbox("west,south,east,north in degrees (WGS 84): where a station of the file is"),
        ops.DATETIME,
        ops.query("format", "Name of a format", "csv", maxLength=LONGEST_TEXT),
        ops.query("standard_name", "CF standard name of a parameter in the file", "air_temperature", maxLength=LONGEST_TEXT),
        ops.choice("status", "What became of the file; deleted ones only if asked for", [status.value for status in Status]),
        ops.query(
            "facets",
            f"What to count all that fits by, with commas between ({', '.join(FACETS)}); on the first page",
            "format,station",
        ),
        ops.choice("sort", "Order; `-` is descending", [sort.value for sort in Sort]),
        ops.limit(20, 1000),
        ops.CURSOR,
        ops.formats("json"),
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
                        "schema": schemas.closed(
                            ["key", "size"],
                            key={"type": "string", "minLength": 1, "maxLength": MOST_KEY_BYTES},
                            size={"type": "integer", "minimum": 0, "maximum": MOST_BYTES},
                        )
                    }
                },
            },
            "responses": {
                "201": ops.json("The form", "UploadForm")["200"],
                **problems("400", "401", "403", "412", "413", "415", "503"),
            },
        }
    },
}

SUBSCRIPTIONS: dict[str, Any] = {
    "/subscriptions": ops.writing(
        "post",
        "createSubscription",
        "subscriptions",
        "To be told of files: by e-mail, a queue, a function, or a webhook, which has to confirm. "
        "The same wish again is answered with the subscription that there is; only the first answer has the secret",
        {
            "201": ops.json("It is new", "Subscription")["200"],
            "200": ops.json("It was there", "Subscription")["200"],
            **problems("409"),
        },
        body="Wish",
    )
    | ops.writing(
        "get", "listSubscriptions", "subscriptions", "One's own subscriptions", ops.json("They are", "Subscriptions")
    ),
    "/subscriptions/{subscription_id}": ops.writing(
        "get",
        "getSubscription",
        "subscriptions",
        "One's own subscription, and how it fares",
        ops.json("It is", "Subscription") | problems("404"),
        ops.path("subscription_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
    )
    | ops.writing(
        "delete",
        "deleteSubscription",
        "subscriptions",
        "To be told no more",
        {"204": {"description": "It is gone"}} | problems("404"),
        ops.path("subscription_id", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ),
}

SERVICE: dict[str, Any] = {
    "/health": ops.get(
        "getHealth",
        "service",
        "Whether what the API stands on answers",
        ops.json("It does", "Health") | {"503": ops.json("It does not", "Health")["200"]},
    ),
    "/openapi.json": ops.get(
        "getOpenApi",
        "service",
        "This document",
        {"200": {"description": "OpenAPI 3.1", "content": {collection.OPENAPI_31: {"schema": {"type": "object"}}}}},
    ),
}

PATHS = CAPABILITIES | DATA | STATIONS | OBSERVATIONS | NETWORK | FILES | SUBSCRIPTIONS | SERVICE
