"""The light client of DynamoDB: it signs as botocore does, and keeps to HTTP, retries and clocks."""

import hmac
import json
import re
import ssl
import subprocess
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from socket import create_server, socket
from threading import Thread
from time import gmtime, strftime, time
from typing import Any
from unittest.mock import patch

import botocore
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from hypothesis import given
from hypothesis import strategies as st

from mesonet import aws, dynamodb_client
from mesonet.dynamodb_client import Credentials, DynamoDBClient, ServiceError, Signing, Unreachable, signing_key
from mesonet.stores.attributes import from_item

OURS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
GET = {"TableName": "stations", "Key": {"station_id": {"S": "JFK"}}}


# Signatures ---------------------------------------------------------------------------------------------------------------


def test_the_key_is_the_one_of_the_documentation() -> None:
    # IAM User Guide, "Deriving a signing key using .NET/Java/…": the same example in all languages
    key = signing_key(OURS.secret_key, "20120215", "us-east-1", "iam")
    assert key.hex() == "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"


def headers_of(request: bytes) -> dict[str, str]:
    first, *fields = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert first == "POST / HTTP/1.1"
    return dict(field.split(": ", 1) for field in fields)


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_a_signature_is_hmac(key: bytes, text: bytes) -> None:
    assert Signing(key).signature(text) == hmac.digest(key, text, "sha256").hex()


printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


