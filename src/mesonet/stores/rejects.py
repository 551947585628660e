"""DerivedBucket, `rejects/`: all rejects of each file, one JSON object a line.

An object belongs to one reading of one version of one file, and goes with it. Its last line says how many more there are where
there are more than one keeps.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from tempfile import SpooledTemporaryFile
from typing import Any

from botocore.exceptions import ClientError

from mesonet.domain.observation import Reject
from mesonet.errors import NotFound
from mesonet.record import dataclass
from mesonet.stores.s3 import translated

MOST_BYTES = 64 * 1024 * 1024  # some 400,000 rejects: what is wrong more often than that is wrong throughout
_IN_MEMORY = 256 * 1024  # beyond it they wait on disk
_TOGETHER = 500  # rejects that are written at once
_LONGEST = 500  # characters of a reason, a value or the name of a column
_PAGE = 256 * 1024  # bytes read at once: a thousand rejects and more
_LONGEST_KEY = 1024  # bytes (Amazon S3 User Guide, "Creating object key names")


class RejectsFile:
    """Rejects as they come, in a file that waits to be put."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it is closed with the context
        self._bytes = 0
        self._lines: list[bytes] = []  # not written yet
        self.count = 0
        self._left_out = 0
        self._former = (0, 0, 0)  # bytes, rejects and those left out of a reading that this one goes on with

    def __enter__(self) -> "RejectsFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, reject: Reject) -> None:
        self.count += reject.count
        if self._bytes > MOST_BYTES:
            self._left_out += reject.count
            return
        self._left_out += reject.count - 1
        line = _line(reject)
        self._bytes += len(line)
        self._lines.append(line)
        if len(self._lines) >= _TOGETHER:
            self._write()

    def _write(self) -> None:
        self._file.writelines(self._lines)
        self._lines.clear()

    def go_on_with(self, lines: Iterable[bytes]) -> None:
        """Begins with what an earlier reading has left out."""
        self._write()
        for line in lines:
            more = json.loads(line).get("more") if line.startswith(b'{"more"') else None
            self.count += more or 1
            self._left_out += more or 0
            if more is None:
                self._file.write(line + b"\n")
        self._bytes = self._file.tell()
        self._former = (self._bytes, self.count, self._left_out)

    def clear(self) -> None:
        """Forgets what was added."""
        self._lines.clear()
        self._bytes, self.count, self._left_out = self._former
        self._file.seek(self._bytes)
        self._file.truncate()

    def ended(self) -> Any:
        """The file, ready to be read from its start."""
        self._write()
        if self._left_out:
            self._file.write(json.dumps({"more": self._left_out}).encode() + b"\n")
        self._file.seek(0)
        return self._file


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsPage:
    """`after` is the place of the next page, None on the last; `more` how many were not kept at all."""

    rejects: Sequence[Reject]
    after: int | None = None
    more: int = 0


class RejectsStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def put(self, name: str, rejects: RejectsFile) -> None:
        self._call("put_object", Key=name, Body=rejects.ended(), ContentType="application/x-ndjson")

    def lines(self, name: str) -> Iterator[bytes]:
        """All of an object, as it was put. Raises NotFound."""
        yield from self._call("get_object", Key=name)["Body"].iter_lines()

    def remove(self, name: str) -> None:
        """What is not there is removed already."""
        self._call("delete_object", Key=name)

    def page(self, name: str, limit: int, start: int = 0) -> RejectsPage:
        """Rejects from a place in the object on. Raises NotFound where there is no such object."""
        found: list[Reject] = []
        held, place, end = b"", start, False
        while not end and len(found) < limit:
            answer = self._range(name, place + len(held))
            data = answer["Body"].read() if answer else b""
            total = int(answer["ContentRange"].rpartition("/")[2]) if answer else place + len(held)
            held += data
            end = place + len(held) >= total
            *lines, rest = held.split(b"\n")
            for line in lines:
                if len(found) == limit:
                    return RejectsPage(rejects=found, after=place)
                said = json.loads(line)
                if "more" in said:
                    return RejectsPage(rejects=found, more=said["more"])
                found.append(Reject(**said))
                place += len(line) + 1
            held = rest
        return RejectsPage(rejects=found, after=None if end else place)

    def _range(self, name: str, start: int) -> Any:
        try:
            return self._call("get_object", Key=name, Range=f"bytes={start}-{start + _PAGE - 1}")
        except ClientError as exc:
            if exc.response["Error"]["Code"] in ("InvalidRange", "416"):
                return None
            raise

    def _call(self, operation: str, **given: Any) -> Any:
        with translated(given["Key"]):
            try:
                return getattr(self._client, operation)(Bucket=self._bucket, **given)
            except ClientError as exc:
                if exc.response["Error"]["Code"] in ("NoSuchKey", "404"):
                    raise NotFound("what was rejected is not kept any more: the file has been replaced or deleted") from exc
                raise


def name_of(key: str, file_id: str, version: str, reread_at: str) -> str:
    """The name of the object for one reading of one version of a file: `rejects/<its key>/<version>@<reading>.ndjson`."""
    end = f"/{version}@{reread_at}.ndjson"
    name = f"rejects/{key}{end}"
    return name if len(name.encode()) <= _LONGEST_KEY else f"rejects/{file_id}{end}"


@lru_cache(maxsize=64)  # those of a file have few reasons
def _reason(text: str) -> str:
    return quoted(text[:_LONGEST])


def _line(reject: Reject) -> bytes:
    row = "" if reject.row is None else f'"row":{reject.row},'
    column = "" if reject.column is None else f'"column":{quoted(reject.column[:_LONGEST])},'
    value = "" if reject.value is None else f'"value":{quoted(reject.value[:_LONGEST])},'
    return f'{{{row}{column}{value}"reason":{_reason(reject.reason)}}}\n'.encode(errors="replace")
