"""What the running system tells the world of a file: taken from the topic by a queue, judged by WIS2's own test."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.deployed import Deployed
from tests.e2e.test_ingest import MAPPING, eventually
from tests.wis2 import SCHEMAS, ets

KEY = "news/a b/Tromsø.csv"
ROWS = b"station,time,t\nNEWS1,2024-01-01T00:00:00Z,1.5\n"


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_what_is_told_of_a_file_passes_the_conformance_test(deployed: Deployed, schema: Path, tmp_path: Path) -> None:
    sqs, sns, cloudformation = (deployed.client(each) for each in ("sqs", "sns", "cloudformation"))
    found = cloudformation.describe_stack_resource(StackName=deployed.said["StackName"], LogicalResourceId="FilesTopic")
    topic = found["StackResourceDetail"]["PhysicalResourceId"]
    queue = sqs.create_queue(QueueName="news-of-a-test")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    admitted = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [admitted]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true"},
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    told: dict[str, dict[str, Any]] = {}

    def heard(relation: str) -> dict[str, Any] | None:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ()):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            said = json.loads(message["Body"])
            if said["file"]["key"] == KEY:
                told[said["links"][0]["rel"]] = said
        return told.get(relation)

    try:
        deployed.put("news/mapping.json", MAPPING)
        deployed.put(KEY, ROWS)
        eventually(lambda: heard("canonical"))
        deployed.put(KEY, ROWS.replace(b"1.5", b"2.5"))
        update = eventually(lambda: heard("update"))
        assert deployed.ask(update["links"][0]["href"]).text == ROWS.replace(b"1.5", b"2.5").decode()
        deployed.client("s3").delete_object(Bucket=deployed.said["ArchiveBucket"], Key=KEY)
        eventually(lambda: heard("deletion"))
    finally:
        sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=queue)
    assert ets(told, schema, tmp_path) == {each: {"PASSED": 8, "FAILED": 0, "SKIPPED": 0} for each in told}
    assert {relation: said["kind"] for relation, said in told.items()} == {
        "canonical": "FileCatalogued",
        "update": "FileReplaced",
        "deletion": "FileDeleted",
    }
