"""Subscriptions from the first request to the last delivery: keys, filters, signed webhooks, retries, giving up."""

import hmac
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mesonet.channels.webhooks import WebhookFailed, Webhooks
from mesonet.domain.instant import DAY
from mesonet.domain.operator import Scope
from mesonet.domain.subscription import Channel, Filter, Subscription
from mesonet.stores.operators import OperatorsStore
from mesonet.stores.subscriptions import SubscriptionsStore
from tests.builders import failed, file_entry, stream_record
from tests.system import System

HOST = "hooks.example.org"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:somebody"


class Endpoint(HTTPServer):
    """A webhook on this machine that answers as it is told to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.status, self.answer, self.location = 200, b"", ""
        self.echoes = True
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.server_port}/hook?x=1"


class _Taking(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        told = json.loads(body)
        answer = told["challenge"].encode() if self.server.echoes and "challenge" in told else self.server.answer
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = (folder / "certificate.pem", folder / "key.pem")
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def endpoint(certificate: tuple[Path, Path]) -> Iterator[Endpoint]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Endpoint(context) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def webhooks(certificate: tuple[Path, Path]) -> Webhooks:
    """Whatever the host, it is here, and here may be called; a busy machine may take its time."""
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    return Webhooks(resolve=lambda host, port: ["127.0.0.1"], allowed=lambda address: True, context=trusting, timeout_s=120)


@pytest.fixture
def wired(system: System, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setattr(system.modules["on_notice"], "webhooks", webhooks)
    monkeypatch.setattr(system.modules["on_notice"], "subscribed", system.modules["on_notice"].subscribed.read)
    monkeypatch.setattr("mesonet.domain.webhook.PORTS", range(65_536))
    return system


def key(system: System, name: str = "Parks", scope: Scope = Scope.SUBSCRIPTIONS) -> str:
    store = OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)
    return store.issue(name, stations=["*"], scopes=[scope], now=int(time.time() * 1000))[0]


def ask(
    system: System,
    method: str,
    path: str = "/subscriptions",
    body: Any = None,
    *,
    with_key: str | None = None,
    **condition: str,
) -> tuple[int, Any]:
    headers = {"Host": "api", "Content-Type": "application/json"} | {
        name.replace("_", "-"): tag for name, tag in condition.items()
    }
    if with_key:
        headers["Authorization"] = f"Bearer {with_key}"
    event = {
        "httpMethod": method,
        "path": path,
        "headers": headers,
        "queryStringParameters": None,
        "requestContext": {"requestId": "r", "path": f"/v1{path}"},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = system.invoke("api_subscriptions", event)
    return answer["statusCode"], json.loads(answer["body"]) if answer.get("body") else None


def pump(system: System) -> list[str]:
    """Hands NoticeQueue's messages to its function, once each; the reasons of those that failed stay in the queue."""
    messages = system.receive("NoticeQueue")
    event = system.queue_event("NoticeQueue", messages)
    for record, message in zip(event["Records"], messages, strict=True):
        record["messageAttributes"] = {
            name: {"stringValue": each["StringValue"], "dataType": each["DataType"]}
            for name, each in message.get("MessageAttributes", {}).items()
        }
    refused = failed(system.invoke("on_notice", event)) if messages else []
    for message in messages:
        place = {"QueueUrl": system.ref("NoticeQueue"), "ReceiptHandle": message["ReceiptHandle"]}
        if message["MessageId"] in refused:
            system.sqs.change_message_visibility(**place, VisibilityTimeout=0)
        else:
            system.sqs.delete_message(**place)
    return refused


def tell(system: System, **entry: Any) -> None:
    number = entry.pop("number", 1)
    assert (
        failed(system.invoke("on_file_change", {"Records": [stream_record(None, file_entry(number, **entry), number)]})) == []
    )


def subscribed(system: System, endpoint: Endpoint, operator: str, **wanted: Any) -> dict[str, Any]:
    status, made = ask(
        system, "POST", body={"channel": "webhook", "endpoint": endpoint.address, "filter": wanted}, with_key=operator
    )
    assert status == 201, made
    assert pump(system) == []
    endpoint.received.clear()
    return dict(made)


