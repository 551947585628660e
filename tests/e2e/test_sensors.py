"""Readings that a sensor sends to the deployed stack's stream are observed, and come into the lake."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local import operations
from tests.deployed import Deployed

NOW = datetime.now(UTC).replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
STATION = "E2E-SENSOR"
PATIENCE = 120.0


def until[Found](look: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.2)
    return found


def send(deployed: Deployed, values: str) -> None:
    target = operations.Target(deployed.said, deployed.client)
    operations.sense(target, STATION, values, observed_at=NOW, say=lambda _: None)


def test_a_reading_is_the_latest_and_comes_into_the_lake(deployed: Deployed) -> None:
    send(deployed, '{"air_temperature": 21.4, "wind_speed": {"value": 9, "unit": "km/h"}}')
    send(deployed, '{"air_temperature": 21.6}')

    def corrected() -> bool:
        answer = deployed.ask(f"/stations/{STATION}/observations/latest")
        if answer.status != 200:
            return False
        known = answer.json["parameters"]  # of a station that has just been met, none yet
        return "air_temperature" in known and known["air_temperature"]["value"] == 21.6

    until(corrected)
    assert deployed.ask(f"/stations/{STATION}/observations/latest").json["parameters"]["wind_speed"]["value"] == 2.5
    s3, bucket = deployed.client("s3"), deployed.said["DerivedBucket"]

    def lake() -> dict[str, set[float]]:
        found: dict[str, set[float]] = {}
        for each in s3.list_objects_v2(Bucket=bucket, Prefix="readings/").get("Contents", ()):
            for line in s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read().splitlines():
                row = json.loads(line)
                if row["station"] == STATION:
                    found.setdefault(row["standard_name"], set()).add(row["value"])
        return found

    until(lambda: lake() == {"air_temperature": {21.4, 21.6}, "wind_speed": {2.5}})


def test_what_is_no_reading_is_set_aside_with_its_reason(deployed: Deployed) -> None:
    send(deployed, '{"air_temperature": {"value": 70, "unit": "furlong"}}')
    sqs, url = deployed.client("sqs"), deployed.said["ReadingsDeadLetterQueue"]

    def letter() -> Any:
        """Of this test's own sensor: the queue is everybody's."""
        for each in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1).get("Messages", []):
            if json.loads(each["Body"])["record"]["kinesis"]["partitionKey"] == STATION:
                return each
        return None

    found = until(letter)
    assert "'furlong' is not a unit" in json.loads(found["Body"])["reason"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=found["ReceiptHandle"])
