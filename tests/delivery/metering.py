"""Meters what one file and one request cost, on the functions themselves: `make meter` writes local/metered.toml.

Hourly files of 5-minute rows of some stations go through the whole system in one process, one after the other; each call of AWS
is counted as AWS would bill it (DynamoDB Developer Guide, "Read and write operations", "Item sizes and formats"): a write costs
by the larger of the item before and after, in a transaction twice, and once more for each index that it changes. Time is the
functions' own computing plus some milliseconds for each call.
"""

import io
import json
import math
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from local.cost import A_BATCH, CALL_MS, ROWS
from mesonet.channels import uploads_queue
from mesonet.domain.operator import Scope
from mesonet.stores.operators import OperatorsStore
from tests import permissions, system, template
from tests.system import FOLDERS, System
from tests.unit.web.requests import event as request

STATIONS = 5
HOURS = 2  # of each station, one file after the other, as they come
READINGS = 10  # of each station, one batch of all stations after the other
COLUMNS = 10
_MAPPING = {
    "mesonet_mapping": 1,
    "station": {"column": "station"},
    "time": {"columns": ["time"]},
    "columns": {f"c{at}": {"standard_name": "air_temperature", "unit": "degC", "level": at + 1} for at in range(COLUMNS)},
}
_TABLE = "AWS::DynamoDB::Table"
_READS = {"GetItem", "Query", "BatchGetItem", "TransactGetItems"}
_WRITES = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key"}
_INDEX_ENTRY = 100  # bytes that an entry of an index has besides


class Meter:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()  # units by table and index
        self.logs = io.StringIO()
        self.gb_seconds = 0.0
        self.waited = 0.0  # for the stand-in of AWS, which computes in the same process

    def note(self, logical_id: str, service: str, operation: str, arguments: Mapping[str, Any]) -> None:
        self.calls[logical_id] += 1
        match service, operation:
            case "dynamodb", name if name in _READS:
                keys = sum(len(each["Keys"]) for each in arguments.get("RequestItems", {}).values()) or 1
                self.counts["half_read_units"] += keys * (2 if arguments.get("ConsistentRead") else 1)
            case "s3", name if name.startswith(("Put", "Copy", "List", "Create", "Upload", "Complete")):
                self.counts["s3_writes"] += 1
            case "s3", name if not name.startswith("Delete"):  # which costs nothing
                self.counts["s3_reads"] += 1
            case "sqs", _:
                self.counts["sqs_requests"] += 1
            case "sns", "PublishBatch":
                self.counts["sns_publications"] += len(arguments["PublishBatchRequestEntries"])

    def wrote(self, table: str, before: Mapping[str, Any], after: Mapping[str, Any], *, times: int) -> None:
        """`times` is two in a transaction. A condition that fails costs as the item that is there."""
        found = {table: times * _units(max(_size(before), _size(after)))}
        for name, keys, projected in _indexes(table):
            old, new = (_entry(item, keys, projected) for item in (before, after))
            if old != new:
                moved = bool(old) and any(old.get(key) != new.get(key) for key in keys)
                found[f"{table}.{name}"] = times * sum(
                    _units(_size(each) + _INDEX_ENTRY) for each in ((old, new) if moved else (new or old,)) if each
                )
        self.writes.update(found)
        self.counts["write_units"] += sum(found.values())

    def invoked(self, logical_id: str, seconds: float) -> None:
        memory = template.functions()[logical_id]["Properties"]["MemorySize"]
        self.counts["invocations"] += 1
        self.gb_seconds += memory / 1024 * (seconds + self.calls.pop(logical_id, 0) * CALL_MS / 1000)


def _units(size: int) -> int:
    return max(1, math.ceil(size / 1024))


