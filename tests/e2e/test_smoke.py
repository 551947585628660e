"""The test between the pipeline's stages, on the API of the local cloud."""

import json
from pathlib import Path

import pytest

from deploy import changes, smoke
from local import release
from tests.deployed import Deployed


def test_a_deployed_api_keeps_its_contract(deployed: Deployed) -> None:
    assert list(smoke.faults(smoke.Api(deployed.said["ApiUrl"]), release.identifier())) == []


def test_another_release_is_found_out(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "SETTLING_S", 0.0)
    found = list(smoke.faults(smoke.Api(deployed.said["ApiUrl"]), "ffffffffffff"))
    assert found == [f"/health tells of release {release.identifier()}, not of ffffffffffff"]


def test_a_change_set_is_told_in_a_few_lines(tmp_path: Path) -> None:
    def change(action: str, name: str, kind: str, replacement: str = "False") -> dict[str, object]:
        given = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Replacement": replacement}
        return {"Type": "Resource", "ResourceChange": given}

    described = {
        "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/mesonet-prod/1",
        "ChangeSetId": "arn:aws:cloudformation:eu-central-1:123456789012:changeSet/release/2",
        "Changes": [
            change("Modify", "FilesTable", "AWS::DynamoDB::Table", "True"),
            change("Remove", "OldQueue", "AWS::SQS::Queue"),
            change("Modify", "ApiWeatherFunction", "AWS::Lambda::Function"),
            change("Remove", "ApiWeatherFunctionVersion0", "AWS::Lambda::Version"),
        ],
    }
    assert changes.summary(json.loads(json.dumps(described))).splitlines()[:3] == [
        "4 changes, 2 to look at:",
        "! removes OldQueue (AWS::SQS::Queue)",
        "! replaces FilesTable (AWS::DynamoDB::Table)",
    ]
    assert "changeSetId=arn%3Aaws%3Acloudformation" in changes.link(described)
    many = described | {"Changes": [change("Remove", f"Queue{at}", "AWS::SQS::Queue") for at in range(100)]}
    assert len(changes.summary(many)) <= 1000
    assert changes.summary({"StatusReason": "No updates are to be performed."}).startswith("Nothing would change")
