"""Blocks as items of ObservationsTable (docs/blocks.md), and what items that follow one another say together."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched

from mesonet.domain.axis import axis, joined
from mesonet.domain.block import (
    NONE,
    VERSION,
    Block,
    BlockColumn,
    BlockKey,
    Overlay,
    Spelling,
    Unread,
    listed,
    spelt,
)
from mesonet.domain.file import changed
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import Interval
from mesonet.errors import Unavailable
from mesonet.stores.attributes import Item, binary

_LAID = frozenset({"3"})  # formats of which values and times can go out as they are
_TOMBSTONE_LIFE_S = 60 * 86_400  # longer than any message about the file can still be under way (SQS keeps 14 days)


def item_of(block: Block, now_s: int, version: int = VERSION) -> Item:
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


def block_of(station_id: str, item: Item, *, details: bool) -> Block:
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


def stretch_of(key: Item) -> str:
    """The start of the stretch that an item is of."""
    start: str = key["block"]["S"].split("#", 2)[1]
    return start


def side_by_side(items: Sequence[Item], interval: Interval, *, behind: str, more: bool) -> Iterator[Item | Overlay]:
    """The items of a page; of blocks that follow one another, each alone in its stretch and whole in the interval, what they
    say together. `behind` is the stretch that the page before ended in."""
    run: list[Item] = []
    starts = [stretch_of(item) for item in items]
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
