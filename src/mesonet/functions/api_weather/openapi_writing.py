"""The part of the OpenAPI document that is about writing: every operation needs an operator's key."""

from typing import Any

from mesonet.functions.api_weather.openapi_references import problem, problems, ref, response
from mesonet.functions.api_weather.openapi_schemas import COUNT, TEXT, TIME, closed, list_of, map_of, object_of, one_of, text_of

RESPONSES: dict[str, Any] = {
    "BadBody": problem("The request, or its body, cannot be read: where, and why"),
    "NothingTaken": problem("Not one observation could be taken: what is wrong with each, in `rows`"),
}
_SENT_MANY = list_of(ref("SentObservation"), minItems=1, maxItems=1000)
SCHEMAS: dict[str, Any] = {
    "SentValue": {
        "description": "A number in the parameter's canonical unit; or with its unit; null says nothing",
        "oneOf": [
            {"type": ["number", "null"]},
            closed(
                ["value"],
                value={"type": ["number", "string", "null"]},
                unit=text_of("UCUM, or a usual spelling") | {"example": "km/h"},
            ),
        ],
    },
    "SentObservation": closed(
        ["time", "values"],
        time=TIME | {"description": "End of the period; UTC without an offset"},
        values=map_of(
            ref("SentValue"),
            minProperties=1,
            maxProperties=60,
            description="By parameter: a CF standard name, or standard_name:level:method:duration",
        ),
    )
    | {
        "example": {
            "time": "2026-01-01T12:00:00Z",
            "values": {"air_temperature": 21.4, "wind_speed": {"value": 9, "unit": "km/h"}},
        }
    },
    "SentObservations": {"oneOf": [ref("SentObservation"), _SENT_MANY, closed(["observations"], observations=_SENT_MANY)]},
    "Taken": object_of(
        ["station", "accepted", "rejected", "rows"],
        station=TEXT,
        accepted=COUNT,
        rejected=COUNT,
        rows=list_of(
            object_of(
                ["row", "status"],
                row={"type": "integer", "minimum": 1, "description": "Of the list from 1; of CSV, the line"},
                status=one_of(["accepted", "rejected"]),
                time=TIME,
                reasons=list_of(TEXT),
            )
        ),
    ),
}
_TAKEN = {"application/json": {"schema": ref("Taken")}}
_REPORT = {
    "ID": ("Identifier of the station", "NYC-7"),
    "PASSWORD": ("An operator's key", "mk_"),
    "dateutc": ("`now`, or a time in UTC", "2026-01-01 12:00:00"),
    "tempf": ("Air temperature, °F", "70.5"),
    "humidity": ("Relative humidity, %", "48"),
    "windspeedmph": ("Wind, mph", "5.5"),
    "winddir": ("Wind direction, °", "230"),
    "baromin": ("Air pressure at sea level, inHg", "29.92"),
}


def _report(operation: str, *, form: bool) -> dict[str, Any]:
    said = text_of("`success`, a line below for what was not taken, or a line with INVALIDPASSWORDID or ERROR")
    text = {"text/plain": {"schema": said}}
    described: dict[str, Any] = {
        "operationId": operation,
        "tags": ["observations"],
        "summary": "A console's report in Weather Underground's upload protocol (imperial units in the names)",
        "parameters": []
        if form
        else [
            {
                "name": name,
                "in": "query",
                "required": name in ("ID", "PASSWORD"),
                "description": description,
                "schema": TEXT,
                "example": example,
            }
            for name, (description, example) in _REPORT.items()
        ],
        "responses": {
            "200": {"description": "It was taken", "content": text},
            "400": {"description": "Nothing in it could be taken", "content": text},
            "401": {"description": "No such key", "content": text},
            "403": {"description": "The key is not for this station", "content": text},
            "412": response("NotTheSame"),
            "503": response("Unavailable"),
        },
    }
    if form:
        described["responses"] |= {
            "413": {"description": "The form is larger than what is taken at once", "content": text},
            "415": {"description": "It is packed otherwise than by gzip", "content": text},
        }
        fields = {name: text_of(description) for name, (description, _) in _REPORT.items()}
        form_schema = object_of(["ID", "PASSWORD"], **fields)
        described["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form_schema}}}
    return described


def _report_by_ecowitt() -> dict[str, Any]:
    """Whose form has no password in it."""
    described = _report("reportOfEcowitt", form=True)
    schema = described["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    taken = ("dateutc", "tempf", "humidity", "windspeedmph", "winddir")
    return described | {
        "summary": "A report of an Ecowitt gateway (`Customized`, protocol `Ecowitt`), whose path has the key in it",
        "parameters": _report("", form=False)["parameters"][:2],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": {name: schema["properties"][name] for name in taken}}
                }
            },
        },
    }


PATHS: dict[str, Any] = {
    "/stations/{station_id}/observations": {
        "post": {
            "operationId": "addObservations",
            "tags": ["observations"],
            "summary": "Takes observations of a station; each is accepted or rejected by itself",
            "description": (
                "What is accepted can be read at once. What is said later of the same time and parameter replaces it. The same "
                "`Idempotency-Key` gets the same answer for a day, and 409 while the first request with it is being done."
            ),
            "security": [{"operatorKey": []}],
            "parameters": [
                {"name": "station_id", "in": "path", "required": True, "schema": TEXT, "example": "NYC-7"},
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "description": "The same for all attempts of one request",
                    "schema": {"type": "string", "maxLength": 255},
                },
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": ref("SentObservations")},
                    "text/csv": {
                        "schema": TEXT,
                        "example": "time,air_temperature,wind_speed (km/h)\n2026-01-01T12:00:00Z,21.4,9\n",
                    },
                },
            },
            "responses": {
                "200": {"description": "Every observation was taken", "content": _TAKEN},
                "207": {"description": "Some were; the others say why not", "content": _TAKEN},
                "400": response("BadBody"),
                **problems("401", "403"),
                "409": response("UnderWay"),
                **problems("412", "413", "415"),
                "422": response("NothingTaken"),
                **problems("503"),
            },
        }
    },
    "/ecowitt": {"post": _report_by_ecowitt()},
    "/updateweatherstation.php": {"get": _report("report", form=False), "post": _report("reportForm", form=True)},
    "/weatherstation/updateweatherstation.php": {
        "get": _report("reportOfConsole", form=False),
        "post": _report("reportFormOfConsole", form=True),
    },
}
