"""How completely a station was heard: its interval, its gaps, and how much of what was due came."""

from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain.coverage import GAPS_LISTED, Coverage, Gap, Tally, overall

HOUR = 3_600_000


def heard(*hours: float, configured: int | None = None) -> Coverage:
    tally = Tally()
    tally.add([round(hour * HOUR) for hour in hours])
    found = tally.coverage(configured)
    assert found is not None
    return found


def test_a_station_that_is_heard_every_hour_is_complete() -> None:
    found = heard(*range(24))
    assert (found.interval, found.due, found.times, found.gaps, found.completeness) == (HOUR, 24, 24, 0, 1.0)
    assert not found.configured


def test_a_gap_says_after_what_and_how_many_are_missing() -> None:
    found = heard(0, 1, 2, 3, 7, 8, 9)
    assert found.longest == (Gap(after=3 * HOUR, before=7 * HOUR, missing=3),)
    assert (found.gaps, found.due, found.completeness) == (1, 10, 0.7)


def test_a_late_report_is_no_gap() -> None:
    assert heard(0, 1, 2, 3.2, 4, 5, 6, 7).gaps == 0


def test_where_no_distance_is_the_usual_one_nothing_is_said_of_gaps() -> None:
    found = heard(0, 1, 3, 7, 15, 31)
    assert (found.interval, found.due, found.completeness, found.gaps) == (None, None, None, 0)


def test_the_operators_interval_goes_before_what_is_seen() -> None:
    found = heard(0, 2, 4, 6, configured=HOUR)
    assert (found.interval, found.configured, found.due, found.gaps) == (HOUR, True, 7, 3)


def test_more_often_than_due_is_complete() -> None:
    assert heard(0, 0.5, 1, 1.5, 2, configured=HOUR).completeness == 1.0


def test_a_single_time_has_no_interval() -> None:
    assert heard(5) == Coverage(first=5 * HOUR, last=5 * HOUR, times=1)


def test_nothing_heard_is_no_coverage() -> None:
    assert Tally().coverage() is None


def test_only_the_longest_gaps_are_listed_and_all_are_counted() -> None:
    hours = [hour for hour in range(1000) if hour % 20 != 7 and not 500 < hour < 510]
    found = heard(*hours)
    assert len(found.longest) == GAPS_LISTED
    assert (found.gaps, max(gap.missing for gap in found.longest)) == (50, 9)
    assert list(found.longest) == sorted(found.longest, key=lambda gap: gap.after)


@given(st.sets(st.integers(0, 500), min_size=2), st.integers(1, 400))
def test_stretch_by_stretch_is_as_at_once(hours: set[int], cut: int) -> None:
    times = sorted(hour * HOUR for hour in hours)
    whole, parts = Tally(), Tally()
    whole.add(times)
    parts.add(times[:cut])
    parts.add(times[cut:])
    assert parts.coverage() == whole.coverage()


def test_all_stations_together() -> None:
    assert overall([heard(0, 1, 2, 3), heard(0, 1, 2, 3, 7, 8, 9), heard(5)]) == 11 / 14
    assert overall([heard(5)]) is None
