"""Manifests in ObservationsTable: for each file, the list of blocks that it has, or may have, in the table.

Partition `file#…` holds a head and, where there are many blocks, parts. The head is small, since a transaction that looks at it
pays for its size: a few keys stand in it, many in the parts that it names, which are written before it speaks of them.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from os import urandom
from typing import Any

from mesonet.errors import Conflict, Unavailable
from mesonet.record import dataclass, replace
from mesonet.stores.attributes import Item, binary
from mesonet.stores.dynamodb import translated

_KEYS_IN_HEAD = 200  # some 2 KB: a file of a few stations has one small item
_KEYS_IN_PART = 5_000  # 5,000 keys of 60 characters, not compressible at all, still fit into an item's 400 KB
_NAMED_BY = 64  # letters of a station, of the first and the last in a part

type Key = tuple[str, str]  # station, block key as text


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The blocks that a file has in the table, or had begun to write, at an order of its entry.

    Its first `stretches`, as `reader` cuts the file, are written; whoever reads it in the same way can go on from there.
    `first` says that no other state or reading of the file has written any of the blocks.
    """

    order: str
    keys: frozenset[Key]
    revision: int = 0
    parts: tuple[str, ...] = ()  # the items that hold the keys, where they do not stand in the head
    stretches: int = 0
    reader: str = ""
    first: bool = True


class ManifestsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def of(self, file_id: str) -> Manifest:
        head = self._get(file_id)
        if head is None:
            return Manifest(order="", keys=frozenset())
        parts = _parts(head)
        keys = _keys(head).union(*(_keys(self._part(file_id, part)) for part in parts))
        return Manifest(
            order=head["order"]["S"],
            keys=keys,
            revision=int(head["revision"]["N"]),
            parts=parts,
            stretches=int(head.get("stretches", {"N": "0"})["N"]),
            reader=head.get("reader", {"S": ""})["S"],
            first=head.get("first", {"BOOL": False})["BOOL"],
        )

    def order_of(self, file_id: str) -> str | None:
        """The order of the entry that was loaded last, or is being loaded; None where the file never was."""
        head = self._get(file_id)
        return head["order"]["S"] if head else None

    def stations_among(self, file_id: str, stations: Collection[str]) -> set[str]:
        """Those of some stations of which the file has blocks, or had begun to write some. Raises Unavailable.

        Of a list in many parts it reads those that may name them.
        """
        head = self._get(file_id)
        if head is None:
            return set()
        wanted = set(stations)
        found = wanted & _listed(head).keys()
        for part in _parts(head):
            if any(_may_be_in(part, station) for station in wanted - found):
                found |= wanted & _listed(self._part(file_id, part)).keys()
        return found

    def supersede(self, file_id: str, held: Manifest, *, by: Manifest) -> Manifest:
        """Returns the manifest as it now stands. Raises Conflict where another writer, also one of the same order, has replaced
        the one that was held.

        Parts of a list that only grows stay as they are; what is added has parts of its own.
        """
        revision = held.revision + 1
        grows = bool(held.parts) and by.keys >= held.keys
        parts, keys = (held.parts, by.keys - held.keys) if grows else ((), by.keys)
        if grows or len(keys) > _KEYS_IN_HEAD:
            parts, keys = (*parts, *self._put_parts(file_id, revision, keys)), frozenset()
        written = replace(by, revision=revision, parts=parts)
        try:
            self._put_head(file_id, written, keys, former=held.revision)
        except Conflict:
            self._forget_parts(file_id, set(parts) - set(held.parts))
            raise
        self._forget_parts(file_id, set(held.parts) - set(parts))
        return written

    def still(self, file_id: str, manifest: Manifest) -> dict[str, Any]:
        """The condition that nobody has replaced a manifest, for the transaction of another store."""
        return {
            "ConditionCheck": {
                "TableName": self._table,
                "Key": _key(file_id),
                "ConditionExpression": "revision = :held",
                "ExpressionAttributeValues": {":held": {"N": str(manifest.revision)}},
            }
        }

    def _put_parts(self, file_id: str, revision: int, keys: Iterable[Key]) -> Iterator[str]:
        """Gives the name of each part, which tells between which stations it is."""
        mine = urandom(4).hex()  # another writer may be about to replace the same manifest
        for number, some in enumerate(batched(sorted(keys), _KEYS_IN_PART, strict=False)):
            first, last = (station[:_NAMED_BY] for station, _ in (some[0], some[-1]))
            name = f"{revision:010d}.{mine}.{number:04d}/{first}/{last}"  # in no station's identifier is a slash
            with translated("writing a file's blocks"):
                self._client.put_item(TableName=self._table, Item=_key(file_id, name) | {"keys": {"B": _packed(some)}})
            yield name

    def _put_head(self, file_id: str, manifest: Manifest, keys: Iterable[Key], *, former: int) -> None:
        head: Item = {
            "order": {"S": manifest.order},
            "revision": {"N": str(manifest.revision)},
            "keys": {"B": _packed(keys)},
            "parts": {"L": [{"S": part} for part in manifest.parts]},
            "stretches": {"N": str(manifest.stretches)},
            "reader": {"S": manifest.reader},
            "first": {"BOOL": manifest.first},
        }
        with translated("writing a file's blocks"):
            self._client.put_item(
                TableName=self._table,
                Item=_key(file_id) | head,
                ConditionExpression="revision = :held" if former else "attribute_not_exists(revision)",
                **({"ExpressionAttributeValues": {":held": {"N": str(former)}}} if former else {}),
            )

    def _forget_parts(self, file_id: str, parts: Iterable[str]) -> None:
        for part in parts:
            with translated("writing a file's blocks"):
                self._client.delete_item(TableName=self._table, Key=_key(file_id, part))

    def _part(self, file_id: str, part: str) -> Item:
        item = self._get(file_id, part)
        if item is None:
            raise Unavailable(f"the blocks of {file_id} are being replaced by another writer")
        return item

    def _get(self, file_id: str, part: str = "") -> Item | None:
        with translated("reading a file's blocks"):
            answer = self._client.get_item(TableName=self._table, Key=_key(file_id, part), ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item


def _key(file_id: str, part: str = "") -> Item:
    return {"partition": {"S": f"file#{file_id}"}, "block": {"S": f"manifest#{part}" if part else "manifest"}}


def _parts(head: Item) -> tuple[str, ...]:
    return tuple(part["S"] for part in head.get("parts", {"L": []})["L"])


def _may_be_in(part: str, station: str) -> bool:
    """By the part's name, which says between which stations' beginnings it is; those of earlier releases say nothing."""
    _, *ends = part.split("/")
    return not ends or ends[0] <= station[:_NAMED_BY] <= ends[1]


def _packed(keys: Iterable[Key]) -> bytes:
    listed: dict[str, list[str]] = {}
    for station, block in sorted(keys):
        listed.setdefault(station, []).append(block)
    return zlib.compress(json.dumps(listed, separators=(",", ":")).encode(), 9)


def _listed(item: Item) -> dict[str, list[str]]:
    """Block keys by station."""
    found: dict[str, list[str]] = json.loads(zlib.decompress(binary(item["keys"])))
    return found


def _keys(item: Item) -> frozenset[Key]:
    return frozenset((station, block) for station, blocks in _listed(item).items() for block in blocks)
