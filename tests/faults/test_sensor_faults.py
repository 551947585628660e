"""Faults of the sensors' stream, and of its delivery into the lake: injected, nothing is lost, and the state is the model's."""

import base64
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import operations
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.functions.on_delivery import logic
from mesonet.intake.rows import MOST_VALUES
from mesonet.stores.live import LiveStore
from tests import template
from tests.sensors import AIR, HUMIDITY, STATIONS, TIMES, Sensors
from tests.simulator.clock import HOUR, MINUTE
from tests.simulator.faults import Armed, Fault
from tests.simulator.firehose import record_of
from tests.simulator.test_races import bring
from tests.simulator.world import World
from tests.system import System

FUNCTIONS = ("OnReadingFunction", "JobCompactFunction")
T0, T1, T2 = TIMES


@pytest.fixture
def sensors() -> Iterator[Sensors]:
    with World(5, functions=FUNCTIONS) as world:
        yield Sensors(world)


def settled(sensors: Sensors) -> None:
    sensors.world.settle()
    assert sensors.world.limbo() == ({"ReadingsDeadLetterQueue": sensors.refused} if sensors.refused else {})
    sensors.check()


def compact(sensors: Sensors) -> None:
    """A day is over, and its rows become a block."""
    sensors.world.clock.pass_by(26 * HOUR - 5 * MINUTE)
    sensors.world.invoke("JobCompactFunction")
    sensors.world.settle()
    table = sensors.world.system.items("ObservationsTable")
    assert not [item for item in table if "live+" in item["block"]], "all rows are in blocks"


def records(sensors: Sensors) -> list[dict[str, Any]]:
    return [record.data for shard in sensors.world.sensors.shards for record in shard.records]


def again(sensors: Sensors, record: dict[str, Any], *, under_way: int = 0) -> None:
    """A record is handed over by itself, and changes nothing of what the model says."""
    sensors.world.invoke("OnReadingFunction", {"Records": [record]})
    while len(sensors.world.runs) > under_way:
        sensors.world.proceed(sensors.world.runs[-1])
    sensors.check()


# Duplicates and reshards -----------------------------------------------------------------------------------------------------


@pytest.mark.fault(33)
@pytest.mark.parametrize("compacted", [False, True])
def test_a_reading_that_comes_again_changes_nothing_of_what_was_said_since(sensors: Sensors, compacted: bool) -> None:
    sensors.send("EWR", T0, air_temperature=1, relative_humidity=50)
    sensors.send("EWR", T0, air_temperature=2)
    sensors.send("JFK", T0, air_temperature=3)
    settled(sensors)
    sensors.correct("JFK", T0, air_temperature=4)
    if compacted:
        compact(sensors)
    settled(sensors)
    before = sensors.world.invocations["OnReadingFunction"]
    sensors.mapping.stream.retention_s = 48 * HOUR
    sensors.mapping.most_age_s = -1
    for record in reversed(records(sensors)):
        again(sensors, record)
    sensors.mapping.replay()
    settled(sensors)
    assert sensors.world.invocations["OnReadingFunction"] > before + 3
    sensors.send("JFK", T0, air_temperature=5)  # and what is new is heard
    settled(sensors)


@pytest.mark.fault(33)
def test_after_a_reshard_an_older_shards_replay_changes_nothing_that_its_children_told(sensors: Sensors) -> None:
    """Sequences are compared whatever their shards are, and as numbers: they grow by a digit on the way."""
    lengths = set()
    for number in range(12):
        for station in STATIONS:
            sensors.send(station, T0, air_temperature=number, relative_humidity=number)
            sensors.send(station, TIMES[number % 3], air_temperature=-number)
            lengths.add(len(str(sensors.world._sequence)))
        if number % 3 == 0:
            sensors.world.steps(40)
            sensors.world.sensors.reshard(number % 4 + 1)
    assert lengths == {56, 57}
    settled(sensors)
    assert len(sensors.world.sensors.shards) > 6
    sensors.mapping.replay()
    settled(sensors)
    sensors.world.clock.pass_by(20 * MINUTE)  # their rows may be gone by now
    sensors.mapping.replay()
    settled(sensors)


@pytest.mark.fault(33)
def test_while_a_record_may_come_again_soon_its_row_stays(sensors: Sensors) -> None:
    """The job runs between a run's death and its batch's next try."""
    sensors.world.clock.pass_by(25 * HOUR + 5 * MINUTE)
    sensors.send("EWR", T0, air_temperature=1)
    sensors.send("EWR", T0, air_temperature=2)
    settled(sensors)
    sensors.world.invoke("JobCompactFunction")
    settled(sensors)
    again(sensors, records(sensors)[0])


