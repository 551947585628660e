"""Instants and intervals: every legal form means what OGC says, every illegal one is refused with its name."""

import pytest

from mesonet.domain import instant
from mesonet.domain.instant import DAY, EARLIEST, LATEST, Interval, interval
from mesonet.errors import InvalidParameter

NEW_YEAR = 1_356_998_400_000  # 2013-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2013-01-01T00:00:00Z", NEW_YEAR),
        ("2013-01-01T00:00:00.250Z", NEW_YEAR + 250),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1763-01-01T00:00:00Z", -6_532_272_000_000),
        ("1763-12-31T23:59:59Z", -6_500_736_001_000),
        ("9999-12-31T23:59:59.999Z", LATEST),
        ("0001-01-01T00:00:00Z", EARLIEST),
    ],
)
def test_text_and_instant_are_two_ways_to_write_one_thing(text: str, moment: int) -> None:
    assert instant.parse(text) == moment
    assert instant.iso(moment) == text
    assert instant.from_datetime(instant.to_datetime(moment)) == moment


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2013-01-01T01:00:00+01:00", "2013-01-01T00:00:00Z"),
        ("2012-12-31T19:00:00-05:00", "2013-01-01T00:00:00Z"),
        ("2013-01-01T00:00", "2013-01-01T00:00:00Z"),
        ("2013-01-01t00:00:00z", "2013-01-01T00:00:00Z"),
        ("2013-01-01 00:00:00", "2013-01-01T00:00:00Z"),
        ("2013-01-01T00:00:00,5Z", "2013-01-01T00:00:00.500Z"),
        ("2013-01-01T05:30:00+0530", "2013-01-01T00:00:00Z"),
        ("2013-01-01T00:00:00.2500000000000001Z", "2013-01-01T00:00:00.250Z"),  # RFC 3339, 5.6: 1*DIGIT
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),  # a leap second
        ("2017-01-01T00:59:60.25+01:00", "2017-01-01T00:00:00.250Z"),
    ],
)
def test_an_instant_may_be_written_in_other_ways(text: str, same: str) -> None:
    assert instant.iso(instant.parse(text)) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2013",
        "2013-01-01",
        "2013-13-01T00:00Z",
        "2013-02-30T00:00Z",
        "2013-01-01T25:00Z",
        "yesterday",
        "1e9",
        "٢٠١٣-01-01T00:00Z",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        instant.parse(text)


