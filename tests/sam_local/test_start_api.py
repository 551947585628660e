"""`sam local start-api`: the API in the real runtime, over HTTP, against the local cloud."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes, sam
from local.cloud import DIRECTLY
from tests.deployed import Answer, Deployed
from tests.sam_local.conftest import Runtime

pytestmark = pytest.mark.timeout(300)  # the first one may wait for the build and the deployment
PATIENCE = 120.0


@pytest.fixture(scope="module")
def address(deployed: Deployed, runtime: Runtime) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = runtime.folder / "start-api.log"
    of_build = ["--template-file", str(runtime.template)]
    command = sam.command("local", "start-api", *of_build, *runtime.options, "--port", str(port), "--warm-containers", "LAZY")
    with log.open("w") as output:
        child = subprocess.Popen(
            command,
            env=sam.environment(deployed.endpoint),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(port, child, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            processes.end_group(child.pid, child)


def wait_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"sam local start-api does not listen: {log.read_text()}")


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
