"""SearchTable and FileCountersTable, written: files listed under their terms, and how many there are of each.

Per file there is a *ledger* beside the counters: which state of the file is counted and listed, what it added to which counter,
and where it is listed. Ledger and counters change in one transaction, by the difference to what the ledger held; the postings
change before, and are found again through the ledger. So applying a file twice, late, out of order, or cut off anywhere changes
nothing that it should not. Files are applied many at a time: they share counters, and the transaction that changes them.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched, groupby
from random import uniform
from time import sleep
from typing import Any

from mesonet.domain.file import FileEntry, Status
from mesonet.domain.search import Kind, SearchDocument, file_document
from mesonet.errors import Conflict, Unavailable
from mesonet.record import dataclass, field
from mesonet.stores.attributes import Item, binary, from_item
from mesonet.stores.batches import write_all
from mesonet.stores.dynamodb import each_of, every, translated
from mesonet.stores.postings import Listed, listed, place, posting, read, written

_KIND, _AND = "kind", "|"  # a counter's dimension, and what stands between status and format in its value
DIMENSIONS = ("station", "format", "status", "day", "hour", "reason")
_MOST_PLAIN = 300_000  # bytes of a ledger: an item may have 400 KB. Every release can read what is not packed
_MOST_ACTIONS = 100  # of a transaction
_COUNTERS_AT_ONCE = 90  # of one file, beside its ledger
_READ_AT_ONCE = 100  # BatchGetItem
_ATTEMPTS = 8

type Share = tuple[int, int]  # rows and bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many files have a value of a dimension (a status, a station, an hour …), and their rows and bytes together."""

    value: str
    files: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ledger:
    """What the index holds of one file: its postings stand at `place` of these `lists`, and each counter has its share in
    `counted`. `order` is that of the state of the file that is wholly in the index, '' before the first; `version` counts the
    ledger's own changes, and is the condition on which it is written."""

    order: str = ""
    version: int = 0
    place: str = ""
    lists: tuple[str, ...] = ()
    counted: Mapping[str, Share] = field(default_factory=dict)


@dataclass(slots=True)
class _Work:
    """A file on its way into the index: its newest `entry`, and what the index has `held` of it so far."""

    entry: FileEntry
    document: SearchDocument
    held: _Ledger
    attempts: int = 0

    @property
    def counted(self) -> dict[str, Share]:
        return _shares(self.entry)

    def step(self, *, lists: bool) -> tuple[_Ledger, dict[str, tuple[int, int, int]]]:
        """The ledger after one transaction, and by how much each counter changes in it (files, rows, bytes). A file with more
        counters than a transaction takes needs several; its `order` comes with the last."""
        wanted, counted = self.counted, dict(self.held.counted)
        changes: dict[str, tuple[int, int, int]] = {}
        for term in sorted({*wanted, *counted}):
            if wanted.get(term) == counted.get(term):
                continue
            if len(changes) == _COUNTERS_AT_ONCE:
                break
            rows, size = wanted.get(term, (0, 0))
            rows_before, size_before = counted.get(term, (0, 0))
            changes[term] = ((term in wanted) - (term in counted), rows - rows_before, size - size_before)
            if term in wanted:
                counted[term] = wanted[term]
            else:
                del counted[term]
        done = counted == wanted
        return (
            _Ledger(
                order=self.entry.order if done else self.held.order,
                version=self.held.version + 1,
                place=place(self.document) if done else self.held.place,
                lists=(tuple(map(str, listed(self.document))) if lists else ()) if done else self.held.lists,
                counted=counted,
            ),
            changes,
        )