def test_the_day_of_an_instant_is_utcs() -> None:
    assert instant.day_of(NEW_YEAR) == "2013-01-01"
    assert instant.day_of(NEW_YEAR - 1) == "2012-12-31"
    assert instant.day_of(-1) == "1969-12-31"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013-01-01T00:00:00Z", Interval(NEW_YEAR, NEW_YEAR)),
        ("2013-01-01", Interval(NEW_YEAR, NEW_YEAR + DAY - 1)),
        ("2013-01-01/2013-01-02", Interval(NEW_YEAR, NEW_YEAR + 2 * DAY - 1)),
        ("2013-01-01/2013-01-01", Interval(NEW_YEAR, NEW_YEAR + DAY - 1)),
        ("2013-01-01T00:00:00Z/2013-01-01T06:00:00Z", Interval(NEW_YEAR, NEW_YEAR + DAY // 4)),
        ("2013-01-01/..", Interval(NEW_YEAR, LATEST)),
        ("2013-01-01/", Interval(NEW_YEAR, LATEST)),
        ("../2013-01-01", Interval(EARLIEST, NEW_YEAR + DAY - 1)),
        ("/2013-01-01", Interval(EARLIEST, NEW_YEAR + DAY - 1)),
        ("../..", Interval()),
        ("/", Interval()),
        ("../", Interval()),
        ("2013-01-01T01:00:00+01:00/..", Interval(NEW_YEAR, LATEST)),
        ("2013-01-01T01:00:00 01:00/..", Interval(NEW_YEAR, LATEST)),  # a + that nobody encoded
        ("1763-01-01/1763-12-31", Interval(-6_532_272_000_000, -6_500_736_000_001)),
        ("9999-12-31", Interval(LATEST - DAY + 1, LATEST)),
        ("9999", Interval(LATEST - 365 * DAY + 1, LATEST)),
        ("0000-02-29T00:00:00Z/..", Interval()),
        ("../0000", Interval(EARLIEST, EARLIEST)),
        ("0001-01-01T00:00:00+14:00/9999-12-31T23:59:59-14:00", Interval()),
        ("9999-12-31T23:59:60Z", Interval(LATEST, LATEST)),
        ("2013", Interval(NEW_YEAR, NEW_YEAR + 365 * DAY - 1)),
        ("2012", Interval(NEW_YEAR - 366 * DAY, NEW_YEAR - 1)),
        ("2012-12", Interval(NEW_YEAR - 31 * DAY, NEW_YEAR - 1)),
        ("2012-02/2012-12", Interval(NEW_YEAR - 335 * DAY, NEW_YEAR - 1)),
        ("2013-01-01/P1D", Interval(NEW_YEAR, NEW_YEAR + DAY)),
        ("2013-01-01T00:00:00Z/PT36H", Interval(NEW_YEAR, NEW_YEAR + 3 * DAY // 2)),
        ("2012-12-31/P1M", Interval(NEW_YEAR - DAY, NEW_YEAR + 30 * DAY)),
        ("2012-01-31/P1M", Interval(NEW_YEAR - 336 * DAY, NEW_YEAR - 307 * DAY)),  # the 29th is the last
        ("P1Y2M3W4DT5H6M7S/2014-03-27T05:06:07Z", Interval(NEW_YEAR + DAY, NEW_YEAR + 450 * DAY + 18_367_000)),
    ],
)
def test_an_interval_means_what_ogc_says(text: str, expected: Interval) -> None:
    assert interval(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "2013-1",
        "2013-13",
        "2013-1-1",
        "2013-02-30",
        "2013-01-01/2012-01-01",
        "2013-01-01/2013-01-02/2013-01-03",
        "a/b",
        "2013-01-01/x",
        "x/..",
        "P1D",
        "P1D/..",
        "P1D/P1D",
        "2013-01-01/P",
        "2013-01-01/P1DT",
        "2013-01-01/P99999Y",
        "2013-01-01/P99999999999D",
        "2013-01-01/-P1D",
        "2013-01-01T00:00:61Z",
        "now",
        "0000-02-30",
        "2013-01-01T24:30:00Z",
        "10000-01-01",
    ],
)
def test_what_is_no_interval_is_refused_with_the_name_of_the_parameter(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        interval(text, parameter="time")
    assert refused.value.parameter == "time"
    assert "RFC 3339" in str(refused.value.members()["allowed"])
    assert "0004" not in str(refused.value)


def test_a_refusal_says_what_is_wrong_once() -> None:
    for text, expected in (("now", "'now' is not"), ("2013/now", "'now' in '2013/now' is not")):
        with pytest.raises(InvalidParameter, match=f"^{expected} a time that exists"):
            interval(text)


def test_an_interval_holds_both_of_its_ends() -> None:
    given = Interval(10, 20)
    assert 10 in given
    assert 20 in given
    assert 9 not in given
    assert 21 not in given


@pytest.mark.parametrize(
    ("first", "last", "overlaps"), [(0, 9, False), (0, 10, True), (20, 30, True), (21, 30, False), (0, 99, True)]
)
def test_intervals_overlap_where_they_share_an_instant(first: int, last: int, overlaps: bool) -> None:
    assert Interval(10, 20).overlaps(first, last) is overlaps


def test_a_duration_is_written_without_an_exponent() -> None:
    assert instant.duration(1_725_910_123_456) == "PT1725910123.456S"
