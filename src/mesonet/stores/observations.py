"""ObservationsTable: blocks of observations, one item for each station, stretch of time and file.

Partition `station#EWR` holds the station's blocks in order of time, and live rows beside them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from time import monotonic
from typing import Any

from mesonet.domain import instant
from mesonet.domain.block import VERSION, Block, BlockKey, Overlay, Piece, Span, as_received, end_value, span_of
from mesonet.domain.file import arrival
from mesonet.domain.instant import Interval, horizon
from mesonet.domain.latest import LatestValue
from mesonet.domain.live import LIVE, LiveRow, Stretch
from mesonet.domain.live import block as live_block
from mesonet.domain.parameter import parse
from mesonet.errors import Conflict
from mesonet.record import dataclass
from mesonet.stores.attributes import Item
from mesonet.stores.block_items import block_of, item_of, side_by_side, stretch_of
from mesonet.stores.dynamodb import beginning_with, every, translated
from mesonet.stores.live import PREFIX, is_row, to_row

_WRITERS = 8  # conditional puts cannot be batched; eight in flight keep a two-core function busy
_HIGHEST = "\uffff"
_FIRST_PAGE = 32  # a month of days; whoever asks for more gets twice as many next, whoever wants less has not paid for 1 MB
_LARGEST_PAGE = 10_000  # of which 1 MB comes at once; DynamoDB takes no number above 2^31
_ONE_MOMENT_S = 4.0  # rows outlive their block's coming by six (job_compact), and a replica may be a second or two behind
_LIVE_PAGE = 1_000  # where there are live rows there are many, and small
_MOST_NAMED = 50  # columns: a projection expression may have 4 KB

ALWAYS = Interval()

type _End = tuple[Block, tuple[int, float, str, int]]  # of a parameter's first or last value: time, value, as received, flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is read of a station. `parameters` narrows the columns that travel; flags and texts as received come only with
    `details`."""

    station_id: str
    span: Span
    parameters: Collection[str] | None = None
    details: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """`more` says that there is another. Where a stretch has to be read anew, its start is `missed`, and there are no items."""

    items: Sequence[Item] = ()
    more: bool = False
    missed: str = ""


