"""Whatever Kinesis and Lambda do to the stream of sensors, as far as they say what they may do, the last that was sent stands.

The settings of the mapping are drawn, too: shards, batches, windows, lanes, halving, tries and age. Lambda Developer Guide,
"Process Amazon Kinesis Data Streams records with Lambda" and "Configuring partial batch response with Kinesis Data Streams and
Lambda"; Kinesis Data Streams Developer Guide, "Resharding a stream" and "Handling duplicate records".
"""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.sensors import AIR, HUMIDITY, STATIONS, TIMES, Sensors
from tests.simulator import tally
from tests.simulator.clock import DAY, HOUR, MINUTE
from tests.simulator.faults import Armed, Fault
from tests.simulator.world import World

LONG = os.environ.get("MACHINE") == "long"
SETTINGS = settings(
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "300" if LONG else "12")),
    stateful_step_count=40 if LONG else 16,
    derandomize=not LONG,
    phases=tuple(Phase) if LONG else (Phase.generate,),  # to shrink a story takes longer than the test may
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

values = st.dictionaries(st.sampled_from([AIR, HUMIDITY]), st.integers(1, 40), min_size=1)
readings = st.tuples(st.sampled_from(STATIONS[:2]), st.sampled_from(TIMES[:2]), values)  # few, so that they meet
mappings = st.fixed_dictionaries(
    {
        "BatchSize": st.integers(1, 10),
        "MaximumBatchingWindowInSeconds": st.sampled_from([0, 1, 60]),
        "ParallelizationFactor": st.integers(1, 3),
        "MaximumRetryAttempts": st.sampled_from([-1, 1, 5]),
        "MaximumRecordAgeInSeconds": st.sampled_from([-1, 10 * 60, 12 * 3600]),
        "BisectBatchOnFunctionError": st.booleans(),
    }
)


class Stream(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 2**16), shards=st.integers(1, 3), mapping=mappings)
    def begin(self, seed: int, shards: int, mapping: dict[str, Any]) -> None:
        functions = ("OnReadingFunction", "JobCompactFunction")
        self.world = World(seed, functions=functions, shards=shards, sensor_settings=mapping).__enter__()
        self.sensors = Sensors(self.world)
        self.sensors.mapping.stream.retention_s = 30 * DAY  # what is lost to it would have to be had from the lake

    @rule(some=st.lists(readings, min_size=1, max_size=6))
    def sensors_send(self, some: list[tuple[str, str, dict[str, int]]]) -> None:
        for station, time, given in some:
            self.sensors.send(station, time, **given)

    @rule(station=st.sampled_from(STATIONS))
    def a_sensor_sends_what_is_no_reading(self, station: str) -> None:
        self.sensors.send_poison(station)

    @rule(
        count=st.integers(5, 80), going_wrong=st.lists(st.builds(Armed, st.sampled_from(Fault), st.integers(0, 30)), max_size=3)
    )
    def the_system_works(self, count: int, going_wrong: list[Armed]) -> None:
        self.world.armed += [Armed(armed.fault, armed.after) for armed in going_wrong]
        self.world.steps(count)

    @rule(seconds=st.sampled_from([1, 30, 5 * MINUTE, HOUR]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.pass_by(seconds)

    @rule(count=st.integers(1, 5), all_of_it=st.booleans())
    def records_come_again(self, count: int, all_of_it: bool) -> None:
        if all_of_it:
            self.sensors.mapping.replay()
        else:
            self.sensors.mapping.rewind(count)

    @rule(picks=st.lists(st.integers(0, 1000), min_size=1, max_size=6), days_later=st.booleans())
    def records_are_told_by_themselves(self, picks: list[int], days_later: bool) -> None:
        """Those that were given up once, or so it seemed: whoever fetches them does so in any order, after what came later."""
        self.come_to_rest()
        if days_later:
            self.rows_become_blocks(at_rest=True)
        told = [record.data for shard in self.world.sensors.shards for record in shard.records]
        for pick in picks if told else ():
            self.world.invoke("OnReadingFunction", {"Records": [told[pick % len(told)]]})
        self.come_to_rest()

    @rule(shards=st.integers(1, 4), room=st.sampled_from([0, 1, 1000]))
    def aws_is_not_what_it_was(self, shards: int, room: int) -> None:
        self.world.sensors.reshard(shards)
        self.world.concurrency = room

    @rule(at_rest=st.booleans())
    def rows_become_blocks(self, at_rest: bool) -> None:
        if at_rest:
            self.come_to_rest()
        self.world.clock.pass_by(26 * HOUR)
        self.world.invoke("JobCompactFunction")  # beside whatever is under way
        if at_rest:
            self.come_to_rest()

    @rule(reading=readings)
    def a_person_corrects(self, reading: tuple[str, str, dict[str, int]]) -> None:
        """What was sent before has been taken, else it would be the last that is heard."""
        self.come_to_rest()
        station, time, given = reading
        self.sensors.correct(station, time, **given)

    def come_to_rest(self) -> None:
        for _ in range(3):  # what is fetched may be given up once more, as too old
            self.world.settle()
            self.sensors.redrive()
        self.world.settle()
        self.sensors.check()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.come_to_rest()
            assert self.world.limbo().keys() <= {"ReadingsDeadLetterQueue"}
            letters = [json.loads(message.body) for message in self.world.queues["ReadingsDeadLetterQueue"].messages]
            refused = {letter["record"]["kinesis"]["sequenceNumber"] for letter in letters}
            assert len(refused) == self.sensors.refused, "each of them, and nothing else, is there with its reason"
            for fault in self.world.struck:
                event(fault.name)
            tally.add(steps=self.world.driver.steps, calls=self.world.calls, faults=len(self.world.struck))
        finally:
            self.world.__exit__(None, None, None)


@pytest.mark.machine
@pytest.mark.timeout(7200 if LONG else 300)
def test_whatever_happens_to_sensors_the_state_is_the_models() -> None:
    run_state_machine_as_test(Stream, settings=SETTINGS)
