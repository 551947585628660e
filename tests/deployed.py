"""The stack, deployed to a local cloud of the tests' own, seen from outside: over HTTP and S3."""

import gzip
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest

from local import demonstration, page_server, stack
from local.catalogue import Catalogue, Entry
from local.cloud import DIRECTLY, LocalCloud, client_options


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Deployed:
    """`said` are the stack's outputs; `endpoint` is where the cloud listens."""

    def __init__(self, said: dict[str, str]) -> None:
        self.said = said
        self.endpoint = said["EndpointUrl"]
        self.catalogue = Catalogue(said)

    def client(self, service: str) -> Any:
        return boto3.client(service, **client_options(self.endpoint))  # type: ignore[call-overload]

    def ask(
        self,
        path: str,
        asked: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
        **more: object,
    ) -> Answer:
        """The API's answer, whatever its status; `path` may be a whole link."""
        url = path if path.startswith("http") else self.catalogue.api_url + path
        query = {**(asked or {}), **more}
        url += f"?{urlencode(query)}" if query else ""
        request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=method)
        try:
            with DIRECTLY.open(request, timeout=120) as response:
                return Answer(response.status, dict(response.headers), response.read().decode())
        except urllib.error.HTTPError as exc:
            with exc:
                return Answer(exc.code, dict(exc.headers), exc.read().decode())

    def fetch(self, path: str, asked: Mapping[str, str], *, headers: Mapping[str, str]) -> Answer:
        """As `ask`, and unpacks what comes compressed."""
        request = urllib.request.Request(f"{self.catalogue.api_url}{path}?{urlencode(asked)}", headers=dict(headers))
        with DIRECTLY.open(request, timeout=120) as response:
            return Answer(response.status, dict(response.headers), gzip.decompress(response.read()).decode())

    def put(self, key: str, source: bytes | Path) -> Entry:
        """Puts an object and waits until nothing more becomes of it. Returns its entry."""
        upload = self.catalogue.put(key, source)
        ((_, entry),) = self.catalogue.follow([upload], seen=lambda *_: None)
        return entry


@pytest.fixture(scope="session")
def page_socket() -> Iterator[socket.socket]:
    """Where tests/browser serves the page. The stack is told beforehand, and nobody else takes the port meanwhile."""
    with socket.create_server((page_server.HOST, 0)) as held:
        yield held


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, page_socket: socket.socket) -> Iterator[Deployed]:
    """Begins with the demonstration data loaded; tests use keys of their own. No role may do more than its policies say."""
    with LocalCloud(state_dir=tmp_path_factory.mktemp("cloud"), enforcing=True) as cloud:
        page = page_server.address(page_socket.getsockname()[1])
        system = Deployed({**stack.deploy(cloud, PageOrigin=page), "PageUrl": page})
        for group in (demonstration.descriptions(), demonstration.observations()):
            uploads = [system.catalogue.put(file.key, file.content) for file in group]
            for _ in system.catalogue.follow(uploads, seen=lambda *_: None):
                pass
        yield system
