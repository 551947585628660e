"""JobReindexFunction and OnStationChangeFunction: the index can be made anew, online, and knows the stations."""

from typing import Any

import pytest

from mesonet.domain.search import Kind, SearchQuery
from mesonet.stores import file_index
from mesonet.stores.postings import Listed
from tests.builders import mapping, table
from tests.system import System

ONE = table(("EWR", "2013-01-01T00:00:00Z", 1), ("JFK", "2013-01-01T00:00:00Z", 2))
STATIONS = b"station_id,name,latitude,longitude\nEWR,Newark,40.7,-74.2\nJFK,Kennedy,40.6,-73.8\n"


def fill(system: System) -> None:
    for key, body in (("stations.csv", STATIONS), ("n/mapping.json", mapping()), ("n/a.csv", ONE), ("n/b.csv", ONE)):
        system.put(key, body)
    system.delete("n/b.csv")
    system.deliver()
    system.index_stations()


def index(system: System) -> list[dict[str, Any]]:
    return sorted(system.items("SearchTable"), key=lambda item: (item["term"], item["place"]))


def reindex(system: System) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    while not answer.get("done"):
        answer = system.invoke("job_reindex", answer)
    return answer


def find(system: System, **query: Any) -> list[str]:
    found = system.modules["api_weather"].catalogue_shelf().search.search(SearchQuery(**query))
    return [each.title for each in found.documents]


def test_stations_are_found_as_soon_as_they_are_known(system: System) -> None:
    fill(system)
    assert find(system, words=("newark",)) == ["Newark"]
    assert find(system, kind=Kind.STATION) == ["Kennedy", "Newark"]


def test_a_lost_index_is_made_anew_from_the_catalogue(system: System) -> None:
    fill(system)
    before, counters = index(system), system.counters()
    for item in before:
        system.dynamodb.delete_item(
            TableName=system.ref("SearchTable"), Key={name: {"S": item[name]} for name in ("term", "place")}
        )
    assert index(system) == []
    assert reindex(system) == {
        "done": True, "stage": "done", "start": None, "index": "", "files": 4, "stations": 2, "removed": 0
    }  # fmt: skip
    assert index(system) == before
    assert system.counters() == counters


def test_postings_that_no_file_has_any_more_are_swept_away(system: System) -> None:
    fill(system)
    before = index(system)
    (posting,) = [item for item in before if item["term"] == "station#EWR" and '"n/a.csv"' in item["document"]]
    system.dynamodb.put_item(
        TableName=system.ref("SearchTable"),
        Item=Listed("format#wrong").key(posting["place"]) | {"document": {"S": posting["document"]}},
    )
    assert reindex(system)["removed"] == 1
    assert index(system) == before


def test_a_job_that_was_cut_off_goes_on_and_a_second_run_changes_nothing(system: System) -> None:
    fill(system)
    before = index(system)
    for call in range(1, 8):
        with system.crash_before_call(call):
            system.invoke("job_reindex", {})
        reindex(system)
        assert index(system) == before


def test_a_record_of_a_station_that_cannot_be_understood_is_set_aside(system: System) -> None:
    fill(system)
    records = system.history(table="StationsTable")
    del records[0]["dynamodb"]["NewImage"]["source"]
    assert system.invoke("on_station_change", {"Records": records}) == {"batchItemFailures": []}
    (dead,) = system.bodies("StationChangesDeadLetterQueue")
    assert dead["reason"] == "KeyError: 'source'"


def test_counters_that_an_earlier_release_did_not_keep_are_brought(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        shares = file_index._shares
        earlier.setattr(
            file_index, "_shares", lambda entry: {term: each for term, each in shares(entry).items() if "reason#" not in term}
        )
        fill(system)
        system.put("n/c.csv", table(("EWR", "2013-01-01T00:00:00Z", "warm")))
        system.deliver()
    before = system.counters()
    reindex(system)
    assert system.counters() == before | {"reason#not a number": (1, 1, system.entry("n/c.csv").size)}
