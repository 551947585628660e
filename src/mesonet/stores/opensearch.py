"""The index of files and stations in OpenSearch, for catalogues that outgrow the tables.

Reading goes through one alias. Writing goes to every index behind another: while an index is rebuilt there are two of them,
the old one that is read and the new one that is filled, and what changes meanwhile reaches both. Each document has an external
version that grows with its state, so an old state never replaces a newer one, in whatever order they come.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import batched
from random import uniform
from time import monotonic, sleep
from typing import Any

from mesonet.domain.instant import parse
from mesonet.domain.search import Kind, SearchDocument, SearchPage, SearchQuery, StationsAmong
from mesonet.errors import Unavailable
from mesonet.record import replace
from mesonet.stores.postings import place

FACET_VALUES = 20
_AT_ONCE = 500  # documents of one `_bulk`, some 500 KB
_ATTEMPTS = 5
_MOST_OF_MORE = 1000  # files of more stations than are listed, each looked up for one question
_FAILURES_IN_A_ROW = 3  # then the breaker opens
_OPEN_S = 30.0  # as long as it stays so: long enough to spare a server that is starting, short beside the queue's 14 days
_ALIAS_S = 20.0  # as long as the indices behind the alias are remembered; a rebuild waits longer before it reads
_LARGEST_VERSION = 2**63 - 1
_LATEST_MS = 10**15  # beyond every time in milliseconds
_NOT_NOW = frozenset({408, 429, 500, 502, 503, 504})

_KEYWORD = {"type": "keyword", "ignore_above": 8191}  # Lucene takes 32,766 bytes of a term
MAPPING: dict[str, Any] = {
    "settings": {"number_of_shards": 1, "refresh_interval": "1s"},
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "kind": _KEYWORD,
            "title": _KEYWORD,
            "place": _KEYWORD,
            "received_at": _KEYWORD,
            "day": _KEYWORD,
            "words": _KEYWORD,
            "texts": {"type": "wildcard"},
            "status": _KEYWORD,
            "format": _KEYWORD,
            "stations": _KEYWORD,
            "standard_names": _KEYWORD,
            "first": {"type": "long"},
            "last": {"type": "long"},
            "size": {"type": "long"},
            "more_stations": {"type": "boolean"},  # than are listed
            "latitudes": {"type": "double_range"},
            "longitudes": {"type": "double_range"},  # two spans where a box crosses the antimeridian
            "document": {"type": "object", "enabled": False},
        },
    },
}
_FACETS = {
    "type": "kind",
    "format": "format",
    "status": "status",
    "station": "stations",
    "standard_name": "standard_names",
    "day": "day",
}

type Send = Callable[[str, str, bytes, str], tuple[int, bytes]]
"""(method, path, body, content type) → (status, body); raises OSError where the server cannot be reached."""


class OpenSearchStore:
    def __init__(self, name: str, *, send: Send, among: StationsAmong = lambda _, __: ()) -> None:
        """`name` is the alias that is read; `name-write` the one that is written to."""
        self._among = among
        self._name = name
        self._request = send
        self._failures = 0
        self._closed_at = 0.0
        self._written: tuple[float, list[str]] = (0.0, [])

    def search(self, query: SearchQuery) -> SearchPage:
        asked: dict[str, Any] = {
            "size": query.limit + 1,
            "query": {"bool": self._conditions(query)},
            "sort": [{query.sort.member: _direction(query)}, {"place": _direction(query)}],
            "_source": ["document"],
            "track_total_hits": False,
        }
        if query.after is not None:
            asked["search_after"] = list(query.after)
        elif query.facets:
            order = [{"_count": "desc"}, {"_key": "asc"}]
            asked["aggs"] = {
                name: {"terms": {"field": _FACETS[name], "size": FACET_VALUES, "order": order}} for name in query.facets
            }
            asked["aggs"]["more"] = {"filter": {"term": {"more_stations": True}}}
        found = self._json("POST", f"/{self._name}/_search", asked)
        hits = found["hits"]["hits"]
        shown = hits[: query.limit]
        counted = found.get("aggregations", {})
        more = counted.pop("more", {"doc_count": 0})["doc_count"]
        return SearchPage(
            documents=[_document(hit["_source"]["document"]) for hit in shown],
            after=(shown[-1]["sort"][0], shown[-1]["sort"][1]) if len(hits) > query.limit else None,
            facets={name: [(each["key"], each["doc_count"]) for each in answer["buckets"]] for name, answer in counted.items()},
            complete=not (more and "station" in counted),
        )

    def _conditions(self, query: SearchQuery) -> dict[str, Any]:
        of_station = self._with_one_of({query.station}, query) if query.station is not None else []
        return _conditions(query, of_station, self._with_one_of(query.nearby, query))

    def _with_one_of(self, stations: Collection[str], query: SearchQuery) -> list[str]:
        """Files that have one of the stations, and list not all of theirs: of what fits else, the last that came."""
        if not stations:
            return []
        conditions = _conditions(replace(query, station=None, box=None, nearby=frozenset()))
        conditions["filter"].append({"term": {"more_stations": True}})
        asked = {"size": _MOST_OF_MORE, "query": {"bool": conditions}, "sort": [{"place": {"order": "desc"}}], "_source": False}
        hits = self._json("POST", f"/{self._name}/_search", asked)["hits"]["hits"]
        return [hit["_id"] for hit in hits if self._among(hit["_id"].partition(":")[2], stations)]

    def write(self, documents: Sequence[SearchDocument], *, into: Sequence[str] = ()) -> dict[str, Exception]:
        """Writes documents into all indices behind the alias, or into some that are named. What could not be written, by the
        document's identifier: Unavailable where a retry may help."""
        return self._change([(each, "index") for each in documents], into)

    def erase(self, documents: Sequence[SearchDocument]) -> dict[str, Exception]:
        """Takes documents out, unless newer states of them are there."""
        return self._change([(each, "delete") for each in documents], ())

    def _change(self, changes: Sequence[tuple[SearchDocument, str]], into: Sequence[str]) -> dict[str, Exception]:
        failed: dict[str, Exception] = {}
        try:
            indices = into or self._indices()
        except Unavailable as exc:
            return {each.id: exc for each, _ in changes}
        for index in indices:
            for some in batched(changes, _AT_ONCE, strict=False):
                self._bulk(index, some, failed)
        return failed

    def prepare(self) -> None:
        """Makes the first index, if there is none."""
        status, _ = self._send("GET", f"/_alias/{self._name}")
        if status == 404:
            index = f"{self._name}-1"
            aliases: dict[str, Any] = {self._name: {}, f"{self._name}-write": {}}
            status, body = self._send("PUT", f"/{index}", _dumped({**MAPPING, "aliases": aliases}))
            if status >= 400 and b"resource_already_exists_exception" not in body:
                raise RuntimeError(f"OpenSearch makes no index: {status} {body[:500]!r}")

    def begin_rebuild(self, index: str) -> float:
        """A new index that from now on gets all that changes; the seconds after which every writer knows of it."""
        self.prepare()
        status, body = self._send("PUT", f"/{index}", _dumped({**MAPPING, "aliases": {f"{self._name}-write": {}}}))
        if status >= 400 and b"resource_already_exists_exception" not in body:
            raise RuntimeError(f"OpenSearch makes no index: {status} {body[:500]!r}")
        return _ALIAS_S + 1

    def finish_rebuild(self, index: str) -> list[str]:
        """From now on the new index is read, and the others are gone, which it returns."""
        self._json("POST", f"/{index}/_refresh", {})
        former = sorted(set(self._read_alias(self._name)) - {index})
        actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._name}}]
        actions += [{"remove": {"index": each, "alias": self._name}} for each in former]
        self._json("POST", "/_aliases", {"actions": actions})  # at once: no search sees none, or both
        gone = sorted(set(self._read_alias(f"{self._name}-write")) - {index})
        for each in gone:
            self._send("DELETE", f"/{each}")
        return gone

    def _bulk(self, index: str, changes: Iterable[tuple[SearchDocument, str]], failed: dict[str, Exception]) -> None:
        """Only what was refused for now is sent again; a document that is older than what is there has nothing to do."""
        left = list(changes)
        for attempt in range(_ATTEMPTS):
            if attempt:
                sleep(uniform(0, 0.1 * 2**attempt))
            lines = "".join(line for each, action in left for line in _lines(each, action))
            try:
                answer = self._json("POST", f"/{index}/_bulk", lines.encode(), kind="application/x-ndjson")
            except Unavailable as exc:
                failed.update({each.id: exc for each, _ in left})
                return
            again: list[tuple[SearchDocument, str]] = []
            for (each, action), item in zip(left, answer["items"], strict=True):
                status, error = item[action]["status"], item[action].get("error")
                if status in _NOT_NOW:
                    again.append((each, action))
                elif error and status != 409:  # a newer state is there
                    failed[each.id] = ValueError(f"OpenSearch refuses the document: {json.dumps(error)[:500]}")
            if not again:
                return
            left = again
        failed.update({each.id: Unavailable("OpenSearch takes no more documents now") for each, _ in left})

    def _indices(self) -> list[str]:
        read_at, indices = self._written
        if not indices or monotonic() - read_at > _ALIAS_S:
            indices = self._read_alias(f"{self._name}-write")
            if not indices:
                self.prepare()
                indices = self._read_alias(f"{self._name}-write")
            for each in indices:  # what an earlier release made knows no later property
                self._json("PUT", f"/{each}/_mapping", {"properties": MAPPING["mappings"]["properties"]})
            self._written = (monotonic(), indices)
        return indices

    def _read_alias(self, alias: str) -> list[str]:
        status, body = self._send("GET", f"/_alias/{alias}")
        return sorted(json.loads(body)) if status == 200 else []

    def _json(self, method: str, path: str, document: Any, *, kind: str = "application/json") -> Any:
        body = document if isinstance(document, bytes) else _dumped(document)
        status, answer = self._send(method, path, body, kind)
        if status >= 400:
            raise RuntimeError(f"OpenSearch answers {status} to {method} {path}: {answer[:500].decode(errors='replace')}")
        return json.loads(answer)

    def _send(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, bytes]:
        """Raises Unavailable where OpenSearch does not answer, is overloaded, or did so a moment ago (the breaker is open)."""
        if self._closed_at > monotonic():
            raise Unavailable("OpenSearch did not answer a moment ago; it is asked again soon")
        try:
            status, answer = self._request(method, path, body, kind)
        except OSError as exc:
            self._failed()
            raise Unavailable(f"OpenSearch cannot be reached: {exc}") from exc
        if status in _NOT_NOW:
            self._failed()
            raise Unavailable(f"OpenSearch answers {status}")
        self._failures = 0
        return status, answer

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= _FAILURES_IN_A_ROW:
            self._failures = 0
            self._closed_at = monotonic() + _OPEN_S


