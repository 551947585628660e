"""Quality tests: which values can be believed, column by column, after QARTOD.

Source: IOOS, Manual for Real-Time Quality Control of In-situ Temperature and Salinity Data (QARTOD), version 2.1, 2020, tests 4
to 8, and Manual for Real-Time Oceanographic Data Quality Control Flags, 2020. A value is never changed: it is flagged.

The tests see one station's values of one file in order of time. What comes before a file's first value or after its last is
not looked at, though another file may tell it: a flag then depends on its file alone, and is the same in whatever order files
arrive and however often. So the first and the last value of a file are never found to be spikes.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import sub

from mesonet.domain import instant, limits
from mesonet.domain.limits import Limits, Range
from mesonet.domain.observation import FAIL, PASS, SUSPECT, QualityTest, Verdicts, worse
from mesonet.domain.parameter import Parameter
from mesonet.record import dataclass, field

HOUR = 3600 * instant.SECOND
NEAR = 3 * HOUR  # values further apart say nothing of each other: the weather may do anything meanwhile
FAILED_SPIKE = 2.0  # times the change that is allowed: what a suspected spike exceeds twice over is none of the weather's
_EXACT = 1e-9  # noise of binary fractions


type Climatology = Mapping[str, Sequence[Range]]  # by standard name or parameter: what is usual in each of the twelve months


@dataclass(slots=True)
class Findings:
    """`evaluated` are parameters of which at least one test can say something."""

    evaluated: set[Parameter] = field(default_factory=set)
    verdicts: dict[Parameter, Verdicts] = field(default_factory=dict)

    def add(self, parameter: Parameter, at: int, flag: int, test: QualityTest) -> None:
        known = self.verdicts.setdefault(parameter, {})
        before, tests = known.get(at, (PASS, 0))
        known[at] = (worse(before, flag), tests | test)


type Values = tuple[Sequence[int], Sequence[float]]  # instants in ascending order, and the values at them; none is missing


def findings(columns: Mapping[Parameter, Values], climatology: Climatology | None = None) -> Findings:
    """What all tests find in the columns of one station."""
    found = Findings()
    for parameter, (times, values) in columns.items():
        _one(parameter, times, values, climatology or {}, found)
    _together(columns, found)
    return found


def future(times: Sequence[int], arrived: int, *, days: bool = False) -> list[int]:
    """Instants that a file cannot know of, since it arrived before them."""
    latest = instant.horizon(arrived, days=days)
    return [at for at in times if at > latest] if times and max(times) > latest else []


def _one(parameter: Parameter, times: Sequence[int], values: Sequence[float], usual: Climatology, found: Findings) -> None:
    if not values:
        return
    known = limits.of(parameter)
    monthly = usual.get(parameter.id) or usual.get(parameter.standard_name)
    if known.possible is None and monthly is None:
        return
    found.evaluated.add(parameter)
    failed: set[int] = set()
    for position, flag in out_of_range(values, known.possible, known.plausible):
        found.add(parameter, times[position], flag, QualityTest.GROSS_RANGE)
        if flag == FAIL:
            failed.add(position)
    if monthly:
        for position in out_of_season(times, values, monthly):
            found.add(parameter, times[position], SUSPECT, QualityTest.CLIMATOLOGY)
    if len(values) < 2 or (known.step is None and known.flat is None and known.minute is None):
        return
    # what cannot be at all says nothing of its neighbours
    kept, seen = _without(times, failed), _without(values, failed)
    if len(seen) < 2:
        return
    interval = sorted(map(sub, kept[1:], kept))[(len(kept) - 1) // 2]
    allowed = _allowed(known, interval)
    if allowed is not None:
        sharp = set()
        for position, flag in spikes(kept, seen, allowed, allowed * FAILED_SPIKE):
            found.add(parameter, kept[position], flag, QualityTest.SPIKE)
            sharp.add(position)
        steady, smooth = _without(kept, sharp), _without(seen, sharp)
        for position in jumps(steady, smooth, allowed, (known.rate or 0.0) / HOUR):
            found.add(parameter, steady[position], SUSPECT, QualityTest.RATE_OF_CHANGE)
    if known.flat is not None and known.dead is not None:
        # where values come less often than hourly, as many values as there are hours are asked for
        every = max(interval, HOUR)
        counts = (int(known.flat * every / interval), int(known.dead * every / interval))
        for position, flag in flat_lines(seen, *counts, resting=known.resting):
            found.add(parameter, kept[position], flag, QualityTest.FLAT_LINE)


def _without[T](values: Sequence[T], positions: set[int]) -> Sequence[T]:
    return [value for at, value in enumerate(values) if at not in positions] if positions else values


def _allowed(known: Limits, interval: int) -> float | None:
    """The greatest change between two values in succession, for values that come at this interval."""
    least = known.minute if interval <= 60 * instant.SECOND and known.minute is not None else known.step
    if least is None:
        return None
    return max(least, (known.rate or 0.0) * interval / HOUR)


def out_of_range(values: Sequence[float], possible: Range | None, plausible: Range | None = None) -> Iterator[tuple[int, int]]:
    """QARTOD's gross range test: positions of the values beyond, and their flags."""
    for span, flag in ((plausible, SUSPECT), (possible, FAIL)):
        if span is None or (span[0] <= min(values) and max(values) <= span[1]):
            continue
        low, high = span
        for at, value in enumerate(values):
            if not low <= value <= high:
                yield at, flag


