"""The network as a whole, and days of a station: what is said of them, from files on."""

import json
from typing import Any

import pytest

from mesonet import clock
from tests import template
from tests.system import System

MAPPING = b"""{"mesonet_mapping": 1, "station": {"column": "station"}, "time": {"columns": ["time"]},
"columns": {"t": {"standard_name": "air_temperature", "unit": "degC"},
"d": {"standard_name": "wind_from_direction", "unit": "deg"}, "w": {"standard_name": "wind_speed", "unit": "m/s"}}}"""
STATIONS = b"""station_id,name,latitude,longitude
A,Alpha,40.5,-74.5
B,Beta,41.5,-73.5
C,Gamma,10.0,20.0
"""
ROWS = b"""station,time,t,d,w
A,2024-01-01T00:00:00Z,1.5,350,2
A,2024-01-01T06:00:00Z,3.5,10,4
A,2024-01-02T10:10:00Z,-2,90,6
A,2024-01-02T10:50:00Z,-3,90,6
B,2024-01-01T22:00:00Z,8,,
X,2023-12-31T00:00:00Z,5,,
"""


@pytest.fixture
def network(system: System) -> System:
    system.begin_with(("mapping.json", MAPPING), ("stations.csv", STATIONS), ("rows.csv", ROWS))
    return system


def ask(system: System, path: str, **query: str) -> Any:
    event = {
        "httpMethod": "GET",
        "path": path,
        "headers": {"Host": "api.example"},
        "queryStringParameters": query or None,
        "requestContext": {"requestId": "r", "path": f"/v1{path}"},
    }
    answer = system.invoke("api_network", event)
    return json.loads(answer["body"]) | {"status_code": answer["statusCode"]}


def states(answer: Any) -> dict[str, str]:
    return dict(zip(answer["stations"]["id"], answer["stations"]["state"], strict=True))


def test_every_station_is_on_the_map_with_its_state_at_that_time(network: System) -> None:
    latest = ask(network, "/network/latest", parameter="air_temperature", datetime="2024-01-02T11:00:00Z")
    assert states(latest) == {"A": "reporting", "B": "late", "C": "unheard", "X": "silent"}
    assert latest["newest"] == "2024-01-02T10:50:00Z"
    values = dict(zip(latest["stations"]["id"], latest["stations"]["value"], strict=True))
    assert values == {"A": -3, "B": 8, "C": None, "X": 5}
    assert latest["parameters"]["air_temperature"]["stations"] == 3


