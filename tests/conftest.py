"""What holds for every test: markers by folder, no skipped test in CI, and for Hypothesis no bound of time, since machines are
busy; in CI it takes the same examples in every run."""

import os
import signal
import subprocess
import threading
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.plugin import pytest_xdist_auto_num_workers as cores
from xdist.scheduler import LoadScopeScheduling

from local import browser
from tests.deployed import deployed, page_socket

__all__ = ["deployed", "page_socket"]  # fixtures: one stack for all that look at it from outside

HERE = Path(__file__).parent
OF_THE_STACK = ("browser", "e2e", "sam_local")
NO_DOCKER = "no Docker"
NO_BROWSER = "no Chromium"
WITHOUT_FILES = pytest.StashKey[int]()

settings.register_profile(
    "mesonet",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # in seconds of the clock
)
settings.load_profile("mesonet")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--api-examples", type=int, default=3, help="requests that schemathesis makes up for each operation of the API"
    )


def pytest_configure() -> None:
    """Who ends the tests (`timeout`, CI when time is up) ends the cloud and the servers that they started, as Ctrl-C does."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than the machine has cores: whoever looks at the stack waits for it half of the time."""
    return int(cores(config)) + 1


@cache
def of_the_search_server() -> set[str]:
    return {path.name for path in (HERE / "component").glob("test_*.py") if "search_server" in path.read_text()}


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """With `-n`: one process has the stack, and every test of it; so has one the search server.

    Of all other tests, those of a file stay together.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        *_, folder, name = file.split("/")
        return "the stack" if folder in OF_THE_STACK else "the search server" if name in of_the_search_server() else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    config.option.loadscopereorder = False  # files with few tests would come last, and have the longest ones
    return Lanes(config, log)


@cache
def docker_answers() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=120, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def pytest_testnodedown(node: Any) -> None:
    """What a process of `-n` left out; each left out the same."""
    node.config.stash[WITHOUT_FILES] = getattr(node, "workeroutput", {}).get("without_files", 0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    without_files = [item for item in items if over_nothing(item)]
    if without_files:
        config.hook.pytest_deselected(items=without_files)
        items[:] = [item for item in items if item not in without_files]
        config.stash[WITHOUT_FILES] = getattr(config, "workeroutput", {})["without_files"] = len(without_files)
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if folder == "e2e":
            item.add_marker(pytest.mark.e2e)
        elif folder == "browser":
            item.add_marker(pytest.mark.browser)
            if not browser.found():
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))
        elif folder == "sam_local":
            item.add_marker(pytest.mark.sam_local)
            if not docker_answers():
                item.add_marker(pytest.mark.skip(reason=NO_DOCKER))


def over_nothing(item: pytest.Item) -> bool:
    """Whether a test goes over the sample files of a folder that is not there: nothing to test, and nothing left out."""
    return any("empty parameter set" in str(mark.kwargs.get("reason", "")) for mark in item.iter_markers("skip"))


def skipped(config: pytest.Config) -> list[tuple[str, str]]:
    """Each skipped test or module, with its reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [
        (report.nodeid, report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr))
        for report in reports
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") and skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = skipped(config)
    if config.stash.get(WITHOUT_FILES, 0):
        terminalreporter.section(f"not run: {config.stash[WITHOUT_FILES]} tests of sample files that are not here")
    if any(NO_DOCKER in reason for _, reason in left_out):
        terminalreporter.section("not run: sam local (no Docker)", yellow=True)
    if any(NO_BROWSER in reason for _, reason in left_out):
        terminalreporter.section("not run: tests of the page (no Chromium)", yellow=True)
    if os.environ.get("CI") and left_out:
        terminalreporter.section("CI runs every test, but these were skipped", red=True)
        for name, reason in left_out:
            terminalreporter.line(f"{name}: {reason}")
