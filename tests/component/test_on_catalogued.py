"""OnCataloguedFunction: the tables that the API reads say what the files say, and nothing that no file says any more."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mesonet.domain.file import LoadState, Status
from mesonet.domain.station import Authority
from mesonet.errors import Conflict
from mesonet.functions.on_catalogued import gathering
from mesonet.record import replace
from mesonet.stores.attributes import Item
from mesonet.stores.manifests import Manifest, ManifestsStore
from tests.builders import catalogued_message, failed, ghcn, mapping, sqs_event, station, table
from tests.system import System

A, B = "network/a.csv", "network/b.csv"
T0, T1, T2 = (f"2013-01-01T0{hour}:00:00Z" for hour in range(3))
AIR = "air_temperature"


def load(system: System, key: str) -> list[str]:
    """The news of a file once more."""
    return failed(system.invoke("on_catalogued", sqs_event(catalogued_message(system.entry(key)), queue="CataloguedQueue")))


def latest(system: System, station: str = "EWR", parameter: str = AIR) -> tuple[int, float]:
    value = system.latest()[station][parameter]
    return value["time"], value["value"]


def test_a_files_observations_stations_and_latest_values_are_there(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, 2), ("JFK", T0, 3)))
    assert mapped.said() == {"EWR": {AIR: {T0: 1, T1: 2}}, "JFK": {AIR: {T0: 3}}}
    assert latest(mapped) == (1356998400000 + 3_600_000, 2)
    assert {item["station_id"] for item in mapped.items("StationsTable")} == {"EWR", "JFK"}


def test_the_entry_notes_that_it_is_loaded(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("JFK", T1, "")))
    loading = mapped.entry(A).loading
    assert (loading.state, loading.order) == (LoadState.LOADED, mapped.entry(A).order)
    assert (loading.blocks, loading.values, loading.stations) == (2, 1, 2)
    assert loading.at


def test_loading_twice_changes_nothing(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, 2)))
    before = mapped.items("ObservationsTable"), mapped.items("LatestTable"), mapped.items("StationsTable"), mapped.entry(A)
    assert load(mapped, A) == []
    assert load(mapped, A) == []
    assert before == (
        mapped.items("ObservationsTable"),
        mapped.items("LatestTable"),
        mapped.items("StationsTable"),
        mapped.entry(A),
    )


def test_a_replaced_file_withdraws_what_it_no_longer_says(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", "2013-01-02T00:00:00Z", 2), ("JFK", T0, 3)))
    mapped.bring_in(A, table(("EWR", T0, 9)))
    assert mapped.said() == {"EWR": {AIR: {T0: 9}}}
    assert latest(mapped)[1] == 9
    assert "JFK" not in mapped.latest()


def test_a_replaced_file_withdraws_single_values(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, 2)))
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, "")))
    assert mapped.said() == {"EWR": {AIR: {T0: 1}}}
    assert latest(mapped) == (1356998400000, 1)


def test_a_later_correction_in_another_file_replaces_what_it_corrects(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, 2)))
    mapped.bring_in(B, table(("EWR", T1, 20)))
    assert mapped.said() == {"EWR": {AIR: {T0: 1, T1: 20}}}
    assert latest(mapped)[1] == 20


def test_a_correction_that_is_loaded_first_still_replaces_what_it_corrects(mapped: System) -> None:
    first, second = mapped.store(A, table(("EWR", T0, 1), ("EWR", T1, 2))), mapped.store(B, table(("EWR", T1, 20)))
    for record in (second, first):
        mapped.tell(record)
        mapped.deliver()
    assert mapped.said() == {"EWR": {AIR: {T0: 1, T1: 20}}}
    assert latest(mapped)[1] == 20


def test_a_missing_value_in_a_correction_does_not_hide_what_is_known(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.bring_in(B, table(("EWR", T0, "")))
    assert mapped.said() == {"EWR": {AIR: {T0: 1}}}
    assert latest(mapped)[1] == 1


def test_a_deleted_correction_gives_back_what_it_corrected(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1), ("EWR", T1, 2)))
    mapped.bring_in(B, table(("EWR", T1, 20), ("EWR", T2, 30)))
    mapped.delete(B)
    mapped.deliver()
    assert mapped.said() == {"EWR": {AIR: {T0: 1, T1: 2}}}
    assert latest(mapped) == (1356998400000 + 3_600_000, 2)


def test_a_deleted_file_takes_the_beginning_of_a_parameter_with_it(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.bring_in(B, table(("EWR", T1, 2)))
    mapped.delete(A)
    mapped.deliver()
    assert mapped.said() == {"EWR": {AIR: {T1: 2}}}
    assert mapped.latest()["EWR"][AIR]["since"] == mapped.latest()["EWR"][AIR]["time"]


def test_a_deleted_file_leaves_no_latest_value(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.delete(A)
    mapped.deliver()
    assert mapped.said() == {}
    assert mapped.latest() == {}


def test_latest_values_are_each_parameters_own(system: System) -> None:
    system.bring_in(
        "ghcn/2013.csv",
        ghcn(
            ("USW00014732", "20130101", "TMAX", 56),
            ("USW00014732", "20130101", "TMIN", 11),
            ("USW00014732", "20130102", "TMAX", 60),
        ),
    )
    values = system.latest()["USW00014732"]
    assert {name: (value["time"], value["value"]) for name, value in values.items()} == {
        "air_temperature:2:maximum:P1D": (1357084800000, 6.0),
        "air_temperature:2:minimum:P1D": (1356998400000, 1.1),
    }


def test_the_value_as_received_is_kept(system: System) -> None:
    system.bring_in("network/mapping.json", mapping(unit="degF"))
    system.bring_in(A, table(("EWR", T0, "39.02")))
    value = system.latest()["EWR"][AIR]
    assert (value["value"], value["unit"], value["received"], value["unit_received"]) == (3.9, "Cel", "39.02", "degF")


def test_news_of_an_older_state_load_the_state_that_is(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    old = catalogued_message(mapped.entry(A))
    mapped.bring_in(A, table(("EWR", T1, 2)))
    before = mapped.items("ObservationsTable")
    mapped.invoke("on_catalogued", sqs_event(old))
    assert mapped.items("ObservationsTable") == before


def test_news_of_a_file_that_has_been_taken_out_of_the_catalogue_withdraw_it(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.dynamodb.delete_item(TableName="FilesTable", Key={"file_id": {"S": mapped.entry(A).id}})
    mapped.deliver()
    assert mapped.said() == {}
    assert mapped.latest() == {}


def test_an_object_that_is_gone_before_it_is_loaded_is_noted_and_not_tried_again(mapped: System) -> None:
    record = mapped.store(A, table(("EWR", T0, 1)))
    mapped.tell(record)
    mapped.pump("UploadsQueue", "on_upload")
    mapped.remove(A, record["s3"]["object"]["versionId"])
    mapped.deliver()
    loading = mapped.entry(A).loading
    assert loading.state is LoadState.FAILED
    assert loading.reason
    assert "gone" in loading.reason


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"file": {}}', '{"file": {"id": "a"}}', "poison"])
def test_a_poison_message_fails_alone(mapped: System, body: str) -> None:
    record = mapped.store(A, table(("EWR", T0, 1)))
    mapped.tell(record)
    mapped.pump("UploadsQueue", "on_upload")
    answer = mapped.invoke("on_catalogued", sqs_event(body, catalogued_message(mapped.entry(A))))
    assert failed(answer) == ["message-1"]
    assert mapped.said() == {"EWR": {AIR: {T0: 1}}}


def test_a_message_comes_again_where_others_do_not_stop_writing_the_latest_values(
    mapped: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise Conflict("somebody else was faster", at=[1])

    with monkeypatch.context() as patched:
        patched.setattr("mesonet.stores.latest.sleep", lambda _: None)
        mapped.tell(mapped.store(A, table(("EWR", T0, 1))))
        mapped.pump("UploadsQueue", "on_upload")
        mapped.pump_changes()
        patched.setattr(mapped.modules["on_catalogued"].database, "transact_write_items", refuse)
        event = mapped.queue_event("CataloguedQueue", mapped.receive("CataloguedQueue"))
        assert len(failed(mapped.invoke("on_catalogued", event))) == 1
    assert failed(mapped.invoke("on_catalogued", event)) == []
    assert latest(mapped)[1] == 1
    assert mapped.entry(A).loading.state is LoadState.LOADED


def test_a_file_that_no_longer_says_anything_withdraws_everything(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.bring_in(A, b"")
    assert mapped.entry(A).status is Status.EMPTY
    assert mapped.said() == {}
    assert mapped.latest() == {}


# Two copies of the function at once: a newer state of the file is loaded while an older one is


@pytest.fixture
def overtaken(mapped: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """The older state has listed its blocks, but not written them, when the newer comes and is loaded to its end."""
    mapped.tell(mapped.store(A, table(("EWR", T0, 1), ("EWR", "2013-01-02T00:00:00Z", 2), ("JFK", T0, 3))))
    mapped.pump("UploadsQueue", "on_upload")
    mapped.pump_changes()
    (older,) = mapped.receive("CataloguedQueue")
    observations = mapped.modules["on_catalogued"].observations
    real = observations.put

    def put(blocks: Any, *, now_s: int) -> None:
        monkeypatch.setattr(observations, "put", real)
        with mapped.meanwhile():
            mapped.tell(newer)
            mapped.deliver()
        real(blocks, now_s=now_s)

    newer = mapped.store(A, table(("EWR", T0, 9)))
    monkeypatch.setattr(observations, "put", put)
    assert failed(mapped.invoke("on_catalogued", mapped.queue_event("CataloguedQueue", [older]))) == []
    return mapped


def test_blocks_of_an_overtaken_state_do_not_come_in(overtaken: System) -> None:
    assert overtaken.said() == {"EWR": {AIR: {T0: 9}}}
    assert overtaken.entry(A).loading.state is LoadState.LOADED


def test_latest_values_of_an_overtaken_state_do_not_come_in(overtaken: System) -> None:
    assert overtaken.latest().keys() == {"EWR"}
    assert latest(overtaken) == (1356998400000, 9)


# Large files are written in parts, as they are read


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_CELLS", 50)


def days(count: int, value: int = 0) -> Iterator[tuple[str, str, object]]:
    """A row an hour, of two stations in turn, so that no stretch comes in one piece."""
    for day in range(1, count + 1):
        for hour in range(24):
            for identifier in ("EWR", "JFK"):
                yield identifier, f"2013-01-{day:02d}T{hour:02d}:00:00Z", value + hour


def test_a_file_whose_loading_outlasts_a_call_goes_on_in_the_next(
    mapped: System, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 12. Each call has time for one stretch; none writes again what another has written."""
    written: list[str] = []
    observations = mapped.modules["on_catalogued"].observations
    real = observations.put

    def put_and_note(blocks: Any, *, now_s: int) -> None:
        listed = list(blocks)
        written.extend(block.key.text + block.key.station_id for block in listed)
        real(listed, now_s=now_s)

    monkeypatch.setattr(observations, "put", put_and_note)
    mapped.tell(mapped.store(A, table(*days(6))))
    mapped.pump("UploadsQueue", "on_upload")
    mapped.pump_changes()
    monkeypatch.setattr("tests.builders.Context.get_remaining_time_in_millis", lambda _: 1000)
    calls = 0
    while messages := mapped.receive("CataloguedQueue"):
        calls += 1
        mapped.sqs.delete_message(QueueUrl=mapped.ref("CataloguedQueue"), ReceiptHandle=messages[0]["ReceiptHandle"])
        assert failed(mapped.invoke("on_catalogued", mapped.queue_event("CataloguedQueue", messages))) == []
    assert calls > 3
    assert sorted(written) == sorted(set(written))
    assert sum(map(len, mapped.said()["EWR"].values())) == 6 * 24
    assert mapped.entry(A).loading.state is LoadState.LOADED
    assert latest(mapped)[1] == 23