def test_the_network_is_read_once_for_all_that_ask_within_a_quarter_of_a_minute(
    network: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    with network.crash_before_call() as made:
        ask(network, "/network/latest", parameter="air_temperature")
        ask(network, "/network/latest", parameter="wind_speed")
        ask(network, "/network")
        assert made.count("Scan") == 1
        later = clock.now() + 15_001
        monkeypatch.setattr(clock, "now", lambda: later)
        ask(network, "/network")
    assert made.count("Scan") == 2


def test_stations_are_read_anew_when_somebody_new_is_heard_and_after_five_minutes(
    network: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.now()

    def after(seconds: float) -> int:
        monkeypatch.setattr(clock, "now", lambda: began + int(seconds * 1000))
        with network.crash_before_call() as made:
            answer = ask(network, "/network/latest", parameter="air_temperature", datetime="2024-01-02T11:00:00Z")
        assert answer["stations"]["id"] == expected
        return made.count("Query")

    expected = ["A", "B", "C", "X"]
    assert after(0) == 1
    assert after(16) == 0
    network.put("more.csv", ROWS.replace(b"X,", b"Y,"))
    network.deliver()
    expected = ["A", "B", "C", "X", "Y"]
    assert after(32) == 1
    assert after(48) == 0
    network.put("further.csv", STATIONS + b"Z,Zeta,11.0,21.0\n")
    network.deliver()
    assert after(64) == 0
    expected = ["A", "B", "C", "X", "Y", "Z"]
    assert after(32 + 301) == 1


def test_the_wind_comes_with_its_direction(network: System) -> None:
    latest = ask(network, "/network/latest", parameter="wind_speed")
    directions = dict(zip(latest["stations"]["id"], latest["stations"]["direction"], strict=True))
    assert directions == {"A": 90, "B": None, "C": None, "X": None}


def test_a_parameter_that_nobody_has_is_refused_with_those_that_there_are(network: System) -> None:
    problem = ask(network, "/network/latest", parameter="happiness")
    assert problem["status_code"] == 400
    assert problem["allowed"] == ["air_temperature", "wind_from_direction", "wind_speed"]


def test_history_has_the_last_value_of_each_hour(network: System) -> None:
    found = ask(network, "/network/history", parameter="air_temperature", datetime="2024-01-02T09:00:01Z/2024-01-02T11:00:00Z")
    assert found["time"] == ["2024-01-02T10:00:00Z", "2024-01-02T11:00:00Z"]
    assert dict(zip(found["stations"]["id"], found["stations"]["values"], strict=True))["A"] == [None, -3]


def test_history_in_a_box_leaves_out_who_is_elsewhere(network: System) -> None:
    found = ask(network, "/network/history", parameter="air_temperature", bbox="-75,40,-74,41", datetime="2024-01-02")
    assert found["stations"]["id"] == ["A"]
    assert found["complete"] is True


def test_a_day_has_count_extremes_mean_and_sum(network: System) -> None:
    days = ask(network, "/stations/A/days", datetime="2023-12-31/2024-01-02")
    assert days["date"] == ["2023-12-31", "2024-01-01", "2024-01-02"]
    temperature = days["parameters"]["air_temperature"]
    assert temperature["count"] == [0, 2, 2]
    assert temperature["minimum"] == [None, 1.5, -3]
    assert temperature["mean"] == [None, 2.5, -2.5]
    assert temperature["maximum"] == [None, 3.5, -2]
    assert temperature["total"] == [None, 5, -5]


def test_directions_either_side_of_north_make_north(network: System) -> None:
    days = ask(network, "/stations/A/days", parameters="wind_from_direction", datetime="2024-01-01")
    (mean,) = days["parameters"]["wind_from_direction"]["mean"]
    assert min(mean, 360 - mean) == pytest.approx(0, abs=1e-3)


def test_a_file_that_is_laid_over_another_counts_once(network: System) -> None:
    network.put("again.csv", b"station,time,t,d,w\nA,2024-01-01T06:00:00Z,4.5,10,4\n")
    network.deliver()
    days = ask(network, "/stations/A/days", parameters="air_temperature", datetime="2024-01-01")
    assert days["parameters"]["air_temperature"]["count"] == [2]
    assert days["parameters"]["air_temperature"]["maximum"] == [4.5]


def test_arrivals_rejects_and_dead_letters_are_told(network: System) -> None:
    network.put("bad.csv", b"station,time,t,d,w\nA,2024-01-03T00:00:00Z,warm,,\nA,yesterday,1,,\n")
    network.deliver()
    network.sqs.send_message(QueueUrl=network.ref("UploadsDeadLetterQueue"), MessageBody="{}")
    said = ask(network, "/network", hours="168")
    # The events of these tests say a time of their own, so only the sum of what is counted by the hour can be known
    assert sum(each["files"] for each in said["files"]) == 4
    waiting = {each["queue"]: each["messages"] for each in said["dead_letters"]}
    assert waiting["UploadsDeadLetterQueue"] == 1
    assert set(waiting) == {
        name
        for name, queue in template.resources("AWS::SQS::Queue").items()
        if name.endswith("DeadLetterQueue") and template.Resolver().exists(queue)
    }
    assert said["rejects"] == {
        "rows": 2,
        "reasons": [{"reason": reason, "rows": 1, "files": 1} for reason in ("not a number", "… is not an ISO 8601 time")],
    }
    assert said["stations"]["total"] == 4
    assert {each["id"] for each in said["attention"]} == {"A", "B", "X"}


def test_reasons_are_of_all_rejects_in_the_catalogue_and_go_with_their_files(
    network: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesonet.stores.files._PAGE", 10)
    head, row = b"station,time,t,d,w\n", b"A,2024-01-03T00:00:00Z,warm,,\n"
    network.put("bad/many/rows.csv", head + row * 80)  # more rejects than an entry shows
    for at in range(11):  # more files than a list shows at once
        network.put(f"bad/{at}.csv", head + row)
    network.put("bad/many/mapping.json", MAPPING)  # has the one read again
    network.deliver()
    (reason,) = ask(network, "/network")["rejects"]["reasons"]
    assert reason == {"reason": "not a number", "rows": 11 + 80, "files": 12}
    network.delete("bad/many/rows.csv")
    network.deliver()
    (reason,) = ask(network, "/network")["rejects"]["reasons"]
    assert reason == {"reason": "not a number", "rows": 11, "files": 11}


def test_files_are_counted_by_the_hour_of_their_arrival(network: System) -> None:
    hours = {term: count for term, count in network.counters().items() if term.startswith("hour#")}
    assert sum(files for files, _, _ in hours.values()) == 3


def test_an_hour_too_many_is_refused(network: System) -> None:
    assert ask(network, "/network/history", parameter="air_temperature", datetime="2024-01-01/2024-01-08")["status_code"] == 400
    assert ask(network, "/stations/A/days", datetime="2020-01-01/2024-01-08")["parameter"] == "datetime"