class ObservationsStore:
    """`written` is the format of the blocks that it writes; it reads that and older ones."""

    def __init__(self, table: str, *, client: Any, written: int = VERSION) -> None:
        self._table = table
        self._client = client
        self._written = written

    def put(self, blocks: Iterable[Block], *, now_s: int) -> None:
        """Writes blocks, several at a time; a block that is in place at a newer order stays as it is."""
        from concurrent.futures import ThreadPoolExecutor  # whoever only reads starts without it

        def put(block: Block) -> None:
            try:
                with translated("writing a block"):
                    self._client.put_item(
                        TableName=self._table,
                        Item=item_of(block, now_s, self._written),
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
        return [block_of(stretch.station_id, item, details=True) for item in items if item["n"]["N"] != "0"]

    def read(
        self, wanted: Selection, interval: Interval = ALWAYS, *, newest_first: bool = False, consistent: bool = False
    ) -> Iterator[Block]:
        """Blocks that may hold something of what is wanted, in order of time; tombstones, and blocks without any of the
        parameters, are left out.

        Whoever is held up between two pages of a stretch may have passed the place of its block before that came, and find its
        rows gone: then the stretch is read anew, once, and some of its blocks come twice. (Read backwards, rows come before the
        block.)
        """
        pieces = self._read(wanted, interval, newest_first=newest_first, consistent=consistent)
        return (piece for piece in pieces if isinstance(piece, Block))

    def pieces(self, wanted: Selection, interval: Interval, *, most: int) -> Iterator[Piece]:
        """The same for an answer without details: what lies in the interval and is told by one block each comes together,
        without being looked at, up to so many times."""
        return self._read(wanted, interval, most=most)

    def _read(
        self,
        wanted: Selection,
        interval: Interval,
        *,
        newest_first: bool = False,
        consistent: bool = False,
        anew: bool = False,
        most: int = 0,
    ) -> Iterator[Piece]:
        query = self._query(wanted, interval) | {"ScanIndexForward": not newest_first, "ConsistentRead": consistent}
        live = _LiveRows(wanted)
        last = ""  # the stretch that the page before ended in
        for page in self._pages(query, watchful=not (anew or newest_first)):
            if page.missed:
                yield from live.end(unless=page.missed)  # of that they may have been corrected since, in the block
                yield from self._read(wanted, instant.interval(page.missed), consistent=True, anew=True)
                continue
            most -= sum(int(item["n"]["N"]) if "n" in item else 1 for item in page.items)
            for part in side_by_side(page.items, interval, behind=last, more=page.more) if most >= 0 else page.items:
                if live.stretch and (isinstance(part, Overlay) or stretch_of(part) != live.stretch):
                    yield from live.end()
                if isinstance(part, Overlay):
                    yield part
                elif is_row(part):
                    live.add(part)
                elif part["n"]["N"] != "0" and (block := block_of(wanted.station_id, part, details=wanted.details)).columns:
                    yield block
            last = stretch_of(page.items[-1]) if page.items else last
        yield from live.end()

    def _query(self, wanted: Selection, interval: Interval) -> dict[str, Any]:
        """Asks for whatever begins in the interval, or holds its beginning."""
        span = wanted.span
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :station AND #block BETWEEN :from AND :to",
            "ExpressionAttributeNames": {"#partition": "partition", "#block": "block"},
            "ExpressionAttributeValues": {
                ":station": {"S": f"station#{wanted.station_id}"},
                ":from": {"S": f"{span}#{span.start_of(interval.start)}"},
                ":to": {"S": f"{span}#{span.start_of(interval.end)}{_HIGHEST}"},
            },
            "Limit": _FIRST_PAGE,
        }
        if wanted.parameters is None or len(wanted.parameters) > _MOST_NAMED:
            return query
        projection, names = _projection(tuple(wanted.parameters), wanted.details)
        query["ExpressionAttributeNames"] |= names
        return query | {"ProjectionExpression": projection}

    def _pages(self, query: dict[str, Any], *, watchful: bool) -> Iterator[_Page]:
        """Each is asked for when it is needed. A `watchful` reader that was held up within a stretch is told so instead of
        getting the next page, and goes on behind the stretch."""
        begun, since = "", 0.0  # the stretch in which the last page ended, and when the page that it began on was asked for
        while True:
            asked_at = monotonic()
            with translated("reading blocks"):
                page = self._client.query(**query)
            if watchful and begun and monotonic() - since > _ONE_MOMENT_S:
                yield _Page(missed=begun)
                span, after = query["ExclusiveStartKey"]["block"]["S"].partition("#")[0], query["ExclusiveStartKey"]
                query["ExclusiveStartKey"] = {**after, "block": {"S": f"{span}#{begun}#{_HIGHEST}"}}
                begun = ""
                continue
            yield _Page(items=page["Items"], more="LastEvaluatedKey" in page)
            if "LastEvaluatedKey" not in page:
                return
            after = page["LastEvaluatedKey"]
            if begun != (start := stretch_of(after)):
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
            newest = next(self.read(Selection(station_id=station_id, span=span), newest_first=True, consistent=True), None)
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
        everything = Selection(station_id=station_id, span=span, details=True)
        blocks = self.read(everything, newest_first=last, consistent=True)
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


class _LiveRows:
    """Live rows of one `stretch`, "" where there are none, until all of them are read."""

    def __init__(self, wanted: Selection) -> None:
        self._wanted = wanted
        self._rows: list[LiveRow] = []
        self.stretch = ""

    def add(self, item: Item) -> None:
        self.stretch = stretch_of(item)
        self._rows.append(to_row(self._wanted.station_id, item))

    def end(self, *, unless: str = "") -> Iterator[Block]:
        """They are told as the block that they will be; those of the stretch that is named are dropped."""
        told = [row for row in self._rows if row.values and self.stretch != unless]
        stretch = Stretch(station_id=self._wanted.station_id, span=self._wanted.span, start=self.stretch)
        self._rows, self.stretch = [], ""
        if told:
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
