"""Requests that have an idempotency key, in ObservationsTable: one of those with the same key is done, and the others get its
answer for a day.

Source: "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header-07): 409 while the first is under
way, 422 where the key comes with another request.
"""

import json
import zlib
from hashlib import sha256
from os import urandom
from typing import Any

from mesonet.domain import instant
from mesonet.errors import Conflict, KeyUsedAlready, UnderWay
from mesonet.record import dataclass
from mesonet.stores.attributes import Item, binary
from mesonet.stores.dynamodb import translated

KEPT = instant.DAY
CLAIMED = 30 * instant.SECOND  # longer than a function may run: whoever has not answered by then has died
_MOST_BYTES = 390_000  # of an answer: an item has 400 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    status: int
    document: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do the request that has a key. `content` is a digest of what is asked, `token` this attempt's own."""

    place: Item
    content: str
    token: str


class RequestsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def find(self, scope: str, key: str, content: str, *, now: int) -> Answered | None:
        """What was answered to the request with this key; `scope` says whose key it is, and for what.

        Raises UnderWay where it is not answered yet, KeyUsedAlready where it was another one.
        """
        with translated("reading a request's answer"):
            answer = self._client.get_item(TableName=self._table, Key=_place(scope, key), ConsistentRead=True)
        item = answer.get("Item")
        left = int(item["expires_at"]["N"]) * instant.SECOND - now if item else 0
        if not item or left <= 0:
            return None
        if item["content"]["S"] != content:
            raise KeyUsedAlready(f"the key {key!r} came with another body before: a new request has a new key")
        if "status" not in item:
            seconds = -(-left // instant.SECOND)  # until the claim ends, whatever becomes of who has it
            raise UnderWay(f"the request with the key {key!r} is being done: ask once more for its answer", seconds=seconds)
        return Answered(status=int(item["status"]["N"]), document=json.loads(_text(item["document"])))

    def claim(self, scope: str, key: str, content: str, *, now: int) -> Claim:
        """Of several that claim a key at the same time, one gets it. Raises UnderWay, or KeyUsedAlready, for the others."""
        claim = Claim(place=_place(scope, key), content=content, token=urandom(8).hex())
        try:
            self._put(claim, {}, now=now, until=now + CLAIMED)
        except Conflict as exc:
            self.find(scope, key, content, now=now)  # says how long it may take
            raise UnderWay(f"a request with the key {key!r} was done just now: ask once more for its answer") from exc
        return claim

    def keep(self, claim: Claim, answered: Answered, *, now: int) -> None:
        """Keeps an answer for requests that come with the same key. An answer that has no room is not kept: such a request is
        then done anew, which changes nothing.
        """
        text = json.dumps(answered.document, ensure_ascii=False)
        document: dict[str, Any] = {"S": text}
        if len(text.encode()) > _MOST_BYTES:
            document = {"B": zlib.compress(text.encode())}
            if len(document["B"]) > _MOST_BYTES:
                return self.leave(claim, now=now)
        self._put(claim, {"status": {"N": str(answered.status)}, "document": document}, now=now, until=now + KEPT)

    def leave(self, claim: Claim, *, now: int) -> None:
        """Leaves the key to the next attempt, which need not wait."""
        self._put(claim, {}, now=now, until=now)

    def _put(self, claim: Claim, more: Item, *, now: int, until: int) -> None:
        """Raises Conflict where the key is another attempt's: who claims it once more, since nothing was heard, has it."""
        item = {"content": {"S": claim.content}, "token": {"S": claim.token}, "expires_at": {"N": str(until // instant.SECOND)}}
        with translated("keeping a request's answer"):
            self._client.put_item(
                TableName=self._table,
                Item=claim.place | item | more,
                ConditionExpression="attribute_not_exists(#partition) OR #token = :token OR expires_at <= :now",
                ExpressionAttributeNames={"#partition": "partition", "#token": "token"},
                ExpressionAttributeValues={":token": {"S": claim.token}, ":now": {"N": str(now // instant.SECOND)}},
            )


def _text(document: dict[str, Any]) -> bytes | str:
    """A long one is packed."""
    return zlib.decompress(binary(document)) if "B" in document else str(document["S"])


def _place(scope: str, key: str) -> Item:
    digest = sha256(f"{scope}\0{key}".encode()).hexdigest()
    return {"partition": {"S": f"request#{digest}"}, "block": {"S": "answer"}}
