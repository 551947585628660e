"""The real Lambda runtime, in Docker, beside the local cloud: `sam local` with the stack's own settings.

A container's own loopback is not this machine's. On Linux it reaches this machine at the gateway of Docker's bridge, where the
local cloud does not listen, so a relay does; Docker Desktop brings a name for it.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_network

import boto3

from local import artifact, checkout, cloud, processes, sam, stack
from local.cloud import client_options
from local.errors import Failure

IMAGE = "public.ecr.aws/lambda/python:3.13"
DESKTOP = "host.docker.internal"
ENVIRONMENT = checkout.HERE / "environment.json"
_PATIENCE = 20.0  # seconds that `docker` may take to answer


def serve_api(port: int) -> int:
    """Runs `sam local start-api` against the running stack until interrupted."""
    said = stack.described()
    if not cloud.answers(said["EndpointUrl"]):
        raise Failure(f"the local cloud does not answer at {said['EndpointUrl']}: `make run` starts it anew")
    require_docker()
    try:
        cloud.require_port(port)
    except cloud.PortTaken as taken:
        raise Failure(f"{taken.line}: choose another, as in `make api ARGS='--port {port + 1}'`") from None
    artifact.build(checkout.architecture())
    with reachable(said["EndpointUrl"]) as endpoint, marked() as mark:
        ENVIRONMENT.write_text(json.dumps(function_environment(said["EndpointUrl"], endpoint), indent=2))
        command = sam.command(
            "local",
            "start-api",
            "--template-file",
            str(artifact.built()),
            *options(endpoint),
            *mark,
            "--env-vars",
            str(ENVIRONMENT),
            "--port",
            str(port),
            "--warm-containers",
            "EAGER",
        )
        print(f"The API in the Lambda runtime, on http://127.0.0.1:{port} (Ctrl-C ends it)", flush=True)
        child = subprocess.Popen(
            command, env=sam.environment(said["EndpointUrl"]), stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.send_signal(signal.SIGINT)  # SAM then removes its containers
            with suppress(subprocess.TimeoutExpired):
                child.wait(_PATIENCE)
            return 0
        finally:
            processes.end_group(child.pid, child)


def options(endpoint: str) -> list[str]:
    """What `sam local invoke` and `start-api` are to be told: for which processor, and where a container has the cloud."""
    architecture = checkout.architecture()
    present = ["--skip-pull-image"] if image_is_present() else []
    parameters = stack.overrides("local", {"Architecture": architecture, "EndpointUrl": endpoint})
    return ["--parameter-overrides", parameters, *present]


def function_environment(endpoint: str, endpoint_inside: str) -> dict[str, dict[str, str]]:
    """The variables of each deployed function, by logical id, with addresses that hold in a container."""
    client = boto3.client("lambda", **client_options(endpoint))
    port = endpoint.rpartition(":")[2]
    here = [endpoint, f"http://localhost:{port}"]

    def inside(value: str) -> str:
        for address in here:
            value = value.replace(address, endpoint_inside)
        return value

    return {
        logical: {
            name: inside(value)
            for name, value in client.get_function_configuration(FunctionName=physical)
            .get("Environment", {})
            .get("Variables", {})
            .items()
        }
        for logical, physical in stack.functions(endpoint).items()
    }


def require_docker() -> None:
    """Raises Failure where there is none, or it is not running."""
    if shutil.which("docker") is None:
        raise Failure("Docker is not installed; without it, `make run` serves the same API")
    if _docker("version", "--format", "{{.Server.Version}}") is None:
        raise Failure("Docker is installed but does not answer: start it, or let this user use it")


def image_is_present() -> bool:
    tagged = f"{IMAGE}-{checkout.architecture()}"
    return _docker("image", "inspect", tagged) is not None or _docker("image", "inspect", IMAGE) is not None


@contextmanager
def reachable(endpoint: str) -> Iterator[str]:
    """Makes the local cloud reachable from containers, and yields the address that it has there."""
    port = int(endpoint.rpartition(":")[2])
    gateway = _gateway()
    if not gateway or not _is_ours(gateway):
        yield f"http://{DESKTOP}:{port}"
        return
    with _Relay((gateway, 0), port) as relay:
        thread = threading.Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield f"http://{gateway}:{relay.server_address[1]}"
        finally:
            relay.shutdown()
            thread.join()


@contextmanager
def marked() -> Iterator[list[str]]:
    """Yields options that mark the containers which SAM makes, and at the end removes those that it forgot.

    It forgets some when it is interrupted soon after their start. The only mark that it takes is an entry in their hosts.
    """
    mark = f"mesonet-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        yield ["--add-host", f"{mark}:127.0.0.1"]
    finally:
        containers = (_docker("ps", "--all", "--quiet", "--no-trunc") or "").split()
        described = (
            _docker("inspect", "--format", "{{.Id}} {{.HostConfig.ExtraHosts}}", container) for container in containers
        )
        for line in described:
            if line and mark in line:
                _docker("rm", "--force", line.partition(" ")[0])


class _Relay(socketserver.ThreadingTCPServer):
    """Passes connections on to a port of this machine's loopback."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], port: int) -> None:
        self.port = port
        super().__init__(address, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Relay
    request: socket.socket

    def handle(self) -> None:
        with socket.create_connection((cloud.HOST, self.server.port)) as inner:
            back = threading.Thread(target=_pump, args=(inner, self.request), daemon=True)
            back.start()
            _pump(self.request, inner)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # one side has hung up
        pass


def _gateway() -> str | None:
    """Docker's bridge, as a container sees this machine. An engine that has just made its bridge tells only the subnet: the
    bridge then has the first address of it."""
    said = _docker("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}")
    for config in json.loads(said or "[]"):
        if gateway := config.get("Gateway"):
            return str(gateway)
        if subnet := config.get("Subnet"):
            return str(next(ip_network(subnet).hosts()))
    return None


def _is_ours(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:  # Docker Desktop: the gateway is inside its virtual machine
            return False
    return True


def _docker(*arguments: str) -> str | None:
    """What the command prints; None where it fails."""
    try:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
