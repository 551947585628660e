"""boto3 without anything on top."""

import json
import os
from typing import Any

import boto3

client = boto3.client("dynamodb")


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    key = {"station_id": {"S": event["pathParameters"]["proxy"].split("/")[1]}}
    item = client.get_item(TableName=os.environ["LATEST_TABLE"], Key=key)["Item"]
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(item)}
