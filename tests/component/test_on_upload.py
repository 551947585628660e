"""OnUploadFunction: whatever comes of the archive, however often and in whichever order, the catalogue says what is there."""

import gzip
import json
from typing import Any

import pytest

from mesonet.domain.file import LoadState, Status
from tests.builders import failed, mapping, s3_message, s3_record, sqs_event, table
from tests.permissions import Denied
from tests.system import System

KEY = "network/2013.csv"
ROWS = table(("EWR", "2013-01-01T00:00:00Z", 1.5), ("EWR", "2013-01-01T01:00:00Z", 2.5))
OTHERS = table(("JFK", "2013-01-02T00:00:00Z", 7))


def upload(system: System, *records: dict[str, Any]) -> list[str]:
    """Each record in a message of its own, all in one event; gives what failed."""
    return failed(system.invoke("on_upload", sqs_event(*map(s3_message, records))))


def test_a_file_is_catalogued_with_what_it_holds(mapped: System) -> None:
    record = mapped.store(KEY, ROWS)
    assert upload(mapped, record) == []
    entry = mapped.entry(KEY)
    assert (entry.status, entry.format, entry.rows, entry.size) == (Status.OK, "csv", 2, len(ROWS))
    assert entry.stations == {"EWR": 2}
    assert entry.version_id == record["s3"]["object"]["versionId"]
    assert entry.parameters == ("air_temperature",)
    assert entry.mapping == "network/mapping.json"
    assert entry.loading.state is LoadState.PENDING


def test_the_same_event_twice_has_one_effect(mapped: System) -> None:
    record = mapped.store(KEY, ROWS)
    upload(mapped, record)
    once = mapped.items("FilesTable")
    upload(mapped, record, record)
    assert mapped.items("FilesTable") == once


def test_of_puts_out_of_order_the_newest_sequencer_wins(mapped: System) -> None:
    older, newer = mapped.store(KEY, ROWS), mapped.store(KEY, OTHERS)
    upload(mapped, newer)
    upload(mapped, older)
    assert mapped.entry(KEY).stations == {"JFK": 1}
    assert mapped.entry(KEY).revision == 1


def test_sequencers_of_different_length_are_compared_as_s3_says(mapped: System) -> None:
    """The shorter is padded with zeros on the right."""
    older, newer = mapped.store(KEY, ROWS), mapped.store(KEY, OTHERS)
    older["s3"]["object"]["sequencer"] = "00A0"
    newer["s3"]["object"]["sequencer"] = "00A00F"
    upload(mapped, newer, older)
    assert mapped.entry(KEY).stations == {"JFK": 1}


def test_a_tombstone_holds_against_a_late_put(mapped: System) -> None:
    put, removed = mapped.store(KEY, ROWS), mapped.remove(KEY)
    upload(mapped, removed)
    assert mapped.entry(KEY).status is Status.DELETED
    upload(mapped, put)
    assert mapped.entry(KEY).status is Status.DELETED


def test_a_tombstone_keeps_what_was_known_of_the_file(mapped: System) -> None:
    upload(mapped, mapped.store(KEY, ROWS))
    known = mapped.entry(KEY)
    upload(mapped, mapped.remove(KEY))
    entry = mapped.entry(KEY)
    assert (entry.sha256, entry.version_id, entry.revision) == (known.sha256, known.version_id, 2)
    assert entry.loading.state is LoadState.NONE


def test_a_file_put_again_after_its_deletion_is_there_again(mapped: System) -> None:
    for record in (mapped.store(KEY, ROWS), mapped.remove(KEY), mapped.store(KEY, OTHERS)):
        upload(mapped, record)
    assert mapped.entry(KEY).status is Status.OK
    assert mapped.entry(KEY).revision == 3


@pytest.mark.parametrize(
    "key",
    [
        "network/a b.csv",
        "network/a+b.csv",
        "network/100%.csv",
        "network/%2B.csv",
        "network/Zürich/気温.csv",
        "network/a&b=c?d.csv",
        "network/😀.csv",
        "network/ leading and trailing .csv",
    ],
)
def test_a_key_is_read_and_shown_as_it_was_written(mapped: System, key: str) -> None:
    record = mapped.store(key, ROWS)
    assert upload(mapped, record) == []
    assert mapped.entry(key).key == key
    assert mapped.entry(key).rows == 2


