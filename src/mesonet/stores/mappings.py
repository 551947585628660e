"""MappingsTable: what the columns of the files below a prefix mean; kept from the mapping files that operators put there."""

import json
import zlib
from collections.abc import Callable
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

from mesonet.domain.mapping import LongTable, MappedColumn, Mapping, TimeColumns
from mesonet.domain.parameter import Parameter
from mesonet.stores.attributes import from_item, to_item
from mesonet.stores.dynamodb import every, translated

_MOST_PLAIN = 500  # columns, some 100 KB: an item may have 400 KB, and those of a very wide table are packed
_ROOT = "/"  # a key attribute may not be empty: the bucket's own root


class MappingsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def find(self, key: str) -> Mapping | None:
        """The mapping for a file: of the deepest folder above it that has one for files of its name, and there the one with
        the longest pattern."""
        return _fitting(key, self._in_folder)

    def finder(self) -> Callable[[str], Mapping | None]:
        """As `find`, for many keys: it looks into each folder once."""
        folders: dict[str, list[dict[str, Any]]] = {}

        def in_folder(prefix: str) -> list[dict[str, Any]]:
            if prefix not in folders:
                folders[prefix] = self._in_folder(prefix)
            return folders[prefix]

        return lambda key: _fitting(key, in_folder)

    def above(self, key: str) -> list[str]:
        """The mapping files in the folder of a key and in those above, also of mappings that are no more."""
        return [values["source"] for prefix in _folders_above(key) for values in self._in_folder(prefix)]

    def holds(self, source: str) -> bool:
        """Whether a mapping of this file is in use."""
        prefix = source[: source.rfind("/") + 1]
        return any(each["source"] == source and not each.get("removed") for each in self._in_folder(prefix))

    def put(self, mapping: Mapping) -> None:
        """Raises Conflict where a newer mapping of the same source is in place."""
        values = asdict(mapping)
        if len(mapping.columns) > _MOST_PLAIN:
            values |= {"columns": [], "packed": zlib.compress(json.dumps(values["columns"], separators=(",", ":")).encode())}
        self._write(mapping.prefix, mapping.source, mapping.order, values)

    def remove(self, source: str, order: str) -> None:
        """Leaves a tombstone, so that a late event cannot bring the mapping back."""
        prefix = source[: source.rfind("/") + 1]
        self._write(prefix, source, order, {"removed": True})

    def _in_folder(self, prefix: str) -> list[dict[str, Any]]:
        items = every(
            self._client.query,
            "reading the mappings",
            TableName=self._table,
            KeyConditionExpression="prefix = :prefix",
            ExpressionAttributeValues={":prefix": {"S": prefix or _ROOT}},
            ConsistentRead=True,
        )
        return [from_item(item) for item in items]

    def _write(self, prefix: str, source: str, order: str, values: dict[str, Any]) -> None:
        with translated("writing the mappings"):
            self._client.put_item(
                TableName=self._table,
                Item=to_item(values | {"prefix": prefix or _ROOT, "source": source, "order": order}),
                ConditionExpression="attribute_not_exists(prefix) OR #order <= :order",
                ExpressionAttributeNames={"#order": "order"},
                ExpressionAttributeValues={":order": {"S": order}},
            )


def _fitting(key: str, in_folder: Callable[[str], list[dict[str, Any]]]) -> Mapping | None:
    for prefix in _folders_above(key):
        fitting = [
            values
            for values in in_folder(prefix)
            if not values.get("removed") and fnmatchcase(key.rsplit("/", 1)[-1], values["files"])
        ]
        if fitting:
            return _mapping(max(fitting, key=lambda values: (len(values["files"]), values["source"])))
    return None


def _folders_above(key: str) -> list[str]:
    """The deepest first, the bucket itself last."""
    folders = key.split("/")[:-1]
    return ["".join(f"{folder}/" for folder in folders[:depth]) for depth in range(len(folders), -1, -1)]


def _mapping(values: dict[str, Any]) -> Mapping:
    columns = json.loads(zlib.decompress(values["packed"])) if "packed" in values else values["columns"]
    return Mapping(
        prefix="" if values["prefix"] == _ROOT else values["prefix"],
        columns=tuple(
            MappedColumn(
                column=each["column"],
                parameter=Parameter(**each["parameter"]),
                unit=each.get("unit"),
                missing=tuple(each.get("missing", ())),
                trace=tuple(each.get("trace", ())),
                compass=each.get("compass", ""),
            )
            for each in columns
        ),
        time=TimeColumns(
            columns=tuple(values["time"]["columns"]), format=values["time"]["format"], zone=values["time"]["zone"]
        ),
        station=values.get("station"),
        station_column=values.get("station_column"),
        station_columns=tuple(values.get("station_columns", ())),
        station_joint=values.get("station_joint", "-"),
        files=values["files"],
        delimiter=values.get("delimiter"),
        decimal=values["decimal"],
        thousands=values.get("thousands", ""),
        missing=tuple(values["missing"]),
        interval=values.get("interval"),
        climatology={
            name: tuple((float(low), float(high)) for low, high in monthly)
            for name, monthly in values.get("climatology", {}).items()
        },
        long=LongTable(**{**long, "names": tuple(long["names"])}) if (long := values.get("long")) else None,
        short_rows=values.get("short_rows", False),
        source=values["source"],
        order=values["order"],
    )
