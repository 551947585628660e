"""The latest values: merging is the same in any order, and twice is as good as once."""

from itertools import permutations

import pytest

from mesonet.domain.latest import LatestValue, merged
from tests.builders import latest_value

EARLY, LATE = "2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z"

VALUES = [
    {"air_temperature": latest_value(EARLY, 1.0, number=1, file_id="a")},
    {"air_temperature": latest_value(LATE, 2.0, number=1, file_id="a"), "wind_speed": latest_value(EARLY, 9.0)},
    {"air_temperature": latest_value(LATE, 3.0, number=2, file_id="b")},
    {"air_temperature": latest_value(LATE, 4.0, number=2, file_id="c")},
    {},
]


@pytest.mark.parametrize("order", list(permutations(range(len(VALUES)))))
def test_merging_is_the_same_in_any_order(order: tuple[int, ...]) -> None:
    found: dict[str, LatestValue] = {}
    for at in order:
        found = merged(found, VALUES[at])
    assert found["air_temperature"].value == 4.0
    assert found["wind_speed"].value == 9.0
    assert found["air_temperature"].since == latest_value(EARLY).time


def test_merging_associates() -> None:
    a, b, c, *_ = VALUES
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


@pytest.mark.parametrize("values", VALUES)
def test_merging_twice_changes_nothing(values: dict[str, LatestValue]) -> None:
    once = merged(VALUES[0], values)
    assert merged(once, values) == once
    assert merged(once, once) == once


def test_a_stale_value_never_replaces_a_newer_one() -> None:
    newer = {"air_temperature": latest_value(LATE, 2.0, number=1)}
    stale = {"air_temperature": latest_value(EARLY, 1.0, number=2)}
    assert merged(newer, stale)["air_temperature"].value == 2.0


def test_merging_changes_neither_of_the_two() -> None:
    ours, theirs = dict(VALUES[0]), dict(VALUES[1])
    merged(ours, theirs)
    assert (ours, theirs) == (VALUES[0], VALUES[1])
