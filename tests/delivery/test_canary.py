"""The template's own alarms against a simulated canary: what must be taken back is, in time, and nothing else."""

import re
from functools import cache
from typing import Any

import pytest

from tests.delivery import canary
from tests.delivery.canary import Release, constant
from tests.delivery.cloudwatch import MINUTE, Alarm, Metrics, evaluate, statistic

SEEDS = range(15)


@cache
def deployment() -> tuple[str, list[Alarm]]:
    return canary.deployment()


def run(release: Release, configuration: str = "", **given: Any) -> canary.Shift:
    """By the template's own alarms, and as it shifts traffic unless `configuration` says otherwise."""
    own, alarms = deployment()
    return canary.run(release, configuration=configuration or own, alarms=alarms, **given)


def shifts(release: Release, per_second: float) -> list[canary.Shift]:
    return [run(release, per_second=per_second, seed=seed) for seed in SEEDS]


@pytest.mark.parametrize(
    ("release", "cause"),
    [
        (Release("1 %", constant(0.01)), "ApiWeatherReleaseErrorsAlarm"),
        (Release("5 %", constant(0.05)), "ApiWeatherReleaseErrorsAlarm"),
        (Release("50 %", constant(0.5)), "ApiWeatherReleaseErrorsAlarm"),
        (Release("now and then", lambda minute: 0.05 if minute % 3 == 0 else 0.0), "ApiWeatherReleaseErrorsAlarm"),
        (Release("slow", median_ms=2500), "ApiWeatherReleaseDurationAlarm"),
        (Release("ten times as long", median_ms=200), "ApiWeatherReleaseDurationAlarm"),
        (Release("throttled", throttled=0.1), "ApiWeatherReleaseThrottlesAlarm"),
        (Release("always throttled", throttled=1.0), "ApiWeatherReleaseThrottlesAlarm"),
    ],
    ids=lambda value: value.name.replace(" ", "-") if isinstance(value, Release) else "",
)
def test_a_bad_release_is_taken_back_within_the_window(release: Release, cause: str) -> None:
    found = shifts(release, 20)
    assert sum(shift.rolled_back for shift in found) >= len(found) - 1, "1 in 100 may hide once in many seeds"
    assert all(shift.ended <= 10 for shift in found)
    assert {shift.cause for shift in found if shift.rolled_back} == {cause}


def test_what_fails_half_of_the_time_is_out_after_four_minutes() -> None:
    assert {shift.ended for shift in shifts(Release("50 %", constant(0.5)), 20)} == {4}


@pytest.mark.parametrize("per_second", [1, 20, 1000], ids="{} a second".format)
def test_a_good_release_stays_at_any_traffic(per_second: float) -> None:
    assert not any(shift.rolled_back for shift in shifts(Release("good"), per_second))


def test_a_good_release_at_night_stays() -> None:
    assert not any(shift.rolled_back for shift in shifts(Release("good", constant(0.0)), 3 / 3600))


def test_one_failure_at_night_proves_nothing() -> None:
    assert not any(shift.rolled_back for shift in shifts(Release("unlucky", constant(0.3)), 3 / 3600))


def test_two_bad_minutes_prove_nothing() -> None:
    assert not any(shift.rolled_back for shift in shifts(Release("hiccup", lambda m: 0.5 if m in (2, 6) else 0.0), 20))


def test_what_begins_when_the_window_closes_is_left_to_the_alarms_that_stay() -> None:
    late = Release("late", lambda minute: 0.5 if minute >= 8 else 0.0)
    assert not any(shift.rolled_back for shift in shifts(late, 20))
    earlier = Release("earlier", lambda minute: 0.5 if minute >= 5 else 0.0)
    assert {shift.ended for shift in shifts(earlier, 20)} == {9}


def test_the_old_versions_faults_are_not_the_new_ones() -> None:
    bad, good = Release("the old one", constant(0.2), median_ms=3000), Release("the mended one")
    for seed in SEEDS:
        assert not run(good, per_second=20, seed=seed, before=bad).rolled_back


