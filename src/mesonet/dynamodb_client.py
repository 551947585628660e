"""A light client of DynamoDB, with the calls, answers and errors of botocore's; but bytes that it reads stay in base64.

botocore describes every service in megabytes of JSON, builds its clients from them at run time, and takes most of a cold start
to do it. What the stores need of it is one POST: JSON 1.0 with a signature (SigV4), a connection that is kept, and retries. The
few lines of HTTP/1.1 (RFC 9112) are here too: http.client reads headers with the parser for e-mail, which costs more than all
the rest of a call.

`aws.client` gives this client where the credentials are in the environment, as they are in Lambda, and botocore's otherwise.
What it has from `LightClient` serves other services that are asked with a POST, too (`sns_client`).
"""

import json
import socket
import sys
import zlib
from binascii import b2a_base64
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from hmac import digest as hmac
from os import urandom
from time import gmtime, sleep, strftime, time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mesonet.json_text import parsed, writer

_ATTEMPTS = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 2.0  # DynamoDB answers within some milliseconds: wait little at first
_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S = 2.0, 5.0  # a function is billed while it waits
_LONGEST_HEAD = 65_536  # bytes
_RECEIVED_AT_ONCE = 65_536  # bytes
_MOMENT = "\0"  # in no header
_MOST_SKEW_S = 240  # AWS takes a signature for five minutes
_OPERATIONS = {
    "batch_get_item": "BatchGetItem",
    "batch_write_item": "BatchWriteItem",
    "delete_item": "DeleteItem",
    "get_item": "GetItem",
    "put_item": "PutItem",
    "query": "Query",
    "scan": "Scan",
    "transact_get_items": "TransactGetItems",
    "transact_write_items": "TransactWriteItems",
    "update_item": "UpdateItem",
}
# Errors after which the same call may succeed (DynamoDB Developer Guide, "Error handling"; Amazon SNS API Reference,
# "PublishBatch"); besides them every 5xx
_PASSING = frozenset(
    {
        "KMSThrottling",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttled",
        "Throttling",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)


class ServiceError(Exception):
    """Refused. `response` is as in botocore's ClientError: `["Error"]["Code"]`, perhaps `["CancellationReasons"]`."""

    def __init__(self, response: dict[str, Any], operation: str) -> None:
        super().__init__(f"{operation}: {response['Error']['Code']}: {response['Error']['Message']}")
        self.response = response
        self.operation_name = operation


class Unreachable(Exception):
    """No answer came, or none that can be read."""


class Credentials(NamedTuple):
    access_key: str
    secret_key: str
    token: str = ""


class Reply(NamedTuple):
    """Of HTTP; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Connection:
    """One that is kept open, for one request after the other."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(_READ_TIMEOUT_S)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connected
        self._received = b""  # what has come and not been read
        self.usable = True  # for another request

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Reply:
        """Raises OSError, or ValueError where what comes back is not HTTP."""
        self.usable = False
        self._socket.sendall(request)
        status = 100
        while status < 200:  # interim answers
            first, *fields = self._until(b"\r\n\r\n").split("\r\n")
            version, _, rest = first.partition(" ")
            status = int(rest[:3])
        headers = {name.lower(): value.strip() for field in fields for name, _, value in (field.partition(":"),)}
        body = self._body(headers)
        self.usable = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return Reply(status, headers, body)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self._exactly(int(headers["content-length"]))
        chunks = []
        while size := int(self._until(b"\r\n").partition(";")[0], 16):
            chunks.append(self._exactly(size))
            self._until(b"\r\n")
        while self._until(b"\r\n"):
            pass  # what may follow the last chunk
        return b"".join(chunks)

    def _until(self, end: bytes) -> str:
        """What comes before an end, which goes with it."""
        while (at := self._received.find(end)) < 0:
            if len(self._received) > _LONGEST_HEAD:
                raise ValueError("this is not HTTP")
            self._received += self._more()
        found, self._received = self._received[:at], self._received[at + len(end) :]
        return found.decode("latin-1")

    def _exactly(self, size: int) -> bytes:
        if (missing := size - len(self._received)) > 0:
            parts = [self._received]
            while missing > 0:
                parts.append(some := self._more())
                missing -= len(some)
            self._received = b"".join(parts)
        found, self._received = self._received[:size], self._received[size:]
        return found

    def _more(self) -> bytes:
        some = self._socket.recv(_RECEIVED_AT_ONCE)
        if not some:
            raise ConnectionResetError("the connection was closed")
        return some


class _Form(NamedTuple):
    """What all requests of an operation have in common, with `_MOMENT` where they say when each was made: of HTTP's head as it
    is signed, and of the head itself; and which headers are signed."""

    canonical: str
    head: str
    signed: str


class LightClient:
    """Asks one service. Thread-safe: each call takes a connection of its own out of those that are idle, or makes one."""

    service: str
    operations: Mapping[str, str]  # as botocore names them, and as AWS does

    def __init__(self, endpoint: str, *, region: str, credentials: Credentials) -> None:
        """Raises ValueError for an endpoint that is no http(s) address."""
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{endpoint!r} is no address of {self.service}")
        self._secure = parts.scheme == "https"
        # Of a name that is text, socket and ssl import the tables of all scripts
        name = parts.hostname.encode("ascii" if parts.hostname.isascii() else "idna")
        self._address: Any = (name, parts.port or (443 if self._secure else 80))
        self._path = parts.path or "/"
        self._host = parts.netloc.rpartition("@")[2]
        self._region = region
        self._credentials = credentials
        self._idle: list[_Connection] = []
        self._key: tuple[str, Signing] = ("", Signing(b""))
        self._forms: dict[str, _Form] = {}
        self._skew_s = 0.0
        self._tls: Any = None

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        """The operations, called as botocore's are: `get_item(TableName=…, Key=…)`."""
        operation = self.operations.get(name)
        if operation is None:
            raise AttributeError(name)
        return partial(self._call, operation)

    def _call(self, operation: str, /, **arguments: Any) -> dict[str, Any]:
        body = self._body(operation, arguments)
        error: ServiceError | Unreachable
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                reply = self._exchange(self._request(operation, body))
                if reply.status == 200 and _intact(reply):
                    return self._parsed(reply.body)
                refusal = error = self._error(reply, operation)
            except (OSError, ValueError, KeyError) as exc:
                error = Unreachable(f"{operation}: {exc!r}")
                error.__cause__ = exc
            else:
                if not self._corrected(reply) and not _is_passing(refusal):
                    raise refusal
            if attempt < _ATTEMPTS:
                from random import random  # hardly any call is repeated, and the module takes a millisecond

                sleep(random() * min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S))
        raise error

    def _body(self, operation: str, arguments: dict[str, Any]) -> bytes:
        raise NotImplementedError

    def _described(self, operation: str) -> dict[str, str]:
        """The headers that say what the body is."""
        raise NotImplementedError

    def _parsed(self, body: bytes) -> dict[str, Any]:
        """What the service answers. Raises ValueError where it cannot be read."""
        raise NotImplementedError

    def _error(self, reply: Reply, operation: str) -> ServiceError:
        raise NotImplementedError

    def _request(self, operation: str, body: bytes) -> bytes:
        """The POST, signed (AWS Signature Version 4, IAM User Guide, "Create a signed AWS API request")."""
        form = self._forms.get(operation) or self._forms.setdefault(operation, self._form(operation))
        moment = _moment(int(time() + self._skew_s))
        day = moment[:8]
        if self._key[0] != day:
            self._key = (day, Signing(signing_key(self._credentials.secret_key, day, self._region, self.service)))
        scope = f"{day}/{self._region}/{self.service}/aws4_request"
        canonical = form.canonical.replace(_MOMENT, moment) + sha256(body).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = self._key[1].signature(text.encode())
        credential = f"{self._credentials.access_key}/{scope}"
        head = (
            f"{form.head.replace(_MOMENT, moment)}authorization: AWS4-HMAC-SHA256 Credential={credential}, "
            f"SignedHeaders={form.signed}, Signature={signature}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode("latin-1") + body

    def _form(self, operation: str) -> _Form:
        headers = {"host": self._host, "x-amz-date": _MOMENT} | self._described(operation)
        if self._credentials.token:
            headers["x-amz-security-token"] = self._credentials.token
        names = sorted(headers)
        signed = ";".join(names)
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return _Form(
            canonical="\n".join(["POST", self._path, "", *(f"{name}:{headers[name]}" for name in names), "", signed, ""]),
            head=f"POST {self._path} HTTP/1.1\r\n{told}",
            signed=signed,
        )

    def _exchange(self, request: bytes) -> Reply:
        while True:
            kept = self._kept()
            connection = kept or _Connection(self._connected())
            try:
                reply = connection.ask(request)
            except ConnectionError:
                if kept is None:
                    raise
                # else closed by the other side while it was idle: the next one
            else:
                if connection.usable:
                    self._idle.append(connection)
                return reply
            finally:
                if not connection.usable:
                    connection.close()

    def _kept(self) -> _Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connected(self) -> socket.socket:
        plain = socket.create_connection(self._address, timeout=_CONNECT_TIMEOUT_S)
        if not self._secure:
            return plain
        import ssl  # takes its time, which a plain endpoint need not give

        if self._tls is None:
            # All roots that a system trusts take 25 ms to read; AWS's certificates come from these five
            self._tls = ssl.create_default_context(cafile=f"{__file__.rpartition('/')[0]}/amazon_roots.pem")
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._address[0])  # type: ignore[no-any-return]
        except ssl.SSLCertVerificationError:
            self._tls = ssl.create_default_context()  # an endpoint of someone else, or new roots
            plain = socket.create_connection(self._address, timeout=_CONNECT_TIMEOUT_S)
            return self._tls.wrap_socket(plain, server_hostname=self._address[0])  # type: ignore[no-any-return]

    def _corrected(self, reply: Reply) -> bool:
        """Whether the refusal is explained by this machine's clock, which is then set right for the next attempt."""
        told = reply.headers.get("date", "")
        if reply.status not in (400, 403) or not told:
            return False
        skew = _seconds(told) - time()
        if abs(skew - self._skew_s) < _MOST_SKEW_S:
            return False
        self._skew_s = skew
        return True