class FileIndexStore:
    """Keeps postings in the search table; counters, and a ledger for each file, in the other. Where another engine keeps the
    index, the name of the search table is empty, and only the counters are kept."""

    def __init__(self, search_table: str, counters_table: str, *, client: Any) -> None:
        self._index = search_table
        self._counters = counters_table
        self._client = client

    def apply(self, entries: Sequence[FileEntry], *, again: bool = False) -> dict[str, Exception]:
        """Brings postings and counters to what the newest entry of each file says. Returns why a file could not be applied,
        which is Unavailable where a retry may help. With `again`, files that are in the index already are written anew."""
        newest: dict[str, FileEntry] = {}
        for entry in entries:
            if entry.id not in newest or newest[entry.id].order < entry.order:
                newest[entry.id] = entry
        failed: dict[str, Exception] = {}
        for some in batched(newest.values(), _READ_AT_ONCE, strict=False):
            self._apply(some, failed, again=again)
        return failed

    def orders(self, file_ids: Sequence[str]) -> dict[str, str]:
        """Which state of each file, by its order, is in the index; up to a hundred files. Raises Unavailable."""
        return {file_id: ledger.order for file_id, ledger in self._ledgers(file_ids).items()}

    def counts(self, dimension: str, *, newest_first: bool = False) -> Iterator[Count]:
        """Counters of all terms of a dimension that have files, in order of the term."""
        match dimension:
            case "day":
                hours = self._stored("hour", newest_first=newest_first)
                for day, some in groupby(hours, key=lambda count: count.value[:10]):
                    yield _sum(day, some)
            case "status" | "format":
                place = 0 if dimension == "status" else 1
                known = [(count.value, count) for count in self._stored(dimension, whatever=True)]
                known += [(count.value.split(_AND)[place], count) for count in self._stored(_KIND, whatever=True)]
                known.sort(key=lambda each: each[0], reverse=newest_first)
                for value, alike in groupby(known, key=lambda each: each[0]):
                    total = _sum(value, (count for _, count in alike))
                    if value and total.files > 0:
                        yield total
            case _:
                yield from self._stored(dimension, newest_first=newest_first)

    def kinds(self) -> Iterator[tuple[str, str, int]]:
        """How many files there are of each status and format ('' where it is not known)."""
        totals = Counter[tuple[str, str]]()
        for count in self._stored(_KIND, whatever=True):
            status, _, file_format = count.value.partition(_AND)
            totals[status, file_format] += count.files
        for (status, file_format), files in totals.items():
            yield status, file_format, files

    def _stored(self, dimension: str, *, newest_first: bool = False, whatever: bool = False) -> Iterator[Count]:
        """Counters as they are stored, those without files left out. `whatever` keeps them: where several counters are added
        up, one below zero makes up for another above."""
        items = every(
            self._client.query,
            "reading the counters",
            TableName=self._counters,
            KeyConditionExpression="dimension = :dimension",
            ExpressionAttributeValues={":dimension": {"S": dimension}},
            ScanIndexForward=not newest_first,
        )
        for item in items:
            count = from_item(item)
            if whatever or count["files"] > 0:
                yield Count(value=count["value"], files=count["files"], rows=count["rows"], bytes=count["bytes"])

    def sweep(self, start: Mapping[str, str] | None = None) -> tuple[int, dict[str, str] | None]:
        """Removes postings that no ledger knows of, from one page of the table. Returns how many, and where the next page
        begins, None at the end. A posting of a newer state than its ledger's is just being written, and stays.
        """
        arguments: dict[str, Any] = {"TableName": self._index, "Limit": 1000, "ConsistentRead": True}
        if start:
            arguments["ExclusiveStartKey"] = {name: {"S": value} for name, value in start.items()}
        with translated("reading the search index"):
            page = self._client.scan(**arguments)
        found: list[tuple[Item, Listed, str, SearchDocument]] = []
        for item in page["Items"]:
            where = Listed.of(item)
            at = item["place"]["S"][len(where.head) :]
            document, _ = read(at, item["document"]["S"])
            if document.kind is Kind.FILE:
                found.append((item, where, at, document))
        stale: list[Item] = []
        for some in batched(found, _READ_AT_ONCE, strict=False):
            held = self._ledgers(list({document.id for _, _, _, document in some}))
            for item, where, at, document in some:
                ledger = held.get(document.id)
                if ledger is None or ledger.order < document.order:
                    continue
                if ledger.place != at or str(where) not in ledger.lists:
                    stale.append({"term": item["term"], "place": item["place"]})
        with translated("writing the search index"):
            write_all(self._index, [], stale, send=lambda requests: self._client.batch_write_item(RequestItems=requests))
        following = page.get("LastEvaluatedKey")
        return len(stale), {name: value["S"] for name, value in following.items()} if following else None

    def _apply(self, entries: Sequence[FileEntry], failed: dict[str, Exception], *, again: bool) -> None:
        try:
            held = self._ledgers([entry.id for entry in entries])
        except Unavailable as exc:
            failed.update({entry.id: exc for entry in entries})
            return
        work: list[_Work] = []
        for entry in entries:
            ledger = held.get(entry.id, _Ledger())
            if ledger.order < entry.order or (again and ledger.order == entry.order):
                try:
                    work.append(_Work(entry=entry, document=file_document(entry), held=ledger))
                except Exception as exc:  # one bad entry must not fail the others
                    failed[entry.id] = exc
        if self._index:
            work = self._list(work, failed)
        while work:
            group, work = _group(work, lists=bool(self._index))
            work += self._count(group, failed)

    def _list(self, work: list[_Work], failed: dict[str, Exception]) -> list[_Work]:
        """Writes the postings of all files together. Where that fails for good, writes each file's alone, to find the file at
        fault. Returns the files that are listed."""
        try:
            self._write(work)
            return work
        except Unavailable as exc:
            failed.update({each.entry.id: exc for each in work})
            return []
        except Exception as exc:
            if len(work) == 1:
                failed[work[0].entry.id] = exc
                return []
            return [each for one in work for each in self._list([one], failed)]

    def _write(self, work: Iterable[_Work]) -> None:
        puts, deletes = list[Item](), list[Item]()
        for each in work:
            text, here = written(each.document), place(each.document)
            lists = list(listed(each.document))
            puts += [posting(where, each.document, text) for where in lists]
            kept = set(map(str, lists)) if here == each.held.place else set()
            deletes += [Listed.parse(where).key(each.held.place) for where in each.held.lists if where not in kept]
        with translated("writing the search index"):
            write_all(self._index, puts, deletes, send=lambda requests: self._client.batch_write_item(RequestItems=requests))

    def _unlist(self, each: _Work) -> None:
        """Removes the postings of a state that has turned out to be old."""
        here = place(each.document)
        with translated("writing the search index"):
            write_all(
                self._index,
                [],
                [where.key(here) for where in listed(each.document)],
                send=lambda requests: self._client.batch_write_item(RequestItems=requests),
            )

    def _count(self, group: list[_Work], failed: dict[str, Exception]) -> list[_Work]:
        """Writes the ledgers of some files and their counters in one transaction. Returns the files that need another."""
        steps = [(each, *each.step(lists=bool(self._index))) for each in group]
        try:
            with translated("writing the counters"):
                self._client.transact_write_items(TransactItems=self._actions(steps))
        except (Conflict, Unavailable) as exc:
            return self._again(group, exc, failed)
        except Exception as exc:
            if len(group) == 1:
                failed[group[0].entry.id] = exc
                return []
            return [left for each in group for left in self._count([each], failed)]
        unfinished = [(each, ledger) for each, ledger, _ in steps if ledger.counted != each.counted]
        for each, ledger in unfinished:
            each.held = ledger
        return [each for each, _ in unfinished]

    def _actions(self, steps: Iterable[tuple[_Work, _Ledger, Mapping[str, tuple[int, int, int]]]]) -> list[dict[str, Any]]:
        actions: list[dict[str, Any]] = []
        together: dict[str, tuple[int, int, int]] = {}
        for each, ledger, changes in steps:
            put: dict[str, Any] = {"TableName": self._counters, "Item": _ledger_key(each.entry.id) | _ledger_item(ledger)}
            if each.held.version:
                put |= {
                    "ConditionExpression": "#version = :version",
                    "ExpressionAttributeNames": {"#version": "version"},
                    "ExpressionAttributeValues": {":version": {"N": str(each.held.version)}},
                }
            else:
                put["ConditionExpression"] = "attribute_not_exists(dimension)"
            actions.append({"Put": put})
            for term, (files, rows, size) in changes.items():
                before = together.get(term, (0, 0, 0))
                together[term] = (before[0] + files, before[1] + rows, before[2] + size)
        for term, change in together.items():
            if any(change):
                dimension, _, value = term.partition("#")
                actions.append(
                    {
                        "Update": {
                            "TableName": self._counters,
                            "Key": {"dimension": {"S": dimension}, "value": {"S": value}},
                            "UpdateExpression": "ADD files :files, #rows :rows, #bytes :bytes",
                            "ExpressionAttributeNames": {"#rows": "rows", "#bytes": "bytes"},
                            "ExpressionAttributeValues": {
                                name: {"N": str(number)}
                                for name, number in zip((":files", ":rows", ":bytes"), change, strict=True)
                            },
                        }
                    }
                )
        return actions

    def _again(self, group: list[_Work], reason: Exception, failed: dict[str, Exception]) -> list[_Work]:
        """After a transaction that failed because another writer was faster or the table is busy: reads the ledgers anew.
        Returns the files that are to be tried again; not those whose state, or a newer one, is in the index meanwhile."""
        sleep(uniform(0, 0.02 * 2 ** group[0].attempts))
        try:
            held = self._ledgers([each.entry.id for each in group])
            left = []
            for each in group:
                each.attempts += 1
                ledger = held.get(each.entry.id, _Ledger())
                if ledger.order > each.entry.order:
                    if self._index:
                        self._unlist(each)
                elif ledger.order == each.entry.order and ledger.counted == each.counted:
                    continue
                elif each.attempts == _ATTEMPTS:
                    failed[each.entry.id] = reason
                else:
                    each.held = ledger
                    left.append(each)
            return left
        except Unavailable as exc:
            failed.update({each.entry.id: exc for each in group})
            return []

    def _ledgers(self, file_ids: Sequence[str]) -> dict[str, _Ledger]:
        items = each_of(
            self._counters,
            map(_ledger_key, file_ids),
            "reading the counters",
            get=lambda asked: self._client.batch_get_item(RequestItems=asked),
            ConsistentRead=True,
        )
        return {item["dimension"]["S"].removeprefix("file#"): _ledger(item) for item in items}


