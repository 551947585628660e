"""OnFileChangeFunction: the catalogue's stream becomes news, lists and counters; each record's fate is its own."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mesonet.channels.files_topic import FileNews
from mesonet.domain.file import STATIONS_LISTED, ColumnFacts, FileChange, FileEntry, Loading, LoadState, Status
from mesonet.domain.notification import message_id
from mesonet.errors import Unavailable
from mesonet.stores import file_index
from tests.builders import BUCKET, failed, file_entry, mapping, sequence_number, stream_record, table
from tests.system import System

DELETED: dict[str, Any] = {"status": Status.DELETED, "loading": Loading()}


def fan_out(system: System, *records: dict[str, Any]) -> list[str]:
    return failed(system.invoke("on_file_change", {"Records": list(records)}))


def news(system: System) -> list[tuple[str, str]]:
    """(kind, key) of all that was published since the last look."""
    return [(body["kind"], body["file"]["key"]) for body in system.bodies("CataloguedQueue")]


def test_a_new_entry_is_told_as_catalogued(system: System) -> None:
    assert fan_out(system, stream_record(None, file_entry())) == []
    assert news(system) == [("FileCatalogued", file_entry().key)]


def test_a_newer_state_is_told_as_replaced(system: System) -> None:
    fan_out(system, stream_record(file_entry(1), file_entry(2)))
    assert news(system) == [("FileReplaced", file_entry().key)]


def test_a_tombstone_is_told_as_deleted(system: System) -> None:
    fan_out(system, stream_record(file_entry(1), file_entry(2, **DELETED)))
    assert news(system) == [("FileDeleted", file_entry().key)]


def test_a_file_that_comes_back_is_told_as_catalogued(system: System) -> None:
    fan_out(system, stream_record(file_entry(1, **DELETED), file_entry(2)))
    assert news(system) == [("FileCatalogued", file_entry().key)]


def test_a_tombstone_of_a_file_that_was_never_known_is_no_news(system: System) -> None:
    fan_out(
        system,
        stream_record(None, file_entry(1, **DELETED)),
        stream_record(file_entry(1, **DELETED), file_entry(2, **DELETED), 2),
    )
    assert news(system) == []


def test_a_note_that_a_file_is_loaded_is_no_news(system: System) -> None:
    entry = file_entry()
    fan_out(system, stream_record(None, entry))
    news(system)
    before = system.state()
    loaded = replace(entry, loading=Loading(state=LoadState.LOADED, order=entry.order, blocks=1, values=2))
    assert fan_out(system, stream_record(entry, loaded, 2)) == []
    assert news(system) == []
    assert system.state() == before


def test_news_that_no_message_could_hold_point_to_where_they_are_kept_whole(system: System) -> None:
    stations = {f"{'A STATION WITH A LONG NAME ' * 10}{at:04d}": 1 for at in range(STATIONS_LISTED)}
    entry = file_entry(stations=stations, station_count=len(stations))
    told = FileNews(change=FileChange.CATALOGUED, entry=entry)
    assert system.modules["on_file_change"].topic.publish([told]) == []
    (body,) = system.bodies("CataloguedQueue")
    assert (body["id"], body["order"], body["file"]["id"]) == (message_id(entry), entry.order, entry.id)
    assert "stations" not in body["file"]
    place = {"Bucket": body["whole"]["bucket"], "Key": body["whole"]["key"]}
    kept = system.s3.get_object(**place)
    text = kept["Body"].read()
    assert len(text) > 262_144, "more than SNS takes"
    assert kept["ContentType"] == "application/geo+json"
    whole = json.loads(text)
    assert whole["file"]["stations"] == list(stations)
    assert whole["id"] == body["id"]


def test_a_message_says_what_a_subscriber_needs(system: System) -> None:
    entry = file_entry(stations={"EWR": 1, "JFK": 1})
    fan_out(system, stream_record(None, entry))
    (body,) = system.bodies("CataloguedQueue")
    assert body["id"] == message_id(entry)
    assert body["order"] == entry.order
    assert body["file"] == {
        "id": entry.id,
        "bucket": BUCKET,
        "key": entry.key,
        "version_id": "version-1",
        "status": "ok",
        "format": "ghcn_daily",
        "size": 100,
        "rows": 2,
        "rejected": 0,
        "station_count": 1,
        "first": entry.first,
        "last": entry.last,
        "received_at": entry.received_at,
        "stations": ["EWR", "JFK"],
        "parameters": [],
    }


def subscribe(system: System, policy: dict[str, Any]) -> str:
    """A queue of somebody else who wants only some of the news."""
    url = str(system.sqs.create_queue(QueueName="somebody")["QueueUrl"])
    system.sns.subscribe(
        TopicArn=system.ref("FilesTopic"),
        Protocol="sqs",
        Endpoint="arn:aws:sqs:us-east-1:123456789012:somebody",
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)},
    )
    return url


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": ["FileReplaced"]},
        {"status": ["partial"]},
        {"format": ["csv"]},
        {"stations": ["JFK"]},
        {"parameters": ["air_temperature"]},
    ],
)
def test_subscribers_can_filter_on_the_attributes(system: System, policy: dict[str, Any]) -> None:
    url = subscribe(system, policy)
    wanted = file_entry(
        2,
        key="wanted.csv",
        status=Status.PARTIAL,
        format="csv",
        stations={"LGA": 1, "JFK": 2},
        columns=(ColumnFacts(name="temp", kind="number", parameter="air_temperature"),),
    )
    other = file_entry(key="other.csv")
    fan_out(
        system,
        stream_record(file_entry(1, key="wanted.csv"), wanted, 1),
        stream_record(None, other, 2),
        stream_record(other, file_entry(3, key="other.csv", **DELETED), 3),
    )
    messages = system.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    assert [json.loads(message["Body"])["file"]["key"] for message in messages] == ["wanted.csv"]


def test_a_file_of_more_stations_than_one_transaction_takes_is_told_and_listed_under_each(system: System) -> None:
    entry = file_entry(stations={f"S{at:05d}": 1 for at in range(130)}, station_count=130)
    assert fan_out(system, stream_record(None, entry)) == []
    assert news(system) == [("FileCatalogued", entry.key)]
    lists = system.lists()
    assert all(lists[f"station#S{at:05d}"] == {entry.key} for at in range(130))
    assert system.counters() == recount([entry])


def test_an_item_that_somebody_takes_out_of_the_table_is_told_as_deleted(system: System) -> None:
    fan_out(system, stream_record(None, file_entry()))
    news(system)
    fan_out(system, stream_record(file_entry(), None, 2))
    assert news(system) == [("FileDeleted", file_entry().key)]
    assert system.counters() == {"status#deleted": (1, 2, 100)}


def test_an_item_that_time_to_live_takes_out_is_no_deletion(system: System) -> None:
    fan_out(system, stream_record(None, file_entry()))
    news(system)
    fan_out(system, stream_record(file_entry(), None, 2, expired=True))
    assert news(system) == []


def poison() -> dict[str, Any]:
    record = stream_record(None, file_entry(key="poison.csv"), 2)
    record["dynamodb"]["NewImage"]["status"] = {"S": "sideways"}
    return record


def test_a_poison_record_is_set_aside_with_its_reason_and_the_others_pass(system: System) -> None:
    first, last = file_entry(key="first.csv"), file_entry(key="last.csv")
    assert fan_out(system, stream_record(None, first, 1), poison(), stream_record(None, last, 3)) == []
    assert news(system) == [("FileCatalogued", "first.csv"), ("FileCatalogued", "last.csv")]
    (message,) = system.take("FileChangesDeadLetterQueue")
    assert json.loads(message["Body"])["record"] == poison()
    assert json.loads(message["Body"])["reason"] == "ValueError: 'sideways' is not a valid Status"
    assert message["MessageAttributes"]["reason"]["StringValue"] == "ValueError: 'sideways' is not a valid Status"


@pytest.mark.parametrize(
    "image",
    [{}, {"key": {"S": "a"}}, {"status": {"S": "ok"}}, {"status": {"N": "1"}}, {"key": {"S": "a", "N": "1"}}, {"key": "a"}],
)
def test_whatever_an_image_lacks_the_shard_goes_on(system: System, image: dict[str, Any]) -> None:
    record = stream_record(None, file_entry(key="poison.csv"), 1)
    record["dynamodb"]["NewImage"] = image
    assert fan_out(system, record, stream_record(None, file_entry(), 2)) == []
    assert news(system) == [("FileCatalogued", file_entry().key)]
    assert len(system.take("FileChangesDeadLetterQueue")) == 1


def test_members_that_a_newer_release_added_are_passed_over(system: System) -> None:
    record = stream_record(None, file_entry())
    record["dynamodb"]["NewImage"] |= {"mood": {"S": "sunny"}}
    record["dynamodb"]["NewImage"]["loading"]["M"]["speed"] = {"N": "5"}
    assert fan_out(system, record) == []
    assert news(system) == [("FileCatalogued", file_entry().key)]


class Refusing:
    """A topic that does not take some keys."""

    def __init__(self, client: Any, keys: set[str], code: str = "InternalError") -> None:
        self._client = client
        self.keys = keys
        self.code = code

    def publish_batch(self, *, TopicArn: str, PublishBatchRequestEntries: list[dict[str, Any]]) -> dict[str, Any]:
        bad = [each for each in PublishBatchRequestEntries if json.loads(each["Message"])["file"]["key"] in self.keys]
        good = [each for each in PublishBatchRequestEntries if each not in bad]
        answer = self._client.publish_batch(TopicArn=TopicArn, PublishBatchRequestEntries=good) if good else {}
        return {
            "Successful": answer.get("Successful", []),
            "Failed": [
                {"Id": each["Id"], "Code": self.code, "Message": "no, sorry", "SenderFault": self.code != "InternalError"}
                for each in bad
            ],
        }


class Failing:
    def publish_batch(self, **_: Any) -> Any:
        raise ClientError({"Error": {"Code": "Throttled", "Message": "slow down"}}, "PublishBatch")


def entries(count: int) -> list[FileEntry]:
    return [file_entry(key=f"{at}.csv") for at in range(count)]


@pytest.mark.parametrize("code", ["InternalError", "KMSThrottling"])
def test_the_shard_goes_on_from_the_first_news_that_the_topic_refused(system: System, code: str) -> None:
    """That the key of the topic cannot be used just now is called a fault of the sender, too."""
    topic = system.modules["on_file_change"].topic
    topic._client = Refusing(topic._client, {"13.csv", "17.csv"}, code)
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(20))]
    assert fan_out(system, *records) == [sequence_number(13)]
    told = news(system)
    assert ("FileCatalogued", "12.csv") in told
    assert ("FileCatalogued", "13.csv") not in told


def test_news_that_the_topic_never_takes_are_set_aside_and_the_shard_goes_on(system: System) -> None:
    """They would hold it up until the stream forgets it."""
    topic = system.modules["on_file_change"].topic
    topic._client = Refusing(topic._client, {"13.csv"}, "InvalidParameter")
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(20))]
    assert fan_out(system, *records) == []
    assert {key for _, key in news(system)} == {f"{at}.csv" for at in range(20)} - {"13.csv"}
    (letter,) = system.bodies("FileChangesDeadLetterQueue")
    assert letter["record"] == records[13]
    assert letter["reason"] == "ValueError: the topic refuses the message: InvalidParameter: no, sorry"


def test_what_the_topic_refused_is_told_when_the_records_come_again(system: System) -> None:
    topic = system.modules["on_file_change"].topic
    refusing = topic._client = Refusing(topic._client, {"1.csv"})
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(3))]
    assert fan_out(system, *records) == [sequence_number(1)]
    refusing.keys.clear()
    assert fan_out(system, *records[1:]) == []
    assert {key for _, key in news(system)} == {"0.csv", "1.csv", "2.csv"}


def test_a_topic_that_takes_nothing_has_all_records_come_again(system: System) -> None:
    topic = system.modules["on_file_change"].topic
    real, topic._client = topic._client, Failing()
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(3))]
    assert fan_out(system, *records) == [sequence_number(0)]
    before = system.counters()
    topic._client = real
    assert fan_out(system, *records) == []
    assert len(news(system)) == 3
    assert system.counters() == before


def test_a_table_that_says_not_now_stops_at_that_record_and_tells_what_came_before(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = system.modules["on_file_change"].index
    monkeypatch.setattr(index, "apply", lambda told: {told[1].id: Unavailable("not now")})
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(3))]
    assert fan_out(system, *records) == [sequence_number(1)]
    assert news(system) == [("FileCatalogued", "0.csv")]


def test_replaying_records_is_harmless(system: System) -> None:
    one, two, three = file_entry(1), file_entry(2, stations={"JFK": 1}, rows=1), file_entry(3, **DELETED)
    records = [stream_record(None, one, 1), stream_record(one, two, 2), stream_record(two, three, 3)]
    fan_out(system, *records)
    before = system.state()
    fan_out(system, *records)
    fan_out(system, *records[1:])
    fan_out(system, records[0])
    assert system.state() == before


def test_counters_after_replacing_deleting_and_duplicates_equal_a_recount(system: System) -> None:
    system.put("network/mapping.json", mapping())
    system.deliver()
    records = [
        system.put("network/a.csv", table(("EWR", "2013-01-01T00:00:00Z", 1), ("JFK", "2013-01-01T00:00:00Z", 2))),
        system.put("network/b.csv", table(("EWR", "2013-01-02T00:00:00Z", 1))),
        system.put("network/a.csv", table(("LGA", "2013-01-01T00:00:00Z", 1))),
        system.put("network/c.bin", b"\x00\x01" * 50),
        system.delete("network/b.csv"),
        system.put("network/d.csv", b""),
    ]
    system.deliver()
    system.tell(*records, *records)
    system.deliver()
    assert system.counters() == recount(system.entries())


def test_a_ledger_that_is_packed_is_gone_on_with(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows what was listed and counted, as one does that is not."""
    states = [
        file_entry(1, stations={"EWR": 1, "JFK": 1}),
        file_entry(2, stations={"JFK": 3}),
        file_entry(3, stations={"東京": 2}),
    ]
    fan_out(system, stream_record(None, states[0], 1))
    monkeypatch.setattr(file_index, "_MOST_PLAIN", 0)
    for at in (1, 2):
        fan_out(system, stream_record(states[at - 1], states[at], at + 1))
        assert system.counters() == recount([states[at]])
        listed = {name for name in system.lists() if name.startswith("station#")}
        assert listed == {f"station#{each}" for each in states[at].stations}
    monkeypatch.undo()
    fan_out(system, stream_record(states[2], file_entry(4, **DELETED), 4))
    assert set(system.lists()) == {"status#deleted"}


