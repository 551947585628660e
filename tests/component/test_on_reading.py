"""Readings from the stream, as moto's Kinesis gives them, through the real function; and back, when they were given up."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from local import operations
from local.errors import Failure
from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.domain.release import Outcome, Target
from mesonet.functions.hook_before_traffic import logic
from mesonet.stores.samples import SamplesStore
from tests import template
from tests.builders import failed
from tests.system import System

STREAM = "sensors"
T0, T1 = "2026-01-01T08:00:00Z", "2026-01-01T08:01:00Z"


class _Lambda:
    def __init__(self, system: System) -> None:
        self._system = system

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        answer = self._system.invoke(template.folder_of(FunctionName), json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class Stack:
    def __init__(self, system: System) -> None:
        self.system = system
        self.kinesis = boto3.client("kinesis", region_name=template.REGION)
        self.kinesis.create_stream(StreamName=STREAM, ShardCount=1)
        self.arn = self.kinesis.describe_stream(StreamName=STREAM)["StreamDescription"]["StreamARN"]
        queues = {name: system.ref(name) for name in ("FileChangesDeadLetterQueue", "ReadingsDeadLetterQueue")}
        self.target = operations.Target(
            {"SensorStream": STREAM, "OnReadingFunction": "OnReadingFunction", **queues},
            {"kinesis": self.kinesis, "lambda": _Lambda(system), "sqs": system.sqs}.__getitem__,
        )

    def sense(self, station: str, values: dict[str, Any], time: str = T0) -> None:
        operations.sense(self.target, station, json.dumps(values), observed_at=time, say=lambda _: None)

    def records(self) -> list[dict[str, Any]]:
        """As Lambda's poller hands them over."""
        (shard,) = self.kinesis.list_shards(StreamName=STREAM)["Shards"]
        iterator = self.kinesis.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return [
            {
                "eventSource": "aws:kinesis",
                "kinesis": {
                    "sequenceNumber": each["SequenceNumber"],
                    "partitionKey": each["PartitionKey"],
                    "data": b64encode(each["Data"]).decode(),
                    "approximateArrivalTimestamp": each["ApproximateArrivalTimestamp"].timestamp(),
                },
            }
            for each in self.kinesis.get_records(ShardIterator=iterator)["Records"]
        ]

    def deliver(self) -> list[str]:
        return failed(self.system.invoke("on_reading", {"Records": self.records()}))

    def letters(self) -> list[dict[str, Any]]:
        return self.system.bodies("ReadingsDeadLetterQueue")

    def redrive(self) -> int:
        options: dict[str, Any] = {"rate": 1000.0, "dry": False, "say": lambda _: None, "sleep": lambda _: None}
        return operations.redrive(self.target, **options)["ReadingsDeadLetterQueue"]


@pytest.fixture
def stack() -> Iterator[Stack]:
    with System() as system:
        yield Stack(system)


def test_a_reading_is_observed_and_the_latest_as_if_it_had_been_sent_over_http(stack: Stack) -> None:
    stack.sense("NYC-7", {"air_temperature": 7.4, "wind_speed": {"value": 9, "unit": "km/h"}, "relative_humidity": None})
    stack.sense("NYC-7", {"air_temperature": 7.6}, T1)
    stack.sense("NYC-8", {"relative_humidity": 81})
    assert stack.deliver() == []
    assert stack.system.said() == {
        "NYC-7": {"air_temperature": {T0: 7.4, T1: 7.6}, "wind_speed": {T0: 2.5}},
        "NYC-8": {"relative_humidity": {T0: 81}},
    }
    latest = stack.system.latest()["NYC-7"]
    assert (latest["air_temperature"]["value"], latest["wind_speed"]["unit_received"]) == (7.6, "km/h")
    assert {item["station_id"] for item in stack.system.items("StationsTable")} == {"NYC-7", "NYC-8"}
    assert stack.letters() == []


def test_a_young_reading_that_comes_again_finds_the_row_that_it_lost_to(stack: Stack) -> None:
    """Its sequence is not looked up, as that of one that is late would be: so the row stays when its block has come."""
    stack.sense("NYC-7", {"air_temperature": 7.4})
    stack.sense("NYC-7", {"air_temperature": 7.6})
    first, second = stack.records()
    assert failed(stack.system.invoke("on_reading", {"Records": [first, second]})) == []
    assert stack.system.invoke("job_compact", {})["stretches"] == 1
    assert failed(stack.system.invoke("on_reading", {"Records": [first]})) == []
    assert stack.system.said()["NYC-7"]["air_temperature"] == {T0: 7.6}


