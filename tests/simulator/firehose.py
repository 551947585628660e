"""Firehose with a stream as its source: what it hands to its function, and where it writes what comes of it.

Data Firehose Developer Guide, "Transform source data in Amazon Data Firehose": the function gets what has gathered up to
`BufferSizeInMBs` or `BufferIntervalInSeconds`, and answers every `recordId` with `Ok`, `Dropped` or `ProcessingFailed`; else
the record is taken for failed. "Data transformation failure handling": an invocation that fails is made again, three times
unless `NumberOfRetries` says otherwise; then the batch is skipped, and its records are failed ones. These are written below the
error prefix, a JSON object a line, with the data as they came. "Custom prefixes for Amazon S3 objects": what `!{…}` becomes.
"""

import base64
import binascii
import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.simulator.clock import Action, Clock
from tests.simulator.functions import Answer, End, Runtime

_MOST_ANSWER = 6_000_000  # Lambda's limit of a synchronous answer


@dataclass(frozen=True, slots=True)
class Gathered:
    arrived: float
    record: dict[str, Any]


class Delivery:
    """`settings` are the delivery stream's properties in the template; `put` writes an object into its bucket."""

    def __init__(
        self, function: str, settings: Mapping[str, Any], clock: Clock, *, runtime: Runtime, put: Callable[[str, bytes], None]
    ) -> None:
        given = settings["ExtendedS3DestinationConfiguration"]
        (processor,) = given["ProcessingConfiguration"]["Processors"]
        parameters = {each["ParameterName"]: each["ParameterValue"] for each in processor["Parameters"]}
        self.function = function
        self.clock = clock
        self.runtime = runtime
        self.put = put
        self.prefix, self.error_prefix = given["Prefix"], given["ErrorOutputPrefix"]
        self.gzip = given["CompressionFormat"] == "GZIP"
        self.retries = int(parameters.get("NumberOfRetries", 3))
        self.most_bytes = float(parameters.get("BufferSizeInMBs", 1)) * 1_000_000
        self.interval_s = float(parameters.get("BufferIntervalInSeconds", 60))
        self.waiting: list[Gathered] = []
        self.batch: list[Gathered] = []
        self.tries = 0
        self.running = False
        self.objects = 0

    def accept(self, stream_record: Mapping[str, Any]) -> None:
        self.waiting.append(Gathered(self.clock.now, record_of(stream_record)))

    def ready(self) -> list[Action]:
        moment = self.due()
        return (
            [Action(f"delivery → {self.function}", self._hand_over)] if moment is not None and moment <= self.clock.now else []
        )

    def due(self) -> float | None:
        if self.running:
            return None
        if self.batch:
            return self.clock.now
        if not self.waiting:
            return None
        full = sum(len(each.record["data"]) * 3 / 4 for each in self.waiting) >= self.most_bytes
        return self.clock.now if full else self.waiting[0].arrived + self.interval_s

    def _hand_over(self) -> None:
        if not self.batch:
            size = 0.0
            while self.waiting and (not self.batch or size < self.most_bytes):
                self.batch.append(self.waiting.pop(0))
                size += len(self.batch[-1].record["data"]) * 3 / 4
            self.tries = 0
        self.running = True
        event = {
            "invocationId": "invocation",
            "deliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/SensorDelivery",
            "region": "us-east-1",
            "records": [each.record for each in self.batch],
        }
        self.runtime.call(self.function, event, self._ended)

    def _ended(self, end: End) -> None:
        self.running = False
        answers = self._answers(end.value) if isinstance(end, Answer) else None
        if answers is None and self.tries < self.retries:
            self.tries += 1
            return
        batch, self.batch = [each.record for each in self.batch], []
        rows, failed = [], []
        for record in batch:
            answer = (answers or {}).get(record["recordId"], {})
            try:
                data = base64.b64decode(answer["data"], validate=True) if answer.get("result") == "Ok" else b""
            except (KeyError, binascii.Error):
                answer = {}
            if answer.get("result") == "Ok":
                rows.append(data)
            elif answer.get("result") != "Dropped":
                failed.append(record)
        if rows:
            self._write(self.prefix, rows)
        if failed:
            code = "Lambda.FunctionError" if answers is None else "Lambda.ProcessingFailedStatus"
            lines = [json.dumps(self._told(record, code)).encode() + b"\n" for record in failed]
            self._write(self.error_prefix, lines, kind="processing-failed")

    def _answers(self, value: Any) -> dict[str, Any] | None:
        """By `recordId`; None where the answer counts as a failed invocation."""
        if not isinstance(value, dict) or "records" not in value or len(json.dumps(value)) > _MOST_ANSWER:
            return None
        return {each["recordId"]: each for each in value["records"]}

    def _told(self, record: Mapping[str, Any], code: str) -> dict[str, Any]:
        now = int(self.clock.now * 1000)
        return {
            "attemptsMade": self.tries + 1,
            "arrivalTimestamp": record["approximateArrivalTimestamp"],
            "errorCode": code,
            "errorMessage": "",
            "attemptEndingTimestamp": now,
            "rawData": record["data"],
            "lambdaArn": f"arn:aws:lambda:us-east-1:123456789012:function:{self.function}:live",
        }

    def _write(self, prefix: str, lines: Sequence[bytes], kind: str = "") -> None:
        self.objects += 1
        now = datetime.fromtimestamp(self.clock.now, UTC)
        expanded = re.sub(r"!\{timestamp:yyyy-MM-dd\}", f"{now:%Y-%m-%d}", prefix)
        expanded = expanded.replace("!{firehose:error-output-type}", kind)
        assert "!{" not in expanded, f"{prefix} has what is not simulated"
        body = b"".join(lines)
        name = f"SensorDelivery-1-{now:%Y-%m-%d-%H-%M-%S}-{self.objects}"
        self.put(expanded + name + (".gz" if self.gzip else ""), gzip.compress(body) if self.gzip else body)


def record_of(stream_record: Mapping[str, Any]) -> dict[str, Any]:
    """What the function is given of a record of the stream."""
    kinesis = stream_record["kinesis"]
    at = int(kinesis["approximateArrivalTimestamp"] * 1000)
    return {
        "recordId": f"{kinesis['sequenceNumber']}000000",
        "approximateArrivalTimestamp": at,
        "data": kinesis["data"],
        "kinesisRecordMetadata": {
            "shardId": "shardId-000000000000",
            "partitionKey": kinesis["partitionKey"],
            "approximateArrivalTimestamp": at,
            "sequenceNumber": kinesis["sequenceNumber"],
            "subsequenceNumber": 0,
        },
    }