def test_reasons_of_rejects_are_counted_once_whatever_comes_twice_or_late(system: System) -> None:
    bad = file_entry(1, status=Status.PARTIAL, rejected=60, reasons={"not a number": 58, "there is no time": 2})
    better = file_entry(2, status=Status.PARTIAL, rejected=1, reasons={"not a number": 1})
    other = file_entry(3, key="other.csv", status=Status.REJECTED, rejected=7, reasons={"not a number": 7})
    records = [stream_record(None, bad, 1), stream_record(bad, better, 2), stream_record(None, other, 3)]
    fan_out(system, records[0])
    assert system.counters()["reason#there is no time"] == (1, 2, bad.size)
    fan_out(system, *records)
    fan_out(system, records[1], records[0])
    fan_out(system, records[2])
    assert system.counters() == recount([better, other])
    assert system.counters()["reason#not a number"] == (2, 8, better.size + other.size)
    assert "reason#there is no time" not in system.counters()
    fan_out(system, stream_record(other, file_entry(4, key="other.csv", **DELETED), 4))
    assert system.counters()["reason#not a number"] == (1, 1, better.size)


def recount(entries: list[FileEntry]) -> dict[str, tuple[int, int, int]]:
    """What the counters must be, from the catalogue alone."""
    found: dict[str, tuple[int, int, int]] = {}

    def add(term: str, rows: int, size: int) -> None:
        files, rows_before, size_before = found.get(term, (0, 0, 0))
        found[term] = (files + 1, rows_before + rows, size_before + size)

    for entry in entries:
        add(f"status#{entry.status.value}", entry.rows, entry.size)
        if entry.status is Status.DELETED:
            continue
        add(f"day#{entry.received_at[:10]}", entry.rows, entry.size)
        add(f"hour#{entry.received_at[:13]}", entry.rows, entry.size)
        if entry.format:
            add(f"format#{entry.format}", entry.rows, entry.size)
        for station, rows in entry.stations.items():
            add(f"station#{station}", rows, entry.size)
        for kind, rejected in entry.reasons.items():
            add(f"reason#{kind}", rejected, entry.size)
    return found


