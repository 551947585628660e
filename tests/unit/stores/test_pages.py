"""A read that goes on and on asks for larger pages, and never for more than DynamoDB takes."""

from typing import Any

from mesonet.domain.block import Span
from mesonet.domain.instant import Interval
from mesonet.stores.observations import ObservationsStore, Selection

ENOUGH = 40  # pages; doubled as often, 32 would have twelve digits


class Client:
    def __init__(self) -> None:
        self.limits: list[int] = []

    def query(self, **asked: Any) -> dict[str, Any]:
        self.limits.append(asked["Limit"])
        return {"Items": []} | (
            {"LastEvaluatedKey": {"block": {"S": "D#2001-01-01#f#0000"}}} if len(self.limits) < ENOUGH else {}
        )


def test_pages_grow_within_bounds() -> None:
    client = Client()
    store = ObservationsStore("observations", client=client)
    assert list(store.read(Selection(station_id="EWR", span=Span.DAY), Interval(0, 10**12))) == []
    assert len(client.limits) == ENOUGH
    assert client.limits[0] < client.limits[1]
    assert max(client.limits) <= 10_000
