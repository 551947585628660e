"""The real Lambda runtime in Docker, beside the deployed local cloud."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from local import artifact, checkout, containers, intrinsics
from tests.deployed import Deployed

FUNCTION = "AWS::Serverless::Function"
_RUN = ("Architectures", "CodeUri", "Environment", "Handler", "MemorySize", "Runtime", "Timeout")


@dataclass(frozen=True, slots=True)
class Runtime:
    """`options` are for any `sam local` command: the parameters, the functions' environment, a mark."""

    template: Path
    options: list[str]
    folder: Path

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
        yield Runtime(artifact.built(), [*containers.options(endpoint), *mark, "--env-vars", str(environment)], folder)
