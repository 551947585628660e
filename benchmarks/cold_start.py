"""Cold starts: what importing a function's handler and its first answer cost, beside the usual ways to write one.

Every arm is a folder made the same way: pinned dependencies, then the code. `deployed` is such a folder after Mesonet's own
build step (local/artifact.py), `untouched` the same as `sam build` leaves it: every service that botocore describes, no
bytecode. Processor time is the figure to look at: unlike the clock's it hardly depends on what else the machine does.
Connections are plain HTTP, so reading the certificates that TLS needs is in nobody's figures.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import answers
from local import artifact, checkout
from local.errors import Failure

FIRST_CALL = Path(__file__).with_name("first_call.py")
PEERS = Path(__file__).with_name("peers")
PINS = checkout.ROOT / "requirements" / "bench.txt"
FOLDER = checkout.HERE / "bench"
STOCK = "Powertools, stock"
LATEST = "ApiWeatherFunction"
SETTINGS = {"SEARCH_ENDPOINT": "", "BLOCK_FORMAT": "3"}  # where neither a resource nor the template says it
GOALS = (("deployed", 0.40), ("untouched", 0.17))  # of STOCK's processor time to the first response, by how STOCK is built

# the module of a peer, and what it needs
STARTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "Python alone": ("empty", ()),
    "bare boto3": ("bare_boto3", ("boto3",)),
    STOCK: ("powertools_stock", ("aws-lambda-powertools[tracer]", "boto3", "marshmallow")),
    "FastAPI + Mangum": ("fastapi_mangum", ("boto3", "fastapi", "mangum")),
}

# Lambda's own, as far as the frameworks ask for them.
LAMBDA = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret (nothing checks it)
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",  # datagrams to nobody
    "_X_AMZN_TRACE_ID": "Root=1-65920080-6b61c6af9ac693e8deadbeef;Parent=93e8deadbeef6b61;Sampled=1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Of one process, from its start: milliseconds of processor time and of the clock, until the handler is imported and until
    it has answered."""

    init_cpu: float
    init_wall: float
    first_cpu: float | None
    first_wall: float | None
    modules: int


@dataclass(slots=True, kw_only=True)
class Arm:
    name: str
    build: str  # deployed or untouched
    folder: Path
    handler: str  # as in the template: package.module.function
    environment: dict[str, str]
    event: dict[str, Any] | None
    samples: list[Sample] = field(default_factory=list)

    def median(self, figure: str) -> float | None:
        found = [getattr(sample, figure) for sample in self.samples]
        return None if None in found else median(found)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each arm is started; in every round each once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all samples in this file too")
    asked = parser.parse_args(arguments)
    if asked.rounds < 1:
        parser.error("a median takes one round at least")

    shutil.rmtree(FOLDER, ignore_errors=True)
    arms = list(built_arms())
    with answers.running() as endpoint, tempfile.TemporaryDirectory() as scratch:
        for number in range(asked.rounds + 1):
            progress(f"round {number} of {asked.rounds}" if number else "a round to warm up")
            for arm in arms:
                sample = started(arm, endpoint, Path(scratch))
                if number:
                    arm.samples.append(sample)
    progress("")
    print("\n".join(report(arms, asked.rounds)))
    if asked.json:
        asked.json.write_text(json.dumps([as_json(arm) for arm in arms], indent=1))
    return 0