def _group(work: list[_Work], *, lists: bool) -> tuple[list[_Work], list[_Work]]:
    """As many files as one transaction takes together, and the rest."""
    counters: set[str] = set()
    for at, each in enumerate(work):
        wider = counters | each.step(lists=lists)[1].keys()
        if at and at + 1 + len(wider) > _MOST_ACTIONS:
            return work[:at], work[at:]
        counters = wider
    return work, []


def _shares(entry: FileEntry) -> dict[str, Share]:
    """Rows and bytes that the file adds to each of its counters; its bytes count for every station in it, and for every reason
    of its rejects, whose rows are those rejected."""
    share = (entry.rows, entry.size)
    if entry.status is Status.DELETED:
        return {f"{_KIND}#{entry.status}{_AND}": share}
    terms = {f"{_KIND}#{entry.status}{_AND}{entry.format or ''}": share, f"hour#{entry.received_at[:13]}": share}
    terms |= {f"reason#{kind}": (count, entry.size) for kind, count in entry.reasons.items()}
    return terms | {f"station#{station}": (rows, entry.size) for station, rows in entry.stations.items()}


def _sum(value: str, counts: Iterable[Count]) -> Count:
    files, rows, size = map(sum, zip(*((each.files, each.rows, each.bytes) for each in counts), strict=True))
    return Count(value=value, files=files, rows=rows, bytes=size)


