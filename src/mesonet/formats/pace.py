"""Which of several ways of reading times is right: the one by which they run on evenly, as a station reports."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from mesonet.domain.instant import DAY

_A_YEAR = 365 * DAY
_A_DAY_OF_HALVES = 48  # half hours, which flux towers write without seconds
_MOSTLY = 9  # stations of one date begin with its first hour again
_STEPS_A_DAY = 3  # stations of one date, two or three, may stand in the order of what they say
_EVEN, _LEAPS = 3.0, 20.0  # usual steps that a step of a series may have, and that one has which is read wrongly


def steady(forms: dict[tuple[int, ...], str], *, clocked: bool = False) -> dict[tuple[int, ...], str]:
    """The one way of reading the times by which they run on evenly, where by every other they leap; all where that cannot be
    told. The second of January is no day after the first where it is the first of February. `clocked` tables have the time of
    day in another column."""
    # days of which there are several rows each follow one another; so may months, but not where each row has its time of day
    daily = [times for times in forms if set(steps_of(times)) == {DAY}]
    monthly = [times for times in forms if steps_of(times) and all(27 * DAY < step < 32 * DAY for step in steps_of(times))]
    if len(daily) == 1 and (clocked or not monthly) and len(daily[0]) > 2 * len(set(daily[0])):
        return {daily[0]: forms[daily[0]]}
    # nor does a station report once a year, where the same days are a day or a month apart if they are read otherwise
    often = {times: form for times, form in forms.items() if usual(times) < _A_YEAR}
    forms = often or forms
    # minutes that keep their step for over a day, and not where 201101012330 is of the 20th of November
    exact = [
        times for times in forms if len(times) > _A_DAY_OF_HALVES and len({*steps_of(times)}) == 1 and 0 < usual(times) < DAY
    ]
    if len(exact) == 1:
        return {exact[0]: forms[exact[0]]}
    # hours may be missing from a day; from day to day there is no month
    leaps = {times: max(steps_of(times), default=0) for times in forms}
    even = [times for times, leap in leaps.items() if 0 < leap <= max(_EVEN * usual(times), DAY)]
    others = [times for times in forms if times not in even]
    if len(even) == 1 and all(leaps[times] >= _LEAPS * max(usual(times), 1) for times in others):
        return {even[0]: forms[even[0]]}
    return forms


def usual(times: Sequence[int]) -> int:
    steps = steps_of(times)
    return Counter(steps).most_common(1)[0][0] if steps else 0


def steps_of(times: Sequence[int]) -> list[int]:
    return [abs(b - a) for a, b in pairwise(times) if b != a]


def run_on(clocks: Sequence[tuple[object, float]]) -> bool:
    """Whether the numbers beside days grow from row to row of a day, or all become less, as clocks do and hardly anything else:
    by one step, or in several rows of each day."""
    steps = [b - a for (day, a), (same, b) in pairwise(clocks) if day == same]
    few, most = sorted(([step for step in steps if step < 0], [step for step in steps if step > 0]), key=len)
    several = len(most) >= _STEPS_A_DAY * len({day for day, _ in clocks})
    return len(most) > _MOSTLY * len(few) and (several or len({*most}) == 1)