@given(
    body=st.binary(max_size=300),
    secret=printable,
    token=st.one_of(st.just(""), printable),
    host=st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,8}){1,3}(:[1-9][0-9]{1,3})?", fullmatch=True),
    region=st.from_regex(r"[a-z]{2}-[a-z]{4,9}-[1-9]", fullmatch=True),
    moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 (UTC is given below)
    target=st.sampled_from(["GetItem", "TransactWriteItems"]),
    waited=st.sampled_from([0, 1, 86_400]),
)
def test_a_request_is_signed_as_botocore_signs_it_whatever_was_asked_before(
    body: bytes, secret: str, token: str, host: str, region: str, moment: datetime, target: str, waited: int
) -> None:
    client = DynamoDBClient(f"https://{host}", region=region, credentials=Credentials("AKID", secret, token))
    seconds = moment.replace(tzinfo=UTC).timestamp()
    with patch.object(dynamodb_client, "time", lambda: seconds - waited):
        client._request("GetItem", b"{}")
    with patch.object(dynamodb_client, "time", lambda: seconds):
        headers = headers_of(client._request(target, body))
    del headers["content-length"]
    ours = headers.pop("authorization")
    theirs = AWSRequest("POST", f"https://{host}/", data=body, headers={k: v for k, v in headers.items() if k != "x-amz-date"})
    theirs.context["timestamp"] = headers["x-amz-date"]
    with patch("botocore.auth.get_current_datetime", lambda *_, **__: moment):
        SigV4Auth(TheirCredentials("AKID", secret, token or None), "dynamodb", region).add_auth(theirs)
    assert headers["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours == theirs.headers["Authorization"]


# A server that does what it is told -----------------------------------------------------------------------------------------


def answer(body: Any = None, status: int = 200, headers: str = "", *, raw: bytes | None = None) -> bytes:
    text = raw if raw is not None else json.dumps(body if body is not None else {}).encode()
    return f"HTTP/1.1 {status} Said\r\ncontent-length: {len(text)}\r\n{headers}\r\n".encode() + text


def refused(code: str, status: int = 400, headers: str = "", **more: Any) -> bytes:
    return answer({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no", **more}, status, headers)


class Server:
    """Answers request after request by a list; None closes the connection instead."""

    def __init__(self, listener: socket, replies: list[bytes | None]) -> None:
        self.replies = replies
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.connections = 0
        self._listener = listener
        self.endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            Thread(target=self._talk, args=(connected,), daemon=True).start()

    def _talk(self, connected: socket) -> None:
        with connected, connected.makefile("rb") as received:
            while line := received.readline():
                assert line == b"POST / HTTP/1.1\r\n"
                headers = {}
                while (header := received.readline().decode().strip()) != "":
                    name, _, value = header.partition(": ")
                    headers[name] = value
                body = received.read(int(headers["content-length"]))
                self.requests.append((headers, json.loads(body)))
                reply = self.replies.pop(0) if self.replies else answer()
                if reply is None:
                    return
                connected.sendall(reply)


@contextmanager
def served(*replies: bytes | None) -> Iterator[tuple[DynamoDBClient, Server]]:
    listener = create_server(("127.0.0.1", 0))
    server = Server(listener, list(replies))
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    client = DynamoDBClient(server.endpoint, region="us-east-1", credentials=OURS)
    try:
        yield client, server
    finally:
        for kept in client._idle:
            kept.close()
        listener.shutdown(2)
        listener.close()
        thread.join()


@pytest.fixture(autouse=True)
def waits() -> Iterator[list[float]]:
    """The waits that were asked for; nobody waits."""
    asked: list[float] = []
    with patch.object(dynamodb_client, "sleep", asked.append):
        yield asked


def test_a_call_is_one_post_and_the_connection_is_kept() -> None:
    with served(answer({"Item": {"station_id": {"S": "JFK"}}}), answer()) as (client, server):
        assert client.get_item(**GET) == {"Item": {"station_id": {"S": "JFK"}}}
        assert client.put_item(TableName="t", Item={"v": {"B": b"\x00\xff"}}) == {}
    assert [headers["x-amz-target"] for headers, _ in server.requests] == [
        "DynamoDB_20120810.GetItem",
        "DynamoDB_20120810.PutItem",
    ]
    assert server.requests[0][1] == GET
    assert server.requests[1][1] == {"TableName": "t", "Item": {"v": {"B": "AP8="}}}
    assert server.connections == 1


def test_bytes_stay_in_base64_until_a_store_reads_them() -> None:
    item = {"v": {"B": "AP8="}, "B": {"M": {"B": {"S": "text"}}}, "m": {"M": {"B": {"B": "AA=="}}}}
    with served(answer({"Item": item})) as (client, _):
        found = client.get_item(**GET)["Item"]
    assert found == item
    assert from_item(found) == {"v": b"\x00\xff", "B": {"B": "text"}, "m": {"B": b"\x00"}}


def test_there_is_no_operation_of_another_name() -> None:
    with served() as (client, _), pytest.raises(AttributeError):
        client.drop_everything()


def test_a_transaction_is_the_same_one_in_every_attempt() -> None:
    with served(refused("InternalServerError", 500), answer()) as (client, server):
        client.transact_write_items(TransactItems=[])
        client.transact_write_items(TransactItems=[])
    first, again, other = [body["ClientRequestToken"] for _, body in server.requests]
    assert first == again != other
    assert 1 <= len(first) <= 36


@pytest.mark.parametrize(
    "code",
    ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "TransactionInProgressException"],
)
def test_what_may_pass_is_tried_again_with_growing_random_waits(code: str, waits: list[float]) -> None:
    with served(*[refused(code)] * 4, answer({"Item": {}})) as (client, server):
        assert client.get_item(**GET) == {"Item": {}}
    assert len(server.requests) == 5
    assert len(set(waits)) == 4
    assert all(0 <= wait <= most for wait, most in zip(waits, (0.1, 0.2, 0.4, 0.8), strict=True))


def test_an_outage_is_told_after_five_attempts() -> None:
    with served(*[answer(raw=b"<html>", status=503)] * 9) as (client, server), pytest.raises(ServiceError) as told:
        client.get_item(**GET)
    assert told.value.response["Error"]["Code"] == "503"
    assert len(server.requests) == 5


@pytest.mark.parametrize("code", ["ConditionalCheckFailedException", "ValidationException", "ResourceNotFoundException"])
def test_a_refusal_that_stays_is_told_at_once(code: str, waits: list[float]) -> None:
    with served(refused(code)) as (client, server), pytest.raises(ServiceError) as told:
        client.put_item(**GET)
    assert told.value.response["Error"] == {"Code": code, "Message": "no"}
    assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert len(server.requests) == 1
    assert not waits


def test_why_a_transaction_was_cancelled_is_told() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "m"}]
    with (
        served(refused("TransactionCanceledException", CancellationReasons=reasons)) as (client, _),
        pytest.raises(ServiceError) as told,
    ):
        client.transact_write_items(TransactItems=[])
    assert told.value.response["CancellationReasons"] == reasons


