"""5,000 small files dropped at once on the local cloud, through the queue and by S3's own call of the function.

    python -m benchmarks.burst [--files 5000] [--limit 300] [--without-direct]

Says how many were dropped and how many of these were not loaded when nothing changed any more, files a second until the last
one was loaded, how many processes the cloud had for functions at most, and how long it takes from dropping one file to finding
it (p95 of fifty, one after the other, after a first one that has started the processes). Each way has a stack of its own,
deployed anew.

S3's own call starts a process for every file that finds none idle. They share the machine, so none comes to an end, so the
next file finds none idle either: that way ends after `--limit` seconds, or where the machine is short of memory, and the line
says so.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import boto3

from local import stack
from local.catalogue import Catalogue
from local.cloud import LocalCloud, client_options, running
from local.errors import Failure
from mesonet.domain.file import LoadState

_SENDERS = 8
_PATIENCE_S = 900.0  # without any progress
_LEAST_MEMORY_MB = 4000  # left to the machine's other programs
_PREFIX = "burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    way: str
    dropped: int
    loaded: int
    seconds: float
    workers: int
    p95_s: float | None
    stopped: str

    def line(self) -> str:
        p95 = f"{self.p95_s:.2f} s" if self.p95_s is not None else "–"
        left, rate = self.dropped - self.loaded, self.loaded / self.seconds
        return f"{self.way:<20}{self.dropped:>9,}{left:>11,}{rate:>9.1f}{self.workers:>9}{p95:>14}  {self.stopped}"


class Watch:
    """Looks twice a second at how many processes the cloud has besides its own, and at whether the run has to be ended."""

    def __init__(self, leader: int, limit_s: float) -> None:
        self.most = 0
        self.stopped = ""
        self._leader, self._deadline, self._limit_s = leader, time.monotonic() + limit_s, limit_s
        self._done = Event()

    def __enter__(self) -> Self:
        self._watcher = Thread(target=self._look, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _look(self) -> None:
        while not self._done.wait(0.5):
            self.most = max(self.most, len(_descendants(self._leader)))
            if time.monotonic() > self._deadline:
                self.stopped = f"ended after {self._limit_s:.0f} s"
            elif _available_mb() < _LEAST_MEMORY_MB:
                self.stopped = f"ended after {self._limit_s - self._deadline + time.monotonic():.0f} s, short of memory"
            if self.stopped:
                return


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    print(f"{'way':<20}{'dropped':>9}{'not loaded':>11}{'files/s':>9}{'workers':>9}{'drop → found':>14}")
    lost = 0
    for way, direct in (("S3 → SQS → Lambda", False), ("S3 → Lambda", True)):
        if direct and asked.without_direct:
            continue
        with tempfile.TemporaryDirectory() as folder, LocalCloud(state_dir=Path(folder)) as cloud:
            said = stack.deploy(cloud)
            if direct:
                _call_directly(said)
            here = running(Path(folder))
            assert here is not None
            p95 = _drop_to_found(said, asked.single) if asked.single and not direct else None
            with Watch(here.group, asked.limit if direct else math.inf) as watch:
                outcome = _measure(way, said, watch, asked.files, p95)
        print(outcome.line(), flush=True)
        lost += 0 if direct else outcome.dropped - outcome.loaded
    return 1 if lost else 0


def _measure(way: str, said: dict[str, str], watch: Watch, count: int, p95_s: float | None) -> Outcome:
    s3 = boto3.client("s3", **client_options(said["EndpointUrl"]))

    def drop(number: int) -> bool:
        if watch.stopped:
            return False
        s3.put_object(Bucket=said["ArchiveBucket"], Key=f"{_PREFIX}/{number:05d}.csv", Body=_body(number))
        return True

    began = time.time()
    with ThreadPoolExecutor(_SENDERS) as pool:
        dropped = sum(pool.map(drop, range(count)))
    loaded, ended = _wait(said, dropped, watch)
    return Outcome(
        way=way,
        dropped=dropped,
        loaded=loaded,
        seconds=max(ended - began, 0.001),
        workers=watch.most,
        p95_s=p95_s,
        stopped=watch.stopped,
    )


def _body(number: int) -> bytes:
    """A day of one of fifty stations, as GHCN-Daily has it: the format needs no mapping."""
    station, day = f"USW{number % 50:08d}", f"{1900 + number // 365 % 100}{number % 12 + 1:02d}{number % 28 + 1:02d}"
    return "".join(f"{station},{day},{name},{number % 300},,,W,\n" for name in ("TMAX", "TMIN", "PRCP")).encode()


def _wait(said: dict[str, str], count: int, watch: Watch) -> tuple[int, float]:
    """How many are loaded when nothing changes any more, all are, or the run has to be ended; and when (Unix time) the last one
    was, as its entry says.

    Queues are asked for their length, and the table only when they are empty: reading all of it takes the local cloud longer
    than some files.
    """
    options = client_options(said["EndpointUrl"])
    sqs, dynamodb = boto3.client("sqs", **options), boto3.client("dynamodb", **options)
    known, last, changed = -1, 0.0, time.monotonic()
    while known < count and time.monotonic() - changed < (_PATIENCE_S if known < 1 else 90):
        time.sleep(1.0)
        if not watch.stopped and any(_waiting(sqs, said[queue]) for queue in ("UploadsQueue", "CataloguedQueue")):
            changed = time.monotonic()
            continue
        time.sleep(4.0)
        moments = _loaded(dynamodb, said["FilesTable"])
        if len(moments) != known:
            known, last, changed = len(moments), max(moments, default=0.0), time.monotonic()
        if watch.stopped:
            break
    return known, last


def _waiting(sqs: Any, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    given = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(given[name]) for name in names)


def _loaded(dynamodb: Any, table: str) -> list[float]:
    """When each file of the burst that is loaded was."""
    return [
        datetime.fromisoformat(item["loading"]["M"]["at"]["S"]).timestamp()
        for page in dynamodb.get_paginator("scan").paginate(
            TableName=table,
            ProjectionExpression="#key, loading",
            FilterExpression="begins_with(#key, :prefix)",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":prefix": {"S": f"{_PREFIX}/"}},
        )
        for item in page["Items"]
        if item["loading"]["M"]["state"]["S"] == LoadState.LOADED
    ]


def _drop_to_found(said: dict[str, str], count: int) -> float:
    """From the put of one file until a search for it answers with it: p95."""
    s3, catalogue = boto3.client("s3", **client_options(said["EndpointUrl"])), Catalogue(said)
    took = []
    for number in range(count + 1):
        key = f"single/{number:05d}.csv"
        began = time.monotonic()
        s3.put_object(Bucket=said["ArchiveBucket"], Key=key, Body=_body(number))
        while True:
            found = catalogue.get(f"/search?q=single+{number:05d}")
            if found and any(each.get("key") == key for each in found["results"]):
                break
            if time.monotonic() - began > 60:
                raise Failure(f"{key} is not found after a minute")
            time.sleep(0.05)
        if number:  # the first one has started the processes
            took.append(time.monotonic() - began)
    return statistics.quantiles(took, n=20)[-1]


def _call_directly(said: dict[str, str]) -> None:
    """Has the bucket call the function itself, as S3 does it without a queue."""
    options = client_options(said["EndpointUrl"])
    function = boto3.client("lambda", **options).get_function(
        FunctionName=stack.functions(said["EndpointUrl"])["OnUploadFunction"]
    )
    boto3.client("s3", **options).put_bucket_notification_configuration(
        Bucket=said["ArchiveBucket"],
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": function["Configuration"]["FunctionArn"], "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )


def _available_mb() -> float:
    """Memory that programs can still have; without end where the machine does not say."""
    try:
        said = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    except FileNotFoundError:
        return math.inf
    return int(said["MemAvailable"].split()[0]) / 1024


def _descendants(root: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        pid, parent = map(int, line.split())
        children.setdefault(parent, []).append(pid)
    found, waiting = set[int](), [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.add(child)
            waiting.append(child)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst")
    parser.add_argument("--files", type=int, default=int(os.environ.get("FILES", "5000")))
    parser.add_argument("--limit", type=float, default=300, help="seconds after which the direct way is ended")
    parser.add_argument("--single", type=int, default=50, help="files dropped one after the other, for the p95")
    parser.add_argument("--without-direct", action="store_true")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
