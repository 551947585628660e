"""The whole system in one process: the template's tables, bucket, queues and topic on moto, and its functions called by hand.

Nothing happens by itself. A test stores objects, and says which message reaches which function how often and in which order;
`deliver` brings everything that is under way to where AWS would bring it, until nothing is left.
"""

import importlib
import json
import os
import pickle
import re
import ssl
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from functools import cache
from importlib.machinery import SourceFileLoader
from io import BytesIO
from math import inf
from threading import RLock
from types import ModuleType, TracebackType
from typing import Any, Self
from unittest.mock import patch

import boto3
import botocore.client
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.useragent import sanitize_user_agent_string_component
from moto import mock_aws
from moto.backends import get_backend
from moto.core.base_backend import BaseBackend
from moto.core.models import botocore_stubber
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb.models import dynamodb_backends
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends

from mesonet.domain.block import Span, overlay
from mesonet.domain.file import FileEntry, Status, file_id
from mesonet.domain.instant import Interval
from mesonet.dynamodb_client import LightClient, Reply
from mesonet.stores.attributes import from_item
from mesonet.stores.file_index import DIMENSIONS, FileIndexStore
from mesonet.stores.files import from_image
from mesonet.stores.latest import LatestStore
from mesonet.stores.observations import ObservationsStore, Selection
from tests import permissions, template
from tests.builders import Context, failed, s3_message, s3_record

_REREAD = re.compile(r"\|\d{4}-\d\d-\d\dT[\d:.]+Z")
_ROUNDS = 100  # far more than any chain of messages needs; whoever goes round for ever is found out

_CALL = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]
_LIGHT_CALL = LightClient._call

# Each system imports all handlers; what that needs is the same each time, and took longer than all the rest
_compiled = cache(SourceFileLoader.get_code)  # Python itself keeps it only where it may write beside the source
_trusting = cache(ssl.create_default_context)  # reads all certificates of the machine
_methods, _in_small_letters = cache(method_names_from_class), cache(camelcase_to_underscores)  # moto asks at each call
_for_user_agent = cache(sanitize_user_agent_string_component)  # botocore asks at each call, for ten of them

_written = BaseJSONSerializer._serialize_type_structure


def _write_plainly(serializer: BaseJSONSerializer, answer: dict[str, Any], value: Any, shape: Any, key: str) -> None:
    """A value of DynamoDB is a dictionary of one kind. moto looks for each of the ten that there are, under six names."""
    if shape.name == "AttributeValue" and isinstance(value, dict):
        answer[key] = {}
        for kind, each in value.items():
            serializer._serialize(answer[key], each, shape.members[kind], kind)
    else:
        _written(serializer, answer, value, shape, key)


type Handle = Callable[[dict[str, Any], Any], dict[str, Any]]

SERVICES = ("dynamodb", "s3", "sqs", "sns")
_begun: dict[tuple[object, ...], bytes] = {}  # by the template's parameters and what was done, what a system begins with


def _backend(service: str) -> BaseBackend:
    """What moto has of a service."""
    backend: BaseBackend = get_backend(service)[template.ACCOUNT]["aws" if service == "s3" else template.REGION]  # type: ignore[call-overload]
    return backend


class _Pickler(pickle.Pickler):
    """The backends stay where they are; each copy of a queue gets a lock of its own."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self._services = {id(_backend(service)): service for service in SERVICES}

    def persistent_id(self, obj: Any) -> str | None:
        return self._services.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        return (RLock, ()) if isinstance(obj, type(RLock())) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> BaseBackend:
        return _backend(pid)


@cache
def _client(service: str) -> Any:
    """Clients of the tests' own, made once: that takes longer than making all tables."""
    return boto3.Session(region_name=template.REGION).client(service)  # type: ignore[call-overload]


@contextmanager
def _calling(call: Any, light_call: Any) -> Iterator[None]:
    """AWS is called by these, through botocore and through the light client."""
    with (
        patch.object(botocore.client.BaseClient, "_make_api_call", call),
        patch.object(LightClient, "_call", light_call),
    ):
        yield


