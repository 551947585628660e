"""What search promises, whichever engine keeps the index."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Protocol

import pytest

from mesonet.domain.file import ColumnFacts, FileEntry, Loading, Status
from mesonet.domain.instant import interval
from mesonet.domain.search import (
    Kind,
    SearchDocument,
    SearchPage,
    SearchQuery,
    Sort,
    asked_words,
    file_document,
    station_document,
)
from mesonet.domain.station import BoundingBox
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.manifests import Manifest, ManifestsStore
from mesonet.stores.opensearch import MAPPING, OpenSearchStore
from mesonet.stores.search import SearchStore
from tests import search_server, template
from tests.builders import file_entry, station
from tests.system import System


class Engine(Protocol):
    def apply(self, entries: Sequence[FileEntry]) -> None: ...
    def put_station(self, document: SearchDocument | None, former: SearchDocument | None) -> None: ...
    def search(self, query: SearchQuery) -> SearchPage: ...


@dataclass
class Tables:
    """The default engine: postings in DynamoDB."""

    index: FileIndexStore
    store: SearchStore

    def apply(self, entries: Sequence[FileEntry]) -> None:
        assert self.index.apply(entries) == {}

    def put_station(self, document: SearchDocument | None, former: SearchDocument | None) -> None:
        self.store.put_station(document, former)

    def search(self, query: SearchQuery) -> SearchPage:
        return self.store.search(query)


@pytest.fixture(scope="module")
def world() -> Iterator[System]:
    with System() as system:
        yield system


_NUMBERS = count()


def in_tables(world: System) -> Engine:
    names = [f"{name}-{next(_NUMBERS)}" for name in ("SearchTable", "FileCountersTable")]
    for name in names:
        world.make_table(name, template.resources("AWS::DynamoDB::Table")[name.partition("-")[0]]["Properties"])
    index = FileIndexStore(*names, client=world.dynamodb)
    return Tables(index, SearchStore(names[0], client=world.dynamodb, counters=index, among=manifests(world).stations_among))


def manifests(world: System) -> ManifestsStore:
    return ManifestsStore(world.ref("ObservationsTable"), client=world.dynamodb)


@dataclass
class Server:
    """The engine for large catalogues: an index of its own in a real OpenSearch server."""

    store: OpenSearchStore
    address: str

    def apply(self, entries: Sequence[FileEntry]) -> None:
        assert self.store.write([file_document(each) for each in entries]) == {}
        self._refresh()

    def put_station(self, document: SearchDocument | None, former: SearchDocument | None) -> None:
        assert (self.store.write([document]) if document else self.store.erase([former] if former else [])) == {}
        self._refresh()

    def search(self, query: SearchQuery) -> SearchPage:
        return self.store.search(query)

    def _refresh(self) -> None:
        search_server.send(self.address)("POST", "/_refresh", b"", "application/json")


def in_opensearch(world: System) -> Engine:
    if not search_server.can_be_had():
        pytest.skip(search_server.NEEDS_JAVA)
    address = search_server.address()
    send, among = search_server.send(address), manifests(world).stations_among
    return Server(OpenSearchStore(search_server.index_name(), send=send, among=among), address)


ENGINES: dict[str, Callable[[System], Engine]] = {"dynamodb": in_tables, "opensearch": in_opensearch}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, world: System) -> Engine:
    """An index of its own, empty."""
    return ENGINES[request.param](world)


def measured(*names: str) -> tuple[ColumnFacts, ...]:
    return tuple(ColumnFacts(name=name, kind="number", parameter=name) for name in names)


NEWARK = file_entry(
    1,
    key="nyc/2013/Newark_weather.csv",
    format="csv",
    size=300,
    stations={"EWR": 10},
    columns=measured("air_temperature", "wind_speed"),
    bbox=(-74.2, 40.6, -74.1, 40.7),
)
JULY = file_entry(
    2,
    key="nyc/2013/07/all-stations.csv",
    format="csv",
    size=900,
    stations={"EWR": 5, "JFK": 5, "LGA": 5},
    columns=measured("air_temperature:2:maximum:P1D"),
    first=interval("2013-07-01").start,
    last=interval("2013-07-31").end,
)
ZURICH = file_entry(
    3, key="Zürich/pressure.json", format="open-meteo", status=Status.PARTIAL, size=20, stations={"SMA": 3},
    columns=measured("air_pressure"), bbox=(8.5, 47.3, 8.6, 47.4),
)  # fmt: skip
BROKEN = file_entry(4, key="nyc/broken.bin", format=None, status=Status.UNKNOWN, stations={}, first=None, last=None, size=1)
GONE = file_entry(5, key="nyc/2013/gone.csv", status=Status.DELETED, loading=Loading(), stations={"EWR": 1})
ALL = (NEWARK, JULY, ZURICH, BROKEN, GONE)
EWR = station_document(station("EWR", wigos_id="0-840-0-KEWR"), order="2#2026-01-01T00:00:01.000Z|")
JFK = station_document(
    station("JFK", name="John F Kennedy", latitude=40.64, longitude=-73.78), order="2#2026-01-01T00:00:01.000Z|"
)


def fill(engine: Engine) -> Engine:
    engine.apply(ALL)
    for each in (EWR, JFK):
        engine.put_station(each, None)
    return engine


@pytest.fixture
def filled(engine: Engine) -> Engine:
    return fill(engine)


@pytest.fixture(scope="module", params=ENGINES)
def standing(request: pytest.FixtureRequest, world: System) -> Engine:
    """Filled once, for all who only look."""
    return fill(ENGINES[request.param](world))


BATCH = [
    file_entry(at, key=f"batch/{at * 7 % 10}.csv", size=at % 3, status=(Status.OK, Status.PARTIAL)[at % 2]) for at in range(10)
]


@pytest.fixture(scope="module", params=ENGINES)
def of_ten(request: pytest.FixtureRequest, world: System) -> Engine:
    engine = ENGINES[request.param](world)
    engine.apply(BATCH)
    return engine


def keys(page: SearchPage) -> list[str]:
    return [each.title for each in page.documents]


def ask(engine: Engine, q: str = "", **given: Any) -> list[str]:
    words, prefixes, phrases = asked_words(q)
    return keys(engine.search(SearchQuery(words=words, prefixes=prefixes, phrases=phrases, **given)))


@pytest.mark.parametrize(
    ("q", "given", "expected"),
    [
        ("", {"kind": Kind.FILE}, [BROKEN.key, ZURICH.key, JULY.key, NEWARK.key]),
        ("", {"kind": Kind.STATION}, ["John F Kennedy", "Newark"]),
        ("newark", {}, [NEWARK.key, "Newark"]),
        ("NEWARK 2013", {}, [NEWARK.key]),
        ("zurich", {}, [ZURICH.key]),
        ("ZÜRICH", {}, [ZURICH.key]),
        ("new*", {}, [NEWARK.key, "Newark"]),
        ("2013 wea*", {}, [NEWARK.key]),
        ("all-stations", {}, [JULY.key]),
        ("nothing", {}, []),
        ("2013 nothing", {}, []),
        ("ewr", {}, [JULY.key, NEWARK.key, "Newark"]),
        ("temperature", {}, [JULY.key, NEWARK.key]),
        ("pressure", {}, [ZURICH.key]),
        ("temp* 07", {}, [JULY.key]),
        ("kennedy", {}, ["John F Kennedy"]),
        ("", {"station": "JFK"}, [JULY.key, "John F Kennedy"]),
        ("", {"station": "JFK", "kind": Kind.FILE}, [JULY.key]),
        ("", {"station": "nowhere"}, []),
        ("", {"format": "csv"}, [JULY.key, NEWARK.key]),
        ("", {"format": "csv", "station": "JFK"}, [JULY.key]),
        ("", {"standard_name": "air_temperature"}, [JULY.key, NEWARK.key]),
        ("", {"standard_name": "wind_speed"}, [NEWARK.key]),
        ("", {"status": "partial"}, [ZURICH.key]),
        ("", {"status": "deleted"}, [GONE.key]),
        ("gone", {}, []),
        ("", {"status": "ok", "format": "csv", "station": "EWR"}, [JULY.key, NEWARK.key]),
        ("", {"interval": interval("2013-07-15")}, [JULY.key]),
        ("", {"interval": interval("2013-01-01/2013-01-02")}, [ZURICH.key, NEWARK.key]),
        ("", {"box": BoundingBox(8, 47, 9, 48)}, [ZURICH.key]),
        ("", {"box": BoundingBox(170, 47, -73.9, 48), "kind": Kind.FILE}, []),
        ("", {"box": BoundingBox(-75, 40, -73, 41), "nearby": frozenset({"EWR", "JFK"})},
         [JULY.key, NEWARK.key, "John F Kennedy", "Newark"]),
        ("2013", {"box": BoundingBox(-73.8, 40, -73, 41), "nearby": frozenset({"JFK"})}, [JULY.key]),
        ("", {"kind": Kind.FILE, "sort": Sort.OLDEST}, [NEWARK.key, JULY.key, ZURICH.key, BROKEN.key]),
        ("", {"kind": Kind.FILE, "sort": Sort.SIZE_DOWN}, [JULY.key, NEWARK.key, ZURICH.key, BROKEN.key]),
        ("", {"kind": Kind.FILE, "sort": Sort.SIZE}, [BROKEN.key, ZURICH.key, NEWARK.key, JULY.key]),
        ("2013", {"sort": Sort.TITLE}, [JULY.key, NEWARK.key]),
        ("2013", {"sort": Sort.TITLE_DOWN}, [NEWARK.key, JULY.key]),
    ],
)  # fmt: skip
def test_what_fits_is_found_and_nothing_else(standing: Engine, q: str, given: dict[str, Any], expected: list[str]) -> None:
    assert ask(standing, q, **given) == expected


def test_a_list_shows_what_the_catalogue_says(standing: Engine) -> None:
    (found,) = standing.search(SearchQuery(words=("newark",), kind=Kind.FILE)).documents
    assert (found.shown["id"], found.shown["key"], found.shown["size"], found.shown["rows"]) == (NEWARK.id, NEWARK.key, 300, 2)
    assert (found.shown["status"], found.shown["format"], found.shown["bucket"]) == ("ok", "csv", NEWARK.bucket)
    assert (found.first, found.last, found.received_at) == (NEWARK.first, NEWARK.last, NEWARK.received_at)


def test_a_replaced_file_is_found_by_what_it_is_now(filled: Engine) -> None:
    new = replace(NEWARK, sequencer=file_entry(9).sequencer, stations={"LGA": 1}, received_at=file_entry(9).received_at, size=7)
    filled.apply([new])
    assert ask(filled, station="EWR", kind=Kind.FILE) == [JULY.key]
    assert ask(filled, station="LGA", kind=Kind.FILE) == [NEWARK.key, JULY.key]
    assert ask(filled, "weather") == [NEWARK.key]


def test_a_deleted_file_leaves_every_list_but_that_of_the_deleted(filled: Engine) -> None:
    gone = replace(NEWARK, sequencer=file_entry(9).sequencer, status=Status.DELETED, received_at=file_entry(9).received_at)
    filled.apply([gone])
    assert ask(filled, "newark", kind=Kind.FILE) == []
    assert ask(filled, format="csv") == [JULY.key]
    assert ask(filled, status="deleted") == [NEWARK.key, GONE.key]


def test_states_may_come_twice_late_and_in_any_order(filled: Engine) -> None:
    new = replace(NEWARK, sequencer=file_entry(9).sequencer, stations={"LGA": 1})
    filled.apply([new])
    for late in (NEWARK, new, NEWARK):
        filled.apply([late])
    assert ask(filled, station="EWR", kind=Kind.FILE) == [JULY.key]
    assert ask(filled, station="LGA", kind=Kind.FILE) == [JULY.key, NEWARK.key]


def test_a_station_is_found_by_its_present_name(filled: Engine) -> None:
    renamed = station_document(
        station("JFK", name="Idlewild", latitude=40.64, longitude=-73.78), order="2#2026-01-01T00:00:02.000Z|"
    )
    filled.put_station(renamed, JFK)
    assert ask(filled, "kennedy") == []
    assert ask(filled, "idle*") == ["Idlewild"]
    filled.put_station(None, renamed)
    assert ask(filled, kind=Kind.STATION) == ["Newark"]


def test_facets_count_everything_that_fits_not_only_the_page(standing: Engine) -> None:
    page = standing.search(
        SearchQuery(kind=Kind.FILE, limit=1, facets=("format", "status", "station", "standard_name", "type", "day"))
    )
    assert len(page.documents) == 1
    assert page.complete
    assert page.facets == {
        "format": [("csv", 2), ("open-meteo", 1)],
        "status": [("ok", 2), ("partial", 1), ("unknown", 1)],
        "station": [("EWR", 2), ("JFK", 1), ("LGA", 1), ("SMA", 1)],
        "standard_name": [("air_temperature", 2), ("air_pressure", 1), ("wind_speed", 1)],
        "type": [("file", 4)],
        "day": [("2026-01-01", 4)],
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": Kind.FILE}, {"station": [("EWR", 2), ("JFK", 1), ("LGA", 1), ("SMA", 1)], "type": [("file", 4)]}),
        ({}, {"station": [("EWR", 3), ("JFK", 2), ("LGA", 1), ("SMA", 1)], "type": [("file", 4), ("station", 2)]}),
        ({"format": "csv"}, {"status": [("ok", 2)], "format": [("csv", 2)], "type": [("file", 2)]}),
        ({"format": "csv"}, {"station": [("EWR", 2), ("JFK", 1), ("LGA", 1)], "type": [("file", 2)]}),
        ({"status": "unknown"}, {"status": [("unknown", 1)], "format": [], "type": [("file", 1)]}),
        ({"status": "deleted"}, {"status": [("deleted", 1)], "type": [("file", 1)]}),
        ({"kind": Kind.STATION}, {"type": [("station", 2)], "format": []}),
    ],
)
def test_facets_are_counted_of_whatever_is_asked(
    standing: Engine, given: dict[str, Any], expected: dict[str, list[tuple[str, int]]]
) -> None:
    page = standing.search(SearchQuery(**given, facets=tuple(expected), limit=1))
    assert page.facets == expected
    assert page.complete


def test_facets_follow_what_becomes_of_files(filled: Engine) -> None:
    asked = SearchQuery(facets=("format", "status", "station"))
    new = replace(NEWARK, sequencer=file_entry(9).sequencer, status=Status.PARTIAL, stations={"LGA": 1}, format="toa5")
    filled.apply([new, replace(ZURICH, sequencer=file_entry(9).sequencer, status=Status.DELETED)])
    assert filled.search(asked).facets == {
        "format": [("csv", 1), ("toa5", 1)],
        "status": [("ok", 1), ("partial", 1), ("unknown", 1)],
        "station": [("EWR", 2), ("JFK", 2), ("LGA", 2)],
    }


def counting(world: System) -> tuple[Tables, list[Any]]:
    """An index in tables, and the queries that are made of it."""
    tables = in_tables(world)
    assert isinstance(tables, Tables)
    asked: list[Any] = []

    class Counting:
        def query(self, **given: Any) -> Any:
            asked.append(given)
            return world.dynamodb.query(**given)

    tables.store = SearchStore(tables.store._table, client=Counting(), counters=tables.index)
    return tables, asked


def test_a_word_that_nothing_has_ends_the_search_before_other_lists_are_walked(world: System) -> None:
    tables, asked = counting(world)
    tables.apply([file_entry(at, key=f"usual/{at}.csv") for at in range(60)])
    asked.clear()
    assert list(tables.search(SearchQuery(words=("nowhere", "usual"))).documents) == []
    assert len(asked) == 2  # the probe of its list, and the walk through it


def test_facets_of_all_files_are_read_from_counters_however_many_there_are(world: System) -> None:
    tables, asked = counting(world)
    seen: list[int] = []
    for size in (3, 60):
        tables.apply([file_entry(at, key=f"{at}.csv", stations={f"S{at % 3}": 1}) for at in range(size)])
        asked.clear()
        page = tables.search(SearchQuery(limit=2, facets=("format", "status", "station", "type", "day")))
        assert page.facets["type"] == [("file", size)]
        assert len(page.documents) == 2
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_facets_are_of_what_was_asked(standing: Engine) -> None:
    assert standing.search(SearchQuery(words=("2013",), facets=("station",))).facets == {
        "station": [("EWR", 2), ("JFK", 1), ("LGA", 1)]
    }


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("q", ["", "batch", "bat*"])
def test_the_pages_together_are_the_answer(of_ten: Engine, sort: Sort, limit: int, q: str) -> None:
    words, prefixes, _ = asked_words(q)
    query = SearchQuery(words=words, prefixes=prefixes, sort=sort, limit=limit)
    whole = keys(of_ten.search(replace(query, limit=100)))
    assert sorted(whole) == sorted(each.key for each in BATCH)
    found: list[str] = []
    while True:
        page = of_ten.search(query)
        found += keys(page)
        assert len(page.documents) <= limit
        if page.after is None:
            break
        query = replace(query, after=page.after)
    assert found == whole


def test_a_page_goes_on_where_the_last_one_ended_whatever_comes_meanwhile(engine: Engine) -> None:
    entries = [file_entry(at, key=f"{at:02d}.csv") for at in range(6)]
    engine.apply(entries)
    first = engine.search(SearchQuery(limit=3))
    engine.apply(
        [file_entry(20, key="newer.csv"), replace(entries[5], sequencer=file_entry(30).sequencer, status=Status.DELETED)]
    )
    second = engine.search(SearchQuery(limit=3, after=first.after))
    assert keys(first) + keys(second) == ["05.csv", "04.csv", "03.csv", "02.csv", "01.csv", "00.csv"]


def test_a_file_of_many_stations_is_found_by_each_whatever_else_is_asked(engine: Engine) -> None:
    many = file_entry(
        1,
        key="many.csv",
        stations={f"A-STATION-WITH-A-LONG-NAME-{at:04d}": 1 for at in range(200)},
        columns=measured("air_temperature", "wind_speed"),
    )
    engine.apply([many])
    for at in (0, 77, 199):
        name = f"A-STATION-WITH-A-LONG-NAME-{at:04d}"
        assert ask(engine, station=name) == ["many.csv"]
        assert ask(engine, "many", station=name, standard_name="wind_speed", format="ghcn_daily") == ["many.csv"]
    assert ask(engine, "many", station="A-STATION-WITH-A-LONG-NAME-0200") == []


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many stations an entry lists: fewer than the thousand that it does, and so the keys in a part of a list of blocks."""
    monkeypatch.setattr("mesonet.stores.postings.STATIONS_LISTED", 20)
    monkeypatch.setattr("mesonet.domain.search.STATIONS_LISTED", 20)
    monkeypatch.setattr("mesonet.stores.manifests._KEYS_IN_PART", 100)
    return 20


