"""What only OpenSearch can do wrong: refusals of single documents, a server that is down, an index that is rebuilt."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mesonet.domain.file import FileEntry, Status
from mesonet.domain.search import SearchQuery, file_document, station_document
from mesonet.errors import Unavailable
from mesonet.stores import opensearch
from mesonet.stores.opensearch import OpenSearchStore, version
from tests import search_server
from tests.builders import file_entry, station


class Wire:
    """Between the store and the server: counts, and answers in the server's place where it is told to."""

    def __init__(self) -> None:
        self._send = search_server.send(search_server.address())
        self.sent: list[tuple[str, str, bytes]] = []
        self.instead: Callable[[str, str, bytes], tuple[int, bytes] | None] = lambda *_: None

    def __call__(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        self.sent.append((method, path, body))
        return self.instead(method, path, body) or self._send(method, path, body, kind)

    def bulks(self) -> list[list[dict[str, Any]]]:
        return [[json.loads(line) for line in body.splitlines()] for _, path, body in self.sent if path.endswith("/_bulk")]


@pytest.fixture
def wire() -> Wire:
    if not search_server.can_be_had():
        pytest.skip(search_server.NEEDS_JAVA)
    return Wire()


@pytest.fixture
def store(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> OpenSearchStore:
    monkeypatch.setattr(opensearch, "sleep", lambda _: None)
    made = OpenSearchStore(search_server.index_name(), send=wire)
    made.prepare()
    wire.sent.clear()
    return made


def put(store: OpenSearchStore, *entries: FileEntry) -> dict[str, Exception]:
    return store.write([file_document(each) for each in entries])


def found(store: OpenSearchStore, wire: Wire, **query: Any) -> list[str]:
    wire("POST", "/_refresh", b"", "application/json")
    return [each.title for each in store.search(SearchQuery(**query)).documents]


@pytest.mark.fault(21)
def test_of_a_bulk_only_the_refused_documents_are_sent_again(store: OpenSearchStore, wire: Wire) -> None:
    """Fault 21."""
    entries = [file_entry(at, key=f"{at}.csv") for at in range(4)]
    times = 0

    def refuse_two(_: str, path: str, body: bytes) -> tuple[int, bytes] | None:
        nonlocal times
        if not path.endswith("/_bulk") or (times := times + 1) > 1:
            return None
        lines = body.splitlines()
        pairs = [lines[at : at + 2] for at in range(0, len(lines), 2)]
        taken = wire._send(
            "POST", path, b"\n".join(line for pair in pairs[::2] for line in pair) + b"\n", "application/x-ndjson"
        )
        answers = iter(json.loads(taken[1])["items"])
        busy = {"index": {"status": 429, "error": {"type": "rejected_execution_exception"}}}
        items = [next(answers) if at % 2 == 0 else busy for at in range(len(pairs))]
        return 200, json.dumps({"errors": True, "items": items}).encode()

    wire.instead = refuse_two
    assert put(store, *entries) == {}
    first, second = wire.bulks()
    assert len(first) == 8
    assert [line["index"]["_id"] for line in second[::2]] == [f"file:{entries[at].id}" for at in (1, 3)]
    assert found(store, wire) == ["3.csv", "2.csv", "1.csv", "0.csv"]


def test_a_document_that_stays_refused_is_reported_alone(store: OpenSearchStore, wire: Wire) -> None:
    bad = file_entry(1, key="bad.csv", format="x" * 40_000)
    assert (
        list(put(store, file_entry(0, key="good.csv"), bad)) == []
    )  # longer than a term may be: not looked up, and no failure
    broken = replace(file_document(file_entry(2, key="worse.csv")), size="many")  # type: ignore[arg-type]
    failed = store.write([broken, file_document(file_entry(3, key="fine.csv"))])
    assert list(failed) == [broken.id]
    assert isinstance(failed[broken.id], ValueError)
    assert "fine.csv" in found(store, wire)


@pytest.mark.fault(22)
def test_a_server_that_is_down_is_left_alone_for_a_while_and_then_asked_again(
    store: OpenSearchStore, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 22."""
    now = [1000.0]
    monkeypatch.setattr(opensearch, "monotonic", lambda: now[0])

    def down(*_: Any) -> tuple[int, bytes]:
        raise ConnectionRefusedError("nobody there")

    wire.instead = down
    for _ in range(5):
        (reason,) = put(store, file_entry()).values()
        assert isinstance(reason, Unavailable)
    assert len(wire.sent) == 3, "then the breaker is open"
    with pytest.raises(Unavailable):
        store.search(SearchQuery())
    wire.instead = lambda *_: None
    assert put(store, file_entry()), "still open"
    now[0] += 31
    assert put(store, file_entry()) == {}
    assert found(store, wire) == [file_entry().key]


def test_an_answer_that_says_not_now_is_no_fault_of_the_documents(store: OpenSearchStore, wire: Wire) -> None:
    wire.instead = lambda *_: (503, b"{}")
    assert {type(reason) for reason in put(store, file_entry(1), file_entry(2, key="b")).values()} == {Unavailable}


def test_while_an_index_is_rebuilt_it_is_searched_and_nothing_is_missed(
    wire: Wire, store: OpenSearchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(opensearch, "monotonic", lambda: now[0])
    old, gone, new = file_entry(1, key="old.csv"), file_entry(2, key="gone.csv"), file_entry(3, key="new.csv")
    other = OpenSearchStore(store._name, send=wire)  # of another function's process
    assert put(other, old, gone) == {}
    index = f"{store._name}-2"
    now[0] += store.begin_rebuild(index)
    assert put(other, new) == {}
    assert put(other, file_entry(4, key="gone.csv", status=Status.DELETED)) == {}
    assert found(store, wire) == ["new.csv", "old.csv"], "the old one is read, and kept"
    # the rebuild comes late with what it had read before
    assert store.write([file_document(each) for each in (old, gone)], into=[index]) == {}
    assert store.finish_rebuild(index) == [f"{store._name}-1"]
    assert found(store, wire) == ["new.csv", "old.csv"]
    now[0] += 60
    assert put(other, file_entry(9, key="newest.csv")) == {}
    assert found(store, wire) == ["newest.csv", "new.csv", "old.csv"]


def test_a_rebuild_that_was_cut_off_begins_again(wire: Wire, store: OpenSearchStore) -> None:
    index = f"{store._name}-2"
    put(store, file_entry(1))
    store.begin_rebuild(index)
    store.begin_rebuild(index)
    store.write([file_document(file_entry(1))], into=[index])
    store.finish_rebuild(index)
    store.finish_rebuild(index)
    assert found(store, wire) == [file_entry(1).key]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (file_document(file_entry(1)), file_document(file_entry(2))),
        (file_document(file_entry(1, sequencer="0")), file_document(file_entry(2, sequencer="0"))),
        (file_document(file_entry(1, sequencer="0062E9")), file_document(file_entry(1, sequencer="0062E91"))),
        (
            station_document(station(), order="1#2026-01-01T00:00:09.000Z|"),
            station_document(station(), order="2#2026-01-01T00:00:01.000Z|"),
        ),
    ],
)
def test_versions_grow_with_the_state(older: Any, newer: Any) -> None:
    assert 0 < version(older) < version(newer) < 2**63
