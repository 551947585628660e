"""What the parts of the OpenAPI document refer to by name, and the problems that they share."""

from typing import Any

_PROBLEMS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "406": "NotAcceptable",
    "409": "Conflict",
    "412": "NotTheSame",
    "413": "BodyTooLarge",
    "415": "UnsupportedMediaType",
    "503": "Unavailable",
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(name: str) -> dict[str, Any]:
    return {"type": "array", "items": ref(name)}


def response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}


def problems(*statuses: str) -> dict[str, dict[str, str]]:
    """What the API says with these statuses, where an operation says nothing of its own."""
    return {status: response(_PROBLEMS[status]) for status in statuses}


def problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": ref("Problem")}}}
