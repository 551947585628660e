"""Every fault of the table: it is injected, nothing is lost, and the state is the model's."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import pytest

from local import operations
from mesonet.domain.file import LoadState, Status, file_id
from mesonet.domain.instant import Interval, parse
from tests import template
from tests.builders import failed, file_entry, mapping, sqs_event, stream_record, table, time_of
from tests.component.test_job_reconcile import reconcile
from tests.faults import test_sensor_faults
from tests.faults.table import FAULTS
from tests.model import AIR, KEYS, Change, Delete, Put, PutMapping, check, happen
from tests.simulator.faults import Armed, Fault
from tests.simulator.sns import Subscription
from tests.simulator.streams import Record, StreamMapping
from tests.simulator.world import World
from tests.system import System

A, B = KEYS[:2]
T0, T1, T2 = "2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z", "2013-01-02T00:00:00Z"
ONE = Put(A, (("EWR", T0, 1), ("JFK", T0, 2)))
TWO = Put(A, (("EWR", T1, 5),))
OTHER = Put(B, (("EWR", T2, 7),))
MAPPED = PutMapping("Cel")


@pytest.fixture
def system() -> Iterator[System]:
    with System() as made:
        made.begin_with((MAPPED.key, MAPPED.body))
        yield made


@pytest.fixture
def world() -> Iterator[World]:
    with World(7) as made:
        made.put(MAPPED.key, MAPPED.body)
        made.settle()
        yield made


def settled(world: World, *changes: Change) -> None:
    """Nothing is under way, nothing was given up, and the state is the model's."""
    world.settle()
    assert world.limbo() == {}
    check(world.system, [MAPPED, *changes])


def told(system: System, *changes: Change) -> list[dict[str, Any]]:
    return [happen(system, change) for change in changes]


def after(system: System, *changes: Change) -> None:
    for change in changes:
        system.tell(*told(system, change))
        system.deliver()


# What S3 may do --------------------------------------------------------------------------------------------------------------


@pytest.mark.fault(1)
def test_an_event_that_comes_twice_has_one_effect(world: World) -> None:
    world.put(A, ONE.body)
    for _ in range(3):
        world.notifications.twice()
    world.steps(60)
    world.queues["UploadsQueue"].twice()
    settled(world, ONE)


@pytest.mark.fault(1)
def test_what_stands_twice_in_one_batch_has_one_effect(system: System) -> None:
    """SQS and the pollers of streams may hand over a record again beside itself."""
    (record,) = told(system, ONE)
    system.invoke("on_upload", sqs_event(json.dumps({"Records": [record, record]}), json.dumps({"Records": [record]})))
    changes = system.changes()
    system._stream_position += len(changes)
    assert failed(system.invoke("on_file_change", {"Records": [*changes, *changes]})) == []
    messages = system.receive("CataloguedQueue")
    assert len({json.loads(message["Body"])["id"] for message in messages}) == 1
    assert failed(system.invoke("on_catalogued", system.queue_event("CataloguedQueue", [*messages, *messages]))) == []
    system.deliver()
    check(system, [MAPPED, ONE])


@pytest.mark.fault(2)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_newest_sequencer_wins(system: System, order: Sequence[int]) -> None:
    changes = [ONE, TWO, Put(A, (("JFK", T2, 9),))]
    records = told(system, *changes)
    for at in order:
        system.tell(records[at])
        system.deliver()
    check(system, [MAPPED, *changes])


@pytest.mark.fault(2)
def test_sequencers_are_compared_padded_on_the_right(system: System) -> None:
    first, second = told(system, ONE, TWO)
    first["s3"]["object"]["sequencer"], second["s3"]["object"]["sequencer"] = "0055AED6DCD90281E50", "0055AED6DCD90281E6"
    system.tell(second, first)
    system.deliver()
    check(system, [MAPPED, ONE, TWO])


@pytest.mark.fault(3)
def test_a_tombstone_holds_against_a_late_event(system: System) -> None:
    put, delete = told(system, ONE, Delete(A))
    system.tell(delete)
    system.deliver()
    system.tell(put)
    system.deliver()
    check(system, [MAPPED, ONE, Delete(A)])


