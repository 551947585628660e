"""`reconcile`, `redrive`, `recover`, `replay`, `backfill`: what operators do to a stack, here or on AWS (`ENV=prod`).

Each can be run again at any time, also after it was cut off: whatever it asks for is idempotent. docs/delivery.md says why.
"""

import gzip
import json
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

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
_RECORDS_AT_ONCE = 100  # of a stream, as its mapping hands them over
_TOLD_EVERY = 100  # files: how far something has come
_MOST_WAITING = 500  # messages in UploadsQueue while a backfill goes on: what comes live waits no longer than these take

# dead letters, and whose they were
QUEUES = {
    "UploadsDeadLetterQueue": "UploadsQueue",
    "CataloguedDeadLetterQueue": "CataloguedQueue",
    "IndexDeadLetterQueue": "IndexQueue",
    "NoticeDeadLetterQueue": "NoticeQueue",
    "ExportDeadLetterQueue": "ExportQueue",
}
# dead letters that are, or tell of, records of a stream, and who takes these
RECORDS = {
    "FileChangesDeadLetterQueue": "OnFileChangeFunction",
    "StationChangesDeadLetterQueue": "OnStationChangeFunction",
    "ReadingsDeadLetterQueue": "OnReadingFunction",
}

# where what a stream has lost can be had from
_ELSEWHERE = {
    "OnFileChangeFunction": "`make reconcile` mends what they were about",
    "OnStationChangeFunction": "`make reindex` lists all stations anew",
    "OnReadingFunction": "the lake has them, below readings/",
}
# what a stream's API calls the place to begin at, by what it calls the stream
_START = {"StreamArn": "SequenceNumber", "StreamName": "StartingSequenceNumber"}

_ERRORS, _GZIP = "errors/", b"\x1f\x8b"
_BECAME = {"Ok": "recovered", "Dropped": "dropped", "ProcessingFailed": "stay"}

type Say = Callable[[str], None]
type Letter = Mapping[str, Any]  # a message as SQS gives it


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
    except BotoCoreError as exc:
        raise Failure(f"AWS cannot be asked for the stack {name}: {exc}") from exc
    said = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    return Target(said, lambda service: boto3.client(service))  # type: ignore[call-overload]


# Comparing ------------------------------------------------------------------------------------------------------------------


def reconcile(at: Target, *, settled_s: int, phase: str = Phase.BUCKET, say: Say = print) -> Counter[str]:
    """A whole round of comparing and mending, or from a phase on; says how far it has come. Returns what was mended."""
    function = at.client("lambda")
    rounds = RoundsStore(at.said["DerivedBucket"], client=at.client("s3"))
    asked: dict[str, Any] = {"begin": True, "settled_s": settled_s, "phase": phase}
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
    hands: dict[str, Callable[[Letter], str]] = {
        dead: partial(_resend, at, source) for dead, source in QUEUES.items() if {dead, source} <= at.said.keys()
    }
    hands |= {dead: partial(_take_again, at, function) for dead, function in RECORDS.items() if dead in at.said}
    done: Counter[str] = Counter()
    for dead, hand in hands.items():
        waiting = int(_attributes(at.client("sqs"), at.said[dead])["ApproximateNumberOfMessages"])
        done[dead] = stay = 0
        if dry or not waiting:
            say(f"  {dead:<29} {waiting:,} waiting" if waiting else f"  {dead:<29} empty")
            continue
        for reason in _handed_on(at, dead, hand, waiting):
            if reason:
                stay += 1
                say(f"  {dead:<29} one stays: {reason}")
            else:
                done[dead] += 1
                sleep(1 / rate)
        say(f"  {dead:<29} {done[dead]:,} sent back" + (f", {stay:,} stay" if stay else ""))
    return done


def _handed_on(at: Target, dead: str, hand: Callable[[Letter], str], waiting: int) -> Iterator[str]:
    """For each of the letters that are `waiting` why it stays, or nothing, as `hand` says. What fails again and comes back is
    of the next time."""
    sqs, url = at.client("sqs"), at.said[dead]
    handed = 0
    while handed < waiting:
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=_HIDDEN_S, MessageAttributeNames=["All"]
        )
        letters = answer.get("Messages", [])
        if not letters:
            return
        for letter in letters:
            reason = hand(letter)
            if not reason:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
            handed += 1
            yield reason


def _attributes(sqs: Any, url: str) -> dict[str, str]:
    attributes: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return attributes


def _resend(at: Target, source: str, letter: Letter) -> str:
    body, attributes = letter["Body"], letter.get("MessageAttributes", {})
    try:
        record = json.loads(body).get("record")  # set aside by the function, with its reason
    except (ValueError, AttributeError):
        record = None
    if isinstance(record, dict) and "body" in record:
        body = record["body"]
        attributes = {
            name: {"DataType": given["dataType"], "StringValue": given["stringValue"]}
            for name, given in record.get("messageAttributes", {}).items()
        }
    at.client("sqs").send_message(QueueUrl=at.said[source], MessageBody=body, MessageAttributes=attributes)
    return ""


