"""What docs/operations.md has for the worst days, rehearsed on a second cloud: a region that is lost, a bad release, a
rollback that is stuck."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import operations, rehearsal, stack
from local.cloud import DIRECTLY, LocalCloud
from local.operations import Target
from tests.deployed import Deployed
from tests.e2e.test_ingest import eventually
from tests.template import ROOT

HELD = "Held"  # a resource that fails at a word
CHANGED = "JobReindexFunction"
SAID = {"status", "format", "size", "rows", "rejected", "station_count", "first", "last"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(state_dir=tmp_path_factory.mktemp("second")) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def second(cloud: LocalCloud, deployed: Deployed) -> Deployed:
    """The stack in another region: its archive was there beforehand, with what the first one had when it was lost."""
    waiting = Deployed({**deployed.said, "EndpointUrl": cloud.endpoint})
    formation = waiting.client("cloudformation")
    formation.create_stack(StackName=deployed.said["StackName"], TemplateBody=(ROOT / "deploy" / "archive.yaml").read_text())
    formation.get_waiter("stack_create_complete").wait(StackName=deployed.said["StackName"], WaiterConfig={"Delay": 1})
    replicate(deployed, waiting)
    return Deployed(stack.deploy(cloud))


def replicate(first: Deployed, second: Deployed) -> None:
    """As S3's replication does, object by object in the order in which they came. (Its replicas keep even their times.)"""
    bucket, source, target = first.catalogue.bucket, first.client("s3"), second.client("s3")
    pages = source.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    for each in sorted((each for page in pages for each in page.get("Contents", ())), key=lambda each: each["LastModified"]):
        found = source.get_object(Bucket=bucket, Key=each["Key"])
        target.put_object(Bucket=bucket, Key=each["Key"], Body=found["Body"].read(), Metadata=found["Metadata"])


@pytest.mark.timeout(600)  # a deployment, and the whole archive of the tests is read again
def test_what_a_lost_region_had_in_its_archive_is_served_by_another(deployed: Deployed, second: Deployed) -> None:
    told: list[str] = []
    assert operations.reconcile(Target(second.said, second.client), settled_s=0, say=told.append).total() > 0, told
    eventually(lambda: entries(second) == entries(deployed), seconds=240)
    eventually(lambda: observed(second) == observed(deployed), seconds=120)


def entries(system: Deployed) -> dict[str, tuple[Any, ...]]:
    """What the catalogue says of each file, but when it came."""
    found: dict[str, tuple[Any, ...]] = {}
    path = "/files?limit=100"
    while path:
        page = system.ask(path).json
        for each in page["files"]:
            found[each["key"]] = tuple(value for name, value in each.items() if name in SAID)
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    return found


def observed(system: Deployed) -> list[Any]:
    """What the demonstration's stations say of some days."""
    asked = [("EWR", "2013-01-01/2013-01-03"), ("JFK", "2013-03-10"), ("LGA", "2013-06-30/2013-07-01")]
    said = [system.ask(f"/stations/{station}/observations", datetime=days) for station, days in asked]
    return [(each.status, each.json.get("parameters")) for each in said]


@pytest.mark.timeout(600)  # an update that is rolled back
def test_a_bad_release_is_taken_back_and_nobody_notices(
    second: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = rehearsal.rehearse(second.said, tmp_path, mended=False)
    assert outcome.statuses == {"N+1": "UPDATE_ROLLBACK_COMPLETE"}
    assert "Failed" in outcome.decided["N+1"]
    assert outcome.served["N+1"] == outcome.first
    assert "ApiWeather" in outcome.reasons["N+1"]
    assert len(outcome.probes.seen) > 20
    assert outcome.probes.failed == 0
    assert set(outcome.probes.releases()) == {outcome.first}
    said = capsys.readouterr().out
    assert "hook on ApiWeatherFunction: refused" in said
    assert "CloudFormation takes the stack back" in said


class Stack:
    """A stack in the local cloud, as whoever is on duty sees it."""

    def __init__(self, system: Deployed) -> None:
        self.system = system
        self.name = system.said["StackName"]
        self.client = system.client("cloudformation")
        self.s3 = system.client("s3")

    def state(self) -> str:
        found: str = self.client.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"]
        return found

    def rests(self) -> str:
        """How it ends."""
        return str(eventually(lambda: "" if (state := self.state()).endswith("IN_PROGRESS") else state))

    def physical(self, name: str) -> str:
        found = self.client.describe_stack_resource(StackName=self.name, LogicalResourceId=name)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def events(self) -> list[tuple[str, str]]:
        """The newest first."""
        found = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        return [(each["LogicalResourceId"], each["ResourceStatus"]) for each in found]

    def code(self) -> str:
        found = self.system.client("lambda").get_function_configuration(FunctionName=self.physical(CHANGED))
        return str(found["CodeSha256"])

    def stick(self) -> tuple[dict[str, str], bytes]:
        """A release that changes a function, then fails; the code of the release before is no longer in the bucket. Returns
        where it was, and what."""
        template = self.client.get_template(StackName=self.name, TemplateStage="Processed")["TemplateBody"]
        changed = template["Resources"][CHANGED]["Properties"]
        before, changed["Code"] = changed["Code"], template["Resources"]["HookAfterTrafficFunction"]["Properties"]["Code"]
        assert before != changed["Code"]
        template["Resources"] |= {
            f"{HELD}Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
            HELD: {
                "Type": "AWS::CloudFormation::WaitCondition",
                "DependsOn": CHANGED,
                "Properties": {"Handle": {"Ref": f"{HELD}Handle"}, "Timeout": "120"},
            },
        }
        bucket, key = f"{self.name}-artifacts", "stuck.json"  # too long to be sent with the request
        self.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(template, default=str).encode())
        given = self.client.describe_stacks(StackName=self.name)["Stacks"][0]["Parameters"]
        self.client.update_stack(
            StackName=self.name,
            TemplateURL=f"{self.system.endpoint}/{bucket}/{key}",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in given],
        )
        eventually(lambda: self.events()[0][0] == HELD, 60)
        where = {"Bucket": before["S3Bucket"], "Key": before["S3Key"]}
        lost = self.s3.get_object(**where)["Body"].read()
        self.s3.delete_object(**where)
        word = json.dumps({"Status": "FAILURE", "Reason": "on purpose", "UniqueId": "1", "Data": ""}).encode()
        DIRECTLY.open(urllib.request.Request(self.physical(f"{HELD}Handle"), word, {"Content-Type": ""}, method="PUT")).close()
        return where, lost


