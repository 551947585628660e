"""A radius around many stations of which few observe what is asked for."""

import json
from typing import Any

import pytest

from mesonet.functions.api_weather import logic
from tests.builders import mapping, table
from tests.component.test_edr import PATH, ask, said
from tests.component.test_job_reconcile import reconcile
from tests.system import System
from tests.unit.web.requests import pages

STATIONS = 40
CROWD = {"within": "50", "within_units": "km", "limit": "1"}


@pytest.fixture
def crowd(system: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """Stations around 40°N 74°W, of which none has a value; one far away has."""
    places = [f"S{at},40.{at:02d},-74" for at in range(STATIONS)]
    system.put("network/mapping.json", mapping())
    system.put("network/stations.csv", "\n".join(["station,latitude,longitude", *places, "FAR,45,-80", ""]).encode())
    system.put("network/a.csv", table(("FAR", "2013-01-01T00:00:00Z", 1)))
    system.deliver()
    reconcile(system)
    monkeypatch.setattr(logic, "MOST_LOOKED_AT", 2 * STATIONS)
    return system


def around(system: System, *longitudes: float) -> dict[str, Any]:
    points = ",".join(f"({longitude} 40.2)" for longitude in longitudes)
    return ask(system, f"{PATH}/radius", {"coords": f"MULTIPOINT({points})"} | CROWD)


def test_no_more_stations_are_looked_at_for_many_points_than_for_one(crowd: System) -> None:
    assert [around(crowd, *longitudes)["statusCode"] for longitudes in ((-74,), (-74, -74.01))] == [204, 204]
    refused = said(around(crowd, -74, -74.01, -74.02), 400)
    assert (refused["parameter"], refused["allowed"]) == ("within", "a smaller distance, a smaller `limit`, or fewer points")


HOURS = [f"2013-01-01T{hour:02d}:00:00Z" for hour in range(0, 24, 6)]


@pytest.fixture
def gaps(system: System) -> System:
    """Stations from near to far: of the nearest two each has nothing at noon."""
    places = [f"S{at},40.{at:02d},-74" for at in range(1, 5)]
    rows = [(f"S{at}", hour, at) for at in range(1, 5) for hour in HOURS if at > 2 or "T12" not in hour]
    system.put("network/mapping.json", mapping())
    system.put("network/stations.csv", "\n".join(["station,latitude,longitude", *places, ""]).encode())
    system.put("network/a.csv", table(*rows))
    system.deliver()
    reconcile(system)
    return system


def found(system: System, limit: int, page: int | None = None) -> list[list[str]]:
    """The stations of each page."""
    asked = f"coords=POINT(-74%2040)&within=50&within-units=km&datetime={HOURS[2]}&f=CSV&limit={limit}"
    with pytest.MonkeyPatch.context() as patch:
        if page:
            patch.setattr(logic, "MOST_BYTES", page)
        answers = list(pages(system, f"{PATH}/radius?{asked}"))
    return [[line.partition(",")[0] for line in answer["body"].splitlines()[1:]] for answer in answers]


def test_the_limit_counts_stations_that_have_something_at_the_time(gaps: System) -> None:
    assert [found(gaps, limit) for limit in (1, 2, 3)] == [[["S3"]], [["S3", "S4"]], [["S3", "S4"]]]
    assert [found(gaps, limit, page=1_000) for limit in (1, 2)] == [[["S3"]], [["S3"], ["S4"]]]


def test_a_station_whose_last_page_has_missing_values_alone_counts_all_the_same(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = json.loads(mapping())
    two["columns"]["humidity"] = {"standard_name": "relative_humidity", "unit": "%"}
    rows = [f"{station},{hour},1,{at}" for station in ("NEAR", "FAR") for at, hour in enumerate(HOURS)]
    rows[3] = f"NEAR,{HOURS[3]},1,"
    system.put("network/mapping.json", json.dumps(two).encode())
    system.put("network/stations.csv", b"station,latitude,longitude\nNEAR,40,-74\nFAR,40.1,-74\n")
    system.put("network/a.csv", "\n".join(["station,time,temp,humidity", *rows, ""]).encode())
    system.deliver()
    reconcile(system)
    monkeypatch.setattr(logic, "MOST_BYTES", 50)
    asked = (
        "coords=POINT(-74%2040)&within=50&within-units=km&limit=1&f=CSV&parameter-name=relative_humidity&datetime=2013-01-01"
    )
    told = [line for answer in pages(system, f"{PATH}/radius?{asked}") for line in answer["body"].splitlines()[1:]]
    assert [line.partition(",")[0] for line in told] == ["NEAR"] * len(HOURS)
