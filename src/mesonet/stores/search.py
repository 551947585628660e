"""SearchTable: the index of files and stations, asked.

A question has parts (a word, a station, a format …), each with the lists of those that fit it. One part leads: its lists are
walked, the last that arrived first, and whatever else is asked is decided by each posting alone, which holds the document. The
part that leads is the one whose lists are the shortest, or reach furthest back within as many postings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Any, Protocol

from mesonet.domain.file import Status
from mesonet.domain.search import (
    COMMON_WORDS,
    Kind,
    SearchDocument,
    SearchPage,
    SearchQuery,
    Sort,
    StationsAmong,
    names_with,
)
from mesonet.record import dataclass, replace
from mesonet.stores.attributes import Item
from mesonet.stores.batches import write_all
from mesonet.stores.dynamodb import every, translated
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.postings import END, MORE, Listed, Posting, has_list, listed, place, posting, word, written

MOST_LOOKED_AT = 20_000  # postings for one answer: some 15 MB, 2 s
_ASKED_COSTS = 60  # as many postings, where the index has to be asked what one leaves out: a request or three
FACET_VALUES = 20  # shown of each
_PROBE = 50  # postings of each part, to find the one that leads
_FIRST_PAGE, _PAGE = 100, 1000
_MOST_LISTS = 25  # of one part; more are not walked side by side


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the question: a `word`, or what words begin with, whose lists are not in order of arrival, or a property."""

    lists: tuple[Listed, ...]
    word: str = ""
    starts: str = ""


class SearchEngine(Protocol):
    """What every engine does."""

    def search(self, query: SearchQuery) -> SearchPage:
        """A page of what fits. Facets are counted with the first page, over all that fits and not that page only."""


