"""What a release has written and sent, kept for those after it: `PYTHONPATH=src python -m tests.delivery.golden NAME` records
this one's.

During a canary, and after a rollback, one release reads what another has written. So the next one has to read these items and
take these messages; and what it writes itself has to have every attribute, of the same type, that this one's code looks for,
when it is told (`BlockFormat`) to write blocks that this one can read.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mesonet.domain.operator import KEY_PREFIX, Scope
from mesonet.stores import operators
from mesonet.stores.operators import OperatorsStore
from tests import template
from tests.system import System
from tests.unit.web.requests import event as request

RELEASES = Path(__file__).with_name("releases")
_STATIONS = b"station_id,name,latitude,longitude\nGOLDEN1,Golden Hill,47.5,9.3\n"
_MAPPING = b"""{"mesonet_mapping": 1, "station": {"column": "station"}, "time": {"columns": ["time"]},
"columns": {"t": {"standard_name": "air_temperature", "unit": "degC"}}}"""
_ROWS = (
    b"station,time,t\nGOLDEN1,2024-01-01T00:00:00Z,1.5\nGOLDEN1,2024-01-01T01:00:00Z,warm\nGOLDEN1,2024-01-01T02:00:00Z,2.5\n"
)
KEY = f"{KEY_PREFIX}{'golden' * 5}"  # an operator's, which opens nothing anywhere
_SENT = {"time": "2026-01-01T12:00:00Z", "values": {"air_temperature": 3.5}}
_SUBSCRIBED = {"channel": "sqs", "endpoint": "arn:aws:sqs:us-east-1:123456789012:golden", "filter": {"stations": ["GOLDEN1"]}}
# and who answers them
QUESTIONS = {
    "/stations/GOLDEN1": "api_weather",
    "/stations/GOLDEN1/observations?datetime=2024-01-01/2024-01-02": "api_weather",
    "/stations/GOLDEN1/observations?datetime=2026-01-01": "api_weather",
    "/stations/GOLDEN1/observations/latest": "api_weather",
    "/subscriptions": "api_subscriptions",
}
# the functions that take messages of another release, and from where
TAKERS = {"UploadsQueue": "on_upload", "CataloguedQueue": "on_catalogued"}


def write(running: System) -> dict[str, list[Any]]:
    """Has the system take the same three files, and returns the messages that were under way."""
    messages: dict[str, list[Any]] = {name: [] for name in TAKERS}
    for key, body in (("golden/mapping.json", _MAPPING), ("golden/stations.csv", _STATIONS), ("golden/rows.csv", _ROWS)):
        running.put(key, body)
        while True:
            moved = False
            for queue, function in TAKERS.items():
                taken = running.take(queue)
                if taken:
                    moved = True
                    event = running.queue_event(queue, taken)
                    messages[queue].append(event)
                    running.invoke(function, event)
            moved |= running.pump_changes()
            if not moved:
                break
    _send(running)
    return messages


def _send(running: System) -> None:
    """An operator's key, an observation that is sent with it, and a subscription."""
    store = OperatorsStore(running.ref("OperatorsTable"), client=running.dynamodb)
    with patch.object(operators, "token_urlsafe", return_value=KEY.removeprefix(KEY_PREFIX)):
        store.issue("Golden", stations=["*"], scopes=Scope, now=0)
    for function, path, document in (
        ("api_observations", "/stations/GOLDEN1/observations", _SENT),
        ("api_subscriptions", "/subscriptions", _SUBSCRIBED),
    ):
        answer = running.invoke(function, _asked(path, "POST", json.dumps(document)))
        assert answer["statusCode"] in (200, 201), answer["body"]


def _asked(path: str, method: str = "GET", body: str | None = None) -> dict[str, Any]:
    headers = {"Host": "api", "Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    return {**request(path, headers=headers), "httpMethod": method, "body": body}


def items(running: System) -> dict[str, list[dict[str, Any]]]:
    return {
        table: json.loads(json.dumps(running.dynamodb.scan(TableName=running.ref(table))["Items"], default=_packed))
        for table in template.resources("AWS::DynamoDB::Table")
    }


def restore(running: System, kept: dict[str, list[dict[str, Any]]]) -> None:
    for table, rows in kept.items():
        if table in template.resources("AWS::DynamoDB::Table"):  # a table that has gone is nobody's any more
            for row in rows:
                running.dynamodb.put_item(TableName=running.ref(table), Item=_unpacked(row))


def answers(running: System, asked: Iterable[str] = QUESTIONS) -> dict[str, Any]:
    return {path: json.loads(running.invoke(QUESTIONS[path], _asked(path))["body"]) for path in asked}


def shapes(kept: dict[str, list[dict[str, Any]]]) -> dict[str, set[tuple[str, str]]]:
    """Attributes and their types, by table; of the kinds of items that one table holds, all together."""
    return {
        table: {(name, next(iter(value))) for row in rows for name, value in row.items()}
        for table, rows in kept.items()
        if rows
    }


def record() -> dict[str, Any]:
    with System() as running:
        messages = write(running)
        read = template.source()["Parameters"]["BlockFormat"]["Default"]
        return {"messages": messages, "items": items(running), "answers": answers(running), "block_format": read}


def _packed(value: Any) -> Any:
    return {"base64": b64encode(bytes(value)).decode()}


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"base64"}:
            return b64decode(value["base64"])
        return {name: _unpacked(each) for name, each in value.items()}
    return [_unpacked(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    RELEASES.mkdir(exist_ok=True)
    (RELEASES / f"{sys.argv[1]}.json").write_text(json.dumps(record(), indent=1, sort_keys=True) + "\n")
