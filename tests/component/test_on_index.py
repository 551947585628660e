"""OnIndexFunction end to end: the catalogue's stream, the topic, the queue, signed requests, and a real OpenSearch server."""

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mesonet import aws
from mesonet.channels import deliveries
from mesonet.domain.file import FileEntry, Status
from mesonet.domain.search import SearchQuery, file_document
from mesonet.stores import opensearch
from mesonet.stores.files import FilesStore
from mesonet.stores.opensearch import OpenSearchStore
from tests import search_server
from tests.builders import failed, file_entry
from tests.system import System

type Instead = Callable[[str, str, bytes], tuple[int, bytes] | None]


class Between(BaseHTTPRequestHandler):
    """Stands before the server: takes nothing that is not signed as AWS wants it, and answers itself where it is told to."""

    protocol_version = "HTTP/1.1"
    server: "Domain"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type", "")
        assert signed(self.command, f"http://{self.headers['Host']}{self.path}", dict(self.headers), body)
        self.server.asked.append((self.command, self.path, body))
        status, answer = self.server.instead(self.command, self.path, body) or self.server.send(
            self.command, self.path, body, kind
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_PUT = do_DELETE = do_POST

    def log_message(self, *_: object) -> None:
        pass


class Domain(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Between)
        self.send = search_server.send(search_server.address())
        self.asked: list[tuple[str, str, bytes]] = []
        self.instead: Instead = lambda *_: None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def bulks(self) -> list[list[str]]:
        """The identifiers in each request of many."""
        return [
            [json.loads(line)["index"]["_id"] for line in body.splitlines() if line.startswith(b'{"index"')]
            for _, path, body in self.asked
            if path.endswith("/_bulk")
        ]


def signed(method: str, url: str, headers: dict[str, str], body: bytes) -> bool:
    given = {name.lower(): value for name, value in headers.items()}
    covered = given["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = AWSRequest(method, url, data=body, headers={name: given[name] for name in covered if name != "x-amz-date"})
    request.context["timestamp"] = given["x-amz-date"]
    signer = SigV4Auth(
        Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN")),
        "es",
        os.environ["AWS_DEFAULT_REGION"],
    )
    text = signer.string_to_sign(request, signer.canonical_request(_with_date(request, given["x-amz-date"])))
    return given["authorization"].endswith(f"Signature={signer.signature(text, request)}")


def _with_date(request: AWSRequest, date: str) -> AWSRequest:
    request.headers["x-amz-date"] = date
    return request


class Stack:
    """The functions as they are with an OpenSearch domain."""

    def __init__(self, system: System, domain: Domain) -> None:
        self.system, self.domain = system, domain
        self.catalogue = FilesStore(system.ref("FilesTable"), client=system.dynamodb)
        self.now = 1000.0

    @property
    def store(self) -> OpenSearchStore:
        store: OpenSearchStore = self.system.modules["on_index"].server
        return store

    def put(self, *entries: FileEntry) -> None:
        """Into the catalogue, whose stream tells of it as far as the queue."""
        for each in entries:
            self.catalogue.put(each)
        self.system.pump_changes()

    def index(self) -> int:
        """Hands what is in the queue to the function once; how many messages came back."""
        messages = []
        while some := self.system.receive("IndexQueue"):
            messages += some
        back = 0
        for at in range(0, len(messages), 10):
            event = self.system.queue_event("IndexQueue", messages[at : at + 10])
            refused = set(failed(self.system.invoke("on_index", event)))
            back += len(refused)
            for message in messages[at : at + 10]:
                if message["MessageId"] not in refused:
                    self.system.sqs.delete_message(
                        QueueUrl=self.system.ref("IndexQueue"), ReceiptHandle=message["ReceiptHandle"]
                    )
        return back

    def found(self, **query: Any) -> list[str]:
        self.domain.send("POST", "/_refresh", b"", "application/json")
        return [each.title for each in self.store.search(SearchQuery(**query)).documents]


@contextmanager
def standing() -> Iterator[Stack]:
    with System() as system, Domain() as domain:
        Thread(target=domain.serve_forever, daemon=True).start()
        system.sns.subscribe(
            TopicArn=system.ref("FilesTopic"),
            Protocol="sqs",
            Endpoint=system._resolver.arns["IndexQueue"],
            Attributes={"RawMessageDelivery": "true"},
        )
        name = "mesonet.functions.on_index.handler"
        sys.modules.pop(name, None)
        given = system.environment("OnIndexFunction") | {"SEARCH_ENDPOINT": domain.address}
        with patch.dict(os.environ, given):
            system.modules["on_index"] = importlib.import_module(name)
        aws._session.cache_clear()
        yield Stack(system, domain)
        for index in ("mesonet-1", "mesonet-2"):
            domain.send("DELETE", f"/{index}", b"", "application/json")
        domain.shutdown()


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    if not search_server.can_be_had():
        pytest.skip(search_server.NEEDS_JAVA)
    with standing() as made:
        monkeypatch.setattr(opensearch, "sleep", lambda _: None)
        monkeypatch.setattr(opensearch, "monotonic", lambda: made.now)
        monkeypatch.setattr(deliveries, "_FIRST_S", 0)  # what failed can be received at once
        yield made


def test_what_the_catalogue_says_is_found_in_the_server_through_stream_topic_and_queue(stack: Stack) -> None:
    files = [file_entry(at, key=f"in/{at}.csv") for at in range(12)]
    stack.put(*files)
    assert stack.index() == 0
    assert stack.found(words=("in",), limit=3) == ["in/11.csv", "in/10.csv", "in/9.csv"]
    gone = replace(files[11], sequencer=file_entry(30).sequencer, status=Status.DELETED)
    stack.put(gone)
    assert stack.index() == 0
    assert stack.found(limit=2) == ["in/10.csv", "in/9.csv"]
    assert stack.found(status="deleted") == ["in/11.csv"]


@pytest.mark.fault(21)
def test_of_a_batch_that_the_server_takes_in_part_only_the_rest_is_sent_again(stack: Stack) -> None:
    """Fault 21."""
    stack.put(*(file_entry(at, key=f"part/{at}.csv") for at in range(5)))
    busy = iter([True])

    def half(method: str, path: str, body: bytes) -> tuple[int, bytes] | None:
        if not path.endswith("/_bulk") or not next(busy, False):
            return None
        lines = body.splitlines()
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        kept = b"\n".join(line for pair in pairs[:3] for line in pair) + b"\n"
        _, answer = stack.domain.send(method, path, kept, "application/x-ndjson")
        refused = {"index": {"status": 429, "error": {"type": "rejected_execution_exception"}}}
        items = json.loads(answer)["items"] + [refused] * (len(pairs) - 3)
        return 200, json.dumps({"errors": True, "items": items}).encode()

    stack.domain.instead = half
    assert stack.index() == 0
    first, second = stack.domain.bulks()
    assert (len(first), second) == (5, first[3:])
    assert len(stack.found()) == 5


@pytest.mark.fault(22)
def test_while_the_server_is_down_the_queue_holds_the_news_and_all_is_caught_up_with(stack: Stack) -> None:
    """Fault 22."""
    stack.domain.instead = lambda *_: (429, b"too many requests")
    for at in range(4):
        stack.put(file_entry(at, key=f"late/{at}.csv"))
        assert stack.index() == at + 1, "nothing is acknowledged"
    asked = len(stack.domain.asked)
    assert stack.index() == 4
    assert len(stack.domain.asked) == asked, "the breaker is open: the server is left alone"
    stack.domain.instead = lambda *_: None
    stack.now += 31
    assert stack.index() == 0
    assert sorted(stack.found()) == [f"late/{at}.csv" for at in range(4)]
    assert stack.system.take("IndexDeadLetterQueue") == []


def test_late_news_of_an_older_state_never_replaces_the_newer(stack: Stack) -> None:
    old = file_entry(1, key="twice.csv", format="csv")
    new = replace(old, sequencer=file_entry(9).sequencer, format="toa5")
    stack.put(old)
    late = stack.system.receive("IndexQueue")
    stack.put(new)
    assert stack.index() == 0
    # the message of the old state, and what a function that read the catalogue before it changed would write
    assert failed(stack.system.invoke("on_index", stack.system.queue_event("IndexQueue", late))) == []
    assert stack.store.write([file_document(old)]) == {}
    assert (stack.found(format="toa5"), stack.found(format="csv")) == (["twice.csv"], [])


def test_what_is_written_while_the_index_is_rebuilt_is_in_the_new_one(stack: Stack) -> None:
    before = [file_entry(at, key=f"old/{at}.csv") for at in range(3)]
    stack.put(*before)
    assert stack.index() == 0
    rebuild = OpenSearchStore("mesonet", send=aws.http("es", stack.domain.address))
    stack.now += rebuild.begin_rebuild("mesonet-2")
    stack.put(file_entry(7, key="meanwhile.csv"), replace(before[0], sequencer=file_entry(8).sequencer, status=Status.DELETED))
    assert stack.index() == 0
    assert stack.found() == ["meanwhile.csv", "old/2.csv", "old/1.csv"], "the old index is read, and kept"
    assert rebuild.write([file_document(each) for each in before], into=["mesonet-2"]) == {}
    assert rebuild.finish_rebuild("mesonet-2") == ["mesonet-1"]
    assert stack.found() == ["meanwhile.csv", "old/2.csv", "old/1.csv"]
    stack.now += 60
    stack.put(file_entry(9, key="after.csv"))
    assert stack.index() == 0
    assert stack.found(limit=1) == ["after.csv"]


def test_nobody_there_is_an_error_of_the_connection_and_not_of_the_news(stack: Stack) -> None:
    stack.put(file_entry(1, key="unheard.csv"))
    stack.store._request = aws.http("es", "http://127.0.0.1:1")
    assert stack.index() == 1
    stack.store._request = aws.http("es", stack.domain.address)
    assert stack.index() == 0
    assert stack.found() == ["unheard.csv"]
