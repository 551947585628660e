"""What DynamoDB leaves unread of many keys is asked for again, so often and no more."""

from typing import Any

import pytest

from mesonet.errors import Unavailable
from mesonet.stores import dynamodb
from mesonet.stores.attributes import Item
from mesonet.stores.stations import StationsStore


class Client:
    """Reads so many keys of a request."""

    def __init__(self, reads: int) -> None:
        self.reads = reads
        self.asked: list[int] = []

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
        ((table, asked),) = RequestItems.items()
        keys: list[Item] = list(asked["Keys"])
        self.asked.append(len(keys))
        left = {table: {**asked, "Keys": keys[self.reads :]}} if keys[self.reads :] else {}
        return {"Responses": {table: keys[: self.reads]}, "UnprocessedKeys": left}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(dynamodb, "sleep", waited.append)
    return waited


def test_what_is_left_unread_is_asked_for_again(waits: list[float]) -> None:
    client = Client(40)
    asked: list[Item] = [{"station_id": {"S": f"S{number}"}} for number in range(150)]
    found = dynamodb.each_of("stations", asked, "reading stations", get=lambda keys: client.batch_get_item(RequestItems=keys))
    assert list(found) == asked
    assert client.asked == [100, 60, 20, 50, 10]
    assert len(waits) == 3


def test_a_table_that_reads_nothing_is_given_up_without_a_last_wait(waits: list[float]) -> None:
    client = Client(0)
    with pytest.raises(Unavailable, match="reading stations: DynamoDB leaves keys unread"):
        StationsStore("stations", client=client).known(["S1"])
    assert client.asked == [1] * 8
    assert len(waits) == 7