def test_behind_a_file_that_took_long_the_others_go_back_into_the_queue(
    mapped: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (A, B):
        mapped.tell(mapped.store(key, table(("EWR", T0, 1))))
    mapped.pump("UploadsQueue", "on_upload")
    mapped.pump_changes()
    left = iter([900_000])
    monkeypatch.setattr("tests.builders.Context.get_remaining_time_in_millis", lambda _: next(left, 400_000))
    messages = mapped.take("CataloguedQueue")
    assert failed(mapped.invoke("on_catalogued", mapped.queue_event("CataloguedQueue", messages))) == []
    states = [mapped.entry(key).loading.state for key in (A, B)]
    assert sorted(states) == [LoadState.LOADED, LoadState.PENDING]
    (again,) = mapped.take("CataloguedQueue")
    assert again["Body"] == messages[1]["Body"]
    assert failed(mapped.invoke("on_catalogued", mapped.queue_event("CataloguedQueue", [again]))) == []
    assert [mapped.entry(key).loading.state for key in (A, B)] == [LoadState.LOADED] * 2


def test_a_file_of_many_blocks_is_kept_track_of_in_parts(mapped: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.stores.manifests._KEYS_IN_HEAD", 3)
    monkeypatch.setattr("mesonet.stores.manifests._KEYS_IN_PART", 4)
    stations = [f"S{number:03d}" for number in range(20)]
    mapped.bring_in(A, table(*((station, T0, 1) for station in stations)))
    parts = [item for item in mapped.items("ObservationsTable") if item["block"].startswith("manifest#")]
    assert len(parts) == 5
    mapped.bring_in(A, table(*((station, T0, 2) for station in stations[:2])))
    assert mapped.said().keys() == {"S000", "S001"}
    assert mapped.latest().keys() == {"S000", "S001"}
    assert not [item for item in mapped.items("ObservationsTable") if item["block"].startswith("manifest#")]


@pytest.mark.usefixtures("small_memory")
def test_a_list_of_blocks_that_outgrows_its_head_forgets_none_that_stood_there(
    mapped: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not in the list stays in the table when the file goes."""
    monkeypatch.setattr("mesonet.formats.text.BLOCK_BYTES", 1000)
    monkeypatch.setattr("mesonet.stores.manifests._KEYS_IN_HEAD", 3)
    mapped.bring_in(A, table(*days(3)))
    assert mapped.said() == said_by(days(3))
    mapped.bring_in(A, table(("EWR", T0, 1)))
    assert mapped.said() == said_by([("EWR", T0, 1)])


@pytest.mark.usefixtures("small_memory")
def test_a_file_that_does_not_fit_into_memory_says_the_same_in_parts(mapped: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.formats.text.BLOCK_BYTES", 1000)
    rows = list(days(3))
    mapped.bring_in(A, table(*rows))
    parts = {item["block"].rpartition("#")[2] for item in mapped.items("ObservationsTable") if "#" in item["block"]}
    assert len(parts) > 1, "the file was not written in parts"
    assert mapped.said() == said_by(rows)
    mapped.bring_in(A, table(*days(1, value=100)))
    assert mapped.said() == said_by(days(1, value=100))
    assert latest(mapped)[1] == 123


@pytest.mark.usefixtures("small_memory")
def test_of_rows_of_one_time_in_different_parts_the_later_wins(mapped: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.formats.text.BLOCK_BYTES", 1000)
    rows = [*days(2), ("EWR", "2013-01-01T00:00:00Z", 77)]
    mapped.bring_in(A, table(*rows))
    assert mapped.said() == said_by(rows)


def said_by(rows: Any) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for identifier, at, value in rows:
        found.setdefault(identifier, {}).setdefault(AIR, {})[at] = value
    return found


def size_of(value: Any) -> int:
    """Bytes of an item as DynamoDB counts them (Developer Guide, "DynamoDB item sizes and formats")."""
    match value:
        case {"S": str(text)}:
            return len(text.encode())
        case {"B": data}:
            return len(data)
        case {"N": str(text)}:
            return len(text) // 2 + 2
        case {"M": dict(members)}:
            return 3 + sum(len(name.encode()) + size_of(each) + 1 for name, each in members.items())
        case {"L": list(elements)}:
            return 3 + sum(size_of(each) + 1 for each in elements)
    return 1


def item_size(item: Item) -> int:
    return sum(len(name.encode()) + size_of(value) for name, value in item.items())


def test_a_day_of_a_value_every_second_is_cut_so_that_no_item_outgrows_400_kb(mapped: System) -> None:
    rows = [
        ("EWR", f"2013-01-01T{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}Z", f"{(at * 7919 % 10007) / 100:.2f}")
        for at in range(0, 86_400, 3)
    ]
    mapped.bring_in(A, table(*rows))
    items = mapped.dynamodb.scan(TableName="ObservationsTable", ConsistentRead=True)["Items"]
    blocks = [item for item in items if item["partition"]["S"].startswith("station#")]
    assert len(blocks) == 24
    assert max(map(item_size, items)) < 400_000
    assert len(mapped.said()["EWR"][AIR]) == len(rows)
    assert mapped.entry(A).loading.values == len(rows)


def test_daily_values_are_kept_by_the_year(system: System) -> None:
    system.bring_in("ghcn/2013.csv", ghcn(*(("USW00014732", f"2013{month:02d}15", "TMAX", month) for month in range(1, 13))))
    blocks = [item["block"] for item in system.items("ObservationsTable") if item["partition"].startswith("station#")]
    assert [block.split("#")[:2] for block in blocks] == [["Y", "2013"]]


def test_a_tombstone_of_a_block_goes_by_itself_but_not_before_the_last_message(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    mapped.delete(A)
    mapped.deliver()
    (tombstone,) = [item for item in mapped.items("ObservationsTable") if item["partition"] == "station#EWR"]
    assert tombstone["n"] == 0
    assert tombstone["expires_at"] > time.time() + 2 * 14 * 86_400


def test_a_station_list_is_worth_more_than_what_a_data_file_says(system: System) -> None:
    stations = system.modules["on_catalogued"].stations
    assert stations.put(station(name="Newark Liberty", authority=Authority.STATION_LIST), order="8#1")
    assert not stations.put(station(name="", authority=Authority.MENTIONED), order="7#2")
    assert not stations.put(station(name="older", authority=Authority.STATION_LIST), order="9#0")
    assert stations.put(station(name="newer", authority=Authority.STATION_LIST), order="6#3")
    (item,) = system.items("StationsTable")
    assert item["name"] == "newer"


def test_what_a_message_lists_beyond_its_identifier_does_not_matter(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 1)))
    message = json.loads(catalogued_message(mapped.entry(A))) | {"new": {"member": 1}}
    assert failed(mapped.invoke("on_catalogued", sqs_event(json.dumps(message)))) == []


def test_a_file_read_with_another_mapping_in_a_second_try_can_be_withdrawn(mapped: System) -> None:
    """The first try has written a block; the second finds no mapping any more, and nothing to load."""
    mapped.put(A, table(("EWR", T0, 5)))
    mapped.pump("UploadsQueue", "on_upload")
    mapped.pump_changes()
    with mapped.crash_before_call(9):
        mapped.invoke("on_catalogued", sqs_event(catalogued_message(mapped.entry(A)), queue="CataloguedQueue"))
    mapped.delete("network/mapping.json")
    mapped.deliver()
    mapped.delete(A)
    mapped.deliver()
    assert mapped.said() == {}


def test_of_two_lists_of_stations_the_one_that_came_later_is_right(system: System) -> None:
    """Whatever their sequencers: those compare the events of one key only."""
    stations = system.modules["on_catalogued"].stations
    assert stations.put(station(name="before", authority=Authority.STATION_LIST), order="FF#2026-01-01T00:00:01.000Z|")
    assert stations.put(station(name="after", authority=Authority.STATION_LIST), order="00#2026-01-01T00:00:02.000Z|")


def test_the_files_of_a_mapping_that_is_removed_wait_for_another(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T0, 5)))
    mapped.delete("network/mapping.json")
    mapped.deliver()
    assert mapped.entry(A).status is Status.UNMAPPED
    assert mapped.said() == {}


def test_a_station_is_looked_for_in_the_part_of_a_long_list_that_may_name_it(system: System) -> None:
    """Whichever release has written it: earlier ones named parts by numbers."""
    asked: list[str] = []

    class Counting:
        def __getattr__(self, operation: str) -> Any:
            return getattr(system.dynamodb, operation)

        def get_item(self, **given: Any) -> Any:
            asked.append(given["Key"]["block"]["S"])
            return system.dynamodb.get_item(**given)

    store = ManifestsStore(system.ref("ObservationsTable"), client=Counting())
    names = [f"A-STATION-OF-A-LONG-NAME-{at:05d}" for at in range(0, 24_000, 2)]
    keys = frozenset((name, "D#2013-01-01#f#0000") for name in names)
    nothing = Manifest(order="", keys=frozenset())
    manifest = store.supersede("f", nothing, by=Manifest(order="1", keys=keys))
    more = frozenset({("B", "D#2013-01-01#f#0000")})
    manifest = store.supersede("f", manifest, by=replace(manifest, keys=keys | more))
    assert store.of("f").keys == keys | more
    assert len(manifest.parts) == 4
    asked.clear()
    assert store.stations_among("f", {"B", "C", names[0][:-1]}) == {"B"}
    assert len(asked) == 2
    assert store.stations_among("f", {names[0], names[-1], f"{names[0][:-1]}1"}) == {names[0], names[-1]}
    asked.clear()
    assert store.stations_among("f", {"EWR"}) == set()
    assert len(asked) == 1
    assert store.stations_among("g", {"EWR"}) == set()
    former = [part.partition("/")[0] for part in manifest.parts]
    for part, name in zip(manifest.parts, former, strict=True):
        item = system.dynamodb.get_item(TableName=store._table, Key=_part_of("f", part))["Item"]
        system.dynamodb.put_item(TableName=store._table, Item=item | _part_of("f", name))
    system.dynamodb.update_item(
        TableName=store._table,
        Key=_part_of("f"),
        UpdateExpression="SET parts = :parts",
        ExpressionAttributeValues={":parts": {"L": [{"S": name} for name in former]}},
    )
    assert store.stations_among("f", {"B", "C", names[9000]}) == {"B", names[9000]}


def _part_of(file_id: str, part: str = "") -> dict[str, Any]:
    return {"partition": {"S": f"file#{file_id}"}, "block": {"S": f"manifest#{part}" if part else "manifest"}}


def test_a_manifest_is_not_replaced_by_one_that_did_not_see_it(system: System) -> None:
    """Two deliveries of the same news: the one that was overtaken must not forget the blocks of the other."""
    store = system.modules["on_catalogued"].manifests
    nothing = store.of("f")
    store.supersede("f", nothing, by=Manifest(order="1", keys=frozenset({("EWR", "D#2013-01-01#f#0000")})))
    with pytest.raises(Conflict):
        store.supersede("f", nothing, by=Manifest(order="1", keys=frozenset()))


def test_a_day_with_more_than_an_item_can_hold_is_cut_into_parts(system: System) -> None:
    """Forty columns every fifteen seconds, as a research site has them."""
    names = [f"t{number}" for number in range(40)]
    columns = {
        name: {"standard_name": "soil_temperature", "unit": "degC", "level": -0.1 * at} for at, name in enumerate(names, 1)
    }
    said = {"mesonet_mapping": 1, "station": {"id": "DENSE"}, "time": {"column": "time"}, "columns": columns}
    system.put("dense/mapping.json", json.dumps(said).encode())
    rows = [
        ",".join(
            [f"2013-01-01T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"]
            + [f"{(second * 7919 + at * 104729) % 40000 / 1000:.3f}" for at in range(40)]
        )
        for second in range(0, 86_400, 15)
    ]
    system.bring_in("dense/day.csv", "\n".join([",".join(["time", *names]), *rows]).encode())
    entry = system.entry("dense/day.csv")
    assert (entry.loading.state, entry.loading.values) == (LoadState.LOADED, 5760 * 40)
    assert entry.loading.blocks > 1
