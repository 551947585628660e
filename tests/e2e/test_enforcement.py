"""The stack of these tests holds every function to its role's policies; here is seen that it does."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import client_options
from tests.deployed import Deployed


def as_role(deployed: Deployed, logical_id: str) -> Any:
    """Makes clients that may do what the role may: service → client."""
    resources = deployed.client("cloudformation").describe_stack_resources(StackName=deployed.said["StackName"])
    (name,) = (each["PhysicalResourceId"] for each in resources["StackResources"] if each["LogicalResourceId"] == logical_id)
    arn = deployed.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    given = deployed.client("sts").assume_role(RoleArn=arn, RoleSessionName="enforcement")["Credentials"]
    credentials = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    return lambda service: boto3.client(service, **{**client_options(deployed.endpoint), **credentials})


def test_who_answers_readers_reads_the_catalogue_and_cannot_write_it(deployed: Deployed) -> None:
    dynamodb = as_role(deployed, "ApiWeatherRole")("dynamodb")
    files, key = deployed.said["FilesTable"], {"file_id": {"S": "none"}}
    assert "Item" not in dynamodb.get_item(TableName=files, Key=key)
    with pytest.raises(ClientError, match="not authorized to perform: dynamodb:DeleteItem"):
        dynamodb.delete_item(TableName=files, Key=key)


def test_who_reads_uploads_cannot_remove_them(deployed: Deployed) -> None:
    s3, bucket = as_role(deployed, "OnUploadRole")("s3"), deployed.said["ArchiveBucket"]
    assert s3.get_object(Bucket=bucket, Key="nyc/mapping.json")["ContentLength"]
    with pytest.raises(ClientError, match="not authorized to perform: s3:DeleteObject"):
        s3.delete_object(Bucket=bucket, Key="nyc/mapping.json")
