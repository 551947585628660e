"""The real functions, on moto's tables and bucket, behind simulated queues, streams and topics.

Each call of a function is a *run* of its own: it stops before each of its calls of AWS, until the driver lets it go on. So runs
overlap as they do on AWS, and a run may die, hang or be refused at any call; whatever happens is decided by the seed.
"""

import concurrent.futures
import importlib.util
import json
import logging
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from types import ModuleType, TracebackType
from typing import Any, Self
from unittest.mock import patch

import botocore.client
from botocore.exceptions import ClientError, ReadTimeoutError

from mesonet.dynamodb_client import LightClient, ServiceError, Unreachable
from tests import permissions, template
from tests.builders import Context
from tests.simulator import faults, releases
from tests.simulator.clock import Action, Clock, Driver, Source
from tests.simulator.faults import Armed, Crash, Fault, TimedOut
from tests.simulator.firehose import Delivery
from tests.simulator.functions import Answer, End, Event, FunctionError, Throttled
from tests.simulator.s3 import Notifications
from tests.simulator.sns import Subscription
from tests.simulator.sqs import Queue, QueueMapping
from tests.simulator.streams import Record, Stream, StreamMapping
from tests.system import FOLDERS, System

_CALL = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]
_LIGHT_CALL = LightClient._call
_BEFORE_LONGER = 10**56 - 20  # sequences grow by a digit on the way
_STALE_S = 60.0  # far longer than AWS lets one expect
_LONGEST_CHAIN = 16  # calls; Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops"
_INDEX_LAG_S = 2.0  # "eventually consistent": AWS says usually within a second
CHAIN = ("OnUploadFunction", "OnFileChangeFunction", "OnCataloguedFunction")

type Really = Callable[[dict[str, Any]], Any]


@dataclass(slots=True, kw_only=True)
class Run:
    """One call of a function: a thread that only goes on when it is told to."""

    function: str
    event: Event
    module: ModuleType
    deadline: float
    done: Callable[[End], None]
    thread: threading.Thread | None = None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    back: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    end: End | None = None
    at: str = "its beginning"
    wakes_at: float = 0.0
    hangs: bool = False
    dead: type[BaseException] | None = None
    calls: list[str] = field(default_factory=list)
    older: bool = False  # it is the code of the release before
    chain: Mapping[str, int] = field(default_factory=dict)


