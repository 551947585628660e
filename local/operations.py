"""`reconcile`, `redrive`, `replay`, `backfill`: what operators do to a stack, on this machine or on AWS (`ENV=prod`).

Each can be run again at any time, also after it was cut off: whatever it asks for is idempotent. docs/delivery.md says why.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from local import stack
from local.cloud import client_options
from local.errors import Failure
from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.domain import instant
from mesonet.domain.file import ObjectEvent, Occasion, Status, file_id
from mesonet.domain.instant import Interval
from mesonet.stores.archive import BACKFILL, ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.rounds import Phase, RoundsStore

_AT_ONCE = 10  # ReceiveMessage
_HIDDEN_S = 120  # while a message is handed on
_MOST_WAITING = 500  # messages in UploadsQueue while a backfill goes on: what comes live waits no longer than these take

# dead letters, and whose they were
QUEUES = {
    "UploadsDeadLetterQueue": "UploadsQueue",
    "CataloguedDeadLetterQueue": "CataloguedQueue",
    "IndexDeadLetterQueue": "IndexQueue",
    "ExportDeadLetterQueue": "ExportQueue",
}
RECORDS = "FileChangesDeadLetterQueue"

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A stack: its outputs, and how to reach AWS's services there."""

    said: dict[str, str]
    client: Callable[[str], Any]


def target(environment: str) -> Target:
    """The stack of an environment of samconfig.toml, in the account that the user is signed in to; or, where none is named, the
    one that `make run` keeps running. Raises Failure."""
    if not environment:
        said = stack.described()
        return Target(said, lambda service: boto3.client(service, **client_options(said["EndpointUrl"])))  # type: ignore[call-overload]
    name = stack.stack_name(environment)
    try:
        (found,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as exc:
        raise Failure(f"there is no stack {name} where you are signed in: {exc}") from exc
    said = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    return Target(said, lambda service: boto3.client(service))  # type: ignore[call-overload]


# Comparing ------------------------------------------------------------------------------------------------------------------


def reconcile(at: Target, *, settled_s: int, say: Say = print) -> Counter[str]:
    """A whole round of comparing and mending; says how far it has come. Returns what was mended."""
    function = at.client("lambda")
    rounds = RoundsStore(at.said["DerivedBucket"], client=at.client("s3"))
    asked: dict[str, Any] = {"begin": True, "settled_s": settled_s}
    while True:
        answer = function.invoke(FunctionName=at.said["JobReconcileFunction"], Payload=json.dumps(asked).encode())
        text = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise Failure(f"the comparison fails: {text.decode(errors='replace')[:500]}")
        reached = rounds.get()
        assert reached is not None
        say(f"  {reached.phase.value:<10} {_listed(reached.seen)}")
        if json.loads(text)["phase"] == Phase.DONE:
            mended = Counter({kind: number for kind, number in reached.mended.items() if number})
            say(f"mended: {_listed(mended)}" if mended else "everything is as it should be")
            return mended
        asked = {"settled_s": settled_s}


def _listed(counts: Any) -> str:
    return ", ".join(f"{number:,} {kind.replace('_', ' ')}" for kind, number in counts.items())


# Dead letters ---------------------------------------------------------------------------------------------------------------


def redrive(
    at: Target, *, rate: float, dry: bool, say: Say = print, sleep: Callable[[float], None] = time.sleep
) -> Counter[str]:
    """Sends every dead letter back to where it came from, at most `rate` a second. A letter is deleted when it has been taken;
    one that was cut off between is sent twice, which changes nothing. Returns how many, by queue."""
    done: Counter[str] = Counter()
    for dead, source in QUEUES.items():
        if dead in at.said and source in at.said:
            done[dead] = _hand_on(at, dead, lambda body, source=source: _resend(at, source, body), rate, dry, say, sleep)  # type: ignore[misc]
    done[RECORDS] = _hand_on(at, RECORDS, lambda body: _fan_out_again(at, body), rate, dry, say, sleep)
    return done


def _hand_on(
    at: Target, dead: str, hand: Callable[[str], str], rate: float, dry: bool, say: Say, sleep: Callable[[float], None]
) -> int:
    """`hand` gives the reason why a letter stays, or nothing."""
    sqs, url = at.client("sqs"), at.said[dead]
    waiting = int(_attributes(sqs, url)["ApproximateNumberOfMessages"])
    if dry or not waiting:
        say(f"  {dead:<28} {waiting:,} waiting" if waiting else f"  {dead:<28} empty")
        return 0
    handed = stay = 0
    while handed + stay < waiting:  # what fails again and comes back is of the next time
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=_HIDDEN_S)
        letters = answer.get("Messages", [])
        if not letters:
            break
        for letter in letters:
            reason = hand(letter["Body"])
            if reason:
                stay += 1
                say(f"  {dead:<28} one stays: {reason}")
                continue
            sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
            handed += 1
            sleep(1 / rate)
    say(f"  {dead:<28} {handed:,} sent back" + (f", {stay:,} stay" if stay else ""))
    return handed


