"""5,000 small files dropped at once on the local cloud, through the queue and by S3's own call of the function.

    python -m benchmarks.burst [--files 5000] [--direct-files 1000] [--without-direct]

Says how many were lost, files a second until the last one is loaded, how many processes the cloud had for functions at most,
and how long it takes from dropping one file to finding it (p95 of fifty, one after the other, after a first one that has
started the processes). Each way has a stack of its own, deployed anew. S3's own call starts a process for each few files:
`--direct-files` keeps a machine from drowning in them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import boto3

from local import stack
from local.catalogue import Catalogue
from local.cloud import LocalCloud, client_options, running
from local.errors import Failure
from mesonet.domain.file import LoadState

_SENDERS = 8
_PATIENCE_S = 900.0  # without any progress
_PREFIX = "burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    way: str
    files: int
    lost: int
    seconds: float
    workers: int
    p95_s: float | None

    def line(self) -> str:
        p95 = f"{self.p95_s:>8.2f} s" if self.p95_s is not None else f"{'–':>10}"
        return f"{self.way:<28}{self.files:>7,}{self.lost:>7,}{self.files / self.seconds:>10.1f}{self.workers:>9}{p95:>14}"


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    print(f"{'way':<28}{'files':>7}{'lost':>7}{'files/s':>10}{'workers':>9}{'drop → found':>14}")
    outcomes = []
    for way, direct in (("S3 → SQS → Lambda", False), ("S3 → Lambda", True)):
        if direct and asked.without_direct:
            continue
        with tempfile.TemporaryDirectory() as folder, LocalCloud(state_dir=Path(folder)) as cloud:
            said = stack.deploy(cloud)
            if direct:
                _call_directly(said)
            here = running(Path(folder))
            assert here is not None
            outcomes.append(
                _measure(
                    way, said, here.group, asked.direct_files if direct else asked.files, single=0 if direct else asked.single
                )
            )
            print(outcomes[-1].line(), flush=True)
    return 1 if any(each.lost for each in outcomes if each.way != "S3 → Lambda") else 0


def _measure(way: str, said: dict[str, str], leader: int, count: int, *, single: int) -> Outcome:
    s3 = boto3.client("s3", **client_options(said["EndpointUrl"]))
    bucket = said["ArchiveBucket"]
    bodies = {f"{_PREFIX}/{number:05d}.csv": _body(number) for number in range(count)}
    p95 = _drop_to_found(said, s3, single) if single else None
    with _counting(leader) as most:
        began = time.time()
        with ThreadPoolExecutor(_SENDERS) as pool:
            for _ in pool.map(lambda each: s3.put_object(Bucket=bucket, Key=each[0], Body=each[1]), bodies.items()):
                pass
        there, ended = _wait(said, bodies)
    return Outcome(
        way=way, files=count, lost=count - there, seconds=max(ended - began, 0.001), workers=max(most, default=0), p95_s=p95
    )


def _body(number: int) -> bytes:
    """A day of one of fifty stations, as GHCN-Daily has it: the format needs no mapping."""
    station, day = f"USW{number % 50:08d}", f"{1900 + number // 365 % 100}{number % 12 + 1:02d}{number % 28 + 1:02d}"
    return "".join(f"{station},{day},{name},{number % 300},,,W,\n" for name in ("TMAX", "TMIN", "PRCP")).encode()


def _wait(said: dict[str, str], bodies: dict[str, bytes]) -> tuple[int, float]:
    """How many are loaded when nothing changes any more, or all are; and when (Unix time) the last one was, as its entry says.

    Queues are asked for their length, and the table only when they are empty: reading all of it takes the local cloud longer
    than some files.
    """
    options = client_options(said["EndpointUrl"])
    sqs, dynamodb = boto3.client("sqs", **options), boto3.client("dynamodb", **options)
    known, last, changed = -1, 0.0, time.monotonic()
    while known < len(bodies) and time.monotonic() - changed < (_PATIENCE_S if known < 1 else 90):
        time.sleep(1.0)
        if any(_waiting(sqs, said[queue]) for queue in ("UploadsQueue", "CataloguedQueue")):
            changed = time.monotonic()
            continue
        time.sleep(4.0)
        moments = _loaded(dynamodb, said["FilesTable"])
        if len(moments) != known:
            known, last, changed = len(moments), max(moments, default=0.0), time.monotonic()
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


def _drop_to_found(said: dict[str, str], s3: Any, count: int) -> float:
    """From the put of one file until a search for it answers with it: p95."""
    catalogue = Catalogue(said)
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


@contextmanager
def _counting(leader: int) -> Iterator[list[int]]:
    """How many processes the cloud has besides its own, looked at twice a second."""
    counts: list[int] = []
    done = Event()

    def look() -> None:
        while not done.wait(0.5):
            counts.append(len(_descendants(leader)))

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield counts
    finally:
        done.set()
        watcher.join()


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
    parser.add_argument("--direct-files", type=int, default=1000)
    parser.add_argument("--single", type=int, default=50, help="files dropped one after the other, for the p95")
    parser.add_argument("--without-direct", action="store_true")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
