"""POST /uploads: a form for one file, for operators who may, and for nothing but that file."""

import json
from base64 import b64decode
from datetime import datetime
from typing import Any

import pytest

from mesonet.domain.file import file_id
from mesonet.domain.operator import Scope
from mesonet.stores.operators import OperatorsStore
from tests.system import System

NOW = 1_767_225_600_000


def key(system: System, *, scopes: tuple[Scope, ...] = (Scope.FILES,), stations: tuple[str, ...] = ("*",)) -> str:
    store = OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)
    return store.issue("Parks", stations=stations, scopes=scopes, now=NOW)[0]


def announce(system: System, body: Any, authorization: str = "", **condition: str) -> tuple[int, dict[str, Any]]:
    answer = system.invoke(
        "api_uploads",
        {
            "httpMethod": "POST",
            "path": "/uploads",
            "headers": {"Content-Type": "application/json", "Authorization": authorization, "Host": "api.example"}
            | {name.replace("_", "-"): tag for name, tag in condition.items()},
            "requestContext": {"requestId": "r", "path": "/v1/uploads"},
            "body": body if isinstance(body, str) else json.dumps(body),
        },
    )
    return answer["statusCode"], json.loads(answer["body"])


def test_a_form_is_bound_to_key_length_operator_and_minutes(system: System) -> None:
    status, form = announce(system, {"key": "parks/oak é+%.csv", "size": 42.0}, f"Bearer {key(system)}")
    assert status == 201
    policy = json.loads(b64decode(form["fields"]["policy"]))
    assert {"key": "parks/oak é+%.csv"} in policy["conditions"]
    assert {"bucket": system.bucket} in policy["conditions"]
    assert ["content-length-range", 42, 42] in policy["conditions"]
    assert {"x-amz-meta-operator": form["fields"]["x-amz-meta-operator"]} in policy["conditions"]
    assert form["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert form["file_id"] == file_id(system.bucket, "parks/oak é+%.csv")
    assert form["url"] == f"https://{system.bucket}.s3.us-east-1.amazonaws.com"
    signed, said = (datetime.fromisoformat(text) for text in (policy["expiration"], form["expires_at"]))
    assert abs((signed - said).total_seconds()) <= 1


def test_no_form_is_made_for_who_asks_for_it_of_something_that_is_not_there(system: System) -> None:
    wanted, good = {"key": "a.csv", "size": 1}, f"Bearer {key(system)}"
    assert announce(system, wanted, If_Match='"one"')[0] == 401
    assert announce(system, wanted, good, If_Match='"one"')[0] == 412
    assert announce(system, wanted, good, If_None_Match="*")[0] == 201


def test_every_field_of_the_form_is_in_what_is_signed(system: System) -> None:
    """S3 refuses a form with a field that no condition allows."""
    _, form = announce(system, {"key": "a.csv", "size": 1}, f"Bearer {key(system)}")
    policy = json.loads(b64decode(form["fields"]["policy"]))
    named = {name for each in policy["conditions"] if isinstance(each, dict) for name in each}
    assert form["fields"].keys() - {"policy", "x-amz-signature"} <= named


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({"scopes": (Scope.OBSERVATIONS,)}, 403, "files:write"),
        ({"stations": ("NYC-*",)}, 403, "station '*'"),
    ],
)
def test_a_key_for_something_else_is_refused(system: System, given: dict[str, Any], status: int, says: str) -> None:
    found, problem = announce(system, {"key": "a.csv", "size": 1}, f"Bearer {key(system, **given)}")
    assert found == status
    assert says in problem["detail"]


def test_without_a_key_there_is_no_form(system: System) -> None:
    assert announce(system, {"key": "a.csv", "size": 1})[0] == 401


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"key": "", "size": 1}, "`key`"),
        ({"key": "a//b.csv", "size": 1}, "empty part"),
        ({"key": "/a.csv", "size": 1}, "empty part"),
        ({"key": "../a.csv", "size": 1}, "`..`"),
        ({"key": "a\n.csv", "size": 1}, "cannot be written"),
        ({"key": "a/${filename}", "size": 1}, "${filename}"),
        ({"key": "é" * 513, "size": 1}, "1,024 bytes"),
        ({"key": "a.csv", "size": -1}, "`size`"),
        ({"key": "a.csv", "size": 5_000_000_001}, "5,000,000,000"),
        ({"key": "a.csv", "size": True}, "`size`"),
        ({"key": "a.csv"}, "`size`"),
        ({"key": "a.csv", "size": 1, "acl": "public-read"}, "'acl'"),
        ([], "an object"),
        ("{", "not JSON"),
    ],
)
def test_what_cannot_be_uploaded_is_said(system: System, body: Any, says: str) -> None:
    status, problem = announce(system, body, f"Bearer {key(system)}")
    assert status == 400
    assert says in problem["detail"]
