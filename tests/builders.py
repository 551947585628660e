"""Things that tests are about, with sensible defaults: `file_entry(status=Status.EMPTY)`."""

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_plus

from mesonet.domain.block import Block, BlockKey, Draft, Span
from mesonet.domain.file import FileEntry, Loading, LoadState, ObjectEvent, Status
from mesonet.domain.instant import parse as instant
from mesonet.domain.latest import LatestValue
from mesonet.domain.observation import Batch, Column, Quality
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.station import LONGEST_IDENTIFIER, Station
from mesonet.stores.files import to_image

BUCKET = "mesonet-archive-123456789012-us-east-1"
KEY = "ghcn/2013.csv"
NOON = "2013-07-01T12:00:00.000Z"
AIR = parameter("air_temperature")


def sequencer(number: int) -> str:
    """As S3 writes them: hexadecimal, and the greater the later."""
    return f"{0x0062E99A88DC4071 + number:016X}"


def time_of(number: int) -> str:
    """A second later for each number, as S3 writes it."""
    return f"2026-01-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000Z"


def object_event(number: int = 1, **changes: Any) -> ObjectEvent:
    given: dict[str, Any] = {
        "bucket": BUCKET,
        "key": KEY,
        "version_id": f"version-{number}",
        "sequencer": sequencer(number),
        "time": time_of(number),
    }
    return ObjectEvent(**given | changes)


def s3_record(
    key: str = KEY,
    number: int = 1,
    *,
    name: str = "ObjectCreated:Put",
    version_id: str | None = None,
    size: int = 0,
    bucket: str = BUCKET,
    etag: str = "d41d8cd98f00b204e9800998ecf8427e",
) -> dict[str, Any]:
    """A record of S3's event message, its key encoded as S3 does."""
    stored = {"key": quote_plus(key, safe="/"), "size": size, "eTag": etag, "sequencer": sequencer(number)}
    if name.startswith("ObjectRemoved"):
        del stored["size"], stored["eTag"]
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": time_of(number),
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "203.0.113.7"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "uploads",
            "bucket": {"name": bucket, "ownerIdentity": {"principalId": "A3NL1KOZZKExample"}, "arn": f"arn:aws:s3:::{bucket}"},
            "object": stored | ({"versionId": version_id} if version_id else {}),
        },
    }


def s3_message(*records: Mapping[str, Any]) -> str:
    return json.dumps({"Records": list(records)})


def sqs_event(*bodies: str, queue: str = "UploadsQueue") -> dict[str, Any]:
    """What Lambda passes on of a queue's messages; the first is `message-1`."""
    return {
        "Records": [
            {
                "messageId": f"message-{at}",
                "receiptHandle": f"receipt-{at}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1767225600000",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1767225600001",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
                "awsRegion": "us-east-1",
            }
            for at, body in enumerate(bodies, 1)
        ]
    }


