"""`make properties`: a line for each property that a safe release rests on, with the test of it and what came of that.

As a plugin of pytest. The name of a test is the property, in words; its parameters (stages, functions) are counted. The exit
status is that of the tests.
"""

from collections import Counter
from typing import Any

import pytest


class Table:
    def __init__(self) -> None:
        self.outcomes: dict[tuple[str, str], list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.outcomes.setdefault(tested(item.nodeid), [])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[tested(report.nodeid)].append(report.outcome)

    def result(self, test: tuple[str, str]) -> str:
        outcomes = self.outcomes[test]
        return "FAILED" if "failed" in outcomes else "ok" if set(outcomes) == {"passed"} else "not run"

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("properties")
        of_file = ""
        for test, outcomes in self.outcomes.items():
            file, name = test
            if file != of_file:
                of_file = file
                terminalreporter.line(f"\n{file}")
            words = name.removeprefix("test_").replace("_", " ")
            terminalreporter.line(f"  {self.result(test):<8} {len(outcomes):>4} ×  {words}")
        counted = Counter(map(self.result, self.outcomes))
        told = ", ".join(f"{counted[result]} {result}" for result in ("ok", "FAILED", "not run") if counted[result])
        terminalreporter.line(
            f"\n{len(self.outcomes)} properties: {told}; × counts the stages and cases that each was tried on"
        )


def tested(nodeid: str) -> tuple[str, str]:
    file, _, name = nodeid.partition("::")
    return file, name.partition("[")[0]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Table(), "properties-table")