@pytest.mark.fault(3)
@pytest.mark.parametrize("then", ["a version that is taken away", "a marker that is taken away", "a version below a marker"])
def test_of_versions_that_come_and_go_the_bucket_is_right_in_whatever_order_it_is_told(system: System, then: str) -> None:
    """Amazon S3 User Guide, "Restoring previous versions" and "Deleting object versions from a versioning-enabled bucket"."""
    changes: list[Change] = [MAPPED]
    for number, order in enumerate(permutations(range(3))):
        one = Put(f"network/{number}.csv", (("EWR", T0, number), ("JFK", T1, number)))
        first = happen(system, one)
        second = happen(system, Delete(one.key) if "marker" in then else Put(one.key, (("EWR", T2, number),)))
        gone = first if then.endswith("below a marker") else second
        records = [first, second, system.remove(one.key, gone["s3"]["object"]["versionId"])]
        for at in order:
            system.tell(records[at])
            system.deliver()
        changes += [one, Delete(one.key)] if gone is first else [one]
    check(system, changes)


@pytest.mark.fault(4)
@pytest.mark.parametrize(
    "key",
    [
        "network/a b.csv",
        "network/a+b.csv",
        "network/100%.csv",
        "network/Zürich 気温.csv",
        "network/a%20b.csv",
        "network/\ufffe\uffff😀.csv",
    ],
)
def test_a_key_is_read_and_shown_as_it_is(world: World, key: str) -> None:
    change = Put(key, ONE.rows)
    world.put(key, change.body)
    settled(world, change)
    assert world.system.entry(key).key == key
    assert key in world.system.lists()["station#EWR"]


@pytest.mark.fault(5)
def test_an_object_without_bytes_is_catalogued_as_empty_and_not_tried_again(world: World) -> None:
    world.put(A, b"")
    settled(world, Put(A, ()))
    assert world.system.entry(A).status is Status.EMPTY
    assert world.invocations["OnUploadFunction"] <= 3  # the mapping, its second look, and this


@pytest.mark.fault(6)
def test_the_version_that_an_event_speaks_of_is_read(system: System) -> None:
    first, second = told(system, ONE, TWO)
    system.tell(first)
    system.pump("UploadsQueue", "on_upload")
    assert system.entry(A).stations == {"EWR": 1, "JFK": 1}
    system.tell(second)
    system.deliver()
    check(system, [MAPPED, ONE, TWO])


@pytest.mark.fault(7)
def test_an_object_that_is_gone_is_acknowledged_and_counted(system: System, capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = told(system, ONE)
    system.s3.delete_object(Bucket=system.bucket, Key=A, VersionId=record["s3"]["object"]["versionId"])
    system.tell(record)
    system.deliver()
    assert system.take("UploadsQueue") == []
    assert '"UploadGone":[1.0]' in capsys.readouterr().out
    check(system, [MAPPED])


@pytest.mark.fault(8)
def test_what_the_system_writes_itself_triggers_nothing(system: System) -> None:
    """Its functions may not write into the bucket that tells of its objects; the one where they write tells nobody."""
    buckets = template.resources("AWS::S3::Bucket")
    telling = {name for name, each in buckets.items() if "NotificationConfiguration" in each["Properties"]}
    assert telling == {"ArchiveBucket"}
    after(system, Put(A, (("EWR", T0, 1), ("JFK", T0, None))))
    system.tell(system.store(B, table(("EWR", "no time", 1))))
    system.deliver()
    assert system.s3.list_objects_v2(Bucket=system.ref("DerivedBucket"))["KeyCount"] > 0
    assert {each["Key"] for each in system.s3.list_objects_v2(Bucket=system.bucket)["Contents"]} == {MAPPED.key, A, B}


@pytest.mark.fault(9)
@pytest.mark.parametrize("pack", ["gzip", "zip"])
def test_a_bomb_is_bounded_and_rejected_with_the_reason(system: System, pack: str) -> None:
    bomb = io.BytesIO()
    blank = b"station,time,temp\n" + b" " * (64 * 1024 * 1024)
    if pack == "gzip":
        bomb.write(gzip.compress(blank, 9))
    else:
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr("data.csv", blank)
    after(system, OTHER)
    system.tell(system.store(A, bomb.getvalue()))
    system.deliver()
    entry = system.entry(A)
    assert entry.status not in (Status.OK, Status.PARTIAL)
    assert entry.why
    assert entry.loading.state is LoadState.NONE
    assert system.said().keys() == {"EWR"}


@pytest.mark.fault(10)
@pytest.mark.parametrize("packed", [False, True])
def test_of_a_cut_off_file_the_whole_rows_are_taken_and_the_cut_is_told(system: System, packed: bool) -> None:
    rows = [("EWR", f"2013-01-{day:02d}T{hour:02d}:00:00Z", hour) for day in range(1, 29) for hour in range(24)]
    whole = table(*rows)
    cut = gzip.compress(whole)[:-900] if packed else whole[:-8]
    system.tell(system.store(A, cut))
    system.deliver()
    entry = system.entry(A)
    assert entry.status is Status.PARTIAL
    assert entry.rejected >= 1
    assert 0 < len(system.said()["EWR"][AIR]) < len(rows)
    assert entry.loading.state is LoadState.LOADED


# What may become of a process -----------------------------------------------------------------------------------------------


@pytest.mark.fault(11)
@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER])
@pytest.mark.parametrize("call", range(0, 36, 6))
def test_a_crash_at_any_call_ends_in_the_same_state(world: World, fault: Fault, call: int) -> None:
    world.put(A, ONE.body)
    world.armed.append(Armed(fault, call))
    world.steps(500)
    assert not world.armed or call > 25
    world.put(A, TWO.body)
    settled(world, ONE, TWO)


