"""The OpenAPI document of the weather API: 3.1, and the same in the words of 3.0."""

from typing import Any

from mesonet.functions.api_weather import collection
from mesonet.functions.api_weather import openapi_schemas as schemas
from mesonet.functions.api_weather import openapi_writing as writing
from mesonet.functions.api_weather.openapi_paths import PATHS
from mesonet.web.media import HTML

MEDIA_TYPE = collection.OPENAPI_31
MEDIA_TYPE_30 = collection.OPENAPI_30
OFFERS = {"3.1": MEDIA_TYPE, "3.0": MEDIA_TYPE_30, "json": "application/json", "html": HTML}
VERSION = "1.1.0"
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


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
            "license": {"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"},
        },
        "security": [],  # of none that does not say so: reading needs no key
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
        "paths": {path: PATHS.get(path, {}) | writing.PATHS.get(path, {}) for path in PATHS | writing.PATHS},
        "components": {
            "schemas": schemas.SCHEMAS | writing.SCHEMAS,
            "responses": schemas.RESPONSES | writing.RESPONSES,
            "securitySchemes": schemas.SECURITY,
        },
    }


def downgraded(document: Any) -> Any:
    """The document in OpenAPI 3.0, which has an older JSON Schema."""
    if isinstance(document, list):
        return [downgraded(each) for each in document]
    if not isinstance(document, dict):
        return document
    if document == {"type": "null"}:
        return {"type": "string", "nullable": True, "enum": [None]}
    if isinstance(version := document.get("openapi"), str) and version.startswith("3.1"):
        info = {name: value for name, value in document["info"].items() if name != "summary"}
        document = {**document, "openapi": "3.0.3", "info": info}
    found = dict[str, Any]()
    for name, value in document.items():
        if name == "type" and isinstance(value, list):
            kinds = [{"type": each, "nullable": True} for each in value if each != "null"]
            found |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        elif name == "const" and not isinstance(value, dict):
            found |= {"type": _TYPES[type(value)], "enum": [value]}
        else:
            found[name] = downgraded(value)
    return found
