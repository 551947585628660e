"""Files of more stations than an entry lists are found by each of them."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from mesonet.domain import search
from mesonet.formats import survey
from mesonet.stores import postings
from mesonet.stores.files import to_image
from tests.builders import ghcn
from tests.component.test_reindex import reindex
from tests.system import System
from tests.unit.web.requests import event

NAMES = [f"USW0000000{number}" for number in range(4)]


@pytest.fixture(autouse=True)
def two_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (survey, search, postings):
        monkeypatch.setattr(module, "STATIONS_LISTED", 2)


def ask(system: System, **query: str) -> dict[str, Any]:
    answer = system.invoke("api_weather", event(f"/search?{urlencode(query)}"))
    assert answer["statusCode"] == 200
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def test_a_file_is_found_by_a_station_that_its_entry_does_not_list_once_it_is_loaded(system: System) -> None:
    system.put("ghcn/2013.csv", ghcn(*((name, "20130101", "TMAX", 10) for name in NAMES)))
    system.put("ghcn/2014.csv", ghcn(*((name, "20140101", "TMAX", 10) for name in NAMES[:2])))
    system.deliver()
    entry = system.entry("ghcn/2013.csv")
    assert (list(entry.stations), entry.station_count) == (NAMES[:2], 4)
    found = {name: [each["key"] for each in ask(system, station=name)["results"]] for name in [*NAMES, "USW00000004"]}
    both = ["ghcn/2014.csv", "ghcn/2013.csv"]
    assert found == dict(zip(NAMES, (both, both, both[1:], both[1:]), strict=True)) | {"USW00000004": []}
    assert ask(system, facets="station")["complete"] is False
    system.delete("ghcn/2013.csv")
    system.deliver()
    assert ask(system, station=NAMES[3])["results"] == []
    assert ask(system, facets="station")["complete"] is True


def test_a_file_whose_entry_does_not_count_its_further_stations_is_found_by_them_once_the_index_is_made_anew(
    system: System,
) -> None:
    """Earlier releases counted, of a file that was read in several calls, no more stations than its entry lists."""
    system.put("ghcn/2013.csv", ghcn(*((name, "20130101", "TMAX", 10) for name in NAMES)))
    system.deliver()
    for item in system.items("SearchTable"):
        key = {name: {"S": item[name]} for name in ("term", "place")}
        system.dynamodb.delete_item(TableName=system.ref("SearchTable"), Key=key)
    entry = replace(system.entry("ghcn/2013.csv"), station_count=2)
    system.dynamodb.put_item(TableName=system.ref("FilesTable"), Item=to_image(entry))
    reindex(system)
    assert [each["key"] for each in ask(system, station=NAMES[3], status="ok")["results"]] == ["ghcn/2013.csv"]
    assert ask(system, facets="station")["complete"] is False