class DynamoDBClient(LightClient):
    service = "dynamodb"
    operations = _OPERATIONS

    def _body(self, operation: str, arguments: dict[str, Any]) -> bytes:
        if operation == "TransactWriteItems":
            # The same for all attempts, so that a transaction whose answer was lost is not made twice
            arguments.setdefault("ClientRequestToken", urandom(16).hex())
        return _written(arguments).encode()

    def _described(self, operation: str) -> dict[str, str]:
        return {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"DynamoDB_20120810.{operation}"}

    def _parsed(self, body: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = parsed(body.decode().strip())
        return answer

    def _error(self, reply: Reply, operation: str) -> ServiceError:
        return _error(reply, operation)


@lru_cache(1)
def _moment(seconds: int) -> str:
    return strftime("%Y%m%dT%H%M%SZ", gmtime(seconds))


class Signing:
    """HMAC (RFC 2104) with SHA-256 and one key, of which what the key alone makes is made once."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(64, b"\0")  # of SHA-256; no key of ours is longer
        self._inner, self._outer = (sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))

    def signature(self, text: bytes) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.hexdigest()


def signing_key(secret_key: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret_key}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac(key, part.encode(), "sha256")
    return key


def _base64(value: Any) -> str:
    """The only type that JSON lacks: an attribute value's bytes."""
    return b2a_base64(value, newline=False).decode()


_written = writer(_base64)


def _intact(reply: Reply) -> bool:
    """Raises ValueError where the checksum that DynamoDB sends is not the body's, as botocore does."""
    told = reply.headers.get("x-amz-crc32")
    if told is not None and int(told) != zlib.crc32(reply.body):
        raise ValueError("the answer was damaged on its way")
    return True


def _error(reply: Reply, operation: str) -> ServiceError:
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    code = str(said.get("__type") or said.get("code") or reply.headers.get("x-amzn-errortype") or reply.status)
    response = {
        "Error": {
            "Code": code.partition(":")[0].rpartition("#")[2],
            "Message": said.get("message") or said.get("Message") or "",
        },
        "ResponseMetadata": {"HTTPStatusCode": reply.status, "RequestId": reply.headers.get("x-amzn-requestid", "")},
    }
    if "CancellationReasons" in said:
        response["CancellationReasons"] = said["CancellationReasons"]
    return ServiceError(response, operation)


def _is_passing(error: ServiceError) -> bool:
    status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or error.response["Error"]["Code"] in _PASSING


def _seconds(date: str) -> float:
    """Of an HTTP date (RFC 9110, 5.6.7); now, where it is none."""
    from email.utils import parsedate_to_datetime  # needed by a machine with a wrong clock only

    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return time()


def refusals() -> tuple[type[ServiceError], ...]:
    """What a client raises for an answer that is an error; asked for when something is raised.

    Stores and channels work with either client. Whoever has not imported botocore need not import it to find out that it was
    not botocore.
    """
    botocore = sys.modules.get("botocore.exceptions")
    return (ServiceError, botocore.ClientError) if botocore else (ServiceError,)


def silences() -> tuple[type[Exception], ...]:
    botocore = sys.modules.get("botocore.exceptions")
    return (Unreachable, botocore.ConnectionError, botocore.HTTPClientError) if botocore else (Unreachable,)