REFUSED = [
    ("NYC-7", b"{", "the body is not JSON"),
    ("NYC-7", b"[]", "a reading is an object"),
    ("NYC-7", b'{"time": "2026-01-01T08:00:00Z", "values": {"air_temperature": 1}}', "a reading is an object"),
    (
        "NYC-8",
        b'{"station": "NYC-7", "time": "2026-01-01T08:00:00Z", "values": {"air_temperature": 1}}',
        "only the order of one",
    ),
    (
        "a#b",
        b'{"station": "a#b", "time": "2026-01-01T08:00:00Z", "values": {"air_temperature": 1}}',
        "no identifier of a station",
    ),
    (
        "NYC-7",
        b'{"station": "NYC-7", "time": "yesterday", "values": {"air_temperature": 1}}',
        "'yesterday' is no RFC 3339 time",
    ),
    ("NYC-7", b'{"station": "NYC-7", "time": "2126-01-01T08:00:00Z", "values": {"air_temperature": 1}}', "is in the future"),
    ("NYC-7", b'{"station": "NYC-7", "time": "2026-01-01T08:00:00Z", "values": {}}', "has to have a value"),
    ("NYC-7", b'{"station": "NYC-7", "time": "2026-01-01T08:00:00Z", "values": {"air_temperature": NaN}}', "NaN is no number"),
    (
        "NYC-7",
        b'{"station": "NYC-7", "time": "2026-01-01T08:00:00Z", "values": {"air_temperature": 1, "warmth": 2}}',
        "warmth: 'warmth' is no standard name",
    ),
    (
        "NYC-7",
        b'{"station": "NYC-7", "observations": [], "values": {"air_temperature": 1}}',
        "there is no member 'observations'",
    ),
]


def test_what_is_no_reading_is_set_aside_with_its_reason_and_the_others_are_taken(stack: Stack) -> None:
    stack.sense("NYC-1", {"air_temperature": 1})
    for key, data, _ in REFUSED:
        stack.kinesis.put_record(StreamName=STREAM, PartitionKey=key, Data=data)
    stack.sense("NYC-2", {"air_temperature": 2})
    assert stack.deliver() == []
    assert stack.system.said().keys() == {"NYC-1", "NYC-2"}
    letters = {letter["record"]["kinesis"]["data"]: letter["reason"] for letter in stack.letters()}
    assert len(letters) == len(REFUSED)
    for _, data, reason in REFUSED:
        assert reason in letters[b64encode(data).decode()]


def test_what_says_nothing_is_neither_taken_nor_refused(stack: Stack) -> None:
    stack.sense("NYC-7", {"air_temperature": None})
    assert stack.deliver() == []
    assert stack.system.items("StationsTable") == stack.letters() == []


def test_readings_that_lambda_gave_up_are_fetched_from_the_stream(stack: Stack) -> None:
    """The destination is told where they were, the first and the last included, and nothing else."""
    for number in range(250):  # more than the function is given at once
        stack.sense(f"NYC-{number % 7}", {"air_temperature": number % 40}, f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z")
    records = stack.records()
    given_up = [record["kinesis"]["sequenceNumber"] for record in records[5:240]]
    letter = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000000",
            "startSequenceNumber": given_up[0],
            "endSequenceNumber": given_up[-1],
            "batchSize": len(given_up),
            "streamArn": stack.arn,
        },
    }
    stack.system.sqs.send_message(QueueUrl=stack.system.ref("ReadingsDeadLetterQueue"), MessageBody=json.dumps(letter))
    assert stack.redrive() == 1
    assert stack.letters() == []
    assert sum(len(column["air_temperature"]) for column in stack.system.said().values()) == len(given_up)


def test_a_reading_that_was_set_aside_by_our_fault_is_taken_when_it_is_sent_back(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.sense("NYC-7", {"air_temperature": 1})
    with monkeypatch.context() as patched:
        patched.setattr(stack.system.modules["on_reading"], "take", lambda *_, **__: 1 / 0)
        assert stack.deliver() == []
    assert stack.system.said() == {}
    assert stack.redrive() == 1
    assert stack.system.said() == {"NYC-7": {"air_temperature": {T0: 1}}}
    assert stack.letters() == []


@pytest.mark.parametrize("folder", ["on_reading", "on_delivery"])
def test_a_release_is_tried_with_samples_that_change_nothing(stack: Stack, folder: str) -> None:
    class Functions(LambdaFunctions):
        def __init__(self) -> None:
            self.events = 0

        def folder(self, function: str, version: str) -> str:
            return folder

        def invoke(self, function: str, qualifier: str, event: Mapping[str, Any]) -> Outcome:
            self.events += 1
            return Outcome(answer=stack.system.invoke(folder, dict(event)), error=None, version=qualifier)

    functions = Functions()
    logic.try_out(
        Target(function="function", alias="live", version="2"),
        functions=functions,
        samples=SamplesStore(template.ROOT / "events", bucket=stack.system.bucket),
        release="x",
    )
    assert functions.events > 0
    assert [each for table in ("ObservationsTable", "LatestTable", "StationsTable") for each in stack.system.items(table)] == []
    assert stack.letters() == []


def test_a_stack_without_sensors_says_so(stack: Stack) -> None:
    without = operations.Target({}, stack.target.client)
    with pytest.raises(Failure, match="no sensors"):
        operations.sense(without, "NYC-7", "{}", observed_at=T0)
    with pytest.raises(Failure, match="no sensors"):
        operations.recover(without, prefix="")
    with pytest.raises(Failure, match="VALUES is a JSON object"):
        operations.sense(stack.target, "NYC-7", "air_temperature=1", observed_at=T0)
