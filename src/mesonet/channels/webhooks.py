"""Calls of webhooks: to the IP address that was checked and to no other, without following redirects."""

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from mesonet.domain.webhook import is_public

_TIMEOUT_S = 10.0  # of a call as a whole: an endpoint that takes longer should put what it gets into a queue
_MOST_READ = 10_000  # bytes of an answer

type Resolve = Callable[[str, int], list[str]]


class WebhookFailed(Exception):
    """The endpoint did not take the message; the reason can be shown to the subscriber."""


class WebhookGone(WebhookFailed):
    """The endpoint says that it is gone for good (RFC 9110, 15.5.11)."""


def resolved(host: str, port: int) -> list[str]:
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Webhooks:
    def __init__(
        self,
        *,
        resolve: Resolve = resolved,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        """`allowed` says of an IP address whether it may be called."""
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._allowed = allowed
        self._context = context or ssl.create_default_context()

    def call(self, address: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """The answer's body, as far as it is read. Raises WebhookFailed for everything but a status of 2xx in time."""
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as exc:  # the latter: a label of more than 63 letters
            raise WebhookFailed(f"{host} has no address: {exc}") from exc
        refused = [each for each in addresses if not self._allowed(each)]
        if refused or not addresses:
            # one is enough: who answers with a public and a private address may be after the latter
            raise WebhookFailed(f"{host} leads to {', '.join(refused) or 'nowhere'}, which is no public address")
        connection = _Pinned(host, port, addresses[0], context=self._context, timeout=self._timeout_s)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        end = Timer(self._timeout_s, connection.cut)  # a socket's own time-out begins anew with each byte
        end.start()
        try:
            connection.request("POST", path, body=body, headers={"User-Agent": "Mesonet", **headers})
            with connection.getresponse() as answer:
                text = answer.read(_MOST_READ)
        except (OSError, HTTPException) as exc:
            reason = self._slowness if connection.is_cut else f"cannot be reached: {exc or type(exc).__name__}"
            raise WebhookFailed(f"{host} {reason}") from exc
        finally:
            end.cancel()
            connection.close()
        if connection.is_cut:  # an answer that is cut looks like a short one
            raise WebhookFailed(f"{host} {self._slowness}")
        if answer.status == HTTPStatus.GONE:
            raise WebhookGone(f"{host} answers 410: it is gone")
        if 300 <= answer.status < 400:
            raise WebhookFailed(f"{host} answers {answer.status}: redirects are not followed")
        if not 200 <= answer.status < 300:
            raise WebhookFailed(f"{host} answers {answer.status}")
        return text

    @property
    def _slowness(self) -> str:
        return f"has not answered within {self._timeout_s:g} s"


class _Pinned(HTTPSConnection):
    """Connects to one IP address; the certificate has to be the host's."""

    def __init__(self, host: str, port: int, address: str, *, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(host, port, context=context, timeout=timeout)
        self._pinned = address
        self._tls = context
        self.is_cut = False

    def cut(self) -> None:
        """Ends whatever waits for the other side, from another thread."""
        self.is_cut = True
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # not TLS's: it is in use

    def connect(self) -> None:
        # nosemgrep: no-request-to-where-input-says (the address was looked at before: it is a public one)
        plain = socket.create_connection((self._pinned, self.port), self.timeout)
        try:
            self.sock: Any = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