@contextmanager
def _also_in_environment(given: Mapping[str, str]) -> Iterator[None]:
    """As `patch.dict` does it, which writes the whole environment anew: for each function that is most of its start."""
    before = {name: os.environ[name] for name in given if name in os.environ}
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]
        os.environ.update(before)


def on_moto(client: LightClient, asked: bytes) -> Reply:
    """Takes the signed request of the light client to moto, as botocore's are taken there."""
    head, _, body = asked.partition(b"\r\n\r\n")
    headers = HTTPHeaders.from_dict(dict(field.split(": ", 1) for field in head.decode().split("\r\n")[1:]))
    request = AWSPreparedRequest("POST", f"https://{client._host}/", headers, body, False)
    answer = botocore_stubber.process_request(request)
    assert answer is not None
    status, told, text = answer
    return Reply(status, {str(name).lower(): str(value) for name, value in told.items()}, text.encode())  # type: ignore[union-attr]


class Crash(BaseException):
    """The process is gone between two calls of AWS. No `except Exception` may survive it."""


class System:
    """Use it as a context: it begins empty and leaves nothing behind. `parameters` are the template's."""

    def __init__(self, **parameters: str) -> None:
        self._resolver = template.Resolver(**parameters)
        self._given = frozenset(parameters.items())
        self._number = 0
        self._stream_position = 0
        self._made: list[str] = []
        self._crash_at: float = inf

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(patch.dict(os.environ, {"AWS_DEFAULT_REGION": template.REGION}))
            # with these the functions would not take the client that they take in Lambda
            for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy"):
                os.environ.pop(name, None)
            opened.enter_context(mock_aws())
            opened.enter_context(patch.object(LightClient, "_exchange", on_moto))
            opened.enter_context(patch.object(SourceFileLoader, "get_code", _compiled))
            opened.enter_context(patch.object(ssl, "create_default_context", _trusting))
            opened.enter_context(patch.object(BaseJSONSerializer, "_serialize_type_structure", _write_plainly))
            opened.enter_context(patch("moto.core.responses.method_names_from_class", _methods))
            opened.enter_context(patch("moto.core.responses.camelcase_to_underscores", _in_small_letters))
            opened.enter_context(patch("moto.sqs.models.camelcase_to_underscores", _in_small_letters))
            opened.enter_context(patch("botocore.useragent.sanitize_user_agent_string_component", _for_user_agent))
            self.dynamodb, self.s3, self.sqs, self.sns = map(_client, SERVICES)
            self._begin()
            self._start()
            # For whoever reads meanwhile, which in most tests is nobody
            opened.enter_context(patch("mesonet.functions.job_compact.logic.READ_THROUGH", 0))
            self._opened = opened.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._opened.close()

    # What the template defines ------------------------------------------------------------------------------------------

    def ref(self, logical_id: str) -> str:
        """The physical name (of a queue the URL, of a topic the ARN), as `!Ref` gives it."""
        return str(self._resolver.refs[logical_id])

    @property
    def bucket(self) -> str:
        return self.ref("ArchiveBucket")

    def environment(self, logical_id: str) -> dict[str, str]:
        resolved = self._resolver.resolve(template.environment_of(logical_id))
        return {name: str(value) for name, value in resolved.items()}

    def _begin(self) -> None:
        """What the template defines is made once by a process for all of its systems: making takes longer than most tests."""
        begun = (self._given,)
        if begun not in _begun:
            mock_random.seed(1)  # version identifiers are the same in every run
            self._make()
            _begun[begun] = self.kept()
        self.go_back(_begun[begun])

    def begin_with(self, *files: tuple[str, bytes]) -> None:
        """Brings in files, one after the other, of a system that has none yet: as many tests begin with the same, once by a
        process, too. Its functions remember nothing of it."""
        begun = (self._given, *files)
        if begun not in _begun:
            for key, body in files:
                self.bring_in(key, body)
            _begun[begun] = self.kept()
            self._start()
        self.go_back(_begun[begun])

    def kept(self) -> bytes:
        """All that AWS has now, to go back to, which takes less time than to do it all again."""
        kept = BytesIO()
        aws = {each: vars(_backend(each)) for each in SERVICES}
        _Pickler(kept).dump((vars(self._resolver), self._number, self._stream_position, mock_random.getstate(), aws))
        return kept.getvalue()

    def go_back(self, kept: bytes) -> None:
        """What this system, or another with the same parameters, had is what AWS has now."""
        resolved, self._number, self._stream_position, chance, aws = _Unpickler(BytesIO(kept)).load()
        vars(self._resolver).update(resolved)
        for service, has in aws.items():
            vars(_backend(service)).update(has)
        s3_backends.bucket_accounts.update(dict.fromkeys(aws["s3"]["buckets"], ("aws", template.ACCOUNT)))
        mock_random.setstate(chance)

    def _make(self) -> None:
        refs, arns, resolve = self._resolver.refs, self._resolver.arns, self._resolver.resolve
        for name, each in template.resources("AWS::S3::Bucket").items():
            refs[name] = resolve(each["Properties"]["BucketName"])
            arns[name] = f"arn:aws:s3:::{refs[name]}"
            self.s3.create_bucket(Bucket=refs[name])
            self.s3.put_bucket_versioning(
                Bucket=refs[name], VersioningConfiguration=each["Properties"]["VersioningConfiguration"]
            )
        for name, each in template.resources("AWS::DynamoDB::Table").items():
            self.make_table(name, each["Properties"])
        queues = template.resources("AWS::SQS::Queue")
        for name in sorted(queues, key=lambda name: "RedrivePolicy" in queues[name]["Properties"]):
            attributes = {
                key: json.dumps(value)
                if isinstance(value, dict)
                else str(value).lower()
                if isinstance(value, bool)
                else str(value)
                for key, value in resolve(queues[name]["Properties"]).items()
            }
            refs[name] = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
            arns[name] = f"arn:aws:sqs:{template.REGION}:{template.ACCOUNT}:{name}"
        for name in template.resources("AWS::SNS::Topic"):
            refs[name] = arns[name] = self.sns.create_topic(Name=name)["TopicArn"]
        for each in template.resources("AWS::SNS::Subscription").values():
            if not self._resolver.exists(each) or each["Properties"]["Protocol"] == "email":
                continue
            given = resolve(each["Properties"])
            self.sns.subscribe(
                TopicArn=given["TopicArn"],
                Protocol=given["Protocol"],
                Endpoint=given["Endpoint"],
                Attributes={"RawMessageDelivery": str(given["RawMessageDelivery"]).lower()}
                | ({"FilterPolicy": json.dumps(given["FilterPolicy"])} if "FilterPolicy" in given else {}),
            )
        for name in template.functions():
            refs[name] = name
        for name in template.resources("AWS::Kinesis::Stream"):
            refs[name] = name
            arns[name] = f"arn:aws:kinesis:{template.REGION}:{template.ACCOUNT}:stream/{name}"
        for kind in ("AWS::Logs::LogGroup", "AWS::Serverless::Api", "AWS::IAM::Role", "AWS::SecretsManager::Secret"):
            refs.update({name: name for name in template.resources(kind)})

    def make_table(self, name: str, given: Mapping[str, Any]) -> None:
        stream = given.get("StreamSpecification")
        self.dynamodb.create_table(
            TableName=name,
            BillingMode=given["BillingMode"],
            AttributeDefinitions=given["AttributeDefinitions"],
            KeySchema=given["KeySchema"],
            **({"GlobalSecondaryIndexes": given["GlobalSecondaryIndexes"]} if "GlobalSecondaryIndexes" in given else {}),
            **({"StreamSpecification": {"StreamEnabled": True} | stream} if stream else {}),
        )
        self._resolver.refs[name] = name
        self._resolver.arns[name] = f"arn:aws:dynamodb:{template.REGION}:{template.ACCOUNT}:table/{name}"

    def _start(self) -> None:
        self.modules = {folder: self._import(name, folder) for name, folder in FOLDERS.items()}

    def _import(self, logical_id: str, folder: str) -> ModuleType:
        """A handler as a new process would import it: with the environment that the template declares, and no more."""
        name = template.functions()[logical_id]["Properties"]["Handler"].rpartition(".")[0]
        sys.modules.pop(name, None)
        with _also_in_environment(self.environment(logical_id)):
            return importlib.import_module(name)

    # What people and S3 do ------------------------------------------------------------------------------------------------

    def store(self, key: str, body: bytes) -> dict[str, Any]:
        """Puts an object, and returns the event that S3 would tell of it."""
        answer = self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        self._number += 1
        return s3_record(key, self._number, version_id=answer["VersionId"], size=len(body))

    def remove(self, key: str, version_id: str | None = None) -> dict[str, Any]:
        """Deletes an object, which leaves a delete marker; or takes away one version."""
        given = {"VersionId": version_id} if version_id else {}
        answer = self.s3.delete_object(Bucket=self.bucket, Key=key, **given)
        self._number += 1
        name = "ObjectRemoved:Delete" if version_id else "ObjectRemoved:DeleteMarkerCreated"
        return s3_record(key, self._number, name=name, version_id=version_id or answer.get("VersionId"))

    def tell(self, *records: Mapping[str, Any]) -> None:
        """Sends each event to the queue of uploads, as the bucket does."""
        for record in records:
            self.sqs.send_message(QueueUrl=self.ref("UploadsQueue"), MessageBody=s3_message(record))

    def put(self, key: str, body: bytes) -> dict[str, Any]:
        record = self.store(key, body)
        self.tell(record)
        return record

    def bring_in(self, key: str, body: bytes) -> None:
        """Puts an object, and delivers it and all that follows from it."""
        self.put(key, body)
        self.deliver()

    def delete(self, key: str, version_id: str | None = None) -> dict[str, Any]:
        record = self.remove(key, version_id)
        self.tell(record)
        return record

    # What AWS does --------------------------------------------------------------------------------------------------------

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Calls a function. It may do with AWS what its role allows, and nothing else."""
        handle: Handle = self.modules[function].handle
        (logical_id,) = [name for name, folder in FOLDERS.items() if folder == function]

        def allow(service: str, operation: str, arguments: dict[str, Any]) -> None:
            permissions.check(logical_id, service, operation, arguments, self.ref)
            if len(self._made) + 1 >= self._crash_at:
                raise Crash(operation)
            self._made.append(operation)

        def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            allow(service, operation, arguments)
            if (service, operation) == ("lambda", "Invoke"):
                answer = self.invoke(FOLDERS[arguments["FunctionName"]], json.loads(arguments["Payload"]))
                return {"Payload": BytesIO(json.dumps(answer).encode()), "ExecutedVersion": "1"}
            return _CALL(client, operation, arguments)

        def light_call(client: LightClient, operation: str, /, **arguments: Any) -> Any:
            allow(client.service, operation, arguments)
            return _LIGHT_CALL(client, operation, **arguments)

        with _calling(call, light_call):
            return handle(event, Context(function_name=function))

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """While a function runs, others do something: what is called here is not called by the function."""
        with _calling(_CALL, _LIGHT_CALL):
            yield

    def deliver(self) -> None:
        """Until nothing is under way any more."""
        for _ in range(_ROUNDS):
            moved = self.pump("UploadsQueue", "on_upload")
            moved |= self.pump_changes()
            moved |= self.pump("CataloguedQueue", "on_catalogued")
            if not moved:
                return
        raise AssertionError("messages go round and round")

    def pump(self, queue: str, function: str) -> bool:
        """Hands the messages of a queue to its function, ten at a time; what fails stays there. Whether there were any."""
        moved = False
        while messages := self.receive(queue):
            moved = True
            event = self.queue_event(queue, messages)
            refused = {message["MessageId"] for message in messages}
            try:
                refused = set(failed(self.invoke(function, event)))
            finally:
                for message in messages:
                    place = {"QueueUrl": self.ref(queue), "ReceiptHandle": message["ReceiptHandle"]}
                    if message["MessageId"] in refused:
                        self.sqs.change_message_visibility(**place, VisibilityTimeout=0)
                    else:
                        self.sqs.delete_message(**place)
        return moved

    def receive(self, queue: str) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(
            QueueUrl=self.ref(queue),
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def take(self, queue: str) -> list[dict[str, Any]]:
        """All messages of a queue, taken out of it."""
        taken: list[dict[str, Any]] = []
        while messages := self.receive(queue):
            for message in messages:
                self.sqs.delete_message(QueueUrl=self.ref(queue), ReceiptHandle=message["ReceiptHandle"])
            taken += messages
        return taken

    def bodies(self, queue: str) -> list[Any]:
        return [json.loads(message["Body"]) for message in self.take(queue)]

    def queue_event(self, queue: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "Records": [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message.get("Attributes", {}),
                    "messageAttributes": {},
                    "md5OfBody": message["MD5OfBody"],
                    "eventSource": "aws:sqs",
                    "eventSourceARN": self._resolver.arns[queue],
                    "awsRegion": template.REGION,
                }
                for message in messages
            ]
        }

    def pump_changes(self) -> bool:
        """Hands FilesTable's stream to the fan-out from where it stood; from the first record that failed, again."""
        records = self.changes()
        moved = bool(records)
        for _ in range(_ROUNDS):
            if not records:
                return moved
            answer = self.invoke("on_file_change", {"Records": records[:100]})
            refused = failed(answer)
            taken = next(
                (at for at, record in enumerate(records) if refused and record["dynamodb"]["SequenceNumber"] == refused[0]),
                len(records[:100]),
            )
            self._stream_position += taken
            records = records[taken:]
        raise AssertionError("the fan-out never takes its records")

    def index_stations(self) -> None:
        """Hands StationsTable's stream to its function, from the beginning."""
        records = self.history(table="StationsTable")
        assert failed(self.invoke("on_station_change", {"Records": records})) == []

    def changes(self) -> list[dict[str, Any]]:
        """The stream's records that have not been taken."""
        return self.history(self._stream_position)

    def history(self, start: int = 0, *, table: str = "FilesTable") -> list[dict[str, Any]]:
        """Records of a table's stream. (moto's GetRecords gives the same, but takes longer than all the rest together.)"""
        shard = dynamodb_backends[template.ACCOUNT][template.REGION].tables[self.ref(table)].stream_shard
        assert shard is not None
        records = [item.to_json() for item in shard.items[start:]]
        return [json.loads(json.dumps(record, default=_as_told)) for record in records]

    # What there is --------------------------------------------------------------------------------------------------------

    def items(self, table: str) -> list[dict[str, Any]]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.ref(table), ConsistentRead=True)
        return [from_item(item) for page in pages for item in page["Items"]]

    def entry(self, key: str) -> FileEntry:
        answer = self.dynamodb.get_item(
            TableName=self.ref("FilesTable"), Key={"file_id": {"S": file_id(self.bucket, key)}}, ConsistentRead=True
        )
        return from_image(answer["Item"])

    def entries(self) -> list[FileEntry]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.ref("FilesTable"))
        return [from_image(item) for page in pages for item in page["Items"]]

    def said(self) -> dict[str, dict[str, dict[str, float]]]:
        """What the blocks say together: station, parameter, time, value that is not missing."""
        store = ObservationsStore(self.ref("ObservationsTable"), client=self.dynamodb)
        partitions = {item["partition"] for item in self.items("ObservationsTable")}
        found: dict[str, dict[str, dict[str, float]]] = {}
        for partition in sorted(partitions):
            kind, _, station = partition.partition("#")
            for span in Span if kind == "station" else ():
                piece = overlay(list(store.read(Selection(station_id=station, span=span, details=True))), Interval())
                for name, column in piece.columns.items() if piece else ():
                    assert piece is not None
                    times, values = json.loads(f"[{piece.times}]"), json.loads(f"[{column.values}]")
                    pairs = {time: value for time, value in zip(times, values, strict=True) if value is not None}
                    if pairs:
                        found.setdefault(station, {})[name] = pairs
        return found

    def latest(self) -> dict[str, dict[str, dict[str, Any]]]:
        store = LatestStore(self.ref("LatestTable"), client=self.dynamodb)
        return {
            station: {name: asdict(value) for name, value in values.items()} for station, values in store.everyone() if values
        }

    def counters(self) -> dict[str, tuple[int, int, int]]:
        """(files, rows, bytes) of each term that has files."""
        store = FileIndexStore("", self.ref("FileCountersTable"), client=self.dynamodb)
        return {
            f"{dimension}#{each.value}": (each.files, each.rows, each.bytes)
            for dimension in DIMENSIONS
            for each in store.counts(dimension)
        }

    def lists(self) -> dict[str, set[str]]:
        """The keys of files in the list of each term; of a word, `w#newark`."""
        found: dict[str, set[str]] = {}
        for item in self.items("SearchTable"):
            term = item["term"]
            if term.startswith("w#"):
                term = f"w#{item['place'].partition('#')[0]}"
            document = json.loads(item["document"])
            if document["kind"] == "file":
                found.setdefault(term, set()).add(document["title"])
        return found

    def state(self) -> dict[str, Any]:
        """Everything that must be the same whatever the order and number of deliveries.

        When Mesonet asked itself to read a file again is not of it, nor is what follows from that moment.
        """
        found = {
            "files": {entry.key: _lasting(entry) for entry in self.entries()},
            "counters": self.counters(),
            "lists": self.lists(),
            "latest": self.latest(),
            "observations": self.said(),
            "stations": {item["station_id"]: item for item in self.items("StationsTable")},
            "mappings": {(item["prefix"], item["source"]): item for item in self.items("MappingsTable")},
        }
        return {name: _timeless(each) for name, each in found.items()}

    # What goes wrong ------------------------------------------------------------------------------------------------------

    @contextmanager
    def crash_before_call(self, number: float = inf) -> Iterator[list[str]]:
        """The process dies before its n-th call (from 1) of AWS; no call of it takes effect any more. Gives the calls made."""
        self._made, self._crash_at = [], number
        try:
            with suppress(Crash):
                yield self._made
        finally:
            self._made, self._crash_at = [], inf


FOLDERS = {
    name: template.folder_of(name)
    for name in template.functions()
    if (template.ROOT / "src/mesonet/functions" / template.folder_of(name) / "handler.py").exists()
}


def _timeless(value: Any) -> Any:
    """Without the moment of a re-reading, which ends the order of an entry."""
    match value:
        case str():
            return _REREAD.sub("|", value)
        case dict():
            return {name: _timeless(each) for name, each in value.items() if name != "reread_at"}
        case list():
            return [_timeless(each) for each in value]
    return value


def _as_told(value: Any) -> Any:
    """Of an event of Lambda: bytes are Base64, moments are seconds."""
    return b64encode(value).decode() if isinstance(value, bytes) else value.timestamp()


def _lasting(entry: FileEntry) -> dict[str, Any]:
    """An entry without what tells only how and when it came about; of a deleted one, only that it is."""
    if entry.status is Status.DELETED:
        return {"status": entry.status, "order": entry.order, "received_at": entry.received_at}
    values = asdict(entry)
    for name in ("catalogued_at", "revision"):
        del values[name]
    del values["loading"]["at"]
    values["rejects_object"] = values["rejects_object"] is not None  # its name ends in the moment of a re-reading
    return values
