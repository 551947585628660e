"""`make restore`: a table as it was, beside the table as it is, and back from it what is missing."""

import re
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from local import restoration
from local.errors import Failure
from local.operations import Target
from local.restoration import restore
from tests import template
from tests.system import System

TABLE = "OperatorsTable"


@pytest.fixture
def at(system: System) -> Target:
    """A stack whose tables have what the template says; moto restores a table as it is, whatever the moment."""
    said = {name: system.ref(name) for name in (TABLE, "ObservationsTable", "FilesTable")}
    for name, table in said.items():
        if ttl := template.resources("AWS::DynamoDB::Table")[name]["Properties"].get("TimeToLiveSpecification"):
            system.dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
        system.dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        arn = system.dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
        system.dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "stack", "Value": "mesonet-prod"}])
    return Target(said, lambda service: boto3.client(service, region_name="us-east-1"))  # type: ignore[call-overload]


def put(system: System, table: str, number: int, **more: Any) -> None:
    keys = [each["AttributeName"] for each in system.dynamodb.describe_table(TableName=system.ref(table))["Table"]["KeySchema"]]
    item = {key: {"S": f"k{number}"} for key in keys} | {"size": {"N": "1"}, "raw": {"B": b"\x00\xff"}} | more
    system.dynamodb.put_item(TableName=system.ref(table), Item=item)


def told(at: Target, name: str, **more: Any) -> tuple[restoration.Comparison, str]:
    lines: list[str] = []
    return restore(at, name, None, say=lines.append, sleep=lambda _: None, **more), "\n".join(lines)


def test_checksums_of_both_are_equal(system: System, at: Target) -> None:
    for number in range(30):
        put(system, TABLE, number)
    found, said = told(at, TABLE)
    assert (found.restored, found.missing, found.different, found.newer) == (30, 0, 0, 0)
    again, _ = told(at, TABLE)
    assert again == found
    assert f"checksum {found.checksum[:16]}" in said
    keys = [each["AttributeName"] for each in system.dynamodb.describe_table(TableName=system.ref(TABLE))["Table"]["KeySchema"]]
    itself = restoration.compare(system.dynamodb, system.ref(TABLE), system.ref(TABLE), keys, copy=False)
    assert itself.checksum == found.checksum


@pytest.mark.parametrize(("name", "has"), [("FilesTable", (True, "DISABLED")), ("ObservationsTable", (False, "ENABLED"))])
def test_stream_time_to_live_recovery_and_tags_are_back(system: System, at: Target, name: str, has: tuple[bool, str]) -> None:
    put(system, name, 1)
    told(at, name)
    dynamodb, source, target = system.dynamodb, system.ref(name), f"{system.ref(name)}-restored"
    one, other = (dynamodb.describe_table(TableName=each)["Table"] for each in (source, target))
    assert other.get("StreamSpecification") == one.get("StreamSpecification")
    first, second = (dynamodb.describe_time_to_live(TableName=each)["TimeToLiveDescription"] for each in (source, target))
    assert first == second
    assert ("StreamSpecification" in other, second["TimeToLiveStatus"]) == has
    recovery = dynamodb.describe_continuous_backups(TableName=target)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    tags = dynamodb.list_tags_of_resource(ResourceArn=other["TableArn"])["Tags"]
    assert tags == [{"Key": "stack", "Value": "mesonet-prod"}]


def test_what_was_lost_is_copied_back_and_what_is_newer_stays(system: System, at: Target) -> None:
    for number in range(5):
        put(system, TABLE, number)
    told(at, TABLE)
    keys = [each["AttributeName"] for each in system.dynamodb.describe_table(TableName=system.ref(TABLE))["Table"]["KeySchema"]]
    system.dynamodb.delete_item(TableName=system.ref(TABLE), Key={key: {"S": "k0"} for key in keys})
    put(system, TABLE, 1, size={"N": "2"})
    put(system, TABLE, 9)
    found, said = told(at, TABLE)
    assert (found.missing, found.different, found.newer) == (1, 1, 1)
    assert "COPY=1 copies back what is missing" in said
    assert len(system.items(TABLE)) == 5
    told(at, TABLE, copy=True)
    assert {item["size"] for item in system.items(TABLE)} == {1, 2}
    found, _ = told(at, TABLE)
    assert (found.missing, found.different, found.newer) == (0, 1, 1)


def test_a_name_that_is_no_table_is_answered_with_those_there_are(at: Target) -> None:
    with pytest.raises(Failure, match=re.escape("it has FilesTable, ObservationsTable, OperatorsTable")):
        restore(at, "Files", None)


def test_a_table_without_recovery_says_what_else_can_be_done(system: System, at: Target) -> None:
    system.dynamodb.update_continuous_backups(
        TableName=system.ref(TABLE), PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    with pytest.raises(Failure, match="has no point-in-time recovery: make it anew from the archive"):
        restore(at, TABLE, datetime(2026, 11, 25, tzinfo=UTC))


def test_a_moment_is_read_or_refused() -> None:
    assert restoration.moment("") is None
    assert restoration.moment("2026-11-25T06:00:00Z") == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert restoration.moment("2026-11-25T08:00:00+02:00") == datetime(2026, 11, 25, 6, tzinfo=UTC)
    with pytest.raises(Failure, match="say a moment, as in"):
        restoration.moment("yesterday")
