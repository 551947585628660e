"""Which stations of a network speak, and which have fallen silent; and what of theirs can be compared."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache

from mesonet.domain.block import Span, span_of
from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.latest import LatestValue
from mesonet.domain.observation import FAIL, SUSPECT
from mesonet.domain.parameter import INSTANT, POINT, parse

LATE_AFTER = 2 * 3600 * SECOND  # an hourly report, and an hour for it to come
SILENT_AFTER = DAY  # whoever reports once a day has missed a report


class StationState(StrEnum):
    REPORTING = "reporting"
    LATE = "late"
    SILENT = "silent"
    SUSPECT = "suspect"  # reports, and something in its last report is doubtful or wrong
    UNHEARD = "unheard"  # described, but no observation has come


_DOUBTFUL = frozenset({SUSPECT, FAIL})


def newest(values: Collection[LatestValue]) -> int | None:
    """The time of a station's last report, None where there is none."""
    return max((value.time for value in values), default=None)


def state_of(values: Collection[LatestValue], now: int) -> StationState:
    """How a station is doing at an instant. Reports that are later than the instant count as of that instant."""
    last = newest(values)
    if last is None:
        return StationState.UNHEARD
    if now - last > SILENT_AFTER:
        return StationState.SILENT
    if now - last > LATE_AFTER:
        return StationState.LATE
    doubtful = any(value.flag in _DOUBTFUL for value in values if last - value.time <= LATE_AFTER)
    return StationState.SUSPECT if doubtful else StationState.REPORTING


@lru_cache(maxsize=1024)  # asked for each parameter of each station; a network has some hundred different ones
def shown_as(identifier: str) -> str:
    """What a parameter goes by where stations are compared: its standard name, unless it covers a day or longer."""
    parameter = parse(identifier)
    return identifier if span_of(parameter) is Span.YEAR else parameter.standard_name


def best(name: str, known: Mapping[str, LatestValue]) -> str | None:
    """Which of a station's parameters answers for a name: the identifier itself, else the most usual of its standard name.

    Stations name alike what they measure a little differently: at 1.5 m or 2 m, as an instant or the mean of ten minutes.
    """
    if name in known:
        return name
    fitting = [each for each in known if ":" in each and each.partition(":")[0] == name and shown_as(each) == name]
    return min(fitting, key=_unusual, default=None)


def _unusual(identifier: str) -> tuple[int, int, float, str]:
    parameter = parse(identifier)
    methods = {POINT: 0, "mean": 1, "sum": 2}
    return (
        methods.get(parameter.method, 9),
        0 if parameter.duration == INSTANT else 1,
        abs(parameter.level - parse(parameter.standard_name).level),
        identifier,
    )
