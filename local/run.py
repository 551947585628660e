"""`run` and `stop`: the whole system on this machine."""

import os
import signal
import time
from collections.abc import Mapping

from local import artifact, checkout, cloud, demonstration, page, page_server, processes, stack
from local.catalogue import Catalogue
from local.cloud import LocalCloud, PortTaken
from local.errors import Failure
from local.progress import Progress

LOG = checkout.HERE / "cloud.log"
_ASKED_TO_END = (0, -signal.SIGTERM)  # by `make stop`


def run(port: int, *, detach: bool) -> int:
    """Starts the cloud, deploys the stack into it and loads the demonstration data.

    Then stays until interrupted, or returns with everything running if `detach`. Otherwise nothing is left running.
    """
    started = time.monotonic()
    already = cloud.running()
    if already is not None:
        raise Failure(f"Mesonet already runs here, on port {already.port}: `make stop` ends it")
    stack.forget()
    page_server.stop()  # of a cloud that ended by itself
    checkout.require_space()
    machine = LocalCloud(port, log=LOG)
    left_running = False
    try:
        said = _bring_up(machine)
        _announce(said, time.monotonic() - started, detach=detach)
        left_running = detach
        return 0 if detach else _stay(machine)
    except Failure:
        status = machine.exit_status()
        if status is None:
            raise
        raise _ended(status) from None  # whatever failed, failed for that
    finally:
        if not left_running:
            stack.forget(machine.endpoint)
            page_server.stop()
            machine.stop()


def stop() -> int:
    page_server.stop()
    ended = cloud.stop()
    stack.forget()
    print("Mesonet is not running here." if ended is None else f"Mesonet has stopped; port {ended.port} is free.")
    return 0


def _bring_up(machine: LocalCloud) -> dict[str, str]:
    with Progress() as progress:
        step = progress.begin("local cloud", "starting")
        try:
            machine.start()
        except PortTaken as taken:
            raise Failure(f"{taken.line}: choose another, as in `make run PORT={machine.port + 1}`") from None
        # The cloud comes up meanwhile
        with progress.step("functions", "building") as building:
            built = artifact.build(checkout.architecture())
            building.note = "built" if built else "built before"
        with progress.step("page", "building") as building:
            building.note = "built" if page.build() else "built before"
        machine.wait_until_ready()
        progress.end(step, machine.endpoint)
        with progress.step("stack", "deploying") as deploying:
            port = page_server.port_beside(machine.port)
            said = stack.deploy(machine, PageOrigin=page_server.address(port))
            said["PageUrl"] = page_server.address(port)
            stack.describe(said)
            deploying.note = said["StackName"]
        with page_server.starting(said, port=port):
            demonstration.load(Catalogue(said), progress)
    return said


def _announce(said: Mapping[str, str], seconds: float, *, detach: bool) -> None:
    api = said["ApiUrl"]
    day = "2013-07-04T00:00:00Z/2013-07-04T23:59:59Z"
    print(
        f"""
Mesonet is ready after {seconds:.1f} s. The network on a page, with the key to upload:

  {said["PageUrl"]}/#key={said["OperatorKey"]}

The weather API:

  {api}

  curl '{api}/stations?lat=40.7&lon=-74&limit=3'
  curl '{api}/stations/JFK/observations?datetime={day}&parameters=air_temperature,wind_speed'
  curl '{api}/stations/ITE00100550/observations?datetime=1823-01-01/1823-01-31&f=csv'

The key that writes:  {said["OperatorKey"]}
A file of your own:   make put FILE=readings.csv [KEY=incoming/readings.csv]
Everything about it:  {os.path.relpath(stack.DESCRIPTION)}, log in {os.path.relpath(LOG)}
To stop:              {"make stop" if detach else "Ctrl-C, or `make stop` elsewhere"}""",
        flush=True,
    )


def _stay(machine: LocalCloud) -> int:
    try:
        while (status := machine.exit_status()) is None:
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nstopping ...", flush=True)
        machine.stop()
        print("Mesonet has stopped.")
        return 0
    if status in _ASKED_TO_END:
        print("Mesonet was stopped.")
        return 0
    raise _ended(status)


def _ended(status: int) -> Failure:
    if status in _ASKED_TO_END:
        return Failure("Mesonet was stopped while it started")
    return Failure(f"the local cloud ended with status {status}; this is the end of its log:", tail=processes.tail(LOG))
