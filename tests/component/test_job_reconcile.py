"""What got lost on the way, or was restored from an older day, is found and mended; what is well is left alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mesonet.domain.file import LoadState, Status, file_id
from mesonet.stores.network import NetworkStore
from mesonet.stores.rounds import RoundsStore
from mesonet.stores.stations import StationsStore
from tests import template
from tests.builders import mapping, station, table, zipped
from tests.model import Change, Delete, Put, PutMapping, check, happen
from tests.system import System
from tests.unit.web.requests import event

A, B, C = "network/a.csv", "network/b.csv", "network/deep/c d+%ü.csv"
T0, T1 = "2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z"
FIRST: list[Change] = [Put(A, (("EWR", T0, 1), ("JFK", T0, 2))), Put(B, (("EWR", T1, 3),))]
HAPPENED: list[Change] = [PutMapping("Cel"), *FIRST]


@pytest.fixture(scope="module")
def stock() -> bytes:
    with System() as system:
        for change in HAPPENED:
            system.tell(happen(system, change))
            system.deliver()
        return system.kept()


@pytest.fixture
def stocked(system: System, stock: bytes) -> System:
    system.go_back(stock)
    return system


def reconcile(system: System, **asked: Any) -> dict[str, Any]:
    """A whole round, and what comes of it. What it mended, by kind."""
    given = {"begin": True, "settled_s": 0, **asked}
    while system.invoke("job_reconcile", given)["phase"] != "done":
        given = {"settled_s": 0}
    system.deliver()
    return mended(system)


def mended(system: System) -> dict[str, int]:
    last = RoundsStore(system.ref("DerivedBucket"), client=system.s3).get()
    assert last is not None
    return {kind: number for kind, number in last.mended.items() if number}


def test_what_is_well_is_left_alone(stocked: System) -> None:
    before = stocked.state()
    assert reconcile(stocked) == {}
    assert stocked.state() == before
    assert not stocked.take("UploadsQueue")


def test_files_in_archives_are_where_their_archive_is(stocked: System) -> None:
    archive, member = "network/c.zip", "network/c.zip!/a.csv"
    stocked.put(archive, zipped({"a.csv": table(("LGA", T0, 7)), "b.csv": table(("LGA", T1, 8))}))
    stocked.deliver()
    whole = stocked.state()
    assert reconcile(stocked) == {}
    stocked.dynamodb.delete_item(TableName=stocked.ref("FilesTable"), Key={"file_id": {"S": file_id(stocked.bucket, member)}})
    stocked.take("FileChangesDeadLetterQueue")
    assert reconcile(stocked)["member_missed"] == 1
    assert stocked.entry(member).status is Status.OK
    assert stocked.state()["observations"] == whole["observations"]
    stocked.remove(archive)
    assert reconcile(stocked)["deletion_missed"] >= 1
    assert {entry.status for entry in stocked.entries() if entry.key.startswith(archive)} == {Status.DELETED}


@pytest.mark.parametrize(
    ("lost", "kind"),
    [
        (Put(C, (("LGA", T0, 7),)), "file_missed"),
        (Put(A, (("EWR", T0, 9),)), "version_missed"),
        (Delete(A), "deletion_missed"),
    ],
)
def test_an_event_that_never_came_is_made_up_for(stocked: System, lost: Any, kind: str) -> None:
    happen(stocked, lost)
    assert reconcile(stocked) == {kind: 1}
    check(stocked, [*HAPPENED, lost])
    assert reconcile(stocked) == {}


@pytest.mark.parametrize("lost", [Put(A, (("EWR", T0, 9),)), Delete(A)])
def test_the_event_may_come_after_all(stocked: System, lost: Any) -> None:
    record = happen(stocked, lost)
    reconcile(stocked)
    stocked.tell(record)
    stocked.deliver()
    check(stocked, [*HAPPENED, lost])


def test_an_object_that_is_gone_without_a_trace_is_withdrawn(stocked: System) -> None:
    stocked.s3.delete_object(Bucket=stocked.bucket, Key=A, VersionId=stocked.entry(A).version_id)
    assert reconcile(stocked) == {"deletion_missed": 1}
    check(stocked, [*HAPPENED, Delete(A)])


def test_records_of_the_stream_that_nobody_took_in_time_are_made_up_for(stocked: System) -> None:
    """Fault 18 in small: the catalogue has changed, the index and the observations have not."""
    stocked.tell(happen(stocked, Put(A, (("EWR", T0, 9),))))
    stocked.pump("UploadsQueue", "on_upload")
    stocked._stream_position += len(stocked.changes())
    assert reconcile(stocked) == {"not_indexed": 1, "not_loaded": 1}
    check(stocked, [*HAPPENED, Put(A, (("EWR", T0, 9),))])


def test_a_mapping_that_was_missed_is_applied(system: System) -> None:
    system.tell(happen(system, FIRST[0]))
    system.deliver()
    system.put("network/mapping.json", mapping())
    system.pump("UploadsQueue", "on_upload")
    assert len(system.take("UploadsQueue")) == 0  # a file that was to be read again has been: its message is what gets lost
    system.deliver()
    item = system.dynamodb.get_item(TableName=system.ref("FilesTable"), Key={"file_id": {"S": file_id(system.bucket, A)}})[
        "Item"
    ]
    system.dynamodb.put_item(
        TableName=system.ref("FilesTable"), Item=item | {"mapping_order": {"S": ""}, "status": {"S": Status.UNMAPPED}}
    )
    assert reconcile(system)["mapping_missed"] == 1
    assert system.entry(A).status is Status.OK


@pytest.mark.parametrize("table_name", ["LatestTable", "ObservationsTable", "FileCountersTable", "FilesTable"])
def test_a_table_that_was_lost_whole_is_filled_again(stocked: System, table_name: str) -> None:
    given = template.resources("AWS::DynamoDB::Table")[table_name]["Properties"]
    stocked.dynamodb.delete_table(TableName=table_name)
    stocked.make_table(table_name, given)
    if table_name == "FilesTable":
        stocked._stream_position = 0
    reconcile(stocked)
    check(stocked, HAPPENED)


def test_a_catalogue_that_was_restored_from_an_older_day_catches_up(stocked: System) -> None:
    """Fault 30. The entry of A is that of before; index and observations are of now."""
    key = {"file_id": {"S": file_id(stocked.bucket, A)}}
    older = stocked.dynamodb.get_item(TableName=stocked.ref("FilesTable"), Key=key)["Item"]
    newer = Put(A, (("EWR", T0, 9),))
    stocked.tell(happen(stocked, newer))
    stocked.deliver()
    stocked.dynamodb.put_item(TableName=stocked.ref("FilesTable"), Item=older)
    stocked.deliver()
    reconcile(stocked)
    check(stocked, [*HAPPENED, newer])
    assert reconcile(stocked) == {}


def test_observations_that_were_restored_from_an_older_day_catch_up(stocked: System) -> None:
    older = stocked.dynamodb.scan(TableName=stocked.ref("ObservationsTable"))["Items"]
    latest = stocked.dynamodb.scan(TableName=stocked.ref("LatestTable"))["Items"]
    newer = Put(A, (("LGA", T0, 9),))
    stocked.tell(happen(stocked, newer))
    stocked.deliver()
    for name, items, keys in (("ObservationsTable", older, ("partition", "block")), ("LatestTable", latest, ("station_id",))):
        for item in stocked.dynamodb.scan(TableName=stocked.ref(name))["Items"]:
            stocked.dynamodb.delete_item(TableName=stocked.ref(name), Key={part: item[part] for part in keys})
        for item in items:
            stocked.dynamodb.put_item(TableName=stocked.ref(name), Item=item)
    reconcile(stocked)
    check(stocked, [*HAPPENED, newer])


def test_what_only_just_came_is_left_to_those_who_are_at_it(stocked: System) -> None:
    happen(stocked, Put(C, (("LGA", T0, 7),)))
    assert reconcile(stocked, settled_s=3600) == {}


def test_a_round_is_done_in_as_many_runs_as_it_takes(stocked: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.stores.files._PAGE", 1)
    happen(stocked, Put(C, (("LGA", T0, 7),)))
    runs = 1
    given: dict[str, Any] = {"begin": True, "settled_s": 0}
    with monkeypatch.context() as hurried:
        hurried.setattr("tests.builders.Context.get_remaining_time_in_millis", lambda _: 1000)
        while stocked.invoke("job_reconcile", given)["phase"] != "done":
            given = {"settled_s": 0}
            runs += 1
    stocked.deliver()
    assert runs >= 3
    assert mended(stocked)["file_missed"] == 1
    check(stocked, [*HAPPENED, Put(C, (("LGA", T0, 7),))])


@pytest.mark.parametrize("left", [{"later": {"deep": 1}}, {"phase": "of a later release"}])
def test_a_round_that_a_later_release_has_left_is_gone_on_with_or_begun_anew(stocked: System, left: dict[str, Any]) -> None:
    reconcile(stocked)
    place = {"Bucket": stocked.ref("DerivedBucket"), "Key": "reconcile/round.json"}
    noted = json.loads(stocked.s3.get_object(**place)["Body"].read())
    stocked.s3.put_object(**place, Body=json.dumps(noted | left).encode())
    assert stocked.invoke("job_reconcile", {}) == {"phase": "done"}


def test_a_schedule_rests_after_a_round(stocked: System) -> None:
    reconcile(stocked)
    happen(stocked, Put(C, (("LGA", T0, 7),)))
    assert stocked.invoke("job_reconcile", {"settled_s": 0}) == {"phase": "done"}
    stocked.deliver()
    assert C not in {entry.key for entry in stocked.entries()}


# In which cells there are stations -----------------------------------------------------------------------------------------

EXTENT = {"partition": {"S": "network"}, "block": {"S": "extent"}}
PLACES = b"station,name,latitude,longitude\nEWR,Newark,40.69,-74.17\nJFK,Kennedy,40.64,-73.78\nSYD,Sydney,-33.95,151.18\n"


@pytest.fixture
def placed(stocked: System) -> System:
    stocked.put("network/stations.csv", PLACES)
    stocked.deliver()
    return stocked


def occupied(system: System) -> frozenset[str] | None:
    return NetworkStore(system.ref("ObservationsTable"), client=system.dynamodb).get().occupied


def write_as_an_earlier_release(system: System) -> None:
    place = {"TableName": system.ref("ObservationsTable")}
    item = system.dynamodb.get_item(**place, Key=EXTENT)["Item"]
    del item["cells"]
    item.pop("survey", None)
    system.dynamodb.put_item(**place, Item=item | {"revision": {"N": str(int(item["revision"]["N"]) + 1)}})


def begin_to_walk(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round, as far as the first station."""
    monkeypatch.setattr("mesonet.functions.job_reconcile.logic._STATIONS_AT_ONCE", 1)
    with monkeypatch.context() as hurried:
        hurried.setattr("tests.builders.Context.get_remaining_time_in_millis", lambda _: 1000)
        assert system.invoke("job_reconcile", {"begin": True, "phase": "latest"}) == {"phase": "latest"}