def _take_again(at: Target, function: str, message: Letter) -> str:
    """Hands records of a stream to their function: those that it set aside itself, and those of which Lambda only says where
    they were, fetched again as long as the stream keeps them (Lambda Developer Guide, "Retain discarded batch records")."""
    letter = _letter(message["Body"])
    if letter is None:
        return f"it tells of no record; it begins with {message['Body'][:60]!r}"
    try:
        records = list(_records_of(at, letter))
    except ClientError as exc:
        if exc.response["Error"]["Code"] == "NoSuchKey":
            return f"its record was kept for 30 days, and is gone; {_ELSEWHERE[function]}"
        if exc.response["Error"]["Code"] not in ("TrimmedDataAccessException", "InvalidArgumentException"):
            raise
        return f"its records are older than the stream keeps them; {_ELSEWHERE[function]}"
    if not records:
        return f"the stream does not have its records any more; {_ELSEWHERE[function]}"
    for some in batched(records, _RECORDS_AT_ONCE, strict=False):
        answer = at.client("lambda").invoke(
            FunctionName=at.said[function], Payload=json.dumps({"Records": some}, default=_plain).encode()
        )
        text = answer["Payload"].read()
        if answer.get("FunctionError"):
            return str(text.decode(errors="replace"))[:200]
        if json.loads(text)["batchItemFailures"]:
            return "it cannot be taken now"
    return ""


_KEPT = {"bucket", "key"}
_PLACE = {"streamArn", "shardId", "startSequenceNumber", "endSequenceNumber"}


def _letter(body: str) -> dict[str, Any] | None:
    """None where it is no letter of ours or Lambda's."""
    try:
        letter = json.loads(body)
    except ValueError:
        return None
    if not isinstance(letter, dict):
        return None
    kept, where = letter.get("kept"), letter.get("KinesisBatchInfo", letter.get("DDBStreamBatchInfo"))
    if isinstance(letter.get("record"), dict) or (isinstance(kept, dict) and set(kept) >= _KEPT):
        return letter
    return letter if isinstance(where, dict) and set(where) >= _PLACE else None


