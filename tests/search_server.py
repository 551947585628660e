"""A real OpenSearch server: the one at `OPENSEARCH_URL`, such as its image; or one that is assembled from its libraries
(tests/opensearch/pom.xml) and started for a run of the tests."""

import atexit
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

from tests.template import ROOT

NEEDS_JAVA = "no Java and Maven, and no OPENSEARCH_URL"
_HERE = ROOT / "tests" / "opensearch"
_MADE = ROOT / ".local" / "opensearch"
_LONGEST_START_S = 240  # 8 s on an idle machine
_GIVEN = os.environ.get("OPENSEARCH_URL", "").rstrip("/")
_THIS_RUN = uuid4().hex[:8]  # a server that is given keeps the indexes of earlier runs
_NUMBERS = count()


def index_name() -> str:
    """One that no other has."""
    return f"mesonet-test-{_THIS_RUN}-{next(_NUMBERS)}"


def can_be_had() -> bool:
    return bool(_GIVEN) or bool(shutil.which("java") and shutil.which("mvn") and shutil.which("javac"))


def libraries() -> Path:
    """The folder of the libraries; fetched once for each state of pom.xml."""
    pom = (_HERE / "pom.xml").read_text()
    kept = _MADE / "pom.xml"
    if not kept.exists() or kept.read_text() != pom:
        shutil.rmtree(_MADE, ignore_errors=True)
        command = ["mvn", "--quiet", "--batch-mode", "-f", str(_HERE / "pom.xml"), "dependency:copy-dependencies"]
        fetched = subprocess.run(
            [*command, f"-DoutputDirectory={_MADE / 'lib'}"], capture_output=True, text=True, timeout=300, check=False
        )
        assert fetched.returncode == 0, fetched.stdout[-2000:] + fetched.stderr[-2000:]
        kept.write_text(pom)
    return _MADE / "lib"


@cache
def address() -> str:
    """Of one server for the whole run, which ends with it unless it was given."""
    if _GIVEN:
        return _GIVEN
    opened = running()
    atexit.register(opened.__exit__, None, None, None)
    return opened.__enter__()


def send(address: str) -> Callable[[str, str, bytes, str], tuple[int, bytes]]:
    """Requests without a signature."""

    def request(method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        asked = Request(address + path, data=body or None, method=method, headers={"Content-Type": kind})
        try:
            with urlopen(asked, timeout=120) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    return request


@contextmanager
def running() -> Iterator[str]:
    """The server's address, for as long as the context lasts."""
    classes = f"{libraries()}/*"
    with TemporaryDirectory(ignore_cleanup_errors=True) as home, (_MADE / "server.log").open("w") as log:
        (Path(home) / "config").mkdir()
        port = _free_port()
        options = ["-Xms256m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC"]
        command = ["java", *options, "-cp", classes, str(_HERE / "Node.java"), home, str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log) as process:
            try:
                address = f"http://127.0.0.1:{port}"
                _await(address, process)
                yield address
            finally:
                process.kill()


def _await(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("OpenSearch did not start:\n" + (_MADE / "server.log").read_text()[-3000:])


def _free_port() -> int:
    """Below those that outgoing connections get: none of them takes it while the server starts."""
    for port in range(20_000 + os.getpid() % 10_000, 32_768):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