@pytest.mark.fault(33)
def test_a_poison_reading_is_set_aside_once_though_its_batch_comes_again(sensors: Sensors) -> None:
    sensors.send("EWR", T0, air_temperature=1)
    sensors.send_poison("EWR")
    sensors.send("EWR", T1, air_temperature=2)
    sensors.world.armed += [Armed(Fault.CONFLICT) for _ in range(3)]  # DynamoDB alone does not take it now
    sensors.world.steps(200)
    assert sensors.world.struck == [Fault.CONFLICT] * 3
    settled(sensors)
    (letter,) = [json.loads(each.body) for each in sensors.world.queues["ReadingsDeadLetterQueue"].messages]
    assert letter["reason"].startswith("the body is not JSON")
    assert base64.b64decode(letter["record"]["kinesis"]["data"]) == b"{"


@pytest.mark.fault(13)
@pytest.mark.parametrize("data", [b"{" + b" " * 1_000_000, json.dumps({"station": "\ud800\0\uffff"}).encode()])
def test_a_poison_reading_that_its_queue_would_not_take_is_set_aside_too(sensors: Sensors, data: bytes) -> None:
    """Larger than a message of SQS, or with characters that it refuses, it would hold up its shard for half a day."""
    sensors.send_poison("EWR", data)
    sensors.send("EWR", T1, air_temperature=2)
    settled(sensors)
    (message,) = sensors.world.queues["ReadingsDeadLetterQueue"].messages
    letter = json.loads(message.body)
    assert letter["reason"]
    if kept := letter.get("kept"):
        letter = json.load(sensors.world.system.s3.get_object(Bucket=kept["bucket"], Key=kept["key"])["Body"])
    assert base64.b64decode(letter["record"]["kinesis"]["data"]) == data


@pytest.mark.fault(33)
def test_readings_that_were_given_up_are_fetched_again_and_what_came_since_stands(sensors: Sensors) -> None:
    """DynamoDB is away for so long that the mapping gives up; what comes afterwards is taken, and then what was given up."""
    sensors.mapping.most_tries = 2
    sensors.send("EWR", T0, air_temperature=1)
    settled(sensors)
    for _ in range(3):
        sensors.send("EWR", T0, air_temperature=2)
        sensors.send("EWR", T1, air_temperature=3, relative_humidity=30)
        sensors.world.armed += [Armed(Fault.THROTTLED) for _ in range(400)]
        sensors.world.steps(400)
    assert sensors.mapping.given_up
    sensors.world.armed.clear()
    sensors.send("EWR", T1, relative_humidity=40)
    sensors.world.settle()
    assert sensors.world.queues["ReadingsDeadLetterQueue"].messages
    sensors.redrive()
    settled(sensors)


@pytest.mark.fault(33)
def test_of_two_writers_of_one_row_the_higher_sequence_stands(sensors: Sensors) -> None:
    """A run that was overtaken goes on: Lambda's time-out is not the death of what it has asked for."""
    sensors.send("EWR", T0, air_temperature=1)
    settled(sensors)
    sensors.mapping.enabled = False
    sensors.send("EWR", T0, air_temperature=2)
    sensors.send("EWR", T0, air_temperature=3, relative_humidity=30)
    *_, older, newer = records(sensors)
    sensors.world.invoke("OnReadingFunction", {"Records": [older]})
    slow = bring(sensors.world, "OnReadingFunction", lambda run: run.at == "dynamodb:UpdateItem")
    again(sensors, newer, under_way=1)
    slow.hangs = False
    sensors.world.settle()
    sensors.check()
    sensors.mapping.enabled = True
    settled(sensors)


def test_a_mixed_row_keeps_the_sequence_of_each_value(sensors: Sensors) -> None:
    sensors.send("EWR", T0, air_temperature=1)
    sensors.send("EWR", T0, relative_humidity=2)
    sensors.world.settle()
    store = LiveStore(sensors.world.system.ref("ObservationsTable"), client=sensors.world.system.dynamodb)
    (listed,) = store.listed()
    (row,) = store.rows(listed)
    assert int(row.values[AIR].sequence) < int(row.values[HUMIDITY].sequence)


# The lake --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def delivered() -> Iterator[Sensors]:
    with World(5, functions=("OnDeliveryFunction",)) as world:
        yield Sensors(world)


def objects(system: System, prefix: str) -> dict[str, list[dict[str, Any]]]:
    """The lines of each object."""
    bucket = system.ref("DerivedBucket")
    found = system.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", ())
    bodies = {each["Key"]: system.s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in found}
    return {key: [json.loads(line) for line in gzip.decompress(body).splitlines()] for key, body in bodies.items()}


def in_lake(system: System) -> dict[tuple[str, str, str], float]:
    """As docs/sensors.md says that rows are to be read: of one station, time and parameter the last that arrived counts."""
    rows = [row for lines in objects(system, "readings/").values() for row in lines]
    rows.sort(key=lambda row: (row["arrived"], int(row["sequence"] or 0)))
    return {(row["station"], row["time"], row["standard_name"]): row["value"] for row in rows}