@pytest.mark.fault(12)
@pytest.mark.parametrize("call", [2, 6, 12, 18])
def test_a_run_that_hangs_is_ended_and_its_work_comes_again(world: World, call: int) -> None:
    world.armed.append(Armed(Fault.HANGS, call))
    world.put(A, ONE.body)
    world.put(B, OTHER.body)
    world.steps(400)
    assert world.struck == [Fault.HANGS]
    settled(world, ONE, OTHER)


# What a stream may do -------------------------------------------------------------------------------------------------------


@pytest.mark.fault(13)
@pytest.mark.parametrize("kind", ["of any kind", "too large for its queue", "of characters that its queue refuses"])
def test_a_poison_record_is_set_aside_and_the_shard_goes_on(world: World, kind: str) -> None:
    """Two images of 400 KB, in Base64, are more than a message of SQS may have."""
    world.put(A, ONE.body)
    world.steps(25)
    poison = stream_record(None, file_entry(key="poison.csv"), 900)
    status = "no such status" + ("\0\x1b\ufffe\uffff" if kind.startswith("of characters") else "")
    poison["dynamodb"]["NewImage"] |= {"status": {"S": status}}
    if kind.startswith("too large"):
        images = poison["dynamodb"]
        images["NewImage"] |= {"of a later release": {"B": "A" * 530_000}}
        images["OldImage"] = images["NewImage"] | {"order": {"S": "before"}}
    world.stream.put(Record("900", '{"file_id"}', world.clock.now, poison))
    world.put(B, OTHER.body)
    world.settle()
    (message,) = world.queues["FileChangesDeadLetterQueue"].messages
    assert "no such status" in message.attributes["reason"]["StringValue"]
    letter = json.loads(message.body)
    assert "no such status" in letter["reason"]
    if kept := letter.get("kept"):
        letter = json.load(world.system.s3.get_object(Bucket=kept["bucket"], Key=kept["key"])["Body"])
    assert bool(kept) is kind.startswith("too large")
    assert letter["record"] == poison
    world.queues["FileChangesDeadLetterQueue"].messages.clear()
    settled(world, ONE, OTHER)


@pytest.mark.fault(14)
def test_a_partial_failure_is_the_checkpoint_and_the_replay_harmless(world: World) -> None:
    for number in range(6):
        world.put(f"network/{number}.csv", table(("EWR", T0, number)))
    world.armed += [Armed(Fault.PARTIAL, 0) for _ in range(4)]
    world.steps(300)
    assert Fault.PARTIAL in world.struck
    settled(world, *(Put(f"network/{number}.csv", (("EWR", T0, number),)) for number in range(6)))


@pytest.mark.fault(15)
def test_records_that_were_given_up_are_fetched_again_while_the_stream_has_them(system: System) -> None:
    """Lambda's destination says only where the records were."""
    system.tell(*told(system, ONE))
    system.pump("UploadsQueue", "on_upload")
    records = system.changes()
    system._stream_position += len(records)  # given up
    told_of = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "DDBStreamBatchInfo": {
            "shardId": "shard-0",
            "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
            "streamArn": "arn:aws:dynamodb:us-east-1:123456789012:table/FilesTable/stream/now",
        },
    }
    system.sqs.send_message(QueueUrl=system.ref("FileChangesDeadLetterQueue"), MessageBody=json.dumps(told_of))
    assert redrive(system, records)["FileChangesDeadLetterQueue"] == 1
    system.deliver()
    check(system, [MAPPED, ONE])


