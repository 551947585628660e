"""Every sample event gets the answer that events/expectations.json promises; tests/sam_local asks it of the real runtime."""

import logging
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from mesonet import clock
from mesonet.domain.live import SETTLED
from tests import samples
from tests.builders import s3_record
from tests.samples import World
from tests.system import System


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[System, World]]:
    """One for all cases, as in the deployed stack: each is about objects of its own."""
    with System() as system:
        world = World(system.s3, system.bucket)
        for number, key in enumerate(("samples/stations.csv", "samples/observations.csv")):
            system.tell(s3_record(key, number))
        system.deliver()
        for number, key in enumerate(samples.NEWS):
            system.tell(s3_record(key, number))
        system.pump("UploadsQueue", "on_upload")
        system.pump_changes()
        system.take("CataloguedQueue")
        yield system, world


@pytest.mark.parametrize("case", samples.CASES)
def test_a_sample_event_gets_the_answer_that_is_promised(
    case: str, world: tuple[System, World], caplog: pytest.LogCaptureFixture
) -> None:
    system, samples_world = world
    if case.startswith("job_compact/"):
        compact_what_others_sent(system)
        caplog.clear()
    with caplog.at_level(logging.INFO, logger="mesonet"):
        answer = system.invoke(case.partition("/")[0], samples_world.event(case))
    samples.check(case, answer, [{**vars(record)["fields"], "message": record.getMessage()} for record in caplog.records])
    expected = samples.expectations()[case]
    if "news" in expected:
        assert [body["kind"] for body in system.bodies("CataloguedQueue")] == expected["news"]


def compact_what_others_sent(system: System) -> None:
    """Else the sample would. Rows that came by a stream are compacted again and again until they have settled."""
    settled = clock.now() + 2 * SETTLED
    with patch("mesonet.clock.now", lambda: settled):
        system.invoke("job_compact", {})


def test_every_event_has_an_expectation_and_every_expectation_an_event() -> None:
    assert sorted(samples.expectations()) == samples.CASES


def test_a_difference_is_found() -> None:
    """Guards the guard."""
    assert samples.difference({"a": [1]}, {"a": [1], "b": 2}) == ""
    assert samples.difference({"a": [1]}, {"a": [1, 2]}) == "/a is [1, 2] and not [1]"
    assert samples.difference({"a": {"b": 1}}, {"a": {}}) == "/a/b is missing"
