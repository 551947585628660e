"""What writes answers with every status that is described, and with no other; each body fits its schema."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from jsonschema import Draft202012Validator

from mesonet.domain.operator import Scope
from mesonet.functions.api_weather import openapi
from mesonet.stores.operators import OperatorsStore
from tests.system import Crash, System
from tests.unit.web.requests import event

DOCUMENT = openapi.document("https://api.example.org/v1")
PROVOKED_ELSEWHERE = {"503"}  # takes a fault: tests/unit/web has it
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:wanted"
REPORTS = ("/updateweatherstation.php", "/weatherstation/updateweatherstation.php")
BY_ECOWITT = "/ecowitt"
WRITES = sorted(
    (path, method)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method != "get" or "security" in operation or path in REPORTS
)


class Caller:
    """Asks the function that answers a path, and notes which statuses came of it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._keys = OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)
        self.seen: dict[tuple[str, str], set[str]] = {}
        self.all = self.key("*", *Scope)
        self.other = self.key("ELSEWHERE", Scope.OBSERVATIONS)

    def key(self, stations: str, *scopes: Scope) -> str:
        return self._keys.issue("Parks", stations=[stations], scopes=list(scopes), now=int(time.time() * 1000))[0]

    def __call__(
        self,
        path: str,
        method: str,
        body: Any = None,
        *,
        key: str = "",
        kind: str = JSON,
        packed: str = "",
        once: str = "",
        query: str = "",
        match: str = "",
        **parts: str,
    ) -> Any:
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {key}"} if key else {})}
        headers |= {"Content-Encoding": packed} if packed else {}
        headers |= {"Idempotency-Key": once} if once else {}
        headers |= {"If-Match": match} if match else {}
        text = body if isinstance(body, str | None) else json.dumps(body)
        address = path
        for name, value in parts.items():
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        folder = "api_subscriptions" if "subscriptions" in path else "api_uploads" if path == "/uploads" else "api_observations"
        asked = event(f"{address}?{query}" if query else address, method=method.upper(), headers=headers, body=text)
        answer = self.system.invoke(folder, asked)
        status = str(answer["statusCode"])
        self.seen.setdefault((path, method), set()).add(status)
        described = DOCUMENT["paths"][path][method]["responses"].get(status)
        assert described is not None, f"{method} {path} answers {status}, which is not described: {answer['body']}"
        check(described, answer)
        return json.loads(answer["body"]) if "json" in answer["headers"].get("Content-Type", "") else answer["body"]


def check(described: dict[str, Any], answer: dict[str, Any]) -> None:
    if "$ref" in described:
        described = DOCUMENT["components"]["responses"][described["$ref"].rpartition("/")[2]]
    kind = answer["headers"].get("Content-Type", "").partition(";")[0]
    if not answer["body"]:
        assert "content" not in described
        return
    content = {name.partition(";")[0]: each for name, each in described["content"].items()}[kind]
    if "json" in kind:
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        Draft202012Validator(schema).validate(json.loads(answer["body"]))


@pytest.fixture(scope="module")
def provoked() -> Iterator[dict[tuple[str, str], set[str]]]:
    with System() as system:
        system.sqs.create_queue(QueueName="wanted")
        call = Caller(system)
        observations(call)
        reports(call)
        subscriptions(call)
        uploads(call)
        yield call.seen


def observations(call: Caller) -> None:
    path = "/stations/{station_id}/observations"
    good = {"time": "2026-01-01T12:00:00Z", "values": {"air_temperature": 4}}
    bad = {"time": "2026-01-01T12:00:00Z", "values": {"air_temperature": "warm"}}

    def post(body: Any, station: str = "LIVE", **more: Any) -> Any:
        return call(path, "post", body, station_id=station, **{"key": call.all, **more})

    assert post(good)["accepted"] == 1
    assert post([good, bad])["rejected"] == 1
    assert post("time,air_temperature\n2026-01-01T12:00:00Z,4\n", kind="text/csv")["accepted"] == 1
    post(bad)
    post("{")
    post(good, key="")
    post(good, key="mk_nobody")
    post(good, key=call.other)
    post(good, kind="image/png")
    post(good, match='"x"')
    post(" " * 6_000_000 + "{}")
    with suppress(Crash), patch.object(call.system.modules["api_observations"], "take", side_effect=Crash("died")):
        post(good, once="k1")
    post(good, once="k1")


