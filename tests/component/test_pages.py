"""ApiWeatherFunction: whatever the size of a page, the pages together are the answer."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.builders import ghcn, mapping, table
from tests.system import System
from tests.unit.web.requests import event
from tests.unit.web.requests import pages as walk

PATH = "/stations/EWR/observations"
MONTH = "2013-01-01/2013-01-31"


def ask(system: System, **query: str) -> Any:
    return system.invoke("api_weather", event(f"{PATH}?{urlencode(query)}"))


def pages(system: System, **query: str) -> dict[str, dict[str, Any]]:
    """Parameter → time → value of all pages, without what is missing."""
    found: dict[str, dict[str, Any]] = {}
    seen: list[str] = []
    for answer in walk(system, f"{PATH}?{urlencode(query)}"):
        assert answer["statusCode"] == 200, answer["body"]
        said = json.loads(answer["body"])
        seen += said["time"]
        for name, column in said["parameters"].items():
            values = zip(said["time"], column["values"], strict=True)
            found.setdefault(name, {}).update({time: value for time, value in values if value is not None})
    assert seen == sorted(set(seen))
    return found


@pytest.fixture(params=["one file", "two files a day", "daily values between"])
def filled(system: System, request: pytest.FixtureRequest) -> System:
    hours = [f"2013-01-0{day}T{hour:02d}:00:00Z" for day in (1, 2, 3) for hour in (0, 5, 11, 17)]
    files = [
        ("network/mapping.json", mapping()),
        ("network/a.csv", table(*(("EWR", time, at) for at, time in enumerate(hours)))),
    ]
    if request.param == "two files a day":
        files.append(("network/b.csv", table(*(("EWR", time, 100 + at) for at, time in enumerate(hours) if at % 3 == 0))))
    if request.param == "daily values between":
        files.append(("ghcn/x.csv", ghcn(*(("EWR", f"2013010{day}", "TMAX", 10 * day) for day in (1, 2, 4)))))
    system.begin_with(*files)
    return system


@pytest.mark.parametrize("limit", ["1", "2", "3", "5", "1000"])
@pytest.mark.parametrize("details", ["true", "false"])
def test_the_pages_together_are_the_answer(filled: System, limit: str, details: str) -> None:
    assert pages(filled, datetime=MONTH, limit=limit, details=details) == filled.said()["EWR"]


def test_a_page_may_begin_and_end_within_a_day(filled: System) -> None:
    said = pages(filled, datetime="2013-01-01T05:00:00Z/2013-01-02T11:00:00Z", limit="2")
    times = list(said["air_temperature"])
    assert (times[0], times[-1]) == ("2013-01-01T05:00:00Z", "2013-01-02T11:00:00Z")


@pytest.mark.parametrize("limit", ["1", "2", "5", "1000"])
@pytest.mark.parametrize("details", ["true", "false"])
def test_times_may_be_a_list_whose_pages_together_are_the_answer(filled: System, limit: str, details: str) -> None:
    """OGC API - EDR, 8.2: the plain paths are views of the same query."""
    asked = "2013-01-03T05:00:00Z,2013-01-01T05:00:00Z/2013-01-01T11:00:00Z, 2013-01-02,2013-01-02T11:00:00Z"
    wanted = ("2013-01-01T05", "2013-01-01T11", "2013-01-02", "2013-01-03T05")
    expected = {
        name: {time: value for time, value in values.items() if time.startswith(wanted)}
        for name, values in filled.said()["EWR"].items()
    }
    assert pages(filled, datetime=asked, limit=limit, details=details) == expected
    first = json.loads(ask(filled, datetime=asked, limit=limit)["body"])
    assert first["interval"] == {"start": "2013-01-01T05:00:00Z", "end": "2013-01-03T05:00:00Z"}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [("*", 200), ("air*", 200), ("*temp*,", 200), (" , air_temperature,,", 200), ("wind*", 400), ("", 400), (",", 400)],
)
def test_parameters_may_be_written_with_stars_and_blanks(parameters: str, status: int, filled: System) -> None:
    for path in ("", "/latest"):
        answer = filled.invoke("api_weather", event(f"{PATH}{path}?{urlencode({'parameters': parameters})}"))
        assert answer["statusCode"] == status, answer["body"]
        assert status != 200 or "air_temperature" in json.loads(answer["body"])["parameters"]


@pytest.mark.parametrize(
    "query",
    [
        {"datetime": "0001-01-01/P9999Y"},
        {"datetime": "P1Y/0000-06-01"},
        {"datetime": "0000-13/.."},
        {"datetime": "../9999-12-31T23:59:59-24:00"},
        {"cursor": "W10"},
        {"cursor": "!!"},
    ],
)
def test_what_leads_out_of_time_is_a_mistake_of_the_caller(filled: System, query: dict[str, str]) -> None:
    answer = ask(filled, **query)
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["parameter"] in query


def test_a_limit_is_the_number_that_it_says(filled: System) -> None:
    assert ask(filled, limit="0000000000000000001099999")["statusCode"] == 400


def test_a_time_that_utc_does_not_have_hides_no_other_file(filled: System) -> None:
    filled.put("network/edge.csv", table(("EDGE", "9999-12-31T23:59:59-14:00", 1), ("EDGE", "0001-01-01T00:00:00+14:00", 2)))
    filled.deliver()
    answer = filled.invoke("api_weather", event("/files"))
    assert answer["statusCode"] == 200
    assert "network/edge.csv" in answer["body"]


def test_a_corrupt_field_of_any_size_keeps_no_good_row_out(filled: System) -> None:
    filled.put(
        "network/corrupt.csv", table(("CORRUPT", "2013-01-01T00:00:00Z", "x" * 600_000), ("CORRUPT", "2013-01-01T01:00:00Z", 3))
    )
    filled.deliver()
    assert filled.said()["CORRUPT"]["air_temperature"] == {"2013-01-01T01:00:00Z": 3}


def test_plain_paths_answer_in_the_units_that_are_asked_for(filled: System) -> None:
    said = json.loads(ask(filled, datetime=MONTH, units="us")["body"])["parameters"]["air_temperature"]
    metric = json.loads(ask(filled, datetime=MONTH)["body"])["parameters"]["air_temperature"]
    assert (said["unit"], metric["unit"]) == ("[degF]", "Cel")
    assert said["values"] == [None if value is None else round(value * 9 / 5 + 32, 6) for value in metric["values"]]


def test_a_station_of_which_something_is_known_is_not_looked_up(filled: System, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    store = filled.modules["api_weather"].stations_store
    monkeypatch.setattr(type(store), "get", lambda _, station_id: looked_up.append(station_id))
    assert ask(filled, datetime=MONTH)["statusCode"] == 200
    assert looked_up == []


def test_pages_lose_nothing_and_repeat_nothing_while_files_arrive(system: System) -> None:
    """Between any two pages another file comes, with times before, between and after those that were read."""
    system.put("network/mapping.json", mapping())
    hours = [f"2013-01-0{day}T{hour:02d}:00:00Z" for day in (1, 2, 3) for hour in range(0, 24, 3)]
    system.put("network/a.csv", table(*(("EWR", time, at) for at, time in enumerate(hours))))
    system.deliver()
    seen: list[str] = []
    for number, answer in enumerate(walk(system, f"{PATH}?datetime={MONTH}&limit=3"), 1):
        seen += json.loads(answer["body"])["time"]
        late = [f"2013-01-01T01:00:0{number % 10}Z", f"2013-01-02T01:{number:02d}:00Z", f"2013-01-05T{number:02d}:00:00Z"]
        if number < 12:
            system.put(f"network/late{number}.csv", table(*(("EWR", time, -number) for time in late)))
            system.deliver()
    assert seen == sorted(set(seen))
    assert set(hours) <= set(seen)
    assert any(time.startswith("2013-01-05") for time in seen)


@pytest.mark.parametrize(("limit", "first"), [(1, 0), (5, 0), (2, 1)])
def test_values_of_days_and_of_instants_at_one_time_come_together_and_once(system: System, limit: int, first: int) -> None:
    """From a second later on, a page is full where the days that were laid together end."""
    days = [f"2013-01-0{day}T00:00:00Z" for day in range(1, 7)]
    daily = json.loads(mapping())
    daily["columns"]["temp"] |= {"method": "maximum", "duration": "P1D"}
    system.put("network/mapping.json", mapping())
    system.put("network/a.csv", table(*(("EWR", time, at) for at, time in enumerate(days))))
    system.put("daily/mapping.json", json.dumps(daily).encode())
    system.put("daily/x.csv", table(*(("EWR", time, 10 * at) for at, time in enumerate(days))))
    system.deliver()
    seen: list[tuple[str, float, float]] = []
    for answer in walk(system, f"{PATH}?datetime=2013-01-01T00:00:0{first}Z/..&limit={limit}"):
        found = json.loads(answer["body"])
        columns = [found["parameters"][name]["values"] for name in ("air_temperature", "air_temperature:2:maximum:P1D")]
        seen += zip(found["time"], *columns, strict=True)
    assert seen == [(time, at, 10 * at) for at, time in enumerate(days)][first:]


@pytest.mark.parametrize("query", ["locations/EWR", f"area?coords={quote('POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))')}"])
def test_a_page_goes_on_where_the_last_day_was_when_it_began(
    system: System, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = [f"2013-01-01T{hour:02d}:00:00Z" for hour in range(24)]
    system.put("network/mapping.json", mapping())
    system.put("network/stations.csv", b"station,name,latitude,longitude\nEWR,Newark,40.6925,-74.16866\n")
    system.put("network/a.csv", table(*(("EWR", time, at) for at, time in enumerate(hours))))
    system.deliver()
    monkeypatch.setattr(system.modules["api_weather"].logic, "MOST_BYTES", 250)
    seen: list[str] = []
    for answer in walk(system, f"/collections/insitu-observations/{query}"):
        assert answer["statusCode"] == 200, answer["body"]
        found = json.loads(answer["body"])
        seen += [time for each in found.get("coverages", [found]) for time in each["domain"]["axes"]["t"]["values"]]
        if len(seen) < len(hours):
            system.put("network/b.csv", table(("EWR", "2013-01-05T00:00:00Z", 1)))
            system.deliver()
    assert seen[: len(hours)] == hours
    assert len(seen) == len(set(seen))
    if query.startswith(("locations", "position")):
        assert seen == hours, "what is asked for of one station ends where it ended when it was asked for"


def test_a_station_that_never_observed_anything_has_no_interval_of_its_own(system: System) -> None:
    system.bring_in("network/stations.csv", b"station,latitude,longitude\nEWR,40.7,-74.2\n")
    never = json.loads(ask(system)["body"])
    assert (never["interval"], never["count"]) == ({"start": None, "end": None}, 0)
    asked = json.loads(ask(system, datetime="2013-01-01T00:00:00Z/PT1H")["body"])
    assert asked["interval"] == {"start": "2013-01-01T00:00:00Z", "end": "2013-01-01T01:00:00Z"}
