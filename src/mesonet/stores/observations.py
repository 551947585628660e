"""ObservationsTable: blocks of observations, one item for each station, stretch of time and file.

Partition `station#EWR` holds the station's blocks in order of time; partition `file#…` holds one item, the list of blocks that
a file has, or may have, in the table.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mesonet.domain.block import VERSION, Block, BlockColumn, BlockKey, Span
from mesonet.domain.instant import Interval
from mesonet.errors import Conflict, UnreadableFile
from mesonet.stores.attributes import Item
from mesonet.stores.dynamodb import translated

_WRITERS = 8  # conditional puts cannot be batched; eight in flight keep a two-core function busy
_TOMBSTONE_LIFE_S = 60 * 86_400  # longer than any message about the file can still be under way (SQS keeps 14 days)
_MOST_MANIFEST_BYTES = 390_000  # an item may have 400 KB
_HIGHEST = "\uffff"
_FIRST_PAGE = 32  # a month of days; whoever asks for more gets twice as many next, whoever wants less has not paid for 1 MB
_MOST_NAMED = 60  # columns: a projection expression may have 4 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The blocks that a file has in the table, or had begun to write, at an order of its entry."""

    order: str
    keys: frozenset[tuple[str, str]]  # station, block key as text
    revision: int = 0


class ObservationsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def manifest(self, file_id: str) -> Manifest:
        with translated("reading a file's blocks"):
            answer = self._client.get_item(TableName=self._table, Key=_manifest_key(file_id), ConsistentRead=True)
        if "Item" not in answer:
            return Manifest(order="", keys=frozenset())
        listed = json.loads(zlib.decompress(answer["Item"]["keys"]["B"]))
        return Manifest(
            order=answer["Item"]["order"]["S"],
            keys=frozenset((station, block) for station, blocks in listed.items() for block in blocks),
            revision=int(answer["Item"]["revision"]["N"]),
        )

    def put_manifest(self, file_id: str, manifest: Manifest, *, instead_of: Manifest) -> Manifest:
        """Returns the manifest as it now stands. Raises Conflict where another writer, also one of the same order, has replaced
        the one that this is instead of; UnreadableFile where there are more blocks than can be kept track of."""
        listed: dict[str, list[str]] = {}
        for station, block in sorted(manifest.keys):
            listed.setdefault(station, []).append(block)
        packed = zlib.compress(json.dumps(listed, separators=(",", ":")).encode(), 9)
        if len(packed) > _MOST_MANIFEST_BYTES:
            raise UnreadableFile(
                f"the file makes {len(manifest.keys)} blocks, more than can be kept track of: cut it into smaller files"
            )
        written = replace(manifest, revision=instead_of.revision + 1)
        with translated("writing a file's blocks"):
            self._client.put_item(
                TableName=self._table,
                Item=_manifest_key(file_id)
                | {
                    "order": {"S": written.order},
                    "revision": {"N": str(written.revision)},
                    "keys": {"B": packed},
                },
                ConditionExpression="revision = :held" if instead_of.revision else "attribute_not_exists(revision)",
                **({"ExpressionAttributeValues": {":held": {"N": str(instead_of.revision)}}} if instead_of.revision else {}),
            )
        return written

    def put(self, blocks: Iterable[Block], *, now_s: int) -> None:
        """Writes blocks, several at a time; a block that is in place at a newer order stays as it is."""
        from concurrent.futures import ThreadPoolExecutor  # whoever only reads starts without it

        def put(block: Block) -> None:
            try:
                with translated("writing a block"):
                    self._client.put_item(
                        TableName=self._table,
                        Item=_item(block, now_s),
                        ConditionExpression="attribute_not_exists(#partition) OR #order <= :order",
                        ExpressionAttributeNames={"#order": "order", "#partition": "partition"},
                        ExpressionAttributeValues={":order": {"S": block.order}},
                    )
            except Conflict:
                return

        with ThreadPoolExecutor(_WRITERS) as pool:
            for _ in pool.map(put, blocks):
                pass

    def read(
        self,
        station_id: str,
        span: Span,
        interval: Interval,
        *,
        parameters: Collection[str] | None = None,
        details: bool = False,
        newest_first: bool = False,
        consistent: bool = False,
    ) -> Iterator[Block]:
        """Blocks that may hold something in the interval, in order of time; tombstones, and blocks without any of the
        parameters, are left out.

        `parameters` narrows the columns that travel; flags and texts as received come only with `details`.
        """
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :station AND #block BETWEEN :from AND :to",
            "ExpressionAttributeNames": {"#partition": "partition", "#block": "block"},
            "ExpressionAttributeValues": {
                ":station": {"S": f"station#{station_id}"},
                ":from": {"S": f"{span}#{span.start_of(interval.start)}"},
                ":to": {"S": f"{span}#{span.start_of(interval.end)}{_HIGHEST}"},
            },
            "ScanIndexForward": not newest_first,
            "ConsistentRead": consistent,
            "Limit": _FIRST_PAGE,
        }
        if parameters is not None and len(parameters) <= _MOST_NAMED:
            arguments |= {"ProjectionExpression": _projection(parameters, details, arguments["ExpressionAttributeNames"])}
        while True:
            with translated("reading blocks"):
                page = self._client.query(**arguments)
            for item in page["Items"]:
                block = _block(station_id, item, details=details) if item["n"]["N"] != "0" else None
                if block is not None and block.columns:
                    yield block
            if "LastEvaluatedKey" not in page:
                return
            arguments |= {"ExclusiveStartKey": page["LastEvaluatedKey"], "Limit": arguments["Limit"] * 2}


