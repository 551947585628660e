"""Whatever AWS does, as far as it says what it may do, the system ends in the state of the model, and nothing is in limbo.

Hypothesis makes the story: what people put, replace and delete, and what goes wrong when. Everything else (which event comes
first, whose call is next) follows from the seed. `MACHINE=long` tells more and longer stories.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.builders import mapping
from tests.model import KEYS, MAPPING_KEY, STATIONS, TIMES, UNITS, Change, Delete, Put, PutMapping, check
from tests.simulator import tally
from tests.simulator.clock import HOUR, MINUTE
from tests.simulator.faults import Armed, Fault
from tests.simulator.streams import StreamMapping
from tests.simulator.world import World

LONG = os.environ.get("MACHINE") == "long"
SETTINGS = settings(
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "600" if LONG else "25")),
    stateful_step_count=40 if LONG else 20,
    derandomize=not LONG,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

rows = st.lists(
    st.tuples(st.sampled_from(STATIONS), st.sampled_from(TIMES), st.none() | st.integers(-50, 50)),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[:2],
).map(tuple)

puts = st.builds(Put, st.sampled_from(KEYS), rows)
changes = st.one_of(
    puts,
    puts,
    puts,
    st.builds(Delete, st.sampled_from(KEYS)),
    st.builds(Put, st.sampled_from(KEYS), st.just(())),
    st.builds(PutMapping, st.sampled_from(sorted(UNITS))),
    st.just(Delete(MAPPING_KEY)),
)


class Mesonet(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.happened: list[Change] = []

    @initialize(
        seed=st.integers(0, 2**16), shards=st.integers(1, 3), older=st.sampled_from([0.0, 0.5, 1.0]), stale=st.booleans()
    )
    def begin(self, seed: int, shards: int, older: float, stale: bool) -> None:
        self.world = World(seed, shards=shards).__enter__()
        self.world.older, self.world.stale = older, stale
        self.world.put(MAPPING_KEY, mapping())
        self.happen(PutMapping("Cel"))

    def happen(self, change: Change, **how: Any) -> None:
        self.happened.append(change)
        if isinstance(change, Delete):
            self.world.delete(change.key, **how)
        else:
            self.world.put(change.key, change.body)

    @rule(changes=st.lists(changes, min_size=1, max_size=3))
    def people_change_files(self, changes: list[Change]) -> None:
        for change in changes:
            self.happen(change)

    @rule(key=st.sampled_from(KEYS))
    def the_lifecycle_ends_a_file(self, key: str) -> None:
        self.happen(Delete(key), expired=True)

    @rule(
        count=st.integers(5, 80), going_wrong=st.lists(st.builds(Armed, st.sampled_from(Fault), st.integers(0, 40)), max_size=3)
    )
    def the_system_works(self, count: int, going_wrong: list[Armed]) -> None:
        self.world.armed += [Armed(armed.fault, armed.after) for armed in going_wrong]
        self.world.steps(count)

    @rule(seconds=st.sampled_from([1, 30, 5 * MINUTE, HOUR]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.pass_by(seconds)

    @rule(queue=st.sampled_from(["UploadsQueue", "CataloguedQueue", None]), count=st.integers(1, 5))
    def something_comes_again(self, queue: str | None, count: int) -> None:
        """An event of S3, a message of a queue, or records of a stream whose reader lost its place."""
        self.world.notifications.twice()
        if queue is not None:
            self.world.queues[queue].twice()
        for mapping_ in self.world.mappings.values():
            if isinstance(mapping_, StreamMapping):
                mapping_.rewind(count)

    @rule(
        shards=st.none() | st.integers(1, 3),
        room=st.sampled_from([0, 1, 1000]),
        accepts=st.booleans(),
        lag=st.booleans(),
        stale=st.booleans(),
    )
    def aws_is_not_what_it_was(self, shards: int | None, room: int, accepts: bool, lag: bool, stale: bool) -> None:
        """Other shards, less concurrency, a queue that takes nothing from its topic, indexes that lag, reads that are stale."""
        if shards is not None:
            self.world.stream.reshard(shards)
        self.world.concurrency = room
        self.world.queues["CataloguedQueue"].accepts = accepts
        self.world.index_lag = lag
        self.world.stale = stale

    @rule(share=st.sampled_from([0.0, 0.3, 0.7, 1.0]))
    def another_release_takes_a_share_of_the_calls(self, share: float) -> None:
        """A release, or its being taken back: both codes run side by side, and read what the other has written."""
        self.world.older = share

    @invariant()
    def the_machine_counts_its_steps(self) -> None:
        tally.counted["rules"] += 1

    # What must come of it

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.settle()
            self.world.redrive()
            self.world.settle()
            assert self.world.limbo() == {}
            check(self.world.system, self.happened)
            for fault in self.world.struck:
                event(fault.name)
            tally.add(
                steps=self.world.driver.steps,
                calls=self.world.calls,
                faults=len(self.world.struck),
                older=self.world.older_runs,
                stale=self.world.stale_reads,
            )
        finally:
            self.world.__exit__(None, None, None)


@pytest.mark.machine
@pytest.mark.timeout(7200 if LONG else 300)
def test_whatever_happens_the_state_is_the_models() -> None:
    run_state_machine_as_test(Mesonet, settings=SETTINGS)
