"""Search at 1, 100 and 10,000 files, in both engines: `.venv/bin/python -m benchmarks.search`.

The default engine is asked over tables in memory: the time is that of our own work, beside it stand the requests and the read
units that DynamoDB would be asked for (half a unit for each 4 KB of a query, and at least that). Write units are those of a
file's postings.
OpenSearch is a real server on this machine.
"""

import statistics
import sys
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from math import ceil
from typing import Any

from mesonet.domain.file import ColumnFacts, FileEntry, Status
from mesonet.domain.instant import interval
from mesonet.domain.search import SearchPage, SearchQuery, Sort, file_document
from mesonet.domain.station import BoundingBox
from mesonet.stores.file_index import FileIndexStore, _shares
from mesonet.stores.opensearch import OpenSearchStore
from mesonet.stores.postings import listed, posting, written
from mesonet.stores.search import SearchStore
from tests import search_server
from tests.builders import file_entry

SIZES = (1, 100, 10_000)
ROUNDS = 5
_PAGE_BYTES = 1_000_000  # of one answer of DynamoDB

QUESTIONS: dict[str, SearchQuery] = {
    "newest 20": SearchQuery(limit=20),
    "a word": SearchQuery(words=("s0007",), limit=20),
    "two words and a format": SearchQuery(words=("archive", "2013"), format="csv", limit=20),
    "beginning of a word": SearchQuery(prefixes=("s00",), limit=20),
    "a station's files": SearchQuery(station="S0007", limit=20),
    "a box of ten stations": SearchQuery(
        box=BoundingBox(8, 47, 9, 48), nearby=frozenset(f"S{at:04d}" for at in range(10)), limit=20
    ),
    "a day": SearchQuery(interval=interval("2026-01-01"), limit=20),
    "word, station, name, status": SearchQuery(
        words=("archive",), station="S0007", standard_name="wind_speed", status="ok", limit=20
    ),
    "three facets of everything": SearchQuery(limit=20, facets=("format", "status", "station")),
    "facets of a word": SearchQuery(words=("s0007",), limit=20, facets=("format", "status", "station")),
    "facets of a third": SearchQuery(format="toa5", limit=20, facets=("format", "status", "station")),
    "everything by size": SearchQuery(limit=20, sort=Sort.SIZE_DOWN),
}


class Table:
    """What the store asks of DynamoDB, in memory; counts what is asked."""

    def __init__(self) -> None:
        self.items: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self.counters: dict[str, dict[str, int]] = {}
        self.requests = 0
        self.units = 0.0

    def put(self, item: dict[str, Any]) -> None:
        insort(self.items.setdefault(item["term"]["S"], []), (item["place"]["S"], item), key=lambda each: each[0])

    def count(self, entry: FileEntry) -> None:
        """A file, in the counters."""
        for term in _shares(entry):
            dimension, _, value = term.partition("#")
            counters = self.counters.setdefault(dimension, {})
            counters[value] = counters.get(value, 0) + 1

    def _counted(self, dimension: str) -> dict[str, Any]:
        found = sorted(self.counters.get(dimension, {}).items())
        self.requests += 1
        self.units += max(1, ceil(sum(len(dimension) + len(value) + 60 for value, _ in found) / 4096)) / 2
        names = ("files", "rows", "bytes")
        return {"Items": [{"value": {"S": value}} | {name: {"N": str(files)} for name in names} for value, files in found]}

    def query(self, **asked: Any) -> dict[str, Any]:
        values = asked["ExpressionAttributeValues"]
        if ":dimension" in values:
            return self._counted(values[":dimension"]["S"])
        if ":low" not in values:  # places alone
            return self.query(
                **asked
                | {
                    "ExpressionAttributeValues": values | {":low": {"S": " "}, ":high": {"S": "~"}},
                    "ScanIndexForward": True,
                    "Limit": 10**9,
                }
            )
        found = self.items.get(values[":term"]["S"], [])
        low, high = values[":low"]["S"], values[":high"]["S"]
        if start := asked.get("ExclusiveStartKey"):
            low, high = (start["place"]["S"], high) if asked["ScanIndexForward"] else (low, start["place"]["S"])
        some = found[bisect_left(found, low, key=lambda each: each[0]) : bisect_right(found, high, key=lambda each: each[0])]
        some = some if asked["ScanIndexForward"] else some[::-1]
        if start:
            some = [each for each in some if each[0] != start["place"]["S"]]
        page: list[dict[str, Any]] = []
        size = 0
        for _, item in some:
            if len(page) == asked["Limit"] or size > _PAGE_BYTES:
                break
            page.append(item)
            size += len(item["document"]["S"]) + 100
        self.requests, self.units = self.requests + 1, self.units + max(1, ceil(size / 4096)) / 2
        return {"Items": page} | ({"LastEvaluatedKey": page[-1]} if len(page) < len(some) else {})


def entries(count: int) -> list[Any]:
    names = ("air_temperature", "relative_humidity", "wind_speed", "air_pressure")
    columns = tuple(ColumnFacts(name=name, kind="number", parameter=name) for name in names)
    return [
        file_entry(
            at,
            key=f"archive/{2010 + at % 10}/s{at % 500:04d}_{at:06d}.csv",
            format=("csv", "toa5", "bufr")[at % 3],
            status=(Status.OK, Status.OK, Status.PARTIAL)[at % 3],
            size=at * 7919 % 100_000,
            stations={f"S{at % 500:04d}": 24},
            columns=columns,
        )
        for at in range(count)
    ]


def median_ms(ask: Callable[[], SearchPage]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> int:
    print(f"{'files':>7}  {'question':<28} {'tables':>10} {'requests':>9} {'read units':>10} {'OpenSearch':>11}")
    with search_server.running() as address:
        send = search_server.send(address)
        for size in SIZES:
            files = entries(size)
            documents = [file_document(entry) for entry in files]
            table, server = Table(), OpenSearchStore(f"bench-{size}", send=send)
            writes = 0
            for entry, document in zip(files, documents, strict=True):
                text = written(document)
                table.count(entry)
                for where in listed(document):
                    table.put(posting(where, document, text))
                    writes += ceil((len(text.encode()) + 150) / 1024)
            failed = server.write(documents)
            assert not failed, failed
            send("POST", "/_refresh", b"", "application/json")
            tables = SearchStore("search", client=table, counters=FileIndexStore("search", "counters", client=table))
            for question, query in QUESTIONS.items():
                ours_found, theirs_found = tables.search(query), server.search(query)
                assert [each.id for each in ours_found.documents] == [each.id for each in theirs_found.documents], question
                assert ours_found.facets == theirs_found.facets, question
                table.requests, table.units = 0, 0.0
                tables.search(query)
                requests, read = table.requests, table.units
                ours = median_ms(lambda query=query, tables=tables: tables.search(query))  # type: ignore[misc]
                theirs = median_ms(lambda query=query, server=server: server.search(query))  # type: ignore[misc]
                print(f"{size:>7,}  {question:<28} {ours:>7.1f} ms {requests:>9} {read:>10,.1f} {theirs:>8.1f} ms")
            print(f"{size:>7,}  {writes / size:.1f} write units for the postings of a file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
