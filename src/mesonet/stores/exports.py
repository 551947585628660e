"""DerivedBucket, `exports/`: answers in one file, for two days.

exports/<id>/asked.json     the question; there from the moment at which it was asked
exports/<id>/answer         the file, which appears when it is whole
exports/<id>/failed.json    why there will be none
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from mesonet.domain.export import Export, Kind
from mesonet.errors import NotFound
from mesonet.stores.s3 import translated

PART_BYTES = 8 * 1024 * 1024  # of an upload in parts: S3 takes 5 MiB to 5 GiB, and 10,000 of them
_ID = re.compile(r"[0-9a-f]{32}")
_NOT_THERE = frozenset({"NoSuchKey", "404"})
_TYPES: Mapping[Kind, str] = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.COVERAGEJSON: "application/vnd.cov+json",
    Kind.PARQUET: "application/vnd.apache.parquet",
}


class ExportsStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def note(self, export: Export) -> None:
        self._put(export.id, "asked.json", export.to_json())

    def noted(self, export_id: str) -> Export:
        """An export that was asked for. Raises NotFound."""
        if not _ID.fullmatch(export_id):
            raise _not_there(export_id)
        with translated("an export"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=_key(export_id, "asked.json"))
                return Export.from_json(answer["Body"].read())
            except ClientError as exc:
                if exc.response["Error"]["Code"] in _NOT_THERE:
                    raise _not_there(export_id) from exc
                raise

    def is_ready(self, export_id: str) -> bool:
        with translated("an export"):
            try:
                self._client.head_object(Bucket=self._bucket, Key=_key(export_id, "answer"))
            except ClientError as exc:
                if exc.response["Error"]["Code"] in _NOT_THERE:
                    return False
                raise
            return True

    def address(self, export: Export, *, seconds: int) -> str:
        """Where anybody finds the file, for some time."""
        found: str = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": _key(export.id, "answer"),
                "ResponseContentDisposition": f'attachment; filename="{export.file_name}"',
                "ResponseContentType": _TYPES[export.kind],
            },
            ExpiresIn=seconds,
        )
        return found

    def refuse(self, export_id: str, reason: str) -> None:
        """Notes why no file will be made of an export."""
        self._put(export_id, "failed.json", json.dumps({"reason": reason}, ensure_ascii=False))

    def refusal(self, export_id: str) -> str | None:
        """The reason that `refuse` noted; None where there is none."""
        with translated("an export"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=_key(export_id, "failed.json"))
                return str(json.loads(answer["Body"].read())["reason"])
            except ClientError as exc:
                if exc.response["Error"]["Code"] in _NOT_THERE:
                    return None
                raise

    @contextmanager
    def written(self, export: Export) -> Iterator["ExportFile"]:
        """A file that appears at the end of the block, unless something is raised in it."""
        place = {"Bucket": self._bucket, "Key": _key(export.id, "answer")}
        with translated("an export"):
            upload = self._client.create_multipart_upload(**place, ContentType=_TYPES[export.kind])["UploadId"]
        parts: list[dict[str, Any]] = []

        def send(body: bytes) -> None:
            number = len(parts) + 1
            with translated("an export"):
                answer = self._client.upload_part(**place, UploadId=upload, PartNumber=number, Body=body)
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})

        file = ExportFile(send)
        try:
            yield file
            file.flush()
            with translated("an export"):
                self._client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
        except Exception:
            with translated("an export"):
                self._client.abort_multipart_upload(**place, UploadId=upload)
            raise

    def _put(self, export_id: str, name: str, text: str) -> None:
        with translated("an export"):
            self._client.put_object(
                Bucket=self._bucket, Key=_key(export_id, name), Body=text.encode(), ContentType="application/json"
            )


class ExportFile:
    """Sends what is written in parts, so that no more than one of them is held."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._held = bytearray()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._held += data
        self.size += len(data)
        while len(self._held) >= PART_BYTES:
            self._send(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]

    def flush(self) -> None:
        """The last part, which may be of any size."""
        if self._held or not self.size:
            self._send(bytes(self._held))
            self._held.clear()


def _not_there(export_id: str) -> NotFound:
    return NotFound(f"there is no export {export_id!r}: they are kept for two days")


def _key(export_id: str, name: str) -> str:
    return f"exports/{export_id}/{name}"
