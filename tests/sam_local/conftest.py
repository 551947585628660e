"""The real Lambda runtime in Docker, beside the deployed local cloud."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from local import artifact, checkout, containers, intrinsics, processes, sam
from tests.deployed import Deployed

FUNCTION = "AWS::Serverless::Function"
PATIENCE = 120.0
_RUN = ("Architectures", "CodeUri", "Environment", "Handler", "MemorySize", "Runtime", "Timeout")


@dataclass(frozen=True, slots=True)
class Runtime:
    """`options` are for any `sam local` command: the parameters, the functions' environment, a mark."""

    template: Path
    options: list[str]
    folder: Path
    endpoint: str

    @contextmanager
    def serving(self, command: str) -> Iterator[tuple[str, Path]]:
        """`start-api` or `start-lambda`: where it listens, and its log. A function's container stays for its next call."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = self.folder / f"{command}-{port}.log"
        options = ["--template-file", str(self.template), *self.options, "--port", str(port), "--warm-containers", "LAZY"]
        child = processes.start(sam.command("local", command, *options), env=sam.environment(self.endpoint), log=log)
        try:
            assert processes.listens(child, port, within_s=PATIENCE), f"sam local does not listen: {log.read_text()}"
            yield f"http://127.0.0.1:{port}", log
        finally:
            processes.end_group(child.pid, child)

    def apart(self) -> dict[str, Path]:
        """A template of each function alone, as it is built: SAM reads the whole one at each invocation, for two seconds."""
        document = intrinsics.read(self.template.read_text())
        common = {name: value for name, value in document.items() if name in ("Transform", "Globals", "Parameters")}
        found = {}
        for logical_id, resource in document["Resources"].items():
            if resource["Type"] == FUNCTION:
                properties = {name: value for name, value in resource["Properties"].items() if name in _RUN}
                properties["CodeUri"] = str(self.template.parent / properties["CodeUri"])
                found[logical_id] = self.folder / f"{logical_id}.yaml"
                function = {"Type": FUNCTION, "Properties": properties}
                found[logical_id].write_text(yaml.safe_dump(common | {"Resources": {logical_id: function}}))
        return found


@pytest.fixture(scope="session")
def runtime(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    containers.require_docker()
    artifact.build(checkout.architecture())
    folder = tmp_path_factory.mktemp("sam-local")
    with containers.reachable(deployed.endpoint) as endpoint, containers.marked() as mark:
        environment = folder / "environment.json"
        environment.write_text(json.dumps(containers.function_environment(deployed.endpoint, endpoint)))
        options = [*containers.options(endpoint), *mark, "--env-vars", str(environment)]
        yield Runtime(artifact.built(), options, folder, deployed.endpoint)
