"""`make versions`: which versions of functions go, and that a release which was taken back can then be released again."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.errors import Failure
from local.operations import Target
from local.versions import prune, spare

NAME, STACK = "mesonet-prod-OnUpload", "mesonet-prod"
TRUST = {"Version": "2012-10-17", "Statement": []}
TEMPLATE = {
    "Resources": {
        "OnUploadFunction": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": NAME,
                "Runtime": "python3.13",
                "Handler": "index.handle",
                "Role": "arn:aws:iam::123456789012:role/mesonet",
                "Code": {"ZipFile": "def handle(event, context): return 0"},
            },
        }
    }
}


def code(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", text)
    return packed.getvalue()


@pytest.fixture
def at() -> Iterator[Target]:
    with mock_aws(config={"lambda": {"use_docker": False}}):
        made = Target({}, lambda service: boto3.client(service, region_name="us-east-1"))  # type: ignore[call-overload]
        made.client("iam").create_role(RoleName="mesonet", AssumeRolePolicyDocument=json.dumps(TRUST))
        made.client("cloudformation").create_stack(StackName=STACK, TemplateBody=json.dumps(TEMPLATE))
        yield made


def publish(at: Target, *numbers: int) -> Any:
    functions = at.client("lambda")
    for number in numbers:
        functions.update_function_code(FunctionName=NAME, ZipFile=code(f"RELEASE = {number}"), Publish=False)
        assert functions.publish_version(FunctionName=NAME)["Version"] == str(number)
    return functions


def left(at: Target) -> list[str]:
    return [each["Version"] for each in at.client("lambda").list_versions_by_function(FunctionName=NAME)["Versions"]][1:]


def test_what_a_release_left_that_was_taken_back_goes_and_what_is_in_use_stays(at: Target) -> None:
    publish(at, 1, 2, 3, 4).create_alias(FunctionName=NAME, Name="live", FunctionVersion="2")
    lines: list[str] = []
    assert prune(at, STACK, keep=10, say=lines.append) == 2
    assert left(at) == ["1", "2"]
    assert lines == [f"  {NAME}: 3, 4", "2 versions removed, of mesonet-prod"]
    assert prune(at, STACK, keep=10, say=lines.append) == 0


def test_of_old_versions_the_last_stay_to_go_back_to(at: Target) -> None:
    publish(at, 1, 2, 3, 4, 5).create_alias(FunctionName=NAME, Name="live", FunctionVersion="5")
    assert spare(at.client("lambda"), NAME, keep=2) == ["1", "2"]
    assert spare(at.client("lambda"), NAME, keep=9) == []


def test_while_traffic_moves_both_versions_are_in_use(at: Target) -> None:
    publish(at, 1, 2, 3).create_alias(
        FunctionName=NAME, Name="live", FunctionVersion="2", RoutingConfig={"AdditionalVersionWeights": {"3": 0.1}}
    )
    assert spare(at.client("lambda"), NAME, keep=10) == []


def test_a_function_without_an_alias_keeps_everything(at: Target) -> None:
    publish(at, 1, 2)
    assert spare(at.client("lambda"), NAME, keep=0) == []


def test_a_trial_removes_nothing(at: Target) -> None:
    publish(at, 1, 2).create_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
    lines: list[str] = []
    assert prune(at, STACK, keep=10, dry=True, say=lines.append) == 1
    assert left(at) == ["1", "2"]
    assert lines[-1] == "1 versions would be removed, of mesonet-prod"


def test_a_stack_that_is_not_there_is_told(at: Target) -> None:
    with pytest.raises(Failure, match="there is no stack mesonet-dev"):
        prune(at, "mesonet-dev", keep=10)


def test_while_a_release_is_under_way_nothing_goes(at: Target) -> None:
    """The version that its hook is trying has no alias yet."""
    from moto.cloudformation.models import cloudformation_backends  # here: whoever only collects tests need not wait for it

    publish(at, 1, 2).create_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
    cloudformation_backends["123456789012"]["us-east-1"].get_stack(STACK).status = "UPDATE_IN_PROGRESS"
    with pytest.raises(Failure, match="UPDATE_IN_PROGRESS"):
        prune(at, STACK, keep=10)
    assert left(at) == ["1", "2"]