def test_lists_show_a_file_under_what_it_is_now(system: System) -> None:
    one, two = file_entry(1), file_entry(2, stations={"JFK": 1}, status=Status.PARTIAL)
    fan_out(system, stream_record(None, one, 1), stream_record(one, two, 2))
    lists = system.lists()
    assert lists["station#JFK"] == {one.key}
    assert lists["status#partial"] == {one.key}
    assert "station#USW00014732" not in lists
    assert "status#ok" not in lists


@pytest.mark.parametrize("former", [None, file_entry(1, stations={"JFK": 1, "USW00014732": 3})])
def test_two_writers_of_one_file_do_not_lose_a_count(
    system: System, monkeypatch: pytest.MonkeyPatch, former: FileEntry | None
) -> None:
    """Another shard's function reads the ledger before this one has written, of a file that is new or was known."""
    index = system.modules["on_file_change"].index
    entry, real = file_entry(2), index._ledgers
    assert index.apply([former] if former else []) == {}
    seen: list[str] = []

    def ledgers(file_ids: list[str]) -> Any:
        held = real(file_ids)
        if not seen:
            seen.append("between reading and writing")
            assert index.apply([entry]) == {}
        return held

    monkeypatch.setattr(index, "_ledgers", ledgers)
    assert fan_out(system, stream_record(former, entry)) == []
    assert seen
    assert system.counters() == recount([entry])


