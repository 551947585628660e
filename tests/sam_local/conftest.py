"""The real Lambda runtime in Docker, beside the deployed local cloud."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local import artifact, checkout, containers
from tests.deployed import Deployed


@dataclass(frozen=True, slots=True)
class Runtime:
    """`options` are for any `sam local` command: the build, the parameters, the functions' environment, a mark."""

    options: list[str]
    folder: Path


@pytest.fixture(scope="session")
def runtime(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    containers.require_docker()
    artifact.build(checkout.architecture())
    folder = tmp_path_factory.mktemp("sam-local")
    with containers.reachable(deployed.endpoint) as endpoint, containers.marked() as mark:
        environment = folder / "environment.json"
        environment.write_text(json.dumps(containers.function_environment(deployed.endpoint, endpoint)))
        yield Runtime([*containers.options(artifact.built(), endpoint), *mark, "--env-vars", str(environment)], folder)