def test_a_file_of_more_stations_than_are_listed_is_found_by_each(engine: Engine, world: System, listed: int) -> None:
    """An entry lists the first of them; of the others the list of its blocks tells."""
    names = [f"M{at:05d}" for at in range(240)]
    many = file_entry(1, key="many.csv", stations=dict.fromkeys(names[:listed], 1), station_count=len(names))
    alike = file_entry(2, key="alike.csv", stations=dict.fromkeys(names[:listed], 1), station_count=listed)
    keys_of = frozenset((name, f"year#2013#{many.id}#0") for name in names)
    store = manifests(world)
    store.supersede(many.id, store.of(many.id), by=Manifest(order=many.order, keys=keys_of))
    engine.apply([many, alike])
    for name in (names[0], names[listed - 1]):
        assert ask(engine, station=name) == ["alike.csv", "many.csv"]
    for name in (names[listed], names[99], names[100], names[-1]):
        assert ask(engine, station=name) == ["many.csv"]
        assert ask(engine, "many", station=name, format=many.format) == ["many.csv"]
        assert ask(engine, station=name, format="toa5") == []
        box = BoundingBox(1, 1, 2, 2)
        assert ask(engine, box=box, nearby=frozenset({name, "ELSEWHERE"})) == ["many.csv"]
        assert ask(engine, box=box, nearby=frozenset({"ELSEWHERE"}), station=name) == []
        assert ask(engine, box=box, nearby=frozenset({name}), station="ELSEWHERE") == []
    assert ask(engine, station="M99999") == []
    assert not engine.search(SearchQuery(facets=("station",))).complete, "it is counted for those that it lists"
    assert not engine.search(SearchQuery(words=("many",), facets=("station",))).complete
    assert engine.search(SearchQuery(facets=("format", "status"))).complete
    assert engine.search(SearchQuery(words=("alike",), facets=("station",))).complete
    engine.apply([replace(many, sequencer=file_entry(9).sequencer, status=Status.DELETED, station_count=0)])
    assert ask(engine, station=names[-1]) == []


