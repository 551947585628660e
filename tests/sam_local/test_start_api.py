"""`sam local start-api`: the API in the real runtime, over HTTP, against the local cloud."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from local.cloud import DIRECTLY
from tests.deployed import Answer
from tests.sam_local.conftest import Runtime

pytestmark = pytest.mark.timeout(300)  # the first one may wait for the build and the deployment


@pytest.fixture(scope="module")
def address(runtime: Runtime) -> Iterator[str]:
    with runtime.serving("start-api") as (address, _):
        yield address


def ask(url: str) -> Answer:
    request = urllib.request.Request(url)
    try:
        with DIRECTLY.open(request, timeout=120) as response:
            return Answer(response.status, dict(response.headers), response.read().decode())
    except urllib.error.HTTPError as exc:
        with exc:
            return Answer(exc.code, dict(exc.headers), exc.read().decode())


def test_it_is_healthy(address: str) -> None:
    answer = ask(f"{address}/health")
    assert answer.status == 200
    assert answer.json["status"] == "ok"


def test_stations_are_those_of_the_local_cloud(address: str) -> None:
    answer = ask(f"{address}/stations?id=EWR")
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert [feature["id"] for feature in answer.json["features"]] == ["EWR"]


def test_a_query_reaches_the_function_as_through_api_gateway(address: str) -> None:
    answer = ask(f"{address}/stations/EWR/observations?datetime=2013-01-01T06:00:00Z/2013-01-01T08:00:00Z&f=csv")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "EWR" in answer.text


@pytest.mark.parametrize(("path", "status"), [("/stations?bbox=1,2", 400), ("/stations/NOWHERE", 404), ("/nothing/here", 404)])
def test_refusals_are_problem_documents(address: str, path: str, status: int) -> None:
    answer = ask(address + path)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == status