@pytest.mark.fault(16)
def test_order_of_a_key_holds_whatever_the_shards_do(world: World) -> None:
    changes = []
    for number in range(4):
        for key in (A, B):
            change = Put(key, (("EWR", T0, number), ("JFK", T1, number)))
            world.put(key, change.body)
            changes.append(change)
        world.steps(40)
        world.stream.reshard(number % 3 + 1)
    settled(world, *changes)


@pytest.mark.fault(17)
def test_what_time_to_live_removes_is_no_deletion(system: System) -> None:
    after(system, ONE)
    system.take("CataloguedQueue")
    entry = system.entry(A)
    answer = system.invoke("on_file_change", {"Records": [stream_record(entry, None, expired=True)]})
    assert failed(answer) == []
    assert system.take("CataloguedQueue") == []
    answer = system.invoke("on_file_change", {"Records": [stream_record(entry, None)]})
    assert [body["kind"] for body in system.bodies("CataloguedQueue")] == ["FileDeleted"]


@pytest.mark.fault(18)
def test_a_gap_of_more_than_a_day_is_found_and_mended(world: World) -> None:
    """The mapping was off; the stream has lost what it held."""
    stream = world.mappings["OnFileChangeFunction"]
    assert isinstance(stream, StreamMapping)
    stream.enabled = False
    world.put(A, ONE.body)
    world.settle()
    assert world.system.entry(A).loading.state is LoadState.PENDING
    world.clock.pass_by(25 * 3600)
    stream.enabled = True
    world.put(B, OTHER.body)
    world.settle()
    assert stream.trimmed, "nothing was lost"
    world.system._stream_position = len(world.system.history())
    with world.system.meanwhile():
        assert reconcile(world.system) == {"not_indexed": 1, "not_loaded": 1}
    check(world.system, [MAPPED, ONE, OTHER])


@pytest.mark.fault(19)
def test_a_change_that_changes_nothing_is_not_told(system: System) -> None:
    after(system, ONE)
    system.dynamodb.update_item(
        TableName=system.ref("FilesTable"),
        Key={"file_id": {"S": file_id(system.bucket, A)}},
        UpdateExpression="SET nothing = :nothing",
        ExpressionAttributeValues={":nothing": {"S": "much"}},
    )
    assert len(system.changes()) == 1
    counters = system.counters()
    system.pump_changes()
    assert system.take("CataloguedQueue") == []
    assert system.counters() == counters


# What other services may do -------------------------------------------------------------------------------------------------


@pytest.mark.fault(20)
@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.NO_ANSWER, Fault.PARTIAL])
def test_a_topic_that_fails_is_told_again_and_news_keep_their_name(world: World, fault: Fault) -> None:
    """A subscriber tells a repetition by its `id`."""
    heard: list[str] = []
    (subscription,) = world.subscriptions["FilesTopic"]
    accept = type(subscription).accept

    def listen(self: Subscription, body: str, attributes: Any) -> None:
        heard.append(json.loads(body)["id"])
        accept(self, body, attributes)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Subscription, "accept", listen)
        for number, change in enumerate((ONE, OTHER)):
            world.put(change.key, change.body)
            world.armed.append(_OnlyAt("sns", fault, number))
        settled_when_armed(world)
        assert fault in world.struck
    assert len(set(heard)) == 2
    settled(world, ONE, OTHER)


class _OnlyAt(Armed):
    """Strikes only at calls of one service."""

    def __init__(self, service: str, fault: Fault, after: int = 0) -> None:
        super().__init__(fault, after)
        self._service = service

    def strikes(self, service: str, operation: str) -> bool:
        return service == self._service and super().strikes(service, operation)


def settled_when_armed(world: World) -> None:
    """Works until nothing is under way, while things go wrong."""
    for _ in range(20_000):
        if not world.step() and not world.step():
            return
    raise AssertionError("it goes on and on")


@pytest.mark.fault(21)
def test_of_an_index_that_takes_half_only_the_other_half_is_sent_again(world: World) -> None:
    world.put(A, ONE.body)
    world.armed += [_OnlyOf("BatchWriteItem", Fault.PARTIAL) for _ in range(5)]
    settled_when_armed(world)
    assert world.struck.count(Fault.PARTIAL) >= 3
    settled(world, ONE)


