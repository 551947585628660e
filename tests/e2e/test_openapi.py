"""The deployed API does what its OpenAPI document says, and nothing else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.deployed import Answer, Deployed

STEADY = {"capabilities", "data", "stations"}
NOT_TO_BE_HAD_AT_WILL = {"503", "303"}  # takes a fault; is followed: tests of the router, and of exports, have them


@pytest.fixture(scope="module")
def document(deployed: Deployed) -> dict[str, Any]:
    found: dict[str, Any] = deployed.ask("/api").json
    return found


@pytest.fixture(scope="module")
def file_id(deployed: Deployed) -> str:
    found: str = deployed.ask("/files", limit=1).json["files"][0]["id"]
    return found


def reads(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        if "get" not in operations or path.endswith(".php"):  # by which consoles write
            continue
        if "307" not in operations["get"]["responses"]:  # there the last word is S3's
            yield path, operations["get"]


def ask(
    deployed: Deployed, path: str, operation: dict[str, Any], file_id: str, *, unknown: bool = False, **more: Any
) -> Answer:
    """As the examples have it."""
    query = dict(more.pop("query", {}))
    for parameter in operation["parameters"]:
        example = file_id if parameter["name"] == "file_id" else parameter.get("example")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", "NOWHERE" if unknown else quote(str(example), safe=""))
        elif parameter.get("required"):
            query.setdefault(parameter["name"], example)
    return deployed.ask(path, query, **more)


def provoked(deployed: Deployed, path: str, operation: dict[str, Any], file_id: str) -> Iterator[Answer]:
    first = ask(deployed, path, operation, file_id)
    if first.status == 200:
        assert {"ETag", "Last-Modified", "Cache-Control", "X-Correlation-Id"} <= set(first.headers), path
    yield first
    yield ask(deployed, path, operation, file_id, headers={"If-None-Match": first.headers.get("ETag", "")})
    yield ask(deployed, path, operation, file_id, headers={"If-Match": '"x"'})
    yield ask(deployed, path, operation, file_id, query={"colour": "blue"})
    yield ask(deployed, path, operation, file_id, headers={"Accept": "image/png"})
    yield ask(deployed, path, operation, file_id, unknown=True)
    if any(parameter["name"] == "whole" for parameter in operation["parameters"]) and "data" in operation["tags"]:
        yield ask(deployed, path, operation, file_id, query={"f": "Parquet"})
    if any(parameter["name"] == "datetime" for parameter in operation["parameters"]):
        yield ask(deployed, path, operation, file_id, query={"datetime": "1901-01-01"})


def test_every_status_that_is_described_occurs_and_no_other(deployed: Deployed, document: dict[str, Any], file_id: str) -> None:
    """All of them where the examples lead to what stays as it is; of files and of the network's state, no other."""
    wrong = {}
    for path, operation in reads(document):
        seen = {str(answer.status) for answer in provoked(deployed, path, operation, file_id)}
        described = set(operation["responses"]) - NOT_TO_BE_HAD_AT_WILL
        missing = described - seen if STEADY & set(operation["tags"]) else set[str]()
        if missing or seen - described:
            wrong[path] = {"seen": sorted(seen), "described": sorted(described)}
    assert not wrong, "\n".join(f"{path}: {each}" for path, each in wrong.items())


def test_both_versions_are_served(deployed: Deployed) -> None:
    assert deployed.ask("/api").headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1"
    for answer in (
        deployed.ask("/api", f="3.0"),
        deployed.ask("/api", headers={"Accept": "application/vnd.oai.openapi+json;version=3.0"}),
    ):
        assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
        assert answer.json["openapi"].startswith("3.0")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("methods", [["GET"], ["POST", "DELETE"]])
def test_schemathesis_finds_no_fault(
    methods: list[str], deployed: Deployed, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    """No 5xx, no status or document that is not described, nothing taken that is described as wrong.

    Left out: that whatever fits the schema is taken (OpenAPI cannot say which cursor, time or shape there is), and TRACE, which
    API Gateway refuses by itself. `--api-examples 200` looks longer.
    """
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{deployed.catalogue.api_url}/api",
        "--url",
        deployed.catalogue.api_url,
        "--phases",
        "examples,coverage,fuzzing",
        *(option for method in methods for option in ("--include-method", method)),
        "--max-examples",
        str(pytestconfig.getoption("api_examples")),
        "--exclude-checks",
        "positive_data_acceptance,unsupported_method",
        "--workers",
        "2",
        "--suppress-health-check",
        "all",
        "--no-color",
    ]
    if methods != ["GET"]:
        command += ["--header", f"Authorization: Bearer {deployed.said['OperatorKey']}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
