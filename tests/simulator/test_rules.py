"""The simulator keeps AWS's rules: each test is one sentence of AWS's documentation, cited where the rule stands."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mesonet.domain.file import Claim, Loading, Occasion
from mesonet.stores.files import from_image, to_image
from tests.builders import file_entry
from tests.simulator import releases
from tests.simulator.asynchronous import Asynchronous
from tests.simulator.clock import DAY, HOUR, MINUTE, Clock, Driver
from tests.simulator.functions import AtOnce, BadAnswer, failures_in
from tests.simulator.s3 import Notifications
from tests.simulator.sns import Subscription, lets_through, waits
from tests.simulator.sqs import Queue, QueueMapping
from tests.simulator.streams import Record, Stream, StreamMapping

PARTIAL: dict[str, Any] = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


class Stage:
    """A clock, chance, and functions that note what they are given."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.random = Random(1)
        self.runtime = AtOnce({})
        self.driver = Driver(self.clock, self.random)
        self.given: list[Any] = []

    def function(self, answer: Callable[[Any], Any]) -> None:
        def call(event: Any) -> Any:
            self.given.append(event)
            return answer(event)

        self.runtime.functions["f"] = call

    def queue(self, name: str = "q", **settings: Any) -> Queue:
        return Queue(name, self.clock, self.random, **settings)

    def queue_mapping(self, queue: Queue, **settings: Any) -> QueueMapping:
        made = QueueMapping("f", queue, settings, runtime=self.runtime)
        self.driver.sources.append(made)
        return made

    def stream_mapping(self, stream: Stream, destination: Queue | None = None, **settings: Any) -> StreamMapping:
        made = StreamMapping("f", stream, settings, runtime=self.runtime, destination=destination)
        self.driver.sources.append(made)
        return made

    def record(self, number: int, key: str = "k") -> Record:
        return Record(f"{number:03d}", key, self.clock.now, {"number": number, "key": key})

    def numbers(self) -> list[list[int]]:
        return [[record["number"] for record in event["Records"]] for event in self.given]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def raising(*_: Any) -> Any:
    raise ValueError("no")


def failing(*numbers: int) -> Callable[[Any], Any]:
    """A function that reports the first of these records as failed."""

    def answer(event: Any) -> Any:
        found = [record["number"] for record in event["Records"] if record["number"] in numbers]
        return {"batchItemFailures": [{"itemIdentifier": f"{number:03d}"} for number in found]}

    return answer


# Queues


def test_a_message_is_hidden_while_somebody_has_it_and_comes_again_if_it_is_not_deleted(stage: Stage) -> None:
    queue = stage.queue(visibility_s=30)
    queue.send("a")
    (first,) = queue.receive()
    assert queue.receive() == []
    stage.clock.pass_by(30)
    (second,) = queue.receive()
    assert (second.id, second.received) == (first.id, 2)
    queue.delete(second.receipt)
    stage.clock.pass_by(60)
    assert queue.receive() == []


def test_a_receipt_of_an_earlier_delivery_deletes_nothing(stage: Stage) -> None:
    queue = stage.queue(visibility_s=30)
    queue.send("a")
    old = queue.receive()[0].receipt
    stage.clock.pass_by(30)
    queue.receive()
    queue.delete(old)
    stage.clock.pass_by(30)
    assert len(queue.receive()) == 1


def test_the_time_out_of_one_message_can_be_changed(stage: Stage) -> None:
    queue = stage.queue(visibility_s=1800)
    queue.send("a")
    (message,) = queue.receive()
    queue.change_visibility(message.receipt, 15)
    stage.clock.pass_by(15)
    assert len(queue.receive()) == 1


def test_a_message_that_was_received_too_often_moves_on_and_keeps_its_age(stage: Stage) -> None:
    dead = stage.queue("dead", retention_s=14 * DAY)
    queue = stage.queue(visibility_s=DAY, retention_s=14 * DAY, dead_letters=dead, most_receives=2)
    queue.send("a")
    for _ in range(2):
        assert len(queue.receive()) == 1
        stage.clock.pass_by(DAY)
    assert queue.receive() == []
    assert [message.body for message in dead.visible()] == ["a"]
    stage.clock.pass_by(12 * DAY + 1)  # fourteen since it was sent
    assert dead.visible() == []
    assert len(dead.expired) == 1