def go_on_as_an_earlier_release(system: System) -> None:
    place = {"Bucket": system.ref("DerivedBucket"), "Key": "reconcile/round.json"}
    noted = json.loads(system.s3.get_object(**place)["Body"].read())
    del noted["survey"]
    system.s3.put_object(**place, Body=json.dumps(noted | {"place": "JFK"}).encode())


def nearest(system: System, latitude: int, longitude: int) -> list[str]:
    answer = system.invoke("api_weather", event(f"/stations?lat={latitude}&lon={longitude}&limit=2"))
    return [each["id"] for each in json.loads(answer["body"])["features"]]


def test_stations_are_found_where_the_network_has_lost_what_it_knew_of_them(placed: System) -> None:
    placed.dynamodb.delete_item(TableName=placed.ref("ObservationsTable"), Key=EXTENT)
    assert nearest(placed, -40, -120) == ["SYD", "EWR"]
    placed.put("network/more/stations.csv", b"station,name,latitude,longitude\nLGA,La Guardia,40.78,-73.87\n")
    placed.deliver()
    assert nearest(placed, -40, -120) == ["SYD", "EWR"]


def test_a_round_tells_in_which_cells_there_are_stations(placed: System, monkeypatch: pytest.MonkeyPatch) -> None:
    assert occupied(placed) is None
    begin_to_walk(placed, monkeypatch)
    assert occupied(placed) is None
    assert placed.invoke("job_reconcile", {}) == {"phase": "done"}
    assert occupied(placed) == frozenset({"dr", "r3"})
    assert nearest(placed, -40, -120) == ["SYD", "EWR"]


