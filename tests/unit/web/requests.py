"""Events as API Gateway makes them of a request, and requests for one page after the other."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from tests.system import System


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


def pages(system: "System", path: str) -> Iterator[dict[str, Any]]:
    """The answers to a path of the API, and to what each calls the next one: asked for when it is wanted, not before."""
    while path:
        yield (answer := system.invoke("api_weather", event(path)))
        path = following(answer)


def following(answer: Mapping[str, Any]) -> str:
    """The path of the next page; nothing where there is none."""
    found = re.search(r'<([^>]*)>; rel="next"', answer["headers"].get("Link", ""))
    next_one = urlsplit(found[1] if found else "")
    return f"{next_one.path.removeprefix('/v1')}?{next_one.query}" if found else ""
