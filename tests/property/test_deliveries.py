"""Any deliveries of any changes end in one state: that of a model which knows no duplicates, no order and no crash.

Here every delivery is drawn by Hypothesis; tests/simulator does the same as AWS does it, with overlapping calls.
"""

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from tests.builders import failed, mapping
from tests.model import AIR, KEYS, MAPPING_KEY, STATIONS, TIMES, Change, Delete, Model, Put, PutMapping, check, happen
from tests.system import System

EXAMPLES = settings(max_examples=int(os.environ.get("EXAMPLES", "20")))  # each takes some 0.3 s, and all some 20 s

rows = st.lists(
    st.tuples(st.sampled_from(STATIONS), st.sampled_from(TIMES), st.none() | st.integers(-50, 50)),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[:2],
)
changes = st.lists(
    st.builds(Put, st.sampled_from(KEYS), rows.map(tuple)) | st.builds(Delete, st.sampled_from(KEYS)), min_size=1, max_size=6
)


class Post:
    """Delivers as AWS may: in any order, more than once, in batches of any size. Records of the stream keep their order."""

    def __init__(self, system: System, data: st.DataObject) -> None:
        self.system = system
        self.draw: Callable[..., Any] = data.draw
        self.sent: list[dict[str, Any]] = []

    def upload(self, records: Sequence[dict[str, Any]]) -> None:
        """Some of the messages come twice; then the last comes once more."""
        again = self.draw(st.lists(st.sampled_from(records), max_size=3), label="uploads delivered twice")
        order = self.draw(st.permutations([*records, *again]), label="order of uploads")
        for record in order:
            self.system.tell(record)
            if self.draw(st.booleans(), label="deliver now"):
                self.onwards()
        self.system.tell(records[-1])
        self.onwards()

    def onwards(self) -> None:
        self.system.pump("UploadsQueue", "on_upload")
        self.fan_out()
        self.load()

    def fan_out(self) -> None:
        """A batch may come whole or in part, and come again from a record within it: a shard's checkpoint is behind."""
        records = self.system.changes()
        if records and self.draw(st.booleans(), label="stream replayed"):
            until = self.draw(st.integers(1, len(records)), label="records before the replay")
            assert failed(self.system.invoke("on_file_change", {"Records": records[:until]})) == []
        self.system.pump_changes()

    def load(self) -> None:
        messages = self.system.receive("CataloguedQueue")
        kept: list[dict[str, Any]] = []
        if messages:
            kept = self.draw(st.lists(st.sampled_from(messages), max_size=2), label="news delivered again later")
        while messages:
            for message in messages:
                place = {"QueueUrl": self.system.ref("CataloguedQueue"), "ReceiptHandle": message["ReceiptHandle"]}
                self.system.sqs.delete_message(**place)
            order = self.draw(st.permutations(messages + self.sent), label="order of news")
            self.sent = list(kept)
            for message in order:
                event = self.system.queue_event("CataloguedQueue", [message])
                assert failed(self.system.invoke("on_catalogued", event)) == []
            messages = self.system.receive("CataloguedQueue")


@EXAMPLES
@given(changes, st.data())
def test_any_order_and_number_of_deliveries_ends_in_the_state_of_the_model(happened: list[Change], data: st.DataObject) -> None:
    with System() as system:
        system.begin_with(("network/mapping.json", mapping()))
        post = Post(system, data)
        post.upload([happen(system, change) for change in happened])
        system.deliver()
        check(system, happened)
        nothing_is_dead(system)


@EXAMPLES
@given(changes, st.data())
def test_mappings_may_come_at_any_time(happened: list[Change], data: st.DataObject) -> None:
    """Before the data, between them, after them, and twice: what is there in the end is read with the right one of them.

    Of the folder's two the first is wrong; the one above it is of no account.
    """
    with System() as system:
        records = [happen(system, change) for change in happened]
        for key, unit in (("network/mapping.json", "degF"), ("network/mapping.json", "Cel"), ("mapping.json", "K")):
            record = system.store(key, mapping(unit=unit))
            records.insert(data.draw(st.integers(0, len(records)), label=f"place of {key} with {unit}"), record)
        Post(system, data).upload(records)
        system.deliver()
        check(system, happened)
        nothing_is_dead(system)


@EXAMPLES
@given(changes, st.data())
def test_a_process_may_die_anywhere(happened: list[Change], data: st.DataObject) -> None:
    """Deliveries are cut off before some call of AWS, and made again."""
    with System() as system:
        system.begin_with(("network/mapping.json", mapping()))
        system.tell(*(happen(system, change) for change in happened))
        for call in data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=3), label="crashes before calls"):
            with system.crash_before_call(call):
                system.deliver()
        system.deliver()
        check(system, happened)
        nothing_is_dead(system)


def nothing_is_dead(system: System) -> None:
    for queue in ("UploadsDeadLetterQueue", "CataloguedDeadLetterQueue", "FileChangesDeadLetterQueue"):
        assert system.take(queue) == []


def test_the_model_itself_forgets_what_a_later_change_replaced() -> None:
    """Guards the guard."""
    first = Put("a", (("EWR", TIMES[0], 1), ("EWR", TIMES[1], 2)))
    second = Put("b", (("EWR", TIMES[1], 20), ("EWR", TIMES[0], None)))
    assert Model([first, second]).said() == {"EWR": {AIR: {TIMES[0]: 1, TIMES[1]: 20}}}
    assert Model([first, second]).latest() == {"EWR": (TIMES[1], 20)}
    assert Model([first, second, Delete("b")]).said() == {"EWR": {AIR: {TIMES[0]: 1, TIMES[1]: 2}}}
    assert Model([first, Delete("a")]).files() == {"a": Status.DELETED}
    assert Model([first, PutMapping("K")]).latest() == {"EWR": (TIMES[1], -271.15)}
    assert Model([first, PutMapping("K"), Delete(MAPPING_KEY)]).files() == {"a": Status.UNMAPPED}
    assert json.dumps(Model([first]).counters()) == '{"EWR": [1, 2]}'
