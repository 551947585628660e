"""Streams of DynamoDB and Kinesis, and the mapping that hands their records to a function."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.simulator.clock import HOUR, Action, Clock
from tests.simulator.functions import Answer, BadAnswer, End, Event, Runtime, Throttled, failures_in
from tests.simulator.sqs import Queue

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0  # AWS says that it backs off, not how long
_ARN = {
    "DynamoDB": "arn:aws:dynamodb:us-east-1:123456789012:table/FilesTable/stream/2026-01-01T00:00:00.000",
    "Kinesis": "arn:aws:kinesis:us-east-1:123456789012:stream/SensorStream",
}
_MOST_STATE = 1_000_000  # bytes: "Your state can be a maximum of 1 MB per shard"


@dataclass(frozen=True, slots=True)
class Record:
    """`data` is the record as the function gets it; `key` is what order is kept for: the partition key, or the item's keys."""

    sequence: str
    key: str
    arrived: float
    data: dict[str, Any]


@dataclass(slots=True)
class Shard:
    """Records in order. A shard with a `parent` is read only when the parent has been read to its end.

    Kinesis Developer Guide, "Resharding"; DynamoDB Developer Guide, "Reading and processing a stream": parents before children.
    """

    id: str
    parent: str | None = None
    closed: bool = False
    records: list[Record] = field(default_factory=list)


class Stream:
    """DynamoDB Developer Guide, "Change data capture for DynamoDB Streams": records stay 24 hours; each appears exactly once,
    and those of one item in the order of its changes."""

    def __init__(self, clock: Clock, *, shards: int = 1, retention_s: float = 24 * HOUR) -> None:
        self.clock = clock
        self.retention_s = retention_s
        self.shards = [Shard(f"shard-{number}") for number in range(shards)]

    def put(self, record: Record) -> None:
        open_ones = [shard for shard in self.shards if not shard.closed]
        open_ones[_hash(record.key) % len(open_ones)].records.append(record)

    def reshard(self, count: int) -> None:
        """Closes all open shards, and opens others in their place. (AWS splits and merges neighbours; with hashed keys any
        new shard may hold what any old one held, so each is the child of them all in turn.)"""
        former = [shard for shard in self.shards if not shard.closed]
        for shard in former:
            shard.closed = True
        start = len(self.shards)
        for number in range(count):
            self.shards.append(Shard(f"shard-{start + number}", parent=",".join(shard.id for shard in former)))


@dataclass(slots=True)
class _Work:
    """Records that are handed over together; `tries` are those that counted."""

    records: list[Record]
    tries: int = 0
    window: int | None = None
    final: bool = False
    early: bool = False


@dataclass(slots=True)
class _Lane:
    """A part of a shard whose records are handed over one batch after the other."""

    shard: Shard
    number: int
    position: int = 0
    waiting: list[_Work] = field(default_factory=list)
    not_before: float = 0
    running: bool = False
    window: int | None = None
    state: Any = field(default_factory=dict)


