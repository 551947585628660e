"""Logs and metrics: the lines that Powertools would write."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from aws_lambda_powertools import Logger as TheirLogger
from aws_lambda_powertools.metrics import Metrics as TheirMetrics
from aws_lambda_powertools.metrics import MetricUnit

from mesonet.telemetry import LambdaContext, Logger, Metrics, _lines
from tests.builders import Context

FIELDS: dict[str, Any] = {"key": "ä/b.csv", "rows": 3, "name": "a word that a record has too", "message_id": None}


@pytest.fixture(autouse=True)
def at_info() -> Iterator[None]:
    logger = _lines()  # its first use sets the level: taken back to what was before that, it would be silent ever after
    before = logger.level
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(before)


def lines(captured: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.splitlines()]


def test_a_line_is_the_one_that_powertools_writes(capsys: pytest.CaptureFixture[str]) -> None:
    ours = Logger(stage="test", release="r1")

    @ours.inject_lambda_context
    def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        ours.info("file taken", **{name: value for name, value in FIELDS.items() if name != "name"})
        return event

    assert handle({"a": 1}, Context()) == {"a": 1}
    (line,) = lines(capsys.readouterr().out)

    stream = io.StringIO()
    theirs = TheirLogger(service="mesonet", stream=stream, logger_handler=logging.StreamHandler(stream))
    theirs.append_keys(stage="test", release="r1")

    @theirs.inject_lambda_context
    def handle_theirs(event: dict[str, Any], context: Any) -> None:
        theirs.info("file taken", **{name: value for name, value in FIELDS.items() if name not in ("name", "message_id")})

    handle_theirs({}, Context())
    (expected,) = lines(stream.getvalue())
    for changing in ("timestamp", "location"):
        assert line.pop(changing)
        assert expected.pop(changing)
    assert line.pop("message_id") is None  # which Powertools leaves out
    assert line == expected


def test_a_line_tells_where_it_was_written_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    Logger().warning("odd")
    (line,) = lines(capsys.readouterr().out)
    assert line["location"].startswith("test_a_line_tells_where_it_was_written_and_when:")
    assert line["timestamp"][10] == "T"
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "WARNING"


def test_a_member_may_be_called_anything(capsys: pytest.CaptureFixture[str]) -> None:
    Logger().info("taken", **FIELDS)
    (line,) = lines(capsys.readouterr().out)
    assert line["name"] == FIELDS["name"]


def test_an_exception_is_told_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError:
        Logger().exception("failed", at=7)
    (line,) = lines(capsys.readouterr().out)
    assert (line["level"], line["at"], line["exception_name"]) == ("ERROR", 7, "ZeroDivisionError")
    assert line["exception"].endswith("ZeroDivisionError: by nothing")


def test_keys_stand_in_every_line_until_they_are_removed(capsys: pytest.CaptureFixture[str]) -> None:
    logger = Logger(stage="test")
    logger.keys["correlation_id"] = "c"
    logger.info("one")
    del logger.keys["correlation_id"]
    logger.info("two")
    assert [line.get("correlation_id") for line in lines(capsys.readouterr().out)] == ["c", None]


def test_only_the_first_invocation_is_cold(capsys: pytest.CaptureFixture[str]) -> None:
    logger = Logger(stage="test")

    @logger.inject_lambda_context
    def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        logger.info("called")
        return {}

    for _ in range(2):
        handle({}, Context())
    first, second = lines(capsys.readouterr().out)
    assert (first["cold_start"], second["cold_start"]) == (True, False)
    assert first["stage"] == second["stage"] == "test"


def test_a_level_that_is_not_asked_for_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("mesonet").setLevel(logging.ERROR)
    Logger().info("unheard")
    assert not capsys.readouterr().out


def test_metrics_are_the_document_that_powertools_writes(capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = Metrics(), TheirMetrics(namespace="Mesonet", service="mesonet")
    given = [("FileTold", 2), ("Skipped", 1), ("FileTold", 3)]
    for name, value in given:
        ours.add_metric(name=name, unit="Count", value=value)
        theirs.add_metric(name=name, unit=MetricUnit.Count, value=value)
    ours.flush()
    theirs.flush_metrics()
    ours_said, theirs_said = lines(capsys.readouterr().out)
    for said in (ours_said, theirs_said):
        assert said["_aws"].pop("Timestamp")
    assert ours_said == theirs_said | {name: theirs_said[name] for name in ("FileTold", "Skipped")}


def test_metrics_are_written_also_where_the_handler_fails(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()

    @metrics.log_metrics
    def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        metrics.add_metric(name="Tried", unit="Count", value=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        handle({}, Context())
    (said,) = lines(capsys.readouterr().out)
    assert said["Tried"] == [1.0]


def test_nothing_is_written_where_nothing_was_counted(capsys: pytest.CaptureFixture[str]) -> None:
    Metrics().flush()
    assert not capsys.readouterr().out


def test_a_document_has_no_more_values_of_a_metric_than_cloudwatch_takes(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()
    for at in range(250):
        metrics.add_metric(name="Told", unit="Count", value=at)
    metrics.flush()
    written = [line["Told"] for line in lines(capsys.readouterr().out)]
    assert [len(values) for values in written] == [100, 100, 50]
    assert [value for values in written for value in values] == list(range(250))