def test_a_webhook_is_told_after_it_has_confirmed(wired: System, endpoint: Endpoint) -> None:
    operator = key(wired)
    status, made = ask(wired, "POST", body={"channel": "webhook", "endpoint": endpoint.address}, with_key=operator)
    assert (status, made["state"]) == (201, "pending")
    pump(wired)
    ((headers, body),) = endpoint.received
    assert json.loads(body)["type"] == "SubscriptionConfirmation"
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]["state"] == "active"
    before = int(time.time())
    tell(wired, key="a.csv")
    pump(wired)
    pump(wired)
    headers, body = endpoint.received[1]
    assert json.loads(body)["file"]["key"] == "a.csv"
    stamp = headers["x-mesonet-timestamp"]
    signed = hmac.new(made["secret"].encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
    assert headers["x-mesonet-signature"] == f"sha256={signed}"
    assert before <= int(stamp) <= time.time()
    assert headers["host"].startswith(HOST)


def test_an_endpoint_that_does_not_answer_the_challenge_is_told_nothing(wired: System, endpoint: Endpoint) -> None:
    operator, endpoint.echoes = key(wired), False
    _, made = ask(wired, "POST", body={"channel": "webhook", "endpoint": endpoint.address}, with_key=operator)
    assert len(pump(wired)) == 1, "it is asked again later"
    tell(wired)
    pump(wired)
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]["state"] == "pending"
    assert not [body for _, body in endpoint.received if b"FileCatalogued" in body]


def test_the_same_wish_makes_one_subscription_and_shows_its_secret_once(wired: System, endpoint: Endpoint) -> None:
    operator, wish = key(wired), {"channel": "webhook", "endpoint": endpoint.address, "filter": {"stations": ["EWR"]}}
    first, second = (ask(wired, "POST", body=wish, with_key=operator) for _ in range(2))
    assert (first[0], second[0]) == (201, 200)
    assert first[1]["id"] == second[1]["id"]
    assert "secret" in first[1]
    assert "secret" not in second[1]
    assert ask(wired, "GET", with_key=operator)[1]["count"] == 1


def test_only_what_fits_the_filter_is_told(wired: System, endpoint: Endpoint) -> None:
    subscribed(wired, endpoint, key(wired), stations=["JFK"], kinds=["FileCatalogued"])
    tell(wired, number=1, key="ewr.csv", stations={"EWR": 1})
    tell(wired, number=2, key="jfk.csv", stations={"JFK": 1})
    for _ in range(3):
        pump(wired)
    assert [json.loads(body)["file"]["key"] for _, body in endpoint.received] == ["jfk.csv"]


def test_a_delivery_that_fails_comes_again_as_the_same_delivery(wired: System, endpoint: Endpoint) -> None:
    operator = key(wired)
    made = subscribed(wired, endpoint, operator)
    tell(wired)
    pump(wired)
    endpoint.status = 503
    assert len(pump(wired)) == 1
    shown = ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]
    assert shown["failing_since"]
    assert shown["reason"] == f"{HOST} answers 503"
    endpoint.status = 200
    assert pump(wired) == []
    first, second = (headers["x-mesonet-delivery"] for headers, _ in endpoint.received)
    assert first == second
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]["failing_since"] is None


def test_an_endpoint_that_fails_for_days_is_given_up_and_what_it_missed_is_set_aside(
    wired: System, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, module = key(wired), wired.modules["on_notice"]
    made = subscribed(wired, endpoint, operator)
    tell(wired)
    pump(wired)
    endpoint.status = 500
    assert len(pump(wired)) == 1
    real = module.clock.now
    monkeypatch.setattr(module.clock, "now", lambda: real() + 3 * DAY + 1)
    assert pump(wired) == []
    shown = ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]
    assert shown["state"] == "disabled"
    (dead,) = wired.bodies("NoticeDeadLetterQueue")
    assert "disabled" in dead["reason"]
    tell(wired, number=2, key="later.csv")
    pump(wired)
    assert not wired.receive("NoticeQueue")
    endpoint.status = 200
    assert ask(wired, "POST", body={"channel": "webhook", "endpoint": endpoint.address}, with_key=operator)[0] == 200
    pump(wired)
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]["state"] == "active", "it may confirm anew"


