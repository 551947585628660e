"""The requests in the README get the answers that stand below them."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.deployed import Deployed
from tests.template import ROOT


def requests() -> Iterator[tuple[str, str]]:
    """Each `$ curl …` of the README with the lines below it."""
    _, *blocks = (ROOT / "README.md").read_text().split("$ curl ")
    for block in blocks:
        command, _, below = block.partition("\n")
        yield f"curl {command}", below.partition("```")[0]


def test_there_are_ten() -> None:
    assert len(list(requests())) == 10


@pytest.mark.parametrize(("command", "answer"), list(requests()), ids=lambda text: text[:60] if text.startswith("curl") else "")
def test_a_request_gets_the_answer_below_it(deployed: Deployed, command: str, answer: str) -> None:
    environment = {**os.environ, "API": deployed.catalogue.api_url, "no_proxy": "*"}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == answer.splitlines(), done.stderr
