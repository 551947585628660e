"""ArchiveBucket: every file as it came, every version of it."""

from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from mesonet.errors import NotFound, Unavailable

_GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed", "405"})
_NOT_NOW = frozenset({"SlowDown", "InternalError", "ServiceUnavailable", "503", "500", "RequestTimeout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """`body` can be read once, from the start."""

    version_id: str | None
    size: int
    etag: str | None
    body: BinaryIO


class ArchiveStore:
    def __init__(self, *, client: Any) -> None:
        self._client = client

    def open(self, bucket: str, key: str, version_id: str | None) -> StoredObject:
        """The object at one version, or the newest where `version_id` is None. Raises NotFound."""
        answer = self._call("get_object", bucket, key, version_id)
        return StoredObject(
            version_id=answer.get("VersionId"),
            size=answer["ContentLength"],
            etag=answer.get("ETag", "").strip('"') or None,
            body=cast(BinaryIO, answer["Body"]),
        )

    def current_version(self, bucket: str, key: str) -> str | None:
        """The version that a plain GET would answer with. Raises NotFound where the newest is a delete marker, or none is."""
        answer: dict[str, Any] = self._call("head_object", bucket, key, None)
        return answer.get("VersionId")

    def _call(self, operation: str, bucket: str, key: str, version_id: str | None) -> Any:
        version = {"VersionId": version_id} if version_id else {}
        try:
            return getattr(self._client, operation)(Bucket=bucket, Key=key, **version)
        except ClientError as exc:
            code = exc.response["Error"]["Code"]
            if code in _GONE:
                raise NotFound(f"s3://{bucket}/{key} (version {version_id or 'newest'}) is gone") from exc
            if code in _NOT_NOW:
                raise Unavailable(f"S3 answers {code} for s3://{bucket}/{key}") from exc
            raise
        except (ConnectionError, HTTPClientError) as exc:
            raise Unavailable(f"S3 cannot be reached for s3://{bucket}/{key}") from exc