def reports(call: Caller) -> None:
    values = urlencode({"dateutc": "now", "tempf": "68.0"})
    for key in (call.all, "mk_nobody", call.other):
        who = urlencode({"ID": "CONSOLE", "PASSWORD": key})
        call(BY_ECOWITT, "post", values, kind=FORM, query=who)
        call(BY_ECOWITT, "post", values, kind=FORM, query=who, match='"x"')
        for path in REPORTS:
            call(path, "get", query=f"{who}&{values}", match='"x"')
            call(path, "post", f"{who}&{values}", kind=FORM, match='"x"')
            call(path, "get", query=f"{who}&{values}")
            call(path, "post", f"{who}&{values}", kind=FORM)
    who = urlencode({"ID": "CONSOLE", "PASSWORD": call.all})
    for path in REPORTS:
        call(path, "get", query=f"{who}&tempf=warm")
    for path in (*REPORTS, BY_ECOWITT):
        call(path, "post", "tempf=warm", kind=FORM, query=who)
        call(path, "post", values, kind=FORM, query=who, packed="br")
        call(path, "post", values + "&x=" + "y" * 1_000_000, kind=FORM, query=who)


def subscriptions(call: Caller) -> None:
    many, one = "/subscriptions", "/subscriptions/{subscription_id}"
    wish = {"channel": "sqs", "endpoint": QUEUE}
    few = call.key("*", Scope.OBSERVATIONS)
    made = call(many, "post", wish, key=call.all)
    assert call(many, "post", wish, key=call.all)["id"] == made["id"]
    for body, more in (
        (wish, {"key": ""}),
        (wish, {"key": few}),
        ("{", {}),
        (wish, {"kind": "text/csv"}),
        (wish, {"match": '"x"'}),
        (" " * 2_000_000, {}),
    ):
        call(many, "post", body, **{"key": call.all, **more})
    for key in (call.all, "", few):
        call(many, "get", key=key)
        call(one, "get", key=key, subscription_id=made["id"])
    call(many, "get", key=call.all, match='"x"')
    for method in ("get", "delete"):
        call(one, method, key=call.all, match='"x"', subscription_id=made["id"])
    call(many, "get", key=call.all, query="colour=blue")
    call(one, "get", key=call.all, query="colour=blue", subscription_id=made["id"])
    call(one, "get", key=call.all, subscription_id="nowhere")
    for key in ("", few, call.all, call.all):
        call(one, "delete", key=key, subscription_id=made["id"])
    call(one, "delete", key=call.all, query="colour=blue", subscription_id=made["id"])
    crowd = call.key("*", Scope.SUBSCRIPTIONS)
    for number in range(101):
        call(many, "post", {**wish, "filter": {"stations": [str(number)]}}, key=crowd)


def uploads(call: Caller) -> None:
    good = {"key": "a.csv", "size": 10}
    for body, more in (
        (good, {}),
        (good, {"key": ""}),
        (good, {"key": call.other}),
        ({**good, "size": -1}, {}),
        (good, {"kind": "text/csv"}),
        (good, {"match": '"x"'}),
        (" " * 2_000_000, {}),
    ):
        call("/uploads", "post", body, **{"key": call.all, **more})


@pytest.mark.parametrize(("path", "method"), WRITES)
def test_every_status_of_a_write_that_is_described_occurs(
    path: str, method: str, provoked: dict[tuple[str, str], set[str]]
) -> None:
    described = set(DOCUMENT["paths"][path][method]["responses"]) - PROVOKED_ELSEWHERE
    assert provoked[path, method] == described
