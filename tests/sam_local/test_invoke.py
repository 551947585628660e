"""Every sample event in the runtime that Lambda has, on the functions as they are built: of each of the two folders of code one
function by `sam local invoke`, the others by `sam local start-lambda`, which starts once and keeps its containers."""

import json
import subprocess
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local import sam, stack
from local.cloud import DIRECTLY
from mesonet.domain.file import file_id
from tests import samples, template
from tests.deployed import Deployed
from tests.sam_local.conftest import PATIENCE, Runtime
from tests.samples import World

SERVERS = 2  # while a container of one starts, a function of the other computes
FUNCTIONS = {template.folder_of(name): name for name in template.functions()}
FIRST = [case for case in samples.CASES if case.startswith("job_compact/")]  # it would compact what the others send
HOOK = next(case for case in samples.CASES if case.startswith("hook_"))
SERVED = [case for case in samples.CASES if case not in {*FIRST, HOOK}]


@dataclass(frozen=True, slots=True)
class Invoked:
    """What a function answered, and what was written to its log."""

    failed: bool
    answer: str
    log: str


@pytest.fixture(scope="module")
def invoked(deployed: Deployed, runtime: Runtime) -> dict[str, Invoked]:
    """What came of each case. All are invoked beforehand, since whoever invokes waits for a container most of the time."""
    world = World(deployed.client("s3"), deployed.said["ArchiveBucket"])
    settle(deployed)
    # What other tests sent would be compacted by the sample of the job, too
    deployed.client("lambda").invoke(FunctionName=stack.functions(deployed.endpoint)["JobCompactFunction"], Payload=b"{}")
    for key in samples.NEWS:
        forget_loading(deployed, key)
    built = runtime.apart()

    def alone(case: str) -> Invoked:
        event = runtime.folder / f"{case.replace('/', '-')}.json"
        event.write_text(json.dumps(world.event(case)))
        function = function_of(case)
        of_build = ["--template-file", str(built[function])]
        command = sam.command("local", "invoke", function, *of_build, "--event", str(event), *runtime.options)
        environment = sam.environment(deployed.endpoint)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return Invoked(done.returncode != 0, done.stdout, done.stderr)

    def served(functions: list[str]) -> dict[str, Invoked]:
        """One after the other, since all write into one log."""
        with runtime.serving("start-lambda") as (address, log):
            cases = [case for case in SERVED if function_of(case) in functions]
            return {case: ask(address, function_of(case), world.event(case), log) for case in cases}

    done = {case: alone(case) for case in FIRST}  # the very first makes the image that all run on
    functions = [name for name, _ in Counter(map(function_of, SERVED)).most_common()]
    with ThreadPoolExecutor(SERVERS + 1) as pool:
        others = [pool.submit(served, functions[at::SERVERS]) for at in range(SERVERS)]
        done[HOOK] = alone(HOOK)
        for each in others:
            done |= each.result()
    return done


def function_of(case: str) -> str:
    return FUNCTIONS[case.partition("/")[0]]


def ask(address: str, function: str, event: dict[str, Any], log: Path) -> Invoked:
    before = log.stat().st_size
    url = f"{address}/2015-03-31/functions/{function}/invocations"
    with DIRECTLY.open(urllib.request.Request(url, json.dumps(event).encode()), timeout=PATIENCE) as response:
        answer, failed = response.read().decode(), "x-amz-function-error" in response.headers
    deadline = time.monotonic() + PATIENCE
    while "REPORT RequestId" not in (said := log.read_bytes()[before:].decode(errors="replace")):
        assert time.monotonic() < deadline, f"{function} does not end its log: {said}"
        time.sleep(0.05)
    return Invoked(failed, answer, said)


def settle(deployed: Deployed) -> None:
    """Waits until the cloud's own functions are done with the objects that the events speak of."""
    keys = {step.get("put") or step["delete"] for step in samples.steps()}
    deadline = time.monotonic() + PATIENCE
    waiting = keys
    while waiting:
        assert time.monotonic() < deadline, f"not taken up: {waiting}"
        time.sleep(0.2)
        entries = {key: deployed.ask(f"/files/{file_id(deployed.said['ArchiveBucket'], key)}") for key in waiting}
        waiting = {
            key for key, answer in entries.items() if answer.status != 200 or answer.json["loading"]["state"] == "pending"
        }


def forget_loading(deployed: Deployed, key: str) -> None:
    """The note that a file is loaded, so that the news of it bring something."""
    deployed.client("dynamodb").update_item(
        TableName=deployed.said["FilesTable"],
        Key={"file_id": {"S": file_id(deployed.said["ArchiveBucket"], key)}},
        UpdateExpression="SET loading.#state = :pending",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":pending": {"S": "pending"}},
    )


@pytest.mark.timeout(1200)  # the first one waits for all: a minute on two idle cores
@pytest.mark.parametrize("case", samples.CASES)
def test_a_sample_event_gets_the_answer_that_is_promised(case: str, invoked: dict[str, Invoked]) -> None:
    done = invoked[case]
    assert not done.failed, done.log
    samples.check(case, json.loads(done.answer), lines(done.log), lambda: f"{done.answer}\n{done.log}")


def lines(text: str) -> list[dict[str, Any]]:
    """The log lines that are JSON, in their order."""
    found = []
    for line in text.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            found.append(told)
    return found
