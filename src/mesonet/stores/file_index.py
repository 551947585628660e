"""FileIndexTable and FileCountersTable: files by station, format, status and day of arrival, and how many there are.

A *term* is such a property, `station#EWR`. For each term of a file there is a posting (term, file) that holds the file's line
in a list and what the file contributes to the term's counter. Posting and counter change in one transaction, by the
difference to what the posting held: applying a file twice, late, or out of order changes nothing that it should not.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import uniform
from time import sleep
from typing import Any

from mesonet.domain.file import FileEntry, Status, summary
from mesonet.errors import Conflict, InvalidParameter, Unavailable
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import translated

DIMENSIONS = ("station", "format", "status", "day")
_TERMS_AT_ONCE = 50  # a transaction takes 100 actions, a term needs two
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What the files of a term hold together."""

    value: str
    files: int
    rows: int
    bytes: int


class FileIndexStore:
    def __init__(self, index_table: str, counters_table: str, *, client: Any) -> None:
        self._index = index_table
        self._counters = counters_table
        self._client = client

    def apply(self, entry: FileEntry, former: FileEntry | None) -> None:
        """Brings postings and counters to what the entry says; `former` names the terms that it may have to leave."""
        wanted = _contributions(entry)
        terms = sorted({*wanted, *(_contributions(former) if former else ())})
        for start in range(0, len(terms), _TERMS_AT_ONCE):
            self._apply(entry, terms[start : start + _TERMS_AT_ONCE], wanted)

    def files(self, term: str, *, after: str | None = None, page_size: int = 100) -> Iterator[tuple[str, dict[str, Any]]]:
        """The summaries of a term's files, the last that came first, each with the place to go on `after`."""
        arguments: dict[str, Any] = {
            "TableName": self._index,
            "IndexName": "NewestIndex",
            "KeyConditionExpression": "term = :term",
            "ExpressionAttributeValues": {":term": {"S": term}},
            "ScanIndexForward": False,
            "Limit": page_size,
        }
        if after:
            arguments["ExclusiveStartKey"] = _place_of(term, after)
        while True:
            with translated("reading the file index"):
                page = self._client.query(**arguments)
            for item in page["Items"]:
                yield _place(item), json.loads(item["summary"]["S"])
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def counts(self, dimension: str, *, newest_first: bool = False, after: str | None = None) -> Iterator[Count]:
        """Counters of all terms of a dimension that have files, in order of the term."""
        condition = "dimension = :dimension"
        values = {":dimension": {"S": dimension}}
        if after is not None:
            condition += " AND #value < :after" if newest_first else " AND #value > :after"
            values[":after"] = {"S": after}
        arguments: dict[str, Any] = {
            "TableName": self._counters,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not newest_first,
        }
        if after is not None:
            arguments["ExpressionAttributeNames"] = {"#value": "value"}
        while True:
            with translated("reading the counters"):
                page = self._client.query(**arguments)
            for item in page["Items"]:
                count = from_item(item)
                if count["files"] > 0:
                    yield Count(value=count["value"], files=count["files"], rows=count["rows"], bytes=count["bytes"])
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _apply(self, entry: FileEntry, terms: Sequence[str], wanted: Mapping[str, tuple[int, int]]) -> None:
        for attempt in range(_ATTEMPTS):
            held = self._postings(entry.id, terms)
            actions = [
                action
                for term in terms
                if term not in held or held[term]["order"] < entry.order
                for action in self._actions(entry, term, held.get(term), wanted.get(term))
            ]
            if not actions:
                return
            try:
                with translated("writing the file index"):
                    self._client.transact_write_items(TransactItems=actions)
            except (Conflict, Unavailable):
                if attempt == _ATTEMPTS - 1:
                    raise
                sleep(uniform(0, 0.02 * 2**attempt))
            else:
                return

    def _postings(self, file_id: str, terms: Sequence[str]) -> dict[str, dict[str, Any]]:
        held: dict[str, dict[str, Any]] = {}
        keys: list[Item] = [{"term": {"S": term}, "file_id": {"S": file_id}} for term in terms]
        while keys:
            with translated("reading the file index"):
                answer = self._client.batch_get_item(RequestItems={self._index: {"Keys": keys, "ConsistentRead": True}})
            for item in answer["Responses"].get(self._index, []):
                held[item["term"]["S"]] = from_item(item)
            keys = answer.get("UnprocessedKeys", {}).get(self._index, {}).get("Keys", [])
        return held

    def _actions(
        self, entry: FileEntry, term: str, held: Mapping[str, Any] | None, wanted: tuple[int, int] | None
    ) -> list[dict[str, Any]]:
        """A term that the file leaves keeps an empty posting, which remembers the order and shows in no list."""
        files_before, rows_before, bytes_before = (held["files"], held["rows"], held["bytes"]) if held else (0, 0, 0)
        files, (rows, size) = (1, wanted) if wanted else (0, (0, 0))
        posting: dict[str, Any] = {
            "term": term,
            "file_id": entry.id,
            "order": entry.order,
            "files": files,
            "rows": rows,
            "bytes": size,
        }
        if wanted:
            posting |= {"received_at": entry.received_at, "summary": json.dumps(summary(entry), ensure_ascii=False)}
        condition = "attribute_not_exists(term)" if held is None else "#order = :held"
        put: dict[str, Any] = {"TableName": self._index, "Item": to_item(posting), "ConditionExpression": condition}
        if held is not None:
            put |= {
                "ExpressionAttributeNames": {"#order": "order"},
                "ExpressionAttributeValues": {":held": {"S": held["order"]}},
            }
        actions: list[dict[str, Any]] = [{"Put": put}]
        changes = (files - files_before, rows - rows_before, size - bytes_before)
        if any(changes):
            dimension, _, value = term.partition("#")
            actions.append(
                {
                    "Update": {
                        "TableName": self._counters,
                        "Key": {"dimension": {"S": dimension}, "value": {"S": value}},
                        "UpdateExpression": "ADD files :files, #rows :rows, #bytes :bytes",
                        "ExpressionAttributeNames": {"#rows": "rows", "#bytes": "bytes"},
                        "ExpressionAttributeValues": {
                            name: {"N": str(change)}
                            for name, change in zip((":files", ":rows", ":bytes"), changes, strict=True)
                        },
                    }
                }
            )
        return actions


def _contributions(entry: FileEntry) -> dict[str, tuple[int, int]]:
    """Rows and bytes that the file adds to each of its terms; its bytes count for every station in it."""
    share = (entry.rows, entry.size)
    terms = {f"status#{entry.status}": share}
    if entry.status is Status.DELETED:
        return terms
    terms[f"day#{entry.received_at[:10]}"] = share
    if entry.format:
        terms[f"format#{entry.format}"] = share
    return terms | {f"station#{station}": (rows, entry.size) for station, rows in entry.stations.items()}


def _place(item: Item) -> str:
    return urlsafe_b64encode(f"{item['received_at']['S']} {item['file_id']['S']}".encode()).decode()


def _place_of(term: str, place: str) -> Item:
    try:
        received_at, _, file_id = urlsafe_b64decode(place).decode().partition(" ")
    except ValueError as exc:
        raise InvalidParameter("cursor", "the cursor leads to no file", value=place) from exc
    if not received_at or not file_id:
        raise InvalidParameter("cursor", "the cursor leads to no file", value=place)
    return {"term": {"S": term}, "received_at": {"S": received_at}, "file_id": {"S": file_id}}