def test_a_message_has_at_most_a_megabyte_and_no_characters_that_xml_has_not(stage: Stage) -> None:
    queue = stage.queue()
    for text in ("x" * 2**20, "\t\n\r ~°\ud7ff\ue000\ufffd\U0010ffff"):
        queue.send(text)
    for text in ("x" * 2**20 + "x", "°" * 2**19 + "x", "\0", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"):
        for body, attributes in ((text, {}), ("x", {"reason": {"DataType": "String", "StringValue": text}})):
            with pytest.raises(ClientError):
                queue.send(body, attributes)
    assert len(queue.visible()) == 2


def test_a_message_may_be_delayed(stage: Stage) -> None:
    queue = stage.queue()
    queue.send("a", delay_s=60)
    assert queue.receive() == []
    stage.clock.pass_by(60)
    assert len(queue.receive()) == 1


def test_a_standard_queue_keeps_no_order_and_may_deliver_twice(stage: Stage) -> None:
    queue = stage.queue()
    for body in "abcdefgh":
        queue.send(body)
    queue.twice()
    bodies = [message.body for message in queue.receive(10)]
    assert len(bodies) == 9
    assert bodies != sorted(bodies)


def test_what_a_function_did_not_name_is_deleted_and_the_rest_comes_again(stage: Stage) -> None:
    queue = stage.queue(visibility_s=30)
    names = [queue.send(body) for body in "ab"]
    stage.function(lambda _: {"batchItemFailures": [{"itemIdentifier": names[0]}]})
    stage.queue_mapping(queue, BatchSize=10, **PARTIAL)
    stage.driver.step()
    assert [message.id for message in queue.messages] == [names[0]]
    assert queue.messages[0].visible_at == stage.clock.now + 30


@pytest.mark.parametrize("answer", [raising, lambda _: {"batchItemFailures": [{"itemIdentifier": "other"}]}])
def test_a_batch_whose_function_fails_or_names_what_was_not_in_it_comes_again_whole(stage: Stage, answer: Any) -> None:
    queue = stage.queue()
    queue.send("a")
    queue.send("b")
    stage.function(answer)
    stage.queue_mapping(queue, BatchSize=10, **PARTIAL)
    stage.driver.step()
    assert len(queue.messages) == 2


def test_a_throttled_batch_stays_in_the_queue(stage: Stage) -> None:
    queue = stage.queue(visibility_s=30)
    queue.send("a")
    stage.function(lambda _: None)
    stage.runtime.concurrency = 0
    stage.queue_mapping(queue)
    stage.driver.step()
    assert stage.given == []
    stage.runtime.concurrency = 1
    stage.driver.run()
    assert len(stage.given) == 1
    assert queue.messages == []


def test_no_more_runs_than_the_mapping_allows(stage: Stage) -> None:
    queue = stage.queue()
    for body in "abc":
        queue.send(body)
    waiting: list[Callable[[Any], None]] = []
    mapping = stage.queue_mapping(queue, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    mapping.runtime = type("Slow", (), {"call": lambda self, function, event, done: waiting.append(done)})()
    while mapping.ready():
        mapping.poll()
    assert len(waiting) == 2


def test_a_disabled_mapping_takes_nothing_and_its_queue_keeps_everything(stage: Stage) -> None:
    queue = stage.queue()
    queue.send("a")
    mapping = stage.queue_mapping(queue, Enabled=False)
    assert not mapping.ready()
    assert stage.driver.run() == 0
    assert len(queue.messages) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"id": "1"}]},
        "no",
    ],
)
def test_an_answer_in_the_wrong_form_is_a_failure_of_all(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        failures_in(answer, {"1"})


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_answer_is_success(answer: Any) -> None:
    assert failures_in(answer, {"1"}) == []


# Asynchronous invocation


def kept(stage: Stage, destination: Queue | None = None, **settings: Any) -> Asynchronous:
    made = Asynchronous("f", stage.clock, stage.random, runtime=stage.runtime, settings=settings, destination=destination)
    stage.driver.sources.append(made)
    return made


def test_a_function_that_fails_is_tried_twice_more_and_what_it_was_given_goes_to_its_destination(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(raising)
    begin = stage.clock.now
    kept(stage, dead).accept({"number": 1})
    stage.driver.run()
    assert (len(stage.given), stage.clock.now - begin) == (3, 3 * MINUTE)
    told = json.loads(dead.messages[0].body)
    assert (told["requestContext"]["condition"], told["requestPayload"]) == ("RetriesExhausted", {"number": 1})


def test_without_a_destination_what_was_given_up_is_lost(stage: Stage) -> None:
    stage.function(raising)
    events = kept(stage, MaximumRetryAttempts=0)
    events.accept({"number": 1})
    stage.driver.run()
    assert (len(stage.given), events.lost) == (1, [{"number": 1}])


def test_an_event_that_finds_no_concurrency_is_tried_for_six_hours(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(lambda _: None)
    begin, stage.runtime.concurrency = stage.clock.now, 0
    kept(stage, dead).accept({"number": 1})
    stage.driver.run()
    assert stage.given == []
    assert 6 * HOUR < stage.clock.now - begin < 6 * HOUR + 6 * MINUTE
    assert json.loads(dead.messages[0].body)["requestContext"]["condition"] == "EventAgeExceeded"


def test_an_event_may_be_handed_over_twice(stage: Stage) -> None:
    stage.function(lambda _: None)
    events = kept(stage)
    events.accept({"number": 1})
    assert events.twice()
    stage.driver.run()
    assert stage.given == [{"number": 1}] * 2


# Streams


def stream_of(stage: Stage, count: int, *, keys: str = "k", **settings: Any) -> Stream:
    stream = Stream(stage.clock, **settings)
    for number in range(count):
        stream.put(stage.record(number, keys[number % len(keys)]))
    return stream


def test_records_come_in_order_in_batches(stage: Stage) -> None:
    stage.function(lambda _: None)
    stage.stream_mapping(stream_of(stage, 5), BatchSize=2)
    stage.driver.run()
    assert stage.numbers() == [[0, 1], [2, 3], [4]]


def test_a_failing_batch_blocks_its_shard_and_no_other(stage: Stage) -> None:
    stream = stream_of(stage, 8, keys="abcdefgh", shards=2)
    blocked = stream.shards[0].records[0].key

    def answer(event: Any) -> None:
        if any(record["key"] == blocked for record in event["Records"]):
            raise ValueError

    stage.function(answer)
    mapping = stage.stream_mapping(stream, BatchSize=2)
    for _ in range(60):
        stage.driver.step()
    assert mapping.behind() == len(stream.shards[0].records)


def test_the_lowest_failure_is_the_checkpoint(stage: Stage) -> None:
    """The rest comes again, whole, from there."""
    failed_once: list[int] = []

    def answer(event: Any) -> Any:
        numbers = [record["number"] for record in event["Records"]]
        found = [number for number in (4, 2) if number in numbers and number not in failed_once]
        failed_once.extend(found)
        return {"batchItemFailures": [{"itemIdentifier": f"{number:03d}"} for number in found]}

    stage.function(answer)
    stage.stream_mapping(stream_of(stage, 6), None, BatchSize=6, **PARTIAL)
    stage.driver.run()
    assert stage.numbers() == [[0, 1, 2, 3, 4, 5], [2, 3, 4, 5]]


def test_a_batch_that_raises_is_halved_until_the_poison_is_alone(stage: Stage) -> None:
    def answer(event: Any) -> None:
        if any(record["number"] == 5 for record in event["Records"]):
            raise ValueError

    dead = stage.queue("dead")
    stage.function(answer)
    mapping = stage.stream_mapping(
        stream_of(stage, 8), dead, BatchSize=8, BisectBatchOnFunctionError=True, MaximumRetryAttempts=1
    )
    stage.driver.run()
    assert [record.sequence for record in mapping.given_up] == ["005"]
    done = {number for numbers in stage.numbers() if 5 not in numbers for number in numbers}
    assert done == {0, 1, 2, 3, 4, 6, 7}


def test_halving_is_no_try(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(raising)
    stage.stream_mapping(stream_of(stage, 4), dead, BatchSize=4, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0)
    stage.driver.run()
    assert stage.numbers() == [[0, 1, 2, 3], [0, 1], [0], [1], [2, 3], [2], [3]]


def test_what_was_tried_too_often_goes_to_the_destination_which_learns_where_it_was(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(raising)
    stage.stream_mapping(stream_of(stage, 2), dead, BatchSize=10, MaximumRetryAttempts=2)
    stage.driver.run()
    assert len(stage.given) == 3
    told = json.loads(dead.messages[0].body)
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["DDBStreamBatchInfo"]["startSequenceNumber"] == "000"
    assert told["DDBStreamBatchInfo"]["endSequenceNumber"] == "001"
    assert "number" not in dead.messages[0].body


def test_a_record_that_is_older_than_the_mapping_allows_is_given_up(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(raising)
    mapping = stage.stream_mapping(stream_of(stage, 1), dead, MaximumRecordAgeInSeconds=120)
    stage.driver.run()
    assert len(mapping.given_up) == 1
    assert json.loads(dead.messages[0].body)["requestContext"]["condition"] == "RecordAgeExceeded"
    assert 120 < stage.clock.now - mapping.given_up[0].arrived < 300


def test_without_limits_a_batch_is_tried_until_its_records_are_gone_and_nobody_is_told(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(raising)
    mapping = stage.stream_mapping(stream_of(stage, 1), dead)
    stage.driver.run()
    assert len(mapping.trimmed) == 1
    assert stage.clock.now - mapping.trimmed[0].arrived > 24 * HOUR
    assert dead.messages == []


def test_a_lane_of_its_own_keeps_the_order_of_each_key(stage: Stage) -> None:
    """A failing key holds up those that share its lane, and no others."""
    stream = stream_of(stage, 40, keys="abcdefgh")

    def answer(event: Any) -> None:
        if any(record["key"] == "a" for record in event["Records"]):
            raise ValueError

    stage.function(answer)
    mapping = stage.stream_mapping(stream, BatchSize=1, ParallelizationFactor=8)
    for _ in range(200):
        stage.driver.step()
    done = [event["Records"][0] for event in stage.given if event["Records"][0]["key"] != "a"]
    assert 0 < mapping.behind() < 20
    for key in {record["key"] for record in done}:
        numbers = [record["number"] for record in done if record["key"] == key]
        assert numbers == sorted(numbers)


def test_a_batching_window_waits_for_more_records_but_not_longer(stage: Stage) -> None:
    stage.function(lambda _: None)
    stream = stream_of(stage, 1)
    stage.stream_mapping(stream, BatchSize=3, MaximumBatchingWindowInSeconds=60)
    begin = stage.clock.now
    stage.driver.run()
    assert (stage.numbers(), stage.clock.now - begin) == ([[0]], 60)
    stream.put(stage.record(1))
    stream.put(stage.record(2))
    stream.put(stage.record(3))
    moment = stage.clock.now
    stage.driver.run()
    assert (stage.numbers()[1:], stage.clock.now - moment) == ([[1, 2, 3]], 0)


def test_parents_are_read_to_their_end_before_their_children(stage: Stage) -> None:
    stage.function(lambda _: None)
    stream = stream_of(stage, 4)
    stream.reshard(2)
    for number in range(4, 8):
        stream.put(stage.record(number))
    stage.stream_mapping(stream, BatchSize=2)
    stage.driver.run()
    assert [number for numbers in stage.numbers() for number in numbers] == list(range(8))


def test_a_window_carries_its_state_and_ends_once(stage: Stage) -> None:
    """Batches of one minute share a state; at its end there is one more call, with what it came to."""

    def answer(event: Any) -> Any:
        if event["isFinalInvokeForWindow"]:
            return None
        return {"state": {"sum": event["state"].get("sum", 0) + sum(record["number"] for record in event["Records"])}}

    stage.function(answer)
    stage.clock.now -= stage.clock.now % MINUTE
    stream = stream_of(stage, 4)
    stage.stream_mapping(stream, BatchSize=3, TumblingWindowInSeconds=60)
    stage.driver.run()
    stage.clock.pass_by(5)
    stream.put(stage.record(10))
    stage.driver.run()
    finals = [event for event in stage.given if event["isFinalInvokeForWindow"]]
    assert [event["state"] for event in finals] == [{"sum": 6}, {"sum": 10}]
    assert finals[0]["window"]["end"] == finals[1]["window"]["start"]


def test_a_window_s_function_that_returns_no_state_has_failed(stage: Stage) -> None:
    dead = stage.queue("dead")
    stage.function(lambda event: None)
    mapping = stage.stream_mapping(stream_of(stage, 1), dead, TumblingWindowInSeconds=60, MaximumRetryAttempts=0)
    stage.driver.run()
    assert len(mapping.given_up) == 1


def test_a_window_whose_state_outgrows_a_megabyte_ends_early(stage: Stage) -> None:
    stage.function(lambda event: {"state": {"much": "x" * 1_000_001}})
    stage.stream_mapping(stream_of(stage, 1), TumblingWindowInSeconds=60)
    stage.driver.step()
    stage.driver.step()
    assert [event["isWindowTerminatedEarly"] for event in stage.given] == [False, True]


def test_records_may_come_again_from_an_older_checkpoint(stage: Stage) -> None:
    stage.function(lambda _: None)
    mapping = stage.stream_mapping(stream_of(stage, 3), BatchSize=3)
    stage.driver.run()
    mapping.rewind(2)
    stage.driver.run()
    assert stage.numbers() == [[0, 1, 2], [1, 2]]


# Topics


def test_a_topic_tries_a_queue_for_23_days() -> None:
    assert len(waits()) == 100_015
    assert 23 * DAY < sum(waits()) < 24 * DAY
    assert waits()[:6] == [0, 0, 0, 1, 1, 1]


def test_what_a_topic_cannot_deliver_goes_to_the_subscriptions_dead_letters(stage: Stage) -> None:
    dead, queue = stage.queue("dead"), stage.queue()
    subscription = Subscription(stage.clock, queue, dead_letters=dead)
    subscription.accept("news", {})
    queue.accepts = False
    subscription.under_way[0].tries = 100_015
    Driver(stage.clock, stage.random, [subscription]).run()
    assert [message.body for message in dead.messages] == ["news"]


def test_a_delivery_succeeds_as_soon_as_the_queue_takes_it(stage: Stage) -> None:
    queue = stage.queue()
    subscription = Subscription(stage.clock, queue)
    subscription.accept("news", {})
    queue.accepts = False
    driver = Driver(stage.clock, stage.random, [subscription])
    for _ in range(12):
        driver.step()
    queue.accepts = True
    driver.run()
    assert [message.body for message in queue.messages] == ["news"]


@pytest.mark.parametrize(
    ("policy", "through"),
    [
        (None, True),
        ({"kind": ["FileCatalogued"]}, True),
        ({"kind": ["FileDeleted"]}, False),
        ({"kind": [{"prefix": "File"}]}, True),
        ({"kind": [{"anything-but": ["FileCatalogued"]}]}, False),
        ({"stations": ["JFK"]}, True),
        ({"stations": ["LGA"]}, False),
        ({"kind": ["FileCatalogued"], "format": ["csv"]}, False),
        ({"format": [{"exists": False}]}, True),
    ],
)
def test_a_filter_lets_through_what_matches_every_attribute(policy: Any, through: bool) -> None:
    attributes = {
        "kind": {"DataType": "String", "StringValue": "FileCatalogued"},
        "stations": {"DataType": "String.Array", "StringValue": '["EWR","JFK"]'},
    }
    assert lets_through(policy, attributes) is through


# The bucket


def test_a_bucket_tells_those_who_asked_in_any_order(stage: Stage) -> None:
    created, removed = stage.queue("created"), stage.queue("removed")
    notifications = Notifications(stage.random, queues=[("s3:ObjectCreated:*", created), ("s3:ObjectRemoved:*", removed)])
    for number in range(8):
        notifications.happened({"eventName": "ObjectCreated:Put", "s3": {"object": {"key": str(number)}}})
    notifications.happened({"eventName": "ObjectRemoved:Delete", "s3": {"object": {"key": "0"}}})
    assert notifications.twice()
    Driver(stage.clock, stage.random, [notifications]).run()
    keys = [json.loads(message.body)["Records"][0]["s3"]["object"]["key"] for message in created.messages]
    assert sorted(set(keys)) == [str(number) for number in range(8)]
    assert keys != sorted(keys)
    assert len(created.messages) + len(removed.messages) == 10


def test_one_seed_is_one_story() -> None:
    def story(seed: int) -> list[list[int]]:
        stage = Stage()
        stage.random.seed(seed)
        stage.function(failing(3))
        stage.stream_mapping(stream_of(stage, 9, keys="abc", shards=3), None, BatchSize=2, MaximumRetryAttempts=1, **PARTIAL)
        stage.driver.run()
        return stage.numbers()

    assert story(5) == story(5)
    assert story(5) != story(6)


def test_code_of_an_older_release_passes_over_what_was_added_since() -> None:
    entry = file_entry(claims={"zone": Claim.READ}, occasion=Occasion.BACKFILL, loading=Loading(completeness=0.5, blocks=3))
    item = to_image(entry)
    try:
        releases.become(older=True)
        older = from_image(item)
    finally:
        releases.become(older=False)
    assert (older.claims, older.occasion, older.loading) == ({}, Occasion.NEWS, Loading(blocks=3))
    assert from_image(item) == entry