def _ledger_key(file_id: str) -> Item:
    return {"dimension": {"S": f"file#{file_id}"}, "value": {"S": "ledger"}}


def _ledger_item(ledger: _Ledger) -> Item:
    """Lists and counts are JSON texts: they are read as a whole, and shorter so than as attributes. What would not fit into an
    item is compressed, each term once."""
    head: Item = {"order": {"S": ledger.order}, "version": {"N": str(ledger.version)}, "at": {"S": ledger.place}}
    lists, counted = _json(ledger.lists), _json(ledger.counted)
    if len(lists.encode()) + len(counted.encode()) <= _MOST_PLAIN:
        return head | {"lists": {"S": lists}, "counted": {"S": counted}}
    among = set(ledger.lists)
    terms = [(term, *ledger.counted.get(term, ()), term in among) for term in dict.fromkeys((*ledger.counted, *ledger.lists))]
    return head | {"packed": {"B": zlib.compress(_json(terms).encode(), 9)}}


def _ledger(item: Item) -> _Ledger:
    if "packed" in item:
        terms = json.loads(zlib.decompress(binary(item["packed"])))
        lists = [term for term, *_, is_listed in terms if is_listed]
        counted = {term: share for term, *share, _ in terms if share}
    else:
        lists, counted = json.loads(item["lists"]["S"]), json.loads(item["counted"]["S"])
    return _Ledger(
        order=item["order"]["S"],
        version=int(item["version"]["N"]),
        place=item["at"]["S"],
        lists=tuple(lists),
        counted={term: (rows, size) for term, (rows, size) in counted.items()},
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
