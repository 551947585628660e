"""Meters what one file and one request cost, on the functions themselves: `make meter` writes local/metered.toml.

A station's hourly file of 5-minute rows goes through the whole system in one process; each call of AWS is counted as AWS would
bill it. Time is the functions' own computing plus some milliseconds for each call.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch

from local.cost import CALL_MS
from tests import permissions, system, template
from tests.system import FOLDERS, System
from tests.unit.web.requests import event as request

FILES = 6  # of one station-day, one after the other, as they come
COLUMNS = 10
_MAPPING = {
    "mesonet_mapping": 1,
    "station": {"column": "station"},
    "time": {"columns": ["time"]},
    "columns": {f"c{at}": {"standard_name": "air_temperature", "unit": "degC", "level": at + 1} for at in range(COLUMNS)},
}
_READS = {"GetItem", "Query", "BatchGetItem", "TransactGetItems"}
_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}


class Meter:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.gb_seconds = 0.0
        self.waited = 0.0  # for the stand-in of AWS, which computes in the same process

    def note(self, logical_id: str, service: str, operation: str, arguments: Mapping[str, Any]) -> None:
        self.calls[logical_id] += 1
        match service, operation:
            case "dynamodb", "TransactWriteItems":
                for item in arguments["TransactItems"]:
                    ((_, given),) = item.items()
                    self.counts["write_units"] += 2 * _units(given, 1024)
            case "dynamodb", "BatchWriteItem":
                for requests in arguments["RequestItems"].values():
                    self.counts["write_units"] += sum(_units(each, 1024) for each in requests)
            case "dynamodb", name if name in _WRITES:
                self.counts["write_units"] += _units(arguments, 1024)
            case "dynamodb", name if name in _READS:
                keys = sum(len(each["Keys"]) for each in arguments.get("RequestItems", {}).values()) or 1
                self.counts["half_read_units"] += keys * (2 if arguments.get("ConsistentRead") else 1)
            case "s3", _:
                self.counts["s3_reads"] += 1
            case "sqs", _:
                self.counts["sqs_requests"] += 1
            case "sns", "PublishBatch":
                self.counts["sns_publications"] += len(arguments["PublishBatchRequestEntries"])

    def invoked(self, logical_id: str, seconds: float) -> None:
        memory = template.functions()[logical_id]["Properties"]["MemorySize"]
        self.counts["invocations"] += 1
        self.gb_seconds += memory / 1024 * (seconds + self.calls.pop(logical_id, 0) * CALL_MS / 1000)


def _units(given: Any, size: int) -> int:
    return max(
        1,
        math.ceil(
            len(json.dumps(given, default=lambda value: "x" * len(value) if isinstance(value, bytes) else str(value))) / size
        ),
    )


def metered() -> dict[str, dict[str, float]]:
    """By file and by request, each an average."""
    with System() as running:
        running.put("meter/mapping.json", json.dumps(_MAPPING).encode())
        running.put("meter/stations.csv", b"station_id,name,latitude,longitude\nMETER1,Meter Hill,47.5,9.3\n")
        running.deliver()
        _hour(running, 0)  # the first one makes what the others find
        by_file = _average(FILES, lambda: _hours(running))
        # what pollers do for each message besides: receive, delete; and S3's and SNS's own sending
        by_file["sqs_requests"] += 2 * 2 / 10 + 2
        paths = (
            ["/stations/METER1/observations/latest"] * 5
            + ["/stations/METER1/observations?datetime=2024-01-01/2024-01-02&limit=1000"] * 4
            + ["/stations?limit=10"]
        )
        by_request = _average(len(paths), lambda: _ask(running, paths))
    return {"file": by_file, "request": by_request}


def _average(count: int, work: Callable[[], None]) -> dict[str, float]:
    meter = Meter()
    check, invoke = permissions.check, System.invoke

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
        def called(*arguments: Any, **given: Any) -> Any:
            started = time.process_time()
            try:
                return call(*arguments, **given)
            finally:
                meter.waited += time.process_time() - started

        return called

    with (
        patch.object(permissions, "check", note),
        patch.object(System, "invoke", timed),
        patch.object(system, "_CALL", apart(system._CALL)),
        patch.object(system, "_LIGHT_CALL", apart(system._LIGHT_CALL)),
    ):
        work()
    names = ("invocations", "write_units", "s3_reads", "sqs_requests", "sns_publications")
    found = {name: meter.counts[name] / count for name in names}
    return found | {"read_units": meter.counts["half_read_units"] / 2 / count, "gb_seconds": meter.gb_seconds / count}


def _hour(running: System, hour: int) -> None:
    head = ",".join(["station", "time", *(f"c{at}" for at in range(COLUMNS))])
    rows = [
        ",".join(
            ["METER1", f"2024-01-01T{hour:02}:{minute:02}:00Z", *(f"{10 + at + minute / 10:.1f}" for at in range(COLUMNS))]
        )
        for minute in range(0, 60, 5)
    ]
    running.put(f"meter/METER1/{hour:02}.csv", "\n".join([head, *rows, ""]).encode())
    running.deliver()


def _hours(running: System) -> None:
    for hour in range(1, FILES + 1):
        _hour(running, hour)


def _ask(running: System, paths: list[str]) -> None:
    for path in paths:
        answer = running.invoke("api_weather", request(path))
        assert answer["statusCode"] == 200, answer


def lines() -> list[str]:
    found = [
        "# What one file (an hour of a station, twelve rows of ten columns) and one request need: `make meter` wrote this.",
        "",
    ]
    for section, values in metered().items():
        found += [f"[{section}]", *(f"{name} = {round(value, 4)}" for name, value in sorted(values.items())), ""]
    return found[:-1]


if __name__ == "__main__":
    (template.ROOT / "local" / "metered.toml").write_text("\n".join(lines()) + "\n")
