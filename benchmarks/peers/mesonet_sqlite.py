"""Mesonet's own function as one machine might have it: one request after the other, as in Lambda, behind a server of plain
functions (WSGI, PEP 3333), its items as text in SQLite.

Nobody offers to run it so. Beside FastAPI over the same file it shows what the function itself takes, without Lambda's runtime
client and without the way to a table in another process; SQLite's work is in both figures.
"""

import os
import sqlite3
import sys
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from http import HTTPStatus
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs

import fastwsgi

from mesonet import aws
from mesonet.json_text import parsed

CHANGING = os.environ["CHANGING_STATION"]  # has something new each time
changes = cycle(range(int(os.environ["CHANGES"])))
STATUSES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Items:
    """The two calls of DynamoDB's client that these questions need. Whole items are answered, as they are kept."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        (key,) = asked["Key"].values()
        partition = key["S"]
        if partition == CHANGING:
            partition = f"{CHANGING}#{next(changes)}"
        one = f"SELECT item FROM {asked['TableName']} WHERE partition = ? AND sort = ''"
        found = self._database.execute(one, (partition,)).fetchone()
        return {"Item": parsed(found[0])} if found else {}

    def query(self, **asked: Any) -> dict[str, Any]:
        given = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        low = given.get(":from") or given.get(":prefix") or given.get(":after", "")
        high = given.get(":to") or f"{given.get(':prefix', '')}\uffff"
        partition = given.get(":station") or given[":partition"]
        between = f"SELECT item FROM {asked['TableName']} WHERE partition = ? AND sort BETWEEN ? AND ? ORDER BY sort LIMIT ?"
        found = self._database.execute(between, (partition, low, high, asked["Limit"]))
        return {"Items": [parsed(item) for (item,) in found]}


items = Items(os.environ["READINGS_FILE"])
aws.client = cache(lambda service, **_: items)

from mesonet.functions.api_weather.handler import handle  # noqa: E402 (it asks for its client when it is imported)


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


def app(asked: Mapping[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
    answer = handle(event(asked), CONTEXT)
    body = a2b_base64(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    start(STATUSES[answer["statusCode"]], [*answer["headers"].items(), ("Content-Length", str(len(body)))])
    return [body]


if __name__ == "__main__":
    fastwsgi.run(app, "127.0.0.1", int(sys.argv[1]))
