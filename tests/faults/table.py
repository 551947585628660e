"""`make faults`: a line for each fault of the table, with what came of injecting it. As a plugin of pytest.

A test says by its mark which fault it injects. The exit status is that of the tests.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator import tally

FAULTS = {
    1: "S3 event delivered twice",
    2: "PUT events out of order",
    3: "delete, then a late PUT event",
    4: "key with space, +, %, UTF-8",
    5: "zero-byte object",
    6: "object replaced before it is read",
    7: "object gone",
    8: "the system's own write",
    9: "huge object, gzip or zip bomb",
    10: "truncated gzip or CSV",
    11: "crash between any two AWS calls",
    12: "time-out mid-batch or mid-file",
    13: "poison stream record",
    14: "partial batch failure",
    15: "retries exhausted",
    16: "parallel shards",
    17: "TTL removal",
    18: "stream lag over 24 h",
    19: "MODIFY that changes nothing",
    20: "SNS throttled or failing",
    21: "search 429 or partial bulk",
    22: "search down",
    23: "DynamoDB throttled, unprocessed items",
    24: "conditional check failed",
    25: "transaction conflict",
    26: "concurrency exhausted",
    27: "dead-letter redrive",
    28: "backfill beside live data",
    29: "clock skew, observation from the future",
    30: "restore to a new table",
    31: "region lost",
    32: "old and new code side by side",
    33: "Kinesis duplicate, reshard",
    34: "Firehose transform failure",
}


def numbers(item: pytest.Item) -> Iterator[int]:
    for mark in item.iter_markers("fault"):
        yield from mark.args


class Table:
    def __init__(self) -> None:
        self.of: dict[str, list[int]] = {}
        self.outcomes: dict[int, list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.of[item.nodeid] = list(numbers(item))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            for number in self.of.get(report.nodeid, ()):
                self.outcomes.setdefault(number, []).append(report.outcome)

    def result(self, number: int) -> str:
        outcomes = self.outcomes.get(number, [])
        return "FAILED" if "failed" in outcomes else "ok" if outcomes else "not run"

    def totals(self) -> str:
        counted = Counter(map(self.result, FAULTS))
        tests = sum(map(len, self.outcomes.values()))
        told = ", ".join(f"{counted[result]} {result}" for result in ("ok", "FAILED", "not run") if counted[result])
        return f"{len(FAULTS)} faults: {told}; injected by {tests} tests"

    def line(self, number: int) -> str:
        outcomes, result = self.outcomes.get(number, []), self.result(number)
        told = f"{len(outcomes)} test{'s' if len(outcomes) > 1 else ''}" if outcomes else ""
        return f"{number:>3}  {FAULTS[number]:<42} {result:<10} {told}"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("faults")
        for number in FAULTS:
            terminalreporter.line(self.line(number))
        terminalreporter.line("")
        terminalreporter.line(self.totals())
        if tally.line():
            terminalreporter.line(f"simulated: {tally.line()}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Table(), "faults-table")
