"""Answers to requests that had an idempotency key, in ObservationsTable, for a day: the same request gets the same answer."""

import json
import zlib
from hashlib import sha256
from typing import Any

from mesonet.domain import instant
from mesonet.errors import Conflict
from mesonet.record import dataclass
from mesonet.stores.attributes import Item, binary
from mesonet.stores.dynamodb import translated

KEPT = instant.DAY
_MOST_BYTES = 390_000  # of an answer: an item has 400 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that is kept for a repetition of its request. `content` is a digest of what was asked."""

    content: str
    status: int
    document: Any


class RequestsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def find(self, scope: str, key: str, *, now: int) -> Answered | None:
        """What was answered to the request with this key; `scope` says whose key it is, and for what."""
        with translated("reading a request's answer"):
            answer = self._client.get_item(TableName=self._table, Key=_place(scope, key), ConsistentRead=True)
        if "Item" not in answer or int(answer["Item"]["expires_at"]["N"]) * instant.SECOND <= now:
            return None
        item = answer["Item"]
        return Answered(
            content=item["content"]["S"], status=int(item["status"]["N"]), document=json.loads(_text(item["document"]))
        )

    def keep(self, scope: str, key: str, answered: Answered, *, now: int) -> None:
        """Keeps an answer for whoever comes with the same key again. Of two answers to one key the first stays.

        One that has no room is not kept: who comes again is answered anew, and what was taken is taken once more, which changes
        nothing.
        """
        text = json.dumps(answered.document, ensure_ascii=False)
        document: dict[str, Any] = {"S": text}
        if len(text.encode()) > _MOST_BYTES:
            document = {"B": zlib.compress(text.encode())}
            if len(document["B"]) > _MOST_BYTES:
                return
        try:
            with translated("keeping a request's answer"):
                self._client.put_item(
                    TableName=self._table,
                    Item=_place(scope, key)
                    | {
                        "content": {"S": answered.content},
                        "status": {"N": str(answered.status)},
                        "document": document,
                        "expires_at": {"N": str((now + KEPT) // instant.SECOND)},
                    },
                    ConditionExpression="attribute_not_exists(#partition) OR expires_at <= :now",
                    ExpressionAttributeNames={"#partition": "partition"},
                    ExpressionAttributeValues={":now": {"N": str(now // instant.SECOND)}},
                )
        except Conflict:
            return


def _text(document: dict[str, Any]) -> bytes | str:
    """A long one is packed."""
    return zlib.decompress(binary(document)) if "B" in document else str(document["S"])


def _place(scope: str, key: str) -> Item:
    digest = sha256(f"{scope}\0{key}".encode()).hexdigest()
    return {"partition": {"S": f"request#{digest}"}, "block": {"S": "answer"}}
