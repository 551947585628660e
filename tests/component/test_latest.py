"""The latest values of a station, each time as the table has them: made into an answer only where they are others."""

import json
from typing import Any

import pytest

from mesonet.domain.latest import LatestValue
from mesonet.stores.attributes import Item
from mesonet.stores.latest import LatestStore, values_of
from tests.builders import latest_value
from tests.system import System
from tests.unit.web.requests import event


def told(system: System, query: str = "") -> tuple[int, dict[str, Any]]:
    answer = system.invoke("api_weather", event(f"/stations/EWR/observations/latest{query}"))
    parameters = json.loads(answer["body"]).get("parameters", {})
    return answer["statusCode"], {name: each["value"] for name, each in parameters.items()}


def keep(system: System, values: dict[str, LatestValue]) -> None:
    LatestStore(system.ref("LatestTable"), client=system.dynamodb).change(["EWR"], lambda _: {"EWR": values})


@pytest.mark.parametrize(
    "names", [["air_temperature"], [f"air_temperature:{level}:point:PT0S" for level in range(3, 8)]], ids=len
)
def test_what_is_told_of_a_station_is_made_again_only_where_something_was_written(
    names: list[str], system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def noted(item: Item | None) -> dict[str, LatestValue]:
        made.append(item)
        return values_of(item)

    monkeypatch.setattr(system.modules["api_weather"], "values_of", noted)
    for value in (1.5, 2.0):
        keep(system, {name: latest_value(value=value) for name in names})
        for query, expected in (("", value), ("?units=us", value * 1.8 + 32), ("", value)):
            assert told(system, query) == (200, dict.fromkeys(names, expected))
    assert len(made) == 4


def test_a_station_whose_values_are_gone_is_one_of_which_nothing_is_known(system: System) -> None:
    keep(system, {"air_temperature": latest_value()})
    assert told(system)[0] == 200
    keep(system, {})
    assert told(system)[0] == 404
