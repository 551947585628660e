"""Mesonet's own function as one machine might have it: behind the HTTP server of the others, its items as text in SQLite.

Nobody offers to run it so. Beside FastAPI over the same file it shows what the function itself takes, without Lambda's runtime
client and without the way to a table in another process; SQLite's work is in both figures.
"""

import json
import os
import sqlite3
from asyncio import to_thread
from base64 import b64decode
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from mesonet import aws

FOUND = "SELECT item FROM items WHERE tbl = ? AND partition = ? AND sort BETWEEN ? AND ? ORDER BY sort LIMIT ?"


class Items:
    """The two calls of DynamoDB's client that these questions need. Whole items are answered, as they are kept."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False)

    def _items(self, table: str, partition: str, low: str, high: str, most: int) -> list[dict[str, Any]]:
        return [json.loads(item) for (item,) in self._database.execute(FOUND, (table, partition, low, high, most))]

    def get_item(self, **asked: Any) -> dict[str, Any]:
        (key,) = asked["Key"].values()
        found = self._items(asked["TableName"], key["S"], "", "", 1)
        return {"Item": found[0]} if found else {}

    def query(self, **asked: Any) -> dict[str, Any]:
        given = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        low = given.get(":from") or given.get(":prefix") or given.get(":after", "")
        high = given.get(":to") or f"{given.get(':prefix', '')}\uffff"
        partition = given.get(":station") or given[":partition"]
        return {"Items": self._items(asked["TableName"], partition, low, high, asked["Limit"])}


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


def event(scope: dict[str, Any]) -> dict[str, Any]:
    """As API Gateway would hand the request on."""
    query = parse_qsl(scope["query_string"].decode())
    return {
        "httpMethod": scope["method"],
        "path": scope["path"],
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
        "multiValueQueryStringParameters": {name: [each for its, each in query if its == name] for name, _ in query},
        "requestContext": {"path": scope["path"], "requestId": ""},
    }


async def app(scope: dict[str, Any], receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """ASGI; in a thread, as FastAPI calls a plain function."""
    answer = await to_thread(handle, event(scope), Context())
    body = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    headers = [(name.lower().encode(), value.encode()) for name, value in answer["headers"].items()]
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": answer["statusCode"], "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
