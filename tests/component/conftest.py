"""The system on moto, anew for each test."""

from collections.abc import Iterator

import pytest

from tests.system import System


@pytest.fixture
def system() -> Iterator[System]:
    with System() as made:
        yield made
