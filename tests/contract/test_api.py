"""The routes that the function answers are those that its OpenAPI document describes, parameters included."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from mesonet.functions.api_weather import edr_parameters, openapi
from mesonet.functions.api_weather.collection import CONFORMS_TO
from mesonet.web import problems
from mesonet.web.router import ANYTHING, Route
from tests import template
from tests.system import System

DOCUMENT = openapi.document("https://example.org/v1")
OTHER_SPELLINGS = {*edr_parameters.FILTERS, "within_units"} - {
    "parameter-name",
    "standard_name",
    "level",
    "z",
    "method",
    "duration",
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@cache
def routes() -> dict[tuple[str, str], Route]:
    """The routes of all functions behind the API by path and method, as their handlers have them once they are imported."""
    with System() as system:
        apis = [module for folder, module in system.modules.items() if folder.startswith("api_")]
        return {(route.path, route.method): route for module in apis for route in module.app.routes}


OPERATIONS = sorted((path, method.upper()) for path, operations in DOCUMENT["paths"].items() for method in operations)


def described(path: str, method: str, place: str) -> set[str]:
    operation = DOCUMENT["paths"][path][method.lower()]
    return {each["name"] for each in operation["parameters"] if each["in"] == place}


def test_every_route_is_described_and_everything_described_is_a_route() -> None:
    assert sorted(routes()) == OPERATIONS


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_route_takes_the_parameters_that_are_described(path: str, method: str) -> None:
    assert described(path, method, "path") == set(re.findall(r"\{(\w+)\}", path))
    query = routes()[path, method].query
    if query is ANYTHING:
        return
    # `f` is taken everywhere, and described where it changes something
    taken = set(query) - (OTHER_SPELLINGS if path.startswith("/collections") else set())
    assert taken - {"f"} == described(path, method, "query") - {"f"}


def test_every_reference_leads_somewhere() -> None:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if "$ref" in value:
                yield value["$ref"]
            value = list(value.values())
        for each in value if isinstance(value, list) else ():
            yield from walk(each)

    for reference in walk(DOCUMENT):
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_what_is_read_by_its_identifier_may_not_be_there() -> None:
    read = {path: methods["get"]["responses"] for path, methods in DOCUMENT["paths"].items() if "get" in methods}
    assert {path for path in read if "_id}" in path} <= {path for path, responses in read.items() if "404" in responses}


def test_the_document_is_openapi_in_both_versions() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    older = openapi.downgraded(DOCUMENT)
    assert older["openapi"].startswith("3.0")
    OpenAPIV30SpecValidator(older).validate()


def test_both_versions_say_what_linters_look_for() -> None:
    """Which operations need no key, and under which licence the API is, by its address: 3.0 knows it by nothing else."""
    for document in (DOCUMENT, openapi.downgraded(DOCUMENT)):
        assert document["security"] == []
        assert document["info"]["license"]["url"].startswith("https://")


def test_the_older_version_says_what_may_be_null_and_of_what_type_a_constant_is() -> None:
    """OpenAPI 3.0.3, `nullable`: it says nothing without a `type` beside it."""
    constants = {"properties": {"const": {"const": 1.5}, "b": {"const": True}, "c": {"const": 1}, "d": {"const": "x"}}}
    assert openapi.downgraded(constants)["properties"] == {
        "const": {"type": "number", "enum": [1.5]},
        "b": {"type": "boolean", "enum": [True]},
        "c": {"type": "integer", "enum": [1]},
        "d": {"type": "string", "enum": ["x"]},
    }
    schemas = openapi.downgraded(DOCUMENT)["components"]["schemas"]
    found = list(objects(schemas))
    assert all("type" in each for each in found if "nullable" in each)
    kinds = {"string": str, "integer": int, "number": int | float}
    limited = [each for each in found if isinstance(each.get("enum"), list) and "type" in each]
    assert all(isinstance(value, kinds[each["type"]]) or each.get("nullable") for each in limited for value in each["enum"])
    sent = OAS30Validator({"$ref": "#/components/schemas/SentObservation", "components": {"schemas": schemas}})
    taken: list[Any] = [None, 1, {"value": 1}, {"value": "1"}, {"value": None}]
    for value in taken:
        assert sent.is_valid({"time": "2026-01-01T12:00:00Z", "values": {"air_temperature": value}}), value
    refused: list[Any] = [[], {"value": []}]
    for value in refused:
        assert not sent.is_valid({"time": "2026-01-01T12:00:00Z", "values": {"air_temperature": value}}), value


def test_null_is_no_alternative_beside_several() -> None:
    """openapi-generator makes clients of it that cannot be imported (Python), or none (Rust); a list of types it takes."""
    among = [each["oneOf"] for each in objects(DOCUMENT) if {"type": "null"} in each.get("oneOf", ())]
    assert among
    assert all(len(alternatives) == 2 for alternatives in among)


def objects(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
    for each in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from objects(each)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def test_the_gateway_passes_every_path_on_whatever_the_method() -> None:
    passed: dict[str, dict[str, list[str]]] = {}
    for name, function in template.functions().items():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                at = event["Properties"]
                passed.setdefault(at["Path"], {}).setdefault(at["Method"], []).append(name)
    assert {"/", "/{proxy+}"} <= passed.keys()
    for path, methods in passed.items():
        assert all(len(names) == 1 for names in methods.values()), f"{path}: one method, two functions"
        assert set(methods) == set(METHODS), (
            f"{path}: a path of its own no longer falls to {{proxy+}}, to be told what it takes"
        )
    for path, method in OPERATIONS:
        assert path not in passed or method in passed[path], (path, method)


def test_what_the_gateway_refuses_by_itself_is_a_problem_with_a_correlation_id() -> None:
    given = template.resources("AWS::Serverless::Api")["WeatherApi"]["Properties"]["GatewayResponses"]
    assert given.keys() >= {"DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED", "REQUEST_TOO_LARGE", "INTEGRATION_TIMEOUT"}
    for kind, response in given.items():
        headers = response["ResponseParameters"]["Headers"]
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["X-Correlation-Id"] == "context.requestId"
        assert headers["Access-Control-Allow-Origin"] == "'*'"
        text = response["ResponseTemplates"]["application/json"].replace("$context.requestId", "4711")
        problem = json.loads(text.replace("$context.error.messageString", '"why"'))  # which comes with its quotes
        assert problem["correlation_id"] == "4711"
        assert problem["detail"] == problem["description"] == "why"
        assert problem["type"] == problems.TYPES + problem["code"]
        assert kind.startswith("DEFAULT") or problem["status"] == response["StatusCode"]
    assert {kind for kind, each in given.items() if "Retry-After" in each["ResponseParameters"]["Headers"]} == {
        "THROTTLED",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
    }


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_the_parameters_of_features_are_described_as_its_test_suite_looks_for_them(version: str) -> None:
    """OGC API - Features - Part 1, abstract tests of bbox, limit and datetime (`/conf/core/fc-*-definition`)."""
    document = openapi.downgraded(DOCUMENT) if version == "3.0" else DOCUMENT
    given = {each["name"]: each for each in document["paths"]["/collections/{collection_id}/items"]["get"]["parameters"]}
    for name in ("bbox", "limit", "datetime"):
        found = given[name]
        assert (found["in"], found["required"], found["style"], found["explode"]) == ("query", False, "form", False)
    bbox = given["bbox"]["schema"]
    assert (bbox["type"], bbox["items"]["type"], bbox["minItems"], bbox["maxItems"]) == ("array", "number", 4, 6)
    assert given["datetime"]["schema"]["type"] == "string"
    limit = given["limit"]["schema"]
    assert limit["type"] == "integer"
    assert 0 <= limit["minimum"] <= limit["default"] <= limit["maximum"] < 2**31  # the suite has them in an `int` of Java


@pytest.mark.parametrize("query", ["position", "radius", "area", "locations", "locations/{location_id}", "items"])
def test_the_parameters_of_edr_are_described_as_its_test_suite_looks_for_them(query: str) -> None:
    """OGC API - EDR, abstract tests of `/conf/edr/rc-*-definition` and `/conf/core/datetime-definition`."""
    for document in (openapi.downgraded(DOCUMENT), DOCUMENT):
        described = document["paths"][f"/collections/{{collection_id}}/{query}"]["get"]["parameters"]
        given = {each["name"]: each for each in described if each["in"] == "query"}
        where = {"position": {"coords"}, "area": {"coords"}, "radius": {"coords", "within", "within-units"}}.get(query, set())
        assert {"datetime", "parameter-name", "crs", "z", "f"} | where <= given.keys()
        for name, each in given.items():
            assert (each["style"], each["explode"], each["required"]) == ("form", False, name in where), name


def test_each_class_that_is_conformed_to_has_tests_that_there_are() -> None:
    text = (template.ROOT / "docs/api.md").read_text().partition("## What it conforms to")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    for address in CONFORMS_TO:
        found = re.fullmatch(r".*/([a-z-]+(?:-[12])?)/[\d.]+/(?:conf|req)/(.*)", address)
        assert found is not None, address
        standard, name = found.groups()
        assert any(f"`{standard}`" in row and re.search(rf"\b{name}\b", row) for row in rows), address
    there = {
        name
        for path in (template.ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 20
    assert named <= there