def test_a_connection_that_was_closed_while_idle_costs_no_wait(waits: list[float]) -> None:
    with served(answer(), None, answer({"Item": {}})) as (client, server):
        client.get_item(**GET)
        assert client.get_item(**GET) == {"Item": {}}
    assert server.connections == 2
    assert not waits


@pytest.mark.parametrize(
    "broken",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}",  # and then silence would follow; the server closes below
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-amz-crc32: 1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{",
        None,
    ],
)
def test_an_answer_that_is_none_is_asked_for_again(broken: bytes | None, waits: list[float]) -> None:
    with patch.object(dynamodb_client, "_READ_TIMEOUT_S", 0.2), served(broken, answer({"Item": {}})) as (client, server):
        assert client.get_item(**GET) == {"Item": {}}
    assert len(server.requests) == 2
    assert len(waits) == 1


def test_a_checksum_that_fits_is_taken() -> None:
    text = b'{"Item":{}}'
    with served(answer(raw=text, headers=f"x-amz-crc32: {zlib.crc32(text)}\r\n")) as (client, server):
        assert client.get_item(**GET) == {"Item": {}}
    assert len(server.requests) == 1


def test_an_answer_may_come_in_chunks_after_an_interim_one() -> None:
    chunks = b'5;note=x\r\n{"Ite\r\n6\r\nm":{}}\r\n0\r\nx-trailer: 1\r\n\r\n'
    whole = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    with served(whole, answer()) as (client, server):
        assert client.get_item(**GET) == {"Item": {}}
        client.get_item(**GET)
    assert server.connections == 1


def test_a_connection_that_is_to_end_is_not_used_again() -> None:
    with served(answer(headers="Connection: close\r\n"), answer()) as (client, server):
        client.get_item(**GET)
        client.get_item(**GET)
    assert server.connections == 2


def test_where_nothing_listens_it_is_unreachable(waits: list[float]) -> None:
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = DynamoDBClient(f"http://127.0.0.1:{port}", region="us-east-1", credentials=OURS)
    with pytest.raises(Unreachable, match="GetItem"):
        client.get_item(**GET)
    assert len(waits) == 4


@pytest.mark.parametrize("hours", [-5, 3])
def test_a_clock_that_is_wrong_is_corrected_by_the_answers_date(hours: int) -> None:
    date = f"date: {formatdate(time() + 3600 * hours, usegmt=True)}\r\n"
    with served(refused("InvalidSignatureException", headers=date), answer({"Item": {}}), answer()) as (client, server):
        assert client.get_item(**GET) == {"Item": {}}
        client.get_item(**GET)
    first, second, third = [headers["x-amz-date"] for headers, _ in server.requests]
    right = strftime("%Y%m%dT%H", gmtime(time() + 3600 * hours))
    assert not first.startswith(right)
    assert second.startswith(right)
    assert third.startswith(right)


def test_a_bad_signature_with_a_right_clock_is_told_at_once() -> None:
    date = f"date: {formatdate(time(), usegmt=True)}\r\n"
    with served(refused("InvalidSignatureException", headers=date)) as (client, server), pytest.raises(ServiceError):
        client.get_item(**GET)
    assert len(server.requests) == 1


