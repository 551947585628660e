"""`make bootstrap` and `make pipeline`, by somebody who has no account, or says something wrong."""

import subprocess
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import accounts, sam
from local.errors import Failure

CONNECTION = "arn:aws:codeconnections:eu-central-1:123456789012:connection/12345678-1234-1234-1234-123456789012"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")

    def refused(*_: Any, **__: Any) -> int:
        raise AssertionError("nothing may be deployed")

    monkeypatch.setattr(subprocess, "call", refused)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name in ("STAGE", "PIPELINE_ACCOUNT", "REPOSITORY", "CONNECTION", "DEV", "STAGING", "PROD"):
        monkeypatch.setenv(name, values.get(name, ""))


def test_without_a_stage_it_says_what_there_is_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch)
    assert accounts.bootstrap() == 0
    assert "make pipeline REPOSITORY=owner/name CONNECTION=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"STAGE": "production", "PIPELINE_ACCOUNT": "123456789012"}, "it is one of dev, staging, prod"),
        ({"STAGE": "dev"}, "an account is twelve digits"),
        ({"STAGE": "dev", "PIPELINE_ACCOUNT": "1234"}, "an account is twelve digits"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    given(monkeypatch, **values)
    with pytest.raises(Failure, match=said):
        accounts.bootstrap()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "say REPOSITORY and CONNECTION"),
        ({"REPOSITORY": "o/n", "CONNECTION": "github"}, "it is the ARN of a connection"),
        ({"REPOSITORY": "https://github.com/o/n", "CONNECTION": CONNECTION}, "it is owner/name"),
    ],
)
def test_a_pipeline_needs_a_repository_and_a_connection(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    given(monkeypatch, **values)
    with pytest.raises(Failure, match=said):
        accounts.pipeline()


def test_somebody_without_a_region_is_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, STAGE="dev", PIPELINE_ACCOUNT="123456789012")
    with pytest.raises(Failure, match="say which region"):
        accounts.bootstrap()


@pytest.mark.parametrize("what", [accounts.bootstrap, accounts.pipeline])
def test_somebody_who_is_signed_in_nowhere_is_told_how(monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
    given(monkeypatch, STAGE="dev", PIPELINE_ACCOUNT="123456789012", REPOSITORY="o/n", CONNECTION=CONNECTION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with pytest.raises(Failure, match=r"signed in to no AWS account: .*aws sso login"):
        what()


def test_the_role_that_tells_of_pipelines_is_there_before_the_pipeline_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, REPOSITORY="o/n", CONNECTION=CONNECTION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        iam = boto3.client("iam")

        def deploys(*_: Any, **__: Any) -> int:
            (role,) = iam.list_roles(PathPrefix="/aws-service-role/codestar-notifications.amazonaws.com/")["Roles"]
            (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
            assert trust["Principal"] == {"Service": ["codestar-notifications.amazonaws.com"]}
            return 0

        monkeypatch.setattr(sam, "command", lambda *given: list(given))  # whether it is installed or not
        monkeypatch.setattr(subprocess, "call", deploys)
        for _ in range(2):  # the second time it is there
            assert accounts.pipeline() == 0
