"""ObservationsTable: blocks of observations, one item for each station, stretch of time and file.

Partition `station#EWR` holds the station's blocks in order of time; partition `file#…` holds the file's manifest: the list of
blocks that it has, or may have, in the table.
"""

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import batched, groupby
from os import urandom
from time import monotonic
from typing import Any

from mesonet.domain import instant
from mesonet.domain.axis import axis, joined
from mesonet.domain.block import (
    NONE,
    VERSION,
    Block,
    BlockColumn,
    BlockKey,
    Overlay,
    Piece,
    Span,
    Spelling,
    Unread,
    as_received,
    end_value,
    listed,
    span_of,
    spelt,
)
from mesonet.domain.file import arrival, changed
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import Interval, horizon
from mesonet.domain.latest import LatestValue
from mesonet.domain.live import LIVE, LiveRow, Stretch
from mesonet.domain.live import block as live_block
from mesonet.domain.parameter import parse
from mesonet.errors import Conflict, Unavailable
from mesonet.record import dataclass, replace
from mesonet.stores.attributes import Item, binary
from mesonet.stores.dynamodb import beginning_with, every, translated
from mesonet.stores.live import PREFIX, is_row, to_row

_WRITERS = 8  # conditional puts cannot be batched; eight in flight keep a two-core function busy
_TOMBSTONE_LIFE_S = 60 * 86_400  # longer than any message about the file can still be under way (SQS keeps 14 days)
_KEYS_IN_HEAD = 200  # some 2 KB: a file of a few stations has one small item
_KEYS_IN_PART = 5_000  # 5,000 keys of 60 characters, not compressible at all, still fit into an item's 400 KB
_NAMED_BY = 64  # letters of a station, of the first and the last in a part of a list
_HIGHEST = "\uffff"
_FIRST_PAGE = 32  # a month of days; whoever asks for more gets twice as many next, whoever wants less has not paid for 1 MB
_LARGEST_PAGE = 10_000  # of which 1 MB comes at once; DynamoDB takes no number above 2^31
_ONE_MOMENT_S = 4.0  # rows outlive their block's coming by six (job_compact), and a replica may be a second or two behind
_LIVE_PAGE = 1_000  # where there are live rows there are many, and small
_LAID = frozenset({"3"})  # formats of which values and times can go out as they are
_MOST_NAMED = 50  # columns: a projection expression may have 4 KB

