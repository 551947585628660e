"""The front door and what the catalogue says of a file that went in: put an object, then ask the API about it."""

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud import DIRECTLY, client_options
from local.errors import Failure
from mesonet.domain.file import LoadState, Status, file_id


class CloudGone(Failure):
    """Nothing listens any more where the local cloud was."""


Entry = dict[str, Any]  # the answer of GET /files/{id}

_EVERY = 0.15  # seconds between two questions to the API
_PATIENCE = 120.0  # seconds without any change of any file
_MEGABYTES_PER_SECOND = 0.5  # a slow laptop's, with every function starting cold


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An object just put. `version_id` tells this upload from earlier ones of the same key."""

    key: str
    id: str
    version_id: str | None
    size: int


class Catalogue:
    """Of a running stack, given by its outputs."""

    def __init__(self, said: dict[str, str]) -> None:
        self.bucket = said["ArchiveBucket"]
        self.api_url = said["ApiUrl"]
        self._s3 = boto3.client("s3", **client_options(said["EndpointUrl"]))

    def put(self, key: str, source: bytes | Path) -> Upload:
        """Raises OSError where the source cannot be read, Failure where the archive does not take it."""
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        try:
            with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as body:
                answer = self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        except (BotoCoreError, ClientError) as exc:
            raise Failure(f"the archive does not take {key}: {exc}") from exc
        return Upload(key=key, id=file_id(self.bucket, key), version_id=answer.get("VersionId"), size=size)

    def entry(self, upload: Upload) -> Entry | None:
        """None as long as the catalogue does not know this version of the file."""
        entry = self.get(f"/files/{upload.id}")
        return entry if entry and entry.get("version_id") == upload.version_id else None

    def get(self, path: str) -> Any:
        """The API's JSON answer; None where there is nothing. Raises Failure for any other answer than these two."""
        url = self.api_url + path
        try:
            with DIRECTLY.open(url, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as exc:
            with exc:
                if exc.code == 404:
                    return None
                said = exc.read(300).decode(errors="replace")
            raise Failure(f"GET {url} answers {exc.code}: {said}") from exc
        except (urllib.error.URLError, OSError) as exc:
            if isinstance(getattr(exc, "reason", exc), ConnectionRefusedError):
                raise CloudGone(f"nothing listens at {url}: the local cloud has ended") from exc
            raise Failure(f"the API does not answer at {url}: {getattr(exc, 'reason', exc)}") from exc

    def follow(self, uploads: Sequence[Upload], *, seen: Callable[[Upload, Entry], None]) -> Iterator[tuple[Upload, Entry]]:
        """Yields each upload with its entry as soon as it is settled; `seen` is called whenever an entry has changed.

        Raises Failure when nothing changes for too long, CloudGone when nothing ever will.
        """
        waiting = {upload.id: upload for upload in uploads}
        last: dict[str, Entry] = {}
        changed_at = time.monotonic()
        patience = _PATIENCE + sum(upload.size for upload in uploads) / 1e6 / _MEGABYTES_PER_SECOND
        trouble = ""
        while waiting:
            for upload in list(waiting.values()):
                try:
                    entry = self.entry(upload)
                except CloudGone:
                    raise
                except Failure as failure:  # the function may just be starting, or be broken for good: time will tell
                    trouble = failure.line
                    continue
                if entry is None or entry == last.get(upload.id):
                    continue
                last[upload.id] = entry
                changed_at = time.monotonic()
                seen(upload, entry)
                if settled(entry):
                    del waiting[upload.id]
                    yield upload, entry
            if time.monotonic() - changed_at > patience:
                raise Failure(_stuck(next(iter(waiting.values())), last, patience, trouble))
            if waiting:
                time.sleep(_EVERY)


def settled(entry: Entry) -> bool:
    """Whether nothing more will become of this version of the file by itself."""
    return not usable(entry) or load_state(entry) is not LoadState.PENDING


def usable(entry: Entry) -> bool:
    return Status(entry["status"]).usable


def load_state(entry: Entry) -> LoadState:
    return LoadState(entry["loading"]["state"])


def succeeded(entry: Entry) -> bool:
    """Whether something of the file could be used, and is where the API reads it."""
    return usable(entry) and load_state(entry) is not LoadState.FAILED


def _stuck(upload: Upload, entries: dict[str, Entry], patience: float, trouble: str) -> str:
    where = "in the archive, not catalogued" if upload.id not in entries else "catalogued, not loaded"
    said = f" ({trouble})" if trouble else ""
    return f"{upload.key} is still {where} after {patience:.0f} s; the local cloud's log says more{said}"
