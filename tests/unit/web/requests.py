"""Events as API Gateway makes them of a request."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs


def event(
    path: str = "/",
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
    encoded: bool = False,
) -> dict[str, Any]:
    """`path` with its query, percent-encoded as a client writes it; headers in whatever case."""
    path, _, query = path.partition("?")
    found = parse_qs(query, keep_blank_values=True)
    given = {"Host": "api.example.org", "X-Forwarded-Proto": "https", **(headers or {})}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "queryStringParameters": {name: values[-1] for name, values in found.items()} or None,
        "multiValueQueryStringParameters": found or None,
        "requestContext": {"requestId": "c6af9ac6", "path": f"/v1{path}"},
        "body": body,
        "isBase64Encoded": encoded,
    }