@pytest.mark.parametrize("former", [None, file_entry(1, stations={"LGA": 1})])
def test_an_old_state_that_is_overtaken_while_it_is_written_leaves_nothing(
    system: System, monkeypatch: pytest.MonkeyPatch, former: FileEntry | None
) -> None:
    """A record that was sent again by hand, while the stream brings a newer one."""
    index = system.modules["on_file_change"].index
    old, new = file_entry(2, stations={"JFK": 1}), file_entry(3)
    assert index.apply([former] if former else []) == {}
    real, seen = index._count, list[str]()

    def count(group: Any, failed: Any) -> Any:
        if not seen:
            seen.append("between the postings and the counters")
            assert index.apply([new]) == {}
        return real(group, failed)

    monkeypatch.setattr(index, "_count", count)
    assert index.apply([old]) == {}
    assert system.counters() == recount([new])
    assert not {"station#JFK", "station#LGA"} & system.lists().keys()
    assert system.lists()["station#USW00014732"] == {new.key}


def test_an_entry_that_cannot_be_written_is_set_aside_and_the_others_of_its_batch_pass(system: System) -> None:
    """A station's identifier longer than a key of DynamoDB may be."""
    bad = file_entry(key="bad.csv", stations={"S" * 3000: 1})
    records = [stream_record(None, each, at) for at, each in enumerate([file_entry(key="a.csv"), bad, file_entry(key="b.csv")])]
    assert fan_out(system, *records) == []
    assert news(system) == [("FileCatalogued", "a.csv"), ("FileCatalogued", "b.csv")]
    (message,) = system.bodies("FileChangesDeadLetterQueue")
    assert message["record"] == records[1]