class StreamMapping:
    """Lambda's pollers of a stream, with the settings of the template.

    Lambda Developer Guide, "Process DynamoDB records with Lambda" and "How Lambda processes records from stream and queue-based
    event sources": a batch is of one shard; a failing batch blocks its shard until it succeeds, is given up or expires.
    "Parameters for … event source mappings": `BatchSize`, `MaximumBatchingWindowInSeconds`, `ParallelizationFactor` (up to ten
    batches of a shard at once, each key in order), `MaximumRetryAttempts`, `MaximumRecordAgeInSeconds` (-1: without end),
    `BisectBatchOnFunctionError` (halves a failed batch; that does not count as a try), `TumblingWindowInSeconds`.
    "Configuring partial batch response": the lowest sequence number that failed is the checkpoint; all from there come again,
    and where batches are bisected, they are at that number.
    "Retain discarded batch records": the destination gets where the records were, not what they were.
    """

    def __init__(
        self,
        function: str,
        stream: Stream,
        settings: Mapping[str, Any],
        *,
        runtime: Runtime,
        destination: Queue | None = None,
        kind: str = "DynamoDB",
    ) -> None:
        self.function = function
        self.stream = stream
        self.clock = stream.clock
        self.runtime = runtime
        self.destination = destination
        self.kind = kind
        self.batch_size = int(settings.get("BatchSize", 100))
        self.window_s = float(settings.get("MaximumBatchingWindowInSeconds", 0))
        self.factor = int(settings.get("ParallelizationFactor", 1))
        self.most_tries = int(settings.get("MaximumRetryAttempts", -1))
        self.most_age_s = float(settings.get("MaximumRecordAgeInSeconds", -1))
        self.bisect = bool(settings.get("BisectBatchOnFunctionError", False))
        self.partial = "ReportBatchItemFailures" in settings.get("FunctionResponseTypes", [])
        self.tumbling_s = int(settings.get("TumblingWindowInSeconds", 0))
        self.enabled = settings.get("Enabled", True) not in (False, "false")
        assert not (self.tumbling_s and self.factor > 1), "a window's state belongs to a whole shard"
        self.given_up: list[Record] = []
        self.trimmed: list[Record] = []  # lost to retention: nobody was told
        self._lanes: dict[tuple[str, int], _Lane] = {}

    def ready(self) -> list[Action]:
        if not self.enabled:
            return []
        return [
            Action(f"{lane.shard.id} → {self.function}", lambda lane=lane: self._hand_over(lane))  # type: ignore[misc]
            for lane in self._open_lanes()
            if not lane.running and lane.not_before <= self.clock.now and self._has_work(lane)
        ]

    def due(self) -> float | None:
        if not self.enabled:
            return None
        moments: list[float] = []
        for lane in self._open_lanes():
            if lane.running:
                continue
            if lane.waiting:
                moments.append(lane.not_before)
            elif fresh := self._fresh(lane):
                moments.append(max(lane.not_before, fresh[0].arrived + self.window_s))
            elif lane.window is not None:
                moments.append((lane.window + 1) * self.tumbling_s)
        return min(moments, default=None)

    def rewind(self, count: int = 1) -> None:
        """Has the last records come again: a poller that lost its checkpoint goes on from an older one ("Lambda processes each
        record at least once")."""
        for lane in self._lanes.values():
            if not lane.running and not lane.waiting:
                lane.position = max(0, lane.position - count)

    def replay(self) -> None:
        """Has everything come again that the stream still holds, of shards that have been read to their end, too."""
        for lane in self._lanes.values():
            if not lane.running and not lane.waiting:
                lane.position = 0

    def behind(self) -> int:
        """Records that have not been taken."""
        return sum(
            len(self._fresh(lane)) + sum(len(work.records) for work in lane.waiting)
            for lane in self._lanes_of(self.stream.shards)
        )

    def _lanes_of(self, shards: Iterable[Shard]) -> list[_Lane]:
        return [
            self._lanes.setdefault((shard.id, number), _Lane(shard, number))
            for shard in shards
            for number in range(self.factor)
        ]

    def _open_lanes(self) -> list[_Lane]:
        """Of shards whose parents are done with."""
        done = {
            shard.id
            for shard in self.stream.shards
            if shard.closed and not any(lane.running or lane.waiting or self._fresh(lane) for lane in self._lanes_of([shard]))
        }
        return self._lanes_of(
            shard for shard in self.stream.shards if shard.parent is None or set(shard.parent.split(",")) <= done
        )

    def _fresh(self, lane: _Lane) -> list[Record]:
        """Records of a lane that were never handed over; what outstayed the stream's retention is gone."""
        records = [
            record
            for record in lane.shard.records[lane.position :]
            if self.factor == 1 or _hash(record.key, 1) % self.factor == lane.number
        ]
        lost = [record for record in records if record.arrived + self.stream.retention_s < self.clock.now]
        if lost:
            self.trimmed += lost
            lane.position = lane.shard.records.index(lost[-1]) + 1
        return records[len(lost) :]

    def _has_work(self, lane: _Lane) -> bool:
        if lane.waiting:
            return True
        fresh = self._fresh(lane)
        if lane.window is not None and (not fresh or self._window_of(fresh[0]) != lane.window):
            return bool(fresh) or self.clock.now >= (lane.window + 1) * self.tumbling_s
        return bool(fresh) and (len(fresh) >= self.batch_size or fresh[0].arrived + self.window_s <= self.clock.now)

    def _window_of(self, record: Record) -> int | None:
        return int(record.arrived // self.tumbling_s) if self.tumbling_s else None

    def _hand_over(self, lane: _Lane) -> None:
        if not lane.waiting:
            lane.waiting.append(self._next(lane))
        work = lane.waiting[0]
        if work.records and self._too_old(work):
            lane.waiting.pop(0)
            return
        lane.running = True
        self.runtime.call(self.function, self._event(lane, work), lambda end: self._ended(lane, end))

    def _next(self, lane: _Lane) -> _Work:
        fresh = self._fresh(lane)
        if lane.window is not None and (not fresh or self._window_of(fresh[0]) != lane.window):
            return _Work([], window=lane.window, final=True)
        window = self._window_of(fresh[0])
        taken = [record for record in fresh[: self.batch_size] if self._window_of(record) == window]
        lane.position = lane.shard.records.index(taken[-1]) + 1
        if window is not None and lane.window is None:
            lane.window, lane.state = window, {}
        return _Work(taken, window=window)

    def _too_old(self, work: _Work) -> bool:
        """Gives up what is older than the mapping allows, or is no longer in the stream. Whether nothing is left."""
        lost = [record for record in work.records if record.arrived + self.stream.retention_s < self.clock.now]
        self.trimmed += lost
        old = [
            record for record in work.records if record not in lost and 0 <= self.most_age_s < self.clock.now - record.arrived
        ]
        if old:
            self._give_up(old, "RecordAgeExceeded", work.tries)
        work.records = [record for record in work.records if record not in lost and record not in old]
        return not work.records

    def _event(self, lane: _Lane, work: _Work) -> Event:
        event: Event = {"Records": [record.data for record in work.records]}
        if work.window is not None:
            start = work.window * self.tumbling_s
            event |= {
                "window": {"start": _iso(start), "end": _iso(start + self.tumbling_s)},
                "state": lane.state,
                "shardId": lane.shard.id,
                "isFinalInvokeForWindow": work.final,
                "isWindowTerminatedEarly": work.early,
            }
        return event

    def _ended(self, lane: _Lane, end: End) -> None:
        lane.running = False
        work = lane.waiting[0]
        if isinstance(end, Throttled):
            self._wait(lane, work)
            return
        if isinstance(end, Answer):
            try:
                failed = failures_in(end.value, {record.sequence for record in work.records}) if self.partial else []
                if work.window is not None:
                    self._keep_state(lane, work, end.value)
            except BadAnswer:
                self._failed(lane, work)
                return
            if not failed:
                lane.waiting.pop(0)
                lane.not_before = self.clock.now
                self._after_window(lane, work)
                return
            lowest = min(at for at, record in enumerate(work.records) if record.sequence in failed)
            work.records = work.records[lowest:]
            self._again(lane, work)
            return
        self._failed(lane, work)

    def _keep_state(self, lane: _Lane, work: _Work, answer: Any) -> None:
        """ "If the response does not contain a state property, Lambda considers this a failed invocation." """
        if work.final:
            return
        if not isinstance(answer, dict) or "state" not in answer:
            raise BadAnswer("no state")
        lane.state = answer["state"]

    def _after_window(self, lane: _Lane, work: _Work) -> None:
        if work.window is None:
            return
        if work.final:
            lane.window, lane.state = None, {}
        elif len(json.dumps(lane.state)) > _MOST_STATE:
            lane.waiting.insert(0, _Work([], window=work.window, final=True, early=True))

    def _failed(self, lane: _Lane, work: _Work) -> None:
        """The whole batch failed."""
        if self.bisect and len(work.records) > 1:
            half = len(work.records) // 2
            lane.waiting[:1] = [
                _Work(some, tries=work.tries, window=work.window) for some in (work.records[:half], work.records[half:])
            ]
            self._wait(lane, work)
            return
        self._again(lane, work)

    def _again(self, lane: _Lane, work: _Work) -> None:
        work.tries += 1
        if 0 <= self.most_tries < work.tries:
            lane.waiting.pop(0)
            self._give_up(work.records, "RetryAttemptsExhausted", work.tries)
            return
        self._wait(lane, work)

    def _wait(self, lane: _Lane, work: _Work) -> None:
        lane.not_before = self.clock.now + min(_FIRST_WAIT_S * 2 ** min(work.tries, 10), _LONGEST_WAIT_S)

    def _give_up(self, records: list[Record], condition: str, tries: int) -> None:
        self.given_up += records
        if self.destination is None or not records:
            return
        shard = next(shard.id for shard in self.stream.shards if records[0] in shard.records)
        self.destination.send(
            json.dumps(
                {
                    "requestContext": {
                        "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
                        "functionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{self.function}",
                        "condition": condition,
                        "approximateInvokeCount": tries,
                    },
                    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
                    "version": "1.0",
                    "timestamp": _iso(self.clock.now),
                    f"{'DDBStream' if self.kind == 'DynamoDB' else 'Kinesis'}BatchInfo": {
                        "shardId": shard,
                        "startSequenceNumber": records[0].sequence,
                        "endSequenceNumber": records[-1].sequence,
                        "approximateArrivalOfFirstRecord": _iso(records[0].arrived),
                        "approximateArrivalOfLastRecord": _iso(records[-1].arrived),
                        "batchSize": len(records),
                        "streamArn": _ARN[self.kind],
                    },
                }
            )
        )


def _hash(key: str, salt: int = 0) -> int:
    """The same in every process."""
    return zlib.crc32(key.encode(), salt)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