class World:
    """Use it as a context. `functions` are those of the template that run; their sources come from the template, too."""

    def __init__(
        self,
        seed: int = 0,
        *,
        functions: Sequence[str] = CHAIN,
        shards: int = 2,
        sensor_settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.clock = Clock()
        self.random = Random(seed)
        self.system = System()
        self.functions = tuple(functions)
        self.armed: list[Armed] = []
        self.struck: list[Fault] = []
        self.runs: list[Run] = []
        self.calls = 0
        self.index_lag = False
        self.stale = False
        self.older = 0.0  # the share of calls that the code of the release before takes
        self.older_runs = 0
        self.stale_reads = 0
        self.concurrency = 1000
        self.invocations: dict[str, int] = {}
        self._current = threading.local()
        self._idle: dict[str, list[ModuleType]] = {}
        self._written: dict[tuple[str, str], float] = {}
        self._before: dict[tuple[str, str], tuple[float, dict[str, Any] | None]] = {}
        self._stream_position = 0
        self._shards = shards
        self._sensor_settings = dict(sensor_settings or {})  # in the place of the template's
        self._sequence = _BEFORE_LONGER

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(self.system)
            logging.disable(logging.CRITICAL)
            opened.callback(logging.disable, logging.NOTSET)
            opened.enter_context(patch.object(botocore.client.BaseClient, "_make_api_call", self._call_hook()))
            opened.enter_context(patch.object(LightClient, "_call", self._light_hook()))
            opened.enter_context(patch.object(concurrent.futures, "ThreadPoolExecutor", OneAfterTheOther))
            opened.enter_context(patch("mesonet.clock.now", lambda: int(self.clock.now * 1000)))
            for module in [each for name, each in sys.modules.items() if name.startswith("mesonet.")]:
                if callable(getattr(module, "sleep", None)):
                    opened.enter_context(patch.object(module, "sleep", self._sleep))
            self._build()
            self._opened = opened.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for run in list(self.runs):
            self._kill(run, Crash)
        releases.become(older=False)
        self._opened.close()

    # As the template has it -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        defined = template.resources("AWS::SQS::Queue")
        self.queues: dict[str, Queue] = {}
        for name in sorted(defined, key=lambda name: "RedrivePolicy" in defined[name]["Properties"]):
            self.queues[name] = Queue.of(name, defined[name]["Properties"], self.clock, self.random, self.queues)
        self.subscriptions: dict[str, list[Subscription]] = {name: [] for name in template.resources("AWS::SNS::Topic")}
        for each in template.resources("AWS::SNS::Subscription").values():
            given = each["Properties"]
            if given["Protocol"] == "sqs" and given["Endpoint"]["Fn::GetAtt"][0] in self._consumed():
                dead = given.get("RedrivePolicy", {}).get("deadLetterTargetArn", {}).get("Fn::GetAtt", [None])[0]
                self.subscriptions[given["TopicArn"]["Ref"]].append(
                    Subscription(
                        self.clock,
                        self.queues[given["Endpoint"]["Fn::GetAtt"][0]],
                        raw=bool(given.get("RawMessageDelivery")),
                        dead_letters=self.queues[dead] if dead else None,
                        filter_policy=given.get("FilterPolicy"),
                    )
                )
        self.notifications = Notifications(self.random)
        told = template.source()["Resources"]["ArchiveBucket"]["Properties"]["NotificationConfiguration"]
        for each in told.get("QueueConfigurations", ()):
            self.notifications.queues.append((each["Event"], self.queues[each["Queue"]["Fn::GetAtt"][0]]))
        self.stream = Stream(self.clock, shards=self._shards)
        self.sensors = Stream(self.clock, shards=self._shards)
        self.mappings: dict[str, QueueMapping | StreamMapping] = {}
        for name in self.functions:
            for event in template.functions()[name]["Properties"].get("Events", {}).values():
                self._add_mapping(name, event["Type"], resolved(event["Properties"]))
        sources: list[Source] = [self.notifications, *self.mappings.values(), _Runs(self)]
        self.delivery: Delivery | None = None
        if "OnDeliveryFunction" in self.functions:
            (defined_delivery,) = template.resources("AWS::KinesisFirehose::DeliveryStream").values()
            self.delivery = Delivery(
                "OnDeliveryFunction", defined_delivery["Properties"], self.clock, runtime=self, put=self._put_derived
            )
            sources.append(self.delivery)
        sources += [each for listed in self.subscriptions.values() for each in listed]
        self.driver = Driver(self.clock, self.random, sources)

    def _put_derived(self, key: str, body: bytes) -> None:
        self.system.s3.put_object(Bucket=self.system.ref("DerivedBucket"), Key=key, Body=body)

    def _consumed(self) -> set[str]:
        """The queues whose messages a function of this world takes; to others nothing is delivered."""
        given = [template.functions()[name]["Properties"] for name in self.functions]
        events = [each for properties in given for each in properties.get("Events", {}).values()]
        return {each["Properties"]["Queue"]["Fn::GetAtt"][0] for each in events if each["Type"] == "SQS"}

    def _add_mapping(self, function: str, kind: str, given: Mapping[str, Any]) -> None:
        if kind == "SQS":
            queue = self.queues[given["Queue"]["Fn::GetAtt"][0]]
            self.mappings[function] = QueueMapping(function, queue, given, runtime=self)
        elif kind == "DynamoDB" and given["Stream"]["Fn::GetAtt"] == ["FilesTable", "StreamArn"]:
            target = given.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", {}).get("Fn::GetAtt", [None])[0]
            self.mappings[function] = StreamMapping(
                function, self.stream, given, runtime=self, destination=self.queues[target] if target else None
            )
        elif kind == "Kinesis":
            target = given["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
            self.mappings[function] = StreamMapping(
                function,
                self.sensors,
                {**given, **self._sensor_settings},
                runtime=self,
                destination=self.queues[target],
                kind="Kinesis",
            )

    # What people do ---------------------------------------------------------------------------------------------------------

    def put(self, key: str, body: bytes) -> dict[str, Any]:
        record = self.system.store(key, body)
        self.notifications.happened(record)
        return record

    def delete(self, key: str, version_id: str | None = None, *, expired: bool = False) -> dict[str, Any]:
        """By a person, or by a rule of the bucket's lifecycle."""
        record = self.system.remove(key, version_id)
        if expired:
            record["eventName"] = record["eventName"].replace("ObjectRemoved", "LifecycleExpiration")
        self.notifications.happened(record)
        return record

    def sense(self, key: str, data: bytes) -> str:
        """A sensor sends a message. Kinesis API Reference, "PutRecord": sequences of a key increase; a shard that comes from
        others begins above them. Returns the sequence."""
        self._sequence += self.random.randrange(1, 4)
        sequence = str(self._sequence)
        record = {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": key,
                "sequenceNumber": sequence,
                "data": b64encode(data).decode(),
                "approximateArrivalTimestamp": self.clock.now,
            },
            "eventSource": "aws:kinesis",
            "eventID": f"shardId-000000000000:{sequence}",
            "eventName": "aws:kinesis:record",
        }
        self.sensors.put(Record(sequence, key, self.clock.now, record))
        if self.delivery:
            self.delivery.accept(record)
        return sequence

    def invoke(self, function: str, event: Event | None = None) -> None:
        """Somebody, or a schedule, calls a function; it goes on when the system does."""
        self.call(function, event or {}, lambda _: None)

    # What happens by itself -------------------------------------------------------------------------------------------------

    def step(self) -> bool:
        self._feed()
        return self.driver.step()

    def steps(self, count: int) -> None:
        for _ in range(count):
            if not self.step():
                return

    def settle(self, most: int = 50_000) -> None:
        """Until nothing is under way any more; nothing goes wrong from here on."""
        self.armed.clear()
        self.index_lag = False
        self.older = 0.0
        self.concurrency = 1000
        for queue in self.queues.values():
            queue.accepts = True
        for _ in range(most):
            if not self.step():
                self._feed()
                if not self.driver.step():
                    releases.become(older=False)  # who looks now is this code, whoever ran last
                    return
        raise AssertionError(f"not quiet after {most} steps: {[run.function for run in self.runs]}, {self.limbo()}")

    def limbo(self) -> dict[str, int]:
        """What is still under way, or was given up, and where."""
        found = {name: len(queue.messages) for name, queue in self.queues.items()}
        found |= {f"{name} expired": len(queue.expired) for name, queue in self.queues.items()}
        if self.delivery:
            found["delivery"] = len(self.delivery.waiting) + len(self.delivery.batch)
        found |= {"notifications": len(self.notifications.under_way), "runs": len(self.runs)}
        for name, listed in self.subscriptions.items():
            found[name] = sum(len(each.under_way) + len(each.lost) for each in listed)
        for name, mapping in self.mappings.items():
            if isinstance(mapping, StreamMapping):
                found |= {f"{name} behind": mapping.behind(), f"{name} trimmed": len(mapping.trimmed)}
        return {name: count for name, count in found.items() if count}

    def redrive(self) -> None:
        """What an operator does with dead letters: sends them back to where they came from."""
        for queue in self.queues.values():
            if queue.dead_letters is not None:
                for message in queue.dead_letters.messages:
                    queue.send(message.body, message.attributes)
                queue.dead_letters.messages.clear()

    def _feed(self) -> None:
        """Moves what moto's table put into its stream to the simulated shards."""
        for data in self.system.history(self._stream_position):
            self._stream_position += 1
            change = data["dynamodb"]
            key = json.dumps(change["Keys"], sort_keys=True)
            self.stream.put(Record(change["SequenceNumber"], key, self.clock.now, data))

    # Runs -------------------------------------------------------------------------------------------------------------------

    def call(self, function: str, event: Event, done: Callable[[End], None]) -> None:
        if len(self.runs) >= self.concurrency:
            return done(Throttled())
        chain = _chain(event)
        chain[function] = chain.get(function, 0) + 1
        if chain[function] > _LONGEST_CHAIN and template.functions()[function]["Properties"].get("RecursiveLoop") != "Allow":
            return done(FunctionError("RecursiveInvocationException"))
        timeout = float(template.functions()[function]["Properties"]["Timeout"])
        module = self._environment(function)
        run = Run(function=function, event=event, module=module, deadline=self.clock.now + timeout, done=done)
        run.chain = chain
        run.older = self.random.random() < self.older
        self.older_runs += run.older
        self.invocations[function] = self.invocations.get(function, 0) + 1
        run.thread = threading.Thread(target=self._work, args=(run, event), daemon=True)
        run.thread.start()
        self.runs.append(run)

    def _work(self, run: Run, event: Event) -> None:
        run.go.acquire()
        self._current.run = run
        try:
            if run.dead:
                raise run.dead
            context = _Context(function_name=run.function, clock=self.clock, deadline=run.deadline)
            run.end = Answer(json.loads(json.dumps(run.module.handle(json.loads(json.dumps(event)), context))))
        except (Crash, TimedOut) as exc:
            run.end = FunctionError(type(exc).__name__)
        except Exception as exc:
            run.end = FunctionError(repr(exc))
        except BaseException as exc:  # a call that the role does not allow
            run.end = FunctionError(f"not to be survived: {exc!r}")
            self.fatal = exc
        finally:
            run.back.release()

    fatal: BaseException | None = None

    def proceed(self, run: Run) -> None:
        """To the run's next call of AWS, or to its end."""
        if self.clock.now >= run.deadline:
            run.dead = run.dead or TimedOut
        releases.become(older=run.older)
        run.go.release()
        run.back.acquire()
        if self.fatal is not None:
            raise AssertionError("a function did what it must not") from self.fatal
        if run.end is not None:
            self.runs.remove(run)
            if run.dead is None:
                self._idle.setdefault(run.function, []).append(run.module)
            run.done(run.end)

    def _kill(self, run: Run, how: type[BaseException]) -> None:
        run.dead = how
        while run.end is None:
            run.go.release()
            run.back.acquire()
        self.runs.remove(run)

    def _pause(self, run: Run, at: str) -> None:
        run.at = at
        run.back.release()
        run.go.acquire()
        if run.dead:
            raise run.dead

    def _sleep(self, seconds: float) -> None:
        run: Run | None = getattr(self._current, "run", None)
        if run is not None and run.dead is None:
            run.wakes_at = self.clock.now + seconds
            self._pause(run, "a nap")

    def _environment(self, function: str) -> ModuleType:
        """A module of its own for each run that overlaps, as each has a process of its own; one that has ended is warm."""
        idle = self._idle.get(function)
        if idle:
            return idle.pop()
        path = template.functions()[function]["Properties"]["Handler"].rpartition(".")[0]
        found = importlib.util.find_spec(path)
        assert found is not None
        assert found.origin is not None
        spec = importlib.util.spec_from_file_location(f"{path}_of_its_own", found.origin)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        with patch.dict("os.environ", self.system.environment(function)):
            spec.loader.exec_module(module)
        return module

    # Calls of AWS -----------------------------------------------------------------------------------------------------------

    def _call_hook(self) -> Callable[[Any, str, dict[str, Any]], Any]:
        """In the place of botocore's."""

        def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            return self._called(service, operation, arguments, lambda given: _CALL(client, operation, given))

        return call

    def _light_hook(self) -> Callable[..., Any]:
        """In the place of the light client's, whose errors are its own."""

        def call(client: LightClient, operation: str, /, **arguments: Any) -> Any:
            try:
                return self._called(client.service, operation, arguments, lambda given: _LIGHT_CALL(client, operation, **given))
            except ClientError as exc:
                raise ServiceError(dict(exc.response), operation) from exc
            except ReadTimeoutError as exc:
                raise Unreachable(operation) from exc

        return call

    def _called(self, service: str, operation: str, arguments: dict[str, Any], really: Really) -> Any:
        run: Run | None = getattr(self._current, "run", None)
        if run is None:
            return really(arguments)
        if run.dead:
            raise run.dead
        self._pause(run, f"{service}:{operation}")
        self.calls += 1
        permissions.check(run.function, service, operation, arguments, self.system.ref)
        run.calls.append(operation)
        return self._carry_out(run, service, operation, arguments, really)

    def _carry_out(self, run: Run, service: str, operation: str, arguments: dict[str, Any], really: Really) -> Any:
        fault = self._fault(service, operation)
        match fault:
            case Fault.CRASH_BEFORE:
                run.dead = Crash
                raise Crash(operation)
            case Fault.HANGS:
                run.hangs = True
                self._pause(run, "nothing")
            case Fault.THROTTLED:
                raise faults.throttled(service, operation)
            case Fault.CONFLICT:
                raise faults.conflicting(operation, arguments)
        answer = self._take(run, service, operation, arguments, really, partial=fault is Fault.PARTIAL)
        if fault is Fault.CRASH_AFTER:
            run.dead = Crash
            raise Crash(operation)
        if fault is Fault.NO_ANSWER:
            raise faults.unanswered()
        return answer

    def _fault(self, service: str, operation: str) -> Fault | None:
        for armed in self.armed:
            if armed.strikes(service, operation):
                self.armed.remove(armed)
                self.struck.append(armed.fault)
                return armed.fault
        return None

    def _take(self, run: Run, service: str, operation: str, arguments: dict[str, Any], really: Really, *, partial: bool) -> Any:
        if service == "sqs":
            return self._of_queue(operation, arguments, partial, run.chain)
        if service == "sns":
            return self._of_topic(operation, arguments, partial)
        if service == "dynamodb" and self.stale:
            self._remember_images(operation, arguments)
        if partial:
            return _half_of_batch(operation, arguments, really)
        answer = really(arguments)
        if service == "dynamodb":
            if self.stale:
                self._age(operation, arguments, answer)
            self._remember(operation, arguments)
            if operation == "Query" and "IndexName" in arguments and self.index_lag:
                answer["Items"] = [item for item in answer["Items"] if not self._lags(arguments["TableName"], item)]
        return answer

    def _remember(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """When an item was written: an index shows it later."""
        if operation == "PutItem":
            key = template.resources("AWS::DynamoDB::Table")[arguments["TableName"]]["Properties"]["KeySchema"][0][
                "AttributeName"
            ]
            self._written[arguments["TableName"], arguments["Item"][key]["S"]] = self.clock.now

    def _remember_images(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """What an item was before it is written: whoever does not ask for a consistent read may get that for a while."""
        writes = [arguments] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
        if operation == "TransactWriteItems":
            writes = [one for each in arguments["TransactItems"] for kind, one in each.items() if kind != "ConditionCheck"]
        for write in writes:
            key = _key_of(write["TableName"], write.get("Item") or write["Key"])
            asked = {"TableName": write["TableName"], "Key": key, "ConsistentRead": True}
            image = _CALL(self.system.dynamodb, "GetItem", asked).get("Item")
            self._before[write["TableName"], _text(key)] = (self.clock.now, image)

    def _age(self, operation: str, arguments: Mapping[str, Any], answer: dict[str, Any]) -> None:
        """Puts older images in the place of the newest. DynamoDB Developer Guide, "Read consistency": a read that is eventually
        consistent may not reflect a write that was completed recently."""
        if operation == "GetItem" and not arguments.get("ConsistentRead"):
            older = self._older(arguments["TableName"], arguments["Key"])
            if older is not None:
                answer.pop("Item", None)
                answer.update({"Item": older} if older else {})
        if operation == "BatchGetItem":
            for table, asked in arguments["RequestItems"].items():
                if asked.get("ConsistentRead"):
                    continue
                aged = {_text(key): older for key in asked["Keys"] if (older := self._older(table, key)) is not None}
                kept = [item for item in answer["Responses"].get(table, []) if _text(_key_of(table, item)) not in aged]
                answer["Responses"][table] = kept + [older for older in aged.values() if older]

    def _older(self, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """The image before the last write, empty where there was none; None where that is long ago, or it is not drawn."""
        moment, image = self._before.get((table, _text(key)), (-_STALE_S, None))
        if self.clock.now - moment >= _STALE_S or self.random.random() < 0.5:
            return None
        self.stale_reads += 1
        return image or {}

    def _lags(self, table: str, item: Mapping[str, Any]) -> bool:
        key = template.resources("AWS::DynamoDB::Table")[table]["Properties"]["KeySchema"][0]["AttributeName"]
        return self.clock.now - self._written.get((table, item[key]["S"]), 0) < _INDEX_LAG_S

    def _of_queue(
        self, operation: str, arguments: Mapping[str, Any], partial: bool, chain: Mapping[str, int]
    ) -> dict[str, Any]:
        (queue,) = [each for name, each in self.queues.items() if self.system.ref(name) == arguments["QueueUrl"]]
        match operation:
            case "SendMessage":
                message = queue.send(
                    arguments["MessageBody"],
                    arguments.get("MessageAttributes"),
                    delay_s=arguments.get("DelaySeconds", 0),
                    chain=chain,
                )
                return {"MessageId": message}
            case "SendMessageBatch":
                return _batch(
                    arguments["Entries"],
                    partial,
                    lambda each: queue.send(
                        each["MessageBody"],
                        each.get("MessageAttributes"),
                        delay_s=each.get("DelaySeconds", 0),
                        chain=chain,
                    ),
                )
            case "ChangeMessageVisibility":
                queue.change_visibility(arguments["ReceiptHandle"], arguments["VisibilityTimeout"])
                return {}
        raise NotImplementedError(operation)

    def _of_topic(self, operation: str, arguments: Mapping[str, Any], partial: bool) -> dict[str, Any]:
        (listed,) = [each for name, each in self.subscriptions.items() if self.system.ref(name) == arguments["TopicArn"]]

        def accept(message: Mapping[str, Any]) -> None:
            for subscription in listed:
                subscription.accept(message["Message"], message.get("MessageAttributes", {}))

        if operation == "PublishBatch":
            return _batch(arguments["PublishBatchRequestEntries"], partial, accept)
        assert operation == "Publish"
        accept(arguments)
        return {"MessageId": "1"}


class _Runs:
    """The runs, as a source: each may go on, unless it naps or hangs."""

    def __init__(self, world: World) -> None:
        self._world = world

    def ready(self) -> list[Action]:
        now = self._world.clock.now
        return [
            Action(f"{run.function} at {run.at}", lambda run=run: self._world.proceed(run))  # type: ignore[misc]
            for run in self._world.runs
            if now >= run.deadline or (not run.hangs and run.wakes_at <= now)
        ]

    def due(self) -> float | None:
        moments = [run.deadline if run.hangs else min(run.wakes_at, run.deadline) for run in self._world.runs]
        return min(moments, default=None)


class OneAfterTheOther:
    """A pool of threads without threads, so that a run is one sequence of calls."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, call: Callable[..., Any], *many: Any) -> Iterator[Any]:
        return map(call, *many)


@dataclass
class _Context(Context):
    clock: Clock = field(default_factory=Clock)
    deadline: float = 0.0

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - self.clock.now) * 1000))


def _chain(event: Event) -> dict[str, int]:
    """The longest chain that leads to one of its messages."""
    longest: dict[str, int] = {}
    for record in event.get("Records", ()):
        for function, calls in json.loads(record.get("attributes", {}).get("AWSTraceHeader", "{}")).items():
            longest[function] = max(longest.get(function, 0), calls)
    return longest


def _key_of(table: str, item: Mapping[str, Any]) -> dict[str, Any]:
    schema = template.resources("AWS::DynamoDB::Table")[table]["Properties"]["KeySchema"]
    return {each["AttributeName"]: item[each["AttributeName"]] for each in schema}


def _text(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)


def _batch(entries: Sequence[Mapping[str, Any]], partial: bool, take: Callable[[Mapping[str, Any]], object]) -> dict[str, Any]:
    """A batch of which all, or only the first half, is taken."""
    taken = entries[: len(entries) // 2] if partial else entries
    for each in taken:
        take(each)
    return {
        "Successful": [{"Id": each["Id"], "MessageId": "1"} for each in taken],
        "Failed": [{"Id": each["Id"], "Code": "InternalError", "SenderFault": False} for each in entries[len(taken) :]],
    }


def _half_of_batch(operation: str, arguments: dict[str, Any], really: Really) -> Any:
    """DynamoDB API Reference, "BatchGetItem" and "BatchWriteItem": what was not done is in `UnprocessedKeys`, `…Items`."""
    ((table, asked),) = arguments["RequestItems"].items()
    if operation == "BatchWriteItem":
        half = (len(asked) + 1) // 2
        answer = really({**arguments, "RequestItems": {table: asked[:half]}})
        return answer | {"UnprocessedItems": {table: asked[half:]} if asked[half:] else {}}
    keys = asked["Keys"]
    half = (len(keys) + 1) // 2
    answer = really({**arguments, "RequestItems": {table: {**asked, "Keys": keys[:half]}}})
    return answer | {"UnprocessedKeys": {table: {**asked, "Keys": keys[half:]}} if keys[half:] else {}}


def resolved(given: Mapping[str, Any]) -> dict[str, Any]:
    """An event's settings, with the defaults of the parameters that they refer to; where something goes stays as it is."""
    parameters = template.source()["Parameters"]

    def resolve(value: Any) -> Any:
        match value:
            case {"Ref": name} if name in parameters:
                return parameters[name]["Default"]
            case {"Fn::If": [condition, then, otherwise]}:
                return resolve(then if template.Resolver().holds(template.source()["Conditions"][condition]) else otherwise)
            case dict():
                return {name: resolve(each) for name, each in value.items()}
        return value

    return {name: resolve(value) for name, value in given.items()}


assert set(CHAIN) <= set(FOLDERS)
