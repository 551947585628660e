"""Asks a deployed API, over HTTP alone, whether it is the release that it should be and keeps its own contract.

Standard library only. `python3 deploy/smoke.py https://….amazonaws.com/v1 --release 0123456789ab`
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PATIENCE_S = 30.0  # of one answer: functions start cold
SETTLING_S = 30.0  # of an alias that has just moved
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


class Api:
    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise ValueError(f"{url} is no address of an API")
        self.url = url.rstrip("/")

    def ask(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(
            self.url + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as exc:
            with exc:
                return Answer(exc.code, dict(exc.headers), exc.read())


def faults(api: Api, release: str | None) -> Iterator[str]:
    health = _settled_health(api, release)
    if health.status != 200 or health.json.get("status") != "ok":
        yield f"/health answers {health.status}: {health.body[:300]!r}"
    elif release and health.json.get("release") != release:
        yield f"/health tells of release {health.json.get('release')}, not of {release}"

    document = api.ask("/openapi.json")
    if document.status != 200:
        yield f"/openapi.json answers {document.status}"
        return
    paths: Mapping[str, Any] = document.json["paths"]
    for path in sorted(paths):
        operation = paths[path].get("get")
        needed = [each for each in (operation or {}).get("parameters", ()) if each.get("required")]
        if operation is None or needed or "{" in path:
            continue
        yield from _read(api, path, operation)
    yield from _refusals(api)


def _settled_health(api: Api, release: str | None) -> Answer:
    """A stage of API Gateway follows its alias within seconds."""
    deadline = time.monotonic() + SETTLING_S
    while True:
        health = api.ask("/health")
        if (health.status == 200 and release in (None, health.json.get("release"))) or time.monotonic() > deadline:
            return health
        time.sleep(1)


def _read(api: Api, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    answer = api.ask(path)
    described = operation["responses"]
    if str(answer.status) not in described:
        yield f"{path} answers {answer.status}; described are {', '.join(sorted(described))}"
        return
    offered = {name.partition(";")[0] for name in described[str(answer.status)].get("content", {})}
    if offered and answer.media_type not in offered:
        yield f"{path} is {answer.media_type}; described is {', '.join(sorted(offered))}"
    tag = answer.headers.get("ETag")
    if tag:
        again = api.ask(path, If_None_Match=tag)
        if again.status != 304 and again.headers.get("ETag") == tag:  # it may have changed meanwhile
            yield f"{path} is sent again to whoever has it already"


def _refusals(api: Api) -> Iterator[str]:
    for path, status in (("/no/such/path", 404), ("/stations?bbox=1,2", 400), ("/stations?nonsense=1", 400)):
        answer = api.ask(path)
        if (answer.status, answer.media_type) != (status, PROBLEM):
            yield f"{path} answers {answer.status} as {answer.media_type}; it should be {status} as {PROBLEM}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Ask a deployed API whether it keeps its contract.")
    parser.add_argument("url")
    parser.add_argument("--release", help="what /health is to say")
    asked = parser.parse_args(arguments)
    found = list(faults(Api(asked.url), asked.release))
    sys.stdout.write("\n".join(found) + "\n" if found else f"{asked.url} keeps its contract\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
