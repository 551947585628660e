"""`EventsEnabled` stops every trigger, and starts it again where it stood (docs/runbooks/events.md)."""

from unittest.mock import patch

from tests import template
from tests.builders import mapping
from tests.model import MAPPING_KEY, Change, Delete, Put, PutMapping, check
from tests.simulator.world import World

BEFORE, MEANWHILE = (
    Put("network/a.csv", (("EWR", "2013-01-01T00:00:00Z", 1),)),
    Put("network/b.csv", (("JFK", "2013-01-01T00:00:00Z", 2),)),
)


def test_everything_that_comes_while_events_are_off_is_done_when_they_are_on_again() -> None:
    with World(3) as world:
        world.put(MAPPING_KEY, mapping())
        world.put(BEFORE.key, BEFORE.body)
        world.steps(30)  # something is under way in every part
        for each in world.mappings.values():
            each.enabled = False
        world.put(MEANWHILE.key, MEANWHILE.body)
        world.delete(BEFORE.key)
        world.settle()
        calls = dict(world.invocations)
        world.clock.pass_by(12 * 3600)
        world.settle()
        assert world.invocations == calls
        for each in world.mappings.values():
            each.enabled = True
        world.settle()
        assert world.limbo() == {}
        happened: list[Change] = [PutMapping("Cel"), BEFORE, MEANWHILE, Delete(BEFORE.key)]
        check(world.system, happened)


def test_the_parameter_is_what_switches_them() -> None:
    with World(1) as world:
        assert all(each.enabled for each in world.mappings.values())
    with patch.dict(template.source()["Parameters"]["EventsEnabled"], {"Default": "false"}), World(1) as world:
        assert not any(each.enabled for each in world.mappings.values())
