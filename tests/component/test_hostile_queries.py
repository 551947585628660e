"""What a hostile client asks: each is refused, with the name of what is wrong; nothing is passed over in silence."""

import json
import tracemalloc
from typing import Any
from urllib.parse import urlencode

import pytest

from mesonet.remembered import Unchanged
from tests.component.test_edr import PATH, ask, network
from tests.system import System
from tests.unit.web.requests import event

__all__ = ["network"]  # a fixture

POINT = {"coords": "POINT(-74.2 40.7)"}
AREA = {"coords": "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))"}
LONG = "x" * 3_000  # more than a key of DynamoDB has room for

REFUSED: list[tuple[str, dict[str, str], str]] = [
    *((f"{PATH}/locations/EWR", {"datetime": each}, "datetime") for each in ("0000/P1D", "P1D/0000", "0000-06/PT1H")),
    *((f"{PATH}/area", AREA | {"cursor": each}, "cursor") for each in ("AAAA", "A" * 40, "é")),
    *((f"{PATH}/items", {"offset": each}, "offset") for each in ("", "-1", "1001", "ten")),
    (f"{PATH}/locations", {"offset": "0"}, "offset"),
    *(
        (f"{PATH}/locations/EWR", {"units": each}, "units")
        for each in ("us,metric", "us,us", "air_temperature=K,air_temperature=Cel", "air_temperature=K,us,us")
    ),
    (f"{PATH}/radius", POINT | {"within": "9", "within-units": "km", "within_units": "m"}, "within-units"),
    (f"{PATH}/radius", POINT | {"within": "9", "within-units": "", "within_units": ""}, "within-units"),
    *(("/stations", {name: LONG}, name) for name in ("id", "name")),
    *(("/search", {name: LONG}, name) for name in ("station", "format", "standard_name")),
    *(("/files", {name: LONG}, name) for name in ("station", "format")),
    *((f"{PATH}/items", {"bbox": each}, "bbox") for each in ("-75,40,9,-73,41,1", "-75,40,nan,-73,41,1", "-75,40,0,-73,41")),
]


@pytest.mark.parametrize(("path", "asked", "parameter"), REFUSED, ids=str)
def test_a_query_that_means_nothing_is_refused(path: str, asked: dict[str, str], parameter: str, network: System) -> None:
    answer = network.invoke("api_weather", event(f"{path}?{urlencode(asked)}"))
    problem: dict[str, Any] = json.loads(answer["body"])
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (400, "application/problem+json")
    assert problem["parameter"] == parameter
    assert {"type", "title", "status", "detail", "instance", "code", "description"} <= problem.keys()


@pytest.mark.parametrize("asked", [{"units": "us"}, {"units": "us, air_temperature=K"}, {"units": "metric"}], ids=str)
def test_units_may_be_said_of_all_and_of_some(asked: dict[str, str], network: System) -> None:
    assert ask(network, f"{PATH}/locations/EWR", asked)["statusCode"] == 200


@pytest.mark.parametrize(
    ("path", "folder"), [("/network", "api_network"), ("/stations/EWR/days", "api_network"), ("/uploads", "api_uploads")]
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_for_a_path_is_told_which_are(path: str, folder: str, method: str, network: System) -> None:
    answer = network.invoke(folder, event(path, method=method))
    assert answer["statusCode"] == 405
    assert "OPTIONS" in answer["headers"]["Allow"]


def test_questions_much_longer_than_their_answers_do_not_fill_the_memory(
    network: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is remembered of them has a bound all the same."""
    known = Unchanged(weight=network.modules["api_weather"].weight, most=300_000)
    monkeypatch.setattr(network.modules["api_weather"], "latest_written", known)
    asked = {"f": "csv", "parameters": ",".join(["air_temperature"] * 500)}
    tracemalloc.start()
    try:
        for spaces in range(100):
            path = f"/stations/EWR/observations/latest?{urlencode(asked)}{'+' * spaces}"
            assert network.invoke("api_weather", event(path))["statusCode"] == 200
        held = tracemalloc.get_traced_memory()[0]
        del known
        monkeypatch.undo()
        assert held - tracemalloc.get_traced_memory()[0] < 600_000
    finally:
        tracemalloc.stop()
