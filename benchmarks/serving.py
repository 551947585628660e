"""What answers, as it is served, in processes of its own: a function in the loop of Lambda's runtime, an application behind
the HTTP server that its documentation recommends, PostgreSQL with PostGIS.

Of each, processor time of all of its processes between two moments can be told.
"""

import http.client
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from benchmarks import weather
from benchmarks.peers import pygeoapi_postgis
from benchmarks.warm_calls import Context
from local import processes
from local.errors import Failure

_PATIENCE_S = 60
_DATABASE = "weather"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """`ask` takes a question and gives the body of its answer; raises Failure where that is not 200."""

    process: int
    ask: Callable[[Any], bytes]

    @property
    def seconds(self) -> float:
        return processor_seconds(self.process)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What is asked of whom, by the names of the questions; `database` is a process whose time is told apart."""

    served: Served
    questions: Mapping[str, Any]
    database: int | None = None

    @property
    def database_seconds(self) -> float:
        return processor_seconds(self.database) if self.database else 0.0


def processor_seconds(process: int) -> float:
    """Of a process and of all that it has started: what each thread was on a processor (proc(5), schedstat)."""
    total = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9 + sum(processor_seconds(child) for child in _children(process))


def _children(process: int) -> list[int]:
    return [int(child) for file in Path(f"/proc/{process}/task").glob("*/children") for child in file.read_text().split()]


# A function in Lambda's runtime -----------------------------------------------------------------------------------------------


@contextmanager
def in_lambda(folder: Path, runtime: Path, handler: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """A function in AWS's own runtime client, which asks for one event after the other."""
    with _Runtime() as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def ask(event: Any) -> bytes:
            kind, body = server.invoked(event)
            if kind != "response" or json.loads(body)["statusCode"] != 200:
                raise Failure(f"{handler} failed:", tail=body.decode(errors="replace")[:3000])
            return body

        where = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}", "PYTHONPATH": f"{folder}:{runtime}"}
        command = [os.path.realpath(sys.executable), "-S", "-B", "-m", "awslambdaric", handler]
        with _running(command, folder, {**environment, **where}) as process:
            yield Served(process=process.pid, ask=ask)
        server.shutdown()


class _Runtime(ThreadingHTTPServer):
    """The runtime API that a function asks for events (AWS Lambda Developer Guide, "Lambda runtime API")."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Invocations)
        self.events: Queue[bytes] = Queue()
        self.said: Queue[tuple[str, bytes]] = Queue()

    def invoked(self, event: bytes) -> tuple[str, bytes]:
        """`response` or `error`, and what the function said."""
        self.events.put(event)
        return self.said.get(timeout=_PATIENCE_S)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The function is stopped while it waits for its next event."""


class _Invocations(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Runtime

    def do_GET(self) -> None:
        event = self.server.events.get()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", Context.aws_request_id)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 25_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", Context.invoked_function_arn)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.said.put((self.path.rpartition("/")[2], body))

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


# An application behind an HTTP server -----------------------------------------------------------------------------------------


@contextmanager
def behind(server: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Served]:
    """`server` is a Python module and its arguments, in which `PORT` stands for the port."""
    port = free_port()
    arguments = [each.replace("PORT", str(port)) for each in server]
    command = [os.path.realpath(sys.executable), "-S", "-B", "-m", *arguments]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)

    def ask(path: str) -> bytes:
        try:
            connection.request("GET", path, headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
        except ConnectionError:  # it was idle for longer than the server keeps it
            connection.close()
            return ask(path)
        body = answer.read()
        if answer.status != 200:
            raise Failure(f"{path} is answered with {answer.status}:", tail=body.decode(errors="replace")[:3000])
        return body

    with _running(command, folder, {**environment, "PYTHONPATH": str(folder)}) as process:
        _wait_for(port, process)
        yield Served(process=process.pid, ask=ask)
        connection.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    if not processes.listens(process, port, within_s=_PATIENCE_S):
        raise Failure(f"{process.args!r} does not listen")


@contextmanager
def _running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out, user=user)
        try:
            yield process
        except Failure as failure:
            raise Failure(failure.line, tail=failure.tail + log.read_text(errors="replace")[-3000:]) from failure
        except Exception as exc:
            raise Failure(f"{command[-1]}: {exc!r}", tail=log.read_text(errors="replace")[-3000:]) from exc
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


