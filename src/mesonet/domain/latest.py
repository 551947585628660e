"""The newest value of each parameter of a station."""

from collections.abc import Mapping

from mesonet.domain.file import precedence
from mesonet.record import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """`time` and `since` (the oldest value's time) are instants; `order` and `file_id` say which file brought the value."""

    time: int
    since: int
    value: float
    unit: str
    received: str
    unit_received: str
    flag: int
    order: str
    file_id: str


def _rank(value: LatestValue) -> tuple[int, str, str]:
    return value.time, precedence(value.order), value.file_id


def merged(ours: Mapping[str, LatestValue], theirs: Mapping[str, LatestValue]) -> dict[str, LatestValue]:
    """Of each parameter the newer value, by time and then by file. In whatever order values are merged, and however often, the
    same comes of it."""
    both = dict(ours)
    for name, value in theirs.items():
        known = both.get(name)
        if known is None:
            both[name] = value
            continue
        newer = max(known, value, key=_rank)
        both[name] = replace(newer, since=min(known.since, value.since))
    return both