def test_files_of_more_stations_than_are_listed_are_asked_about_where_all_else_fits_and_not_without_end(
    world: System, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    tables = in_tables(world)
    assert isinstance(tables, Tables)
    asked: list[str] = []

    def among(identifier: str, _: Collection[str]) -> tuple[str, ...]:
        asked.append(identifier)
        return ()

    monkeypatch.setattr(tables.store, "_among", among)
    stations = dict.fromkeys((f"M{at:05d}" for at in range(listed)), 1)
    tables.apply([file_entry(at, key=f"{at}.csv", stations=stations, station_count=2000) for at in range(1, 7)])
    nowhere = SearchQuery(station="M99999", interval=interval("1800-01-01"))
    assert tables.search(nowhere).after is None
    assert not asked
    monkeypatch.setattr("mesonet.stores.search.MOST_LOOKED_AT", 150)
    page = tables.search(SearchQuery(station="M99999"))
    assert (page.documents, len(asked)) == ([], 3)
    assert page.after is not None
    assert tables.search(SearchQuery(station="M99999", after=page.after)).after is None
    assert len(set(asked)) == 6


def test_an_index_of_an_earlier_release_takes_what_this_one_knows_of_a_file() -> None:
    if not search_server.can_be_had():
        pytest.skip(search_server.NEEDS_JAVA)
    send, name = search_server.send(search_server.address()), search_server.index_name()
    properties = {each: kind for each, kind in MAPPING["mappings"]["properties"].items() if each != "texts"}
    former = {"mappings": {"dynamic": "strict", "properties": properties}, "aliases": {name: {}, f"{name}-write": {}}}
    assert send("PUT", f"/{name}-1", json.dumps(former).encode(), "application/json")[0] == 200
    store = OpenSearchStore(name, send=send)
    assert store.write([file_document(NEWARK)]) == {}
    send("POST", "/_refresh", b"", "application/json")
    words, _, phrases = asked_words('"newark weather"')
    assert keys(store.search(SearchQuery(words=words, phrases=phrases))) == [NEWARK.key]