@pytest.mark.timeout(600)
def test_a_rollback_that_is_stuck_goes_on_when_what_it_needs_is_put_back(second: Deployed) -> None:
    on_duty = Stack(second)
    was = on_duty.code()
    where, lost = on_duty.stick()
    assert on_duty.rests() == "UPDATE_ROLLBACK_FAILED"
    assert (CHANGED, "UPDATE_FAILED") in on_duty.events()
    first, *later = stack.reasons(on_duty.name, second.endpoint).splitlines()
    assert first.startswith(f"{HELD}: ")
    assert "on purpose" in first
    assert any(each.startswith(f"{CHANGED}: ") for each in later)
    assert second.ask("/health").status == 200
    on_duty.client.continue_update_rollback(StackName=on_duty.name)
    assert on_duty.rests() == "UPDATE_ROLLBACK_FAILED", "nothing has been mended"
    assert on_duty.code() != was
    on_duty.s3.put_object(**where, Body=lost)
    on_duty.client.continue_update_rollback(StackName=on_duty.name)
    assert on_duty.rests() == "UPDATE_ROLLBACK_COMPLETE"
    assert on_duty.code() == was


@pytest.mark.timeout(600)
def test_what_is_skipped_stays_as_it_is_until_a_person_mends_it(second: Deployed) -> None:
    on_duty = Stack(second)
    was = on_duty.code()
    where, lost = on_duty.stick()
    assert on_duty.rests() == "UPDATE_ROLLBACK_FAILED"
    on_duty.client.continue_update_rollback(StackName=on_duty.name, ResourcesToSkip=[CHANGED])
    assert on_duty.rests() == "UPDATE_ROLLBACK_COMPLETE"
    assert second.ask("/health").status == 200
    assert on_duty.code() != was, "the stack says that it went back; the function did not"
    on_duty.s3.put_object(**where, Body=lost)
    second.client("lambda").update_function_code(
        FunctionName=on_duty.physical(CHANGED), S3Bucket=where["Bucket"], S3Key=where["Key"]
    )
    assert on_duty.code() == was


def test_one_function_goes_back_at_once_by_its_alias(second: Deployed) -> None:
    functions = second.client("lambda")
    name = Stack(second).physical("ApiWeatherFunction")
    now = functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    *_, before = (
        each["Version"]
        for each in functions.list_versions_by_function(FunctionName=name)["Versions"]
        if each["Version"] not in ("$LATEST", now)
    )
    functions.update_alias(FunctionName=name, Name="live", FunctionVersion=before)
    try:
        assert second.ask("/health").status == 200
        assert functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == before
    finally:
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=now)


def test_triggers_that_are_switched_off_by_hand_go_on_where_they_stood(second: Deployed) -> None:
    functions = second.client("lambda")
    mappings = [
        each["UUID"] for each in functions.list_event_source_mappings()["EventSourceMappings"] if each["State"] == "Enabled"
    ]
    assert len(mappings) >= 5
    key = "switched/off.csv"
    try:
        for mapping in mappings:
            functions.update_event_source_mapping(UUID=mapping, Enabled=False)
        upload = second.catalogue.put(key, b"station_id,name,latitude,longitude\nSWITCH1,Switch Hill,47.5,9.3\n")
        eventually(lambda: waiting(second) >= 1)  # what a poller had in its hands comes back, too
        time.sleep(2)  # a queue's poller would have come by often
        assert waiting(second) >= 1
        assert second.catalogue.entry(upload) is None
    finally:
        for mapping in mappings:
            functions.update_event_source_mapping(UUID=mapping, Enabled=True)
    ((_, entry),) = second.catalogue.follow([upload], seen=lambda *_: None)
    assert entry["status"] == "ok"
    eventually(lambda: second.ask("/stations/SWITCH1").status == 200)


def waiting(system: Deployed) -> int:
    asked = system.client("sqs").get_queue_attributes(
        QueueUrl=system.said["UploadsQueue"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(asked["Attributes"]["ApproximateNumberOfMessages"])
