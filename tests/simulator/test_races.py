"""Calls of functions that overlap, each at a point that once was, or would be, a fault."""

from collections.abc import Callable

import pytest

from tests.builders import mapping
from tests.model import KEYS, MAPPING_KEY, Change, Delete, Put, PutMapping, check
from tests.simulator.faults import Crash
from tests.simulator.world import Run, World

A = "network/a.csv"
T0, T1 = "2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z"
OLD = Put(A, (("EWR", T1, 2), ("JFK", T0, 3)))
NEW = Put(A, (("EWR", T0, 9),))


def bring(world: World, function: str, stops: Callable[[Run], bool]) -> Run:
    """Lets the system work until a run of a function comes to a point, and holds it there."""
    for _ in range(10_000):
        for run in world.runs:
            if run.function == function and stops(run):
                run.hangs, run.deadline = True, float("inf")
                return run
        assert world.step(), f"{function} never came there"
    raise AssertionError("it goes on and on")


def everything_else(world: World) -> None:
    """Works until all but the run that is held is done."""
    while len(world.runs) > 1 or any(source.ready() for source in world.driver.sources):
        assert world.step()


@pytest.mark.parametrize("last", ["dies", "goes on"])
def test_a_loader_that_was_overtaken_leaves_no_latest_value(last: str) -> None:
    """It had written its blocks, and was about to write the latest values, when a newer state of the file was loaded whole."""
    with World(1) as world:
        world.put(MAPPING_KEY, mapping())
        world.settle()
        world.put(A, OLD.body)
        older = bring(world, "OnCataloguedFunction", lambda run: run.at == "dynamodb:TransactWriteItems")
        world.put(A, NEW.body)
        everything_else(world)
        older.hangs = False
        world.proceed(older)  # what it was about to do
        if last == "dies":
            older.dead = Crash
        world.settle()
        check(world.system, [PutMapping("Cel"), OLD, NEW])


def test_a_loader_that_was_overtaken_by_a_deletion_leaves_nothing() -> None:
    with World(1) as world:
        world.put(MAPPING_KEY, mapping())
        world.settle()
        world.put(A, OLD.body)
        older = bring(world, "OnCataloguedFunction", lambda run: run.at == "dynamodb:TransactWriteItems")
        world.delete(A)
        everything_else(world)
        older.hangs = False
        world.settle()
        check(world.system, [PutMapping("Cel"), OLD, Delete(A)])


def test_a_mapping_finds_the_file_that_its_index_does_not_show_yet() -> None:
    """The file looks for a mapping just before it is there; the mapping for files just before the index shows this one."""
    with World(1) as world:
        world.put(A, OLD.body)
        world.index_lag = True
        upload = bring(world, "OnUploadFunction", lambda run: run.calls[-1:] == ["PutItem"] and run.at == "dynamodb:Query")
        upload.hangs = False
        while upload in world.runs:
            world.proceed(upload)  # it looks once more, and there is no mapping
        world.put(MAPPING_KEY, mapping())
        while any(source.ready() for source in world.driver.sources):
            assert world.step()
        world.settle()
        check(world.system, [OLD, PutMapping("Cel")])


def test_a_read_that_is_stale_hides_nothing() -> None:
    """What must be known as it is now is read consistently; a station that seems not to be there yet is written once more."""
    stale = 0
    for seed in range(3):
        happened: list[Change] = [PutMapping("Cel"), *(Put(key, (("EWR", T0, at),)) for at, key in enumerate(KEYS))]
        with World(seed) as world:
            world.stale = True
            for change in happened:
                assert isinstance(change, Put | PutMapping)
                world.put(change.key, change.body)
            world.settle()
            check(world.system, happened)
            stale += world.stale_reads
    assert stale
