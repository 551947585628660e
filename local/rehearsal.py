"""A bad release, rehearsed: N runs, N+1 is deliberately broken, its hook refuses it, the stack rolls back; N+2 is mended.

The local cloud has CloudFormation but no CodeDeploy. So each alias of the new template waits for a gate, a custom resource that
does what CodeDeploy does before an alias moves: it calls the hook with the new version, waits for what the hook tells, and
fails or lets go. Everything else is real: the template, the functions, the hooks, the stack's rollback, and the API, which is
asked all the time.
"""

import hashlib
import io
import json
import os
import shutil
import threading
import time
import urllib.error
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import yaml

from local import artifact, checkout, code_deploy, intrinsics, stack, translation
from local.catalogue import Catalogue
from local.cloud import DIRECTLY, LocalCloud, client_options
from local.code_deploy import CodeDeployStub
from local.errors import Failure

_PLACE = checkout.HERE / "rehearsal"
_GATE = "mesonet-rehearsal-gate"
_BETWEEN_PROBES = 0.1  # seconds
_PATIENCE = 240.0
_STATIONS = b"station_id,name,latitude,longitude\nREHEARSAL1,Rehearsal Hill,47.5,9.3\n"

# Imports, starts and says that it is healthy; only a read fails: what an alarm would find out at the users' expense
_FAULT = """

_sound = handle


def handle(event, context):
    if event["path"].startswith("/stations"):
        raise KeyError("station_id")  # deliberately
    return _sound(event, context)
"""

# What CodeDeploy does, as far as an alias sees of it
_GATE_CODE = """
import json, os, urllib.request
import boto3
from botocore.config import Config


def handle(event, context):
    reason = ""
    if event["RequestType"] != "Delete":
        given = event["ResourceProperties"]
        deployment = {"Name": given["Function"], "Alias": "live", "TargetVersion": given["Version"]}
        control = os.environ["CONTROL"]
        told = urllib.request.Request(control + "/deployments", json.dumps(deployment).encode(), {"X-Amz-Target": "Begin"})
        started = json.load(urllib.request.urlopen(told))
        patient = Config(read_timeout=300, retries={"total_max_attempts": 1})
        client = boto3.client("lambda", config=patient)
        client.invoke(FunctionName=given["Hook"], Payload=json.dumps(started).encode())
        asked = urllib.request.Request(control + "/status", json.dumps(started).encode(), {"X-Amz-Target": "Status"})
        status = json.load(urllib.request.urlopen(asked))["status"]
        reason = "" if status == "Succeeded" else "BeforeAllowTraffic of %s: %s" % (given["Function"], status)
    body = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    body |= {"Status": "FAILED" if reason else "SUCCESS", "Reason": reason, "PhysicalResourceId": event["LogicalResourceId"]}
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), method="PUT"))
"""


@dataclass(slots=True)
class Timeline:
    started: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        print(f"  {time.monotonic() - self.started:6.1f} s  {text}", flush=True)