def test_waits_grow_from_seconds_to_hours(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []
    deliveries = system.modules["on_notice"].deliveries

    class Client:
        def change_message_visibility(self, *, VisibilityTimeout: int, **_: Any) -> None:
            waits.append(VisibilityTimeout)

    monkeypatch.setattr(deliveries, "_client", Client())
    for times in range(1, 10):
        with pytest.raises(WebhookFailed), deliveries.soon_again("r", times):
            raise WebhookFailed("no")
    assert waits == [15, 60, 240, 960, 3840, 15_360, 21_600, 21_600, 21_600]


def test_a_subscription_that_is_cancelled_is_told_no_more(wired: System, endpoint: Endpoint) -> None:
    operator = key(wired)
    made = subscribed(wired, endpoint, operator)
    tell(wired)
    pump(wired)
    assert ask(wired, "DELETE", f"/subscriptions/{made['id']}", with_key=operator)[0] == 204
    assert pump(wired) == []
    assert endpoint.received == []
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[0] == 404


def test_a_subscription_is_cancelled_by_who_knows_what_it_is(wired: System, endpoint: Endpoint) -> None:
    operator, other = key(wired), key(wired, "Others")
    path = f"/subscriptions/{subscribed(wired, endpoint, operator)['id']}"
    event = {"httpMethod": "GET", "path": path, "headers": {"Authorization": f"Bearer {operator}", "Host": "api"}}
    tag = wired.invoke("api_subscriptions", event | {"requestContext": {"path": f"/v1{path}"}})["headers"]["ETag"]
    for who, given, status in (
        (None, '"other"', 401),
        (other, '"other"', 404),
        (operator, '"other"', 412),
        (operator, tag, 204),
    ):
        assert ask(wired, "DELETE", path, with_key=who, If_Match=given)[0] == status
    assert ask(wired, "POST", body={}, with_key=operator, If_None_Match="*")[0] == 412


def test_redirects_are_not_followed(wired: System, endpoint: Endpoint, webhooks: Webhooks) -> None:
    endpoint.status, endpoint.location = 302, "https://169.254.169.254/latest/meta-data"
    with pytest.raises(WebhookFailed, match="redirects are not followed"):
        webhooks.call(endpoint.address, {}, b"{}")


def until_it_leaves(line: ssl.SSLSocket) -> None:
    while line.recv(65_536):
        pass


def drip(line: ssl.SSLSocket) -> None:
    """A byte at a time, for much longer than anyone waits."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        line.sendall(b"a")
        time.sleep(0.02)


def stop_in_the_body(line: ssl.SSLSocket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
    until_it_leaves(line)


def keep_saying_continue(line: ssl.SSLSocket) -> None:
    while True:
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


def say_nothing(line: ssl.SSLSocket) -> None:
    until_it_leaves(line)


def hang_up(line: ssl.SSLSocket) -> None:
    line.close()


def send_headers_for_ever(line: ssl.SSLSocket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: " + b"a" * 1000 + b"\r\n")


def speak_something_else(line: ssl.SSLSocket) -> None:
    line.sendall(b"220 mail.example.org ESMTP\r\n" * 10)


def send_without_end(line: ssl.SSLSocket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        line.sendall(b"a" * 100_000)


type Talk = Callable[[ssl.SSLSocket], None]


@pytest.fixture
def unkind(certificate: tuple[Path, Path]) -> Iterator[Callable[[Talk], str]]:
    """Address of an endpoint that takes one call and answers it in its own way."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    threads: list[Thread] = []

    def listening(talk: Talk) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(120)

        def serve() -> None:
            with listener, suppress(OSError):
                plain, _ = listener.accept()
                plain.settimeout(120)
                with context.wrap_socket(plain, server_side=True) as line:
                    line.recv(65_536)
                    talk(line)

        threads.append(Thread(target=serve))
        threads[-1].start()
        return f"https://{HOST}:{listener.getsockname()[1]}/"

    yield listening
    for thread in threads:
        thread.join()


@pytest.fixture
def hurried(certificate: tuple[Path, Path]) -> Webhooks:
    """Waits half a second for a call."""
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    return Webhooks(resolve=lambda host, port: ["127.0.0.1"], allowed=lambda address: True, context=trusting, timeout_s=0.5)


@pytest.mark.parametrize("talk", [drip, stop_in_the_body, keep_saying_continue, say_nothing])
def test_an_endpoint_that_keeps_a_call_is_left_in_time(talk: Talk, unkind: Callable[[Talk], str], hurried: Webhooks) -> None:
    """Five calls have to fit into one of the function."""
    with pytest.raises(WebhookFailed, match=r"has not answered within 0\.5 s|timed out"):
        hurried.call(unkind(talk), {}, b"{}")  # the endpoint itself never ends it


def test_a_handshake_that_never_ends_is_left_in_time(hurried: Webhooks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(WebhookFailed, match=r"has not answered|timed out"):
        hurried.call(f"https://{HOST}:{listener.getsockname()[1]}/", {}, b"{}")


@pytest.mark.parametrize("talk", [hang_up, send_headers_for_ever, speak_something_else])
def test_what_is_no_answer_is_a_failure_with_its_reason(talk: Talk, unkind: Callable[[Talk], str], webhooks: Webhooks) -> None:
    with pytest.raises(WebhookFailed, match=f"{HOST} cannot be reached: ."):
        webhooks.call(unkind(talk), {}, b"{}")


def test_of_an_answer_without_end_only_the_beginning_is_read(unkind: Callable[[Talk], str], webhooks: Webhooks) -> None:
    assert webhooks.call(unkind(send_without_end), {}, b"{}") == b"a" * 10_000


def test_the_address_that_was_looked_at_is_the_one_that_is_called(endpoint: Endpoint, certificate: tuple[Path, Path]) -> None:
    """A name that leads elsewhere a moment later is not asked again."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    webhooks = Webhooks(
        resolve=lambda host, port: next(answers), allowed=lambda address: address == "127.0.0.1", context=trusting
    )
    webhooks.call(endpoint.address, {}, b"{}")
    assert len(endpoint.received) == 1
    with pytest.raises(WebhookFailed, match=r"169\.254\.169\.254, which is no public address"):
        webhooks.call(endpoint.address, {}, b"{}")
    assert len(endpoint.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_taken(endpoint: Endpoint) -> None:
    untrusting = Webhooks(resolve=lambda host, port: ["127.0.0.1"], allowed=lambda address: True)
    with pytest.raises(WebhookFailed, match="certificate verify failed"):
        untrusting.call(endpoint.address, {}, b"{}")
    assert endpoint.received == []


def test_a_name_that_can_have_no_address_is_a_failure() -> None:
    with pytest.raises(WebhookFailed, match="has no address"):
        Webhooks().call(f"https://{'a' * 64}.example.org/", {}, b"{}")


def test_an_endpoint_that_is_gone_is_told_no_more(wired: System, endpoint: Endpoint) -> None:
    operator = key(wired)
    made = subscribed(wired, endpoint, operator)
    tell(wired, number=1, key="one.csv")
    tell(wired, number=2, key="two.csv")
    pump(wired)
    endpoint.status = 410
    before = len(endpoint.received)
    assert pump(wired) == []
    assert len(endpoint.received) == before + 1, "what waited for it is dropped without asking again"
    shown = ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]
    assert (shown["state"], shown["reason"]) == ("disabled", f"{HOST} answers 410: it is gone")
    assert wired.bodies("NoticeDeadLetterQueue") == [], "nobody has to do anything about it"
    ask(wired, "POST", body={"channel": "webhook", "endpoint": endpoint.address, "filter": {}}, with_key=operator)
    before = len(endpoint.received)
    assert pump(wired) == []
    assert len(endpoint.received) == before + 1, "it is asked anew whether it wants this"
    assert ask(wired, "GET", f"/subscriptions/{made['id']}", with_key=operator)[1]["state"] == "disabled"
    assert wired.bodies("NoticeDeadLetterQueue") == [], "nor that it does not confirm"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.1"], ["93.184.215.14", "169.254.169.254"], []])
def test_a_name_that_leads_inside_is_not_called(addresses: list[str]) -> None:
    with pytest.raises(WebhookFailed, match="no public address"):
        Webhooks(resolve=lambda host, port: addresses).call("https://rebinding.example/", {}, b"{}")


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_an_address_in_disguise_is_not_called(host: str) -> None:
    """As this machine's own resolver understands it."""
    with pytest.raises(WebhookFailed, match="no public address"):
        Webhooks().call(f"https://{host}/", {}, b"{}")


def test_the_certificate_has_to_be_the_hosts(endpoint: Endpoint, webhooks: Webhooks) -> None:
    with pytest.raises(WebhookFailed, match="certificate"):
        webhooks.call(endpoint.address.replace(HOST, "other.example.org"), {}, b"{}")


def test_a_queue_gets_what_it_wants_from_sns_itself(system: System) -> None:
    url = system.sqs.create_queue(QueueName="somebody")["QueueUrl"]
    operator = key(system)
    wish = {"channel": "sqs", "endpoint": QUEUE, "filter": {"stations": ["JFK"], "bbox": [-75, 40, -73, 41]}}
    status, made = ask(system, "POST", body=wish, with_key=operator)
    assert (status, made["state"]) == (201, "active")
    tell(system, number=1, key="ewr.csv", stations={"EWR": 1}, bbox=(-74.1, 40.6, -74.1, 40.6))
    tell(system, number=2, key="jfk.csv", stations={"JFK": 1}, bbox=(-73.8, 40.6, -73.8, 40.6))
    tell(system, number=3, key="far.csv", stations={"JFK": 1}, bbox=(8.5, 47.3, 8.5, 47.3))
    messages = system.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    assert [json.loads(message["Body"])["file"]["key"] for message in messages] == ["jfk.csv"]
    assert ask(system, "DELETE", f"/subscriptions/{made['id']}", with_key=operator)[0] == 204
    assert QUEUE not in [each["Endpoint"] for each in system.sns.list_subscriptions()["Subscriptions"]]


def test_an_address_of_mail_has_to_confirm_to_sns(system: System) -> None:
    status, made = ask(system, "POST", body={"channel": "email", "endpoint": "somebody@example.org"}, with_key=key(system))
    assert (status, made["state"]) == (201, "pending")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"channel": "pigeon", "endpoint": "x"},
        {"channel": "webhook", "endpoint": "http://example.org"},
        {"channel": "webhook", "endpoint": "https://192.168.0.1/"},
        {"channel": "sqs", "endpoint": "somebody"},
        {"channel": "lambda", "endpoint": QUEUE},
        {"channel": "email", "endpoint": "nobody"},
        {"channel": "webhook", "endpoint": "https://example.org", "colour": "red"},
        {"channel": "webhook", "endpoint": "https://example.org", "filter": {"bbox": [0, 91, 1, 92]}},
        {"channel": "webhook", "endpoint": "https://example.org", "filter": {"bbox": [1]}},
        {"channel": "webhook", "endpoint": "https://example.org", "filter": {"standard_names": ["mood"]}},
        {"channel": "webhook", "endpoint": "https://example.org", "filter": {"stations": []}},
        {
            "channel": "sqs",
            "endpoint": QUEUE,
            "filter": {"stations": list("abcdefghijklmnopqrstuvwxyz"), "formats": list("abcdef")},
        },
        [],
    ],
)
def test_a_wish_that_cannot_be_granted_is_told_why(system: System, wish: Any) -> None:
    status, problem = ask(system, "POST", body=wish, with_key=key(system))
    assert status == 400
    assert problem["detail"]
    assert ask(system, "GET", with_key=key(system, "other"))[1]["count"] == 0


