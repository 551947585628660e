"""LatestTable: one item for each station with the newest value of each of its parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from random import uniform
from time import sleep
from typing import Any

from mesonet.domain.latest import LatestValue
from mesonet.errors import Conflict, Unavailable
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import translated

_ATTEMPTS = 12  # as many writers may meet on one station before one gives up and its message is delivered again

_AT_ONCE = 100  # keys that BatchGetItem takes

type LatestValues = Mapping[str, LatestValue]


class LatestStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def get(self, station_id: str) -> dict[str, LatestValue]:
        """Empty where the station has no observations."""
        return self._read(station_id, consistent=False)[0]

    def many(self, station_ids: Sequence[str]) -> dict[str, dict[str, LatestValue]]:
        """Of many stations at once, by station; those without observations are missing."""
        found: dict[str, dict[str, LatestValue]] = {}
        for start in range(0, len(station_ids), _AT_ONCE):
            keys: list[Item] = [{"station_id": {"S": each}} for each in dict.fromkeys(station_ids[start : start + _AT_ONCE])]
            for attempt in range(_ATTEMPTS):
                with translated("reading the latest values"):
                    answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
                for item in answer["Responses"].get(self._table, []):
                    found[item["station_id"]["S"]] = _latest(from_item(item))
                keys = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
                if not keys:
                    break
                if attempt == _ATTEMPTS - 1:
                    raise Unavailable("reading the latest values: DynamoDB is behind")
                sleep(uniform(0, 0.02 * 2 ** min(attempt, 6)))
        return found

    def change(self, station_id: str, decide: Callable[[LatestValues], LatestValues]) -> None:
        """Replaces a station's values by what `decide` makes of them; called again where another writer came between.

        Raises Unavailable where the others do not stop coming.
        """
        for attempt in range(_ATTEMPTS):
            known, revision = self._read(station_id, consistent=True)
            wanted = decide(known)
            if wanted == known:
                return
            try:
                self._write(station_id, wanted, revision)
            except Conflict as exc:
                if attempt == _ATTEMPTS - 1:
                    raise Unavailable(f"the latest values of {station_id!r} are being written by too many") from exc
                sleep(uniform(0, 0.02 * 2 ** min(attempt, 6)))
            else:
                return

    def _read(self, station_id: str, *, consistent: bool) -> tuple[dict[str, LatestValue], int]:
        with translated("reading the latest values"):
            answer = self._client.get_item(
                TableName=self._table, Key={"station_id": {"S": station_id}}, ConsistentRead=consistent
            )
        if "Item" not in answer:
            return {}, 0
        values = from_item(answer["Item"])
        return _latest(values), values["revision"]

    def _write(self, station_id: str, values: LatestValues, revision: int) -> None:
        with translated("writing the latest values"):
            self._client.put_item(
                TableName=self._table,
                Item=to_item(
                    {
                        "station_id": station_id,
                        "revision": revision + 1,
                        "parameters": {name: asdict(value) for name, value in values.items()},
                    }
                ),
                ConditionExpression="attribute_not_exists(station_id) OR revision = :revision",
                ExpressionAttributeValues={":revision": {"N": str(revision)}},
            )


def _latest(values: Mapping[str, Any]) -> dict[str, LatestValue]:
    return {name: LatestValue(**{**each, "value": float(each["value"])}) for name, each in values["parameters"].items()}
