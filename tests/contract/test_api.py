"""The routes that the function answers are those that its OpenAPI document describes, parameters included."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from mesonet.functions.api_weather import openapi, queries
from mesonet.web.router import Route
from tests import template
from tests.system import System

DOCUMENT = openapi.document("https://example.org/v1")
OTHER_SPELLINGS = {*queries.FILTERS, "within_units"} - {"parameter-name", "standard_name", "level", "method", "duration"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@cache
def routes() -> dict[str, Route]:
    """The routes of all functions of the API by their paths, as the handlers have them once they are imported."""
    with System() as system:
        found = [route for name, module in system.modules.items() if name.startswith("api_") for route in module.app.routes]
        return {route.path: route for route in found}


def described(path: str, place: str) -> set[str]:
    (operation,) = DOCUMENT["paths"][path].values()
    return {each["name"] for each in operation["parameters"] if each["in"] == place}


def test_every_route_is_described_and_everything_described_is_a_route() -> None:
    answered = {(path, route.method.lower()) for path, route in routes().items()}
    assert answered == {(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations}


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_a_route_takes_the_parameters_that_are_described(path: str) -> None:
    # `f` is taken everywhere, and described where it changes something
    taken = set(routes()[path].query) - (OTHER_SPELLINGS if path.startswith("/collections") else set())
    assert taken - {"f"} == described(path, "query") - {"f"}
    assert described(path, "path") == set(re.findall(r"\{(\w+)\}", path))


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


def test_the_document_is_openapi_in_both_versions() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    older = openapi.downgraded(DOCUMENT)
    assert older["openapi"].startswith("3.0")
    OpenAPIV30SpecValidator(older).validate()


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def test_the_gateway_passes_every_path_on_whatever_the_method() -> None:
    events = template.functions()["ApiWeatherFunction"]["Properties"]["Events"].values()
    passed = {(event["Properties"]["Path"], event["Properties"]["Method"]) for event in events}
    assert passed == {(path, method) for path in ("/", "/{proxy+}") for method in METHODS}
