"""Restores a table of a stack to a point in time, beside the table: `make restore TABLE=FilesTable AT=2026-11-25T06:00:00Z`.

The restored table has neither stream nor time-to-live nor point-in-time recovery nor tags (DynamoDB Developer Guide, "Restoring
a table to a point in time"): it gets those of the table that it stands for. It is then compared with that table, item by item,
and what is missing there can be copied back (`COPY=1`). The table itself stays what functions, streams and alarms are about: no
release is needed, and a second try does no harm.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from local.errors import Failure
from local.operations import Say, Target

_LOOK_AGAIN_S = 10.0
_LONGEST_S = 6 * 3600.0  # what AWS says that a restoration may take, whatever is in it, and some more

type Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Numbers of items. `checksum` is of the restored table, whatever the order of its items."""

    restored: int
    missing: int  # in the table, of what was restored
    different: int
    newer: int  # in the table only
    checksum: str


def restore(
    at: Target,
    name: str,
    moment: datetime | None,
    *,
    copy: bool = False,
    say: Say = print,
    sleep: Callable[[float], None] = time.sleep,
) -> Comparison:
    """`name` is the table's output of the stack; without a moment it is the latest there is. Raises Failure."""
    if name not in at.said or not name.endswith("Table"):
        tables = ", ".join(sorted(each for each in at.said if each.endswith("Table")))
        raise Failure(f"{name!r} is no table of the stack; it has {tables}")
    source = at.said[name]
    target = f"{source}-restored"
    dynamodb = at.client("dynamodb")
    described = dynamodb.describe_table(TableName=source)["Table"]
    _require_recovery(dynamodb, source)
    if not _there(dynamodb, target):
        _ask(dynamodb, source, target, moment)
        say(f"  {source} is being restored as {target}")
    else:
        say(f"  {target} is there already, and is taken as it is; delete it for another moment")
    _wait(dynamodb, target, sleep)
    for done in _equip(dynamodb, source, target, described):
        say(f"  {done}")
    found = compare(dynamodb, source, target, [each["AttributeName"] for each in described["KeySchema"]], copy=copy)
    say(
        f"  {found.restored:,} items restored, checksum {found.checksum[:16]}; of them {found.missing:,} are missing now, "
        f"{found.different:,} differ; {found.newer:,} have come since"
    )
    if found.missing and copy:
        say(f"  {found.missing:,} items copied back; those that differ stay as they are: they are newer")
    elif found.missing:
        say("  COPY=1 copies back what is missing, also what was deleted on purpose since, and changes nothing that is there")
    say(f"  when all is well: aws dynamodb delete-table --table-name {target} (switch its deletion protection off first)")
    return found


def _ask(dynamodb: Any, source: str, target: str, moment: datetime | None) -> None:
    when = {"RestoreDateTime": moment} if moment else {"UseLatestRestorableTime": True}
    try:
        dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=target, **when)
    except ClientError as exc:
        if exc.response["Error"]["Code"] == "InvalidRestoreTimeException":
            period = _recovery(dynamodb, source)
            first, last = (period.get(f"{which}RestorableDateTime", "?") for which in ("Earliest", "Latest"))
            raise Failure(f"{source} can be restored to a moment from {first} to {last}, not to {moment}") from exc
        raise Failure(f"{source} cannot be restored: {exc}") from exc


def _require_recovery(dynamodb: Any, table: str) -> None:
    if _recovery(dynamodb, table)["PointInTimeRecoveryStatus"] != "ENABLED":
        raise Failure(f"{table} has no point-in-time recovery: make it anew from the archive (docs/operations.md)")


def _recovery(dynamodb: Any, table: str) -> dict[str, Any]:
    kept = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    found: dict[str, Any] = kept["PointInTimeRecoveryDescription"]
    return found


def _there(dynamodb: Any, table: str) -> bool:
    try:
        dynamodb.describe_table(TableName=table)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    return True


def _wait(dynamodb: Any, table: str, sleep: Callable[[float], None]) -> None:
    waited = 0.0
    while dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] != "ACTIVE":
        if waited > _LONGEST_S:
            raise Failure(f"{table} is not ready after {_LONGEST_S / 3600:.0f} h; the same command goes on waiting for it")
        sleep(_LOOK_AGAIN_S)
        waited += _LOOK_AGAIN_S


def _equip(dynamodb: Any, source: str, target: str, described: Mapping[str, Any]) -> Iterator[str]:
    """Gives the restored table what a restoration leaves out. What it has already is left alone."""
    there = dynamodb.describe_table(TableName=target)["Table"]
    stream = described.get("StreamSpecification")
    if stream and not there.get("StreamSpecification", {}).get("StreamEnabled"):
        dynamodb.update_table(TableName=target, StreamSpecification=stream)
        yield f"stream: {stream['StreamViewType']}"
    ttl = dynamodb.describe_time_to_live(TableName=source)["TimeToLiveDescription"]
    own = dynamodb.describe_time_to_live(TableName=target)["TimeToLiveDescription"]
    if ttl["TimeToLiveStatus"] in ("ENABLED", "ENABLING") and own["TimeToLiveStatus"] == "DISABLED":
        specification = {"Enabled": True, "AttributeName": ttl["AttributeName"]}
        dynamodb.update_time_to_live(TableName=target, TimeToLiveSpecification=specification)
        yield f"time-to-live: {ttl['AttributeName']}"
    dynamodb.update_continuous_backups(TableName=target, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    yield "point-in-time recovery: on"
    tags = [tag for tag in _tags(dynamodb, described["TableArn"]) if not tag["Key"].startswith("aws:")]
    if tags:
        dynamodb.tag_resource(ResourceArn=there["TableArn"], Tags=tags)
        yield f"tags: {', '.join(tag['Key'] for tag in tags)}"


def _tags(dynamodb: Any, arn: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
    return found


def compare(dynamodb: Any, source: str, target: str, keys: list[str], *, copy: bool) -> Comparison:
    """Reads both tables whole; of the table only digests are held. With `copy`, puts what is missing, and only that."""
    now = {_key(item, keys): _digest(item) for item in _items(dynamodb, source)}
    restored = missing = different = 0
    together = 0
    for item in _items(dynamodb, target):
        digest = _digest(item)
        together ^= int(digest, 16)  # any order gives the same
        restored += 1
        present = now.pop(_key(item, keys), None)
        if present is None:
            missing += 1
            if copy:
                _put(dynamodb, source, item, keys)
        elif present != digest:
            different += 1
    return Comparison(restored=restored, missing=missing, different=different, newer=len(now), checksum=f"{together:064x}")


def _put(dynamodb: Any, table: str, item: Item, keys: list[str]) -> None:
    with suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # it came meanwhile, and is newer
        dynamodb.put_item(
            TableName=table,
            Item=item,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": keys[0]},
        )


def _items(dynamodb: Any, table: str) -> Iterator[Item]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _key(item: Item, keys: list[str]) -> str:
    return _text([item[key] for key in keys])


def _digest(item: Item) -> str:
    return sha256(_text(item).encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda raw: b64encode(bytes(raw)).decode())


def moment(text: str) -> datetime | None:
    """RFC 3339, or nothing for the latest. Raises Failure."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Failure(f"AT={text}: say a moment, as in 2026-11-25T06:00:00Z") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