class SearchStore:
    def __init__(
        self,
        table: str,
        *,
        client: Any,
        counters: FileIndexStore | None = None,
        among: StationsAmong = lambda _, __: (),
    ) -> None:
        """With the files' counters, facets of all files need not look at each of them."""
        self._among = among
        self._table = table
        self._client = client
        self._counters = counters

    def search(self, query: SearchQuery) -> SearchPage:
        in_order = query.sort in (Sort.NEWEST, Sort.OLDEST)
        leading = self._leading(query)
        facets = self._kept(query) if query.facets and query.after is None else {}
        everything = facets is None or not in_order or bool(leading.starts)
        after = str(query.after[1]) if query.after and in_order and not everything else ""
        found, last, complete = self._fitting(query, leading, after, None if everything else query.limit + 1)
        if everything:
            found.sort(key=lambda each: (each.sort_value(query.sort), each.place), reverse=query.sort.descending)
        if facets is None:
            facets = _facets(query.facets, found)
        if everything and query.after is not None:
            place_before = tuple(query.after)
            found = [each for each in found if _behind(each, place_before, query.sort)]
        shown, rest = found[: query.limit], found[query.limit :]
        if rest:
            following = (shown[-1].sort_value(query.sort), shown[-1].place)
        elif not complete and not everything:
            following = (last.partition("#")[0], last)
        else:
            following = None
        return SearchPage(
            documents=[each.document for each in shown],
            after=following,
            facets=facets,
            complete=(complete or not everything)
            and not ("station" in facets and self._count_few(found if everything else None)),
        )

    def _count_few(self, found: Iterable[Posting] | None) -> bool:
        """Whether stations are counted of which some file does not list all: one of those found, or any."""
        if found is None:
            return any(True for _ in self._walk(MORE, "", descending=True, page=1))
        return any(each.has_more_stations for each in found)

    def _kept(self, query: SearchQuery) -> dict[str, list[tuple[str, int]]] | None:
        """The facets if counters have them, None where each document has to be looked at."""
        if self._counters is None or not _counters_tell(query):
            return None
        counted = {name: Counter[str]() for name in query.facets}
        if counted.keys() & {"type", "format", "status"}:
            for status, file_format, files in self._counters.kinds():
                wanted = (query.status or status) == status and (query.format or file_format) == file_format
                if status == Status.DELETED or not wanted:
                    continue
                for name, value in (("type", Kind.FILE.value), ("format", file_format), ("status", status)):
                    if name in counted and value:
                        counted[name][value] += files
        for name in counted.keys() & {"station", "day"}:
            counted[name].update({each.value: each.files for each in self._counters.counts(name)})
        if query.kind is None and not query.of_files_only and counted.keys() & {"type", "station"}:
            stations = [where.split("#")[1] for where in self._places(Listed("kind#station"))]
            if "type" in counted:
                counted["type"][Kind.STATION.value] += len(stations)
            if "station" in counted:
                counted["station"].update(stations)
        return {name: _most_frequent(counter) for name, counter in counted.items()}

    def put_station(self, document: SearchDocument | None, former: SearchDocument | None) -> None:
        """Lists a station under what is known of it now, and removes it from where it was listed before."""
        keys = {str(where): where for where in listed(former)} if former else {}
        puts = []
        if document:
            text = written(document)
            puts = [posting(where, document, text) for where in listed(document)]
            for where in listed(document):
                keys.pop(str(where), None)
        deletes = [where.key(place(former)) for where in keys.values()] if former else []
        with translated("writing the search index"):
            self._write(puts, deletes)

    def _write(self, puts: Sequence[Item], deletes: Sequence[Item]) -> None:
        write_all(self._table, puts, deletes, send=lambda requests: self._client.batch_write_item(RequestItems=requests))

    def _fitting(self, query: SearchQuery, leading: _Part, after: str, enough: int | None) -> tuple[list[Posting], str, bool]:
        """What fits; the last place that was looked at; whether that was all (or enough)."""
        found: list[Posting] = []
        seen: set[tuple[str, str]] = set()
        last, count = after, 0
        # Whatever is in the lists of a word has that word
        asked = replace(
            query,
            words=tuple(each for each in query.words if each != leading.word),
            prefixes=tuple(each for each in query.prefixes if each != leading.starts),
        )
        for where, text in self._candidates(leading, after, descending=query.sort is not Sort.OLDEST):
            if count >= MOST_LOOKED_AT:
                return found, last, False
            count, last = count + 1, where
            each = Posting(where, text)
            if (name := each.name) in seen:
                continue
            fits = _fits(asked, each)
            if fits is None:
                count += _ASKED_COSTS
                fits = self._fits_with_what_is_cut(asked, each)
            if not fits:
                continue
            seen.add(name)
            found.append(each)
            if len(found) == enough:
                break
        return found, last, True

    def _fits_with_what_is_cut(self, query: SearchQuery, found: Posting) -> bool:
        cut, where, document = found.cut, found.place, found.document
        # Its own lists are cut in the posting: whether it is in those of the question, the index knows
        stations, names = list(document.stations), list(document.standard_names)
        if "stations" in cut and query.station and self._is_listed(Listed(f"station#{query.station}"), where):
            stations.append(query.station)
        if "stations" in cut and query.nearby:
            stations += [
                each for each in sorted(query.nearby)[:_MOST_LISTS] if self._is_listed(Listed(f"station#{each}"), where)
            ]
        if found.has_more_stations:
            asked_of = {query.station} - {None, *stations} if query.station else set[str]()
            asked_of |= query.nearby if query.nearby.isdisjoint(stations) else frozenset()
            stations += self._among(document.id, asked_of) if asked_of else ()
        asked = [query.standard_name] if query.standard_name else []
        for each in query.words:
            asked += names_with(each)
        if "names" in cut:
            names += [each for each in asked if self._is_listed(Listed(f"name#{each}"), where)]
        fuller = {name: getattr(document, name) for name in document.__dataclass_fields__}
        return SearchDocument(**fuller | {"stations": tuple(stations), "standard_names": tuple(names)}) in query

    def _is_listed(self, where: Listed, at: str) -> bool:
        with translated("reading the search index"):
            return "Item" in self._client.get_item(TableName=self._table, Key=where.key(at), ProjectionExpression="term")

    def _leading(self, query: SearchQuery) -> _Part:
        """The part with the fewest postings. Of those with more than are probed, the one whose last probed posting arrived the
        longest ago: its postings are the rarest."""
        parts = _parts(query)
        if len(parts) == 1:
            return parts[0]
        best, least = parts[0], (_PROBE + 1, "")
        for part in parts:
            probe = list(islice(self._candidates(part, "", descending=True, page=_PROBE), _PROBE))
            size = (len(probe), probe[-1][0] if len(probe) == _PROBE else "")
            if size < least:
                best, least = part, size
            if not probe:
                break  # nothing has this part
        return best

    def _candidates(self, part: _Part, after: str, *, descending: bool, page: int = _FIRST_PAGE) -> Iterator[tuple[str, str]]:
        """(place, document) of all postings of a part, in order of arrival but for beginnings of words."""
        walks = [self._walk(where, after, descending=descending, page=page) for where in part.lists]
        if part.starts:
            walks.append(self._walk_words(part.starts))
            for walk in walks:
                yield from walk
        elif len(walks) == 1:
            yield from walks[0]
        else:
            yield from merge(*walks, key=lambda each: each[0], reverse=descending)

    def _walk(self, where: Listed, after: str, *, descending: bool, page: int) -> Iterator[tuple[str, str]]:
        low, high = where.head, where.head + END
        if after and descending:
            high = where.head + after
        elif after:
            low = where.head + after
        for key, text in self._query(where.term, low, high, descending=descending, page=page):
            found = key[len(where.head) :]
            if found != after:
                yield found, text

    def _walk_words(self, start: str) -> Iterator[tuple[str, str]]:
        for key, text in self._query(word(start).term, start, start + "\U0010ffff", descending=False, page=_PAGE):
            yield key.partition("#")[2], text

    def _places(self, where: Listed) -> Iterator[str]:
        """Of all that is in a list, without the documents."""
        items = every(
            self._client.query,
            "reading the search index",
            TableName=self._table,
            KeyConditionExpression="term = :term",
            ExpressionAttributeValues={":term": {"S": where.term}},
            ProjectionExpression="place",
        )
        return (item["place"]["S"] for item in items)

    def _query(self, term: str, low: str, high: str, *, descending: bool, page: int) -> Iterator[tuple[str, str]]:
        items = every(
            self._client.query,
            "reading the search index",
            next_limit=lambda _: _PAGE,
            TableName=self._table,
            KeyConditionExpression="term = :term AND place BETWEEN :low AND :high",
            ExpressionAttributeValues={":term": {"S": term}, ":low": {"S": low or " "}, ":high": {"S": high}},
            ScanIndexForward=not descending,
            Limit=page,
        )
        return ((item["place"]["S"], item["document"]["S"]) for item in items)


