"""News of files fit into messages, whatever is in the files."""

import json
from typing import Any

from mesonet.channels.files_topic import FileNews, FilesTopic
from mesonet.domain.file import STATIONS_LISTED, FileChange, FileEntry
from tests.builders import file_entry

LARGEST = 262_144  # bytes of a message, attributes included, and of a whole batch (Amazon SNS, "PublishBatch")


class Topic:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[dict[str, Any]]] = []

    def publish_batch(self, *, TopicArn: str, PublishBatchRequestEntries: list[dict[str, Any]]) -> dict[str, Any]:
        self.batches.append(PublishBatchRequestEntries)
        return {"Successful": []}


def published(*entries: FileEntry) -> list[list[dict[str, Any]]]:
    topic = Topic()
    assert (
        FilesTopic("arn", client=topic).publish([FileNews(change=FileChange.CATALOGUED, entry=each) for each in entries]) == []
    )
    return topic.batches


def test_ten_are_published_at_once() -> None:
    batches = published(*(file_entry(key=f"{at}.csv") for at in range(23)))
    assert [len(batch) for batch in batches] == [10, 10, 3]
    assert all(len({each["Id"] for each in batch}) == len(batch) for batch in batches)


def test_a_batch_of_files_of_many_stations_is_not_too_large() -> None:
    stations = {f"A-STATION-WITH-QUITE-A-LONG-NAME-{at:05d}": 1 for at in range(STATIONS_LISTED)}
    (batch,) = published(*(file_entry(key=f"{'k' * 900}{at}.csv", stations=stations) for at in range(10)))
    assert len(json.dumps(batch).encode()) < LARGEST


def test_attributes_that_would_be_empty_are_left_out() -> None:
    """SNS refuses them."""
    ((message,),) = published(file_entry(format=None, stations={}))
    assert set(message["MessageAttributes"]) == {"kind", "status"}


def test_the_same_news_have_the_same_identifier_however_often_they_are_told() -> None:
    first, again = published(file_entry(1), file_entry(1))[0]
    other = published(file_entry(2))[0][0]
    assert json.loads(first["Message"])["id"] == json.loads(again["Message"])["id"] != json.loads(other["Message"])["id"]
