"""What operators do to a running stack: comparing, sending dead letters back, reading again, bringing in history."""

from pathlib import Path

import pytest

from local import operations
from local.operations import Target
from mesonet.domain.file import file_id
from mesonet.domain.instant import Interval
from tests.builders import s3_message, s3_record
from tests.deployed import Deployed
from tests.e2e.test_ingest import MAPPING, eventually, temperatures

KEY = "tools/a.csv"
JANUARY = b"station,time,t\nTOOLS1,2024-01-01T00:00:00Z,1.5\nTOOLS1,2024-01-02T00:00:00Z,2.5\n"


@pytest.fixture(scope="module")
def at(deployed: Deployed) -> Target:
    deployed.put("tools/mapping.json", MAPPING)
    deployed.put(KEY, JANUARY)
    return Target(deployed.said, deployed.client)


@pytest.fixture
def told() -> list[str]:
    """What the operator reads."""
    return []


def revision(deployed: Deployed, key: str) -> int:
    """0 where it is not there, or not loaded yet."""
    found = deployed.catalogue.get(f"/files/{file_id(deployed.catalogue.bucket, key)}")
    return int(found["revision"]) if found and found["loading"]["state"] == "loaded" else 0


def test_files_are_read_again_on_a_running_stack(deployed: Deployed, at: Target, told: list[str]) -> None:
    before = revision(deployed, KEY)
    assert operations.replay(at, prefix=KEY, period=Interval(), rate=100, say=told.append) == 1
    assert told == [f"1 file below {KEY!r} is read again"]
    eventually(lambda: revision(deployed, KEY) == before + 1)
    assert [value for _, value in temperatures(deployed, "TOOLS1")] == [1.5, 2.5]


def test_dead_letters_of_a_running_stack_are_sent_back(deployed: Deployed, at: Target, told: list[str]) -> None:
    key = "tools/b.csv"
    before = deployed.put(key, b"station,time,t\nTOOLS2,2024-01-01T00:00:00Z,1.5\n")["revision"]
    record = s3_record(key, bucket=deployed.catalogue.bucket)
    record["s3"]["object"]["sequencer"] = "F" * 16  # newer than what the local cloud has told
    at.client("sqs").send_message(QueueUrl=at.said["UploadsDeadLetterQueue"], MessageBody=s3_message(record))
    operations.redrive(at, rate=100, dry=True, say=told.append)
    assert any(line.split() == ["UploadsDeadLetterQueue", "1", "waiting"] for line in told)
    told.clear()
    assert operations.redrive(at, rate=100, dry=False, say=told.append)["UploadsDeadLetterQueue"] == 1
    assert any(line.split() == ["UploadsDeadLetterQueue", "1", "sent", "back"] for line in told)
    eventually(lambda: revision(deployed, key) == before + 1)


def test_what_a_running_stack_has_lost_is_found_and_mended(deployed: Deployed, at: Target, told: list[str]) -> None:
    identifier = file_id(deployed.catalogue.bucket, KEY)
    at.client("dynamodb").delete_item(TableName=at.said["FilesTable"], Key={"file_id": {"S": identifier}})
    eventually(lambda: deployed.ask(f"/files/{identifier}").status == 404)
    mended = operations.reconcile(at, settled_s=0, say=told.append)
    assert mended.total() >= 1, told
    assert told[-1].startswith("mended: ")
    eventually(lambda: revision(deployed, KEY))
    assert [value for _, value in temperatures(deployed, "TOOLS1")] == [1.5, 2.5]


def test_history_comes_in_beside_what_is_live(deployed: Deployed, at: Target, tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "2023.csv").write_bytes(b"station,time,t\nTOOLS1,2023-12-31T00:00:00Z,0.5\n")
    (tmp_path / "old" / "2024.csv").write_bytes(b"station,time,t\nTOOLS1,2024-01-01T00:00:00Z,99\n")
    assert operations.backfill(at, tmp_path, prefix="tools/", say=told.append) == 2
    assert told == [f"2 files of {tmp_path} are in the archive as history"]
    eventually(lambda: all(revision(deployed, f"tools/old/{year}.csv") for year in (2023, 2024)))
    assert [value for _, value in temperatures(deployed, "TOOLS1")] == [1.5, 2.5]
    said = deployed.ask("/stations/TOOLS1/observations", datetime="2023-12-31").json
    assert said["parameters"]["air_temperature"]["values"] == [0.5]
