"""SilenceAlarm hears every way in which observations come; silence is the fault that nothing else shows."""

import json

import pytest

from tests import template
from tests.builders import mapping, table
from tests.component.test_observations_sent import issued, observation, send
from tests.component.test_on_catalogued import load
from tests.component.test_on_reading import Stack
from tests.system import System

METRIC = template.resources("AWS::CloudWatch::Alarm")["SilenceAlarm"]["Properties"]["MetricName"]


def heard(printed: str) -> float:
    documents: list[dict[str, list[float]]] = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return sum(value for each in documents for value in each.get(METRIC, ()))


def test_the_rows_of_a_file_count_once_it_is_loaded(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    system.bring_in("network/mapping.json", mapping())
    assert heard(capsys.readouterr().out) == 0
    system.bring_in("network/a.csv", table(("EWR", "2013-01-01T00:00:00Z", 1), ("JFK", "2013-01-01T00:00:00Z", 3)))
    assert heard(capsys.readouterr().out) == 2
    assert load(system, "network/a.csv") == []
    assert heard(capsys.readouterr().out) == 0


def test_observations_that_are_sent_count(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = send(system, issued(system, "*"), [observation(), observation(warmth=2)])
    assert status == 207
    assert heard(capsys.readouterr().out) == 1


def test_readings_of_the_stream_count(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    stack = Stack(system)
    stack.sense("NYC-7", {"air_temperature": 7.4})
    stack.sense("NYC-8", {"relative_humidity": 81})
    assert stack.deliver() == []
    assert heard(capsys.readouterr().out) == 2
