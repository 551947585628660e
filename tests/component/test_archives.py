"""Zip archives: each file in one has an entry of its own, which follows the archive through replacement, deletion, disorder."""

import gzip

import pytest

from mesonet.domain.file import LoadState, Status
from tests.builders import failed, mapping, s3_message, sqs_event, table, zipped
from tests.system import System

KEY = "network/2013.zip"
ROWS = table(("EWR", "2013-01-01T00:00:00Z", 1.5), ("EWR", "2013-01-01T01:00:00Z", 2.5))
OTHERS = table(("JFK", "2013-01-02T00:00:00Z", 7))


def told(system: System) -> dict[str, tuple[Status, int]]:
    """Status and rows of all entries but the mapping's."""
    return {entry.key: (entry.status, entry.rows) for entry in system.entries() if not entry.key.endswith("mapping.json")}


def test_each_file_in_an_archive_is_catalogued_and_loaded_as_if_put_by_itself(mapped: System) -> None:
    mapped.put(KEY, zipped({"a.csv": ROWS, "deep/er/b.csv.gz": gzip.compress(OTHERS), "readme.txt": b"hello"}))
    mapped.deliver()
    assert told(mapped) == {
        KEY: (Status.OK, 3),
        f"{KEY}!/a.csv": (Status.OK, 2),
        f"{KEY}!/deep/er/b.csv.gz": (Status.OK, 1),
        f"{KEY}!/readme.txt": (Status.UNKNOWN, 0),
    }
    archive, member = mapped.entry(KEY), mapped.entry(f"{KEY}!/a.csv")
    assert (archive.format, archive.members) == ("zip", ("a.csv", "deep/er/b.csv.gz", "readme.txt"))
    assert archive.loading.state is LoadState.NONE
    assert (member.member, member.object_key, member.size, member.version_id) == ("a.csv", KEY, len(ROWS), archive.version_id)
    assert (member.loading.state, member.mapping) == (LoadState.LOADED, "network/mapping.json")
    assert set(mapped.latest()) == {"EWR", "JFK"}


def test_an_archive_that_is_replaced_takes_away_the_files_that_it_has_no_more(mapped: System) -> None:
    mapped.put(KEY, zipped({"a.csv": ROWS, "b.csv": OTHERS}))
    mapped.deliver()
    mapped.put(KEY, zipped({"b.csv": OTHERS, "c.csv": ROWS}))
    mapped.deliver()
    assert {key: status for key, (status, _) in told(mapped).items()} == {
        KEY: Status.OK,
        f"{KEY}!/a.csv": Status.DELETED,
        f"{KEY}!/b.csv": Status.OK,
        f"{KEY}!/c.csv": Status.OK,
    }
    assert mapped.entry(f"{KEY}!/b.csv").revision == 2


def test_a_deleted_archive_takes_its_files_along(mapped: System) -> None:
    mapped.put(KEY, zipped({"a.csv": ROWS, "b.csv": OTHERS}))
    mapped.deliver()
    mapped.delete(KEY)
    mapped.deliver()
    assert {status for status, _ in told(mapped).values()} == {Status.DELETED}
    assert mapped.said() == {}


def test_an_archive_that_becomes_a_table_has_no_files_any_more(mapped: System) -> None:
    mapped.put(KEY, zipped({"a.csv": ROWS}))
    mapped.deliver()
    mapped.put(KEY, OTHERS)
    mapped.deliver()
    assert told(mapped) == {KEY: (Status.OK, 1), f"{KEY}!/a.csv": (Status.DELETED, 2)}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_in_whichever_order_two_versions_are_read_the_newer_one_stands(mapped: System, order: tuple[int, int]) -> None:
    versions = [mapped.store(KEY, zipped({"a.csv": ROWS, "b.csv": OTHERS})), mapped.store(KEY, zipped({"b.csv": ROWS}))]
    for number in order:
        assert failed(mapped.invoke("on_upload", sqs_event(s3_message(versions[number])))) == []
    mapped.deliver()
    statuses = {key: status for key, (status, _) in told(mapped).items()}
    assert statuses.pop(f"{KEY}!/a.csv", Status.DELETED) is Status.DELETED
    assert statuses == {KEY: Status.OK, f"{KEY}!/b.csv": Status.OK}
    assert mapped.entry(f"{KEY}!/b.csv").rows == 2


def test_the_same_event_twice_has_one_effect(mapped: System) -> None:
    record = mapped.store(KEY, zipped({"a.csv": ROWS}))
    mapped.tell(record)
    mapped.deliver()
    once = mapped.items("FilesTable")
    mapped.tell(record, record)
    mapped.deliver()
    assert mapped.items("FilesTable") == once


def test_a_mapping_that_comes_later_is_for_the_files_in_archives_too(system: System) -> None:
    system.put(KEY, zipped({"a.csv": ROWS}))
    system.deliver()
    assert system.entry(f"{KEY}!/a.csv").status is Status.UNMAPPED
    system.put("network/mapping.json", mapping())
    system.deliver()
    entry = system.entry(f"{KEY}!/a.csv")
    assert (entry.status, entry.loading.state, entry.member) == (Status.OK, LoadState.LOADED, "a.csv")


def test_a_mapping_may_lie_in_the_archive_itself(system: System) -> None:
    system.put(KEY, zipped({"mapping.json": mapping(), "a.csv": ROWS}))
    system.put("network/outside.csv", ROWS)
    system.deliver()
    assert system.entry(f"{KEY}!/a.csv").status is Status.OK
    assert system.entry("network/outside.csv").status is Status.UNMAPPED


def test_names_that_lead_out_of_the_archive_touch_nothing(mapped: System) -> None:
    mapped.put("network/other.csv", OTHERS)
    mapped.put(KEY, zipped({"../other.csv": ROWS, "/abs.csv": ROWS, "ok.csv": ROWS}))
    mapped.deliver()
    assert mapped.entry(KEY).status is Status.PARTIAL
    assert set(told(mapped)) == {KEY, f"{KEY}!/ok.csv", "network/other.csv"}
    assert mapped.entry("network/other.csv").stations == {"JFK": 1}


@pytest.mark.parametrize("archive", [KEY, f"{'n' * 1020}.zip"])
def test_a_name_that_makes_no_key_is_rejected_with_the_reason_and_one_that_just_does_is_read(
    system: System, archive: str
) -> None:
    """A key of S3 has 1,024 bytes at most, as has one that a table of DynamoDB is sorted by (UTF-8)."""
    free = 1024 - len(f"{archive}!/")
    longest = "気" * (free // 3) + "x" * (free % 3) if free > 0 else "x"
    system.put(archive, zipped({longest: b"hello", f"{longest}x": b"hello"}))
    system.deliver()
    entry = system.entry(archive)
    fits = [f"{archive}!/{longest}"] if free > 0 else []
    assert {each.key for each in system.entries()} == {archive, *fits}
    assert {each.reason for each in entry.rejects} == {
        "the name is too long: with the archive's key before it, it may have 1024 bytes; shorten one of them"
    }
    assert (len(entry.rejects), entry.status) == ((1, Status.PARTIAL) if fits else (2, Status.REJECTED))