def _records_of(at: Target, letter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "kept" in letter:  # it was too large for the queue
        place = {"Bucket": letter["kept"]["bucket"], "Key": letter["kept"]["key"]}
        letter = json.loads(at.client("s3").get_object(**place)["Body"].read())
    if "record" in letter:
        yield letter["record"]
    elif "KinesisBatchInfo" in letter:
        yield from _fetch_readings(at, letter["KinesisBatchInfo"])
    else:
        yield from _fetch(at, letter["DDBStreamBatchInfo"])


def _fetch(at: Target, where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _records(
        at.client("dynamodbstreams"),
        where,
        lambda record: str(record["dynamodb"]["SequenceNumber"]),
        StreamArn=where["streamArn"],
    )


def _fetch_readings(at: Target, where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """As Lambda hands them over."""
    kinesis, stream = at.client("kinesis"), where["streamArn"].rpartition("/")[2]
    for record in _records(kinesis, where, lambda record: str(record["SequenceNumber"]), StreamName=stream):
        yield {
            "eventID": f"{where['shardId']}:{record['SequenceNumber']}",
            "kinesis": {
                "sequenceNumber": record["SequenceNumber"],
                "partitionKey": record["PartitionKey"],
                "data": b64encode(record["Data"]).decode(),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"],
            },
        }


def _records(
    streams: Any, where: dict[str, Any], sequence: Callable[[dict[str, Any]], str], **stream: str
) -> Iterator[dict[str, Any]]:
    iterator = streams.get_shard_iterator(
        **stream,
        ShardId=where["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        **{_START[next(iter(stream))]: where["startSequenceNumber"]},
    )["ShardIterator"]
    last = int(where["endSequenceNumber"])
    while iterator:
        page = streams.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            if int(sequence(record)) > last:
                return
            yield record
        more = page["Records"] or page.get("MillisBehindLatest")  # Kinesis may answer with nothing before its end
        iterator = page.get("NextShardIterator") if more else None


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else str(value)


# Sensors ------------------------------------------------------------------------------------------------------------------


def sense(at: Target, station: str, values: str, *, observed_at: str, say: Say = print) -> None:
    """Sends a reading as a sensor does. Raises Failure."""
    if "SensorStream" not in at.said:
        raise Failure("this stack has no sensors: it was deployed with Sensors=false")
    try:
        given = json.loads(values)
    except ValueError as exc:
        raise Failure(f'VALUES is a JSON object, as in {{"air_temperature": 7.4}}: {exc}') from exc
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    reading = {"station": station, "time": observed_at or now, "values": given}
    answer = at.client("kinesis").put_record(
        StreamName=at.said["SensorStream"], PartitionKey=station, Data=json.dumps(reading).encode()
    )
    say(f"sent {json.dumps(reading)} as {answer['SequenceNumber']}")


# The lake -------------------------------------------------------------------------------------------------------------------


def recover(at: Target, *, prefix: str, say: Say = print) -> Counter[str]:
    """Brings readings into the lake that Firehose left below `errors/`, now that the cause is mended: what an object there
    becomes has a name that follows from its own, so doing it again changes nothing. An object of which everything has come in
    is removed (its versions stay for a week). Returns how many readings came in, say nothing, or stay. Raises Failure."""
    if "OnDeliveryFunction" not in at.said:
        raise Failure("this stack has no sensors: it was deployed with Sensors=false")
    s3, bucket = at.client("s3"), at.said["DerivedBucket"]
    done: Counter[str] = Counter({"recovered": 0, "dropped": 0, "stay": 0})
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_ERRORS + prefix.removeprefix(_ERRORS)):
        for key in (each["Key"] for each in page.get("Contents", ())):
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            if body.startswith(_GZIP):
                body = gzip.decompress(body)
            answers = list(_delivered(at, [json.loads(line) for line in body.splitlines() if line.strip()]))
            rows = b"".join(b64decode(each["data"]) for each in answers if each["result"] == "Ok")
            if rows:
                s3.put_object(Bucket=bucket, Key=_place_in_lake(key), Body=gzip.compress(rows, mtime=0))
            found = Counter(_BECAME[each["result"]] for each in answers)
            if not found["stay"]:
                s3.delete_object(Bucket=bucket, Key=key)
            done += found
            say(f"  {key}: {_listed(found)}")
    say(f"{done['recovered']:,} readings came into the lake" + (f", {done['stay']:,} stay in errors/" if done["stay"] else ""))
    return done


def _delivered(at: Target, failed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the transformation makes of readings now (Firehose Developer Guide, "Data transformation failure handling": how they
    are kept)."""
    records = [
        {"recordId": str(number), "approximateArrivalTimestamp": each["arrivalTimestamp"], "data": each["rawData"]}
        for number, each in enumerate(failed)
    ]
    for some in batched(records, _RECORDS_AT_ONCE, strict=False):
        answer = at.client("lambda").invoke(
            FunctionName=at.said["OnDeliveryFunction"], Payload=json.dumps({"records": some}).encode()
        )
        text = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise Failure(f"the transformation fails: {text.decode(errors='replace')[:500]}")
        yield from json.loads(text)["records"]


def _place_in_lake(key: str) -> str:
    """In the day in which it arrived, as what was delivered at once."""
    kind, *days, name = key.removeprefix(_ERRORS).split("/")
    return "/".join(["readings", *days, f"recovered-{kind}-{name.removesuffix('.gz')}.gz"])


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
    now = instant.stamp(datetime.now(UTC))
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
            if asked // _TOLD_EVERY > (asked - len(events)) // _TOLD_EVERY:
                say(f"  {asked:,} asked for, the last of them {events[-1].key}")
            sleep(len(events) / rate)
    say(f"{_files(asked)} {f'below {prefix!r}' if prefix else 'of the bucket'} {'is' if asked == 1 else 'are'} read again")
    return asked


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _milliseconds(at: int) -> str:
    text = instant.iso(at)
    return text if "." in text else f"{text[:-1]}.000Z"


def backfill(at: Target, folder: Path, *, prefix: str, say: Say = print) -> int:
    """Brings a folder of history into the archive, beside what comes live: a little at a time, without alerts, and where both
    tell of one time the live value stays. Returns how many files. Raises Failure."""
    if not folder.is_dir():
        raise Failure(f"{folder} is no folder")
    s3, sqs = at.client("s3"), at.client("sqs")
    put = 0
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        if put % 50 == 0:
            while (waiting := int(_attributes(sqs, at.said["UploadsQueue"])["ApproximateNumberOfMessages"])) > _MOST_WAITING:
                time.sleep(1)
            if put and put % _TOLD_EVERY == 0:
                say(f"  {put:,} of {len(paths):,} files, {waiting:,} wait to be read")
        with path.open("rb") as body:
            s3.upload_fileobj(  # by parts, where it is large
                body,
                at.said["ArchiveBucket"],
                prefix + path.relative_to(folder).as_posix(),
                ExtraArgs={"Metadata": {BACKFILL: "true"}},
            )
        put += 1
    say(f"{_files(put)} of {folder} {'is' if put == 1 else 'are'} in the archive as history")
    return put
