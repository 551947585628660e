"""DerivedBucket, `live/`: what came live, as it was received, one object for each station and day once the day is over.

The table is not the only place that has it: each object is a body that `POST /stations/{id}/observations` takes, so a table, or
another region, can be filled from them.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, unquote

from mesonet.domain import units
from mesonet.domain.block import Block, BlockColumn, Span, as_received, listed, number
from mesonet.domain.live import Stretch
from mesonet.domain.parameter import parse
from mesonet.stores.s3 import translated

_FOLDER = "live/"
_PAGE = 1000  # keys


class LiveCopies:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def put(self, stretch: Stretch, blocks: Sequence[Block]) -> None:
        """Replaces the copy of a stretch; the bucket keeps the former version for a while."""
        document = {"observations": [each for block in blocks for each in _observations(block)]}
        body = gzip.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
        with translated("copies of live values"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key_of(stretch),
                Body=body,
                ContentType="application/json",
                ContentEncoding="gzip",
            )

    def all_copied(self, after: str = "") -> Iterator[tuple[list[Stretch], str]]:
        """Pages of stretches of which there is a copy, each with the place to go on `after`, '' with the last."""
        while True:
            with translated("copies of live values"):
                page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=_FOLDER, StartAfter=after, MaxKeys=_PAGE)
            keys = [each["Key"] for each in page.get("Contents", ())]
            after = keys[-1] if page["IsTruncated"] else ""
            yield list(map(stretch_of, keys)), after
            if not after:
                return

    def copied(self, stretch: Stretch) -> list[dict[str, Any]]:
        """Observations, as they were sent."""
        with translated("copies of live values"):
            body = self._client.get_object(Bucket=self._bucket, Key=key_of(stretch))["Body"].read()
        found: list[dict[str, Any]] = json.loads(gzip.decompress(body))["observations"]
        return found


def key_of(stretch: Stretch) -> str:
    return f"{_FOLDER}{quote(stretch.station_id, safe='')}/{stretch.start}.json"


def stretch_of(key: str) -> Stretch:
    station, _, start = key.removeprefix(_FOLDER).removesuffix(".json").rpartition("/")
    return Stretch(station_id=unquote(station), span=Span.YEAR if len(start) == 4 else Span.DAY, start=start)


def _observations(block: Block) -> list[dict[str, Any]]:
    times = [str(text) for text in listed(block.times)]
    rows: list[dict[str, Any]] = [{"time": time, "values": {}} for time in times]
    for name, column in block.columns.items():
        for row, said in zip(rows, _said(name, column), strict=True):
            if said:
                row["values"][name] = said
    return [row for row in rows if row["values"]]


def _said(name: str, column: BlockColumn) -> Iterator[dict[str, str] | None]:
    """What was received of each value, with its unit. What former releases wrote in another unit than the column's does not
    say so: it is told by its value."""
    standard_name = parse(name).standard_name
    for value, received in zip(listed(column.values), listed(column.received), strict=True):
        if not isinstance(value, int | float):
            yield None
            continue
        text, unit = as_received(str(received), column.unit_received)
        if _tells(text, unit, standard_name, value):
            yield {"value": text, "unit": unit}
        else:
            yield {"value": number(value), "unit": column.unit}


def _tells(text: str, unit: str, standard_name: str, value: float) -> bool:
    try:
        told = units.converter(unit, standard_name)(float(text))
    except (ValueError, units.UnknownUnit):
        return False
    return abs(told - value) <= 1e-6 * max(1.0, abs(value))
