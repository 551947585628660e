"""Problem documents (RFC 9457), which are exceptions of OGC API (`code`, `description`) at the same time."""

from typing import Any

from mesonet.errors import MesonetError
from mesonet.web.media import PROBLEM, dumps
from mesonet.web.response import Response

TYPES = "https://mesonet.invalid/problems/"  # names a kind of problem; nothing is served there (RFC 9457, 3.1.1)


def problem(error: MesonetError, *, instance: str, correlation_id: str) -> Response:
    document: dict[str, Any] = {
        "type": TYPES + error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "correlation_id": correlation_id,
        "code": error.code,
        "description": error.detail,
    }
    return Response(
        status=error.status,
        body=dumps(document | {name: _plain(value) for name, value in error.members().items()}),
        media_type=PROBLEM,
        headers=error.headers,
        cache="no-store",
    )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)