def failed(answer: Mapping[str, Any]) -> list[str]:
    """The records that an answer asks to be delivered again."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def file_entry(number: int = 1, **changes: Any) -> FileEntry:
    """An entry as `on_upload` would write it after event `number`; `changes` are members of the entry."""
    given: dict[str, Any] = {
        "bucket": BUCKET,
        "key": KEY,
        "version_id": f"version-{number}",
        "sequencer": sequencer(number),
        "event_time": time_of(number),
        "status": Status.OK,
        "size": 100,
        "etag": "0123456789abcdef0123456789abcdef",
        "sha256": "ab" * 32,
        "format": "ghcn_daily",
        "confidence": 0.9,
        "why": "every row has the columns of GHCN-Daily",
        "rows": 2,
        "stations": {"USW00014732": 2},
        "station_count": 1,
        "first": instant("2013-01-01T00:00:00Z"),
        "last": instant("2013-01-02T00:00:00Z"),
        "received_at": time_of(number),
        "catalogued_at": time_of(number),
        "revision": number,
        "release": "test",
        "loading": Loading(state=LoadState.PENDING),
    }
    return FileEntry(**given | changes)


def stream_record(old: FileEntry | None, new: FileEntry | None, number: int = 1, *, expired: bool = False) -> dict[str, Any]:
    """A record of FilesTable's stream with the images of two states of an entry."""
    known = new or old
    assert known is not None
    change: dict[str, Any] = {
        "ApproximateCreationDateTime": 1767225600 + number,
        "Keys": {"file_id": {"S": known.id}},
        "SequenceNumber": str(111100000000000000000000 + number),
        "SizeBytes": 1024,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    if old is not None:
        change["OldImage"] = to_image(old)
    if new is not None:
        change["NewImage"] = to_image(new)
    record = {
        "eventID": f"{number:032x}",
        "eventName": "REMOVE" if new is None else "INSERT" if old is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": change,
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/FilesTable/stream/2026-01-01T00:00:00.000",
    }
    if expired:
        record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return record


def sequence_number(number: int) -> str:
    return str(111100000000000000000000 + number)


def station(identifier: str = "EWR", **changes: Any) -> Station:
    given: dict[str, Any] = {
        "id": identifier,
        "name": "Newark",
        "latitude": 40.6925,
        "longitude": -74.16866,
        "elevation_m": 5.5,
    }
    return Station(**given | changes)


def column(values: Iterable[float | None], *, unit: str = "Cel", unit_received: str = "Cel") -> Column:
    listed = list(values)
    return Column(
        unit=unit,
        unit_received=unit_received,
        values=listed,
        received=["" if value is None else f"{value:g}" for value in listed],
        flags=[int(Quality.MISSING if value is None else Quality.NOT_EVALUATED) for value in listed],
    )


def batch(
    times: Sequence[str] = ("2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z"),
    *,
    station_id: str = "EWR",
    rows: Sequence[int] | None = None,
    columns: Mapping[str, Sequence[float | None]] | None = None,
) -> Batch:
    """Columns are by the identifier of their parameter; air temperature 0, 1, 2 … unless given."""
    given = columns or {"air_temperature": [float(at) for at in range(len(times))]}
    return Batch(
        station_id=station_id,
        times=[instant(time) for time in times],
        rows=list(rows or range(2, len(times) + 2)),
        columns={parameter(name): column(values) for name, values in given.items()},
    )


def block(
    given: Batch | None = None,
    *,
    number: int = 1,
    file_id: str = "f1",
    span: Span = Span.DAY,
    start: str | None = None,
) -> Block:
    """The one block that a batch of one stretch makes."""
    given = given or batch()
    draft = Draft()
    draft.add(given, list(given.columns), range(len(given.times)))
    key = BlockKey(
        station_id=given.station_id,
        span=span,
        start=start or span.start_of(given.times[0]),
        file_id=file_id,
    )
    order = object_event(number).order
    (made,) = draft.blocks(key, order=order, version_id=f"version-{number}")
    return made


def latest_value(time: str = "2013-01-01T00:00:00Z", value: float = 1.0, *, number: int = 1, **changes: Any) -> LatestValue:
    given: dict[str, Any] = {
        "time": instant(time),
        "since": instant(time),
        "value": value,
        "unit": "Cel",
        "received": f"{value:g}",
        "unit_received": "Cel",
        "flag": int(Quality.NOT_EVALUATED),
        "order": object_event(number).order,
        "file_id": "f1",
    }
    return LatestValue(**given | changes)


def catalogued_message(entry: FileEntry, kind: str = "FileCatalogued") -> str:
    """What FilesTopic tells of an entry, as its queue holds it (raw delivery)."""
    return json.dumps(
        {"id": f"{entry.id}@{entry.order}", "type": kind, "order": entry.order, "file": {"id": entry.id, "key": entry.key}}
    )


def mapping(*, unit: str = "Cel", files: str = "*", parameter_name: str = "air_temperature") -> bytes:
    """A mapping file for what `table` makes: the column `temp` is this parameter in this unit."""
    return json.dumps(
        {
            "mesonet_mapping": 1,
            "files": files,
            "station": {"column": "station"},
            "time": {"column": "time"},
            "columns": {"temp": {"standard_name": parameter_name, "unit": unit}},
        }
    ).encode()


def table(*rows: tuple[str, str, object]) -> bytes:
    """A file of an operator: station, time, temperature."""
    return "".join(["station,time,temp\n", *(f"{station},{time},{value}\n" for station, time, value in rows)]).encode()


def ghcn(*rows: tuple[str, str, str, object]) -> bytes:
    """A GHCN-Daily by-year file: station, date (20130101), element, value in the element's own unit."""
    return "".join(f"{station},{date},{element},{value},,,W,2400\n" for station, date, element, value in rows).encode()


@dataclass
class Context:
    """What Lambda tells a function of itself."""

    function_name: str = "mesonet"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:mesonet"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # always of the same time
    return out.getvalue()


def unlike(count: int) -> list[str]:
    """Identifiers as long as any may be, of letters that take four bytes and that nothing can compress."""
    letters = Random(1)
    return ["".join(chr(letters.randrange(0x20000, 0x2A6D0)) for _ in range(LONGEST_IDENTIFIER)) for _ in range(count)]


def item_bytes(item: Mapping[str, Any]) -> int:
    """What DynamoDB counts against an item's 400 KB ("DynamoDB item sizes and formats")."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "M":
            return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in value.items())
        case "L":
            return 3 + sum(1 + _bytes(each) for each in value)
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
        case "B":
            return len(value)
    return 1


def in_base64(value: Any) -> Any:
    """An item, or part of one, as the light client reads it."""
    match value:
        case bytes():
            return b64encode(value).decode()
        case list():
            return [in_base64(each) for each in value]
        case dict():
            return {name: in_base64(each) for name, each in value.items()}
    return value
