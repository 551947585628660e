"""Old and new code side by side: each reads what the other has written, for every release that was recorded."""

import json

import pytest

from tests import samples
from tests.builders import failed
from tests.delivery import golden
from tests.system import System

RELEASES = {path.stem: json.loads(path.read_text()) for path in sorted(golden.RELEASES.glob("*.json"))}


def test_there_is_a_release_to_look_back_to() -> None:
    assert RELEASES
    for kept in RELEASES.values():
        assert all(kept["messages"].values())
        assert sum(map(len, kept["items"].values())) > 5


@pytest.mark.parametrize("name", RELEASES)
def test_this_code_reads_what_that_release_has_written(name: str) -> None:
    with System() as running:
        golden.restore(running, RELEASES[name]["items"])
        for path, told in golden.answers(running, RELEASES[name]["answers"]).items():
            before = {key: each for key, each in RELEASES[name]["answers"][path].items() if key != "links"}
            assert not samples.difference(before, told), path  # more than before it may say


@pytest.mark.parametrize("name", RELEASES)
def test_this_code_takes_the_messages_that_were_under_way(name: str) -> None:
    with System() as running:
        golden.write(running)  # the objects that they speak of are there
        for queue, events in RELEASES[name]["messages"].items():
            for event in events:
                assert failed(running.invoke(golden.TAKERS[queue], event)) == []


@pytest.mark.parametrize("name", RELEASES)
def test_that_release_finds_everything_it_looks_for_in_what_this_code_writes(name: str) -> None:
    with System(BlockFormat=RELEASES[name].get("block_format", "2")) as running:
        golden.write(running)
        now = golden.shapes(golden.items(running))
    for table, attributes in golden.shapes(RELEASES[name]["items"]).items():
        if table in now:
            assert attributes <= now[table], f"{table} has lost {sorted(attributes - now[table])}"
