"""DerivedBucket, `live/`: what came live, as it was received, one object for each station and day once the day is over.

The table is not the only place that has it: each object is a body that `POST /stations/{id}/observations` takes, so a table, or
another region, can be filled from them.
"""

import gzip
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from mesonet.domain.block import Block, listed
from mesonet.domain.live import Stretch
from mesonet.errors import Unavailable

_NOT_NOW = frozenset({"SlowDown", "InternalError", "ServiceUnavailable", "503", "500", "RequestTimeout"})


class LiveCopies:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def put(self, stretch: Stretch, blocks: Sequence[Block]) -> None:
        """Replaces the copy of a stretch; the bucket keeps the former version for a while."""
        document = {"observations": [each for block in blocks for each in _observations(block)]}
        body = gzip.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key_of(stretch),
                Body=body,
                ContentType="application/json",
                ContentEncoding="gzip",
            )
        except ClientError as exc:
            if exc.response["Error"]["Code"] in _NOT_NOW:
                raise Unavailable(f"S3 does not take the copy of {key_of(stretch)} now") from exc
            raise
        except (ConnectionError, HTTPClientError) as exc:
            raise Unavailable("S3 cannot be reached") from exc


def key_of(stretch: Stretch) -> str:
    return f"live/{quote(stretch.station_id, safe='')}/{stretch.start}.json"


def _observations(block: Block) -> list[dict[str, Any]]:
    times = [str(text) for text in listed(block.times)]
    rows: list[dict[str, Any]] = [{"time": time, "values": {}} for time in times]
    for name, column in block.columns.items():
        for row, received in zip(rows, listed(column.received), strict=True):
            if received:
                row["values"][name] = {"value": received, "unit": column.unit_received}
    return [row for row in rows if row["values"]]
