"""Schemas of the documents that the API gives and takes, its problems, and how keys are shown."""

from typing import Any

from mesonet.domain import export
from mesonet.domain.file import STATIONS_LISTED, FileChange, Status
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.reporting import StationState
from mesonet.domain.search import Kind
from mesonet.functions.api_weather.openapi_references import listed, problem, ref


def list_of(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def map_of(values: Any, **more: Any) -> dict[str, Any]:
    """An object whose members have any names."""
    return {"type": "object", **more, "additionalProperties": values}


def one_of(texts: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": texts}


def text_of(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def or_null(schema: Any) -> dict[str, Any]:
    return {"oneOf": [{"type": "null"}, schema]}


def object_of(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    """With no other members."""
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def linked(required: list[str], **properties: Any) -> dict[str, Any]:
    """With links, which are always there."""
    return object_of([*required, "links"], **properties, links=_LINKS)


TIME = {"type": "string", "format": "date-time"}
_TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
_URI = {"type": "string", "format": "uri"}
TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER_OR_NULL = {"type": ["number", "null"]}
COUNT = {"type": "integer", "minimum": 0}
_LINKS = list_of(
    {
        "type": "object",
        "required": ["rel", "href"],
        "properties": {"rel": TEXT, "href": {"type": "string", "format": "uri-reference"}},
    }
)
_PARAMETER = {
    "standard_name": text_of("CF standard name"),
    "level": {"type": "number", "description": "Metres above ground, negative below"},
    "method": text_of("CF cell method"),
    "duration": text_of("ISO 8601"),
    "unit": text_of("UCUM"),
}
_QUALITY = {"type": "integer", "enum": [1, 2, 3, 4, 9], "description": "QARTOD: pass, not evaluated, suspect, fail, missing"}


def _some(**each: Any) -> dict[str, Any]:
    """A list of texts, each of which is such a one."""
    return {"type": "array", "items": {"type": "string", **each}, "minItems": 1, "maxItems": 50}


_CLAIM = {"type": ["string", "null"], "enum": ["read", "inferred", "configured", None]}
_REJECTS = list_of(
    object_of(["reason"], reason=TEXT, row={"type": ["integer", "null"]}, column=_TEXT_OR_NULL, value=_TEXT_OR_NULL)
)

_SUMMARY: dict[str, Any] = {
    "id": TEXT,
    "bucket": TEXT,
    "key": TEXT,
    "version_id": _TEXT_OR_NULL,
    "status": one_of([status.value for status in Status]),
    "size": COUNT,
    "rows": COUNT,
    "rejected": COUNT,
    "station_count": COUNT,
    "first": _TIME_OR_NULL,
    "last": _TIME_OR_NULL,
    "received_at": TIME,
    "links": _LINKS,
}

_POINT = or_null(
    object_of(["type", "coordinates"], type={"const": "Point"}, coordinates=list_of({"type": "number"}, minItems=2, maxItems=3))
)
_EDR_PARAMETER = object_of(
    ["type", "observedProperty"],
    type={"const": "Parameter"},
    id=TEXT,
    label=TEXT,
    description=TEXT,
    unit={"type": "object"},
    observedProperty={"type": "object"},
    measurementType=object_of(["method", "duration"], method=TEXT, duration=TEXT),
)
_NDARRAY = object_of(
    ["type", "dataType", "values"],
    type={"const": "NdArray"},
    dataType=one_of(["float"]),
    axisNames=list_of(TEXT),
    shape=list_of({"type": "integer", "minimum": 0}),
    values=list_of(_NUMBER_OR_NULL),
)
_STATES = [state.value for state in StationState]
_STATE = {
    "type": "string",
    "enum": _STATES,
    "description": "Seen from `time`: late after `late_after`, silent after `silent_after`",
}
_CLOCK: dict[str, Any] = {"time": TIME, "newest": _TIME_OR_NULL, "late_after": TEXT, "silent_after": TEXT}

SCHEMAS: dict[str, Any] = {
    "Export": linked(
        ["id", "status", "kind", "asked_at"],
        id=TEXT,
        status={"const": "working"},
        kind=one_of([each.value for each in export.Kind]),
        asked_at=TIME,
    ),
    "Landing": linked([], title=TEXT, description=TEXT),
    "Conformance": object_of(["conformsTo"], conformsTo=list_of(_URI)),
    "Collections": object_of(["links", "collections"], links=_LINKS, collections=listed("Collection")),
    "Collection": object_of(
        ["id", "links", "extent", "data_queries", "parameter_names", "crs", "output_formats"],
        id=TEXT,
        title={"type": "string", "maxLength": 50},
        description=TEXT,
        links=_LINKS,
        extent=object_of(
            ["spatial"],
            spatial={"type": "object"},
            temporal={"type": "object"},
            vertical={"type": "object"},
            custom=list_of({}),
        ),
        data_queries={"type": "object"},
        parameter_names=map_of(_EDR_PARAMETER),
        crs=list_of(TEXT),
        output_formats=list_of(TEXT),
    ),
    "Location": object_of(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=TEXT,
        geometry=_POINT,
        properties=object_of(
            ["name", "parameter-name", "edrqueryendpoint"],
            name=TEXT,
            edrqueryendpoint=_URI,
            **{"parameter-name": list_of(TEXT)},
        ),
        links=_LINKS,
    ),
    "Locations": linked(
        ["type", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=COUNT,
        numberMatched=COUNT,
        parameters=list_of(_EDR_PARAMETER),
        features=listed("Location"),
    ),
    "SeriesCollection": object_of(
        ["type", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=COUNT,
        parameters=list_of(_EDR_PARAMETER),
        features=list_of(
            object_of(
                ["type", "id", "geometry", "properties"],
                type={"const": "Feature"},
                id=TEXT,
                geometry=_POINT,
                properties=object_of(
                    ["time", "values", "edrqueryendpoint"],
                    time=list_of(TIME),
                    values=map_of(list_of(_NUMBER_OR_NULL)),
                    edrqueryendpoint=_URI,
                ),
            )
        ),
        links=_LINKS,
    ),
    "CoverageJSON": {"oneOf": [ref("Coverage"), ref("CoverageCollection")]},
    "Coverage": object_of(
        ["type", "domain", "parameters", "ranges"],
        type={"const": "Coverage"},
        id=TEXT,
        domain=object_of(["type", "axes"], type={"const": "Domain"}, axes={"type": "object"}, referencing=list_of({})),
        parameters=map_of({"type": "object"}),
        ranges=map_of(_NDARRAY),
        links=_LINKS,
    ),
    "CoverageCollection": object_of(
        ["type", "coverages"],
        type={"const": "CoverageCollection"},
        parameters=map_of({"type": "object"}),
        coverages=listed("Coverage"),
        links=_LINKS,
    ),
    "Station": object_of(
        ["type", "id", "geometry", "properties"],
        type={"const": "Feature"},
        id=TEXT,
        geometry=_POINT,
        properties=object_of(
            ["name"],
            name=_TEXT_OR_NULL,
            wigos_station_identifier=_TEXT_OR_NULL,
            elevation_m=_NUMBER_OR_NULL,
            timezone=_TEXT_OR_NULL,
            distance_m={"type": "number", "minimum": 0},
            parameters=map_of(object_of(["standard_name", "unit"], **_PARAMETER)),
        ),
        links=_LINKS,
    ),
    "Stations": object_of(
        ["type", "numberReturned", "features"],
        type={"const": "FeatureCollection"},
        numberReturned=COUNT,
        features=listed("Station"),
        links=_LINKS,
    ),
    "Observations": linked(
        ["station", "interval", "count", "time", "parameters"],
        station=TEXT,
        interval=object_of(["start", "end"], start=_TEXT_OR_NULL, end=_TEXT_OR_NULL),
        count=COUNT,
        time=list_of(TIME),
        parameters=map_of(
            object_of(
                ["standard_name", "unit", "values"],
                **_PARAMETER,
                values=list_of(_NUMBER_OR_NULL),
                quality=list_of(_QUALITY),
                received=list_of(TEXT),
                unit_received=TEXT,
                tests=list_of(TEXT, description="Names of the tests that flagged each value; only where one was flagged"),
            )
        ),
    ),
    "Latest": linked(
        ["station", "parameters"],
        station=TEXT,
        parameters=map_of(
            object_of(
                ["standard_name", "unit", "time", "value", "quality"],
                **_PARAMETER,
                time=TIME,
                value={"type": "number"},
                quality=_QUALITY,
                received=TEXT,
                unit_received=TEXT,
                file=text_of("Identifier of the file that brought it"),
            )
        ),
    ),
    "Days": linked(
        ["station", "interval", "date", "parameters"],
        station=TEXT,
        interval=object_of(["start", "end"], start=TEXT, end=TEXT),
        date=list_of({"type": "string", "format": "date"}),
        parameters=map_of(
            object_of(
                ["standard_name", "unit", "count", "suspect", "minimum", "mean", "maximum", "total"],
                **_PARAMETER,
                count=list_of(COUNT),
                suspect=list_of(COUNT),
                **{name: list_of(_NUMBER_OR_NULL) for name in ("minimum", "mean", "maximum", "total")},
            )
        ),
    ),
    "Network": linked(
        [*_CLOCK, "stations", "attention", "files", "arrivals", "dead_letters", "rejects"],
        **_CLOCK,
        stations=object_of(["total", *_STATES], total=COUNT, **dict.fromkeys(_STATES, COUNT)),
        attention=list_of(object_of(["id", "state"], id=TEXT, name=_TEXT_OR_NULL, state=_STATE, newest=_TEXT_OR_NULL)),
        files=list_of(object_of(["status", "files", "rows", "bytes"], status=TEXT, files=COUNT, rows=COUNT, bytes=COUNT)),
        arrivals=list_of(object_of(["start", "files", "rows", "bytes"], start=TEXT, files=COUNT, rows=COUNT, bytes=COUNT)),
        dead_letters=list_of(object_of(["queue", "messages", "what"], queue=TEXT, messages=COUNT, what=TEXT)),
        rejects=object_of(
            ["rows", "reasons"],
            rows=COUNT,
            reasons=list_of(object_of(["reason", "rows", "files"], reason=TEXT, rows=COUNT, files=COUNT)),
        ),
    ),
    "NetworkLatest": linked(
        [*_CLOCK, "count", "parameters", "parameter", "stations"],
        **_CLOCK,
        count=COUNT,
        parameters=map_of(object_of(["standard_name", "unit", "stations"], **_PARAMETER, stations=COUNT)),
        parameter=or_null(object_of(["id", "unit"], id=TEXT, **_PARAMETER)),
        stations=object_of(
            ["id", "name", "longitude", "latitude", "elevation_m", "newest", "state"],
            id=list_of(TEXT),
            state=list_of(_STATE),
            **{name: list_of(_TEXT_OR_NULL) for name in ("name", "newest", "time")},
            **{
                name: list_of(_NUMBER_OR_NULL)
                for name in ("longitude", "latitude", "elevation_m", "value", "quality", "direction")
            },
        ),
    ),
    "NetworkHistory": linked(
        ["parameter", "interval", "time", "stations", "complete"],
        parameter=object_of(["id", "unit"], id=TEXT, **_PARAMETER),
        interval=object_of(["start", "end"], start=TEXT, end=TEXT),
        time=list_of(TIME),
        stations=object_of(["id", "values"], id=list_of(TEXT), values=list_of(list_of(_NUMBER_OR_NULL))),
        complete={"type": "boolean", "description": "False where the box holds more stations than are looked at"},
    ),
    "Files": linked(
        ["count", "files"], count=COUNT, files=list_of(object_of(["id", "key", "status"], **_SUMMARY, format=_TEXT_OR_NULL))
    ),
    "Filter": {
        "type": "object",
        "description": "All that is given has to fit; of a list, one",
        "properties": {
            "bbox": list_of({"type": "number"}, minItems=4, maxItems=4),
            "stations": _some(minLength=1, maxLength=256),
            "standard_names": _some(enum=sorted(STANDARD_NAMES)),
            "formats": _some(minLength=1, maxLength=256),
            "countries": _some(pattern="^[A-Z]{3}$"),
            "kinds": _some(enum=[kind.value for kind in FileChange]),
        },
    },
    "Wish": object_of(
        ["channel", "endpoint"],
        channel=one_of(["email", "sqs", "lambda", "webhook"]),
        endpoint={
            "type": "string",
            "minLength": 1,
            "maxLength": 2000,
            "description": "An e-mail address, an ARN, or an https address",
        },
        filter=ref("Filter"),
    ),
    "Subscription": linked(
        ["id", "channel", "endpoint", "filter", "state"],
        id=TEXT,
        channel=TEXT,
        endpoint=TEXT,
        filter=ref("Filter"),
        state=one_of(["pending", "active", "disabled"]),
        created_at=TIME,
        failing_since=_TIME_OR_NULL,
        reason=_TEXT_OR_NULL,
        secret=text_of("Signs what the webhook is sent; shown once"),
    ),
    "Subscriptions": linked(["count", "subscriptions"], count=COUNT, subscriptions=listed("Subscription")),
    "Found": linked(
        ["count", "complete", "results", "facets"],
        count=COUNT,
        complete={
            "type": "boolean",
            "description": "False where facets count at least these: not everything was looked at, or a file has more stations "
            "than it is counted for",
        },
        results=list_of(linked(["type", "id"], type={"enum": [kind.value for kind in Kind]}, id=TEXT)),
        facets=map_of(list_of(object_of(["value", "count"], value=TEXT, count=COUNT))),
    ),
    "Counts": linked(
        ["by", "counts"], by=TEXT, counts=list_of(object_of(["files", "rows", "bytes"], files=COUNT, rows=COUNT, bytes=COUNT))
    ),
    "File": object_of(
        ["id", "key", "status", "rejects", "loading"],
        **_SUMMARY,
        archive=_TEXT_OR_NULL | {"description": "The key of the archive in which the file lies"},
        members=list_of(TEXT, description="Files in an archive, each a file of its own"),
        format=or_null(
            object_of(
                ["name", "confidence", "why"],
                name=_TEXT_OR_NULL,
                confidence={"type": "number"},
                why=_TEXT_OR_NULL,
                claim=_CLAIM,
            )
        ),
        stations=map_of(
            COUNT,
            description=f"Rows of each station, of the first {STATIONS_LISTED:,}; a search by station finds the file by all",
        ),
        claims=map_of(
            _CLAIM, description="Where what is said of the whole file comes from: encoding, station, zone of its times, date"
        ),
        columns=list_of(
            object_of(
                ["name", "kind"],
                name=TEXT,
                kind=one_of(["time", "station", "number", "text"]),
                parameter=_TEXT_OR_NULL,
                unit=_TEXT_OR_NULL,
                unit_received=_TEXT_OR_NULL,
                claim=_CLAIM,
                values=COUNT,
                missing=COUNT,
                minimum=_NUMBER_OR_NULL,
                maximum=_NUMBER_OR_NULL,
                mean=_NUMBER_OR_NULL,
                minimum_received=_NUMBER_OR_NULL,
                maximum_received=_NUMBER_OR_NULL,
                mean_received=_NUMBER_OR_NULL,
                distinct=list_of(TEXT, description="The texts of a column that has few"),
            )
        ),
        completeness={"type": ["number", "null"], "minimum": 0, "maximum": 1},
        coverage=map_of(
            object_of(
                ["first", "last", "times", "gap_count", "longest_gaps"],
                first=TEXT,
                last=TEXT,
                times=COUNT,
                interval={"type": ["string", "null"], "description": "ISO 8601"},
                interval_claim=_CLAIM,
                due={"type": ["integer", "null"]},
                completeness={"type": ["number", "null"]},
                gap_count=COUNT,
                longest_gaps=list_of(object_of(["after", "before", "missing"], after=TEXT, before=TEXT, missing=COUNT)),
            ),
            description="By station: when it was heard, how often it reports, and where nothing came",
        ),
        rejects=_REJECTS,
        proposal=or_null(
            object_of(
                ["mapping", "columns", "questions"],
                mapping=or_null(ref("Mapping")),
                columns=list_of(
                    object_of(
                        ["column", "confidence", "reason"],
                        column=TEXT,
                        confidence={"type": "number", "minimum": 0, "maximum": 1},
                        reason=TEXT,
                        parameter=_TEXT_OR_NULL,
                        unit=_TEXT_OR_NULL,
                    )
                ),
                questions=list_of(TEXT),
            )
        ),
        quality=map_of(
            object_of(["flags", "tests"], flags=map_of(COUNT), tests=map_of(COUNT)),
            description="By parameter: how many values have each flag, and how many each test has flagged",
        ),
        loading=object_of(
            ["state"],
            state=one_of(["none", "pending", "loaded", "failed"]),
            blocks=COUNT,
            values=COUNT,
            stations=COUNT,
            at=_TEXT_OR_NULL,
            reason=_TEXT_OR_NULL,
        ),
    ),
    "Mapping": object_of(
        ["mesonet_mapping", "station", "time", "columns"],
        mesonet_mapping={"const": 1},
        description=TEXT,
        station={"type": "object"},
        time={"type": "object"},
        columns={"type": "object"},
    ),
    "Rejects": linked(
        ["file", "rejected", "count", "not_kept", "rejects"],
        file=TEXT,
        key=TEXT,
        rejected=COUNT,
        count=COUNT,
        not_kept=COUNT | {"description": "How many more there are than are kept"},
        rejects=_REJECTS,
    ),
    "UploadForm": linked(
        ["file_id", "key", "size", "url", "fields", "expires_at", "most_bytes"],
        file_id=TEXT,
        key=TEXT,
        size=COUNT,
        url=_URI,
        fields=map_of(TEXT),
        expires_at=TIME,
        most_bytes=COUNT,
    ),
    "Health": object_of(
        ["status", "checks"], status=one_of(["ok", "unavailable"]), stage=TEXT, release=TEXT, checks=map_of(TEXT)
    ),
    "Problem": object_of(
        ["type", "title", "status", "detail", "correlation_id", "code", "description"],
        type=_URI,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        instance=TEXT,
        correlation_id=TEXT,
        code=text_of("The kind of problem in a word (OGC API)"),
        description=text_of("The same as `detail` (OGC API)"),
        parameter=text_of("The request parameter that is wrong"),
        value=text_of("What was sent"),
        allowed={"description": "What may be sent", "oneOf": [TEXT, list_of(TEXT)]},
    ),
}


SECURITY = {"operatorKey": {"type": "http", "scheme": "bearer", "description": "An operator's key, `mk_…`; reading needs none"}}

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
