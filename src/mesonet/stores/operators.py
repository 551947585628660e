"""OperatorsTable: who may write, one item for each key, found by the key's SHA-256; the key itself is nowhere.

A key has 192 random bits, so a plain digest is enough: nobody can try that many. A key that was revoked or has expired keeps
its item, so that its user is told why it fails and its identifier is never given again."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import Any

from mesonet.domain.instant import iso
from mesonet.domain.operator import KEY_PREFIX, Operator, Scope
from mesonet.errors import Conflict, NotFound, Unauthorized
from mesonet.record import dataclass
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import every, translated

_LONGEST_KEY = 100  # characters: what is longer is none, and need not be looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What is known of a key. Instants; None where it does not end, or has not been revoked."""

    operator: Operator
    issued_at: int
    expires_at: int | None = None
    revoked_at: int | None = None


class OperatorsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def find(self, key: str, *, now: int) -> Operator:
        """Whose key it is. Raises Unauthorized where it is nobody's, has expired or was revoked."""
        if not key.startswith(KEY_PREFIX) or len(key) > _LONGEST_KEY:
            raise Unauthorized("this is no operator's key")
        with translated("reading an operator"):
            # Consistent: a key that was revoked is out at once, a new one is in
            answer = self._client.get_item(TableName=self._table, Key=_place(key), ConsistentRead=True)
        if "Item" not in answer:
            raise Unauthorized("this is no operator's key")
        record = _record(answer["Item"])
        if record.revoked_at is not None:
            raise Unauthorized(f"the key {record.operator.id} was revoked")
        if record.expires_at is not None and record.expires_at <= now:
            raise Unauthorized(f"the key {record.operator.id} has expired on {iso(record.expires_at)}")
        return record.operator

    def issue(
        self, name: str, *, stations: Iterable[str], scopes: Iterable[Scope], now: int, expires_at: int | None = None
    ) -> tuple[str, Operator]:
        """A new key, which nobody can find out again, and whose it is."""
        key = KEY_PREFIX + token_urlsafe(24)
        operator = Operator(id=f"op-{token_hex(5)}", name=name, stations=tuple(stations), scopes=frozenset(scopes))
        with translated("writing an operator"):
            self._client.put_item(
                TableName=self._table,
                Item=_place(key)
                | to_item(
                    {
                        "id": operator.id,
                        "name": operator.name,
                        "stations": list(operator.stations),
                        "scopes": sorted(operator.scopes),
                        "issued_at": now,
                        "expires_at": expires_at,
                    }
                ),
                ConditionExpression="attribute_not_exists(key_sha256)",
            )
        return key, operator

    def revoke(self, operator_id: str, *, now: int) -> None:
        """Refuses a key from now on. A key that was revoked before keeps the time of that. Raises NotFound."""
        for place, record in self._walk():
            if record.operator.id != operator_id:
                continue
            try:
                with translated("writing an operator"):
                    self._client.update_item(
                        TableName=self._table,
                        Key=place,
                        UpdateExpression="SET revoked_at = :now",
                        ConditionExpression="attribute_exists(key_sha256) AND attribute_not_exists(revoked_at)",
                        ExpressionAttributeValues={":now": {"N": str(now)}},
                    )
            except Conflict:
                return
            return
        raise NotFound(f"there is no key {operator_id!r}")

    def records(self) -> list[KeyRecord]:
        """All keys, the newest last."""
        return sorted((record for _, record in self._walk()), key=lambda record: (record.issued_at, record.operator.id))

    def _walk(self) -> Iterator[tuple[Item, KeyRecord]]:
        for item in every(self._client.scan, "reading operators", TableName=self._table, ConsistentRead=True):
            yield {"key_sha256": item["key_sha256"]}, _record(item)


def _place(key: str) -> Item:
    return {"key_sha256": {"S": sha256(key.encode()).hexdigest()}}


def _record(item: Item) -> KeyRecord:
    values = from_item(item)
    known = set(Scope)
    return KeyRecord(
        operator=Operator(
            id=values["id"],
            name=values["name"],
            stations=tuple(values["stations"]),
            # A scope that this release does not know allows nothing
            scopes=frozenset(Scope(scope) for scope in values["scopes"] if scope in known),
        ),
        issued_at=values["issued_at"],
        expires_at=values.get("expires_at"),
        revoked_at=values.get("revoked_at"),
    )