def _size(item: Mapping[str, Any]) -> int:
    """Bytes of an item, names included."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Mapping[str, Any]) -> int:
    ((kind, given),) = value.items()
    match kind:
        case "S":
            return len(str(given).encode())
        case "N":
            return (len(str(given).lstrip("-").replace(".", "").strip("0")) + 1) // 2 + 1 + str(given).startswith("-")
        case "L":
            return 3 + sum(1 + _bytes(each) for each in given)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in given.items())
        case "B":
            return len(bytes(given))
    return 1


def _written(operation: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Table and key of each item that a call writes, and how many times it costs."""
    if operation == "TransactWriteItems":
        given = [(*each.popitem(), 2) for each in map(dict, arguments["TransactItems"])]
    elif operation == "BatchWriteItem":
        given = [
            (kind.removesuffix("Request"), {"TableName": table} | one, 1)
            for table, requests in arguments["RequestItems"].items()
            for each in requests
            for kind, one in each.items()
        ]
    else:
        given = [(operation.removesuffix("Item"), arguments, 1)]
    for kind, one, times in given:
        if kind in _WRITES:
            names = [each["AttributeName"] for each in template.resources(_TABLE)[one["TableName"]]["Properties"]["KeySchema"]]
            yield one["TableName"], {name: one[_WRITES[kind]][name] for name in names}, times


def _indexes(table: str) -> Iterator[tuple[str, list[str], list[str] | None]]:
    """Name, keys and what else is in it of each index; None for everything."""
    properties = template.resources(_TABLE)[table]["Properties"]
    own = [each["AttributeName"] for each in properties["KeySchema"]]
    for each in properties.get("GlobalSecondaryIndexes", ()):
        keys = [key["AttributeName"] for key in each["KeySchema"]]
        everything = each["Projection"]["ProjectionType"] == "ALL"
        further = each["Projection"].get("NonKeyAttributes", [])
        yield each["IndexName"], keys, None if everything else [*own, *keys, *further]


def _entry(item: Mapping[str, Any], keys: list[str], projected: list[str] | None) -> dict[str, Any]:
    if not all(key in item for key in keys):
        return {}
    return {name: value for name, value in item.items() if projected is None or name in projected}


METRICS: set[str] = set()  # that the functions have counted, each of which CloudWatch charges for


def metered() -> dict[str, dict[str, float]]:
    """By file, the writes of it by table and index, by what is sent, and by request, each an average."""
    METRICS.clear()
    with System() as running:
        running.put("meter/mapping.json", json.dumps(_MAPPING).encode())
        lines = "".join(f"METER{number},Meter Hill,47.5,9.{number}\n" for number in range(1, STATIONS + 1))
        running.put("meter/stations.csv", f"station_id,name,latitude,longitude\n{lines}".encode())
        with patch.object(uploads_queue, "_INDEX_LAG_S", 0):  # after a minute the second look would be metered with a file
            running.deliver()
        _hour(running, 0)  # the first ones make what the others find
        by_file, writes = _average(running, STATIONS * HOURS, lambda: _hours(running))
        # what pollers do for each message besides: receive, delete; and S3's and SNS's own sending
        by_file["sqs_requests"] += 2 * 2 / 10 + 2
        by_day, _ = _average(running, 2, lambda: _days(running))
        by_row = {
            name: max(0.0, by_day[name] - each) / (1440 - ROWS) for name, each in by_file.items() if name != "sqs_requests"
        }
        paths = (
            ["/stations/METER1/observations/latest"] * 5
            + ["/stations/METER1/observations?datetime=2024-01-01/2024-01-02&limit=1000"] * 4
            + ["/stations?limit=10"]
        )
        by_request, _ = _average(running, len(paths), lambda: _ask(running, paths))
        counted = set(METRICS)
        store = OperatorsStore(running.ref("OperatorsTable"), client=running.dynamodb)
        key, _ = store.issue("Meter", stations=["*"], scopes=[Scope.OBSERVATIONS], now=0)
        for number in range(1, STATIONS + 1):
            _post(running, key, number, [_observation(number, 0)])
        by_post, _ = _average(running, STATIONS * 2, lambda: _posts(running, key))
        by_batch, _ = _average(running, STATIONS, lambda: _batches(running, key))
        rows = sum("token" in item for item in running.items("ObservationsTable"))
        by_compaction, _ = _average(running, rows, lambda: running.invoke("job_compact", {}))
        assert not any("token" in item for item in running.items("ObservationsTable"))
        by_reading, _ = _average(running, STATIONS * READINGS, lambda: _sense(running))
    return {
        "file": by_file,
        "row": by_row,
        "writes": writes,
        "post": by_post,
        "batch": by_batch,
        "reading": by_reading,
        "compaction": by_compaction,
        "request": by_request,
        "metrics": {"names": float(len(counted))},
    }