def _conditions(query: SearchQuery, of_station: Sequence[str] = (), near: Sequence[str] = ()) -> dict[str, Any]:
    """`of_station` and `near` are documents that have the station, or one of those near by, whatever they list."""
    must: list[dict[str, Any]] = []
    must_not: list[dict[str, Any]] = []
    terms = {"kind": query.kind, "status": query.status, "format": query.format}
    terms |= {"standard_names": query.standard_name}
    must += [{"term": {name: str(value)}} for name, value in terms.items() if value is not None]
    if query.station is not None:
        must.append({"bool": {"should": [{"term": {"stations": query.station}}, {"ids": {"values": of_station}}]}})
    must += [{"term": {"words": each}} for each in query.words]
    must += [{"prefix": {"words": each}} for each in query.prefixes]
    must += [{"wildcard": {"texts": f"*{each}*"}} for each in query.phrases]
    if query.status is None:
        must_not.append({"term": {"status": "deleted"}})
    if query.of_files_only:
        must_not.append({"term": {"kind": Kind.STATION.value}})
    if query.interval is not None:
        must += [{"range": {"first": {"lte": query.interval.end}}}, {"range": {"last": {"gte": query.interval.start}}}]
    if query.box is not None:
        box = query.box
        there = {
            "bool": {
                "filter": [
                    {"range": {"latitudes": {"gte": box.south, "lte": box.north, "relation": "intersects"}}},
                    {
                        "bool": {
                            "should": [
                                {"range": {"longitudes": {"gte": west, "lte": east, "relation": "intersects"}}}
                                for west, east in _spans(box.west, box.east)
                            ]
                        }
                    },
                ]
            }
        }
        there_by = [{"terms": {"stations": sorted(query.nearby)}}, {"ids": {"values": near}}]
        must.append({"bool": {"should": [there, *there_by]}})
    return {"filter": must, "must_not": must_not}


