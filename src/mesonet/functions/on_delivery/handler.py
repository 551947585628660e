"""OnDeliveryFunction: Firehose asks it to make rows of the lake from readings, before it writes them.

Kinesis Data Firehose Developer Guide, "Transform source data": each record comes back by its `recordId`, as `Ok` with its data,
`Dropped` (meant to be left out), or `ProcessingFailed`, which Firehose writes under `errors/` as it came. The answer has 6 MB
at most.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from mesonet import clock
from mesonet.errors import BadInput
from mesonet.functions.on_delivery import logic
from mesonet.intake.readings import reading
from mesonet.telemetry import LambdaContext, count, logger, metrics
from mesonet.web.request import parse_json

MOST_BYTES = 5_500_000  # of an answer; what does not fit goes to errors/, from where it can be brought in


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    now, size = clock.now(), 0
    answers = []
    for record in event["records"]:
        answer = transformed(record, now=now)
        size += len(answer.get("data", "")) + 100
        if size > MOST_BYTES:
            answer = failed(record, "the answer would be too large")
        answers.append(answer)
    return {"records": answers}


def transformed(record: Mapping[str, Any], *, now: int) -> dict[str, str]:
    source = record.get("kinesisRecordMetadata", {})  # not there for what is brought in from errors/
    try:
        row = reading(
            parse_json(b64decode(record["data"])),
            key=source.get("partitionKey"),
            sequence=source.get("sequenceNumber", ""),
            now=now,
        )
        if row is None:
            count("ReadingDropped")
            return {"recordId": record["recordId"], "result": "Dropped"}
        arrived = int(record["approximateArrivalTimestamp"])  # in milliseconds, as an instant is
        lines = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in logic.rows(row, arrived=arrived))
    except BadInput as exc:
        return failed(record, exc.detail)
    except Exception as exc:  # one record fails alone
        return failed(record, f"{type(exc).__name__}: {exc}")
    count("ReadingDelivered")
    return {"recordId": record["recordId"], "result": "Ok", "data": b64encode(lines.encode()).decode()}


def failed(record: Mapping[str, Any], reason: str) -> dict[str, str]:
    """The data as they came have to come back, or what is under errors/ would be empty."""
    logger.warning("reading not delivered", reason=reason, record_id=record["recordId"])
    count("ReadingNotDelivered")
    return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
