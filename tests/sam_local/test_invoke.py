"""`sam local invoke` on every sample event: the functions as they are built, in the runtime that Lambda has."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local import sam, stack
from mesonet.domain.file import file_id
from tests import samples, template
from tests.deployed import Deployed
from tests.sam_local.conftest import Runtime
from tests.samples import World

AT_ONCE = 3  # on two cores: while one container starts, another computes
PATIENCE = 120.0

type Invoked = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def invoked(deployed: Deployed, runtime: Runtime) -> dict[str, Invoked]:
    """What came of each case. All are invoked at once, since each waits for its container most of the time."""
    world = World(deployed.client("s3"), deployed.said["ArchiveBucket"])
    settle(deployed)
    # What other tests sent would be compacted by the sample of the job, too
    deployed.client("lambda").invoke(FunctionName=stack.functions(deployed.endpoint)["JobCompactFunction"], Payload=b"{}")
    for key in samples.NEWS:
        forget_loading(deployed, key)
    built = runtime.apart()
    logical_ids = {template.folder_of(name): name for name in template.functions()}

    def invoke(case: str) -> Invoked:
        event = runtime.folder / f"{case.replace('/', '-')}.json"
        event.write_text(json.dumps(world.event(case)))
        function = logical_ids[case.partition("/")[0]]
        of_build = ["--template-file", str(built[function])]
        command = sam.command("local", "invoke", function, *of_build, "--event", str(event), *runtime.options)
        environment = sam.environment(deployed.endpoint)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)

    first, *others = samples.CASES
    done = {first: invoke(first)}  # alone, since it makes the image that all run on
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return done | dict(zip(others, pool.map(invoke, others), strict=True))


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
    assert done.returncode == 0, done.stderr
    samples.check(case, json.loads(done.stdout), lines(done.stderr), lambda: f"{done.stdout}\n{done.stderr}")


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