# PostGIS ----------------------------------------------------------------------------------------------------------------------


class NoPostGIS(Exception):
    """It is not on this machine."""


@dataclass(frozen=True, slots=True)
class _PostgreSQL:
    """Its programs, and the user whom it belongs to: whoever runs this, but for root, as whom it does not run."""

    programs: Path
    is_root: bool = field(default_factory=lambda: os.getuid() == 0)

    @property
    def user(self) -> str:
        return "postgres" if self.is_root else pwd.getpwuid(os.getuid()).pw_name

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.programs}:{os.environ['PATH']}", "LANG": "C.UTF-8", "HOME": "/"}

    @property
    def owner(self) -> str | None:
        """Whom a process is given to."""
        return self.user if self.is_root else None

    def run(self, *command: str, given: str = "") -> None:
        """Raises NoPostGIS with the last line that was said."""
        done = subprocess.run(
            command, cwd="/", input=given, env=self.environment, user=self.owner, capture_output=True, text=True
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise NoPostGIS(f"{command[0]}: {said[-1] if said else done.returncode}")


@contextmanager
def postgis() -> Iterator[tuple[int, dict[str, Any]]]:
    """The process of a PostgreSQL that has the month in a table of PostGIS, and how it is reached. Raises NoPostGIS."""
    programs = [Path(found).parent for found in [shutil.which("initdb")] if found]
    programs += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not programs:
        raise NoPostGIS("no PostgreSQL (Debian: postgresql-15 postgresql-15-postgis-3)")
    there = _PostgreSQL(programs[0])
    port = free_port()
    with TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        data.mkdir()
        Path(scratch).chmod(0o755)
        if there.is_root:
            shutil.chown(data, there.user)
        encoded = ("--encoding=UTF8", "--locale=C.UTF-8")
        there.run("initdb", "--no-sync", "--auth=trust", *encoded, f"--pgdata={data}", f"--username={there.user}")
        command = [str(there.programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""]
        with _running(command, Path("/"), there.environment, there.owner) as server:
            _wait_for(port, server)
            at = ["-h", "127.0.0.1", "-p", str(port), "-U", there.user]
            there.run("createdb", *at, _DATABASE)
            table = pygeoapi_postgis.TABLE.format(rows=weather.copied())
            there.run("psql", *at, "--quiet", "--set=ON_ERROR_STOP=1", _DATABASE, given=table)
            by_trust = {"user": there.user, "password": "none"}  # pragma: allowlist secret
            yield server.pid, {"host": "127.0.0.1", "port": port, "dbname": _DATABASE, **by_trust}


# What it takes ----------------------------------------------------------------------------------------------------------------


def measured(arms: Sequence[tuple[str, Arm]], seconds: float) -> dict[tuple[str, str], dict[str, Any]]:
    """By arm and question: milliseconds of processor time for an answer, the median of some rounds, in each of which every arm
    is asked; of the database by itself; bytes."""
    each = [(name, arm, question) for name, arm in arms for question in arm.questions]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, arm, question in each:
        body = [arm.served.ask(arm.questions[question]) for _ in range(10)][-1]
        found[name, question] = {"bytes": len(body), "cpu_ms": [], "database_ms": []}
    for _ in range(_ROUNDS):
        for name, arm, question in each:
            arm.served.ask(arm.questions[question])  # which may have to connect
            begin, begin_database = arm.served.seconds, arm.database_seconds
            until, count = time.monotonic() + seconds / _ROUNDS, 0
            while time.monotonic() < until or count < 3:
                arm.served.ask(arm.questions[question])
                count += 1
            found[name, question]["cpu_ms"].append((arm.served.seconds - begin) / count * 1000)
            found[name, question]["database_ms"].append((arm.database_seconds - begin_database) / count * 1000)
    return {key: figures | {cost: median(figures[cost]) for cost in _COSTS} for key, figures in found.items()}


_ROUNDS = 5
_COSTS = ("cpu_ms", "database_ms")


def as_event(event: dict[str, Any]) -> bytes:
    return json.dumps(event).encode()
