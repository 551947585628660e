"""Decides what of a file's observations goes where, and what has to go.

Order of the steps, so that a crash between any two is mended by the next delivery: the list of all blocks that the file has had
or will have; the blocks; empty blocks where it no longer says anything; the latest values; the stations; what the network
observes; the list again, now only of what is there; last the entry's note that it is loaded.

A large file is written stretch by stretch, as it is read; the list says how many stretches are written. Where the time is up,
the rest is left to the next delivery, which reads all of the file again but writes only what is missing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import islice

from mesonet.domain import instant
from mesonet.domain.block import BlockKey, tombstone
from mesonet.domain.coverage import overall
from mesonet.domain.file import COVERAGES_LISTED, FileEntry, Loading, LoadState
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.mapping import Mapping as TableMapping
from mesonet.domain.network import seen
from mesonet.errors import Conflict, NotFound, UnreadableFile
from mesonet.functions.on_catalogued.block_list import BlockList
from mesonet.functions.on_catalogued.gathering import Gathered, reader_of, stretches
from mesonet.functions.on_catalogued.shelf import Shelf
from mesonet.record import dataclass

RESERVE_MS = 240_000  # for what follows the last block (latest values and stations of 40,000 stations), or for another stretch
ENOUGH = 0.5  # of a call's time, to begin with another file in it: a large file needs a call for itself
TRIES = 8  # deliveries of the queue before a message goes to its dead letters (maxReceiveCount)


class Outcome(StrEnum):
    LOADED = "loaded"
    WITHDRAWN = "withdrawn"
    KNOWN = "known"  # it is loaded already
    FAILED = "failed"  # the file cannot be read to its end
    STALE = "stale"  # a newer state of the file is being loaded, or is
    BEGUN = "begun"  # the time is up; what is written need not be written again


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a file, and how many rows it has, once they are loaded."""

    outcome: Outcome
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the function: when it came, of which release it is, and how much of its time is left."""

    now: datetime
    release: str
    remaining_ms: Callable[[], int]

    @property
    def now_s(self) -> int:
        return int(self.now.timestamp())

    @property
    def is_nearly_over(self) -> bool:
        return self.remaining_ms() < RESERVE_MS


def load(file_id: str, shelf: Shelf, *, order: str, call: Call) -> Taken:
    """Brings the tables to what the catalogue says of the file *now*; `order` counts only where it says nothing any more."""
    entry = shelf.files.get(file_id)
    if entry is not None:
        order = entry.order
        if entry.loading.state is LoadState.LOADED and entry.loading.order == order:
            return Taken(Outcome.KNOWN)
    observing = entry if entry is not None and entry.loading.state is not LoadState.NONE else None  # None: nothing is to stand
    gathered = Gathered()
    try:
        block_list = BlockList(file_id, order, manifests=shelf.manifests)
        if observing is not None:
            mapping = shelf.mappings.find(observing.key)
            gathered.interval = mapping.interval if mapping and mapping.source == observing.mapping else None
            if not _write(observing, mapping, block_list, gathered, shelf, call):
                return Taken(Outcome.BEGUN)
        rank = entry.rank if entry else order
        gone = block_list.take_over().keys - gathered.keys
        version_id = entry.version_id if entry else None
        tombstones = (tombstone(BlockKey.parse(*key), order=rank, version_id=version_id) for key in sorted(gone))
        shelf.observations.put(tombstones, now_s=call.now_s)
        _refresh(file_id, block_list, gathered.newest, shelf)
        values = (each for newest in gathered.newest.values() for each in newest.items())
        shelf.network.widen(seen(values, gathered.stations.values()))  # first: a station is looked for in cells that it tells
        shelf.stations.put_all(gathered.stations.values(), order=rank)
        block_list.end_with(gathered.keys)
    except Conflict:
        # A newer state has come between: neither a block nor a latest value of this one can replace what it has written
        return Taken(Outcome.STALE)
    except (UnreadableFile, NotFound) as exc:
        # Reading it again would end the same: the entry says why, the bytes stay
        failed = Loading(state=LoadState.FAILED, order=order, at=instant.stamp(call.now), reason=exc.detail)
        shelf.files.set_loading(file_id, failed)
        return Taken(Outcome.FAILED)
    if observing is None:
        return Taken(Outcome.WITHDRAWN)
    shelf.files.set_loading(file_id, _loaded(order, gathered, call.now))
    return Taken(Outcome.LOADED, observing.rows)


def stuck(order: str, reason: str, *, last: bool, now: datetime) -> Loading:
    """What the entry says of a file whose loading ended unexpectedly: it waits for the next try, unless that was the last."""
    state = LoadState.FAILED if last else LoadState.PENDING
    what = "given up after" if last else "tried again; so far"
    return Loading(state=state, order=order, at=instant.stamp(now), reason=f"{what} it ended with {reason}")


def _write(
    entry: FileEntry,
    mapping: TableMapping | None,
    block_list: BlockList,
    gathered: Gathered,
    shelf: Shelf,
    call: Call,
) -> bool:
    """Writes what is missing of the file's blocks. False where the time is up before all that has to follow could be done, too;
    each delivery writes one stretch at least."""
    reader = reader_of(mapping, call.release)
    written = block_list.written(reader)
    number = 0
    for number, drafts in enumerate(stretches(entry, mapping, gathered, archive=shelf.archive)):
        if number < written:
            gathered.keys |= block_list.keys_of_stretch(number)
            continue
        if block_list.is_ours and call.is_nearly_over:
            block_list.leave_at(number)
            return False
        blocks = [
            block for key, draft in drafts.items() for block in draft.blocks(key, order=entry.rank, version_id=entry.version_id)
        ]
        gathered.keys |= {(block.key.station_id, block.key.text) for block in blocks}
        block_list.announce(gathered.keys, stretches=number, reader=reader)
        shelf.observations.put(blocks, now_s=call.now_s)
    if block_list.is_ours and call.is_nearly_over:
        block_list.leave_at(number + 1)
        return False
    return True


def _refresh(file_id: str, block_list: BlockList, newest: Mapping[str, Mapping[str, LatestValue]], shelf: Shelf) -> None:
    """Merges what the file brings into the stations' latest values, as long as no newer state of the file is being loaded.
    Where the file spoke of a station before, it may have withdrawn what they stand on: then they are looked up in the blocks.

    Raises Conflict.
    """
    ours = block_list.take_over()
    former = set[str]() if ours.first else {station for station, _ in block_list.before.keys}

    def decide(held: Mapping[str, Mapping[str, LatestValue]]) -> Mapping[str, Mapping[str, LatestValue]]:
        unsure = {
            station: known.keys() | newest.get(station, {}).keys() for station, known in held.items() if station in former
        }
        sure = {station: merged(known, newest[station]) for station, known in held.items() if station not in former}
        return {**shelf.observations.newest_of(unsure), **sure}

    shelf.latest.change(sorted(former | newest.keys()), decide, only_if=shelf.manifests.still(file_id, ours))


def _loaded(order: str, gathered: Gathered, now: datetime) -> Loading:
    coverage = gathered.quality.coverage(gathered.interval)
    return Loading(
        state=LoadState.LOADED,
        order=order,
        blocks=len(gathered.keys),
        values=gathered.values,
        stations=len(gathered.stations),
        at=instant.stamp(now),
        flags=gathered.quality.flags,
        tests=gathered.quality.tests,
        coverage=dict(islice(coverage.items(), COVERAGES_LISTED)),
        completeness=overall(coverage.values()),
    )