@dataclass(slots=True)
class Probes:
    """Every answer of the API: when, its status (0 for none), the release that gave it."""

    seen: list[tuple[float, int, str]] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(status != 200 for _, status, _ in self.seen)

    def releases(self) -> Counter[str]:
        return Counter(name for _, _, name in self.seen if name)

    def longest_gap(self) -> float:
        moments = [at for at, status, _ in self.seen if status == 200]
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rehearsal showed. `first` is release N's identifier. By the names of the later ones: how the stack ended, what
    the hooks decided, which release the API then was, and why one was refused."""

    first: str
    probes: Probes
    statuses: dict[str, str]
    decided: dict[str, list[str]]
    served: dict[str, str]
    reasons: dict[str, str]


def rehearse(said: dict[str, str], place: Path, *, mended: bool = True) -> Outcome:
    """`said` are the outputs of a stack in a local cloud, which runs release N. `mended` also releases N+2, which is sound.
    Whether all went as it should is for the caller to look at."""
    timeline = Timeline()
    with code_deploy.listening() as deployments:
        catalogue = Catalogue(said)
        first = catalogue.get("/health")["release"]
        timeline.say(f"release N ({first}) is deployed")
        for _ in catalogue.follow([catalogue.put("rehearsal/stations.csv", _STATIONS)], seen=lambda *_: None):
            pass
        _prepare(said, deployments)
        probes = Probes()
        outcome = Outcome(first, probes, {}, {}, {}, {})
        with _probing(said["ApiUrl"], probes):
            for name, fault in [("N+1", _FAULT), *([("N+2", "")] if mended else [])]:
                identifier = hashlib.sha256((first + name).encode()).hexdigest()[:12]
                timeline.say(
                    f"release {name} ({identifier}) is on its way" + (", broken: a read of stations fails" if fault else "")
                )
                deployments.said.clear()
                deployments.verdicts.clear()
                status, reason = _release(said, place / name, identifier, fault, deployments, timeline)
                outcome.statuses[name] = status
                outcome.decided[name] = [each["status"] for each in deployments.said]
                outcome.served[name] = catalogue.get("/health")["release"]
                timeline.say(f"the stack is {status}; the API is release {outcome.served[name]}")
                outcome.reasons[name] = reason
        timeline.say(
            f"{len(probes.seen)} requests meanwhile, {probes.failed} failed; longest wait between two good answers "
            f"{probes.longest_gap():.1f} s"
        )
    return outcome


def _prepare(said: dict[str, str], deployments: CodeDeployStub) -> None:
    """Makes the gate's function."""
    client = boto3.client("lambda", **client_options(said["EndpointUrl"]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("gate.py", _GATE_CODE)
    client.create_function(
        FunctionName=_GATE,
        Runtime="python3.13",
        Handler="gate.handle",
        Role="arn:aws:iam::000000000000:role/gate",
        Timeout=300,
        Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": {"CONTROL": deployments.endpoint, "AWS_ENDPOINT_URL": said["EndpointUrl"]}},
    )


def _release(
    said: dict[str, str], folder: Path, identifier: str, fault: str, deployments: CodeDeployStub, timeline: Timeline
) -> tuple[str, str]:
    """Packs and deploys; the hooks find CodeDeploy in `deployments`. Returns how the stack ended, and why it was taken back."""
    client, name = boto3.client("cloudformation", **client_options(said["EndpointUrl"])), said["StackName"]
    (found,) = client.describe_stacks(StackName=name)["Stacks"]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
    parameters |= {"PublicUrl": said["ApiUrl"], "ReleaseId": identifier}
    template = translation.translate(_pack(said, folder, fault), **parameters)
    for hook in ("HookBeforeTrafficFunction", "HookAfterTrafficFunction"):
        template["Resources"][hook]["Properties"]["Environment"]["Variables"]["AWS_ENDPOINT_URL_CODEDEPLOY"] = (
            deployments.endpoint
        )
    functions = _gated(template, identifier)
    stack.change(template, name, said["EndpointUrl"], parameters)
    return _follow(client, name, functions, deployments, timeline)


def _pack(said: dict[str, str], folder: Path, fault: str) -> dict[str, Any]:
    with artifact.packed() as template:
        shutil.copytree(template.parent, folder, copy_function=os.link)
    if fault:
        _spoil(folder / "template.yaml", "ApiWeatherFunction", "mesonet/functions/api_weather/handler", fault)
        artifact.pack(folder / "template.yaml")
    return stack.upload_code(folder / template.name, said["StackName"], said["EndpointUrl"])


def _spoil(template: Path, function: str, module: str, fault: str) -> None:
    """Gives the function code of its own, with the fault at the end of the module."""
    document = intrinsics.read(template.read_text())
    properties = document["Resources"][function]["Properties"]
    code = template.parent / function / f"{module}.py"
    if properties["CodeUri"] != function:
        shutil.copytree(template.parent / properties["CodeUri"], template.parent / function, copy_function=os.link)
        properties["CodeUri"] = function
    source = code.read_text()
    code.unlink()  # it is linked with the build
    code.write_text(source + fault)
    for compiled in code.parent.glob(f"__pycache__/{code.stem}.*"):
        compiled.unlink()
    template.unlink()
    template.write_text(yaml.safe_dump(document))


def _gated(template: dict[str, Any], identifier: str) -> list[str]:
    """Puts a gate before each alias. Returns the logical ids of their functions."""
    functions = []
    for logical_id, alias in list(template["Resources"].items()):
        if alias["Type"] != "AWS::Lambda::Alias":
            continue
        given = alias["Properties"]
        gate = f"{logical_id}Gate{identifier}"
        template["Resources"][gate] = {
            "Type": "Custom::Gate",
            "Properties": {
                "ServiceToken": f"arn:aws:lambda:us-east-1:000000000000:function:{_GATE}",
                "Function": given["FunctionName"],
                "Version": given["FunctionVersion"],
                "Hook": {"Ref": "HookBeforeTrafficFunction"},
            },
        }
        before = alias.get("DependsOn", [])
        alias["DependsOn"] = [*([before] if isinstance(before, str) else before), gate]
        functions.append(logical_id.partition("Alias")[0])
    return functions


def _follow(client: Any, name: str, functions: list[str], deployments: CodeDeployStub, timeline: Timeline) -> tuple[str, str]:
    """Tells what the hooks decide and CloudFormation does, until it does nothing more."""
    deadline = time.monotonic() + _PATIENCE
    told, reason, going_back = 0, "", False
    while True:
        state = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]  # first: no verdict is missed at the end
        for physical, status in deployments.verdicts[told:]:
            told += 1
            function = next((each for each in functions if each in physical), physical)
            timeline.say(f"hook on {function}: {'let through' if status == 'Succeeded' else 'refused'}")
            reason = reason or ("" if status == "Succeeded" else f"BeforeAllowTraffic of {function}: {status}")
        if "ROLLBACK" in state and not going_back:
            going_back = True
            timeline.say("CloudFormation takes the stack back")
        if not state.endswith("IN_PROGRESS"):
            return state, reason
        if time.monotonic() > deadline:
            raise Failure(f"the stack is still {state} after {_PATIENCE:.0f} s")
        time.sleep(0.2)


@contextmanager
def _probing(url: str, probes: Probes) -> Iterator[None]:
    over = threading.Event()

    def ask() -> None:
        while not over.wait(_BETWEEN_PROBES):
            for path in ("/health", "/stations?limit=1"):
                at = time.monotonic()
                try:
                    with DIRECTLY.open(url + path, timeout=30) as response:
                        said = json.load(response)
                        probes.seen.append((at, response.status, said.get("release", "")))
                except urllib.error.HTTPError as exc:
                    with exc:
                        probes.seen.append((at, exc.code, ""))
                except OSError:
                    probes.seen.append((at, 0, ""))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def main() -> int:
    print("A bad release, rehearsed on the local cloud:")
    shutil.rmtree(_PLACE, ignore_errors=True)
    with LocalCloud(state_dir=_PLACE / "cloud") as cloud:
        outcome = rehearse(stack.deploy(cloud), _PLACE)
    wanted = {"N+1": "UPDATE_ROLLBACK_COMPLETE", "N+2": "UPDATE_COMPLETE"}
    good = outcome.statuses == wanted and not outcome.probes.failed
    print(
        "The bad release was taken back, the next one is in; the API was never down."
        if good
        else "This is not as it should be."
    )
    return 0 if good else 1
