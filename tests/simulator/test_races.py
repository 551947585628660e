"""Calls of functions that overlap, each at a point that once was, or would be, a fault."""

import os
from collections.abc import Callable

import pytest

from tests.builders import mapping
from tests.model import KEYS, MAPPING_KEY, Change, Delete, Put, PutMapping, check
from tests.simulator.faults import Crash
from tests.simulator.world import CHAIN, Run, World

LONG = os.environ.get("MACHINE") == "long"
A = "network/a.csv"
T0, T1 = "2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z"
OLD = Put(A, (("EWR", T1, 2), ("JFK", T0, 3)))
NEW = Put(A, (("EWR", T0, 9),))


def bring(world: World, function: str, stops: Callable[[Run], bool]) -> Run:
    """Lets the system work until a run of a function comes to a point, and holds it there."""
    run = held(world, function, stops)
    assert run, f"{function} never came there"
    return run


def held(world: World, function: str, stops: Callable[[Run], bool]) -> Run | None:
    """The same; None where everything is done before a run comes there."""
    for _ in range(10_000):
        for run in world.runs:
            if run.function == function and stops(run):
                run.hangs, run.deadline = True, float("inf")
                return run
        if not world.step() and not world.step():
            return None
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


@pytest.mark.parametrize("function", CHAIN)
def test_what_comes_again_while_its_first_run_still_goes_on_has_one_effect(function: str) -> None:
    """Held at some of its calls in turn, of a file that was known; now it goes on, now it dies there. Amazon SQS Developer
    Guide, "At-least-once delivery", "Visibility timeout"; of a stream's function a run that was given up may be at work, too.
    """
    points = range(1, 18) if LONG else (1, 2, 4, 9, 14)
    happened: list[Change] = [
        PutMapping("Cel"),
        *(Put(f"network/{at}.csv", (("EWR", T0, at), ("LGA", T0, at))) for at in points),
    ]
    with World(1) as world:
        for change in happened:
            assert isinstance(change, Put | PutMapping)
            world.put(change.key, change.body)
        world.settle()
        for tried, at in enumerate(points):
            change = Put(f"network/{at}.csv", (("EWR", T1, at), ("JFK", T0, at)))
            happened.append(change)
            world.put(change.key, change.body)
            first = held(world, function, lambda run, at=at: len(run.calls) == at and run.at != "a nap")  # type: ignore[misc]
            if first is None:
                break
            world.call(function, first.event, lambda _: None)
            everything_else(world)
            first.hangs = False
            if tried % 2:
                first.dead = Crash
            world.settle()
            assert world.limbo() == {}
        assert tried >= 2, "it was not held twice, once of them to die"
        check(world.system, happened)


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