def _average(running: System, count: int, work: Callable[[], object]) -> tuple[dict[str, float], dict[str, float]]:
    meter = Meter()
    check, invoke, plainly = permissions.check, System.invoke, system._CALL

    def image(table: str, key: dict[str, Any]) -> dict[str, Any]:
        given = {"TableName": table, "Key": key, "ConsistentRead": True}
        found: dict[str, Any] = plainly(running.dynamodb, "GetItem", given).get("Item", {})
        return found

    def note(logical_id: str, service: str, operation: str, arguments: Any, refs: Any) -> None:
        check(logical_id, service, operation, arguments, refs)
        meter.note(logical_id, service, operation, arguments)

    def timed(self: System, function: str, event: dict[str, Any]) -> dict[str, Any]:
        (logical_id,) = [name for name, folder in FOLDERS.items() if folder == function]
        started, waited = time.process_time(), meter.waited
        answer = invoke(self, function, event)
        meter.invoked(logical_id, time.process_time() - started - (meter.waited - waited))
        return answer

    def apart(call: Any) -> Any:
        def called(client: Any, operation: str, *arguments: Any, **given: Any) -> Any:
            started = time.thread_time()  # calls are made side by side
            asked = arguments[0] if arguments else given
            database = bool(given) or client.meta.service_model.service_name == "dynamodb"
            writes = list(_written(operation, asked)) if database else []
            before = [image(table, key) for table, key, _ in writes]
            try:
                return call(client, operation, *arguments, **given)
            finally:
                for (table, key, times), old in zip(writes, before, strict=True):
                    meter.wrote(table, old, image(table, key), times=times)
                meter.waited += time.thread_time() - started

        return called

    with (
        patch.object(permissions, "check", note),
        patch.object(System, "invoke", timed),
        patch.object(system, "_CALL", apart(system._CALL)),
        patch.object(system, "_LIGHT_CALL", apart(system._LIGHT_CALL)),
        redirect_stdout(meter.logs),
    ):
        work()
    logged = meter.logs.getvalue()
    METRICS.update(_metrics(logged))
    names = ("invocations", "write_units", "s3_reads", "s3_writes", "sqs_requests", "sns_publications")
    found = {name: meter.counts[name] / count for name in names} | {"log_bytes": len(logged.encode()) / count}
    found |= {"read_units": meter.counts["half_read_units"] / 2 / count, "gb_seconds": meter.gb_seconds / count}
    return found, {table.replace(".", "_"): units / count for table, units in meter.writes.items()}


def _metrics(logged: str) -> Iterator[str]:
    """Their names, as lines of the embedded metric format have them."""
    for text in logged.splitlines():
        if text.startswith("{"):
            for told in json.loads(text).get("_aws", {}).get("CloudWatchMetrics", ()):
                yield from (metric["Name"] for metric in told["Metrics"])


def _observation(number: int, minute: int) -> dict[str, Any]:
    at = datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=minute)
    names = ("air_temperature", "dew_point_temperature", "relative_humidity", "wind_speed", "wind_from_direction")
    values = dict.fromkeys(names, 10 + number + minute % 60 / 10)
    return {"time": at.isoformat().replace("+00:00", "Z"), "values": values}


