"""`/search` answers the same over HTTP, whichever engine keeps the index: documents, order, pages, facets, mistakes."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from mesonet.domain.file import Status
from mesonet.domain.search import file_document, station_document
from mesonet.record import replace
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.opensearch import OpenSearchStore
from mesonet.stores.search import SearchStore
from tests import search_server
from tests.builders import file_entry, station
from tests.system import System
from tests.unit.web.requests import event, pages

FILES = [
    file_entry(
        at,
        key=("nyc/2013/Newark_{}.csv", "Zürich/Größe-{}.json", "東京/気温-{}.csv")[at % 3].format(at),
        format=("csv", "open-meteo", "csv")[at % 3],
        status=Status.PARTIAL if at % 4 == 0 else Status.OK,
        size=at * 7 % 5,
        stations={("EWR", "SMA", "47662")[at % 3]: 1},
        bbox=((-74.2, 40.6, -74.1, 40.7), (8.5, 47.3, 8.6, 47.4), (139.7, 35.6, 139.8, 35.7))[at % 3],
    )
    for at in range(9)
]
FOLDED = [
    file_entry(20 + at, key=key, format="toa5", stations={}, columns=(), bbox=None, first=None, last=None)
    for at, key in enumerate(
        (
            "Łódź/Straße 7.dat",
            "Tromsǿ_Æbleø.dat",
            "Đà Nẵng.dat",
            "मौसम/दिल्ली.dat",
            "雪.dat",
            "weather newark.dat",
            "서울관측소.dat",
        )
    )
]
STATIONS = [
    station_document(each, order="2#2026-01-01T00:00:01.000Z|")
    for each in (station("EWR"), station("SMA", name="Zürich", latitude=47.4, longitude=8.55))
]

CASES: list[tuple[dict[str, str], list[int | str]]] = [  # files by their number, the last that came first; stations by name
    ({"type": "file"}, [26, 25, 24, 23, 22, 21, 20, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
    ({}, [26, 25, 24, 23, 22, 21, 20, 8, 7, 6, 5, 4, 3, 2, 1, 0, "SMA", "EWR"]),
    ({"q": "NEWARK 2013", "type": "file"}, [6, 3, 0]),
    ({"q": "zurich grosse", "type": "file"}, [7, 4, 1]),
    ({"q": "zürich größe"}, [7, 4, 1]),
    ({"q": "ZURICH"}, [7, 4, 1, "SMA"]),
    ({"q": "zur*", "type": "file"}, [7, 4, 1]),
    ({"q": "東京"}, [8, 5, 2]),
    ({"q": "nyc/2013/Newark_3.csv"}, [3]),
    ({"station": "EWR"}, [6, 3, 0, "EWR"]),
    ({"format": "csv", "status": "partial"}, [8, 0]),
    ({"format": "csv", "q": "東京", "facets": "status,station"}, [8, 5, 2]),
    ({"datetime": "1999-01-01"}, []),
    ({"bbox": "8,47,9,48", "type": "file"}, [7, 4, 1]),
    ({"bbox": "170,47,-170,48"}, []),
    ({"sort": "size", "datetime": "2013"}, [0, 5, 3, 8, 1, 6, 4, 2, 7]),
    ({"sort": "-size", "datetime": "2013"}, [7, 2, 4, 6, 1, 8, 3, 5, 0]),
    ({"sort": "title", "datetime": "2013"}, [1, 4, 7, 0, 3, 6, 2, 5, 8]),
    ({"sort": "received_at", "datetime": "2013"}, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ({"status": "deleted"}, []),
    ({"q": "lodz strasse"}, [20]),
    ({"q": "ŁÓDŹ straße"}, [20]),
    ({"q": "strasse 7", "format": "toa5"}, [20]),
    ({"q": "strasse 8"}, []),
    ({"q": "tromso aebleo"}, [21]),
    ({"q": "TROMSØ æbl*"}, [21]),
    ({"q": "da nang"}, [22]),
    ({"q": "đà nẵng"}, [22]),
    ({"q": "दिल्ली"}, [23]),
    ({"q": "मौ*"}, [23]),
    ({"q": "雪"}, [24]),
    ({"q": "京", "type": "file"}, [8, 5, 2]),
    ({"q": "気温"}, [8, 5, 2]),
    ({"q": "東京気"}, []),
    ({"q": "京東"}, []),
    ({"q": "관측"}, [26]),
    ({"q": "서울관측소"}, [26]),
    ({"q": "서울측"}, []),
    ({"q": '"東京 気温"'}, [8, 5, 2]),
    ({"q": '"気温 東京"'}, []),
    ({"q": "weather newark"}, [25]),
    ({"q": '"weather newark"'}, [25]),
    ({"q": '"newark weather"'}, []),
    ({"q": "“2013 newark”"}, [6, 3, 0]),
    ({"q": '"2013 new*"'}, [6, 3, 0]),
    ({"q": '"2013 ark*"'}, []),
    ({"q": '"2013 newar"'}, []),
    ({"q": '"newark'}, [25, 6, 3, 0, "EWR"]),
    ({"q": "new*.csv"}, [6, 3, 0]),
    ({"q": "*.csv 東京"}, [8, 5, 2]),
]
MISTAKES = [
    {"q": "!"},
    {"q": "*"},
    {"q": '""'},
    {"q": "*ark"},
    {"q": "new*ark"},
    {"q": '"new* 2013"'},
    {"q": " ".join(f"word{at}" for at in range(40))},
    {"bbox": "1,2,3"},
    {"bbox": "8,48,9,47"},
    {"datetime": "yesterday"},
    {"datetime": "2013-02-30"},
    {"facets": "colour"},
    {"sort": "colour"},
    {"status": "good"},
    {"type": "bucket"},
    {"limit": "0"},
    {"cursor": "W10"},
    {"colour": "red"},
]


@pytest.fixture(scope="module")
def world() -> Iterator[System]:
    with System() as system:
        yield system


@pytest.fixture(scope="module", params=["dynamodb", "opensearch"])
def api(request: pytest.FixtureRequest, world: System) -> Iterator[System]:
    """The API, with one engine behind it."""
    handler = world.modules["api_weather"]
    tables = world.ref("SearchTable"), world.ref("FileCountersTable")
    if request.param == "dynamodb":
        index = FileIndexStore(*tables, client=world.dynamodb)
        assert index.apply([*FILES, *FOLDED]) == {}
        store = SearchStore(tables[0], client=world.dynamodb, counters=index)
        for each in STATIONS:
            store.put_station(each, None)
        yield world
        return
    if not search_server.can_be_had():
        pytest.skip(search_server.NEEDS_JAVA)
    send = search_server.send(search_server.address())
    server = OpenSearchStore(search_server.index_name(), send=send)
    assert server.write([*map(file_document, [*FILES, *FOLDED]), *STATIONS]) == {}
    send("POST", "/_refresh", b"", "application/json")
    with pytest.MonkeyPatch.context() as patch:
        shelf = replace(handler.catalogue_shelf(), search=server)
        patch.setattr(handler, "catalogue_shelf", lambda: shelf)
        yield world


def ask(world: System, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
    answer = world.invoke("api_weather", event(f"/search?{urlencode(query)}"))
    return answer["statusCode"], json.loads(answer["body"])


def named(result: dict[str, Any]) -> int | str:
    if result["type"] == "station":
        return str(result["id"])
    return next(at for at, each in [*enumerate(FILES), *enumerate(FOLDED, 20)] if each.id == result["id"])


@pytest.mark.parametrize(("query", "expected"), CASES, ids=lambda value: str(value) if isinstance(value, dict) else "")
@pytest.mark.parametrize("limit", [1000, 2])
def test_pages_are_the_answer_in_its_order(api: System, query: dict[str, str], expected: list[int | str], limit: int) -> None:
    found: list[int | str] = []
    for answer in pages(api, f"/search?{urlencode(query | {'limit': str(limit)})}"):
        assert answer["statusCode"] == 200, answer["body"]
        said = json.loads(answer["body"])
        assert said["complete"]
        assert said["count"] == len(said["results"]) <= limit
        found += map(named, said["results"])
    assert found == expected


def test_facets_are_counted_over_all_pages(api: System) -> None:
    _, said = ask(api, {"q": "東京", "limit": "1", "facets": "type,format,status,station,day"})
    assert {name: {each["value"]: each["count"] for each in values} for name, values in said["facets"].items()} == {
        "type": {"file": 3},
        "format": {"csv": 3},
        "status": {"ok": 2, "partial": 1},
        "station": {"47662": 3},
        "day": {FILES[0].received_at[:10]: 3},
    }


@pytest.mark.parametrize("query", MISTAKES, ids=str)
def test_a_mistake_is_answered_with_the_parameter_and_what_is_allowed(api: System, query: dict[str, str]) -> None:
    (name,) = query
    status, said = ask(api, query)
    assert status == 400, said
    assert said["parameter"] == name
    assert said["detail"]
