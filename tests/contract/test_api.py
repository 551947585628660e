"""The routes that the function answers are those that its OpenAPI document describes, parameters included."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mesonet.functions.api_weather import openapi
from tests import template
from tests.source import tree

DOCUMENT = openapi.document("https://example.org/v1")
HANDLER = "mesonet.functions.api_weather.handler"


def routes() -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree(HANDLER).body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            match decorator:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="app"), attr="get"), args=[ast.Constant(value=str(path))]):
                    assert isinstance(node, ast.FunctionDef)
                    yield re.sub(r"<(\w+)>", r"{\1}", path), node


def query_parameters(route: ast.FunctionDef) -> set[str]:
    """What the route passes to `web.only`: it refuses everything else."""
    found = [node.args[1] for node in ast.walk(route) if isinstance(node, ast.Call) and ast.unparse(node.func) == "web.only"]
    (allowed,) = found
    return set(ast.literal_eval(allowed))


def described(path: str, place: str) -> set[str]:
    operation = DOCUMENT["paths"][path]["get"]
    return {each["name"] for each in operation["parameters"] if each["in"] == place}


def test_every_route_is_described_and_everything_described_is_a_route() -> None:
    assert sorted(path for path, _ in routes()) == sorted(DOCUMENT["paths"])


@pytest.mark.parametrize(("path", "route"), list(routes()), ids=[path for path, _ in routes()])
def test_a_route_takes_the_parameters_that_are_described(path: str, route: ast.FunctionDef) -> None:
    # `f` is taken everywhere, and described where it changes something
    assert query_parameters(route) - {"f"} == described(path, "query") - {"f"}
    assert described(path, "path") == set(re.findall(r"\{(\w+)\}", path)) == {each.arg for each in route.args.args}


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


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def test_the_gateway_passes_every_path_on_for_the_methods_that_are_answered() -> None:
    events = template.functions()["ApiWeatherFunction"]["Properties"]["Events"].values()
    passed = {(event["Properties"]["Path"], event["Properties"]["Method"]) for event in events}
    assert passed == {(path, method) for path in ("/", "/{proxy+}") for method in ("GET", "HEAD", "OPTIONS")}