class _OnlyOf(Armed):
    """Strikes only at one operation."""

    def __init__(self, operation: str, fault: Fault, after: int = 0) -> None:
        super().__init__(fault, after)
        self._operation = operation

    def strikes(self, service: str, operation: str) -> bool:
        return operation == self._operation and super().strikes(service, operation)


@pytest.mark.fault(22)
def test_while_the_index_is_down_the_stream_holds_and_then_catches_up(world: World) -> None:
    world.armed += [_OnlyOf("BatchWriteItem", Fault.THROTTLED) for _ in range(500)]
    for change in (ONE, TWO, OTHER):
        world.put(change.key, change.body)
    world.steps(400)
    assert world.struck.count(Fault.THROTTLED) > 3
    assert world.system.lists().get("station#EWR", set()) == set()
    settled(world, ONE, TWO, OTHER)


@pytest.mark.fault(23)
@pytest.mark.parametrize("service", ["dynamodb", "s3", "sqs"])
def test_a_service_that_says_not_now_is_asked_again(world: World, service: str) -> None:
    world.armed += [_OnlyAt(service, Fault.THROTTLED, number) for number in range(0, 12, 2)]
    world.armed += [_OnlyAt("dynamodb", Fault.PARTIAL, number) for number in range(3)]
    for change in (ONE, OTHER, TWO):
        world.put(change.key, change.body)
    world.steps(600)
    assert Fault.PARTIAL in world.struck or Fault.THROTTLED in world.struck
    settled(world, ONE, OTHER, TWO)


@pytest.mark.fault(24)
def test_a_condition_that_fails_is_success_or_conflict_and_nothing_else(system: System) -> None:
    first, second = told(system, ONE, TWO)
    system.tell(second)
    system.deliver()
    before = system.state()
    answer = system.invoke("on_upload", sqs_event(json.dumps({"Records": [first]}), json.dumps({"Records": [second]})))
    assert failed(answer) == []
    assert system.state() == before


@pytest.mark.fault(25)
@pytest.mark.parametrize("count", [1, 3, 6])
def test_transactions_that_meet_are_made_again(world: World, count: int) -> None:
    world.armed += [_OnlyOf("TransactWriteItems", Fault.CONFLICT, number) for number in range(count)]
    for change in (ONE, OTHER):
        world.put(change.key, change.body)
    settled_when_armed(world)
    assert Fault.CONFLICT in world.struck
    settled(world, ONE, OTHER)


# What happens to a whole system ---------------------------------------------------------------------------------------------


@pytest.mark.fault(26)
def test_without_concurrency_everything_waits_and_nothing_is_lost(world: World) -> None:
    world.concurrency = 0
    changes = [Put(f"network/{number}.csv", (("EWR", T0, number),)) for number in range(5)]
    for change in changes:
        world.put(change.key, change.body)
    until = world.clock.now + 3 * 3600
    while world.clock.now < until:
        world.step()
    assert world.system.entries() == [world.system.entry(MAPPED.key)]
    world.concurrency = 1
    world.steps(300)
    settled(world, *changes)


@pytest.mark.fault(26)
def test_what_waits_for_concurrency_longer_than_its_queue_tries_is_kept_with_the_dead_letters(world: World) -> None:
    world.put(A, ONE.body)
    world.concurrency = 0
    while world.step():
        pass
    assert world.limbo() == {"UploadsDeadLetterQueue": 1}
    world.concurrency = 1000
    world.redrive()
    settled(world, ONE)


@pytest.mark.fault(26)
def test_a_caller_who_is_one_too_many_is_told_when_to_come_again() -> None:
    responses = template.resources("AWS::Serverless::Api")["WeatherApi"]["Properties"]["GatewayResponses"]
    assert responses["THROTTLED"]["StatusCode"] == 429
    assert responses["THROTTLED"]["ResponseParameters"]["Headers"]["Retry-After"]


