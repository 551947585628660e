"""ArchiveBucket: every file as it came, every version of it.

What is large is fetched by parts: the next one comes while this one is read, and one that breaks off is asked for again. A
gigabyte then needs no connection that lasts for minutes.
"""

from collections.abc import Callable, Iterator
from random import uniform
from time import sleep
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError

from mesonet.domain.instant import from_datetime
from mesonet.errors import NotFound, Unavailable
from mesonet.record import dataclass
from mesonet.stores.s3 import translated

_GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed", "405"})
PART_BYTES = 8 * 1024 * 1024  # two are held at once; S3 serves a part of this size at a connection's full speed
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """`body` can be read once, from the start."""

    version_id: str | None
    size: int
    etag: str | None
    backfill: bool
    body: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentVersion:
    """What is at a key now: a version, or a delete marker. `at` is an instant, as S3 tells it to the second."""

    key: str
    version_id: str
    at: int
    removed: bool


type Place = tuple[str, str]  # key and version after which a walk goes on


BACKFILL = "mesonet-backfill"  # user metadata of an object: it is history, brought in beside what is live


class ArchiveStore:
    def __init__(self, *, client: Any, part_bytes: int = PART_BYTES) -> None:
        self._client = client
        self._part_bytes = part_bytes

    def open(self, bucket: str, key: str, version_id: str | None) -> StoredObject:
        """The object at one version, or the newest where `version_id` is None. Raises NotFound."""
        answer = self._call("get_object", bucket, key, version_id)
        version, size, etag, body = answer.get("VersionId"), answer["ContentLength"], answer.get("ETag", ""), answer["Body"]
        if size > self._part_bytes:

            def fetch(start: int, end: int) -> bytes:
                which = {"Range": f"bytes={start}-{end - 1}"} | ({"IfMatch": etag} if etag else {})
                part: bytes = self._call("get_object", bucket, key, version or version_id, **which)["Body"].read()
                return part

            body = Parts(body, fetch, size=size, part_bytes=self._part_bytes)
        return StoredObject(
            version_id=version,
            size=size,
            etag=etag.strip('"') or None,
            backfill=answer.get("Metadata", {}).get(BACKFILL) == "true",
            body=cast(BinaryIO, body),
        )

    def current_version(self, bucket: str, key: str) -> str | None:
        """The version that a plain GET would answer with. Raises NotFound where the newest is a delete marker, or none is."""
        answer: dict[str, Any] = self._call("head_object", bucket, key, None)
        return answer.get("VersionId")

    def link(self, bucket: str, key: str, version_id: str | None, *, seconds: int) -> str:
        """An address under which anybody may fetch the object for some time."""
        given = {"Bucket": bucket, "Key": key} | ({"VersionId": version_id} if version_id else {})
        address: str = self._client.generate_presigned_url("get_object", Params=given, ExpiresIn=seconds)
        return address

    def current_versions(
        self, bucket: str, *, prefix: str = "", after: Place | None = None
    ) -> Iterator[tuple[list[CurrentVersion], Place | None]]:
        """All keys with what is there now, a page at a time, each with the place to go on after; None behind the last."""
        while True:
            marker = {"KeyMarker": after[0], **({"VersionIdMarker": after[1]} if after[1] else {})} if after else {}
            with translated(f"the list of {bucket}"):
                page = self._client.list_object_versions(Bucket=bucket, Prefix=prefix, **marker)
            found = [_current(each, removed=False) for each in page.get("Versions", ()) if each["IsLatest"]]
            found += [_current(each, removed=True) for each in page.get("DeleteMarkers", ()) if each["IsLatest"]]
            after = (page["NextKeyMarker"], page.get("NextVersionIdMarker", "")) if page["IsTruncated"] else None
            yield found, after
            if after is None:
                return

    def _call(self, operation: str, bucket: str, key: str, version_id: str | None, **more: str) -> Any:
        version = {"VersionId": version_id} if version_id else {}
        with translated(f"s3://{bucket}/{key}"):
            try:
                return getattr(self._client, operation)(Bucket=bucket, Key=key, **version, **more)
            except ClientError as exc:
                if exc.response["Error"]["Code"] in _GONE:
                    raise NotFound(f"s3://{bucket}/{key} (version {version_id or 'newest'}) is gone") from exc
                raise


class Parts:
    """A large object as a stream. `first` is the answer to a plain GET, of which only the first part is taken."""

    def __init__(self, first: BinaryIO, fetch: Callable[[int, int], bytes], *, size: int, part_bytes: int) -> None:
        from concurrent.futures import ThreadPoolExecutor  # only where something is large

        self._first: BinaryIO | None = first
        self._fetch = fetch
        self._size = size
        self._part_bytes = part_bytes
        self._asked = 0
        self._held = memoryview(b"")
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="parts")
        self._next = self._pool.submit(self._part, *self._span())

    def read(self, count: int = -1, /) -> bytes:
        """At most `count` bytes, or all that are left; none only at the end. Raises Unavailable."""
        if count < 0:
            pieces = []
            while piece := self.read(self._part_bytes):
                pieces.append(piece)
            return b"".join(pieces)
        if not self._held:
            self._held = memoryview(self._next.result())
            if not self._held:
                return b""
            self._next = self._pool.submit(self._part, *self._span())
        taken, self._held = self._held[:count], self._held[count:]
        return bytes(taken)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _span(self) -> tuple[int, int]:
        start = self._asked
        self._asked = min(start + self._part_bytes, self._size)
        return start, self._asked

    def _part(self, start: int, end: int) -> bytes:
        if start == end:
            return b""
        for attempt in range(_ATTEMPTS):
            try:
                if self._first is not None:
                    first, self._first = self._first, None
                    part = first.read(end)
                    first.close()
                else:
                    part = self._fetch(start, end)
            except (HTTPClientError, IncompleteReadError, ConnectionError, Unavailable):
                pass
            else:
                if len(part) == end - start:
                    return part
            sleep(uniform(0, 0.1 * 2**attempt))
        raise Unavailable(f"the object breaks off between its bytes {start} and {end}, whenever it is asked for")


def _current(listed: Any, *, removed: bool) -> CurrentVersion:
    return CurrentVersion(
        key=listed["Key"], version_id=listed["VersionId"], at=from_datetime(listed["LastModified"]), removed=removed
    )