def _attributes(sqs: Any, url: str) -> dict[str, str]:
    attributes: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return attributes


def _resend(at: Target, source: str, body: str) -> str:
    try:
        record = json.loads(body).get("record")  # set aside by the function, with its reason
    except (ValueError, AttributeError):
        record = None
    if isinstance(record, dict) and "body" in record:
        body = record["body"]
    at.client("sqs").send_message(QueueUrl=at.said[source], MessageBody=body)
    return ""


def _fan_out_again(at: Target, body: str) -> str:
    """Hands records of the catalogue's stream to the fan-out: those that it set aside itself, and those of which Lambda only
    says where they were, fetched again as long as the stream keeps them (Lambda Developer Guide, "Retain discarded batch
    records")."""
    letter = json.loads(body)
    try:
        records = [letter["record"]] if "record" in letter else list(_fetch(at, letter["DDBStreamBatchInfo"]))
    except ClientError as exc:
        if exc.response["Error"]["Code"] != "TrimmedDataAccessException":
            raise
        return "its records are older than the stream keeps them; `make reconcile` mends what they were about"
    if not records:
        return "the stream does not have its records any more; `make reconcile` mends what they were about"
    answer = at.client("lambda").invoke(
        FunctionName=at.said["OnFileChangeFunction"], Payload=json.dumps({"Records": records}, default=_plain).encode()
    )
    text = answer["Payload"].read()
    if answer.get("FunctionError"):
        return str(text.decode(errors="replace"))[:200]
    failed = json.loads(text)["batchItemFailures"]
    return "it cannot be taken now" if failed else ""


def _fetch(at: Target, where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    streams = at.client("dynamodbstreams")
    iterator = streams.get_shard_iterator(
        StreamArn=where["streamArn"],
        ShardId=where["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=where["startSequenceNumber"],
    )["ShardIterator"]
    last = int(where["endSequenceNumber"])
    while iterator:
        page = streams.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return
            yield record
        iterator = page.get("NextShardIterator") if page["Records"] else None


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else str(value)


# Reading again --------------------------------------------------------------------------------------------------------------


def replay(
    at: Target, *, prefix: str, period: Interval, rate: float, say: Say = print, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Has the files below a prefix that came within a period read again, as they are now. They are told as `FileReread`, which
    is nobody's alert. Returns how many."""
    archive = ArchiveStore(client=at.client("s3"))
    files = FilesStore(at.said["FilesTable"], client=at.client("dynamodb"))
    uploads = UploadsQueue(at.said["UploadsQueue"], client=at.client("sqs"))
    bucket, asked = at.said["ArchiveBucket"], 0
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for page, _ in archive.current_versions(bucket, prefix=prefix):
        chosen = {file_id(bucket, each.key): each for each in page if not each.removed and each.at in period}
        for start in range(0, len(chosen), _AT_ONCE):
            some = list(chosen)[start : start + _AT_ONCE]
            known = files.many(some)
            events = []
            for identifier in some:
                each, entry = chosen[identifier], known.get(identifier)
                fresh = entry is None or entry.status is Status.DELETED  # nobody has heard of it: then it is news
                events.append(
                    ObjectEvent(
                        bucket=bucket,
                        key=each.key,
                        version_id=each.version_id,
                        sequencer=entry.sequencer if entry else "",
                        time=entry.event_time if entry and not fresh else _milliseconds(each.at),
                        reread_at=now,
                        occasion=Occasion.NEWS if fresh else Occasion.REPLAY,
                    )
                )
            asked += uploads.tell(events)
            sleep(len(events) / rate)
    say(f"{asked:,} files below {prefix or 'the bucket'!r} are read again")
    return asked


def _milliseconds(at: int) -> str:
    text = instant.iso(at)
    return text if "." in text else f"{text[:-1]}.000Z"


def backfill(at: Target, folder: Path, *, prefix: str, say: Say = print, sleep: Callable[[float], None] = time.sleep) -> int:
    """Brings a folder of history into the archive, beside what comes live: a little at a time, without alerts, and where both
    tell of one time the live value stays. Returns how many files. Raises Failure."""
    if not folder.is_dir():
        raise Failure(f"{folder} is no folder")
    s3, sqs = at.client("s3"), at.client("sqs")
    put = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if put % 50 == 0:
            while int(_attributes(sqs, at.said["UploadsQueue"])["ApproximateNumberOfMessages"]) > _MOST_WAITING:
                sleep(1)
        with path.open("rb") as body:
            s3.put_object(
                Bucket=at.said["ArchiveBucket"],
                Key=prefix + path.relative_to(folder).as_posix(),
                Body=body,
                Metadata={BACKFILL: "true"},
            )
        put += 1
    say(f"{put:,} files of {folder} are in the archive as history")
    return put