def built_arms() -> Iterator[Arm]:
    """Installs every artifact twice, as it is and as it is deployed, and names what is started from it."""
    untouched, deployed = FOLDER / "untouched", FOLDER / "deployed"
    for module, packages in STARTED.values():
        progress(f"building {module}")
        (untouched / module).mkdir(parents=True)
        if packages:
            install(untouched / module, "--constraints", str(PINS), *packages)
        shutil.copy(PEERS / f"{module}.py", untouched / module / "peer.py")
    progress("building mesonet")
    install(untouched / "mesonet", "--require-hashes", "--requirements", str(checkout.SOURCE / "requirements.txt"))
    shutil.copytree(checkout.SOURCE, untouched / "mesonet", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    progress("compiling")
    shutil.copytree(untouched, deployed)
    for folder in deployed.iterdir():
        artifact.prune(folder, artifact.services_used() if folder.name == "mesonet" else {"dynamodb"})
        artifact.compile_all(folder)

    yield from arms_of(deployed)
    yield from arms_of(untouched)


def arms_of(build: Path) -> Iterator[Arm]:
    for name, (module, _) in STARTED.items():
        yield Arm(
            name=name,
            build=build.name,
            folder=build / module,
            handler="peer.handle",
            environment={"LATEST_TABLE": "items_table"},
            event=answers.LATEST,
        )
    for name, handler, variables in functions():
        yield Arm(
            name=name,
            build=build.name,
            folder=build / "mesonet",
            handler=handler,
            environment=variables,
            event=answers.EVENTS.get(handler.split(".")[-3]),
        )


def install(folder: Path, *what: str) -> None:
    """Fills a folder with packages; one that has a hash in requirements/ is checked against it."""
    uv = [str(checkout.HERE / "tools" / "bin" / "uv"), "pip", "install", "--quiet", "--no-compile-bytecode"]
    done = subprocess.run(
        [*uv, "--python", sys.executable, "--target", str(folder), *what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failure(f"could not install {folder.name}:", tail=done.stderr)


def functions() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Logical id, handler and environment variables of each function of the template.

    The cloud environment reads it: this one has nothing but what is measured.
    """
    python = checkout.program(checkout.CLOUD_ENVIRONMENT, "python")
    program = (
        "import json, sys; from samtranslator.yaml_helper import yaml_parse; print(json.dumps(yaml_parse(sys.stdin.read())))"
    )
    done = subprocess.run([python, "-c", program], input=checkout.TEMPLATE.read_bytes(), capture_output=True, check=True)
    template = json.loads(done.stdout)
    shared = template["Globals"]["Function"]["Environment"]["Variables"]
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            own = properties.get("Environment", {}).get("Variables", {})
            given = {variable: value for variable, value in {**shared, **own}.items() if variable != "AWS_ENDPOINT_URL"}
            yield name, properties["Handler"], {variable: _set(variable, value) for variable, value in given.items()}


def _set(variable: str, said: Any) -> str:
    """A resource is called as its variable is."""
    return SETTINGS.get(variable, said if isinstance(said, str) else variable.lower())


def started(arm: Arm, endpoint: str, scratch: Path) -> Sample:
    """Starts the arm once, in an interpreter that sees the artifact and the standard library only."""
    module, _, function = arm.handler.rpartition(".")
    command = [os.path.realpath(sys.executable), "-I", "-S", "-B", str(FIRST_CALL), str(arm.folder), module, function]
    if arm.event is not None:
        (scratch / "event.json").write_text(json.dumps(arm.event))
        command.append(str(scratch / "event.json"))
    environment = (
        LAMBDA | {"AWS_ENDPOINT_URL": endpoint, "HOME": str(scratch), "LAMBDA_TASK_ROOT": str(arm.folder)} | arm.environment
    )
    begin = time.monotonic()
    done = subprocess.run(command, cwd=arm.folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise Failure(f"{arm.name} ({arm.build}) failed:", tail=done.stderr)
    said = json.loads(done.stdout.splitlines()[-1])  # what comes before are the handler's log lines
    answer = said["answer"]
    if arm.event is not None and (answer.get("statusCode", 200) != 200 or answer.get("batchItemFailures")):
        raise Failure(f"{arm.name} ({arm.build}) answers {answer}", tail=done.stdout)
    marks = [((clock - begin) * 1000, cpu * 1000, modules) for clock, cpu, modules in said["marks"]]
    first = marks[1] if len(marks) > 1 else (None, None, 0)
    return Sample(init_cpu=marks[0][1], init_wall=marks[0][0], first_cpu=first[1], first_wall=first[0], modules=marks[0][2])


def report(arms: Sequence[Arm], rounds: int) -> Iterator[str]:
    """A table for each way to build, and the goal's figures."""
    titles = {
        "deployed": "As deployed: services not used left out, with bytecode",
        "untouched": "The same as `sam build` leaves it: every service, no bytecode",
    }
    yield f"Cold starts, Python {platform.python_version()}, {os.cpu_count()} processors, {rounds} rounds of each in turn"
    yield f"Medians; `× stock` is to {STOCK!r} of the same build, as median (lowest–highest) of the rounds' own ratios"
    for build, title in titles.items():
        yield f"\n{title}"
        yield f"{'':22}{'until the handler is imported':^44}  {'until it has answered':^44}"
        heads = f"{'CPU ms':>7} {'× stock':<18} {'wall ms':>7} {'×':>5}    "
        yield f"{'':22}{heads}{heads} {'MB':>5} {'modules':>7}"
        stock = named(arms, build, STOCK)
        for arm in arms:
            if arm.build == build:
                figures = cells(arm, stock, "init") + cells(arm, stock, "first")
                yield f"{arm.name:22}{figures} {size_mb(arm.folder):5.1f} {arm.samples[0].modules:7}"
    ours = named(arms, "deployed", LATEST)
    yield f"\n{LATEST} as deployed, start to first answer, processor time"
    for build, goal in GOALS:
        low, middle, high = ratios(ours, named(arms, build, STOCK), "first_cpu")
        met = "met" if middle <= goal else "missed"
        yield f"  {middle:.2f} × {STOCK}, {build} ({low:.2f}–{high:.2f}); goal ≤ {goal:.2f}: {met}"


def cells(arm: Arm, stock: Arm, phase: str) -> str:
    cpu, wall = f"{phase}_cpu", f"{phase}_wall"
    if arm.median(cpu) is None:
        return f"{'–':>7}{'':37}"  # no event for this function yet
    low, middle, high = ratios(arm, stock, cpu)
    return (
        f"{arm.median(cpu):7.0f} {f'{middle:.2f} ({low:.2f}–{high:.2f})':<18} "
        f"{arm.median(wall):7.0f} {ratios(arm, stock, wall)[1]:5.2f}    "
    )


def ratios(arm: Arm, other: Arm, figure: str) -> tuple[float, float, float]:
    """Lowest, median and highest, each ratio taken within a round."""
    found = [getattr(a, figure) / getattr(b, figure) for a, b in zip(arm.samples, other.samples, strict=True)]
    return min(found), median(found), max(found)


def named(arms: Sequence[Arm], build: str, name: str) -> Arm:
    return next(arm for arm in arms if (arm.build, arm.name) == (build, name))


def size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def as_json(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "build": arm.build,
        "megabytes": size_mb(arm.folder),
        "samples": [asdict(sample) for sample in arm.samples],
    }


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
