"""The local cloud: MiniStack, an emulator of AWS, as a process of this machine."""

import errno
import fcntl
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from botocore.config import Config

from local import checkout, processes
from local.errors import Failure

HOST = "127.0.0.1"
REGION = "us-east-1"
_START_SECONDS = 30.0  # it takes half a second; a loaded machine may take ten times that
_FREE_PORT_TRIES = 5

# What the emulator, and every function in it, sees of the user's environment. Anything more (proxies, AWS_PROFILE, PYTHONPATH,
# MiniStack's own variables) would make the stack behave differently from one machine to the next.
_INHERITED = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "USER")

_SETTINGS = {
    "LAMBDA_WARM_TTL_SECONDS": "15",  # a worker is a process with a copy of the code: do not keep idle ones
    "IOT_MTLS_ENABLED": "0",  # neither listener is used, and both have a fixed port
    "SFTP_ENABLED": "0",
    "PERSIST_STATE": "0",  # what is restored misses stream records: a start is a clean start
    "S3_PERSIST": "0",
    "MINISTACK_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "TZ": "UTC",  # as in Lambda
}

# The emulator takes any; what it must not take is the user's
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


# What asks this machine asks it without the proxy that the user may have for the rest of the world
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class PortTaken(Failure):
    """Something else listens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A local cloud that some process of this checkout started: its process group and its port."""

    group: int
    port: int


class LocalCloud:
    """A cloud of one's own: `with LocalCloud() as cloud: cloud.endpoint`. It starts empty, and is gone at the end.

    Port 0 stands for a free one. Everything that it writes is in `state_dir`, which holds a lock as long as it runs; `log` is
    its log, `cloud.log` in there unless given. `enforcing` lets roles do no more than their policies say; otherwise everyone
    may do everything. Raises PortTaken, or Failure with the end of the log where it does not come up.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        state_dir: Path = checkout.HERE / "cloud",
        log: Path | None = None,
        enforcing: bool = False,
    ) -> None:
        self._wanted_port = port
        self.enforcing = enforcing
        self.port = port
        self.state_dir = state_dir
        self.log = log or state_dir / "cloud.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        for tries_left in reversed(range(_FREE_PORT_TRIES)):
            self.start()
            try:
                self.wait_until_ready()
            except PortTaken:  # somebody was quicker to take the free port
                if self._wanted_port or not tries_left:
                    raise
            except BaseException:
                self.stop()
                raise
            else:
                break
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the process; `wait_until_ready` waits for it."""
        self.port = self._wanted_port or _free_port()
        require_port(self.port)
        self.state_dir.mkdir(parents=True, exist_ok=True)
        lock = _lock_of(self.state_dir).open("w")
        with lock:
            _hold(lock, self.state_dir)
            temporary = self.state_dir / "tmp"
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir()
            self.log.unlink(missing_ok=True)
            # The process inherits the lock, and so holds it for exactly as long as it lives
            self._process = processes.start(
                [checkout.program(checkout.CLOUD_ENVIRONMENT, "python"), "-m", "local.emulator"],
                env=self._environment(temporary),
                log=self.log,
                keep=[lock.fileno()],
                folder=checkout.ROOT,
            )
            _description_of(self.state_dir).write_text(json.dumps({"group": self._process.pid, "port": self.port}))

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not answers(self.endpoint):
            if self.exit_status() is not None:
                log = processes.tail(self.log)
                self.stop()
                if "already in use" in log:
                    raise PortTaken(f"port {self.port} of this machine is taken by another program")
                raise Failure("the local cloud ended while starting", tail=log)
            if time.monotonic() > deadline:
                log = processes.tail(self.log)
                self.stop()
                raise Failure(f"the local cloud did not answer within {_START_SECONDS:.0f} s", tail=log)
            time.sleep(0.05)

    def exit_status(self) -> int | None:
        """None while the process runs."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        """Ends the cloud and its functions, and removes what they wrote except the log."""
        if self._process is None:
            return
        gone = processes.end_group(self._process.pid, self._process)
        _clear(self.state_dir, self._process.pid)
        if not gone:
            raise Failure(f"process group {self._process.pid} of the local cloud does not end")
        self._process = None

    def _environment(self, temporary: Path) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return {
            **inherited,
            **_SETTINGS,
            "AUTH": str(self.enforcing).lower(),
            "PATH": f"{checkout.CLOUD_ENVIRONMENT / 'bin'}{os.pathsep}{inherited.get('PATH', os.defpath)}",
            "BIND_HOST": HOST,  # by itself it would listen on every interface
            "GATEWAY_PORT": str(self.port),
            "TMPDIR": str(temporary),
            "STATE_DIR": str(temporary / "state"),
            "S3_DATA_DIR": str(temporary / "s3"),
        }


def running(state_dir: Path = checkout.HERE / "cloud") -> Running | None:
    """The cloud that some process started in that folder, if it lives."""
    try:
        with _lock_of(state_dir).open("r") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(**json.loads(_description_of(state_dir).read_text()))
    except FileNotFoundError:
        pass
    except ValueError:  # it is being written
        raise Failure("the local cloud is being started by another process; try again in a second") from None
    return None


def stop(state_dir: Path = checkout.HERE / "cloud") -> Running | None:
    """Ends the cloud that some process started in that folder, and returns what it was."""
    found = running(state_dir)
    if found is not None:
        if not processes.end_group(found.group):
            raise Failure(f"process group {found.group} of the local cloud does not end")
        _clear(state_dir, found.group)
    return found


def answers(endpoint: str) -> bool:
    try:
        with DIRECTLY.open(f"{endpoint}/_ministack/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def client_options(endpoint: str) -> dict[str, Any]:
    """For `boto3.client`: the local cloud, and nothing of the user's account."""
    return {
        "endpoint_url": endpoint,
        "region_name": REGION,
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        "config": Config(proxies={}),
    }


def _lock_of(state_dir: Path) -> Path:
    return state_dir / "lock"


def _description_of(state_dir: Path) -> Path:
    return state_dir / "running.json"


def _hold(lock: IO[str], state_dir: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failure(f"a local cloud already runs in {state_dir}") from None


def _clear(state_dir: Path, group: int) -> None:
    """Removes what that cloud wrote, unless a later one uses the folder already."""
    try:
        described = json.loads(_description_of(state_dir).read_text())["group"]
    except (FileNotFoundError, ValueError):
        return
    if described == group:
        _description_of(state_dir).unlink(missing_ok=True)
        shutil.rmtree(state_dir / "tmp", ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_port(port: int) -> None:
    """Raises PortTaken where something listens on the port, Failure where this user may not."""
    for host in (HOST, ""):  # a listener on all interfaces would be met by some clients in our stead
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the cloud does: a port just left is free
            try:
                probe.bind((host, port))
            except OSError as exc:
                if exc.errno == errno.EADDRINUSE:
                    raise PortTaken(f"port {port} of this machine is taken by another program") from None
                raise Failure(f"port {port} cannot be used: {exc.strerror}") from None
