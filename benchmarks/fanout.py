"""Records per second of the fan-out, beside a naive one: `.venv/bin/python -m benchmarks.fanout`.

Both are given the same stream records, and call a stub of AWS that takes everything at once. CPU time of this process is
compared: it is what a function is billed for, and the stub is another process.

naive, no places    TypeDeserializer for both images, and one `publish` for each record, of the same message as ours
naive, news only    besides, one look for each station: where it is belongs to the message, and ours looks, too
naive, same work    besides, one item put for each posting, and one update for each counter
ours, news only     the notifications alone: as the handler reads its records, makes the messages and publishes them
ours                the handler as it is deployed: index, counters and notifications
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

RECORDS = 1000
BATCH = 100  # as the event source hands them on
ROUNDS = 3


def records() -> list[dict[str, Any]]:
    from mesonet.domain.file import ColumnFacts
    from tests.builders import file_entry, stream_record

    names = (
        "air_temperature",
        "relative_humidity",
        "wind_speed",
        "air_pressure",
        "precipitation_amount",
        "wind_from_direction",
    )
    columns = tuple(ColumnFacts(name=name, kind="number", parameter=name, values=24, minimum=1, maximum=9) for name in names)
    return [
        stream_record(
            None,
            file_entry(at, key=f"incoming/2026/s{at % 50:03d}_{at:06d}.csv", stations={f"S{at % 50:03d}": 24}, columns=columns),
            at,
        )
        for at in range(RECORDS)
    ]


def naive(told: list[dict[str, Any]], *, places: bool = True, index: bool = False) -> None:
    """As such a handler is usually written: the service's own client and deserializer, a call for each thing to do."""
    import boto3

    from mesonet.domain.search import file_document
    from mesonet.stores.files import from_image
    from mesonet.stores.postings import listed, posting, written

    sns, dynamodb = boto3.client("sns"), boto3.client("dynamodb")
    reader = plain_reader()
    for record in told:
        sns.publish(TopicArn=os.environ["FILES_TOPIC_ARN"], **naive_message(record, reader, dynamodb if places else None))
        if index:
            document = file_document(from_image(record["dynamodb"]["NewImage"]))
            text = written(document)
            for where in listed(document):
                dynamodb.put_item(TableName="search", Item=posting(where, document, text))
            for dimension in ("status", "format", "day", "hour", "station"):
                dynamodb.update_item(
                    TableName="counters",
                    Key={"dimension": {"S": dimension}, "value": {"S": "x"}},
                    UpdateExpression="ADD files :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )


def plain_reader() -> Any:
    """boto3's own, but for numbers and bytes, which it would wrap: `Decimal` is no JSON."""
    from boto3.dynamodb.types import TypeDeserializer

    class Plain(TypeDeserializer):
        def _deserialize_n(self, value: str) -> int | float:
            return int(value) if value.lstrip("-").isdigit() else float(value)

        def _deserialize_b(self, value: Any) -> Any:
            return value

    return Plain()


def naive_message(record: dict[str, Any], reader: Any, dynamodb: Any) -> dict[str, Any]:
    """The message that the fan-out sends of this record, where nothing is known of its stations: each is looked for in
    `dynamodb`, if there is one."""
    from mesonet.domain.notification import Whereabouts, attributes, notification
    from mesonet.functions.on_file_change.logic import change_of
    from mesonet.stores.files import from_values

    old, new = (
        from_values({name: reader.deserialize(value) for name, value in image.items()}) if image else None
        for image in (record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage"))
    )
    entry, change = new or old, change_of(old, new)
    assert entry is not None
    assert change is not None
    for station in entry.stations if dynamodb else ():
        key = {"station_id": {"S": station}}
        assert "Item" not in dynamodb.get_item(TableName=os.environ["STATIONS_TABLE"], Key=key)
    where = Whereabouts(bbox=entry.bbox)
    message = notification(entry, change, where, base_url=os.environ["PUBLIC_URL"], centre_id=os.environ["CENTRE_ID"])
    given: Any = {
        name: {"DataType": "String", "StringValue": value}
        if isinstance(value, str)
        else {"DataType": "String.Array", "StringValue": json.dumps(value)}
        for name, value in attributes(entry, change, where).items()
    }
    return {"Message": json.dumps(message), "MessageAttributes": given}


def cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> int:
    with subprocess.Popen([sys.executable, "-m", "benchmarks.aws_stub"], stdout=subprocess.PIPE, text=True) as stub:
        try:
            assert stub.stdout is not None
            port = int(stub.stdout.readline())
            os.environ |= {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret (nothing checks it)
                "AWS_DEFAULT_REGION": "us-east-1",
                "SEARCH_TABLE": "search",
                "FILE_COUNTERS_TABLE": "counters",
                "STATIONS_TABLE": "stations",
                "SUBSCRIPTIONS_TABLE": "subscriptions",
                "DERIVED_BUCKET": "derived",
                "PUBLIC_URL": "https://example.org/v1",
                "CENTRE_ID": "xx-bench",
                "FILES_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:files",
                "FILE_CHANGES_DEAD_LETTER_QUEUE_URL": f"http://127.0.0.1:{port}/queue",
            }
            return compare(records())
        finally:
            stub.kill()


def compare(told: list[dict[str, Any]]) -> int:
    from mesonet.channels.files_topic import FileNews
    from mesonet.functions.on_file_change import handler
    from tests.builders import Context

    def ours() -> None:
        for start in range(0, len(told), BATCH):
            answer = handler.handle({"Records": told[start : start + BATCH]}, Context())
            assert answer == {"batchItemFailures": []}, answer

    def ours_news_only() -> None:
        for start in range(0, len(told), BATCH):
            understood = [each for record in told[start : start + BATCH] if (each := handler.understood(record))]
            news = [(each, FileNews(change=each.change, entry=each.entry)) for each in understood if each.change]
            assert len(news) == BATCH
            assert handler.publish(news) is None

    few = told[:200]  # the naive ones are slow: fewer records give the same rate
    ours()  # once, so that everything is imported
    naive(few[:5], index=True)
    names = ("naive, no places", "naive, news only", "ours, news only", "naive, same work", "ours")
    rates: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        rates["naive, no places"].append(len(few) / cpu_s(lambda: naive(few, places=False)))
        rates["naive, news only"].append(len(few) / cpu_s(lambda: naive(few)))
        rates["ours, news only"].append(len(told) / cpu_s(ours_news_only))
        rates["naive, same work"].append(len(few) / cpu_s(lambda: naive(few, index=True)))
        rates["ours"].append(len(told) / cpu_s(ours))
    median = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in median.items():
        print(f"{name:<18} {rate:>8,.0f} records/s of CPU", file=sys.stderr)
    for ours_is, naive_is in (
        ("ours, news only", "naive, no places"),
        ("ours, news only", "naive, news only"),
        ("ours", "naive, same work"),
        ("ours", "naive, news only"),
    ):
        print(f"{ours_is:<18} is {median[ours_is] / median[naive_is]:>5.1f} x {naive_is}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
