"""Decides which readings of a batch are taken together, and what of them comes again."""

from collections.abc import Iterable, Sequence
from typing import Any

from mesonet.domain.live import LATE, LiveRow, place
from mesonet.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`arrived` is when the stream got it."""

    sequence: str
    arrived: int
    row: LiveRow
    record: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that can never be taken."""

    record: dict[str, Any]
    reason: Exception

    @property
    def sequence(self) -> str:
        return str(self.record.get("kinesis", {}).get("sequenceNumber", ""))

    def is_passed(self, checkpoint: str) -> bool:
        """Whether the shard goes on behind it, or behind all where nothing failed."""
        return not checkpoint or place(self.sequence) < place(checkpoint)


def by_station(told: Iterable[Reading]) -> list[Sequence[Reading]]:
    """The readings of each station in their order, which is that of its key."""
    found: dict[str, list[Reading]] = {}
    for each in told:
        found.setdefault(each.row.station_id, []).append(each)
    return [sorted(some, key=lambda each: place(each.sequence)) for some in found.values()]


def first(sequences: Iterable[str]) -> str:
    return min(sequences, key=place, default="")


def is_late(some: Iterable[Reading], *, now: int) -> bool:
    """Whether one may have been taken before, so long ago that its row is a part of a block now."""
    return any(each.arrived < now - LATE for each in some)
