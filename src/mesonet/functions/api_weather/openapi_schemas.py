"""Schemas of the documents that the API gives and takes, its problems, and how keys are shown."""

from typing import Any

from mesonet.domain import export
from mesonet.domain.file import STATIONS_LISTED, FileChange, Status
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.reporting import StationState
from mesonet.domain.search import Kind
from mesonet.functions.api_weather.openapi_references import listed, problem, ref

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


def _some(**each: Any) -> dict[str, Any]:
    """A list of texts, each of which is such a one."""
    return {"type": "array", "items": {"type": "string", **each}, "minItems": 1, "maxItems": 50}


def object_of(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


_CLAIM = {"type": ["string", "null"], "enum": ["read", "inferred", "configured", None]}
_REJECTS = {
    "type": "array",
    "items": object_of(["reason"], reason=_TEXT, row={"type": ["integer", "null"]}, column=_TEXT_OR_NULL, value=_TEXT_OR_NULL),
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
        object_of(
            ["type", "coordinates"],
            type={"const": "Point"},
            coordinates={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
        ),
    ]
}
_EDR_PARAMETER = object_of(
    ["type", "observedProperty"],
    type={"const": "Parameter"},
    id=_TEXT,
    label=_TEXT,
    description=_TEXT,
    unit={"type": "object"},
    observedProperty={"type": "object"},
    measurementType=object_of(["method", "duration"], method=_TEXT, duration=_TEXT),
)
_NDARRAY = object_of(
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

SCHEMAS: dict[str, Any] = {
    "Export": object_of(
        ["id", "status", "kind", "asked_at", "links"],
        id=_TEXT,
        status={"const": "working"},
        kind={"type": "string", "enum": [each.value for each in export.Kind]},
        asked_at={"type": "string", "format": "date-time"},
        links=_LINKS,
    ),
    "Landing": object_of(["links"], title=_TEXT, description=_TEXT, links=_LINKS),
    "Conformance": object_of(["conformsTo"], conformsTo={"type": "array", "items": {"type": "string", "format": "uri"}}),
    "Collections": object_of(
        ["links", "collections"],
        links=_LINKS,
        collections=listed("Collection"),
    ),
    "Collection": object_of(
        ["id", "links", "extent", "data_queries", "parameter_names", "crs", "output_formats"],
        id=_TEXT,
        title={"type": "string", "maxLength": 50},
        description=_TEXT,
        links=_LINKS,
        extent=object_of(
            ["spatial"],
            spatial={"type": "object"},
            temporal={"type": "object"},
            vertical={"type": "object"},
            custom={"type": "array", "items": {}},
        ),
        data_queries={"type": "object"},
        parameter_names={"type": "object", "additionalProperties": _EDR_PARAMETER},
        crs={"type": "array", "items": _TEXT},
        output_formats={"type": "array", "items": _TEXT},
    ),
    "Location": object_of(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=_TEXT,
        geometry=_POINT,
        properties=object_of(
            ["name", "parameter-name", "edrqueryendpoint"],
            name=_TEXT,
            edrqueryendpoint={"type": "string", "format": "uri"},
            **{"parameter-name": {"type": "array", "items": _TEXT}},
        ),
        links=_LINKS,
    ),
    "Locations": object_of(
        ["type", "features", "links"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        numberMatched=_COUNT,
        parameters={"type": "array", "items": _EDR_PARAMETER},
        features=listed("Location"),
        links=_LINKS,
    ),
    "SeriesCollection": object_of(
        ["type", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        parameters={"type": "array", "items": _EDR_PARAMETER},
        features={
            "type": "array",
            "items": object_of(
                ["type", "id", "geometry", "properties"],
                type={"const": "Feature"},
                id=_TEXT,
                geometry=_POINT,
                properties=object_of(
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
        "oneOf": [ref("Coverage"), ref("CoverageCollection")],
    },
    "Coverage": object_of(
        ["type", "domain", "parameters", "ranges"],
        type={"const": "Coverage"},
        id=_TEXT,
        domain=object_of(
            ["type", "axes"], type={"const": "Domain"}, axes={"type": "object"}, referencing={"type": "array", "items": {}}
        ),
        parameters={"type": "object", "additionalProperties": {"type": "object"}},
        ranges={"type": "object", "additionalProperties": _NDARRAY},
        links=_LINKS,
    ),
    "CoverageCollection": object_of(
        ["type", "coverages"],
        type={"const": "CoverageCollection"},
        parameters={"type": "object", "additionalProperties": {"type": "object"}},
        coverages=listed("Coverage"),
        links=_LINKS,
    ),
    "Station": object_of(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=_TEXT,
        geometry=_POINT,
        properties=object_of(
            ["name"],
            name=_TEXT_OR_NULL,
            wigos_station_identifier=_TEXT_OR_NULL,
            elevation_m=_NUMBER_OR_NULL,
            timezone=_TEXT_OR_NULL,
            distance_m={"type": "number", "minimum": 0},
            parameters={"type": "object", "additionalProperties": object_of(["standard_name", "unit"], **_PARAMETER)},
        ),
        links=_LINKS,
    ),
    "Stations": object_of(
        ["type", "numberReturned", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=_COUNT,
        features=listed("Station"),
        links=_LINKS,
    ),
    "Observations": object_of(
        ["station", "interval", "count", "time", "parameters", "links"],
        station=_TEXT,
        interval=object_of(["start", "end"], start=_TEXT_OR_NULL, end=_TEXT_OR_NULL),
        count=_COUNT,
        time={"type": "array", "items": {"type": "string", "format": "date-time"}},
        parameters={
            "type": "object",
            "additionalProperties": object_of(
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
    "Latest": object_of(
        ["station", "parameters", "links"],
        station=_TEXT,
        parameters={
            "type": "object",
            "additionalProperties": object_of(
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
    "Days": object_of(
        ["station", "interval", "date", "parameters", "links"],
        station=_TEXT,
        interval=object_of(["start", "end"], start=_TEXT, end=_TEXT),
        date={"type": "array", "items": {"type": "string", "format": "date"}},
        parameters={
            "type": "object",
            "additionalProperties": object_of(
                ["standard_name", "unit", "count", "suspect", "minimum", "mean", "maximum", "total"],
                **_PARAMETER,
                count={"type": "array", "items": _COUNT},
                suspect={"type": "array", "items": _COUNT},
                **{name: {"type": "array", "items": _NUMBER_OR_NULL} for name in ("minimum", "mean", "maximum", "total")},
            ),
        },
        links=_LINKS,
    ),
    "Network": object_of(
        [*_CLOCK, "stations", "attention", "files", "arrivals", "dead_letters", "rejects", "links"],
        **_CLOCK,
        stations=object_of(["total", *_STATES], total=_COUNT, **dict.fromkeys(_STATES, _COUNT)),
        attention={
            "type": "array",
            "items": object_of(["id", "state"], id=_TEXT, name=_TEXT_OR_NULL, state=_STATE, newest=_TEXT_OR_NULL),
        },
        files={
            "type": "array",
            "items": object_of(["status", "files", "rows", "bytes"], status=_TEXT, files=_COUNT, rows=_COUNT, bytes=_COUNT),
        },
        arrivals={
            "type": "array",
            "items": object_of(["start", "files", "rows", "bytes"], start=_TEXT, files=_COUNT, rows=_COUNT, bytes=_COUNT),
        },
        dead_letters={
            "type": "array",
            "items": object_of(["queue", "messages", "what"], queue=_TEXT, messages=_COUNT, what=_TEXT),
        },
        rejects=object_of(
            ["rows", "reasons"],
            rows=_COUNT,
            reasons={"type": "array", "items": object_of(["reason", "rows", "files"], reason=_TEXT, rows=_COUNT, files=_COUNT)},
        ),
        links=_LINKS,
    ),
    "NetworkLatest": object_of(
        [*_CLOCK, "count", "parameters", "parameter", "stations", "links"],
        **_CLOCK,
        count=_COUNT,
        parameters={
            "type": "object",
            "additionalProperties": object_of(["standard_name", "unit", "stations"], **_PARAMETER, stations=_COUNT),
        },
        parameter={"oneOf": [{"type": "null"}, object_of(["id", "unit"], id=_TEXT, **_PARAMETER)]},
        stations=object_of(
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
    "NetworkHistory": object_of(
        ["parameter", "interval", "time", "stations", "complete", "links"],
        parameter=object_of(["id", "unit"], id=_TEXT, **_PARAMETER),
        interval=object_of(["start", "end"], start=_TEXT, end=_TEXT),
        time={"type": "array", "items": {"type": "string", "format": "date-time"}},
        stations=object_of(
            ["id", "values"],
            id={"type": "array", "items": _TEXT},
            values={"type": "array", "items": {"type": "array", "items": _NUMBER_OR_NULL}},
        ),
        complete={"type": "boolean", "description": "False where the box holds more stations than are looked at"},
        links=_LINKS,
    ),
    "Files": object_of(
        ["count", "files", "links"],
        count=_COUNT,
        files={"type": "array", "items": object_of(["id", "key", "status"], **_SUMMARY, format=_TEXT_OR_NULL)},
        links=_LINKS,
    ),
    "Filter": {
        "type": "object",
        "description": "All that is given has to fit; of a list, one",
        "properties": {
            "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "stations": _some(minLength=1, maxLength=256),
            "standard_names": _some(enum=sorted(STANDARD_NAMES)),
            "formats": _some(minLength=1, maxLength=256),
            "countries": _some(pattern="^[A-Z]{3}$"),
            "kinds": _some(enum=[kind.value for kind in FileChange]),
        },
    },
    "Wish": object_of(
        ["channel", "endpoint"],
        channel={"type": "string", "enum": ["email", "sqs", "lambda", "webhook"]},
        endpoint={
            "type": "string",
            "minLength": 1,
            "maxLength": 2000,
            "description": "An e-mail address, an ARN, or an https address",
        },
        filter=ref("Filter"),
    ),
    "Subscription": object_of(
        ["id", "channel", "endpoint", "filter", "state", "links"],
        id=_TEXT,
        channel=_TEXT,
        endpoint=_TEXT,
        filter=ref("Filter"),
        state={"type": "string", "enum": ["pending", "active", "disabled"]},
        created_at={"type": "string", "format": "date-time"},
        failing_since={"type": ["string", "null"], "format": "date-time"},
        reason=_TEXT_OR_NULL,
        secret={"type": "string", "description": "Signs what the webhook is sent; shown once"},
        links=_LINKS,
    ),
    "Subscriptions": object_of(
        ["count", "subscriptions", "links"],
        count=_COUNT,
        subscriptions=listed("Subscription"),
        links=_LINKS,
    ),
    "Found": object_of(
        ["count", "complete", "results", "facets", "links"],
        count=_COUNT,
        complete={
            "type": "boolean",
            "description": "False where facets count at least these: not everything was looked at, or a file has more stations "
            "than it is counted for",
        },
        results={
            "type": "array",
            "items": object_of(["type", "id", "links"], type={"enum": [kind.value for kind in Kind]}, id=_TEXT, links=_LINKS),
        },
        facets={
            "type": "object",
            "additionalProperties": {"type": "array", "items": object_of(["value", "count"], value=_TEXT, count=_COUNT)},
        },
        links=_LINKS,
    ),
    "Counts": object_of(
        ["by", "counts", "links"],
        by=_TEXT,
        counts={"type": "array", "items": object_of(["files", "rows", "bytes"], files=_COUNT, rows=_COUNT, bytes=_COUNT)},
        links=_LINKS,
    ),
    "File": object_of(
        ["id", "key", "status", "rejects", "loading"],
        **_SUMMARY,
        archive=_TEXT_OR_NULL | {"description": "The key of the archive in which the file lies"},
        members={"type": "array", "items": _TEXT, "description": "Files in an archive, each a file of its own"},
        format={
            "oneOf": [
                {"type": "null"},
                object_of(
                    ["name", "confidence", "why"],
                    name=_TEXT_OR_NULL,
                    confidence={"type": "number"},
                    why=_TEXT_OR_NULL,
                    claim=_CLAIM,
                ),
            ]
        },
        stations={
            "type": "object",
            "additionalProperties": _COUNT,
            "description": f"Rows of each station, of the first {STATIONS_LISTED:,}; a search by station finds the file by all",
        },
        claims={
            "type": "object",
            "description": "Where what is said of the whole file comes from: encoding, station, zone of its times, date",
            "additionalProperties": _CLAIM,
        },
        columns={
            "type": "array",
            "items": object_of(
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
            "additionalProperties": object_of(
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
                    "items": object_of(["after", "before", "missing"], after=_TEXT, before=_TEXT, missing=_COUNT),
                },
            ),
        },
        rejects=_REJECTS,
        proposal={
            "oneOf": [
                {"type": "null"},
                object_of(
                    ["mapping", "columns", "questions"],
                    mapping={"oneOf": [{"type": "null"}, ref("Mapping")]},
                    columns={
                        "type": "array",
                        "items": object_of(
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
            "additionalProperties": object_of(
                ["flags", "tests"],
                flags={"type": "object", "additionalProperties": _COUNT},
                tests={"type": "object", "additionalProperties": _COUNT},
            ),
        },
        loading=object_of(
            ["state"],
            state={"type": "string", "enum": ["none", "pending", "loaded", "failed"]},
            blocks=_COUNT,
            values=_COUNT,
            stations=_COUNT,
            at=_TEXT_OR_NULL,
            reason=_TEXT_OR_NULL,
        ),
    ),
    "Mapping": object_of(
        ["mesonet_mapping", "station", "time", "columns"],
        mesonet_mapping={"const": 1},
        description=_TEXT,
        station={"type": "object"},
        time={"type": "object"},
        columns={"type": "object"},
    ),
    "Rejects": object_of(
        ["file", "rejected", "count", "not_kept", "rejects", "links"],
        file=_TEXT,
        key=_TEXT,
        rejected=_COUNT,
        count=_COUNT,
        not_kept=_COUNT | {"description": "How many more there are than are kept"},
        rejects=_REJECTS,
        links=_LINKS,
    ),
    "UploadForm": object_of(
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
    "Health": object_of(
        ["status", "checks"],
        status={"type": "string", "enum": ["ok", "unavailable"]},
        stage=_TEXT,
        release=_TEXT,
        checks={"type": "object", "additionalProperties": _TEXT},
    ),
    "Problem": object_of(
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


SECURITY = {
    "operatorKey": {"type": "http", "scheme": "bearer", "description": "An operator's key, `mk_…`; reading needs none"},
}

RESPONSES = {
    "BodyTooLarge": problem("The body is more than is taken at once"),
    "Forbidden": problem("The key is not for this"),
    "Unauthorized": problem("No key came with the request, or none that counts"),
    "UnsupportedMediaType": problem("The body is of a kind that is not taken"),
    "BadRequest": problem("A parameter is not valid: which, and what is allowed"),
    "NotAcceptable": problem("There is no such representation: which there are"),
    "Conflict": problem("Something else is in place"),
    "NotTheSame": problem("What is here is not what `If-Match`, `If-None-Match` or `If-Unmodified-Since` says"),
    "UnderWay": problem("The same request is being done: ask again for its answer"),
    "NotFound": problem("There is no such thing"),
    "Unavailable": problem("Not now: try again"),
}