def test_an_object_without_bytes_is_catalogued_as_empty(mapped: System) -> None:
    assert upload(mapped, mapped.store(KEY, b"")) == []
    assert mapped.entry(KEY).status is Status.EMPTY
    assert mapped.entry(KEY).loading.state is LoadState.NONE


def test_an_object_replaced_before_it_was_read_is_read_at_its_own_version(mapped: System) -> None:
    first = mapped.store(KEY, ROWS)
    mapped.store(KEY, OTHERS)
    upload(mapped, first)
    assert mapped.entry(KEY).stations == {"EWR": 2}
    assert mapped.entry(KEY).version_id == first["s3"]["object"]["versionId"]


def test_a_newer_state_catalogued_while_an_older_one_is_read_stays(mapped: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies of the function at once."""
    older, newer = mapped.store(KEY, ROWS), mapped.store(KEY, OTHERS)
    archive = mapped.modules["on_upload"].archive
    real = archive.open

    def opened(*place: Any) -> Any:
        monkeypatch.setattr(archive, "open", real)
        upload(mapped, newer)
        return real(*place)

    monkeypatch.setattr(archive, "open", opened)
    assert upload(mapped, older) == []
    assert mapped.entry(KEY).stations == {"JFK": 1}


def test_an_object_that_is_gone_is_acknowledged(mapped: System) -> None:
    record = mapped.store(KEY, ROWS)
    mapped.remove(KEY, record["s3"]["object"]["versionId"])
    before = mapped.items("FilesTable")
    assert upload(mapped, record) == []
    assert mapped.items("FilesTable") == before


def test_the_test_event_of_s3_is_ignored(system: System) -> None:
    told = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-01-01T00:00:00.000Z", "Bucket": system.bucket}
    assert failed(system.invoke("on_upload", sqs_event(json.dumps(told)))) == []
    assert system.items("FilesTable") == []


@pytest.mark.parametrize(
    "body", ["{", "null", "[]", '{"Records": 1}', '{"Records": [{}]}', '{"Records": [{"s3": null}]}', "not JSON"]
)
def test_a_poison_message_fails_alone(mapped: System, body: str) -> None:
    good = [mapped.store(f"network/{at}.csv", ROWS) for at in range(2)]
    answer = mapped.invoke("on_upload", sqs_event(s3_message(good[0]), body, s3_message(good[1])))
    assert failed(answer) == ["message-2"]
    assert {entry.key for entry in mapped.entries()} >= {"network/0.csv", "network/1.csv"}


def test_a_poison_message_ends_in_the_dead_letter_queue(mapped: System) -> None:
    mapped.sqs.send_message(QueueUrl=mapped.ref("UploadsQueue"), MessageBody="poison")
    mapped.put(KEY, ROWS)
    mapped.deliver()
    assert mapped.entry(KEY).status is Status.OK
    assert [message["Body"] for message in mapped.take("UploadsDeadLetterQueue")] == ["poison"]


def test_an_event_of_the_bucket_itself_is_taken_as_well(mapped: System) -> None:
    record = mapped.store(KEY, ROWS)
    assert mapped.invoke("on_upload", {"Records": [record]}) == {"batchItemFailures": []}
    assert mapped.entry(KEY).status is Status.OK


def test_a_version_taken_away_brings_the_one_before_it_back(mapped: System) -> None:
    first, second = mapped.store(KEY, ROWS), mapped.store(KEY, OTHERS)
    upload(mapped, first, second)
    upload(mapped, mapped.remove(KEY, second["s3"]["object"]["versionId"]))
    entry = mapped.entry(KEY)
    assert entry.stations == {"EWR": 2}
    assert entry.version_id == first["s3"]["object"]["versionId"]
    assert entry.status is Status.OK


def test_an_older_version_taken_away_changes_nothing_for_readers(mapped: System) -> None:
    first, second = mapped.store(KEY, ROWS), mapped.store(KEY, OTHERS)
    upload(mapped, first, second)
    upload(mapped, mapped.remove(KEY, first["s3"]["object"]["versionId"]))
    assert mapped.entry(KEY).stations == {"JFK": 1}
    assert mapped.entry(KEY).status is Status.OK


def test_a_delete_marker_taken_away_brings_the_file_back(mapped: System) -> None:
    upload(mapped, mapped.store(KEY, ROWS))
    marker = mapped.remove(KEY)
    upload(mapped, marker)
    assert mapped.entry(KEY).status is Status.DELETED
    upload(mapped, mapped.remove(KEY, marker["s3"]["object"]["versionId"]))
    assert mapped.entry(KEY).status is Status.OK
    assert mapped.entry(KEY).stations == {"EWR": 2}


def test_the_end_of_an_objects_life_is_a_deletion(mapped: System) -> None:
    upload(mapped, mapped.store(KEY, ROWS))
    mapped.remove(KEY)
    upload(mapped, s3_record(KEY, 99, name="LifecycleExpiration:DeleteMarkerCreated"))
    assert mapped.entry(KEY).status is Status.DELETED


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\x00\x01\x02" * 100, Status.UNKNOWN),
        (b"just a letter, to whom it may concern\n", Status.UNKNOWN),
        (b"PK\x03\x04" + bytes(100), Status.REJECTED),
        (b"station,time,temp\nEWR,yesterday,1\n", Status.REJECTED),
        (b"station,time,temp\nEWR,2013-01-01T00:00:00Z,1\nEWR,yesterday,2\n", Status.PARTIAL),
        (gzip.compress(ROWS * 2000)[:-40], Status.PARTIAL),
    ],
)
def test_bad_input_is_catalogued_with_a_status_and_reasons_and_is_not_tried_again(
    mapped: System, body: bytes, status: Status
) -> None:
    assert upload(mapped, mapped.store(KEY, body)) == []
    entry = mapped.entry(KEY)
    assert entry.status is status
    assert entry.why
    if status in (Status.REJECTED, Status.PARTIAL):
        assert entry.rejects
        assert all(reject.reason for reject in entry.rejects)


def test_a_file_that_nobody_has_mapped_is_unmapped(system: System) -> None:
    upload(system, system.store(KEY, ROWS))
    assert system.entry(KEY).status is Status.UNMAPPED
    assert system.entry(KEY).loading.state is LoadState.NONE


def test_a_mapping_that_comes_after_the_data_has_them_read_again(system: System) -> None:
    system.put(KEY, ROWS)
    system.put("elsewhere/2013.csv", ROWS)
    system.deliver()
    system.put("network/mapping.json", mapping())
    system.deliver()
    assert system.entry(KEY).status is Status.OK
    assert system.entry(KEY).loading.state is LoadState.LOADED
    assert system.said()["EWR"]["air_temperature"] == {"2013-01-01T00:00:00Z": 1.5, "2013-01-01T01:00:00Z": 2.5}
    assert system.entry("elsewhere/2013.csv").status is Status.UNMAPPED


def test_a_mapping_of_a_long_table_is_kept_whole(system: System) -> None:
    known = json.loads(mapping())
    known["long"] = {"name": "what", "value": "value", "unit": "unit", "quality": "qc", "flags": {"B": 4}}
    known["columns"] = {
        "temp": {"standard_name": "air_temperature", "missing": ["8"]},
        "dir": {"standard_name": "wind_from_direction", "unit": "deg", "compass": "NOSW"},
        "rain": {"standard_name": "precipitation_amount", "unit": "mm", "method": "sum", "duration": "PT1H", "trace": ["-1"]},
    }
    known["short_rows"] = True
    system.put("network/mapping.json", json.dumps(known).encode())
    station, time = known["station"]["column"], known["time"]["column"]
    rows = (
        f"{station},{time},what,value,unit,qc\nEWR,2013-01-01T00:00:00Z,temp,50,degF,G\nEWR,2013-01-01T01:00:00Z,temp,9,Cel,B\n"
        "EWR,2013-01-01T02:00:00Z,temp,8,Cel,G\n"
        "EWR,2013-01-01T03:00:00Z,temp,7,Cel\n"
        "EWR,2013-01-01T03:00:00Z,dir,SO,deg,G\nEWR,2013-01-01T03:00:00Z,rain,-1,mm,G\n"
    )
    system.put(KEY, rows.encode())
    system.deliver()
    assert system.entry(KEY).loading.state is LoadState.LOADED
    assert system.said()["EWR"]["air_temperature"] == {
        "2013-01-01T00:00:00Z": 10,
        "2013-01-01T01:00:00Z": 9,
        "2013-01-01T03:00:00Z": 7,
    }
    assert system.said()["EWR"]["wind_from_direction"] == {"2013-01-01T03:00:00Z": 135}
    assert system.said()["EWR"]["precipitation_amount:0:sum:PT1H"] == {"2013-01-01T03:00:00Z": 0}


def test_a_mapping_at_the_root_serves_every_folder(system: System) -> None:
    system.put(KEY, ROWS)
    system.deliver()
    system.put("mapping.json", mapping())
    system.deliver()
    assert system.entry(KEY).status is Status.OK


def test_of_two_mappings_in_a_folder_the_one_with_the_longer_pattern_speaks_of_a_file(system: System) -> None:
    system.put("network/a.json", mapping(files="2013*.csv"))
    system.put("network/b.json", mapping(files="*.csv", parameter_name="soil_temperature"))
    system.put("network/c.json", mapping(files="*.txt", parameter_name="surface_temperature"))
    for key in (KEY, "network/2014.csv"):
        system.put(key, ROWS)
    system.deliver()
    assert system.entry(KEY).mapping == "network/a.json"
    assert system.entry("network/2014.csv").mapping == "network/b.json"


def test_a_corrected_mapping_has_the_data_read_again(mapped: System) -> None:
    mapped.put(KEY, table(("EWR", "2013-01-01T00:00:00Z", 50)))
    mapped.deliver()
    assert mapped.said()["EWR"]["air_temperature"] == {"2013-01-01T00:00:00Z": 50}
    mapped.put("network/mapping.json", mapping(unit="degF"))
    mapped.deliver()
    assert mapped.said()["EWR"]["air_temperature"] == {"2013-01-01T00:00:00Z": 10}
    assert mapped.latest()["EWR"]["air_temperature"]["value"] == 10
    assert mapped.entry(KEY).revision == 2


def test_a_mapping_corrected_to_another_parameter_withdraws_the_wrong_one(mapped: System) -> None:
    mapped.put(KEY, ROWS)
    mapped.deliver()
    mapped.put("network/mapping.json", mapping(parameter_name="soil_temperature"))
    mapped.deliver()
    assert set(mapped.said()["EWR"]) == {"soil_temperature"}
    assert set(mapped.latest()["EWR"]) == {"soil_temperature"}


def test_a_mapping_deeper_down_takes_over_from_the_one_above_whichever_came_first(system: System) -> None:
    system.put("mapping.json", mapping(parameter_name="soil_temperature"))
    system.put(KEY, ROWS)
    system.deliver()
    system.put("network/mapping.json", mapping())
    system.deliver()
    assert system.entry(KEY).mapping == "network/mapping.json"
    assert set(system.said()["EWR"]) == {"air_temperature"}


def test_an_older_mapping_that_comes_late_does_not_replace_a_newer_one(system: System) -> None:
    older, newer = system.store("network/mapping.json", mapping(unit="degF")), system.store("network/mapping.json", mapping())
    upload(system, newer)
    upload(system, older)
    system.put(KEY, ROWS)
    system.deliver()
    assert system.said()["EWR"]["air_temperature"]["2013-01-01T00:00:00Z"] == 1.5


def test_the_event_of_a_mapping_twice_has_one_effect(mapped: System) -> None:
    """Its own mapping, which it has brought meanwhile, is no reason to read it again; nor is that of another."""
    record = mapped.put("network/other.json", mapping(files="*.txt"))
    mapped.deliver()
    mapped.put("network/mapping.json", mapping())
    mapped.deliver()
    before = mapped.items("FilesTable")
    mapped.tell(record)
    mapped.deliver()
    assert mapped.items("FilesTable") == before


def test_a_mapping_brings_no_deleted_file_back(mapped: System) -> None:
    mapped.put(KEY, ROWS)
    mapped.deliver()
    mapped.delete(KEY)
    mapped.put("network/mapping.json", mapping(unit="degF"))
    mapped.deliver()
    assert mapped.entry(KEY).status is Status.DELETED
    assert mapped.said() == {}


def test_a_mapping_that_is_overwritten_by_something_else_is_one_no_more(mapped: System) -> None:
    mapped.put("network/mapping.json", ROWS)
    mapped.put(KEY, ROWS)
    mapped.deliver()
    assert mapped.entry(KEY).status is Status.UNMAPPED


def test_a_mapping_with_faults_is_rejected_and_changes_no_file(mapped: System) -> None:
    mapped.put(KEY, ROWS)
    mapped.deliver()
    mapped.put("network/mapping.json", mapping(unit="furlongs"))
    mapped.deliver()
    faulty = mapped.entry("network/mapping.json")
    assert faulty.status is Status.REJECTED
    assert "unit" in str(faulty.rejects[0].column)
    assert mapped.entry(KEY).status is Status.OK


def upload_meanwhile(system: System, record: dict[str, Any], other: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivers a record, and another one just before the first one's entry is written."""
    files = system.modules["on_upload"].files
    real = files.put

    def put(entry: Any) -> None:
        monkeypatch.setattr(files, "put", real)
        upload(system, other)
        real(entry)

    monkeypatch.setattr(files, "put", put)
    upload(system, record)
    system.deliver()


def test_a_mapping_stored_while_a_file_is_read_is_not_missed(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mapping's own delivery looked for entries before this one was written."""
    record, mapping_record = system.store(KEY, ROWS), system.store("network/mapping.json", mapping())
    upload_meanwhile(system, record, mapping_record, monkeypatch)
    assert system.entry(KEY).status is Status.OK


def test_a_mapping_corrected_while_a_file_is_read_is_not_missed(mapped: System, monkeypatch: pytest.MonkeyPatch) -> None:
    record = mapped.store(KEY, table(("EWR", "2013-01-01T00:00:00Z", 50)))
    corrected = mapped.store("network/mapping.json", mapping(unit="degF"))
    upload_meanwhile(mapped, record, corrected, monkeypatch)
    assert mapped.said()["EWR"]["air_temperature"] == {"2013-01-01T00:00:00Z": 10}
    (column,) = [column for column in mapped.entry(KEY).columns if column.parameter]
    assert column.unit_received == "degF"


def test_a_deleted_mapping_no_longer_serves_new_files(mapped: System) -> None:
    mapped.delete("network/mapping.json")
    mapped.put(KEY, ROWS)
    mapped.deliver()
    assert mapped.entry(KEY).status is Status.UNMAPPED


def test_many_files_are_read_again_at_once(system: System) -> None:
    """More than one batch of messages."""
    for at in range(23):
        system.put(f"network/{at}.csv", ROWS)
    system.deliver()
    system.put("network/mapping.json", mapping())
    system.deliver()
    assert {entry.status for entry in system.entries()} == {Status.OK}


def test_an_unmapped_file_is_read_again_whatever_its_key(system: System) -> None:
    key = "network/a b+c%/気温.csv"
    system.put(key, ROWS)
    system.deliver()
    system.put("network/mapping.json", mapping())
    system.deliver()
    assert system.entry(key).status is Status.OK


def test_what_the_role_does_not_allow_fails_here_as_well(system: System) -> None:
    """Guards the guard: a call that the role does not allow fails here, too."""
    files = system.modules["on_upload"].files
    files.get = lambda _: files._client.scan(TableName=system.ref("FilesTable"))
    with pytest.raises(Denied, match="OnUploadFunction may not dynamodb:Scan on FilesTable"):
        upload(system, system.store(KEY, ROWS))
