"""News of files fit into messages, whatever is in the files."""

import json
from typing import Any

from mesonet.channels.files_topic import FileNews, FilesTopic
from mesonet.domain.file import STATIONS_LISTED, FileChange, FileEntry
from tests import template
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
    return told(*(FileNews(change=FileChange.CATALOGUED, entry=each) for each in entries))[0]


def told(*news: FileNews, webhooks: bool = False) -> tuple[list[list[dict[str, Any]]], dict[str, str]]:
    """What was published, and what was kept elsewhere."""
    client, kept = Topic(), dict[str, str]()

    def keep(name: str, message: str) -> dict[str, str]:
        kept[name] = message
        return {"bucket": "derived", "key": name}

    topic = FilesTopic(
        "arn",
        base_url="https://api.example.org/v1",
        centre_id="xx-test",
        keep=keep,
        webhooks=lambda: webhooks,
        client=client,
    )
    assert topic.publish(news) == []
    return client.batches, kept


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


def test_the_queue_of_webhooks_gets_news_only_where_there_are_webhooks() -> None:
    news = FileNews(change=FileChange.CATALOGUED, entry=file_entry())
    asked = template.resources("AWS::SNS::Subscription")["NoticeSubscription"]["Properties"]["FilterPolicy"]
    for webhooks in (True, False):
        ((message,),), _ = told(news, webhooks=webhooks)
        given = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        assert all(given.get(name) in values for name, values in asked.items()) is webhooks


def test_the_same_news_have_the_same_identifier_however_often_they_are_told() -> None:
    first, again = published(file_entry(1), file_entry(1))[0]
    other = published(file_entry(2))[0][0]
    assert json.loads(first["Message"])["id"] == json.loads(again["Message"])["id"] != json.loads(other["Message"])["id"]


def test_a_message_that_is_too_large_points_to_where_it_is_kept() -> None:
    news = FileNews(
        change=FileChange.CATALOGUED, entry=file_entry(stations={f"A-STATION-{at}": 1 for at in range(STATIONS_LISTED)})
    )
    ((request,),), kept = told(news)
    message = json.loads(request["Message"])
    assert len(request["Message"].encode()) < 8192  # what WIS2 takes
    assert message["whole"] == {"bucket": "derived", "key": f"notifications/{news.id}.json"}
    whole = json.loads(kept[message["whole"]["key"]])
    assert len(whole["file"]["stations"]) == STATIONS_LISTED
    assert {name: value for name, value in message.items() if name not in ("file", "whole")} == {
        name: value for name, value in whole.items() if name != "file"
    }


def test_batches_are_as_large_as_the_topic_takes_together() -> None:
    """Attributes count."""
    stations = {f"{at:04d}" + "x" * 700: 1 for at in range(100)}
    entries = [file_entry(key=f"{at}", stations=stations) for at in range(9)]
    batches, _ = told(*(FileNews(change=FileChange.CATALOGUED, entry=each) for each in entries))
    assert [len(batch) for batch in batches] == [3, 3, 3]
    assert all(len(json.dumps(batch, ensure_ascii=False).encode()) < LARGEST for batch in batches)
