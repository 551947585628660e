"""The archive gives an object's bytes in order and whole, however its connections behave."""

from random import Random
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, IncompleteReadError

from mesonet.errors import Unavailable
from mesonet.stores import archive
from mesonet.stores.archive import ArchiveStore
from tests.system import System

PART = 1000
BYTES = Random(1).randbytes(PART * 7 + 123)


class Unreliable:
    """Passes calls on to S3; some requests or answers break off."""

    def __init__(self, client: Any, broken: set[int], *, in_the_body: bool = False) -> None:
        self._client = client
        self._broken = broken
        self._in_the_body = in_the_body
        self.asked: list[str | None] = []

    def get_object(self, **asked: Any) -> Any:
        self.asked.append(asked.get("Range"))
        breaks = len(self.asked) - 1 in self._broken
        if breaks and not self._in_the_body:
            raise ConnectionClosedError(endpoint_url="s3")
        answer = self._client.get_object(**asked)
        if breaks:
            answer["Body"] = TornBody()
        return answer


class TornBody:
    def read(self, count: int | None = None) -> bytes:
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "sleep", lambda _: None)


def stored(system: System, content: bytes = BYTES) -> None:
    system.s3.put_object(Bucket=system.bucket, Key="large.bin", Body=content)


def read(client: Any, system: System, count: int = 77) -> bytes:
    body = ArchiveStore(client=client, part_bytes=PART).open(system.bucket, "large.bin", None).body
    return b"".join(iter(lambda: body.read(count), b""))


@pytest.mark.parametrize("count", [1, 77, PART, PART * 3])
def test_a_large_object_is_read_by_parts(system: System, count: int) -> None:
    stored(system)
    client = Unreliable(system.s3, set())
    assert read(client, system, count) == BYTES
    assert client.asked == [None, *(f"bytes={at}-{min(at + PART, len(BYTES)) - 1}" for at in range(PART, len(BYTES), PART))]


@pytest.mark.parametrize("content", [b"", b"x", BYTES[:PART], BYTES[: PART + 1], BYTES[: PART * 2]])
def test_its_size_does_not_matter(system: System, content: bytes) -> None:
    stored(system, content)
    assert read(system.s3, system) == content


@pytest.mark.parametrize("in_the_body", [False, True])
def test_a_part_that_breaks_off_is_asked_for_again(system: System, in_the_body: bool) -> None:
    stored(system)
    broken = {2, 3, 6} | ({0} if in_the_body else set())
    client = Unreliable(system.s3, broken, in_the_body=in_the_body)
    assert read(client, system) == BYTES


def test_the_version_that_was_opened_is_read_to_its_end(system: System) -> None:
    stored(system)
    body = ArchiveStore(client=system.s3, part_bytes=PART).open(system.bucket, "large.bin", None).body
    start = body.read(10)
    stored(system, b"something else" * PART)
    assert start + body.read() == BYTES


def test_an_object_that_cannot_be_had_to_its_end_is_no_shorter_object(system: System) -> None:
    stored(system)
    with pytest.raises(Unavailable, match="between its bytes 2000 and 3000"):
        read(Unreliable(system.s3, set(range(2, 50))), system)