def _post(running: System, key: str, number: int, observations: list[dict[str, Any]]) -> None:
    asked = request(f"/stations/METER{number}/observations") | {"httpMethod": "POST", "body": json.dumps(observations)}
    given = {"Host": "api", "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked |= {"headers": given, "multiValueHeaders": {name: [value] for name, value in given.items()}}
    answer = running.invoke("api_observations", asked)
    assert answer["statusCode"] == 200, answer


def _posts(running: System, key: str) -> None:
    for minute in range(1, 3):
        for number in range(1, STATIONS + 1):
            _post(running, key, number, [_observation(number, minute)])


def _batches(running: System, key: str) -> None:
    for number in range(1, STATIONS + 1):
        _post(running, key, number, [_observation(number, minute) for minute in range(60, 60 + A_BATCH)])


def _sense(running: System) -> None:
    """Readings of some stations, which have been heard before, to the function as they come, and to the lake together."""
    delivered = []
    for minute in range(READINGS):
        sent = []
        for number in range(1, STATIONS + 1):
            values = {f"air_temperature:{at + 1}:point:PT0S": 10 + at for at in range(COLUMNS)}
            document = {"station": f"METER{number}", "time": f"2024-01-01T{HOURS + 1:02}:{minute:02}:00Z", "values": values}
            given = {
                "sequenceNumber": str(10**55 + minute * STATIONS + number),
                "partitionKey": f"METER{number}",
                "data": b64encode(json.dumps(document).encode()).decode(),
                "approximateArrivalTimestamp": time.time(),
            }
            sent.append({"kinesis": given})
            delivered.append(
                {
                    "recordId": given["sequenceNumber"],
                    "approximateArrivalTimestamp": int(time.time() * 1000),
                    "data": given["data"],
                    "kinesisRecordMetadata": {name: given[name] for name in ("partitionKey", "sequenceNumber")},
                }
            )
        assert running.invoke("on_reading", {"Records": sent}) == {"batchItemFailures": []}
    answered = running.invoke("on_delivery", {"records": delivered})["records"]
    assert all(each["result"] == "Ok" for each in answered)


def _hour(running: System, hour: int) -> None:
    head = ",".join(["station", "time", *(f"c{at}" for at in range(COLUMNS))])
    for number in range(1, STATIONS + 1):
        rows = [
            ",".join(
                [
                    f"METER{number}",
                    f"2024-01-01T{hour:02}:{minute:02}:00Z",
                    *(f"{10 + at + minute / 10:.1f}" for at in range(COLUMNS)),
                ]
            )
            for minute in range(0, 60, 5)
        ]
        running.put(f"meter/METER{number}/{hour:02}.csv", "\n".join([head, *rows, ""]).encode())
        running.deliver()


def _day(running: System, number: int) -> None:
    """A day of minutes in one file, of values that go up and down as weather does."""
    head = ",".join(["station", "time", *(f"c{at}" for at in range(COLUMNS))])
    rows = [
        ",".join(
            [
                f"METER{number}",
                f"2024-02-01T{minute // 60:02}:{minute % 60:02}:00Z",
                *(f"{10 + at + 8 * math.sin(minute / 229 + at) + minute * 7 % 5 / 10:.1f}" for at in range(COLUMNS)),
            ]
        )
        for minute in range(1440)
    ]
    running.put(f"meter/METER{number}/day.csv", "\n".join([head, *rows, ""]).encode())
    running.deliver()


def _days(running: System) -> None:
    for number in (1, 2):
        _day(running, number)


def _hours(running: System) -> None:
    for hour in range(1, HOURS + 1):
        _hour(running, hour)


def _ask(running: System, paths: list[str]) -> None:
    for path in paths:
        answer = running.invoke("api_weather", request(path))
        assert answer["statusCode"] == 200, answer


def lines() -> list[str]:
    found = [
        f"# What one of each needs; `make meter` wrote this. A file is an hour of a station, {ROWS} rows of ten columns;",
        f"# row is what each further one adds; a post is one observation of five values, a batch {A_BATCH} of them;",
        "# compaction is for each row that was sent or streamed.",
        "",
    ]
    for section, values in metered().items():
        found += [f"[{section}]", *(f"{name} = {round(value, 6)}" for name, value in sorted(values.items())), ""]
    return found[:-1]


if __name__ == "__main__":
    (template.ROOT / "local" / "metered.toml").write_text("\n".join(lines()) + "\n")