def test_everything_needs_a_key_that_is_for_it(system: System) -> None:
    wish = {"channel": "email", "endpoint": "somebody@example.org"}
    for method, path in (("POST", "/subscriptions"), ("GET", "/subscriptions"), ("DELETE", "/subscriptions/x")):
        assert ask(system, method, path, wish)[0] == 401
        assert ask(system, method, path, wish, with_key="mk_nobodys")[0] == 401
        assert ask(system, method, path, wish, with_key=key(system, scope=Scope.FILES))[0] == 403


def test_nobody_sees_what_is_anothers(system: System) -> None:
    wish = {"channel": "email", "endpoint": "somebody@example.org"}
    made = ask(system, "POST", body=wish, with_key=key(system))[1]
    other = key(system, "Others")
    assert ask(system, "GET", with_key=other)[1]["count"] == 0
    for method in ("GET", "DELETE"):
        assert ask(system, method, f"/subscriptions/{made['id']}", with_key=other)[0] == 404


def test_what_is_kept_is_what_was_asked(system: System) -> None:
    store = SubscriptionsStore(system.ref("SubscriptionsTable"), client=system.dynamodb)
    made = Subscription(
        operator_id="op-1",
        channel=Channel.WEBHOOK,
        endpoint="https://example.org/",
        filter=Filter(bbox=(-75.0, 40.0, -73.5, 41.0), stations=("EWR",), kinds=("FileDeleted",)),
        secret="s",
        created_at=5,
    )
    store.add(made)
    assert store.find(made.id) == made
    assert list(store.of_operator("op-1")) == list(store.of_channel(Channel.WEBHOOK)) == [made]