class _Client:
    """Of a stack on moto, whose functions are called by name."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.calls = 0

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        answer = self._system.invoke(template.folder_of(FunctionName), json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def recover(system: System, prefix: str = "") -> dict[str, int]:
    said = {"DerivedBucket": system.ref("DerivedBucket"), "OnDeliveryFunction": "OnDeliveryFunction"}
    clients = {"lambda": _Client(system), "s3": system.s3}
    found = operations.recover(operations.Target(said, clients.__getitem__), prefix=prefix, say=lambda _: None)
    return {name: number for name, number in found.items() if number}


@pytest.mark.fault(34)
def test_a_transformation_that_fails_puts_readings_below_errors_from_where_they_come_into_the_lake(
    delivered: Sensors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the code fails some readings of a batch. When it is mended they come in, once, however often it is asked."""
    system = delivered.world.system

    def broken(row: Any, *, arrived: int) -> Any:
        if HUMIDITY in row.values:
            raise KeyError("a fault of this release")
        return rows(row, arrived=arrived)

    rows = logic.rows
    with monkeypatch.context() as patched:
        patched.setattr(logic, "rows", broken)
        for number, station in enumerate(STATIONS):
            delivered.send(station, T0, air_temperature=number)
            delivered.send(station, T1, air_temperature=number, relative_humidity=40 + number)
        delivered.world.settle()
    assert delivered.world.limbo() == {}
    assert in_lake(system) == {place: value for place, value in delivered.said.items() if place[1] == T0}
    ((key, lines),) = objects(system, "errors/").items()
    assert key.startswith("errors/processing-failed/date=2026-01-01/")
    assert len(lines) == 3
    assert recover(system, "processing-failed/date=1999") == {}
    assert recover(system, "processing-failed/date=2026") == {"recovered": 3}
    assert in_lake(system) == delivered.said
    assert objects(system, "errors/") == {}
    known = objects(system, "readings/")
    system.s3.put_object(
        Bucket=system.ref("DerivedBucket"), Key=key, Body=b"".join(json.dumps(x).encode() + b"\n" for x in lines)
    )
    assert recover(system) == {"recovered": 3}, "it was cut off before the object was removed"
    assert objects(system, "readings/") == known


@pytest.mark.fault(34)
def test_a_function_that_cannot_be_called_loses_no_reading(delivered: Sensors) -> None:
    delivered.world.concurrency = 0
    for number in range(30):
        delivered.send(STATIONS[number % 3], TIMES[number % 2], air_temperature=number)
    delivered.world.clock.pass_by(2 * MINUTE)
    while delivered.world.step():
        pass
    assert in_lake(delivered.world.system) == {}
    delivered.world.concurrency = 1000
    delivered.send("EWR", T2, air_temperature=0.5)
    delivered.world.settle()
    assert recover(delivered.world.system) == {"recovered": 30}
    assert in_lake(delivered.world.system) == delivered.said


@pytest.mark.fault(34)
def test_what_is_no_reading_stays_below_errors_as_it_came(delivered: Sensors) -> None:
    delivered.send("EWR", T0, air_temperature=1)
    delivered.send_poison("EWR")
    delivered.world.sense("EWR", json.dumps({"station": "EWR", "time": T1, "values": {AIR: None}}).encode())  # says nothing
    delivered.world.settle()
    for _ in range(2):
        assert in_lake(delivered.world.system) == delivered.said
        ((_, (line,)),) = objects(delivered.world.system, "errors/").items()
        assert base64.b64decode(line["rawData"]) == b"{"
        assert recover(delivered.world.system) == {"stay": 1}


@pytest.mark.fault(34)
def test_an_answer_never_outgrows_what_lambda_may_answer(delivered: Sensors) -> None:
    """The smallest readings that make the most of rows."""
    values = dict.fromkeys(sorted(STANDARD_NAMES, key=len)[:MOST_VALUES], 1)
    for number in range(300):
        reading = {"station": str(number), "time": T0, "values": values}
        delivered.world.sense(str(number), json.dumps(reading, separators=(",", ":")).encode())
    delivered.world.settle()
    lines = objects(delivered.world.system, "readings/")
    assert sum(map(len, lines.values())) == 300 * len(values)
    assert objects(delivered.world.system, "errors/") == {}
    given = [record_of(record) for record in records(delivered)]
    answer = delivered.world.system.invoke("on_delivery", {"records": given * 2})  # more than Firehose is told to hand over
    assert len(json.dumps(answer)) < 6_000_000
    assert {each["result"] for each in answer["records"]} == {"Ok", "ProcessingFailed"}