def out_of_season(times: Sequence[int], values: Sequence[float], monthly: Sequence[Range]) -> Iterator[int]:
    """QARTOD's climatology test: positions of values beyond what is usual in their month (UTC)."""
    if max(low for low, _ in monthly) <= min(values) and max(values) <= min(high for _, high in monthly):
        return
    months: dict[int, Range] = {}
    for at, (time, value) in enumerate(zip(times, values, strict=True)):
        day = time // instant.DAY
        if day not in months:
            months[day] = monthly[int(instant.day_of(time)[5:7]) - 1]
        if not months[day][0] <= value <= months[day][1]:
            yield at


def spikes(times: Sequence[int], values: Sequence[float], suspect: float, fail: float) -> Iterator[tuple[int, int]]:
    """QARTOD's spike test, by differences: a value that stands out from both its neighbours to the same side, by how much the
    nearer of the two says."""
    steps = list(map(sub, values[1:], values))
    if len(steps) < 2 or max(max(steps), -min(steps)) <= suspect:
        return
    for at, (before, after) in enumerate(pairwise(steps), 1):
        if before * after < 0 and times[at + 1] - times[at - 1] <= 2 * NEAR:
            height = min(abs(before), abs(after))
            if height > suspect:
                yield at, FAIL if height > fail else SUSPECT


def jumps(times: Sequence[int], values: Sequence[float], step: float, rate: float) -> Iterator[int]:
    """QARTOD's rate of change test: positions of values that differ from the one before by more than `step` and by more than
    `rate` (per millisecond) allows."""
    steps = list(map(sub, values[1:], values))
    if not steps or max(max(steps), -min(steps)) <= step:
        return
    for at, change in enumerate(steps, 1):
        apart = times[at] - times[at - 1]
        if abs(change) > step and apart <= NEAR and abs(change) > rate * apart:
            yield at


def flat_lines(values: Sequence[float], suspect: int, fail: int, *, resting: float | None = None) -> Iterator[tuple[int, int]]:
    """QARTOD's flat line test: positions of values that are equal to the `suspect` (or `fail`) values before them."""
    if len(values) <= suspect:
        return
    start, current = 0, values[0]
    for at, value in enumerate(values):
        if value != current and abs(value - current) > _EXACT:
            start, current = at, value
        elif at - start >= suspect and (resting is None or value > resting):
            yield at, FAIL if at - start >= fail else SUSPECT


# (what cannot be above the other, the other, by how much it may all the same); the level is the same
_ORDERED = (
    ("dew_point_temperature", "air_temperature", 0.6),  # 1 degF: both are rounded
    ("wet_bulb_temperature", "air_temperature", 0.6),
    ("wind_speed", "wind_speed_of_gust", 0.6),  # 1 kn
)
_ORDERED_METHODS = (("minimum", "mean"), ("mean", "maximum"), ("minimum", "maximum"))
_ROUNDING = 0.6  # of two means that were rounded to whole degrees Fahrenheit


def _together(columns: Mapping[Parameter, Values], found: Findings) -> None:
    """Internal consistency (WMO-No. 488, appendix VI.2): both of two values that contradict each other are suspect, since it
    cannot be told which of them is wrong."""
    for below, above, slack in _pairs(columns):
        times, lower = columns[below]
        others, upper = columns[above]
        if not times or not others or max(lower) <= min(upper) + slack:
            continue
        at_time = dict(zip(others, upper, strict=True)) if times != others else None
        for at, value in enumerate(lower):
            limit = upper[at] if at_time is None else at_time.get(times[at])
            if limit is not None and value > limit + slack:
                for parameter in (below, above):
                    found.add(parameter, times[at], SUSPECT, QualityTest.INTERNAL_CONSISTENCY)
                    found.evaluated.add(parameter)


def _pairs(columns: Mapping[Parameter, Values]) -> Iterator[tuple[Parameter, Parameter, float]]:
    for below in columns:
        for above in columns:
            if below.level != above.level or below.duration != above.duration or below is above:
                continue
            if below.method == above.method:
                for low, high, slack in _ORDERED:
                    if below.standard_name == low and above.standard_name == high:
                        yield below, above, slack
            elif below.standard_name == above.standard_name and (below.method, above.method) in _ORDERED_METHODS:
                yield below, above, _ROUNDING
