"""How completely a file covers its stations' time: from when to when, how often, and where nothing came."""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import sub

from mesonet.record import dataclass, field

GAPS_LISTED = 5  # of a station, the longest: an entry of the catalogue may have 400 KB for all its stations
_STEPS_KEPT = 500  # different distances between two rows: a station that reports at an interval has few
_LONGEST_KEPT = 100  # distances that may turn out to be gaps, with where they begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Between the instants `after` and `before` nothing came, though `missing` times were due."""

    after: int
    before: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of one station. `times` are different instants. `interval` is in milliseconds; None where there is none that holds for
    most, and then nothing can be said of gaps. `due` is how many times there would be without gaps."""

    first: int
    last: int
    times: int
    interval: int | None = None
    configured: bool = False
    due: int | None = None
    gaps: int = 0
    longest: tuple[Gap, ...] = ()

    @property
    def completeness(self) -> float | None:
        """From 0 to 1."""
        return None if not self.due else min(1.0, self.times / self.due)


@dataclass(slots=True)
class Tally:
    """Takes a station's times stretch by stretch."""

    first: int | None = None
    last: int | None = None
    times: int = 0
    steps: Counter[int] = field(default_factory=Counter)
    longest: list[tuple[int, int]] = field(default_factory=list)

    def add(self, instants: Sequence[int]) -> None:
        """Instants in ascending order without repetition; those of a stretch that goes back in time are not compared with the
        stretch before."""
        if not instants:
            return
        following = self.last is not None and instants[0] > self.last
        series = [self.last, *instants] if following and self.last is not None else instants
        steps = list(map(sub, series[1:], series))
        self.steps.update(steps)
        if len(self.steps) > _STEPS_KEPT:
            self.steps = Counter(dict(self.steps.most_common(_STEPS_KEPT)))
        from heapq import nlargest  # only where a file is loaded

        self.longest = nlargest(_LONGEST_KEPT, [*self.longest, *zip(steps, series, strict=False)])
        self.times += len(instants)
        self.first = instants[0] if self.first is None else min(self.first, instants[0])
        self.last = instants[-1] if self.last is None else max(self.last, instants[-1])

    def coverage(self, configured: int | None = None) -> Coverage | None:
        """`configured` is the interval that the operator has told."""
        if self.first is None or self.last is None:
            return None
        interval = configured or self._interval()
        if interval is None:
            return Coverage(first=self.first, last=self.last, times=self.times)
        missing = {step: round(step / interval) - 1 for step in self.steps if step > interval * 1.5}
        longest = [
            Gap(after=start, before=start + step, missing=missing[step]) for step, start in self.longest if step in missing
        ]
        return Coverage(
            first=self.first,
            last=self.last,
            times=self.times,
            interval=interval,
            configured=configured is not None,
            due=max(self.times, round((self.last - self.first) / interval) + 1),
            gaps=sum(self.steps[step] for step in missing),
            longest=tuple(sorted(longest[:GAPS_LISTED], key=lambda gap: gap.after)),
        )

    def _interval(self) -> int | None:
        """The distance between more than half of all neighbours."""
        if not self.steps:
            return None
        step, often = self.steps.most_common(1)[0]
        return step if often * 2 > self.steps.total() else None


def overall(stations: Iterable[Coverage]) -> float | None:
    """The completeness of all stations together that have an interval."""
    regular = [each for each in stations if each.due]
    due = sum(each.due or 0 for each in regular)
    return min(1.0, sum(each.times for each in regular) / due) if due else None
