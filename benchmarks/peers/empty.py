"""Nothing at all: what the interpreter itself costs."""

from typing import Any


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    return {"statusCode": 200, "body": "{}"}
