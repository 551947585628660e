"""The sample events in `events/`: what each is about (world.json) and what must come of it (expectations.json).

They are written for an account and a bucket of their own. Whoever uses them makes the world first, and gets the events with the
bucket, the versions and the file identifiers that are really there.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mesonet.domain.file import file_id
from tests.builders import BUCKET
from tests.template import ROOT

EVENTS = ROOT / "events"
CASES = sorted(f"{path.parent.name}/{path.stem}" for path in EVENTS.glob("*/*.json"))
NEWS = (
    "samples/news/catalogued.csv",
    "samples/news/duplicate.csv",
    "samples/news/poison.csv",
)  # on_catalogued is to load these


def expectations() -> dict[str, dict[str, Any]]:
    given: dict[str, dict[str, Any]] = json.loads((EVENTS / "expectations.json").read_text())
    return given


def steps() -> list[dict[str, str]]:
    given: list[dict[str, str]] = json.loads((EVENTS / "world.json").read_text())
    return given


class World:
    """A bucket in which what the events speak of has happened. `client` is of S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._names = {BUCKET: bucket}
        for step in steps():
            if key := step.get("put"):
                made = client.put_object(Bucket=bucket, Key=key, Body=_body(step))
            else:
                made = client.delete_object(Bucket=bucket, Key=(key := step["delete"]))
            self._names[step["version"]] = made["VersionId"]
            self._names[file_id(BUCKET, key)] = file_id(bucket, key)

    def event(self, case: str) -> dict[str, Any]:
        text = (EVENTS / f"{case}.json").read_text()
        for name, real in self._names.items():
            text = text.replace(name, real)
        event: dict[str, Any] = json.loads(text)
        return event


def _body(step: Mapping[str, str]) -> bytes:
    return b64decode(step["base64"]) if "base64" in step else step["body"].encode()


def check(case: str, answer: Mapping[str, Any], logged: Sequence[Mapping[str, Any]], show: Callable[[], str] = str) -> None:
    """Raises AssertionError where the answer, or what was logged, is not what the case expects."""
    expected = expectations()[case]
    if case.startswith("api_"):
        check_response(expected, answer)
        return
    assert answer == expected["answer"], show()
    messages = {each["message"] for each in _expected_logs()}
    found = [each for each in logged if each.get("message") in messages]
    assert len(found) == len(expected["log"]), show()
    for line, wanted in zip(found, expected["log"], strict=True):
        assert wanted.items() <= line.items(), show()


def check_response(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    body = answer.get("body") or ""
    assert answer["statusCode"] == expected["status"], body
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    headers |= {name.lower(): values[0] for name, values in answer.get("multiValueHeaders", {}).items()}
    if "content_type" in expected:
        assert headers["content-type"] == expected["content_type"]
    if "text" in expected:
        assert expected["text"] in body if expected["text"] else not body
    if "body" in expected:
        differs = difference(expected["body"], json.loads(body))
        assert not differs, f"{differs}\n{body}"


def difference(expected: Any, found: Any, path: str = "") -> str:
    """Where the expected is not in what was found; objects may have more members, lists have the same length."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, each in expected.items():
            if name not in found:
                return f"{path}/{name} is missing"
            if told := difference(each, found[name], f"{path}/{name}"):
                return told
        return ""
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return next((told for at, each in enumerate(expected) if (told := difference(each, found[at], f"{path}/{at}"))), "")
    return "" if expected == found else f"{path or '/'} is {found!r} and not {expected!r}"


def _expected_logs() -> list[dict[str, Any]]:
    return [line for each in expectations().values() for line in each.get("log", ())]