def test_many_threads_may_call_at_once() -> None:
    with served() as (client, server), ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: client.get_item(**GET), range(80))) == [{}] * 80
    assert len(server.requests) == 80
    assert 1 <= server.connections <= 8


# Where it is used -----------------------------------------------------------------------------------------------------------

IN_LAMBDA = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T", "AWS_REGION": "eu-central-1"}


def test_in_lambda_the_environment_says_all() -> None:
    client = aws.light_dynamodb(IN_LAMBDA)
    assert client is not None
    headers = headers_of(client._request("GetItem", b"{}"))
    assert headers["host"] == "dynamodb.eu-central-1.amazonaws.com"
    assert headers["x-amz-security-token"] == "T"
    assert "/eu-central-1/dynamodb/" in headers["authorization"]


@pytest.mark.parametrize(
    ("more", "host"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "127.0.0.1:4566"),
        ({"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_DYNAMODB": "http://b:8000/"}, "b:8000"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "HTTPS_PROXY": "http://proxy"}, "127.0.0.1:4566"),
        ({"AWS_REGION": "cn-north-1"}, "dynamodb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_an_endpoint_of_its_own_is_used(more: dict[str, str], host: str) -> None:
    client = aws.light_dynamodb(IN_LAMBDA | more)
    assert client is not None
    assert headers_of(client._request("GetItem", b"{}"))["host"] == host


@pytest.mark.parametrize(
    "other",
    [
        {"AWS_ACCESS_KEY_ID": ""},  # a container's credentials, or a web identity's
        {"AWS_SECRET_ACCESS_KEY": ""},
        {"AWS_REGION": ""},
        {"AWS_CA_BUNDLE": "/etc/ca.pem"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"HTTPS_PROXY": "http://proxy"},
        {"http_proxy": "http://proxy", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
    ],
)
def test_whatever_else_is_asked_for_is_botocores(other: dict[str, str]) -> None:
    assert aws.light_dynamodb(IN_LAMBDA | other) is None


def test_an_endpoint_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="no address"):
        DynamoDBClient("localhost:4566", region="us-east-1", credentials=OURS)


def test_a_name_in_ascii_is_looked_up_without_the_tables_of_all_scripts() -> None:
    program = """
import sys
from mesonet.dynamodb_client import Credentials, DynamoDBClient
client = DynamoDBClient("http://localhost:9", region="us-east-1", credentials=Credentials("x", "x"))
try:
    client._connected()
except OSError as exc:
    print(type(exc).__name__, sys.modules.keys() & {"encodings.idna", "unicodedata"})
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(dynamodb_client.__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split(maxsplit=1) == ["ConnectionRefusedError", "set()\n"], done.stderr


@pytest.mark.parametrize(("name", "told"), [("localhost", b"localhost"), ("bücher.example", b"xn--bcher-kva.example")])
def test_a_name_of_another_script_is_asked_for_as_dns_has_it(name: str, told: bytes) -> None:
    assert DynamoDBClient(f"https://{name}", region="us-east-1", credentials=OURS)._address == (told, 443)


def test_the_roots_that_it_trusts_are_those_that_botocore_trusts_too() -> None:
    certificate = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
    ours = certificate.findall(Path(dynamodb_client.__file__).with_name("amazon_roots.pem").read_text())
    theirs = {
        ssl.PEM_cert_to_DER_cert(each)
        for each in certificate.findall((Path(botocore.__file__).parent / "cacert.pem").read_text())
    }
    assert len(ours) == 5
    assert {ssl.PEM_cert_to_DER_cert(each) for each in ours} <= theirs
    context = ssl.create_default_context(cafile=Path(dynamodb_client.__file__).with_name("amazon_roots.pem"))
    for known in context.get_ca_certs():
        assert ssl.cert_time_to_seconds(str(known["notAfter"])) > time() + 5 * 365 * 86_400
