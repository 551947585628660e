"""S3 may call OnUpload itself, as in the comparison of `benchmarks/burst.py`: Lambda then tries three times, and no more."""

import json

import pytest

from tests.builders import mapping
from tests.model import KEYS, MAPPING_KEY, Put, PutMapping, check
from tests.simulator.asynchronous import Asynchronous
from tests.simulator.faults import Armed, Fault
from tests.simulator.sqs import Queue
from tests.simulator.world import World

T0 = "2013-01-01T00:00:00Z"


@pytest.mark.parametrize("crashes", [2, 3])
def test_what_a_function_that_is_called_directly_failed_at_three_times_waits_in_its_destination(crashes: int) -> None:
    with World(1) as world:
        dead = Queue("dead", world.clock, world.random)
        direct = Asynchronous("OnUploadFunction", world.clock, world.random, runtime=world, destination=dead)
        world.notifications.functions = [(pattern, direct) for pattern, _ in world.notifications.queues]
        world.notifications.queues.clear()
        world.driver.sources.append(direct)
        world.put(MAPPING_KEY, mapping())
        world.settle()
        one, other = Put(KEYS[0], (("EWR", T0, 1),)), Put(KEYS[1], (("JFK", T0, 2),))
        world.put(one.key, one.body)
        world.armed += [Armed(Fault.CRASH_BEFORE) for _ in range(crashes)]
        while world.armed:
            assert world.step()
        world.put(other.key, other.body)
        world.notifications.twice()
        world.settle()
        assert len(dead.messages) == (crashes == 3)
        for message in dead.messages:
            direct.accept(json.loads(message.body)["requestPayload"])
        world.settle()
        assert not direct.waiting
        check(world.system, [PutMapping("Cel"), one, other])
