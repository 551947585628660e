"""LatestTable: one item for each station with the newest value of each of its parameters."""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from time import sleep
from typing import Any

from mesonet.domain.latest import LatestValue
from mesonet.errors import Conflict, Unavailable
from mesonet.json_text import parsed
from mesonet.record import each_of_members, members
from mesonet.remembered import Unchanged
from mesonet.stores.attributes import Item, binary, from_attribute, to_item
from mesonet.stores.dynamodb import each_of, every, translated

_ATTEMPTS = 12  # as many writers may meet on one station before one gives up and its message is delivered again
_AT_ONCE = 50  # stations: a transaction takes 100 items and 4 MB, and is cancelled as a whole where one station is written

_MOST_PLAIN = 3  # parameters of 200 bytes: a write is paid by the kilobyte, and more are packed to a quarter
_MOST_VALUES = 10_000  # of a transaction, some 250 bytes each
_KEPT = 15_000_000  # bytes of stations that are not parsed again while they stay the same: two thousand of five parameters

_READING = translated("reading the latest values")

type LatestValues = Mapping[str, LatestValue]
type Condition = Mapping[str, Any]  # an action of a transaction that writes nothing


class LatestStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client
        self._parsed: Unchanged[str, Item, dict[str, LatestValue]] = Unchanged(weight=_weight, most=_KEPT)

    def get(self, station_id: str) -> dict[str, LatestValue]:
        """The latest values of a station by parameter; empty where it has no observations."""
        item = self.as_kept(station_id)
        return dict(self._parsed(station_id, item, values_of)) if item else {}

    def as_kept(self, station_id: str) -> Item | None:
        """A station's item as it is stored, None where it has no observations. A caller that remembers what it made of an item
        need not make its values again (`values_of`) while the item is the same."""
        with _READING:
            answer = self._client.get_item(TableName=self._table, Key={"station_id": {"S": station_id}})
        item: Item | None = answer.get("Item")
        return item if item and ("packed" in item or item["parameters"]["M"]) else None

    def many(self, station_ids: Sequence[str]) -> dict[str, dict[str, LatestValue]]:
        """Of many stations at once, by station; those without observations are missing."""
        held = self._read(list(dict.fromkeys(station_ids)))
        return {station: values for station, (values, revision) in held.items() if revision}

    def everyone(self) -> Iterator[tuple[str, dict[str, LatestValue]]]:
        """The latest values of all stations, in no order."""
        for item in every(self._client.scan, _READING.what, TableName=self._table):
            yield item["station_id"]["S"], values_of(item)

    def change(
        self,
        station_ids: Sequence[str],
        decide: Callable[[Mapping[str, LatestValues]], Mapping[str, LatestValues]],
        *,
        only_if: Condition | None = None,
    ) -> None:
        """Replaces stations' values by what `decide` makes of them, some stations at a time; called again where another
        writer came between.

        Raises Conflict where `only_if` does not hold, which is looked at in the same moment as the values are written; and
        Unavailable where other writers keep interfering."""
        for some in batched(station_ids, _AT_ONCE, strict=False):
            self._change(some, decide, only_if)

    def _change(
        self,
        station_ids: Sequence[str],
        decide: Callable[[Mapping[str, LatestValues]], Mapping[str, LatestValues]],
        only_if: Condition | None,
    ) -> None:
        for attempt in range(_ATTEMPTS):
            held = self._read(station_ids, consistent=True)
            wanted = decide({station: values for station, (values, _) in held.items()})
            changed = {station: values for station, values in wanted.items() if values != held[station][0]}
            if not changed:
                return
            if len(changed) > 1 and sum(map(len, changed.values())) > _MOST_VALUES:
                half = len(station_ids) // 2
                self._change(station_ids[:half], decide, only_if)
                return self._change(station_ids[half:], decide, only_if)
            actions: list[Any] = [only_if] if only_if else []
            actions += [self._put(station, values, held[station][1]) for station, values in changed.items()]
            try:
                with translated("writing the latest values"):
                    if len(actions) == 1:  # half the price of a transaction
                        self._client.put_item(**actions[0]["Put"])
                    else:
                        self._client.transact_write_items(TransactItems=actions)
            except (Conflict, Unavailable) as exc:
                if only_if and isinstance(exc, Conflict) and 0 in exc.at:
                    raise
                if attempt == _ATTEMPTS - 1:
                    detail = f"the latest values of {', '.join(list(changed)[:3])!r} are being written by too many"
                    raise Unavailable(detail) from exc
                _wait(attempt)
            else:
                return

    def _read(self, station_ids: Sequence[str], *, consistent: bool = False) -> dict[str, tuple[dict[str, LatestValue], int]]:
        """Values and revision of each station."""
        held: dict[str, tuple[dict[str, LatestValue], int]] = {station: ({}, 0) for station in station_ids}
        items = each_of(
            self._table,
            [{"station_id": {"S": station}} for station in station_ids],
            "reading the latest values",
            get=lambda asked: self._client.batch_get_item(RequestItems=asked),
            ConsistentRead=consistent,
        )
        for item in items:
            held[item["station_id"]["S"]] = values_of(item), int(item["revision"]["N"])
        return held

    def _put(self, station_id: str, values: LatestValues, revision: int) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item({"station_id": station_id, "revision": revision + 1} | _parameters(values)),
                "ConditionExpression": "attribute_not_exists(station_id) OR revision = :revision",
                "ExpressionAttributeValues": {":revision": {"N": str(revision)}},
            }
        }


def _wait(attempt: int) -> None:
    from random import uniform  # as in the client: whoever only reads starts without it

    sleep(uniform(0, 0.02 * 2 ** min(attempt, 6)))


def _parameters(values: LatestValues) -> dict[str, Any]:
    """Attributes; many are packed."""
    given = {name: members(value) for name, value in values.items()}
    if len(given) <= _MOST_PLAIN:
        return {"parameters": given}
    return {"parameters": {}, "packed": zlib.compress(json.dumps(given, separators=(",", ":")).encode())}


def _weight(station_id: str, item: Item, values: LatestValues) -> int:
    """Bytes in memory, about."""
    return 2_000 + weight_of(item) + 500 * len(values)


def weight_of(item: Item | None) -> int:
    """Bytes in memory, about, of what was kept."""
    if item is None:
        return 0
    return 1_500 + (len(item["packed"]["B"]) if "packed" in item else 3_000 * len(item["parameters"]["M"]))


def values_of(item: Item | None) -> dict[str, LatestValue]:
    if item is None:
        return {}
    packed = item.get("packed")
    given = parsed(zlib.decompress(binary(packed)).decode()) if packed else from_attribute(item["parameters"])
    for each in given.values():
        each["value"] = float(each["value"])
    return each_of_members(LatestValue, given)
