"""Mesonet's own function as one machine might have it: one request after the other, as in Lambda, behind a server of plain
functions (WSGI, PEP 3333), its items as text in a database of its process.

Nobody offers to run it so. Beside others on one machine it shows what the function itself takes, without Lambda's runtime
client and without the way to a table in another process; the database's work is in its figures.
"""

import os
import sys
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from http import HTTPStatus
from itertools import cycle
from typing import Any, Protocol
from urllib.parse import parse_qs

import fastwsgi

from mesonet import aws
from mesonet.json_text import parsed
from mesonet.remembered import Unchanged

CHANGING = os.environ["CHANGING_STATION"]  # has something new each time
changes = cycle(range(int(os.environ["CHANGES"])))
STATUSES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Texts(Protocol):
    """What a database keeps of items, by table, partition and sort key."""

    def one(self, table: str, partition: str) -> str | bytes | None: ...

    def between(self, table: str, partition: str, low: str, high: str, most: int) -> Iterator[str]: ...


class Items:
    """The two calls of DynamoDB's client that these questions need. Whole items are answered, as they are kept; one that is
    asked for by its key is read as JSON where its text is another than the time before."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: Unchanged[tuple[str, str], str | bytes, Any] = Unchanged(weight=_weight, most=10_000_000)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        (key,) = asked["Key"].values()
        place = table, partition = asked["TableName"], key["S"]
        if partition == CHANGING:
            partition = f"{CHANGING}#{next(changes)}"
        text = self._texts.one(table, partition)
        return {} if text is None else {"Item": self._known(place, text, _item)}

    def query(self, **asked: Any) -> dict[str, Any]:
        given = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        low = given.get(":from") or given.get(":prefix") or given.get(":after", "")
        high = given.get(":to") or f"{given.get(':prefix', '')}\uffff"
        partition = given.get(":station") or given[":partition"]
        return {"Items": list(map(parsed, self._texts.between(asked["TableName"], partition, low, high, asked["Limit"])))}


def _item(text: str | bytes) -> Any:
    return parsed(text if isinstance(text, str) else text.decode())


def _weight(_place: tuple[str, str], text: str | bytes, _item: Any) -> int:
    return 10 * len(text)


class Context:
    function_name = "served"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:served"
    aws_request_id = ""

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


CONTEXT = Context()


def event(asked: Mapping[str, Any]) -> dict[str, Any]:
    """As API Gateway would hand the request on."""
    query = asked.get("QUERY_STRING")
    return {
        "httpMethod": asked["REQUEST_METHOD"],
        "path": asked["PATH_INFO"],
        "headers": {header: asked[name] for name, header in headers(tuple(asked))},
        "multiValueQueryStringParameters": parse_qs(query) if query else None,
        "requestContext": {"path": asked["PATH_INFO"], "requestId": ""},
    }


@lru_cache
def headers(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which of the variables of a request are headers, and of what names: a client sends the same ones each time."""
    return [(name, name[5:].replace("_", "-")) for name in names if name.startswith("HTTP_")]


def serve(texts: Texts) -> None:
    items = Items(texts)
    aws.client = cache(lambda service, **_: items)

    from mesonet.functions.api_weather.handler import handle  # it asks for its client when it is imported

    def app(asked: Mapping[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
        answer = handle(event(asked), CONTEXT)
        body = a2b_base64(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        start(STATUSES[answer["statusCode"]], [*answer["headers"].items(), ("Content-Length", str(len(body)))])
        return [body]

    fastwsgi.run(app, "127.0.0.1", int(sys.argv[1]))