@pytest.mark.parametrize("between", [write_as_an_earlier_release, go_on_as_an_earlier_release])
def test_an_earlier_release_in_the_middle_of_a_round_leaves_it_unknown(
    placed: System, monkeypatch: pytest.MonkeyPatch, between: Callable[[System], None]
) -> None:
    begin_to_walk(placed, monkeypatch)
    between(placed)
    assert placed.invoke("job_reconcile", {}) == {"phase": "done"}
    assert occupied(placed) is None
    reconcile(placed)
    assert occupied(placed) == frozenset({"dr", "r3"})


def test_a_station_that_an_earlier_release_has_put_is_found_after_a_round(placed: System) -> None:
    reconcile(placed)
    equator = station("NBO", latitude=-1.3, longitude=36.9)  # in the network's box, in a cell of its own
    StationsStore(placed.ref("StationsTable"), client=placed.dynamodb).put(equator, order="x")
    reconcile(placed)
    assert occupied(placed) == frozenset({"dr", "r3", "kz"})
    assert nearest(placed, -30, 70) == ["NBO", "SYD"]


def test_a_cell_is_written_again_where_an_earlier_release_has_left_it_out(placed: System) -> None:
    write_as_an_earlier_release(placed)
    placed.put("network/more/stations.csv", b"station,name,latitude,longitude\nHOB,Hoboken,40.65,-74.03\n")
    placed.deliver()
    assert NetworkStore(placed.ref("ObservationsTable"), client=placed.dynamodb).get().cells == frozenset({"dr"})


def test_a_file_that_failed_to_load_is_not_tried_for_ever(stocked: System) -> None:
    loading = {"M": {"state": {"S": LoadState.FAILED}, "reason": {"S": "cut it"}}}
    stocked.dynamodb.update_item(
        TableName=stocked.ref("FilesTable"),
        Key={"file_id": {"S": file_id(stocked.bucket, A)}},
        UpdateExpression="SET loading = :loading",
        ExpressionAttributeValues={":loading": loading},
    )
    assert reconcile(stocked) == {}


def test_the_model_sees_what_is_not_mended(stocked: System) -> None:
    """Guards the guard."""
    happen(stocked, Put(C, (("LGA", T0, 7),)))
    with pytest.raises(AssertionError):
        check(stocked, [*HAPPENED, Put(C, (("LGA", T0, 7),))])