class Cancelling:
    """A table that cancels every transaction in which one file's ledger is, and says why of each action."""

    def __init__(self, client: Any, entry: FileEntry, code: str) -> None:
        self._client = client
        self._ledger = f"file#{entry.id}"
        self._code = code

    def transact_write_items(self, *, TransactItems: list[dict[str, Any]]) -> Any:
        reasons: list[Any] = [
            {"Code": self._code if each.get("Put", {}).get("Item", {}).get("dimension") == {"S": self._ledger} else "None"}
            for each in TransactItems
        ]
        if any(each["Code"] != "None" for each in reasons):
            answer: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(answer, "TransactWriteItems")
        return self._client.transact_write_items(TransactItems=TransactItems)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_a_transaction_that_can_never_be_made_stops_nobody_else(system: System) -> None:
    """Amazon DynamoDB API Reference, "TransactWriteItems": of the reasons `ValidationError` is one that no retry mends."""
    index = system.modules["on_file_change"].index
    index._client = Cancelling(index._client, file_entry(key="1.csv"), "ValidationError")
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(3))]
    assert fan_out(system, *records) == []
    assert system.counters() == recount([entries(3)[0], entries(3)[2]])
    (letter,) = system.bodies("FileChangesDeadLetterQueue")
    assert letter["record"] == records[1]
    assert [key for _, key in news(system)] == ["0.csv", "2.csv"]


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_cannot_be_made_now_has_its_records_come_again(
    system: System, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(file_index, "sleep", lambda _: None)
    index = system.modules["on_file_change"].index
    real = index._client
    index._client = Cancelling(real, file_entry(key="1.csv"), code)
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(3))]
    assert fan_out(system, *records) == [sequence_number(0)]
    index._client = real
    assert fan_out(system, *records) == []
    assert system.counters() == recount(entries(3))
    assert system.bodies("FileChangesDeadLetterQueue") == []


def test_records_of_one_batch_share_a_transaction(system: System) -> None:
    records = [stream_record(None, entry, at) for at, entry in enumerate(entries(30))]
    with system.crash_before_call() as made:
        assert fan_out(system, *records) == []
    assert made.count("TransactWriteItems") == 1
    assert system.counters() == recount(entries(30))