def _direction(query: SearchQuery) -> dict[str, str]:
    return {"order": "desc" if query.sort.descending else "asc"}


def _spans(west: float, east: float) -> list[tuple[float, float]]:
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]


def _lines(document: SearchDocument, action: str) -> list[str]:
    head = {"_id": f"{document.kind}:{document.id}"[:512], "version": version(document), "version_type": "external_gte"}
    lines = [json.dumps({action: head}) + "\n"]
    if action == "index":
        lines.append(json.dumps(_fields(document), ensure_ascii=False) + "\n")
    return lines


def version(document: SearchDocument) -> int:
    """Grows with the state of a document. Of a station: whose description it is, then when it came. Of a file: the start of its
    sequencer, which S3 makes, or else the time; states that differ in what does not fit into 63 bits count as one, and the last
    that is written stays."""
    first, _, rest = document.order.partition("#")
    try:
        moment = parse(rest.partition("|")[0])
    except ValueError:
        moment = 0
    if document.kind is Kind.STATION:
        return int(first or 0) * _LATEST_MS + max(moment, 1)
    try:
        number = int(first[:16], 16) or moment
    except ValueError:
        number = moment
    return min(max(number, 1), _LARGEST_VERSION)


def _fields(document: SearchDocument) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "kind": document.kind.value,
        "title": document.title,
        "place": place(document),
        "received_at": document.received_at,
        "words": sorted(document.found_by),
        "texts": document.texts,
        "status": document.status,
        "format": document.format,
        "stations": document.stations,
        "standard_names": document.standard_names,
        "first": document.first,
        "last": document.last,
        "size": document.size,
        "document": {name: getattr(document, name) for name in document.__dataclass_fields__},
    }
    if document.kind is Kind.FILE:
        fields["day"] = document.received_at[:10]
    if document.has_more_stations and document.stations:
        fields["more_stations"] = True
    if document.bbox is not None:
        west, south, east, north = document.bbox
        fields["latitudes"] = {"gte": south, "lte": north}
        fields["longitudes"] = [{"gte": start, "lte": end} for start, end in _spans(west, east)]
    return fields


def _document(values: dict[str, Any]) -> SearchDocument:
    given = dict(values)
    for name in ("stations", "standard_names", "further"):
        given[name] = tuple(given[name])
    given["kind"] = Kind(given["kind"])
    given["bbox"] = tuple(given["bbox"]) if given["bbox"] else None
    return SearchDocument(**given)


def _dumped(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
