"""News of files fit into messages, whatever is in the files."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fanout import naive_message, plain_reader
from mesonet.channels.files_topic import FileNews, FilesTopic
from mesonet.domain.file import STATIONS_LISTED, ColumnFacts, FileChange, FileEntry, Status
from mesonet.domain.notification import Whereabouts
from mesonet.functions.on_file_change.logic import change_of
from mesonet.stores.files import from_image
from tests import template
from tests.builders import file_entry, stream_record

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


def test_batches_of_files_of_many_stations_are_not_too_large() -> None:
    stations = {f"A-STATION-WITH-QUITE-A-LONG-NAME-{at:05d}": 1 for at in range(STATIONS_LISTED)}
    batches = published(*(file_entry(key=f"{'k' * 900}{at}.csv", stations=stations) for at in range(10)))
    assert sum(map(len, batches)) == 10
    assert all(len(json.dumps(batch).encode()) < LARGEST for batch in batches)


@pytest.mark.parametrize(("letters", "filtered_on"), [(11, STATIONS_LISTED), (60, 507), (700, 100)])
def test_subscribers_filter_on_all_stations_that_an_entry_lists_as_far_as_there_is_room(letters: int, filtered_on: int) -> None:
    names = [f"{at:0{letters}d}" for at in range(STATIONS_LISTED)]
    ((message,),) = published(file_entry(stations=dict.fromkeys(names, 1)))
    given = message["MessageAttributes"]["stations"]["StringValue"]
    assert json.loads(given) == names[:filtered_on]


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


class NoStations:
    """A table of stations of which none is known."""

    def get_item(self, **_: Any) -> dict[str, Any]:
        return {}


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
degrees = st.floats(-80, 80)
columns = st.builds(ColumnFacts, name=names, kind=st.just("number"), parameter=st.none() | names, minimum=st.none() | degrees)
entries = st.builds(
    lambda corner, **changes: file_entry(bbox=corner and (corner[0], corner[1], corner[0] + 1, corner[1] + 1), **changes),
    corner=st.none() | st.tuples(degrees, degrees),
    key=names,
    status=st.sampled_from([Status.OK, Status.PARTIAL, Status.UNKNOWN, Status.EMPTY]),
    format=st.sampled_from([None, "ghcn_daily", "metar", "bufr"]),
    stations=st.dictionaries(names, st.integers(1, 9), max_size=4),
    columns=st.lists(columns, max_size=9).map(tuple),
    first=st.none() | st.integers(-(10**13), 10**13),
    last=st.integers(-(10**13), 10**13),
    version_id=st.none() | names,
)


@given(entry=entries, replaced=st.booleans())
def test_what_is_published_is_what_the_plain_way_publishes(entry: FileEntry, replaced: bool) -> None:
    """The peer of benchmarks/fanout.py makes the same message, from the same record of the stream."""
    record = stream_record(entry if replaced else None, replace(entry, sequencer="FF", revision=2) if replaced else entry)
    images = {name: from_image(record["dynamodb"][name]) for name in ("OldImage", "NewImage") if name in record["dynamodb"]}
    new = images["NewImage"]
    change = change_of(images.get("OldImage"), new)
    assert change is not None
    (((ours,),), _) = told(FileNews(change=change, entry=new, where=Whereabouts(bbox=new.bbox)))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PUBLIC_URL": "https://api.example.org/v1", "CENTRE_ID": "xx-test", "STATIONS_TABLE": "s"}.items():
            patch.setenv(name, value)
        naive = naive_message(record, plain_reader(), NoStations())
    assert json.loads(ours["Message"]) == json.loads(naive["Message"])
    assert _read(ours["MessageAttributes"]) == _read(naive["MessageAttributes"])


def _read(given: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Attributes as a filter sees them; arrays are JSON, which can be written in more than one way."""
    return {
        name: json.loads(each["StringValue"]) if each["DataType"] == "String.Array" else each["StringValue"]
        for name, each in given.items()
    }
