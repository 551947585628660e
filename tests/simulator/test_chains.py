"""A function that goes on by messages to itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from mesonet.domain.file import LoadState, Status
from mesonet.formats import text
from mesonet.formats.reading import RESERVE_MS
from tests import template
from tests.builders import mapping, table
from tests.model import MAPPING_KEY
from tests.simulator import world as simulated
from tests.simulator.world import World

ROWS = [("EWR", f"2013-01-{1 + at // 24:02d}T{at % 24:02d}:00:00Z", at) for at in range(40)]


@contextmanager
def hurried() -> Iterator[None]:
    """A call that reads has time for one block of a file, and blocks have a few rows."""
    begun = set[int]()

    def remaining(context: simulated._Context) -> int:
        if context.function_name != "OnUploadFunction" or id(context) not in begun:
            begun.add(id(context))
            kept.append(context)
            return 300_000
        return RESERVE_MS - 1

    kept = list[object]()  # so that no two have the same id

    with patch.object(text, "BLOCK_BYTES", 200), patch.object(simulated._Context, "get_remaining_time_in_millis", remaining):
        yield


@pytest.mark.parametrize("allowed", [True, False])
def test_a_file_that_takes_more_calls_than_lambda_lets_a_loop_have_is_read_whole(allowed: bool) -> None:
    """Not where the template does not say so: then it waits with the dead letters, and says that it is being read. (With fewer
    calls than Lambda's 16, each of which reads a little; and a clock that stands still.)"""
    most = 4
    properties = template.functions()["OnUploadFunction"]["Properties"]
    given = {} if allowed else {"RecursiveLoop": "Terminate"}
    with (
        World(1) as world,
        hurried(),
        patch.object(simulated, "_LONGEST_CHAIN", most),
        patch.dict(properties, given),
    ):
        world.put(MAPPING_KEY, mapping())
        world.settle()
        before = world.invocations["OnUploadFunction"]
        world.put("network/a.csv", table(*ROWS))
        world.settle()
        entry = world.system.entry("network/a.csv")
        calls = world.invocations["OnUploadFunction"] - before
        if allowed:
            assert (entry.status, entry.rows, entry.loading.state) == (Status.OK, len(ROWS), LoadState.LOADED)
            assert calls > most
            assert world.limbo() == {}
        else:
            assert (entry.status, calls, world.limbo()) == (Status.READING, most, {"UploadsDeadLetterQueue": 1})