type _End = tuple[Block, tuple[int, float, str, int]]  # of a parameter's first or last value: time, value, as received, flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The blocks that a file has in the table, or had begun to write, at an order of its entry.

    Its first `stretches`, as `reader` cuts the file, are written; whoever reads it in the same way can go on from there.
    `first` says that no other state or reading of the file has written any of the blocks.
    """

    order: str
    keys: frozenset[tuple[str, str]]  # station, block key as text
    revision: int = 0
    parts: tuple[str, ...] = ()  # the items that hold the keys which do not stand in the manifest's own
    stretches: int = 0
    reader: str = ""
    first: bool = True


class ObservationsStore:
    """`written` is the format of the blocks that it writes; it reads that and older ones."""

    def __init__(self, table: str, *, client: Any, written: int = VERSION) -> None:
        self._table = table
        self._client = client
        self._written = written

    def manifest(self, file_id: str) -> Manifest:
        head = self._get(_manifest_key(file_id))
        if head is None:
            return Manifest(order="", keys=frozenset())
        parts = tuple(part["S"] for part in head.get("parts", {"L": []})["L"])
        keys = set(_unpacked(head))
        for part in parts:
            item = self._get(_manifest_key(file_id, part))
            if item is None:
                raise Unavailable(f"the blocks of {file_id} are being replaced by another writer")
            keys |= _unpacked(item)
        return Manifest(
            order=head["order"]["S"],
            keys=frozenset(keys),
            revision=int(head["revision"]["N"]),
            parts=parts,
            stretches=int(head.get("stretches", {"N": "0"})["N"]),
            reader=head.get("reader", {"S": ""})["S"],
            first=head.get("first", {"BOOL": False})["BOOL"],
        )

    def stations_among(self, file_id: str, stations: Collection[str]) -> set[str]:
        """Those of some stations of which the file has blocks, or had begun to write some. Raises Unavailable.

        Of a list in many items it reads those that may name them.
        """
        head = self._get(_manifest_key(file_id))
        if head is None:
            return set()
        wanted = set(stations)
        found = wanted & _listed_stations(head)
        for part in (each["S"] for each in head.get("parts", {"L": []})["L"]):
            if any(_may_be_in(part, station) for station in wanted - found):
                item = self._get(_manifest_key(file_id, part))
                if item is None:
                    raise Unavailable(f"the blocks of {file_id} are being replaced by another writer")
                found |= wanted & _listed_stations(item)
        return found

    def manifest_order(self, file_id: str) -> str | None:
        """The order of the entry that was loaded last, or is being loaded; None where the file never was."""
        head = self._get(_manifest_key(file_id))
        return head["order"]["S"] if head else None

    def put_manifest(self, file_id: str, manifest: Manifest, *, instead_of: Manifest) -> Manifest:
        """Returns the manifest as it now stands. Raises Conflict where another writer, also one of the same order, has replaced
        the one that this is instead of.

        The head is small, since a transaction that looks at it pays for its size; many keys stand in items of their own, which
        are written before the head speaks of them. What is added is written, and what was there before stays as it is.
        """
        revision = instead_of.revision + 1
        grows = bool(instead_of.parts) and manifest.keys >= instead_of.keys
        own, parts = (frozenset[tuple[str, str]](), instead_of.parts) if grows else (manifest.keys, ())
        if grows or len(own) > _KEYS_IN_HEAD:
            listed = sorted(manifest.keys - instead_of.keys if grows else manifest.keys)
            mine = urandom(4).hex()  # another writer may be about to replace the same manifest
            names = []
            for number, some in enumerate(batched(listed, _KEYS_IN_PART, strict=False)):
                first, last = (station[:_NAMED_BY] for station, _ in (some[0], some[-1]))
                name = f"{revision:010d}.{mine}.{number:04d}/{first}/{last}"  # in no station's identifier is a slash
                names.append(name)
                item = _manifest_key(file_id, name) | {"keys": {"B": _keys_packed(some)}}
                with translated("writing a file's blocks"):
                    self._client.put_item(TableName=self._table, Item=item)
            own, parts = frozenset(), (*parts, *names)
        written = replace(manifest, revision=revision, parts=parts)
        head: Item = {
            "order": {"S": written.order},
            "revision": {"N": str(revision)},
            "keys": {"B": _keys_packed(own)},
            "parts": {"L": [{"S": part} for part in parts]},
            "stretches": {"N": str(written.stretches)},
            "reader": {"S": written.reader},
            "first": {"BOOL": written.first},
        }
        held = {":held": {"N": str(instead_of.revision)}}
        try:
            with translated("writing a file's blocks"):
                self._client.put_item(
                    TableName=self._table,
                    Item=_manifest_key(file_id) | head,
                    ConditionExpression="revision = :held" if instead_of.revision else "attribute_not_exists(revision)",
                    **({"ExpressionAttributeValues": held} if instead_of.revision else {}),
                )
        except Conflict:
            self._forget_parts(file_id, set(parts) - set(instead_of.parts))
            raise
        self._forget_parts(file_id, set(instead_of.parts) - set(parts))
        return written

    def _forget_parts(self, file_id: str, parts: Iterable[str]) -> None:
        for part in parts:
            with translated("writing a file's blocks"):
                self._client.delete_item(TableName=self._table, Key=_manifest_key(file_id, part))

    def still(self, file_id: str, manifest: Manifest) -> dict[str, Any]:
        """The condition that nobody has replaced a manifest, for a transaction of another table's store."""
        return {
            "ConditionCheck": {
                "TableName": self._table,
                "Key": _manifest_key(file_id),
                "ConditionExpression": "revision = :held",
                "ExpressionAttributeValues": {":held": {"N": str(manifest.revision)}},
            }
        }

    def put(self, blocks: Iterable[Block], *, now_s: int) -> None:
        """Writes blocks, several at a time; a block that is in place at a newer order stays as it is."""
        from concurrent.futures import ThreadPoolExecutor  # whoever only reads starts without it

        def put(block: Block) -> None:
            try:
                with translated("writing a block"):
                    self._client.put_item(
                        TableName=self._table,
                        Item=_item(block, now_s, self._written),
                        ConditionExpression="attribute_not_exists(#partition) OR #order <= :order",
                        ExpressionAttributeNames={"#order": "order", "#partition": "partition"},
                        ExpressionAttributeValues={":order": {"S": block.order}},
                    )
            except Conflict:
                return

        with ThreadPoolExecutor(_WRITERS) as pool:
            for _ in pool.map(put, blocks):
                pass

    def remove(self, keys: Iterable[BlockKey]) -> None:
        for key in keys:
            with translated("removing a block"):
                self._client.delete_item(
                    TableName=self._table,
                    Key={"partition": {"S": f"station#{key.station_id}"}, "block": {"S": key.text}},
                )

    def live(self, stretch: Stretch) -> list[Block]:
        """The blocks that live values of a stretch have become, whole and as they are at this moment."""
        query = beginning_with(
            f"{stretch.span}#{stretch.start}#{LIVE}#", table=self._table, partition=f"station#{stretch.station_id}"
        )
        items = every(self._client.query, "reading blocks", **query)
        return [_block(stretch.station_id, item, details=True) for item in items if item["n"]["N"] != "0"]

    def read(
        self,
        station_id: str,
        span: Span,
        interval: Interval,
        *,
        parameters: Collection[str] | None = None,
        details: bool = False,
        newest_first: bool = False,
        consistent: bool = False,
        anew: bool = False,
    ) -> Iterator[Block]:
        """Blocks that may hold something in the interval, in order of time; tombstones, and blocks without any of the
        parameters, are left out.

        `parameters` narrows the columns that travel; flags and texts as received come only with `details`. Whoever is held up
        between two pages of a stretch may have passed the place of its block before that came, and find its rows gone: then the
        stretch is read `anew`, once, and some of its blocks come twice. (Read backwards, rows come before the block.)
        """
        pieces = self._read(
            station_id,
            span,
            interval,
            parameters=parameters,
            details=details,
            newest_first=newest_first,
            consistent=consistent,
            anew=anew,
        )
        return (piece for piece in pieces if isinstance(piece, Block))

    def pieces(
        self, station_id: str, span: Span, interval: Interval, *, parameters: Collection[str], most: int
    ) -> Iterator[Piece]:
        """The same without details, for an answer: what lies in the interval and is told by one block each comes together,
        without being looked at, up to so many times."""
        return self._read(station_id, span, interval, parameters=parameters, most=most)

    def _read(
        self,
        station_id: str,
        span: Span,
        interval: Interval,
        *,
        parameters: Collection[str] | None,
        details: bool = False,
        newest_first: bool = False,
        consistent: bool = False,
        anew: bool = False,
        most: int = 0,
    ) -> Iterator[Piece]:
        query = self._between(station_id, span, interval) | {"ScanIndexForward": not newest_first, "ConsistentRead": consistent}
        if parameters is not None and len(parameters) <= _MOST_NAMED:
            projection, names = _projection(tuple(parameters), details)
            query["ProjectionExpression"] = projection
            query["ExpressionAttributeNames"] |= names
        live: list[LiveRow] = []
        begun = ""  # the stretch that the live rows are of
        last = ""  # that the page before ended in
        for items, missed, more in self._pages(query, watchful=not (anew or newest_first)):
            if missed:
                if begun != missed:
                    yield from _live(station_id, span, live)
                live = []  # of this stretch they may have been corrected since, in the block
                whole = instant.interval(missed)
                yield from self.read(
                    station_id, span, whole, parameters=parameters, details=details, consistent=True, anew=True
                )
            most -= sum(int(item["n"]["N"]) if "n" in item else 1 for item in items)
            for part in _side_by_side(items, interval, behind=last, more=more) if most >= 0 else items:
                if live and (isinstance(part, Overlay) or _stretch(part) != begun):
                    yield from _live(station_id, span, live)
                    live = []
                if isinstance(part, Overlay):
                    yield part
                elif is_row(part):
                    begun = begun if live else _stretch(part)
                    live.append(to_row(station_id, part))
                elif part["n"]["N"] != "0" and (block := _block(station_id, part, details=details)).columns:
                    yield block
            last = _stretch(items[-1]) if items else last
        yield from _live(station_id, span, live)

    def _between(self, station_id: str, span: Span, interval: Interval) -> dict[str, Any]:
        """The query for whatever begins in the interval, or holds its beginning."""
        return {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :station AND #block BETWEEN :from AND :to",
            "ExpressionAttributeNames": {"#partition": "partition", "#block": "block"},
            "ExpressionAttributeValues": {
                ":station": {"S": f"station#{station_id}"},
                ":from": {"S": f"{span}#{span.start_of(interval.start)}"},
                ":to": {"S": f"{span}#{span.start_of(interval.end)}{_HIGHEST}"},
            },
            "Limit": _FIRST_PAGE,
        }

    def _pages(self, query: dict[str, Any], *, watchful: bool) -> Iterator[tuple[list[Item], str, bool]]:
        """The items of each page, which is asked for when it is needed, and whether there is another. Whoever is `watchful` and
        was held up within a stretch gets its start in the place of the next page, and then what comes behind the stretch."""
        begun, since = "", 0.0  # the stretch in which the last page ended, and when the page that it began on was asked for
        while True:
            asked_at = monotonic()
            with translated("reading blocks"):
                page = self._client.query(**query)
            if watchful and begun and monotonic() - since > _ONE_MOMENT_S:
                yield [], begun, True
                span, after = query["ExclusiveStartKey"]["block"]["S"].partition("#")[0], query["ExclusiveStartKey"]
                query["ExclusiveStartKey"] = {**after, "block": {"S": f"{span}#{begun}#{_HIGHEST}"}}
                begun = ""
                continue
            yield page["Items"], "", "LastEvaluatedKey" in page
            if "LastEvaluatedKey" not in page:
                return
            after = page["LastEvaluatedKey"]
            if begun != (start := _stretch(after)):
                begun, since = start, asked_at
            limit = _LIVE_PAGE if any(map(is_row, page["Items"])) else query["Limit"]
            query |= {"ExclusiveStartKey": after, "Limit": min(limit * 2, _LARGEST_PAGE)}

    def newest(self, station_id: str, parameters: Iterable[str]) -> dict[str, LatestValue]:
        """The newest value of each parameter that the blocks hold, read from the newest back until each is found."""
        found: dict[str, LatestValue] = {}
        for span in Span:
            wanted = {name for name in parameters if span_of(parse(name)) is span}
            if not wanted:
                continue
            lasts, firsts = (self._ends(station_id, span, wanted, last=last) for last in (True, False))
            for name, (block, (time, value, received, flag)) in lasts.items():
                column = block.columns[name]
                text, unit_received = as_received(received, column.unit_received)
                found[name] = LatestValue(
                    time=time,
                    since=firsts[name][1][0],
                    value=value,
                    unit=column.unit,
                    received=text,
                    unit_received=unit_received,
                    flag=flag,
                    order=block.order,
                    file_id=block.key.file_id,
                )
        return found

    def recent_parameters(self, station_id: str) -> set[str]:
        """What the station's newest blocks hold."""
        found: set[str] = set()
        for span in Span:
            newest = next(self.read(station_id, span, Interval(), newest_first=True, consistent=True), None)
            if newest is not None:
                found |= newest.columns.keys()
        return found

    def newest_of(self, wanted: Mapping[str, Collection[str]]) -> dict[str, dict[str, LatestValue]]:
        """The same for several stations at a time: the parameters of each."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_WRITERS) as pool:
            return dict(zip(wanted, pool.map(self.newest, wanted, wanted.values()), strict=True))

    def _ends(self, station_id: str, span: Span, wanted: set[str], *, last: bool) -> dict[str, _End]:
        found: dict[str, _End] = {}
        blocks = self.read(station_id, span, Interval(), details=True, newest_first=last, consistent=True)
        for _, stretch in groupby(blocks, key=lambda block: block.key.start):
            missing = wanted - found.keys()
            if not missing:
                break
            for block in sorted(stretch, key=Block.rank):
                for name in missing:
                    end = end_value(block, name, last=last, until=horizon(arrival(block.order), days=span is Span.YEAR))
                    if end and (name not in found or (end[0] >= found[name][1][0] if last else end[0] <= found[name][1][0])):
                        found[name] = (block, end)
        return found

    def _get(self, key: Item) -> Item | None:
        with translated("reading a file's blocks"):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item


def _stretch(key: Item) -> str:
    """The start of the stretch that an item is of."""
    start: str = key["block"]["S"].split("#", 2)[1]
    return start


def _side_by_side(items: Sequence[Item], interval: Interval, *, behind: str, more: bool) -> Iterator[Item | Overlay]:
    """The items of a page; of blocks that follow one another, each alone in its stretch and whole in the interval, what they
    say together. `behind` is the stretch that the page before ended in."""
    run: list[Item] = []
    starts = [_stretch(item) for item in items]
    around = [behind, *starts, starts[-1] if more and starts else ""]
    for item, before, its, next_one in zip(items, around, starts, around[2:], strict=False):
        alone = before != its != next_one
        names = item["c"]["M"].keys() if alone and "c" in item and "t" not in item and item["format"]["N"] in _LAID else ()
        if run and names != run[0]["c"]["M"].keys():
            yield from _run(run, interval)
            run = []
        if names:
            run.append(item)
        else:
            yield item
    yield from _run(run, interval)


def _run(items: list[Item], interval: Interval) -> Iterator[Item | Overlay]:
    """What blocks of the same columns say together; those by themselves that are cut by the interval, and all of them where
    their times or values cannot go out as they are."""
    days = [(int(item["f"]["N"]), int(item["l"]["N"]), int(item["n"]["N"])) for item in items]
    inside = [at for at, (first, last, _) in enumerate(days) if interval.start <= first and last <= interval.end]
    begin, end = (inside[0], inside[-1] + 1) if len(inside) > 1 else (0, 0)
    yield from items[:begin]
    whole = _laid(items[begin:end], tuple(days[begin:end])) if begin < end else None
    yield from [whole] if whole else items[begin:end]
    yield from items[end:]


def _laid(items: list[Item], days: tuple[tuple[int, int, int], ...]) -> Overlay | None:
    kept = [item["c"]["M"] for item in items]
    columns = {}
    for name, last in kept[-1].items():
        values = Fragment.laid([each[name]["M"]["v"]["B"] for each in kept])
        if values is None:
            return None
        columns[name] = BlockColumn(unit=last["M"]["u"]["S"], unit_received="", values=values)
    times = joined(days)
    if times is None:
        return None
    return Overlay(
        count=sum([count for _, _, count in days]),
        first=days[0][0],
        last=days[-1][1],
        times=times,
        columns=columns,
        order=max({item["order"]["S"] for item in items}, key=changed),
    )


def _live(station_id: str, span: Span, rows: list[LiveRow]) -> Iterator[Block]:
    """The live rows of one stretch as the block that they will be."""
    told = [row for row in rows if row.values]
    if told:
        stretch = Stretch(station_id=station_id, span=span, start=span.start_of(told[0].time))
        yield live_block(stretch, told)


@lru_cache(100)
def _projection(parameters: tuple[str, ...], details: bool) -> tuple[str, Mapping[str, str]]:
    """And the names in it. Many stations have the same parameters."""
    names = {"#order": "order", "#c": "c", "#token": "token", "#format": "format"}
    wanted = ["#block", "#order", "#format", "n", "f", "l", "t", "#token", "written_at"]
    for position, parameter in enumerate(parameters):
        names[f"#p{position}"] = parameter
        names[f"#v{position}"] = PREFIX + parameter
        wanted.append(f"#v{position}")
        wanted += [f"#c.#p{position}"] if details else [f"#c.#p{position}.{part}" for part in ("u", "v")]
    return ", ".join(wanted), names


def _manifest_key(file_id: str, part: str = "") -> Item:
    return {"partition": {"S": f"file#{file_id}"}, "block": {"S": f"manifest#{part}" if part else "manifest"}}


def _keys_packed(keys: Iterable[tuple[str, str]]) -> bytes:
    listed: dict[str, list[str]] = {}
    for station, block in sorted(keys):
        listed.setdefault(station, []).append(block)
    return zlib.compress(json.dumps(listed, separators=(",", ":")).encode(), 9)


def _may_be_in(part: str, station: str) -> bool:
    """By the part's name, which says between which stations' beginnings it is; those of earlier releases say nothing."""
    _, *ends = part.split("/")
    return not ends or ends[0] <= station[:_NAMED_BY] <= ends[1]


def _listed_stations(item: Item) -> set[str]:
    return set(json.loads(zlib.decompress(binary(item["keys"]))))


def _unpacked(item: Item) -> set[tuple[str, str]]:
    listed = json.loads(zlib.decompress(binary(item["keys"])))
    return {(station, block) for station, blocks in listed.items() for block in blocks}


def _item(block: Block, now_s: int, version: int = VERSION) -> Item:
    item: Item = {
        "partition": {"S": f"station#{block.key.station_id}"},
        "block": {"S": block.key.text},
        "order": {"S": block.order},
        "format": {"N": str(version)},
        "n": {"N": str(block.count)},
    }
    if not block.count:
        return item | {"expires_at": {"N": str(now_s + _TOMBSTONE_LIFE_S)}}
    rows = block.rows if version == 1 else _runs(listed(block.rows))
    item |= {
        "f": {"N": str(block.first)},
        "l": {"N": str(block.last)},
        "r": _written(rows, version),
        "c": {"M": {name: {"M": _column(column, version)} for name, column in block.columns.items()}},
    }
    if version < 3 or block.times != axis(block.first, block.last, block.count):
        item["t"] = _written(block.times, version)
    return item | ({"version_id": {"S": block.version_id}} if block.version_id else {})


def _column(column: BlockColumn, version: int) -> Item:
    written: Item = {
        "u": {"S": column.unit},
        "xu": {"S": column.unit_received},
        "v": _written(column.values, version) if version < 3 else {"B": column.values.kept_in_threes},
        "q": _written(column.flags, version),
    }
    spelling = column.spelling
    if version == 1 or spelling is None or (version == 2 and spelling.exceptions):
        written["x"] = _written(column.received, version)
    else:
        written["xd"] = {"N": str(spelling.decimals)}
        if spelling.exceptions:
            written["xe"] = _written(_exceptions(spelling), version)
    if column.tests:
        written["w"] = _written(column.tests, version)
    return written


def _written(fragment: Fragment, version: int) -> dict[str, bytes]:
    return {"B": fragment.packed if version == 1 else fragment.kept}


def _exceptions(spelling: Spelling) -> Fragment:
    """Position, text, position, text, …"""
    told = (each for pair in spelling.exceptions.items() for each in pair)
    return Fragment(json.dumps(list(told), ensure_ascii=False, separators=(",", ":"))[1:-1])


def _spelling(column: Item, fragment: Callable[[bytes | str], Fragment]) -> Spelling | None:
    if "xd" not in column:
        return None
    told = listed(fragment(column["xe"]["B"])) if "xe" in column else []
    exceptions = {int(str(at)): str(text) for at, text in batched(told, 2, strict=True)}
    return Spelling(decimals=int(column["xd"]["N"]), exceptions=exceptions)


def _runs(rows: Sequence[object]) -> Fragment:
    """Row numbers as runs: the first, how many follow one another, the first of the next run, …"""
    runs: list[int] = []
    for row in map(int, map(str, rows)):
        if runs and row == runs[-2] + runs[-1]:
            runs[-1] += 1
        else:
            runs += (row, 1)
    return Fragment(",".join(map(str, runs)))


def _rows(runs: Fragment) -> Fragment:
    numbers = [int(str(number)) for number in listed(runs)]
    rows = (row for first, many in batched(numbers, 2, strict=True) for row in range(first, first + many))
    return Fragment(",".join(map(str, rows)))


def _block(station_id: str, item: Item, *, details: bool) -> Block:
    """Members that this release does not know are passed over (docs/blocks.md). Raises Unavailable for a block of a later
    format, which is there while a release is taken back."""
    version = int(item["format"]["N"]) if "format" in item else 1
    if version > VERSION:
        raise Unavailable(f"block {item['block']['S']} of {station_id!r} has format {version}; this release reads {VERSION}")
    fragment = _packed if version == 1 else Fragment.sealed
    kept = item["c"]["M"] if "c" in item else {}
    columns: Mapping[str, BlockColumn]
    if details:
        columns = {name: _detailed(column["M"], fragment) for name, column in kept.items()}
    elif version == 1:
        columns = {name: _first(column["M"]) for name, column in kept.items()}
    else:
        columns = Unread({name: (column["M"]["u"]["S"], column["M"]["v"]["B"]) for name, column in kept.items()})
    rows = NONE
    if details and "r" in item:
        rows = fragment(item["r"]["B"]) if version == 1 else _rows(fragment(item["r"]["B"]))
    count, first, last = int(item["n"]["N"]), int(item["f"]["N"]), int(item["l"]["N"])
    times = fragment(item["t"]["B"]) if "t" in item else axis(first, last, count)
    if times is None:
        raise Unavailable(f"block {item['block']['S']} of {station_id!r} does not say its times")
    return Block(
        key=BlockKey.parse(station_id, item["block"]["S"]),
        order=item["order"]["S"],
        version_id=item["version_id"]["S"] if "version_id" in item else None,
        count=count,
        first=first,
        last=last,
        times=times,
        rows=rows,
        columns=columns,
    )


def _detailed(column: Item, fragment: Callable[[bytes | str], Fragment]) -> BlockColumn:
    values, spelling = fragment(column["v"]["B"]), _spelling(column, fragment)
    return BlockColumn(
        unit=column["u"]["S"],
        unit_received=column["xu"]["S"],
        values=values,
        flags=fragment(column["q"]["B"]),
        received=fragment(column["x"]["B"]) if spelling is None else spelt(values, spelling),
        tests=fragment(column["w"]["B"]) if "w" in column else NONE,
        spelling=spelling,
    )


def _first(column: Item) -> BlockColumn:
    """Without details, of the first version."""
    return BlockColumn(unit=column["u"]["S"], unit_received="", values=_packed(column["v"]["B"]))


def _packed(data: bytes | str) -> Fragment:
    return Fragment(packed=binary({"B": data}))
