"""The system on moto, anew for each test."""

from collections.abc import Iterator

import pytest

from tests.builders import mapping
from tests.system import System


@pytest.fixture
def system() -> Iterator[System]:
    with System() as made:
        yield made


@pytest.fixture
def mapped(system: System) -> System:
    """A network whose tables have a mapping."""
    system.begin_with(("network/mapping.json", mapping()))
    return system