class _Lambda:
    """Functions called by name, and a stream that gives its records again: what moto has no Docker for."""

    def __init__(self, system: System, records: Sequence[dict[str, Any]] = ()) -> None:
        self._system = system
        self._records = records

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        answer = self._system.invoke(template.folder_of(FunctionName), json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def get_shard_iterator(self, **_: Any) -> dict[str, Any]:
        return {"ShardIterator": "0"}

    def get_records(self, *, ShardIterator: str) -> dict[str, Any]:
        return {"Records": list(self._records) if ShardIterator == "0" else [], "NextShardIterator": "1"}


def at(system: System, records: Sequence[dict[str, Any]] = ()) -> operations.Target:
    """The system as an operator sees a stack."""
    names = [name for kind in ("SQS::Queue", "DynamoDB::Table", "S3::Bucket") for name in template.resources(f"AWS::{kind}")]
    said = {name: system.ref(name) for name in names} | {name: name for name in template.functions()}
    helper = _Lambda(system, records)
    clients = {"sqs": system.sqs, "s3": system.s3, "dynamodb": system.dynamodb, "lambda": helper, "dynamodbstreams": helper}
    return operations.Target(said, clients.__getitem__)


def redrive(system: System, records: Sequence[dict[str, Any]] = (), **given: Any) -> dict[str, int]:
    options: dict[str, Any] = {"rate": 1000.0, "dry": False, "say": lambda _: None, "sleep": lambda _: None} | given
    return operations.redrive(at(system, records), **options)


@pytest.mark.fault(27)
def test_dead_letters_are_sent_back_at_a_rate_and_twice_does_no_harm(system: System) -> None:
    records = told(system, ONE, OTHER)
    for record in [*records, *records]:
        system.sqs.send_message(QueueUrl=system.ref("UploadsDeadLetterQueue"), MessageBody=json.dumps({"Records": [record]}))
    slept: list[float] = []
    assert redrive(system, dry=True)["UploadsDeadLetterQueue"] == 0
    assert redrive(system, rate=50.0, sleep=slept.append)["UploadsDeadLetterQueue"] == 4
    assert slept == [0.02] * 4
    system.deliver()
    check(system, [MAPPED, ONE, OTHER])
    assert redrive(system)["UploadsDeadLetterQueue"] == 0


@pytest.mark.fault(27)
@pytest.mark.parametrize("most_bytes", [250_000, 100])
def test_a_record_that_was_set_aside_is_fanned_out_when_its_cause_is_mended(
    system: System, most_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it waits in its queue or, too large for that, in the bucket."""
    monkeypatch.setattr("mesonet.channels.dead_letters._MOST_BYTES", most_bytes)
    system.tell(*told(system, ONE))
    system.pump("UploadsQueue", "on_upload")
    records = system.changes()
    system._stream_position += len(records)
    for record in records:
        system.modules["on_file_change"].dead_letters.set_aside(record, reason="it was poison")
    assert len(system.s3.list_objects_v2(Bucket=system.ref("DerivedBucket")).get("Contents", ())) == (
        len(records) if most_bytes == 100 else 0
    )
    assert redrive(system)["FileChangesDeadLetterQueue"] == len(records)
    system.deliver()
    check(system, [MAPPED, ONE])


@pytest.mark.fault(27)
def test_a_letter_that_is_none_stays_and_the_others_are_sent_back(system: System) -> None:
    no_letters = ["nonsense", "[]", "{}", '{"record": 1}', '{"kept": null}', '{"kept": {"bucket": "a"}}']
    no_letters += ['{"DDBStreamBatchInfo": null}', '{"DDBStreamBatchInfo": {"streamArn": "a"}}', '{"KinesisBatchInfo": [1]}']
    system.tell(*told(system, ONE))
    system.pump("UploadsQueue", "on_upload")
    records = system.changes()
    system._stream_position += len(records)
    for nonsense in no_letters:
        system.sqs.send_message(QueueUrl=system.ref("FileChangesDeadLetterQueue"), MessageBody=nonsense)
    for record in records:
        system.modules["on_file_change"].dead_letters.set_aside(record, reason="it was poison")
    said: list[str] = []
    assert redrive(system, say=said.append)["FileChangesDeadLetterQueue"] == len(records)
    stays = "  FileChangesDeadLetterQueue    one stays: it tells of no record; it begins with "
    assert {line for line in said if "stays" in line} == {f"{stays}{nonsense!r}" for nonsense in no_letters}
    system.deliver()
    check(system, [MAPPED, ONE])


@pytest.mark.fault(27)
def test_records_that_cannot_be_fetched_are_not_told_as_a_letter_that_is_none(system: System) -> None:
    """The letter is as it should be, and stays for the next time; what it leads to is broken."""
    queue, bucket = system.ref("FileChangesDeadLetterQueue"), system.ref("DerivedBucket")
    system.s3.put_object(Bucket=bucket, Key="set-aside/a.json", Body=b"cut off {")
    letter = {"reason": "it was poison", "kept": {"bucket": bucket, "key": "set-aside/a.json"}}
    system.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(letter))
    said: list[str] = []
    with pytest.raises(json.JSONDecodeError):
        redrive(system, say=said.append)
    assert not [line for line in said if "no record" in line]
    left = system.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert left["Attributes"] == {"ApproximateNumberOfMessagesNotVisible": "1"}


@pytest.mark.fault(27)
@pytest.mark.parametrize("set_aside", [False, True])
def test_what_is_sent_back_keeps_its_attributes(system: System, set_aside: bool) -> None:
    """A subscription is chosen by them."""
    body, kind = '{"id": "news"}', {"DataType": "String", "StringValue": "FilePublished"}
    sent, attributes = body, {"kind": kind}
    if set_aside:
        record = {"body": body, "messageAttributes": {"kind": {"dataType": "String", "stringValue": "FilePublished"}}}
        sent = json.dumps({"reason": "it was poison", "record": record})
        attributes = {"reason": {"DataType": "String", "StringValue": "it was poison"}}
    system.sqs.send_message(QueueUrl=system.ref("NoticeDeadLetterQueue"), MessageBody=sent, MessageAttributes=attributes)
    assert redrive(system)["NoticeDeadLetterQueue"] == 1
    answer = system.sqs.receive_message(QueueUrl=system.ref("NoticeQueue"), MessageAttributeNames=["All"])
    assert [(each["Body"], each["MessageAttributes"]) for each in answer["Messages"]] == [(body, {"kind": kind})]


def test_dead_letters_of_every_queue_can_be_sent_back() -> None:
    queues = {name for name in template.resources("AWS::SQS::Queue") if name.endswith("DeadLetterQueue")}
    assert queues == operations.QUEUES.keys() | operations.RECORDS.keys()
    outputs = template.source()["Outputs"].keys()
    assert queues | set(operations.QUEUES.values()) | set(operations.RECORDS.values()) <= outputs


@pytest.mark.fault(28)
def test_history_beside_live_data_changes_nothing_of_it_and_alerts_nobody(system: System) -> None:
    """The backfill comes later, and tells of the same time: what came live is right."""
    after(system, Put(A, (("EWR", T1, 5),)))
    kinds: list[str] = []
    (backfilled, _) = _history(system, B, table(("EWR", T0, 1), ("EWR", T1, 99)))
    system.tell(backfilled)
    system.pump("UploadsQueue", "on_upload")
    system.pump_changes()
    messages = system.receive("CataloguedQueue")
    kinds = [json.loads(message["Body"])["kind"] for message in messages]
    assert failed(system.invoke("on_catalogued", system.queue_event("CataloguedQueue", messages))) == []
    assert kinds == ["FileBackfilled"]
    assert system.said()["EWR"][AIR] == {T0: 1, T1: 5}
    assert system.latest()["EWR"][AIR]["value"] == 5


def _history(system: System, key: str, body: bytes) -> tuple[dict[str, Any], str]:
    record = system.store(key, body)
    answer = system.s3.put_object(Bucket=system.bucket, Key=key, Body=body, Metadata={"mesonet-backfill": "true"})
    record["s3"]["object"]["versionId"] = answer["VersionId"]
    return record, answer["VersionId"]


@pytest.mark.fault(28)
def test_a_replay_repeats_no_news(system: System) -> None:
    after(system, ONE, OTHER)
    before = system.state()
    everything = operations.replay(
        at(system), prefix="network/", period=Interval(), rate=1000.0, say=lambda _: None, sleep=lambda _: None
    )
    assert everything == 3
    system.pump("UploadsQueue", "on_upload")
    system.pump_changes()
    messages = system.receive("CataloguedQueue")
    assert {json.loads(message["Body"])["kind"] for message in messages} == {"FileReread"}
    for message in messages:
        assert failed(system.invoke("on_catalogued", system.queue_event("CataloguedQueue", [message]))) == []
    state = system.state()
    for key in (A, B, MAPPED.key):
        state["files"][key].pop("occasion", None), before["files"][key].pop("occasion", None)
    assert state == before


@pytest.mark.fault(29)
def test_what_lies_in_the_future_is_flagged_shown_and_never_the_latest(system: System) -> None:
    arrived = time_of(100)
    ahead = "2031-01-01T00:00:00Z"
    assert parse(ahead) > parse(arrived)
    after(system, Put(A, (("EWR", T0, 1), ("EWR", ahead, 9))))
    assert system.said()["EWR"][AIR] == {T0: 1, ahead: 9}
    assert system.latest()["EWR"][AIR]["value"] == 1
    assert system.entry(A).loading.tests == {AIR: {"future": 1}}


@pytest.mark.fault(30)
def test_a_table_that_is_restored_has_equal_checksums_and_its_stream_and_expiry_back(system: System) -> None:
    """A restoration makes a new table; its stream and its time-to-live are not restored, they come from the template."""
    after(system, ONE, OTHER, TWO)
    for name, each in template.resources("AWS::DynamoDB::Table").items():
        saved = system.dynamodb.scan(TableName=name)["Items"]
        checksum = sorted(json.dumps(item, sort_keys=True, default=str) for item in saved)
        system.dynamodb.delete_table(TableName=name)
        system.make_table(name, each["Properties"])
        for item in saved:
            system.dynamodb.put_item(TableName=name, Item=item)
        restored = system.dynamodb.scan(TableName=name)["Items"]
        assert sorted(json.dumps(item, sort_keys=True, default=str) for item in restored) == checksum
        described = system.dynamodb.describe_table(TableName=name)["Table"]
        assert ("StreamSpecification" in each["Properties"]) == described.get("StreamSpecification", {}).get(
            "StreamEnabled", False
        )
        system._stream_position = 0
    system.deliver()
    assert reconcile(system) == {}
    check(system, [MAPPED, ONE, OTHER, TWO])
    expiring = {
        name
        for name, each in template.resources("AWS::DynamoDB::Table").items()
        if "TimeToLiveSpecification" in each["Properties"]
    }
    assert "ObservationsTable" in expiring


@pytest.mark.fault(31)
def test_a_lost_region_is_made_anew_from_the_bucket_alone() -> None:
    """Objects with their versions, as a replica of the bucket has them, in a stack that is empty."""
    with System() as system:
        changes: list[Change] = [MAPPED, ONE, OTHER, TWO, Delete(B)]
        for change in changes:
            happen(system, change)  # nobody is told
        assert system.entries() == []
        reconcile(system)
        reconcile(system)
        check(system, [change for change in changes if change.key != B])


@pytest.mark.fault(32)
def test_old_and_new_code_read_each_others_items_and_events(system: System) -> None:
    """Old code knows nothing of what was added since the first release; newer code adds what this one does not know."""
    after(system, ONE)
    key = {"file_id": {"S": file_id(system.bucket, A)}}
    item = system.dynamodb.get_item(TableName=system.ref("FilesTable"), Key=key)["Item"]
    added = ("mapping_order", "occasion", "rejects_object", "claims", "gaps", "proposal")
    older = {name: value for name, value in item.items() if name not in added}
    newer = item | {"member_of_a_later_release": {"M": {"deep": {"S": "x"}}}}
    manifest = {"partition": {"S": f"file#{file_id(system.bucket, A)}"}, "block": {"S": "manifest"}}
    head = system.dynamodb.get_item(TableName=system.ref("ObservationsTable"), Key=manifest)["Item"]
    first = {name: head[name] for name in ("partition", "block", "order", "revision", "keys")}
    for form, listed in ((older, first), (newer, head | {"later": {"S": "x"}})):
        system.dynamodb.put_item(TableName=system.ref("FilesTable"), Item=form)
        system.dynamodb.put_item(TableName=system.ref("ObservationsTable"), Item=listed)
        system.deliver()
        check(system, [MAPPED, ONE])
        after(system, TWO)
        check(system, [MAPPED, ONE, TWO])
        after(system, ONE)
    message = {
        "id": "x",
        "type": "FileOfALaterKind",
        "order": system.entry(A).order,
        "file": {"id": file_id(system.bucket, A), "key": A},
        "new": 1,
    }
    assert failed(system.invoke("on_catalogued", sqs_event(json.dumps(message)))) == []
    event = json.loads(json.dumps(told(system, OTHER)[0]))
    event["eventVersion"], event["later"] = "2.9", {"unknown": True}
    assert failed(system.invoke("on_upload", sqs_event(json.dumps({"Records": [event], "later": 1})))) == []
    system.deliver()
    check(system, [MAPPED, TWO, ONE, OTHER])


def test_every_fault_of_the_table_has_a_test() -> None:
    marked = {
        number
        for name, each in [*globals().items(), *vars(test_sensor_faults).items()]
        if name.startswith("test_")
        for mark in getattr(each, "pytestmark", ())
        if mark.name == "fault"
        for number in mark.args
    }
    assert marked == FAULTS.keys()
    assert mapping() == MAPPED.body