def _counters_tell(query: SearchQuery) -> bool:
    """Whether the counters have all that is to be counted: there is one for every pair of status and format, every station and
    every hour, of all files that are there."""
    plain = SearchQuery(kind=query.kind, format=query.format, status=query.status)
    asked = replace(query, facets=(), sort=plain.sort, limit=plain.limit, after=None)
    if asked != plain or query.kind is Kind.STATION or query.status == Status.DELETED:
        return False
    narrow = query.format is not None or query.status is not None
    countable = {"type", "format", "status"} if narrow else {"type", "format", "status", "station", "day"}
    return countable.issuperset(query.facets)


def _parts(query: SearchQuery) -> list[_Part]:
    """Parts that can lead, those that are likely the shortest first; at least one."""
    parts: list[_Part] = []
    if query.station is not None:
        parts.append(_Part((Listed(f"station#{query.station}"), MORE)))
    if query.box is not None and 0 < len(query.nearby) <= _MOST_LISTS and query.kind is Kind.STATION:
        parts.append(_Part(tuple(Listed(f"station#{each}") for each in sorted(query.nearby))))
    for each in query.words:
        if not has_list(each):
            continue
        parts.append(_Part((word(each), *(Listed(f"name#{name}") for name in names_with(each))), word=each))
    if query.status is not None:
        parts.append(_Part((Listed(f"status#{query.status}"),)))
    if query.format is not None:
        parts.append(_Part((Listed(f"format#{query.format}"),)))
    if query.standard_name is not None:
        parts.append(_Part((Listed(f"name#{query.standard_name}"),)))
    for each in query.prefixes:
        if not parts and has_list(each) and not any(common.startswith(each) for common in COMMON_WORDS):
            names = tuple(Listed(f"name#{name}") for name in names_with(each, prefix=True))
            parts.append(_Part(names, starts=each))
    if parts:
        return parts
    lists = [] if query.kind is Kind.STATION else [Listed(f"status#{each}") for each in Status if each is not Status.DELETED]
    if query.kind is not Kind.FILE and not query.of_files_only:
        lists.append(Listed("kind#station"))
    return [_Part(tuple(lists))]


def _behind(found: Posting, there: tuple[Any, ...], sort: Sort) -> bool:
    here: tuple[Any, ...] = (found.sort_value(sort), found.place)
    return here < there if sort.descending else here > there


def _facets(names: Iterable[str], found: Iterable[Posting]) -> dict[str, list[tuple[str, int]]]:
    counters: dict[str, Counter[str]] = {name: Counter() for name in names}
    for each in found:
        for name, counter in counters.items():
            for value in each.facet(name):
                counter[value] += 1
    return {name: _most_frequent(counter) for name, counter in counters.items()}


def _most_frequent(counter: Counter[str]) -> list[tuple[str, int]]:
    there = [each for each in counter.items() if each[1] > 0]
    return sorted(there, key=lambda each: (-each[1], each[0]))[:FACET_VALUES]


def _fits(query: SearchQuery, found: Posting) -> bool | None:
    """Whether a document fits, None where that is in what its posting leaves out."""
    if found.admitted(query) and (not (query.words or query.prefixes or query.phrases) or found.document in query):
        return True
    if not found.cut and not found.has_more_stations:
        return False
    told = replace(query, station=None, box=None, nearby=frozenset())
    if "names" in found.cut:
        told = replace(told, standard_name=None)
    return None if found.admitted(told) else False
