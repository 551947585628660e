"""Serves the built page on this machine as CloudFront does on AWS: the same headers, the same routing, compressed.

`PageServer` serves it from a thread of this process, `starting` and `stop` from a process that outlives it.
"""

import gzip
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from local import checkout, page, processes
from local.errors import Failure

HOST = "127.0.0.1"
_RUNNING = checkout.HERE / "page-server.json"
_LOG = checkout.HERE / "page-server.log"
_COMPRESSED = (".css", ".html", ".js", ".json", ".map", ".svg", ".txt")


class PageServer:
    """`with PageServer(said) as server: server.url`; `said` are the stack's outputs. Port 0 stands for a free one."""

    def __init__(self, said: Mapping[str, str], *, port: int = 0) -> None:
        contents = {f"/{name}": path.read_bytes() for name, path in page.files().items()}
        contents["/config.json"] = json.dumps(page.config(said)).encode()
        api = urlsplit(said["ApiUrl"])
        origin = f"{api.scheme}://{api.netloc}"
        # On this machine one address stands for the API and the archive
        tiles = urlsplit(said.get("MapTiles", ""))
        headers = page.headers(
            Api=origin, Archive=origin, Derived=origin, Tiles=f"{tiles.scheme}://{tiles.netloc}" if tiles.netloc else ""
        )
        self._server = ThreadingHTTPServer((HOST, port), _handler(contents, headers))
        self.url = f"http://{HOST}:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


@cache
def _packed(body: bytes) -> bytes:
    """When it is asked for, which the finest outlines hardly ever are; a tenth smaller takes seven times as long."""
    return gzip.compress(body, 6, mtime=0)


def _handler(contents: Mapping[str, bytes], headers: Mapping[str, str]) -> type[BaseHTTPRequestHandler]:
    tags = {path: f'"{sha256(body).hexdigest()[:32]}"' for path, body in contents.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "Mesonet", ""

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            if not path.startswith("/assets/") and path != "/config.json":
                path = "/index.html"  # as PageRouting does: a view is no file
            if path not in contents:
                self._answer(HTTPStatus.NOT_FOUND, b"There is no such file.\n", {"Content-Type": "text/plain"})
                return
            given = {"ETag": tags[path], "Cache-Control": page.cache_control(path[1:]), "Vary": "Accept-Encoding"}
            if self.headers.get("If-None-Match") == tags[path]:
                self._answer(HTTPStatus.NOT_MODIFIED, None, given)
                return
            body = contents[path]
            given["Content-Type"] = page.media_type(path)
            if path.endswith(_COMPRESSED) and "gzip" in self.headers.get("Accept-Encoding", ""):
                body, given["Content-Encoding"] = _packed(body), "gzip"
            self._answer(HTTPStatus.OK, body, given)

        do_HEAD = do_GET

        def _answer(self, status: HTTPStatus, body: bytes | None, given: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, **given}.items():
                self.send_header(name, value)
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body is not None and self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nobody reads it."""

    return Handler


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def port_beside(port: int) -> int:
    """The next port, or any other that is free."""
    for candidate in (port + 1, 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise Failure("no port is free for the page")


@contextmanager
def starting(said: Mapping[str, str], *, port: int) -> Iterator[None]:
    """Serves the page until `stop`, also when this process has ended. It comes up during the block, and answers at its end."""
    stop()
    command = [checkout.program(checkout.CLOUD_ENVIRONMENT, "python"), "-m", "local.page_server", str(port)]
    _LOG.unlink(missing_ok=True)
    child = processes.start(
        command, env={**os.environ, "MESONET_STACK": json.dumps(dict(said))}, log=_LOG, folder=checkout.ROOT
    )
    _RUNNING.write_text(json.dumps({"group": child.pid}))
    yield
    if not _answers(port, child):
        stop()
        raise Failure("the page's server did not start; this is the end of its log:", tail=processes.tail(_LOG))


def stop() -> None:
    """Ends what `start` of this or another process has started."""
    try:
        group = json.loads(_RUNNING.read_text())["group"]
    except (FileNotFoundError, ValueError, KeyError):
        return
    processes.end_group(group)
    _RUNNING.unlink(missing_ok=True)


def _answers(port: int, child: Any) -> bool:
    import http.client
    import time

    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and child.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        try:
            connection.request("HEAD", "/")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            time.sleep(0.03)
        finally:
            connection.close()
    return False


if __name__ == "__main__":
    PageServer(json.loads(os.environ["MESONET_STACK"]), port=int(sys.argv[1])).serve()