def _projection(parameters: Collection[str], details: bool, names: dict[str, str]) -> str:
    names |= {"#order": "order", "#c": "c"}
    wanted = ["#block", "#order", "n", "f", "l", "t"]
    for position, parameter in enumerate(parameters):
        names[f"#p{position}"] = parameter
        wanted += [f"#c.#p{position}"] if details else [f"#c.#p{position}.{part}" for part in ("u", "v")]
    return ", ".join(wanted)


def _manifest_key(file_id: str) -> Item:
    return {"partition": {"S": f"file#{file_id}"}, "block": {"S": "manifest"}}


def _item(block: Block, now_s: int) -> Item:
    item: Item = {
        "partition": {"S": f"station#{block.key.station_id}"},
        "block": {"S": block.key.text},
        "order": {"S": block.order},
        "format": {"N": str(VERSION)},
        "n": {"N": str(block.count)},
    }
    if not block.count:
        return item | {"expires_at": {"N": str(now_s + _TOMBSTONE_LIFE_S)}}
    item |= {
        "f": {"N": str(block.first)},
        "l": {"N": str(block.last)},
        "t": {"B": block.times},
        "r": {"B": block.rows},
        "c": {
            "M": {
                name: {
                    "M": {
                        "u": {"S": column.unit},
                        "v": {"B": column.values},
                        "q": {"B": column.flags},
                        "x": {"B": column.received},
                        "xu": {"S": column.unit_received},
                        **({"w": {"B": column.tests}} if column.tests else {}),
                    }
                }
                for name, column in block.columns.items()
            }
        },
    }
    return item | ({"version_id": {"S": block.version_id}} if block.version_id else {})


def _block(station_id: str, item: Item, *, details: bool) -> Block:
    columns = {}
    for name, value in item.get("c", {"M": {}})["M"].items():
        column = value["M"]
        columns[name] = BlockColumn(
            unit=column["u"]["S"],
            unit_received=column["xu"]["S"] if "xu" in column else "",
            values=column["v"]["B"],
            flags=column["q"]["B"] if details else b"",
            received=column["x"]["B"] if details else b"",
            tests=column["w"]["B"] if details and "w" in column else b"",
        )
    return Block(
        key=BlockKey.parse(station_id, item["block"]["S"]),
        order=item["order"]["S"],
        version_id=item["version_id"]["S"] if "version_id" in item else None,
        count=int(item["n"]["N"]),
        first=int(item["f"]["N"]),
        last=int(item["l"]["N"]),
        times=item["t"]["B"],
        rows=item["r"]["B"] if "r" in item else b"",
        columns=columns,
    )