@pytest.mark.parametrize("configuration", ["Canary10Percent5Minutes", "Linear10PercentEvery1Minute"])
def test_the_other_shifts_catch_a_bad_release_too(configuration: str) -> None:
    found = [run(Release("5 %", constant(0.05)), configuration, per_second=20, seed=seed) for seed in SEEDS]
    assert sum(shift.rolled_back for shift in found) >= len(found) - 1


# The simulator itself -----------------------------------------------------------------------------------------------------


def test_steps_are_those_of_code_deploy() -> None:
    assert canary.steps("Canary10Percent10Minutes") == [(0, 0.1), (10, 1.0)]
    assert canary.steps("Linear10PercentEvery2Minutes")[:3] == [(0, 0.1), (2, 0.2), (4, 0.3)]
    assert canary.steps("Linear10PercentEvery2Minutes")[-1] == (18, 1.0)


@pytest.mark.parametrize(
    ("expression", "values", "result"),
    [
        ("IF(a > 0.5 * b, 1, 0)", {"a": 2.0, "b": 3.0}, 1.0),
        ("IF(a > 0.5 * b, 1, 0)", {"a": 1.0, "b": 3.0}, 0.0),
        ("IF(a > 1 AND b > 1, 1, 0)", {"a": 2.0, "b": 0.0}, 0.0),
        ("IF(a > 1 OR b > 1, 1, 0)", {"a": 2.0, "b": 0.0}, 1.0),
        ("IF(a > b, 1, 0)", {"a": 1.0, "b": None}, None),
        ("IF(a > FILL(b, 0), 1, 0)", {"a": 1.0, "b": None}, 1.0),
        ("SUM(METRICS())", {"a": 1.0, "b": None, "c": 2.0}, 3.0),
    ],
)
def test_metric_math(expression: str, values: dict[str, float | None], result: float | None) -> None:
    assert evaluate(expression, values) == result


def test_a_percentile_is_one_of_the_values() -> None:
    assert statistic("p99", range(1, 101)) == 99
    assert statistic("p50", [3, 1, 2]) == 2


def alarm(**given: object) -> Alarm:
    usual = {
        "Namespace": "N",
        "MetricName": "M",
        "Dimensions": [],
        "Statistic": "Sum",
        "Period": 60,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "TreatMissingData": "notBreaching",
    }
    return Alarm("an alarm", usual | given)


@pytest.mark.parametrize(
    ("values", "given", "state"),
    [
        ([0, 0, 0], {}, "OK"),
        ([0, 1, 1], {}, "ALARM"),
        ([1, 0, 1], {}, "ALARM"),
        ([1, 0, 0], {}, "OK"),
        ([None, None, 1], {}, "OK"),
        ([None, None, 1], {"TreatMissingData": "breaching"}, "ALARM"),
        ([None, None, None], {"TreatMissingData": "missing"}, "INSUFFICIENT_DATA"),
        ([None, 1, 1], {"DatapointsToAlarm": 3}, "OK"),
        ([1, None, 1, None, 1], {"DatapointsToAlarm": 3}, "ALARM"),  # older points take the place of missing ones
        ([1, 1, 0, 0, 0], {}, "OK"),
    ],
)
def test_an_alarm_takes_m_of_n_and_missing_data_as_it_says(
    values: list[int | None], given: dict[str, object], state: str
) -> None:
    metrics = Metrics()
    for at, value in enumerate(values):
        if value is not None:
            metrics.put("N", "M", {}, at * MINUTE, [value])
    assert alarm(**given).state(metrics, len(values) * MINUTE) == state


def test_the_timeline_is_told() -> None:
    lines = "\n".join(canary.told(1))
    assert "0 min  10% of the traffic goes to a release that fails every other time" in lines
    assert "ApiWeatherReleaseErrorsAlarm is in ALARM: the alias goes back to version 7" in lines
    assert re.search(r"1 min    \d+ requests, \d+ failed \(\d+\.\d%\), p99 \d+ ms; over: ApiWeatherReleaseErrorsAlarm", lines)
    assert "nobody asked for anything: the hooks alone speak for it" in lines
